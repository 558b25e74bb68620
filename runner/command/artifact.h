/* The evidence that the target's job left behind: in the pipeline of a merge request GitLab keeps
 * it as an artifact.
 *
 * One request, only when it is asked for. What GitLab says is told apart: it has none, the token of
 * the job may not have it, or it did not answer.
 */
#ifndef RUNNER_COMMAND_ARTIFACT_H
#define RUNNER_COMMAND_ARTIFACT_H

#include "runner/context.h"

struct artifact {
    const char *name; /* "qgate-out/evidence.json of the job qgate on main" */
    const char *text; /* NULL: none, as the next three say */
    size_t len;
    const char *why_none;
    const char *remedy; /* NULL: what always helps */
    bool unanswered;    /* there may be one: GitLab did not answer, or refuses the token */
};

/* Ask for the evidence that the job of this name left on the target branch. `path` from the root;
 * NULL: where the template has it left. connect_may_read() allowed it. The text lives in `mem`. */
void artifact_ask(const struct context *context, const char *path, struct arena *mem,
                  struct artifact *artifact);

#endif
