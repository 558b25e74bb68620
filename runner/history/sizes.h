/* How large changes are: the files and lines that differ between what landed and what it landed on.
 */
#ifndef RUNNER_HISTORY_SIZES_H
#define RUNNER_HISTORY_SIZES_H

#include "runner/history/insights.h"

struct change_size {
    size_t files, added, removed; /* added and removed: lines */
};

/* Of what a commit (hexadecimal) changes beside its first parent, without the files that one of the
 * globs `ignore` matches. Renames are not followed; binary files, links and submodules have no
 * lines, and what is binary no .gitattributes says. False: it has no parent, or something cannot be
 * read: its size is not known. `known`: those of earlier runs, opened with these globs. */
NODISCARD bool history_size(const struct history *history, const char *commit,
                            const struct words *ignore, struct insights *known,
                            struct change_size *size);

#endif
