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

bool junit_time(const char *text, size_t len, int64_t *us)
{
    static const struct unit units[] = {
        {"ns", 1, 1000},     {"us", 1, 1},         {"\xC2\xB5s", 1, 1},
        {"\xCE\xBCs", 1, 1}, {"ms", 1000, 1},      {"s", 1000000, 1},
        {"m", 60000000, 1},  {"h", 3600000000, 1}, {"", 1000000, 1},
    };
    size_t digits = 0;
    while (digits < len && memchr("0123456789.,-+eE", text[digits], 16) != NULL)
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
