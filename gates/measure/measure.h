/* What one selector says about the evidence: pure, exact, no rounding.
 *
 * The union over sources happens here, for the sources a selector picks. A number nobody reported,
 * or drawn from no test, no coverable line, no sample, is absent (VALUE_NONE) with the reason in
 * words; only the counts themselves are 0 then.
 */
#ifndef GATES_MEASURE_MEASURE_H
#define GATES_MEASURE_MEASURE_H

#include "gates/measure/catalogue.h"

struct pattern;
struct index;

enum label_op {
    LABEL_IS,       /* =  ; for path and component a glob */
    LABEL_IS_NOT,   /* != */
    LABEL_LIKE,     /* =~ */
    LABEL_UNLIKE,   /* !~ */
    LABEL_BELOW,    /* <  ; severity only, `unknown` never matches */
    LABEL_AT_MOST,  /* <= */
    LABEL_ABOVE,    /* >  */
    LABEL_AT_LEAST, /* >= */
};

struct label_match {
    const char *label;
    enum label_op op;
    const char *value;
    bool literal;                  /* of IS: `value` is no glob, even for path and component */
    const struct pattern *pattern; /* of LIKE and UNLIKE */
};

struct label_matches ARRAY(struct label_match);

/* A part of a repository, named in the policy. */
struct component {
    const char *name;
    struct words globs;
};

struct components ARRAY(struct component);

/* Takes single findings and tests out of what a selector counts: waivers. One of the two is NULL.
 */
struct exclusion {
    bool (*holds)(void *handle, const struct finding *finding, const struct test_case *test);
    void *handle;
};

/* `load.p95{label="GET /"}` */
struct selector {
    const struct measure *measure;
    const char *id; /* as written; differs from measure->id where that ends in `*` */
    struct label_matches labels;
    const struct components *components; /* of the policy; NULL: none */
    const struct exclusion *exclusion;   /* NULL: everything counts */
    struct index *index;                 /* of one value among many; NULL: all is gone through */
    const struct selector *wide;         /* … which is this one, for all values; NULL without index */
    bool ignores_nothing;                /* of a floor: files that the policy ignores count, too */
};

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

/* The single label matchers that more than one file needs. Each sets *matches; false with err: a
 * pattern ran into its limit. A label the thing does not have matches as "". */
NODISCARD bool label_matches(const struct label_match *match, const char *value, bool *matches,
                             struct error *err);
NODISCARD bool selector_matches_finding(const struct selector *selector,
                                        const struct finding *finding, bool *matches,
                                        struct error *err);
NODISCARD bool selector_matches_test(const struct selector *selector, const struct test_case *test,
                                     bool *matches, struct error *err);
NODISCARD bool selector_matches_path(const struct selector *selector, const char *path,
                                     const char *origin, bool *matches, struct error *err);

/* Was the part of the repository that the selector picks by `component` examined at all? A report that
 * lies in no component speaks of all of them. */
bool selector_is_examined(const struct selector *selector, const struct source *source);

/* A value for people: "81.4 %", "412", "755 ms", "A", "OK"; `beside` a threshold it never looks
 * equal to one it is not (NULL: none). */
const char *value_text(const struct value *value, const struct measure *measure,
                       const struct number *beside, struct arena *mem);
/* A number of the measure in the unit that it is read in: "2 d" of a delivery's 172800 s. */
const char *measure_text(const struct measure *measure, struct number number, struct arena *mem);
/* … and that unit, " d"; NULL: the measure's own. */
struct number measure_scaled(const struct measure *measure, struct number number, const char **unit);
const char *number_with_unit(struct number number, enum unit unit, struct arena *mem);
const char *digits_with_unit(const char *digits, enum unit unit, struct arena *mem);

#endif
