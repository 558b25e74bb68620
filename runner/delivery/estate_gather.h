/* Everything that is known of what a delivery configuration lists, without the network: the
 * deployments that tags, GitOps files and records tell of, the commits behind their versions, the
 * incidents, and who owns what. The same way with a configuration and without one.
 *
 * Nothing is dropped silently: what cannot be known of a service stands in its unit, and what could
 * not be put down to a service or a commit is listed beside.
 */
#ifndef RUNNER_DELIVERY_ESTATE_GATHER_H
#define RUNNER_DELIVERY_ESTATE_GATHER_H

#include "gates/delivery/delivery.h"
#include "gates/delivery/version.h"
#include "gates/measure/estate.h"
#include "runner/context.h"
#include "runner/progress.h"
#include "runner/workplace.h"

struct estate_wanted {
    const struct context *context;
    const struct workplace *place; /* its repository has been looked into */
    const struct delivery *delivery;
    const char *folder; /* of the configuration, absolute */
    int64_t known_s;    /* nothing after it is known */
    int64_t from_s;     /* of changes deployed before it nobody asks their size or paths */
    bool read_only;     /* nothing is kept for the next run: of a merge request */
    bool people;        /* who wrote changes is asked for */
    bool runs;          /* what pipelines judged is asked for */
    struct progress *progress;
};

/* A name in a layout's place of a service, which no service has. */
struct estate_stranger {
    const char *name, *path; /* of the first file that has it */
    size_t count;            /* deployments */
};

/* A version that no commit was found of. */
struct estate_unresolved {
    const char *service, *environment, *version;
    const char *why_not; /* in words */
    int64_t first_s;     /* deployed first */
    size_t count;        /* deployments */
};

/* How far a repository was read. */
struct estate_reading {
    const char *repository; /* its name, of services the path of the project */
    const char *commit;     /* the tip of the branch, hexadecimal */
};

/* How the versions of a service led to commits; deployments that are tags need not. */
struct estate_versions {
    const char *service, *project;
    size_t count, found;
    size_t by[VERSION_MAP + 1];       /* of those found, by enum version_how */
    struct version_proposal proposal; /* for those not found */
};

struct estate {
    struct dora_estate known;
    struct ARRAY(struct estate_stranger) strangers;    /* by name */
    struct ARRAY(struct estate_unresolved) unresolved; /* by service, environment, first_s */
    struct ARRAY(struct estate_versions) versions;     /* of services that have some, by service */
    struct ARRAY(struct estate_reading) readings;      /* in the order they were read */
    struct words people;     /* what the person of a commit is called; none: nobody is named */
    struct words warnings;   /* files of GitOps repositories that could not be read */
    struct words overlooked; /* files of theirs that would count if their environment or region were
                                listed, behind the name of the repository */
};

/* False: the repository that qgate stands in is needed and cannot be read whole (a shallow clone),
 * a time zone is not known, or the store cannot be read. Of any other repository its units say it.
 */
NODISCARD bool estate_gather(const struct estate_wanted *wanted, struct arena *mem,
                             struct estate *estate, struct error *err);

/* Where the store is: what the variable that the configuration names holds, otherwise the usual
 * one; as store_open() wants it. */
NODISCARD bool estate_store(const struct context *context, const struct delivery *delivery,
                            const char **where, struct error *err);

/* The first warnings, and how many there are beside. */
struct words estate_first_warnings(const struct estate *estate, struct arena *mem);

#endif
