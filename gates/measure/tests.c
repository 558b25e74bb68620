/* Tests: sums over the groups of all picked sources. */
#include <string.h>

#include "gates/measure/index.h"
#include "gates/measure/take.h"

struct sums {
    uint64_t passed, skipped, failures, errors, flaky; /* of cases */
    uint64_t beside_failures, beside_errors;           /* of suites */
    uint64_t suites;
    int64_t duration_us;
    bool flaky_unknown;
};

static void add(struct sums *sums, struct sums more)
{
    sums->passed += more.passed;
    sums->skipped += more.skipped;
    sums->failures += more.failures;
    sums->errors += more.errors;
    sums->flaky += more.flaky;
    sums->beside_failures += more.beside_failures;
    sums->beside_errors += more.beside_errors;
    sums->suites += more.suites;
    sums->duration_us += more.duration_us;
    sums->flaky_unknown |= more.flaky_unknown;
}

static void add_groups(const struct selector *selector, const struct test_groups *all,
                       const struct candidates *some, struct arena *mem, struct sums *sums,
                       struct value *out)
{
    for (size_t i = 0; i < some->count; i++) {
        const struct test_group *group = &all->items[candidate_at(some, i)];
        if (take_label(selector, "suite", group->suite, mem, out) &&
            take_path(selector, group->path, group->origin, mem, out))
            add(sums, (struct sums){.passed = group->passed,
                                    .skipped = group->skipped,
                                    .failures = group->failures,
                                    .errors = group->errors,
                                    .flaky = group->flaky,
                                    .beside_failures = group->beside_failures,
                                    .beside_errors = group->beside_errors,
                                    .duration_us = group->duration_us});
    }
}

/* Where `each` names tests, its value says nothing of a group: their sum is the same for all. */
static struct sums sum_of(const struct selector *selector, const struct source *source,
                          struct arena *mem, struct value *out)
{
    const struct test_groups *all = &source->tests.groups;
    const struct candidates some = candidates_of_groups(selector, all);
    bool is_same = selector_value(selector, "name") != NULL && all->count > 0;
    const struct sums *noted = is_same ? index_noted(selector, all->items) : NULL;
    if (noted != NULL)
        return *noted;
    struct sums sums = {.suites = source->tests.suites,
                        .flaky_unknown = source->tests.flaky_unknown};
    add_groups(selector, all, &some, mem, &sums, out);
    if (is_same && out->kind != VALUE_ERROR)
        index_note(selector, all->items, &sums, sizeof sums);
    return sums;
}

static bool asks_name(const struct selector *selector)
{
    for (size_t i = 0; i < selector->labels.count; i++)
        if (strcmp(selector->labels.items[i].label, "name") == 0)
            return true;
    return false;
}

/* The number of `sums` that a case worth naming is part of; NULL: of none. */
static uint64_t *place_of(struct sums *sums, const struct test_case *test)
{
    bool beside = test->mark == TEST_MARK_BESIDE, error = test->outcome == TEST_ERROR;
    if (test->mark == TEST_MARK_SUSPECTED)
        return NULL;
    if (test->mark == TEST_MARK_FLAKY)
        return &sums->flaky;
    if (beside)
        return error ? &sums->beside_errors : &sums->beside_failures;
    return error ? &sums->errors : &sums->failures;
}

static bool picks(const struct selector *selector, const struct test_case *test, struct arena *mem,
                  struct value *out)
{
    struct error err = {0};
    bool matches = false;
    if (!selector_matches_test(selector, test, &matches, &err))
        take_error(out, arena_copy(mem, err.what, strlen(err.what)));
    return matches;
}

/* By name only the cases worth naming are known: what failed and what was flaky. */
static void count_named(const struct selector *selector, const struct source *source,
                        struct arena *mem, struct sums *sums, struct value *out)
{
    const struct test_cases *all = &source->tests.cases;
    const struct candidates some = candidates_of_cases(selector, all);
    for (size_t i = 0; i < some.count; i++) {
        const struct test_case *test = &all->items[candidate_at(&some, i)];
        uint64_t *place = place_of(sums, test);
        if (place != NULL && picks(selector, test, mem, out))
            ++*place;
    }
}

/* Does the measure count what stands at this place? */
static bool counts(int what, const struct sums *sums, const uint64_t *place)
{
    bool failure = place == &sums->failures || place == &sums->beside_failures;
    bool flaky = place == &sums->flaky;
    switch (what) {
    case TESTS_FLAKY:
        return flaky;
    case TESTS_FAILURES:
        return failure;
    case TESTS_ERRORS:
        return !failure && !flaky;
    default:
        return !flaky && (what == TESTS_FAILED || what == TESTS_SUCCESS_RATE);
    }
}

static void leave_out(const struct selector *selector, const struct source *source, int what,
                      struct arena *mem, struct sums *sums, struct value *out)
{
    const struct exclusion *exclusion = selector->exclusion;
    const struct test_cases *all = &source->tests.cases;
    const struct candidates some = candidates_of_cases(selector, all);
    for (size_t i = 0; exclusion != NULL && i < some.count; i++) {
        const struct test_case *test = &all->items[candidate_at(&some, i)];
        uint64_t *place = place_of(sums, test);
        if (place == NULL || *place == 0 || !counts(what, sums, place) ||
            !picks(selector, test, mem, out) || !exclusion->holds(exclusion->handle, NULL, test))
            continue;
        --*place;
        out->waived++;
    }
}

static uint64_t count_of(int what, const struct sums *s)
{
    switch (what) {
    case TESTS_PASSED:
        return s->passed;
    case TESTS_FAILURES:
        return s->failures + s->beside_failures;
    case TESTS_ERRORS:
        return s->errors + s->beside_errors;
    case TESTS_SKIPPED:
        return s->skipped;
    case TESTS_FLAKY:
        return s->flaky;
    case TESTS_SUITES:
        return s->suites;
    default:
        return s->failures + s->beside_failures + s->errors + s->beside_errors;
    }
}

static void answer(int what, const struct sums *sums, uint64_t total, struct value *out)
{
    uint64_t failed = count_of(TESTS_FAILED, sums);
    if (what == TESTS_TOTAL)
        take_number(out, number_of((int64_t)total));
    else if (what == TESTS_SUITES)
        take_number(out, number_of((int64_t)sums->suites));
    else if (total == 0 && failed + out->waived == 0)
        take_nothing(out, "no test is listed");
    else if (what == TESTS_FLAKY && sums->flaky_unknown)
        take_nothing(out, "the writer of this report does not show reruns");
    else if (what == TESTS_DURATION)
        take_number(out, number_ratio(sums->duration_us, 1000000));
    else if (what != TESTS_SUCCESS_RATE)
        take_number(out, number_of((int64_t)count_of(what, sums)));
    else if (sums->passed + failed == 0)
        take_nothing(out, "every test was skipped");
    else
        take_ratio(out, sums->passed, sums->passed + failed, 100);
    if (what == TESTS_FAILED || what == TESTS_FAILURES || what == TESTS_ERRORS ||
        what == TESTS_FLAKY || what == TESTS_SKIPPED || what == TESTS_PASSED) {
        out->has_parts = out->kind == VALUE_NUMBER;
        out->part = count_of(what, sums);
        out->whole = total;
    }
}

TAKE(take_tests)
{
    struct sums sums = {0};
    for (size_t i = 0; i < count; i++)
        add(&sums, sum_of(selector, sources[i], mem, out));
    uint64_t total = sums.passed + sums.skipped + sums.failures + sums.errors;
    if (asks_name(selector) && total > 0) {
        sums.failures = sums.errors = sums.flaky = sums.beside_failures = sums.beside_errors = 0;
        for (size_t i = 0; i < count; i++)
            count_named(selector, sources[i], mem, &sums, out);
    }
    for (size_t i = 0; i < count; i++)
        leave_out(selector, sources[i], what, mem, &sums, out);
    answer(what, &sums, total, out);
}
