/* What a selector picks: labels, components, patterns, and the values that `each` ranges over. */
#include "tests/support/court.h"

#define COMPONENTS                                                       \
    "version: 1\ncomponents: {app: [src/app/**, lib/**], all: src/**}\n" \
    "gates:\n  - name: g\n    require: [tests.failed == 0]\n"
#define FILE_OF(path) \
    "<class filename='" path "'><lines><line number='1' hits='1'/></lines></class>"
#define FILES(files) \
    "<coverage><packages><package><classes>" files "</classes></package></packages></coverage>"
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HARD "(a+)+[bc]" /* takes more steps on LONG than a pattern may */
#define TOO_HARD "(the pattern \"" HARD "\" takes too many steps)"
#define ISSUES                                                                                   \
    "{\"issues\":[{\"key\":\"1\",\"rule\":\"r1\",\"severity\":\"CRITICAL\",\"type\":\"BUG\","    \
    "\"component\":\"p:src/app/a.c\",\"project\":\"p\",\"status\":\"OPEN\",\"message\":\"m\"},"  \
    "{\"key\":\"2\",\"severity\":\"MINOR\",\"type\":\"CODE_SMELL\",\"component\":\"p:doc/b.c\"," \
    "\"project\":\"p\",\"status\":\"OPEN\",\"message\":\"m\"},"                                  \
    "{\"key\":\"3\",\"severity\":\"odd\",\"status\":\"OPEN\",\"message\":\"m\"}],"               \
    "\"paging\":{\"pageIndex\":1,\"pageSize\":500,\"total\":3}}"

static struct court court;

static int open_court(void **state)
{
    (void)state;
    court_open(&court, COMPONENTS);
    return 0;
}

static int shut_court(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static void is(const char *rule, const char *expected)
{
    for (size_t i = 0; i < court.evidence.sources.count; i++)
        source_settle(&court.evidence.sources.items[i], court.mem);
    const char *says = court_value(&court, rule);
    if (strcmp(says, expected) != 0)
        fail_msg("%s: %s, not %s", rule, says, expected);
}

static void ranges(const char *rule, const char *label, const char *expected)
{
    const char *all = court_values(&court, rule, label);
    if (strcmp(all, expected) != 0)
        fail_msg("%s each %s: %s, not %s", rule, label, all, expected);
}

static void severities_are_ordered_and_unknown_stands_apart(void **state)
{
    (void)state;
    court_report(&court, "i", "sonarqube", ISSUES);
    is("issues == 0", "3");
    is("issues{severity>=\"high\"} == 0", "1");
    is("issues{severity>\"high\"} == 0", "0");
    is("issues{severity>\"medium\"} == 0", "1");
    is("issues{severity<=\"high\"} == 0", "2");
    is("issues{severity<\"high\"} == 0", "1");
    is("issues{severity<=\"info\"} == 0", "0");
    is("issues{severity=\"unknown\"} == 0", "1");
    is("issues{severity!=\"unknown\"} == 0", "2");
}

static void findings_are_picked_by_type_rule_and_path(void **state)
{
    (void)state;
    court_report(&court, "i", "sonarqube", ISSUES);
    is("issues{type=\"BUG\"} == 0", "1");
    is("issues{type=~\"B.*|CODE.*\"} == 0", "2");
    is("issues{rule=\"r1\"} == 0", "1");
    is("issues{rule=\"\"} == 0", "2");
    is("issues{path=\"src/**\"} == 0", "1");
    is("issues{path!=\"src/**\"} == 0", "2");
    is("issues{path=\"\", type=\"\"} == 0", "1");
    ranges("issues == 0", "type", ", BUG, CODE_SMELL");
    ranges("issues == 0", "path", ", doc/b.c, src/app/a.c");
    ranges("findings == 0", "rule", ", r1");
    ranges("hotspots == 0", "rule", "");
    is("hotspots == 0", "(i says nothing about hotspots)");
}

static void packages_have_targets_and_classes(void **state)
{
    (void)state;
    court_report(&court, "t", "trivy",
                 "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"t\",\"Class\":\"os-pkgs\","
                 "\"Vulnerabilities\":[{\"VulnerabilityID\":\"C\",\"PkgName\":\"p\"}]}]}");
    is("vulnerabilities{target=\"t\", class=\"os-pkgs\", package=\"p\", id=\"C\"} == 0", "1");
    is("vulnerabilities{target=\"u\"} == 0", "0");
    is("vulnerabilities{class!=\"os-pkgs\"} == 0", "0");
    ranges("vulnerabilities == 0", "target", "t");
    ranges("vulnerabilities == 0", "fixable", "no");
}

static void components_are_where_their_paths_are(void **state)
{
    (void)state;
    court_report(
        &court, "c", "cobertura",
        FILES(FILE_OF("src/app/a.c") FILE_OF("lib/b.c") FILE_OF("src/c.c") FILE_OF("d.c")));
    is("coverage.files{component=\"app\"} >= 1", "2");
    is("coverage.files{component=\"all\"} >= 1", "2");
    is("coverage.files{component=\"a*\"} >= 1", "3");
    is("coverage.files{component!=\"app\"} >= 1", "2");
    is("coverage.files{component!~\"a.*\"} >= 1", "1");
    is("coverage.files{component=~\"app|none\"} >= 1", "2");
    is("coverage.files{component=\"app\", component=\"all\"} >= 1", "1");
    ranges("coverage.files >= 1", "component", "all, app");
    ranges("coverage.files{component!=\"app\"} >= 1", "component", "all");
    court.policy.components.count = 0;
    is("coverage.files{component!=\"app\"} >= 1", "4");
    is("coverage.files{component=\"app\"} >= 1", "0");
    ranges("coverage.files >= 1", "component", "");
}

#define SCAN                                                                     \
    "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"t\",\"Class\":\"os-pkgs\"," \
    "\"Vulnerabilities\":"                                                       \
    "[{\"VulnerabilityID\":\"C\",\"PkgName\":\"p\"}]}]}"

static void what_has_no_path_lies_where_its_report_lies(void **state)
{
    (void)state;
    court_report(&court, "lib/t.xml", "junit",
                 "<testsuite name='s'><testcase name='a'/></testsuite>");
    court_report(&court, "t.xml", "junit", "<testsuite name='t'><testcase name='b'/></testsuite>");
    court_report(&court, "lib/l.csv", "jmeter", "timeStamp,elapsed,label,success\n1,7,GET,true\n");
    court_report(&court, "l.csv", "jmeter", "timeStamp,elapsed,label,success\n1,9,PUT,true\n");
    court_report(&court, "lib/q.json", "sonarqube",
                 "{\"projectStatus\":{\"status\":\"OK\",\"conditions\":[]}}");
    court_report(&court, "lib/i.json", "trivy", SCAN);
    is("tests.total{component=\"app\"} >= 1", "1");
    is("tests.total{component!=\"app\"} >= 1", "1");
    is("load.max{component=\"app\"} < 1s", "7 ms");
    is("load.max{component=\"all\"} < 1s", "(no sample is listed)");
    is("sonar.quality_gate{component=\"app\"} == OK", "OK");
    is("sonar.quality_gate{component=\"all\"} == OK",
       "(the report does not hold sonar.quality_gate)");
    is("vulnerabilities{component=\"app\"} == 0", "1");
    is("vulnerabilities{severity!=\"high\", component=\"app\"} == 0", "1");
    is("vulnerabilities{component=\"all\"} == 0", "(no report of this component is there)");
    is("vulnerabilities{component!=\"app\"} == 0", "(no report of this component is there)");
    ranges("load.max{component=\"app\"} < 1s", "label", "GET");
    ranges("tests.total{component=\"app\"} >= 1", "suite", "s");
}

static void a_report_outside_all_components_speaks_for_each(void **state)
{
    (void)state;
    court_report(&court, "i.json", "trivy", SCAN);
    is("vulnerabilities{component=\"all\"} == 0", "0");
    court.policy.components.count = 0;
    is("vulnerabilities{component=\"all\"} == 0", "0");
    court.evidence.sources.items[0].inputs.items[0].state = INPUT_MISSING;
    is("vulnerabilities{component=\"all\"} == 0", "(no report of this component is there)");
}

static void sources_are_picked_by_name_and_format(void **state)
{
    (void)state;
    court_report(&court, "a", "cobertura", FILES(FILE_OF("a.c")));
    court_report(&court, "b", "cobertura", FILES(FILE_OF("b.c")));
    is("coverage.files{report=\"a\"} >= 1", "1");
    is("coverage.files{report!=\"a\", format=\"cobertura\"} >= 1", "1");
    is("coverage.files{format=\"lcov\"} >= 1",
       "(no report here gives coverage.files (format: cobertura))");
    ranges("coverage.files >= 1", "report", "a, b");
    ranges("coverage.files{report=\"b\"} >= 1", "report", "b");
    ranges("coverage.files >= 1", "format", "cobertura");
    ranges("coverage.files{path=\"a*\"} >= 1", "path", "a.c");
}

static void one_name_is_one_report(void **state)
{
    (void)state;
    struct value value;
    court_report(&court, "a", "sonarqube", ISSUES);
    court_report(&court, "a", "trivy",
                 "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"t\",\"Class\":\"os-pkgs\"}]}");
    measure_take(&court_rule(&court, "findings == 0")->selector, &court.evidence, court.mem,
                 &value);
    assert_int_equal(value.reports.count, 1);
}

static void a_report_that_is_not_there_is_named(void **state)
{
    (void)state;
    court_missing(&court, "u", "junit", false);
    is("tests.failed == 0", "(u is not there)");
}

static void tests_range_over_suites_paths_and_names(void **state)
{
    (void)state;
    court_report(&court, "u", "junit",
                 "<testsuites><testsuite name='s' file='a.c'><testcase name='x'><failure/>"
                 "</testcase></testsuite><testsuite name='t' file='b.c'><testcase name='y'>"
                 "<failure/></testcase></testsuite></testsuites>");
    ranges("tests.failed == 0", "suite", "s, t");
    ranges("tests.failed == 0", "path", "a.c, b.c");
    ranges("tests.failed{suite=\"t\"} == 0", "path", "b.c");
    ranges("tests.failed{path=\"a.c\"} == 0", "suite", "s");
    ranges("tests.failed == 0", "name", "x, y");
    ranges("tests.failed{path=\"b.c\"} == 0", "name", "y");
    is("tests.failed{name=\"x\", path=\"b.c\"} == 0", "0");
    is("tests.failed{name=\"x\", suite=\"t\"} == 0", "0");
}

/* A pattern that takes too many steps is an error wherever it stands, and `each` leaves out
 * nothing. */
static void a_pattern_beyond_its_limit_is_an_error_everywhere(void **state)
{
    (void)state;
    court_report(&court, LONG, "junit",
                 "<testsuite name='" LONG "' file='" LONG "'><testcase name='" LONG
                 "'><failure/></testcase></testsuite>");
    court_report(&court, "c", "cobertura", FILES(FILE_OF(LONG)));
    court_report(&court, "l", "jmeter", "timeStamp,elapsed,label,success\n1,1," LONG ",true\n");
    court_report(&court, "t", "trivy",
                 "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"" LONG
                 "\",\"Class\":\"os-pkgs\",\"Vulnerabilities\":[{\"VulnerabilityID\":\"C\"}]}]}");
    is("tests.failed{report=~\"" HARD "\"} == 0", TOO_HARD);
    is("tests.failed{suite=~\"" HARD "\"} == 0", TOO_HARD);
    is("tests.failed{name=~\"" HARD "\"} == 0", TOO_HARD);
    is("tests.duration{suite=~\"" HARD "\"} <= 1s", TOO_HARD);
    is("tests.success_rate{path=~\"" HARD "\"} == 100%", TOO_HARD);
    is("coverage.lines{path=~\"" HARD "\"} >= 1%", TOO_HARD);
    is("load.p95{label=~\"" HARD "\"} < 1s", TOO_HARD);
    is("load.throughput{label=~\"" HARD "\"} >= 1/s", TOO_HARD);
    is("vulnerabilities{target=~\"" HARD "\"} == 0", TOO_HARD);
    ranges("tests.failed{suite=~\"" HARD "\"} == 0", "suite", LONG);
    ranges("tests.failed{name=~\"" HARD "\"} == 0", "name", LONG);
    ranges("coverage.lines{path=~\"" HARD "\"} >= 1%", "path", LONG);
    ranges("load.p95{label=~\"" HARD "\"} < 1s", "label", LONG);
}

static void a_component_or_label_beyond_the_limit_is_an_error(void **state)
{
    (void)state;
    static const char *globs[] = {"**"};
    struct component long_one = {.name = LONG, .globs = {globs, 1, 1}};
    struct components all = {&long_one, 1, 1};
    court.policy.components = all;
    court_report(&court, "i", "sonarqube", ISSUES);
    court_report(&court, "q", "qgate",
                 "{\"version\":1,\"qgate\":\"1\",\"outcome\":\"passed\",\"stage\":\"" LONG "\"}");
    is("issues{component=~\"" HARD "\"} == 0", TOO_HARD);
    is("verdict{stage=~\"" HARD "\"} == passed", TOO_HARD);
    ranges("issues{component=~\"" HARD "\"} == 0", "component", LONG);
}

static void what_is_in_no_report_has_no_value(void **state)
{
    (void)state;
    is("diff.lines <= 400", "(no report gives it)");
    is("dora.change_fail_rate <= 5%", "(nothing is known of deployments here)");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_court, shut_court)
    const struct CMUnitTest tests[] = {
        TEST(severities_are_ordered_and_unknown_stands_apart),
        TEST(findings_are_picked_by_type_rule_and_path),
        TEST(packages_have_targets_and_classes),
        TEST(components_are_where_their_paths_are),
        TEST(what_has_no_path_lies_where_its_report_lies),
        TEST(a_report_outside_all_components_speaks_for_each),
        TEST(sources_are_picked_by_name_and_format),
        TEST(one_name_is_one_report),
        TEST(a_report_that_is_not_there_is_named),
        TEST(tests_range_over_suites_paths_and_names),
        TEST(a_pattern_beyond_its_limit_is_an_error_everywhere),
        TEST(a_component_or_label_beyond_the_limit_is_an_error),
        TEST(what_is_in_no_report_has_no_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
