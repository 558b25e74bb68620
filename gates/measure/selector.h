/* What a rule asks for: a measure, and by its labels a part of the evidence.
 *
 * A label that a thing does not have matches as "".
 */
#ifndef GATES_MEASURE_SELECTOR_H
#define GATES_MEASURE_SELECTOR_H

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
    const struct selector *wide; /* … which is this one, for all values; NULL without index */
    bool ignores_nothing;        /* of a floor: files that the policy ignores count, too */
};

/* Each sets *matches; false with err: a pattern ran into its limit. */
NODISCARD bool label_matches(const struct label_match *match, const char *value, bool *matches,
                             struct error *err);
/* Does `value` pass every matcher on `label`? */
NODISCARD bool selector_passes(const struct selector *selector, const char *label,
                               const char *value, bool *matches, struct error *err);
NODISCARD bool selector_matches_finding(const struct selector *selector,
                                        const struct finding *finding, bool *matches,
                                        struct error *err);
NODISCARD bool selector_matches_test(const struct selector *selector, const struct test_case *test,
                                     bool *matches, struct error *err);
NODISCARD bool selector_matches_path(const struct selector *selector, const char *path,
                                     const char *origin, bool *matches, struct error *err);

/* What a finding says for a label but the path; NULL: it is no label of findings. */
const char *selector_finding_label(const struct finding *finding, const char *label);

/* Was the part of the repository that the selector picks by `component` examined at all? A report
 * that lies in no component speaks of all of them. */
bool selector_is_examined(const struct selector *selector, const struct source *source);

#endif
