#include "gates/model/histogram.h"

#include <string.h>

#include "gates/base/limits.h"

#define EXACT_PAGES (HISTOGRAM_EXACT_MS / HISTOGRAM_PAGE)

/* Above the exact part each doubling of the time has one page: its 1,024 buckets split [2^e,
 * 2^(e+1)). */
struct place {
    uint32_t page, bucket;
};

static struct place place_of(uint64_t ms)
{
    if (ms < HISTOGRAM_EXACT_MS)
        return (struct place){(uint32_t)(ms / HISTOGRAM_PAGE), (uint32_t)(ms % HISTOGRAM_PAGE)};
    uint32_t doublings = 63 - 20 - (uint32_t)__builtin_clzll(ms);
    uint64_t bucket = (ms >> (doublings + 10)) - HISTOGRAM_PAGE;
    return (struct place){(uint32_t)EXACT_PAGES + doublings, (uint32_t)bucket};
}

/* The times that fall into a bucket: `first` and the width - 1 after it. */
struct span {
    uint64_t first, width;
};

static struct span span_of(uint32_t page, uint32_t bucket)
{
    if (page < EXACT_PAGES)
        return (struct span){(uint64_t)page * HISTOGRAM_PAGE + bucket, 1};
    uint32_t doublings = page - (uint32_t)EXACT_PAGES;
    return (struct span){(uint64_t)(HISTOGRAM_PAGE + bucket) << (doublings + 10),
                         UINT64_C(1) << (doublings + 10)};
}

/* Index of the first page whose number is not below `number`. */
static size_t page_place(const struct histogram_pages *pages, uint32_t number)
{
    size_t low = 0, high = pages->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (pages->items[middle]->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The page with that number, made when it is not there; NULL when the ceiling is passed. */
static struct histogram_page *need_page(struct histogram *h, struct arena *mem, uint64_t *used,
                                        uint32_t number, struct error *err)
{
    struct histogram_pages *pages = &h->pages;
    if (h->last != NULL && h->last->number == number)
        return h->last;
    size_t at = page_place(pages, number);
    if (at < pages->count && pages->items[at]->number == number)
        return h->last = pages->items[at];
    if (*used >= LIMIT_HISTOGRAM_PAGES) {
        error_set(err, FAULT_REPORT, "the response times of all labels take more than %d pages",
                  LIMIT_HISTOGRAM_PAGES);
        error_hint(err, "too many labels: leave numbers and ids out of the names of samples");
        return NULL;
    }
    ++*used;
    struct histogram_page *page = arena_new_item(mem, struct histogram_page);
    page->number = number;
    array_push(mem, pages, page);
    memmove(pages->items + at + 1, pages->items + at,
            (pages->count - 1 - at) * sizeof *pages->items);
    pages->items[at] = page;
    return h->last = page;
}

/* Count, sum, least and most; false when one does not fit. */
static bool add_totals(struct histogram *h, const struct histogram *more, struct error *err)
{
    uint64_t count = 0, sum = 0;
    if (__builtin_add_overflow(h->count, more->count, &count) || count > INT64_MAX ||
        __builtin_add_overflow(h->sum_ms, more->sum_ms, &sum) || sum > INT64_MAX)
        return error_set(err, FAULT_REPORT,
                         "the response times add up to more than can be counted");
    h->min_ms = h->count == 0 || more->min_ms < h->min_ms ? more->min_ms : h->min_ms;
    h->max_ms = h->count == 0 || more->max_ms > h->max_ms ? more->max_ms : h->max_ms;
    h->count = count;
    h->sum_ms = sum;
    return true;
}

bool histogram_add(struct histogram *h, struct arena *mem, uint64_t *pages, uint64_t ms,
                   uint64_t count, uint64_t sum_ms, struct error *err)
{
    if (count == 0)
        return true;
    struct histogram more = {.count = count, .sum_ms = sum_ms, .min_ms = ms, .max_ms = ms};
    struct place place = place_of(ms);
    struct histogram_page *page = need_page(h, mem, pages, place.page, err);
    if (page == NULL || !add_totals(h, &more, err))
        return false;
    page->counts[place.bucket] += count;
    return true;
}

bool histogram_merge(struct histogram *into, struct arena *mem, uint64_t *pages,
                     const struct histogram *from, struct error *err)
{
    if (from->count == 0)
        return true;
    if (!add_totals(into, from, err))
        return false;
    for (size_t i = 0; i < from->pages.count; i++) {
        const struct histogram_page *page = from->pages.items[i];
        struct histogram_page *to = need_page(into, mem, pages, page->number, err);
        if (to == NULL)
            return false;
        for (size_t b = 0; b < HISTOGRAM_PAGE; b++)
            to->counts[b] += page->counts[b];
    }
    return true;
}

bool histogram_restore(struct histogram *h, struct arena *mem, uint64_t *pages, uint64_t bucket,
                       uint64_t count, struct error *err)
{
    const struct place last = place_of(UINT64_MAX);
    if (bucket / HISTOGRAM_PAGE > last.page || count == 0)
        return error_set(err, FAULT_REPORT, "there is no such bucket of response times");
    struct histogram_page *page =
        need_page(h, mem, pages, (uint32_t)(bucket / HISTOGRAM_PAGE), err);
    struct histogram more = {.count = count, .min_ms = 0, .max_ms = 0};
    if (page == NULL || !add_totals(h, &more, err))
        return false;
    page->counts[bucket % HISTOGRAM_PAGE] += count;
    return true;
}

static bool has_samples_at(const struct histogram *h, uint64_t ms)
{
    struct place place = place_of(ms);
    size_t at = page_place(&h->pages, place.page);
    return at < h->pages.count && h->pages.items[at]->number == place.page &&
           h->pages.items[at]->counts[place.bucket] > 0;
}

bool histogram_restore_totals(struct histogram *h, uint64_t sum_ms, uint64_t min_ms,
                              uint64_t max_ms, struct error *err)
{
    if (sum_ms > INT64_MAX || min_ms > max_ms || !has_samples_at(h, min_ms) ||
        !has_samples_at(h, max_ms))
        return error_set(err, FAULT_REPORT, "the response times contradict each other");
    h->sum_ms = sum_ms;
    h->min_ms = min_ms;
    h->max_ms = max_ms;
    return true;
}

static uint64_t within(const struct histogram *h, uint64_t ms)
{
    return ms < h->min_ms ? h->min_ms : ms > h->max_ms ? h->max_ms : ms;
}

uint64_t histogram_rank(const struct histogram *h, uint64_t rank)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < h->pages.count; i++) {
        const struct histogram_page *page = h->pages.items[i];
        for (uint32_t b = 0; b < HISTOGRAM_PAGE; b++) {
            seen += page->counts[b];
            struct span span = span_of(page->number, b);
            if (seen > rank)
                return within(h, span.first + span.width / 2);
        }
    }
    return h->max_ms;
}

uint64_t histogram_at_most(const struct histogram *h, uint64_t ms)
{
    if (h->count == 0 || ms >= h->max_ms)
        return h->count;
    uint64_t seen = 0;
    for (size_t i = 0; i < h->pages.count; i++) {
        const struct histogram_page *page = h->pages.items[i];
        for (uint32_t b = 0; b < HISTOGRAM_PAGE; b++) {
            struct span span = span_of(page->number, b);
            if (span.first + (span.width - 1) > ms)
                return seen;
            seen += page->counts[b];
        }
    }
    return seen;
}
