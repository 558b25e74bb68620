#include "gates/measure/dora_score.h"

enum { BEST = 10 };

const char *dora_rated_name(enum dora_rated rated)
{
    static const char *const names[] = {"lead_time", "deployment_frequency", "change_fail_rate",
                                        "recovery_time", "rework_rate"};
    return names[rated];
}

static enum dora_measure rated_measure(enum dora_rated rated)
{
    static const enum dora_measure measures[] = {DORA_LEAD_P50, DORA_FREQUENCY, DORA_FAIL_RATE,
                                                 DORA_RECOVERY_P50, DORA_REWORK_RATE};
    return measures[rated];
}

const struct dora_levels *dora_levels_of(const struct dora_ratings *ratings, unsigned year)
{
    for (size_t i = 0; i < ratings->levels.count; i++)
        if (year == 0 || ratings->levels.items[i].year == year)
            return &ratings->levels.items[i];
    return NULL;
}

/* A window without a whole week keeps no limit of weeks: *known says that it has none. */
static bool keeps(const struct dora_limit *limit, struct number value,
                  const struct dora_figures *figures, bool *known)
{
    switch (limit->kind) {
    case DORA_UNDER:
        return number_compare(value, limit->value) < 0;
    case DORA_AT_MOST:
        return number_compare(value, limit->value) <= 0;
    case DORA_AT_LEAST:
        return number_compare(value, limit->value) >= 0;
    default:
        *known &= figures->weeks > 0;
        return *known && number_compare(figures->days_a_week, limit->value) >= 0;
    }
}

/* The first limit that the value keeps; their count: none. */
static size_t place_of(const struct dora_limits *limits, struct number value,
                       const struct dora_figures *figures, bool *known)
{
    size_t place = 0;
    while (place < limits->count && !keeps(&limits->items[place], value, figures, known))
        place++;
    return place;
}

static struct dora_points points_of(const struct dora_scale *scale, struct number value,
                                    const struct dora_figures *figures)
{
    struct dora_points points = {.known = true};
    if (scale->worth.count == 0) {
        struct number lost = number_scale(value, 1, scale->falls);
        lost.above = -lost.above;
        points.points = number_add(number_of(BEST), lost);
        return points;
    }
    size_t place = place_of(&scale->limits, value, figures, &points.known);
    points.points = number_of((int64_t)scale->worth.items[place]);
    return points;
}

static const char *level_of(const struct dora_levels *levels, enum dora_rated rated,
                            struct number value, const struct dora_figures *figures)
{
    const struct dora_limits *limits = &levels->limits[rated];
    bool known = limits->count > 0;
    size_t place = place_of(limits, value, figures, &known);
    return known ? levels->names.items[place] : NULL;
}

/* Of the grades from `first` on in `list`, which ends with DORA_RATED. */
static struct dora_points mean(const struct dora_grade *grades, const enum dora_rated *list)
{
    struct dora_points sum = {.known = true, .points = number_of(0)};
    uint64_t count = 0;
    for (; list[count] != DORA_RATED; count++) {
        const struct dora_points *points = &grades[list[count]].points;
        sum.known &= points->known;
        if (sum.known)
            sum.points = number_add(sum.points, points->points);
    }
    sum.points = number_scale(sum.points, 1, count);
    return sum;
}

void dora_score(const struct dora_ratings *ratings, const struct dora_levels *levels,
                const struct dora_figures *figures, struct dora_score *score)
{
    static const enum dora_rated throughput[] = {DORA_RATED_LEAD, DORA_RATED_FREQUENCY,
                                                 DORA_RATED_RECOVERY, DORA_RATED},
                                 stability[] = {DORA_RATED_FAILS, DORA_RATED_REWORK, DORA_RATED},
                                 all[] = {DORA_RATED_LEAD,   DORA_RATED_FREQUENCY,
                                          DORA_RATED_FAILS,  DORA_RATED_RECOVERY,
                                          DORA_RATED_REWORK, DORA_RATED};
    struct dora_value values[DORA_VALUES];
    dora_values(figures, values);
    *score = (struct dora_score){0};
    for (enum dora_rated rated = 0; rated < DORA_RATED; rated++) {
        const struct dora_value *value = &values[rated_measure(rated)];
        struct dora_grade *grade = &score->grades[rated];
        grade->few = value->why == NULL && value->count < DORA_FEW;
        if (value->why != NULL || grade->few)
            continue;
        grade->points = points_of(&ratings->scales[rated], value->value, figures);
        if (levels != NULL)
            grade->level = level_of(levels, rated, value->value, figures);
    }
    score->throughput = mean(score->grades, throughput);
    score->stability = mean(score->grades, stability);
    score->all = mean(score->grades, all);
}
