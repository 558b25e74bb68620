/* What people see of verdicts in a merge request: one note, threads at the lines that are to blame,
 * and a status of the commit for each gate.
 *
 * Everything is found again by an exact marker on the last line *and* by its author, who is the
 * user of the token: a marker in somebody else's text means nothing. Nothing is written that stands
 * there already, so a second run is quiet. What people wrote is left alone.
 *
 * Publishing never changes a verdict. A verdict that came as a file (`untrusted`) may be anybody's:
 * from it no status becomes a success, no thread is resolved but those that carry its policy's and
 * stage's marker, and no address is shown that is not of this GitLab.
 */
#ifndef RUNNER_PUBLISH_PUBLISH_H
#define RUNNER_PUBLISH_PUBLISH_H

#include "runner/gitlab/connect.h"
#include "runner/render/render.h"

struct views {
    struct view **items;
    size_t count, room;
};

struct publication {
    struct gitlab *gitlab;
    struct publish_gitlab wanted; /* of the policy */
    struct views views;           /* of one commit; at least one */
    bool untrusted;
    const struct gitlab_job *job; /* that left the files; NULL: not known */
    const char *pipeline;         /* its number; NULL: not known */
};

/* False with err: something could not be published; what could be is there. */
NODISCARD bool publish(const struct publication *publication, struct error *err);

/* The same with a connection of its own, in place of publication->gitlab. */
NODISCARD bool publish_with(const struct context *context, const struct connect_wanted *wanted,
                            const struct publication *publication, struct arena *mem,
                            struct error *err);

#endif
