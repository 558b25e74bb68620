/* Beside the baseline: what is new of findings and failing tests. */
#include "tests/support/beside.h"

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

static void a_finding_of_the_baseline_is_not_new(void **state)
{
    (void)state;
    const char *one = IMAGE(RESULT("i:1 (debian)", "os-pkgs", VULN("CVE-1", "a", "1", "LOW")));
    assert_string_equal(judged(NO_NEW, "trivy", one, one), "passed: 0");
    /* another tag of the image, another version of the package */
    assert_string_equal(
        again(NO_NEW, "trivy", one,
              IMAGE(RESULT("i:2 (debian)", "os-pkgs", VULN("CVE-1", "a", "2", "LOW")))),
        "passed: 0");
    assert_string_equal(again(NO_NEW, "trivy", IMAGE(RESULT("i:1", "os-pkgs", "")), one),
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
    assert_string_equal(judged(NO_NEW, "trivy", low, high), "failed: 1 | update a to 9");
    assert_string_equal(again(NO_NEW, "trivy", high, low), "passed: 0");
    assert_string_equal(again(NO_NEW, "trivy", none, low), "failed: 1 | update a to 9");
    assert_string_equal(again(NO_NEW, "trivy", low, none), "passed: 0");
    assert_string_equal(
        again(RULE("new(vulnerabilities{severity>=\"high\"}) == 0"), "trivy", low, high),
        "failed: 1 | update a to 9");
    assert_string_equal(
        again(RULE("new(vulnerabilities{severity>=\"high\"}) == 0"), "trivy", high, high),
        "passed: 0");
}

/* That a fix came out since makes nothing new. */
static void a_fix_since_is_NO_NEWs(void **state)
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
    assert_string_equal(judged(NO_NEW, "trivy", two, one), "passed: 0");
    assert_string_equal(again(NO_NEW, "trivy", two, two), "passed: 0");
    /* the low one became high, and another came: the baseline knew it, so it is not disclosed */
    assert_string_equal(again(NO_NEW, "trivy", one, two), "failed: 2 | update a to 9");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_test_that_failed_before_is_not_new),
        TEST(what_makes_a_test_the_same_test),
        TEST(a_suite_that_broke_is_known_by_its_name),
        TEST(another_report_of_the_baseline_does_not_count),
        TEST(a_finding_of_the_baseline_is_not_new),
        TEST(what_became_worse_is_new),
        TEST(a_fix_since_is_NO_NEWs),
        TEST(as_often_as_the_baseline_has_it),
        TEST(a_part_is_compared_with_itself),
        TEST(waivers_reach_what_is_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
