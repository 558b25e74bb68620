/* Every statement of ours but the schema (migrations/): one text for all databases, so nothing in
 * it is of SQLite or PostgreSQL alone. `$1` is the first value.
 *
 * Whoever shards the store does so by project_id: each statement on a fact names it.
 */
#ifndef RUNNER_STORE_QUERIES_H
#define RUNNER_STORE_QUERIES_H

/* Commits that one EVIDENCE_OF asks about. */
enum { EVIDENCE_COMMITS = 16 };

/* name, text */
#define STORE_QUERIES(X)                                                                        \
    X(PUT_EVIDENCE,                                                                             \
      "INSERT INTO gate_evidence (project_id, sha, stage, policy_name, body, created_ms)"       \
      " VALUES ($1, $2, $3, $4, $5, $6)"                                                        \
      " ON CONFLICT (project_id, sha, stage, policy_name) DO UPDATE"                            \
      " SET body = excluded.body, created_ms = excluded.created_ms"                             \
      " WHERE excluded.created_ms >= gate_evidence.created_ms")                                 \
    X(EVIDENCE_OF,                                                                              \
      "SELECT sha FROM gate_evidence WHERE project_id = $1 AND stage = $2 AND policy_name = $3" \
      " AND sha IN ($4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)") \
    X(EVIDENCE_BODY, "SELECT body, created_ms FROM gate_evidence"                               \
                     " WHERE project_id = $1 AND stage = $2 AND policy_name = $3 AND sha = $4")

#define STORE_QUERY_ENUM(name, text) STORE_##name,
enum store_query { STORE_QUERIES(STORE_QUERY_ENUM) STORE_QUERY_COUNT };

extern const char *const store_queries[STORE_QUERY_COUNT];

#endif
