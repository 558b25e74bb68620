/* What outlives a run: saved evidence (baselines).
 *
 * One file of SQLite, `.qgate/history.db` beneath the work tree's root, unless QGATE_STORE names
 * another place. Where it is comes from the environment or the command line, never from a policy.
 *
 * Read-only is for merge requests: nothing is created and not a byte is written, neither is the
 * schema brought up to date. A store that is not there is an answer then (`link` is NULL: "no store
 * yet"); one that is there and cannot be opened or read is an error in words.
 *
 * Read and write: what was acknowledged is on the disk, whatever happens to the process or the
 * machine after. Everything that is put has a key of its own, so a command can be repeated, or run
 * twice at once: the younger one stays.
 */
#ifndef RUNNER_STORE_STORE_H
#define RUNNER_STORE_STORE_H

#include <stdint.h>

#include "gates/base/array.h"
#include "runner/workplace.h"

struct store_driver;
struct store_link;

enum store_mode { STORE_READ, STORE_WRITE };

struct store {
    const char *name; /* for messages: a path below the root, or what QGATE_STORE says */
    const struct store_driver *driver;
    struct store_link *link; /* NULL: there is no store yet (STORE_READ) */
    struct arena *mem;
};

/* `where` NULL: the default. False: it cannot be opened, is no store of qgate, or a newer one's; a
 * store in the work tree that is a link, or that git tracks, is refused too: the branch wrote it.
 */
NODISCARD bool store_open(struct store *store, const char *where, enum store_mode mode,
                          const struct workplace *place, struct arena *mem, struct error *err);
void close_store(struct store *store); /* for AUTO */

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

/* Only with STORE_WRITE. Replaces what is not younger. False: it was not written. */
NODISCARD bool store_put_evidence(struct store *store, const struct saved_evidence *evidence,
                                  struct error *err);

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
