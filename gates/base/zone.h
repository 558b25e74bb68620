/* Days of a time zone: where they are cut. The zone is data, so nothing here asks the system; a
 * zone of the system is read by runner/zone.h. */
#ifndef GATES_BASE_ZONE_H
#define GATES_BASE_ZONE_H

#include "gates/base/array.h"

#include <stdint.h>

/* From this instant on local clocks are ahead of UTC by so much. */
struct zone_step {
    int64_t from_s;
    int32_t offset_s; /* under a day, either way */
};

struct zone {
    const char *name;                     /* "Europe/London" */
    struct ARRAY(struct zone_step) steps; /* ascending, the first from INT64_MIN; none: UTC */
};

/* Everywhere a zone is NULL it is UTC. */

const char *zone_name(const struct zone *zone);

/* The local day, counted from 1970-01-01, on which an instant (seconds since 1970) falls. */
int32_t zone_day(const struct zone *zone, int64_t seconds);

/* The first instant that is of this local day or a later one: a day that was left out begins with
 * the next. */
int64_t zone_begin(const struct zone *zone, int32_t day);

/* "2027-03-01 12:00:05 +01": local, and how far clocks are ahead then, so that the hour that comes
 * twice is told apart; of UTC "2027-03-01 11:00:05". */
const char *zone_text(char buffer[48], const struct zone *zone, int64_t seconds);

#endif
