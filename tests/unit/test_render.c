/* What people and programs see of verdicts built by hand, beside tests/golden/render/. After a
 * wanted change: GOLDEN=update build/release/tests/unit/test_render, and review the diff like code.
 */
#include "tests/support/scenes.h"

/* ESC and CR made visible, the version left out, so that a golden file is text. */
static char *visible(const char *text)
{
    char *copy = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&copy, &size);
    assert_non_null(out);
    for (; *text != '\0'; text++) {
        if (strncmp(text, QGATE_VERSION, strlen(QGATE_VERSION)) == 0) {
            fputs("VERSION", out);
            text += strlen(QGATE_VERSION) - 1;
        } else if (*text == '\033' || *text == '\r') {
            fputs(*text == '\033' ? "\\e" : "\\r", out);
        } else {
            fputc(*text, out);
        }
    }
    fclose(out);
    return copy;
}

static char *file_text(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *in = fopen(path, "r");
    if (in == NULL)
        return NULL;
    if (getdelim(&text, &size, '\0', in) < 0)
        text[0] = '\0';
    fclose(in);
    return text;
}

static void check_golden(const struct view *view, const struct renderer *renderer, const char *name)
{
    char path[128], *text = rendered(view, renderer), *shown = visible(text);
    snprintf(path, sizeof path, "tests/golden/render/%s", name);
    if (getenv("GOLDEN") != NULL) {
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs(shown, out);
        fclose(out);
    }
    char *expected = file_text(path);
    assert_non_null(expected);
    assert_string_equal(shown, expected);
    free(expected);
    free(shown);
    free(text);
}

/* What other programs read, beside tests/golden/render/SCENE.OUTPUT. */
static void check_files(const struct view *view, const char *scene)
{
    for (size_t i = 0; renderers[i] != NULL; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.%s", scene, renderers[i]->name);
        if (renderers[i] != &terminal_renderer)
            check_golden(view, renderers[i], name);
    }
}

static void test_compared(void **state)
{
    (void)state;
    struct scene s;
    open_compared(&s);
    check_golden(&s.view, &terminal_renderer, "compared.txt");
    check_golden(&s.view, &json_renderer, "compared.json");
    check_golden(&s.view, &markdown_renderer, "compared.markdown");
    s.view.utf8 = false;
    char *text = rendered(&s.view, &terminal_renderer);
    assert_non_null(strstr(text, "-0.4 pp (81.4 % -> 81.0 %)"));
    free(text);
    s.view.baseline = NULL;
    s.view.why_no_baseline = "nothing is recorded in .qgate/history.db yet";
    text = rendered(&s.view, &terminal_renderer);
    assert_non_null(strstr(text, "no baseline: nothing is recorded in .qgate/history.db yet\n"));
    free(text);
    scene_close(&s);
}

static void test_failing(void **state)
{
    (void)state;
    struct scene s;
    open_failing(&s);
    check_golden(&s.view, &terminal_renderer, "failing-100.txt");
    s.view.columns = 80;
    check_golden(&s.view, &terminal_renderer, "failing-80.txt");
    s.view.columns = 120;
    check_golden(&s.view, &terminal_renderer, "failing-120.txt");
    s.view.columns = 100;
    s.view.colour = true;
    check_golden(&s.view, &terminal_renderer, "failing-colour.txt");
    s.view.gitlab = true;
    check_golden(&s.view, &terminal_renderer, "failing-gitlab.txt");
    s.view.colour = s.view.gitlab = false;
    s.view.utf8 = false;
    check_golden(&s.view, &terminal_renderer, "failing-ascii.txt");
    s.view.utf8 = s.view.quiet = true;
    check_golden(&s.view, &terminal_renderer, "failing-quiet.txt");
    s.view.quiet = false;
    s.view.verbose = true;
    check_golden(&s.view, &terminal_renderer, "failing-verbose.txt");
    check_files(&s.view, "failing");
    scene_close(&s);
}

static void test_passing(void **state)
{
    (void)state;
    struct scene s;
    open_passing(&s);
    check_golden(&s.view, &terminal_renderer, "passing.txt");
    check_files(&s.view, "passing");
    s.view.quiet = true;
    check_golden(&s.view, &terminal_renderer, "passing-quiet.txt");
    scene_close(&s);
}

/* When all is well the note is one line, which says how well the code is tested. */
static void test_coverage_stands_in_the_first_line(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s);
    add_gate(&s, "unit test", "build");
    struct ruling *r = add_rule(&s, "coverage.lines >= 80%", "coverage.lines", COMPARE_AT_LEAST, 80,
                                OUTCOME_PASSED);
    set_ratio(r, 816, 1000);
    settle(&s, 0);
    char *text = rendered(&s.view, &markdown_renderer);
    assert_non_null(strstr(text, "**qgate: passed.** 1 gate · 1 rule. Coverage is 81.6 %.\n"));
    free(text);
    r->before = (struct value){.kind = VALUE_NUMBER, .number = number_ratio(815, 10)};
    text = rendered(&s.view, &markdown_renderer);
    assert_non_null(strstr(text, " Coverage is 81.6 % (+0.1 pp).\n"));
    free(text);
    r = add_rule(&s, "new(coverage.lines) >= 90%", "coverage.lines", COMPARE_AT_LEAST, 90,
                 OUTCOME_PASSED);
    set_ratio(r, 50, 52);
    text = rendered(&s.view, &markdown_renderer);
    assert_non_null(
        strstr(text, " New code is 96.2 % tested (50 of 52 lines), coverage 81.6 % (+0.1 pp).\n"));
    free(text);
    scene_close(&s);
}

static void check_command(const struct view *view, const char *command)
{
    char *text = rendered(view, &markdown_renderer);
    const char *at = strstr(text, " Try it at home: `");
    if (command == NULL)
        assert_null(at);
    else {
        assert_non_null(at);
        assert_int_equal(strncmp(strchr(at, '`') + 1, command, strlen(command)), 0);
        assert_int_equal(strchr(at, '`')[1 + strlen(command)], '`');
    }
    free(text);
}

/* Only what a shell takes as it stands: somebody may copy it. */
static void test_command_for_home(void **state)
{
    (void)state;
    struct scene s;
    open_passing(&s);
    check_command(&s.view, NULL); /* there is no target */
    s.view.target = "main";
    check_command(&s.view, "qgate check --target origin/main");
    s.view.stage = "deploy";
    s.policy.path = "ci/strict.yml";
    check_command(&s.view,
                  "qgate check --target origin/main --policy ci/strict.yml --stage deploy");
    s.policy.path = "ci/strict;reboot.yml";
    check_command(&s.view, NULL);
    s.policy.path = "qgate:default";
    s.view.policy_from = "built-in";
    check_command(&s.view, "qgate check --target origin/main --stage deploy");
    s.view.target = "main;reboot";
    check_command(&s.view, NULL);
    s.view.target = "$(reboot)";
    check_command(&s.view, NULL);
    s.view.target = "main";
    s.view.stage = "a b";
    check_command(&s.view, NULL);
    scene_close(&s);
}

static void test_no_data(void **state)
{
    (void)state;
    struct scene s;
    open_no_data(&s);
    check_golden(&s.view, &terminal_renderer, "no-data.txt");
    check_files(&s.view, "no-data");
    scene_close(&s);
}

static void test_no_report_at_all(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s);
    s.view.policy_origin = "qgate:default";
    s.view.commit = "";
    s.verdict.outcome = OUTCOME_NO_DATA;
    s.verdict.reason = "no report was found here";
    s.view.status = 2;
    check_golden(&s.view, &terminal_renderer, "no-report.txt");
    scene_close(&s);
}

static void test_strict(void **state)
{
    (void)state;
    struct scene s;
    open_passing(&s);
    s.gate = &s.verdict.gates.items[0];
    s.verdict.gate_counts[s.gate->outcome]--;
    set_count(add_rule(&s, "tests.flaky == 0", "tests.flaky", COMPARE_EQUAL, 0, OUTCOME_WARNED), 1,
              412);
    s.verdict.gate_counts[OUTCOME_WARNED]++;
    s.verdict.rule_counts[OUTCOME_WARNED]++;
    s.view.status = 1;
    check_golden(&s.view, &terminal_renderer, "strict.txt");
    scene_close(&s);
}

static void test_renderers_have_names(void **state)
{
    (void)state;
    assert_ptr_equal(renderer_named("json"), &json_renderer);
    assert_ptr_equal(renderer_named("terminal"), &terminal_renderer);
    assert_null(renderer_named("sarif"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compared),
        cmocka_unit_test(test_failing),
        cmocka_unit_test(test_passing),
        cmocka_unit_test(test_coverage_stands_in_the_first_line),
        cmocka_unit_test(test_no_data),
        cmocka_unit_test(test_no_report_at_all),
        cmocka_unit_test(test_command_for_home),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_renderers_have_names),
    };
    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
