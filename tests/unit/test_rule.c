/* Rules: what their text becomes. What is refused is shown by fixtures/policies. */
#include "tests/support/test.h"

#include <string.h>

#include "gates/policy/rule.h"

/* behind the others */
#include "tests/support/pool.h"

static struct rule *parsed(const char *text)
{
    struct problems found;
    problems_init(&found, mem);
    struct rule *rule = rule_parse(text, (struct place){"policy.yml", 1, 1}, mem, &found);
    for (size_t i = 0; i < found.count; i++)
        print_error("%s: %u: %s\n", text, found.items[i].at.column, found.items[i].what);
    assert_non_null(rule);
    return rule;
}

static struct problem refused(const char *text)
{
    struct problems found;
    problems_init(&found, mem);
    assert_null(rule_parse(text, (struct place){"policy.yml", 7, 11}, mem, &found));
    assert_true(found.count > 0);
    return found.items[0];
}

static void assert_threshold(const char *text, int64_t above, uint64_t below)
{
    struct number is = parsed(text)->threshold;
    if (number_compare(is, number_ratio(above, below)) != 0)
        fail_msg("%s: %lld/%llu", text, (long long)is.above, (unsigned long long)is.below);
}

static void a_rule_has_measure_operator_and_threshold(void **state)
{
    (void)state;
    struct rule *rule = parsed("coverage.lines >= 80%");
    assert_string_equal(rule->text, "coverage.lines >= 80%");
    assert_string_equal(rule->selector.id, "coverage.lines");
    assert_int_equal(rule->function, FUNCTION_NONE);
    assert_int_equal(rule->compare, COMPARE_AT_LEAST);
    assert_int_equal(number_compare(rule->threshold, number_of(80)), 0);
    assert_null(rule->word);
    assert_int_equal(rule->on_no_baseline, ON_MISSING_WARN);
}

static void spaces_do_not_matter(void **state)
{
    (void)state;
    struct rule *rule =
        parsed("  new( coverage.lines { path = \"src/**\" , report=\"u\" } )>=90 % ");
    assert_int_equal(rule->function, FUNCTION_NEW);
    assert_int_equal(rule->selector.labels.count, 2);
    assert_string_equal(rule->selector.labels.items[0].value, "src/**");
    assert_int_equal(number_compare(rule->threshold, number_of(90)), 0);
}

static void functions_have_names(void **state)
{
    (void)state;
    assert_int_equal(parsed("new(tests.failed) == 0")->function, FUNCTION_NEW);
    assert_int_equal(parsed("delta(tests.failed) <= 0")->function, FUNCTION_DELTA);
    assert_int_equal(parsed("growth(tests.total) >= -5%")->function, FUNCTION_GROWTH);
    assert_string_equal(function_text(FUNCTION_GROWTH), "growth");
}

static void operators_have_texts(void **state)
{
    (void)state;
    static const char *const texts[] = {"<", "<=", ">", ">=", "==", "!="};
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(compare_text((enum compare)i), texts[i]);
    assert_int_equal(parsed("tests.failed < 3")->compare, COMPARE_LESS);
    assert_int_equal(parsed("tests.failed <= 3")->compare, COMPARE_AT_MOST);
    assert_int_equal(parsed("tests.total > 3")->compare, COMPARE_MORE);
    assert_int_equal(parsed("tests.total != 0")->compare, COMPARE_UNEQUAL);
    assert_int_equal(parsed("tests.failed==3")->compare, COMPARE_EQUAL);
}

static void thresholds_are_in_the_unit_of_the_measure(void **state)
{
    (void)state;
    assert_threshold("load.p95 < 1.5s", 1500, 1);
    assert_threshold("load.p95 < 2min", 120000, 1);
    assert_threshold("tests.duration < 500ms", 1, 2);
    assert_threshold("load.duration >= 2h", 7200, 1);
    assert_threshold("load.duration >= 1w", 604800, 1);
    assert_threshold("sonar.sqale_index <= 8h", 480, 1);
    assert_threshold("load.throughput >= 240/s", 240, 1);
    assert_threshold("load.throughput >= 86400/d", 1, 1);
    assert_threshold("load.throughput >= 1/w", 1, 604800);
    assert_threshold("delta(coverage.lines) >= -0.1pp", -1, 10);
    assert_threshold("growth(load.p95) <= 15%", 15, 1);
    assert_threshold("load.apdex >= 0.95", 95, 100);
    assert_threshold("sonar.security <= C", 3, 1);
    assert_threshold("load.p95{label=\"a\"} <= 0.001s", 1, 1);
}

static void zero_needs_no_unit(void **state)
{
    (void)state;
    assert_threshold("load.error_rate <= 0", 0, 1);
    assert_threshold("delta(coverage.lines) >= 0", 0, 1);
    assert_threshold("growth(load.p95) <= 0", 0, 1);
}

static void a_state_is_a_word(void **state)
{
    (void)state;
    struct rule *rule = parsed("sonar.quality_gate == OK");
    assert_string_equal(rule->word, "OK");
    assert_string_equal(parsed("sonar.quality_gate != ERROR")->word, "ERROR");
}

static const struct label_match *only_label(const char *text)
{
    struct rule *rule = parsed(text);
    assert_int_equal(rule->selector.labels.count, 1);
    return &rule->selector.labels.items[0];
}

static void labels_have_operators(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum label_op op;
    } cases[] = {
        {"vulnerabilities{severity=\"high\"} == 0", LABEL_IS},
        {"vulnerabilities{severity!=\"high\"} == 0", LABEL_IS_NOT},
        {"vulnerabilities{severity=~\"high|low\"} == 0", LABEL_LIKE},
        {"vulnerabilities{severity!~\"high|low\"} == 0", LABEL_UNLIKE},
        {"vulnerabilities{severity<\"high\"} == 0", LABEL_BELOW},
        {"vulnerabilities{severity<=\"high\"} == 0", LABEL_AT_MOST},
        {"vulnerabilities{severity>\"high\"} == 0", LABEL_ABOVE},
        {"vulnerabilities{severity>=\"high\"} == 0", LABEL_AT_LEAST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct label_match *match = only_label(cases[i].text);
        assert_int_equal(match->op, cases[i].op);
        assert_int_equal(match->pattern != NULL,
                         cases[i].op == LABEL_LIKE || cases[i].op == LABEL_UNLIKE);
    }
}

static void a_value_keeps_what_a_pattern_needs(void **state)
{
    (void)state;
    assert_string_equal(only_label("load.p95{label=\"a \\\"b\\\" \\\\ c #1: {x}\"} < 1s")->value,
                        "a \"b\" \\ c #1: {x}");
    assert_string_equal(only_label("vulnerabilities{package=~\"lib\\d+\"} == 0")->value, "lib\\d+");
    assert_string_equal(only_label("tests.failed{suite=\"\"} == 0")->value, "");
}

static void shorthand_becomes_labels(void **state)
{
    (void)state;
    const struct label_match *match = only_label("vulnerabilities.critical == 0");
    assert_string_equal(match->label, "severity");
    assert_string_equal(match->value, "critical");
    match = only_label("vulnerabilities.fixable == 0");
    assert_string_equal(match->label, "fixable");
    assert_string_equal(match->value, "yes");
    struct rule *both = parsed("vulnerabilities.high.fixable{package=\"zlib\"} == 0");
    assert_string_equal(both->selector.id, "vulnerabilities");
    assert_int_equal(both->selector.labels.count, 3);
}

static void rows_for_many_keep_the_id(void **state)
{
    (void)state;
    struct rule *rule = parsed("load.p99.9 < 1s");
    assert_string_equal(rule->selector.id, "load.p99.9");
    assert_string_equal(rule->selector.measure->id, "load.p*");
    rule = parsed("sonar.my_metric >= 3");
    assert_string_equal(rule->selector.measure->id, "sonar.*");
    assert_string_equal(parsed("sonar.coverage >= 3%")->selector.measure->id, "sonar.coverage");
}

static void a_mistake_stands_where_it_is(void **state)
{
    (void)state;
    struct problem problem = refused("tests.failed{suite=\"Prüfung\", nam=\"x\"} == 0");
    assert_int_equal(problem.at.line, 7);
    assert_int_equal(problem.at.column, 11 + 30);
    assert_int_equal(refused("coverage.lines >= ?").at.column, 11 + 18);
    assert_int_equal(refused("coverage.lines <= 80%").at.column, 11);
}

static void worst_values_can_be_left_out(void **state)
{
    (void)state;
    parsed("sonar.security != E");
    parsed("load.error_rate != 100%");
    parsed("coverage.lines != 0%");
    refused("sonar.security != A");
    refused("load.errors != 5");
}

static void both_ways_are_right_where_neither_is_better(void **state)
{
    (void)state;
    parsed("coverage.lines_valid <= 5");
    parsed("coverage.lines_valid >= 5");
    parsed("sonar.ncloc != 5");
}

static void a_tolerance_has_the_unit_of_the_rule(void **state)
{
    (void)state;
    struct problems found;
    problems_init(&found, mem);
    const struct place at = {"policy.yml", 1, 1};
    struct rule *rule = parsed("load.p95 < 1s");
    assert_true(tolerance_read(rule, "0.1s", at, mem, &found));
    assert_int_equal(number_compare(rule->tolerance, number_of(100)), 0);
    assert_false(tolerance_read(rule, "100", at, mem, &found));
    rule = parsed("growth(load.p95) <= 10%");
    assert_true(tolerance_read(rule, "2%", at, mem, &found));
    assert_false(tolerance_read(rule, "2pp", at, mem, &found));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pool, close_pool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_rule_has_measure_operator_and_threshold),
        TEST(spaces_do_not_matter),
        TEST(functions_have_names),
        TEST(operators_have_texts),
        TEST(thresholds_are_in_the_unit_of_the_measure),
        TEST(zero_needs_no_unit),
        TEST(a_state_is_a_word),
        TEST(labels_have_operators),
        TEST(a_value_keeps_what_a_pattern_needs),
        TEST(shorthand_becomes_labels),
        TEST(rows_for_many_keep_the_id),
        TEST(a_mistake_stands_where_it_is),
        TEST(worst_values_can_be_left_out),
        TEST(both_ways_are_right_where_neither_is_better),
        TEST(a_tolerance_has_the_unit_of_the_rule),
    };
    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
