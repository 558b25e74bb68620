/* Time zones of the system (its tz database), as data for gates/base/zone.h. */
#ifndef RUNNER_ZONE_H
#define RUNNER_ZONE_H

#include "gates/base/error.h"
#include "gates/base/zone.h"

/* Every change of the clocks between the two instants; outside of them the nearest holds on. `name`
 * as the database has it, Europe/London. False: it is no name, or the database does not have it; no
 * zone is ever taken for UTC. Not for several threads: the C library's zone is switched for a
 * moment. */
NODISCARD bool zone_read(const char *name, int64_t from_s, int64_t to_s, struct arena *mem,
                         const struct zone **zone, struct error *err);

#endif
