/* Beside the baseline: delta() and growth(), and what there is to compare with. */
#include "tests/support/beside.h"

/* ---- delta ----------------------------------------------------------------------------------- */

#define NOT_KNOWN \
    " | lines removed since are still part of it: what changed since the baseline is not known"

static void delta_is_now_minus_before(void **state)
{
    (void)state;
    const char *more = COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0)));
    const char *less = COVERAGE(FILE("a.c", FOUR(1, 1, 0, 0)));
    assert_string_equal(judged(RULE("delta(coverage.lines) >= 0pp"), "cobertura", less, more),
                        "passed: +25 pp (50 % → 75 %)" NOT_KNOWN);
    assert_string_equal(again(RULE("delta(coverage.lines) >= 0pp"), "cobertura", more, more),
                        "passed: 0 pp (75 % → 75 %)" NOT_KNOWN);
    assert_string_equal(again(RULE("delta(coverage.lines) >= 0pp"), "cobertura", more, less),
                        "failed: -25 pp (75 % → 50 %)" NOT_KNOWN
                        " | test 1 more line (of 2 that no test runs)");
    assert_string_equal(listed(), "a.c (2 of 4 lines not run)");
    assert_string_equal(again(RULE("delta(coverage.lines) >= -25pp"), "cobertura", more, less),
                        "passed: -25 pp (75 % → 50 %)" NOT_KNOWN);
    assert_string_equal(
        again(KEYS("delta(coverage.lines) >= 0pp", "tolerance: 25pp"), "cobertura", more, less),
        "passed: -25 pp (75 % → 50 %)" NOT_KNOWN "; held only by the tolerance of 25 pp");
    assert_string_equal(
        again(KEYS("delta(coverage.lines) >= 0pp", "tolerance: 24pp"), "cobertura", more, less),
        "failed: -25 pp (75 % → 50 %)" NOT_KNOWN " | test 1 more line (of 2 that no test runs)");
}

static void delta_of_a_count_has_no_unit(void **state)
{
    (void)state;
    assert_string_equal(judged(RULE("delta(tests.total) >= 0"), "junit",
                               SUITE(GOOD("a") GOOD("b") GOOD("c")), SUITE(GOOD("a"))),
                        "failed: -2 (3 → 1) | run 2 more tests");
    assert_string_equal(again(RULE("delta(tests.failed) <= 0"), "junit", SUITE(BAD("a")),
                              SUITE(BAD("a") BAD("b") BAD("c"))),
                        "failed: +2 (1 → 3) | make 2 of these 3 tests pass");
    assert_false(court.verdict.gates.items[0].rulings.items[0].value.has_parts);
    assert_string_equal(again(RULE("delta(tests.success_rate) >= 0pp"), "junit",
                              SUITE(GOOD("a") GOOD("b") BAD("c")),
                              SUITE(GOOD("a") GOOD("b") BAD("c") BAD("d"))),
                        "failed: -16.7 pp (66.7 % → 50.0 %) | make 1 of these 2 tests pass");
    assert_string_equal(again(RULE("delta(coverage.files) >= 0"), "cobertura",
                              COVERAGE(FILE("a.c", LINE(1, 1)) FILE("b.c", LINE(1, 1))),
                              COVERAGE(FILE("a.c", LINE(1, 1)))),
                        "failed: -1 (2 → 1) | report 1 more file");
}

/* Rounded alike, the two are shown with as many decimals as it takes. */
static void what_differs_looks_different(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - delta(tests.success_rate) >= 0pp\n"
                              "      - delta(tests.duration) <= 0s\n"
                              "      - delta(sonar.own_metric) <= 0\n"));
    for (int run = 0; run < 2; run++) {
        struct source *source = court_source(&court, "r", "junit");
        struct error err = {0};
        size_t at;
        assert_true(source_group(source, court.mem, "s", "", &at, &err));
        source->tests.groups.items[at].passed = 100000 - (uint64_t)run;
        source->tests.groups.items[at].failures = 100;
        source->tests.groups.items[at].duration_us = 1000000 + run;
        source->speaks = FAMILY_BIT(FAMILY_TESTS);
        source = court_source(&court, "s", "sonarqube");
        const struct fact fact = {.id = "sonar.own_metric", .number = {1 + run, 1000000000}};
        array_push(court.mem, &source->facts, fact);
        source->speaks = FAMILY_BIT(FAMILY_SONAR);
        if (run == 0)
            court_is_baseline(&court, "");
    }
    court_judge(&court);
    const struct rulings *rulings = &court.verdict.gates.items[0].rulings;
    assert_string_equal(ruling_text(&rulings->items[0], court.mem),
                        "-0.000001 pp (99.900100 % → 99.900099 %)");
    assert_string_equal(ruling_text(&rulings->items[1], court.mem),
                        "+0.000001 s (1.000000 s → 1.000001 s)");
    assert_string_equal(ruling_text(&rulings->items[2], court.mem),
                        "+1/1000000000 (0.000000 → 0.000000)");
}

/* ---- growth ---------------------------------------------------------------------------------- */

static void growth_is_relative(void **state)
{
    (void)state;
    const char *four = SUITE(GOOD("a") GOOD("b") GOOD("c") GOOD("d"));
    assert_string_equal(judged(RULE("growth(tests.total) >= -5%"), "junit", four,
                               SUITE(GOOD("a") GOOD("b") GOOD("c"))),
                        "failed: -25 % (4 → 3) | run 1 more test");
    assert_string_equal(again(RULE("growth(tests.total) >= -25%"), "junit", four,
                              SUITE(GOOD("a") GOOD("b") GOOD("c"))),
                        "passed: -25 % (4 → 3)");
    assert_string_equal(again(RULE("growth(tests.failed) <= 10%"), "junit",
                              SUITE(BAD("a") BAD("b") BAD("c")), SUITE(BAD("a") BAD("b"))),
                        "passed: -33.3 % (3 → 2)");
    assert_string_equal(again(KEYS("growth(tests.failed) <= 10%", "tolerance: 90%"), "junit",
                              SUITE(BAD("a")), SUITE(BAD("a") BAD("b"))),
                        "passed: +100 % (1 → 2) | held only by the tolerance of 90 %");
}

static void growth_from_nothing_is_unbounded(void **state)
{
    (void)state;
    const char *none = SUITE(GOOD("a")), *one = SUITE(GOOD("a") BAD("b"));
    assert_string_equal(judged(RULE("growth(tests.failed) <= 10%"), "junit", none, none),
                        "passed: 0 % (0 → 0)");
    assert_string_equal(again(RULE("growth(tests.failed) <= 1000000%"), "junit", none, one),
                        "failed: unbounded (0 → 1) | make this test pass");
    assert_string_equal(again(RULE("growth(tests.failed) < 10%"), "junit", none,
                              SUITE(GOOD("a") BAD("b") BAD("c"))),
                        "failed: unbounded (0 → 2) | make these 2 tests pass");
    assert_string_equal(again(RULE("growth(tests.failed) == 0%"), "junit", none, one),
                        "failed: unbounded (0 → 1) | make this test pass");
    assert_string_equal(
        again(RULE("growth(tests.failed) <= -5%"), "junit", none, one),
        "failed: unbounded (0 → 1) | the baseline is 0, which does not shrink: leave the rule out "
        "till it is more");
    const char *skipped = SUITE("<testcase name='s'><skipped/></testcase>");
    assert_string_equal(again(RULE("growth(tests.passed) >= 100%"), "junit", skipped, none),
                        "passed: unbounded (0 → 1)");
    assert_string_equal(again(RULE("growth(tests.passed) >= 100%"), "junit", skipped, skipped),
                        "failed: 0 % (0 → 0) | make 1 more test pass");
    assert_string_equal(again(RULE("growth(tests.passed) > 100%"), "junit", skipped, skipped),
                        "failed: 0 % (0 → 0) | make 1 more test pass");
    assert_string_equal(again(RULE("growth(coverage.lines_valid) != 0%"), "cobertura",
                              COVERAGE(FILE("a.c", "")), COVERAGE(FILE("a.c", ""))),
                        "failed: 0 % (0 → 0)" NOT_KNOWN " | report 1 more line");
}

/* Facts may be below zero; growth is of their size. */
static void growth_of_what_is_below_zero(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - growth(sonar.own_metric) >= 0%\n"
                              "      - growth(sonar.other_metric) <= 1000%\n"
                              "      - delta(sonar.third_metric) >= 0\n"));
    for (int run = 0; run < 2; run++) {
        struct source *source = court_source(&court, "r", "sonarqube");
        const int64_t numbers[][3] = {{-4, 0, 7}, {-5, -1, 8}};
        const char *const ids[] = {"sonar.own_metric", "sonar.other_metric", "sonar.third_metric"};
        for (size_t i = 0; i < 3; i++)
            array_push(court.mem, &source->facts,
                       ((struct fact){.id = ids[i],
                                      .number = number_of(numbers[run][i]),
                                      .word = run == 0 && i == 2 ? "NaN" : NULL}));
        source->speaks = FAMILY_BIT(FAMILY_SONAR);
        if (run == 0)
            court_is_baseline(&court, "");
    }
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: -25 % (-4 → -5) | 1 more");
    assert_string_equal(court_says(&court, 0, 1), "passed: unbounded (0 → -1)");
    assert_string_equal(court_says(&court, 0, 2),
                        "warned: no data | the baseline has no sonar.third_metric: it is a word "
                        "there | let qgate judge the target once, or name saved evidence with "
                        "--baseline");
}

/* ---- no baseline ----------------------------------------------------------------------------- */

static const char *without(const char *policy, enum outcome least, const char *remedy)
{
    court_open(&court, policy);
    court_report(&court, "r", "junit", SUITE(GOOD("a")));
    court.docket.no_baseline = least;
    court.docket.why_no_baseline = "nothing is recorded yet";
    court.docket.baseline_remedy = remedy;
    court_judge(&court);
    const char *says = arena_printf(court.mem, "%s", court_says(&court, 0, 0));
    assert_true(court.verdict.gates.items[0].rulings.items[0].no_baseline);
    return says;
}

static void without_a_baseline_the_policy_says_what_it_means(void **state)
{
    (void)state;
    const char *rule = "delta(tests.total) >= 0";
    static const struct {
        const char *key;
        enum outcome least;
        const char *says;
    } cases[] = {
        {"on_no_baseline: warn", OUTCOME_PASSED, "warned: no data | nothing is recorded yet" ONCE},
        {"on_no_baseline: pass", OUTCOME_PASSED, "passed: no data | nothing is recorded yet"},
        {"on_no_baseline: fail", OUTCOME_PASSED, "no data: no data | nothing is recorded yet" ONCE},
        {"on_no_baseline: pass", OUTCOME_NO_DATA,
         "no data: no data | nothing is recorded yet" ONCE},
        {"on_no_baseline: pass", OUTCOME_ERROR, "error: no data | nothing is recorded yet" ONCE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char policy[256];
        snprintf(policy, sizeof policy, KEYS("%s", "%s"), rule, cases[i].key);
        assert_string_equal(without(policy, cases[i].least, NULL), cases[i].says);
        court_close(&court);
    }
    assert_string_equal(without(RULE("new(tests.failed) == 0"), OUTCOME_PASSED, "git fetch"),
                        "warned: no data | nothing is recorded yet | git fetch");
}

static void an_alternative_without_a_baseline_does_not_hold(void **state)
{
    (void)state;
    assert_string_equal(
        without(POLICY("      - any: [delta(tests.total) >= 0, tests.total >= 2]\n"),
                OUTCOME_PASSED, NULL),
        "warned:  | none of its rules holds without a baseline | let qgate judge the target once, "
        "or name saved evidence with --baseline, or run 1 more test");
    assert_string_equal(listed(), "delta(tests.total) >= 0 (nothing is recorded yet), "
                                  "tests.total >= 2 (1)");
    court_close(&court);
    assert_string_equal(without(POLICY("      - any: [delta(tests.total) >= 0, tests.total >= 2]\n"
                                       "        on_no_baseline: pass\n"),
                                OUTCOME_PASSED, NULL),
                        "passed:  | none of its rules holds without a baseline");
    court_close(&court);
    assert_string_equal(
        without(POLICY("      - any: [delta(tests.total) >= 0, coverage.lines >= 2%]\n"
                       "        on_no_baseline: fail\n"),
                OUTCOME_PASSED, NULL),
        "no data:  | none of its rules holds without a baseline | let qgate judge the target once, "
        "or name saved evidence with --baseline, or name a report that gives it under `reports:` "
        "(format: cobertura)");
    court_close(&court);
    court_open(&court, POLICY("      - any: [delta(tests.total) >= 0, tests.total >= 1]\n"
                              "      - any: [delta(tests.total) >= 0, coverage.lines >= 2%]\n"));
    court_report(&court, "r", "junit", SUITE(GOOD("a")));
    court_report(&court, "c", "cobertura", "<coverage>");
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed:  | holds by tests.total >= 1");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[1].outcome, OUTCOME_ERROR);
    court_close(&court);
    assert_string_equal(judged(POLICY("      - any: [delta(tests.total) >= 0, tests.total >= 2]\n"),
                               "junit", SUITE(GOOD("a") GOOD("b")), SUITE(GOOD("a"))),
                        "failed:  | none of its rules holds | run 1 more test, or run 1 more test");
    assert_string_equal(listed(), "delta(tests.total) >= 0 (-1 (2 → 1)), tests.total >= 2 (1)");
}

static void each_without_a_value_is_not_about_the_baseline(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - {rule: new(vulnerabilities) == 0, each: package}\n"));
    court_report(&court, "r", "trivy", IMAGE(RESULT("i", "os-pkgs", "")));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "no data: no data | no package is listed | look at the job that writes r: "
                        "it left nothing to judge");
    assert_false(court.verdict.gates.items[0].rulings.items[0].no_baseline);
}

static void what_this_run_lacks_comes_first(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - delta(tests.total) >= 0\n"
                              "      - new(tests.failed) == 0\n"
                              "      - {rule: growth(tests.total) >= 0%, on_missing: skip}\n"));
    court_missing(&court, "r", "junit", false);
    court_judge(&court);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(court_says(&court, 0, i),
                            "no data: no data | r is not there | look at the job that should leave "
                            "r (not in every build? say `optional: true`)");
    assert_string_equal(court_says(&court, 0, 2), "not applicable: no data | r is not there");
}

/* ---- like with like -------------------------------------------------------------------------- */

static void each_report_is_compared_with_itself(void **state)
{
    (void)state;
    court_open(&court, RULE("delta(tests.total) >= 0"));
    court_report(&court, "unit", "junit", SUITE(GOOD("a") GOOD("b")));
    court_report(&court, "slow", "junit", SUITE(GOOD("c") GOOD("d") GOOD("e")));
    court_is_baseline(&court, "4f2c1ab09d3e77");
    court_report(&court, "unit", "junit", SUITE(GOOD("a") GOOD("b")));
    court_missing(&court, "slow", "junit", true);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 0 (2 → 2)");
    court_report(&court, "fast", "junit", SUITE(GOOD("f")));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "warned: no data | report fast of the baseline (4f2c1ab09d3e) says nothing "
                        "about tests.total" ONCE);
}

static void a_baseline_that_is_not_whole_is_none(void **state)
{
    (void)state;
    court_open(&court, RULE("delta(tests.total) >= 0"));
    court_report(&court, "r", "junit", SUITE(GOOD("a")));
    court_source(&court, "r", "junit")->whole = false;
    court_is_baseline(&court, "");
    court_report(&court, "r", "junit", SUITE(GOOD("a")));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "warned: no data | report r of the baseline is not all there was" ONCE);
}

#define SILENT(about) \
    "warned: no data | report r of the baseline (4f2c1ab09d3e) says nothing about " about ONCE

static void the_baseline_must_have_examined_the_same(void **state)
{
    (void)state;
    const char *scan = IMAGE(RESULT("i", "os-pkgs", ""));
    const char *other = IMAGE("{\"Target\":\"f\",\"Class\":\"config\"}");
    assert_string_equal(judged(RULE("new(vulnerabilities) == 0"), "trivy", other, scan),
                        SILENT("vulnerabilities"));
    assert_string_equal(again(RULE("new(findings) == 0"), "trivy", other, scan),
                        SILENT("findings"));
    assert_string_equal(again(RULE("new(vulnerabilities) == 0"), "trivy", scan, scan), "passed: 0");
    assert_string_equal(again(RULE("new(vulnerabilities) == 0"), "trivy", NULL, scan),
                        SILENT("vulnerabilities"));
    assert_string_equal(
        again(RULE("delta(load.p95{label=\"a\"}) <= 0ms"), "jmeter",
              "timeStamp,elapsed,label,success\n1,5,b,true\n",
              "timeStamp,elapsed,label,success\n1,5,a,true\n"),
        "warned: no data | the baseline (4f2c1ab09d3e) has no load.p95: no sample is listed" ONCE);
}

/* A report of one format does not stand for one of another that has its name. */
static void a_report_is_known_by_its_format_too(void **state)
{
    (void)state;
    court_open(&court, RULE("new(findings) == 0"));
    court_report(&court, "r", "sonarqube",
                 "{\"issues\":[],\"paging\":{\"pageIndex\":1,\"pageSize\":500,\"total\":0}}");
    court_is_baseline(&court, "");
    court_report(&court, "r", "trivy", IMAGE(RESULT("i", "os-pkgs", "")));
    court_judge(&court);
    assert_string_equal(
        court_says(&court, 0, 0),
        "warned: no data | report r of the baseline says nothing about findings" ONCE);
}

/* ---- which rules compare --------------------------------------------------------------------- */

static void only_some_rules_need_a_baseline(void **state)
{
    (void)state;
    static const struct {
        const char *rules;
        bool compares;
    } cases[] = {
        {RULE("tests.total >= 1"), false},
        {RULE("new(coverage.lines) >= 1%"), false},
        {RULE("delta(metric.size) <= 1"), false},
        {RULE("delta(tests.total) >= 0"), true},
        {RULE("new(tests.failed) == 0"), true},
        {POLICY("      - any: [tests.total >= 1, tests.total >= 2]\n"), false},
        {POLICY("      - any: [tests.total >= 1, growth(tests.total) >= 0%]\n"), true},
        {"version: 1\ngates:\n  - name: gate\n    warn: [delta(tests.total) >= 0]\n", true},
        {"version: 1\ngates:\n  - name: gate\n    stage: deploy\n    require: [delta(tests.total) "
         ">= 0]\n",
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        court_open(&court, cases[i].rules);
        assert_int_equal(judge_compares(&court.policy, "build"), cases[i].compares);
        if (i + 1 < sizeof cases / sizeof cases[0])
            court_close(&court);
    }
}

/* ---- what is shown beside the others --------------------------------------------------------- */

/* "50 %, +25 pp" of each ruling, judged with this baseline. */
static const char *shown(const char *rules, const char *then, const char *now)
{
    const char *text = "";
    court_close(&court);
    judged(rules, then[1] == 'c' ? "cobertura" : "junit", then, now);
    const struct rulings *rulings = &court.verdict.gates.items[0].rulings;
    for (size_t i = 0; i < rulings->count; i++)
        text = arena_printf(court.mem, "%s%s%s, %s", text, i == 0 ? "" : "; ",
                            ruling_before(&rulings->items[i], court.mem),
                            ruling_change(&rulings->items[i], court.mem));
    return text;
}

/* It decides nothing: a rule that does not compare has its baseline beside it. */
static void every_number_stands_beside_that_of_the_baseline(void **state)
{
    (void)state;
    court_open(&court, RULE("tests.total >= 1")); /* for shown() */
    const char *then = SUITE(GOOD("a") GOOD("b") GOOD("c"));
    assert_string_equal(shown(POLICY("      - tests.total >= 1\n"
                                     "      - tests.failed == 0\n"
                                     "      - tests.success_rate >= 10%\n"
                                     "      - growth(tests.total) >= 1%\n"
                                     "      - delta(tests.failed) <= 0\n"
                                     "      - new(tests.failed) == 0\n"),
                              then, SUITE(GOOD("a") BAD("b") BAD("c") BAD("d"))),
                        "3, +1; 0, +3; 100 %, -75 pp; 3, +1; 0, +3; , ");
    assert_string_equal(shown(RULE("tests.total >= 1"), then, then), "3, 0");
    assert_string_equal(shown(RULE("{any: [tests.total >= 1, tests.failed == 0]}"), then, then),
                        ", ");
    assert_string_equal(shown(RULE("{rule: tests.total >= 1, each: report}"), then, then), "3, 0");
    const char *more = COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0)));
    assert_string_equal(
        shown(RULE("coverage.lines >= 1%"), COVERAGE(FILE("a.c", FOUR(1, 1, 0, 0))), more),
        "50 %, +25 pp");
    assert_string_equal(shown(RULE("coverage.lines >= 1%"), COVERAGE(FILE("a.c", "")), more), ", ");
}

/* What was never looked at in the baseline is no 0. */
static void what_the_baseline_did_not_examine_is_not_shown(void **state)
{
    (void)state;
    court_open(&court, RULE("tests.total >= 1"));
    court_report(&court, "r", "junit", SUITE(GOOD("a")));
    court_source(&court, "r", "junit")->whole = false;
    court_is_baseline(&court, "");
    court_report(&court, "r", "junit", SUITE(GOOD("a")));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 1");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].before.kind, VALUE_NONE);
}

/* A word has no difference, and of what is no growth nothing is unbounded. */
static void words_stand_beside_nothing(void **state)
{
    (void)state;
    const char *status = "{\"projectStatus\":{\"status\":\"OK\",\"conditions\":[]}}";
    assert_string_equal(judged(RULE("sonar.quality_gate == OK"), "sonarqube", status, status),
                        "passed: OK");
    const struct ruling *ruling = &court.verdict.gates.items[0].rulings.items[0];
    assert_int_equal(ruling->before.kind, VALUE_NONE);
    struct ruling forged = *ruling;
    forged.before = (struct value){.kind = VALUE_NUMBER, .number = number_of(1)};
    assert_string_equal(ruling_change(&forged, court.mem), "");
    struct rule growth = *ruling->rule;
    growth.function = FUNCTION_GROWTH;
    forged.rule = &growth;
    assert_false(ruling_unbounded(&forged));
    forged.before.kind = VALUE_NONE;
    assert_false(ruling_unbounded(&forged));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(delta_is_now_minus_before),
        TEST(delta_of_a_count_has_no_unit),
        TEST(what_differs_looks_different),
        TEST(growth_is_relative),
        TEST(growth_from_nothing_is_unbounded),
        TEST(growth_of_what_is_below_zero),
        TEST(without_a_baseline_the_policy_says_what_it_means),
        TEST(an_alternative_without_a_baseline_does_not_hold),
        TEST(each_without_a_value_is_not_about_the_baseline),
        TEST(what_this_run_lacks_comes_first),
        TEST(each_report_is_compared_with_itself),
        TEST(a_baseline_that_is_not_whole_is_none),
        TEST(the_baseline_must_have_examined_the_same),
        TEST(a_report_is_known_by_its_format_too),
        TEST(only_some_rules_need_a_baseline),
        TEST(every_number_stands_beside_that_of_the_baseline),
        TEST(words_stand_beside_nothing),
        TEST(what_the_baseline_did_not_examine_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
