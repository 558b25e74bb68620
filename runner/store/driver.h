/* What the store asks of a database: one const struct per kind of it, in the only file that
 * includes its library. The statements are the same for all of them (tables.h, queries.h,
 * migrations/).
 *
 * FAULT_REMOTE says that it does not answer: it may, later.
 */
#ifndef RUNNER_STORE_DRIVER_H
#define RUNNER_STORE_DRIVER_H

#include "runner/store/store.h"

struct store_call {
    size_t number; /* of the statement, to remember what was prepared for it */
    const char *text;
    const struct store_value *values;
    size_t count;
    void (*row)(void *state, const struct store_value *columns); /* NULL: it has no rows */
    void *state;
};

/* Where a database is. */
struct store_address {
    const char *where; /* a path, or a URL */
    enum store_mode mode;
    bool follow; /* links on the way are followed */
};

struct store_driver {
    const char *begin; /* opens a transaction that writes */
    /* The link is there even when this fails, and wants to be closed. */
    NODISCARD bool (*open)(struct store_link **link, const struct store_address *address,
                           struct arena *mem, struct error *err);
    /* Which of the migrations it has seen, 0: none. In a transaction that writes nobody else can
     * change it until the end. False: it is another program's database. */
    NODISCARD bool (*version)(struct store_link *link, int *version, struct error *err);
    NODISCARD bool (*set_version)(struct store_link *link, int version, struct error *err);
    NODISCARD bool (*script)(struct store_link *link, const char *statements, struct error *err);
    NODISCARD bool (*run)(struct store_link *link, const struct store_call *call,
                          struct error *err);
    /* Did the last call fail because it met another transaction? Then all of it may be repeated. */
    bool (*collided)(const struct store_link *link);
    void (*close)(struct store_link *link); /* takes NULL */
};

extern const struct store_driver store_sqlite, store_postgres;

#endif
