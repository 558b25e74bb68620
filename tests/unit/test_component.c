/* A component that a change does not touch, and of which there is no report, is not judged. */
#include "gates/model/pathindex.h"
#include "tests/support/court.h"

#define COMPONENTS "components: {fees: services/fees/**, ledger: services/ledger/**}\n"
#define COVERAGE(path)                                                                         \
    "<coverage><packages><package name=\"p\"><classes><class name=\"A\" filename=\"" path      \
    "\"><lines><line number=\"1\" hits=\"1\"/><line number=\"2\" hits=\"0\"/></lines></class>" \
    "</classes></package></packages></coverage>"
#define UNTOUCHED \
    "not applicable: no data | this change does not touch it, and no report is about it"

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
    court_report(&court, "services/ledger/t.json", "trivy",
                 "{\"SchemaVersion\": 2, \"Results\": [{\"Target\": \"t\", \"Class\": "
                 "\"os-pkgs\"}]}");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coverage),           cmocka_unit_test(each_component),
        cmocka_unit_test(a_report_is_judged), cmocka_unit_test(a_missing_report_is_missing),
        cmocka_unit_test(a_floor_stays),
    };
    return cmocka_run_group_tests_name("component", tests, NULL, NULL);
}
