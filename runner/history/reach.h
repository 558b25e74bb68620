/* What tips hold of commits that are kept: branches are rewritten and tags deleted, and nothing of
 * what they alone held may count, or even be there any more. */
#ifndef RUNNER_HISTORY_REACH_H
#define RUNNER_HISTORY_REACH_H

#include "runner/history/commits.h"

/* Leaves those that the tips hold, which are indexes, as if no others had ever been read. */
void commits_reach(struct commits *commits, const uint32_t *tips, size_t count, struct arena *mem);

#endif
