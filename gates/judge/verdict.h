/* The verdict: the outcome of every rule and gate and of the run. Filled by judge(), read by
 * renderers. */
#ifndef GATES_JUDGE_VERDICT_H
#define GATES_JUDGE_VERDICT_H

#include "gates/policy/policy.h"

/* Worst last: a gate takes the largest of its rules. */
enum outcome {
    OUTCOME_PASSED,
    OUTCOME_NOT_APPLICABLE,
    OUTCOME_WAIVED,
    OUTCOME_WARNED,
    OUTCOME_NO_DATA,
    OUTCOME_ERROR,
    OUTCOME_FAILED,
    OUTCOME_COUNT
};

const char *outcome_name(enum outcome outcome); /* "no data" */

/* Where a finding stands in another commit than the one that was judged. */
struct finding_place {
    const char *path; /* NULL: nowhere */
    uint32_t line, last_line;
};

/* One thing behind an outcome: a failing test, a finding, a report. */
struct detail {
    const struct test_case *test;          /* or NULL */
    const struct finding *finding;         /* or NULL */
    const struct waiver *waiver;           /* that waives it; NULL: none */
    const char *subject;                   /* what it is: a test's name, a CVE, a path, a label */
    const char *text;                      /* what is to be said of it; "" for nothing */
    const struct finding_place *at_source; /* of merged results: where the finding stands at the
                                              tip of the source branch; NULL: where it says */
};

struct details ARRAY(struct detail);

struct ruling {
    const struct rule *rule;
    const char *each; /* the label's value it was judged for; NULL without `each` */
    bool warning;     /* stands in `warn:` */
    enum outcome outcome;
    bool small_change; /* waived because too few lines changed: min_lines */
    bool no_baseline;  /* there is nothing to compare with, and reason says why */
    struct value value;
    struct value before; /* the baseline's; kind NONE: not known, or the rule is on new things */
    struct value after;  /* of delta() and growth(): what was compared with it; kind NONE
                            otherwise */
    const char *reason;  /* what is wrong or why it was not judged, in words; "" when it passed */
    const char *to_pass; /* the smallest thing that makes it pass; "" when it passed */
    struct details details; /* all of them, sorted; only display is cut */
};

struct rulings ARRAY(struct ruling);

/* Does the value hold against the threshold? A word compares with the rule's word. */
bool verdict_compare(const struct rule *rule, const struct value *value, struct number threshold);

/* The unit of a rule's threshold: points for the difference of two percentages, % for a growth. */
enum unit ruling_unit(const struct rule *rule);

/* A growth from nothing to something, which is no number: larger than any threshold. */
bool ruling_unbounded(const struct ruling *ruling);

/* The value as people read it: "81.4 %", "-0.4 pp (81.4 % → 81.0 %)"; the second without both
 * sides:
 * "-0.4 pp". Not of an `any`. */
const char *ruling_text(const struct ruling *ruling, struct arena *mem);
const char *ruling_text_alone(const struct ruling *ruling, struct arena *mem);

/* The baseline's value, and how much more it is now: "81.4 %", "-0.4 pp". "": not known; of a
 * rating there is no difference. */
const char *ruling_before(const struct ruling *ruling, struct arena *mem);
const char *ruling_change(const struct ruling *ruling, struct arena *mem);

struct gate_ruling {
    const struct gate *gate;
    enum outcome outcome;
    const struct waiver *waiver; /* of the whole gate, which is waived by it; NULL: none */
    bool other_stage;            /* not judged here; outcome is not applicable */
    struct rulings rulings;      /* require first, then warn, in the policy's order */
};

struct gate_rulings ARRAY(struct gate_ruling);

/* What its rules make of a gate, unless it is waived: the worst of those that apply. */
enum outcome verdict_of_rules(const struct rulings *rulings);

/* A report that had to be there and that no rule reads; counts like a gate. */
struct report_ruling {
    const struct source *source;
    enum outcome outcome; /* no data or error */
    const char *reason, *to_pass;
};

struct report_rulings ARRAY(struct report_ruling);

enum waiver_state {
    WAIVER_COUNTS,
    WAIVER_EXPIRED,  /* its day has passed */
    WAIVER_TOO_LONG, /* it reaches further than max_days allows: it does not count */
};

struct waiver_ruling {
    const struct waiver *waiver;
    enum waiver_state state;
    int32_t days_left;  /* through its last day; 0 on that day, negative when expired */
    uint64_t used;      /* findings, tests or gates that it waived */
    bool asked;         /* something was judged here that it could have waived */
    struct words gates; /* in which it was used, each once */
};

struct waiver_rulings ARRAY(struct waiver_ruling);

struct verdict {
    enum outcome outcome; /* failed, error, no data or passed: nothing else */
    const char *reason;   /* when no rule but the run itself is the cause (no report at all); ""
                             otherwise */
    struct gate_rulings gates;
    struct report_rulings reports;
    struct waiver_rulings waivers;     /* all of the policy's, in its order */
    size_t gate_counts[OUTCOME_COUNT]; /* gates judged here, and unread reports */
    size_t rule_counts[OUTCOME_COUNT];
    uint64_t small_changes; /* rules waived because too few lines changed: min_lines */
    uint64_t disclosed; /* vulnerabilities published since the baseline, in packages that did not
                           change */
    uint64_t flaky;     /* flaky tests of all sources; they are passed tests */
    uint64_t suspected; /* suspected flaky */
};

/* What its gates and reports make of the run: failed, error, no data or passed. */
enum outcome verdict_of_gates(const struct verdict *verdict);

#endif
