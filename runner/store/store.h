/* What outlives a run: saved evidence (baselines), deliveries, and what gates measured.
 *
 * One file of SQLite, `.qgate/history.db` beneath the work tree's root, unless QGATE_STORE names
 * another file, or a PostgreSQL by its URL. Where it is comes from the environment or the command
 * line, never from a policy.
 *
 * Read-only is for merge requests: nothing is created and not a byte is written, neither is the
 * schema brought up to date. A store that is not there is an answer then (`link` is NULL: "no store
 * yet"); one that is there and cannot be opened or read is an error in words.
 *
 * Read and write: what was acknowledged is on a disk, whatever happens to the process or the
 * machine after. A store that does not answer is no error: what is written waits in
 * `.qgate/spool.jsonl` and the next run that writes delivers it first, in order; what is asked is
 * an error.
 *
 * Every row has a key of its own making (tables.h), so a command can be repeated, or run twice at
 * once: the younger row stays.
 */
#ifndef RUNNER_STORE_STORE_H
#define RUNNER_STORE_STORE_H

#include "gates/base/array.h"
#include "runner/store/queries.h"
#include "runner/store/tables.h"
#include "runner/workplace.h"

struct store_driver;
struct store_link;

enum store_mode { STORE_READ, STORE_WRITE };

struct store {
    const char *name; /* for messages: a file, or the host of a URL; never a secret */
    const struct store_driver *driver;
    struct store_link *link;  /* NULL: there is no store yet (STORE_READ), or `away` */
    const struct error *away; /* why it does not answer (STORE_WRITE); NULL: it does */
    size_t spooled;           /* batches that wait for it, of this run */
    int version;              /* of its schema */
    const struct workplace *place;
    struct arena *mem;
    const char *texts[TABLE_COUNT + QUERY_COUNT]; /* the statements that were used so far */
};

/* `where` NULL: the default; `place` outlives the store and its history is open (history_open).
 * False: it cannot be opened, is no store of qgate, or a newer one's; a store in the work tree that
 * is a link, or that git tracks, is refused too: the branch wrote it. */
NODISCARD bool store_open(struct store *store, const char *where, enum store_mode mode,
                          const struct workplace *place, struct arena *mem, struct error *err);
/* Is it one of an older qgate's? Opened to write it no longer is. */
bool store_is_older(const struct store *store);

void close_store(struct store *store); /* for AUTO */

/* Rows that are written together, or not at all. Their texts live until then. */
struct store_entry {
    enum store_table table;
    const struct store_value *values; /* one per column */
};

struct store_batch {
    struct arena *mem; /* named by whoever fills it */
    struct ARRAY(struct store_entry) entries;
};

/* Use store_put_TABLE(batch, row). */
void store_put(struct store_batch *batch, enum store_table table, const struct store_value *row);

#define STORE_PUT(name, NAME, reference)                                      \
    static inline void store_put_##name(struct store_batch *batch,            \
                                        const struct store_##name##_row *row) \
    {                                                                         \
        store_put(batch, TABLE_##NAME, (const struct store_value *)row);      \
    }

/* clang-format off */
STORE_TABLES(STORE_PUT)
/* clang-format on */

/* Only with STORE_WRITE. True: it is in the store, or waits in the spool. */
NODISCARD bool store_write(struct store *store, const struct store_batch *batch, struct error *err);

struct store_question {
    enum store_query query;
    const struct store_value *values;
    size_t count;
    /* Called for every row. Never fails: it keeps what it wants. NULL: there are none. */
    void (*row)(void *state, const struct store_value *columns);
    void *state;
};

/* No store yet: no rows. */
NODISCARD bool store_ask(struct store *store, const struct store_question *question,
                         struct error *err);

/* Whose evidence: all of it together is the key, with the commit. */
struct saved_for {
    int64_t project_id;      /* 0: no project known, a laptop */
    const char *stage;       /* "build" */
    const char *policy_name; /* ".qgate.yml" */
};

/* One run's evidence of the commit `sha`; `body` is text of the caller's. */
struct saved_evidence {
    struct saved_for of;
    const char *sha; /* hexadecimal */
    const char *body;
    int64_t created_ms; /* since 1970, UTC */
};

/* store_write() of one row, together with what `batch` holds. The newest 500 of a project, stage
 * and policy are kept. */
NODISCARD bool store_put_evidence(struct store *store, const struct saved_evidence *evidence,
                                  struct store_batch *batch, struct error *err);

struct nearest_evidence {
    const char *body; /* NULL: there is none for any of the commits */
    size_t distance;  /* which of the commits it is of */
    int64_t created_ms;
};

/* The evidence of the first of these commits that has some; it lives in `mem`. */
NODISCARD bool store_nearest_evidence(struct store *store, const struct saved_for *of,
                                      const struct words *commits, struct arena *mem,
                                      struct nearest_evidence *nearest, struct error *err);

#endif
