/* A set of texts with an index each. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "gates/base/names.h"

static void numbers_texts_in_the_order_they_come(void **state)
{
    (void)state;
    AUTO(close_arena) struct arena *mem = arena_new();
    struct names names;
    names_init(&names, mem);
    assert_int_equal(names_find(&names, "a", 1), NAMES_NONE);
    assert_int_equal(names_add(&names, "a", 1), 0);
    assert_int_equal(names_add(&names, "", 0), 1);
    assert_int_equal(names_add(&names, "abc", 2), 2); /* "ab" */
    assert_int_equal(names_add(&names, "a", 1), 0);
    assert_int_equal(names_find(&names, "ab", 2), 2);
    assert_int_equal(names_find(&names, "abc", 3), NAMES_NONE);
    assert_int_equal(names_find(&names, "", 0), 1);
    assert_string_equal(names.texts.items[2], "ab");
}

static void keeps_a_copy(void **state)
{
    (void)state;
    AUTO(close_arena) struct arena *mem = arena_new();
    struct names names;
    names_init(&names, mem);
    char text[] = "first";
    assert_int_equal(names_add(&names, text, 5), 0);
    memcpy(text, "other", 5);
    assert_int_equal(names_add(&names, text, 5), 1);
    assert_int_equal(names_find(&names, "first", 5), 0);
}

static void tells_texts_with_zeros_apart(void **state)
{
    (void)state;
    AUTO(close_arena) struct arena *mem = arena_new();
    struct names names;
    names_init(&names, mem);
    assert_int_equal(names_add(&names, "a\0b", 3), 0);
    assert_int_equal(names_add(&names, "a\0c", 3), 1);
    assert_int_equal(names_add(&names, "a", 1), 2);
    assert_int_equal(names_add(&names, "a\0b", 3), 0);
}

static void finds_all_of_many(void **state)
{
    (void)state;
    enum { MANY = 100000 };
    AUTO(close_arena) struct arena *mem = arena_new();
    struct names names;
    names_init(&names, mem);
    char text[32];
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < MANY; i++) {
            int len = snprintf(text, sizeof text, "src/%zu/name.c", i);
            assert_int_equal(names_add(&names, text, (size_t)len), i);
        }
    assert_int_equal(names.texts.count, MANY);
    assert_int_equal(names_find(&names, "src/100000/name.c", 17), NAMES_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_texts_in_the_order_they_come),
        cmocka_unit_test(keeps_a_copy),
        cmocka_unit_test(tells_texts_with_zeros_apart),
        cmocka_unit_test(finds_all_of_many),
    };
    return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
