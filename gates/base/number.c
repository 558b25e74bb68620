#include "gates/base/number.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

#define NUMBER_MAX ((wide)INT64_MAX)

struct number number_of(int64_t value)
{
    return (struct number){value, 1};
}

struct number number_ratio(int64_t above, uint64_t below)
{
    assert(below > 0 && below <= (uint64_t)INT64_MAX);
    return (struct number){above, below};
}

/* The fraction itself, in lowest terms, when it fits; else the last convergent of its continued
 * fraction that does, which is as near as 63 bits can come. */
static struct number narrow(wide above, wide below)
{
    wide sign = above < 0 ? -1 : 1;
    struct {
        wide above, below;
    } last = {0, 1}, now = {1, 0};
    for (above *= sign; below != 0;) {
        wide whole = above / below, rest = above % below;
        if ((now.above > 0 && whole > (NUMBER_MAX - last.above) / now.above) ||
            (now.below > 0 && whole > (NUMBER_MAX - last.below) / now.below))
            break;
        wide next_above = whole * now.above + last.above;
        wide next_below = whole * now.below + last.below;
        last = now;
        now.above = next_above;
        now.below = next_below;
        above = below;
        below = rest;
    }
    if (now.below == 0) /* larger than any */
        return (struct number){(int64_t)(NUMBER_MAX * sign), 1};
    return (struct number){(int64_t)(now.above * sign), (uint64_t)now.below};
}

struct number number_scale(struct number n, uint64_t times, uint64_t by)
{
    assert(by > 0);
    return narrow((wide)n.above * (wide)times, (wide)n.below * (wide)by);
}

struct number number_add(struct number a, struct number b)
{
    /* each product is below 2^126, so the sum fits */
    return narrow((wide)a.above * (wide)b.below + (wide)b.above * (wide)a.below,
                  (wide)a.below * (wide)b.below);
}

int number_compare(struct number a, struct number b)
{
    wide left = (wide)a.above * (wide)b.below, right = (wide)b.above * (wide)a.below;
    return left < right ? -1 : left > right;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static uint64_t power_of_ten(int exponent)
{
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

/* What the digits of a decimal say: digits * 10^exponent. */
struct decimal {
    uint64_t digits; /* at most 18 significant ones */
    int significant;
    long exponent;
    bool any;
};

static const char *take_digits(const char *at, const char *end, bool fraction, struct decimal *d)
{
    enum { MOST = 18 };
    for (; at < end && is_digit(*at); at++) {
        d->any = true;
        if (d->significant == MOST) {
            d->exponent += !fraction;
            continue;
        }
        d->digits = d->digits * 10 + (uint64_t)(*at - '0');
        d->significant += d->digits > 0;
        d->exponent -= fraction;
    }
    return at;
}

static bool take_exponent(const char *at, const char *end, struct decimal *d)
{
    bool minus = at < end && *at == '-';
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (at == end)
        return false;
    long exponent = 0;
    for (; at < end && is_digit(*at); at++)
        if (exponent < 10000)
            exponent = exponent * 10 + (*at - '0');
    d->exponent += minus ? -exponent : exponent;
    return at == end;
}

/* What follows the sign. */
static bool take_decimal(const char *at, const char *end, struct decimal *d)
{
    at = take_digits(at, end, false, d);
    if (at < end && *at == '.')
        at = take_digits(at + 1, end, true, d);
    if (!d->any)
        return false;
    if (at < end && (*at == 'e' || *at == 'E'))
        return take_exponent(at + 1, end, d);
    return at == end;
}

bool number_parse(const char *text, size_t len, struct number *out)
{
    bool minus = len > 0 && text[0] == '-', sign = minus || (len > 0 && text[0] == '+');
    struct decimal d = {0};
    if (!take_decimal(text + sign, text + len, &d))
        return false;
    while (d.digits > 0 && d.digits % 10 == 0 && d.exponent < 0) {
        d.digits /= 10;
        d.significant--;
        d.exponent++;
    }
    if (d.digits == 0 || d.exponent < -36) {
        *out = number_of(0);
        return true;
    }
    if (d.significant + d.exponent > 18)
        return false;
    while (d.exponent < -18) {
        d.digits /= 10;
        d.exponent++;
    }
    int64_t digits = (int64_t)(d.digits * power_of_ten(d.exponent > 0 ? (int)d.exponent : 0));
    *out =
        number_ratio(minus ? -digits : digits, power_of_ten(d.exponent < 0 ? (int)-d.exponent : 0));
    return true;
}

bool number_parse_count(const char *text, size_t len, uint64_t *out)
{
    const size_t sure = len < 18 ? len : 18; /* so many digits always fit */
    uint64_t value = 0;
    size_t i = 0;
    for (; i < sure && is_digit(text[i]); i++)
        value = value * 10 + (uint64_t)(text[i] - '0');
    for (; i < len && is_digit(text[i]); i++) {
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (value > ((uint64_t)INT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (i < len)
        return false;
    *out = value;
    return len > 0;
}

/* n * 10^decimals, rounded half away from zero. */
static wide rounded(struct number n, int decimals)
{
    wide below = (wide)n.below;
    wide scaled = (wide)n.above * (wide)power_of_ten(decimals);
    return (scaled * 2 + (scaled < 0 ? -below : below)) / (below * 2);
}

const char *number_text(char buffer[48], struct number n, int decimals)
{
    assert(decimals >= 0 && decimals <= 6);
    wide value = rounded(n, decimals);
    bool minus = value < 0;
    if (minus)
        value = -value;
    wide unit = (wide)power_of_ten(decimals);
    /* a value of ours is at most 2^63, so its whole part fits */
    uint64_t whole = (uint64_t)(value / unit), rest = (uint64_t)(value % unit);
    if (decimals == 0)
        snprintf(buffer, 48, "%s%" PRIu64, minus ? "-" : "", whole);
    else
        snprintf(buffer, 48, "%s%" PRIu64 ".%0*" PRIu64, minus ? "-" : "", whole, decimals, rest);
    return buffer;
}

static bool shows_exactly(struct number n, int decimals)
{
    return rounded(n, decimals) * (wide)n.below == (wide)n.above * (wide)power_of_ten(decimals);
}

const char *number_short(char buffer[48], struct number n)
{
    int decimals = 0;
    while (decimals < 6 && !shows_exactly(n, decimals))
        decimals++;
    number_text(buffer, n, decimals);
    size_t len = strlen(buffer);
    while (decimals-- > 1 && buffer[len - 1] == '0') /* rounded, and the end came out even */
        buffer[--len] = '\0';
    return buffer;
}

/* On which side of the threshold the rounded value lies: -1, 0, 1. */
static int rounded_side(struct number n, int decimals, struct number threshold)
{
    wide left = rounded(n, decimals) * (wide)threshold.below;
    wide right = (wide)threshold.above * (wide)power_of_ten(decimals);
    return left < right ? -1 : left > right;
}

const char *number_beside(char buffer[48], struct number n, struct number threshold)
{
    int side = number_compare(n, threshold);
    if (shows_exactly(n, 0))
        return number_text(buffer, n, 0);
    for (int decimals = 1; decimals <= 6; decimals++)
        if (shows_exactly(n, decimals) || rounded_side(n, decimals, threshold) == side)
            return number_text(buffer, n, decimals);
    snprintf(buffer, 48, "%" PRId64 "/%" PRIu64, n.above, n.below);
    return buffer;
}

double number_double(struct number n)
{
    char digits[32];
    double value = (double)((long double)n.above / (long double)n.below);
    snprintf(digits, sizeof digits, "%.15g", value);
    return strtod(digits, NULL);
}
