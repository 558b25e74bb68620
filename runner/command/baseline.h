/* The baseline: evidence of an earlier commit that a run is compared with.
 *
 * In this order: the file that the command line names; what the store recorded of the nearest
 * first-parent ancestor of the base; in the pipeline of a merge request what the job of the same
 * name left on the target branch, which GitLab keeps, when it is of such a commit. That none exists
 * is an answer, and a policy says what it means (on_no_baseline); that a source which is there
 * cannot be read is no such answer.
 */
#ifndef RUNNER_COMMAND_BASELINE_H
#define RUNNER_COMMAND_BASELINE_H

#include "gates/judge/judge.h"
#include "runner/context.h"
#include "runner/history/compare.h"
#include "runner/workplace.h"

struct baseline_wanted {
    const struct context *context;
    const struct workplace *place; /* its repository has been looked into */
    const struct comparison *comparison;
    const struct policy *policy;
    const struct evidence *now; /* read already */
    const char *stage;
    const char *file;  /* --baseline, from the current directory; NULL: not given */
    const char *saved; /* --save-baseline: where the target's job leaves its own; NULL: not given */
    bool required;     /* --require-baseline */
};

struct baseline {
    struct arena *mem;               /* of the evidence, which has ceilings of its own */
    const struct evidence *evidence; /* NULL: none */
    const char *name;                /* "main 4f2c1ab, 3 commits behind" */
    struct change since;             /* its commit */
    const char *why_none;            /* then, as the next two */
    const char *remedy;              /* NULL: what always helps */
    enum outcome least;              /* as docket.no_baseline */
};

/* Always an answer. */
void baseline_find(const struct baseline_wanted *wanted, struct arena *mem,
                   struct baseline *baseline);
void close_baseline(struct baseline *baseline); /* for AUTO */

/* Whose evidence this is, in the store. */
struct saved_for;
void baseline_key(const struct context *context, const struct policy *policy, const char *stage,
                  struct saved_for *key);

#endif
