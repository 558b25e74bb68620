/* How two policies differ, rule by rule: what a branch would make of the policy that judges it.
 *
 * Rules are paired by what they are about (gate, list, left side, when, each, enforce_from). A
 * difference that cannot be told to demand more or less is `changed`; what only may demand less is
 * loosened: never the other way round.
 */
#ifndef GATES_POLICY_DIFFERENCE_H
#define GATES_POLICY_DIFFERENCE_H

#include "gates/policy/policy.h"

enum difference_kind { DIFFERENCE_LOOSENED, DIFFERENCE_CHANGED, DIFFERENCE_TIGHTENED };

const char *difference_name(enum difference_kind kind); /* "loosened" */

struct difference {
    enum difference_kind kind;
    const char *what;           /* "unit test: new(coverage.lines)", "waiver added" */
    const char *before, *after; /* as written, or "" where there is none */
    struct place at;            /* in the second policy; of what it lacks, in the first */
};

struct differences ARRAY(struct difference);

/* Loosened first, then changed, then tightened; each in the order of the policies. */
void policy_differences(const struct policy *before, const struct policy *after, struct arena *mem,
                        struct differences *out);

#endif
