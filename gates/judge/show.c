/* The value of a ruling as people read it. */
#include "gates/judge/verdict.h"

#include <string.h>

enum unit ruling_unit(const struct rule *rule)
{
    enum unit unit = rule->selector.measure->unit;
    if (rule->function == FUNCTION_GROWTH)
        return UNIT_PERCENT;
    return rule->function == FUNCTION_DELTA && unit == UNIT_PERCENT ? UNIT_POINTS : unit;
}

static bool is_whole(struct number number)
{
    return number.above % (int64_t)number.below == 0;
}

/* "81.4 % → 81.0 %", with as few decimals as tell the two apart. */
static const char *both(const struct ruling *ruling, struct arena *mem)
{
    char before[48], after[48];
    struct number a = ruling->before.number, b = ruling->after.number;
    enum unit unit = ruling->rule->selector.measure->unit;
    int decimals = is_whole(a) && is_whole(b) ? 0 : 1;
    bool differ = number_compare(a, b) != 0;
    do {
        number_text(before, a, decimals);
        number_text(after, b, decimals);
    } while (differ && decimals++ < 6 && strcmp(before, after) == 0);
    return arena_printf(mem, "%s → %s", digits_with_unit(before, unit, mem),
                        digits_with_unit(after, unit, mem));
}

bool ruling_unbounded(const struct ruling *ruling)
{
    return ruling->rule->function == FUNCTION_GROWTH && ruling->before.kind == VALUE_NUMBER &&
           ruling->before.number.above == 0 && ruling->value.number.above != 0;
}

/* "+3", "-0.4 pp" */
static const char *signed_text(struct number number, struct number threshold, enum unit unit,
                               struct arena *mem)
{
    char digits[48];
    number_beside(digits, number, threshold);
    return arena_printf(mem, "%s%s", number.above > 0 ? "+" : "",
                        digits_with_unit(digits, unit, mem));
}

static bool is_difference(const struct ruling *ruling)
{
    return ruling->after.kind == VALUE_NUMBER;
}

const char *ruling_text_alone(const struct ruling *ruling, struct arena *mem)
{
    const struct rule *rule = ruling->rule;
    const struct number *threshold = rule->word == NULL ? &rule->threshold : NULL;
    if (!is_difference(ruling))
        return value_text(&ruling->value, rule->selector.measure, threshold, mem);
    if (ruling_unbounded(ruling))
        return "unbounded";
    return signed_text(ruling->value.number, rule->threshold, ruling_unit(rule), mem);
}

const char *ruling_text(const struct ruling *ruling, struct arena *mem)
{
    const char *text = ruling_text_alone(ruling, mem);
    return is_difference(ruling) ? arena_printf(mem, "%s (%s)", text, both(ruling, mem)) : text;
}

const char *ruling_before(const struct ruling *ruling, struct arena *mem)
{
    return ruling->before.kind == VALUE_NUMBER
               ? value_text(&ruling->before, ruling->rule->selector.measure, NULL, mem)
               : "";
}

const char *ruling_change(const struct ruling *ruling, struct arena *mem)
{
    const struct value *now = is_difference(ruling) ? &ruling->after : &ruling->value;
    struct number before = ruling->before.number;
    if (ruling->before.kind != VALUE_NUMBER || now->kind != VALUE_NUMBER)
        return "";
    enum unit unit = ruling->rule->selector.measure->unit;
    if (unit == UNIT_RATING)
        return "";
    before.above = -before.above;
    return signed_text(number_add(now->number, before), number_of(0),
                       unit == UNIT_PERCENT ? UNIT_POINTS : unit, mem);
}
