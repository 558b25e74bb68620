/* The judge's corners: where a rule applies, what stands in for an answer, which outcome wins. */
#include "tests/support/court.h"

#define SUITE(cases) "<testsuites><testsuite name='s'>" cases "</testsuite></testsuites>"
#define GOOD "<testcase classname='c' name='a'/>"
#define BAD "<testcase classname='c' name='b'><failure message='m'/></testcase>"
#define ISSUES(total) \
    "{\"issues\":[],\"paging\":{\"pageIndex\":1,\"pageSize\":500,\"total\":" total "}}"
#define COVERED                                                                            \
    "<coverage><packages><package><classes><class filename='a.c'><lines><line number='1' " \
    "hits='1'/></lines></class></classes></package></packages></coverage>"

static struct court court;

static int shut(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static void is(size_t ruling, const char *says)
{
    assert_string_equal(court_says(&court, 0, ruling), says);
}

/* ---- where a rule applies ---- */

static void change_of(const char *path, const char *old_path, const char *why_not)
{
    struct change *change = arena_new_item(court.mem, struct change);
    struct changed_file *file = array_add(court.mem, &change->files);
    file->path = path;
    file->old_path = old_path;
    change->why_not = why_not;
    court.docket.change = change;
    court_judge(&court);
}

static void a_rule_for_some_paths_asks_for_a_change_there(void **state)
{
    (void)state;
    court_open(&court,
               POLICY("      - {rule: tests.failed == 0, when: {changes: [src/**, lib/**]}}\n"));
    court_report(&court, "r", "junit", SUITE(GOOD));
    change_of("docs/a.md", "docs/a.md", NULL);
    is(0, "not applicable: no data | this change touches none of its paths");
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_NOT_APPLICABLE);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    change_of("lib/a.c", "docs/a.c", NULL);
    is(0, "passed: 0");
    change_of("docs/a.c", "src/a.c", NULL);
    is(0, "passed: 0");
    change_of("docs/a.c", "docs/a.c", "the base commit is not here");
    is(0, "passed: 0");
    court.docket.change = NULL;
    court_judge(&court);
    is(0, "passed: 0");
}

static void a_branch_that_is_not_known_keeps_nothing_out(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - {rule: tests.failed == 0, when: {branch: main}}\n"));
    court_report(&court, "r", "junit", SUITE(GOOD));
    court_judge(&court);
    is(0, "passed: 0");
    court.docket.branch = "main";
    court_judge(&court);
    is(0, "passed: 0");
    court.docket.branch = "mainline";
    court_judge(&court);
    is(0, "not applicable: no data | not for branch mainline");
}

static void a_day_that_comes_tomorrow_is_one_day_off(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - {rule: tests.failed == 0, enforce_from: 2024-10-05}\n"
                              "      - any: [tests.failed == 0, tests.total >= 9]\n"
                              "        enforce_from: 2024-10-06\n"
                              "      - {rule: tests.total >= 1, enforce_from: 2024-10-06}\n"));
    court_report(&court, "r", "junit", SUITE(BAD));
    court_judge(&court);
    is(0, "warned: 1 | enforced in 1 day | make this test pass");
    is(1, "warned:  | none of its rules holds; enforced in 2 days | make this test pass, or run 8 "
          "more tests");
    is(2, "passed: 1");
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_WARNED);
}

/* ---- what stands in for an answer ---- */

static void what_a_later_version_judges_is_no_data(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - metric.bytes <= 9\n"
                              "      - {rule: gates.adoption >= 1%, on_missing: pass}\n"));
    court_report(&court, "r", "cobertura", COVERED);
    court_judge(&court);
    is(0, "no data: no data | this version cannot judge it yet | take the rule out until a version "
          "that can judge it");
    is(1, "no data: no data | this version cannot judge it yet | take the rule out until a version "
          "that can judge it");
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
}

static void no_value_of_each_is_no_data(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - {rule: vulnerabilities == 0, each: package}\n"
                              "      - {rule: load.samples >= 1, each: label}\n"
                              "      - {rule: load.p95 < 1s, each: label}\n"
                              "      - {rule: load.p90 < 1s, each: label, on_missing: skip}\n"
                              "      - {rule: tests.failed == 0, each: suite}\n"));
    court_report(&court, "image", "trivy",
                 "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"i\",\"Class\":\"os-pkgs\"}]}");
    court_report(&court, "load", "jmeter", "timeStamp,elapsed,label,success\n");
    court_judge(&court);
    is(0, "no data: 0 | no package is listed | look at the job that writes image: it left nothing "
          "to judge");
    is(1, "no data: 0 | no label is listed | look at the job that writes load: it left nothing to "
          "judge");
    is(2, "no data: no data | no sample is listed | look at the job that writes load: it left "
          "nothing to judge");
    is(3, "not applicable: no data | no sample is listed");
    is(4, "no data: no data | no report here gives tests.failed (format: junit) | name a report "
          "that gives it under `reports:` (format: junit)");
    court_report(&court, "unit", "junit", "<testsuite>");
    court_judge(&court);
    is(4, "error: no data | unit cannot be read | repair what writes unit: look at the job that "
          "writes it: it was probably stopped");
}

static void any_without_an_answer_is_what_its_rules_are(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - any: [tests.failed == 0, coverage.lines >= 10%]\n"
                              "      - any: [load.p95 < 1s, vulnerabilities == 0]\n"
                              "        on_missing: warn\n"));
    court_missing(&court, "r", "junit", true);
    court_missing(&court, "c", "cobertura", true);
    court_judge(&court);
    is(0, "not applicable:  | none of its rules holds");
    is(1, "warned:  | none of its rules holds | name a report that gives it under `reports:` "
          "(format: jmeter), or name a report that gives it under `reports:` (format: trivy)");
    const struct ruling *ruling = &court.verdict.gates.items[0].rulings.items[0];
    assert_string_equal(ruling->details.items[0].text, "its optional reports are not there");
    court_report(&court, "c", "cobertura", "<coverage>");
    court_judge(&court);
    is(0, "error:  | none of its rules holds | repair what writes c: look at the job that writes "
          "it: it was probably stopped");
    court_report(&court, "b", "junit", SUITE(GOOD));
    court_judge(&court);
    is(0, "passed:  | holds by tests.failed == 0");
}

static void any_that_fails_shows_what_its_rules_are_worth(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - any: [tests.failed == 0, coverage.lines >= 10%]\n"));
    court_report(&court, "r", "junit", SUITE(BAD));
    court_judge(&court);
    is(0, "failed:  | none of its rules holds | make this test pass, or name a report that gives "
          "it under `reports:` (format: cobertura)");
    const struct ruling *ruling = &court.verdict.gates.items[0].rulings.items[0];
    assert_int_equal(ruling->details.count, 2);
    assert_string_equal(ruling->details.items[0].subject, "tests.failed == 0");
    assert_string_equal(ruling->details.items[0].text, "1");
    assert_int_equal(ruling->value.part, 1);
}

static void what_does_not_apply_hides_no_pass(void **state)
{
    (void)state;
    court_open(&court, "version: 1\ngates:\n"
                       "  - name: gate\n    require: [tests.failed == 0, coverage.lines >= 10%]\n"
                       "  - name: other\n    stage: deploy\n    require: [tests.failed == 0]\n");
    court_report(&court, "r", "junit", SUITE(GOOD));
    court_missing(&court, "c", "cobertura", true);
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_PASSED);
    assert_int_equal(court.verdict.gates.items[1].outcome, OUTCOME_NOT_APPLICABLE);
    assert_int_equal(court.verdict.gates.items[1].rulings.count, 0);
    assert_int_equal(court.verdict.gate_counts[OUTCOME_NOT_APPLICABLE], 0);
}

static void an_alternative_that_does_not_apply_does_not_hold(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - any: [coverage.lines >= 10%, tests.failed == 0]\n"));
    court_missing(&court, "c", "cobertura", true);
    court_report(&court, "r", "junit", SUITE(BAD));
    court_judge(&court);
    is(0, "failed:  | none of its rules holds | make this test pass");
}

/* ---- reports ---- */

static void a_broken_report_says_where_as_far_as_it_is_known(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "r", "junit", "<testsuite>");
    struct error *err = arena_new_item(court.mem, struct error);
    error_set(err, FAULT_REPORT, "cut off");
    struct input_record *record = &court.evidence.sources.items[0].inputs.items[0];
    record->error = err;
    static const struct {
        unsigned line, column;
        const char *text;
    } places[] = {
        {0, 0, "cut off"}, {7, 0, "line 7: cut off"}, {7, 2, "line 7, column 2: cut off"}};
    for (size_t i = 0; i < 3; i++) {
        err->line = places[i].line;
        err->column = places[i].column;
        court_judge(&court);
        is(0, "error: no data | r cannot be read | repair what writes r");
        const struct details *details = &court.verdict.gates.items[0].rulings.items[0].details;
        assert_string_equal(details->items[0].subject, "r");
        assert_string_equal(details->items[0].text, places[i].text);
    }
}

static void broken_outranks_missing_and_missing_outranks_part(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - issues == 0\n"));
    court_report(&court, "r", "sonarqube", ISSUES("7"));
    court.evidence.sources.items[0].part_remedy = "ask for every page";
    court_judge(&court);
    is(0, "no data: 0 | page 1 holds 0 of 7 issues | ask for every page");
    court_missing(&court, "s", "sonarqube", false);
    court_judge(&court);
    is(0, "no data: 0 | page 1 holds 0 of 7 issues | ask for every page"); /* the first is shown */
    court_missing(&court, "r", "sonarqube", false);
    court_judge(&court);
    is(0, "no data: 0 | r is not there | look at the job that should leave r (not in every build? "
          "say `optional: true`)");
    court_report(&court, "r", "sonarqube", "{");
    court_missing(&court, "r", "sonarqube", false);
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_ERROR);
    assert_string_equal(court.verdict.gates.items[0].rulings.items[0].reason, "r cannot be read");
}

static void what_is_left_out_of_an_optional_source_is_judged_without(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_missing(&court, "r", "junit", true);
    court_report(&court, "r", "junit", SUITE(GOOD)); /* a second entry of that name is there */
    court_judge(&court);
    is(0, "passed: 0");
    court_missing(&court, "s", "junit", true);
    court_judge(&court);
    is(0, "passed: 0");
}

static void what_is_optional_is_not_so_for_a_floor(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court.policy.gates.items[0].floor = true;
    court_missing(&court, "r", "junit", true);
    court_judge(&court);
    is(0, "no data: no data | r is not there | look at the job that should leave r");
    court.evidence.sources = (struct sources){0};
    court_report(&court, "r", "junit", SUITE(GOOD));
    court_judge(&court);
    is(0, "passed: 0");
    court_missing(&court, "e2e", "cobertura", true); /* read by no rule, and so by no floor */
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    court.evidence.sources.items[0].absent = "other.xml";
    court_judge(&court);
    is(0, "no data: 0 | other.xml is not there | look at the job that should leave other.xml");
}

static void a_report_is_read_by_any_rule_of_any_gate(void **state)
{
    (void)state;
    court_open(
        &court,
        "version: 1\ngates:\n  - name: a\n    require:\n      - any: [tests.total >= 1, "
        "coverage.lines >= 1%]\n  - name: b\n    warn: [tests.failed == 0, load.p95 < 1s]\n");
    court_report(&court, "r", "junit", SUITE(GOOD));
    court_missing(&court, "c", "cobertura", false);
    court_missing(&court, "l", "jmeter", false);
    court_missing(&court, "i", "trivy", true);
    court_judge(&court);
    assert_int_equal(court.verdict.reports.count, 0);
    court_report(&court, "i", "trivy", "[");
    court_judge(&court);
    assert_int_equal(court.verdict.reports.count, 1);
    assert_int_equal(court.verdict.reports.items[0].outcome, OUTCOME_ERROR);
    assert_string_equal(court.verdict.reports.items[0].reason, "i cannot be read");
    assert_int_equal(court.verdict.outcome, OUTCOME_ERROR);
}

/* ---- lists, counts and names ---- */

static void tests_without_a_name_are_named_by_what_there_is(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "r", "junit",
                 "<testsuites><testsuite name='s'><testcase><failure/></testcase>"
                 "<testcase name='n'><failure/></testcase>"
                 "<testcase classname='k'><failure/></testcase></testsuite>"
                 "<testsuite><error/></testsuite></testsuites>");
    court_judge(&court);
    const struct details *details = &court.verdict.gates.items[0].rulings.items[0].details;
    static const char *const names[] = {"s", "n", "k", "a suite without a name"};
    assert_int_equal(details->count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(details->items[i].subject, names[i]);
}

static void flaky_and_suspected_tests_are_counted_apart(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - tests.flaky == 0\n      - tests.failed == 0\n"));
    court_report(&court, "r", "junit",
                 SUITE("<testcase name='f'><flakyFailure/></testcase>"
                       "<testcase name='a'><failure/></testcase><testcase name='a'/>"));
    court_judge(&court);
    is(0, "failed: 1 | make this flaky test pass at the first try");
    is(1, "failed: 1 | make this test pass");
    assert_int_equal(court.verdict.flaky, 1);
    assert_int_equal(court.verdict.suspected, 1);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[1].details.count, 1);
    assert_int_equal(court.verdict.rule_counts[OUTCOME_FAILED], 2);
}

static void findings_of_another_family_are_not_listed(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - secrets == 0\n      - findings == 0\n"));
    court_report(&court, "i", "trivy",
                 "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"t\",\"Class\":\"os-pkgs\","
                 "\"Vulnerabilities\":[{\"VulnerabilityID\":\"CVE-1\",\"PkgName\":\"p\"}]},"
                 "{\"Target\":\"t\",\"Class\":\"secret\",\"Secrets\":[{\"Title\":\"key\"}]}]}");
    court_judge(&court);
    is(0, "failed: 1 | repair this one");
    is(1, "failed: 2 | repair these 2");
    const struct details *details = &court.verdict.gates.items[0].rulings.items[0].details;
    assert_int_equal(details->count, 1);
    assert_string_equal(details->items[0].subject, "");
    assert_string_equal(details->items[0].text, "key");
}

/* A report from before the change answers nothing, whatever it says; another one still does. */
static void a_report_older_than_the_change_is_not_judged(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - tests.failed == 0\n      - coverage.lines >= 50%\n"));
    court_report(&court, "r", "junit", SUITE(BAD));
    court_report(&court, "c", "cobertura", COVERED);
    court_source(&court, "r", "junit")->stale = "r is older than your change of a.c";
    court_judge(&court);
    is(0, "not applicable: 1 | r is older than your change of a.c");
    is(1, "passed: 100 %");
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
}

static void an_earlier_verdict_sends_to_its_job(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - 'verdict{stage=\"build\"} == passed'\n"));
    court_report(&court, "q", "qgate",
                 "{\"version\":1,\"qgate\":\"0.1.0\",\"outcome\":\"failed\",\"stage\":\"build\"}");
    court_judge(&court);
    is(0, "failed: failed | look at the job that judged that stage, and run it again");
}

static void every_outcome_has_a_name(void **state)
{
    (void)state;
    static const char *const names[] = {"passed",  "not applicable", "waived", "warned",
                                        "no data", "error",          "failed"};
    for (size_t i = 0; i < OUTCOME_COUNT; i++)
        assert_string_equal(outcome_name((enum outcome)i), names[i]);
    court_open(&court, POLICY("      - tests.failed == 0\n"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, shut)
    const struct CMUnitTest tests[] = {
        TEST(a_rule_for_some_paths_asks_for_a_change_there),
        TEST(a_branch_that_is_not_known_keeps_nothing_out),
        TEST(a_day_that_comes_tomorrow_is_one_day_off),
        TEST(what_a_later_version_judges_is_no_data),
        TEST(no_value_of_each_is_no_data),
        TEST(any_without_an_answer_is_what_its_rules_are),
        TEST(any_that_fails_shows_what_its_rules_are_worth),
        TEST(what_does_not_apply_hides_no_pass),
        TEST(an_alternative_that_does_not_apply_does_not_hold),
        TEST(a_broken_report_says_where_as_far_as_it_is_known),
        TEST(broken_outranks_missing_and_missing_outranks_part),
        TEST(what_is_left_out_of_an_optional_source_is_judged_without),
        TEST(what_is_optional_is_not_so_for_a_floor),
        TEST(a_report_is_read_by_any_rule_of_any_gate),
        TEST(tests_without_a_name_are_named_by_what_there_is),
        TEST(flaky_and_suspected_tests_are_counted_apart),
        TEST(findings_of_another_family_are_not_listed),
        TEST(a_report_older_than_the_change_is_not_judged),
        TEST(an_earlier_verdict_sends_to_its_job),
        TEST(every_outcome_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
