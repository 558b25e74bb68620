/* The judge: every outcome, and what it says. */
#include "tests/support/court.h"

#define PASSING "<testsuite name='s'><testcase classname='c' name='a'/></testsuite>"
#define TWO_FAIL                                                                                \
    "<testsuite name='s'><testcase classname='c' name='a'/>"                                    \
    "<testcase classname='c' name='b'><failure message='expected 10.00, got 9.99'/></testcase>" \
    "<testcase classname='c' name='d'><error message='null'/></testcase></testsuite>"
#define LINES(hits)                                                                             \
    "<coverage><packages><package name='p'><classes><class name='C' filename='src/c.c'><lines>" \
    "<line number='1' hits='1'/><line number='2' hits='1'/><line number='3' hits='1'/>"         \
    "<line number='4' hits='" hits "'/><line number='5' hits='0'/>"                             \
    "</lines></class></classes></package></packages></coverage>"

static void judged(const char *policy, const char *format, const char *report, const char *says)
{
    struct court court;
    court_open(&court, policy);
    court_report(&court, format, format, report);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), says);
    court_close(&court);
}

static void a_passing_rule_says_its_value_and_nothing_else(void **state)
{
    (void)state;
    judged(POLICY("      - tests.failed == 0\n"), "junit", PASSING, "passed: 0");
}

static void failing_tests_are_named(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "unit", "junit", TWO_FAIL);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 2 | make these 2 tests pass");
    const struct ruling *ruling = &court.verdict.gates.items[0].rulings.items[0];
    assert_int_equal(ruling->details.count, 2);
    assert_string_equal(ruling->details.items[0].subject, "c.b");
    assert_string_equal(ruling->details.items[0].text, "expected 10.00, got 9.99");
    assert_int_equal(ruling->value.part, 2);
    assert_int_equal(ruling->value.whole, 3);
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    court_close(&court);
}

static void one_test_fewer_is_asked_for_when_one_may_fail(void **state)
{
    (void)state;
    judged(POLICY("      - tests.failed <= 1\n"), "junit", TWO_FAIL,
           "failed: 2 | make 1 of these 2 tests pass");
}

static void coverage_asks_for_the_fewest_lines(void **state)
{
    (void)state;
    judged(POLICY("      - coverage.lines >= 80%\n"), "cobertura", LINES("0"),
           "failed: 60 % | test 1 more line (of 2 that no test runs)");
    judged(POLICY("      - coverage.lines >= 80%\n"), "cobertura", LINES("1"), "passed: 80 %");
    judged(POLICY("      - coverage.lines > 80%\n"), "cobertura", LINES("1"),
           "failed: 80 % | test 1 more line (of 1 that no test runs)");
}

static void tolerance_is_said_when_it_decides(void **state)
{
    (void)state;
    judged(POLICY("      - {rule: coverage.lines >= 61%, tolerance: 1%}\n"), "cobertura",
           LINES("0"), "passed: 60 % | held only by the tolerance of 1 %");
    judged(POLICY("      - {rule: coverage.lines >= 61.5%, tolerance: 1%}\n"), "cobertura",
           LINES("0"), "failed: 60 % | test 1 more line (of 2 that no test runs)");
}

static void no_test_is_no_data(void **state)
{
    (void)state;
    judged(POLICY("      - tests.failed == 0\n"), "junit", "<testsuites/>",
           "no data: no data | no test is listed | look at the job that writes junit: it left "
           "nothing to judge");
    judged(POLICY("      - tests.total >= 1\n"), "junit", "<testsuites/>",
           "failed: 0 | run 1 more test");
}

static void a_format_nobody_reports_is_no_data(void **state)
{
    (void)state;
    judged(POLICY("      - load.p95 < 1s\n"), "junit", PASSING,
           "no data: no data | no report here gives load.p95 (format: jmeter) | name a report that "
           "gives it under `reports:` (format: jmeter)");
}

static void a_broken_report_is_an_error_whatever_the_rule_says(void **state)
{
    (void)state;
    judged(POLICY("      - {rule: tests.failed == 0, on_missing: pass}\n"), "junit", "<testsuite>",
           "error: no data | junit cannot be read | repair what writes junit: look at the "
           "job that writes it: it was probably stopped");
}

static void missing(const char *rule, bool optional, enum outcome outcome)
{
    struct court court;
    court_open(&court, rule);
    court_missing(&court, "unit", "junit", optional);
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, outcome);
    court_close(&court);
}

static void a_missing_report_is_what_the_rule_makes_of_it(void **state)
{
    (void)state;
    missing(POLICY("      - tests.failed == 0\n"), false, OUTCOME_NO_DATA);
    missing(POLICY("      - {rule: tests.failed == 0, on_missing: fail}\n"), false,
            OUTCOME_NO_DATA);
    missing(POLICY("      - {rule: tests.failed == 0, on_missing: warn}\n"), false, OUTCOME_WARNED);
    missing(POLICY("      - {rule: tests.failed == 0, on_missing: pass}\n"), false, OUTCOME_PASSED);
    missing(POLICY("      - {rule: tests.failed == 0, on_missing: skip}\n"), false,
            OUTCOME_NOT_APPLICABLE);
    missing(POLICY("      - tests.failed == 0\n"), true, OUTCOME_NOT_APPLICABLE);
}

static void one_missing_shard_spoils_the_source(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "unit", "junit", PASSING);
    court_missing(&court, "unit", "junit", false);
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

static void warn_turns_failed_and_no_data_into_warned_and_leaves_error(void **state)
{
    (void)state;
    const char *policy =
        "version: 1\ngates:\n  - name: gate\n    warn:\n      - tests.failed == 0\n";
    judged(policy, "junit", TWO_FAIL, "warned: 2 | make these 2 tests pass");
    judged(
        policy, "junit", "<testsuites/>",
        "warned: no data | no test is listed | look at the job that writes junit: it left nothing "
        "to judge");
    judged(policy, "junit", "<testsuite>",
           "error: no data | junit cannot be read | repair what writes junit: look at the "
           "job that writes it: it was probably stopped");
}

static void before_its_day_a_failure_is_a_warning(void **state)
{
    (void)state;
    /* day 20000 is 2024-10-04 */
    judged(POLICY("      - {rule: tests.failed == 0, enforce_from: 2024-10-16}\n"), "junit",
           TWO_FAIL, "warned: 2 | enforced in 12 days | make these 2 tests pass");
    judged(POLICY("      - {rule: tests.failed == 0, enforce_from: 2024-10-04}\n"), "junit",
           TWO_FAIL, "failed: 2 | make these 2 tests pass");
}

static void branch_decides_where_a_rule_applies(void **state)
{
    (void)state;
    struct court court;
    court_open(
        &court,
        POLICY("      - {rule: tests.failed == 0, when: {branch: [main, \"release/*\"]}}\n"));
    court_report(&court, "unit", "junit", TWO_FAIL);
    court.docket.branch = "feature/x";
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "not applicable: no data | not for branch feature/x");
    court.docket.branch = "release/1";
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 2 | make these 2 tests pass");
    court_close(&court);
}

static void any_holds_when_one_holds(void **state)
{
    (void)state;
    const char *policy =
        POLICY("      - any: [coverage.lines >= 80%, coverage.lines_valid >= 5]\n");
    judged(policy, "cobertura", LINES("0"), "passed:  | holds by coverage.lines_valid >= 5");
    policy = POLICY("      - any: [coverage.lines >= 80%, tests.total >= 5]\n");
    judged(policy, "cobertura", LINES("1"), "passed:  | holds by coverage.lines >= 80%");
    struct court court;
    court_open(&court, policy);
    court_report(&court, "cobertura", "cobertura", LINES("0"));
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    court_close(&court);
    court_open(&court, policy);
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

static void each_judges_every_value_and_the_worst_comes_first(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - {rule: load.max < 300ms, each: label}\n"));
    court_report(&court, "load", "jmeter",
                 "timeStamp,elapsed,label,success\n1000,100,a,true\n1100,500,b,true\n"
                 "1200,200,c,true\n");
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 500 ms @ b | 201 ms less");
    assert_string_equal(court_says(&court, 0, 1), "passed: 100 ms @ a");
    assert_string_equal(court_says(&court, 0, 2), "passed: 200 ms @ c");
    court_close(&court);
}

static void any_is_judged_for_each_value(void **state)
{
    (void)state;
    struct court court;
    court_open(&court,
               POLICY("      - {any: [load.max < 300ms, load.error_rate == 0%], each: label}\n"));
    court_report(&court, "load", "jmeter",
                 "timeStamp,elapsed,label,success\n1000,100,a,true\n1100,500,b,false\n"
                 "1200,500,c,true\n");
    court_judge(&court);
    assert_string_equal(
        court_says(&court, 0, 0),
        "failed:  @ b | none of its rules holds | 201 ms less, or 1 fewer error in 1 samples");
    assert_string_equal(court_says(&court, 0, 1), "passed:  @ a | holds by load.max < 300ms");
    assert_string_equal(court_says(&court, 0, 2), "passed:  @ c | holds by load.error_rate == 0%");
    court_close(&court);
    court_open(&court,
               POLICY("      - {any: [load.max < 300ms, load.errors == 0], each: label}\n"));
    court_report(&court, "load", "jmeter", "timeStamp,elapsed,label,success\n");
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

static void other_stages_are_not_judged_and_their_reports_need_not_be_there(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, "version: 1\ngates:\n  - name: now\n    require: [tests.failed == 0]\n"
                       "  - name: later\n    stage: deploy\n    require: [load.p95 < 1s]\n");
    court_report(&court, "unit", "junit", PASSING);
    court_missing(&court, "load", "jmeter", false);
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    assert_true(court.verdict.gates.items[1].other_stage);
    court.docket.stage = "deploy";
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

static void a_required_report_that_no_rule_reads_counts_like_a_gate(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "unit", "junit", PASSING);
    court_missing(&court, "image", "trivy", false);
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    assert_int_equal(court.verdict.reports.count, 1);
    assert_string_equal(court.verdict.reports.items[0].reason, "image is not there");
    court_close(&court);
}

static void the_run_takes_the_worst(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, "version: 1\ngates:\n  - name: a\n    require: [tests.failed == 0]\n"
                       "  - name: b\n    require: [coverage.lines >= 10%]\n"
                       "  - name: c\n    require: [load.p95 < 1s]\n");
    court_report(&court, "unit", "junit", TWO_FAIL);
    court_report(&court, "cobertura", "cobertura", "<coverage>");
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    assert_int_equal(court.verdict.gate_counts[OUTCOME_FAILED], 1);
    assert_int_equal(court.verdict.gate_counts[OUTCOME_ERROR], 1);
    assert_int_equal(court.verdict.gate_counts[OUTCOME_NO_DATA], 1);
    court_close(&court);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_passing_rule_says_its_value_and_nothing_else),
        cmocka_unit_test(failing_tests_are_named),
        cmocka_unit_test(one_test_fewer_is_asked_for_when_one_may_fail),
        cmocka_unit_test(coverage_asks_for_the_fewest_lines),
        cmocka_unit_test(tolerance_is_said_when_it_decides),
        cmocka_unit_test(no_test_is_no_data),
        cmocka_unit_test(a_format_nobody_reports_is_no_data),
        cmocka_unit_test(a_broken_report_is_an_error_whatever_the_rule_says),
        cmocka_unit_test(a_missing_report_is_what_the_rule_makes_of_it),
        cmocka_unit_test(one_missing_shard_spoils_the_source),
        cmocka_unit_test(warn_turns_failed_and_no_data_into_warned_and_leaves_error),
        cmocka_unit_test(before_its_day_a_failure_is_a_warning),
        cmocka_unit_test(branch_decides_where_a_rule_applies),
        cmocka_unit_test(any_holds_when_one_holds),
        cmocka_unit_test(each_judges_every_value_and_the_worst_comes_first),
        cmocka_unit_test(any_is_judged_for_each_value),
        cmocka_unit_test(other_stages_are_not_judged_and_their_reports_need_not_be_there),
        cmocka_unit_test(a_required_report_that_no_rule_reads_counts_like_a_gate),
        cmocka_unit_test(the_run_takes_the_worst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
