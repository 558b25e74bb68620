/* The files in which two trees differ, as far as somebody wants to know: folders that are the same,
 * or into which nobody wants to look, are not read. Renames are not followed.
 */
#ifndef RUNNER_HISTORY_APART_H
#define RUNNER_HISTORY_APART_H

#include "runner/history/content.h"

struct apart {
    const struct history *history;
    /* May what is wanted lie in the folder, which ends in `/`? */
    bool (*enters)(const void *state, const char *folder);
    /* A file, link or submodule in both states, one of which may be nothing. The path does not
     * outlive the call. False: enough. */
    bool (*takes)(void *state, const char *path, const struct side *old, const struct side *now);
    void *state;
};

/* Trees by their ids; NULL: nothing. False, with git_error_last(): a folder cannot be read. */
NODISCARD bool trees_apart(const struct apart *apart, const git_oid *old, const git_oid *now);

#endif
