/* Where a run takes place: the root that a policy's paths start from, and its repository. */
#ifndef RUNNER_WORKPLACE_H
#define RUNNER_WORKPLACE_H

#include "runner/history/history.h"

#define POLICY_FILE ".qgate.yml" /* at the root: judges unless another policy is named */

struct workplace {
    struct history history; /* of the repository that holds the current directory */
    const char *root;       /* its root; outside a repository the current directory */
    int fd;                 /* of the root */
};

/* False: the current directory is gone, or the root cannot be opened. */
NODISCARD bool workplace_open(struct workplace *place, struct arena *mem, struct error *err);
void close_workplace(struct workplace *place); /* for AUTO */

/* Is there anything of that name in the root? */
bool workplace_has(const struct workplace *place, const char *name);

/* Where a path of the command line, from the current directory, lies below the root by its name
 * alone; NULL: it does not. Nothing need be there, and no link below the root is followed. */
const char *workplace_within(const struct workplace *place, const char *path, struct arena *mem);

/* Where the file behind a path of the command line lies below the root, links followed. *inside
 * NULL: outside. False: errno says why it cannot be found. */
NODISCARD bool workplace_resolve(const struct workplace *place, const char *path, struct arena *mem,
                                 const char **inside);

/* `path` below the root, absolute. */
const char *workplace_path(const struct workplace *place, const char *path, struct arena *mem);

#endif
