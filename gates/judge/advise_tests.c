#include <inttypes.h>

#include "gates/judge/parts.h"
#include "gates/measure/take.h"

/* What fails, for the success rate. */
struct failing {
    uint64_t passed, tests, suites; /* suites that broke are no tests: repaired, they are gone */
};

/* In percent, when k of what fails is repaired, tests first. */
static struct number rate_after(const void *state, uint64_t k)
{
    const struct failing *f = state;
    uint64_t tests = k < f->tests ? k : f->tests, suites = k - tests;
    uint64_t whole = f->passed + f->tests + f->suites - suites;
    if (whole == 0) /* nothing but suites that broke: their tests will tell */
        return number_of(100);
    return number_scale(number_ratio((int64_t)(f->passed + tests), whole), 100, 1);
}

static struct failing what_fails(const struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    struct failing failing = {value->part, value->whole - value->part, 0};
    for (size_t i = 0; i < ruling->details.count; i++)
        failing.suites += ruling->details.items[i].test->mark == TEST_MARK_BESIDE;
    failing.tests -= failing.suites;
    return failing;
}

/* "make 2 of these 3 flaky tests pass" */
static const char *all_or_some(struct trial *trial, const char *verb, uint64_t k, uint64_t all,
                               const char *things, const char *rest)
{
    if (all == 1)
        return arena_printf(trial->mem, "%s this %s%s", verb, things, rest);
    if (k == all)
        return arena_printf(trial->mem, "%s these %" PRIu64 " %ss%s", verb, all, things, rest);
    return arena_printf(trial->mem, "%s %" PRIu64 " of these %" PRIu64 " %ss%s", verb, k, all,
                        things, rest);
}

static const char *advise_success(struct trial *trial, const struct rule *rule,
                                  const struct ruling *ruling)
{
    const struct failing failing = what_fails(ruling);
    uint64_t all = failing.tests + failing.suites;
    uint64_t k = advise_smallest(rule, all, rate_after, &failing);
    if (k == 0)
        return advise_difference(trial, rule, &ruling->value);
    return all_or_some(trial, "make", k, all, "test",
                       failing.suites > 0 && k < all ? " pass, single ones before whole suites"
                                                     : " pass");
}

/* Of a measure that counts what should not be. */
static const char *advise_fewer(struct trial *trial, const struct rule *rule,
                                const struct value *value, int what)
{
    uint64_t k = advise_count(rule, value);
    if (advise_up(rule, value))
        return advise_difference(trial, rule, value);
    if (what == TESTS_FLAKY)
        return all_or_some(trial, "make", k, value->part, "flaky test", " pass at the first try");
    if (what == TESTS_SKIPPED)
        return all_or_some(trial, "run", k, value->part, "skipped test", "");
    return all_or_some(trial, "make", k, value->part, "test", " pass");
}

static const char *advise_number(struct trial *trial, const struct rule *rule,
                                 const struct value *value, int what)
{
    uint64_t k = advise_count(rule, value);
    bool up = advise_up(rule, value);
    if (what == TESTS_DURATION || (what == TESTS_PASSED && !up))
        return advise_difference(trial, rule, value);
    if (what == TESTS_PASSED)
        return arena_printf(trial->mem, "make %" PRIu64 " more test%s pass", k, plural(k));
    return arena_printf(trial->mem, "run %" PRIu64 " %s %s%s", k, up ? "more" : "fewer",
                        what == TESTS_SUITES ? "suite" : "test", plural(k));
}

void advise_listed_tests(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    uint64_t k = advise_count(rule, &ruling->value);
    ruling->to_pass = advise_up(rule, &ruling->value)
                          ? advise_difference(trial, rule, &ruling->value)
                          : all_or_some(trial, "make", k, ruling->details.count, "test", " pass");
}

void advise_tests(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    int what = rule->selector.measure->what;
    bool fewer = rule->selector.measure->better == BETTER_DOWN && what != TESTS_DURATION;
    if (what == TESTS_SUCCESS_RATE || (fewer && what != TESTS_SKIPPED))
        list_tests(trial, trial->selector, trial->docket->now, &ruling->details);
    if (what == TESTS_SUCCESS_RATE)
        ruling->to_pass = advise_success(trial, rule, ruling);
    else if (fewer)
        ruling->to_pass = advise_fewer(trial, rule, &ruling->value, what);
    else
        ruling->to_pass = advise_number(trial, rule, &ruling->value, what);
}
