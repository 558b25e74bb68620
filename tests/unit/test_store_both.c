/* The same over SQLite and PostgreSQL: what was put is found again, by us and by the database's own
 * program.
 */
#include "runner/store/keys.h"
#include "tests/support/store.h"

static void nearest_commit_wins(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "bbb", "{\"of\":\"b\"}", 1000);
    put_evidence(tree, &main_build, "ddd", "{\"of\":\"d\"}", 2000);
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        must_open(tree, (enum store_mode)mode);
        assert_nearest(tree, &main_build, "aaa bbb ccc ddd", "1:{\"of\":\"b\"}");
        assert_nearest(tree, &main_build, "ddd bbb", "0:{\"of\":\"d\"}");
        assert_nearest(tree, &main_build, "aaa ccc", "none");
        assert_nearest(tree, &main_build, "", "none");
    }
}

/* Commits are asked about in blocks: the first and last of each, and the block behind. */
static void far_commits_are_found(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    char commits[4096] = "";
    for (int i = 0; i < 100; i++)
        snprintf(commits + strlen(commits), 16, "c%d ", i);
    for (int i = 99; i >= 0; i--) {
        char sha[16], expected[32];
        snprintf(sha, sizeof sha, "c%d", i);
        put_evidence(tree, &main_build, sha, sha, 1);
        snprintf(expected, sizeof expected, "%d:c%d", i, i);
        assert_nearest(tree, &main_build, commits, expected);
    }
}

static void only_its_own_evidence(void **state)
{
    struct tree *tree = ready(state);
    const struct saved_for others[] = {
        {8, "build", ".qgate.yml"}, {7, "deploy", ".qgate.yml"}, {7, "build", "other.yml"}};
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "mine", 1);
    for (size_t i = 0; i < 3; i++)
        assert_nearest(tree, &others[i], "aaa", "none");
    for (size_t i = 0; i < 3; i++)
        put_evidence(tree, &others[i], "aaa", "theirs", 1);
    assert_nearest(tree, &main_build, "aaa", "0:mine");
}

static void the_younger_row_stays(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "first", 1000);
    put_evidence(tree, &main_build, "aaa", "again", 1000);
    assert_nearest(tree, &main_build, "aaa", "0:again");
    put_evidence(tree, &main_build, "aaa", "old", 999);
    assert_nearest(tree, &main_build, "aaa", "0:again");
    put_evidence(tree, &main_build, "aaa", "young", 1001);
    assert_nearest(tree, &main_build, "aaa", "0:young");
}

static void texts_stay_what_they_are(void **state)
{
    struct tree *tree = ready(state);
    const struct saved_for odd = {-1, "'); DROP TABLE gate_evidence; --", "a\nb\xc3\xa9$1?"};
    must_open(tree, STORE_WRITE);
    size_t size = 3 << 20;
    char *large = arena_alloc(tree->mem, size + 1);
    memset(large, 'x', size);
    put_evidence(tree, &odd, "%_", large, INT64_MAX);
    must_open(tree, STORE_READ);
    assert_nearest(tree, &odd, "aa %_", arena_printf(tree->mem, "1:%s", large));
}

static void no_store_yet(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_READ);
    assert_null(tree->store.link);
    assert_nearest(tree, &main_build, "aaa", "none");
    if (tree->far)
        assert_string_equal(
            asked(tree, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), "0");
}

static void a_newer_schema_is_refused(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    asked(tree, tree->far ? "UPDATE qgate_schema SET version = 999" : "PRAGMA user_version = 999");
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        assert_false(opens(tree, (enum store_mode)mode));
        assert_non_null(strstr(tree->err.what, "was written by a newer qgate: its schema is 999"));
        assert_string_equal(tree->err.hint, "update qgate here");
    }
}

/* Nobody's table is taken over, and the tables that were made before it are gone again. */
static void a_table_of_somebody_else(void **state)
{
    struct tree *tree = ready(state);
    asked(tree, "CREATE TABLE incident (theirs TEXT)");
    assert_false(opens(tree, STORE_WRITE));
    assert_int_equal(tree->err.fault, FAULT_SYSTEM);
    assert_non_null(strstr(tree->err.what, "incident"));
    assert_string_equal(
        asked(tree, "SELECT COUNT(*) FROM pg_tables WHERE tablename = 'deployment'"), "0");
}

/* Version 1 knew evidence and nothing else: it is read as it is, and brought up to date by a
 * writer. */
static void an_older_schema_is_brought_up_to_date(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "body", 1);
    close_store(&tree->store);
    for (int table = TABLE_TEAM; table < TABLE_COUNT; table++)
        asked(tree, arena_printf(tree->mem, "DROP TABLE %s", store_tables[table].name));
    asked(tree, "DROP INDEX gate_evidence_age");
    asked(tree, tree->far ? "UPDATE qgate_schema SET version = 1" : "PRAGMA user_version = 1");

    must_open(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa", "0:body");
    const struct store_value values[] = {store_integer(7), store_integer(1), store_integer(2)};
    const struct store_question question = {.query = QUERY_MEASURED, .values = values, .count = 3};
    assert_false(store_ask(&tree->store, &question, &tree->err));
    assert_string_equal(tree->err.what, "has no such table or column as this qgate asks for");
    assert_non_null(strstr(tree->err.hint, "it is an older qgate's, its schema is 1 and not "));
    must_open(tree, STORE_WRITE);
    assert_nearest(tree, &main_build, "aaa", "0:body");
    assert_string_equal(asked(tree, "SELECT COUNT(*) FROM gate_measurement"), "0");
}

/* Version 2 had to know of an incident when it began and what caused it. */
static void incidents_of_an_older_schema_are_kept(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    asked(tree, "DROP TABLE incident");
    asked(tree, "ALTER TABLE deployment DROP COLUMN region");
    asked(tree, "ALTER TABLE deployment DROP COLUMN flagged");
    asked(tree, "DROP INDEX project_path");
    asked(tree,
          "CREATE TABLE incident (project_id BIGINT NOT NULL, incident_id TEXT NOT NULL,"
          " source TEXT NOT NULL, service_id TEXT, urgency TEXT, priority TEXT,"
          " impact_ms BIGINT, created_ms BIGINT NOT NULL, acked_ms BIGINT, resolved_ms BIGINT,"
          " cause TEXT NOT NULL DEFAULT 'unknown', caused_by_deployment_id TEXT,"
          " link_method TEXT, updated_ms BIGINT NOT NULL,"
          " PRIMARY KEY (project_id, incident_id))");
    asked(tree, "INSERT INTO incident (project_id, incident_id, source, created_ms, updated_ms,"
                " cause, caused_by_deployment_id, link_method) VALUES"
                " (0, 'a', 'x', 1, 2, 'unknown', NULL, NULL),"
                " (7, 'b', 'x', 3, 4, 'change', '1.4.2', 'stated')");
    asked(tree, tree->far ? "UPDATE qgate_schema SET version = 2" : "PRAGMA user_version = 2");
    must_open(tree, STORE_WRITE);
    assert_string_equal(asked(tree, "SELECT * FROM incident ORDER BY project_id"),
                        "0|a|x|||||1||||||2||\n7|b|x|||||3|||change|||4||1.4.2");
}

static void the_oldest_evidence_is_forgotten(void **state)
{
    struct tree *tree = ready(state);
    const struct saved_for other = {7, "deploy", ".qgate.yml"};
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &other, "old", "other", 1);
    put_evidence(tree, &main_build, "aaa", "a", 10);
    put_evidence(tree, &main_build, "bbb", "b", 20);
    asked(tree, arena_printf(tree->mem,
                             "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE"
                             " x < %d) INSERT INTO gate_evidence SELECT 7, 'c' || x, 'build',"
                             " '.qgate.yml', 'c', 30 FROM n",
                             EVIDENCE_KEPT - 2));
    put_evidence(tree, &main_build, "zzz", "z", 40);
    assert_nearest(tree, &main_build, "aaa", "none");
    assert_nearest(tree, &main_build, "bbb", "0:b");
    assert_nearest(tree, &other, "old", "0:other");
    assert_string_equal(asked(tree, "SELECT COUNT(*) FROM gate_evidence WHERE stage = 'build'"),
                        arena_printf(tree->mem, "%d", EVIDENCE_KEPT));
}

static struct store_batch batch_of(struct tree *tree)
{
    return (struct store_batch){.mem = tree->mem};
}

static void write_batch(struct tree *tree, const struct store_batch *batch)
{
    if (!store_write(&tree->store, batch, &tree->err))
        fail_msg("%s: %s", tree->err.where, tree->err.what);
}

/* Every table takes a row with all of its columns, and gives it back. Numbers fit every column of
 * the schema but those of texts; those are found out by their names. */
static void every_table_takes_a_row_twice(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    for (int n = 0; n < TABLE_COUNT; n++) {
        const struct store_table_info *table = &store_tables[n];
        const char *type = arena_printf(
            tree->mem,
            tree->far ? "SELECT string_agg(column_name, ' ') FROM information_schema.columns"
                        " WHERE table_name = '%s' AND data_type = 'text'"
                      : "SELECT group_concat(name, ' ') FROM pragma_table_info('%s')"
                        " WHERE type = 'TEXT'",
            table->name);
        const char *texts = arena_printf(tree->mem, " %s ", asked(tree, type));
        struct store_value row[STORE_COLUMNS];
        const char *columns = "", *expected = "";
        for (size_t i = 0; i < table->count; i++) {
            const char *name = table->columns[i].name, *bar = i == 0 ? "" : "|";
            bool text = strstr(texts, arena_printf(tree->mem, " %s ", name)) != NULL;
            row[i] = text ? store_text(name) : store_integer((int64_t)i + 1);
            columns = arena_printf(tree->mem, "%s%s%s", columns, i == 0 ? "" : ", ", name);
            expected = text ? arena_printf(tree->mem, "%s%s%s", expected, bar, name)
                            : arena_printf(tree->mem, "%s%s%zu", expected, bar, i + 1);
        }
        for (int twice = 0; twice < 2; twice++) {
            struct store_batch batch = batch_of(tree);
            store_put(&batch, (enum store_table)n, row);
            write_batch(tree, &batch);
            const char *got =
                asked(tree, arena_printf(tree->mem, "SELECT %s FROM %s", columns, table->name));
            /* SQLite shows a real number with its point */
            for (char *point; !tree->far && (point = strstr(got, ".0")) != NULL;)
                memmove(point, point + 2, strlen(point + 2) + 1);
            assert_string_equal(got, expected);
        }
    }
}

static void put_incident(struct tree *tree, int64_t updated_ms, struct store_incident_row row)
{
    struct store_batch batch = batch_of(tree);
    row.project_id = store_integer(0);
    row.incident_id = store_text("INC-1");
    row.source = store_text("recorded");
    row.updated_ms = store_integer(updated_ms);
    store_put_incident(&batch, &row);
    write_batch(tree, &batch);
}

/* Of an incident every event tells a part, and they may come in any order. */
static void what_an_event_does_not_say_lasts(void **state)
{
    struct tree *tree = ready(state);
    const char *question =
        "SELECT created_ms, acked_ms, resolved_ms, cause, updated_ms FROM incident";
    must_open(tree, STORE_WRITE);
    put_incident(tree, 20, (struct store_incident_row){.resolved_ms = store_integer(9)});
    assert_string_equal(asked(tree, question), "||9||20");
    put_incident(tree, 10,
                 (struct store_incident_row){.created_ms = store_integer(1),
                                             .resolved_ms = store_integer(8)});
    assert_string_equal(asked(tree, question), "1||9||20");
    put_incident(
        tree, 30,
        (struct store_incident_row){.acked_ms = store_integer(3), .cause = store_text("change")});
    put_incident(tree, 30, (struct store_incident_row){.created_ms = store_integer(2)});
    put_incident(tree, 20, (struct store_incident_row){.acked_ms = store_integer(4)});
    assert_string_equal(asked(tree, question), "2|3|9|change|30");
}

static struct store_gate_measurement_row measurement(const char *run, const char *metric,
                                                     double value)
{
    return (struct store_gate_measurement_row){
        .project_id = store_integer(7),
        .day = store_integer(20260301),
        .run_id = store_text(run),
        .metric = store_text(metric),
        .subject = store_text(""),
        .value = store_real(value),
        .num = store_real(value),
        .den = store_integer(2),
        .verdict = store_text(value < 10 ? "passed" : "failed"),
    };
}

static void keep_row(void *state, const struct store_value *columns)
{
    struct tree *tree = state;
    tree->where = arena_printf(tree->mem, "%s%s %lld %lld %g %g %g\n", tree->where, columns[0].text,
                               (long long)columns[1].integer, (long long)columns[2].integer,
                               columns[3].real, columns[4].real, columns[5].real);
}

static void questions_are_answered(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    struct store_batch batch = batch_of(tree);
    const struct store_gate_measurement_row rows[] = {
        measurement("r1", "b", 1), measurement("r2", "b", 12), measurement("r1", "a", 0.5)};
    for (size_t i = 0; i < 3; i++)
        store_put_gate_measurement(&batch, &rows[i]);
    write_batch(tree, &batch);
    const struct store_value values[] = {store_integer(7), store_integer(20260301),
                                         store_integer(20260328)};
    struct tree answer = {.mem = tree->mem, .where = ""};
    struct store_question question = {
        .query = QUERY_MEASURED, .values = values, .count = 3, .row = keep_row, .state = &answer};
    assert_true(store_ask(&tree->store, &question, &tree->err));
    assert_string_equal(answer.where, "a 1 1 0.5 0.5 2\nb 2 1 6.5 13 4\n");

    const struct store_value before[] = {store_integer(7), store_integer(20260201),
                                         store_integer(20260228)};
    answer.where = "";
    question.values = before;
    assert_true(store_ask(&tree->store, &question, &tree->err));
    assert_string_equal(answer.where, "");
}

/* What is no number is not known, what is no UTF-8 is made some. */
static void odd_values_are_the_same_everywhere(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    struct store_batch batch = batch_of(tree);
    struct store_gate_measurement_row row = measurement("r\xff\x01", "0.1", 0.1);
    row.num = store_real(0.0 / 0.0);
    row.den = store_real(1e308 * 10);
    row.subject = store_text("\xc3\xa9");
    store_put_gate_measurement(&batch, &row);
    write_batch(tree, &batch);
    assert_string_equal(
        asked(tree, "SELECT run_id, subject, value = 0.1, num IS NULL, den IS NULL, op IS NULL"
                    " FROM gate_measurement"),
        tree->far ? "r??|\xc3\xa9|t|t|t|t" : "r??|\xc3\xa9|1|1|1|1");
}

/* The second row of it lacks what it must have. */
static void a_batch_is_written_whole_or_not_at_all(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    struct store_batch batch = batch_of(tree);
    struct store_gate_measurement_row row = measurement("r1", "a", 1);
    store_put_gate_measurement(&batch, &row);
    row.verdict = store_text(NULL);
    row.run_id = store_text("r2");
    store_put_gate_measurement(&batch, &row);
    assert_false(store_write(&tree->store, &batch, &tree->err));
    assert_int_equal(tree->err.fault, FAULT_SYSTEM);
    assert_int_equal(tree->store.spooled, 0);
    assert_string_equal(asked(tree, "SELECT COUNT(*) FROM gate_measurement"), "0");

    tree->err = (struct error){0};
    put_evidence(tree, &main_build, "aaa", "body", 1); /* and the store goes on */
    assert_nearest(tree, &main_build, "aaa", "0:body");
}

enum { WRITERS = 20, WRITES = 10, SHARED = 5 };

static void put_measurements(struct tree *tree, int writer, int write)
{
    struct store_batch batch = batch_of(tree);
    for (int i = 0; i < SHARED; i++) {
        /* the shared rows in an order of each writer's own: they get in each other's way */
        struct store_gate_measurement_row shared =
            measurement("shared", arena_printf(tree->mem, "m%d", (i + writer) % SHARED), writer);
        store_put_gate_measurement(&batch, &shared);
    }
    struct store_gate_measurement_row own =
        measurement(arena_printf(tree->mem, "w%d-%d", writer, write), "own", write);
    store_put_gate_measurement(&batch, &own);
    write_batch(tree, &batch);
}

static void write_many(struct tree *tree, int writer)
{
    for (int write = 0; write < WRITES; write++) {
        if (write % 4 == 0)
            must_open(tree, STORE_WRITE);
        put_measurements(tree, writer, write);
        if (tree->store.away != NULL)
            fail_msg("away: %s", tree->store.away->what);
    }
    close_store(&tree->store);
}

/* From nothing on: folder, schema and rows are made by all of them at once. */
static void many_writers_lose_nothing(void **state)
{
    struct tree *tree = ready(state);
    in_processes(tree, WRITERS, write_many);
    assert_string_equal(asked(tree, "SELECT COUNT(*) FROM gate_measurement WHERE metric = 'own'"),
                        "200");
    assert_string_equal(
        asked(tree, "SELECT COUNT(*) FROM gate_measurement WHERE run_id = 'shared'"), "5");
}

static void keys_are_the_same_everywhere(void **state)
{
    struct tree *tree = ready(state);
    const char *const texts[] = {"git", "ab", "c"}, *const moved[] = {"git", "a", "bc"};
    assert_string_equal(store_id(texts, 3, tree->mem), "33d9f7b3ba1a5ed2c5ee7bbdf224efac");
    assert_string_not_equal(store_id(texts, 3, tree->mem), store_id(moved, 3, tree->mem));
    assert_int_equal(store_project_id("gitlab", "https://gitlab.example", "42"),
                     INT64_C(239771777929847495));
    assert_int_equal(store_day(0), 19700101);
    assert_int_equal(store_day(INT64_C(1709251199999)), 20240229);
    assert_int_equal(store_day(INT64_C(1709251200000)), 20240301);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(nearest_commit_wins),
        ON_BOTH(far_commits_are_found),
        ON_BOTH(only_its_own_evidence),
        ON_BOTH(the_younger_row_stays),
        ON_BOTH(the_oldest_evidence_is_forgotten),
        ON_BOTH(texts_stay_what_they_are),
        ON_BOTH(no_store_yet),
        ON_BOTH(a_newer_schema_is_refused),
        ON_POSTGRES(a_table_of_somebody_else),
        ON_BOTH(an_older_schema_is_brought_up_to_date),
        ON_BOTH(incidents_of_an_older_schema_are_kept),
        ON_BOTH(every_table_takes_a_row_twice),
        ON_BOTH(what_an_event_does_not_say_lasts),
        ON_BOTH(questions_are_answered),
        ON_BOTH(odd_values_are_the_same_everywhere),
        ON_BOTH(a_batch_is_written_whole_or_not_at_all),
        ON_BOTH(many_writers_lose_nothing),
        ON_SQLITE(keys_are_the_same_everywhere),
    };
    return cmocka_run_group_tests_name("store_both", tests, NULL, NULL);
}
