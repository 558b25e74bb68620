/* Every schema that a qgate ever made becomes the newest, also when whoever brings it there is
 * killed on the way.
 */
#include <signal.h>
#include <time.h>

#include "gates/policies/embedded.h"
#include "runner/store/transact.h"
#include "tests/support/store.h"

enum { KILLS = 8, MOST_US = 40000 };

/* Tables, columns, keys and indexes. */
static const char *schema(struct tree *tree)
{
    return asked(
        tree, tree->far ? "SELECT table_name, column_name, data_type, is_nullable, column_default"
                          " FROM information_schema.columns WHERE table_schema = 'public'"
                          " ORDER BY 1, 2; SELECT indexdef FROM pg_indexes"
                          " WHERE schemaname = 'public' ORDER BY 1;"
                          " SELECT version FROM qgate_schema"
                        : "SELECT m.name, wr, p.name, p.type, p.[notnull], p.dflt_value, p.pk"
                          " FROM sqlite_master m JOIN pragma_table_list(m.name),"
                          " pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1, 3;"
                          " SELECT name, tbl_name FROM sqlite_master WHERE type = 'index'"
                          " ORDER BY 1; PRAGMA user_version; PRAGMA application_id");
}

static void begin_anew(struct tree *tree)
{
    close_store(&tree->store);
    if (tree->far)
        asked(tree, "SET client_min_messages = error; DROP SCHEMA public CASCADE;"
                    " CREATE SCHEMA public");
    else
        shell(tree->mem,
              arena_printf(tree->mem, "rm -rf %s/.qgate; mkdir %s/.qgate", tree->root, tree->root));
}

/* As a qgate of that version left it. */
static void make_older(struct tree *tree, int version)
{
    begin_anew(tree);
    for (int number = 1; number <= version; number++) {
        const char *name = arena_printf(tree->mem, "migration/%04d", number);
        const struct embedded *file = embedded_named(name);
        char *text = arena_printf(tree->mem, "\n%s", file->text); /* not an option, `--` */
        for (char *at = text; !tree->far && (at = strstr(at, "/* WITHOUT ROWID */")) != NULL;) {
            memset(at, ' ', 2);
            memset(at + 17, ' ', 2);
        }
        asked(tree, text);
    }
    asked(tree, arena_printf(tree->mem,
                             tree->far ? "CREATE TABLE qgate_schema (one SMALLINT NOT NULL PRIMARY"
                                         " KEY, version INTEGER NOT NULL);"
                                         " INSERT INTO qgate_schema VALUES (1, %d)"
                                       : "PRAGMA user_version = %d; PRAGMA application_id ="
                                         " 0x71676174",
                             version));
}

static void every_older_schema_becomes_the_newest(void **state)
{
    struct tree *tree = ready(state);
    begin_anew(tree);
    must_open(tree, STORE_WRITE);
    const char *newest = schema(tree);
    for (int version = 1; version < store_newest(tree->mem); version++) {
        make_older(tree, version);
        asked(tree, "INSERT INTO gate_evidence VALUES (7, 'aaa', 'build', '.qgate.yml', 'b', 1)");
        must_open(tree, STORE_WRITE);
        assert_string_equal(schema(tree), newest);
        assert_nearest(tree, &main_build, "aaa", "0:b");
    }
}

/* Until version 4 `unplanned` of a recorded deployment was what the record said. */
static void what_records_said_is_kept(void **state)
{
    struct tree *tree = ready(state);
    make_older(tree, 4);
    asked(tree, "INSERT INTO deployment (project_id, deployment_id, service_id, environment, tier,"
                " source, status, kind, unplanned, updated_ms) VALUES"
                " (7, 'a', 's', 'e', 't', 'recorded', 'success', 'unknown', 1, 1),"
                " (7, 'b', 's', 'e', 't', 'recorded', 'success', 'unknown', 0, 1),"
                " (7, 'c', 's', 'e', 't', 'tag', 'success', 'rollback', 1, 1)");
    must_open(tree, STORE_WRITE);
    assert_string_equal(asked(tree, "SELECT deployment_id, unplanned, flagged FROM deployment"
                                    " ORDER BY 1"),
                        "a|1|1\nb|0|0\nc|1|");
}

/* Makes the schema, or goes on with it; killed after a time between nothing and all it takes. */
static void kill_one(struct tree *tree, unsigned after_us)
{
    pid_t pid = fork();
    if (pid == 0) {
        must_open(tree, STORE_WRITE);
        _exit(0);
    }
    const struct timespec pause = {0, (long)after_us * 1000};
    nanosleep(&pause, NULL);
    kill(pid, SIGKILL);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
}

static void a_killed_migration_goes_on(void **state)
{
    struct tree *tree = ready(state);
    begin_anew(tree);
    must_open(tree, STORE_WRITE);
    const char *newest = schema(tree);
    for (unsigned i = 0; i < KILLS; i++) {
        begin_anew(tree);
        kill_one(tree, MOST_US / KILLS * i);
        kill_one(tree, MOST_US / KILLS * (KILLS - i));
        if (!opens(tree, STORE_READ)) /* some version, or none yet, or a writer has to go first */
            assert_string_equal(tree->err.what, "its log was never played back");
        must_open(tree, STORE_WRITE);
        assert_string_equal(schema(tree), newest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(every_older_schema_becomes_the_newest),
        ON_BOTH(what_records_said_is_kept),
        ON_BOTH(a_killed_migration_goes_on),
    };
    return cmocka_run_group_tests_name("store_migrations", tests, NULL, NULL);
}
