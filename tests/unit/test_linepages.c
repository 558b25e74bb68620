/* Lines and branches of one source file. */
#include "tests/support/test.h"

#include "gates/base/limits.h"
#include "gates/model/linepages.h"

struct bench {
    struct arena *mem;
    struct lines lines, other;
    struct line_budget budget;
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

static void add(struct bench *b, struct lines *lines, uint32_t line, bool hit)
{
    assert_true(lines_add(lines, b->mem, &b->budget, line, hit, &b->err));
}

static void branches(struct bench *b, struct lines *lines, uint32_t line, uint64_t covered,
                     uint64_t total)
{
    assert_true(lines_add_branches(lines, b->mem, &b->budget, line, covered, total, &b->err));
}

static void a_line_is_hit_when_any_report_hit_it(void **state)
{
    struct bench *b = *state;
    add(b, &b->lines, 7, false);
    add(b, &b->lines, 8, true);
    add(b, &b->lines, 7, true);
    add(b, &b->lines, 8, false);
    add(b, &b->lines, 9, false);
    assert_int_equal(lines_state(&b->lines, 7), LINE_HIT);
    assert_int_equal(lines_state(&b->lines, 8), LINE_HIT);
    assert_int_equal(lines_state(&b->lines, 9), LINE_MISSED);
    assert_int_equal(lines_state(&b->lines, 10), LINE_UNKNOWN);
    assert_int_equal(lines_state(&b->lines, 7 + PAGE_LINES), LINE_UNKNOWN);
    struct line_counts counts = lines_count(&b->lines);
    assert_int_equal(counts.known, 3);
    assert_int_equal(counts.hit, 2);
}

/* Every bit of several pages, in an order that is not theirs. */
static void keeps_lines_apart(void **state)
{
    struct bench *b = *state;
    enum { STRIDE = 7919, LINES = 5 * 512 };
    for (uint32_t i = 0; i < LINES; i++) {
        uint32_t line = 1 + i * STRIDE % LINES;
        add(b, &b->lines, line, line % 3 == 0);
    }
    for (uint32_t line = 1; line <= LINES; line++)
        assert_int_equal(lines_state(&b->lines, line), line % 3 == 0 ? LINE_HIT : LINE_MISSED);
    assert_int_equal(lines_state(&b->lines, 0), LINE_UNKNOWN);
    assert_int_equal(lines_state(&b->lines, LINES + 1), LINE_UNKNOWN);
    assert_int_equal(lines_count(&b->lines).known, LINES);
    assert_int_equal(b->budget.pages, 6);
}

static void the_largest_line_costs_one_page(void **state)
{
    struct bench *b = *state;
    add(b, &b->lines, LIMIT_LINE, true);
    add(b, &b->lines, 1, false);
    assert_int_equal(lines_state(&b->lines, LIMIT_LINE), LINE_HIT);
    assert_int_equal(lines_state(&b->lines, 1), LINE_MISSED);
    assert_int_equal(b->budget.pages, 2);
}

static void keeps_the_larger_branches(void **state)
{
    struct bench *b = *state;
    branches(b, &b->lines, 9, 1, 4);
    branches(b, &b->lines, 9, 2, 2);
    branches(b, &b->lines, 3, 5, 2); /* more covered than there are: all */
    branches(b, &b->lines, 9, 0, 6);
    lines_settle(&b->lines);
    assert_int_equal(b->lines.branches.count, 2);
    assert_int_equal(b->lines.branches.items[0].line, 3);
    assert_int_equal(b->lines.branches.items[0].covered, 2);
    assert_int_equal(b->lines.branches.items[1].covered, 2);
    assert_int_equal(b->lines.branches.items[1].total, 6);
    struct line_counts counts = lines_count(&b->lines);
    assert_int_equal(counts.branches, 8);
    assert_int_equal(counts.branches_covered, 4);
}

static void merging_is_union_in_any_order(void **state)
{
    struct bench *b = *state;
    struct lines forth = {0}, back = {0};
    for (uint32_t i = 1; i < 3000; i += 2) {
        add(b, &b->lines, i, i % 5 == 0);
        branches(b, &b->lines, i, i % 3, 4);
    }
    for (uint32_t i = 1; i < 6000; i += 3) {
        add(b, &b->other, i, i % 7 == 0);
        branches(b, &b->other, i, i % 4, 3);
    }
    assert_true(lines_merge(&forth, b->mem, &b->budget, &b->lines, &b->err));
    assert_true(lines_merge(&forth, b->mem, &b->budget, &b->other, &b->err));
    assert_true(lines_merge(&back, b->mem, &b->budget, &b->other, &b->err));
    assert_true(lines_merge(&back, b->mem, &b->budget, &b->lines, &b->err));
    lines_settle(&forth);
    lines_settle(&back);
    for (uint32_t line = 1; line < 6500; line++) {
        bool one = line < 3000 && line % 2 == 1, two = line < 6000 && line % 3 == 1;
        bool hit = (one && line % 5 == 0) || (two && line % 7 == 0);
        enum line_state wanted = !one && !two ? LINE_UNKNOWN : hit ? LINE_HIT : LINE_MISSED;
        assert_int_equal(lines_state(&forth, line), wanted);
        assert_int_equal(lines_state(&back, line), wanted);
    }
    assert_int_equal(forth.branches.count, back.branches.count);
    assert_memory_equal(forth.branches.items, back.branches.items,
                        forth.branches.count * sizeof *forth.branches.items);
}

static void settling_nothing_is_nothing(void **state)
{
    struct bench *b = *state;
    lines_settle(&b->lines);
    struct line_counts counts = lines_count(&b->lines);
    assert_int_equal(counts.known + counts.hit + counts.branches + counts.branches_covered, 0);
}

static void bounds_pages_and_branches(void **state)
{
    struct bench *b = *state;
    for (uint32_t page = 0; page < LIMIT_FILE_PAGES; page++)
        add(b, &b->lines, page * PAGE_LINES + 1, true);
    assert_false(
        lines_add(&b->lines, b->mem, &b->budget, LIMIT_FILE_PAGES * PAGE_LINES + 1, true, &b->err));
    assert_int_equal(b->err.fault, FAULT_REPORT);
    add(b, &b->lines, 2, false); /* what is there stays usable */
    assert_int_equal(lines_state(&b->lines, 2), LINE_MISSED);

    struct error err = {0};
    b->budget.pages = LIMIT_PAGES;
    assert_false(lines_add(&b->other, b->mem, &b->budget, 1, true, &err));
    assert_int_equal(err.fault, FAULT_REPORT);

    err = (struct error){0};
    branches(b, &b->other, 1, 0, LIMIT_LINE_BRANCHES);
    assert_false(
        lines_add_branches(&b->other, b->mem, &b->budget, 1, 0, LIMIT_LINE_BRANCHES + 1, &err));
    err = (struct error){0};
    b->budget.branch_lines = LIMIT_BRANCH_LINES;
    assert_false(lines_add_branches(&b->other, b->mem, &b->budget, 2, 0, 2, &err));
}

static void names_the_branches_of_a_line(void **state)
{
    struct bench *b = *state;
    assert_null(lines_branches(&b->lines, 7));
    branches(b, &b->lines, 9, 1, 4);
    branches(b, &b->lines, 7, 2, 2);
    lines_settle(&b->lines);
    assert_int_equal(lines_branches(&b->lines, 7)->covered, 2);
    assert_int_equal(lines_branches(&b->lines, 9)->total, 4);
    assert_null(lines_branches(&b->lines, 8));
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(a_line_is_hit_when_any_report_hit_it),
        WITH_BENCH(keeps_lines_apart),
        WITH_BENCH(the_largest_line_costs_one_page),
        WITH_BENCH(keeps_the_larger_branches),
        WITH_BENCH(merging_is_union_in_any_order),
        WITH_BENCH(settling_nothing_is_nothing),
        WITH_BENCH(bounds_pages_and_branches),
        WITH_BENCH(names_the_branches_of_a_line),
    };
    return cmocka_run_group_tests_name("linepages", tests, NULL, NULL);
}
