/* Measures: exact values, unions over sources, and what is no data. */
#include "tests/support/court.h"

#define HEADER "timeStamp,elapsed,label,success\n"
#define FILE_LINES(path, lines)                                                      \
    "<coverage><packages><package><classes><class filename='" path "'><lines>" lines \
    "</lines></class></classes></package></packages></coverage>"

static struct court court;

static int open_court(void **state)
{
    (void)state;
    court_open(&court, "version: 1\ngates:\n  - name: g\n    require: [tests.failed == 0]\n");
    return 0;
}

static int shut_court(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static void settle(void)
{
    for (size_t i = 0; i < court.evidence.sources.count; i++)
        source_settle(&court.evidence.sources.items[i], court.mem);
}

/* The value of the left side of a rule, as text; the reason in brackets when there is none. */
static const char *value_of(const char *rule_text)
{
    struct problems found;
    problems_init(&found, court.mem);
    struct rule *rule = rule_parse(rule_text, (struct place){"test", 1, 1}, court.mem, &found);
    if (rule == NULL)
        fail_msg("%s: %s", rule_text, found.items[0].what);
    struct value value;
    measure_take(&rule->selector, &court.evidence, court.mem, &value);
    if (value.kind == VALUE_NONE || value.kind == VALUE_ERROR)
        return arena_printf(court.mem, "(%s)", value.why);
    return value_text(&value, rule->selector.measure, NULL, court.mem);
}

static void percentiles_are_the_nearest_rank(void **state)
{
    (void)state;
    court_report(&court, "load", "jmeter",
                 HEADER "1000,10,a,true\n1010,20,a,true\n1030,30,a,true\n1060,40,a,false\n");
    settle();
    assert_string_equal(value_of("load.median < 1s"), "20 ms");
    assert_string_equal(value_of("load.p75 < 1s"), "30 ms");
    assert_string_equal(value_of("load.p75.001 < 1s"), "40 ms");
    assert_string_equal(value_of("load.p100 < 1s"), "40 ms");
    assert_string_equal(value_of("load.p0.001 < 1s"), "10 ms");
    assert_string_equal(value_of("load.mean < 1s"), "25 ms");
    assert_string_equal(value_of("load.error_rate < 1%"), "25 %");
    assert_string_equal(value_of("load.duration >= 1s"), "0.1 s");
    assert_string_equal(value_of("load.throughput >= 1/s"), "40/s");
    assert_string_equal(value_of("load.p95{label=\"b\"} < 1s"), "(no sample is listed)");
}

static void other_percentile_methods_interpolate(void **state)
{
    (void)state;
    court_report(&court, "load", "jmeter",
                 HEADER "1000,10,a,true\n1010,20,a,true\n1030,30,a,true\n1060,40,a,true\n");
    settle();
    struct load *load = &court.evidence.sources.items[0].load;
    load->percentiles = PERCENTILES_LINEAR; /* position 0.9 * 3 = 2.7 */
    assert_string_equal(value_of("load.p90 < 1s"), "37 ms");
    load->percentiles = PERCENTILES_JMETER; /* position 0.9 * 5 = 4.5, beyond the last */
    assert_string_equal(value_of("load.p90 < 1s"), "40 ms");
    assert_string_equal(value_of("load.median < 1s"), "25 ms");
    assert_string_equal(value_of("load.p10 < 1s"), "10 ms");
}

static void apdex_halves_what_is_tolerated_and_drops_failures(void **state)
{
    (void)state;
    court_report(&court, "load", "jmeter",
                 HEADER "1000,500,a,true\n1000,501,a,true\n1000,1501,a,true\n1000,1,a,false\n");
    settle();
    assert_string_equal(value_of("load.apdex >= 0.9"), "0.4");
}

static void two_reports_of_one_file_are_a_union(void **state)
{
    (void)state;
    court_report(&court, "a", "cobertura",
                 FILE_LINES("x.c", "<line number='1' hits='0'/><line number='2' hits='0'/>"));
    court_report(&court, "b", "cobertura",
                 FILE_LINES("x.c", "<line number='1' hits='3'/><line number='900' hits='0'/>"));
    settle();
    assert_string_equal(value_of("coverage.lines_valid >= 1"), "3");
    assert_string_equal(value_of("coverage.lines_covered >= 1"), "1");
    assert_string_equal(value_of("coverage.files >= 1"), "1");
    assert_string_equal(value_of("coverage.lines{report=\"a\"} >= 1%"), "0 %");
    assert_string_equal(value_of("coverage.lines{path=\"y/**\"} >= 1%"),
                        "(no source file is listed)");
    assert_string_equal(value_of("coverage.branches >= 1%"), "(no line with branches is listed)");
}

static void shards_of_one_source_merge_in_any_order(void **state)
{
    (void)state;
    court_report(&court, "a", "cobertura",
                 FILE_LINES("x.c", "<line number='1' hits='1' condition-coverage='50% (1/2)'/>"));
    court_report(&court, "a", "cobertura",
                 FILE_LINES("x.c", "<line number='1' hits='0' condition-coverage='0% (0/4)'/>"));
    settle();
    assert_string_equal(value_of("coverage.branches_covered >= 1"), "1");
    assert_string_equal(value_of("coverage.branches_valid >= 1"), "4");
}

static void tests_are_counted_by_suite_and_name(void **state)
{
    (void)state;
    court_report(&court, "unit", "junit",
                 "<testsuites><testsuite name='s'><testcase name='a'/><testcase name='b'>"
                 "<failure/></testcase></testsuite><testsuite name='t'><testcase name='c'>"
                 "<skipped/></testcase></testsuite></testsuites>");
    settle();
    assert_string_equal(value_of("tests.total{suite=\"s\"} >= 1"), "2");
    assert_string_equal(value_of("tests.failed{suite=\"t\"} == 0"), "0");
    assert_string_equal(value_of("tests.failed{name=\"b\"} == 0"), "1");
    assert_string_equal(value_of("tests.failed{name=\"a\"} == 0"), "0");
    assert_string_equal(value_of("tests.failed{suite=\"u\"} == 0"), "(no test is listed)");
    assert_string_equal(value_of("tests.success_rate{suite=\"t\"} >= 1%"),
                        "(every test was skipped)");
    assert_string_equal(value_of("tests.success_rate >= 1%"), "50 %");
    assert_string_equal(value_of("tests.total{suite=~\"s|t\"} >= 1"), "3");
    assert_string_equal(value_of("tests.total{suite!=\"s\"} >= 1"), "1");
}

static void two_facts_that_contradict_are_an_error(void **state)
{
    (void)state;
    court_report(&court, "a", "sonarqube",
                 "{\"projectStatus\":{\"status\":\"OK\",\"conditions\":[]}}");
    court_report(&court, "b", "sonarqube",
                 "{\"projectStatus\":{\"status\":\"ERROR\",\"conditions\":[]}}");
    settle();
    assert_string_equal(value_of("sonar.quality_gate == OK"),
                        "(two reports give different values: name one with {report=\"…\"})");
    assert_string_equal(value_of("sonar.quality_gate{report=\"b\"} == OK"), "ERROR");
    assert_string_equal(value_of("sonar.ncloc{report=\"b\"} >= 1"),
                        "(the report does not hold sonar.ncloc)");
}

#define IMAGE(class, list) \
    "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"i\",\"Class\":\"" class "\"," list "}]}"

static void findings_are_counted_by_label(void **state)
{
    (void)state;
    court_report(
        &court, "image", "trivy",
        IMAGE("os-pkgs",
              "\"Vulnerabilities\":["
              "{\"VulnerabilityID\":\"CVE-1\",\"PkgName\":\"zlib\",\"Severity\":\"CRITICAL\"},"
              "{\"VulnerabilityID\":\"CVE-2\",\"PkgName\":\"openssl\",\"FixedVersion\":\"3\","
              "\"Severity\":\"HIGH\"},"
              "{\"VulnerabilityID\":\"CVE-3\",\"PkgName\":\"x\",\"Severity\":\"UNKNOWN\"}]"));
    settle();
    assert_string_equal(value_of("vulnerabilities == 0"), "3");
    assert_string_equal(value_of("vulnerabilities.critical == 0"), "1");
    assert_string_equal(value_of("vulnerabilities.fixable == 0"), "1");
    assert_string_equal(value_of("vulnerabilities{severity>=\"high\"} == 0"), "2");
    assert_string_equal(value_of("vulnerabilities{severity<\"high\"} == 0"), "0");
    assert_string_equal(value_of("vulnerabilities{severity=\"unknown\"} == 0"), "1");
    assert_string_equal(value_of("vulnerabilities{severity=\"critical\", fixable=\"no\"} == 0"),
                        "1");
    assert_string_equal(value_of("vulnerabilities{package=~\"z.*|x\"} == 0"), "2");
    assert_string_equal(value_of("findings == 0"), "3");
    assert_string_equal(value_of("misconfigurations == 0"),
                        "(image says nothing about misconfigurations)");
}

static void nothing_scanned_is_no_data(void **state)
{
    (void)state;
    court_report(&court, "image", "trivy", "{\"SchemaVersion\":2,\"ArtifactName\":\"i\"}");
    settle();
    assert_string_equal(value_of("vulnerabilities == 0"),
                        "(image says nothing about vulnerabilities)");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_court, shut_court)
    const struct CMUnitTest tests[] = {
        TEST(percentiles_are_the_nearest_rank),
        TEST(other_percentile_methods_interpolate),
        TEST(apdex_halves_what_is_tolerated_and_drops_failures),
        TEST(two_reports_of_one_file_are_a_union),
        TEST(shards_of_one_source_merge_in_any_order),
        TEST(tests_are_counted_by_suite_and_name),
        TEST(two_facts_that_contradict_are_an_error),
        TEST(findings_are_counted_by_label),
        TEST(nothing_scanned_is_no_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
