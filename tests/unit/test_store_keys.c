/* The store can be distributed by project_id: every fact's key begins with it, and everything that
 * we ask about facts, or put, names it.
 *
 * Proved twice: on the texts, and by a PostgreSQL whose tables are partitioned by a hash of
 * project_id, which has to show that every statement touches a single partition.
 */
#include <ctype.h>

#include "tests/support/store.h"

static const char *const keywords_before_a_table[] = {"FROM", "JOIN", "INTO", "UPDATE"};

/* The next word of a statement; what is no word stands alone. NULL: the end. */
static const char *next_word(struct arena *mem, const char **at)
{
    while (isspace((unsigned char)**at))
        (*at)++;
    if (**at == '\0')
        return NULL;
    size_t len = 0;
    while (isalnum((unsigned char)(*at)[len]) || (*at)[len] == '_' || (*at)[len] == '$')
        len++;
    len = len == 0 ? 1 : len;
    const char *word = arena_copy(mem, *at, len);
    *at += len;
    return word;
}

static const struct store_table_info *table_named(const char *name)
{
    for (int i = 0; i < TABLE_COUNT; i++)
        if (strcmp(store_tables[i].name, name) == 0)
            return &store_tables[i];
    return NULL;
}

/* "" when the statement names project_id as it must, else what is wrong with it. */
static const char *judged(struct arena *mem, const char *text)
{
    struct words words = {0};
    for (const char *at = text, *word; (word = next_word(mem, &at)) != NULL;)
        array_push(mem, &words, word);
    size_t facts = 0, bound = 0;
    bool table_next = false;
    for (size_t i = 0; i < words.count; i++) {
        const char *word = words.items[i];
        if (table_next && strcmp(word, "SET") != 0) {
            const struct store_table_info *table = table_named(word);
            if (table == NULL)
                return arena_printf(mem, "%s is no table", word);
            facts += !table->reference;
        }
        table_next = false;
        for (size_t k = 0; k < sizeof keywords_before_a_table / sizeof(char *); k++)
            table_next |= strcmp(word, keywords_before_a_table[k]) == 0;
        if (strcmp(word, "project_id") == 0 && i + 2 < words.count &&
            strcmp(words.items[i + 1], "=") == 0)
            bound += words.items[i + 2][0] == '$' || strstr(text, "JOIN") != NULL;
    }
    bool puts = words.count > 0 && strcmp(words.items[0], "INSERT") == 0;
    if (puts)
        bound =
            strstr(text, "(project_id, ") != NULL && strstr(text, "CONFLICT (project_id") != NULL;
    return bound >= facts ? "" : "a fact without project_id";
}

static void every_question_names_the_project(void **state)
{
    struct tree *tree = *state;
    for (int i = 0; i < QUERY_COUNT; i++)
        if (*judged(tree->mem, store_queries[i]) != '\0')
            fail_msg("%s: %s", judged(tree->mem, store_queries[i]), store_queries[i]);
}

static void every_row_names_the_project(void **state)
{
    struct tree *tree = *state;
    for (int i = 0; i < TABLE_COUNT; i++) {
        const char *text = store_upsert((enum store_table)i, tree->mem);
        if (!store_tables[i].reference && *judged(tree->mem, text) != '\0')
            fail_msg("%s: %s", judged(tree->mem, text), text);
    }
}

/* The judge of these tests is one that can say no. */
static void a_question_without_the_project_is_found(void **state)
{
    struct tree *tree = *state;
    static const char *const bad[] = {
        "SELECT sha FROM gate_run WHERE sha = $1",
        "SELECT project_id FROM gate_run WHERE sha = $1",
        "SELECT project_id FROM gate_run WHERE project_id > $1",
        "SELECT 1 FROM gate_run JOIN change ON change.change_id = gate_run.change_id"
        " WHERE gate_run.project_id = $1",
        "UPDATE deployment SET failed = 1",
        "INSERT INTO build (version, sha) VALUES ($1, $2) ON CONFLICT (version) DO NOTHING",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (*judged(tree->mem, bad[i]) == '\0')
            fail_msg("was not found: %s", bad[i]);
    assert_string_equal(judged(tree->mem, "SELECT name FROM team"), "");
    assert_string_equal(judged(tree->mem,
                               "SELECT 1 FROM team JOIN change ON change.author = team.name"
                               " WHERE change.project_id = $1"),
                        "");
}

/* The schema says the same as tables.h, in the same order, and its keys begin with project_id. */
static void the_schema_has_these_columns(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    for (int i = 0; i < TABLE_COUNT; i++) {
        const struct store_table_info *table = &store_tables[i];
        const char *columns = "", *keys = "";
        for (size_t c = 0; c < table->count; c++) {
            columns = arena_printf(tree->mem, "%s%s,", columns, table->columns[c].name);
            if (table->columns[c].role == COLUMN_KEY)
                keys = arena_printf(tree->mem, "%s%s,", keys, table->columns[c].name);
        }
        assert_string_equal(
            asked(tree, arena_printf(tree->mem,
                                     tree->far ? "SELECT string_agg(column_name || ',', '' ORDER BY"
                                                 " ordinal_position) FROM"
                                                 " information_schema.columns WHERE"
                                                 " table_name = '%s'"
                                               : "SELECT group_concat(name || ',', '')"
                                                 " FROM pragma_table_info('%s')",
                                     table->name)),
            columns);
        assert_string_equal(
            asked(tree, arena_printf(tree->mem,
                                     tree->far ? "SELECT string_agg(column_name || ',', '' ORDER BY"
                                                 " ordinal_position) FROM"
                                                 " information_schema.key_column_usage WHERE"
                                                 " table_name = '%s' AND constraint_name LIKE"
                                                 " '%%_pkey'"
                                               : "SELECT group_concat(name || ',', '') FROM (SELECT"
                                                 " name FROM pragma_table_info('%s') WHERE pk > 0"
                                                 " ORDER BY pk)",
                                     table->name)),
            keys);
        assert_true(table->reference || strncmp(keys, "project_id,", 11) == 0);
    }
    const char *count = tree->far ? "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"
                                    " AND tablename <> 'qgate_schema'"
                                  : "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'";
    assert_string_equal(asked(tree, count), arena_printf(tree->mem, "%d", TABLE_COUNT));
}

/* Every fact in four partitions, by a hash of project_id: as a sharding database has them. */
static void partition(struct tree *tree)
{
    const char *all = "";
    for (int i = 0; i < TABLE_COUNT; i++) {
        const char *name = store_tables[i].name;
        if (store_tables[i].reference)
            continue;
        all = arena_printf(tree->mem,
                           "%s ALTER TABLE %s RENAME TO whole; CREATE TABLE %s (LIKE whole"
                           " INCLUDING ALL) PARTITION BY HASH (project_id); DROP TABLE whole;",
                           all, name, name);
        for (int part = 0; part < 4; part++)
            all = arena_printf(tree->mem,
                               "%s CREATE TABLE %s_%d PARTITION OF %s FOR VALUES WITH"
                               " (MODULUS 4, REMAINDER %d);",
                               all, name, part, name, part);
    }
    asked(tree, all);
}

/* With these values in the place of $1, $2, … */
static const char *filled(struct tree *tree, const char *text)
{
    const char *out = "";
    for (size_t len; *text != '\0'; text += len) {
        len = strcspn(text, "$");
        out = arena_printf(tree->mem, "%s%.*s", out, (int)len, text);
        if (text[len] == '$') {
            len += 1 + strspn(text + len + 1, "0123456789");
            out = arena_printf(tree->mem, "%s'7'", out);
        }
    }
    return out;
}

/* How many of the four does the plan name? */
static int partitions_in(struct tree *tree, const char *plan)
{
    int count = 0;
    for (int part = 0; part < 4; part++) {
        bool named = false;
        for (int i = 0; i < TABLE_COUNT; i++) {
            const char *name = arena_printf(tree->mem, " on %s_%d ", store_tables[i].name, part);
            named |= strstr(plan, name) != NULL;
        }
        count += named;
    }
    return count;
}

/* Reference tables are on every node. */
static bool asks_for_facts(struct tree *tree, const char *text)
{
    bool asks = false;
    for (int i = 0; i < TABLE_COUNT; i++)
        asks |= !store_tables[i].reference &&
                strstr(text, arena_printf(tree->mem, " %s ", store_tables[i].name)) != NULL;
    return asks;
}

static void one_partition_answers(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    partition(tree);
    assert_int_equal(
        partitions_in(tree, asked(tree, "EXPLAIN SELECT 1 FROM gate_run WHERE sha = 'a'")), 4);
    for (int i = 0; i < QUERY_COUNT; i++) {
        const char *plan =
            asked(tree, arena_printf(tree->mem, "EXPLAIN %s", filled(tree, store_queries[i])));
        if (partitions_in(tree, plan) != asks_for_facts(tree, store_queries[i]))
            fail_msg("not one partition: %s\n%s", store_queries[i], plan);
    }
    put_evidence(tree, &main_build, "aaa", "body", 1);
    assert_nearest(tree, &main_build, "aaa", "0:body");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(every_question_names_the_project),
        ON_SQLITE(every_row_names_the_project),
        ON_SQLITE(a_question_without_the_project_is_found),
        ON_BOTH(the_schema_has_these_columns),
        ON_POSTGRES(one_partition_answers),
    };
    return cmocka_run_group_tests_name("store_keys", tests, NULL, NULL);
}
