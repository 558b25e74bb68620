/* All commits that a repository's tips hold, with what delivery numbers need of each.
 *
 * Needs the whole history: what a clone without it would give are wrong numbers, so it is refused.
 * Each commit is read from git once; what was read is kept in a file, because a commit never
 * changes. Names of branches and tags do, so nothing of them is kept.
 */
#ifndef RUNNER_HISTORY_COMMITS_H
#define RUNNER_HISTORY_COMMITS_H

#include "gates/base/names.h"
#include "gates/measure/dora.h"
#include "runner/history/history.h"
#include "runner/progress.h"

struct commits_wanted {
    const struct words *tips; /* commits, hexadecimal */
    const struct words *bots; /* globs over names and addresses of authors that are programs, beside
                                 those that are known as such; NULL: none */
    struct names *people;     /* addresses of authors, by which they get their numbers: one table
                                 for all repositories whose people are counted together */
    int cache;                /* descriptor of a folder (folder_cache()); -1: nothing is kept */
    const char *doing;        /* for progress: "reading the history of ledger" */
    struct progress *progress; /* NULL: nobody watches */
};

struct commits {
    struct dora_commits all; /* in an order that depends on nothing but what they are */
    const uint32_t *by_id;   /* their indexes, in the order of their names */
};

/* What the tips hold, and nothing else. False: the clone is shallow, or something cannot be read.
 */
NODISCARD bool history_commits(const struct history *history, const struct commits_wanted *wanted,
                               struct arena *mem, struct commits *commits, struct error *err);

/* The one commit whose name begins with `hex` (lower case); DORA_NONE: none does, or several do. */
uint32_t commits_find(const struct commits *commits, const char *hex, size_t len);

#endif
