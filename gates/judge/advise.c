/* "to pass": the smallest thing that makes a failing rule hold, and what stands behind its value.
 *
 * Doing exactly what it says makes the rule pass; doing one less does not. Numbers are found by
 * asking the comparison itself, so the advice can never disagree with the verdict. One file per
 * family.
 */
#include <inttypes.h>
#include <string.h>

#include "gates/judge/parts.h"

bool advise_up(const struct rule *rule, const struct value *value)
{
    if (rule->compare == COMPARE_EQUAL)
        return number_compare(value->number, rule->threshold) < 0;
    if (rule->compare == COMPARE_UNEQUAL) /* any way leads off it: the better one */
        return rule->selector.measure->better != BETTER_DOWN;
    return rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
}

const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static struct number ratio_of(uint64_t part, uint64_t whole)
{
    return number_scale(number_ratio((int64_t)part, whole), 100, 1);
}

static bool holds(const struct rule *rule, struct number number)
{
    struct value value = {.kind = VALUE_NUMBER, .number = number};
    return verdict_compare(rule, &value, rule->threshold);
}

/* `==` may hold for one k alone, or be passed over: it is looked for where the threshold is
 * reached. */
static struct rule reaching(const struct rule *rule, bool up)
{
    struct rule reached = *rule;
    if (rule->compare == COMPARE_EQUAL)
        reached.compare = up ? COMPARE_AT_LEAST : COMPARE_AT_MOST;
    return reached;
}

uint64_t advise_smallest(const struct rule *rule, uint64_t most,
                         struct number (*try)(const void *state, uint64_t k), const void *state)
{
    if (most == 0)
        return 0;
    const struct rule reached = reaching(rule, number_compare(try(state, 0), try(state, most)) < 0);
    uint64_t low = 1, high = most;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (holds(&reached, try(state, middle)))
            high = middle;
        else
            low = middle + 1;
    }
    return holds(rule, try(state, low)) ? low : 0;
}

struct number advise_part_more(const void *state, uint64_t k)
{
    const struct value *value = state;
    return ratio_of(value->part + k, value->whole);
}

struct number advise_part_less(const void *state, uint64_t k)
{
    const struct value *value = state;
    return ratio_of(value->part - k, value->whole);
}

/* |threshold - value| */
static struct number distance(const struct rule *rule, const struct value *value)
{
    struct number minus = {-value->number.above, value->number.below};
    struct number gap = number_add(rule->threshold, minus);
    gap.above = gap.above < 0 ? -gap.above : gap.above;
    return gap;
}

static bool is_strict(const struct rule *rule)
{
    return rule->compare == COMPARE_LESS || rule->compare == COMPARE_MORE;
}

uint64_t advise_count(const struct rule *rule, const struct value *value)
{
    struct number gap = distance(rule, value);
    uint64_t whole = (uint64_t)gap.above / gap.below;
    if (rule->compare == COMPARE_UNEQUAL || is_strict(rule))
        return whole + 1;
    return whole + ((uint64_t)gap.above % gap.below != 0);
}

/* Does the value come in whole steps? Milliseconds do unless they are a mean or interpolated. */
static bool is_stepped(const struct measure *measure, const struct value *value)
{
    return measure->bounds == BOUNDS_COUNT ||
           (measure->unit == UNIT_MS && value->number.below == 1);
}

/* A number of more than six decimals, rounded up to two digits or more: so much is enough, and one
 * less in the last digit is not. */
static struct number round_up(struct number gap)
{
    uint64_t unit = 1;
    while (unit < 1000000 && number_compare(number_scale(gap, unit, 1), number_of(10)) < 0)
        unit *= 10;
    struct number scaled = number_scale(gap, unit, 1);
    return number_ratio(scaled.above / (int64_t)scaled.below + 1, unit);
}

const char *advise_difference(struct trial *trial, const struct rule *rule,
                              const struct value *value)
{
    const struct measure *measure = rule->selector.measure;
    const char *limit = measure_text(measure, rule->threshold, trial->mem), *over = "", *unit;
    bool up = advise_up(rule, value);
    struct number gap = distance(rule, value);
    if (rule->compare == COMPARE_EQUAL)
        return arena_printf(trial->mem, "bring it to %s", limit);
    if (rule->compare == COMPARE_UNEQUAL)
        return arena_printf(trial->mem, "anything but %s", limit);
    char digits[48];
    if (gap.above == 0 && !is_stepped(measure, value))
        return arena_printf(trial->mem, "anything %s than %s", up ? "more" : "less", limit);
    if (is_stepped(measure, value))
        gap = number_of((int64_t)advise_count(rule, value));
    gap = measure_scaled(measure, gap, &unit);
    if (number_scale(gap, unit == NULL ? 1000000 : 100, 1).below != 1)
        gap = round_up(gap);
    else if (is_strict(rule) && !is_stepped(measure, value))
        over = "over ";
    return arena_printf(trial->mem, "%s%s%s %s", over,
                        unit == NULL ? number_with_unit(gap, measure->unit, trial->mem)
                                     : number_short(digits, gap),
                        unit == NULL ? "" : unit, up ? "more" : "less");
}

/* The worst grade that holds. */
static struct number grade_to_reach(const struct rule *rule)
{
    bool better = rule->compare == COMPARE_LESS || rule->compare == COMPARE_UNEQUAL;
    return better ? number_add(rule->threshold, number_of(-1)) : rule->threshold;
}

static const char *advise_fact(struct trial *trial, const struct rule *rule,
                               const struct value *value)
{
    if (rule->selector.measure->family == FAMILY_VERDICT)
        return "look at the job that judged that stage, and run it again";
    if (rule->word != NULL && rule->compare == COMPARE_UNEQUAL)
        return arena_printf(trial->mem, "see in SonarQube why it is %s", value->word);
    if (rule->word != NULL)
        return arena_printf(trial->mem, "see in SonarQube why it is %s, not %s", value->word,
                            rule->word);
    if (rule->selector.measure->unit == UNIT_RATING)
        return arena_printf(trial->mem, "bring it from %s to %s",
                            number_with_unit(value->number, UNIT_RATING, trial->mem),
                            number_with_unit(grade_to_reach(rule), UNIT_RATING, trial->mem));
    return advise_difference(trial, rule, value);
}

void advise(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    switch (rule->selector.measure->family) {
    case FAMILY_TESTS:
        advise_tests(trial, rule, ruling);
        break;
    case FAMILY_COVERAGE:
        advise_coverage(trial, rule, ruling);
        break;
    case FAMILY_LOAD:
        advise_load(trial, rule, ruling);
        break;
    case FAMILY_DELIVERY:
        ruling->to_pass =
            arena_printf(trial->mem, "%s: %s", advise_difference(trial, rule, &ruling->value),
                         rule->selector.measure->improve);
        break;
    case FAMILY_SONAR:
    case FAMILY_VERDICT:
        ruling->to_pass = advise_fact(trial, rule, &ruling->value);
        break;
    default:
        advise_findings(trial, rule, ruling);
        break;
    }
}

/* Does it list tests, but no rerun whatever happened? */
static bool hides_reruns(const struct selector *selector, const struct source *source)
{
    return strcmp(selector->measure->id, "tests.flaky") == 0 && source->tests.flaky_unknown &&
           source->tests.log.count > 0;
}

const char *advise_missing(struct trial *trial, const struct selector *selector)
{
    const struct evidence *now = trial->docket->now;
    const char *empty = NULL;
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct source *source = &now->sources.items[i];
        if (!measure_draws(selector, source))
            continue;
        if (hides_reruns(selector, source))
            return arena_printf(trial->mem,
                                "have the test runner show reruns in %s (Playwright: "
                                "`includeRetries`), or take the rule out",
                                source->path);
        if (empty == NULL)
            empty = source->path;
    }
    if (selector->measure->family == FAMILY_DELIVERY)
        return "look at what `qgate dora --explain` finds here";
    if (empty != NULL)
        return arena_printf(trial->mem, "look at the job that writes %s: it left nothing to judge",
                            empty);
    return arena_printf(trial->mem, "name a report that gives it under `reports:` (format: %s)",
                        selector->measure->formats);
}
