/* Values and numbers as people read them. */
#include <string.h>

#include "gates/measure/measure.h"

static const char *rating(struct number number, struct arena *mem)
{
    char buffer[48];
    for (int64_t grade = 1; grade <= 5; grade++)
        if (number_compare(number, number_of(grade)) == 0)
            return arena_printf(mem, "%c", (char)('A' + grade - 1));
    return arena_printf(mem, "%s", number_short(buffer, number));
}

const char *digits_with_unit(const char *digits, enum unit unit, struct arena *mem)
{
    bool spaced = unit == UNIT_PERCENT || unit == UNIT_POINTS || unit == UNIT_MS ||
                  unit == UNIT_SECONDS || unit == UNIT_MINUTES;
    return arena_printf(mem, "%s%s%s", digits, spaced ? " " : "", unit_name(unit));
}

const char *number_with_unit(struct number number, enum unit unit, struct arena *mem)
{
    char buffer[48];
    if (unit == UNIT_RATING)
        return rating(number, mem);
    return digits_with_unit(number_short(buffer, number), unit, mem);
}

const char *value_text(const struct value *value, const struct measure *measure,
                       const struct number *beside, struct arena *mem)
{
    char buffer[48];
    if (value->kind == VALUE_WORD)
        return value->word;
    if (value->kind != VALUE_NUMBER)
        return value->kind == VALUE_NONE ? "no data" : "error";
    if (measure->unit == UNIT_RATING)
        return rating(value->number, mem);
    /* far from every value: one decimal is enough */
    struct number threshold = beside != NULL ? *beside : number_of(INT64_MAX);
    return digits_with_unit(number_beside(buffer, value->number, threshold), measure->unit, mem);
}
