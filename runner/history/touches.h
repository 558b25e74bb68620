/* Which commits change what a service is made of: a repository may hold several, told apart by
 * path. */
#ifndef RUNNER_HISTORY_TOUCHES_H
#define RUNNER_HISTORY_TOUCHES_H

#include "runner/history/insights.h"

/* Is there, in what a commit (hexadecimal) changes beside its first parent, a file that one of the
 * globs (gates/base/glob.h) matches? Of a commit without parents all it holds is a change, as `git
 * show` has it. Ends at the first such file; folders that are the same, or in which no glob can
 * match, are not looked into. False: the commit, its parent or a folder cannot be read. `known`:
 * answers of earlier runs, opened with these globs. */
NODISCARD bool history_touches(const struct history *history, const char *commit,
                               const struct words *globs, struct insights *known, bool *touches,
                               struct error *err);

#endif
