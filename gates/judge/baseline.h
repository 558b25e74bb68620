/* Inside the judge: the evidence of an earlier commit, made fit to compare with.
 *
 * Like is compared with like: for each report of this run from which a rule draws, the report of
 * the same name and format in the baseline, which must have examined the same and be whole. Where
 * there is none, the rule has no baseline, and on_no_baseline says what that means; nothing is ever
 * taken for old, or for new, because nobody looked.
 */
#ifndef GATES_JUDGE_BASELINE_H
#define GATES_JUDGE_BASELINE_H

#include "gates/judge/parts.h"

/* The reports of `from` (docket->then, or what was made of it) that belong to those from which
 * trial->selector draws. False: outcome, reason and to_pass of the ruling say that there is no
 * baseline. */
bool baseline_take(struct trial *trial, const struct rule *rule, struct ruling *ruling,
                   const struct evidence *from, struct evidence *before);

/* There is nothing to compare with. Always false. */
bool baseline_lacks(struct trial *trial, const struct rule *rule, struct ruling *ruling,
                    const char *why);

/* The baseline without the lines that were removed since, its files under the names that they have
 * now; NULL: it is not known what changed since. */
const struct evidence *baseline_without_removed(struct trial *trial);

/* What changed since its commit; NULL: not known. */
const struct change *baseline_since(const struct trial *trial);

/* "the baseline (4f2c1ab09d3e)" */
const char *baseline_name(struct trial *trial);

#endif
