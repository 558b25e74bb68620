/* Measures: exact values, unions over sources, and what is no data. */
#include <stdlib.h>

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

static const char *value_of(const char *rule)
{
    return court_value(&court, rule);
}

/* Whoever plants a second file of a name must not choose what is counted. */
static void a_path_that_may_be_two_files_answers_only_where_it_makes_no_difference(void **state)
{
    (void)state;
    const char *torn = "(pay/fee.c of the report may be other/pay/fee.c or src/pay/fee.c: say "
                       "which in `paths.map`)";
    court_report(&court, "a", "cobertura", FILE_LINES("pay/fee.c", "<line number='1' hits='0'/>"));
    struct covered_file *file = &court_source(&court, "a", "cobertura")->coverage.files.items[0];
    array_push(court.mem, &file->candidates, "other/pay/fee.c");
    array_push(court.mem, &file->candidates, "src/pay/fee.c");
    settle();
    assert_string_equal(value_of("coverage.lines >= 1%"), "0 %");
    assert_string_equal(value_of("coverage.lines{path=\"**/pay/*\"} >= 1%"), "0 %");
    assert_string_equal(value_of("coverage.lines{path!=\"x/**\"} >= 1%"), "0 %");
    assert_string_equal(value_of("coverage.lines{path=\"x/**\"} >= 1%"),
                        "(no source file is listed)");
    assert_string_equal(value_of("coverage.lines{path=\"src/**\"} >= 1%"), torn);
    assert_string_equal(value_of("coverage.lines_valid{path!=\"src/**\"} >= 1"), torn);
    file->maybe_ignored = true;
    assert_string_equal(value_of("coverage.lines >= 1%"), torn);
    file->maybe_ignored = false;
    while (file->candidates.count < MOST_CANDIDATES)
        array_push(court.mem, &file->candidates, "a/pay/fee.c");
    assert_string_equal(value_of("coverage.lines >= 1%"), "0 %");
    assert_string_equal(value_of("coverage.lines{path=\"**/pay/*\"} >= 1%"), torn);
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

static void transactions_count_as_the_entry_says(void **state)
{
    (void)state;
    court_report(&court, "load", "jmeter", HEADER "1000,10,a,true\n1010,20,b,true\n");
    settle();
    struct load *load = &court.evidence.sources.items[0].load;
    load->labels.items[1].transaction = true;
    assert_string_equal(value_of("load.samples >= 1"), "1");
    load->labels.items[1].alone = true;
    assert_string_equal(value_of("load.samples >= 1"), "2");
    load->labels.items[1].alone = false;
    load->transactions = TRANSACTIONS_INCLUDE;
    assert_string_equal(value_of("load.samples >= 1"), "2");
    load->transactions = TRANSACTIONS_ONLY;
    assert_string_equal(value_of("load.max < 1s"), "20 ms");
    load->transactions = TRANSACTIONS_EXCLUDE;
    load->labels.items[0].transaction = true; /* nothing else is listed */
    assert_string_equal(value_of("load.samples >= 1"), "2");
}

static void times_that_are_not_known_are_no_data(void **state)
{
    (void)state;
    court_report(&court, "load", "jmeter", HEADER "1000,0,a,true\n1000,0,b,true\n");
    settle();
    assert_string_equal(value_of("load.duration >= 1s"), "0 s");
    assert_string_equal(value_of("load.throughput >= 1/s"), "(all samples stand at one moment)");
    court.evidence.sources.items[0].load.labels.items[1].timed = false;
    assert_string_equal(value_of("load.duration >= 1s"),
                        "(the report has no time stamps that can be read)");
    court.evidence.sources.items[0].load.labels.items[0].timed = false;
    assert_string_equal(value_of("load.throughput >= 1/s"),
                        "(the report has no time stamps that can be read)");
}

static void sums_beyond_all_reason_are_an_error(void **state)
{
    (void)state;
    static const char too_large[] =
        "(the samples or their times add up to more than can be counted)";
    court_report(&court, "load", "jmeter", HEADER "1000,10,a,true\n1000,10,b,true\n");
    settle();
    struct load *load = &court.evidence.sources.items[0].load;
    struct histogram *a = &load->labels.items[0].passed, *b = &load->labels.items[1].passed;
    a->sum_ms = b->sum_ms = INT64_MAX;
    assert_string_equal(value_of("load.mean < 1s"), too_large);
    a->sum_ms = b->sum_ms = UINT64_MAX;
    assert_string_equal(value_of("load.mean < 1s"), too_large);
    a->sum_ms = b->sum_ms = 10;
    a->count = b->count = INT64_MAX;
    assert_string_equal(value_of("load.samples >= 1"), too_large);
    assert_string_equal(value_of("load.p95 < 1s"),
                        "(the response times add up to more than can be counted)");
    a->count = UINT64_MAX;
    assert_string_equal(value_of("load.samples >= 1"), too_large);
}

static void percentiles_of_two_methods_are_an_error(void **state)
{
    (void)state;
    court_report(&court, "a", "jmeter", HEADER "1000,10,a,true\n1010,20,b,true\n");
    court_report(&court, "b", "jmeter", HEADER "1000,30,a,true\n");
    settle();
    court.evidence.sources.items[1].load.percentiles = PERCENTILES_LINEAR;
    assert_string_equal(value_of("load.p95 < 1s"),
                        "(the reports ask for different percentiles: name one with "
                        "{report=\"…\"})");
    assert_string_equal(value_of("load.max < 1s"), "30 ms");
    assert_string_equal(value_of("load.p95{report=\"b\"} < 1s"), "30 ms");
}

static void a_mean_of_enormous_times_is_near_enough(void **state)
{
    (void)state;
    court_report(&court, "load", "jmeter", HEADER "1000,10,a,true\n1010,20,a,true\n");
    settle();
    struct load *load = &court.evidence.sources.items[0].load;
    load->percentiles = PERCENTILES_LINEAR;
    struct histogram *h = &load->labels.items[0].passed;
    uint64_t pages = 0;
    struct error err = {0};
    *h = (struct histogram){0};
    assert_true(histogram_add(h, court.mem, &pages, INT64_MAX / 4, 1, 1, &err));
    assert_true(histogram_add(h, court.mem, &pages, INT64_MAX / 2, 1, 1, &err));
    assert_string_not_equal(value_of("load.p90 < 1s"), "");
}

static void suites_that_broke_count_beside_the_tests(void **state)
{
    (void)state;
    court_report(&court, "unit", "junit",
                 "<testsuites><testsuite name='s'><failure/><testcase name='a'/></testsuite>"
                 "<testsuite name='t'><error/><testcase name='b'><error/></testcase>"
                 "<testcase name='c'><failure/></testcase><testcase name='c'/>"
                 "<testcase name='f'><flakyFailure/></testcase></testsuite></testsuites>");
    settle();
    assert_string_equal(value_of("tests.failed == 0"), "4");
    assert_string_equal(value_of("tests.failures == 0"), "2");
    assert_string_equal(value_of("tests.errors == 0"), "2");
    assert_string_equal(value_of("tests.failed{name=\"\"} == 0"), "2");
    assert_string_equal(value_of("tests.errors{name=\"b\"} == 0"), "1");
    assert_string_equal(value_of("tests.failures{name=\"c\"} == 0"), "1");
    assert_string_equal(value_of("tests.flaky{name=\"f\"} == 0"), "1");
    assert_string_equal(value_of("tests.failed{name=\"a\", suite=\"s\"} == 0"), "0");
    assert_string_equal(value_of("tests.failed{name=\"b\", suite=\"s\"} == 0"), "0");
    assert_string_equal(value_of("tests.total >= 1"), "5");
    assert_string_equal(value_of("tests.passed >= 1"), "3");
    assert_string_equal(value_of("tests.suites >= 1"), "2");
    assert_string_equal(value_of("tests.skipped == 0"), "0");
}

static void reruns_that_a_writer_hides_are_no_data(void **state)
{
    (void)state;
    court_report(&court, "unit", "junit", "<testsuite><testcase name='a'/></testsuite>");
    settle();
    court.evidence.sources.items[0].tests.flaky_unknown = true;
    assert_string_equal(value_of("tests.flaky == 0"),
                        "(the writer of this report does not show reruns)");
    assert_string_equal(value_of("tests.failed == 0"), "0");
    court.evidence.sources.items[0].tests.groups.count = 0;
    assert_string_equal(value_of("tests.failed{name=\"a\"} == 0"), "(no test is listed)");
}

static struct fact *fact(size_t source, const char *id, const char *word, int64_t number)
{
    struct fact *fact = array_add(court.mem, &court.evidence.sources.items[source].facts);
    *fact = (struct fact){.id = id, .word = word, .number = number_of(number), .note = ""};
    return fact;
}

static void the_worse_of_two_modes_is_the_rating(void **state)
{
    (void)state;
    static const char rating[] = "sonar.reliability <= B";
    court_report(&court, "s", "sonarqube", "{\"projectStatus\":{\"status\":\"OK\"}}");
    court_report(&court, "t", "sonarqube", "{\"projectStatus\":{\"status\":\"OK\"}}");
    assert_string_equal(value_of(rating), "(the report does not hold sonar.reliability)");
    fact(0, "sonar.reliability_rating", NULL, 2);
    assert_string_equal(value_of(rating), "B");
    fact(0, "sonar.software_quality_reliability_rating", NULL, 4);
    assert_string_equal(value_of(rating), "D");
    fact(1, "sonar.reliability_rating", NULL, 2);
    assert_string_equal(value_of("sonar.quality_gate == OK"), "OK");
    assert_string_equal(value_of("sonar.reliability_rating <= B"), "B");
    fact(1, "sonar.reliability_rating", NULL, 7);
    assert_string_equal(value_of("sonar.reliability_rating <= B"),
                        "(two reports give different values: name one with {report=\"…\"})");
    fact(0, "sonar.ncloc", "many", 0);
    assert_string_equal(value_of("sonar.ncloc >= 1"), "many");
    fact(1, "sonar.ncloc", NULL, 7);
    assert_string_equal(value_of("sonar.ncloc >= 1"),
                        "(two reports give different values: name one with {report=\"…\"})");
}

static void a_fact_is_picked_by_its_labels(void **state)
{
    (void)state;
#define VERDICT(outcome, stage) \
    "{\"version\":1,\"qgate\":\"1\",\"outcome\":\"" outcome "\",\"stage\":\"" stage "\"}"
    court_report(&court, "a", "qgate", VERDICT("passed", "build"));
    court_report(&court, "b", "qgate", VERDICT("failed", "deploy"));
    settle();
    assert_string_equal(value_of("verdict{stage=\"build\"} == passed"), "passed");
    assert_string_equal(value_of("verdict{stage=\"deploy\"} == passed"), "failed");
    assert_string_equal(value_of("verdict{stage=\"x\"} == passed"),
                        "(the report does not hold verdict)");
    assert_string_equal(value_of("verdict{report=\"b\"} == passed"), "failed");
    court.evidence.sources.items[1].facts.items[0].labels.items[0].name = "other";
    assert_string_equal(value_of("verdict{stage=\"\"} == passed"), "failed");
    assert_string_equal(value_of("verdict{stage=~\".*\"} == passed"),
                        "(two reports give different values: name one with {report=\"…\"})");
}

/* Lines 512 apart, so many, from the page `first` on. */
static const char *far_apart(unsigned first, unsigned count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (unsigned i = 0; i < count; i++)
        fprintf(out, "<line number='%u' hits='0'/>", (first + i) * 512 + 1);
    fclose(out);
    const char *report = arena_printf(
        court.mem,
        "<coverage><packages><package><classes><class filename='x.c'><lines>%s</lines></class>"
        "</classes></package></packages></coverage>",
        text);
    free(text);
    return report;
}

static void lines_beyond_the_ceiling_of_a_union_are_an_error(void **state)
{
    (void)state;
    court_report(&court, "a", "cobertura", far_apart(0, 4000));
    court_report(&court, "b", "cobertura", far_apart(4000, 4000));
    settle();
    assert_string_equal(value_of("coverage.lines{report=\"b\"} >= 1%"), "0 %");
    assert_string_equal(value_of("coverage.lines >= 1%"),
                        "(more than 4096 pages of 512 lines in one source file)");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_court, shut_court)
    const struct CMUnitTest tests[] = {
        TEST(a_path_that_may_be_two_files_answers_only_where_it_makes_no_difference),
        TEST(percentiles_are_the_nearest_rank),
        TEST(other_percentile_methods_interpolate),
        TEST(apdex_halves_what_is_tolerated_and_drops_failures),
        TEST(two_reports_of_one_file_are_a_union),
        TEST(shards_of_one_source_merge_in_any_order),
        TEST(tests_are_counted_by_suite_and_name),
        TEST(two_facts_that_contradict_are_an_error),
        TEST(findings_are_counted_by_label),
        TEST(nothing_scanned_is_no_data),
        TEST(transactions_count_as_the_entry_says),
        TEST(times_that_are_not_known_are_no_data),
        TEST(sums_beyond_all_reason_are_an_error),
        TEST(percentiles_of_two_methods_are_an_error),
        TEST(a_mean_of_enormous_times_is_near_enough),
        TEST(suites_that_broke_count_beside_the_tests),
        TEST(reruns_that_a_writer_hides_are_no_data),
        TEST(the_worse_of_two_modes_is_the_rating),
        TEST(a_fact_is_picked_by_its_labels),
        TEST(lines_beyond_the_ceiling_of_a_union_are_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
