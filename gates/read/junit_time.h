/* The `time` of a test case, as many writers print it. */
#ifndef GATES_READ_JUNIT_TIME_H
#define GATES_READ_JUNIT_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Microseconds, rounded to nearest, at most INT64_MAX. Seconds unless one of the units ns us µs ms
 * s m h follows. A comma is decimal when it is the only one, there is no point, and the part before
 * it is `0` or the part behind it has not three digits; otherwise commas part thousands. False:
 * negative, or not a time. */
bool junit_time(const char *text, size_t len, int64_t *us);

#endif
