#include "gates/read/junit_time.h"

#include <string.h>

#include "gates/base/number.h"
#include "gates/base/text.h"

__extension__ typedef unsigned __int128 wide;

/* Microseconds of one unit are above / below. */
struct unit {
    const char *name;
    uint64_t above, below;
};

/* The number with its separators of thousands dropped and a decimal comma made a point. */
static size_t plain_number(char out[64], const char *text, size_t len)
{
    const char *comma = memchr(text, ',', len);
    bool single = comma != NULL && memchr(comma + 1, ',', (size_t)(text + len - comma - 1)) == NULL;
    bool zero = comma == text + 1 && text[0] == '0';
    bool decimal = single && memchr(text, '.', len) == NULL && (zero || text + len - comma != 4);
    size_t used = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] != ',')
            out[used++] = text[i];
        else if (decimal)
            out[used++] = '.';
    }
    return used;
}

static bool is_of_number(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == ',' || c == '-' || c == '+' || c == 'e' ||
           c == 'E';
}

/* `12.345`, as nearly all are written: no call, no division. */
static bool plain_seconds(const char *text, size_t len, int64_t *us)
{
    int64_t value = 0;
    size_t points = 0, decimals = 0;
    for (size_t i = 0; i < len && i <= 12; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
            value = value * 10 + (text[i] - '0');
            decimals += points;
        } else if (text[i] != '.' || points++ > 0) {
            return false;
        }
    }
    if (len == points || len > 12 || decimals > 6)
        return false;
    for (; decimals < 6; decimals++)
        value *= 10;
    *us = value;
    return true;
}

bool junit_time(const char *text, size_t len, int64_t *us)
{
    static const struct unit units[] = {
        {"", 1000000, 1},    {"s", 1000000, 1},  {"ms", 1000, 1},
        {"us", 1, 1},        {"ns", 1, 1000},    {"\xC2\xB5s", 1, 1},
        {"\xCE\xBCs", 1, 1}, {"m", 60000000, 1}, {"h", 3600000000, 1},
    };
    if (plain_seconds(text, len, us))
        return true;
    size_t digits = 0;
    while (digits < len && is_of_number(text[digits]))
        digits++;
    const char *rest = text + digits;
    size_t rest_len = len - digits;
    for (; rest_len > 0 && *rest == ' '; rest_len--)
        rest++;
    size_t i = 0, count = sizeof units / sizeof units[0];
    while (i < count && !text_is(rest, rest_len, units[i].name))
        i++;
    char plain[64];
    struct number number;
    if (i == count || digits > sizeof plain ||
        !number_parse(plain, plain_number(plain, text, digits), &number) || number.above < 0)
        return false;
    wide above = (wide)number.above * units[i].above, below = (wide)number.below * units[i].below;
    wide rounded = (above + below / 2) / below;
    *us = rounded > INT64_MAX ? INT64_MAX : (int64_t)rounded;
    return true;
}
