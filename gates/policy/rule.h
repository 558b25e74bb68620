/* Inside gates/policy: how the text of a rule becomes a struct rule.
 *
 *     [new|delta|growth](measure{label="value",…}) op value[unit]
 *
 * rule.c reads function, measure and operator, label.c what stands in braces, threshold.c the value
 * and whether the whole makes sense. In a label's value `\"` is a quote and `\\` a backslash; any
 * other backslash stays, so that a pattern is written as usual.
 */
#ifndef GATES_POLICY_RULE_H
#define GATES_POLICY_RULE_H

#include "gates/policy/policy.h"

/* A rule's text on the way. */
struct scan {
    const char *text, *at;
    struct place place; /* of the text's first character */
    struct arena *mem;
    struct problems *found;
    bool ended; /* the text was over before the rule was */
};

/* Where `at` in the text stands in its file. */
struct place scan_place(const struct scan *scan, const char *at);

/* Add a mistake that stands at `at` in the text. Always false. */
bool scan_wrong(struct scan *scan, const char *at, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same for something else that was expected: names what is there instead. */
bool scan_expected(struct scan *scan, const char *what);

void scan_space(struct scan *scan);
bool scan_take(struct scan *scan, const char *word); /* steps over it when it is there */

/* A rule as text for messages: not longer than a line. */
const char *rule_shown(const struct scan *scan);

/* `{label="value",…}` when one begins here. */
bool labels_read(struct scan *scan, struct selector *selector);

/* Can a rule on the measure ask for this label? */
bool label_known(const struct measure *measure, const char *label);

/* Add why not, with the labels there are. Always false. */
bool label_unknown(const char *id, const struct measure *measure, const char *label,
                   struct place at, struct problems *found);

/* What stands behind the operator, and whether operator and value suit the measure. */
bool threshold_read(struct scan *scan, struct rule *rule);

/* `tolerance:` of a rule that was read. */
bool tolerance_read(struct rule *rule, const char *text, struct place at, struct arena *mem,
                    struct problems *found);

/* For rule_words(): what labels leave over, " of severity high and with a fix"; "" without labels.
 */
const char *labels_words(const struct label_matches *labels, struct arena *mem);

/* In quotes unless it is plainly a word. */
const char *word_quoted(const char *value, struct arena *mem);

/* As rule_parse(); *ended says whether the text was over too early, as when YAML cut it. */
struct rule *rule_read(const char *text, struct place at, struct arena *mem, struct problems *found,
                       bool *ended);

#endif
