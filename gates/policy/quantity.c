#include "gates/policy/quantity.h"

#include <string.h>

#include "gates/base/text.h"

static const struct {
    const char *name;
    enum dimension dimension;
    uint64_t times, by;
} units[] = {
    {"", DIMENSION_PLAIN, 1, 1},         {"%", DIMENSION_PERCENT, 1, 1},
    {"pp", DIMENSION_POINTS, 1, 1},      {"ms", DIMENSION_TIME, 1, 1},
    {"s", DIMENSION_TIME, 1000, 1},      {"min", DIMENSION_TIME, 60000, 1},
    {"h", DIMENSION_TIME, 3600000, 1},   {"d", DIMENSION_TIME, 86400000, 1},
    {"w", DIMENSION_TIME, 604800000, 1}, {"/s", DIMENSION_RATE, 86400, 1},
    {"/d", DIMENSION_RATE, 1, 1},        {"/w", DIMENSION_RATE, 1, 7},
};

static size_t digits_at(const char *text, size_t len)
{
    size_t at = len > 0 && (text[0] == '-' || text[0] == '+');
    while (at < len && ((text[at] >= '0' && text[at] <= '9') || text[at] == '.'))
        at++;
    return at;
}

bool quantity_read(const char *text, size_t len, struct quantity *out)
{
    size_t digits = digits_at(text, len), unit = digits;
    struct number number;
    if (!number_parse(text, digits, &number))
        return false;
    while (unit < len && text[unit] == ' ')
        unit++;
    *out = (struct quantity){number, DIMENSION_UNKNOWN, text, text + unit, digits, len - unit};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (!text_is(out->unit, out->unit_len, units[i].name))
            continue;
        out->dimension = units[i].dimension;
        out->number = number_scale(number, units[i].times, units[i].by);
    }
    return true;
}

struct number quantity_in(const struct quantity *quantity, enum unit unit)
{
    static const uint64_t by[] = {
        [UNIT_SECONDS] = 1000, [UNIT_MINUTES] = 60000, [UNIT_PER_SECOND] = 86400, [UNIT_WORD] = 1};
    return number_scale(quantity->number, 1, by[unit] == 0 ? 1 : by[unit]);
}

bool duration_read(const char *text, int64_t *ms)
{
    struct quantity q;
    if (!quantity_read(text, strlen(text), &q) || q.dimension != DIMENSION_TIME ||
        q.number.above <= 0 || q.number.above % (int64_t)q.number.below != 0)
        return false;
    *ms = q.number.above / (int64_t)q.number.below;
    return true;
}
