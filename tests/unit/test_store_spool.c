/* A store that does not answer: what was written waits, and comes in order.
 *
 * The store is away while the folder it lies in is: no server is needed for that.
 */
#include "tests/support/store.h"

#define STORE_LINE                                                               \
    "[[\"gate_evidence\",{\"project_id\":7,\"sha\":\"aaa\",\"stage\":\"build\"," \
    "\"policy_name\":\".qgate.yml\",\"body\":\"%s\",\"created_ms\":%d}]]\n"

static void away(struct tree *tree)
{
    tree->where = arena_printf(tree->mem, "%s/mounted/history.db", tree->root);
    assert_true(opens(tree, STORE_WRITE));
    assert_non_null(tree->store.away);
}

static void come_back(struct tree *tree)
{
    assert_int_equal(mkdirat(tree->place.fd, "mounted", 0755), 0);
    must_open(tree, STORE_WRITE);
}

static const char *spool(struct tree *tree)
{
    return shell(tree->mem, arena_printf(tree->mem, "cat %s/.qgate/spool.jsonl", tree->root));
}

static void write_spool(struct tree *tree, const char *text)
{
    mkdirat(tree->place.fd, ".qgate", 0755);
    int fd = openat(tree->place.fd, ".qgate/spool.jsonl", O_WRONLY | O_CREAT | O_APPEND, 0644);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void what_was_written_comes_with_the_next_run(void **state)
{
    struct tree *tree = *state;
    away(tree);
    put_evidence(tree, &main_build, "aaa", "first", 1);
    put_evidence(tree, &main_build, "bbb", "b", 1);
    assert_int_equal(tree->store.spooled, 2);
    assert_nearest(tree, &main_build, "aaa",
                   arena_printf(tree->mem,
                                "%s: cannot be opened: is its folder there, and may this user "
                                "write to it?",
                                tree->where));
    close_store(&tree->store);

    come_back(tree);
    put_evidence(tree, &main_build, "ccc", "c", 1);
    assert_int_equal(tree->store.spooled, 0);
    assert_nearest(tree, &main_build, "aaa", "0:first");
    assert_nearest(tree, &main_build, "bbb", "0:b");
    assert_nearest(tree, &main_build, "ccc", "0:c");
    assert_string_equal(spool(tree), "");
}

static struct store_gate_measurement_row measured(double value)
{
    return (struct store_gate_measurement_row){
        .project_id = store_integer(7),
        .day = store_integer(20260301),
        .run_id = store_text("r\"\n\xc3\xa9"),
        .metric = store_text("m"),
        .subject = store_text(""),
        .value = store_real(value),
        .verdict = store_text("passed"),
    };
}

static void keep_value(void *state, const struct store_value *columns)
{
    double *value = state;
    *value = columns[3].real;
}

/* These rows have no age: the last one that comes stays. */
static void they_come_in_order(void **state)
{
    struct tree *tree = *state;
    for (int i = 1; i <= 20; i++) {
        if (i % 5 == 1)
            away(tree); /* every fifth is another run */
        struct store_batch batch = {.mem = tree->mem};
        const struct store_gate_measurement_row row = measured(i / 3.0);
        store_put_gate_measurement(&batch, &row);
        assert_true(store_write(&tree->store, &batch, &tree->err));
    }
    come_back(tree);
    put_evidence(tree, &main_build, "aaa", "a", 1);
    double value = 0;
    const struct store_value values[] = {store_integer(7), store_integer(20260301),
                                         store_integer(20260301)};
    const struct store_question question = {
        .query = QUERY_MEASURED, .values = values, .count = 3, .row = keep_value, .state = &value};
    assert_true(store_ask(&tree->store, &question, &tree->err));
    assert_true(value == 20 / 3.0);
}

/* Delivered twice, or behind a younger one of another machine: nothing changes. */
static void what_is_late_changes_nothing(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "young", 2000);
    write_spool(tree, arena_printf(tree->mem, STORE_LINE, "old", 1000));
    put_evidence(tree, &main_build, "bbb", "b", 1);
    assert_nearest(tree, &main_build, "aaa", "0:young");
    assert_string_equal(spool(tree), "");
}

/* Its writer was killed before it acknowledged anything. */
static void half_a_line_is_dropped(void **state)
{
    struct tree *tree = *state;
    const char *line = arena_printf(tree->mem, STORE_LINE, "whole", 1);
    write_spool(tree, line);
    write_spool(tree, arena_printf(tree->mem, "%.40s", line));
    away(tree);
    put_evidence(tree, &main_build, "bbb", "b", 1);
    const char *expected =
        "[[\"gate_evidence\",{\"project_id\":7,\"sha\":\"bbb\",\"stage\":\"build\","
        "\"policy_name\":\".qgate.yml\",\"body\":\"b\",\"created_ms\":1}]]";
    assert_string_equal(spool(tree), arena_printf(tree->mem, "%s%s", line, expected));

    write_spool(tree, "[[\"gate_");
    come_back(tree);
    put_evidence(tree, &main_build, "ccc", "c", 1);
    assert_nearest(tree, &main_build, "aaa", "0:whole");
    assert_nearest(tree, &main_build, "bbb", "0:b");
    assert_string_equal(spool(tree), "");
}

/* Nothing is thrown away that somebody may still want. */
static void a_line_that_is_not_ours_is_named(void **state)
{
    struct tree *tree = *state;
    static const char *const lines[] = {
        "not json\n",
        "{}\n",
        "[[\"gate_evidence\"]]\n",
        "[[\"nothing\",{}]]\n",
        "[[\"team\",{\"team_id\":\"a\",\"name\":\"A\",\"tz\":\"UTC\",\"unknown\":1}]]\n",
        "[[\"team\",{\"team_id\":\"a\"}]]\n", /* a name is wanted */
        "[[\"team\",{\"team_id\":\"a\",\"team_id\":\"b\",\"name\":\"A\",\"tz\":\"UTC\"}]]\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *good = arena_printf(tree->mem, STORE_LINE, "good", 1);
        shell(tree->mem, arena_printf(tree->mem, "rm -rf %s/.qgate", tree->root));
        write_spool(tree, good);
        write_spool(tree, lines[i]);
        must_open(tree, STORE_WRITE);
        const struct saved_evidence evidence = {main_build, "bbb", "b", 1};
        struct store_batch batch = {.mem = tree->mem};
        assert_false(store_put_evidence(&tree->store, &evidence, &batch, &tree->err));
        assert_string_equal(tree->err.where, ".qgate/spool.jsonl");
        assert_int_equal(tree->err.line, 2);
        assert_string_equal(tree->err.hint,
                            "nothing behind it is delivered: mend or remove the line");
        assert_nearest(tree, &main_build, "aaa", "0:good");
        assert_nearest(tree, &main_build, "bbb", "none");
        assert_true(strlen(spool(tree)) > strlen(good));
    }
}

static void a_link_is_not_followed(void **state)
{
    struct tree *tree = *state;
    away(tree);
    int root = tree->place.fd;
    assert_int_equal(mkdirat(root, ".qgate", 0755), 0);
    assert_int_equal(symlinkat("../victim", root, ".qgate/spool.jsonl"), 0);
    const struct saved_evidence evidence = {main_build, "aaa", "a", 1};
    struct store_batch batch = {.mem = tree->mem};
    assert_false(store_put_evidence(&tree->store, &evidence, &batch, &tree->err));
    assert_string_equal(tree->err.where, ".qgate/spool.jsonl");
    assert_int_equal(faccessat(root, "victim", F_OK, 0), -1);

    assert_int_equal(unlinkat(root, ".qgate/spool.jsonl", 0), 0);
    assert_int_equal(mkfifoat(root, ".qgate/spool.jsonl", 0644), 0);
    tree->err = (struct error){0};
    assert_false(store_put_evidence(&tree->store, &evidence, &batch, &tree->err));
    assert_string_equal(tree->err.what, "is not a file that can be locked");
}

enum { WRITERS = 20, WRITES = 10 };

static void write_some(struct tree *tree, int writer)
{
    assert_true(opens(tree, STORE_WRITE));
    for (int i = 0; i < WRITES; i++) {
        const char *sha = arena_printf(tree->mem, "w%d-%d", writer, i);
        put_evidence(tree, &main_build, sha, sha, 1);
    }
}

/* Half of them find the store away, the other half deliver what those leave. */
static void many_writers_lose_nothing(void **state)
{
    struct tree *tree = *state;
    away(tree);
    in_processes(tree, WRITERS / 2, write_some);
    come_back(tree);
    in_processes(tree, WRITERS / 2, write_some);
    write_some(tree, WRITERS);
    for (int writer = 0; writer < WRITERS / 2; writer++)
        for (int i = 0; i < WRITES; i++) {
            const char *sha = arena_printf(tree->mem, "w%d-%d", writer, i);
            assert_nearest(tree, &main_build, sha, arena_printf(tree->mem, "0:%s", sha));
        }
    assert_string_equal(spool(tree), "");
}

/* The connection is lost in the middle of a run. */
static void a_store_that_goes_away_later(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "a", 1);
    shell(tree->mem,
          arena_printf(tree->mem,
                       "psql -XqAt 'postgresql:///postgres?host=%s&user=qgate' -c \"SELECT"
                       " pg_terminate_backend(pid) FROM pg_stat_activity"
                       " WHERE application_name = 'qgate'\"",
                       cluster.folder));
    put_evidence(tree, &main_build, "bbb", "b", 1);
    put_evidence(tree, &main_build, "ccc", "c", 1);
    assert_int_equal(tree->store.spooled, 2);
    assert_non_null(tree->store.away);
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "ddd", "d", 1);
    assert_string_equal(asked(tree, "SELECT COUNT(*) FROM gate_evidence"), "4");
}

static void nobody_listens(void **state)
{
    struct tree *tree = ready(state);
    tree->where = "postgresql://user:secret@127.0.0.1:1/history";
    assert_true(opens(tree, STORE_WRITE));
    assert_non_null(tree->store.away);
    assert_null(strstr(tree->store.away->what, "secret"));
    put_evidence(tree, &main_build, "aaa", "a", 1);
    assert_int_equal(tree->store.spooled, 1);
    assert_false(opens(tree, STORE_READ));
    assert_int_equal(tree->err.fault, FAULT_REMOTE);
    assert_string_equal(tree->err.where, "QGATE_STORE");
}

/* libpq's own messages would quote what is left of the password. */
static void a_url_that_is_none_is_not_quoted(void **state)
{
    struct tree *tree = *state;
    static const char *const urls[] = {
        "postgresql://user:secret@host/history?secret=1",
        "postgresql://user:se@secret@127.0.0.1:1/history",
        "postgresql://user:12/secret@127.0.0.1:1/history",
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        tree->where = urls[i];
        assert_false(opens(tree, STORE_WRITE));
        assert_int_equal(tree->err.fault, FAULT_USAGE);
        assert_null(strstr(tree->err.what, "secret"));
        assert_null(strstr(tree->err.where, "secret"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(what_was_written_comes_with_the_next_run),
        ON_SQLITE(they_come_in_order),
        ON_SQLITE(what_is_late_changes_nothing),
        ON_SQLITE(half_a_line_is_dropped),
        ON_SQLITE(a_line_that_is_not_ours_is_named),
        ON_SQLITE(a_link_is_not_followed),
        ON_SQLITE(many_writers_lose_nothing),
        ON_POSTGRES(a_store_that_goes_away_later),
        ON_POSTGRES(nobody_listens),
        ON_SQLITE(a_url_that_is_none_is_not_quoted),
    };
    return cmocka_run_group_tests_name("store_spool", tests, NULL, NULL);
}
