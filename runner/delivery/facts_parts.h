/* What the files of facts share; nobody else includes it. */
#ifndef RUNNER_DELIVERY_FACTS_PARTS_H
#define RUNNER_DELIVERY_FACTS_PARTS_H

#include "gates/base/names.h"
#include "runner/delivery/facts.h"
#include "runner/delivery/project.h"

/* A service in an environment, on its way. */
struct fact_unit {
    const struct dora_unit *unit;
    struct project project;
    struct project_ids ids; /* that the store knows the project by */
    const char *tier;
    const char **deployment_ids; /* of each of the chain */
};

struct fact_link {
    const struct fact_unit *of;
    const struct dora_incident *incident;
};

struct facts_writer {
    const struct estate_wanted *wanted;
    const struct estate *estate;
    struct project here;
    struct arena *mem;
    struct store *store;
    struct facts_stored *stored;
    struct ARRAY(struct fact_unit) units; /* that are known */
    struct store_batch batch;
    struct names deployments, changes, bindings; /* what there is now, by project and key */
    struct names incidents;                      /* by service and id */
    struct names company;                 /* owners and targets that there are now, by their keys */
    struct ARRAY(struct fact_link) links; /* of each of the incidents */
};

/* What follows of a deployment, whatever told of it. */
struct fact_verdict {
    struct store_value previous, failed, reason, recovered_ms, unplanned;
};

struct fact_verdict fact_verdict(const struct fact_unit *of,
                                 const struct dora_deployment *deployment);

bool fact_was_recorded(const struct dora_deployment *deployment);

/* The key of a deployment's change. */
const char *fact_binding(const char *deployment, int64_t change, struct arena *mem);

/* A key that there is now; is it new? */
bool fact_note(struct names *names, struct arena *mem, int64_t project, const char *key);
bool fact_is_noted(const struct names *names, struct arena *mem, int64_t project, const char *key);

/* The project of services, by the path in the configuration. */
void fact_project(const struct facts_writer *w, const char *path, struct project *project);

/* A statement without rows. */
NODISCARD bool fact_ask(struct facts_writer *w, enum store_query query,
                        const struct store_value *values, size_t count, struct error *err);

/* Takes out of the batch what the store says already. */
NODISCARD bool facts_drop_known(struct facts_writer *w, struct error *err);

/* When all has been put: rows that no longer follow go, recorded ones and incidents get what
 * follows. May be done again. */
NODISCARD bool facts_tidy(struct facts_writer *w, struct error *err);

/* What the configuration says: projects, services, teams, who owns what and what is aimed at; and
 * how far each repository was read. Then what it no longer says goes. */
void facts_put_company(struct facts_writer *w);
NODISCARD bool facts_tidy_company(struct facts_writer *w, struct error *err);

#endif
