/* Response times: exact where it is promised, the same in any order, bounded. */
#include "tests/support/test.h"

#include "gates/base/limits.h"
#include "gates/model/histogram.h"

struct bench {
    struct arena *mem;
    struct histogram h;
    uint64_t pages;
    struct error err;
};

static int begin(void **state)
{
    struct arena *mem = arena_new();
    struct bench *b = arena_new_item(mem, struct bench);
    b->mem = mem;
    *state = b;
    return 0;
}

static int end(void **state)
{
    struct bench *b = *state;
    arena_free(b->mem);
    return 0;
}

static void add(struct bench *b, uint64_t ms, uint64_t count)
{
    assert_true(histogram_add(&b->h, b->mem, &b->pages, ms, count, ms * count, &b->err));
}

static void an_empty_one_holds_nothing(void **state)
{
    struct bench *b = *state;
    assert_int_equal(histogram_at_most(&b->h, UINT64_MAX), 0);
    assert_true(histogram_add(&b->h, b->mem, &b->pages, 5, 0, 0, &b->err));
    assert_int_equal(b->h.count, 0);
    assert_int_equal(b->pages, 0);
}

static void is_exact_below_17_minutes(void **state)
{
    struct bench *b = *state;
    const uint64_t last = HISTOGRAM_EXACT_MS - 1;
    const uint64_t times[] = {last, 0, 1023, 1024, 5, 5, last - 1};
    const uint64_t sorted[] = {0, 5, 5, 1023, 1024, last - 1, last};
    for (size_t i = 0; i < 7; i++)
        add(b, times[i], 1);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(histogram_rank(&b->h, i), sorted[i]);
    assert_int_equal(b->h.min_ms, 0);
    assert_int_equal(b->h.max_ms, last);
    assert_int_equal(b->h.sum_ms, 2 * last - 1 + 1023 + 1024 + 10);
    assert_int_equal(histogram_at_most(&b->h, 4), 1);
    assert_int_equal(histogram_at_most(&b->h, 5), 3);
    assert_int_equal(histogram_at_most(&b->h, last - 1), 6);
    assert_int_equal(histogram_at_most(&b->h, last), 7);
}

/* Above, a value is told to a thousandth, and never as more than the largest seen. */
static void is_close_above(void **state)
{
    struct bench *b = *state;
    add(b, 0, 1);
    for (uint64_t ms = HISTOGRAM_EXACT_MS; ms < (UINT64_C(1) << 62); ms = ms * 3 + 12345)
        add(b, ms, 1);
    uint64_t rank = 1;
    for (uint64_t ms = HISTOGRAM_EXACT_MS; ms < (UINT64_C(1) << 62); ms = ms * 3 + 12345) {
        uint64_t told = histogram_rank(&b->h, rank++);
        uint64_t off = told > ms ? told - ms : ms - told;
        assert_true(off <= ms / 1024);
        assert_true(told <= b->h.max_ms);
    }
    assert_int_equal(rank, b->h.count);
}

static void never_counts_too_many_as_fast_enough(void **state)
{
    struct bench *b = *state;
    add(b, HISTOGRAM_EXACT_MS + 1000, 1);
    add(b, HISTOGRAM_EXACT_MS + 5000, 1);
    assert_int_equal(histogram_at_most(&b->h, HISTOGRAM_EXACT_MS + 999), 0);
    assert_int_equal(histogram_at_most(&b->h, HISTOGRAM_EXACT_MS + 1024), 1);
    assert_int_equal(histogram_at_most(&b->h, HISTOGRAM_EXACT_MS + 5000), 2);
}

static void merges_in_any_order(void **state)
{
    struct bench *b = *state;
    struct histogram parts[3] = {0}, forth = {0}, back = {0};
    uint64_t state_of = 7, pages = 0;
    for (int i = 0; i < 3000; i++) {
        state_of = state_of * 6364136223846793005U + 1442695040888963407U;
        uint64_t ms = state_of >> (34 + i % 29);
        assert_true(histogram_add(&parts[i % 3], b->mem, &pages, ms, 1, ms, &b->err));
        add(b, ms, 1);
    }
    for (int i = 0; i < 3; i++) {
        assert_true(histogram_merge(&forth, b->mem, &pages, &parts[i], &b->err));
        assert_true(histogram_merge(&back, b->mem, &pages, &parts[2 - i], &b->err));
    }
    assert_int_equal(forth.sum_ms, b->h.sum_ms);
    assert_int_equal(back.min_ms, b->h.min_ms);
    assert_int_equal(back.max_ms, b->h.max_ms);
    for (uint64_t rank = 0; rank < 3000; rank++) {
        assert_int_equal(histogram_rank(&forth, rank), histogram_rank(&b->h, rank));
        assert_int_equal(histogram_rank(&back, rank), histogram_rank(&b->h, rank));
    }
}

static void keeps_the_exact_sum_of_aggregated_rows(void **state)
{
    struct bench *b = *state;
    assert_true(histogram_add(&b->h, b->mem, &b->pages, 8, 4, 35, &b->err));
    assert_int_equal(b->h.count, 4);
    assert_int_equal(b->h.sum_ms, 35);
    assert_int_equal(histogram_rank(&b->h, 3), 8);
}

static void refuses_what_it_cannot_count(void **state)
{
    struct bench *b = *state;
    struct histogram other = {0};
    add(b, 1, INT64_MAX - 1);
    assert_false(histogram_add(&b->h, b->mem, &b->pages, 1, 2, 2, &b->err));
    assert_int_equal(b->err.fault, FAULT_REPORT);
    struct error err = {0};
    assert_true(histogram_add(&other, b->mem, &b->pages, 3, 1, INT64_MAX, &err));
    assert_false(histogram_add(&other, b->mem, &b->pages, 3, 1, 3, &err));
    err = (struct error){0};
    assert_false(histogram_merge(&b->h, b->mem, &b->pages, &other, &err));
}

static void bounds_its_pages(void **state)
{
    struct bench *b = *state;
    b->pages = LIMIT_HISTOGRAM_PAGES - 1;
    add(b, 1, 1);
    add(b, 1023, 1);
    assert_false(histogram_add(&b->h, b->mem, &b->pages, 1024, 1, 1024, &b->err));
    assert_int_equal(b->h.count, 2);
    assert_int_equal(b->pages, LIMIT_HISTOGRAM_PAGES);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(an_empty_one_holds_nothing),
        WITH_BENCH(is_exact_below_17_minutes),
        WITH_BENCH(is_close_above),
        WITH_BENCH(never_counts_too_many_as_fast_enough),
        WITH_BENCH(merges_in_any_order),
        WITH_BENCH(keeps_the_exact_sum_of_aggregated_rows),
        WITH_BENCH(refuses_what_it_cannot_count),
        WITH_BENCH(bounds_its_pages),
    };
    return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
