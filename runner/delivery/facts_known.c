/* What the store says already is not written again: a second run costs what is new. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "runner/delivery/facts_parts.h"

/* The tables that grow. */
static const struct {
    enum store_table table;
    enum store_query query;
} large[] = {
    {TABLE_CHANGE, QUERY_ALL_CHANGES},
    {TABLE_CHANGE_COMMIT, QUERY_ALL_COMMITS},
    {TABLE_DEPLOYMENT, QUERY_ALL_DEPLOYMENTS},
    {TABLE_DEPLOYMENT_CHANGE, QUERY_ALL_BINDINGS},
};

enum { LARGE = sizeof large / sizeof large[0] };

/* Rows that are there, each as one text. */
struct known {
    struct arena *mem;
    enum store_table table; /* of the rows that come */
    struct names rows;
    struct ARRAY(char) text; /* of the last row */
};

static void add(struct known *known, const char *text)
{
    for (; *text != '\0'; text++)
        array_push(known->mem, &known->text, *text);
}

static void write_row(struct known *known, enum store_table table,
                      const struct store_value *columns)
{
    char number[32];
    known->text.count = 0;
    add(known, store_tables[table].name);
    for (size_t i = 0; i < store_tables[table].count; i++) {
        const struct store_value *value = &columns[i];
        bool is_text = value->kind == STORE_TEXT; /* its length: no text looks like two */
        snprintf(number, sizeof number, is_text ? " t%" PRId64 ":" : " %" PRId64,
                 is_text ? (int64_t)strlen(value->text) : value->integer);
        add(known, value->kind == STORE_NULL ? " -" : number);
        add(known, is_text ? value->text : "");
    }
}

static void take_row(void *state, const struct store_value *columns)
{
    struct known *known = state;
    write_row(known, known->table, columns);
    names_add(&known->rows, known->text.items, known->text.count);
}

static bool read_rows(struct facts_writer *w, struct known *known, int64_t project,
                      struct error *err)
{
    const struct store_value value = store_integer(project);
    for (size_t i = 0; i < LARGE; i++) {
        const struct store_question question = {large[i].query, &value, 1, take_row, known};
        known->table = large[i].table;
        if (!store_ask(w->store, &question, err))
            return false;
    }
    return true;
}

/* Two services may tell the same, too. */
static void drop_known(struct store_batch *batch, struct known *known)
{
    size_t kept = 0;
    for (size_t i = 0; i < batch->entries.count; i++) {
        const struct store_entry *entry = &batch->entries.items[i];
        size_t count = known->rows.texts.count;
        write_row(known, entry->table, entry->values);
        if (names_add(&known->rows, known->text.items, known->text.count) == count)
            batch->entries.items[kept++] = *entry;
    }
    batch->entries.count = kept;
}

bool facts_drop_known(struct facts_writer *w, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct known known = {.mem = mem};
    struct names projects;
    names_init(&known.rows, mem);
    names_init(&projects, mem);
    for (size_t i = 0; i < w->units.count; i++) {
        int64_t project = w->units.items[i].project.id;
        if (fact_note(&projects, mem, project, "") && !read_rows(w, &known, project, err))
            return false;
    }
    drop_known(&w->batch, &known);
    return true;
}
