/* "over 0.5 s less": what it says of a value, and what it comes to in the smallest steps of a
 * world. */
#ifndef TESTS_SUPPORT_DIFFERENCE_H
#define TESTS_SUPPORT_DIFFERENCE_H

#include "tests/support/deeds.h"

struct difference {
    bool over;           /* … so much: so much is not enough */
    bool least;          /* anything less than the threshold: the least there is */
    int64_t micro, unit; /* how much, and one in its last digit, in millionths */
    int sign;
};

static inline bool read_difference(const char *text, struct difference *d)
{
    *d = (struct difference){.over = strncmp(text, "over ", 5) == 0, .unit = 1000000};
    d->least = strncmp(text, "anything less than ", 19) == 0 ||
               strncmp(text, "anything more than ", 19) == 0;
    text += d->over ? 5 : 0;
    d->sign = strstr(text, "more") != NULL ? 1 : -1;
    if (d->least)
        return d->over = true;
    if (*text < '0' || *text > '9')
        return false;
    for (; *text >= '0' && *text <= '9'; text++)
        d->micro = d->micro * 10 + (*text - '0') * 1000000;
    for (text += *text == '.'; *text >= '0' && *text <= '9'; text++) {
        d->unit /= 10;
        d->micro += (*text - '0') * d->unit;
    }
    const char *way = strrchr(text, ' ');
    return way != NULL && (strcmp(way, " more") == 0 || strcmp(way, " less") == 0);
}

static inline bool is_held(const struct rule *rule, struct number value)
{
    struct number slack = rule->tolerance, threshold = rule->threshold;
    bool up = rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
    slack.above = up ? -slack.above : slack.above;
    int order = number_compare(value, slack.above != 0 ? number_add(threshold, slack) : threshold);
    switch (rule->compare) {
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_AT_MOST:
        return order <= 0;
    case COMPARE_MORE:
        return order > 0;
    default:
        return order >= 0;
    }
}

/* The value itself, moved by as much: always. */
static inline void check_value(const struct scene *s, const struct difference *d,
                               struct number value, const char *text)
{
    int64_t enough = d->micro * 1000 + (d->over ? 1 : 0);
    int64_t too_little = d->over ? d->micro * 1000 : (d->micro - d->unit) * 1000;
    struct number done = number_add(value, number_ratio(d->sign * enough, 1000000000));
    struct number less = number_add(value, number_ratio(d->sign * too_little, 1000000000));
    if (!is_held(s->rule, done) || is_held(s->rule, less))
        fail_msg("%s: `%s` of %" PRId64 "/%" PRIu64, s->rule->text, text, value.above, value.below);
}

/* How many of the world's smallest steps make one of the measure: `above` / `below`; 0: it cannot
 * be changed step by step here. */
static inline void steps_of(const struct scene *s, int sign, int64_t *above, int64_t *below)
{
    int64_t count = 0, first = INT64_MAX, last = 0;
    for (size_t i = 0; i < s->world.count; i++) {
        const struct thing *t = &s->world.things[i];
        if (!picks(s, t) || s->world.family != FAMILY_LOAD)
            continue;
        int64_t start = (int64_t)t->sample.start_ms, end = start + (int64_t)t->sample.elapsed_ms;
        first = start < first ? start : first;
        last = end > last ? end : last;
        count++;
    }
    *below = is(s, "load.throughput") ? 1000 : 1;
    *above = begins(s, "load.") ? 1 : 1000000;
    if (is(s, "load.mean") || is(s, "load.apdex"))
        *above = is(s, "load.mean") ? count : 2 * count;
    if (is(s, "load.throughput"))
        *above = last - first;
    if (is(s, "load.duration"))
        *above = 1000;
    if (sign > 0 ? is(s, "load.mean")
                 : !begins(s, "load.") && !begins(s, "tests.") && !begins(s, "sonar."))
        *above = 0;
}

/* One apdex step up: frustrated to tolerated, tolerated to satisfied. */
static inline bool please(struct scene *s)
{
    FIRST(s, t, !t->sample.passed || t->sample.elapsed_ms > 500);
    if (!t->sample.passed)
        t->sample.elapsed_ms = 1500;
    else
        t->sample.elapsed_ms = t->sample.elapsed_ms > 1500 ? 1500 : 500;
    t->sample.passed = true;
    return true;
}

/* Takes what is there of `amount` off *from. */
static inline void take_off(uint64_t *from, int64_t *amount)
{
    uint64_t part = (int64_t)*from < *amount ? *from : (uint64_t)*amount;
    *from -= part;
    *amount -= (int64_t)part;
}

/* False: a sample that others are interpolated with cannot be so much faster. */
static inline bool move_each(struct scene *s, int64_t amount)
{
    for (size_t i = 0; i < s->world.count; i++) {
        uint64_t *elapsed = &s->world.things[i].sample.elapsed_ms;
        int64_t left = amount;
        if (!picks(s, &s->world.things[i]))
            continue;
        take_off(elapsed, &left);
        if (left > 0 && s->world.percentiles != PERCENTILES_NEAREST)
            return false;
    }
    return true;
}

static inline void spread(struct scene *s, int64_t amount)
{
    for (size_t i = 0; i < s->world.count; i++) {
        struct thing *t = &s->world.things[i];
        bool test = s->world.family == FAMILY_TESTS;
        if (picks(s, t) && (!test || t->test.outcome < WORLD_SUITE_FAILURE))
            take_off(test ? &t->test.us : &t->sample.elapsed_ms, &amount);
    }
    assert_int_equal(amount, 0);
}

static inline bool lengthen(struct scene *s, int64_t ms)
{
    struct thing *last = NULL;
    for (size_t i = 0; i < s->world.count; i++) {
        struct thing *t = &s->world.things[i];
        if (picks(s, t) && (last == NULL || t->sample.start_ms + t->sample.elapsed_ms >
                                                last->sample.start_ms + last->sample.elapsed_ms))
            last = t;
    }
    last->sample.elapsed_ms += (uint64_t)ms;
    return true;
}

/* The world, so many of its smallest steps further. */
static inline bool shift(struct scene *s, int64_t steps, int sign)
{
    if (s->world.family == FAMILY_SONAR)
        s->world.things[0].fact.micro += sign * steps;
    else if (is(s, "load.duration"))
        return sign > 0 && lengthen(s, steps);
    else if (is(s, "load.throughput") || is(s, "load.apdex")) {
        for (int64_t i = 0; i < steps; i++)
            if (sign < 0 || !(is(s, "load.apdex") ? please(s) : add_sample(s)))
                return false;
    } else if (is(s, "load.mean") || is(s, "tests.duration"))
        spread(s, steps);
    else
        return move_each(s, steps);
    return true;
}

#endif
