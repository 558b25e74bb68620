/* Transactions: all of it is written, or nothing. */
#ifndef RUNNER_STORE_TRANSACT_H
#define RUNNER_STORE_TRANSACT_H

#include "runner/store/driver.h"

struct store_task {
    bool (*run)(struct store *store, const void *job, struct error *err);
    const void *job;
};

/* Two that write the same rows, or make the same table, may get in each other's way: the database
 * lets one of them win, and the other's task is run anew. */
NODISCARD bool store_transact(struct store *store, const struct store_task *task,
                              struct error *err);

/* The number of the last migration that this program knows. */
int store_newest(struct arena *mem);

/* Bring the schema up to date, one migration a transaction, forward only. */
NODISCARD bool store_migrate(struct store *store, struct error *err);

/* Write the batch to the database, and nowhere else. */
NODISCARD bool store_deliver(struct store *store, const struct store_batch *batch,
                             struct error *err);

#endif
