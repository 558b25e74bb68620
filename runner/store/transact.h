/* Transactions: all of it is written, or nothing. */
#ifndef RUNNER_STORE_TRANSACT_H
#define RUNNER_STORE_TRANSACT_H

#include "runner/store/driver.h"

/* The number of the last migration that this program knows. */
int store_newest(struct arena *mem);

/* Bring the schema up to date, one migration a transaction, forward only. */
NODISCARD bool store_migrate(struct store *store, struct error *err);

/* Write the batch to the database, and nowhere else. */
NODISCARD bool store_deliver(struct store *store, const struct store_batch *batch,
                             struct error *err);

#endif
