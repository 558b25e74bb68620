/* Deployments of one service in one environment that two sources tell of: each counts once. */
#ifndef GATES_MEASURE_JOIN_H
#define GATES_MEASURE_JOIN_H

#include "gates/measure/dora.h"

/* `all`: those that files or tags tell of, in the order they began; `recorded`: what pipelines said
 * of deployments, in any order.
 *
 * What was recorded of the same version, or the same commit, after a deployment began and before
 * the next one did (or within an hour: pipelines are slow) says how that deployment went: that it
 * ran, and when; or that it never did. The first that ran counts, else the first that failed.
 * Everything else that was recorded is a deployment of its own, and added. */
void deployments_join(struct dora_deployments *all, const struct dora_deployments *recorded,
                      struct arena *mem);

#endif
