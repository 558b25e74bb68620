/* Transactions: all of it is written, or nothing. */
#ifndef RUNNER_STORE_TRANSACT_H
#define RUNNER_STORE_TRANSACT_H

#include "runner/store/driver.h"

/* Bring the schema up to date, one migration a transaction, forward only. */
NODISCARD bool store_migrate(struct store *store, struct error *err);

/* The migrations that this program knows. */
int store_newest(struct arena *mem);

NODISCARD bool store_write(struct store *store, const struct store_call *calls, size_t count,
                           struct error *err);

#endif
