/* Which policy judges a run: the one at the target's tip wherever there is a target, for no branch
 * may loosen what it is judged by; and what the branch would make of it.
 */
#ifndef RUNNER_COMMAND_POLICYCHOICE_H
#define RUNNER_COMMAND_POLICYCHOICE_H

#include "gates/policy/difference.h"
#include "runner/command/policyfile.h"
#include "runner/history/compare.h"

struct policy_question {
    const struct context *context;
    const struct workplace *place; /* its repository has been looked into */
    const struct comparison *comparison;
    const char *given;   /* --policy, from the current directory; NULL: POLICY_FILE at the root */
    const char *floor;   /* as of policyfile.h */
    bool from_work_tree; /* --policy-from worktree: try one's own */
};

struct policy_choice {
    struct policy policy; /* judges; whole, with floor and waivers of the environment */
    bool of_target;       /* it is the target's: its mistakes are not this branch's */
    bool by_default;      /* it is the built-in one */
    const char *origin;   /* ".qgate.yml of main (4f2c1ab)" */
    const char *from;     /* "target", "commit", "worktree" or "built-in" */
    const char *commit;   /* it was read in, hexadecimal; "": none */
    const char *compared; /* what the branch's policy is compared with: "main"; NULL: nothing */
    struct differences differences; /* from the target's policy to the branch's */
    struct words notices;           /* what is to be said of the branch's policy beside */
    struct words files;             /* of the repository that either is made of, by their paths */
};

/* Mistakes of the policy that judges go to `found`. False with err: it, or whether there is one,
 * could not be read; never is another one taken then. */
NODISCARD bool policychoice_make(const struct policy_question *question, struct arena *mem,
                                 struct policy_choice *choice, struct problems *found,
                                 struct error *err);

#endif
