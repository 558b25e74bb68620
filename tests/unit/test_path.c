/* Paths as reports write them. */
#include "tests/support/test.h"

#include <string.h>

#include "gates/base/arena.h"
#include "gates/base/path.h"

static void cleans(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {".", ""},
        {"/", "/"},
        {"a", "a"},
        {"a/", "a"},
        {"a//b", "a/b"},
        {"./a/./b/.", "a/b"},
        {"a/../b", "b"},
        {"a/b/../../c", "c"},
        {"a/..", ""},
        {"../a", "../a"},
        {"../../a", "../../a"},
        {"a/../../b", "../b"},
        {"/../a", "/a"},
        {"//a/..", "/"},
        {"/a/../b", "/b"},
        {"..a/b", "..a/b"},
        {"a/..b/../c", "a/c"},
        {".../a", ".../a"},
        {"src\\main\\a.c", "src/main/a.c"},
        {"C:\\src\\..\\a.c", "C:/a.c"},
        {"a\nb", "a b"},
        {"a\x1B[31m", "a?[31m"},
    };
    AUTO(close_arena) struct arena *mem = arena_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_string_equal(path_clean(mem, pairs[i][0], strlen(pairs[i][0])), pairs[i][1]);
}

static void cleaning_twice_changes_nothing(void **state)
{
    (void)state;
    static const char letters[] = "a./\\";
    AUTO(close_arena) struct arena *mem = arena_new();
    for (unsigned n = 0; n < 4 * 4 * 4 * 4 * 4 * 4 * 4; n++) {
        char text[8] = "";
        for (unsigned i = 0, rest = n; i < 7; i++, rest /= 4)
            text[i] = letters[rest % 4];
        const char *once = path_clean(mem, text, 7);
        assert_string_equal(path_clean(mem, once, strlen(once)), once);
        assert_null(strstr(once, "//"));
        assert_null(strstr(once, "/./"));
    }
}

static void knows_absolute_paths(void **state)
{
    (void)state;
    assert_true(path_is_absolute("/"));
    assert_true(path_is_absolute("/a"));
    assert_true(path_is_absolute("C:/a"));
    assert_true(path_is_absolute("z:/"));
    assert_false(path_is_absolute(""));
    assert_false(path_is_absolute("a/b"));
    assert_false(path_is_absolute("C:"));
    assert_false(path_is_absolute("C:a"));
    assert_false(path_is_absolute("1:/a"));
    assert_false(path_is_absolute("@:/a"));
}

static void joins(void **state)
{
    (void)state;
    AUTO(close_arena) struct arena *mem = arena_new();
    assert_string_equal(path_join(mem, "a", "b/c"), "a/b/c");
    assert_string_equal(path_join(mem, "a/", "b"), "a/b");
    assert_string_equal(path_join(mem, "/", "b"), "/b");
    assert_string_equal(path_join(mem, "", "b"), "b");
    assert_string_equal(path_join(mem, ".", "b"), "b");
    assert_string_equal(path_join(mem, "a", "/b"), "/b");
    assert_string_equal(path_join(mem, "a", "C:/b"), "C:/b");
}

static void compares_ends_by_whole_parts(void **state)
{
    (void)state;
    assert_true(path_ends_in("src/a.c", "a.c"));
    assert_true(path_ends_in("src/a.c", "src/a.c"));
    assert_false(path_ends_in("src/a.c", "c"));
    assert_false(path_ends_in("src/a.c", "rc/a.c"));
    assert_false(path_ends_in("a.c", "src/a.c"));
    assert_false(path_ends_in("a.c", ""));
}

static void names_the_last_part(void **state)
{
    (void)state;
    assert_string_equal(path_name("a/b.c"), "b.c");
    assert_string_equal(path_name("b.c"), "b.c");
    assert_string_equal(path_name("a/"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleans),
        cmocka_unit_test(cleaning_twice_changes_nothing),
        cmocka_unit_test(knows_absolute_paths),
        cmocka_unit_test(joins),
        cmocka_unit_test(compares_ends_by_whole_parts),
        cmocka_unit_test(names_the_last_part),
    };
    return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
