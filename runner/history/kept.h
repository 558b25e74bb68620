/* Commits as a file keeps them, so that git need not be asked again. */
#ifndef RUNNER_HISTORY_KEPT_H
#define RUNNER_HISTORY_KEPT_H

#include "runner/history/authors.h"
#include "runner/history/commits.h"

/* What is kept of a commit beside what a chain wants to know of it. */
struct rank {
    int64_t settled_s;   /* the latest date among it and all it holds */
    uint32_t generation; /* greater than that of each parent */
    uint32_t author;     /* in the table of authors */
};

/* Writing the file costs more than reading this part of it from git a few times over. */
enum { KEPT_SHARE = 64 };

struct kept {
    struct commits commits; /* ordered by `settled_s`, `generation` and name; with room for as many
                               more as are not worth a new file */
    const struct rank *ranks; /* of each of them */
};

/* Nothing when there is no such file, or none that can be believed. Adds its authors, which keep
 * their numbers: nobody else may be among them yet. */
void kept_read(int folder, const char *name, struct authors *authors, struct arena *mem,
               struct kept *kept);

void kept_write(int folder, const char *name, const struct authors *authors,
                const struct kept *kept);

#endif
