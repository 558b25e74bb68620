/* Walking commits, knowing of .git/shallow: a commit named there has no parents in this clone. */
#ifndef RUNNER_HISTORY_WALK_H
#define RUNNER_HISTORY_WALK_H

#include "runner/history/history.h"

enum walk_end {
    WALK_FOUND,   /* an answer */
    WALK_NONE,    /* there is none: unrelated histories */
    WALK_SHALLOW, /* the clone ends before the answer is certain */
    WALK_BROKEN,  /* an object is missing or unreadable; history->why_not is not touched */
};

/* The best common ancestor, as `git merge-base` names it. Commits hexadecimal. */
enum walk_end walk_merge_base(const struct history *history, const char *one, const char *other,
                              struct arena *mem, const char **base);

/* A commit and its first-parent ancestors, itself first, at most `most` of them. WALK_FOUND: as
 * many as wanted or all there are; WALK_SHALLOW: cut off by the clone; the list is right as far as
 * it goes. */
enum walk_end walk_first_parents(const struct history *history, const char *commit, size_t most,
                                 struct arena *mem, struct words *commits);

/* Says of a commit that is not there why; always false. */
bool walk_missing(const struct history *history, const char *hex, struct arena *mem,
                  struct error *err);

#endif
