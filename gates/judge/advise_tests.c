#include <inttypes.h>

#include "gates/judge/parts.h"
#include "gates/measure/take.h"

static const char *fix_tests(struct trial *trial, uint64_t fix, uint64_t failed)
{
    if (failed == 1)
        return "make this test pass";
    if (fix == failed)
        return arena_printf(trial->mem, "make these %" PRIu64 " tests pass", failed);
    return arena_printf(trial->mem, "make %" PRIu64 " of these %" PRIu64 " tests pass", fix,
                        failed);
}

void advise_tests(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    int what = rule->selector.measure->what;
    uint64_t k = advise_count(rule, value);
    switch (what) {
    case TESTS_SUCCESS_RATE:
        list_tests(trial, trial->selector, &ruling->details);
        k = advise_smallest(rule, value->whole - value->part, advise_part_more, value);
        ruling->to_pass = fix_tests(trial, k, value->whole - value->part);
        break;
    case TESTS_FAILED:
    case TESTS_FAILURES:
    case TESTS_ERRORS:
        list_tests(trial, trial->selector, &ruling->details);
        ruling->to_pass = fix_tests(trial, k, value->part);
        break;
    case TESTS_FLAKY:
        list_tests(trial, trial->selector, &ruling->details);
        ruling->to_pass = arena_printf(
            trial->mem, "make %" PRIu64 " of %" PRIu64 " flaky tests pass at the first try", k,
            value->part);
        break;
    case TESTS_SKIPPED:
        ruling->to_pass = arena_printf(
            trial->mem, "run %" PRIu64 " of the %" PRIu64 " skipped tests", k, value->part);
        break;
    case TESTS_DURATION:
        ruling->to_pass = advise_difference(trial, rule, value);
        break;
    default:
        ruling->to_pass = arena_printf(trial->mem, "run %" PRIu64 " %s test%s", k,
                                       advise_up(rule) ? "more" : "fewer", plural(k));
        break;
    }
}
