#include "runner/history/tags.h"

#include <stdlib.h>
#include <string.h>

#include "runner/history/inside.h"
#include "runner/history/insights.h"

static const char folder[] = "refs/tags/";

static void close_references(git_reference_iterator **iterator)
{
    git_reference_iterator_free(*iterator);
}

static bool take_commit(const git_object *object, struct insight *insight)
{
    AUTO(close_object) git_object *commit = NULL;
    if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) != 0)
        return false;
    memcpy(insight->other, git_object_id(commit)->id, INSIGHT_ID);
    insight->numbers[0] = (uint64_t)dated(git_commit_time((const git_commit *)commit));
    return true;
}

/* An annotated one says all there is to know: its commit need not be looked at. False: it leads to
 * no commit. */
static bool peel(git_repository *repository, const git_oid *id, struct insight *insight)
{
    AUTO(close_object) git_object *object = NULL;
    if (git_object_lookup(&object, repository, id, GIT_OBJECT_ANY) != 0)
        return false;
    const git_tag *annotated =
        git_object_type(object) == GIT_OBJECT_TAG ? (const git_tag *)object : NULL;
    const git_signature *tagger = annotated == NULL ? NULL : git_tag_tagger(annotated);
    if (tagger != NULL && git_tag_target_type(annotated) == GIT_OBJECT_COMMIT)
        memcpy(insight->other, git_tag_target_id(annotated)->id, INSIGHT_ID);
    else if (!take_commit(object, insight))
        return false;
    if (tagger != NULL)
        insight->numbers[0] = (uint64_t)dated(tagger->when.time);
    return true;
}

/* Where the tag leads is read each time; what lies there never changes. */
static bool take_tag(const git_reference *reference, struct insights *insights, struct arena *mem,
                     struct history_tag *tag)
{
    if (git_reference_type(reference) != GIT_REFERENCE_DIRECT)
        return false;
    struct insight found = {.about = {0}};
    const git_oid *id = git_reference_target(reference);
    const struct insight *known = insights_find(insights, id->id);
    if (known == NULL) {
        memcpy(found.about, id->id, INSIGHT_ID);
        if (!peel(git_reference_owner(reference), id, &found))
            return false;
        insights_add(insights, &found);
        known = &found;
    }
    git_oid commit;
    git_oid_fromraw(&commit, known->other);
    tag->name = arena_printf(mem, "%s", git_reference_name(reference) + strlen(folder));
    tag->commit = hex_of(&commit, mem);
    tag->stated_s = (int64_t)known->numbers[0];
    return true;
}

static int by_name(const void *one, const void *other)
{
    return strcmp(((const struct history_tag *)one)->name,
                  ((const struct history_tag *)other)->name);
}

bool history_tags(const struct history *history, int cache, struct arena *mem,
                  struct history_tags *tags, struct error *err)
{
    AUTO(insights_close) struct insights insights;
    AUTO(close_references) git_reference_iterator *all = NULL;
    git_reference *next = NULL;
    insights_open(&insights, cache, history, "tags", "", mem);
    int answer = git_reference_iterator_glob_new(&all, history->repository, "refs/tags/*");
    while (answer == 0 && (answer = git_reference_next(&next, all)) == 0) {
        AUTO(close_reference) git_reference *reference = next;
        struct history_tag tag = {0};
        if (take_tag(reference, &insights, mem, &tag))
            array_push(mem, tags, tag);
    }
    if (answer != GIT_ITEROVER)
        return error_set(err, FAULT_SYSTEM, "the tags cannot be listed: %s", last_words(mem));
    if (tags->count > 0)
        qsort(tags->items, tags->count, sizeof *tags->items, by_name);
    return true;
}

const struct history_tag *history_tag(const struct history_tags *tags, const char *name)
{
    const struct history_tag key = {.name = name};
    return tags->count == 0 ? NULL
                            : bsearch(&key, tags->items, tags->count, sizeof *tags->items, by_name);
}
