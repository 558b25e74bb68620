/* Exact numbers: parsing, comparing, and how they are shown. */
#include "tests/support/test.h"

#include <string.h>

#include "gates/base/number.h"

static struct number parsed(const char *text)
{
    struct number n = {0};
    if (!number_parse(text, strlen(text), &n))
        fail_msg("%s is a number", text);
    return n;
}

static void expect(const char *text, int64_t above, uint64_t below)
{
    struct number n = parsed(text);
    if (number_compare(n, number_ratio(above, below)) != 0)
        fail_msg("%s became %lld/%llu", text, (long long)n.above, (unsigned long long)n.below);
}

static void parses_decimals(void **state)
{
    (void)state;
    expect("0", 0, 1);
    expect("-0", 0, 1);
    expect("80", 80, 1);
    expect("-12.50", -25, 2);
    expect(".5", 1, 2);
    expect("1e3", 1000, 1);
    expect("1.5E-2", 3, 200);
    expect("+2", 2, 1);
    expect("0.1", 1, 10);
    expect("000000000000000000000001", 1, 1);
    expect("0.00000000000000000000e30", 0, 1);
    expect("0.0000000000000000000000001e25", 1, 1);
    expect("999999999999999999", 999999999999999999, 1);
    expect("0.123456789012345678", 123456789012345678, 1000000000000000000);
    expect("0.1234567890123456789", 123456789012345678, 1000000000000000000); /* cut */
    expect("1e-18", 1, 1000000000000000000);
    expect("1e-19", 0, 1);
    expect("1e-999999999", 0, 1);
    expect("100000000000000000000e-20", 1, 1);
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        ".",
        "-",
        "e1",
        "1e",
        "1e+",
        "1.2.3",
        "1,5",
        "0x10",
        "NaN",
        "inf",
        "Infinity",
        " 1",
        "1 ",
        "1e3x",
        "--1",
        "1e18",
        "1000000000000000000",
        "1e999999999999",
        "٣",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct number n;
        if (number_parse(bad[i], strlen(bad[i]), &n))
            fail_msg("\"%s\" is no number", bad[i]);
    }
}

static void parses_counts(void **state)
{
    (void)state;
    uint64_t n = 0;
    assert_true(number_parse_count("0", 1, &n) && n == 0);
    assert_true(number_parse_count("9223372036854775807", 19, &n) && n == INT64_MAX);
    assert_true(number_parse_count("00000000000000000000000042", 26, &n) && n == 42);
    assert_true(number_parse_count("42x", 2, &n) && n == 42);
    static const char *const bad[] = {"",
                                      "-1",
                                      "+1",
                                      "1.0",
                                      "1e3",
                                      " 1",
                                      "9223372036854775808",
                                      "18446744073709551617",
                                      "99999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(number_parse_count(bad[i], strlen(bad[i]), &n));
}

static void compares_without_rounding(void **state)
{
    (void)state;
    assert_int_equal(number_compare(number_ratio(1, 3), number_ratio(2, 6)), 0);
    assert_int_equal(number_compare(number_ratio(-1, 3), number_ratio(1, 3)), -1);
    assert_int_equal(number_compare(number_ratio(INT64_MAX, INT64_MAX - 1), number_of(1)), 1);
    assert_int_equal(number_compare(number_ratio(INT64_MIN, INT64_MAX), number_of(-1)), -1);
    assert_int_equal(number_compare(number_ratio(INT64_MAX - 1, INT64_MAX),
                                    number_ratio(INT64_MAX - 2, INT64_MAX - 1)),
                     1);
}

static void scales(void **state)
{
    (void)state;
    struct number n = number_scale(number_ratio(2, 3), 100, 1);
    assert_int_equal(number_compare(n, number_ratio(200, 3)), 0);
    n = number_scale(number_ratio(-1, 4), 6, 4);
    assert_int_equal(number_compare(n, number_ratio(-3, 8)), 0);
    n = number_scale(number_of(0), UINT64_MAX, 7);
    assert_int_equal(number_compare(n, number_of(0)), 0);
    n = number_scale(number_ratio(INT64_MAX, 3), 1000, 999);
    assert_int_equal(number_compare(n, number_ratio(INT64_MAX, 3)), 1);
    assert_true(number_double(n) > 3.07e18 && number_double(n) < 3.08e18);
}

/* What is too large for any fraction is as large as it gets, never less than it was. */
static void scaling_saturates(void **state)
{
    (void)state;
    assert_int_equal(number_scale(number_of(INT64_MAX), 1000, 1).above, INT64_MAX);
    assert_int_equal(number_scale(number_of(INT64_MAX), UINT64_MAX, 3).above, INT64_MAX);
    assert_int_equal(number_scale(number_of(-INT64_MAX), 1000, 1).above, -INT64_MAX);
    struct number tiny = number_scale(number_ratio(1, INT64_MAX), 1, UINT64_MAX);
    assert_int_equal(number_compare(tiny, number_ratio(1, 1000000000000)), -1);
}

static void expect_text(const char *wanted, struct number n, int decimals)
{
    char buffer[48];
    assert_string_equal(number_text(buffer, n, decimals), wanted);
}

static void rounds_half_away_from_zero(void **state)
{
    (void)state;
    expect_text("80.0", number_of(80), 1);
    expect_text("0.1", number_ratio(1, 20), 1);
    expect_text("-0.1", number_ratio(-1, 20), 1);
    expect_text("0", number_ratio(-1, 20), 0);
    expect_text("0.0", number_ratio(-1, 1000), 1);
    expect_text("3", number_ratio(5, 2), 0);
    expect_text("-3", number_ratio(-5, 2), 0);
    expect_text("0.333333", number_ratio(1, 3), 6);
    expect_text("9223372036854775807", number_of(INT64_MAX), 0);
    expect_text("-9223372036854775808.000000", number_of(INT64_MIN), 6);
}

static void shows_as_few_digits_as_tell_it(void **state)
{
    (void)state;
    char buffer[48];
    assert_string_equal(number_short(buffer, number_of(80)), "80");
    assert_string_equal(number_short(buffer, number_ratio(1, 2)), "0.5");
    assert_string_equal(number_short(buffer, number_ratio(-1, 8)), "-0.125");
    assert_string_equal(number_short(buffer, number_ratio(2, 3)), "0.666667");
}

static const char *beside(const char *value, const char *threshold)
{
    static char buffer[48];
    return number_beside(buffer, parsed(value), parsed(threshold));
}

static void never_shows_a_value_across_its_threshold(void **state)
{
    (void)state;
    char buffer[48];
    assert_string_equal(beside("79.96", "80"), "79.96");
    assert_string_equal(beside("79.94", "80"), "79.9");
    assert_string_equal(beside("80.04", "80"), "80.04");
    assert_string_equal(beside("80", "80"), "80");
    assert_string_equal(beside("80.5", "80.5"), "80.5");
    assert_string_equal(beside("79.9999994", "80"), "79.999999");
    assert_string_equal(beside("79.9999996", "80"), "799999996/10000000");
    assert_string_equal(number_beside(buffer, number_ratio(1, 3), number_ratio(1, 3)), "1/3");
    assert_string_equal(number_beside(buffer, number_ratio(-1, 300), number_of(0)), "-0.003");
}

static void is_a_double_of_15_digits(void **state)
{
    (void)state;
    assert_true(number_double(number_ratio(1, 10)) == 0.1);
    assert_true(number_double(number_ratio(1, 3)) == 0.333333333333333);
    assert_true(number_double(number_of(-5)) == -5.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parses_decimals),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(parses_counts),
        cmocka_unit_test(compares_without_rounding),
        cmocka_unit_test(scales),
        cmocka_unit_test(scaling_saturates),
        cmocka_unit_test(rounds_half_away_from_zero),
        cmocka_unit_test(shows_as_few_digits_as_tell_it),
        cmocka_unit_test(never_shows_a_value_across_its_threshold),
        cmocka_unit_test(is_a_double_of_15_digits),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
