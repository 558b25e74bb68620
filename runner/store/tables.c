#include "runner/store/tables.h"

#include "gates/base/arena.h"

#define KEY(column) {#column, COLUMN_KEY},
#define VALUE(column) {#column, COLUMN_VALUE},
#define AGE(column) {#column, COLUMN_AGE},
#define COLUMNS(name, NAME, reference)                                                             \
    static const struct store_column name##_columns[] = {STORE_##NAME##_COLUMNS(KEY, VALUE, AGE)}; \
    _Static_assert(sizeof(struct store_##name##_row) == sizeof name##_columns /                    \
                                                            sizeof name##_columns[0] *             \
                                                            sizeof(struct store_value),            \
                   "a row is an array of values");                                                 \
    _Static_assert(sizeof name##_columns / sizeof name##_columns[0] <= STORE_COLUMNS, "room");

/* clang-format off */
STORE_TABLES(COLUMNS)
/* clang-format on */

#define INFO(name, NAME, reference) \
    {#name, reference, name##_columns, sizeof name##_columns / sizeof name##_columns[0]},

const struct store_table_info store_tables[TABLE_COUNT] = {STORE_TABLES(INFO)};

/* The columns that have one of the roles (a set of bits), each by `form`, which takes their name,
 * or their name twice. */
static const char *list(const struct store_table_info *table, unsigned roles, bool assign,
                        struct arena *mem)
{
    const char *all = "";
    for (size_t i = 0; i < table->count; i++) {
        const struct store_column *column = &table->columns[i];
        if ((roles >> column->role & 1) == 0)
            continue;
        const char *comma = *all == '\0' ? "" : ", ";
        all = assign ? arena_printf(mem, "%s%s%s = excluded.%s", all, comma, column->name,
                                    column->name)
                     : arena_printf(mem, "%s%s%s", all, comma, column->name);
    }
    return all;
}

static const char *placeholders(size_t count, struct arena *mem)
{
    const char *all = "$1";
    for (size_t i = 2; i <= count; i++)
        all = arena_printf(mem, "%s, $%zu", all, i);
    return all;
}

/* Only what is not older than what is there: a row that was delayed, or is delivered twice, changes
 * nothing then. */
static const char *not_older(const struct store_table_info *table, struct arena *mem)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].role == COLUMN_AGE)
            return arena_printf(mem, " WHERE excluded.%s >= %s.%s", table->columns[i].name,
                                table->name, table->columns[i].name);
    return "";
}

const char *store_upsert(enum store_table number, struct arena *mem)
{
    const struct store_table_info *table = &store_tables[number];
    const unsigned keys = 1U << COLUMN_KEY, rest = 1U << COLUMN_VALUE | 1U << COLUMN_AGE;
    return arena_printf(mem, "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (%s) DO UPDATE SET %s%s",
                        table->name, list(table, keys | rest, false, mem),
                        placeholders(table->count, mem), list(table, keys, false, mem),
                        list(table, rest, true, mem), not_older(table, mem));
}
