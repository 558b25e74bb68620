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

static const char *difference(const struct ruling *ruling, struct arena *mem)
{
    char digits[48];
    const struct number number = ruling->value.number;
    const struct rule *rule = ruling->rule;
    if (ruling_unbounded(ruling))
        return "unbounded";
    number_beside(digits, number, rule->threshold);
    return arena_printf(mem, "%s%s", number.above > 0 ? "+" : "",
                        digits_with_unit(digits, ruling_unit(rule), mem));
}

const char *ruling_text(const struct ruling *ruling, struct arena *mem)
{
    const struct rule *rule = ruling->rule;
    const struct number *threshold = rule->word == NULL ? &rule->threshold : NULL;
    if (ruling->before.kind != VALUE_NUMBER)
        return value_text(&ruling->value, rule->selector.measure, threshold, mem);
    return arena_printf(mem, "%s (%s)", difference(ruling, mem), both(ruling, mem));
}
