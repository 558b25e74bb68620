/* How often each response time was seen: exact to the millisecond below 2^20 ms (17 minutes), above
 * that in buckets of 1/1024 relative width. Count, sum, least and most are always exact. Memory
 * grows with the number of different pages of 1,024 values, never with the samples. Merging adds.
 */
#ifndef GATES_MODEL_HISTOGRAM_H
#define GATES_MODEL_HISTOGRAM_H

#include <stdint.h>

#include "gates/base/array.h"

#define HISTOGRAM_PAGE 1024U
#define HISTOGRAM_EXACT_MS (UINT64_C(1) << 20)

struct histogram_page {
    uint32_t number;                 /* holds the buckets number * 1024 … */
    uint64_t counts[HISTOGRAM_PAGE]; /* samples per bucket */
};

struct histogram_pages { /* sorted by number */
    struct histogram_page **items;
    size_t count, room;
};

struct histogram {
    struct histogram_pages pages;
    struct histogram_page *last; /* used last */
    uint64_t count;              /* samples */
    uint64_t sum_ms;             /* exact */
    uint64_t min_ms, max_ms;     /* exact; meaningless while count is 0 */
};

/* `count` samples of `ms` each, whose times add up to `sum_ms`. *pages counts the pages of the run
 * against LIMIT_HISTOGRAM_PAGES. False when that is passed, or when the count or the sum would not
 * fit into 63 bits. */
NODISCARD bool histogram_add(struct histogram *h, struct arena *mem, uint64_t *pages, uint64_t ms,
                             uint64_t count, uint64_t sum_ms, struct error *err);

NODISCARD bool histogram_merge(struct histogram *into, struct arena *mem, uint64_t *pages,
                               const struct histogram *from, struct error *err);

/* Put back what was saved: `count` samples of a bucket, page * 1024 + its place there; then their
 * exact totals. False: a ceiling is passed, or there is no such bucket; the totals cannot be those
 * of the buckets. */
NODISCARD bool histogram_restore(struct histogram *h, struct arena *mem, uint64_t *pages,
                                 uint64_t bucket, uint64_t count, struct error *err);
NODISCARD bool histogram_restore_totals(struct histogram *h, uint64_t sum_ms, uint64_t min_ms,
                                        uint64_t max_ms, struct error *err);

/* The value (ms) of the sample with this rank, 0 to count - 1, in ascending order; above 2^20 ms
 * the middle of its bucket, never outside min_ms to max_ms. */
uint64_t histogram_rank(const struct histogram *h, uint64_t rank);

/* Samples of at most `ms`; above 2^20 ms only buckets that lie wholly below count. */
uint64_t histogram_at_most(const struct histogram *h, uint64_t ms);

#endif
