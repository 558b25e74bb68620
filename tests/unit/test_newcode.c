/* What a change added and how much of it is tested: new(coverage.…), diff.lines, diff.files. */
#include "tests/support/cobertura.h"
#include "tests/support/court.h"

#define RULE(text) POLICY("      - {rule: '" text "'}\n")

/* lines 1 to 9 of a file: 1 to 4 hit, 6 to 8 not; 5 and 9 are nothing */
#define FEE FILE_("src/Fee.java", HIT(1) HIT(2) HIT(3) HIT(4) MISSED(6) MISSED(7) MISSED(8))

static struct court court;

static int shut(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static void hold(const char *policy, const char *files, const char *change)
{
    court_open(&court, policy);
    court_files(&court, files);
    court_change(&court, change);
}

static void judge_report(const char *report)
{
    court_report(&court, "cov", "cobertura", report);
    court_judge(&court);
}

/* ---- what counts ---- */

static void only_lines_that_were_added_count(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 60%"), "src/Fee.java", "M src/Fee.java 1-9");
    judge_report(REPORT(FEE));
    court_is(&court, 0, "failed: 57.1 % | test 1 of these 3 lines (2 may stay untested)");
    const struct value *value = &court.verdict.gates.items[0].rulings.items[0].value;
    assert_true(value->has_parts);
    assert_int_equal(value->part, 4);
    assert_int_equal(value->whole, 7);
    assert_int_equal(value->reports.count, 1);
    assert_string_equal(value->reports.items[0], "cov");
    court_change(&court, "M src/Fee.java 2-4 6-6");
    court_judge(&court);
    court_is(&court, 0, "passed: 75 %");
    court_change(&court, "M src/Fee.java 5 9 8");
    court_judge(&court);
    court_is(&court, 0, "failed: 0 % | test this line");
}

static void the_fraction_is_exact(void **state)
{
    (void)state;
    hold(POLICY("      - new(coverage.lines) >= 66.6666666666666667%\n"
                "      - new(coverage.lines{report=\"cov\"}) >= 66.6666666666666666%\n"),
         "src/Fee.java", "M src/Fee.java 3-4 6");
    judge_report(REPORT(FEE));
    court_is(&court, 0, "failed: 200/3 % | test this line");
    court_is(&court, 1, "passed: 66.7 %");
}

static void two_reports_that_know_different_lines_are_one(void **state)
{
    (void)state;
    hold(POLICY("      - new(coverage.lines) >= 100%\n"
                "      - new(coverage.lines{report=\"unit\"}) >= 100%\n"
                "      - new(coverage.lines{report=\"e2e\"}) >= 100%\n"),
         "src/a.c", "A src/a.c 1-6");
    court_report(&court, "e2e", "cobertura", REPORT(FILE_("src/a.c", MISSED(1) MISSED(2) HIT(3))));
    court_report(&court, "unit", "cobertura", REPORT(FILE_("src/a.c", HIT(1) MISSED(4))));
    court_judge(&court);
    court_is(&court, 0, "failed: 50 % | test these 2 lines");
    court_is(&court, 1, "failed: 50 % | test this line");
    court_is(&court, 2, "failed: 33.3 % | test these 2 lines");
    court_lists(&court, 0, 0, "src/a.c:2 no test runs this line");
    court_lists(&court, 0, 1, "src/a.c:4 no test runs this line");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].value.reports.count, 2);
}

/* ---- what is said of untested lines ---- */

static void gaps_are_joined_over_what_is_no_code(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 90%"), "a.c b.c", "M a.c 1-9 11; M b.c 1-2");
    judge_report(REPORT(FILE_("a.c", MISSED(2) MISSED(4) HIT(6) MISSED(7) MISSED(9) MISSED(10)
                                         MISSED(11)) FILE_("b.c", MISSED(1) MISSED(2))));
    court_is(&court, 0, "failed: 12.5 % | test these 7 lines");
    assert_int_equal(court_details(&court, 0)->count, 4);
    court_lists(&court, 0, 0, "a.c:2-4 no test runs these lines");
    court_lists(&court, 0, 1, "a.c:7-9 no test runs these lines");
    court_lists(&court, 0, 2, "a.c:11 no test runs this line");
    court_lists(&court, 0, 3, "b.c:1-2 no test runs these lines");
    const struct finding *finding = court_details(&court, 0)->items[1].finding;
    assert_int_equal(finding->family, FAMILY_COVERAGE);
    assert_int_equal(finding->severity, SEVERITY_UNKNOWN);
    assert_string_equal(finding->rule, "uncovered");
    assert_string_equal(finding->path, "a.c");
    assert_int_equal(finding->line, 7);
    assert_int_equal(finding->last_line, 9);
    assert_string_equal(finding->message, "no test runs these lines");
}

static const char *fingerprint(size_t detail)
{
    return court_details(&court, 0)->items[detail].finding->fingerprint;
}

static void a_fingerprint_stays_when_lines_move(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 90%"), "a.c b.c", "M a.c 1-9; M b.c 1");
    judge_report(REPORT(FILE_("a.c", MISSED(2) HIT(3) MISSED(4)) FILE_("b.c", MISSED(1))));
    char before[3][33];
    for (size_t i = 0; i < 3; i++)
        snprintf(before[i], sizeof before[i], "%s", fingerprint(i));
    assert_int_equal(strlen(before[0]), 32);
    assert_string_not_equal(before[0], before[1]);
    assert_string_not_equal(before[0], before[2]);
    shut(NULL);
    hold(RULE("new(coverage.lines) >= 90%"), "a.c b.c", "M a.c 31-39; M b.c 7");
    judge_report(REPORT(FILE_("a.c", MISSED(32) HIT(33) MISSED(35)) FILE_("b.c", MISSED(7))));
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(fingerprint(i), before[i]);
    shut(NULL);
    hold(RULE("new(coverage.branches) >= 90%"), "a.c", "M a.c 1-9");
    judge_report(REPORT(FILE_("a.c", BRANCHES(2, 1, "1/2"))));
    assert_string_not_equal(fingerprint(0), before[0]);
}

/* The gap that is judged now, of a file whose added lines have these texts. */
static void hold_texts(const char *change, const uint32_t *texts, const char *lines)
{
    hold(RULE("new(coverage.lines) >= 90%"), "a.c", change);
    court.docket.change->files.items[0].added_texts = texts;
    judge_report(arena_printf(court.mem, REPORT(FILE_("a.c", "%s")), lines));
}

static void a_fingerprint_goes_with_the_text_of_its_first_line(void **state)
{
    static const uint32_t texts[] = {11, 12, 13, 14}, moved[] = {10, 11, 12, 13, 14};
    char first[33], second[33];
    (void)state;
    hold_texts("M a.c 1-2 7-8", texts, MISSED(1) HIT(2) MISSED(7) MISSED(8));
    snprintf(first, sizeof first, "%s", fingerprint(0));
    snprintf(second, sizeof second, "%s", fingerprint(1));
    assert_string_not_equal(first, second);
    shut(NULL);
    hold_texts("M a.c 1-2 7-8", texts, HIT(1) HIT(2) MISSED(7)); /* the other one is closed */
    assert_string_equal(fingerprint(0), second);
    shut(NULL);
    hold_texts("M a.c 3-7", moved, MISSED(4) MISSED(5) HIT(6));
    assert_string_equal(fingerprint(0), first);
    shut(NULL);
    hold_texts("M a.c 1-2 7-8", texts, HIT(1) HIT(2) MISSED(8)); /* what is left begins elsewhere */
    assert_string_not_equal(fingerprint(0), second);
}

static void what_the_change_brought_stands_behind_the_rules_of_any(void **state)
{
    (void)state;
    hold(POLICY("      - any: [new(coverage.lines) >= 90%, coverage.lines >= 90%]\n"), "a.c",
         "M a.c 1-9");
    judge_report(REPORT(FILE_("a.c", MISSED(2) HIT(3) MISSED(4) MISSED(20))));
    court_lists(&court, 0, 0, "new(coverage.lines) >= 90% 33.3 %");
    court_lists(&court, 0, 1, "coverage.lines >= 90% 25 %");
    court_lists(&court, 0, 2, "a.c:2 no test runs this line");
    court_lists(&court, 0, 3, "a.c:4 no test runs this line");
    assert_int_equal(court_details(&court, 0)->count, 4);
    assert_non_null(court_details(&court, 0)->items[2].finding);
    shut(NULL);
    hold(POLICY("      - any: [new(coverage.lines) >= 30%, coverage.lines >= 90%]\n"), "a.c",
         "M a.c 1-9");
    judge_report(REPORT(FILE_("a.c", MISSED(2) HIT(3) MISSED(4))));
    assert_int_equal(court_details(&court, 0)->count, 0); /* it holds */
    shut(NULL);
    /* what is unknown is no finding, and old findings are not what the change brought */
    hold(POLICY("      - any: [new(coverage.lines) >= 90%, vulnerabilities == 0]\n"), "a.c b.c",
         "M a.c 1-9; A b.c 1-5");
    court_report(
        &court, "trivy", "trivy",
        "{\"SchemaVersion\": 2, \"Results\": [{\"Target\": \"t\", \"Class\": \"os-pkgs\", "
        "\"Type\": "
        "\"debian\", \"Vulnerabilities\": [{\"VulnerabilityID\": \"CVE-1\", \"PkgName\": \"p\", "
        "\"InstalledVersion\": \"1\", \"Severity\": \"HIGH\"}]}]}");
    judge_report(REPORT(FILE_("a.c", MISSED(2))));
    for (size_t i = 2; i < court_details(&court, 0)->count; i++)
        assert_int_equal(court_details(&court, 0)->items[i].finding->family, FAMILY_COVERAGE);
}

/* ---- files that no report saw ---- */

static void a_changed_file_in_no_report_is_no_data(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 50%"), "src/Fee.java src/New.java src/Old.java",
         "M src/Fee.java 1-4; A src/New.java 1-9; M src/Old.java 3");
    judge_report(REPORT(FEE));
    court_is(&court, 0,
             "no data: 100 % | 2 of 3 changed source files are in no coverage report | let the "
             "coverage report list them (by another path? `paths.map`; no source code? "
             "`paths.sources`; `qgate explain paths` says more)");
    assert_int_equal(court_details(&court, 0)->count, 2);
    court_lists(&court, 0, 0, "src/New.java ");
    court_lists(&court, 0, 1, "src/Old.java ");
    court_change(&court, "A src/New.java 1-9");
    court_judge(&court);
    court_is(&court, 0,
             "no data: no data | 1 of 1 changed source file is in no coverage report | let the "
             "coverage report list it (by another path? `paths.map`; no source code? "
             "`paths.sources`; `qgate explain paths` says more)");
}

static void a_path_that_may_be_several_files_is_no_data(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 50%"), "a/src/Fee.java b/src/Fee.java c/Other.java",
         "M a/src/Fee.java 1; M c/Other.java 1");
    judge_report(REPORT(FEE));
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    court_lists(&court, 0, 0, "a/src/Fee.java a report says src/Fee.java");
    court_lists(&court, 0, 1, "c/Other.java ");
    shut(NULL);
    hold(RULE("new(coverage.lines{report=\"unit\"}) >= 50%"), "a/src/Fee.java b/src/Fee.java",
         "M a/src/Fee.java 1");
    court_report(&court, "e2e", "cobertura", REPORT(FEE));
    court_report(&court, "unit", "cobertura", REPORT(FILE_("x.java", HIT(1))));
    court_judge(&court);
    court_lists(&court, 0, 0, "a/src/Fee.java ");
}

static void a_map_that_repairs_it_is_said(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 50%"), "app/pay/Fee.java app/pay/Tax.java old/pay/Fee.java",
         "M app/pay/Fee.java 1; D app/pay/Old.java");
    judge_report(REPORT(FILE_("pay/Fee.java", HIT(1)) FILE_("pay/Tax.java", HIT(1))));
    court_is(
        &court, 0,
        "no data: no data | 1 of 1 changed source file is in no coverage report | with this rule "
        "all 2 files match: paths: {map: [{from: \"pay/\", to: \"app/pay/\"}]}");
    court_lists(&court, 0, 0, "app/pay/Fee.java a report says pay/Fee.java");
    court_change(&court, "M app/pay/Fee.java 1; M old/pay/Fee.java 1");
    court_judge(&court);
    assert_int_equal(court_details(&court, 0)->count, 2);
    court_change(&court, "A app/pay/New.java 1");
    court_judge(&court);
    court_is(&court, 0,
             "no data: no data | 1 of 1 changed source file is in no coverage report | let the "
             "coverage report list it (by another path? `paths.map`; no source code? "
             "`paths.sources`; `qgate explain paths` says more)");
}

static void the_first_path_of_that_name_is_shown(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 50%"), "a/Fee.java b/Fee.java", "M a/Fee.java 1");
    judge_report(
        REPORT(FILE_("z/Fee.java", HIT(1)) FILE_("y/Fee.java", HIT(1)) FILE_("x.java", HIT(1))));
    court_lists(&court, 0, 0, "a/Fee.java a report says y/Fee.java");
}

static void without_a_repository_no_path_is_known(void **state)
{
    (void)state;
    court_open(&court, RULE("new(coverage.lines) >= 50%"));
    court_change(&court, "M src/Fee.java 1");
    judge_report(REPORT(FEE));
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    court_lists(&court, 0, 0, "src/Fee.java a report says src/Fee.java");
}

static void only_reports_of_coverage_are_asked(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 50%"), "src/Fee.java", "M src/Fee.java 1");
    court_report(&court, "a", "junit", "<testsuite><testcase name='a'/></testsuite>");
    court_source(&court, "cov", "lcov");
    judge_report(REPORT(FEE));
    court_is(&court, 0, "passed: 100 %");
    const struct value *value = &court.verdict.gates.items[0].rulings.items[0].value;
    assert_int_equal(value->reports.count, 1);
    assert_string_equal(value->reports.items[0], "cov");
}

static void what_is_no_source_code_needs_no_report(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 50%"), "src/Fee.java",
         "A .java 1; D Gone.java; A LICENSE 1; A Makefile 1; A a/__tests__/b.java 1; "
         "A a/spec/b.java 1; A a/test/b.java 1; A a/tests/b.java 1; A a_test.java 1; "
         "A aTest.java 1; A aTests.java 1; A a_spec.java 1; A a.spec.java 1; A a.test.java 1; "
         "A c.kt 1; A empty.java 1-3 no_code; R m.java n.java; M o.java; A README.md 1; "
         "M src/Fee.java 1; A test_a.java 1");
    judge_report(REPORT(FEE));
    court_is(&court, 0, "passed: 100 %");
}

static void what_looks_like_no_test_needs_one(void **state)
{
    (void)state;
    static const char *const paths[] = {"a/testing/b.java", "contest.java", "Latest.java",
                                        "a.tested.java",    "specs/b.java", "my.d/x.java"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        court_open(&court, RULE("new(coverage.lines) >= 50%"));
        court_files(&court, "src/Fee.java");
        court_change(&court, arena_printf(court.mem, "A %s 1", paths[i]));
        judge_report(REPORT(FEE));
        court_lists(&court, 0, 0, arena_printf(court.mem, "%s ", paths[i]));
        if (i + 1 < sizeof paths / sizeof paths[0])
            shut(NULL);
    }
}

static void the_policy_says_what_source_code_is(void **state)
{
    (void)state;
    hold("version: 1\npaths: {sources: [src/**, lib/**]}\n"
         "gates: [{name: gate, require: [new(coverage.lines) >= 50%]}]\n",
         "src/Fee.java", "M app/x.java 1; M src/Fee.java 1");
    judge_report(REPORT(FEE));
    court_is(&court, 0, "passed: 100 %");
    court_change(&court, "M lib/test/x.kt 1; M src/Fee.java 1; M src/empty.x 2 no_code");
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    assert_int_equal(court_details(&court, 0)->count, 1);
    court_lists(&court, 0, 0, "lib/test/x.kt ");
}

static void only_the_reports_that_are_asked_say_what_source_code_is(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines{report=\"java\"}) >= 50%"), "src/Fee.java app.js",
         "M app.js 1; M src/Fee.java 1; M x.js 1");
    court_report(&court, "java", "cobertura", REPORT(FEE));
    court_report(&court, "js", "cobertura", REPORT(FILE_("app.js", MISSED(1))));
    court_judge(&court);
    court_is(&court, 0, "passed: 100 %");
}

static void lines_that_git_does_not_know_are_no_data(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 50%"), "src/Fee.java",
         "A Gone.java binary; D Lost.java binary; A logo.png binary; M src/Fee.java binary");
    judge_report(REPORT(FEE));
    court_is(
        &court, 0,
        "no data: no data | git takes 2 changed source files for binary: which lines changed is "
        "not known | save them as text that git can compare, in UTF-8");
    court_lists(&court, 0, 0, "Gone.java ");
    court_lists(&court, 0, 1, "src/Fee.java ");
    court_change(&court, "M src/Fee.java binary");
    court_judge(&court);
    court_is(
        &court, 0,
        "no data: no data | git takes 1 changed source file for binary: which lines changed is "
        "not known | save them as text that git can compare, in UTF-8");
}

/* ---- the floor ---- */

#define IGNORING                                                       \
    "version: 1\npaths: {ignore: ['src/**'], sources: [nothing/**]}\n" \
    "gates: [{name: gate, require: [new(coverage.lines) >= 90%]}]\n"

static void hold_floor(const char *policy)
{
    struct policy floor;
    struct problems found;
    struct error err = {0};
    court_open(&court, policy);
    problems_init(&found, court.mem);
    static const char text[] =
        "version: 1\ngates: [{name: f, require: [new(coverage.lines) >= 90%, "
        "new(coverage.branches) >= 90%]}]\n";
    assert_true(
        policy_load("floor.yml", text, sizeof text - 1, NULL, court.mem, &floor, &found, &err));
    policy_add_floor(&court.policy, &floor, court.mem, &found);
    assert_int_equal(found.count, 0);
    court_files(&court, "src/Fee.java lib/x.java");
}

static void ignore_all(void)
{
    struct covered_files *files = &court_source(&court, "cov", "cobertura")->coverage.files;
    for (size_t i = 0; i < files->count; i++)
        files->items[i].ignored = strncmp(files->items[i].path, "src/", 4) == 0;
}

static void ignored_files_are_left_out_but_for_a_floor(void **state)
{
    (void)state;
    hold_floor(IGNORING);
    court_change(&court, "M src/Fee.java 1-9; A src/New.java 1");
    court_report(&court, "cov", "cobertura",
                 REPORT(FEE FILE_("lib/x.java", HIT(1) BRANCHES(2, 1, "2/2"))));
    ignore_all();
    court_judge(&court);
    court_is(&court, 0, "not applicable: no data | no coverable line changed");
    const char *floor = court_says(&court, 1, 0);
    assert_string_equal(
        floor, "no data: 57.1 % | 1 of 2 changed source files is in no coverage "
               "report | let the coverage report list it (by another path? "
               "`paths.map`; no source code? `paths.sources`; `qgate explain paths` says more)");
}

static void a_project_can_make_more_files_source_code_for_a_floor(void **state)
{
    (void)state;
    hold_floor("version: 1\npaths: {sources: [app/**]}\n"
               "gates: [{name: gate, require: [new(coverage.lines) >= 90%]}]\n");
    court_change(&court, "A app/x.kt 1; A test/b.java 1; A x/y.java 1");
    judge_report(REPORT(FEE));
    assert_int_equal(court.verdict.gates.items[1].rulings.items[0].details.count, 2);
    assert_int_equal(court_details(&court, 0)->count, 1);
    court_lists(&court, 0, 0, "app/x.kt ");
}

static void reports_of_ignored_files_only_say_nothing(void **state)
{
    (void)state;
    hold_floor(IGNORING);
    court_change(&court, "M src/Fee.java 1-4; M lib/x.java 1");
    court_report(&court, "cov", "cobertura",
                 REPORT(FILE_("src/Fee.java", HIT(1) BRANCHES(2, 1, "2/2"))));
    ignore_all();
    court_judge(&court);
    court_is(
        &court, 0,
        "no data: no data | no source file is listed | look at the job that writes cov: it left "
        "nothing to judge");
    assert_int_equal(court.verdict.gates.items[1].rulings.items[0].outcome, OUTCOME_NO_DATA);
    court_change(&court, "M src/Fee.java 1-4");
    court_judge(&court);
    assert_string_equal(court_says(&court, 1, 0), "passed: 100 %");
    assert_string_equal(court_says(&court, 1, 1), "passed: 100 %");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, shut)
    const struct CMUnitTest tests[] = {
        TEST(only_lines_that_were_added_count),
        TEST(the_fraction_is_exact),
        TEST(two_reports_that_know_different_lines_are_one),
        TEST(gaps_are_joined_over_what_is_no_code),
        TEST(what_the_change_brought_stands_behind_the_rules_of_any),
        TEST(a_fingerprint_stays_when_lines_move),
        TEST(a_fingerprint_goes_with_the_text_of_its_first_line),
        TEST(a_changed_file_in_no_report_is_no_data),
        TEST(a_path_that_may_be_several_files_is_no_data),
        TEST(a_map_that_repairs_it_is_said),
        TEST(the_first_path_of_that_name_is_shown),
        TEST(without_a_repository_no_path_is_known),
        TEST(only_reports_of_coverage_are_asked),
        TEST(what_is_no_source_code_needs_no_report),
        TEST(what_looks_like_no_test_needs_one),
        TEST(the_policy_says_what_source_code_is),
        TEST(only_the_reports_that_are_asked_say_what_source_code_is),
        TEST(lines_that_git_does_not_know_are_no_data),
        TEST(ignored_files_are_left_out_but_for_a_floor),
        TEST(a_project_can_make_more_files_source_code_for_a_floor),
        TEST(reports_of_ignored_files_only_say_nothing),
    };
    return cmocka_run_group_tests_name("new code", tests, NULL, NULL);
}
