/* The branch that changes land on. */
#ifndef RUNNER_HISTORY_TRUNK_H
#define RUNNER_HISTORY_TRUNK_H

#include "runner/history/history.h"

/* Its tip, hexadecimal, as the clone knows it: what the remote has before what is here. `branch`
 * NULL: the remote's default branch, else main or master, else the branch that is checked out.
 * NULL: there is no such branch, or nobody knows which one it is. The repository was opened. */
const char *history_trunk(const struct history *history, const char *branch, struct arena *mem);

#endif
