/* Waivers at the judge's: what each names, where it counts, and how many were used. */
#include "tests/support/court.h"

#define IMAGE                                                                              \
    "{\"SchemaVersion\":2,\"ArtifactType\":\"filesystem\",\"Results\":[{\"Target\":\"i\"," \
    "\"Class\":\"os-pkgs\","                                                               \
    "\"Vulnerabilities\":["                                                                \
    "{\"VulnerabilityID\":\"CVE-1\",\"PkgName\":\"zlib\"},"                                \
    "{\"VulnerabilityID\":\"CVE-2\",\"PkgName\":\"curl\",\"FixedVersion\":\"8\"}]},"       \
    "{\"Target\":\"src/"                                                                   \
    "a.c\",\"Class\":\"secret\",\"Secrets\":[{\"Title\":\"k\"},{\"RuleID\":\"key\"}]}]}"
#define TESTS                                                                           \
    "<testsuites><testsuite name='s'>"                                                  \
    "<testcase classname='c' name='a' file='src/a.c'><failure message='m'/></testcase>" \
    "<testcase classname='c' name='b[1]'><error message='m'/></testcase>"               \
    "<testcase classname='c' name='f'><flakyFailure/></testcase>"                       \
    "<testcase classname='c' name='g'/></testsuite></testsuites>"

static struct court court;

static int shut(void **state)
{
    (void)state;
    court_close(&court);
    return 0;
}

static void open(const char *policy)
{
    court_open(&court, policy);
    court_report(&court, "image", "trivy", IMAGE);
    court_report(&court, "unit", "junit", TESTS);
}

static void waive(struct waiver waiver)
{
    waiver.reason = "not called";
    waiver.owner = "payments";
    waiver.expires = waiver.expires == 0 ? 20000 : waiver.expires;
    array_push(court.mem, &court.policy.waivers, waiver);
    court_judge(&court);
}

static void is(size_t ruling, const char *says)
{
    assert_string_equal(court_says(&court, 0, ruling), says);
}

static const struct waiver_ruling *waiver(size_t i)
{
    return &court.verdict.waivers.items[i];
}

static void a_finding_is_named_by_id_package_and_path(void **state)
{
    (void)state;
    open(POLICY("      - secrets == 0\n      - vulnerabilities == 0\n"));
    waive((struct waiver){.id = "*", .path = "src/**"});
    is(0, "failed: 1 | repair this one"); /* the other has no rule, and so no id */
    waive((struct waiver){.id = "CVE-*", .path = "src/**"});
    is(1, "failed: 2 | update curl to 8; repair or replace 1 without a fixed version");
    waive((struct waiver){.id = "CVE-*", .package = "z"});
    is(1, "failed: 2 | update curl to 8; repair or replace 1 without a fixed version");
    waive((struct waiver){.id = "CVE-*", .package = "zlib"});
    is(1, "failed: 1 | update curl to 8");
    assert_int_equal(waiver(3)->used, 1);
    assert_int_equal(waiver(2)->used, 0);
}

static void a_test_is_named_by_name_class_and_path(void **state)
{
    (void)state;
    open(POLICY("      - tests.failed == 0\n"));
    waive((struct waiver){.id = "a", .path = "lib/**"});
    is(0, "failed: 2 | make these 2 tests pass");
    waive((struct waiver){.id = "a", .path = "src/**"});
    is(0, "failed: 1 | make this test pass");
    waive((struct waiver){.id = "b[1]"}); /* as it stands, no glob */
    is(0, "waived: 0");
    const struct details *details = &court.verdict.gates.items[0].rulings.items[0].details;
    assert_int_equal(details->count, 2);
    assert_ptr_equal(details->items[0].waiver, &court.policy.waivers.items[1]);
    assert_string_equal(details->items[0].text,
                        "waived: not called, owner payments, expires today");
    court.policy.waivers.items[2].id = "c.b*";
    court.policy.waivers.items[2].expires = 20001;
    court_judge(&court);
    is(0, "waived: 0");
    assert_string_equal(court.verdict.gates.items[0].rulings.items[0].details.items[1].text,
                        "waived: not called, owner payments, expires in 1 day");
}

static void what_is_not_counted_is_not_waived(void **state)
{
    (void)state;
    open(POLICY("      - tests.total >= 1\n      - tests.errors == 0\n      - tests.flaky == 0\n"
                "      - tests.failures == 0\n      - load.samples >= 1\n"));
    waive((struct waiver){.id = "a"});
    is(0, "passed: 4");
    is(1, "failed: 1 | make this test pass");
    is(2, "failed: 1 | make this flaky test pass at the first try");
    is(3, "waived: 0");
    waive((struct waiver){.id = "f"});
    is(2, "waived: 0");
    assert_int_equal(court.verdict.gates.items[0].rulings.items[2].value.waived, 1);
    assert_int_equal(waiver(1)->used, 1);
}

static void a_waiver_is_used_in_every_gate_it_helps(void **state)
{
    (void)state;
    open("version: 1\ngates:\n"
         "  - name: a\n    require: [vulnerabilities == 0, findings <= 2]\n"
         "  - name: b\n    require: [vulnerabilities == 0]\n");
    waive((struct waiver){.id = "CVE-*"});
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    assert_int_equal(waiver(0)->used, 6);
    assert_int_equal(waiver(0)->gates.count, 2);
    assert_string_equal(waiver(0)->gates.items[1], "b");
    assert_int_equal(court.verdict.gate_counts[OUTCOME_WAIVED], 2);
    court.policy.waivers.items[0].gate = "b";
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_FAILED);
    assert_int_equal(court.verdict.gates.items[1].outcome, OUTCOME_WAIVED);
}

static void a_gate_waiver_is_asked_only_when_its_gate_is_bad(void **state)
{
    (void)state;
    open(POLICY("      - tests.total >= 1\n"));
    waive((struct waiver){.gate = "gate"});
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_PASSED);
    assert_false(waiver(0)->asked);
    court.policy.waivers.unused_fails = true;
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    assert_string_equal(court.verdict.reason, "");
    court_missing(&court, "unit", "junit", false);
    court_judge(&court);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_WAIVED); /* no data */
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    court.policy.waivers.items[0].expires = 19999;
    court_judge(&court);
    assert_true(waiver(0)->asked);
    assert_int_equal(waiver(0)->days_left, -1);
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    assert_string_equal(court.verdict.reason,
                        "a waiver waives nothing: take it out (`waivers.unused` is fail)");
}

static void waivers_of_nothing_and_of_ids_waive_no_gate(void **state)
{
    (void)state;
    open(POLICY("      - tests.failed == 0\n"));
    waive((struct waiver){.id = "nothing", .gate = "gate"});
    waive((struct waiver){.reason = NULL}); /* names nothing */
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    assert_null(court.verdict.gates.items[0].waiver);
}

static void used_waivers_can_be_judged(void **state)
{
    (void)state;
    open("version: 1\ngates:\n"
         "  - name: first\n    require:\n"
         "      - waivers.used <= 0\n"
         "      - 'waivers.used{gate=\"second\"} <= 0'\n"
         "      - 'waivers.used{gate=~\"sec.*\", gate!=\"second\"} <= 0'\n"
         "  - name: second\n    require: [vulnerabilities == 0, tests.failed == 0]\n"
         "  - name: third\n    require: [waivers.used == 3]\n"
         "  - name: fourth\n    require: [waivers.used <= 1]\n");
    court_judge(&court);
    is(0, "passed: 0");
    waive((struct waiver){.id = "CVE-1"});
    waive((struct waiver){.id = "CVE-2"});
    is(0, "failed: 2 | use 2 waivers fewer: repair what they waive");
    is(1, "failed: 2 | use 2 waivers fewer: repair what they waive");
    is(2, "passed: 0");
    assert_string_equal(court_says(&court, 2, 0), "failed: 2 | bring it to 3");
    assert_string_equal(court_says(&court, 3, 0),
                        "failed: 2 | use 1 waiver fewer: repair what it waives");
    waive((struct waiver){.id = "nothing"});
    assert_string_equal(court_says(&court, 2, 0), "failed: 2 | bring it to 3");
    waive((struct waiver){.gate = "second"});
    assert_string_equal(court_says(&court, 2, 0), "passed: 3");
    is(0, "failed: 3 | use 3 waivers fewer: repair what they waive"); /* also of a later gate */
    assert_int_equal(court.verdict.gates.count, 4);
    assert_int_equal(court.verdict.rule_counts[OUTCOME_FAILED], 4);
}

static void used_waivers_are_known_wherever_they_are_asked_for(void **state)
{
    (void)state;
    static const char *const policies[] = {
        "version: 1\ngates:\n  - {name: a, warn: [waivers.used <= 0]}\n"
        "  - {name: b, require: [vulnerabilities <= 1]}\n",
        "version: 1\ngates:\n  - name: a\n    require:\n      - any: [tests.failed == 0, "
        "waivers.used <= 0]\n  - {name: b, require: [vulnerabilities <= 1]}\n",
    };
    for (size_t i = 0; i < 2; i++) {
        open(policies[i]);
        court_judge(&court);
        assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_PASSED);
        waive((struct waiver){.id = "CVE-1"});
        assert_int_equal(court.verdict.gates.items[0].outcome,
                         i == 0 ? OUTCOME_WARNED : OUTCOME_FAILED);
        court_close(&court);
    }
    open(POLICY("      - tests.failed == 0\n"));
}

static void a_pattern_beyond_its_limit_counts_what_it_might_pick(void **state)
{
    (void)state;
    open("version: 1\ngates:\n"
         "  - name: gate\n    require: ['waivers.used{gate=~\"(a+)+[bc]\"} <= 0']\n"
         "  - name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
         "    require: [vulnerabilities == 0]\n");
    waive((struct waiver){.id = "CVE-*"});
    is(0, "failed: 1 | use 1 waiver fewer: repair what it waives");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, shut)
    const struct CMUnitTest tests[] = {
        TEST(a_finding_is_named_by_id_package_and_path),
        TEST(a_test_is_named_by_name_class_and_path),
        TEST(what_is_not_counted_is_not_waived),
        TEST(a_waiver_is_used_in_every_gate_it_helps),
        TEST(a_gate_waiver_is_asked_only_when_its_gate_is_bad),
        TEST(waivers_of_nothing_and_of_ids_waive_no_gate),
        TEST(used_waivers_can_be_judged),
        TEST(used_waivers_are_known_wherever_they_are_asked_for),
        TEST(a_pattern_beyond_its_limit_counts_what_it_might_pick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
