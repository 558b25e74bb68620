/* What the verdict makes of waivers: rules and gates that hold by them only. Day 20000 is today. */
#include "tests/support/court.h"

#define IMAGE                                                                         \
    "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"i\",\"Class\":\"os-pkgs\","      \
    "\"Vulnerabilities\":["                                                           \
    "{\"VulnerabilityID\":\"CVE-1\",\"PkgName\":\"zlib\",\"Severity\":\"CRITICAL\"}," \
    "{\"VulnerabilityID\":\"CVE-2\",\"PkgName\":\"curl\",\"FixedVersion\":\"8\","     \
    "\"Severity\":\"CRITICAL\"}]}]}"

#define TWO_FAIL                                             \
    "<testsuite name='s'><testcase classname='c' name='a'/>" \
    "<testcase classname='c' name='b'><failure/></testcase>" \
    "<testcase classname='c' name='d'><error/></testcase></testsuite>"

static void waive(struct court *court, struct waiver waiver)
{
    waiver.reason = "not called";
    waiver.owner = "payments";
    array_push(court->mem, &court->policy.waivers, waiver);
}

static void a_rule_that_holds_only_by_waivers_is_waived(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - vulnerabilities == 0\n"));
    court_report(&court, "image", "trivy", IMAGE);
    waive(&court, (struct waiver){.id = "CVE-1", .package = "zlib", .expires = 20012});
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | update curl to 8");
    const struct ruling *ruling = &court.verdict.gates.items[0].rulings.items[0];
    assert_int_equal(ruling->value.waived, 1);
    assert_int_equal(ruling->details.count, 2);
    assert_string_equal(ruling->details.items[1].text,
                        "waived: not called, owner payments, expires in 12 days");
    waive(&court, (struct waiver){.id = "CVE-*", .gate = "gate", .expires = 20000});
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "waived: 0");
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    assert_int_equal(court.verdict.waivers.items[0].used, 1);
    assert_int_equal(court.verdict.waivers.items[1].used, 1);
    court_close(&court);
}

static void a_waiver_that_decides_nothing_leaves_the_rule_passed(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - vulnerabilities <= 5\n"));
    court_report(&court, "image", "trivy", IMAGE);
    waive(&court, (struct waiver){.id = "CVE-1", .expires = 20001});
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "passed: 1");
    court_close(&court);
}

static void waived_is(struct waiver waiver, int32_t max_days, enum waiver_state waiver_state,
                      enum outcome outcome)
{
    struct court court;
    court_open(&court, POLICY("      - vulnerabilities{package=\"zlib\"} == 0\n"));
    court_report(&court, "image", "trivy", IMAGE);
    waive(&court, waiver);
    court.policy.waivers.max_days = max_days;
    court_judge(&court);
    assert_int_equal(court.verdict.waivers.items[0].state, waiver_state);
    assert_int_equal(court.verdict.gates.items[0].rulings.items[0].outcome, outcome);
    court_close(&court);
}

static void a_waiver_counts_through_its_last_day_and_not_beyond_max_days(void **state)
{
    (void)state;
    waived_is((struct waiver){.id = "CVE-1", .expires = 20000}, 0, WAIVER_COUNTS, OUTCOME_WAIVED);
    waived_is((struct waiver){.id = "CVE-1", .expires = 19999}, 0, WAIVER_EXPIRED, OUTCOME_FAILED);
    waived_is((struct waiver){.id = "CVE-1", .expires = 20030}, 30, WAIVER_COUNTS, OUTCOME_WAIVED);
    waived_is((struct waiver){.id = "CVE-1", .expires = 20031}, 30, WAIVER_TOO_LONG,
              OUTCOME_FAILED);
}

static void a_waiver_reaches_only_what_it_names(void **state)
{
    (void)state;
    waived_is((struct waiver){.id = "CVE-2", .expires = 20000}, 0, WAIVER_COUNTS, OUTCOME_FAILED);
    waived_is((struct waiver){.id = "CVE-1", .package = "curl", .expires = 20000}, 0, WAIVER_COUNTS,
              OUTCOME_FAILED);
    waived_is((struct waiver){.id = "CVE-1", .path = "src/**", .expires = 20000}, 0, WAIVER_COUNTS,
              OUTCOME_FAILED);
    waived_is((struct waiver){.id = "CVE-1", .measure = "secrets", .expires = 20000}, 0,
              WAIVER_COUNTS, OUTCOME_FAILED);
    waived_is((struct waiver){.id = "CVE-1", .measure = "vulnerabilities", .expires = 20000}, 0,
              WAIVER_COUNTS, OUTCOME_WAIVED);
    waived_is((struct waiver){.id = "CVE-1", .gate = "other", .expires = 20000}, 0, WAIVER_COUNTS,
              OUTCOME_FAILED);
}

static void locked_gates_and_floors_are_not_waived(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct court court;
        court_open(&court, POLICY("      - vulnerabilities{package=\"zlib\"} == 0\n"));
        court_report(&court, "image", "trivy", IMAGE);
        waive(&court, (struct waiver){.id = "CVE-1", .expires = 20000});
        waive(&court, (struct waiver){.gate = "gate", .expires = 20000});
        court.policy.gates.items[0].floor = i == 0;
        court.policy.gates.items[0].locked = i == 1;
        court_judge(&court);
        assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
        court_close(&court);
    }
}

static void a_failing_test_can_be_waived(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n      - tests.success_rate == 100%\n"));
    court_report(&court, "unit", "junit", TWO_FAIL);
    waive(&court, (struct waiver){.id = "c.b", .expires = 20000});
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "failed: 1 | make this test pass");
    waive(&court, (struct waiver){.id = "d", .measure = "tests.failed", .expires = 20000});
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 0), "waived: 0");
    assert_string_equal(court_says(&court, 0, 1), "failed: 50 % | make this test pass");
    waive(&court, (struct waiver){.id = "d", .package = "none", .expires = 20000});
    court_judge(&court);
    assert_string_equal(court_says(&court, 0, 1), "failed: 50 % | make this test pass");
    court_close(&court);
}

static void a_gate_can_be_waived_as_a_whole(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - tests.failed == 0\n"));
    court_report(&court, "unit", "junit", TWO_FAIL);
    waive(&court, (struct waiver){.gate = "gate", .expires = 19999});
    waive(&court, (struct waiver){.gate = "another", .expires = 20000});
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    waive(&court, (struct waiver){.gate = "gate", .expires = 20000});
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    assert_int_equal(court.verdict.gates.items[0].outcome, OUTCOME_WAIVED);
    assert_non_null(court.verdict.gates.items[0].waiver);
    assert_int_equal(court.verdict.gate_counts[OUTCOME_WAIVED], 1);
    court_close(&court);
}

static void a_waiver_that_waives_nothing_may_fail_the_run(void **state)
{
    (void)state;
    struct court court;
    court_open(&court, POLICY("      - vulnerabilities <= 2\n"));
    court_report(&court, "image", "trivy", IMAGE);
    waive(&court, (struct waiver){.id = "CVE-9", .expires = 20000});
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    assert_true(court.verdict.waivers.items[0].asked);
    court.policy.waivers.unused_fails = true;
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_FAILED);
    court_missing(&court, "image", "trivy", false); /* without an answer nobody knows */
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_NO_DATA);
    assert_false(court.verdict.waivers.items[0].asked);
    court_close(&court);
    court_open(&court, POLICY("      - vulnerabilities <= 2\n"));
    court_report(&court, "image", "trivy", IMAGE);
    waive(&court, (struct waiver){.id = "CVE-9", .expires = 20000});
    court.policy.waivers.unused_fails = true;
    court.policy.waivers.items[0].measure = "secrets"; /* nothing asks for secrets here */
    court_judge(&court);
    assert_int_equal(court.verdict.outcome, OUTCOME_PASSED);
    court_close(&court);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_that_holds_only_by_waivers_is_waived),
        cmocka_unit_test(a_waiver_that_decides_nothing_leaves_the_rule_passed),
        cmocka_unit_test(a_waiver_counts_through_its_last_day_and_not_beyond_max_days),
        cmocka_unit_test(a_waiver_reaches_only_what_it_names),
        cmocka_unit_test(locked_gates_and_floors_are_not_waived),
        cmocka_unit_test(a_failing_test_can_be_waived),
        cmocka_unit_test(a_gate_can_be_waived_as_a_whole),
        cmocka_unit_test(a_waiver_that_waives_nothing_may_fail_the_run),
    };
    return cmocka_run_group_tests_name("waived", tests, NULL, NULL);
}
