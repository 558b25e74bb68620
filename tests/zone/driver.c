/* What runner/zone and gates/base/zone say, for tests/zone/against_python.py: on each line of
 * standard input a zone and two days, `Europe/London 2027-01-01 2027-12-31`; on standard output for
 * each day "day begin again noon", the instant at which it begins, the days of that instant's
 * neighbours. A zone that cannot be read gives "error: …" and its hint. */
#include <inttypes.h>
#include <stdio.h>

#include "gates/base/day.h"
#include "runner/zone.h"

enum { DAY_S = 86400 };

static void print_days(const struct zone *zone, int32_t from, int32_t to)
{
    char text[48];
    for (int32_t day = from; day <= to; day++) {
        int64_t begin = zone_begin(zone, day);
        printf("%" PRId32 " %" PRId64 " %" PRId32 " %" PRId32 " %" PRId32 " %s\n", day, begin,
               zone_day(zone, begin - 1), zone_day(zone, begin), zone_day(zone, begin + DAY_S / 2),
               zone_text(text, zone, begin + DAY_S / 2));
    }
}

int main(void)
{
    char name[80], first[16], last[16];
    while (scanf("%79s %15s %15s", name, first, last) == 3) {
        AUTO(close_arena) struct arena *mem = arena_new();
        const struct zone *zone;
        struct error err = {0};
        int32_t from, to;
        if (!day_parse(first, &from) || !day_parse(last, &to))
            return 1;
        if (zone_read(name, ((int64_t)from - 1) * DAY_S, ((int64_t)to + 2) * DAY_S, mem, &zone,
                      &err))
            print_days(zone, from, to);
        else
            printf("error: %s hint: %s\n", err.what, err.hint);
    }
    return 0;
}
