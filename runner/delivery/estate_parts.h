/* What the files of estate share; nobody else includes it. */
#ifndef RUNNER_DELIVERY_ESTATE_PARTS_H
#define RUNNER_DELIVERY_ESTATE_PARTS_H

#include "runner/delivery/codebase.h"
#include "runner/delivery/estate_gather.h"
#include "runner/delivery/events.h"
#include "runner/delivery/resolve.h"

/* Deployments as a source tells them: not yet with the commits of their versions. */
struct told {
    struct dora_deployments list;
    struct words commits; /* of each, hexadecimal; NULL: not known */
};

/* A service in an environment, under way. */
struct sketch {
    const struct delivery_service *service;
    const struct delivery_environment *environment;
    struct codebase *base;
    int64_t since_s;      /* what was deployed before it does not count */
    const char *why_not;  /* what it is deployed by cannot be read; NULL: it can */
    struct told told;     /* by files, else by tags */
    const char *files;    /* the first repository whose files told of it; NULL: none */
    bool scattered;       /* others did, too */
    struct told recorded; /* by pipelines */
};

/* What its environments have in common of a service. */
struct share {
    struct events events;
    struct resolver_wanted resolving;
    struct resolver *resolver; /* NULL: its repository cannot be read */
    bool *outside;             /* of each commit; NULL: it has no paths, everything is its own */
    enum { SHARE_UNKNOWN, SHARE_INSIDE, SHARE_OUTSIDE } * asked; /* of each commit */
    struct insights touching; /* what this run and earlier ones found out of it */
};

struct gathering {
    const struct estate_wanted *wanted;
    const struct delivery *delivery;
    struct arena *mem;
    struct estate *estate;
    const struct zone **zones; /* of each team */
    bool *heard;               /* of each team: an incident of one of its services was recorded */
    struct codebase *bases;    /* of services */
    struct names base_names;
    struct sketch *sketches; /* by service, then environment, as the configuration has them */
    size_t sketch_count;
    struct share *shares;   /* of each service */
    struct dora_runs *runs; /* of each of the bases */
    struct names people;
    int cache; /* descriptor; -1: nothing is kept */
};

/* Adds one, unless it is too old to count. */
void told_add(struct gathering *gathering, struct sketch *sketch, struct told *told,
              const char *commit, const struct dora_deployment *deployment);

struct share *share_of(const struct gathering *gathering, const struct sketch *sketch);

struct codebase_wanted estate_where(const struct gathering *gathering);

/* What GitOps repositories say; of what they cannot be asked the sketches say why. */
void estate_files(struct gathering *gathering);

/* What tags say of each service in the environment that their layout names, as long as no file
 * does. */
void estate_tags(struct gathering *gathering);

/* What was recorded of each service. False: the store cannot be read. */
NODISCARD bool estate_records(struct gathering *gathering, struct error *err);

/* Says what was recorded of services that are not listed. */
struct store;
NODISCARD bool estate_unlisted(struct gathering *gathering, struct store *store, struct error *err);

/* What was judged in the pipelines of each project. */
NODISCARD bool estate_runs(struct gathering *gathering, struct store *store, struct error *err);

/* What the store calls a project: one that qgate stands in has the name that the pipeline or the
 * remote gives it. */
const char *estate_project(const struct gathering *gathering, const struct codebase *base);

void estate_incidents(const struct gathering *gathering, const struct events *events,
                      struct dora_incidents *incidents);

/* Is none good news? */
bool estate_hears(const struct gathering *gathering, const struct delivery_service *service,
                  const struct events *events);

/* The commits of all that was told, as tips of their repositories. */
void estate_resolve(struct gathering *gathering);

/* How that went, for each service. */
void estate_versions(struct gathering *gathering);

/* What cannot be read of the repository that one stands in is an error: false. Of another one its
 * units say it. */
NODISCARD bool estate_give_up(const struct gathering *gathering, struct codebase *base,
                              const struct error *why, struct error *err);

/* The units, of repositories whose commits were read. */
NODISCARD bool estate_units(struct gathering *gathering, struct error *err);

#endif
