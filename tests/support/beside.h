/* A small court for rules that compare with a baseline: reports as text, of then and of now, and
 * what the verdict says of the one rule. Each program that includes it has one court.
 */
#ifndef TESTS_SUPPORT_BESIDE_H
#define TESTS_SUPPORT_BESIDE_H

#include "tests/support/court.h"

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

#define NO_NEW RULE("new(vulnerabilities) == 0")

/* What the run says that has no baseline, behind the reason. */
#define ONCE " | let qgate judge the target once, or name saved evidence with --baseline"

static struct court court;

static inline int shut(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

/* Judge one rule: reports of then and now, all of one name. */
static inline const char *judged(const char *policy, const char *format, const char *then,
                                 const char *now)
{
    court_open(&court, policy);
    if (then != NULL)
        court_report(&court, "r", format, then);
    court_is_baseline(&court, "4f2c1ab09d3e77");
    court_report(&court, "r", format, now);
    court_judge(&court);
    return court_says(&court, 0, 0);
}

static inline const char *again(const char *policy, const char *format, const char *then,
                                const char *now)
{
    court_close(&court);
    return judged(policy, format, then, now);
}

static inline const struct details *details(void)
{
    return &court.verdict.gates.items[0].rulings.items[0].details;
}

/* The subjects of all details, with what is said of each. */
static inline const char *listed(void)
{
    const char *text = "";
    for (size_t i = 0; i < details()->count; i++)
        text = arena_printf(court.mem, "%s%s%s (%s)", text, i == 0 ? "" : ", ",
                            details()->items[i].subject, details()->items[i].text);
    return text;
}

/* One file that changed since the baseline. */
static inline struct change *since(const char *path, const char *old_path, enum change_how how)
{
    static struct change change;
    change = (struct change){.base = "4f2c1ab", .head = "77"};
    struct changed_file *file = array_add(court.mem, &change.files);
    *file = (struct changed_file){.path = path, .old_path = old_path, .how = how};
    court.docket.since_baseline = &change;
    return &change;
}

#define TEST(name) cmocka_unit_test_teardown(name, shut)

#endif
