/* Days of a zone made by hand: clocks an hour ahead, from an instant on two, then behind. */
#include "gates/base/zone.h"
#include "tests/support/test.h"

enum { HOUR = 3600, DAY = 86400 };

static struct zone_step steps[] = {
    {INT64_MIN, HOUR},
    {10 * DAY + 1 * HOUR, 2 * HOUR},   /* at 02:00, as in Europe */
    {20 * DAY - 2 * HOUR, 3 * HOUR},   /* at midnight: 00:00 to 01:00 are left out */
    {30 * DAY - 3 * HOUR, 2 * HOUR},   /* at midnight: 23:00 to 24:00 are there twice */
    {40 * DAY - 2 * HOUR, -22 * HOUR}, /* a day again */
    {50 * DAY + 22 * HOUR, 2 * HOUR},  /* a day is left out */
};

static const struct zone zone = {"Some/Where", {steps, sizeof steps / sizeof steps[0], 0}};

static void no_zone_is_utc(void **state)
{
    (void)state;
    char buffer[48];
    assert_string_equal(zone_name(NULL), "UTC");
    assert_string_equal(zone_name(&zone), "Some/Where");
    assert_int_equal(zone_day(NULL, -1), -1);
    assert_int_equal(zone_day(NULL, -DAY), -1);
    assert_int_equal(zone_day(NULL, -DAY - 1), -2);
    assert_int_equal(zone_day(NULL, 0), 0);
    assert_int_equal(zone_day(NULL, DAY), 1);
    assert_int_equal(zone_begin(NULL, -2), -2 * DAY);
    assert_int_equal(zone_begin(NULL, 7), 7 * DAY);
    assert_string_equal(zone_text(buffer, NULL, 31 * DAY + 13 * HOUR + 125), "1970-02-01 13:02:05");
    const struct zone empty = {.name = "UTC"};
    assert_int_equal(zone_day(&empty, DAY), 1);
    assert_int_equal(zone_begin(&empty, 7), 7 * DAY);
}

static void a_day_begins_when_local_clocks_say_so(void **state)
{
    (void)state;
    static const struct {
        int32_t day;
        int64_t begin;
    } days[] = {
        {-400, -400 * DAY - HOUR},
        {9, 9 * DAY - HOUR},
        {10, 10 * DAY - HOUR},
        {11, 11 * DAY - 2 * HOUR}, /* the tenth had 23 hours */
        {19, 19 * DAY - 2 * HOUR},
        {20, 20 * DAY - 2 * HOUR}, /* with 01:00 */
        {21, 21 * DAY - 3 * HOUR},
        {30, 30 * DAY - 2 * HOUR}, /* an hour later */
        {31, 31 * DAY - 2 * HOUR},
        {40, 40 * DAY + 22 * HOUR},
        {41, 41 * DAY + 22 * HOUR},
        {50, 50 * DAY + 22 * HOUR},
        {51, 50 * DAY + 22 * HOUR},
        {52, 52 * DAY - 2 * HOUR},
        {4000000, INT64_C(4000000) * DAY - 2 * HOUR},
    };
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (zone_begin(&zone, days[i].day) != days[i].begin)
            fail_msg("day %d begins at %lld", days[i].day,
                     (long long)zone_begin(&zone, days[i].day));
}

static void an_instant_is_of_the_day_that_clocks_show(void **state)
{
    (void)state;
    char buffer[48];
    assert_int_equal(zone_day(&zone, 10 * DAY - HOUR - 1), 9);
    assert_int_equal(zone_day(&zone, 10 * DAY - HOUR), 10);
    assert_string_equal(zone_text(buffer, &zone, 10 * DAY + HOUR - 60), "1970-01-11 01:59:00 +01");
    assert_string_equal(zone_text(buffer, &zone, 10 * DAY + HOUR), "1970-01-11 03:00:00 +02");
    const char *twice = zone_text(buffer, &zone, 30 * DAY - 3 * HOUR - 60);
    assert_string_equal(twice, "1970-01-30 23:59:00 +03");
    twice = zone_text(buffer, &zone, 30 * DAY - 2 * HOUR - 60);
    assert_string_equal(twice, "1970-01-30 23:59:00 +02");
    assert_string_equal(zone_text(buffer, &zone, 41 * DAY), "1970-02-10 02:00:00 -22");
    assert_int_equal(zone_day(&zone, 30 * DAY - 3 * HOUR - 1), 29);
    assert_int_equal(zone_day(&zone, 30 * DAY - 3 * HOUR), 29); /* once more */
    assert_int_equal(zone_day(&zone, 30 * DAY - 2 * HOUR), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_zone_is_utc),
        cmocka_unit_test(a_day_begins_when_local_clocks_say_so),
        cmocka_unit_test(an_instant_is_of_the_day_that_clocks_show),
    };
    return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
