/* What the files of this folder share; nobody else includes it. */
#ifndef RUNNER_PUBLISH_PARTS_H
#define RUNNER_PUBLISH_PARTS_H

#include "runner/publish/publish.h"

/* A publication under way: what GitLab said. */
struct edition {
    const struct publication *publication;
    struct gitlab *gitlab;
    struct arena *mem;
    struct gitlab_user user;
    struct gitlab_discussions discussions;
    size_t left_out; /* findings that have no thread because there are too many of them */
};

/* Does a text that `author` wrote end with this line, and is the author ours? */
bool edition_owns(const struct edition *edition, const struct gitlab_note *note,
                  const char *marker);

/* What the POST answered; when it was lost: is what it should have made there? Asked after the
 * discussions were listed anew. */
NODISCARD bool edition_list(struct edition *edition, struct error *err);

/* The threads at the lines of findings. */
NODISCARD bool threads_sync(struct edition *edition, struct error *err);

/* The summary. */
NODISCARD bool note_sync(struct edition *edition, struct error *err);

/* A status for each gate. */
NODISCARD bool statuses_post(struct edition *edition, struct error *err);

#endif
