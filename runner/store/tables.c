#include "runner/store/tables.h"

#include "gates/base/arena.h"

#define KEY(column) {#column, COLUMN_KEY},
#define VALUE(column) {#column, COLUMN_VALUE},
#define LASTING(column) {#column, COLUMN_LASTING},
#define AGE(column) {#column, COLUMN_AGE},
#define COLUMNS(name, NAME, reference)                                                  \
    static const struct store_column name##_columns[] = {                               \
        STORE_##NAME##_COLUMNS(KEY, VALUE, LASTING, AGE)};                              \
    _Static_assert(sizeof(struct store_##name##_row) == sizeof name##_columns /         \
                                                            sizeof name##_columns[0] *  \
                                                            sizeof(struct store_value), \
                   "a row is an array of values");                                      \
    _Static_assert(sizeof name##_columns / sizeof name##_columns[0] <= STORE_COLUMNS, "room");

/* clang-format off */
STORE_TABLES(COLUMNS)
/* clang-format on */

#define INFO(name, NAME, reference) \
    {#name, reference, name##_columns, sizeof name##_columns / sizeof name##_columns[0]},

const struct store_table_info store_tables[TABLE_COUNT] = {STORE_TABLES(INFO)};

/* The columns that have one of the roles (a set of bits). */
static const char *list(const struct store_table_info *table, unsigned roles, struct arena *mem)
{
    const char *all = "";
    for (size_t i = 0; i < table->count; i++)
        if ((roles >> table->columns[i].role & 1) != 0)
            all =
                arena_printf(mem, "%s%s%s", all, *all == '\0' ? "" : ", ", table->columns[i].name);
    return all;
}

static const struct store_column *with_role(const struct store_table_info *table,
                                            enum store_role role)
{
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].role == role)
            return &table->columns[i];
    return NULL;
}

/* "is the row that comes not older than the one that is there?" */
static const char *not_older(const struct store_table_info *table, struct arena *mem)
{
    const char *age = with_role(table, COLUMN_AGE)->name;
    return arena_printf(mem, "excluded.%s >= %s.%s", age, table->name, age);
}

/* The younger of two values that both may not be known. */
static const char *younger(const struct store_table_info *table, const char *name,
                           struct arena *mem)
{
    const char *new_one = arena_printf(mem, "excluded.%s", name);
    const char *old_one = arena_printf(mem, "%s.%s", table->name, name);
    return arena_printf(mem, "CASE WHEN %s THEN COALESCE(%s, %s) ELSE COALESCE(%s, %s) END",
                        not_older(table, mem), new_one, old_one, old_one, new_one);
}

/* What becomes of a row that is there. */
static const char *assignments(const struct store_table_info *table, struct arena *mem)
{
    bool lasts = with_role(table, COLUMN_LASTING) != NULL;
    const char *all = "";
    for (size_t i = 0; i < table->count; i++) {
        const char *name = table->columns[i].name;
        if (table->columns[i].role == COLUMN_KEY)
            continue;
        const char *value =
            lasts ? younger(table, name, mem) : arena_printf(mem, "excluded.%s", name);
        all = arena_printf(mem, "%s%s%s = %s", all, *all == '\0' ? "" : ", ", name, value);
    }
    /* a row that was delayed, or is delivered twice, changes nothing */
    return lasts || with_role(table, COLUMN_AGE) == NULL
               ? all
               : arena_printf(mem, "%s WHERE %s", all, not_older(table, mem));
}

static const char *placeholders(size_t count, struct arena *mem)
{
    const char *all = "$1";
    for (size_t i = 2; i <= count; i++)
        all = arena_printf(mem, "%s, $%zu", all, i);
    return all;
}

const char *store_upsert(enum store_table number, struct arena *mem)
{
    const struct store_table_info *table = &store_tables[number];
    const unsigned keys = 1U << COLUMN_KEY, all = ~0U;
    return arena_printf(mem, "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (%s) DO UPDATE SET %s",
                        table->name, list(table, all, mem), placeholders(table->count, mem),
                        list(table, keys, mem), assignments(table, mem));
}
