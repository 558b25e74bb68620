/* The lines that a change added, modified or removed. */
#ifndef RUNNER_HISTORY_CHANGES_H
#define RUNNER_HISTORY_CHANGES_H

#include "gates/model/change.h"
#include "runner/history/history.h"

struct change_wanted {
    const char *from; /* a commit, hexadecimal; "": nothing */
    const char *to;   /* a commit; NULL: the work tree, with what is staged and what is not */
    bool untracked;   /* the work tree's new files as well, unless git ignores them */
};

/* Always an answer: where it cannot be known, change->why_not and change->remedy say why. Lines are
 * those that `git diff` marks with + and -; a file that was renamed and edited a little is
 * followed; binary files, submodules, links and changes of mode have no lines. */
void history_changes(const struct history *history, const struct change_wanted *wanted,
                     struct arena *mem, struct change *change);

#endif
