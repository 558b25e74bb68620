/* What this build is compared with: the target it is to be merged into, whose policy judges it, and
 * the base where its change begins.
 *
 * Chosen from what the caller names, what the pipeline says, or what the clone knows, in this
 * order; never guessed: where a commit that is named is not in the clone, why_… and `remedy` say
 * what to fetch. libgit2 cannot walk a shallow clone, so every walk is our own (walk.h).
 */
#ifndef RUNNER_HISTORY_COMPARE_H
#define RUNNER_HISTORY_COMPARE_H

#include "runner/ci.h"
#include "runner/history/history.h"

struct comparison {
    const char *target; /* for people: "main", "origin/main"; NULL: it is to be merged nowhere
                           (the default branch, a tag, a schedule, no other branch known) */
    const char *target_commit; /* its tip, hexadecimal; NULL: no target, or why_no_target */
    const char *why_no_target; /* there is a target, and its tip is not in this clone; NULL
                                  otherwise */
    const char *base; /* the commit whose tree the change is compared with; "": the first commit
                         was made of nothing; NULL: why_no_base */
    const char *why_no_base;
    const char *remedy; /* with a why_…: the command that repairs it */
    const char *branch; /* what `when: {branch}` is about, without a remote's name: of a branch or
                           tag pipeline what it builds, otherwise the target, otherwise the current
                           branch; NULL: not known */
    bool merge_request; /* of a merge-request pipeline */
};

/* `target`: --target, a branch, tag or commit; NULL: not given. `history` was opened. */
void history_compare(struct history *history, const struct ci *ci, const char *target,
                     struct arena *mem, struct comparison *comparison);

#endif
