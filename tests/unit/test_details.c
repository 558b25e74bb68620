/* What stands behind an outcome: the files, labels and tests that are listed with it, and how
 * `each` and `any` take over what one of their rules says.
 */
#include "tests/support/court.h"

#define COVERAGE(files) \
    "<coverage><packages><package><classes>" files "</classes></package></packages></coverage>"
#define CLASS(path, lines) "<class filename='" path "'><lines>" lines "</lines></class>"
#define LINE(number, hits) "<line number='" number "' hits='" hits "'/>"
#define SUITE(cases) "<testsuites><testsuite name='s'>" cases "</testsuite></testsuites>"
#define CASE(name, what) "<testcase classname='c' name='" name "'>" what "</testcase>"
#define IMAGE                                                                    \
    "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"i\",\"Class\":\"os-pkgs\"," \
    "\"Vulnerabilities\":[{\"VulnerabilityID\":\"CVE-1\",\"PkgName\":\"zlib\"}]}]}"

static struct court court;

static int shut(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static const struct ruling *ruling(size_t i)
{
    return &court.verdict.gates.items[0].rulings.items[i];
}

static void is(size_t i, const char *says)
{
    assert_string_equal(court_says(&court, 0, i), says);
}

/* "SUBJECT TEXT, SUBJECT TEXT" */
static void lists(size_t i, const char *expected)
{
    const char *all = "";
    for (size_t j = 0; j < ruling(i)->details.count; j++) {
        const struct detail *detail = &ruling(i)->details.items[j];
        all = arena_printf(court.mem, "%s%s%s %s", all, j > 0 ? ", " : "", detail->subject,
                           detail->text);
    }
    assert_string_equal(all, expected);
}

static void files_with_the_most_missed_lines_come_first(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - coverage.lines >= 99%\n"
                              "      - coverage.branches >= 99%\n"
                              "      - coverage.lines_covered >= 99\n"
                              "      - coverage.branches_covered >= 99\n"
                              "      - coverage.lines_valid >= 99\n"
                              "      - coverage.files >= 99\n"));
    court_report(&court, "c", "cobertura",
                 COVERAGE(CLASS("a.c", LINE("1", "1")) CLASS("b.c", LINE("1", "0") LINE("2", "1"))
                              CLASS("d.c", LINE("1", "0") LINE("2", "0") LINE("3", "0"))
                                  CLASS("c.c", "<line number='1' hits='0' branch='true' "
                                               "condition-coverage='25% (1/4)'/>")));
    court_judge(&court);
    static const char lines[] =
        "d.c 3 of 3 lines not run, b.c 1 of 2 lines not run, c.c 1 of 1 lines not run";
    lists(0, lines);
    lists(1, "c.c 3 of 4 branches not run");
    lists(2, lines);
    lists(3, "c.c 3 of 4 branches not run");
    lists(4, "");
    lists(5, "");
}

static void labels_that_break_the_rule_are_listed(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - load.max{report=\"l\"} < 5ms\n"
                              "      - load.errors == 0\n"
                              "      - load.error_rate < 1%\n"
                              "      - load.samples >= 99\n"
                              "      - load.throughput >= 9999999/s\n"
                              "      - load.duration >= 99s\n"));
    court_report(&court, "l", "jmeter",
                 "timeStamp,elapsed,label,success\n1000,9,slow,true\n1000,1,fast,true\n"
                 "1000,7,bad,false\n");
    court_report(&court, "other", "jmeter",
                 "timeStamp,elapsed,label,success\n1000,99,fast,true\n1000,1,fine,true\n");
    court_judge(&court);
    lists(0, "bad 7 ms, slow 9 ms");
    lists(1, "bad 1");
    lists(2, "bad 100 %");
    lists(3, "");
    lists(4, "");
    lists(5, "");
}

static void tests_are_listed_where_they_are_counted(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - tests.failed == 0\n"
                              "      - tests.failures == 0\n"
                              "      - tests.errors == 0\n"
                              "      - tests.flaky == 0\n"
                              "      - tests.success_rate == 100%\n"
                              "      - tests.skipped == 0\n"
                              "      - tests.total >= 99\n"
                              "      - tests.passed >= 99\n"
                              "      - tests.duration <= 0s\n"));
    court_report(&court, "t", "junit",
                 SUITE(CASE("e", "<error message='broke'/>") CASE("f", "<failure message='no'/>")
                           CASE("k", "<flakyFailure message='once'/>")
                               CASE("s", "<skipped/>") "<testcase name='d' time='1'/>"));
    court_judge(&court);
    lists(0, "c.e broke, c.f no");
    lists(1, "c.f no");
    lists(2, "c.e broke");
    lists(3, "c.k once");
    lists(4, "c.e broke, c.f no");
    for (size_t i = 5; i < 9; i++)
        lists(i, "");
}

static void a_rule_without_conditions_applies_everywhere(void **state)
{
    (void)state;
    struct change change = {0};
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "t", "junit", SUITE(CASE("a", "")));
    court.docket.branch = "main";
    court.docket.change = &change;
    court_judge(&court);
    is(0, "passed: 0");
}

static void what_a_missing_shard_may_pass_is_not_compared(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - {rule: tests.failed == 0, on_missing: pass}\n"));
    court_report(&court, "t", "junit", SUITE(CASE("a", "<failure/>")));
    court_missing(&court, "t", "junit", false);
    court_judge(&court);
    is(0, "passed: 1 | t is not there");
}

static void each_keeps_the_other_labels(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - {rule: 'tests.failed{path=\"a.c\"} == 0', each: suite}\n"));
    court_report(&court, "t", "junit",
                 "<testsuites><testsuite name='s' file='a.c'><testcase name='x'/></testsuite>"
                 "<testsuite name='s' file='b.c'><testcase name='y'><failure/></testcase>"
                 "</testsuite></testsuites>");
    court_judge(&court);
    is(0, "passed: 0 @ s");
}

static void each_without_a_value_is_only_a_warning_where_it_warns(void **state)
{
    (void)state;
    court_open(&court, "version: 1\ngates:\n  - name: gate\n    warn:\n"
                       "      - {rule: load.samples >= 1, each: label}\n");
    court_report(&court, "l", "jmeter", "timeStamp,elapsed,label,success\n");
    court_judge(&court);
    is(0, "warned: 0 | no label is listed | look at the job that writes l: it left nothing to "
          "judge");
}

static void any_takes_over_what_its_waived_rule_says(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - any: [tests.failed == 0, vulnerabilities == 0]\n"));
    court_report(&court, "t", "junit", SUITE(CASE("f", "<failure message='no'/>")));
    court_report(&court, "i", "trivy", IMAGE);
    array_push(
        court.mem, &court.policy.waivers,
        ((struct waiver){.id = "CVE-1", .reason = "unused", .owner = "us", .expires = 20000}));
    court_judge(&court);
    is(0, "waived:  | holds by vulnerabilities == 0");
    lists(0, "CVE-1 waived: unused, owner us, expires today");
    assert_int_equal(ruling(0)->value.waived, 1);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_WAIVED);
}

static void what_does_not_apply_has_a_value_of_its_own(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - {rule: tests.failed == 0, when: {branch: main}}\n"));
    court.docket.branch = "other";
    court_judge(&court);
    assert_int_equal(ruling(0)->value.kind, VALUE_NONE);
    assert_string_equal(ruling(0)->value.why, "");
}

static void used_waivers_are_asked_for_by_every_gate(void **state)
{
    (void)state;
    court_open(&court, "version: 1\ngates:\n"
                       "  - {name: a, require: [waivers.used <= 0]}\n"
                       "  - {name: b, require: [waivers.used <= 9, vulnerabilities == 0]}\n");
    court_report(&court, "i", "trivy", IMAGE);
    array_push(
        court.mem, &court.policy.waivers,
        ((struct waiver){.id = "CVE-1", .reason = "unused", .owner = "us", .expires = 20000}));
    court_judge(&court);
    is(0, "failed: 1 | use 1 waiver fewer: repair what it waives");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, shut)
    const struct CMUnitTest tests[] = {
        TEST(files_with_the_most_missed_lines_come_first),
        TEST(labels_that_break_the_rule_are_listed),
        TEST(tests_are_listed_where_they_are_counted),
        TEST(a_rule_without_conditions_applies_everywhere),
        TEST(what_a_missing_shard_may_pass_is_not_compared),
        TEST(each_keeps_the_other_labels),
        TEST(each_without_a_value_is_only_a_warning_where_it_warns),
        TEST(any_takes_over_what_its_waived_rule_says),
        TEST(what_does_not_apply_has_a_value_of_its_own),
        TEST(used_waivers_are_asked_for_by_every_gate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
