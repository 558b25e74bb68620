/* Beside the baseline: delta(), growth(), and what is new of findings and failing tests. */
#include "tests/support/court.h"

#define POLICY(rules) "version: 1\ngates:\n  - name: gate\n    require:\n" rules
#define RULE(rule) POLICY("      - " rule "\n")
#define KEYS(rule, keys) POLICY("      - rule: " rule "\n        " keys "\n")

#define LINE(number, hits) "<line number='" #number "' hits='" #hits "'/>"
#define FILE(path, lines) "<class filename='" path "'><lines>" lines "</lines></class>"
#define COVERAGE(files) \
    "<coverage><packages><package><classes>" files "</classes></package></packages></coverage>"
#define FOUR(a, b, c, d) LINE(1, a) LINE(2, b) LINE(3, c) LINE(4, d)

#define SUITE(cases) "<testsuites><testsuite name='s'>" cases "</testsuite></testsuites>"
#define GOOD(name) "<testcase classname='c' name='" name "'/>"
#define BAD(name) "<testcase classname='c' name='" name "'><failure message='m'/></testcase>"
#define BROKEN(name) "<testcase classname='c' name='" name "'><error message='m'/></testcase>"

#define SCAN(results) \
    "{\"SchemaVersion\":2,\"ArtifactType\":\"filesystem\",\"Results\":[" results "]}"
#define IMAGE(results) \
    "{\"SchemaVersion\":2,\"ArtifactType\":\"container_image\",\"Results\":[" results "]}"
#define RESULT(target, class, list)                                                                \
    "{\"Target\":\"" target "\",\"Class\":\"" class "\",\"Type\":\"t\",\"Vulnerabilities\":[" list \
                                                    "]}"
#define VULN(id, package, version, severity)                                                      \
    "{\"VulnerabilityID\":\"" id "\",\"PkgName\":\"" package "\",\"InstalledVersion\":\"" version \
    "\",\"FixedVersion\":\"9\",\"Severity\":\"" severity "\",\"Title\":\"t\"}"
#define OPEN_VULN(id, package, version, severity)                                                 \
    "{\"VulnerabilityID\":\"" id "\",\"PkgName\":\"" package "\",\"InstalledVersion\":\"" version \
    "\",\"Severity\":\"" severity "\"}"

static struct court court;

static int shut(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

/* Judge one rule: reports of then and now, all of one name. */
static const char *judged(const char *policy, const char *format, const char *then, const char *now)
{
    court_open(&court, policy);
    if (then != NULL)
        court_report(&court, "r", format, then);
    court_is_baseline(&court, "4f2c1ab09d3e77");
    court_report(&court, "r", format, now);
    court_judge(&court);
    return court_says(&court, 0, 0);
}

static const char *again(const char *policy, const char *format, const char *then, const char *now)
{
    court_close(&court);
    return judged(policy, format, then, now);
}

static const struct details *details(void)
{
    return &court.verdict.gates.items[0].rulings.items[0].details;
}

/* The subjects of all details, with what is said of each. */
static const char *listed(void)
{
    const char *text = "";
    for (size_t i = 0; i < details()->count; i++)
        text = arena_printf(court.mem, "%s%s%s (%s)", text, i == 0 ? "" : ", ",
                            details()->items[i].subject, details()->items[i].text);
    return text;
}

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

#define ONCE " | let qgate judge the target once, or name saved evidence with --baseline"

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

/* ---- lines that are gone --------------------------------------------------------------------- */

static struct change *since(const char *path, const char *old_path, enum change_how how)
{
    static struct change change;
    change = (struct change){.base = "4f2c1ab", .head = "77"};
    struct changed_file *file = array_add(court.mem, &change.files);
    *file = (struct changed_file){.path = path, .old_path = old_path, .how = how};
    court.docket.since_baseline = &change;
    return &change;
}

static void removed(struct change *change, uint32_t first, uint32_t last)
{
    array_push(court.mem, &change->files.items[change->files.count - 1].removed,
               ((struct line_range){first, last}));
}

static void covered(const char *policy, const char *then, const char *now)
{
    court_open(&court, policy);
    court_report(&court, "r", "cobertura", then);
    court_is_baseline(&court, "4f2c1ab09d3e77");
    court_report(&court, "r", "cobertura", now);
}

static void lines_that_are_gone_are_no_loss(void **state)
{
    (void)state;
    /* 3 of 4 are run; lines 1 and 2, both run, are taken out: 1 of 2 is left */
    covered(RULE("delta(coverage.lines) >= 0pp"), COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))),
            COVERAGE(FILE("a.c", LINE(1, 1) LINE(2, 0))));
    struct change *change = since("a.c", "a.c", CHANGE_MODIFIED);
    removed(change, 1, 2);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "passed: 0 pp (50 % → 50 %) | the baseline is 75 % with the lines that "
                        "were removed since");
    change->why_not = "its commit is not in this clone";
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "failed: -25 pp (75 % → 50 %) | lines removed since are still part of it: "
                        "its commit is not in this clone | test 1 more line (of 1 that no test "
                        "runs)");
}

static void lines_that_decide_nothing_are_not_mentioned(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines_covered) >= 0"), COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))),
            COVERAGE(FILE("a.c", FOUR(1, 1, 0, 0))));
    removed(since("a.c", "a.c", CHANGE_MODIFIED), 4, 4);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: -1 (3 → 2) | test 1 more line");
}

static void what_was_deleted_is_taken_out_whole(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines) >= 0pp"),
            COVERAGE(FILE("a.c", LINE(1, 0)) FILE("b.c", FOUR(1, 1, 1, 1))),
            COVERAGE(FILE("a.c", LINE(1, 0))));
    since("b.c", "b.c", CHANGE_DELETED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "passed: 0 pp (0 % → 0 %) | the baseline is 80 % with the lines that were "
                        "removed since");
}

/* A file is compared with itself under the name it has now; one that was added had no other. */
static void a_moved_file_is_the_same_file(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines{path=\"src/**\"}) >= 0pp"),
            COVERAGE(FILE("old/a.c", FOUR(1, 1, 0, 0)) FILE("src/b.c", LINE(1, 0))),
            COVERAGE(FILE("src/a.c", FOUR(1, 1, 0, 0)) FILE("src/b.c", LINE(1, 1))));
    struct change *change = since("src/a.c", "old/a.c", CHANGE_RENAMED);
    struct changed_file *file = array_add(court.mem, &change->files);
    *file = (struct changed_file){.path = "src/b.c", .old_path = "src/b.c", .how = CHANGE_ADDED};
    removed(change, 1, 1);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: +20 pp (40 % → 60 %)");
}

/* What is known of lines 1 to 3 of a.c after `ranges` were removed, in pages of 512 lines. */
static const char *left_of(const struct line_range *ranges, size_t count)
{
    covered(RULE("delta(coverage.lines_valid) == 0"),
            COVERAGE(FILE("a.c", LINE(1, 1) LINE(2, 1) LINE(511, 1) LINE(512, 1) LINE(1023, 1)
                                     LINE(1024, 1) LINE(1600, 1))),
            COVERAGE(FILE("a.c", LINE(1, 1))));
    struct change *change = since("a.c", "a.c", CHANGE_MODIFIED);
    for (size_t i = 0; i < count; i++)
        removed(change, ranges[i].first, ranges[i].last);
    court_judge(&court);
    const struct ruling *ruling = &court.verdict.gates.items[0].rulings.items[0];
    const char *text = arena_printf(court.mem, "%d", (int)ruling->before.number.above);
    static char kept[8];
    snprintf(kept, sizeof kept, "%s", text);
    court_close(&court);
    return kept;
}

static void ranges_may_lie_anywhere(void **state)
{
    (void)state;
#define LEFT(...)                                     \
    left_of((const struct line_range[]){__VA_ARGS__}, \
            sizeof((const struct line_range[]){__VA_ARGS__}) / sizeof(struct line_range))
    assert_string_equal(LEFT({3, 510}), "7");
    assert_string_equal(LEFT({1, 1}), "6");
    assert_string_equal(LEFT({2, 2}), "6");
    assert_string_equal(LEFT({1, 511}), "4");
    assert_string_equal(LEFT({511, 512}), "5");
    assert_string_equal(LEFT({512, 512}), "6");
    assert_string_equal(LEFT({511, 1600}), "2");
    assert_string_equal(LEFT({512, 1023}), "5");
    assert_string_equal(LEFT({1, 1}, {511, 511}, {1024, 1024}), "4");
    assert_string_equal(LEFT({2, 511}, {513, 1022}, {1600, 1600}), "4");
    assert_string_equal(LEFT({1601, 9000}), "7");
    assert_string_equal(LEFT({2000, 2147483647}), "7");
    court_open(&court, RULE("tests.total >= 1")); /* for shut() */
}

#define BRANCH(number, of) \
    "<line number='" #number "' hits='1' branch='true' condition-coverage='50% (" of ")'/>"

static void branches_go_with_their_lines(void **state)
{
    (void)state;
    covered(
        RULE("delta(coverage.branches_valid) == 0"),
        COVERAGE(FILE("a.c", BRANCH(3, "1/2") BRANCH(5, "1/4") BRANCH(7, "4/8") BRANCH(9, "8/16"))),
        COVERAGE(FILE("a.c", BRANCH(3, "1/2"))));
    struct change *change = since("a.c", "a.c", CHANGE_MODIFIED);
    removed(change, 4, 5);
    removed(change, 9, 9);
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].before.number.above, 2 + 8);
    change->files.items[0].removed.count = 0;
    removed(change, 1, 3);
    removed(change, 6, 6);
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].before.number.above, 4 + 8 + 16);
}

static void a_baseline_of_which_nothing_is_left_is_none(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines) >= 0pp"), COVERAGE(FILE("a.c", LINE(1, 1))),
            COVERAGE(FILE("b.c", LINE(1, 1))));
    since("a.c", "a.c", CHANGE_DELETED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0),
                        "warned: no data | the baseline (4f2c1ab09d3e) has no coverage.lines: no "
                        "coverable line is listed" ONCE);
}

/* A rule alone, and one after the other: what is gone is taken out once. */
static void several_rules_share_what_is_left(void **state)
{
    (void)state;
    covered(POLICY("      - delta(coverage.lines_valid) <= 0\n"
                   "      - delta(coverage.lines_covered) >= 0\n"),
            COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))), COVERAGE(FILE("a.c", LINE(1, 1))));
    removed(since("a.c", "a.c", CHANGE_MODIFIED), 2, 3);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: -1 (2 → 1)");
    assert_string_equal(court_says(&court, 0, 1),
                        "passed: 0 (1 → 1) | the baseline is 3 with the lines that were "
                        "removed since");
}

/* The change is sorted by the names of now. */
static void files_may_change_their_names_crosswise(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines) >= 0pp"),
            COVERAGE(FILE("m.c", LINE(1, 1)) FILE("n.c", LINE(1, 1)) FILE("o.c", LINE(1, 0))),
            COVERAGE(FILE("c.c", LINE(1, 0))));
    struct change *change = since("a.c", "o.c", CHANGE_MODIFIED);
    *array_add(court.mem, &change->files) =
        (struct changed_file){.path = "b.c", .old_path = "n.c", .how = CHANGE_DELETED};
    *array_add(court.mem, &change->files) =
        (struct changed_file){.path = "c.c", .old_path = "m.c", .how = CHANGE_DELETED};
    court_judge(&court);
    assert_string_equal(
        court_says(&court, 0, 0),
        "passed: 0 pp (0 % → 0 %) | the baseline is 66.7 % with the lines that were "
        "removed since");
}

static void a_change_that_only_adds_takes_nothing_out(void **state)
{
    (void)state;
    covered(RULE("delta(coverage.lines) >= 0pp"), COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))),
            COVERAGE(FILE("a.c", FOUR(1, 1, 1, 0))));
    since("b.c", "b.c", CHANGE_ADDED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 0 pp (75 % → 75 %)");
    court.docket.then = NULL;
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "warned: no data | none" ONCE);
}

/* ---- new tests that fail --------------------------------------------------------------------- */

static void a_test_that_failed_before_is_not_new(void **state)
{
    (void)state;
    const char *rule = RULE("new(tests.failed) == 0");
    assert_string_equal(judged(rule, "junit", SUITE(BAD("a")), SUITE(BAD("a"))), "passed: 0");
    assert_string_equal(again(rule, "junit", SUITE(BAD("a")), SUITE(BROKEN("a"))), "passed: 0");
    assert_string_equal(again(rule, "junit", SUITE(BAD("b")), SUITE(BAD("a") BAD("b") GOOD("c"))),
                        "failed: 1 | make this test pass");
    assert_string_equal(listed(), "c.a (m)");
    assert_string_equal(again(rule, "junit", SUITE(GOOD("a")), SUITE(BAD("a") BAD("b") BAD("c"))),
                        "failed: 3 | make these 3 tests pass");
    assert_string_equal(again(RULE("new(tests.failed) <= 1"), "junit", SUITE(GOOD("a")),
                              SUITE(BAD("a") BAD("b") BAD("c"))),
                        "failed: 3 | make 2 of these 3 tests pass");
    assert_false(court.verdict.gates.items[0].rulings.items[0].value.has_parts);
    assert_string_equal(
        again(RULE("new(tests.failures) == 0"), "junit", SUITE(BROKEN("a")), SUITE(BAD("a"))),
        "failed: 1 | make this test pass");
    assert_string_equal(
        again(RULE("new(tests.failed) == 2"), "junit", SUITE(GOOD("a")), SUITE(BAD("a"))),
        "failed: 1 | bring it to 2");
}

static void what_makes_a_test_the_same_test(void **state)
{
    (void)state;
    const char *rule = RULE("new(tests.failed) == 0");
#define CASE(class, name, file) \
    "<testcase classname='" class "' name='" name "' file='" file "'><failure/></testcase>"
    const char *then = SUITE(CASE("c", "n", "f"));
    assert_string_equal(judged(rule, "junit", then, SUITE(CASE("c", "n", "f"))), "passed: 0");
    assert_string_equal(again(rule, "junit", then, SUITE(CASE("d", "n", "f"))),
                        "failed: 1 | make this test pass");
    assert_string_equal(again(rule, "junit", then, SUITE(CASE("c", "m", "f"))),
                        "failed: 1 | make this test pass");
    assert_string_equal(again(rule, "junit", then, SUITE(CASE("c", "n", "g"))),
                        "failed: 1 | make this test pass");
    assert_string_equal(again(rule, "junit", then, SUITE(CASE("c", "n", "f") CASE("c", "n", "f"))),
                        "failed: 1 | make this test pass");
    /* the suite may be called anything */
    assert_string_equal(
        again(rule, "junit", then, "<testsuite name='other'>" CASE("c", "n", "f") "</testsuite>"),
        "passed: 0");
}

static void a_suite_that_broke_is_known_by_its_name(void **state)
{
    (void)state;
    const char *rule = RULE("new(tests.failed) == 0");
#define BROKEN_SUITE(name) \
    "<testsuite name='" name "'><error message='m'/>" GOOD("a") "</testsuite>"
    const char *then = BROKEN_SUITE("s");
    assert_string_equal(judged(rule, "junit", then, BROKEN_SUITE("s")), "passed: 0");
    assert_string_equal(again(rule, "junit", then, BROKEN_SUITE("t")),
                        "failed: 1 | make this test pass");
    assert_string_equal(
        again(rule, "junit", then, "<testsuite name='s'><testcase><error/></testcase></testsuite>"),
        "failed: 1 | make this test pass");
}

static void another_report_of_the_baseline_does_not_count(void **state)
{
    (void)state;
    court_open(&court, POLICY("      - new(tests.failed) == 0\n"
                              "      - new(tests.failed{report=\"unit\"}) == 0\n"));
    court_report(&court, "slow", "junit", SUITE(BAD("a")));
    court_report(&court, "unit", "junit", SUITE(GOOD("a")));
    court_is_baseline(&court, "");
    court_report(&court, "slow", "junit", SUITE(BAD("b")));
    court_report(&court, "unit", "junit", SUITE(BAD("a")));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 2 | make these 2 tests pass");
    assert_string_equal(court_says(&court, 0, 1), "failed: 1 | make this test pass");
}

/* ---- new findings ---------------------------------------------------------------------------- */

static const char *const no_new = RULE("new(vulnerabilities) == 0");

static void a_finding_of_the_baseline_is_not_new(void **state)
{
    (void)state;
    const char *one = IMAGE(RESULT("i:1 (debian)", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")));
    assert_string_equal(judged(no_new, "trivy", one, one), "passed: 0");
    /* another tag of the image, another version of the package */
    assert_string_equal(
        again(no_new, "trivy", one,
              IMAGE(RESULT("i:2 (debian)", "os-pkgs", VULN("CVE-1", "a", "2", "LOW")))),
        "passed: 0");
    assert_string_equal(again(no_new, "trivy", IMAGE(RESULT("i:1", "os-pkgs", "")), one),
                        "failed: 1 | update a to 9");
    assert_string_equal(listed(), "CVE-1 (t)");
    assert_string_equal(
        again(
            RULE("new(vulnerabilities) <= 1"), "trivy", IMAGE(RESULT("i:1", "os-pkgs", "")),
            IMAGE(RESULT("i:1", "os-pkgs",
                         VULN("CVE-1", "a", "1", "LOW") "," OPEN_VULN("CVE-2", "b", "1", "LOW")))),
        "failed: 2 | repair 1 of these 2");
}

static void what_became_worse_is_new(void **state)
{
    (void)state;
    const char *low = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")));
    const char *high = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "HIGH")));
    const char *none = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "UNKNOWN")));
    assert_string_equal(judged(no_new, "trivy", low, high), "failed: 1 | update a to 9");
    assert_string_equal(again(no_new, "trivy", high, low), "passed: 0");
    assert_string_equal(again(no_new, "trivy", none, low), "failed: 1 | update a to 9");
    assert_string_equal(again(no_new, "trivy", low, none), "passed: 0");
    assert_string_equal(
        again(RULE("new(vulnerabilities{severity>=\"high\"}) == 0"), "trivy", low, high),
        "failed: 1 | update a to 9");
    assert_string_equal(
        again(RULE("new(vulnerabilities{severity>=\"high\"}) == 0"), "trivy", high, high),
        "passed: 0");
}

/* That a fix came out since makes nothing new. */
static void a_fix_since_is_no_news(void **state)
{
    (void)state;
    assert_string_equal(judged(RULE("new(vulnerabilities{fixable=\"yes\"}) == 0"), "trivy",
                               IMAGE(RESULT("i", "os-pkgs", OPEN_VULN("CVE-1", "a", "1", "LOW"))),
                               IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")))),
                        "passed: 0");
}

static void as_often_as_the_baseline_has_it(void **state)
{
    (void)state;
    const char *two = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")) "," RESULT(
        "j", "os-pkgs", VULN("CVE-1", "a", "1", "HIGH")));
    const char *one = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")));
    assert_string_equal(judged(no_new, "trivy", two, one), "passed: 0");
    assert_string_equal(again(no_new, "trivy", two, two), "passed: 0");
    /* the low one became high, and another came: the baseline knew it, so it is not disclosed */
    assert_string_equal(again(no_new, "trivy", one, two), "failed: 2 | update a to 9");
}

/* In the image of one component a package is known, and news in that of another. */
static void a_part_is_compared_with_itself(void **state)
{
    (void)state;
    court_open(&court, "version: 1\ncomponents: {fees: fees/**, ledger: ledger/**}\n"
                       "gates:\n  - name: gate\n    require:\n"
                       "      - new(vulnerabilities{component=\"fees\"}) == 0\n"
                       "      - new(vulnerabilities{component=\"ledger\"}) == 0\n"
                       "      - new(vulnerabilities{component!=\"fees\"}) == 0\n");
    const char *none = IMAGE(RESULT("i", "os-pkgs", ""));
    const char *one = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")));
    for (int run = 0; run < 2; run++) {
        struct source *source = court_source(&court, "r", "trivy"), *fresh;
        const char *const reports[] = {"fees/t.json", "ledger/t.json"};
        for (size_t i = 0; i < 2; i++) {
            court_report(&court, reports[i], "trivy", run == 0 && i == 0 ? none : one);
            fresh = court_source(&court, reports[i], "trivy");
            source = court_source(&court, "r", "trivy");
            struct error err = {0};
            fresh->origin = reports[i];
            assert_true(source_merge(source, court.mem, fresh, &err));
            *array_add(court.mem, &source->inputs) =
                (struct input_record){.path = reports[i], .state = INPUT_READ};
            court.evidence.sources.count--;
        }
        if (run == 0)
            court_is_baseline(&court, "");
    }
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | update a to 9");
    assert_string_equal(court_says(&court, 0, 1), "passed: 0");
    assert_string_equal(court_says(&court, 0, 2), "passed: 0");
    court.then.sources.items[0].inputs.count = 1; /* the ledger was not scanned */
    court_judge(&court);
    assert_string_equal(
        court_says(&court, 0, 1),
        "warned: no data | report r of the baseline says nothing about vulnerabilities" ONCE);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | update a to 9");
}

static void waivers_reach_what_is_new(void **state)
{
    (void)state;
    const char *policy =
        "version: 1\n"
        "waivers: [{id: CVE-1, package: a, reason: r, owner: o, expires: 2024-10-04}]\n"
        "gates:\n  - name: gate\n    require:\n"
        "      - new(vulnerabilities) == 0\n      - delta(vulnerabilities) <= 0\n";
    const char *none = IMAGE(RESULT("i", "os-pkgs", ""));
    const char *one = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")));
    const char *two = IMAGE(
        RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-2", "b", "1", "LOW")));
    assert_string_equal(judged(policy, "trivy", none, one), "waived: 0");
    assert_string_equal(listed(), "CVE-1 (waived: r, owner o, expires today)");
    assert_int_equal(court.verdict.waivers.items[0].used, 2);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].value.waived, 1);
    assert_string_equal(court_says(&court, 0, 1), "waived: 0 (0 → 0)");
    assert_string_equal(again(policy, "trivy", none, two), "failed: 1 | update b to 9");
    assert_string_equal(listed(), "CVE-2 (t), CVE-1 (waived: r, owner o, expires today)");
    /* what is old needs no waiver */
    assert_string_equal(again(policy, "trivy", one, one), "passed: 0");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].value.waived, 0);
    assert_string_equal(listed(), "");
    assert_string_equal(court_says(&court, 0, 1), "passed: 0 (0 → 0)");
    assert_int_equal(court.verdict.waivers.items[0].used, 1);
    assert_string_equal(again(policy, "trivy", one, none), "passed: 0");
}

/* ---- newly disclosed ------------------------------------------------------------------------- */

#define SINCE "newly disclosed, in a package that did not change"

static void published_since_in_a_package_that_was_there(void **state)
{
    (void)state;
    const char *then = IMAGE(RESULT("i:1", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")));
    const char *policy = POLICY("      - new(vulnerabilities) == 0\n"
                                "      - new(findings) == 0\n"
                                "      - vulnerabilities == 0\n");
    const char *now = IMAGE(RESULT(
        "i:2", "os-pkgs", VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-2", "a", "1", "HIGH")));
    assert_string_equal(judged(policy, "trivy", then, now), "passed: 0");
    assert_string_equal(listed(), "CVE-2 (" SINCE ")");
    assert_string_equal(court_says(&court, 0, 1), "passed: 0");
    assert_string_equal(court_says(&court, 0, 2), "failed: 2 | update a to 9");
    assert_int_equal(court.verdict.disclosed, 1);
    /* another version came with the change, or another package */
    assert_string_equal(
        again(no_new, "trivy", then, IMAGE(RESULT("i", "os-pkgs", VULN("CVE-2", "a", "2", "LOW")))),
        "failed: 1 | update a to 9");
    assert_int_equal(court.verdict.disclosed, 0);
    assert_string_equal(
        again(no_new, "trivy", then, IMAGE(RESULT("i", "os-pkgs", VULN("CVE-2", "b", "1", "LOW")))),
        "failed: 1 | update b to 9");
    assert_string_equal(again(no_new, "trivy", then,
                              IMAGE(RESULT("i", "lang-pkgs", VULN("CVE-2", "a", "1", "LOW")))),
                        "failed: 1 | update a to 9");
}

static void disclosed_is_listed_behind_what_is_new(void **state)
{
    (void)state;
    assert_string_equal(
        judged(no_new, "trivy", IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW"))),
               IMAGE(RESULT("i", "os-pkgs",
                            VULN("CVE-2", "a", "1", "HIGH") "," VULN("CVE-3", "b", "1", "LOW")))),
        "failed: 1 | update b to 9");
    assert_string_equal(listed(), "CVE-3 (t), CVE-2 (" SINCE ")");
}

/* As many as there were: what comes on top came with the change. */
static void not_more_often_than_the_package_was_there(void **state)
{
    (void)state;
    const char *one = IMAGE(
        RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-0", "a", "1", "LOW")));
    const char *two = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")) "," RESULT(
        "j", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")));
    const char *now = IMAGE(RESULT(
        "i", "os-pkgs",
        VULN("CVE-2", "a", "1", "LOW") "," VULN(
            "CVE-3", "a", "1", "LOW")) "," RESULT("j", "os-pkgs", VULN("CVE-2", "a", "1", "LOW")));
    assert_string_equal(judged(no_new, "trivy", one, now), "failed: 1 | update a to 9");
    assert_int_equal(court.verdict.disclosed, 2);
    assert_string_equal(listed(), "CVE-2 (t), CVE-2 (" SINCE "), CVE-3 (" SINCE ")");
    assert_string_equal(again(no_new, "trivy", two, now), "passed: 0");
    assert_int_equal(court.verdict.disclosed, 3);
    /* and when another package is listed between them */
    const char *parted =
        IMAGE(RESULT("i", "os-pkgs",
                     VULN("CVE-2", "a", "1", "HIGH") "," VULN("CVE-2", "b", "1", "MEDIUM") "," VULN(
                         "CVE-2", "a", "1", "LOW")));
    const char *both = IMAGE(
        RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-1", "b", "1", "LOW")));
    assert_string_equal(again(no_new, "trivy", both, parted), "failed: 1 | update a to 9");
    assert_int_equal(court.verdict.disclosed, 2);
}

/* In another lock file the same version came with the change. */
static void a_package_is_known_at_its_place(void **state)
{
    (void)state;
    const char *then = IMAGE(RESULT("a/lock", "lang-pkgs", VULN("CVE-1", "p", "1", "LOW")));
    assert_string_equal(
        judged(no_new, "trivy", then,
               IMAGE(RESULT("b/lock", "lang-pkgs", VULN("CVE-2", "p", "1", "LOW")))),
        "failed: 1 | update p to 9");
    assert_string_equal(again(no_new, "trivy", then,
                              IMAGE(RESULT("b/lock", "lang-pkgs", VULN("CVE-1", "p", "1", "LOW")))),
                        "failed: 1 | update p to 9");
    assert_string_equal(again(no_new, "trivy", then,
                              IMAGE(RESULT("a/lock", "lang-pkgs", VULN("CVE-2", "p", "1", "LOW")))),
                        "passed: 0");
}

/* Known elsewhere in the baseline, so it was not published since. */
static void what_was_known_is_not_disclosed(void **state)
{
    (void)state;
    const char *then =
        IMAGE(RESULT("a/lock", "lang-pkgs", VULN("CVE-1", "p", "1", "LOW")) "," RESULT(
            "b/lock", "lang-pkgs", VULN("CVE-2", "p", "2", "LOW")));
    assert_string_equal(
        judged(no_new, "trivy", then,
               IMAGE(RESULT("a/lock", "lang-pkgs", VULN("CVE-2", "p", "1", "LOW")))),
        "failed: 1 | update p to 9");
}

/* What the baseline has in packages is the same for every package, and another in every report. */
static void each_value_finds_what_was_disclosed(void **state)
{
    (void)state;
    const char *then =
        IMAGE(RESULT("i", "os-pkgs",
                     VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-1", "b", "1", "LOW")));
    const char *now = IMAGE(RESULT(
        "i", "os-pkgs",
        VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-2", "a", "1", "LOW") "," VULN(
            "CVE-1", "b", "1", "LOW") "," VULN("CVE-2", "b", "1", "LOW") "," VULN("CVE-3", "c", "1",
                                                                              "LOW")));
    assert_string_equal(
        judged(KEYS("new(vulnerabilities) == 0", "each: package"), "trivy", then, now),
        "failed: 1 @ c | update c to 9");
    assert_string_equal(court_says(&court, 0, 1), "passed: 0 @ a");
    assert_string_equal(court_says(&court, 0, 2), "passed: 0 @ b");
    assert_int_equal(court.verdict.disclosed, 2);
    static const char *const labels[] = {"each: report", "each: format"};
    static const char *const names[] = {"r", "trivy"};
    for (size_t k = 0; k < 2; k++) {
        char policy[256];
        snprintf(policy, sizeof policy, KEYS("new(vulnerabilities) == 0", "%s"), labels[k]);
        char wanted[64];
        snprintf(wanted, sizeof wanted, "failed: 1 @ %s | update c to 9", names[k]);
        assert_string_equal(again(policy, "trivy", then, now), wanted);
        assert_int_equal(court.verdict.disclosed, 2);
    }
}

/* A package that another report had does not make one known here. */
static void each_report_has_packages_of_its_own(void **state)
{
    (void)state;
    court_open(&court, KEYS("new(vulnerabilities) == 0", "each: report"));
    court_report(&court, "r", "trivy",
                 IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW"))));
    court_report(&court, "s", "trivy",
                 IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "b", "1", "LOW"))));
    court_is_baseline(&court, "4f2c1ab09d3e77");
    court_report(&court, "r", "trivy",
                 IMAGE(RESULT("i", "os-pkgs", VULN("CVE-2", "a", "1", "LOW"))));
    court_report(&court, "s", "trivy",
                 IMAGE(RESULT("i", "os-pkgs",
                              VULN("CVE-2", "b", "1", "LOW") "," VULN("CVE-3", "a", "1", "LOW"))));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 @ s | update a to 9");
    assert_string_equal(court_says(&court, 0, 1), "passed: 0 @ r");
    assert_int_equal(court.verdict.disclosed, 2);
}

/* However many rules come upon it. */
static void each_is_counted_once(void **state)
{
    (void)state;
    const char *then = IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "p", "1", "LOW")));
    const char *now = IMAGE(
        RESULT("i", "os-pkgs", VULN("CVE-2", "p", "1", "LOW") "," VULN("CVE-4", "p", "1", "LOW")));
    judged(POLICY("      - new(vulnerabilities{id=\"CVE-4\"}) == 0\n"
                  "      - new(vulnerabilities{id=\"CVE-2\"}) == 0\n"
                  "      - new(vulnerabilities{id!=\"CVE-2\"}) == 0\n"
                  "      - new(vulnerabilities) == 0\n"),
           "trivy", then, now);
    assert_int_equal(court.verdict.disclosed, 2);
}

/* Reports list the worst first, whatever its package is called. */
static void packages_may_come_in_any_order(void **state)
{
    (void)state;
    assert_string_equal(
        judged(no_new, "trivy",
               IMAGE(RESULT("i", "os-pkgs",
                            VULN("CVE-1", "p", "1", "LOW") "," VULN("CVE-0", "q", "1", "LOW"))),
               IMAGE(RESULT("i", "os-pkgs",
                            VULN("CVE-5", "q", "1", "HIGH") "," VULN("CVE-6", "p", "1", "LOW")))),
        "passed: 0");
    assert_int_equal(court.verdict.disclosed, 2);
}

/* What became worse was known: nobody disclosed it since. */
static void what_became_worse_is_not_disclosed(void **state)
{
    (void)state;
    court_open(&court, no_new);
    court_report(&court, "r", "trivy",
                 SCAN(RESULT("lock", "lang-pkgs", VULN("CVE-1", "p", "1", "LOW"))));
    court_is_baseline(&court, "");
    court_report(&court, "r", "trivy",
                 SCAN(RESULT("lock", "lang-pkgs", VULN("CVE-1", "p", "1", "HIGH"))));
    court.evidence.sources.items[0].findings.items[0].tracked = true;
    since("a.c", "a.c", CHANGE_MODIFIED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | update p to 9");
}

/* The same package in another report is another one; what is known there is not known here. */
static void each_report_knows_its_packages(void **state)
{
    (void)state;
    court_open(&court, no_new);
    court_report(&court, "a", "trivy",
                 IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "p", "1", "LOW"))));
    court_report(&court, "b", "trivy",
                 IMAGE(RESULT("i", "os-pkgs", VULN("CVE-2", "p", "2", "LOW"))));
    court_is_baseline(&court, "");
    court_report(&court, "a", "trivy",
                 IMAGE(RESULT("i", "os-pkgs", VULN("CVE-2", "p", "1", "LOW"))));
    court_report(&court, "b", "trivy",
                 IMAGE(RESULT("i", "os-pkgs", VULN("CVE-3", "p", "1", "LOW"))));
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | update p to 9");
    assert_string_equal(listed(), "CVE-3 (t), CVE-2 (" SINCE ")");
}

/* Of kinds that share their identities, each is by itself. */
static void a_family_is_part_of_what_it_is(void **state)
{
    (void)state;
#define BOTH(vulnerability, license)                                                          \
    IMAGE(RESULT("i", "lang-pkgs", vulnerability) ",{\"Target\":\"i\",\"Class\":\"license\"," \
                                                  "\"Licenses\":[" license "]}")
    const char *license = "{\"Severity\":\"LOW\",\"PkgName\":\"p\",\"Name\":\"MIT\"}";
    char then[512], now[512];
    snprintf(then, sizeof then, BOTH("%s", "%s"), "", license);
    snprintf(now, sizeof now, BOTH("%s", "%s"), VULN("CVE-1", "q", "1", "LOW"), license);
    assert_string_equal(judged(RULE("new(findings) == 0"), "trivy", then, now),
                        "failed: 1 | update q to 9");
    assert_string_equal(listed(), "CVE-1 (t)");
    struct findings *findings = &court.evidence.sources.items[0].findings;
    for (size_t i = 0; i < findings->count; i++)
        findings->items[i].identity = "one";
    court.then.sources.items[0].findings.items[0].identity = "one";
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | update q to 9");
}

/* Old reports name no class, some scanners no target, and the list of files may have none. */
static void what_is_not_named_is_alike(void **state)
{
    (void)state;
    court_open(&court, no_new);
    court_report(&court, "r", "trivy",
                 IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "p", "1", "LOW"))));
    court_is_baseline(&court, "");
    court_report(&court, "r", "trivy",
                 IMAGE(RESULT("i", "os-pkgs",
                              VULN("CVE-2", "p", "1", "LOW") "," VULN("CVE-3", "p", "1", "LOW"))));
    struct findings *now = &court.evidence.sources.items[0].findings;
    struct finding *then = &court.then.sources.items[0].findings.items[0];
    then->class = then->target = NULL;
    for (size_t i = 0; i < now->count; i++)
        now->items[i].class = now->items[i].target = now->items[i].rule = NULL;
    now->items[1].tracked = true;
    now->items[1].path = "lock";
    since("a.c", "a.c", CHANGE_MODIFIED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 0");
    assert_int_equal(court.verdict.disclosed, 2);
    then->version = NULL; /* it names no version: nothing is known of this one */
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | update p to 9");
    assert_int_equal(court.verdict.disclosed, 1);
    then->package = NULL;
    court_judge(&court);
    assert_int_equal(court.verdict.disclosed, 1);
}

static void only_vulnerabilities_of_packages_are_disclosed(void **state)
{
    (void)state;
    const char *then = IMAGE(RESULT("i", "os-pkgs", "{\"VulnerabilityID\":\"CVE-1\"}"));
    const char *now = IMAGE(RESULT("i", "os-pkgs", "{\"VulnerabilityID\":\"CVE-2\"}"));
    assert_string_equal(judged(no_new, "trivy", then, now), "failed: 1 | repair this one");
#define LICENSE(name)                                                                    \
    IMAGE("{\"Target\":\"f\",\"Class\":\"license\",\"Licenses\":[{\"Severity\":\"LOW\"," \
          "\"PkgName\":\"p\",\"Name\":\"" name "\"}]}")
    assert_string_equal(again(RULE("new(licenses) == 0"), "trivy", LICENSE("MIT"), LICENSE("GPL")),
                        "failed: 1 | repair this one");
}

/* ---- in a file that did not change ----------------------------------------------------------- */

/* Nothing was found in the lock file before; now two are, in different packages. */
static const char *locked(const char *changed, const char *old_path, bool tracked)
{
    court_open(&court, no_new);
    court_report(&court, "r", "trivy", SCAN(RESULT("web/lock", "lang-pkgs", "")));
    court_is_baseline(&court, "");
    court_report(&court, "r", "trivy",
                 SCAN(RESULT("web/lock", "lang-pkgs",
                             VULN("CVE-1", "p", "1", "LOW") "," VULN("CVE-2", "q", "1", "LOW"))));
    struct findings *findings = &court.evidence.sources.items[0].findings;
    for (size_t i = 0; i < findings->count; i++)
        findings->items[i].tracked = tracked;
    if (changed != NULL)
        since(changed, old_path, CHANGE_MODIFIED);
    court_judge(&court);
    static char says[128];
    snprintf(says, sizeof says, "%s, %d disclosed", court_says(&court, 0, 0),
             (int)court.verdict.disclosed);
    court_close(&court);
    return says;
}

static void published_since_in_a_file_that_did_not_change(void **state)
{
    (void)state;
    const char *all_new = "failed: 2 | update p to 9, q to 9, 0 disclosed";
    assert_string_equal(locked("src/a.c", "src/a.c", true), "passed: 0, 2 disclosed");
    assert_string_equal(locked("src/a.c", "src/a.c", false), all_new);
    assert_string_equal(locked(NULL, NULL, true), all_new);
    assert_string_equal(locked("web/lock", "web/lock", true), all_new);
    assert_string_equal(locked("other", "web/lock", true), all_new);
    /* the scanner may have been started in another folder */
    assert_string_equal(locked("app/web/lock", "app/web/lock", true), all_new);
    assert_string_equal(locked("lock", "lock", true), all_new);
    assert_string_equal(locked("block", "block", true), "passed: 0, 2 disclosed");
    court_open(&court, no_new); /* for shut() */
}

static void each_file_by_itself(void **state)
{
    (void)state;
    court_open(&court, no_new);
    court_report(&court, "r", "trivy", SCAN(RESULT("a/lock", "lang-pkgs", "")));
    court_is_baseline(&court, "");
    court_report(&court, "r", "trivy",
                 SCAN(RESULT("b/lock", "lang-pkgs", VULN("CVE-2", "p", "1", "LOW")) "," RESULT(
                     "a/lock", "lang-pkgs", VULN("CVE-1", "p", "1", "LOW"))));
    struct findings *findings = &court.evidence.sources.items[0].findings;
    findings->items[0].tracked = findings->items[1].tracked = true;
    since("a/lock", "a/lock", CHANGE_MODIFIED);
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | update p to 9");
    assert_string_equal(listed(), "CVE-1 (t), CVE-2 (" SINCE ")");
    court.docket.since_baseline = NULL;
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 2 | update p to 9");
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

#define TEST(name) cmocka_unit_test_teardown(name, shut)

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
        TEST(lines_that_are_gone_are_no_loss),
        TEST(lines_that_decide_nothing_are_not_mentioned),
        TEST(what_was_deleted_is_taken_out_whole),
        TEST(a_moved_file_is_the_same_file),
        TEST(ranges_may_lie_anywhere),
        TEST(branches_go_with_their_lines),
        TEST(a_baseline_of_which_nothing_is_left_is_none),
        TEST(several_rules_share_what_is_left),
        TEST(files_may_change_their_names_crosswise),
        TEST(a_change_that_only_adds_takes_nothing_out),
        TEST(a_test_that_failed_before_is_not_new),
        TEST(what_makes_a_test_the_same_test),
        TEST(a_suite_that_broke_is_known_by_its_name),
        TEST(another_report_of_the_baseline_does_not_count),
        TEST(a_finding_of_the_baseline_is_not_new),
        TEST(what_became_worse_is_new),
        TEST(a_fix_since_is_no_news),
        TEST(as_often_as_the_baseline_has_it),
        TEST(a_part_is_compared_with_itself),
        TEST(waivers_reach_what_is_new),
        TEST(published_since_in_a_package_that_was_there),
        TEST(disclosed_is_listed_behind_what_is_new),
        TEST(not_more_often_than_the_package_was_there),
        TEST(a_package_is_known_at_its_place),
        TEST(what_was_known_is_not_disclosed),
        TEST(each_value_finds_what_was_disclosed),
        TEST(each_report_has_packages_of_its_own),
        TEST(each_is_counted_once),
        TEST(packages_may_come_in_any_order),
        TEST(what_became_worse_is_not_disclosed),
        TEST(each_report_knows_its_packages),
        TEST(a_family_is_part_of_what_it_is),
        TEST(what_is_not_named_is_alike),
        TEST(only_vulnerabilities_of_packages_are_disclosed),
        TEST(published_since_in_a_file_that_did_not_change),
        TEST(each_file_by_itself),
        TEST(only_some_rules_need_a_baseline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
