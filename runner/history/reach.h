/* What tips hold of commits that are kept: branches are rewritten and tags deleted, and nothing of
 * what they alone held may count, or even be there any more. */
#ifndef RUNNER_HISTORY_REACH_H
#define RUNNER_HISTORY_REACH_H

#include "runner/history/commits.h"

/* Leaves those that the tips hold, as if no others had ever been read. */
void commits_reach(struct commits *commits, const struct words *tips, struct arena *mem);

#endif
