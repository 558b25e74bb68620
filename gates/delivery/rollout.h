/* Deployments, as the sightings of GitOps repositories make them.
 *
 * The regions of an environment are one: it has deployed when all of them, as far as the service
 * stands there, say the same version and it is another one than last time. Until then nothing was
 * deployed, and a version that only some of them ever said was not either.
 */
#ifndef GATES_DELIVERY_ROLLOUT_H
#define GATES_DELIVERY_ROLLOUT_H

#include "gates/delivery/sighting.h"

/* Where the version was said. */
struct rollout_source {
    uint32_t layout; /* index in the configuration */
    const char *path, *commit;
};

struct rollout {
    const char *service, *environment, *version;
    bool config;        /* the version stayed: something else about the service changed */
    const char *commit; /* of the GitOps repository: the one that completed it */
    uint32_t layout;    /* by which that was seen */
    int64_t first_s;    /* the first region had it; without regions as at_s */
    int64_t at_s;       /* the last one had it: deployed */
    uint32_t order;     /* of the commit, as of its sightings */
    const char *author; /* of that commit */
    bool bot;
    struct ARRAY(struct rollout_source) sources; /* of each region, by region */
};

struct rollouts ARRAY(struct rollout);

/* Of sightings in their order. A region may lie in a repository of its own: they are those of all
 * repositories then, merged.
 *
 * Where several files say a version of the same region, the one that said a new one last counts. A
 * service that appears is deployed, a region that appears with the version that runs is not. One
 * that goes away is not waited for any longer. A service that was gone and comes back is deployed
 * again. Several regions whose configuration one commit changes are one. */
void rollouts_join(const struct sightings *sightings, struct arena *mem, struct rollouts *rollouts);

#endif
