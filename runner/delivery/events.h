/* What was recorded of a service: the way back of runner/delivery/event.h, and of whatever else put
 * builds, deployments and incidents into the store.
 */
#ifndef RUNNER_DELIVERY_EVENTS_H
#define RUNNER_DELIVERY_EVENTS_H

#include "runner/store/store.h"

#define EVENT_NEVER INT64_MAX /* in place of a time: not yet, or not known */

/* Times are seconds since 1970. Texts are harmless. */
struct event_build {
    const char *version, *commit; /* hexadecimal, lower case */
    const char *digest;           /* of the image; NULL: not known */
    int64_t built_s;
    int64_t updated_ms;
};

struct event_deployment {
    const char *id, *environment;
    const char *region;           /* NULL: all of the environment */
    const char *source;           /* "recorded" */
    const char *status;           /* "success"; "failed" and "canceled": it never ran */
    const char *commit, *version; /* NULL: not said; not both */
    int64_t started_s, finished_s;
    bool unplanned; /* it says so itself */
    int64_t updated_ms;
};

struct event_incident {
    const char *id, *source;
    const char *urgency, *priority, *origin; /* NULL: not known */
    const char *cause;                       /* "change", "other"; NULL: not known */
    const char *caused_by;                   /* a version or an id; NULL: not said */
    int64_t impact_s, created_s, acked_s, resolved_s;
    int64_t updated_ms;
};

struct events {
    struct ARRAY(struct event_build) builds;           /* by version */
    struct ARRAY(struct event_deployment) deployments; /* by `finished_s`, id */
    struct ARRAY(struct event_incident) incidents;     /* by `created_s`, id */
    size_t unopened; /* incidents of which is not known when they were opened: left out */
};

struct events_wanted {
    const char *project; /* its path: "fin/payments/core" */
    const char *server;  /* the URL or host of its server; NULL or "": whichever */
    const char *service;
};

/* Nothing is there yet: no events. False: the store cannot be asked. */
NODISCARD bool events_read(struct store *store, const struct events_wanted *wanted,
                           struct arena *mem, struct events *events, struct error *err);

/* The build of this version; NULL: none was recorded. */
const struct event_build *events_build(const struct events *events, const char *version);

#endif
