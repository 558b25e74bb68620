#include "runner/store/store.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "gates/base/text.h"
#include "runner/store/folder.h"
#include "runner/store/spool.h"
#include "runner/store/transact.h"

static bool find_url(struct store *store, const char *where, struct error *err)
{
    store->name = "QGATE_STORE"; /* a URL may hold a password */
    if (strncmp(where, "postgres://", 11) != 0 && strncmp(where, "postgresql://", 13) != 0) {
        error_set(err, FAULT_USAGE, "there is no store behind such an address");
        return error_hint(err, "name a file, ./FILE where its name has : @ or =, or a PostgreSQL: "
                               "postgresql://USER@HOST/DATABASE");
    }
#ifdef WITHOUT_POSTGRES
    error_set(err, FAULT_USAGE, "this qgate was built without PostgreSQL");
    return error_hint(err, "name a file, or build it with WITH_POSTGRES=1");
#else
    store->driver = &store_postgres;
    return true;
#endif
}

/* Not a path? One that may be an address with a mistake in it, and so hold a password, would be
 * made as a file, and shown. */
static bool is_address(const char *where)
{
    bool plain = *where == '/' || *where == '.';
    return strstr(where, "://") != NULL || (!plain && strpbrk(where, ":@=") != NULL);
}

/* Which driver, and is there anything to open? */
static bool find(struct store *store, const char *where, struct store_address *address, bool *there,
                 struct error *err)
{
    store->driver = &store_sqlite;
    if (where == NULL) {
        store->name = STORE_PATH;
        address->where = workplace_path(store->place, STORE_PATH, store->mem);
        return folder_check(store->place, address->mode == STORE_WRITE, there, err);
    }
    store->name = address->where = where;
    address->follow = *there = true;
    if (is_address(where))
        return find_url(store, where, err);
    struct stat now;
    *there = stat(where, &now) == 0;
    return !*there || S_ISREG(now.st_mode) || error_set(err, FAULT_USAGE, "is not a file");
}

/* A store that only lacks its schema (a process was killed while it made it) is none yet. */
static bool check_version(struct store *store, enum store_mode mode, struct error *err)
{
    int newest = store_newest(store->mem);
    if (!store->driver->version(store->link, &store->version, err))
        return false;
    if (store->version > newest) {
        error_set(err, FAULT_SYSTEM,
                  "was written by a newer qgate: its schema is %d, this one knows %d",
                  store->version, newest);
        return error_hint(err, "update qgate here");
    }
    if (mode == STORE_WRITE)
        return store_migrate(store, err);
    if (store->version == 0)
        close_store(store);
    return true;
}

/* It does not answer: what is written from now on waits. */
static void go_away(struct store *store, struct error *err)
{
    struct error *why = arena_new_item(store->mem, struct error);
    error_at(err, store->name, 0, 0);
    *why = *err;
    *err = (struct error){0};
    close_store(store);
    store->away = why;
}

bool store_open(struct store *store, const char *where, enum store_mode mode,
                const struct workplace *place, struct arena *mem, struct error *err)
{
    struct store_address address = {.mode = mode};
    bool there = false;
    *store = (struct store){.mem = mem, .place = place};
    bool opened =
        find(store, where, &address, &there, err) &&
        ((!there && mode == STORE_READ) || (store->driver->open(&store->link, &address, mem, err) &&
                                            check_version(store, mode, err)));
    if (opened)
        return true;
    if (mode == STORE_WRITE && err->fault == FAULT_REMOTE) {
        go_away(store, err);
        return true;
    }
    close_store(store);
    return error_at(err, store->name, 0, 0);
}

bool store_is_older(const struct store *store)
{
    return store->link != NULL && store->version < store_newest(store->mem);
}

void close_store(struct store *store)
{
    if (store->driver != NULL)
        store->driver->close(store->link);
    store->link = NULL;
}

/* Both databases and the spool shall keep the same: what is no number is not known, and a text is
 * UTF-8. */
static struct store_value sane(struct store_value value, struct arena *mem)
{
    if (value.kind == STORE_REAL && !isfinite(value.real))
        return (struct store_value){0};
    if (value.kind != STORE_TEXT)
        return value;
    size_t len = strlen(value.text), at = 0, size = 1;
    while (at < len && (size = utf8_length(value.text + at, len - at)) > 0)
        at += size;
    if (at < len) {
        char *text = arena_copy(mem, value.text, len);
        text_clean(text, len);
        value.text = text;
    }
    return value;
}

void store_put(struct store_batch *batch, enum store_table table, const struct store_value *row)
{
    size_t count = store_tables[table].count;
    struct store_value *values = arena_alloc(batch->mem, count * sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = sane(row[i], batch->mem);
    array_push(batch->mem, &batch->entries, ((struct store_entry){table, values}));
}

bool store_write(struct store *store, const struct store_batch *batch, struct error *err)
{
    if (store->away == NULL) {
        if (spool_deliver(store, err) && store_deliver(store, batch, err))
            return true;
        if (err->fault != FAULT_REMOTE)
            return error_at(err, store->name, 0, 0);
        go_away(store, err);
    }
    store->spooled++;
    return spool_add(store->place, batch, err);
}

static bool say_away(const struct store *store, struct error *err)
{
    error_set(err, FAULT_REMOTE, "%s", store->away->what);
    error_hint(err, "%s", store->away->hint);
    return error_at(err, store->away->where, 0, 0);
}

bool store_ask(struct store *store, const struct store_question *question, struct error *err)
{
    if (store->link == NULL)
        return store->away == NULL || say_away(store, err);
    const struct store_call call = {.number = (size_t)TABLE_COUNT + question->query,
                                    .text = store_queries[question->query],
                                    .values = question->values,
                                    .count = question->count,
                                    .row = question->row,
                                    .state = question->state};
    if (store->driver->run(store->link, &call, err))
        return true;
    if (store_is_older(store))
        error_hint(
            err,
            "it is an older qgate's, its schema is %d and not %d: a job that may write brings "
            "it up to date, qgate check on the target branch or qgate collect",
            store->version, store_newest(store->mem));
    return error_at(err, store->name, 0, 0);
}
