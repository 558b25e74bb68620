/* Sorted values: percentiles, how many are different, and days by week. */
#include <stdlib.h>

#include "gates/measure/dora_parts.h"

enum { WEEK = 7 };

static int by_size(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static void sort(struct times *times)
{
    if (times->count > 0)
        qsort(times->items, times->count, sizeof *times->items, by_size);
}

/* In thousandths: the place of a percentile lies whole hundredths between two values, so this is
 * exact. */
static int64_t interpolated(const struct times *sorted, size_t percent)
{
    size_t place = (sorted->count - 1) * percent, below = place / 100, past = place % 100;
    int64_t low = sorted->items[below];
    int64_t high = past == 0 ? low : sorted->items[below + 1];
    return low * 1000 + (high - low) * (int64_t)past * 10;
}

struct dora_spread times_spread(struct times *times)
{
    int64_t sum = 0;
    if (times->count == 0)
        return (struct dora_spread){0};
    sort(times);
    for (size_t i = 0; i < times->count; i++)
        sum += times->items[i];
    return (struct dora_spread){
        .count = times->count,
        .p50 = interpolated(times, 50),
        .p75 = interpolated(times, 75),
        .p90 = interpolated(times, 90),
        .sum = sum,
    };
}

size_t times_different(struct times *times)
{
    size_t count = 0;
    sort(times);
    for (size_t i = 0; i < times->count; i++)
        count += i == 0 || times->items[i] != times->items[i - 1];
    return count;
}

/* 1970-01-01 was a Thursday: the first Monday is day 4. */
static int32_t monday_from(int32_t day)
{
    int32_t past = (day - 4) % WEEK;
    return past == 0 ? day : day + WEEK - (past < 0 ? past + WEEK : past);
}

/* A week without any of the days is one of them. */
size_t days_a_week(struct times *days, const struct dora_window *window, struct arena *mem,
                   struct number *median)
{
    struct times weeks = {0};
    size_t at = 0;
    int32_t monday = monday_from(window->from_day);
    sort(days);
    for (; monday + WEEK - 1 <= window->to_day; monday += WEEK) {
        int64_t count = 0;
        for (; at < days->count && days->items[at] < monday + WEEK; at++)
            count +=
                days->items[at] >= monday && (at == 0 || days->items[at] != days->items[at - 1]);
        array_push(mem, &weeks, count);
    }
    *median = number_ratio(times_spread(&weeks).p50, 1000);
    return weeks.count;
}
