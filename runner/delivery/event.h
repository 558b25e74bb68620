/* One event of delivery, as `qgate record` takes it from the command line or a line of JSON
 * (schemas/event.schema.json), on its way into the store.
 *
 * The row that it becomes has a key made of what it says, so the same event twice is one row, and
 * what is learnt later is added to it.
 */
#ifndef RUNNER_DELIVERY_EVENT_H
#define RUNNER_DELIVERY_EVENT_H

#include "runner/delivery/project.h"

enum event_kind { EVENT_BUILD, EVENT_DEPLOYMENT, EVENT_INCIDENT, EVENT_KINDS };

extern const char *const event_kind_names[]; /* "build"; ends with NULL */

/* Which kinds have a field. */
enum {
    OF_BUILD = 1 << EVENT_BUILD,
    OF_DEPLOYMENT = 1 << EVENT_DEPLOYMENT,
    OF_INCIDENT = 1 << EVENT_INCIDENT,
    OF_ALL = OF_BUILD | OF_DEPLOYMENT | OF_INCIDENT,
};

/* FIELD_TEXT: bounded, harmless. FIELD_WORD: one of those of its argument, parted by |. */
enum event_type { FIELD_TEXT, FIELD_COMMIT, FIELD_TIME, FIELD_WORD, FIELD_FLAG };

/* NAME, key in JSON, option, its argument, type, whose, what it is */
#define EVENT_FIELDS(X)                                                                         \
    X(SERVICE, "service", "service", "NAME", TEXT, OF_ALL,                                      \
      "the service, as delivery.yml names it")                                                  \
    X(PROJECT, "project", "project", "PATH", TEXT, OF_ALL,                                      \
      "its project: fin/payments/core; otherwise this pipeline's or clone's, of an incident "   \
      "any that has the service")                                                               \
    X(VERSION, "version", "version", "VERSION", TEXT, OF_BUILD | OF_DEPLOYMENT,                 \
      "what was built or deployed: 1.4.2")                                                      \
    X(COMMIT, "commit", "commit", "SHA", COMMIT, OF_BUILD | OF_DEPLOYMENT,                      \
      "its commit, all 40 digits; of a build otherwise this pipeline's or HEAD")                \
    X(DIGEST, "digest", "digest", "DIGEST", TEXT, OF_BUILD, "of the image: sha256:…")           \
    X(ENVIRONMENT, "environment", "environment", "NAME", TEXT, OF_DEPLOYMENT,                   \
      "where to; otherwise the job's (CI_ENVIRONMENT_NAME)")                                    \
    X(REGION, "region", "region", "NAME", TEXT, OF_DEPLOYMENT,                                  \
      "of an environment with regions: which of them")                                          \
    X(STATUS, "status", "status", "success|failed|canceled", WORD, OF_DEPLOYMENT,               \
      "how it ended; otherwise the job's (CI_JOB_STATUS, in after_script)")                     \
    X(UNPLANNED, "unplanned", "unplanned", NULL, FLAG, OF_DEPLOYMENT,                           \
      "it was no planned work: a hotfix, a rollback")                                           \
    X(AT, "at", "at", "TIME", TIME, OF_BUILD | OF_DEPLOYMENT,                                   \
      "when it was built, or the deployment ended: 2027-01-31T12:00:00Z; otherwise now")        \
    X(ID, "id", "id", "ID", TEXT, OF_DEPLOYMENT | OF_INCIDENT,                                  \
      "what tells it from all others; of a deployment otherwise all of the above, and the job") \
    X(OPENED, "opened", "opened", "TIME", TIME, OF_INCIDENT, "when the incident was noticed")   \
    X(ACKNOWLEDGED, "acknowledged", "acknowledged", "TIME", TIME, OF_INCIDENT,                  \
      "when somebody took it on")                                                               \
    X(RESOLVED, "resolved", "resolved", "TIME", TIME, OF_INCIDENT,                              \
      "when the service was well again")                                                        \
    X(CAUSE, "cause", "cause", "change|other", WORD, OF_INCIDENT,                               \
      "whether a deployment caused it; unknown until somebody says it")                         \
    X(CAUSED_BY, "caused_by", "caused-by", "VERSION", TEXT, OF_INCIDENT,                        \
      "the deployment that caused it, by its version or id")                                    \
    X(URGENCY, "urgency", "urgency", "WORD", TEXT, OF_INCIDENT, "high, low, …")                 \
    X(PRIORITY, "priority", "priority", "WORD", TEXT, OF_INCIDENT, "P1, P2, …")                 \
    X(ORIGIN, "origin", "origin", "WORD", TEXT, OF_INCIDENT,                                    \
      "who noticed it: monitoring, customer, …")

#define EVENT_FIELD_ENUM(NAME, key, option, argument, type, kinds, help) EVENT_##NAME,
enum event_field { EVENT_FIELDS(EVENT_FIELD_ENUM) EVENT_FIELD_COUNT };

struct event_field_info {
    const char *key, *option, *argument;
    enum event_type type;
    unsigned kinds;
};

extern const struct event_field_info event_fields[EVENT_FIELD_COUNT];

struct event {
    enum event_kind kind;
    unsigned line; /* of its file, where fields are called by their keys; 0: the command line */
    const char *texts[EVENT_FIELD_COUNT]; /* NULL: not said; of a flag: it holds */
    int64_t seconds[EVENT_FIELD_COUNT];   /* of times that were said, since 1970 */
};

/* False: such an event has no such field, or this is none of its values. `now_s`: what is a day
 * later is a mistake. */
NODISCARD bool event_set(struct event *event, enum event_field field, const char *text,
                         int64_t now_s, struct arena *mem, struct error *err);

/* False: something must be said that is not, or contradicts itself. */
NODISCARD bool event_check(const struct event *event, struct error *err);

/* When and where it was recorded. */
struct event_setting {
    int64_t now_s;
    const char *job; /* the job that records it, and when it began; NULL: none, or not sure */
    const char *job_started;
    const char *ref; /* the branch or tag that was built; NULL: not known */
};

/* The row of an event that was checked. */
void event_put(struct store_batch *batch, const struct event *event, const struct project *project,
               const struct event_setting *setting);

/* "build 1.4.2 of ledger in fin/payments/core: commit 3f2a9bc" */
const char *event_text(const struct event *event, const struct project *project, struct arena *mem);

#endif
