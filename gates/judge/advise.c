/* "to pass": the smallest thing that makes a failing rule hold, and what stands behind its value.
 *
 * Doing exactly what it says makes the rule pass; doing one less does not. Numbers are found by
 * asking the comparison itself, so the advice can never disagree with the verdict. One file per
 * family.
 */
#include "gates/judge/parts.h"

bool advise_up(const struct rule *rule)
{
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

uint64_t advise_smallest(const struct rule *rule, uint64_t most,
                         struct number (*try)(const struct value *, uint64_t),
                         const struct value *value)
{
    uint64_t low = 1, high = most;
    if (most == 0 || !holds(rule, try(value, most)))
        return 0;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (holds(rule, try(value, middle)))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

struct number advise_part_more(const struct value *value, uint64_t k)
{
    return ratio_of(value->part + k, value->whole);
}

struct number advise_part_less(const struct value *value, uint64_t k)
{
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

static void advise_fact(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    if (rule->selector.measure->family == FAMILY_VERDICT)
        ruling->to_pass = "look at the job that judged that stage, and run it again";
    else if (rule->word != NULL)
        ruling->to_pass = arena_printf(
            trial->mem, "see in SonarQube why it is %s, not %s",
            ruling->value.kind == VALUE_WORD ? ruling->value.word : "a number", rule->word);
    else if (rule->selector.measure->unit == UNIT_RATING)
        ruling->to_pass =
            arena_printf(trial->mem, "bring it from %s to %s",
                         number_with_unit(ruling->value.number, UNIT_RATING, trial->mem),
                         number_with_unit(rule->threshold, UNIT_RATING, trial->mem));
    else
        ruling->to_pass = advise_difference(trial, rule, &ruling->value);
}

const char *advise_difference(struct trial *trial, const struct rule *rule,
                              const struct value *value)
{
    bool up = number_compare(value->number, rule->threshold) < 0;
    const char *gap =
        number_with_unit(distance(rule, value), rule->selector.measure->unit, trial->mem);
    return arena_printf(trial->mem, "%s%s %s", is_strict(rule) ? "over " : "", gap,
                        up ? "more" : "less");
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
    case FAMILY_SONAR:
    case FAMILY_VERDICT:
        advise_fact(trial, rule, ruling);
        break;
    default:
        advise_findings(trial, rule, ruling);
        break;
    }
}

const char *advise_missing(struct trial *trial, const struct selector *selector)
{
    const struct evidence *now = trial->docket->now;
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct source *source = &now->sources.items[i];
        if (measure_draws(selector, source))
            return arena_printf(trial->mem,
                                "look at the job that writes %s: it left nothing to judge",
                                source->path);
    }
    return arena_printf(trial->mem, "name a report that gives it under `reports:` (format: %s)",
                        selector->measure->formats);
}
