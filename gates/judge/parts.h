/* What the files of the judge share; nobody else includes it. */
#ifndef GATES_JUDGE_PARTS_H
#define GATES_JUDGE_PARTS_H

#include "gates/judge/judge.h"

/* One run of the judge. */
struct trial {
    const struct docket *docket;
    struct arena *mem;
};

/* Does the value hold against the threshold? A word compares with the rule's word. */
bool verdict_compare(const struct rule *rule, const struct value *value, struct number threshold);

/* Is the source there and whole? Passed, no data or error; reason, to_pass and details of `ruling`
 * say what is wrong. */
enum outcome trial_source(struct trial *trial, const struct source *source, struct ruling *ruling);

/* Fill reason, to_pass and details of a ruling whose comparison does not hold. */
void advise(struct trial *trial, const struct rule *rule, struct ruling *ruling);

/* "61 ms less": how far a value is from its threshold. */
const char *advise_difference(struct trial *trial, const struct rule *rule, const struct value *value);

/* What to repair when nothing answers the selector. */
const char *advise_missing(struct trial *trial, const struct selector *selector);

#endif
