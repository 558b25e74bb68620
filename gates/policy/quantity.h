/* Numbers with a unit, as people write them: 80%, 0.5pp, 800ms, 240/s, 40. */
#ifndef GATES_POLICY_QUANTITY_H
#define GATES_POLICY_QUANTITY_H

#include "gates/measure/catalogue.h"

enum dimension {
    DIMENSION_PLAIN,
    DIMENSION_PERCENT,
    DIMENSION_POINTS, /* pp: the difference of two percentages */
    DIMENSION_TIME,
    DIMENSION_RATE,
    DIMENSION_UNKNOWN, /* the unit is none that we know */
};

struct quantity {
    struct number number; /* times in milliseconds, rates per day */
    enum dimension dimension;
    const char *digits, *unit; /* in the text given; "80" and "%" */
    size_t digits_len, unit_len;
};

/* A number, then a unit or nothing, perhaps with spaces between. False: it does not begin with a
 * number, or with one of 10^18 and more. */
bool quantity_read(const char *text, size_t len, struct quantity *out);

/* The number in a measure's unit. */
struct number quantity_in(const struct quantity *quantity, enum unit unit);

/* A time of more than nothing, in whole milliseconds: "36h". */
bool duration_read(const char *text, int64_t *ms);

#endif
