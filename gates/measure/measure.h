/* What one selector says about the evidence: pure, exact, no rounding.
 *
 * The union over sources happens here, for the sources a selector picks. A number nobody reported,
 * or drawn from no test, no coverable line, no sample, is absent (VALUE_NONE) with the reason in
 * words; only the counts themselves are 0 then.
 */
#ifndef GATES_MEASURE_MEASURE_H
#define GATES_MEASURE_MEASURE_H

#include "gates/measure/selector.h"

enum value_kind {
    VALUE_NONE,   /* no data; `why` says it */
    VALUE_NUMBER, /* in the measure's unit */
    VALUE_WORD,
    VALUE_ERROR, /* cannot be answered: two sources contradict, a pattern ran into its limit; `why`
                  */
};

struct value {
    enum value_kind kind;
    struct number number;
    const char *word;
    bool has_parts; /* part and whole are given: "4070 of 5000" */
    uint64_t part, whole;
    uint64_t waived;    /* findings or tests that the selector's exclusion took out */
    const char *method; /* how a percentile was taken; NULL otherwise */
    const char *why;
    const char *remedy;   /* of what is absent: how to get it; NULL: nothing more is known */
    struct words reports; /* names of the sources it was drawn from, sorted */
};

/* Could this source answer, by its format and the labels report and format? */
bool measure_draws(const struct selector *selector, const struct source *source);

/* FAMILY_BITs, one of which a source must speak to answer. */
unsigned measure_families(const struct measure *measure);

void measure_take(const struct selector *selector, const struct evidence *evidence,
                  struct arena *mem, struct value *out);

/* Is it a time that the label `window` may be? */
bool measure_window_known(const char *text);

/* Every value of `label` among what the selector picks, sorted, each once: for `each`. */
void measure_label_values(const struct selector *selector, const char *label,
                          const struct evidence *evidence, struct arena *mem, struct words *out);

/* The counts of every source file the selector picks, the union over its sources, sorted by path.
 */
struct file_count {
    const char *path;
    bool ignored; /* left out by the policy; measure_files() has none of them */
    struct line_counts counts;
};

struct file_counts ARRAY(struct file_count);

void measure_files(const struct selector *selector, const struct evidence *evidence,
                   struct arena *mem, struct file_counts *out);

/* A value for people: "81.4 %", "412", "755 ms", "A", "OK"; `beside` a threshold it never looks
 * equal to one it is not (NULL: none). */
const char *value_text(const struct value *value, const struct measure *measure,
                       const struct number *beside, struct arena *mem);
/* A number of the measure in the unit that it is read in: "2 d" of a delivery's 172800 s. */
const char *measure_text(const struct measure *measure, struct number number, struct arena *mem);
/* … and that unit, " d"; NULL: the measure's own. */
struct number measure_scaled(const struct measure *measure, struct number number,
                             const char **unit);
const char *number_with_unit(struct number number, enum unit unit, struct arena *mem);
const char *digits_with_unit(const char *digits, enum unit unit, struct arena *mem);

#endif
