/* Deployments as a repository tells them by its tags, and all commits that they hold.
 *
 * Needs the whole history: what a clone without it would give are wrong numbers, so it is refused.
 */
#ifndef RUNNER_HISTORY_RELEASES_H
#define RUNNER_HISTORY_RELEASES_H

#include "gates/measure/dora.h"
#include "runner/history/history.h"
#include "runner/progress.h"

struct releases_wanted {
    const char *glob;
    int cache; /* as in struct commits_wanted */
    struct progress *progress;
};

/* `glob` as in gates/base/glob.h, of the name behind refs/tags/. An annotated tag was deployed when
 * it was made, any other when its commit was. Tags of files and folders are none of ours. Fills
 * commits and deployments. False: the clone is shallow, or something cannot be read. */
NODISCARD bool history_releases(const struct history *history, const struct releases_wanted *wanted,
                                struct arena *mem, struct dora_chain *chain, struct error *err);

#endif
