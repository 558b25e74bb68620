/* The targets of teams, judged as a policy is: a gate for each team, its targets the rules. One
 * engine says of a build and of a team whether what was demanded holds.
 */
#ifndef RUNNER_COMMAND_DORA_TARGETS_H
#define RUNNER_COMMAND_DORA_TARGETS_H

#include "gates/delivery/delivery.h"
#include "gates/judge/verdict.h"
#include "gates/measure/estate.h"

/* What targets are judged for. */
struct targets_scope {
    const char *team;        /* whose targets, an id; NULL: every team's */
    const char *service;     /* judged for this one, whoever owned it; NULL: for all that the team
                                owned */
    const char *environment; /* of the service; NULL: those of tier production */
};

/* Kept alive by the caller: the verdict points into the other two. */
struct dora_judged {
    struct policy policy; /* no gates: nobody has targets */
    struct evidence evidence;
    struct verdict verdict;
};

/* `mem` must live as long as what is judged. */
void dora_targets_judge(const struct delivery *delivery, const struct dora_estate *estate,
                        const struct targets_scope *scope, struct arena *mem,
                        struct dora_judged *judged);

#endif
