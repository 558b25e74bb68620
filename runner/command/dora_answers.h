/* From an estate to what `qgate dora` shows: which services and teams are asked for, their numbers
 * in the window, and their teams' targets.
 */
#ifndef RUNNER_COMMAND_DORA_ANSWERS_H
#define RUNNER_COMMAND_DORA_ANSWERS_H

#include "gates/delivery/delivery.h"
#include "runner/render/dora.h"

/* NULL: it is not said. */
struct dora_wanted {
    const struct delivery *delivery;
    const struct estate *estate;
    const char *service, *team, *environment;
    const char *window; /* "28d"; never NULL */
    const enum dora_compat *compat;
};

/* The answers, window and configuration of the view. False: what is asked for is not there. */
NODISCARD bool dora_answer(const struct dora_wanted *asked, struct arena *mem,
                           struct dora_view *view, struct error *err);

/* Is anything known of what is asked? */
bool dora_is_answered(const struct dora_view *view);

#endif
