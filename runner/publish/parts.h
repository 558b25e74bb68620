/* What the files of this folder share; nobody else includes it. */
#ifndef RUNNER_PUBLISH_PARTS_H
#define RUNNER_PUBLISH_PARTS_H

#include "gates/base/names.h"
#include "runner/publish/publish.h"

/* A publication under way: what GitLab said, and what has no thread although it should. */
struct edition {
    const struct publication *publication;
    struct gitlab *gitlab;
    struct arena *mem;
    struct gitlab_user user;
    struct gitlab_discussions discussions;
    size_t too_many;  /* findings beyond the most threads that are opened */
    size_t elsewhere; /* findings at lines that the merge request does not show */
    size_t refused;   /* findings whose threads GitLab did not take */
};

/* A finding that has a thread or should have one. */
struct remark {
    const struct gate *gate;
    const struct ruling *ruling;
    const struct finding *finding;
    struct finding_place place;             /* at the tip of the source branch */
    bool wanted;                            /* the policy asks for a thread */
    const struct gitlab_discussion *thread; /* that it has; NULL: none yet */
};

/* The worst first; `markers` has the last line of each one's thread at the same index. */
struct remarks {
    struct remark *items;
    size_t count, room;
    struct names markers;
};

void remarks_gather(struct edition *edition, struct remarks *remarks);
const char *remark_body(const struct edition *edition, const struct remarks *remarks, size_t i);

/* Whose threads a last line marks; NULL: none of these verdicts'. */
const struct view *remarks_view(const struct edition *edition, const char *marker);

/* The last line of a note that we wrote; NULL: somebody else did. */
const char *edition_last_line(const struct edition *edition, const struct gitlab_note *note);

/* The discussions as they are now. */
NODISCARD bool edition_list(struct edition *edition, struct error *err);

/* The threads at the lines of findings. */
NODISCARD bool threads_sync(struct edition *edition, struct error *err);

/* The summary. */
NODISCARD bool note_sync(struct edition *edition, struct error *err);

/* A status for each gate. */
NODISCARD bool statuses_post(struct edition *edition, struct error *err);

#endif
