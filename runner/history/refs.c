#include "runner/history/refs.h"

#include <string.h>

#include "runner/history/beginning.h"

const char *tip_of(const struct history *history, const char *reference, struct arena *mem)
{
    AUTO(close_reference) git_reference *found = NULL;
    AUTO(close_object) git_object *commit = NULL;
    if (git_reference_lookup(&found, history->repository, reference) != 0 ||
        git_reference_peel(&commit, found, GIT_OBJECT_COMMIT) != 0)
        return NULL;
    return hex_of(git_object_id(commit), mem);
}

bool is_hex(const char *text)
{
    return text[strspn(text, "0123456789abcdefABCDEF")] == '\0';
}

/* A commit by its number, or by a beginning of it that no other has. */
static const char *by_number(const struct history *history, const char *hex, struct arena *mem)
{
    bool several;
    return commit_beginning(history, hex, strlen(hex), mem, &several);
}

const char *commit_named(const struct history *history, const char *name, struct arena *mem,
                         bool *by_its_number)
{
    static const char *const folders[] = {"refs/heads/", "refs/remotes/", "refs/remotes/origin/",
                                          "refs/tags/"};
    const char *commit = NULL;
    *by_its_number = strlen(name) == GIT_OID_HEXSZ && is_hex(name);
    if (*by_its_number)
        return by_number(history, name, mem);
    if (strncmp(name, "refs/", strlen("refs/")) == 0)
        return tip_of(history, name, mem);
    for (size_t i = 0; commit == NULL && i < sizeof folders / sizeof folders[0]; i++)
        commit = tip_of(history, arena_printf(mem, "%s%s", folders[i], name), mem);
    *by_its_number = commit == NULL;
    return commit != NULL ? commit : by_number(history, name, mem);
}

static const char *behind(const char *text, const char *const *beginnings)
{
    for (; *beginnings != NULL; beginnings++)
        if (strncmp(text, *beginnings, strlen(*beginnings)) == 0)
            return text + strlen(*beginnings);
    return text;
}

const char *branch_of(const char *reference)
{
    static const char *const folders[] = {"refs/heads/", "refs/remotes/origin/", "refs/tags/",
                                          "origin/", NULL};
    return behind(reference, folders);
}

const char *short_name(const char *reference)
{
    static const char *const folders[] = {"refs/heads/", "refs/remotes/", NULL};
    return behind(reference, folders);
}

/* The branch that the remote serves first; NULL: no remote knows one. */
static const char *remote_default(const struct history *history, struct arena *mem)
{
    static const char *const usual[] = {"refs/remotes/origin/main", "refs/remotes/origin/master"};
    AUTO(close_reference) git_reference *head = NULL;
    const char *name = NULL;
    if (git_reference_lookup(&head, history->repository, "refs/remotes/origin/HEAD") == 0)
        name = git_reference_symbolic_target(head);
    if (name != NULL && tip_of(history, name, mem) != NULL)
        return arena_copy(mem, name, strlen(name));
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (tip_of(history, usual[i], mem) != NULL)
            return usual[i];
    return NULL;
}

static bool is_current(const struct history *history, const char *reference)
{
    return history->branch != NULL && strcmp(history->branch, branch_of(reference)) == 0;
}

/* The default branch where no remote is; NULL: none, or this is it. */
static const char *local_default(const struct history *history, struct arena *mem)
{
    static const char *const usual[] = {"refs/heads/main", "refs/heads/master"};
    if (is_current(history, usual[0]) || is_current(history, usual[1]))
        return NULL;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (tip_of(history, usual[i], mem) != NULL)
            return usual[i];
    return NULL;
}

/* What the current branch follows by its configuration; NULL: nothing that is here. */
static const char *upstream(const struct history *history, struct arena *mem)
{
    git_buf name = GIT_BUF_INIT;
    const char *current = arena_printf(mem, "refs/heads/%s", history->branch);
    const char *found = NULL;
    if (git_branch_upstream_name(&name, history->repository, current) == 0)
        found = arena_copy(mem, name.ptr, name.size);
    git_buf_dispose(&name);
    return found == NULL || tip_of(history, found, mem) == NULL ? NULL : found;
}

const char *likely_target(const struct history *history, struct arena *mem)
{
    const char *target = remote_default(history, mem);
    if (target == NULL)
        return local_default(history, mem);
    const char *pushed = is_current(history, target) ? upstream(history, mem) : NULL;
    return pushed == NULL ? target : pushed;
}
