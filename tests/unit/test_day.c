/* Days and instants. */
#include <string.h>

#include "gates/base/day.h"
#include "tests/support/test.h"

static void days_are_counted_from_1970(void **state)
{
    (void)state;
    int32_t day = -1;
    assert_true(day_parse("1970-01-01", &day));
    assert_int_equal(day, 0);
    assert_true(day_parse("2000-02-29", &day));
    assert_int_equal(day, 11016);
    assert_true(day_parse("2027-03-01", &day));
    assert_int_equal(day, 20878);
    char buffer[48];
    for (int32_t i = 0; i < 40000; i += 13) {
        assert_true(day_parse(day_text(buffer, i), &day));
        assert_int_equal(day, i);
    }
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "2027-3-1",    "2027-02-29", "1969-12-31",
                                        "2027-13-01", "2027-00-10",  "2027-01-00", "2027-01-32",
                                        "2027/01/02", "2027-01-02 ", "20270-1-02"};
    int32_t day = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(day_parse(wrong[i], &day));
}

static void instants_know_fractions_and_zones(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds;
    } right[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00", 0},
        {"2027-03-01 12:00:05", 1803902405},
        {"2027-03-01T12:00:05.123456789Z", 1803902405},
        {"2027-03-01T12:00:05,5", 1803902405},
        {"2027-03-01T13:00:05+01:00", 1803902405},
        {"2027-03-01T06:30:05-0530", 1803902405},
    };
    static const char *const wrong[] = {"2027-03-01",
                                        "2027-03-01T",
                                        "2027-03-01T25:00:00",
                                        "2027-03-01T12:61",
                                        "2027-03-01T12:00:05 UTC",
                                        "2027-03-01T12:00:05+1",
                                        "yesterday, at noon"};
    int64_t seconds = -1;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_true(instant_parse(right[i].text, strlen(right[i].text), &seconds));
        assert_int_equal(seconds, right[i].seconds);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(instant_parse(wrong[i], strlen(wrong[i]), &seconds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_from_1970),
        cmocka_unit_test(what_is_no_day_is_refused),
        cmocka_unit_test(instants_know_fractions_and_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
