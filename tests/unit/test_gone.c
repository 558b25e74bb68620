/* Beside the baseline: lines that are gone are no loss of coverage. */
#include "tests/support/beside.h"

static void removed(struct change *change, uint32_t first, uint32_t last)
{
    array_push(court.mem, &change->files.items[change->files.count - 1].removed,
               ((struct line_range){first, last}));
}

static void covered(const char *policy, const char *then, const char *now)
{
    court_open(&court, policy);
    court_report(&court, "r", "cobertura", then);
    court_is_baseline(&court, "4f2c1ab09d3e77");
    court_report(&court, "r", "cobertura", now);
}

static void lines_that_are_gone_are_no_loss(void **state)
{
    (void)state;
    /* 3 of 4 are run; lines 1 and 2, both run, are taken out: 1 of 2 is left */
    covered(RULE("delta(coverage.lines) >= 0pp"), COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))),
            COVERAGE(FILE("a.c", LINE(1, 1) LINE(2, 0))));
    struct change *change = since("a.c", "a.c", CHANGE_MODIFIED);
    removed(change, 1, 2);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "passed: 0 pp (50 % → 50 %) | the baseline is 75 % with the lines that "
                        "were removed since");
    change->why_not = "its commit is not in this clone";
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "failed: -25 pp (75 % → 50 %) | lines removed since are still part of it: "
                        "its commit is not in this clone | test 1 more line (of 1 that no test "
                        "runs)");
}

static void lines_that_decide_nothing_are_not_mentioned(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines_covered) >= 0"), COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))),
            COVERAGE(FILE("a.c", FOUR(1, 1, 0, 0))));
    removed(since("a.c", "a.c", CHANGE_MODIFIED), 4, 4);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: -1 (3 → 2) | test 1 more line");
}

static void what_was_deleted_is_taken_out_whole(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines) >= 0pp"),
            COVERAGE(FILE("a.c", LINE(1, 0)) FILE("b.c", FOUR(1, 1, 1, 1))),
            COVERAGE(FILE("a.c", LINE(1, 0))));
    since("b.c", "b.c", CHANGE_DELETED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "passed: 0 pp (0 % → 0 %) | the baseline is 80 % with the lines that were "
                        "removed since");
}

/* A file is compared with itself under the name it has now; one that was added had no other. */
static void a_moved_file_is_the_same_file(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines{path=\"src/**\"}) >= 0pp"),
            COVERAGE(FILE("old/a.c", FOUR(1, 1, 0, 0)) FILE("src/b.c", LINE(1, 0))),
            COVERAGE(FILE("src/a.c", FOUR(1, 1, 0, 0)) FILE("src/b.c", LINE(1, 1))));
    struct change *change = since("src/a.c", "old/a.c", CHANGE_RENAMED);
    struct changed_file *file = array_add(court.mem, &change->files);
    *file = (struct changed_file){.path = "src/b.c", .old_path = "src/b.c", .how = CHANGE_ADDED};
    removed(change, 1, 1);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: +20 pp (40 % → 60 %)");
}

/* What is known of lines 1 to 3 of a.c after `ranges` were removed, in pages of 512 lines. */
static const char *left_of(const struct line_range *ranges, size_t count)
{
    covered(RULE("delta(coverage.lines_valid) == 0"),
            COVERAGE(FILE("a.c", LINE(1, 1) LINE(2, 1) LINE(511, 1) LINE(512, 1) LINE(1023, 1)
                                     LINE(1024, 1) LINE(1600, 1))),
            COVERAGE(FILE("a.c", LINE(1, 1))));
    struct change *change = since("a.c", "a.c", CHANGE_MODIFIED);
    for (size_t i = 0; i < count; i++)
        removed(change, ranges[i].first, ranges[i].last);
    court_judge(&court);
    const struct ruling *ruling = &court.verdict.gates.items[0].rulings.items[0];
    const char *text = arena_printf(court.mem, "%d", (int)ruling->before.number.above);
    static char kept[8];
    snprintf(kept, sizeof kept, "%s", text);
    court_close(&court);
    return kept;
}

static void ranges_may_lie_anywhere(void **state)
{
    (void)state;
#define LEFT(...)                                     \
    left_of((const struct line_range[]){__VA_ARGS__}, \
            sizeof((const struct line_range[]){__VA_ARGS__}) / sizeof(struct line_range))
    assert_string_equal(LEFT({3, 510}), "7");
    assert_string_equal(LEFT({1, 1}), "6");
    assert_string_equal(LEFT({2, 2}), "6");
    assert_string_equal(LEFT({1, 511}), "4");
    assert_string_equal(LEFT({511, 512}), "5");
    assert_string_equal(LEFT({512, 512}), "6");
    assert_string_equal(LEFT({511, 1600}), "2");
    assert_string_equal(LEFT({512, 1023}), "5");
    assert_string_equal(LEFT({1, 1}, {511, 511}, {1024, 1024}), "4");
    assert_string_equal(LEFT({2, 511}, {513, 1022}, {1600, 1600}), "4");
    assert_string_equal(LEFT({1601, 9000}), "7");
    assert_string_equal(LEFT({2000, 2147483647}), "7");
    court_open(&court, RULE("tests.total >= 1")); /* for shut() */
}

#define BRANCH(number, of) \
    "<line number='" #number "' hits='1' branch='true' condition-coverage='50% (" of ")'/>"

static void branches_go_with_their_lines(void **state)
{
    (void)state;
    covered(
        RULE("delta(coverage.branches_valid) == 0"),
        COVERAGE(FILE("a.c", BRANCH(3, "1/2") BRANCH(5, "1/4") BRANCH(7, "4/8") BRANCH(9, "8/16"))),
        COVERAGE(FILE("a.c", BRANCH(3, "1/2"))));
    struct change *change = since("a.c", "a.c", CHANGE_MODIFIED);
    removed(change, 4, 5);
    removed(change, 9, 9);
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].before.number.above, 2 + 8);
    change->files.items[0].removed.count = 0;
    removed(change, 1, 3);
    removed(change, 6, 6);
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].before.number.above, 4 + 8 + 16);
}

static void a_baseline_of_which_nothing_is_left_is_none(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines) >= 0pp"), COVERAGE(FILE("a.c", LINE(1, 1))),
            COVERAGE(FILE("b.c", LINE(1, 1))));
    since("a.c", "a.c", CHANGE_DELETED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "warned: no data | the baseline (4f2c1ab09d3e) has no coverage.lines: no "
                        "coverable line is listed" ONCE);
}

/* A rule alone, and one after the other: what is gone is taken out once. */
static void several_rules_share_what_is_left(void **state)
{
    (void)state;
    covered(POLICY("      - delta(coverage.lines_valid) <= 0\n"
                   "      - delta(coverage.lines_covered) >= 0\n"),
            COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))), COVERAGE(FILE("a.c", LINE(1, 1))));
    removed(since("a.c", "a.c", CHANGE_MODIFIED), 2, 3);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: -1 (2 → 1)");
    assert_string_equal(court_says(&court, 0, 1),
                        "passed: 0 (1 → 1) | the baseline is 3 with the lines that were "
                        "removed since");
}

/* The change is sorted by the names of now. */
static void files_may_change_their_names_crosswise(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines) >= 0pp"),
            COVERAGE(FILE("m.c", LINE(1, 1)) FILE("n.c", LINE(1, 1)) FILE("o.c", LINE(1, 0))),
            COVERAGE(FILE("c.c", LINE(1, 0))));
    struct change *change = since("a.c", "o.c", CHANGE_MODIFIED);
    *array_add(court.mem, &change->files) =
        (struct changed_file){.path = "b.c", .old_path = "n.c", .how = CHANGE_DELETED};
    *array_add(court.mem, &change->files) =
        (struct changed_file){.path = "c.c", .old_path = "m.c", .how = CHANGE_DELETED};
    court_judge(&court);
    assert_string_equal(
        court_says(&court, 0, 0),
        "passed: 0 pp (0 % → 0 %) | the baseline is 66.7 % with the lines that were "
        "removed since");
}

static void a_change_that_only_adds_takes_nothing_out(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines) >= 0pp"), COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))),
            COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))));
    since("b.c", "b.c", CHANGE_ADDED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 0 pp (75 % → 75 %)");
    court.docket.then = NULL;
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "warned: no data | none" ONCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_that_are_gone_are_no_loss),
        TEST(lines_that_decide_nothing_are_not_mentioned),
        TEST(what_was_deleted_is_taken_out_whole),
        TEST(a_moved_file_is_the_same_file),
        TEST(ranges_may_lie_anywhere),
        TEST(branches_go_with_their_lines),
        TEST(a_baseline_of_which_nothing_is_left_is_none),
        TEST(several_rules_share_what_is_left),
        TEST(files_may_change_their_names_crosswise),
        TEST(a_change_that_only_adds_takes_nothing_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
