/* Globs: what matches, and that no pair of glob and path takes long. */
#include "tests/support/test.h"

#include <string.h>
#include <time.h>

#include "gates/base/glob.h"

struct pair {
    const char *glob, *path;
};

static void matches(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"", ""},
        {"a/b.c", "a/b.c"},
        {"*.c", ".c"},
        {"*", "abc"},
        {"a*c*e", "abcde"},
        {"a?c", "abc"},
        {"a/**", "a/"},
        {"a/**", "a/b/c"},
        {"**", "a/b"},
        {"**", ""},
        {"**/b", "b"},
        {"**/b", "a/x/b"},
        {"a/**/b", "a/b"},
        {"a/**/b", "a/x/y/b"},
        {"a/**/**/b", "a/b"},
        {"**/*", "a"},
        {"**/*.xml", "a/b.xml"},
        {"**/x/**/y", "x/x/y/z/y"},
        {"**/*a*/**/c", "x/ba/c"},
        {"**/a/*/c", "a/b/d/a/b/c"},
        {"**/*_x*z", "a_x/b_xz"},
        {"a**b", "a/x/b"},
        {"***/b", "b"},
        {"src/**/*.c", "src/a.c"},
        {"[a-c]x", "bx"},
        {"[]]", "]"},
        {"[!x]", "y"},
        {"[a", "[a"},
        {"\\*", "*"},
        {"\\", "\\"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!glob_match(pairs[i].glob, pairs[i].path))
            fail_msg("%s should match %s", pairs[i].glob, pairs[i].path);
}

static void does_not_match(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {"", "a"},         {"a", ""},        {"a", "A"},      {"*", "a/b"},       {"a?c", "a/c"},
        {"a[!x]c", "a/c"}, {"a[/]c", "a/c"}, {"**/b", "xb"},  {"a/**/b", "a/xb"}, {"a/**", "a"},
        {"a/*/b", "a/b"},  {"\\*", "a"},     {"[!a-c]", "b"}, {"*.c", "a.cc"},    {"a*b", "ab/b"},
        {"**/a*b", "a/b"}, {"a//b", "a/b"},  {"?", ""},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (glob_match(pairs[i].glob, pairs[i].path))
            fail_msg("%s should not match %s", pairs[i].glob, pairs[i].path);
}

static void counts_characters_not_bytes(void **state)
{
    (void)state;
    assert_true(glob_match("caf?", "café"));
    assert_true(glob_match("[é-ü]*", "ö"));
    assert_true(glob_match("[!x]", "€"));
    assert_false(glob_match("*??", "€"));
    assert_false(glob_match("[é]", "\xC3"));
    assert_true(glob_match("?", "\xC3")); /* no UTF-8: a byte is a character */
}

static void takes_no_time(void **state)
{
    (void)state;
    char glob[1024] = "**a*", path[8192];
    memset(glob + 4, 'a', 1000);
    glob[1003] = 'b';
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    clock_t begin = clock();
    assert_false(glob_match(glob, path));
    path[sizeof path - 3] = '/';
    assert_false(glob_match(glob, path));
    for (size_t i = 0; i < sizeof path - 1; i += 2)
        path[i] = '/';
    memcpy(glob, "**/a/*/*/*/*/*/*/", 17);
    assert_false(glob_match(glob, path));
    assert_true((clock() - begin) / CLOCKS_PER_SEC < 2);
}

static void knows_what_is_literal(void **state)
{
    (void)state;
    assert_false(glob_is_pattern("a/b.xml"));
    assert_true(glob_is_pattern("a/*.xml"));
    assert_true(glob_is_pattern("a/[b]"));
    assert_int_equal(glob_literal_prefix("services/*/x.xml"), 9);
    assert_int_equal(glob_literal_prefix("a/b*c"), 2);
    assert_int_equal(glob_literal_prefix("**/x.xml"), 0);
    assert_int_equal(glob_literal_prefix("/a/b/c.xml"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches),
        cmocka_unit_test(does_not_match),
        cmocka_unit_test(counts_characters_not_bytes),
        cmocka_unit_test(takes_no_time),
        cmocka_unit_test(knows_what_is_literal),
    };
    return cmocka_run_group_tests_name("glob", tests, NULL, NULL);
}
