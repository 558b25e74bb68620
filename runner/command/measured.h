/* A run as the store keeps it: what was judged, and what every rule measured, so that later it can
 * be told how often gates fail and how a number went.
 */
#ifndef RUNNER_COMMAND_MEASURED_H
#define RUNNER_COMMAND_MEASURED_H

#include "runner/command/hearing.h"
#include "runner/store/store.h"

/* Add the run and its measurements to the batch: one of each gate (metric "gate", subject its name)
 * and one of each rule (metric "new(coverage.lines)", subject the gate, the rule and its value of
 * `each`) that was judged here and applied. The same job, or on a laptop the same commit, with the
 * same policy and the same `evidence` is the same run. */
void measured_put(const struct hearing *hearing, int64_t project_id, const char *evidence,
                  struct store_batch *batch);

#endif
