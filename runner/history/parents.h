/* What a commit changed beside its first parent. */
#ifndef RUNNER_HISTORY_PARENTS_H
#define RUNNER_HISTORY_PARENTS_H

#include "runner/history/inside.h"

/* Files of more than `largest` bytes count as binary. False: it has no parent, or something cannot
 * be read. */
NODISCARD bool diff_with_parent(const struct history *history, git_commit *commit,
                                git_off_t largest, git_diff **diff);

#endif
