/* What the store asks of a database: one const struct per kind of it, in the only file that
 * includes its library. The statements are the same for all of them (queries.h).
 */
#ifndef RUNNER_STORE_DRIVER_H
#define RUNNER_STORE_DRIVER_H

#include "runner/store/queries.h"
#include "runner/store/store.h"

enum { STORE_COLUMNS = 32 }; /* of a row, at most */

enum store_kind { STORE_NULL, STORE_INTEGER, STORE_REAL, STORE_TEXT };

struct store_value {
    enum store_kind kind;
    int64_t integer;
    double real;
    const char *text; /* of a row: never NULL, until the next one */
};

struct store_call {
    enum store_query query;
    const struct store_value *values;
    size_t count;
    /* Called for every row; NULL when there are none. Never fails: it keeps what it wants. */
    void (*row)(void *state, const struct store_value *columns);
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
    NODISCARD bool (*open)(struct store_link **link, const struct store_address *address,
                           struct arena *mem, struct error *err);
    /* Which of the migrations it has seen, 0: an empty database. False: it is another program's. */
    NODISCARD bool (*version)(struct store_link *link, int *version, struct error *err);
    NODISCARD bool (*set_version)(struct store_link *link, int version, struct error *err);
    NODISCARD bool (*script)(struct store_link *link, const char *statements, struct error *err);
    NODISCARD bool (*run)(struct store_link *link, const struct store_call *call,
                          struct error *err);
    void (*close)(struct store_link *link); /* takes NULL */
};

extern const struct store_driver store_sqlite;

static inline struct store_value store_integer(int64_t integer)
{
    return (struct store_value){.kind = STORE_INTEGER, .integer = integer};
}

static inline struct store_value store_text(const char *text) /* NULL is NULL */
{
    return (struct store_value){.kind = text == NULL ? STORE_NULL : STORE_TEXT, .text = text};
}

#endif
