#include "runner/store/transact.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gates/policies/embedded.h"

enum { TRIES = 25, PAUSE_NS = 20000000 };

static const char *migration(int number, struct arena *mem)
{
    const struct embedded *file = embedded_named(arena_printf(mem, "migration/%04d", number));
    return file == NULL ? NULL : file->text;
}

int store_newest(struct arena *mem)
{
    int number = 0;
    while (migration(number + 1, mem) != NULL)
        number++;
    return number;
}

static bool attempt(struct store *store, const struct store_task *task, bool *again,
                    struct error *err)
{
    const struct store_driver *driver = store->driver;
    *again = false;
    if (!driver->script(store->link, driver->begin, err))
        return false;
    if (task->run(store, task->job, err) && driver->script(store->link, "COMMIT", err))
        return true;
    *again = driver->collided(store->link);
    struct error also = {0}; /* what failed first is the error */
    (void)!driver->script(store->link, "ROLLBACK", &also);
    return false;
}

bool store_transact(struct store *store, const struct store_task *task, struct error *err)
{
    const struct error before = *err;
    bool again = true, done = false;
    for (long try = 0; again && try < TRIES && !done; try++) {
        const struct timespec pause = {0, try * PAUSE_NS};
        nanosleep(&pause, NULL);
        *err = before;
        done = attempt(store, task, &again, err);
    }
    return done;
}

/* The version is asked for inside of the transaction: another process may have been faster. */
static bool migrate_to(struct store *store, const void *job, struct error *err)
{
    const struct store_driver *driver = store->driver;
    const int *number = job;
    return driver->version(store->link, &store->version, err) &&
           (store->version >= *number ||
            (driver->script(store->link, migration(*number, store->mem), err) &&
             driver->set_version(store->link, *number, err)));
}

bool store_migrate(struct store *store, struct error *err)
{
    int newest = store_newest(store->mem);
    for (int number = store->version + 1; number <= newest; number++)
        if (!store_transact(store, &(struct store_task){migrate_to, &number}, err))
            return false;
    store->version = newest;
    return true;
}

static const char *upsert(struct store *store, enum store_table table)
{
    if (store->texts[table] == NULL)
        store->texts[table] = store_upsert(table, store->mem);
    return store->texts[table];
}

static bool write_all(struct store *store, const void *job, struct error *err)
{
    for (const struct store_entry *const *entries = job; *entries != NULL; entries++) {
        const struct store_entry *entry = *entries;
        const struct store_call call = {.number = entry->table,
                                        .text = upsert(store, entry->table),
                                        .values = entry->values,
                                        .count = store_tables[entry->table].count};
        if (!store->driver->run(store->link, &call, err))
            return false;
    }
    return true;
}

static int compare_values(const struct store_value *a, const struct store_value *b)
{
    if (a->kind == STORE_TEXT && b->kind == STORE_TEXT)
        return strcmp(a->text, b->text);
    return (a->integer > b->integer) - (a->integer < b->integer);
}

/* By table, by key, and of one key as they came. */
static int compare_entries(const void *left, const void *right)
{
    const struct store_entry *const *a = left, *const *b = right;
    int order = (int)(*a)->table - (int)(*b)->table;
    const struct store_table_info *table = &store_tables[(*a)->table];
    for (size_t i = 0; order == 0 && i < table->count; i++)
        if (table->columns[i].role == COLUMN_KEY)
            order = compare_values(&(*a)->values[i], &(*b)->values[i]);
    return order != 0 ? order : (*a > *b) - (*a < *b);
}

bool store_deliver(struct store *store, const struct store_batch *batch, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    size_t count = batch->entries.count;
    const struct store_entry **entries = arena_alloc(mem, (count + 1) * sizeof *entries);
    for (size_t i = 0; i < count; i++)
        entries[i] = &batch->entries.items[i];
    /* Everybody writes in the same order: no two batches wait for each other. */
    qsort(entries, count, sizeof *entries, compare_entries);
    return store_transact(store, &(struct store_task){write_all, entries}, err);
}
