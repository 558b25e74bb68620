/* What stands behind the numbers of an answer, in the order in which a person recounts them. */
#ifndef RUNNER_RENDER_DORA_BEHIND_H
#define RUNNER_RENDER_DORA_BEHIND_H

#include "runner/render/dora.h"

/* One of the deployments, changes or incidents of a unit's chain. */
struct dora_item {
    const struct dora_unit *unit;
    uint32_t index;
};

struct dora_items ARRAY(struct dora_item);

struct dora_behind {
    struct dora_items deployments; /* that finished in the window, by time */
    struct dora_items recovered;   /* of these: failed and repaired, the shortest first */
    struct dora_items open;        /* of these: failed and not yet repaired, the oldest first */
    struct dora_items changes;     /* deployed in the window, as they were deployed and landed */
    struct dora_items timed;       /* of these: with a lead time, the shortest first */
    struct dora_items untimed;     /* of these: the others */
    struct dora_items waiting;     /* changes that landed up to its end and are not deployed yet */
    struct dora_items incidents;   /* created in the window, or open at its end; by time */
};

void dora_behind(const struct dora_view *view, const struct dora_answer *answer, struct arena *mem,
                 struct dora_behind *behind);

/* The unit whose chain this part is of. */
const struct dora_unit *dora_unit_of(const struct dora_estate *estate,
                                     const struct dora_chain *chain);

/* How many changes of the service it was the first to deploy. */
size_t dora_item_changes(const struct dora_item *item);

/* The first incident that it caused; NULL: none. */
const char *dora_item_cause(const struct dora_item *item);

const struct dora_deployment *dora_item_deployment(const struct dora_item *item);
const struct dora_change *dora_item_change(const struct dora_item *item);
const struct dora_incident *dora_item_incident(const struct dora_item *item);

#endif
