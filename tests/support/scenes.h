/* The scenes that the golden files of tests/golden/render/ show. */
#ifndef TESTS_SUPPORT_SCENES_H
#define TESTS_SUPPORT_SCENES_H

#include "tests/support/scene.h"

static inline void add_reports(struct scene *s)
{
    add_file(s, "cobertura", "cobertura", "build/coverage.xml", INPUT_READ);
    add_file(s, "trivy", "trivy", "build/trivy.json", INPUT_READ);
    add_file(s, "unit", "junit", "build/test-results/TEST-a.xml", INPUT_READ);
    add_file(s, "unit", "junit", "build/test-results/TEST-b.xml", INPUT_READ);
}

static inline void add_unit_gate(struct scene *s)
{
    add_gate(s, "unit test", "build");
    struct ruling *r = add_rule(s, "coverage.lines >= 80%", "coverage.lines", COMPARE_AT_LEAST, 80,
                                OUTCOME_PASSED);
    set_ratio(r, 4070, 5000);
    r = add_rule(s, "tests.failed{report=\"unit\"} == 0", "tests.failed", COMPARE_EQUAL, 0,
                 OUTCOME_FAILED);
    set_count(r, 3, 412);
    add_test(s, r, "rounds_half_even", "expected 10.00, got 9.99");
    add_test(s, r, "splits_fee", "NullPointerException");
    add_test(s, r, "is_idempotent", "");
    r->to_pass = "make these 3 tests pass";
    r = add_rule(s, "coverage.branches >= 70%", "coverage.branches", COMPARE_AT_LEAST, 70,
                 OUTCOME_FAILED);
    set_ratio(r, 6999, 10000);
    for (int i = 1; i <= 14; i++)
        add_detail(s, r, arena_printf(s->mem, "src/main/java/payments/Fee%d.java", i),
                   arena_printf(s->mem, "%d of 31 branches not run", 31 - i));
    r->to_pass = "test 1 more branch (of 3001 that no test runs)";
    set_why(r, "untested branches are where our incidents come from", s->mem);
    r = add_rule(s, "tests.flaky == 0", "tests.flaky", COMPARE_EQUAL, 0, OUTCOME_WARNED);
    r->warning = true;
    set_count(r, 2, 412);
    add_detail(s, r, "payments.TransferTest.retries", "");
    add_detail(s, r, "payments.LimitTest.resets_at_midnight", "");
}

/* Draft of a bad day: two gates of three. */
static inline void open_failing(struct scene *s)
{
    scene_open(s);
    add_reports(s);
    array_push(s->mem, &s->evidence.sources.items[1].warnings,
               "no secret is listed: Trivy does not say whether it looked for any");
    add_gate(s, "static code analysis", "build");
    struct ruling *r = add_rule(s, "sonar.quality_gate == OK", "sonar.quality_gate", COMPARE_EQUAL,
                                0, OUTCOME_PASSED);
    r->value = (struct value){.kind = VALUE_WORD, .word = "OK"};
    add_unit_gate(s);
    add_gate(s, "container analysis", "build");
    r = add_rule(s, "secrets == 0", "secrets", COMPARE_EQUAL, 0, OUTCOME_PASSED);
    set_count(r, 0, 0);
    r = add_rule(
        s, "vulnerabilities{severity=~\"high|critical\", fixable=\"yes\", class=\"os-pkgs\"} == 0",
        "vulnerabilities", COMPARE_EQUAL, 0, OUTCOME_FAILED);
    set_count(r, 1, 0);
    add_vulnerability(s, r);
    r->to_pass = "update openssl to 3.0.13-1";
    add_gate(s, "functional test", "deploy");
    add_gate(s, "load test", "deploy");
    s->verdict.flaky = 2;
    settle(s, 1);
}

static inline void open_passing(struct scene *s)
{
    scene_open(s);
    add_reports(s);
    add_gate(s, "unit test", "build");
    set_count(add_rule(s, "tests.failed == 0", "tests.failed", COMPARE_EQUAL, 0, OUTCOME_PASSED), 0,
              412);
    set_ratio(add_rule(s, "coverage.lines >= 80%", "coverage.lines", COMPARE_AT_LEAST, 80,
                       OUTCOME_PASSED),
              4070, 5000);
    add_gate(s, "container analysis", "build");
    set_count(add_rule(s, "secrets == 0", "secrets", COMPARE_EQUAL, 0, OUTCOME_PASSED), 0, 0);
    add_gate(s, "load test", "build");
    struct ruling *r =
        add_rule(s, "load.p95 < 800ms", "load.p95", COMPARE_LESS, 800, OUTCOME_NOT_APPLICABLE);
    r->reason = "its optional reports are not there";
    s->gate->outcome = OUTCOME_NOT_APPLICABLE;
    add_origin(s, "extends", "qgate:service");
    add_origin(s, "waivers", "/builds/shop.tmp/QGATE_WAIVERS");
    add_origin(s, "floor", "/etc/qgate/floor.yml");
    settle(s, 0);
}

/* One report is missing, one broken, one missing that no rule reads. */
static inline void open_no_data(struct scene *s)
{
    scene_open(s);
    struct error *err = arena_new_item(s->mem, struct error);
    error_set(err, FAULT_REPORT, "hits is not a number: \"x\"");
    error_at(err, "build/coverage.xml", 5, 12);
    add_file(s, "cobertura", "cobertura", "build/coverage.xml", INPUT_BROKEN)->error = err;
    add_file(s, "functional", "junit", "e2e/results.xml", INPUT_MISSING);
    err = arena_new_item(s->mem, struct error);
    error_set(err, FAULT_REPORT, "the file is empty");
    error_at(err, "results.jtl", 1, 1);
    error_hint(err, "look at the job that writes it: it left nothing");
    add_file(s, "load", "jmeter", "results.jtl", INPUT_BROKEN)->error = err;
    add_file(s, "trivy", "trivy", "build/trivy.json", INPUT_MISSING);
    add_file(s, "unit", "junit", "build/test-results/TEST-a.xml", INPUT_READ);
    add_file(s, "unit", "junit", "build/test-results/TEST-b.xml", INPUT_MISSING);
    add_gate(s, "unit test", "build");
    struct ruling *r =
        add_rule(s, "tests.failed == 0", "tests.failed", COMPARE_EQUAL, 0, OUTCOME_NO_DATA);
    set_count(r, 0, 206);
    r->reason = "build/test-results/TEST-b.xml is not there";
    r->to_pass =
        "look at the job that should leave build/test-results/TEST-b.xml (not in every build? "
        "say `optional: true`)";
    r = add_rule(s, "coverage.lines >= 80%", "coverage.lines", COMPARE_AT_LEAST, 80, OUTCOME_ERROR);
    r->reason = "build/coverage.xml cannot be read";
    add_detail(s, r, "build/coverage.xml", "line 5, column 12: hits is not a number: \"x\"");
    r->to_pass = "repair what writes build/coverage.xml";
    add_gate(s, "container analysis", "build");
    r = add_rule(s, "vulnerabilities{severity=\"critical\"} == 0", "vulnerabilities", COMPARE_EQUAL,
                 0, OUTCOME_NO_DATA);
    r->reason = "build/trivy.json is not there";
    r->to_pass = "look at the job that should leave build/trivy.json";
    const struct ruling first = *r;
    r = add_rule(s, "secrets == 0", "secrets", COMPARE_EQUAL, 0, OUTCOME_NO_DATA);
    r->reason = first.reason;
    r->to_pass = first.to_pass;
    struct report_ruling *report = array_add(s->mem, &s->verdict.reports);
    *report = (struct report_ruling){&s->evidence.sources.items[1], OUTCOME_NO_DATA,
                                     "e2e/results.xml is not there",
                                     "look at the job that should leave e2e/results.xml"};
    report = array_add(s->mem, &s->verdict.reports);
    *report =
        (struct report_ruling){&s->evidence.sources.items[2], OUTCOME_ERROR,
                               "results.jtl cannot be read", "repair what writes results.jtl"};
    settle(s, 3);
}

/* Rules that compare, and some that have nothing to compare with. */
static inline void open_compared(struct scene *s)
{
    scene_open(s);
    s->view.baseline = "main 4f2c1ab, 3 commits behind";
    add_gate(s, "unit test", "build");
    set_sides(s,
              add_rule(s, "delta(coverage.lines) >= 0pp", "coverage.lines", COMPARE_AT_LEAST, 0,
                       OUTCOME_FAILED),
              FUNCTION_DELTA, number_ratio(814, 10), number_ratio(81, 1), number_ratio(-4, 10));
    set_sides(s,
              add_rule(s, "growth(tests.total) >= -5%", "tests.total", COMPARE_AT_LEAST, -5,
                       OUTCOME_PASSED),
              FUNCTION_GROWTH, number_of(409), number_of(412), number_ratio(300, 409));
    set_sides(s,
              add_rule(s, "growth(tests.failed) <= 5%", "tests.failed", COMPARE_AT_MOST, 5,
                       OUTCOME_FAILED),
              FUNCTION_GROWTH, number_of(0), number_of(12), number_of(INT64_MAX));
    struct ruling *r = add_rule(s, "coverage.branches >= 60%", "coverage.branches",
                                COMPARE_AT_LEAST, 60, OUTCOME_PASSED);
    set_ratio(r, 2001, 2999);
    r->before = (struct value){VALUE_NUMBER, .number = number_ratio(200000, 2999)};
    r->before.has_parts = true;
    r->before.part = 2000;
    r->before.whole = 2999;
    r = add_rule(s, "load.p95 < 800ms", "load.p95", COMPARE_LESS, 800, OUTCOME_PASSED);
    r->value = (struct value){VALUE_NUMBER, .number = number_of(755), .method = "nearest rank"};
    r->before = (struct value){VALUE_NUMBER, .number = number_of(770)};
    r = add_rule(s, "sonar.reliability_rating <= B", "sonar.reliability_rating", COMPARE_AT_MOST, 2,
                 OUTCOME_PASSED);
    r->value = (struct value){VALUE_NUMBER, .number = number_of(2)};
    r->before = (struct value){VALUE_NUMBER, .number = number_of(1)};
    add_lacking(s, "growth(tests.total) >= 1%", 1, OUTCOME_WARNED);
    add_lacking(s, "growth(tests.total) >= 2%", 2, OUTCOME_WARNED);
    add_lacking(s, "growth(tests.total) >= 3%", 3, OUTCOME_PASSED);
    add_lacking(s, "growth(tests.total) >= 4%", 4, OUTCOME_NO_DATA);
    settle(s, 1);
}

#endif
