/* Is it good enough? Pure and total: no I/O, no clock, no globals, no error return.
 *
 * The caller brings everything: the policy, the evidence, the day. What cannot be judged is an
 * outcome (no data, error), never a pass.
 */
#ifndef GATES_JUDGE_JUDGE_H
#define GATES_JUDGE_JUDGE_H

#include "gates/judge/verdict.h"
#include "gates/model/change.h"

struct docket {
    const struct policy *policy;
    const struct evidence *now;
    const struct evidence *then; /* baseline; NULL: none */
    const char *why_no_baseline; /* when `then` is NULL, as the next two */
    const char *baseline_remedy; /* NULL: nothing but what always helps */
    enum outcome no_baseline;    /* no data or error: whatever a rule says; passed: as it says */
    const struct change *change; /* NULL: not known */
    const struct change *since_baseline; /* what changed since the baseline's commit; NULL: not
                                            known */
    const char *stage;                   /* whose gates are judged: "build" */
    const char *branch; /* target, else the branch or tag judged; NULL: not known */
    int32_t today;      /* days since 1970-01-01, UTC */
};

/* Does a rule of that stage compare with a baseline? */
bool judge_compares(const struct policy *policy, const char *stage);

void judge(const struct docket *docket, struct arena *mem, struct verdict *verdict);

#endif
