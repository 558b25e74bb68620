/* From what the environment or the command line says to a GitLab that can be asked.
 *
 * A token goes only to the host that stands beside it there: never to one that a report, a policy,
 * a verdict or an answer names.
 */
#ifndef RUNNER_GITLAB_CONNECT_H
#define RUNNER_GITLAB_CONNECT_H

#include "runner/context.h"
#include "runner/gitlab/gitlab.h"
#include "runner/http/curl.h"

/* What the command line names; NULL: what the environment says. */
struct connect_wanted {
    const char *server;        /* "https://gitlab.example" */
    const char *project;       /* its number or path */
    const char *merge_request; /* its number */
    bool dry_run; /* requests that would change something are printed instead of sent */
    bool reading; /* no merge request is needed, and the token of the job will do */
};

struct connection {
    struct wire *wire;
    struct http http;
    struct token token;
    struct gitlab gitlab;
    struct transport under; /* of a dry run */
};

/* Why GitLab cannot be asked: no merge request, no address, no token; NULL: it can be tried. */
const char *connect_why_not(const struct context *context, const struct connect_wanted *wanted,
                            struct arena *mem);

/* In the pipeline of a merge request: can its target be read? */
bool connect_may_read(const struct context *context, struct arena *mem);

/* `connection` must not move any more. False: what is named is no address, number or token. */
NODISCARD bool connect_open(struct connection *connection, const struct context *context,
                            const struct connect_wanted *wanted, struct arena *mem,
                            struct error *err);

void close_connection(struct connection *connection); /* for AUTO */

#endif
