/* The tables of the store, each a list of its columns in the order of the schema (migrations/).
 *
 * A row is a struct of values, so a column that is not named is NULL: not known.
 *
 *     struct store_deployment_row row = {.project_id = store_integer(7), …};
 *     store_put_deployment(&batch, &row);
 *
 * Times are milliseconds since 1970, UTC; days are 20270301; yes and no are 1 and 0. What is not
 * known yet is left out: the younger row replaces the whole older one, but for columns that last.
 */
#ifndef RUNNER_STORE_TABLES_H
#define RUNNER_STORE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* name, NAME, is it a reference table? Those are small and stand whole on every node; all others
 * are facts: project_id is the first part of their keys, and they are distributed by it. */
#define STORE_TABLES(X)                            \
    X(gate_evidence, GATE_EVIDENCE, false)         \
    X(team, TEAM, true)                            \
    X(metric_target, METRIC_TARGET, true)          \
    X(project, PROJECT, true)                      \
    X(service, SERVICE, false)                     \
    X(ownership, OWNERSHIP, false)                 \
    X(build, BUILD, false)                         \
    X(change, CHANGE, false)                       \
    X(change_commit, CHANGE_COMMIT, false)         \
    X(deployment, DEPLOYMENT, false)               \
    X(deployment_change, DEPLOYMENT_CHANGE, false) \
    X(incident, INCIDENT, false)                   \
    X(gate_run, GATE_RUN, false)                   \
    X(gate_measurement, GATE_MEASUREMENT, false)   \
    X(span_event, SPAN_EVENT, false)               \
    X(source_cursor, SOURCE_CURSOR, false)

/* K: part of the key. C: a column. A: how old the row is; of two, the younger one stays. L: a
 * column that lasts: the youngest row that knows it says what it is, whichever came first; a table
 * has C or L, not both. */

/* clang-format off */

/* Saved evidence: the baseline of what comes after. `body`: schema/evidence. */
#define STORE_GATE_EVIDENCE_COLUMNS(K, C, L, A) \
    K(project_id) K(sha) K(stage) K(policy_name) C(body) A(created_ms)

#define STORE_TEAM_COLUMNS(K, C, L, A) K(team_id) C(name) C(parent_id) C(tz)

#define STORE_METRIC_TARGET_COLUMNS(K, C, L, A) K(team_id) K(metric) K(valid_from_ms) C(op) C(value)

/* project_id: store_project_id() of the three that follow. */
#define STORE_PROJECT_COLUMNS(K, C, L, A) \
    K(project_id) C(provider) C(base_url) C(external_id) C(path) C(default_ref)

#define STORE_SERVICE_COLUMNS(K, C, L, A) K(project_id) K(service_id) C(path_globs) C(tier)

#define STORE_OWNERSHIP_COLUMNS(K, C, L, A) \
    K(project_id) K(service_id) K(team_id) K(valid_from_ms) C(valid_to_ms)

/* Which commit a version was built from. */
#define STORE_BUILD_COLUMNS(K, C, L, A) \
    K(project_id) K(service_id) K(version) C(sha) C(image_digest) C(ref) C(built_ms) A(updated_ms)

/* A merge request, or what git shows of one. state: open, merged, closed. `author` as the delivery
 * configuration's `people` allows: nobody, a keyed hash, or a name. */
#define STORE_CHANGE_COLUMNS(K, C, L, A) \
    K(project_id) K(change_id) C(author) C(author_is_bot) C(state) C(kind) C(source_ref) \
    C(target_ref) C(head_sha) C(landed_sha) C(first_commit_ms) C(created_ms) C(ready_ms) \
    C(first_review_ms) C(first_approval_ms) C(merged_ms) C(closed_ms) C(lines_added) \
    C(lines_removed) C(files_changed) C(human_notes) C(diff_notes) C(suggestions) \
    C(reverts_change_id) A(updated_ms)

#define STORE_CHANGE_COMMIT_COLUMNS(K, C, L, A) \
    K(project_id) K(change_id) K(sha) C(authored_ms) C(committed_ms) C(patch_id)

/* flagged: what a record says of itself; `unplanned` follows from the history (facts.h). */
#define STORE_DEPLOYMENT_COLUMNS(K, C, L, A) \
    K(project_id) K(deployment_id) C(service_id) C(environment) C(tier) C(source) C(status) \
    C(kind) C(app_sha) C(version) C(image_digest) C(gitops_repo) C(gitops_sha) \
    C(prev_deployment_id) C(initiated_by) C(started_ms) C(synced_ms) C(healthy_ms) \
    C(finished_ms) C(failed) C(failure_reason) C(recovered_ms) C(unplanned) A(updated_ms) \
    C(region) C(flagged)

#define STORE_DEPLOYMENT_CHANGE_COLUMNS(K, C, L, A) \
    K(project_id) K(deployment_id) K(change_id) C(is_first) C(lead_ms) C(merge_to_deploy_ms)

/* project_id 0: of which project is not known, its service's name has to do. Each event tells what
 * became known: that it is resolved, say. cause: change, other, NULL. caused_by: a version or an id,
 * as it was said; caused_by_deployment_id and link_method follow from the history (facts.h). */
#define STORE_INCIDENT_COLUMNS(K, C, L, A) \
    K(project_id) K(incident_id) L(source) L(service_id) L(urgency) L(priority) L(impact_ms) \
    L(created_ms) L(acked_ms) L(resolved_ms) L(cause) L(caused_by_deployment_id) L(link_method) \
    A(updated_ms) L(origin) L(caused_by)

/* started_ms: its pipeline, where there is one. */
#define STORE_GATE_RUN_COLUMNS(K, C, L, A) \
    K(project_id) K(day) K(run_id) C(service_id) C(pipeline_id) C(job_id) C(change_id) C(sha) \
    C(ref) C(stage) C(policy_hash) C(verdict) C(started_ms) A(finished_ms)

/* num and den, so that a ratio over many runs can be formed anew */
#define STORE_GATE_MEASUREMENT_COLUMNS(K, C, L, A) \
    K(project_id) K(day) K(run_id) K(metric) K(subject) C(value) C(num) C(den) C(threshold) \
    C(op) C(verdict)

/* Alerts and the like: what begins and ends. attrs: JSON. */
#define STORE_SPAN_EVENT_COLUMNS(K, C, L, A) \
    K(project_id) K(event_id) C(kind) C(service_id) C(begin_ms) C(end_ms) C(attrs) A(updated_ms)

/* How far a source was read, so that the next run goes on from there. */
#define STORE_SOURCE_CURSOR_COLUMNS(K, C, L, A) \
    K(project_id) K(source) K(stream) C(cursor_text) A(updated_ms)

/* clang-format on */

#define STORE_TABLE_ENUM(name, NAME, reference) TABLE_##NAME,
enum store_table { STORE_TABLES(STORE_TABLE_ENUM) TABLE_COUNT };

enum store_role { COLUMN_KEY, COLUMN_VALUE, COLUMN_LASTING, COLUMN_AGE };

struct store_column {
    const char *name;
    enum store_role role;
};

struct store_table_info {
    const char *name;
    bool reference;
    const struct store_column *columns;
    size_t count;
};

extern const struct store_table_info store_tables[TABLE_COUNT];

enum { STORE_COLUMNS = 32 }; /* of a row, at most */

struct arena;

/* The statement that puts a row of this table: `$1` is its first column. */
const char *store_upsert(enum store_table number, struct arena *mem);

/* NULL in a value is "not known". */
enum store_kind { STORE_NULL, STORE_INTEGER, STORE_REAL, STORE_TEXT };

struct store_value {
    enum store_kind kind;
    int64_t integer;
    double real;
    const char *text; /* of a row that was asked for: never NULL, gone with the next row */
};

static inline struct store_value store_integer(int64_t integer)
{
    return (struct store_value){.kind = STORE_INTEGER, .integer = integer};
}

static inline struct store_value store_real(double real) /* finite */
{
    return (struct store_value){.kind = STORE_REAL, .real = real};
}

static inline struct store_value store_text(const char *text) /* NULL: not known */
{
    return (struct store_value){.kind = text == NULL ? STORE_NULL : STORE_TEXT, .text = text};
}

#define STORE_MEMBER(column) struct store_value column;
#define STORE_ROW(name, NAME, reference)                                               \
    struct store_##name##_row {                                                        \
        STORE_##NAME##_COLUMNS(STORE_MEMBER, STORE_MEMBER, STORE_MEMBER, STORE_MEMBER) \
    };

/* clang-format off */
STORE_TABLES(STORE_ROW)
/* clang-format on */

#endif
