/* How large changes are: the files and lines that differ between what landed and what it landed on.
 */
#ifndef RUNNER_HISTORY_SIZES_H
#define RUNNER_HISTORY_SIZES_H

#include "gates/measure/dora.h"
#include "runner/history/history.h"

/* Of the changes deployed in the window. Renames are not followed, binary files have no lines. A
 * change whose files cannot be read has no size. */
void history_sizes(const struct history *history, const struct dora_window *window,
                   const struct zone *zone, struct dora_chain *chain);

#endif
