/* Writing the verdict: files first, then standard output, so that the last line says how it ended.
 */
#ifndef RUNNER_COMMAND_OUTPUTS_H
#define RUNNER_COMMAND_OUTPUTS_H

#include "runner/exit.h"
#include "runner/render/render.h"
#include "runner/workplace.h"

/* What a verdict makes of a run; `strict`: a warning fails it. */
enum status status_of_verdict(const struct verdict *verdict, bool strict);

/* One file to write, or standard output. */
struct target {
    const struct renderer *renderer;
    const char *path;
    bool in_policy; /* the path starts at the root and must not leave it */
};

struct targets ARRAY(struct target);

/* `--output FORMAT=PATH`; the path `-` is standard output instead of the text for people. */
NODISCARD bool targets_add(struct targets *targets, const char *text, struct arena *mem,
                           struct error *err);

/* Those of the policy, which has been checked. False: one is a file that git tracks. */
NODISCARD bool targets_add_policy(struct targets *targets, const struct outputs *outputs,
                                  const struct workplace *place, struct arena *mem,
                                  struct error *err);

/* Write all of them. What cannot be written is said; the view's status becomes worse then. */
void targets_write(const struct targets *targets, const struct workplace *place, struct view *view);

#endif
