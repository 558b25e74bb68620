/* Every question of ours: one text for all databases, so nothing in it is of SQLite or PostgreSQL
 * alone. `$1` is the first value. What is put is in tables.h, the schema in migrations/.
 *
 * Whoever shards the store does so by project_id: each question about facts names it, so that one
 * node answers.
 */
#ifndef RUNNER_STORE_QUERIES_H
#define RUNNER_STORE_QUERIES_H

#include "runner/store/tables.h"

enum {
    EVIDENCE_COMMITS = 16, /* that one EVIDENCE_OF asks about */
    EVIDENCE_KEPT = 500,   /* of a project, stage and policy: a cache that only grows is none */
};

/* All columns of a table, in the order of tables.h, and a 1 behind them. */
#define STORE_COLUMN_NAME(column) #column ", "
#define STORE_ALL_OF(NAME, name)                                                              \
    "SELECT " STORE_##NAME##_COLUMNS(STORE_COLUMN_NAME, STORE_COLUMN_NAME, STORE_COLUMN_NAME, \
                                     STORE_COLUMN_NAME) "1 FROM " name " WHERE project_id = $1"

/* NAME, text */
#define STORE_QUERIES(X)                                                                           \
    /* project, stage, policy, commits: those that have evidence */                                \
    X(EVIDENCE_OF,                                                                                 \
      "SELECT sha FROM gate_evidence WHERE project_id = $1 AND stage = $2 AND policy_name = $3"    \
      " AND sha IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)")    \
    /* project, stage, policy, commit */                                                           \
    X(EVIDENCE_BODY, "SELECT body, created_ms FROM gate_evidence"                                  \
                     " WHERE project_id = $1 AND stage = $2 AND policy_name = $3 AND sha = $4")    \
    /* project, stage, policy, how many are kept: what is older goes */                            \
    X(EVIDENCE_FORGET,                                                                             \
      "DELETE FROM gate_evidence WHERE project_id = $1 AND stage = $2 AND policy_name = $3"        \
      " AND created_ms < (SELECT created_ms FROM gate_evidence"                                    \
      " WHERE project_id = $1 AND stage = $2 AND policy_name = $3"                                 \
      " ORDER BY created_ms DESC LIMIT 1 OFFSET $4)")                                              \
    /* project, first and last day: for every metric how often, how often it held, and its sums */ \
    X(MEASURED,                                                                                    \
      "SELECT metric, COUNT(*), SUM(CASE WHEN verdict = 'passed' THEN 1 ELSE 0 END), AVG(value),"  \
      " SUM(num), SUM(den) FROM gate_measurement"                                                  \
      " WHERE project_id = $1 AND day BETWEEN $2 AND $3 GROUP BY metric ORDER BY metric")          \
    /* project, first and last day: as for the next one, which has the gates of those runs */      \
    X(RUNS_OF, "SELECT run_id, stage, verdict, started_ms, finished_ms FROM gate_run"              \
               " WHERE project_id = $1 AND day BETWEEN $2 AND $3")                                 \
    X(GATES_OF, "SELECT run_id, subject, verdict FROM gate_measurement"                            \
                " WHERE project_id = $1 AND day BETWEEN $2 AND $3 AND metric = 'gate'")            \
    /* path: the projects that are called so, of whichever server */                               \
    X(PROJECTS_AT, "SELECT project_id, base_url FROM project WHERE path = $1 ORDER BY project_id") \
    /* project, service: as for the next two */                                                    \
    X(BUILDS_OF, "SELECT version, sha, image_digest, built_ms, updated_ms FROM build"              \
                 " WHERE project_id = $1 AND service_id = $2")                                     \
    X(DEPLOYMENTS_OF,                                                                              \
      "SELECT deployment_id, environment, region, source, status, app_sha, version, started_ms,"   \
      " finished_ms, COALESCE(flagged, unplanned), updated_ms FROM deployment"                     \
      " WHERE project_id = $1 AND service_id = $2 AND source = 'recorded'")                        \
    X(INCIDENTS_OF,                                                                                \
      "SELECT incident_id, source, urgency, priority, origin, impact_ms, created_ms, acked_ms,"    \
      " resolved_ms, cause, caused_by, updated_ms FROM incident"                                   \
      " WHERE project_id = $1 AND service_id = $2")                                                \
    /* project: how often each kind of event was recorded of each service, or what is called so */ \
    X(RECORDED_IN,                                                                                 \
      "SELECT 'build', service_id, COUNT(*) FROM build WHERE project_id = $1 GROUP BY service_id"  \
      " UNION ALL SELECT 'deployment', service_id, COUNT(*) FROM deployment"                       \
      " WHERE project_id = $1 AND source = 'recorded' GROUP BY service_id"                         \
      " UNION ALL SELECT 'incident', service_id, COUNT(*) FROM incident"                           \
      " WHERE project_id = $1 AND service_id IS NOT NULL GROUP BY service_id ORDER BY 2, 1")       \
    /* project: whole rows, as they are put */                                                     \
    X(ALL_CHANGES, STORE_ALL_OF(CHANGE, "change"))                                                 \
    X(ALL_COMMITS, STORE_ALL_OF(CHANGE_COMMIT, "change_commit"))                                   \
    X(ALL_DEPLOYMENTS, STORE_ALL_OF(DEPLOYMENT, "deployment"))                                     \
    X(ALL_BINDINGS, STORE_ALL_OF(DEPLOYMENT_CHANGE, "deployment_change"))                          \
    /* project, service, environment: what is there, recorded or derived */                        \
    X(FACTS_THERE, "SELECT deployment_id, source FROM deployment"                                  \
                   " WHERE project_id = $1 AND service_id = $2 AND environment = $3")              \
    /* the same: the changes of these */                                                           \
    X(FACTS_CHANGES, "SELECT deployment_change.deployment_id, deployment_change.change_id"         \
                     " FROM deployment JOIN deployment_change"                                     \
                     " ON deployment_change.project_id = deployment.project_id"                    \
                     " AND deployment_change.deployment_id = deployment.deployment_id"             \
                     " WHERE deployment.project_id = $1 AND deployment_change.project_id = $1"     \
                     " AND deployment.service_id = $2 AND deployment.environment = $3")            \
    /* project, deployment: a derived one that no longer follows */                                \
    X(FACTS_FORGET, "DELETE FROM deployment WHERE project_id = $1 AND deployment_id = $2"          \
                    " AND source <> 'recorded'")                                                   \
    /* project, deployment, change */                                                              \
    X(FACTS_UNBIND, "DELETE FROM deployment_change"                                                \
                    " WHERE project_id = $1 AND deployment_id = $2 AND change_id = $3")            \
    /* project: changes that no deployment brought */                                              \
    X(FACTS_LOOSE, "SELECT change_id FROM change WHERE project_id = $1 AND change_id NOT IN"       \
                   " (SELECT change_id FROM deployment_change WHERE project_id = $1)")             \
    /* project, change: one that does not wait either */                                           \
    X(FACTS_DROP, "DELETE FROM change WHERE project_id = $1 AND change_id = $2")                   \
    /* project: commits of changes that are gone */                                                \
    X(FACTS_SWEEP, "DELETE FROM change_commit WHERE project_id = $1 AND change_id NOT IN"          \
                   " (SELECT change_id FROM change WHERE project_id = $1)")                        \
    /* project, service: who owned it since when, as it stands there */                            \
    X(OWNERS_OF, "SELECT team_id, valid_from_ms FROM ownership"                                    \
                 " WHERE project_id = $1 AND service_id = $2")                                     \
    X(OWNER_FORGET, "DELETE FROM ownership WHERE project_id = $1 AND service_id = $2"              \
                    " AND team_id = $3 AND valid_from_ms = $4")                                    \
    /* team: what it aimed at since when, as it stands there */                                    \
    X(TARGETS_OF, "SELECT metric, valid_from_ms FROM metric_target WHERE team_id = $1")            \
    X(TARGET_FORGET, "DELETE FROM metric_target"                                                   \
                     " WHERE team_id = $1 AND metric = $2 AND valid_from_ms = $3")                 \
    /* project, deployment, and what follows of a recorded one; nothing is written of what it says \
     * already */                                                                                  \
    X(FACTS_SETTLE,                                                                                \
      "UPDATE deployment SET tier = $3, kind = $4, prev_deployment_id = $5, failed = $6,"          \
      " failure_reason = $7, recovered_ms = $8, flagged = COALESCE(flagged, unplanned),"           \
      " unplanned = $9"                                                                            \
      " WHERE project_id = $1 AND deployment_id = $2 AND source = 'recorded' AND NOT"              \
      " (tier = $3 AND kind = $4 AND COALESCE(prev_deployment_id, '') = COALESCE($5, '')"          \
      " AND failed = $6 AND unplanned = $9"                                                        \
      " AND COALESCE(failure_reason, '') = COALESCE($7, '')"                                       \
      " AND COALESCE(recovered_ms, -1) = COALESCE(CAST($8 AS BIGINT), -1))")                       \
    /* project, incident, service, the deployment that caused it, how that is known */             \
    X(FACTS_LINK, "UPDATE incident SET caused_by_deployment_id = $4, link_method = $5"             \
                  " WHERE project_id = $1 AND incident_id = $2 AND service_id = $3"                \
                  " AND NOT (COALESCE(caused_by_deployment_id, '') = COALESCE($4, '')"             \
                  " AND COALESCE(link_method, '') = COALESCE($5, ''))")

#define STORE_QUERY_ENUM(NAME, text) QUERY_##NAME,
enum store_query { STORE_QUERIES(STORE_QUERY_ENUM) QUERY_COUNT };

extern const char *const store_queries[QUERY_COUNT];

#endif
