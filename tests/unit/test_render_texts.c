/* Renderings of what is too much: hostile texts, wide ones, many details, a full disk. */
#include <jansson.h>

#include "gates/base/text.h"
#include "tests/support/scenes.h"

#define EVIL                                                               \
    "\033[2Jevil\r\nsection_end:0:x\r\033[0K\t\u202Egnp.exe\u2028\xC2\x9B" \
    "31m\x7F"

/* Every text that a policy, a report or a branch's name can bring. */
static void open_hostile(struct scene *s)
{
    scene_open(s);
    s->view.policy_origin = EVIL;
    s->view.commit = EVIL;
    s->view.stage = EVIL;
    add_file(s, EVIL, "junit", EVIL "\xFF", INPUT_READ);
    array_push(s->mem, &s->evidence.sources.items[0].warnings, EVIL);
    for (int i = 0; i < 3; i++) {
        add_gate(s, EVIL, "build");
        struct ruling *r = add_rule(s, EVIL, "tests.failed", COMPARE_EQUAL, 0,
                                    i == 0   ? OUTCOME_FAILED
                                    : i == 1 ? OUTCOME_PASSED
                                             : OUTCOME_NOT_APPLICABLE);
        r->each = r->reason = r->to_pass = EVIL;
        set_why(r, EVIL, s->mem);
        add_detail(s, r, EVIL, EVIL);
        add_detail(s, r, EVIL "\xC3", EVIL "\xF0\x9F");
    }
    add_gate(s, EVIL, EVIL);
    s->verdict.reason = EVIL;
    settle(s, 1);
}

static bool is_harmless(const char *text)
{
    size_t len = strlen(text);
    char *copy = strdup(text);
    assert_non_null(copy);
    for (size_t i = 0; i < len; i++)
        if (copy[i] == '\n')
            copy[i] = ' ';
    bool harmless = text_clean(copy, len) == 0 && strchr(copy, '\r') == NULL;
    free(copy);
    return harmless;
}

static void test_hostile_texts_stay_texts(void **state)
{
    (void)state;
    struct scene s;
    open_hostile(&s);
    for (int verbose = 0; verbose < 2; verbose++) {
        s.view.verbose = verbose;
        char *text = rendered(&s.view, &terminal_renderer);
        assert_true(is_harmless(text));
        free(text);
    }
    for (size_t i = 0; renderers[i] != NULL; i++) {
        char *file = rendered(&s.view, renderers[i]);
        assert_true(is_harmless(file));
        free(file);
    }
    char *text = rendered(&s.view, &json_renderer);
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    json_decref(document);
    free(text);
    scene_close(&s);
}

/* In a GitLab log the only escapes are ours: as many section ends as beginnings, with our names. */
static void test_hostile_texts_open_no_section(void **state)
{
    (void)state;
    struct scene s;
    open_hostile(&s);
    s.view.gitlab = true;
    char *text = rendered(&s.view, &terminal_renderer);
    size_t escapes = 0, sections = 0;
    for (const char *at = text; (at = strchr(at, '\033')) != NULL; at++, escapes++)
        sections += strncmp(at, "\033[0Ksection_", 12) == 0 && strstr(at, ":qgate_gate_") != NULL;
    assert_int_equal(sections, 4);
    assert_int_equal(escapes, 8);
    free(text);
    scene_close(&s);
}

static const char *repeated(struct arena *mem, const char *text, size_t times)
{
    size_t len = strlen(text);
    char *all = arena_alloc(mem, len * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(all + i * len, text, len);
    return all;
}

static void open_wide(struct scene *s)
{
    open_failing(s);
    static const char *const texts[] = {"測試", "a.long_name/", "word and ", "x", "e\u0301"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = repeated(s->mem, texts[i], 120);
        add_gate(s, text, "build");
        struct ruling *r =
            add_rule(s, text, "sonar.quality_gate", COMPARE_EQUAL, 0, OUTCOME_FAILED);
        r->value = (struct value){.kind = VALUE_WORD, .word = text};
        r->reason = r->to_pass = text;
        add_detail(s, r, text, text);
        add_detail(s, r, "short", text);
        add_detail(s, r, text, "short");
        add_gate(s, text, text);
    }
}

static void test_no_line_is_wider_than_the_terminal(void **state)
{
    (void)state;
    struct scene s;
    open_wide(&s);
    for (unsigned columns = 80; columns <= 120; columns++)
        for (int how = 0; how < 4; how++) {
            s.view.columns = columns;
            s.view.utf8 = how & 1;
            s.view.verbose = how & 2;
            char *text = rendered(&s.view, &terminal_renderer), *rest = text, *line;
            while ((line = strsep(&rest, "\n")) != NULL) {
                assert_in_range(text_width(line), 0, columns);
                assert_true(*line == '\0' || line[strlen(line) - 1] != ' ');
            }
            free(text);
        }
    scene_close(&s);
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void test_many_details(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s);
    add_gate(&s, "unit test", "build");
    struct ruling *r =
        add_rule(&s, "tests.failed == 0", "tests.failed", COMPARE_EQUAL, 0, OUTCOME_FAILED);
    for (int i = 0; i < 20000; i++)
        add_test(&s, r, arena_printf(s.mem, "case_%d", i), "no");
    settle(&s, 1);
    char *text = rendered(&s.view, &terminal_renderer);
    assert_non_null(strstr(text, "… and 19995 more ("));
    assert_in_range(count_lines(text), 10, 20);
    free(text);
    s.view.verbose = true;
    text = rendered(&s.view, &terminal_renderer);
    assert_in_range(count_lines(text), 20000, 20020);
    free(text);
    text = rendered(&s.view, &json_renderer);
    json_auto_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    json_t *gate = json_array_get(json_object_get(document, "gates"), 0);
    json_t *rule = json_array_get(json_object_get(gate, "rules"), 0);
    assert_int_equal(json_array_size(json_object_get(rule, "details")), 20000);
    scene_close(&s);
}

static void test_a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct scene s;
    open_passing(&s);
    for (size_t i = 0; renderers[i] != NULL; i++) {
        struct error err = {0};
        FILE *full = fopen("/dev/full", "w");
        if (full == NULL)
            skip();
        setvbuf(full, NULL, _IONBF, 0);
        assert_false(renderers[i]->render(&s.view, full, &err));
        assert_int_equal(err.fault, FAULT_SYSTEM);
        fclose(full);
    }
    scene_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile_texts_stay_texts),
        cmocka_unit_test(test_hostile_texts_open_no_section),
        cmocka_unit_test(test_no_line_is_wider_than_the_terminal),
        cmocka_unit_test(test_many_details),
        cmocka_unit_test(test_a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests_name("render_texts", tests, NULL, NULL);
}
