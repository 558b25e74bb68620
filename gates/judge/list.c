/* The findings and tests behind a value: what its selector picked, one by one. */
#include "gates/judge/parts.h"
#include "gates/measure/index.h"
#include "gates/measure/take.h"

static bool is_taken_out(const struct selector *selector, const struct finding *finding,
                         const struct test_case *test)
{
    const struct exclusion *exclusion = selector->exclusion;
    return exclusion != NULL && exclusion->holds(exclusion->handle, finding, test);
}

static bool picks_finding(const struct selector *selector, const struct finding *finding)
{
    struct error err = {0};
    bool matches = false;
    enum family family = selector->measure->family;
    if (family != FAMILY_COUNT && family != finding->family)
        return false;
    bool asked = selector_matches_finding(selector, finding, &matches, &err);
    bool picked = asked && matches; /* GCOVR_EXCL_BR_LINE: a limit made the value an error before */
    return picked && !is_taken_out(selector, finding, NULL);
}

void list_findings(struct trial *trial, const struct selector *selector,
                   const struct evidence *evidence, struct details *details)
{
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct source *source = &evidence->sources.items[i];
        if (!measure_draws(selector, source))
            continue;
        const struct candidates some = candidates_of_findings(selector, &source->findings);
        for (size_t j = 0; j < some.count; j++) {
            const struct finding *finding = &source->findings.items[candidate_at(&some, j)];
            if (!picks_finding(selector, finding))
                continue;
            struct detail *detail = array_add(trial->mem, details);
            detail->finding = finding;
            detail->subject = finding->rule != NULL ? finding->rule : "";
            detail->text = finding->message != NULL ? finding->message : "";
        }
    }
}

/* Is the case part of the measure's number? */
static bool is_counted(int what, const struct test_case *test)
{
    if (test->mark == TEST_MARK_SUSPECTED)
        return false;
    if (what == TESTS_FLAKY)
        return test->mark == TEST_MARK_FLAKY;
    if (test->mark == TEST_MARK_FLAKY)
        return false;
    if (what == TESTS_FAILURES)
        return test->outcome == TEST_FAILURE;
    return what != TESTS_ERRORS || test->outcome == TEST_ERROR;
}

static bool picks_test(const struct selector *selector, const struct test_case *test)
{
    struct error err = {0};
    bool matches = false;
    if (!is_counted(selector->measure->what, test))
        return false;
    bool asked = selector_matches_test(selector, test, &matches, &err);
    bool picked = asked && matches; /* GCOVR_EXCL_BR_LINE: as above */
    return picked && !is_taken_out(selector, NULL, test);
}

static const char *name_of(const struct test_case *test, struct arena *mem)
{
    const char *dot = test->classname[0] != '\0' && test->name[0] != '\0' ? "." : "";
    if (test->classname[0] == '\0' && test->name[0] == '\0')
        return test->suite[0] != '\0' ? test->suite : "a suite without a name";
    return arena_printf(mem, "%s%s%s", test->classname, dot, test->name);
}

void list_tests(struct trial *trial, const struct selector *selector,
                const struct evidence *evidence, struct details *details)
{
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct source *source = &evidence->sources.items[i];
        if (!measure_draws(selector, source))
            continue;
        const struct test_cases *all = &source->tests.cases;
        const struct candidates some = candidates_of_cases(selector, all);
        for (size_t j = 0; j < some.count; j++) {
            const struct test_case *test = &all->items[candidate_at(&some, j)];
            if (!picks_test(selector, test))
                continue;
            struct detail *detail = array_add(trial->mem, details);
            detail->test = test;
            detail->subject = name_of(test, trial->mem);
            detail->text = test->message;
        }
    }
}
