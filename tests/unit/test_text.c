/* Text from outside: what is valid, what is shown, how it is cut and compared. */
#include "tests/support/test.h"

#include <string.h>

#include "gates/base/arena.h"
#include "gates/base/text.h"

static void knows_valid_utf8(void **state)
{
    (void)state;
    assert_int_equal(utf8_length("a", 1), 1);
    assert_int_equal(utf8_length("é", 2), 2);
    assert_int_equal(utf8_length("€", 3), 3);
    assert_int_equal(utf8_length("😀", 4), 4);
    assert_int_equal(utf8_length("\xF4\x8F\xBF\xBF", 4), 4); /* 10FFFF */
    static const char *const bad[] = {
        "\x80", "\xBF", "\xC0\x80", "\xC1\xBF",         "\xE0\x9F\xBF",     "\xED\xA0\x80",
        "\xF5", "\xFF", "\xC3(",    "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xE2\x82(",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(utf8_length(bad[i], strlen(bad[i])), 0);
    assert_int_equal(utf8_length("é", 1), 0); /* cut */
    assert_int_equal(utf8_length("", 0), 0);
}

static void reads_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_point("a", 1), 'a');
    assert_int_equal(utf8_point("é", 2), 0xE9);
    assert_int_equal(utf8_point("€", 3), 0x20AC);
    assert_int_equal(utf8_point("😀", 4), 0x1F600);
}

static void expect_clean(const char *text, size_t len, const char *wanted, size_t replaced)
{
    char copy[64] = "";
    memcpy(copy, text, len);
    assert_int_equal(text_clean(copy, len), replaced);
    assert_string_equal(copy, wanted);
}

static void makes_text_harmless(void **state)
{
    (void)state;
    expect_clean("plain é €", 12, "plain é €", 0);
    expect_clean("a\tb\nc\r\nd", 8, "a b c  d", 0);
    expect_clean("\x1B[31mred\a", 9, "?[31mred?", 2);
    expect_clean("a\0b\x7F", 4, "a?b?", 2);
    expect_clean("\xC2\x85 \xE2\x80\xA8 \xE2\x80\xAE", 10, "? ? ?", 3); /* NEL, LS, RLO */
    expect_clean("\xE2\x81\xA6x\xD8\x9C", 6, "?x?", 2);                 /* LRI, ALM */
    expect_clean("\xFF\xFE", 2, "??", 2);
    expect_clean("a\xC3(", 3, "a?(", 1);
    expect_clean("", 0, "", 0);
}

static void drops_a_character_cut_at_the_end(void **state)
{
    (void)state;
    expect_clean("ab\xE2\x82", 4, "ab", 0);
    expect_clean("ab\xF0\x9F\x98", 5, "ab", 0);
    expect_clean("ab\xC3", 3, "ab", 0);
    expect_clean("ab\xE2\xC3", 4, "ab?", 1);
    expect_clean("ab\xFF", 3, "ab?", 1);
    expect_clean("ab\xE0\x80", 4, "ab??", 2); /* no character begins so */
}

static void cuts_between_characters(void **state)
{
    (void)state;
    AUTO(close_arena) struct arena *mem = arena_new();
    assert_string_equal(text_keep(mem, "  a b \n", 7, 10), "a b");
    assert_string_equal(text_keep(mem, "abc", 3, 3), "abc");
    assert_string_equal(text_keep(mem, "abcd", 4, 3), "abc…");
    assert_string_equal(text_keep(mem, "aéé", 5, 2), "a…");
    assert_string_equal(text_keep(mem, "aéé", 5, 3), "aé…");
    assert_string_equal(text_keep(mem, "€", 3, 2), "…");
    assert_string_equal(text_keep(mem, "   ", 3, 10), "");
    assert_string_equal(text_keep(mem, "a\0b", 3, 10), "a?b");
}

static void counts_columns(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("é"), 1);
    assert_int_equal(text_width("e\xCC\x81"), 1); /* combining */
    assert_int_equal(text_width("漢字"), 4);
    assert_int_equal(text_width("\xFF"), 1);
}

static void compares_words(void **state)
{
    (void)state;
    assert_true(text_is("true!", 4, "true"));
    assert_false(text_is("tru", 3, "true"));
    assert_false(text_is("True", 4, "true"));
    assert_true(text_is_nocase("tRuE", 4, "true"));
    assert_false(text_is_nocase("true ", 5, "true"));
    assert_true(text_lists("one two three", "two", 3));
    assert_true(text_lists("one two three", "three", 5));
    assert_false(text_lists("one two three", "thre", 4));
    assert_false(text_lists("one two three", "one two", 7));
    assert_false(text_lists("one  two", "", 0));
    assert_false(text_lists("", "one", 3));
}

static void measures_distance(void **state)
{
    (void)state;
    assert_int_equal(text_distance("coverage", "coverage", 2), 0);
    assert_int_equal(text_distance("coverage", "covrage", 2), 1);
    assert_int_equal(text_distance("coverage", "covearge", 2), 1); /* neighbours swapped */
    assert_int_equal(text_distance("coverage", "cobertura", 2), 3);
    assert_int_equal(text_distance("", "ab", 2), 2);
    assert_int_equal(text_distance("", "abc", 2), 3);
    char text[128] = "";
    memset(text, 'a', 100);
    assert_int_equal(text_distance(text, text, 3), 4); /* too long to look at */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_valid_utf8),
        cmocka_unit_test(reads_code_points),
        cmocka_unit_test(makes_text_harmless),
        cmocka_unit_test(drops_a_character_cut_at_the_end),
        cmocka_unit_test(cuts_between_characters),
        cmocka_unit_test(counts_columns),
        cmocka_unit_test(compares_words),
        cmocka_unit_test(measures_distance),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
