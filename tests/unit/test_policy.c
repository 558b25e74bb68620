/* Policies that are too large, and those that only look small: refused, at once. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gates/base/text.h"
#include "gates/policy/keys.h"
#include "runner/render/render.h"

struct built {
    char *bytes;
    size_t len;
    FILE *out;
};

static void build(struct built *text)
{
    text->out = open_memstream(&text->bytes, &text->len);
    assert_non_null(text->out);
}

static void repeat(struct built *text, const char *part, size_t times)
{
    for (size_t i = 0; i < times; i++)
        fputs(part, text->out);
}

/* The first mistake must begin with `says`, and be found within five seconds of processor time. */
static void assert_refused(struct built *text, const char *says)
{
    struct problems found;
    struct policy policy;
    struct error err = {0};
    AUTO(close_arena) struct arena *mem = arena_new();
    problems_init(&found, mem);
    fclose(text->out);
    clock_t begin = clock();
    assert_true(policy_load("p.yml", text->bytes, text->len, NULL, mem, &policy, &found, &err));
    assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
    assert_true(found.count > 0);
    if (strncmp(found.items[0].what, says, strlen(says)) != 0)
        fail_msg("%u:%u: %s", found.items[0].at.line, found.items[0].at.column,
                 found.items[0].what);
    free(text->bytes);
}

static void too_many_bytes(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    repeat(&text, "# a comment\n", 90000);
    assert_refused(&text, "too many bytes: at most 1048576");
}

static void too_many_nodes(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    fputs("version: 1\nreports:\n", text.out);
    repeat(&text, "- a\n", 20001);
    assert_refused(&text, "too many YAML nodes: at most 20000");
}

static void too_many_levels(void **state)
{
    (void)state;
    static const char *const opening[] = {"[", "{a: ", "- ", "? ", "&a [", "[[[ "};
    for (size_t i = 0; i < sizeof opening / sizeof opening[0]; i++) {
        struct built text;
        build(&text);
        repeat(&text, opening[i], 100000);
        assert_refused(&text, "too many levels of nesting: at most 32");
    }
}

static void too_many_aliases(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    fputs("a: &a b\nc:\n", text.out);
    repeat(&text, "- *a\n", 101);
    assert_refused(&text, "too many YAML aliases: at most 100");
}

/* Nine aliases to what holds nine aliases to what holds … */
static void aliases_that_multiply(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    fputs("a0: &a0 [x,x,x,x,x,x,x,x,x]\n", text.out);
    for (int i = 1; i < 10; i++)
        fprintf(text.out, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i, i - 1,
                i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    assert_refused(&text, "too many YAML nodes: at most 20000");
}

static void many_anchors(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    for (int i = 0; i < 30000; i++)
        fprintf(text.out, "- &a%d b\n", i);
    assert_refused(&text, "too many YAML nodes");
}

static void many_directives(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    for (int i = 0; i < 60000; i++)
        fprintf(text.out, "%%TAG !a%d! b\n", i);
    assert_refused(&text, "directives");
}

static void a_long_line_with_many_texts(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    fputs("[", text.out);
    repeat(&text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa    , ", 19000);
    fputs("a]", text.out);
    assert_refused(&text, "a policy is a map of keys");
}

static void a_long_rule_many_times(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    fputs("version: 1\ngates:\n- name: a\n  require:\n  - &r '", text.out);
    repeat(&text, "tests.failed{suite=\"", 50000);
    fputs("'\n", text.out);
    repeat(&text, "  - *r\n", 100);
    assert_refused(&text, "a rule has at most 4096 bytes");
}

static void mistakes_everywhere(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    fputs("version: 1\ngates:\n- name: a\n  require:\n", text.out);
    repeat(&text, "  - xsonar.new_software_quality_reliability_rating <= A\n", 15000);
    assert_refused(&text, "unknown measure 'xsonar.new");
}

static void many_names_that_are_not_there(void **state)
{
    (void)state;
    struct built text;
    build(&text);
    fputs("version: 1\ncomponents:\n", text.out);
    for (int i = 0; i < 4000; i++)
        fprintf(text.out, "  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%04d: a\n", i);
    fputs("gates:\n- name: a\n  require:\n", text.out);
    for (int i = 0; i < 5000; i++)
        fprintf(text.out,
                "  - tests.failed{component=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%04db\"} "
                "== 0\n",
                i);
    assert_refused(&text, "no component is named");
}

/* Every key has what the manual prints. */
static void the_table_of_keys_is_whole(void **state)
{
    (void)state;
    for (const struct key *key = policy_keys; key->path != NULL; key++) {
        assert_non_null(key->help);
        assert_non_null(key->fallback);
        assert_int_not_equal(key->help[strlen(key->help) - 1], '.');
        assert_int_equal(key->choices != NULL, key->type == KEY_CHOICE);
        assert_non_null(key_type_name(key->type));
    }
}

/* What `outputs:` takes is what can be written, and nothing is known as a later one any more. */
static void outputs_are_renderers(void **state)
{
    (void)state;
    size_t written = 0, named = 1;
    for (; renderers[written] != NULL; written++) {
        const char *name = renderers[written]->name;
        if (!text_lists(POLICY_OUTPUTS, name, strlen(name)))
            fail_msg("POLICY_OUTPUTS lacks %s", name);
        assert_false(text_lists(POLICY_LATER_OUTPUTS, name, strlen(name)));
    }
    for (const char *at = POLICY_OUTPUTS; *at != '\0'; at++)
        named += *at == ' ';
    assert_int_equal(named, written);
}

/* A format that is read is not one of a later version any more. */
static void later_formats_are_not_read(void **state)
{
    (void)state;
    for (size_t i = 0; readers[i] != NULL; i++)
        if (text_lists(LATER_FORMATS, readers[i]->name, strlen(readers[i]->name)))
            fail_msg("LATER_FORMATS still has %s", readers[i]->name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many_bytes),
        cmocka_unit_test(too_many_nodes),
        cmocka_unit_test(too_many_levels),
        cmocka_unit_test(too_many_aliases),
        cmocka_unit_test(aliases_that_multiply),
        cmocka_unit_test(many_anchors),
        cmocka_unit_test(many_directives),
        cmocka_unit_test(a_long_line_with_many_texts),
        cmocka_unit_test(a_long_rule_many_times),
        cmocka_unit_test(mistakes_everywhere),
        cmocka_unit_test(many_names_that_are_not_there),
        cmocka_unit_test(the_table_of_keys_is_whole),
        cmocka_unit_test(outputs_are_renderers),
        cmocka_unit_test(later_formats_are_not_read),
    };
    return cmocka_run_group_tests_name("policies", tests, NULL, NULL);
}
