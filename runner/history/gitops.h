/* Which versions the files of a GitOps repository said, commit by commit: first parents of a
 * branch, oldest first.
 *
 * Only files that a layout matches are read, and each of their states once; what was found is kept
 * in a file, so that the next run reads what is new. Needs the whole history: what a clone without
 * it would give are wrong numbers, so it is refused.
 */
#ifndef RUNNER_HISTORY_GITOPS_H
#define RUNNER_HISTORY_GITOPS_H

#include "gates/delivery/sighting.h"
#include "runner/history/history.h"
#include "runner/progress.h"

struct gitops_wanted {
    const struct delivery *delivery;
    const char *repository;    /* the name of its entry there */
    const char *branch;        /* NULL: the one that changes land on, see trunk.h */
    int cache;                 /* descriptor of a folder (folder_cache()); -1: nothing is kept */
    const char *doing;         /* for progress: "reading the history of clusters" */
    struct progress *progress; /* NULL: nobody watches */
};

/* A file that cannot be read at some commit says what it said before, until it can be read again:
 * one warning. False: there is no such branch, the clone is shallow, a `select` cannot be
 * understood or git cannot be read. */
NODISCARD bool history_sightings(const struct history *history, const struct gitops_wanted *wanted,
                                 struct arena *mem, struct sightings *sightings, struct error *err);

#endif
