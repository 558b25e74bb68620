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

/* --- deliveries: seconds and days are no units that people think in --------------------------- */

struct scale {
    uint64_t times, by;
    const char *unit;
};

static struct scale rate_scale(struct number like)
{
    bool weekly = number_compare(like, number_of(1)) < 0;
    return weekly ? (struct scale){7, 1, "/w"} : (struct scale){1, 1, "/d"};
}

static struct scale time_scale(struct number like)
{
    static const struct scale units[] = {{1, 86400, " d"}, {1, 3600, " h"}, {1, 60, " min"}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (number_compare(like, number_of((int64_t)units[i].by)) >= 0)
            return units[i];
    return (struct scale){1, 1, " s"};
}

/* In which unit a number as large as `like` is read; `unit` NULL: the measure's own. */
static struct scale scale_of(const struct measure *measure, struct number like)
{
    if (measure->family == FAMILY_DELIVERY && measure->unit == UNIT_PER_DAY)
        return rate_scale(like);
    if (measure->family == FAMILY_DELIVERY && measure->unit == UNIT_SECONDS)
        return time_scale(like);
    return (struct scale){1, 1, NULL};
}

static struct number scaled(const struct scale *scale, struct number number)
{
    return number_scale(number, scale->times, scale->by);
}

struct number measure_scaled(const struct measure *measure, struct number number, const char **unit)
{
    struct scale scale = scale_of(measure, number);
    *unit = scale.unit;
    return scaled(&scale, number);
}

const char *measure_text(const struct measure *measure, struct number number, struct arena *mem)
{
    char buffer[48];
    const char *unit;
    struct number shown = measure_scaled(measure, number, &unit);
    bool is_short = number_scale(shown, 100, 1).below == 1;
    return unit == NULL || !is_short ? number_with_unit(number, measure->unit, mem)
                                     : arena_printf(mem, "%s%s", number_short(buffer, shown), unit);
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
    const struct scale scale = scale_of(measure, beside != NULL ? *beside : value->number);
    if (scale.unit != NULL)
        return arena_printf(
            mem, "%s%s",
            number_beside(buffer, scaled(&scale, value->number), scaled(&scale, threshold)),
            scale.unit);
    return digits_with_unit(number_beside(buffer, value->number, threshold), measure->unit, mem);
}
