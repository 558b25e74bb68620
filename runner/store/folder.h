/* `.qgate` beneath the work tree's root: where the store lies when nobody says otherwise, and what
 * waits for one.
 *
 * The work tree is the branch's, so nothing in it is trusted: no link is followed, and a file that
 * git tracks is not ours.
 */
#ifndef RUNNER_STORE_FOLDER_H
#define RUNNER_STORE_FOLDER_H

#include "runner/workplace.h"

#define STORE_FOLDER ".qgate"
#define STORE_FILE "history.db"
#define STORE_PATH STORE_FOLDER "/" STORE_FILE
#define CACHE_FOLDER "cache"
#define CACHE_PATH STORE_FOLDER "/" CACHE_FOLDER
#define SPOOL_FILE "spool.jsonl"
#define SPOOL_PATH STORE_FOLDER "/" SPOOL_FILE
#define PEOPLE_FILE "people.key"
#define PEOPLE_PATH STORE_FOLDER "/" PEOPLE_FILE

/* A descriptor, or -1: there is none (err untouched; not with `create`), or something else is in
 * the way. With `create` it is made, with a `.gitignore` of its own so that git never sees it. */
int folder_open(const struct workplace *place, bool create, struct error *err);

/* The same of the folder in it for what was fetched or can be found again. */
int folder_cache(const struct workplace *place, bool create, struct error *err);

/* Is there a database in it? False: something else is in the way. */
NODISCARD bool folder_check(const struct workplace *place, bool create, bool *there,
                            struct error *err);

#endif
