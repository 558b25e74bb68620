/* From a place to a verdict: what `qgate check`, the pre-push hook and `qgate explain paths` have
 * in common, one call for each arrow of the picture in docs/architecture.md, in this order.
 *
 * Nothing is printed here but the progress of reading.
 */
#ifndef RUNNER_COMMAND_HEARING_H
#define RUNNER_COMMAND_HEARING_H

#include "gates/judge/judge.h"
#include "runner/command/baseline.h"
#include "runner/command/intake.h"
#include "runner/command/policychoice.h"
#include "runner/history/compare.h"

/* What the command line asks for; NULL, false: it does not say. */
struct hearing_wanted {
    const struct context *context;
    const char *target, *policy, *floor, *stage; /* options of `qgate check` */
    const char *baseline;                        /* the same */
    const char *save_baseline;                   /* the same */
    bool require_baseline;                       /* the same */
    bool from_work_tree;                         /* --policy-from worktree */
    bool untracked, quiet;
    const struct words *paths; /* of reports; NULL or empty: the policy's, or those that lie
                                  about */
};

struct hearing {
    const struct hearing_wanted *wanted;
    struct arena *mem;
    struct workplace place; /* its repository has been looked into */
    struct comparison comparison;
    const char *judged; /* the commit that is judged; NULL: the work tree */
    struct change change;
    struct policy_choice choice; /* of the policy that judges */
    const char *stage;
    bool searched; /* for reports that nobody named … */
    struct search search;
    struct evidence evidence;
    struct baseline baseline; /* when a rule compares */
    struct verdict verdict;
};

/* Where it takes place. */
NODISCARD bool hearing_open(struct hearing *hearing, const struct hearing_wanted *wanted,
                            struct error *err);
void close_hearing(struct hearing *hearing); /* for AUTO */

/* What it is compared with, and what changed. */
void hearing_compare(struct hearing *hearing);

/* The policy that judges. Its mistakes go to `found`. */
NODISCARD bool hearing_policy(struct hearing *hearing, struct problems *found, struct error *err);

/* False: no gate has the stage that is asked for. */
NODISCARD bool hearing_stage(struct hearing *hearing, struct error *err);

/* Which reports there are. False: they are named twice, or cannot be looked for. */
NODISCARD bool hearing_reports(struct hearing *hearing, struct error *err);

void hearing_read(struct hearing *hearing);

/* Add delivery numbers to the evidence, when a rule asks for one. What they are taken from is of
 * the same commit as the policy. */
void hearing_delivery(struct hearing *hearing);

void hearing_judge(struct hearing *hearing);

#endif
