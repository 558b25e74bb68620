/* Days of the calendar, counted from 1970-01-01, UTC. */
#ifndef GATES_BASE_DAY_H
#define GATES_BASE_DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Years 1970 to 9999. False: there is no such day. */
bool day_of(int year, int month, int of_month, int32_t *day);

/* "2027-03-01", years 1970 to 9999. False: no such day, or not written so. */
bool day_parse(const char *text, int32_t *day);

/* Seconds since 1970 of "2027-03-01T12:00:05.123+01:00", as ISO 8601 and RFC 3339 have it: a space
 * for the T, no seconds, no fraction and no zone (UTC then) are allowed. */
bool instant_parse(const char *text, size_t len, int64_t *seconds);

const char *day_text(char buffer[48], int32_t day);

#endif
