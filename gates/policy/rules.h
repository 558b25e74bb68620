/* Inside gates/policy: lists of rules in a policy, and what their keys mean. */
#ifndef GATES_POLICY_RULES_H
#define GATES_POLICY_RULES_H

#include "gates/policy/keys.h"

/* The rules of `require:` or `warn:`; two that demand something of the same thing are a mistake. */
void rules_load(struct loader *loader, const struct node *list, const struct gate *gate,
                struct rules *into);

void when_load(struct loader *loader, const struct node *map, struct when *into);

/* Check a gate's own `each:` against its rules. */
void rules_check_each(struct loader *loader, const struct rules *rules, const char *label,
                      struct place at);

const char *words_join(const struct words *words, const char *between, struct arena *mem);

/* Does `old` accept every value that `new` accepts? Both are on one measure; neither has `any`, and
 * `tolerance` is not looked at. */
bool rule_accepts_no_more(const struct rule *new, const struct rule *old);

/* What two rules share that replace each other: function, measure, labels, `when`, `each`,
 * `enforce_from`; the gate's where the rule has none of its own. */
const char *rule_left_side(const struct rule *rule, const struct gate *gate, struct arena *mem);

#endif
