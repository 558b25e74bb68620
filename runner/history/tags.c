#include "runner/history/tags.h"

#include <stdlib.h>
#include <string.h>

#include "runner/history/inside.h"

static const char folder[] = "refs/tags/";

static void close_references(git_reference_iterator **iterator)
{
    git_reference_iterator_free(*iterator);
}

/* False: it leads to no commit. */
static bool peel(const git_reference *reference, struct arena *mem, struct history_tag *tag)
{
    AUTO(close_object) git_object *object = NULL, *commit = NULL;
    if (git_reference_type(reference) != GIT_REFERENCE_DIRECT ||
        git_object_lookup(&object, git_reference_owner(reference), git_reference_target(reference),
                          GIT_OBJECT_ANY) != 0 ||
        git_object_peel(&commit, object, GIT_OBJECT_COMMIT) != 0)
        return false;
    const git_signature *tagger =
        git_object_type(object) == GIT_OBJECT_TAG ? git_tag_tagger((const git_tag *)object) : NULL;
    tag->commit = hex_of(git_object_id(commit), mem);
    tag->stated_s =
        dated(tagger != NULL ? tagger->when.time : git_commit_time((const git_commit *)commit));
    return true;
}

static int by_name(const void *one, const void *other)
{
    return strcmp(((const struct history_tag *)one)->name,
                  ((const struct history_tag *)other)->name);
}

bool history_tags(const struct history *history, struct arena *mem, struct history_tags *tags,
                  struct error *err)
{
    AUTO(close_references) git_reference_iterator *all = NULL;
    git_reference *next = NULL;
    int answer = git_reference_iterator_glob_new(&all, history->repository, "refs/tags/*");
    while (answer == 0 && (answer = git_reference_next(&next, all)) == 0) {
        AUTO(close_reference) git_reference *reference = next;
        struct history_tag tag = {0};
        if (!peel(reference, mem, &tag))
            continue;
        tag.name = arena_printf(mem, "%s", git_reference_name(reference) + strlen(folder));
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
