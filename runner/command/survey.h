/* What is known of deliveries where qgate stands: the configuration, and the estate that was
 * gathered by it. Without a configuration it is this repository, deployed by its tags.
 */
#ifndef RUNNER_COMMAND_SURVEY_H
#define RUNNER_COMMAND_SURVEY_H

#include "gates/delivery/delivery.h"
#include "runner/delivery/estate_gather.h"

struct survey_wanted {
    const struct context *context;
    const struct workplace *place; /* its repository has been looked into */
    const char *file;   /* the configuration, from the current directory; NULL: delivery.yml at the
                           root, when it is there */
    const char *as_of;  /* nothing after this day or time is known; NULL: now */
    const char *window; /* that is asked for, beside those of targets; "28d" */
    bool people;        /* who wrote changes is asked for */
};

struct survey {
    struct delivery delivery;
    struct estate estate;
};

/* `mem` must live as long as the survey. Mistakes of the configuration go to `found`: there is a
 * survey only when there is none. False with err: it could not be made. */
NODISCARD bool survey_make(const struct survey_wanted *wanted, struct arena *mem,
                           struct survey *survey, struct problems *found, struct error *err);

/* Moves *from_s back to where the first window that the rules ask for begins, in any time zone. */
void survey_reach_back(const struct rules *rules, int64_t known_s, int64_t *from_s);

/* Does one of the rules ask for what pipelines judged? */
bool survey_asks_runs(const struct rules *rules);

#endif
