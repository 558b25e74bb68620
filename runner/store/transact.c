#include "runner/store/transact.h"

#include "gates/policies/embedded.h"

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

/* Ends a transaction; what failed inside of it stays the error. */
static bool end(struct store *store, bool good, struct error *err)
{
    if (good && store->driver->script(store->link, "COMMIT", err))
        return true;
    struct error also = {0};
    (void)!store->driver->script(store->link, "ROLLBACK", &also);
    return false;
}

/* The version is asked for again inside of the transaction: another process may have been faster.
 */
static bool step(struct store *store, int number, struct error *err)
{
    const struct store_driver *driver = store->driver;
    int version;
    return driver->version(store->link, &version, err) &&
           (version >= number || (driver->script(store->link, migration(number, store->mem), err) &&
                                  driver->set_version(store->link, number, err)));
}

bool store_migrate(struct store *store, struct error *err)
{
    int newest = store_newest(store->mem), version;
    if (!store->driver->version(store->link, &version, err))
        return false;
    while (version < newest)
        if (!store->driver->script(store->link, store->driver->begin, err) ||
            !end(store, step(store, ++version, err), err))
            return false;
    return true;
}

bool store_write(struct store *store, const struct store_call *calls, size_t count,
                 struct error *err)
{
    if (!store->driver->script(store->link, store->driver->begin, err))
        return false;
    bool good = true;
    for (size_t i = 0; good && i < count; i++)
        good = store->driver->run(store->link, &calls[i], err);
    return end(store, good, err);
}
