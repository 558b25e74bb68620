/* All that is known of what an organisation deploys: its services, each in its environments, and
 * which teams own them. Deliveries are judged and shown from it; who fills it in reads repositories
 * and the store, this only picks.
 */
#ifndef GATES_MEASURE_ESTATE_H
#define GATES_MEASURE_ESTATE_H

#include "gates/measure/dora.h"

/* A time in which a team owns a service. */
struct dora_owner {
    const char *team; /* its id */
    int64_t from_s;   /* INT64_MIN: always did */
    int64_t until_s;  /* not part of it; INT64_MAX: still does */
};

/* What was judged in a pipeline of a project: a run of qgate, or one gate of it. */
struct dora_run {
    size_t number;    /* of the run and its gates, different in each project; below run_count */
    int64_t began_ms; /* its pipeline */
    int64_t ended_ms;
    const char *stage;
    const char *gate; /* NULL: the run as a whole */
    bool passed;
};

struct dora_runs ARRAY(struct dora_run);

/* One service in one environment. */
struct dora_unit {
    const char *service, *project, *environment;
    bool production;                        /* the environment is of tier production */
    struct ARRAY(struct dora_owner) owners; /* by `from_s`; none: nobody's */
    struct dora_chain chain;                /* linked */
    size_t unresolved;                      /* deployments in it of a version without commit */
    const char *why_not; /* nothing is known of it, in words: the chain is empty; NULL: it is
                            known */
};

struct dora_team {
    const char *id, *name;
    const struct zone *zone; /* where its days are cut */
};

struct dora_estate {
    const struct zone *zone;              /* where days are cut that are not one team's */
    int64_t now_s;                        /* nothing after it is known */
    struct ARRAY(struct dora_unit) units; /* by service, environment */
    struct ARRAY(struct dora_team) teams; /* by id */
    size_t run_count;                     /* of all projects, gates counted too */
};

/* What was picked of an estate. */
struct dora_choice {
    struct dora_parts parts; /* of units that are known */
    size_t units;            /* that were picked, known or not */
    const struct zone *zone; /* the team's, otherwise that of the one that owns all of it now,
                                otherwise the estate's */
    const char *why_not;     /* of the first picked that is not known: numbers of the others are not
                                the whole; NULL: all are */
};

/* What is asked for. */
struct dora_picker {
    bool (*holds)(void *handle, const char *label, const char *value); /* of service, team and
                                                                          environment, one value */
    void *handle;
    bool team;        /* only the times of an owner that holds; otherwise all of a unit */
    bool environment; /* otherwise the environments of tier production */
};

void dora_choose(const struct dora_estate *estate, const struct dora_picker *picker,
                 struct arena *mem, struct dora_choice *choice);

/* The same by name; the zone is the team's. NULL: every service; whoever owns it; the environments
 * of tier production. */
void dora_select(const struct dora_estate *estate, const char *service, const char *team,
                 const char *environment, struct arena *mem, struct dora_choice *choice);

/* NULL: there is none of that id. */
const struct dora_team *dora_team_named(const struct dora_estate *estate, const char *id);

#endif
