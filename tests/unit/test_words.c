/* Rules in words: every operator, function, label and key, and a sentence for every measure. */
#include "tests/support/test.h"

#include <string.h>

#include "gates/policy/policy.h"
#include "runner/command/explain.h"

/* behind the others */
#include "tests/support/pool.h"

static const char *words_of(const char *text)
{
    struct problems found;
    problems_init(&found, mem);
    const struct rule *rule = text[0] == '{'
                                  ? rule_parse_keys("rule", text, strlen(text), mem, &found)
                                  : rule_parse(text, (struct place){"rule", 1, 1}, mem, &found);
    for (size_t i = 0; i < found.count; i++)
        print_error("%s: %u: %s\n", text, found.items[i].at.column, found.items[i].what);
    assert_non_null(rule);
    return rule_words(rule, mem);
}

/* clang-format off */
static const struct {
    const char *rule, *words;
} sentences[] = {
    {"{rule: new(coverage.lines) >= 90%, min_lines: 5, max_uncovered: 2}",
     "at least 90 % of the coverable lines that this change adds or modifies are run by a test, or at most 2 are missed; below 5 such lines it is not judged"},
    {"{rule: new(coverage.branches) >= 90%, min_lines: 5, max_uncovered: 1}",
     "at least 90 % of the branches that this change adds or modifies are taken by a test, or at most 1 changed coverable line is not run by a test; below 5 changed coverable lines it is not judged"},
    {"coverage.lines >= 80%",
     "at least 80 % of the coverable lines are run by a test"},
    {"coverage.lines == 100%",
     "all of the coverable lines are run by a test"},
    {"coverage.lines != 0%",
     "more than 0 % of the coverable lines are run by a test"},
    {"delta(coverage.lines) >= 0pp",
     "the share of coverable lines that are run by a test is not lower than in the baseline"},
    {"delta(coverage.lines) >= -1pp",
     "the share of coverable lines that are run by a test is at most 1 point lower than in the baseline"},
    {"delta(coverage.branches) > 2pp",
     "the share of branches that are taken by a test is more than 2 points higher than in the baseline"},
    {"growth(tests.total{report=\"unit\"}) >= -5%",
     "the number of test cases of report unit that are reported is at most 5 % lower than in the baseline"},
    {"growth(coverage.lines_covered) >= 0%",
     "the number of coverable lines that are run by a test is not lower than in the baseline"},
    {"tests.failed == 0",
     "no test fails"},
    {"tests.failed <= 3",
     "at most 3 tests fail"},
    {"tests.failed < 1",
     "no test fails"},
    {"tests.failed < 2",
     "fewer than 2 tests fail"},
    {"tests.failed <= 1",
     "at most 1 test fails"},
    {"tests.total >= 1",
     "at least 1 test case is reported"},
    {"tests.total != 0",
     "at least 1 test case is reported"},
    {"tests.total > 0",
     "at least 1 test case is reported"},
    {"coverage.lines_valid != 5",
     "the number of lines that are coverable is not 5"},
    {"coverage.branches_valid == 5",
     "exactly 5 branches are reported"},
    {"new(tests.failed) == 0",
     "no test fails that did not do so in the baseline"},
    {"new(tests.errors) <= 2",
     "at most 2 tests end in an error that did not do so in the baseline"},
    {"delta(tests.skipped) <= 0",
     "the number of tests that are skipped is not higher than in the baseline"},
    {"delta(tests.duration) <= 10s",
     "the time that all test cases took together is at most 10 s higher than in the baseline"},
    {"tests.duration <= 90s",
     "the time that all test cases took together is at most 90 s"},
    {"tests.duration < 1.5h",
     "the time that all test cases took together is less than 90 min"},
    {"tests.success_rate >= 99.5%",
     "at least 99.5 % of the executed tests pass"},
    {"delta(tests.success_rate) >= 0pp",
     "the share of executed tests that pass is not lower than in the baseline"},
    {"vulnerabilities.critical == 0",
     "no known vulnerability of severity critical is found"},
    {"new(vulnerabilities{severity>=\"high\", fixable=\"yes\"}) == 0",
     "no known vulnerability of severity high or higher and with a fix is found that came with this change"},
    {"new(vulnerabilities{class=\"lang-pkgs\", severity=~\"high|critical\"}) == 0",
     "no known vulnerability of class lang-pkgs and of severity high or critical is found that came with this change"},
    {"vulnerabilities{severity!~\"low|info\", package!=\"zlib\", fixable=\"no\"} <= 4",
     "at most 4 known vulnerabilities of a severity other than low or info and in a package other than zlib and without a fix are found"},
    {"licenses{severity=~\"(high|critical)\"} == 0",
     "no package of severity high or critical has a license that is objected to"},
    {"misconfigurations{severity<\"high\", id=~\"KSV-.*\"} <= 10",
     "at most 10 misconfigurations of a severity below high and with an id that matches the pattern KSV-.* are found"},
    {"secrets == 0",
     "no secret is found"},
    {"new(findings{path=\"services/**\", rule!=\"x\"}) == 0",
     "no problem in a file that matches services/** and of a rule other than x is reported that the baseline does not have"},
    {"issues{type=\"BUG\", path!=\"a b.c\"} <= 1",
     "at most 1 open issue of type BUG and in a file other than \"a b.c\" is listed by SonarQube"},
    {"hotspots{probability=\"high\"} == 0",
     "no security hotspot of probability high waits for a review"},
    {"sonar.quality_gate == OK",
     "the state of SonarQube's own quality gate is OK"},
    {"sonar.quality_gate != ERROR",
     "the state of SonarQube's own quality gate is not ERROR"},
    {"sonar.reliability <= B",
     "SonarQube's reliability rating is B or better"},
    {"sonar.security_rating == A",
     "the rating by the worst vulnerability is A"},
    {"sonar.security_rating < C",
     "the rating by the worst vulnerability is better than C"},
    {"sonar.security_rating != E",
     "the rating by the worst vulnerability is better than E"},
    {"sonar.new_bugs == 0",
     "the number of bugs, in new code, is 0"},
    {"sonar.sqale_index <= 2h",
     "the technical debt is at most 2 h"},
    {"sonar.coverage >= 60%",
     "the share of lines and conditions that tests cover is at least 60 %"},
    {"sonar.ncloc < 100000",
     "the number of lines of code, without blank lines and comments, is less than 100000"},
    {"sonar.comment_lines_density != 5%",
     "the share of comment lines is not 5 %"},
    {"sonar.function_complexity <= 3.5",
     "the cyclomatic complexity of a function, on average, is at most 3.5"},
    {"sonar.our_metric <= 7",
     "SonarQube's metric our_metric is at most 7"},
    {"delta(sonar.our_metric) <= -7",
     "SonarQube's metric our_metric is at least 7 lower than in the baseline"},
    {"load.p95{label=\"POST /transfer\"} < 300ms",
     "the response time that 95 % of the requests with the label \"POST /transfer\" do not exceed is less than 300 ms"},
    {"load.p99.9 <= 2s",
     "the response time that 99.9 % of the requests do not exceed is at most 2 s"},
    {"load.error_rate < 1%",
     "less than 1 % of the requests fail"},
    {"load.error_rate == 0%",
     "none of the requests fail"},
    {"load.throughput >= 50/s",
     "the rate of requests is at least 50 per second"},
    {"load.duration >= 10min",
     "the time from the first to the last request is at least 10 min"},
    {"load.apdex >= 0.9",
     "the share of requests that satisfy their users, tolerated ones counted half, is at least 0.9"},
    {"load.apdex{label=\"x\"} >= 0.9",
     "the share of requests with the label x that satisfy their users, tolerated ones counted half, is at least 0.9"},
    {"load.samples >= 20000",
     "at least 20000 requests are made by the load test"},
    {"growth(load.median) <= 10%",
     "the response time that half of the requests do not exceed is at most 10 % higher than in the baseline"},
    {"verdict{stage=\"build\"} == passed",
     "the verdict of stage build is passed"},
    {"{rule: load.p95 < 800ms, each: label, tolerance: 50ms}",
     "for every label: the response time that 95 % of the requests do not exceed is less than 800 ms; with the tolerance, less than 850 ms still holds"},
    {"{rule: coverage.lines >= 80%, tolerance: 2%, when: {branch: [main, \"release/*\"], changes: src/**}, enforce_from: 2027-03-01, on_missing: skip}",
     "at least 80 % of the coverable lines are run by a test; with the tolerance, at least 78 % still holds; it applies to the branch main or release/* only; it applies only when the change touches src/**; before 2027-03-01 a failure is a warning; without data it does not apply"},
    {"{rule: delta(coverage.lines) >= 0pp, tolerance: 1pp, on_no_baseline: fail}",
     "the share of coverable lines that are run by a test is not lower than in the baseline; up to 1 point beside that still holds; without a baseline it fails"},
    {"{any: [coverage.branches >= 70%, {rule: delta(coverage.branches) >= 0pp}], each: component}",
     "for every component: one of these holds: (1) at least 70 % of the branches are taken by a test, or (2) the share of branches that are taken by a test is not lower than in the baseline"},
    {"{any: [new(coverage.lines) >= 70%, coverage.lines >= 80%], min_lines: 3, on_missing: warn}",
     "one of these holds: (1) at least 70 % of the coverable lines that this change adds or modifies are run by a test, or (2) at least 80 % of the coverable lines are run by a test; below 3 changed coverable lines it is not judged; without data it is a warning"},
    {"coverage.lines{component=\"ledger\"} >= 95%",
     "at least 95 % of the coverable lines of component ledger are run by a test"},
    {"coverage.lines{path=~\"src/.*\"} >= 95%",
     "at least 95 % of the coverable lines in a file that matches the pattern src/.* are run by a test"},
    {"tests.failed{suite=\"a b\", name!~\"slow.*\"} == 0",
     "no test of suite \"a b\" and with a name that does not match the pattern slow.* fails"},
    {"vulnerabilities.fixable == 0",
     "no known vulnerability with a fix is found"},
    {"tests.flaky == 0",
     "no test passes only when run again"},
    {"tests.suites >= 3",
     "at least 3 test suites are reported"},
    {"tests.passed > 10",
     "more than 10 tests pass"},
    {"coverage.files >= 12",
     "at least 12 source files are in the coverage reports"},
    {"load.errors <= 1",
     "at most 1 request fails"},
    {"load.mean < 1s",
     "the mean response time of requests is less than 1 s"},
    {"load.min <= 5ms",
     "the shortest response time of requests is at most 5 ms"},
    {"load.max <= 1500ms",
     "the longest response time of requests is at most 1500 ms"},
    {"sonar.security <= C",
     "SonarQube's security rating is C or better"},
    {"sonar.maintainability == A",
     "SonarQube's maintainability rating is A"},
    {"coverage.lines_covered >= 1",
     "at least 1 coverable line is run by a test"},
    {"coverage.branches_covered >= 20",
     "at least 20 branches are taken by a test"},
    {"tests.failures == 0",
     "no test fails an assertion"},
    {"delta(load.p95) < -20ms",
     "the response time that 95 % of the requests do not exceed is more than 20 ms lower than in the baseline"},
    {"delta(load.error_rate) <= 0.5pp",
     "the share of requests that fail is at most 0.5 points higher than in the baseline"},
    {"growth(load.throughput) > -10%",
     "the rate of requests is less than 10 % lower than in the baseline"},
    {"delta(sonar.our_metric) == 0",
     "SonarQube's metric our_metric is the same as in the baseline"},
    {"delta(sonar.our_metric) != 3",
     "SonarQube's metric our_metric is not exactly 3 higher than in the baseline"},
    {"delta(sonar.our_metric) != 0",
     "SonarQube's metric our_metric is not the same as in the baseline"},
    {"tests.failed{format=\"junit\", report=~\"unit|e2e\"} == 0",
     "no test of format junit and of report unit or e2e fails"},
    {"vulnerabilities{severity<=\"low\", fixable!=\"yes\", target!~\"debian.*\"} == 0",
     "no known vulnerability of severity low or lower and with a value of fixable other than yes and in a target that does not match the pattern debian.* is found"},
    {"vulnerabilities{severity>\"medium\"} == 0",
     "no known vulnerability of a severity above medium is found"},
    {"coverage.lines{path!=\"src/gen/**\"} >= 95%",
     "at least 95 % of the coverable lines in a file that does not match src/gen/** are run by a test"},
    {"load.error_rate != 100%",
     "less than 100 % of the requests fail"},
    {"load.error_rate <= 0",
     "none of the requests fail"},
    {"coverage.lines == 100%",
     "all of the coverable lines are run by a test"},
    {"tests.failed <= 0",
     "no test fails"},
    {"load.p95 <= 0",
     "the response time that 95 % of the requests do not exceed is at most 0 ms"},
    {"sonar.security <= A",
     "SonarQube's security rating is A"},
    {"metric.bundle_bytes{chunk=\"main\"} <= 350000",
     "the metric bundle_bytes with chunk main is at most 350000"},
    {"metric.bundle_bytes{chunk!=\"main\"} <= 350000",
     "the metric bundle_bytes with a value of chunk other than main is at most 350000"},
    {"dora.deployment_frequency >= 3/w", "the rate of deployments is at least 3 per week"},
    {"dora.deployment_frequency >= 2/d",
     "the rate of deployments is at least 2 per day"},
    {"dora.change_fail_rate{service=\"fee\", window=\"90d\"} <= 15%",
     "at most 15 % of the deployments of service fee and within 90d fail"},
    {"dora.lead_time.p75{team=\"pay\", environment!=\"staging\"} <= 2d",
     "the time from commit to production that three of four changes of team pay and in an environment other than staging do not exceed is at most 48 h"},
    {"incidents.open{urgency=\"high\", priority=~\"P1|P2\", origin!=\"x\"} == 0",
     "no incident of urgency high and of priority P1 or P2 and from an origin other than x is open"},
    {"tests.failed{suite=\"\"} == 0",
     "no test of suite \"\" fails"},
    {"issues{type=~\"(BUG|CODE_SMELL|VULNERABILITY)\", rule=~\"\"} == 0",
     "no open issue of type BUG, CODE_SMELL or VULNERABILITY and of a rule that matches the pattern \"\" is listed by SonarQube"},
    {"{rule: growth(load.p95) <= 10%, tolerance: 2%, when: {branch: [a, b, c]}}",
     "the response time that 95 % of the requests do not exceed is at most 10 % higher than in the baseline; up to 2 % beside that still holds; it applies to the branch a, b or c only"},
    {"{rule: tests.total > 10, tolerance: 2}",
     "more than 10 test cases are reported; with the tolerance, more than 8 still holds"},
    {"{any: [new(coverage.lines) >= 90%, tests.failed == 0], max_uncovered: 3}",
     "one of these holds: (1) at least 90 % of the coverable lines that this change adds or modifies are run by a test, or (2) no test fails, or at most 3 changed coverable lines are not run by a test"},
    {"tests.failed{component!=\"l*\"} == 0",
     "no test of a component that does not match l* fails"},
    {"{rule: tests.failed == 0, each: report, on_missing: pass}",
     "for every report: no test fails; without data it passes"},
    {"{rule: new(coverage.lines) >= 90%, max_uncovered: 1, on_no_baseline: pass}",
     "at least 90 % of the coverable lines that this change adds or modifies are run by a test, or at most 1 is missed; without a baseline it passes"},
};
/* clang-format on */

static void rules_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        assert_string_equal(words_of(sentences[i].rule), sentences[i].words);
}

/* No marker of a phrase is left over, nothing is empty. */
static void assert_sentence(const char *rule)
{
    const char *words = words_of(rule);
    if (strpbrk(words, "|@*") != NULL || strstr(words, "  ") != NULL || words[0] == ' ' ||
        strlen(words) < 12 || words[strlen(words) - 1] == '.' || strstr(words, "how many") != NULL)
        fail_msg("%s: %s", rule, words);
}

static void a_sentence_for_every_measure(void **state)
{
    (void)state;
    const struct measure *const tables[] = {catalogue, sonar_metrics};
    for (size_t t = 0; t < 2; t++)
        for (const struct measure *m = tables[t]; m->id != NULL; m++) {
            assert_sentence(explain_example(m, NULL, FUNCTION_NONE, mem));
            for (enum function f = FUNCTION_NEW; f <= FUNCTION_GROWTH; f++)
                if (explain_example(m, NULL, f, mem) != NULL)
                    assert_sentence(explain_example(m, NULL, f, mem));
        }
}

static void a_function_only_where_it_means_something(void **state)
{
    (void)state;
    assert_null(explain_example(catalogue_find("sonar.quality_gate"), NULL, FUNCTION_NEW, mem));
    assert_null(explain_example(catalogue_find("load.p95"), NULL, FUNCTION_NEW, mem));
    assert_string_equal(
        explain_example(catalogue_find("load.p95"), "load.p99.9", FUNCTION_GROWTH, mem),
        "growth(load.p99.9) <= 10%");
    assert_string_equal(explain_example(catalogue_find("coverage.lines"), NULL, FUNCTION_NEW, mem),
                        "new(coverage.lines) >= 90%");
}

static void shorthands_are_measures(void **state)
{
    (void)state;
    struct selector selector;
    assert_true(selector_named("vulnerabilities.critical", mem, &selector));
    assert_string_equal(selector.measure->id, "vulnerabilities");
    assert_int_equal(selector.labels.count, 1);
    assert_true(selector_named("load.p99.9", mem, &selector));
    assert_false(selector_named("coverage.critical", mem, &selector));
    assert_false(selector_named("", mem, &selector));
}

static void keys_are_read_as_in_a_policy(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "[]",
                                        "{rule: x}",
                                        "{rule: tests.failed == 0, min_lines: 5}",
                                        "{rle: tests.failed == 0}",
                                        "{rule: tests.failed == 0, why: }",
                                        "{any: []}",
                                        "{}"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct problems found;
        problems_init(&found, mem);
        assert_null(rule_parse_keys("rule", wrong[i], strlen(wrong[i]), mem, &found));
        assert_true(found.count > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_in_words),
        cmocka_unit_test(a_sentence_for_every_measure),
        cmocka_unit_test(a_function_only_where_it_means_something),
        cmocka_unit_test(shorthands_are_measures),
        cmocka_unit_test(keys_are_read_as_in_a_policy),
    };
    return cmocka_run_group_tests_name("words", tests, open_pool, close_pool);
}
