/* The index of `each`: the same numbers, and no more looked at than there is. */
#include <stdlib.h>

#include "gates/measure/index.h"
#include "tests/support/court.h"

static struct court court;

static const char jtl[] = "timeStamp,elapsed,label,success\n"
                          "1000,100,b,true\n1010,900,a,true\n1020,300,b,false\n1030,50,c,true\n";
static const char coverage[] =
    "<coverage><packages><package><classes>"
    "<class filename='b.c'><lines><line number='1' hits='1'/></lines></class>"
    "<class filename='a.c'><lines><line number='1' hits='0'/></lines></class>"
    "<class filename='c.c'><lines><line number='1' hits='1'/></lines></class>"
    "</classes></package></packages></coverage>";
static const char tests[] =
    "<testsuites><testsuite name='s1' file='x.py'>"
    "<testcase classname='k' name='one'><failure message='no'/></testcase>"
    "<testcase classname='k' name='two'/></testsuite>"
    "<testsuite name='s2' file='y.py'><testcase classname='k' name='one'><error message='no'/>"
    "</testcase></testsuite>"
    "<testsuite name='s1' file='y.py'><testcase classname='k' name='three'><failure "
    "message='no'/></testcase></testsuite></testsuites>";
static const char trivy[] =
    "{\"SchemaVersion\": 2, \"ArtifactName\": \"a\", \"Results\": [{\"Target\": \"t\", \"Class\": "
    "\"lang-pkgs\", \"Type\": \"npm\", \"Vulnerabilities\": ["
    "{\"VulnerabilityID\": \"CVE-1\", \"PkgName\": \"p\", \"InstalledVersion\": \"1\", "
    "\"Severity\": \"HIGH\"},"
    "{\"VulnerabilityID\": \"CVE-2\", \"PkgName\": \"q\", \"InstalledVersion\": \"1\", "
    "\"Severity\": \"LOW\"},"
    "{\"VulnerabilityID\": \"CVE-3\", \"PkgName\": \"p\", \"InstalledVersion\": \"1\", "
    "\"Severity\": \"LOW\"}]}]}";

static int open_court(void **state)
{
    (void)state;
    court_open(&court, "version: 1\ngates:\n  - name: g\n    require: [tests.failed == 0]\n");
    court_report(&court, "load", "jmeter", jtl);
    court_report(&court, "coverage", "cobertura", coverage);
    court_report(&court, "tests", "junit", tests);
    court_report(&court, "trivy", "trivy", trivy);
    for (size_t i = 0; i < court.evidence.sources.count; i++)
        source_settle(&court.evidence.sources.items[i], court.mem);
    return 0;
}

static int shut_court(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static struct selector selector_of(const char *measure)
{
    return (struct selector){.measure = catalogue_find(measure), .id = measure};
}

static struct selector narrow(const struct selector *wide, const char *label, const char *value,
                              struct index *index)
{
    struct selector one = *wide;
    array_push(
        court.mem, &one.labels,
        ((struct label_match){.label = label, .op = LABEL_IS, .value = value, .literal = true}));
    one.index = index;
    one.wide = wide;
    return one;
}

static const char *measured(const struct selector *selector)
{
    struct value value;
    measure_take(selector, &court.evidence, court.mem, &value);
    if (value.kind != VALUE_NUMBER)
        return value.why;
    return arena_printf(court.mem, "%s, %llu of %llu",
                        value_text(&value, selector->measure, NULL, court.mem),
                        (unsigned long long)value.part, (unsigned long long)value.whole);
}

/* Twice: what was noted for the first value is used for the others. */
static size_t compare_all(const char *measure, const char *label)
{
    const struct selector wide = selector_of(measure);
    struct index index = {.mem = court.mem};
    struct words values;
    measure_label_values(&wide, label, &court.evidence, court.mem, &values);
    array_push(court.mem, &values, "no such value");
    for (size_t i = 0; i < 2 * values.count; i++) {
        const char *value = values.items[i % values.count];
        const struct selector plain = narrow(&wide, label, value, NULL);
        const struct selector quick = narrow(&wide, label, value, &index);
        assert_string_equal(measured(&quick), measured(&plain));
    }
    return values.count - 1;
}

static void an_index_changes_no_number(void **state)
{
    (void)state;
    assert_int_equal(compare_all("load.p95", "label"), 3);
    assert_int_equal(compare_all("load.error_rate", "label"), 3);
    assert_int_equal(compare_all("coverage.lines", "path"), 3);
    assert_int_equal(compare_all("tests.failed", "suite"), 2);
    assert_int_equal(compare_all("tests.failed", "path"), 2);
    assert_int_equal(compare_all("tests.failed", "name"), 2);
    assert_int_equal(compare_all("tests.failed", "report"), 1);
    assert_int_equal(compare_all("tests.success_rate", "suite"), 2);
    assert_int_equal(compare_all("vulnerabilities", "package"), 2);
    assert_int_equal(compare_all("vulnerabilities", "severity"), 2);
    assert_int_equal(compare_all("vulnerabilities", "path"), 1);
}

/* The bound in work: over all values together, each thing is looked at once. */
static void no_more_is_looked_at_than_there_is(void **state)
{
    (void)state;
    const struct selector load = selector_of("load.p95"), files = selector_of("coverage.lines"),
                          failed = selector_of("tests.failed"),
                          found = selector_of("vulnerabilities");
    struct index index = {.mem = court.mem};
    const struct source *source = court_source(&court, "load", "jmeter");
    struct selector one = narrow(&load, "label", "b", &index);
    struct candidates some = candidates_of_labels(&one, &source->load.labels);
    assert_int_equal(some.count, 1);
    assert_string_equal(source->load.labels.items[candidate_at(&some, 0)].label, "b");
    one = narrow(&load, "label", "d", &index);
    assert_int_equal(candidates_of_labels(&one, &source->load.labels).count, 0);
    source = court_source(&court, "coverage", "cobertura");
    one = narrow(&files, "path", "c.c", &index);
    assert_int_equal(candidates_of_files(&one, &source->coverage.files).count, 1);
    source = court_source(&court, "tests", "junit");
    one = narrow(&failed, "name", "one", &index);
    assert_int_equal(candidates_of_cases(&one, &source->tests.cases).count, 2);
    one = narrow(&failed, "suite", "s1", &index);
    assert_int_equal(candidates_of_cases(&one, &source->tests.cases).count, 2);
    assert_int_equal(candidates_of_groups(&one, &source->tests.groups).count, 2);
    one = narrow(&failed, "path", "y.py", &index);
    assert_int_equal(candidates_of_cases(&one, &source->tests.cases).count, 2);
    assert_int_equal(candidates_of_groups(&one, &source->tests.groups).count, 2);
    source = court_source(&court, "trivy", "trivy");
    one = narrow(&found, "package", "p", &index);
    some = candidates_of_findings(&one, &source->findings);
    assert_int_equal(some.count, 2);
    assert_true(candidate_at(&some, 0) < candidate_at(&some, 1));
    assert_int_equal(candidates_of_findings(&found, &source->findings).count, 3);
}

/* A file that may lie at more paths than are named speaks against every path. */
static void a_file_that_may_be_anywhere_is_never_left_out(void **state)
{
    (void)state;
    struct covered_files *files = &court_source(&court, "coverage", "cobertura")->coverage.files;
    const struct selector wide = selector_of("coverage.lines");
    struct index index = {.mem = court.mem}, fresh = {.mem = court.mem};
    array_push(court.mem, &files->items[0].candidates, "x/a.c");
    array_push(court.mem, &files->items[0].candidates, "c.c");
    struct selector one = narrow(&wide, "path", "c.c", &index);
    assert_string_equal(measured(&one), "a.c of the report may be x/a.c or c.c: say which in "
                                        "`paths.map`");
    one = narrow(&wide, "path", "b.c", &index);
    assert_string_equal(measured(&one), "100 %, 1 of 1");
    while (files->items[0].candidates.count < MOST_CANDIDATES)
        array_push(court.mem, &files->items[0].candidates, "y/a.c");
    one = narrow(&wide, "path", "b.c", &fresh);
    assert_string_equal(measured(&one), "a.c of the report may be x/a.c or c.c: say which in "
                                        "`paths.map`");
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test_setup_teardown(an_index_changes_no_number, open_court, shut_court),
        cmocka_unit_test_setup_teardown(no_more_is_looked_at_than_there_is, open_court, shut_court),
        cmocka_unit_test_setup_teardown(a_file_that_may_be_anywhere_is_never_left_out, open_court,
                                        shut_court),
    };
    return cmocka_run_group_tests_name("index", all, NULL, NULL);
}
