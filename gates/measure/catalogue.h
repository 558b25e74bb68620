/* Every number and word a rule can ask for, in one table.
 *
 * `qgate measures`, the policy loader, the schema's test and the manual all come from here; a new
 * number is one row. Rows whose id ends in `*` stand for many: load.p* for load.p95 and load.p99.9,
 * sonar.* for every metric key of SonarQube.
 */
#ifndef GATES_MEASURE_CATALOGUE_H
#define GATES_MEASURE_CATALOGUE_H

#include "gates/model/evidence.h"

enum unit {
    UNIT_COUNT,      /* a plain number */
    UNIT_PERCENT,    /* 81.4 is 81.4 % */
    UNIT_POINTS,     /* of no measure: the difference of two percentages */
    UNIT_MS,         /* milliseconds */
    UNIT_SECONDS,    /* seconds */
    UNIT_MINUTES,    /* minutes: SonarQube's efforts */
    UNIT_PER_SECOND, /* a rate */
    UNIT_PER_DAY,    /* a rate */
    UNIT_RATING,     /* 1 to 5, shown as A to E; A is best */
    UNIT_WORD,       /* a state: OK, passed */
};

enum better { BETTER_UP, BETTER_DOWN, BETTER_NEITHER };

/* Which values there can be, in the measure's unit: a threshold outside is a mistake. */
enum bounds {
    BOUNDS_NONE,    /* any number, or a word */
    BOUNDS_ZERO,    /* 0 and more */
    BOUNDS_COUNT,   /* 0, 1, 2 … */
    BOUNDS_ONE,     /* 0 to 1 */
    BOUNDS_PERCENT, /* 0 to 100 */
    BOUNDS_RATING,  /* 1 to 5 */
};

struct selector;
struct value;

struct measure {
    const char *id;
    enum family family; /* what a source must speak of; FAMILY_COUNT: any number of families */
    enum unit unit;
    enum better better;
    enum bounds bounds;
    const char *words;   /* of UNIT_WORD: the states there are, parted by spaces; otherwise NULL */
    const char *labels;  /* parted by spaces, besides catalogue_common_labels(); "*": any */
    const char *scopes;  /* of `new delta growth`, which mean something here */
    const char *formats; /* that give it, parted by spaces; "git" and "policy" are no reports */
    const char *meaning; /* one sentence, without full stop */
    const char *improve; /* how to make it better, one sentence without full stop */
    /* How a rule on it is said in words. Of things that are counted, or a share of which is taken:
     * the thing and what it does, for one and for many, `test|tests|fails|fail`; otherwise the
     * subject of a sentence, with `*` where labels go and `@` for what the `*` of its id stands
     * for. NULL: its meaning will do. */
    const char *phrase;
    /* See take.h; NULL: no report gives it. The judge knows it itself (diff.lines), or a later
     * version will: catalogue_is_later(). */
    void (*take)(const struct selector *selector, const struct source *const *sources, size_t count,
                 int what, struct arena *mem, struct value *out);
    int what; /* passed to `take`: which number of its family */
};

extern const struct measure catalogue[]; /* ends with id NULL */

/* Measures of later versions: known to policies, given by nothing yet (`take` is NULL); ends with
 * id NULL. */
extern const struct measure later_metrics[];

/* Formats of later versions, parted by spaces: known to policies, read by nothing yet. */
#define LATER_FORMATS "jacoco lcov sarif playwright zap openmetrics mochawesome newman k6 jasmine"

/* The row that gives `id`, or NULL. Keys of SonarQube that we know have a row of their own
 * (sonar.coverage: per cent, up), which is not in catalogue[]; all others are the plain numbers of
 * the row sonar.*. Rows of later versions are found as well. */
const struct measure *catalogue_find(const char *id);

/* The known id nearest to a misspelt one, NULL when none is near. */
const char *catalogue_suggest(const char *id);

/* Is it known, and this version cannot judge it yet? */
bool catalogue_is_later(const struct measure *measure);

/* The labels of every measure that reports give, parted by spaces; "" for the others. */
const char *catalogue_common_labels(const struct measure *measure);

/* Does a report of this format give it, today or in a later version? */
bool catalogue_gives(const struct measure *measure, const char *format);

const char *unit_name(enum unit unit);       /* "%", "ms", "" … */
const char *better_name(enum better better); /* "up", "down", "" */

/* SonarQube's own metrics, in their documentation's order; ends with id NULL. Ids are "sonar." and
 * the key. */
extern const struct measure sonar_metrics[];

/* The row of a key ("coverage", "new_bugs"), NULL when it is none that we know. */
const struct measure *sonar_metric(const char *key);

#endif
