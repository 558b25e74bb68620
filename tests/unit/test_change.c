/* What a rule makes of new code and of the size of a change: which of its keys let it through, when
 * it does not apply, and when nothing can be said. */
#include "tests/support/cobertura.h"
#include "tests/support/court.h"

#define RULE(text) POLICY("      - {rule: '" text "'}\n")
#define PARTS                                                                          \
    "version: 1\ncomponents: {fees: fees/**, ledger: [ledger/**, books/**]}\ngates:\n" \
    "  - name: gate\n    require:\n"
#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HARD "(a+)+[bc]" /* takes more steps on LONG than a pattern may */
#define TOO_HARD "the pattern \"" HARD "\" takes too many steps"

/* 5 of 8 */
#define FEE FILE_("fees/Fee.java", HIT(1) HIT(2) HIT(3) HIT(4) HIT(5) MISSED(6) MISSED(7) MISSED(8))
#define EIGHT "M fees/Fee.java 1-8"

static struct court court;

static int shut(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static void hold(const char *policy, const char *change, const char *report)
{
    court_open(&court, policy);
    court_files(&court, "fees/Fee.java ledger/Book.java a.java b.java");
    if (change != NULL)
        court_change(&court, change);
    if (report != NULL)
        court_report(&court, "cov", "cobertura", report);
    court_judge(&court);
}

static void change(const char *text)
{
    court_change(&court, text);
    court_judge(&court);
}

/* ---- a small change ---- */

static void a_small_change_is_waived(void **state)
{
    (void)state;
    hold(POLICY("      - {rule: new(coverage.lines) >= 90%, min_lines: 5}\n"
                "      - {rule: new(coverage.branches) >= 90%, min_lines: 1}\n"
                "      - {rule: 'new(coverage.lines{report=\"cov\"}) >= 90%', min_lines: 4}\n"),
         "M fees/Fee.java 4-7", REPORT(FEE));
    court_is(&court, 0, "waived: 50 % | small change: 4 of 5 lines");
    assert_int_equal(court_details(&court, 0)->count, 0);
    court_is(
        &court, 1,
        "no data: no data | no line with branches is listed | look at the job that writes cov: it "
        "left nothing to judge");
    court_is(&court, 2, "failed: 50 % | test these 2 lines");
    assert_int_equal(court.verdict.small_changes, 1);
    change("M fees/Fee.java 4-8");
    assert_int_equal(court.verdict.small_changes, 0);
    court_is(&court, 0, "failed: 40 % | test these 3 lines");
    change("M fees/Fee.java 1");
    court_is(&court, 0, "waived: 100 % | small change: 1 of 5 lines");
    assert_int_equal(court.verdict.small_changes, 2);
    assert_int_equal(court.verdict.rule_counts[OUTCOME_WAIVED], 2);
}

static void one_line_is_singular(void **state)
{
    (void)state;
    hold(POLICY("      - {rule: new(coverage.branches) >= 90%, min_lines: 1}\n"), "M a.java 1",
         REPORT(FILE_("a.java", HIT(1) BRANCHES(2, 0, "1/2"))));
    court_is(&court, 0, "not applicable: no data | no changed line has branches");
    change("M a.java 3");
    court_is(&court, 0, "not applicable: no data | no coverable line changed");
    change("M a.java 1-2");
    court_is(&court, 0, "failed: 50 % | test this branch");
    court_lists(&court, 0, 0, "a.java:2 1 of 2 branches not run");
    assert_string_equal(court_details(&court, 0)->items[0].finding->rule, "uncovered_branches");
}

static void what_no_report_saw_comes_before_how_small_it_is(void **state)
{
    (void)state;
    hold(POLICY("      - {rule: new(coverage.lines) >= 90%, min_lines: 100, max_uncovered: 100}\n"),
         "M fees/Fee.java 1; A x.java 1", REPORT(FEE));
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    assert_int_equal(court.verdict.small_changes, 0);
    court_lists(&court, 0, 0, "x.java ");
}

static void an_alternative_is_waived_for_a_small_change(void **state)
{
    (void)state;
    hold(
        POLICY("      - {any: [coverage.lines >= 90%, new(coverage.lines) >= 90%], min_lines: 3}\n"
               "      - any: [{rule: new(coverage.lines) >= 90%, min_lines: 3}, tests.total >= 9]\n"
               "        min_lines: 2\n"),
        "M fees/Fee.java 5-6", REPORT(FEE));
    court_is(&court, 0,
             "waived:  | holds by new(coverage.lines) >= 90%: small change: 2 of 3 lines");
    court_is(&court, 1,
             "waived:  | holds by new(coverage.lines) >= 90%: small change: 2 of 3 lines");
    assert_int_equal(court.verdict.small_changes, 2);
    change("M fees/Fee.java 5-7");
    court_is(
        &court, 0,
        "failed:  | none of its rules holds | test 3 more lines (of 3 that no test runs), or test "
        "these 2 lines");
    assert_int_equal(court.verdict.small_changes, 0);
}

static void an_alternative_may_leave_lines_untested(void **state)
{
    (void)state;
    hold(POLICY("      - {any: [tests.total >= 9, new(coverage.lines) >= 90%], max_uncovered: 3}\n"
                "      - any: [{rule: new(coverage.lines) >= 90%, max_uncovered: 3}, tests.passed "
                ">= 8]\n"
                "        max_uncovered: 2\n"
                "      - any: [{rule: new(coverage.lines) >= 90%, max_uncovered: 1}, tests.suites "
                ">= 7]\n"
                "        max_uncovered: 2\n"),
         EIGHT, REPORT(FEE));
    court_is(
        &court, 0,
        "passed:  | holds by new(coverage.lines) >= 90%: held only by `max_uncovered: 3`: 3 of 8 "
        "new lines are not tested");
    court_is(
        &court, 1,
        "passed:  | holds by new(coverage.lines) >= 90%: held only by `max_uncovered: 3`: 3 of 8 "
        "new lines are not tested");
    court_lists(&court, 1, 0, "fees/Fee.java:6-8 no test runs these lines");
    court_is(
        &court, 2,
        "failed:  | none of its rules holds | test 1 of these 3 lines (2 may stay untested), or "
        "name a report that gives it under `reports:` (format: junit)");
}

/* ---- a few untested lines ---- */

static void a_few_lines_may_stay_untested(void **state)
{
    (void)state;
    hold(POLICY("      - {rule: new(coverage.lines) >= 90%, max_uncovered: 3}\n"
                "      - {rule: 'new(coverage.lines{report=\"cov\"}) >= 90%', max_uncovered: 2}\n"),
         EIGHT, REPORT(FEE));
    court_is(&court, 0,
             "passed: 62.5 % | held only by `max_uncovered: 3`: 3 of 8 new lines are not tested");
    court_lists(&court, 0, 0, "fees/Fee.java:6-8 no test runs these lines");
    court_is(&court, 1, "failed: 62.5 % | test 1 of these 3 lines (2 may stay untested)");
    change("M fees/Fee.java 5-6");
    court_is(&court, 0,
             "passed: 50 % | held only by `max_uncovered: 3`: 1 of 2 new lines is not tested");
    change("M fees/Fee.java 1");
    court_is(&court, 0, "passed: 100 %");
}

static void the_smaller_way_to_pass_is_said(void **state)
{
    (void)state;
    hold(POLICY("      - {rule: new(coverage.lines) >= 70%, max_uncovered: 1}\n"
                "      - {rule: 'new(coverage.lines{report=\"cov\"}) == 10%', max_uncovered: 1}\n"
                "      - {rule: 'new(coverage.lines{format=\"cobertura\"}) == 10%'}\n"),
         EIGHT, REPORT(FEE));
    court_is(&court, 0, "failed: 62.5 % | test 1 of these 3 lines (2 may stay untested)");
    court_is(&court, 1, "failed: 62.5 % | test 2 of these 3 lines (1 may stay untested)");
    court_is(&court, 2, "failed: 62.5 % | bring it to 10 %");
}

static void of_branches_the_lines_count(void **state)
{
    (void)state;
    hold(
        POLICY("      - {rule: new(coverage.branches) >= 90%, max_uncovered: 2}\n"
               "      - {rule: 'new(coverage.branches{report=\"cov\"}) >= 50%', max_uncovered: 1}\n"
               "      - {rule: 'new(coverage.branches{format=\"cobertura\"}) >= 90%'}\n"),
        "M a.java 1-3",
        REPORT(FILE_("a.java", BRANCHES(1, 1, "1/2") BRANCHES(2, 0, "0/4") MISSED(3))));
    court_is(&court, 0,
             "passed: 16.7 % | held only by `max_uncovered: 2`: 2 of 3 new lines are not tested");
    court_lists(&court, 0, 0, "a.java:1 1 of 2 branches not run");
    court_lists(&court, 0, 1, "a.java:2 4 of 4 branches not run");
    court_is(
        &court, 1,
        "failed: 16.7 % | test 2 of these 5 branches (3 may stay untested), or 1 of the 2 lines "
        "that no test runs");
    court_is(&court, 2, "failed: 16.7 % | test these 5 branches");
    assert_int_equal(court_details(&court, 2)->items[1].finding->line, 2);
    assert_int_equal(court_details(&court, 2)->items[1].finding->last_line, 2);
}

static void branches_of_two_reports_are_the_larger_numbers(void **state)
{
    (void)state;
    court_open(&court, RULE("new(coverage.branches) >= 90%"));
    court_files(&court, "a.java b.java");
    court_change(&court, "M a.java 1-2");
    court_report(&court, "a", "cobertura", REPORT(FILE_("a.java", BRANCHES(1, 1, "1/2") HIT(2))));
    court_report(&court, "b", "cobertura", REPORT(FILE_("b.java", HIT(1))));
    court_report(&court, "c", "cobertura",
                 REPORT(FILE_("a.java", BRANCHES(1, 1, "0/4") BRANCHES(2, 1, "2/2"))));
    court_judge(&court);
    court_is(&court, 0, "failed: 50 % | test these 3 branches");
}

static void a_tolerance_holds_first(void **state)
{
    (void)state;
    hold(POLICY("      - {rule: new(coverage.lines) >= 63%, tolerance: 0.5%, max_uncovered: 3}\n"
                "      - {rule: 'new(coverage.lines{report=\"cov\"}) >= 80%', tolerance: 5%}\n"),
         EIGHT, REPORT(FEE));
    court_is(&court, 0, "passed: 62.5 % | held only by the tolerance of 0.5 %");
    court_is(&court, 1, "failed: 62.5 % | test 1 of these 3 lines (2 may stay untested)");
}

static void it_may_only_warn(void **state)
{
    (void)state;
    hold("version: 1\ngates: [{name: gate, warn: [new(coverage.lines) >= 90%], "
         "require: [{rule: new(coverage.lines) >= 80%, enforce_from: 2024-10-06}]}]\n",
         EIGHT, REPORT(FEE));
    court_is(&court, 0,
             "warned: 62.5 % | enforced in 2 days | test 2 of these 3 lines (1 may stay untested)");
    court_is(&court, 1, "warned: 62.5 % | test these 3 lines");
    change("A x.java 1");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, OUTCOME_NO_DATA);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[1].outcome, OUTCOME_WARNED);
}

/* ---- where it does not apply ---- */

static void no_coverable_line_is_not_applicable(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 90%"), "", REPORT(FEE));
    court_is(&court, 0, "not applicable: no data | no coverable line changed");
    change("M README.md 1-9; M fees/Fee.java 9-12; D ledger/Book.java; R x.java z.java");
    court_is(&court, 0, "not applicable: no data | no coverable line changed");
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
}

static void a_part_that_did_not_change_needs_no_report(void **state)
{
    (void)state;
    hold(PARTS "      - new(coverage.lines{component=\"ledger\"}) >= 90%\n"
               "      - new(coverage.lines{path=\"ledger/**\"}) >= 90%\n"
               "      - new(coverage.lines{report=\"cov.xml\"}) >= 90%\n",
         EIGHT, NULL);
    court_missing(&court, "cov.xml", "cobertura", false);
    court_judge(&court);
    court_is(&court, 0, "not applicable: no data | none of its files changed");
    court_is(&court, 1, "not applicable: no data | none of its files changed");
    court_is(
        &court, 2,
        "no data: no data | cov.xml is not there | look at the job that should leave cov.xml (not "
        "in every build? say `optional: true`)");
    change("D books/old.java; M fees/Fee.java 1");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, OUTCOME_NO_DATA);
    court_is(&court, 1, "not applicable: no data | none of its files changed");
    change("");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[2].outcome, OUTCOME_NO_DATA);
}

static void a_report_that_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    hold(PARTS
         "      - {rule: 'new(coverage.lines{component=\"ledger\"}) >= 90%', on_missing: pass}\n",
         EIGHT, NULL);
    court_report(&court, "cov", "cobertura", "<coverage><packages>");
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_ERROR);
}

static void optional_reports_may_be_absent(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines) >= 90%"), EIGHT, NULL);
    court_missing(&court, "cov.xml", "cobertura", true);
    court_judge(&court);
    court_is(&court, 0, "not applicable: no data | its optional reports are not there");
}

/* ---- when nothing can be said ---- */

static void an_unknown_change_is_no_data(void **state)
{
    (void)state;
    static struct change unknown = {.why_not = "the base is not in this clone"};
    hold(POLICY("      - new(coverage.lines) >= 90%\n"
                "      - {rule: new(coverage.branches) >= 90%, on_missing: skip}\n"
                "      - {rule: diff.lines <= 400, each: path}\n"
                "      - {rule: 'new(coverage.lines) >= 80%', each: path}\n"
                "      - {rule: diff.files <= 400, on_missing: warn}\n"),
         NULL, REPORT(FEE));
    court_is(&court, 0,
             "no data: no data | it is not known what this change did | run it in a clone of the "
             "repository, where git can compare two commits");
    court_is(&court, 1, "not applicable: no data | it is not known what this change did");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[2].outcome, OUTCOME_NO_DATA);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[3].outcome, OUTCOME_NO_DATA);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[4].outcome, OUTCOME_WARNED);
    court.docket.change = &unknown;
    court_judge(&court);
    court_is(
        &court, 0,
        "no data: no data | it is not known what this change did: the base is not in this clone | "
        "run it in a clone of the repository, where git can compare two commits");
    unknown.remedy = "git fetch origin main";
    court_judge(&court);
    court_is(
        &court, 0,
        "no data: no data | it is not known what this change did: the base is not in this clone | "
        "git fetch origin main");
}

static void a_report_about_nothing_is_no_data(void **state)
{
    (void)state;
    hold(PARTS "      - new(coverage.lines) >= 90%\n"
               "      - new(coverage.branches) >= 90%\n"
               "      - new(coverage.lines{path=\"x/**\"}) >= 90%\n"
               "      - new(coverage.lines{component=\"fees\"}) >= 90%\n"
               "      - new(coverage.lines{report=\"other\"}) >= 90%\n",
         "M README.md 1; M fees/Fee.java 1; M x/y 1", REPORT(""));
    court_is(
        &court, 0,
        "no data: no data | no source file is listed | look at the job that writes cov: it left "
        "nothing to judge");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[2].outcome, OUTCOME_NO_DATA);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[3].outcome, OUTCOME_NO_DATA);
    court_is(&court, 4,
             "no data: no data | no report here gives coverage.lines (format: cobertura) | name a "
             "report that gives it under `reports:` (format: cobertura)");
    court_report(&court, "cov", "cobertura", REPORT(FILE_("a.java", HIT(1))));
    court_judge(&court);
    court_is(&court, 0,
             "no data: no data | 1 of 1 changed source file is in no coverage report | let the "
             "coverage report list it (by another path? `paths.map`; no source code? "
             "`paths.sources`; `qgate explain paths` says more)");
    court_is(
        &court, 1,
        "no data: no data | no line with branches is listed | look at the job that writes cov: it "
        "left nothing to judge");
    court_is(&court, 2, "not applicable: no data | no coverable line changed");
}

static void a_pattern_beyond_its_limit_is_an_error(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - new(coverage.lines{path=~\"" HARD "\"}) >= 90%\n"
                              "      - new(coverage.lines{report=~\"" HARD "\"}) >= 90%\n"
                              "      - diff.lines{path=~\"" HARD "\"} <= 9\n"
                              "      - {rule: 'diff.files{path=~\"" HARD "\"} <= 9', each: path}\n"
                              "      - {rule: 'new(coverage.lines{path=~\"" HARD
                              "\"}) >= 80%', each: path}\n"));
    court_files(&court, "a");
    court_change(&court, "M a 1; M " LONG " 1");
    court_report(&court, LONG, "cobertura", REPORT(FILE_("a", HIT(1))));
    court_judge(&court);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(court.verdict.gates.items[0].rulings.items[i].outcome, OUTCOME_ERROR);
    const struct ruling *ruling = &court.verdict.gates.items[0].rulings.items[0];
    assert_string_equal(ruling->reason, TOO_HARD);
    assert_string_equal(ruling->to_pass, "write the pattern simpler");
    court_is(&court, 2, "error: error | " TOO_HARD " | write the pattern simpler");
    court_is(&court, 3, "error: error @ " LONG " | " TOO_HARD " | write the pattern simpler");
    change("M a 1");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[1].outcome, OUTCOME_ERROR);
}

static void so_is_one_of_a_format(void **state)
{
    (void)state;
    hold(RULE("new(coverage.lines{format=~\"(.*)*(.*)*(.*)*(.*)*[xyz]\"}) >= 90%"), EIGHT,
         REPORT(FEE));
    assert_int_equal(court.verdict.outcome, OUTCOME_ERROR);
}

/* ---- each ---- */

static void every_changed_path_is_judged_apart(void **state)
{
    (void)state;
    hold(
        POLICY("      - {rule: new(coverage.lines) >= 60%, each: path}\n"),
        "M a.java 1-2; M b.java 1; A c.java 1; M fees/Fee.java 1-8; M ledger/Book.java 2; A z.md 1",
        REPORT(FEE FILE_("a.java", HIT(1) MISSED(2)) FILE_("b.java", HIT(1))
                   FILE_("ledger/Book.java", HIT(1))));
    assert_int_equal(court.verdict.gates.items[0].rulings.count, 4);
    court_is(&court, 0, "failed: 50 % @ a.java | test this line");
    court_is(
        &court, 1,
        "no data: no data @ c.java | 1 of 1 changed source file is in no coverage report | let "
        "the coverage report list it (by another path? `paths.map`; no source code? "
        "`paths.sources`; `qgate explain paths` says more)");
    court_is(&court, 2, "passed: 100 % @ b.java");
    court_is(&court, 3, "passed: 62.5 % @ fees/Fee.java");
    court_lists(&court, 0, 0, "a.java:2 no test runs this line");
    change("M a.java binary");
    court_is(&court, 0,
             "no data: no data @ a.java | git takes 1 changed source file for binary: which lines "
             "changed is not known | save them as text that git can compare, in UTF-8");
    change("A z.md 1");
    assert_int_equal(court.verdict.gates.items[0].rulings.count, 1);
    court_is(&court, 0, "not applicable: no data | no coverable line changed");
}

static void a_link_that_became_a_file_is_found(void **state)
{
    (void)state;
    hold(POLICY("      - {rule: new(coverage.lines) >= 90%, each: path}\n"),
         "M a.java 1; D b.java; A b.java 1; M fees/Fee.java 1",
         REPORT(FEE FILE_("a.java", HIT(1)) FILE_("b.java", MISSED(1))));
    court_is(&court, 0, "failed: 0 % @ b.java | test this line");
    assert_int_equal(court.verdict.gates.items[0].rulings.count, 3);
}

static void alternatives_for_every_path_may_know_others(void **state)
{
    (void)state;
    hold(POLICY("      - {any: [coverage.lines >= 90%, new(coverage.lines) >= 90%], each: path}\n"),
         "", REPORT(FILE_("a.java", MISSED(1))));
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    assert_string_equal(court_details(&court, 0)->items[1].text, "none of its files changed");
    change("M 0.java 1");
    assert_string_equal(court_details(&court, 0)->items[1].text, "none of its files changed");
}

static void every_component_is_judged_apart(void **state)
{
    (void)state;
    hold(PARTS "      - {rule: new(coverage.lines) >= 60%, each: component}\n"
               "      - {rule: diff.files <= 1, each: component}\n",
         "M a.java 1; M fees/Fee.java 6", REPORT(FEE FILE_("a.java", HIT(1))));
    court_is(&court, 0, "failed: 0 % @ fees | test this line");
    court_is(&court, 1, "not applicable: no data @ ledger | none of its files changed");
    court_is(&court, 2, "passed: 1 @ fees");
    court_is(&court, 3, "passed: 0 @ ledger");
}

/* ---- how large it is ---- */

static void the_size_of_a_change_is_its_added_lines_and_files(void **state)
{
    (void)state;
    hold(PARTS "      - diff.lines <= 9\n"
               "      - diff.files <= 2\n"
               "      - diff.lines{path=\"fees/**\"} <= 8\n"
               "      - diff.lines{component=\"ledger\"} <= 1\n"
               "      - diff.files{path!=\"*.java\"} == 5\n",
         "M a.java 1 4-6; D b.java; M fees/Fee.java 1-8; R x.java ledger/Book.java", NULL);
    court_is(&court, 0, "failed: 12 | make the change 3 lines smaller, or part it in two");
    court_lists(&court, 0, 0, "fees/Fee.java 8 lines");
    court_lists(&court, 0, 1, "a.java 4 lines");
    court_lists(&court, 0, 2, "b.java 0 lines");
    court_lists(&court, 0, 3, "ledger/Book.java 0 lines");
    court_is(&court, 1, "failed: 4 | make the change 2 files smaller, or part it in two");
    court_is(&court, 2, "passed: 8");
    court_is(&court, 3, "passed: 0");
    court_is(&court, 4, "failed: 2 | bring it to 5");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].value.reports.count, 0);
    change("M a.java 1-10");
    court_is(&court, 0, "failed: 10 | make the change 1 line smaller, or part it in two");
}

static void every_path_of_a_change_can_be_bounded(void **state)
{
    (void)state;
    hold(POLICY("      - {rule: diff.lines <= 5, each: path}\n"
                "      - {any: [diff.files <= 0, diff.lines <= 5], each: path}\n"
                "      - diff.files <= 0\n"),
         "M a.java 1; M b.java 1-6", NULL);
    court_is(&court, 0, "failed: 6 @ b.java | make the change 1 line smaller, or part it in two");
    court_is(&court, 1, "passed: 1 @ a.java");
    court_is(
        &court, 2,
        "failed:  @ b.java | none of its rules holds | make the change 1 file smaller, or part it "
        "in two, or make the change 1 line smaller, or part it in two");
    court_is(&court, 3, "passed:  @ a.java | holds by diff.lines <= 5");
    change("");
    court_is(&court, 0, "not applicable: no data | this change touches no such file");
    court_is(&court, 1, "not applicable:  | none of its rules holds");
    court_is(&court, 2, "passed: 0");
}

static void a_waiver_of_findings_is_not_asked(void **state)
{
    (void)state;
    hold("version: 1\ngates: [{name: gate, require: [diff.lines <= 9, waivers.used <= 9]}]\n"
         "waivers: {unused: fail, entries: [{id: CVE-1, reason: r, owner: o, expires: "
         "2024-12-01}]}\n",
         EIGHT, NULL);
    assert_false(court.verdict.waivers.items[0].asked);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, shut)
    const struct CMUnitTest tests[] = {
        TEST(a_small_change_is_waived),
        TEST(one_line_is_singular),
        TEST(what_no_report_saw_comes_before_how_small_it_is),
        TEST(an_alternative_is_waived_for_a_small_change),
        TEST(an_alternative_may_leave_lines_untested),
        TEST(a_few_lines_may_stay_untested),
        TEST(the_smaller_way_to_pass_is_said),
        TEST(of_branches_the_lines_count),
        TEST(branches_of_two_reports_are_the_larger_numbers),
        TEST(a_tolerance_holds_first),
        TEST(it_may_only_warn),
        TEST(no_coverable_line_is_not_applicable),
        TEST(a_part_that_did_not_change_needs_no_report),
        TEST(a_report_that_cannot_be_read_is_an_error),
        TEST(optional_reports_may_be_absent),
        TEST(an_unknown_change_is_no_data),
        TEST(a_report_about_nothing_is_no_data),
        TEST(a_pattern_beyond_its_limit_is_an_error),
        TEST(so_is_one_of_a_format),
        TEST(every_changed_path_is_judged_apart),
        TEST(a_link_that_became_a_file_is_found),
        TEST(alternatives_for_every_path_may_know_others),
        TEST(every_component_is_judged_apart),
        TEST(the_size_of_a_change_is_its_added_lines_and_files),
        TEST(every_path_of_a_change_can_be_bounded),
        TEST(a_waiver_of_findings_is_not_asked),
    };
    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
