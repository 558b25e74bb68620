/* A floor is out of a project's reach; components part what the reports say without losing any. */
#include "tests/support/court.h"

#define REPORT(name, lines) \
    "<class name='" name "' filename='" name "'><lines>" lines "</lines></class>"
#define COVERAGE(classes)                                                                       \
    "<coverage><packages><package name='p'><classes>" classes "</classes></package></packages>" \
    "</coverage>"
#define HIT(number) "<line number='" number "' hits='1'/>"
#define MISSED(number) "<line number='" number "' hits='0'/>"

/* A court with a floor under its policy. */
static void open_on_floor(struct court *court, const char *policy, const char *floor)
{
    court_open(court, policy);
    struct policy *below = arena_new_item(court->mem, struct policy);
    struct problems found;
    struct error err = {0};
    problems_init(&found, court->mem);
    assert_true(
        policy_load("floor.yml", floor, strlen(floor), NULL, court->mem, below, &found, &err));
    policy_add_floor(&court->policy, below, court->mem, &found);
    assert_int_equal(found.count, 0);
}

#define GATE(name, rule) "version: 1\ngates:\n  - {name: " name ", require: [" rule "]}\n"

static void ignore(struct court *court, size_t file)
{
    court->evidence.sources.items[0].coverage.files.items[file].ignored = true;
}

static void ignored_files_count_for_a_floor(void **state)
{
    (void)state;
    struct court court;
    open_on_floor(&court,
                  "version: 1\ngates:\n"
                  "  - {name: own, require: [coverage.lines >= 100%, coverage.files == 1]}\n",
                  "version: 1\ngates:\n"
                  "  - {name: floor, require: [coverage.lines >= 100%, coverage.files == 2, "
                  "coverage.ignored <= 10%, {rule: coverage.lines >= 50%, each: path}]}\n");
    court_report(&court, "cobertura", "cobertura",
                 COVERAGE(REPORT("a.c", HIT("1") HIT("2"))
                              REPORT("b.c", MISSED("1") MISSED("2") MISSED("3"))));
    ignore(&court, 1);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 100 %");
    assert_string_equal(court_says(&court, 0, 1), "passed: 1");
    assert_string_equal(court_says(&court, 1, 0),
                        "failed: 40 % | test 3 more lines (of 3 that no test runs)");
    assert_string_equal(court_says(&court, 1, 1), "passed: 2");
    assert_true(strncmp(court_says(&court, 1, 2), "failed: 60 %", 12) == 0);
    assert_true(strncmp(court_says(&court, 1, 3), "failed: 0 % @ b.c", 17) == 0);
    court_close(&court);
}

static void nothing_is_optional_for_a_floor(void **state)
{
    (void)state;
    struct court court;
    open_on_floor(&court, GATE("own", "secrets == 0"), GATE("floor", "secrets == 0"));
    court_missing(&court, "image", "trivy", /* optional */ true);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "not applicable: no data | its optional reports are not there");
    assert_string_equal(court_says(&court, 1, 0), "no data: no data | image is not there | look at "
                                                  "the job that should leave image");
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    court_close(&court);
}

/* An optional shard beside a required one is not recorded as missing; a floor misses it. */
static void an_absent_shard_is_missing_for_a_floor(void **state)
{
    (void)state;
    struct court court;
    open_on_floor(&court, GATE("own", "tests.failed == 0"), GATE("floor", "tests.failed == 0"));
    court_report(&court, "unit", "junit", "<testsuite><testcase name='a'/></testsuite>");
    court_source(&court, "unit", "junit")->absent = "shard-2.xml";
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 0");
    assert_string_equal(court_says(&court, 1, 0),
                        "no data: 0 | shard-2.xml is not there | look at the job that should leave "
                        "shard-2.xml");
    court_close(&court);
}

/* What a branch commits says the same of every build. */
static void a_committed_report_is_none_for_a_floor(void **state)
{
    (void)state;
    struct court court;
    open_on_floor(&court, GATE("own", "tests.failed == 0"), GATE("floor", "tests.failed == 0"));
    court_report(&court, "unit", "junit", "<testsuite><testcase name='a'/></testsuite>");
    court_source(&court, "unit", "junit")->committed = "green.xml";
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 0");
    assert_string_equal(court_says(&court, 1, 0),
                        "no data: 0 | git tracks green.xml, so no build wrote it | let the build "
                        "write it: a floor takes no report from a commit");
    court_close(&court);
}

/* A report that nothing reads stays optional, whatever gate was judged last. */
static void a_floor_does_not_make_unread_reports_required(void **state)
{
    (void)state;
    struct court court;
    open_on_floor(&court, GATE("own", "tests.failed == 0"), GATE("floor", "tests.failed == 0"));
    court_report(&court, "unit", "junit", "<testsuite><testcase name='a'/></testsuite>");
    court_missing(&court, "image", "trivy", /* optional */ true);
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    court_close(&court);
}

static void a_floor_is_judged_at_its_own_stage(void **state)
{
    (void)state;
    struct court court;
    open_on_floor(
        &court, GATE("own", "tests.failed == 0"),
        "version: 1\ngates:\n  - {name: own, stage: deploy, require: [tests.failed == 0]}\n");
    court_report(&court, "unit", "junit",
                 "<testsuite><testcase name='a'><failure/></testcase></testsuite>");
    court.docket.stage = "deploy";
    court_judge(&court);
    assert_true(court.verdict.gates.items[0].other_stage);
    assert_false(court.verdict.gates.items[1].other_stage);
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    court_close(&court);
}

/* A waiver of a gate's name reaches the project's own only. */
static void a_waiver_of_the_same_name_stops_at_the_floor(void **state)
{
    (void)state;
    struct court court;
    open_on_floor(&court, GATE("unit", "tests.failed == 0"), GATE("unit", "tests.failed == 0"));
    court_report(&court, "unit", "junit",
                 "<testsuite><testcase name='a'><failure/></testcase></testsuite>");
    array_push(court.mem, &court.policy.waivers,
               ((struct waiver){.gate = "unit", .reason = "r", .owner = "o", .expires = 20000}));
    array_push(court.mem, &court.policy.waivers,
               ((struct waiver){.id = "a", .reason = "r", .owner = "o", .expires = 20000}));
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_WAIVED);
    assert_int_equal(court.verdict.gates.items[1].outcome, OUTCOME_FAILED);
    court_close(&court);
}

#define COMPONENTS \
    "version: 1\ncomponents: {fees: services/fees/**, web: [web/**, ui/**]}\ngates:\n"

static void components_part_coverage(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, COMPONENTS "  - name: gate\n    require:\n"
                                  "      - {rule: coverage.lines >= 50%, each: component}\n"
                                  "      - coverage.lines_valid == 4\n"
                                  "      - 'coverage.lines{component=\"web\"} >= 50%'\n"
                                  "      - 'coverage.lines_valid{component!=\"web\"} == 2'\n");
    court_report(&court, "cobertura", "cobertura",
                 COVERAGE(REPORT("web/a.c", MISSED("1")) REPORT("ui/b.c", HIT("1"))
                              REPORT("services/fees/c.c", MISSED("1")) REPORT("d.c", HIT("1"))));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "failed: 0 % @ fees | test 1 more line (of 1 that no test runs)");
    assert_string_equal(court_says(&court, 0, 1), "passed: 50 % @ web");
    assert_string_equal(court_says(&court, 0, 2), "passed: 4"); /* d.c is in none, and counts */
    assert_string_equal(court_says(&court, 0, 3), "passed: 50 %");
    assert_string_equal(court_says(&court, 0, 4), "passed: 2");
    court_close(&court);
}

static void components_part_tests(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, COMPONENTS "  - name: gate\n    require:\n"
                                  "      - {rule: tests.failed == 0, each: component}\n"
                                  "      - tests.failed == 0\n");
    court_report(&court, "unit", "junit",
                 "<testsuite><testcase name='a' file='web/a_test.py'/>"
                 "<testcase name='b' file='ui/b_test.py'><failure/></testcase>"
                 "<testcase name='c'><failure/></testcase></testsuite>");
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 @ web | make this test pass");
    assert_true(strncmp(court_says(&court, 0, 1), "no data: no data @ fees | no test is listed",
                        strlen("no data: no data @ fees | no test is listed")) == 0);
    assert_string_equal(court_says(&court, 0, 2), "failed: 2 | make these 2 tests pass");
    court_close(&court);
}

static void components_part_findings(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, COMPONENTS "  - name: gate\n    require:\n"
                                  "      - {rule: vulnerabilities == 0, each: component}\n"
                                  "      - vulnerabilities == 0\n");
    court_report(&court, "trivy", "trivy",
                 "{\"SchemaVersion\":2,\"ArtifactName\":\".\",\"ArtifactType\":\"filesystem\","
                 "\"Results\":[{\"Target\":\"web/package-lock.json\",\"Class\":\"lang-pkgs\","
                 "\"Type\":\"npm\",\"Vulnerabilities\":[{\"VulnerabilityID\":\"CVE-1\",\"PkgName\":"
                 "\"x\",\"InstalledVersion\":\"1\",\"Severity\":\"HIGH\"}]},"
                 "{\"Target\":\"go.mod\",\"Class\":\"lang-pkgs\",\"Type\":\"gomod\","
                 "\"Vulnerabilities\":[{\"VulnerabilityID\":\"CVE-2\",\"PkgName\":\"y\","
                 "\"InstalledVersion\":\"1\",\"Severity\":\"LOW\"}]}]}");
    court_judge(&court);
    assert_true(strncmp(court_says(&court, 0, 0), "failed: 1 @ web", 15) == 0);
    assert_string_equal(court_says(&court, 0, 1), "passed: 0 @ fees");
    assert_true(strncmp(court_says(&court, 0, 2), "failed: 2", 9) == 0);
    court_close(&court);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ignored_files_count_for_a_floor),
        cmocka_unit_test(nothing_is_optional_for_a_floor),
        cmocka_unit_test(an_absent_shard_is_missing_for_a_floor),
        cmocka_unit_test(a_committed_report_is_none_for_a_floor),
        cmocka_unit_test(a_floor_does_not_make_unread_reports_required),
        cmocka_unit_test(a_floor_is_judged_at_its_own_stage),
        cmocka_unit_test(a_waiver_of_the_same_name_stops_at_the_floor),
        cmocka_unit_test(components_part_coverage),
        cmocka_unit_test(components_part_tests),
        cmocka_unit_test(components_part_findings),
    };
    return cmocka_run_group_tests_name("floor", tests, NULL, NULL);
}
