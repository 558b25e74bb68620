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

static int32_t offset_at(const struct zone *zone, int64_t seconds)
{
    size_t steps = steps_until(zone, seconds);
    return steps == 0 ? 0 : zone->steps.items[steps - 1].offset_s;
}

static int32_t day_of_local(int64_t seconds)
{
    return (int32_t)((seconds - (seconds < 0 ? DAY_S - 1 : 0)) / DAY_S);
}

int32_t zone_day(const struct zone *zone, int64_t seconds)
{
    return day_of_local(seconds + offset_at(zone, seconds));
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

/* " +01", " -0330" */
static void offset_text(char buffer[16], int32_t offset_s)
{
    int minutes = offset_s / MINUTE_S, size = minutes < 0 ? -minutes : minutes;
    int len = snprintf(buffer, 16, " %c%02d", minutes < 0 ? '-' : '+', size / 60);
    if (size % 60 != 0)
        snprintf(buffer + len, 16 - (size_t)len, "%02d", size % 60);
}

const char *zone_text(char buffer[48], const struct zone *zone, int64_t seconds)
{
    char day[48], offset[16] = "";
    int32_t offset_s = offset_at(zone, seconds);
    int32_t local_day = day_of_local(seconds + offset_s);
    int past = (int)(seconds + offset_s - (int64_t)local_day * DAY_S);
    if (zone != NULL && zone->steps.count > 0)
        offset_text(offset, offset_s);
    snprintf(buffer, 48, "%.10s %02d:%02d:%02d%s", day_text(day, local_day), past / HOUR_S,
             past / MINUTE_S % 60, past % MINUTE_S, offset);
    return buffer;
}
