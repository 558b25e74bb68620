/* Sorted values: percentiles and how many are different. */
#include <stdlib.h>

#include "gates/measure/dora_parts.h"

static int by_size(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

void times_sort(struct times *times)
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
    times_sort(times);
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
    times_sort(times);
    for (size_t i = 0; i < times->count; i++)
        count += i == 0 || times->items[i] != times->items[i - 1];
    return count;
}
