/* How good delivery numbers are, by the score of DORA's Quick Check and by the levels of a year's
 * report. Which value is worth what is data (bands.yml, read by gates/delivery/ratings.h); this
 * only looks it up. Nobody is ranked by it: it says where to look.
 */
#ifndef GATES_MEASURE_DORA_SCORE_H
#define GATES_MEASURE_DORA_SCORE_H

#include "gates/measure/dora.h"

/* What is rated: of the times the median. */
enum dora_rated {
    DORA_RATED_LEAD,
    DORA_RATED_FREQUENCY,
    DORA_RATED_FAILS,
    DORA_RATED_RECOVERY,
    DORA_RATED_REWORK,
    DORA_RATED
};

const char *dora_rated_name(enum dora_rated rated); /* "lead_time", as the data has it */

enum dora_limit_kind {
    DORA_UNDER,    /* seconds */
    DORA_AT_MOST,  /* per cent */
    DORA_AT_LEAST, /* deployments a day */
    DORA_DAYS,     /* at least so many days a week with one, the median */
};

struct dora_limit {
    enum dora_limit_kind kind;
    struct number value;
};

/* From the best to the worst. */
struct dora_limits ARRAY(struct dora_limit);

/* The score of one measure, 0 to 10. */
struct dora_scale {
    struct dora_limits limits;
    struct ARRAY(uint64_t) worth; /* of the values that keep each limit, and at last of those that
                                     keep none; empty: 10, less 1 for every `falls` per cent */
    uint64_t falls;
};

/* The levels of a year. */
struct dora_levels {
    unsigned year;
    struct words names;                    /* one more than any measure has limits */
    struct dora_limits limits[DORA_RATED]; /* empty: it is not parted into levels */
};

struct dora_ratings {
    unsigned year; /* of the score */
    struct dora_scale scales[DORA_RATED];
    struct ARRAY(struct dora_levels) levels; /* the usual ones first */
};

/* Those of a year, 0: the usual ones; NULL: there are none. */
const struct dora_levels *dora_levels_of(const struct dora_ratings *ratings, unsigned year);

struct dora_points {
    bool known;
    struct number points; /* 0 to 10 */
};

struct dora_grade {
    bool few;                  /* taken from fewer than DORA_FEW: neither points nor a level */
    struct dora_points points; /* not known where the value is absent, or few */
    const char *level;         /* "elite"; NULL: none */
};

struct dora_score {
    struct dora_grade grades[DORA_RATED];
    /* Means, known where all of theirs are. */
    struct dora_points throughput; /* lead time, frequency and recovery */
    struct dora_points stability;  /* fail rate and rework rate */
    struct dora_points all;        /* of the five, not of the two */
};

/* `levels` NULL: none are asked for. */
void dora_score(const struct dora_ratings *ratings, const struct dora_levels *levels,
                const struct dora_figures *figures, struct dora_score *score);

#endif
