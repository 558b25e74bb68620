/* Beside the baseline: vulnerabilities that were published since. */
#include "tests/support/beside.h"

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
        again(NO_NEW, "trivy", then, IMAGE(RESULT("i", "os-pkgs", VULN("CVE-2", "a", "2", "LOW")))),
        "failed: 1 | update a to 9");
    assert_int_equal(court.verdict.disclosed, 0);
    assert_string_equal(
        again(NO_NEW, "trivy", then, IMAGE(RESULT("i", "os-pkgs", VULN("CVE-2", "b", "1", "LOW")))),
        "failed: 1 | update b to 9");
    assert_string_equal(again(NO_NEW, "trivy", then,
                              IMAGE(RESULT("i", "lang-pkgs", VULN("CVE-2", "a", "1", "LOW")))),
                        "failed: 1 | update a to 9");
}

static void disclosed_is_listed_behind_what_is_new(void **state)
{
    (void)state;
    assert_string_equal(
        judged(NO_NEW, "trivy", IMAGE(RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW"))),
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
    assert_string_equal(judged(NO_NEW, "trivy", one, now), "failed: 1 | update a to 9");
    assert_int_equal(court.verdict.disclosed, 2);
    assert_string_equal(listed(), "CVE-2 (t), CVE-2 (" SINCE "), CVE-3 (" SINCE ")");
    assert_string_equal(again(NO_NEW, "trivy", two, now), "passed: 0");
    assert_int_equal(court.verdict.disclosed, 3);
    /* and when another package is listed between them */
    const char *parted =
        IMAGE(RESULT("i", "os-pkgs",
                     VULN("CVE-2", "a", "1", "HIGH") "," VULN("CVE-2", "b", "1", "MEDIUM") "," VULN(
                         "CVE-2", "a", "1", "LOW")));
    const char *both = IMAGE(
        RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-1", "b", "1", "LOW")));
    assert_string_equal(again(NO_NEW, "trivy", both, parted), "failed: 1 | update a to 9");
    assert_int_equal(court.verdict.disclosed, 2);
}

/* In another lock file the same version came with the change. */
static void a_package_is_known_at_its_place(void **state)
{
    (void)state;
    const char *then = IMAGE(RESULT("a/lock", "lang-pkgs", VULN("CVE-1", "p", "1", "LOW")));
    assert_string_equal(
        judged(NO_NEW, "trivy", then,
               IMAGE(RESULT("b/lock", "lang-pkgs", VULN("CVE-2", "p", "1", "LOW")))),
        "failed: 1 | update p to 9");
    assert_string_equal(again(NO_NEW, "trivy", then,
                              IMAGE(RESULT("b/lock", "lang-pkgs", VULN("CVE-1", "p", "1", "LOW")))),
                        "failed: 1 | update p to 9");
    assert_string_equal(again(NO_NEW, "trivy", then,
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
        judged(NO_NEW, "trivy", then,
               IMAGE(RESULT("a/lock", "lang-pkgs", VULN("CVE-2", "p", "1", "LOW")))),
        "failed: 1 | update p to 9");
}

/* What the baseline has in packages is the same for every package, and another in every report. */
static void each_value_finds_what_was_disclosed(void **state)
{
    (void)state;
    const char *then = IMAGE(
        RESULT("i", "os-pkgs", VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-1", "b", "1", "LOW")));
    const char *now = IMAGE(
        RESULT("i", "os-pkgs",
               VULN("CVE-1", "a", "1", "LOW") "," VULN("CVE-2", "a", "1", "LOW") "," VULN(
                   "CVE-1", "b", "1", "LOW") "," VULN("CVE-2", "b", "1",
                                                      "LOW") "," VULN("CVE-3", "c", "1", "LOW")));
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
        judged(NO_NEW, "trivy",
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
    court_open(&court, NO_NEW);
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
    court_open(&court, NO_NEW);
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
    court_open(&court, NO_NEW);
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
    assert_string_equal(judged(NO_NEW, "trivy", then, now), "failed: 1 | repair this one");
#define LICENSE(name)                                                                    \
    IMAGE("{\"Target\":\"f\",\"Class\":\"license\",\"Licenses\":[{\"Severity\":\"LOW\"," \
          "\"PkgName\":\"p\",\"Name\":\"" name "\"}]}")
    assert_string_equal(again(RULE("new(licenses) == 0"), "trivy", LICENSE("MIT"), LICENSE("GPL")),
                        "failed: 1 | repair this one");
}

/* ---- in a file that did not change ----------------------------------------------------------- */

static const char *const *locked_among; /* what else changed */
static size_t locked_count;

/* Nothing was found in the lock file before; now two are, in different packages. */
static const char *locked(const char *changed, const char *old_path, bool tracked)
{
    court_open(&court, NO_NEW);
    court_report(&court, "r", "trivy", SCAN(RESULT("web/lock", "lang-pkgs", "")));
    court_is_baseline(&court, "");
    court_report(&court, "r", "trivy",
                 SCAN(RESULT("web/lock", "lang-pkgs",
                             VULN("CVE-1", "p", "1", "LOW") "," VULN("CVE-2", "q", "1", "LOW"))));
    struct findings *findings = &court.evidence.sources.items[0].findings;
    for (size_t i = 0; i < findings->count; i++)
        findings->items[i].tracked = tracked;
    struct change *change = changed == NULL ? NULL : since(changed, old_path, CHANGE_MODIFIED);
    if (change != NULL && *changed == '\0')
        change->files.count = 0;
    for (size_t i = 0; change != NULL && i < locked_count; i++)
        array_push(court.mem, &change->files,
                   ((struct changed_file){.path = locked_among[i], .old_path = locked_among[i]}));
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
    assert_string_equal(locked("", "", true), "passed: 0, 2 disclosed");
    assert_string_equal(locked("src/a.c", "src/a.c", false), all_new);
    assert_string_equal(locked(NULL, NULL, true), all_new);
    assert_string_equal(locked("web/lock", "web/lock", true), all_new);
    assert_string_equal(locked("other", "web/lock", true), all_new);
    assert_string_equal(locked("web/lock", "other", true), all_new);
    /* the scanner may have been started in another folder */
    assert_string_equal(locked("app/web/lock", "app/web/lock", true), all_new);
    assert_string_equal(locked("lock", "lock", true), all_new);
    assert_string_equal(locked("block", "block", true), "passed: 0, 2 disclosed");
    court_open(&court, NO_NEW); /* for shut() */
}

static void among_many_that_changed(void **state)
{
    (void)state;
    static const char *const others[] = {"z/z", "a", "web/luck", "x/lock", "m", "lick", "b/lock"};
    locked_among = others;
    locked_count = sizeof others / sizeof others[0];
    assert_string_equal(locked("web/lock", "web/lock", true),
                        "failed: 2 | update p to 9, q to 9, 0 disclosed");
    assert_string_equal(locked("c/lock", "c/lock", true), "passed: 0, 2 disclosed");
    locked_count = 0;
    court_open(&court, NO_NEW); /* for shut() */
}

static void each_file_by_itself(void **state)
{
    (void)state;
    court_open(&court, NO_NEW);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
        TEST(among_many_that_changed),
        TEST(each_file_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
