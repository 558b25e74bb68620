/* A component that a change does not touch, and of which there is no report, is not judged. */
#include "gates/model/pathindex.h"
#include "tests/support/court.h"

#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HARD "(a+)+[bc]" /* takes more steps on LONG than a pattern may */
#define COMPONENTS "components: {fees: services/fees/**, ledger: services/ledger/**}\n"
#define COVERAGE(path)                                                                         \
    "<coverage><packages><package name=\"p\"><classes><class name=\"A\" filename=\"" path      \
    "\"><lines><line number=\"1\" hits=\"1\"/><line number=\"2\" hits=\"0\"/></lines></class>" \
    "</classes></package></packages></coverage>"
#define TRIVY "{\"SchemaVersion\": 2, \"Results\": [{\"Target\": \"t\", \"Class\": \"os-pkgs\"}]}"
#define SONAR "{\"issues\": [], \"paging\": {\"pageIndex\": 1, \"pageSize\": 500, \"total\": 0}}"
#define OTHERS "this change does not touch it, and no report is about it"
#define UNTOUCHED "not applicable: no data | " OTHERS

static struct change change;

static void touch(struct court *court, const char *path, const char *old_path)
{
    change = (struct change){.base = "b", .head = "h"};
    array_push(court->mem, &change.files,
               ((struct changed_file){.path = path, .old_path = old_path, .how = CHANGE_MODIFIED}));
    court->docket.change = &change;
}

static void lay(struct court *court, const char *file)
{
    struct words files = {0};
    array_push(court->mem, &files, file);
    court->evidence.files = path_index_new(court->mem, "/builds/shop", &files);
}

static void begin(struct court *court, const char *rules)
{
    char text[2048];
    snprintf(text, sizeof text, "version: 1\n" COMPONENTS "gates:\n  - name: g\n    require:\n%s",
             rules);
    court_open(court, text);
    lay(court, "services/fees/a.c");
}

static void coverage(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - 'coverage.lines{component=\"fees\"} >= 50%'\n"
                  "      - 'coverage.lines{component=\"ledger\"} >= 50%'\n"
                  "      - 'coverage.lines_valid{component=\"fees\"} >= 1'\n");
    court_report(&court, "c.xml", "cobertura", COVERAGE("services/ledger/a.c"));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "no data: no data | no source file is listed | look at the job that "
                        "writes c.xml: it left nothing to judge");
    touch(&court, "services/ledger/a.c", "services/ledger/a.c");
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), UNTOUCHED);
    assert_string_equal(court_says(&court, 0, 1), "passed: 50 %");
    assert_string_equal(court_says(&court, 0, 2), UNTOUCHED);
    touch(&court, "services/ledger/b.c", "services/fees/b.c"); /* it was there before */
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, OUTCOME_NO_DATA);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[2].outcome, OUTCOME_FAILED);
    touch(&court, "README", "README");
    lay(&court, "fees/a.c"); /* the component's name is misspelt */
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, OUTCOME_NO_DATA);
    lay(&court, "services/ledger/a.c"); /* or its files are gone */
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, OUTCOME_NO_DATA);
    court.evidence.files = NULL;
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, OUTCOME_NO_DATA);
    lay(&court, "services/fees/a.c");
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), UNTOUCHED);
    change.why_not = "the clone is shallow";
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

/* Nor is a whole repository a component, even when nothing changed. */
static void a_rule_on_everything_is_judged(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - 'coverage.lines >= 50%'\n");
    court_report(&court, "c.xml", "cobertura",
                 "<coverage><packages><package><classes/></package></packages></coverage>");
    change = (struct change){.base = "b", .head = "h"};
    court.docket.change = &change;
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

static void each_component(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - {rule: coverage.lines >= 50%, each: component}\n");
    court_report(&court, "c.xml", "cobertura", COVERAGE("services/ledger/a.c"));
    touch(&court, "README", "README");
    court_judge(&court);
    assert_string_equal(
        court_says(&court, 0, 0),
        "not applicable: no data @ fees | this change does not touch it, and no report "
        "is about it");
    assert_string_equal(court_says(&court, 0, 1), "passed: 50 % @ ledger");
    court_close(&court);
}

/* One report of it is enough to be judged, whatever it says. */
static void a_report_is_judged(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - 'tests.success_rate{component=\"fees\"} >= 50%'\n"
                  "      - 'coverage.lines{component=\"fees\"} >= 60%'\n"
                  "      - 'vulnerabilities{component=\"fees\"} == 0'\n");
    court_report(&court, "services/fees/t.xml", "junit",
                 "<testsuite><testcase name=\"a\"><skipped/></testcase></testsuite>");
    court_report(&court, "c.xml", "cobertura", COVERAGE("services/fees/a.c"));
    court_report(&court, "services/ledger/t.json", "trivy", TRIVY);
    touch(&court, "README", "README");
    court_judge(&court);
    const struct rulings *rulings = &court.verdict.gates.items[0].rulings;
    assert_int_equal(rulings->items[0].outcome, OUTCOME_NO_DATA);
    assert_int_equal(rulings->items[1].outcome, OUTCOME_FAILED);
    assert_int_equal(rulings->items[2].outcome, OUTCOME_NOT_APPLICABLE);
    court_close(&court);
}

static void a_missing_report_is_missing(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - 'coverage.lines{component=\"fees\"} >= 50%'\n");
    court_missing(&court, "services/fees/c.xml", "cobertura", false);
    touch(&court, "README", "README");
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

/* Components are the project's to draw: a floor does not let go of one. */
static void a_floor_stays(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - 'coverage.lines{component=\"fees\"} >= 50%'\n");
    court.policy.gates.items[0].floor = true;
    court_report(&court, "c.xml", "cobertura", COVERAGE("services/ledger/a.c"));
    touch(&court, "README", "README");
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

/* Nobody built it, so no report is there at all. */
static void no_report_is_none_of_it(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - 'coverage.lines{component=\"fees\"} >= 50%'\n"
                  "      - 'findings{component=\"fees\"} == 0'\n");
    touch(&court, "README", "README");
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), UNTOUCHED);
    assert_string_equal(court_says(&court, 0, 1), UNTOUCHED);
    court_close(&court);
}

/* What scanned the whole repository scanned the component, too. */
static void a_report_outside_all_components_is_about_each(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - 'vulnerabilities{component=\"fees\"} == 0'\n"
                  "      - 'findings{component=\"fees\"} == 0'\n");
    court_report(&court, "t.json", "trivy", TRIVY);
    touch(&court, "README", "README");
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 0");
    assert_string_equal(court_says(&court, 0, 1), "passed: 0");
    court_close(&court);
}

/* What holds for one of them says nothing of the next, whichever comes first. */
static void each_report_is_asked_for_itself(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - {rule: 'vulnerabilities{component=\"fees\"} == 0', each: report}\n"
                  "      - {rule: 'findings{component=\"fees\"} == 0', each: format}\n");
    court_report(&court, "services/fees/t.json", "trivy", TRIVY);
    court_report(&court, "services/ledger/t.json", "trivy", TRIVY);
    court_report(&court, "services/ledger/s.json", "sonarqube", SONAR);
    touch(&court, "README", "README");
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.count, 4);
    assert_string_equal(court_says(&court, 0, 0),
                        "not applicable: no data @ services/ledger/t.json | " OTHERS);
    assert_string_equal(court_says(&court, 0, 1), "passed: 0 @ services/fees/t.json");
    assert_string_equal(court_says(&court, 0, 2), "not applicable: no data @ sonarqube | " OTHERS);
    assert_string_equal(court_says(&court, 0, 3), "passed: 0 @ trivy");
    court_close(&court);
}

static void each_path(void **state)
{
    (void)state;
    struct court court;
    begin(&court, "      - {rule: 'coverage.lines{component=\"fees\"} >= 60%', each: path}\n"
                  "      - {rule: 'coverage.lines{component=\"ledger\"} >= 60%', each: path}\n");
    court_report(&court, "c.xml", "cobertura", COVERAGE("services/fees/a.c"));
    court_report(&court, "d.xml", "cobertura", COVERAGE("services/fees/b.c"));
    lay(&court, "services/ledger/a.c");
    touch(&court, "README", "README");
    court_judge(&court);
    const struct rulings *rulings = &court.verdict.gates.items[0].rulings;
    assert_int_equal(rulings->count, 3);
    assert_int_equal(rulings->items[0].outcome, OUTCOME_FAILED);
    assert_string_equal(rulings->items[0].each, "services/fees/a.c");
    assert_int_equal(rulings->items[1].outcome, OUTCOME_FAILED);
    assert_string_equal(rulings->items[1].each, "services/fees/b.c");
    assert_string_equal(court_says(&court, 0, 2), UNTOUCHED);
    court_close(&court);
}

/* A pattern that takes too many steps lets go of nothing that the change or a report may be about.
 */
static void what_cannot_be_told_is_judged(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, "version: 1\ncomponents: {" LONG ": long/**}\n"
                       "gates:\n  - name: g\n    require:\n"
                       "      - 'coverage.lines{component=~\"" HARD "\"} >= 50%'\n"
                       "      - 'tests.failed{suite=\"none\", component=~\"" HARD "\"} == 0'\n");
    lay(&court, "long/a.c");
    court_report(&court, "c.xml", "cobertura", COVERAGE("a.c"));
    court_report(&court, "long/t.xml", "junit",
                 "<testsuite name=\"s\"><testcase name=\"a\"/></testsuite>");
    touch(&court, "README", "README");
    court_judge(&court);
    const struct rulings *rulings = &court.verdict.gates.items[0].rulings;
    assert_string_equal(court_says(&court, 0, 0), UNTOUCHED);
    assert_int_equal(rulings->items[1].outcome, OUTCOME_NO_DATA);
    touch(&court, "long/a.c", "long/a.c");
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coverage),
        cmocka_unit_test(a_rule_on_everything_is_judged),
        cmocka_unit_test(each_component),
        cmocka_unit_test(a_report_is_judged),
        cmocka_unit_test(a_missing_report_is_missing),
        cmocka_unit_test(a_floor_stays),
        cmocka_unit_test(no_report_is_none_of_it),
        cmocka_unit_test(a_report_outside_all_components_is_about_each),
        cmocka_unit_test(each_report_is_asked_for_itself),
        cmocka_unit_test(each_path),
        cmocka_unit_test(what_cannot_be_told_is_judged),
    };
    return cmocka_run_group_tests_name("component", tests, NULL, NULL);
}
