/* Where the numbers of the catalogue come from: one function for each part of the evidence.
 *
 * `take` of struct measure is one of the functions below, `what` one of its enum. It gets the
 * sources that the selector picks, each of which speaks of the measure's family. Answers are given
 * through the helpers: the first error stays.
 */
#ifndef GATES_MEASURE_TAKE_H
#define GATES_MEASURE_TAKE_H

#include "gates/measure/measure.h"

enum {
    COVERAGE_LINES,    /* % */
    COVERAGE_BRANCHES, /* % */
    COVERAGE_LINES_COVERED,
    COVERAGE_LINES_VALID,
    COVERAGE_BRANCHES_COVERED,
    COVERAGE_BRANCHES_VALID,
    COVERAGE_FILES,
    COVERAGE_IGNORED, /* % */
};

enum {
    TESTS_TOTAL,
    TESTS_PASSED,
    TESTS_FAILED, /* failures and errors */
    TESTS_FAILURES,
    TESTS_ERRORS,
    TESTS_SKIPPED,
    TESTS_FLAKY,
    TESTS_SUITES,
    TESTS_SUCCESS_RATE, /* % */
    TESTS_DURATION,     /* s */
};

enum {
    LOAD_SAMPLES,
    LOAD_ERRORS,
    LOAD_ERROR_RATE, /* % */
    LOAD_MEAN,
    LOAD_MIN,
    LOAD_MAX,
    LOAD_PERCENTILE, /* which one stands in selector->id: load.median, load.p99.9 */
    LOAD_THROUGHPUT, /* /s */
    LOAD_DURATION,   /* s */
    LOAD_APDEX,      /* 0 to 1 */
};

/* What the judge itself knows of this change. */
enum {
    CHANGE_LINES,
    CHANGE_FILES,
};

#define TAKE(name)                                                                                \
    void name(const struct selector *selector, const struct source *const *sources, size_t count, \
              int what, struct arena *mem, struct value *out)

TAKE(take_coverage);
TAKE(take_tests);
TAKE(take_load);
TAKE(take_fact);     /* the fact whose id is selector->id; `what` says nothing */
TAKE(take_delivery); /* `what`: enum dora_measure; of the first source's estate */
TAKE(take_findings); /* `what`: the family that is counted, FAMILY_COUNT: all */

TAKE(take_gates); /* `what`: one of the next; of the first source's estate */

enum {
    GATES_RUNS,
    GATES_PASS_RATE, /* % */
    GATES_DURATION,  /* s, the median */
};

void take_number(struct value *out, struct number number);
void take_ratio(struct value *out, uint64_t part, uint64_t whole, uint64_t times); /* whole > 0 */
void take_nothing(struct value *out, const char *why);                             /* no data */
void take_error(struct value *out, const char *why);

/* Does the label count, by the report entry's choice of transactions? Asks whether the load has
 * other samples than those: look once. */
bool take_counts(const struct load *load, const struct load_label *label, bool has_samples);
bool take_has_samples(const struct load *load);

/* The values of `label` among what the selector picks of an estate, for `each`. */
void take_delivery_values(const struct selector *selector, const struct dora_estate *estate,
                          const char *label, struct arena *mem, struct words *out);

/* Does the selector pick what has this value for the label, or lies at this path (and so in these
 * components)? */
bool take_label(const struct selector *selector, const char *label, const char *value,
                struct arena *mem, struct value *out);
bool take_path(const struct selector *selector, const char *path, const char *origin,
               struct arena *mem, struct value *out);

#endif
