/* What a person should look at beside the verdict: files that this change touches and that decide
 * what is judged, or by what: no policy keeps a merge request from changing them.
 */
#ifndef RUNNER_COMMAND_NOTICES_H
#define RUNNER_COMMAND_NOTICES_H

#include "gates/model/change.h"
#include "runner/command/policychoice.h"

struct notices_wanted {
    const struct context *context;
    const struct workplace *place;
    const struct policy_choice *choice;
    const struct change *change;
};

/* Those of the choice, then the files by kind: of the pipeline, of the policy, reports that git
 * tracks. */
void notices_gather(const struct notices_wanted *wanted, struct arena *mem, struct words *notices);

#endif
