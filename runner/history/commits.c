#include "runner/history/commits.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/hash.h"
#include "runner/history/copies.h"
#include "runner/history/inside.h"
#include "runner/history/kept.h"
#include "runner/history/origin.h"
#include "runner/history/reach.h"
#include "runner/history/walk.h"

/* A commit that is not among the kept ones. */
struct fresh {
    enum { UNRANKED, BEGUN, RANKED } state;
    uint32_t *parents; /* indexes: of the kept ones, then of the fresh ones */
    struct rank rank;
};

/* A reading of a history. The commits are numbered twice: as they are found, the kept ones first,
 * and in the order that goes by what they are. */
struct reading {
    const struct history *history;
    const struct commits_wanted *wanted;
    struct arena *mem;
    struct authors authors;
    struct kept kept;
    struct names ids; /* of the fresh ones: the index is theirs */
    struct dora_commits commits;
    struct ARRAY(struct fresh) fresh;
    uint32_t *tips; /* numbers, in the end indexes, of those wanted */
};

/* --- what git has ----------------------------------------------------------------------------- */

/* The number of a commit, which it gets when it is named for the first time. */
static uint32_t numbered(struct reading *reading, const char *hex)
{
    uint32_t kept = commits_find(&reading->kept.commits, hex, GIT_OID_HEXSZ);
    if (kept != DORA_NONE)
        return kept;
    size_t before = reading->kept.commits.all.count;
    return (uint32_t)(before + names_add(&reading->ids, hex, GIT_OID_HEXSZ));
}

static void take_parents(struct reading *reading, const git_commit *from, struct fresh *fresh,
                         struct dora_commit *to)
{
    to->parent_count = git_commit_parentcount(from);
    fresh->parents = arena_alloc(reading->mem, (to->parent_count + 1) * sizeof *fresh->parents);
    for (uint32_t i = 0; i < to->parent_count; i++) {
        char hex[GIT_OID_HEXSZ + 1];
        git_oid_tostr(hex, sizeof hex, git_commit_parent_id(from, i));
        fresh->parents[i] = numbered(reading, hex);
    }
}

static bool take_commit(struct reading *reading, const char *hex, struct error *err)
{
    AUTO(close_commit) git_commit *from = NULL;
    if (!find_commit(reading->history, hex, &from))
        return walk_missing(reading->history, hex, reading->mem, err);
    struct dora_commit *to = array_add(reading->mem, &reading->commits);
    struct fresh *fresh = array_add(reading->mem, &reading->fresh);
    const git_signature *author = git_commit_author(from);
    const char *message = git_commit_message_raw(from);
    fresh->rank.author = authors_add(&reading->authors, author->name, author->email);
    to->id = hex;
    to->person = reading->authors.known.items[fresh->rank.author].person;
    to->bot = reading->authors.known.items[fresh->rank.author].bot;
    to->authored_s = dated(author->when.time);
    to->committed_s = dated(git_commit_time(from));
    landing_read(reading->mem, message, strlen(message), &to->landing);
    take_parents(reading, from, fresh, to);
    return true;
}

/* Each commit that is found names its parents, which are found next. */
static bool take_all(struct reading *reading, struct error *err)
{
    const struct commits_wanted *wanted = reading->wanted;
    for (size_t i = 0; i < wanted->tips->count; i++)
        reading->tips[i] = numbered(reading, wanted->tips->items[i]);
    for (size_t i = 0; i < reading->ids.texts.count; i++) {
        progress_show(wanted->progress, wanted->doing, i, 0, "commits");
        if (!take_commit(reading, reading->ids.texts.items[i], err))
            return false;
    }
    return true;
}

/* --- ranks ------------------------------------------------------------------------------------ */

struct step {
    uint32_t fresh, next; /* parent */
};

static const struct rank *rank_of(const struct reading *reading, uint32_t number)
{
    size_t before = reading->kept.commits.all.count;
    return number < before ? &reading->kept.ranks[number]
                           : &reading->fresh.items[number - before].rank;
}

static void rank(struct reading *reading, uint32_t index)
{
    const struct dora_commit *commit = &reading->commits.items[index];
    struct fresh *fresh = &reading->fresh.items[index];
    fresh->rank.settled_s = commit->committed_s;
    for (uint32_t i = 0; i < commit->parent_count; i++) {
        const struct rank *parent = rank_of(reading, fresh->parents[i]);
        if (parent->settled_s > fresh->rank.settled_s)
            fresh->rank.settled_s = parent->settled_s;
        if (parent->generation >= fresh->rank.generation)
            fresh->rank.generation = parent->generation + 1;
    }
    fresh->state = RANKED;
}

/* Parents first, without recursion: a history may be a million commits deep. False: a commit is
 * among its own ancestors, which only a forged repository has. */
static bool rank_from(struct reading *reading, uint32_t index)
{
    struct ARRAY(struct step) steps = {0};
    size_t before = reading->kept.commits.all.count;
    array_push(reading->mem, &steps, ((struct step){index, 0}));
    while (steps.count > 0) {
        struct step *step = &steps.items[steps.count - 1];
        struct fresh *fresh = &reading->fresh.items[step->fresh];
        fresh->state = BEGUN;
        if (step->next == reading->commits.items[step->fresh].parent_count) {
            rank(reading, step->fresh);
            steps.count--;
            continue;
        }
        uint32_t parent = fresh->parents[step->next++];
        if (parent < before || reading->fresh.items[parent - before].state == RANKED)
            continue;
        if (reading->fresh.items[parent - before].state == BEGUN)
            return false;
        array_push(reading->mem, &steps, ((struct step){parent - (uint32_t)before, 0}));
    }
    return true;
}

static bool rank_all(struct reading *reading, struct error *err)
{
    for (uint32_t i = 0; i < reading->fresh.count; i++)
        if (reading->fresh.items[i].state == UNRANKED && !rank_from(reading, i))
            return error_set(err, FAULT_SYSTEM, "commit %.12s is among its own ancestors",
                             reading->commits.items[i].id);
    return true;
}

/* --- order ------------------------------------------------------------------------------------ */

static const struct dora_commit *commit_of(const struct reading *reading, uint32_t number)
{
    size_t before = reading->kept.commits.all.count;
    return number < before ? &reading->kept.commits.all.items[number]
                           : &reading->commits.items[number - before];
}

static int by_rank(const void *one, const void *other, void *handle)
{
    const struct reading *reading = handle;
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    const struct rank *x = rank_of(reading, a), *y = rank_of(reading, b);
    if (x->settled_s != y->settled_s)
        return x->settled_s < y->settled_s ? -1 : 1;
    if (x->generation != y->generation)
        return x->generation < y->generation ? -1 : 1;
    return strcmp(commit_of(reading, a)->id, commit_of(reading, b)->id);
}

static int by_id(const void *one, const void *other, void *handle)
{
    const struct reading *reading = handle;
    return strcmp(commit_of(reading, *(const uint32_t *)one)->id,
                  commit_of(reading, *(const uint32_t *)other)->id);
}

typedef int (*ranking)(const void *one, const void *other, void *handle);

/* How many of the kept ones, of which the first `from` are, come before a fresh one. */
static size_t count_before(struct reading *reading, uint32_t fresh, const uint32_t *kept,
                           size_t from, ranking compare)
{
    size_t end = reading->kept.commits.all.count;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (compare(&kept[middle], &fresh, reading) < 0)
            from = middle + 1;
        else
            end = middle;
    }
    return from;
}

/* The numbers of all commits in an order, of which those kept are in order already: few fresh ones
 * are looked up among many. */
static uint32_t *ordered(struct reading *reading, const uint32_t *kept, ranking compare)
{
    size_t before = reading->kept.commits.all.count, count = reading->fresh.count, taken = 0;
    uint32_t *order = arena_alloc(reading->mem, (before + count + 1) * sizeof *order);
    uint32_t *fresh = arena_alloc(reading->mem, (count + 1) * sizeof *fresh);
    for (size_t i = 0; i < count; i++)
        fresh[i] = (uint32_t)(before + i);
    qsort_r(fresh, count, sizeof *fresh, compare, reading);
    for (size_t i = 0; i <= count; i++) {
        size_t end = i == count ? before : count_before(reading, fresh[i], kept, taken, compare);
        if (end > taken) /* without any there are no bytes */
            memcpy(order + taken + i, kept + taken, (end - taken) * sizeof *order);
        taken = end;
        if (i < count)
            order[taken + i] = fresh[i];
    }
    return order;
}

static const uint32_t *parents_of(const struct reading *reading, uint32_t number)
{
    size_t before = reading->kept.commits.all.count;
    return number < before ? reading->kept.commits.all.items[number].parents
                           : reading->fresh.items[number - before].parents;
}

/* A commit as it is in its place. */
static struct dora_commit placed(struct reading *reading, uint32_t number, const uint32_t *places)
{
    struct dora_commit commit = *commit_of(reading, number);
    size_t before = reading->kept.commits.all.count;
    uint32_t *parents = arena_alloc(reading->mem, (commit.parent_count + 1) * sizeof *parents);
    for (uint32_t i = 0; i < commit.parent_count; i++)
        parents[i] = places[parents_of(reading, number)[i]];
    commit.parents = parents;
    commit.copied = places[number < before ? commit.copied : number];
    return commit;
}

/* The commits in order, where the kept ones are: most of these stay as they are. The last one goes
 * first, so that nothing is overwritten before it was moved. */
static struct dora_commit *arrange(struct reading *reading, const uint32_t *order,
                                   const uint32_t *places)
{
    struct dora_commits *kept = &reading->kept.commits.all;
    size_t before = kept->count, count = before + reading->fresh.count, stay = 0;
    while (stay < before && order[stay] == stay)
        stay++;
    if (count > kept->room)
        kept->items = arena_grow(reading->mem, kept->items, kept->room * sizeof *kept->items,
                                 count * sizeof *kept->items);
    for (size_t i = count; i > stay; i--)
        kept->items[i - 1] = placed(reading, order[i - 1], places);
    return kept->items;
}

/* --- all of it -------------------------------------------------------------------------------- */

static void write_file(struct reading *reading, const char *name, const uint32_t *order,
                       const struct commits *commits)
{
    size_t count = commits->all.count;
    struct rank *ranks = arena_alloc(reading->mem, (count + 1) * sizeof *ranks);
    for (size_t i = 0; i < count; i++)
        ranks[i] = *rank_of(reading, order[i]);
    kept_write(reading->wanted->cache, name, &reading->authors, &(struct kept){*commits, ranks});
}

/* What is new is put between what was kept, compared with it, and kept as well. */
static void join(struct reading *reading, const char *name, struct commits *commits)
{
    struct arena *mem = reading->mem;
    size_t before = reading->kept.commits.all.count, count = before + reading->fresh.count;
    uint32_t *kept = arena_alloc(mem, (before + 1) * sizeof *kept);
    uint32_t *places = arena_alloc(mem, (count + 1) * sizeof *places); /* by numbers */
    bool *fresh = arena_alloc(mem, (count + 1) * sizeof *fresh);
    for (uint32_t i = 0; i < before; i++)
        kept[i] = i;
    const uint32_t *order = ordered(reading, kept, by_rank);
    uint32_t *by_name = ordered(reading, reading->kept.commits.by_id, by_id);
    for (uint32_t i = 0; i < count; i++) {
        places[order[i]] = i;
        fresh[i] = order[i] >= before;
    }
    for (size_t i = 0; i < count; i++)
        by_name[i] = places[by_name[i]];
    for (size_t i = 0; i < reading->wanted->tips->count; i++)
        reading->tips[i] = places[reading->tips[i]];
    *commits = (struct commits){{arrange(reading, order, places), count, count}, by_name};
    copies_find(reading->history, fresh, &commits->all);
    if (reading->fresh.count > before / KEPT_SHARE)
        write_file(reading, name, order, commits);
}

bool history_commits(const struct history *history, const struct commits_wanted *wanted,
                     struct arena *mem, struct commits *commits, struct error *err)
{
    struct reading reading = {.history = history, .wanted = wanted, .mem = mem};
    const char *name = origin_file(history, "commits", "", mem);
    authors_init(&reading.authors, wanted->people, wanted->bots, mem);
    names_init(&reading.ids, mem);
    kept_read(wanted->cache, name, &reading.authors, mem, &reading.kept);
    reading.tips = arena_alloc(mem, (wanted->tips->count + 1) * sizeof *reading.tips);
    if (!take_all(&reading, err) || !rank_all(&reading, err))
        return false;
    if (reading.fresh.count > 0)
        join(&reading, name, commits);
    else
        *commits = reading.kept.commits;
    commits_reach(commits, reading.tips, wanted->tips->count, mem);
    return true;
}

static int compare_beginning(const struct commits *commits, uint32_t place, const char *hex,
                             size_t len)
{
    return strncmp(commits->all.items[commits->by_id[place]].id, hex, len);
}

uint32_t commits_find(const struct commits *commits, const char *hex, size_t len)
{
    uint32_t from = 0, end = (uint32_t)commits->all.count;
    while (from < end) {
        uint32_t middle = from + (end - from) / 2;
        if (compare_beginning(commits, middle, hex, len) < 0)
            from = middle + 1;
        else
            end = middle;
    }
    if (len == 0 || from == commits->all.count || compare_beginning(commits, from, hex, len) != 0)
        return DORA_NONE;
    bool several =
        from + 1 < commits->all.count && compare_beginning(commits, from + 1, hex, len) == 0;
    return several ? DORA_NONE : commits->by_id[from];
}
