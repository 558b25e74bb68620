/* delta() and growth(): this run's value beside the baseline's. */
#include <assert.h>

#include "gates/judge/baseline.h"
#include "gates/measure/take.h"

/* From nothing to something: larger than any threshold there is. */
static struct number unbounded(bool up)
{
    return number_of(up ? INT64_MAX : -INT64_MAX);
}

static struct number minus(struct number number)
{
    number.above = -number.above;
    return number;
}

static struct number size_of(struct number number)
{
    return number.above < 0 ? minus(number) : number;
}

static struct number difference_of(const struct rule *rule, struct number before,
                                   struct number after)
{
    struct number gap = number_add(after, minus(before)), base = size_of(before);
    if (rule->function == FUNCTION_DELTA || gap.above == 0)
        return gap;
    if (base.above == 0)
        return unbounded(gap.above > 0);
    return number_scale(number_scale(gap, base.below, (uint64_t)base.above), 100, 1);
}

static bool is_of_lines(const struct rule *rule)
{
    const struct measure *measure = rule->selector.measure;
    return measure->family == FAMILY_COVERAGE && measure->what != COVERAGE_FILES;
}

static bool measure_before(struct trial *trial, const struct rule *rule, struct ruling *ruling,
                           struct value *value)
{
    const struct evidence *from = is_of_lines(rule) ? baseline_without_removed(trial) : NULL;
    struct evidence before;
    if (!baseline_take(trial, rule, ruling, from != NULL ? from : trial->docket->then, &before))
        return false;
    measure_take(trial->selector, &before, trial->mem, value);
    if (value->kind == VALUE_NUMBER)
        return true;
    const char *why = value->kind == VALUE_WORD ? "it is a word there" : value->why;
    return baseline_lacks(trial, rule, ruling,
                          arena_printf(trial->mem, "%s has no %s: %s", baseline_name(trial),
                                       trial->selector->id, why));
}

static bool holds_with(const struct rule *rule, const struct ruling *ruling, struct number before)
{
    struct value value = {.kind = VALUE_NUMBER};
    value.number = difference_of(rule, before, ruling->after.number);
    return verdict_compare(rule, &value, rule->threshold);
}

/* What is said of the lines that are gone: that they decided, or that they are not known. */
static void say_removed(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct change *since = trial->docket->since_baseline;
    struct ruling none = {0};
    struct evidence before;
    struct value whole;
    if (trial->without_removed == NULL) {
        ruling->reason = arena_printf(trial->mem, "lines removed since are still part of it: %s",
                                      since == NULL ? "what changed since the baseline is not known"
                                                    : since->why_not);
        return;
    }
    bool taken = baseline_take(trial, rule, &none, trial->docket->then, &before);
    assert(taken); /* it was before, with fewer lines */
    measure_take(trial->selector, &before, trial->mem, &whole);
    if (holds_with(rule, ruling, whole.number) == holds_with(rule, ruling, ruling->before.number))
        return;
    ruling->reason =
        arena_printf(trial->mem, "the baseline is %s with the lines that were removed since",
                     value_text(&whole, rule->selector.measure, NULL, trial->mem));
}

static bool take_difference(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    if (!evidence_answer.take(trial, rule, ruling))
        return false;
    const struct value after = ruling->value;
    struct value before;
    if (!measure_before(trial, rule, ruling, &before))
        return false;
    ruling->before = before;
    ruling->after = after;
    ruling->value.has_parts = false;
    ruling->value.number = difference_of(rule, before.number, after.number);
    if (is_of_lines(rule))
        say_removed(trial, rule, ruling);
    return true;
}

void show_baseline(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    struct ruling none = {0};
    struct value before;
    if (trial->docket->then != NULL && answer_of(rule) == &evidence_answer &&
        ruling->value.kind == VALUE_NUMBER && measure_before(trial, rule, &none, &before))
        ruling->before = before;
}

/* ---- what makes it hold ---------------------------------------------------------------------- */

/* Nothing grows from 0 by a percentage: it stays there, or it does not. */
static bool level_of_nothing(const struct rule *rule, struct rule *level)
{
    const struct value none = {.kind = VALUE_NUMBER, .number = number_of(0)};
    bool stays = verdict_compare(rule, &none, rule->threshold);
    bool up = rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
    level->threshold = number_of(0);
    if (up)
        level->compare = COMPARE_MORE;
    else if (rule->compare != COMPARE_UNEQUAL)
        level->compare = COMPARE_AT_MOST;
    return up || stays || rule->compare == COMPARE_UNEQUAL;
}

/* What the measure itself must be for the rule to hold. False: there is no such value. */
static bool level_of(const struct rule *rule, struct number before, struct rule *level)
{
    *level = *rule;
    struct number more = rule->threshold;
    if (rule->function == FUNCTION_GROWTH && before.above == 0)
        return level_of_nothing(rule, level);
    if (rule->function == FUNCTION_GROWTH) {
        const struct number base = size_of(before);
        more = number_scale(number_scale(more, (uint64_t)base.above, base.below), 1, 100);
    }
    level->threshold = number_add(before, more);
    return true;
}

static void advise_difference_rule(struct trial *trial, const struct rule *rule,
                                   struct ruling *ruling)
{
    struct rule level;
    struct ruling now = {.value = ruling->after, .reason = "", .to_pass = ""};
    if (!level_of(rule, ruling->before.number, &level)) {
        ruling->to_pass =
            "the baseline is 0, which does not shrink: leave the rule out till it is more";
        return;
    }
    advise(trial, &level, &now);
    ruling->to_pass = now.to_pass;
    ruling->details = now.details;
}

const struct answer difference_answer = {.take = take_difference, .advise = advise_difference_rule};
