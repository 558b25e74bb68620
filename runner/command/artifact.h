/* The evidence that the target's job left behind: in the pipeline of a merge request GitLab keeps
 * it as an artifact.
 *
 * Asked for only when it is needed: one request for what the newest successful pipeline left, which
 * the token of the job may have, and a bounded number more, with a token of the project, for those
 * nearest to a commit. What GitLab says is told apart: it has none, the token of the job may not
 * have it, or it did not answer.
 */
#ifndef RUNNER_COMMAND_ARTIFACT_H
#define RUNNER_COMMAND_ARTIFACT_H

#include "runner/context.h"
#include "runner/gitlab/connect.h"

struct artifacts {
    struct connection gitlab;
    const char *branch, *job, *path;
    const char *name;    /* "qgate-out/evidence.json of the job qgate on main" */
    struct error closed; /* why GitLab cannot be asked; no fault: it can */
};

struct artifact {
    const char *text; /* NULL: none, as the next three say */
    size_t len;
    const char *why_none;
    const char *remedy; /* NULL: what always helps */
    bool unanswered;    /* there may be one: GitLab did not answer, or refuses the token */
};

/* What the job of this name left on the target branch. `path` from the root; NULL: where the
 * template has it left. connect_may_read() allowed it. All texts live in `mem`; `artifacts` must
 * not move. */
void artifacts_open(struct artifacts *artifacts, const struct context *context, const char *path,
                    struct arena *mem);
void close_artifacts(struct artifacts *artifacts); /* for AUTO */

/* Of the newest pipeline that succeeded. */
void artifacts_newest(struct artifacts *artifacts, struct arena *mem, struct artifact *artifact);

/* Of the newest pipeline for one of these commits that has it. */
bool artifacts_may_search(const struct artifacts *artifacts);
void artifacts_search(struct artifacts *artifacts, const struct words *commits, struct arena *mem,
                      struct artifact *artifact);

#endif
