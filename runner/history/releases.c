#include "runner/history/releases.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "gates/base/names.h"
#include "gates/base/text.h"
#include "runner/history/copies.h"
#include "runner/history/inside.h"

struct tag {
    const char *name;
    git_oid commit;
    int64_t stated_s;
};

struct tags ARRAY(struct tag);

/* A commit on the way down: its parents are read before it is. */
struct step {
    git_commit *commit;
    unsigned next; /* parent */
};

struct descent {
    const struct history *history;
    struct arena *mem;
    struct dora_chain *chain;
    struct names ids; /* binary, of commits that are done: the index is theirs */
    struct names people;
    struct {
        struct step *items;
        size_t count, room;
    } steps;
};

static void close_descent(struct descent *descent)
{
    while (descent->steps.count > 0)
        git_commit_free(descent->steps.items[--descent->steps.count].commit);
}

/* A date as git has it may be any number: what no calendar has becomes the nearest that it has. */
static int64_t dated(git_time_t seconds)
{
    static const int64_t last = INT64_C(253402300799); /* of the year 9999 */
    return seconds < 0 ? 0 : seconds > last ? last : seconds;
}

/* --- tags ------------------------------------------------------------------------------------- */

static void close_references(git_reference_iterator **iterator)
{
    git_reference_iterator_free(*iterator);
}

/* False: it leads to no commit. */
static bool peel(const git_reference *reference, struct tag *tag)
{
    AUTO(close_object) git_object *object = NULL, *commit = NULL;
    if (git_reference_type(reference) != GIT_REFERENCE_DIRECT ||
        git_object_lookup(&object, git_reference_owner(reference), git_reference_target(reference),
                          GIT_OBJECT_ANY) != 0 ||
        git_object_peel(&commit, object, GIT_OBJECT_COMMIT) != 0)
        return false;
    const git_signature *tagger =
        git_object_type(object) == GIT_OBJECT_TAG ? git_tag_tagger((const git_tag *)object) : NULL;
    tag->commit = *git_object_id(commit);
    tag->stated_s =
        dated(tagger != NULL ? tagger->when.time : git_commit_time((const git_commit *)commit));
    return true;
}

static int by_date(const void *one, const void *other)
{
    const struct tag *a = one, *b = other;
    if (a->stated_s != b->stated_s)
        return a->stated_s < b->stated_s ? -1 : 1;
    return strcmp(a->name, b->name);
}

static bool list_tags(const struct history *history, const char *glob, struct arena *mem,
                      struct tags *tags, struct error *err)
{
    static const char folder[] = "refs/tags/";
    AUTO(close_references) git_reference_iterator *all = NULL;
    git_reference *next = NULL;
    if (git_reference_iterator_glob_new(&all, history->repository, "refs/tags/*") != 0)
        return error_set(err, FAULT_SYSTEM, "the tags cannot be listed: %s", last_words(mem));
    int answer;
    while ((answer = git_reference_next(&next, all)) == 0) {
        AUTO(close_reference) git_reference *reference = next;
        const char *name = git_reference_name(reference) + sizeof folder - 1;
        struct tag tag = {0};
        if (!glob_match(glob, name) || !peel(reference, &tag))
            continue;
        tag.name = text_keep(mem, name, strlen(name), LIMIT_NAME_BYTES);
        array_push(mem, tags, tag);
    }
    if (tags->count > 0)
        qsort(tags->items, tags->count, sizeof *tags->items, by_date);
    return answer == GIT_ITEROVER ||
           error_set(err, FAULT_SYSTEM, "the tags cannot be listed: %s", last_words(mem));
}

/* --- commits ---------------------------------------------------------------------------------- */

static bool is_shallow(const struct history *history, struct arena *mem)
{
    struct stat now;
    const char *path =
        arena_printf(mem, "%sshallow", git_repository_commondir(history->repository));
    return stat(path, &now) == 0 && now.st_size > 0;
}

static bool missing(const struct descent *descent, const git_oid *id, struct error *err)
{
    char hex[GIT_OID_HEXSZ + 1];
    git_oid_tostr(hex, sizeof hex, id);
    if (!is_shallow(descent->history, descent->mem))
        return error_set(err, FAULT_SYSTEM, "commit %.12s cannot be read: %s", hex,
                         last_words(descent->mem));
    error_set(err, FAULT_SYSTEM,
              "this clone is shallow: commit %.12s is not in it, and delivery numbers need all",
              hex);
    return error_hint(err,
                      "`git fetch --unshallow --tags`; in a pipeline of GitLab set GIT_DEPTH: 0");
}

static bool enter(struct descent *descent, const git_oid *id, struct error *err)
{
    git_commit *commit = NULL;
    if (git_commit_lookup(&commit, descent->history->repository, id) != 0)
        return missing(descent, id, err);
    array_push(descent->mem, &descent->steps, ((struct step){commit, 0}));
    return true;
}

/* A program that writes commits, by the names that such programs give themselves. */
static bool is_bot(const char *name)
{
    static const char *const bots[] = {"**\\[bot]**",
                                       "**_bot_**",
                                       "**-bot",
                                       "renovate**",
                                       "dependabot**",
                                       "gitlab bot**",
                                       "argocd-image-updater**"};
    for (size_t i = 0; i < sizeof bots / sizeof bots[0]; i++)
        if (glob_match(bots[i], name))
            return true;
    return false;
}

static char *lower(struct arena *mem, const char *text, size_t len)
{
    char *copy = arena_copy(mem, text, len);
    for (char *at = copy; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + ('a' - 'A'));
    return copy;
}

static void take_author(struct descent *descent, const git_signature *author,
                        struct dora_commit *commit)
{
    const char *mail = lower(descent->mem, author->email, strlen(author->email));
    const char *name = lower(descent->mem, author->name, strlen(author->name));
    commit->person = (uint32_t)names_add(&descent->people, mail, strlen(mail));
    commit->bot = is_bot(name) || is_bot(arena_copy(descent->mem, mail, strcspn(mail, "@")));
    commit->authored_s = dated(author->when.time);
}

static void take_parents(struct descent *descent, const git_commit *from, struct dora_commit *to)
{
    to->parent_count = git_commit_parentcount(from);
    uint32_t *parents = arena_alloc(descent->mem, (to->parent_count + 1) * sizeof *parents);
    for (uint32_t i = 0; i < to->parent_count; i++) {
        const git_oid *id = git_commit_parent_id(from, i);
        parents[i] = (uint32_t)names_find(&descent->ids, (const char *)id->id, sizeof id->id);
    }
    to->parents = parents;
}

/* All its parents are there. */
static void take_commit(struct descent *descent, const git_commit *from)
{
    struct dora_commit *to = array_add(descent->mem, &descent->chain->commits);
    const git_oid *id = git_commit_id(from);
    const char *message = git_commit_message_raw(from);
    to->id = hex_of(id, descent->mem);
    to->copied = (uint32_t)names_add(&descent->ids, (const char *)id->id, sizeof id->id);
    to->committed_s = dated(git_commit_time(from));
    take_author(descent, git_commit_author(from), to);
    take_parents(descent, from, to);
    landing_read(descent->mem, message, strlen(message), &to->landing);
}

static bool is_done(const struct descent *descent, const git_oid *id)
{
    return names_find(&descent->ids, (const char *)id->id, sizeof id->id) != NAMES_NONE;
}

/* Parents first, without recursion: a history may be a million commits deep. */
static bool descend(struct descent *descent, const git_oid *from, struct error *err)
{
    if (!is_done(descent, from) && !enter(descent, from, err))
        return false;
    while (descent->steps.count > 0) {
        struct step *step = &descent->steps.items[descent->steps.count - 1];
        if (step->next < git_commit_parentcount(step->commit)) {
            const git_oid *parent = git_commit_parent_id(step->commit, step->next++);
            if (!is_done(descent, parent) && !enter(descent, parent, err))
                return false;
            continue;
        }
        if (!is_done(descent, git_commit_id(step->commit)))
            take_commit(descent, step->commit);
        git_commit_free(step->commit);
        descent->steps.count--;
    }
    return true;
}

bool history_releases(const struct history *history, const char *glob, struct arena *mem,
                      struct dora_chain *chain, struct error *err)
{
    AUTO(close_descent) struct descent descent = {history, mem, chain, .steps = {0}};
    struct tags tags = {0};
    *chain = (struct dora_chain){0};
    names_init(&descent.ids, mem);
    names_init(&descent.people, mem);
    if (!list_tags(history, glob, mem, &tags, err))
        return false;
    for (size_t i = 0; i < tags.count; i++) {
        const git_oid *commit = &tags.items[i].commit;
        if (!descend(&descent, commit, err))
            return false;
        struct dora_deployment *deployment = array_add(mem, &chain->deployments);
        deployment->version = tags.items[i].name;
        deployment->commit =
            (uint32_t)names_find(&descent.ids, (const char *)commit->id, sizeof commit->id);
        deployment->stated_s = tags.items[i].stated_s;
    }
    copies_find(history, &chain->commits);
    return true;
}
