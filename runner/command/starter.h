/* A policy at today's values: it passes now and cannot get worse. */
#ifndef RUNNER_COMMAND_STARTER_H
#define RUNNER_COMMAND_STARTER_H

#include "gates/judge/judge.h"
#include "runner/command/gather.h"
#include "runner/command/pipeline.h"

struct starter {
    const struct gather *gather;
    const struct pipeline_reports *absent; /* named in the pipeline file, not here */
    const struct evidence *evidence;       /* what the gathered entries say */
    const char *branch;                    /* NULL: not known */
    int32_t today;
    struct arena *mem;
    const char *text; /* the policy; filled by starter_write() */
    size_t gates, rules;
};

/* False: nothing can be demanded of these reports, or they cannot be named in a policy. */
NODISCARD bool starter_write(struct starter *starter, struct error *err);

#endif
