/* YAML files that are no policies: what is kept of them, and that hostile ones end. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/policy/yaml.h"
#include "tests/support/pool.h"

static struct nodes documents;
static struct problems found;

static bool skim_bytes(const char *text, size_t len)
{
    problems_init(&found, mem);
    return tree_skim("a.yaml", text, len, mem, &documents, &found);
}

static bool skim(const char *text)
{
    return skim_bytes(text, strlen(text));
}

/* Of the first document. */
static const char *value_of(const char *key)
{
    return node_find(documents.items[0], key)->text;
}

static void texts_stay_as_they_are_written(void **state)
{
    (void)state;
    assert_true(skim("a: 1.10\nb: '1.10'\nc: \"1.10\"\nd: 0x1f\ne: 1e3\nf: 007\ng: 2026-01-02\n"
                     "h: !!str 1.10\ni: !custom {x: 1}\nj: &v 2.50\nk: *v\nl: 1_000\nm: yes\n"
                     "n: |\n  1.0\no: >-\n  1.0\np: 12:30:45\n"));
    static const char *const said[][2] = {
        {"a", "1.10"}, {"b", "1.10"},       {"c", "1.10"},    {"d", "0x1f"}, {"e", "1e3"},
        {"f", "007"},  {"g", "2026-01-02"}, {"h", "1.10"},    {"k", "2.50"}, {"l", "1_000"},
        {"m", "yes"},  {"o", "1.0"},        {"p", "12:30:45"}};
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++)
        assert_string_equal(value_of(said[i][0]), said[i][1]);
    assert_int_equal(found.count, 0);
}

static void all_documents_are_kept_and_none_is_too(void **state)
{
    (void)state;
    assert_true(skim("%YAML 1.1\n---\na: 1\n...\n---\nb: 2\n---\n---\nc: 3\n"));
    assert_int_equal(documents.count, 4);
    assert_string_equal(node_find(documents.items[3], "c")->text, "3");
    assert_true(node_is_empty(documents.items[2]));
    assert_true(skim(""));
    assert_int_equal(documents.count, 0);
    assert_true(skim("# nothing\n"));
    assert_int_equal(documents.count, 0);
    assert_true(skim("\xEF\xBB\xBF"
                     "a: 1\n"));
    assert_string_equal(value_of("a"), "1");
}

static void an_anchor_holds_in_its_document_only(void **state)
{
    (void)state;
    assert_false(skim("a: &x 1\n---\nb: *x\n"));
    assert_string_equal(found.items[0].what, "no anchor is named 'x'");
    assert_int_equal(found.items[0].at.line, 3);
    assert_int_equal(found.items[0].at.column, 4);
}

/* A mark of direction in a comment is not what a deployment is to be missed for. */
static void characters_that_only_confuse_people_are_let_through(void **state)
{
    (void)state;
    assert_true(skim("a: 1 # \xE2\x80\xAE\n"));
    assert_true(skim("a: \"\\e[1m\"\n"));
    assert_string_equal(value_of("a"), "?[1m");
    assert_int_equal(found.count, 0);
}

static void what_is_no_yaml_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len;
        unsigned line;
        const char *what;
    } cases[] = {
        {"a: [1\n", 6, 1, "this bracket is opened and never closed"},
        {"a: 1\nb: {{ .Values.tag }}x\n", 26, 2, NULL},
        {"a: 1\nb: \xFF\n", 10, 2, "the byte 0xFF is not UTF-8"},
        {"a: 1\nb: \0\n", 10, 2, "a NUL byte cannot stand here"},
        {"\xFF\xFE"
         "a\0",
         4, 1, "the file is UTF-16: save it as UTF-8"},
        {"a: 1\n\tb: 2\n", 11, 2, "a tab cannot indent: use spaces"},
        {"a: &x [*x]\n", 11, 1, "the alias 'x' stands inside what it names"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_false(skim_bytes(cases[i].text, cases[i].len));
        assert_int_equal(found.count, 1);
        assert_int_equal(found.items[0].at.line, cases[i].line);
        if (cases[i].what != NULL)
            assert_string_equal(found.items[0].what, cases[i].what);
    }
}

static char *repeated(const char *head, const char *piece, size_t times, const char *tail)
{
    size_t len = strlen(piece);
    char *text = arena_alloc(mem, strlen(head) + times * len + strlen(tail) + 1), *out = text;
    out = stpcpy(out, head);
    for (size_t i = 0; i < times; i++)
        out = stpcpy(out, piece);
    stpcpy(out, tail);
    return text;
}

static void what_passes_a_ceiling_is_refused(void **state)
{
    (void)state;
    static const char laughs[] = "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                                 "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
                                 "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                                 "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
                                 "f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n";
    assert_false(skim(laughs));
    assert_non_null(strstr(found.items[0].what, "too many YAML nodes"));
    assert_false(skim(repeated("a: ", "[", LIMIT_YAML_DEPTH + 10, "")));
    assert_non_null(strstr(found.items[0].what, "too many levels"));
    assert_false(skim(repeated("a: &a 1\nb: [", "*a,", LIMIT_YAML_ALIASES + 1, "]")));
    assert_non_null(strstr(found.items[0].what, "too many YAML aliases"));
    assert_false(skim(repeated("[", "a,", LIMIT_YAML_NODES + 1, "]")));
    assert_non_null(strstr(found.items[0].what, "too many YAML nodes"));
    assert_false(skim(repeated("# ", "x", LIMIT_YAML_BYTES, "")));
    assert_non_null(strstr(found.items[0].what, "too many bytes"));
    assert_false(skim(repeated("", "%TAG !a! b\n", 9, "--- 1\n")));
    assert_non_null(strstr(found.items[0].what, "too many directives"));
}

/* Every beginning of a file is one, too. */
static void a_file_that_was_cut_anywhere_ends(void **state)
{
    (void)state;
    static const char text[] = "%YAML 1.1\n--- &d\na: &a {b: [1, \"x\\u00e4\", 'y']}\n<<: *a\n"
                               "? {k: v}\n: !t |\n  text\n---\n- *d\n";
    for (size_t len = 0; len <= strlen(text); len++) {
        bool read = skim_bytes(arena_copy(mem, text, len), len);
        assert_true(read ? found.count == 0 : found.count > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(texts_stay_as_they_are_written, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(all_documents_are_kept_and_none_is_too, open_pool,
                                        close_pool),
        cmocka_unit_test_setup_teardown(an_anchor_holds_in_its_document_only, open_pool,
                                        close_pool),
        cmocka_unit_test_setup_teardown(characters_that_only_confuse_people_are_let_through,
                                        open_pool, close_pool),
        cmocka_unit_test_setup_teardown(what_is_no_yaml_is_refused_with_its_place, open_pool,
                                        close_pool),
        cmocka_unit_test_setup_teardown(what_passes_a_ceiling_is_refused, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(a_file_that_was_cut_anywhere_ends, open_pool, close_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
