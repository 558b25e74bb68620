/* Days of the calendar, counted from 1970-01-01, UTC. */
#ifndef GATES_BASE_DAY_H
#define GATES_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* "2027-03-01", years 1970 to 9999. False: no such day, or not written so. */
bool day_parse(const char *text, int32_t *day);

const char *day_text(char buffer[48], int32_t day);

#endif
