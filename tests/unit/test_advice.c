/* What the judge says of a rule that does not hold or could not be judged: the words themselves,
 * and that a report which is brought as asked is judged. The numbers are test_to_pass.c's part.
 */
#include "tests/support/court.h"

#define JUNIT(cases) "<testsuites><testsuite name='s'>" cases "</testsuite></testsuites>"
#define GOOD(name) "<testcase classname='c' name='" name "'/>"
#define BAD(name) "<testcase classname='c' name='" name "'><failure/></testcase>"
#define FLAKY(name) "<testcase classname='c' name='" name "'><flakyFailure/></testcase>"
#define SKIPPED(name) "<testcase classname='c' name='" name "'><skipped/></testcase>"
#define LINE(number, hits) "<line number='" number "' hits='" hits "'/>"
#define COVERED(path, lines)                                                         \
    "<coverage><packages><package><classes><class filename='" path "'><lines>" lines \
    "</lines></class></classes></package></packages></coverage>"
#define FACT(key, value)                                                                     \
    "{\"component\":{\"key\":\"p\",\"measures\":[{\"metric\":\"" key "\",\"value\":\"" value \
    "\"}]}}"
#define PAGE(total) \
    "{\"issues\":[],\"paging\":{\"pageIndex\":1,\"pageSize\":500,\"total\":" total "}}"
#define SAMPLES(rows) "timeStamp,elapsed,label,success\n" rows

/* What a court says of one rule and one report, "r". */
static void says(const char *rule, const char *format, const char *report, const char *expected)
{
    struct arena *mem = arena_new();
    struct court court;
    court_open(&court, arena_printf(mem, POLICY("      - %s\n"), rule));
    court_report(&court, "r", format, report);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), expected);
    court_close(&court);
    arena_free(mem);
}

static void tests_are_named_in_the_words_of_their_kind(void **state)
{
    (void)state;
    says("tests.failed <= 1", "junit", JUNIT(BAD("a") BAD("b") BAD("d")),
         "failed: 3 | make 2 of these 3 tests pass");
    says("tests.success_rate >= 60%", "junit", JUNIT(GOOD("a") BAD("b") BAD("d")),
         "failed: 33.3 % | make 1 of these 2 tests pass");
    says("tests.flaky == 0", "junit", JUNIT(FLAKY("a")),
         "failed: 1 | make this flaky test pass at the first try");
    says("tests.flaky == 0", "junit", JUNIT(FLAKY("a") FLAKY("b")),
         "failed: 2 | make these 2 flaky tests pass at the first try");
    says("tests.skipped <= 1", "junit", JUNIT(SKIPPED("a") SKIPPED("b")),
         "failed: 2 | run 1 of these 2 skipped tests");
    says("tests.passed >= 2", "junit", JUNIT(GOOD("a")), "failed: 1 | make 1 more test pass");
    says("tests.total >= 3", "junit", JUNIT(GOOD("a")), "failed: 1 | run 2 more tests");
    says("tests.total == 1", "junit", JUNIT(GOOD("a") GOOD("b")), "failed: 2 | run 1 fewer test");
    says("tests.suites >= 2", "junit", JUNIT(GOOD("a")), "failed: 1 | run 1 more suite");
    says("tests.total != 0", "junit", "<testsuites/>", "failed: 0 | run 1 more test");
}

static void a_broken_suite_is_no_test(void **state)
{
    (void)state;
    says("tests.success_rate > 50%", "junit",
         JUNIT("<failure/>" BAD("a") GOOD("b") GOOD("d") SKIPPED("e")),
         "failed: 50 % | make 1 of these 2 tests pass, single ones before whole suites");
    says("tests.success_rate == 100%", "junit", JUNIT("<failure/>" BAD("a") GOOD("b")),
         "failed: 33.3 % | make these 2 tests pass");
    says("tests.success_rate >= 100%", "junit", JUNIT("<failure/>"),
         "failed: 0 % | make this test pass");
}

static void what_no_step_reaches_is_said_as_a_value(void **state)
{
    (void)state;
    says("tests.failed == 2", "junit", JUNIT(BAD("a")), "failed: 1 | bring it to 2");
    says("tests.passed == 1", "junit", JUNIT(GOOD("a") GOOD("b")), "failed: 2 | bring it to 1");
    says("tests.success_rate == 40%", "junit", JUNIT(GOOD("a") BAD("b") BAD("d")),
         "failed: 33.3 % | bring it to 40 %");
    says("coverage.lines == 10%", "cobertura", COVERED("a.c", LINE("1", "1") LINE("2", "0")),
         "failed: 50 % | bring it to 10 %");
    says("coverage.lines_covered == 1", "cobertura", COVERED("a.c", LINE("1", "1") LINE("2", "1")),
         "failed: 2 | bring it to 1");
    says("coverage.lines == 100%", "cobertura", COVERED("a.c", LINE("1", "1") LINE("2", "0")),
         "failed: 50 % | test 1 more line (of 1 that no test runs)");
    says("coverage.lines == 25%", "cobertura",
         COVERED("a.c", LINE("1", "0") LINE("2", "0") LINE("3", "0") LINE("4", "0") LINE("5", "0")
                            LINE("6", "0") LINE("7", "0") LINE("8", "0")),
         "failed: 0 % | test 2 more lines (of 8 that no test runs)");
    says("load.error_rate == 25%", "jmeter",
         SAMPLES("1,1,a,false\n1,1,a,false\n1,1,a,false\n1,1,a,false\n1,1,a,false\n"
                 "1,1,a,false\n1,1,a,false\n1,1,a,false\n"),
         "failed: 100 % | 6 fewer errors in 8 samples");
    says("load.errors == 2", "jmeter", SAMPLES("1,1,a,true\n"), "failed: 0 | bring it to 2");
    says("load.error_rate == 10%", "jmeter", SAMPLES("1,1,a,false\n1,1,a,true\n"),
         "failed: 50 % | bring it to 10 %");
    says("load.max == 5.5ms", "jmeter", SAMPLES("1,7,a,true\n"),
         "failed: 7 ms | bring it to 5.5 ms");
    says("tests.duration == 2s", "junit", "<testsuite><testcase name='a' time='1'/></testsuite>",
         "failed: 1 s | bring it to 2 s");
}

static void a_difference_is_exact_or_enough(void **state)
{
    (void)state;
    const char *thirds = SAMPLES("1000,10,a,true\n1000,10,a,true\n1000,11,a,true\n");
    says("load.mean < 10.25ms", "jmeter", thirds, "failed: 10.3 ms | 0.084 ms less");
    says("load.mean < 10ms", "jmeter", thirds, "failed: 10.3 ms | 0.34 ms less");
    says("load.mean < 10.5ms", "jmeter", SAMPLES("1000,10,a,true\n1000,12,a,true\n"),
         "failed: 11 ms | over 0.5 ms less");
    says("load.mean < 10.25ms", "jmeter", SAMPLES("1000,10,a,true\n1000,11,a,true\n"),
         "failed: 10.5 ms | over 0.25 ms less");
    says("load.mean <= 10.25ms", "jmeter", SAMPLES("1000,10,a,true\n1000,11,a,true\n"),
         "failed: 10.5 ms | 0.25 ms less");
    says("load.max < 10ms", "jmeter", thirds, "failed: 11 ms | 2 ms less");
    says("load.max <= 10ms", "jmeter", thirds, "failed: 11 ms | 1 ms less");
    says("load.duration > 0.011s", "jmeter", thirds,
         "failed: 0.011 s | anything more than 0.011 s");
    says("sonar.bugs < 3", "sonarqube", FACT("bugs", "3"), "failed: 3 | 1 less");
    says("sonar.my_own <= 3", "sonarqube", FACT("my_own", "3.5"), "failed: 3.5 | 0.5 less");
    says("sonar.my_own < 3", "sonarqube", FACT("my_own", "3.5"), "failed: 3.5 | over 0.5 less");
    says("sonar.my_own < 3", "sonarqube", FACT("my_own", "3"), "failed: 3 | anything less than 3");
    says("sonar.my_own != 3", "sonarqube", FACT("my_own", "3"), "failed: 3 | anything but 3");
    says("sonar.my_own <= 3.00000003", "sonarqube", FACT("my_own", "3.00000004"),
         "failed: 300000004/100000000 | 0.000001 less");
}

static void coverage_says_lines_branches_and_files(void **state)
{
    (void)state;
    const char *two = COVERED("a.c", "<line number='1' hits='1' branch='true' "
                                     "condition-coverage='25% (1/4)'/>" LINE("2", "0"));
    says("coverage.branches >= 60%", "cobertura", two,
         "failed: 25 % | test 2 more branches (of 3 that no test runs)");
    says("coverage.branches >= 50%", "cobertura", two,
         "failed: 25 % | test 1 more branch (of 3 that no test runs)");
    says("coverage.lines_covered >= 3", "cobertura", two, "failed: 1 | test 2 more lines");
    says("coverage.branches_covered >= 2", "cobertura", two, "failed: 1 | test 1 more branch");
    says("coverage.branches_valid >= 6", "cobertura", two, "failed: 4 | report 2 more branches");
    says("coverage.branches_valid <= 3", "cobertura", two, "failed: 4 | report 1 fewer branch");
    says("coverage.lines_valid >= 3", "cobertura", two, "failed: 2 | report 1 more line");
    says("coverage.files >= 3", "cobertura", two, "failed: 1 | report 2 more files");
}

#define PACKAGE(id, name, fixed) \
    "{\"VulnerabilityID\":\"" id "\",\"PkgName\":\"" name "\",\"FixedVersion\":\"" fixed "\"}"
#define IMAGE(list)                                                              \
    "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"i\",\"Class\":\"os-pkgs\"," \
    "\"Vulnerabilities\":[" list "]}]}"

static void packages_are_named_with_the_version_that_repairs_them(void **state)
{
    (void)state;
    says("vulnerabilities == 0", "trivy", IMAGE(PACKAGE("1", "b", "2") "," PACKAGE("2", "a", "1")),
         "failed: 2 | update a to 1, b to 2");
    says("vulnerabilities == 0", "trivy",
         IMAGE(PACKAGE("1", "b", "2") "," PACKAGE("2", "b", "2") "," PACKAGE("3", "b", "3")),
         "failed: 3 | update b to 2, b to 3");
    says("vulnerabilities == 0", "trivy", IMAGE(PACKAGE("1", "b", "2") "," PACKAGE("2", "a", "")),
         "failed: 2 | update b to 2; repair or replace 1 without a fixed version");
    says("vulnerabilities == 0", "trivy",
         IMAGE(PACKAGE("1", "a", "1") "," PACKAGE("2", "b", "1") "," PACKAGE("3", "c", "1") "," //
               PACKAGE("4", "d", "1")),
         "failed: 4 | update a to 1, b to 1, c to 1 and 1 more update");
    says("vulnerabilities == 0", "trivy",
         IMAGE(PACKAGE("1", "a", "1") "," PACKAGE("2", "b", "1") "," PACKAGE("3", "c", "1")),
         "failed: 3 | update a to 1, b to 1, c to 1");
    says("vulnerabilities <= 1", "trivy", IMAGE(PACKAGE("1", "b", "2") "," PACKAGE("2", "a", "1")),
         "failed: 2 | repair 1 of these 2");
    says("vulnerabilities == 0", "trivy", IMAGE(PACKAGE("1", "b", "")),
         "failed: 1 | repair this one");
    says("vulnerabilities == 2", "trivy", IMAGE(PACKAGE("1", "b", "2")),
         "failed: 1 | bring it to 2");
}

static void facts_say_where_to_look_or_where_to_go(void **state)
{
    (void)state;
    const char *gate = "{\"projectStatus\":{\"status\":\"ERROR\",\"conditions\":[]}}";
    says("sonar.quality_gate == OK", "sonarqube", gate,
         "failed: ERROR | see in SonarQube why it is ERROR, not OK");
    says("sonar.quality_gate != ERROR", "sonarqube", gate,
         "failed: ERROR | see in SonarQube why it is ERROR");
    says("sonar.reliability_rating <= B", "sonarqube", FACT("reliability_rating", "4.0"),
         "failed: D | bring it from D to B");
    says("sonar.reliability_rating < C", "sonarqube", FACT("reliability_rating", "3.0"),
         "failed: C | bring it from C to B");
    says("sonar.reliability_rating != E", "sonarqube", FACT("reliability_rating", "5.0"),
         "failed: E | bring it from E to D");
}

static void a_word_is_no_number_and_no_pass(void **state)
{
    (void)state;
    says("sonar.coverage >= 80%", "sonarqube", FACT("coverage", "NaN"),
         "error: NaN | the report gives NaN, which is not a number | repair what writes r");
    says("sonar.bugs <= 5", "sonarqube", FACT("bugs", "1e30"),
         "error: 1e30 | the report gives 1e30, which is not a number | repair what writes r");
    says("sonar.alert_status != ERROR", "sonarqube", FACT("alert_status", "7"),
         "error: 7 | the report gives 7, which is not a word | repair what writes r");
}

static void tolerance_is_part_of_the_way(void **state)
{
    (void)state;
    says("{rule: load.max <= 5ms, tolerance: 3ms}", "jmeter", SAMPLES("1,10,a,true\n"),
         "failed: 10 ms | 2 ms less");
    says("{rule: coverage.lines >= 90%, tolerance: 40%}", "cobertura",
         COVERED("a.c", LINE("1", "0") LINE("2", "0")),
         "failed: 0 % | test 1 more line (of 2 that no test runs)");
}

static void each_asks_only_for_what_the_rule_picks(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - {rule: 'load.max{label=~\"GET.*\"} < 5ms', each: label}\n"
                              "      - {rule: 'tests.failed{suite!=\"t\"} == 0', each: suite}\n"
                              "      - {rule: 'tests.failed{suite=\"s\"} == 0', each: name}\n"
                              "      - {rule: coverage.lines >= 1%, each: path}\n"));
    court_report(&court, "l", "jmeter", SAMPLES("1,1,GET /a,true\n1,9,POST /a,true\n"));
    court_report(&court, "t", "junit",
                 "<testsuites><testsuite name='s'>" BAD("a") "</testsuite><testsuite name='t'>" BAD(
                     "b") "</testsuite></testsuites>");
    court_report(&court, "c", "cobertura", COVERED("a.c", LINE("1", "1")));
    court_report(&court, "c", "cobertura", COVERED("gen.c", LINE("1", "0")));
    court.evidence.sources.items[2].coverage.files.items[1].ignored = true;
    court_judge(&court);
    const struct rulings *rulings = &court.verdict.gates.items[0].rulings;
    assert_int_equal(rulings->count, 4);
    assert_string_equal(court_says(&court, 0, 0), "passed: 1 ms @ GET /a");
    assert_string_equal(court_says(&court, 0, 1), "failed: 1 @ s | make this test pass");
    assert_string_equal(court_says(&court, 0, 2), "failed: 1 @ a | make this test pass");
    assert_string_equal(court_says(&court, 0, 3), "passed: 100 % @ a.c");
    court_close(&court);
}

/* ---- what could not be judged: once the report is as it was asked for, it is ---- */

static void replace(struct court *court, const char *format, const char *report)
{
    court->evidence.sources = (struct sources){0};
    court_report(court, "r", format, report);
    court_judge(court);
}

static void a_missing_report_that_is_left_is_judged(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_missing(&court, "r", "junit", false);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "no data: no data | r is not there | look at the job that should leave r "
                        "(not in every build? say `optional: true`)");
    replace(&court, "junit", JUNIT(GOOD("a")));
    assert_string_equal(court_says(&court, 0, 0), "passed: 0");
    court.evidence.sources = (struct sources){0};
    court_missing(&court, "r", "junit", true);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "not applicable: no data | its optional reports are not there");
    court_close(&court);
}

static void the_job_that_should_have_left_it_is_named(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_missing(&court, "r", "junit", false);
    court_source(&court, "r", "junit")->inputs.items[0].job = "unit tests";
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "no data: no data | r is not there | look at the job \"unit tests\", which "
                        "should leave r (not in every build? say `optional: true`)");
    court_close(&court);
}

static void a_broken_report_that_is_repaired_is_judged(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "r", "junit", "<testsuite>");
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_ERROR);
    assert_string_equal(court_says(&court, 0, 0),
                        "error: no data | r cannot be read | repair what writes r: look at the job "
                        "that writes it: it was probably stopped");
    replace(&court, "junit", JUNIT(BAD("a")));
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | make this test pass");
    court_close(&court);
}

static void a_report_that_is_given_whole_is_judged(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - {rule: issues == 0, on_missing: pass}\n"));
    court_report(&court, "r", "sonarqube", PAGE("7"));
    court_judge(&court);
    assert_string_equal(
        court_says(&court, 0, 0),
        "no data: 0 | page 1 holds 0 of 7 issues | ask for all on one page: ps=500, "
        "and narrowed down where there are more");
    replace(&court, "sonarqube", PAGE("0"));
    assert_string_equal(court_says(&court, 0, 0), "passed: 0");
    court_close(&court);
}

static void a_report_that_is_named_or_no_longer_empty_is_judged(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "no data: no data | no report here gives tests.failed (format: junit) | "
                        "name a report that gives it under `reports:` (format: junit)");
    replace(&court, "junit", "<testsuites/>");
    assert_string_equal(court_says(&court, 0, 0),
                        "no data: no data | no test is listed | look at the job that writes r: it "
                        "left nothing to judge");
    replace(&court, "junit", JUNIT(GOOD("a")));
    assert_string_equal(court_says(&court, 0, 0), "passed: 0");
    court_close(&court);
}

static void what_is_not_whole_says_what_to_do(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "r", "junit", JUNIT(GOOD("a")));
    struct source *source = court_source(&court, "r", "junit"), other;
    source_part(source, "it passed a ceiling", NULL);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "no data: 0 | it passed a ceiling | give qgate all of r");
    /* of several files the same one is named, whichever was read first */
    for (int i = 0; i < 2; i++) {
        source_part(source, i == 0 ? "b is old" : "a is tracked", i == 0 ? "run b" : "untrack a");
        source_init(&other, court.mem, "r", "junit");
        source_part(&other, i == 0 ? "a is tracked" : "b is old", i == 0 ? "untrack a" : "run b");
        struct error err = {0};
        assert_true(source_merge(source, court.mem, &other, &err));
        assert_string_equal(source->part_reason, "a is tracked");
        assert_string_equal(source->part_remedy, "untrack a");
    }
    court_close(&court);
}

#define HIDING(cases)                                                             \
    "<testsuites name='' id='' skipped='0' errors='0'><testsuite name='s'>" cases \
    "</testsuite></testsuites>"

static void reruns_that_are_not_shown_can_be_turned_on(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.flaky == 0\n      - load.samples >= 1\n"));
    court_report(&court, "empty", "junit", JUNIT(""));
    court_report(&court, "r", "junit", HIDING(GOOD("a")));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "no data: no data | the writer of this report does not show reruns | have "
                        "the test runner show reruns in r (Playwright: `includeRetries`), or take "
                        "the rule out");
    court_close(&court);
    court_open(&court, POLICY("      - tests.flaky == 0\n      - tests.success_rate >= 90%\n"));
    court_report(&court, "r", "junit", HIDING(""));
    court_report(&court, "s", "junit", HIDING(""));
    court_judge(&court);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(court_says(&court, 0, i),
                            "no data: no data | no test is listed | look at the job that writes r: "
                            "it left nothing to judge");
    court_close(&court);
}

static void a_rule_with_two_answers_is_judged_once_it_names_one(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - sonar.ncloc >= 5\n"
                              "      - 'sonar.ncloc{report=\"s\"} >= 5'\n"));
    court_report(&court, "r", "sonarqube", FACT("ncloc", "3"));
    court_report(&court, "s", "sonarqube", FACT("ncloc", "6"));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "error: error | two reports give different values: name one with "
                        "{report=\"…\"} | write the rule so that it has one answer");
    assert_string_equal(court_says(&court, 0, 1), "passed: 6");
    court_close(&court);
}

static void any_offers_every_way(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - any: [tests.failed == 0, tests.total >= 4]\n"));
    court_report(&court, "r", "junit", JUNIT(BAD("a") GOOD("b")));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "failed:  | none of its rules holds | make this test pass, or run 2 more "
                        "tests");
    replace(&court, "junit", JUNIT(GOOD("a") GOOD("b")));
    assert_string_equal(court_says(&court, 0, 0), "passed:  | holds by tests.failed == 0");
    replace(&court, "junit", JUNIT(BAD("a") GOOD("b") GOOD("d") GOOD("e")));
    assert_string_equal(court_says(&court, 0, 0), "passed:  | holds by tests.total >= 4");
    court_close(&court);
}

/* A report older than what it is about answers nothing, and asks for nothing: whatever else is
 * wrong. */
static void a_stale_report_asks_for_nothing(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - any: [tests.failed == 0, coverage.lines >= 80%]\n"
                              "      - tests.failed == 0\n"));
    court_missing(&court, "a", "junit", false);
    court_report(&court, "b", "junit", JUNIT(GOOD("a")));
    court_source(&court, "b", "junit")->stale = "b is older than your last change";
    court_report(
        &court, "c", "cobertura",
        "<coverage><class filename='a.c'><lines><line number='1' hits='0'/></lines></class>"
        "</coverage>");
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "failed:  | none of its rules holds | test 1 more line (of 1 that no test "
                        "runs)");
    assert_string_equal(court_says(&court, 0, 1),
                        "not applicable: 0 | b is older than your last change");
    court_close(&court);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stale_report_asks_for_nothing),
        cmocka_unit_test(tests_are_named_in_the_words_of_their_kind),
        cmocka_unit_test(a_broken_suite_is_no_test),
        cmocka_unit_test(what_no_step_reaches_is_said_as_a_value),
        cmocka_unit_test(a_difference_is_exact_or_enough),
        cmocka_unit_test(coverage_says_lines_branches_and_files),
        cmocka_unit_test(packages_are_named_with_the_version_that_repairs_them),
        cmocka_unit_test(facts_say_where_to_look_or_where_to_go),
        cmocka_unit_test(a_word_is_no_number_and_no_pass),
        cmocka_unit_test(tolerance_is_part_of_the_way),
        cmocka_unit_test(each_asks_only_for_what_the_rule_picks),
        cmocka_unit_test(a_missing_report_that_is_left_is_judged),
        cmocka_unit_test(the_job_that_should_have_left_it_is_named),
        cmocka_unit_test(a_broken_report_that_is_repaired_is_judged),
        cmocka_unit_test(a_report_that_is_given_whole_is_judged),
        cmocka_unit_test(a_report_that_is_named_or_no_longer_empty_is_judged),
        cmocka_unit_test(what_is_not_whole_says_what_to_do),
        cmocka_unit_test(reruns_that_are_not_shown_can_be_turned_on),
        cmocka_unit_test(a_rule_with_two_answers_is_judged_once_it_names_one),
        cmocka_unit_test(any_offers_every_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
