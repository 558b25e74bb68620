/* What a change added and how much of it is tested: new(coverage.…), diff.lines, diff.files. */
#include "tests/support/court.h"

#define POLICY(rules) "version: 1\ngates:\n  - name: gate\n    require:\n" rules
#define RULE(text) POLICY("      - {rule: '" text "'}\n")
#define REPORT(classes) \
    "<coverage><packages><package><classes>" classes "</classes></package></packages></coverage>"
#define FILE_(path, lines) \
    "<class filename='" path "' name='c'><lines>" lines "</lines></class>"
#define HIT(line) "<line number='" #line "' hits='1'/>"
#define MISSED(line) "<line number='" #line "' hits='0'/>"
#define BRANCHES(line, parts) \
    "<line number='" #line "' hits='1' branch='true' condition-coverage='50% (" parts ")'/>"

/* lines 1 to 9 of a file: 1 to 4 hit, 6 to 8 not; 5 and 9 are nothing */
#define FEE                                                                     \
    FILE_("src/Fee.java", HIT(1) HIT(2) HIT(3) HIT(4) MISSED(6) MISSED(7) MISSED(8))

static struct court court;

static int shut(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static void hold(const char *policy, const char *files, const char *change)
{
    court_open(&court, policy);
    court_files(&court, files);
    court_change(&court, change);
}

static void judge_report(const char *report)
{
    court_report(&court, "cov", "cobertura", report);
    court_judge(&court);
}

static void is(size_t ruling, const char *says)
{
    assert_string_equal(court_says(&court, 0, ruling), says);
}

static const struct details *details(size_t ruling)
{
    return &court.verdict.gates.items[0].rulings.items[ruling].details;
}

static void lists(size_t ruling, size_t index, const char *says)
{
    assert_true(index < details(ruling)->count);
    const struct detail *detail = &details(ruling)->items[index];
    assert_string_equal(arena_printf(court.mem, "%s %s", detail->subject, detail->text), says);
}

/* ---- what counts ---- */

static void only_lines_that_were_added_count(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 60%"), "src/Fee.java", "M src/Fee.java 1-9");
    judge_report(REPORT(FEE));
    is(0, "failed: 57.1 % | test 1 of these 3 lines (2 may stay untested)");
    const struct value *value = &court.verdict.gates.items[0].rulings.items[0].value;
    assert_true(value->has_parts);
    assert_int_equal(value->part, 4);
    assert_int_equal(value->whole, 7);
    assert_int_equal(value->reports.count, 1);
    assert_string_equal(value->reports.items[0], "cov");
    court_change(&court, "M src/Fee.java 2-4 6-6");
    court_judge(&court);
    is(0, "passed: 75 %");
    court_change(&court, "M src/Fee.java 5 9 8");
    court_judge(&court);
    is(0, "failed: 0 % | test this line");
}

static void the_fraction_is_exact(void **state)
{
    (void)state;
    hold(POLICY("      - new(coverage.lines) >= 66.6666666666666667%\n"
                "      - new(coverage.lines{report=\"cov\"}) >= 66.6666666666666666%\n"),
         "src/Fee.java", "M src/Fee.java 3-4 6");
    judge_report(REPORT(FEE));
    is(0, "failed: 200/3 % | test this line");
    is(1, "passed: 66.7 %");
}

static void two_reports_that_know_different_lines_are_one(void **state)
{
    (void)state;
    hold(POLICY("      - new(coverage.lines) >= 100%\n"
                "      - new(coverage.lines{report=\"unit\"}) >= 100%\n"
                "      - new(coverage.lines{report=\"e2e\"}) >= 100%\n"),
         "src/a.c", "A src/a.c 1-6");
    court_report(&court, "e2e", "cobertura", REPORT(FILE_("src/a.c", MISSED(1) MISSED(2) HIT(3))));
    court_report(&court, "unit", "cobertura", REPORT(FILE_("src/a.c", HIT(1) MISSED(4))));
    court_judge(&court);
    is(0, "failed: 50 % | test these 2 lines");
    is(1, "failed: 50 % | test this line");
    is(2, "failed: 33.3 % | test these 2 lines");
    lists(0, 0, "src/a.c:2 no test runs this line");
    lists(0, 1, "src/a.c:4 no test runs this line");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].value.reports.count, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, shut)
    const struct CMUnitTest tests[] = {
        TEST(only_lines_that_were_added_count),
        TEST(the_fraction_is_exact),
        TEST(two_reports_that_know_different_lines_are_one),
    };
    return cmocka_run_group_tests_name("new code", tests, NULL, NULL);
}
