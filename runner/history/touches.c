#include "runner/history/touches.h"

#include <string.h>

#include "gates/base/glob.h"
#include "runner/history/apart.h"

struct question {
    const struct words *globs;
    bool *touches;
};

/* Can a glob match something in the folder? Up to its first sign it is plain text. */
static bool leads_into(const void *state, const char *folder)
{
    const struct words *globs = ((const struct question *)state)->globs;
    size_t len = strlen(folder);
    for (size_t i = 0; i < globs->count; i++) {
        size_t plain = strcspn(globs->items[i], "*?[\\");
        if (strncmp(globs->items[i], folder, plain < len ? plain : len) == 0)
            return true;
    }
    return false;
}

/* The first one is enough. */
static bool is_touched(void *state, const char *path, const struct side *old,
                       const struct side *now)
{
    const struct question *question = state;
    (void)old;
    (void)now;
    *question->touches = globs_match(question->globs, path);
    return !*question->touches;
}

static bool look(const struct history *history, const git_commit *commit, struct question *question)
{
    AUTO(close_commit) git_commit *parent = NULL;
    struct apart apart = {history, leads_into, is_touched, question};
    if (git_commit_parentcount(commit) > 0 && git_commit_parent(&parent, commit, 0) != 0)
        return false;
    return trees_apart(&apart, parent == NULL ? NULL : git_commit_tree_id(parent),
                       git_commit_tree_id(commit));
}

bool history_touches(const struct history *history, const char *commit, const struct words *globs,
                     struct insights *known, bool *touches, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    AUTO(close_commit) git_commit *found = NULL;
    struct question question = {globs, touches};
    struct insight fresh = {.about = {0}};
    git_oid id;
    *touches = false;
    const struct insight *old =
        git_oid_fromstr(&id, commit) == 0 ? insights_find(known, id.id) : NULL;
    if (old != NULL) {
        *touches = old->numbers[0] != 0;
        return true;
    }
    if (!find_commit(history, commit, &found) || !look(history, found, &question))
        return error_set(err, FAULT_SYSTEM, "what commit %.12s changes cannot be read: %s", commit,
                         last_words(mem));
    memcpy(fresh.about, id.id, INSIGHT_ID);
    fresh.numbers[0] = *touches;
    insights_add(known, &fresh);
    return true;
}
