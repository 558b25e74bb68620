#include "runner/history/walk.h"

#include <stdio.h>
#include <string.h>

#include "gates/base/names.h"
#include "runner/history/inside.h"

enum {
    OF_ONE = 1,
    OF_OTHER = 2,
    STALE = 4, /* an ancestor of a common ancestor */
    QUEUED = 8,
    COMMON = 16, /* a common ancestor, perhaps not a best one */
    BEHIND = 32, /* an ancestor of a common ancestor, found by going on to the end */
};

struct visited {
    git_time_t date;
    git_oid *parents; /* none where .git/shallow cuts the history off */
    unsigned parent_count;
    bool cut_off;
    unsigned flags;
    uint64_t turn; /* when it was queued */
};

struct indexes ARRAY(size_t);

struct walk {
    const struct history *history;
    struct arena *mem;
    struct names shallow;
    struct names ids; /* binary; the index is that of `visited` */
    struct {
        struct visited *items;
        size_t count, room;
    } visited;
    struct indexes queue; /* a heap: the youngest first */
    size_t fresh;         /* queued and not stale */
    uint64_t turn;
};

static void read_shallow(struct walk *walk)
{
    char line[GIT_OID_HEXSZ + 2]; /* with a newline */
    git_repository *repository = walk->history->repository;
    FILE *in =
        fopen(arena_printf(walk->mem, "%sshallow", git_repository_commondir(repository)), "re");
    if (in == NULL)
        return;
    while (fgets(line, sizeof line, in) != NULL) {
        git_oid id;
        if (git_oid_fromstrn(&id, line, strcspn(line, "\n")) == 0)
            names_add(&walk->shallow, (const char *)id.id, sizeof id.id);
    }
    fclose(in);
}

static void begin_walk(struct walk *walk, const struct history *history, struct arena *mem)
{
    *walk = (struct walk){.history = history, .mem = mem};
    names_init(&walk->shallow, mem);
    names_init(&walk->ids, mem);
    read_shallow(walk);
}

static void copy_parents(struct walk *walk, const git_commit *commit, struct visited *to)
{
    unsigned count = git_commit_parentcount(commit);
    to->parents = arena_alloc(walk->mem, (count + 1) * sizeof *to->parents);
    to->parent_count = count;
    for (unsigned i = 0; i < count; i++)
        to->parents[i] = *git_commit_parent_id(commit, i);
}

/* False: the commit cannot be read. */
static bool visit(struct walk *walk, const git_oid *id, size_t *index)
{
    AUTO(close_commit) git_commit *commit = NULL;
    *index = names_find(&walk->ids, (const char *)id->id, sizeof id->id);
    if (*index != NAMES_NONE)
        return true;
    if (git_commit_lookup(&commit, walk->history->repository, id) != 0)
        return false;
    struct visited *new = array_add(walk->mem, &walk->visited);
    *index = names_add(&walk->ids, (const char *)id->id, sizeof id->id);
    /* a first commit may be named in .git/shallow as well */
    *new = (struct visited){
        .date = git_commit_time(commit),
        .cut_off = git_commit_parentcount(commit) > 0 &&
                   names_find(&walk->shallow, (const char *)id->id, sizeof id->id) != NAMES_NONE,
    };
    if (!new->cut_off)
        copy_parents(walk, commit, new);
    return true;
}

/* The younger first; of two with one date the one queued earlier, as git does. */
static bool goes_before(const struct walk *walk, size_t one, size_t other)
{
    const struct visited *a = &walk->visited.items[one], *b = &walk->visited.items[other];
    return a->date != b->date ? a->date > b->date : a->turn < b->turn;
}

static void sift_up(struct walk *walk)
{
    size_t *heap = walk->queue.items, at = walk->queue.count - 1;
    while (at > 0 && goes_before(walk, heap[at], heap[(at - 1) / 2])) {
        size_t up = (at - 1) / 2, moved = heap[at];
        heap[at] = heap[up];
        heap[up] = moved;
        at = up;
    }
}

static void sift_down(struct walk *walk)
{
    size_t *heap = walk->queue.items, count = walk->queue.count, at = 0;
    for (;;) {
        size_t first = at, child = 2 * at + 1;
        for (size_t i = child; i < child + 2 && i < count; i++)
            if (goes_before(walk, heap[i], heap[first]))
                first = i;
        if (first == at)
            return;
        size_t moved = heap[at];
        heap[at] = heap[first];
        heap[first] = moved;
        at = first;
    }
}

static void enqueue(struct walk *walk, size_t index, unsigned flags)
{
    struct visited *commit = &walk->visited.items[index];
    bool was_fresh = (commit->flags & (QUEUED | STALE)) == QUEUED;
    bool was_queued = commit->flags & QUEUED;
    commit->flags |= flags | QUEUED;
    walk->fresh -= was_fresh;
    walk->fresh += !(commit->flags & STALE);
    if (was_queued)
        return;
    commit->turn = walk->turn++;
    array_push(walk->mem, &walk->queue, index);
    sift_up(walk);
}

static size_t dequeue(struct walk *walk)
{
    size_t index = walk->queue.items[0];
    struct visited *commit = &walk->visited.items[index];
    walk->queue.items[0] = walk->queue.items[--walk->queue.count];
    sift_down(walk);
    walk->fresh -= !(commit->flags & STALE);
    commit->flags &= ~(unsigned)QUEUED;
    return index;
}

/* Hands the flags of a commit down to its parents. */
static bool step(struct walk *walk, size_t index, unsigned flags)
{
    for (unsigned i = 0; i < walk->visited.items[index].parent_count; i++) {
        size_t parent;
        if (!visit(walk, &walk->visited.items[index].parents[i], &parent))
            return false;
        if ((walk->visited.items[parent].flags & flags) != flags)
            enqueue(walk, parent, flags);
    }
    return true;
}

/* Paints the ancestors of both, the youngest first, until nothing is left but ancestors of common
 * ones; as git's paint_down_to_common(). In a shallow clone to the end, since only then it is known
 * of each commit at the boundary whether it matters. */
static bool paint(struct walk *walk, struct indexes *common)
{
    const unsigned both = OF_ONE | OF_OTHER;
    bool to_the_end = walk->shallow.texts.count > 0;
    while (to_the_end ? walk->queue.count > 0 : walk->fresh > 0) {
        size_t index = dequeue(walk);
        struct visited *commit = &walk->visited.items[index];
        unsigned flags = commit->flags & (both | STALE);
        if (flags == both) {
            if (!(commit->flags & COMMON))
                array_push(walk->mem, common, index);
            commit->flags |= COMMON;
            flags |= STALE;
        }
        if (!step(walk, index, flags))
            return false;
    }
    return true;
}

/* Could a better common ancestor lie behind a commit where the clone ends? */
static bool is_uncertain(const struct walk *walk)
{
    for (size_t i = 0; i < walk->visited.count; i++) {
        const struct visited *commit = &walk->visited.items[i];
        if (commit->cut_off && !(commit->flags & (STALE | COMMON)))
            return true;
    }
    return false;
}

/* Clocks run apart, so a common ancestor may be found that lies behind another one. Marks all that
 * lies behind any of them. */
static bool mark_behind(struct walk *walk, const struct indexes *common, bool *cut_off)
{
    struct indexes left = {0};
    for (size_t i = 0; i < common->count; i++)
        array_push(walk->mem, &left, common->items[i]);
    while (left.count > 0) {
        size_t index = left.items[--left.count];
        *cut_off |= walk->visited.items[index].cut_off;
        for (unsigned i = 0; i < walk->visited.items[index].parent_count; i++) {
            size_t parent;
            if (!visit(walk, &walk->visited.items[index].parents[i], &parent))
                return false;
            if (walk->visited.items[parent].flags & BEHIND)
                continue;
            walk->visited.items[parent].flags |= BEHIND;
            array_push(walk->mem, &left, parent);
        }
    }
    return true;
}

/* The youngest of the best; of two with one date the one that was found first. */
static enum walk_end choose(struct walk *walk, const struct indexes *common, size_t *best)
{
    bool cut_off = false;
    const struct visited *commits;
    *best = NAMES_NONE;
    if (common->count > 1 && !mark_behind(walk, common, &cut_off))
        return WALK_BROKEN;
    if (cut_off)
        return WALK_SHALLOW;
    commits = walk->visited.items;
    for (size_t i = 0; i < common->count; i++) {
        size_t index = common->items[i];
        if (!(commits[index].flags & BEHIND) &&
            (*best == NAMES_NONE || commits[index].date > commits[*best].date))
            *best = index;
    }
    return *best == NAMES_NONE ? WALK_NONE : WALK_FOUND;
}

static bool start_at(struct walk *walk, const char *hex, unsigned flags)
{
    git_oid id;
    size_t index;
    if (git_oid_fromstr(&id, hex) != 0 || !visit(walk, &id, &index))
        return false;
    enqueue(walk, index, flags);
    return true;
}

enum walk_end walk_merge_base(const struct history *history, const char *one, const char *other,
                              struct arena *mem, const char **base)
{
    struct walk walk;
    struct indexes common = {0};
    size_t best;
    begin_walk(&walk, history, mem);
    if (!start_at(&walk, one, OF_ONE) || !start_at(&walk, other, OF_OTHER) ||
        !paint(&walk, &common))
        return WALK_BROKEN;
    if (is_uncertain(&walk))
        return WALK_SHALLOW;
    enum walk_end end = choose(&walk, &common, &best);
    if (end == WALK_FOUND) {
        git_oid id;
        git_oid_fromraw(&id, (const unsigned char *)walk.ids.texts.items[best]);
        *base = hex_of(&id, mem);
    }
    return end;
}

enum walk_end walk_first_parents(const struct history *history, const char *commit, size_t most,
                                 struct arena *mem, struct words *commits)
{
    struct walk walk;
    git_oid id;
    *commits = (struct words){0};
    begin_walk(&walk, history, mem);
    if (git_oid_fromstr(&id, commit) != 0)
        return WALK_BROKEN;
    while (commits->count < most) {
        size_t index;
        if (!visit(&walk, &id, &index))
            return WALK_BROKEN;
        const struct visited *at = &walk.visited.items[index];
        array_push(mem, commits, hex_of(&id, mem));
        if (at->cut_off)
            return commits->count < most ? WALK_SHALLOW : WALK_FOUND;
        if (at->parent_count == 0)
            break;
        id = at->parents[0];
    }
    return WALK_FOUND;
}

bool walk_missing(const struct history *history, const char *hex, struct arena *mem,
                  struct error *err)
{
    struct walk walk;
    const char *why = last_words(mem);
    begin_walk(&walk, history, mem);
    if (walk.shallow.texts.count == 0)
        return error_set(err, FAULT_SYSTEM, "commit %.12s cannot be read: %s", hex, why);
    error_set(err, FAULT_SYSTEM,
              "this clone is shallow: commit %.12s is not in it, and delivery numbers need all",
              hex);
    return error_hint(err,
                      "`git fetch --unshallow --tags`; in a pipeline of GitLab set GIT_DEPTH: 0");
}
