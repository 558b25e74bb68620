/* Finding files by globs, below a directory. */
#ifndef RUNNER_DISCOVER_DISCOVER_H
#define RUNNER_DISCOVER_DISCOVER_H

#include "gates/base/array.h"

/* What to look for. */
struct hunt {
    int root;           /* descriptor; nothing above it is looked at */
    struct words globs; /* relative; a file needs to match one */
    const char *const
        *ignore; /* names of directories that are passed over, NULL-terminated; may be NULL */
};

struct found {
    struct words paths;  /* sorted, each once, relative to the root; at most LIMIT_FILES */
    struct words closed; /* directories that could not be looked into, and why */
};

/* Everything but directories that matches. Directories whose name begins with `.` are entered only
 * when a glob names them, `.git` never, links to directories never. False when a ceiling is passed.
 */
NODISCARD bool discover(const struct hunt *hunt, struct arena *mem, struct found *found,
                        struct error *err);

#endif
