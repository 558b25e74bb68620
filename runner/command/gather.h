/* The reports a starting policy begins with: those that are given, or those that lie about; each
 * read once to know that it can be, and named by globs where several lie together.
 */
#ifndef RUNNER_COMMAND_GATHER_H
#define RUNNER_COMMAND_GATHER_H

#include "gates/policy/policy.h"
#include "runner/workplace.h"

struct gathered {
    struct report_entry entry; /* its path is a literal or a glob that matches nothing else */
    size_t files;
};

struct gathereds ARRAY(struct gathered);

/* A file that was looked at and cannot be used. */
struct left_out {
    const char *format, *path, *why;
};

struct left_outs ARRAY(struct left_out);

struct gather {
    struct gathereds entries; /* by format, then path */
    struct words paths;       /* of every file behind them */
    struct left_outs left_out;
};

/* The reports that the command line names. False: one lies outside the root, cannot be read, or is
 * none. */
NODISCARD bool gather_given(const struct workplace *place, const struct words *paths,
                            struct arena *mem, struct gather *gather, struct error *err);

/* Those that lie about by their usual names, or where the globs `also` say; never what git tracks.
 */
NODISCARD bool gather_found(const struct workplace *place, const struct words *also,
                            struct arena *mem, struct gather *gather, struct error *err);

#endif
