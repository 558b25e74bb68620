/* What people would do to a small world, one step at a time, and the words of "to pass" that ask
 * for each.
 */
#ifndef TESTS_SUPPORT_DEEDS_H
#define TESTS_SUPPORT_DEEDS_H

#include "tests/support/world.h"

struct kind {
    const char *measure; /* or the key of a metric of SonarQube */
    enum family family;
    const char *unit;
    unsigned most; /* thresholds go so far */
    unsigned decimals;
    unsigned checked; /* rules that failed, and whose advice was followed */
};

/* A world, the rule that judges it, and what of the world it looks at. */
struct scene {
    struct kind *kind;
    struct world world;
    int group;  /* -1: all of them */
    int source; /* 0: "a", 1: "b", -1: both */
    const char *each;
    const struct rule *rule;
};

static inline bool is(const struct scene *s, const char *measure)
{
    return strcmp(s->kind->measure, measure) == 0;
}

static inline bool begins(const struct scene *s, const char *measure)
{
    return strncmp(s->kind->measure, measure, strlen(measure)) == 0;
}

/* Does the rule look at it? */
static inline bool picks(const struct scene *s, const struct thing *t)
{
    return !t->gone && (s->group < 0 || t->group == (unsigned)s->group) &&
           (s->source < 0 || (t->file == 1) == (s->source == 1));
}

static inline struct thing *add_one(struct scene *s)
{
    struct thing *t = world_add(&s->world);
    t->file = s->source == 1 ? 1 : 0;
    t->group = s->group < 0 ? 0 : (unsigned)s->group;
    return t;
}

/* --- steps: what people would do; false: there is nothing left to do it to -------------------- */

typedef bool step(struct scene *s);

#define FIRST(s, t, condition)                                      \
    __typeof__(&(s)->world.things[0]) t = NULL;                     \
    for (size_t i_ = 0; i_ < (s)->world.count && t == NULL; i_++) { \
        t = &(s)->world.things[i_];                                 \
        t = picks((s), t) && (condition) ? t : NULL;                \
    }                                                               \
    if (t == NULL)                                                  \
    return false

static inline bool is_asked_for(const struct scene *s, enum world_outcome outcome)
{
    bool failure = outcome == WORLD_FAILURE || outcome == WORLD_SUITE_FAILURE;
    bool error = outcome == WORLD_ERROR || outcome == WORLD_SUITE_ERROR;
    return (failure && !is(s, "tests.errors")) || (error && !is(s, "tests.failures"));
}

static inline bool has_run(const struct scene *s)
{
    FIRST(s, t, t->test.outcome < WORLD_SUITE_FAILURE && t->test.outcome != WORLD_SKIPPED);
    return true;
}

/* A suite is no test and just fails no more; where it is all there is, its tests will run. */
static inline bool repair_suite(struct scene *s)
{
    FIRST(s, t, t->test.outcome >= WORLD_SUITE_FAILURE && is_asked_for(s, t->test.outcome));
    t->gone = has_run(s);
    t->test.outcome = t->gone ? t->test.outcome : WORLD_PASSED;
    return true;
}

static inline bool repair_single(struct scene *s)
{
    FIRST(s, t, t->test.outcome < WORLD_SUITE_FAILURE && is_asked_for(s, t->test.outcome));
    t->test.outcome = WORLD_PASSED;
    return true;
}

static inline bool repair_test(struct scene *s)
{
    return repair_single(s) || repair_suite(s);
}

static inline bool calm_test(struct scene *s)
{
    FIRST(s, t, t->test.outcome == WORLD_FLAKY);
    t->test.outcome = WORLD_PASSED;
    return true;
}

static inline bool run_skipped(struct scene *s)
{
    FIRST(s, t, t->test.outcome == WORLD_SKIPPED);
    t->test.outcome = WORLD_PASSED;
    return true;
}

static inline bool add_thing(struct scene *s)
{
    add_one(s);
    return true;
}

/* Within the time there was. */
static inline bool add_sample(struct scene *s)
{
    uint64_t start_ms = 1200;
    for (size_t i = 0; i < s->world.count; i++)
        if (picks(s, &s->world.things[i]))
            start_ms = s->world.things[i].sample.start_ms;
    if (s->world.count == WORLD_MOST)
        return false;
    struct thing *t = add_one(s);
    t->sample.passed = true;
    t->sample.start_ms = start_ms;
    return true;
}

static inline bool remove_thing(struct scene *s)
{
    FIRST(s, t, s->world.family != FAMILY_TESTS || t->test.outcome < WORLD_SUITE_FAILURE);
    t->gone = true;
    return true;
}

static inline bool add_suite(struct scene *s)
{
    add_one(s)->test.outcome = WORLD_SKIPPED;
    return true;
}

static inline bool remove_suite(struct scene *s)
{
    if (s->world.empty_suites > 0 && s->source != 1) {
        s->world.empty_suites--;
        return true;
    }
    FIRST(s, t, true);
    t->gone = true;
    return true;
}

static inline bool hit_line(struct scene *s)
{
    FIRST(s, t, !t->line.ignored && !t->line.hit);
    t->line.hit = true;
    return true;
}

static inline bool hit_or_add_line(struct scene *s)
{
    if (!hit_line(s))
        add_one(s)->line.hit = true;
    return true;
}

static inline bool take_branch(struct scene *s)
{
    FIRST(s, t, !t->line.ignored && t->line.covered < t->line.branches);
    t->line.covered++;
    return true;
}

static inline bool take_or_add_branch(struct scene *s)
{
    if (!take_branch(s)) {
        struct thing *t = add_one(s);
        t->line.covered = t->line.branches = 1;
    }
    return true;
}

static inline bool add_branch(struct scene *s)
{
    add_one(s)->line.branches = 1;
    return true;
}

static inline bool remove_line(struct scene *s)
{
    FIRST(s, t, !t->line.ignored);
    t->gone = true;
    return true;
}

static inline bool remove_branch(struct scene *s)
{
    FIRST(s, t, !t->line.ignored && t->line.branches > 0);
    t->line.branches--;
    t->line.covered -= t->line.covered > t->line.branches;
    return true;
}

static inline bool add_file(struct scene *s)
{
    struct thing *t = add_one(s);
    t->group = (unsigned)s->world.count + 10;
    return true;
}

static inline bool remove_file(struct scene *s)
{
    FIRST(s, t, !t->line.ignored);
    for (size_t i = 0; i < s->world.count; i++)
        s->world.things[i].gone |=
            s->world.things[i].group == t->group && !s->world.things[i].line.ignored;
    return true;
}

static inline bool stop_ignoring(struct scene *s)
{
    FIRST(s, t, t->line.ignored);
    t->line.ignored = false;
    return true;
}

static inline bool mend_sample(struct scene *s)
{
    FIRST(s, t, !t->sample.passed);
    t->sample.passed = true;
    return true;
}

/* --- what the text says --- */

struct promise {
    const char *text; /* # stands for a number, ? for "or not" */
    step *step;
    int times, of; /* which number says how often, and out of how many; 0: one, -1: not said */
};

static const struct promise promises[] = {
    {"make this test pass", repair_test, 0, 0},
    {"make these # tests pass", repair_test, 1, 1},
    {"make # of these # tests pass", repair_test, 1, 2},
    {"make # of these # tests pass, single ones before whole suites", repair_test, 1, 2},
    {"make this flaky test pass at the first try", calm_test, 0, 0},
    {"make these # flaky tests pass at the first try", calm_test, 1, 1},
    {"make # of these # flaky tests pass at the first try", calm_test, 1, 2},
    {"run this skipped test", run_skipped, 0, 0},
    {"run these # skipped tests", run_skipped, 1, 1},
    {"run # of these # skipped tests", run_skipped, 1, 2},
    {"make # more tests? pass", add_thing, 1, -1},
    {"run # more tests?", add_thing, 1, -1},
    {"run # fewer tests?", remove_thing, 1, -1},
    {"run # more suites?", add_suite, 1, -1},
    {"run # fewer suites?", remove_suite, 1, -1},
    {"test # more lines? (of # that no test runs)", hit_line, 1, 2},
    {"test # more branche?s? (of # that no test runs)", take_branch, 1, 2},
    {"test # more lines?", hit_or_add_line, 1, -1},
    {"test # more branche?s?", take_or_add_branch, 1, -1},
    {"report # more lines?", add_thing, 1, -1},
    {"report # fewer lines?", remove_line, 1, -1},
    {"report # more branche?s?", add_branch, 1, -1},
    {"report # fewer branche?s?", remove_branch, 1, -1},
    {"report # more files?", add_file, 1, -1},
    {"report # fewer files?", remove_file, 1, -1},
    {"ignore # lines? fewer (of # that `paths.ignore` leaves out)", stop_ignoring, 1, 2},
    {"# fewer errors? in # samples", mend_sample, 1, -1},
    {"# fewer errors?", mend_sample, 1, -1},
    {"# more samples?", add_sample, 1, -1},
    {"# fewer samples?", remove_thing, 1, -1},
    {"repair this one", remove_thing, 0, 0},
    {"repair these #", remove_thing, 1, 1},
    {"repair # of these #", remove_thing, 1, 2},
};

/* numbers[1], numbers[2] … are those in the text; numbers[0] is 1. */
static inline bool matches(const char *text, const char *pattern, uint64_t numbers[4])
{
    size_t found = 0;
    numbers[0] = 1;
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '#') {
            char *end = NULL;
            numbers[++found] = strtoull(text, &end, 10);
            if (end == text)
                return false;
            text = end;
        } else if (pattern[1] == '?') {
            text += *text == *pattern;
            pattern++;
        } else if (*text++ != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

#endif
