/* Exact numbers: a fraction of integers.
 *
 * Every value that is judged and every threshold is one of these, so a verdict never depends on
 * rounding: 79.96 % is less than 80 % although both print as 80.0. Decimals are digits over a power
 * of ten; times are microseconds over a million. Comparing multiplies crosswise in 128 bits and
 * cannot overflow.
 */
#ifndef GATES_BASE_NUMBER_H
#define GATES_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number {
    int64_t above;  /* numerator, carries the sign */
    uint64_t below; /* denominator, 1 to 2^63 - 1 */
};

struct number number_of(int64_t value);
struct number number_ratio(int64_t above, uint64_t below); /* below > 0 */

/* times * n / by, exact while it fits, else as near as 63 bits come, at most 2^63 - 1. by > 0 */
struct number number_scale(struct number n, uint64_t times, uint64_t by);

struct number number_add(struct number a, struct number b);

/* -1, 0, 1 */
int number_compare(struct number a, struct number b);

/* Parse a decimal (`-12.50`, `1e3`, `.5`; no other text, no locale). Up to 18 significant digits
 * are exact, what follows is cut. False for anything else: infinities, NaN, hex, an empty text, a
 * magnitude of 10^18 and more. Magnitudes under 10^-18 become 0. */
bool number_parse(const char *text, size_t len, struct number *out);

/* The same for a whole number without sign, all of `text`, at most 2^63 - 1. */
bool number_parse_count(const char *text, size_t len, uint64_t *out);

/* Rounded to `decimals` (0 to 6), half away from zero: "79.9"; trailing zeros are kept. */
const char *number_text(char buffer[48], struct number n, int decimals);

/* As few digits as tell it exactly when it has at most six decimals, else six: "80", "0.5". */
const char *number_short(char buffer[48], struct number n);

/* How a judged value is shown beside its threshold: one decimal (none when it is whole), more while
 * that would land on or across the threshold, at most six, then the fraction "1999999/2500000". */
const char *number_beside(char buffer[48], struct number n, struct number threshold);

/* For JSON: at most 15 significant digits. */
double number_double(struct number n);

#endif
