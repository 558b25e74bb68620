/* Commits that repeat others: cherry-picked, or rebased and left in both places. */
#ifndef RUNNER_HISTORY_COPIES_H
#define RUNNER_HISTORY_COPIES_H

#include "gates/measure/dora.h"
#include "runner/history/history.h"

/* Sets `copied` of those that have author, author's time and difference (`git patch-id`) of one
 * before; git keeps the first two. Merges repeat nothing. What cannot be compared is no copy. */
void copies_find(const struct history *history, struct dora_commits *commits);

#endif
