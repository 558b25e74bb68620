/* What waits for a store that does not answer: `.qgate/spool.jsonl`, one batch a line, the oldest
 * first. Processes take turns; a line that its writer did not finish was never acknowledged.
 */
#ifndef RUNNER_STORE_SPOOL_H
#define RUNNER_STORE_SPOOL_H

#include "runner/store/store.h"

/* When this returns true the batch is on the disk. */
NODISCARD bool spool_add(const struct workplace *place, const struct store_batch *batch,
                         struct error *err);

/* Bring everything to the store, in order, and empty the spool. False: the store does not answer
 * (what was brought will be brought again, which changes nothing), or a line is none of ours. */
NODISCARD bool spool_deliver(struct store *store, struct error *err);

#endif
