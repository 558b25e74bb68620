/* Commits that repeat others: cherry-picked, or rebased and left in both places. */
#ifndef RUNNER_HISTORY_COPIES_H
#define RUNNER_HISTORY_COPIES_H

#include "gates/measure/dora.h"
#include "runner/history/history.h"

/* Sets `copied` of those that have author, author's time and difference (`git patch-id`) of one
 * before; git keeps the first two. Merges repeat nothing. What cannot be compared is no copy, and
 * what one author wrote a hundred times in a second is an import, which is not compared at all.
 *
 * `fresh`, of each commit: is it new? Only those are compared, and what they could be copies of:
 * of the others `copied` was set among them. */
void copies_find(const struct history *history, const bool *fresh, struct dora_commits *commits);

#endif
