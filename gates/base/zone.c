#include "gates/base/zone.h"

#include <stdio.h>

#include "gates/base/day.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

const char *zone_name(const struct zone *zone)
{
    return zone == NULL ? "UTC" : zone->name;
}

/* How many steps begin at or before the instant. */
static size_t steps_until(const struct zone *zone, int64_t seconds)
{
    size_t low = 0, high = zone == NULL ? 0 : zone->steps.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->steps.items[middle].from_s <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t local_time(const struct zone *zone, int64_t seconds)
{
    size_t steps = steps_until(zone, seconds);
    return seconds + (steps == 0 ? 0 : zone->steps.items[steps - 1].offset_s);
}

static int32_t day_of_local(int64_t seconds)
{
    return (int32_t)((seconds - (seconds < 0 ? DAY_S - 1 : 0)) / DAY_S);
}

int32_t zone_day(const struct zone *zone, int64_t seconds)
{
    return day_of_local(local_time(zone, seconds));
}

/* Clocks are never a day ahead or behind, so the steps of the day before decide. */
int64_t zone_begin(const struct zone *zone, int32_t day)
{
    int64_t local = (int64_t)day * DAY_S;
    size_t step = steps_until(zone, local - DAY_S);
    if (step == 0)
        return local;
    for (;; step++) {
        const struct zone_step *at = &zone->steps.items[step - 1];
        int64_t begin = local - at->offset_s < at->from_s ? at->from_s : local - at->offset_s;
        if (step == zone->steps.count || begin < zone->steps.items[step].from_s)
            return begin;
    }
}

const char *zone_text(char buffer[48], const struct zone *zone, int64_t seconds)
{
    char day[48];
    int64_t local = local_time(zone, seconds), past = local - (int64_t)day_of_local(local) * DAY_S;
    snprintf(buffer, 48, "%.10s %02d:%02d", day_text(day, day_of_local(local)),
             (int)(past / HOUR_S), (int)(past / MINUTE_S % 60));
    return buffer;
}
