/* What is known of deliveries as rows of the store: deployments of tags and of GitOps files, the
 * changes that they brought or that wait, which deployment caused an incident, and what the
 * configuration says of services and teams; for SQL and dashboards.
 *
 * All of it follows from histories and from what was recorded, and is never asked for: numbers are
 * counted from the histories anew. Keys are made of what a row says, and nothing but when a source
 * was read is of the moment of writing, so the same estate gives the same rows. What no longer
 * follows goes: deployments of a unit that is known, changes that nothing deployed and that do not
 * wait, owners of a service and targets of a team. Of a unit that is not known, and of services,
 * teams and environments that are no longer listed, everything stays.
 *
 * A recorded deployment stays as it was recorded, and gets what follows: its kind, whether it
 * failed. One that is no deployment of its own (a region of several, or a record of what a file
 * tells, too) keeps the kind "unknown".
 */
#ifndef RUNNER_DELIVERY_FACTS_H
#define RUNNER_DELIVERY_FACTS_H

#include "runner/delivery/estate_gather.h"
#include "runner/store/store.h"

struct facts_stored {
    size_t deployments, changes; /* that there are now, recorded ones too */
    size_t links;                /* of incidents to what caused them */
    size_t gone;                 /* deployments that were removed */
};

/* `wanted` is what the estate was gathered by, all of its history, with people. Only with
 * STORE_WRITE. False: it could not be written whole; the next time it is. */
NODISCARD bool facts_store(const struct estate_wanted *wanted, const struct estate *estate,
                           struct store *store, struct facts_stored *stored, struct error *err);

#endif
