/* What messages of commits say of the change that they landed, and what only looks so. */
#include <string.h>

#include "gates/base/array.h"
#include "gates/measure/landing.h"
#include "tests/support/test.h"

enum { HOUR = 3600, DAY = 86400, MONDAY = 20822 * DAY }; /* 2027-01-04 */

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static void messages_tell_request_and_first_date(void **state)
{
    struct arena *mem = *state;
    static const char squashed[] = "Squashed commit of the following:\n\ncommit 1\nAuthor: a <b>\n"
                                   "Date:   Tue Jan 5 10:00:00 2027 +0100\n\n    x\n\ncommit 2\n"
                                   "Date:   Mon Jan 4 23:30:00 2027 -0130\n"
                                   "Date: \nDate:   Mon Foo 4 23:30:00 2027 +0000\nDate:   x";
    struct landing landing;
    landing_read(mem, squashed, sizeof squashed - 1, &landing);
    assert_int_equal(landing.first_s, INT64_C(1799110800));
    static const char requests[] = "a\n\nSee merge request a/b!4\nSee merge request a/b!45\n";
    landing_read(mem, requests, sizeof requests - 1, &landing);
    assert_int_equal(landing.request, 45);
    assert_string_equal(landing.subject, "a");
    assert_null(landing.claims);
    landing_read(mem, "", 0, &landing);
    assert_string_equal(landing.subject, "");
    assert_int_equal(landing.first_s, INT64_MAX);
    landing_read(mem, "hotfix", 6, &landing);
    assert_false(landing.hotfix);
}

static void words_that_may_be_numbers_of_incidents_are_kept(void **state)
{
    struct arena *mem = *state;
    static const struct {
        const char *message, *keys;
    } all[] = {
        {"Fixes INC-7", "INC-7"},
        {"INC-7: pool\n\nCloses PD_4411 (see [Q1ABCDEF]).", "INC-7 PD_4411 Q1ABCDEF"},
        {"1 of 22, #45, !45, -7, 7d, v2", NULL}, /* no letter first, or too little */
        {"of 3f2a9bc, abcdef012 and x-3f2a9bc", "x-3f2a9bc"},
        {"plain words", NULL},
        {"Revert \"pool of INC-7\"\n\nThis was INC-8.", "INC-8"},
        {"Reapply \"pool of INC-7\"", NULL},
        {"Revert \"Revert \"INC-7\"\"", NULL},
        {"INC-7\0INC-8", "INC-7"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct landing landing;
        landing_read(mem, all[i].message, strlen(all[i].message), &landing);
        const char *keys = landing.keys == NULL ? "" : landing.keys;
        assert_string_equal(keys, all[i].keys == NULL ? "" : all[i].keys);
    }
    char many[4000] = "";
    for (size_t i = 0; i + 6 < sizeof many; i += 6)
        memcpy(many + i, "INC-7 ", 7);
    struct landing landing;
    landing_read(mem, many, strlen(many), &landing);
    assert_int_equal(strlen(landing.keys), 197); /* the first 33 */
}

static void almost_a_date_is_none(void **state)
{
    struct arena *mem = *state;
    static const struct {
        const char *date;
        int64_t seconds;
    } all[] = {
        {"Mon Jan 11 00:00:00 2027 +0000", (int64_t)MONDAY + 7 * DAY},
        {"Mon  Jan  4  01:00:00  2027  +0000 (late)", (int64_t)MONDAY + HOUR},
        {"Mon Jan", INT64_MAX},
        {"Mon January 4 00:00:00 2027 +0000", INT64_MAX},
        {"Mon Jan 004 00:00:00 2027 +0000", INT64_MAX},
        {"Mon Jan 4 0:00:00 2027 +0000", INT64_MAX},
        {"Mon Jan 4 00:00:00 27 +0000", INT64_MAX},
        {"Mon Jan 4 00:00:00 2027 UTC", INT64_MAX},
        {"Mon Jan 4 00:00:00 2027", INT64_MAX},
        {"Mon Jan 4 25:00:00 2027 +0000", INT64_MAX},
        {"Mon Feb 30 00:00:00 2027 +0000", INT64_MAX},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct landing landing;
        const char *text =
            arena_printf(mem, "Squashed commit of the following:\n\nDate: %s", all[i].date);
        landing_read(mem, text, strlen(text), &landing);
        if (landing.first_s != all[i].seconds)
            fail_msg("%s: %lld", all[i].date, (long long)landing.first_s);
    }
    struct landing landing; /* not the list of a squash */
    static const char plain[] = "a\n\nDate: Mon Jan 11 00:00:00 2027 +0000";
    landing_read(mem, plain, sizeof plain - 1, &landing);
    assert_int_equal(landing.first_s, INT64_MAX);
}

static void almost_a_request_is_none(void **state)
{
    struct arena *mem = *state;
    static const struct {
        const char *message;
        uint64_t request;
    } all[] = {
        {"a\n\nSee merge request a/b!4", 4},
        {"a\n\nSee merge request a/b!4\nSee merge request a/b", 4},
        {"a\n\nSee merge request a/b!4\nSee merge request a/b!x", 0},
        {"a\n\nSee merge request a/b!", 0},
        {"a\n\nSee merge request a/b\n!4", 0},
        {"See merge request a/b!4", 0}, /* a subject */
        {"a\n\n> See merge request a/b!4", 0},
        {"a\n\nSee merge request a/b!99999999999999999999999", 0},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct landing landing;
        landing_read(mem, all[i].message, strlen(all[i].message), &landing);
        if (landing.request != all[i].request)
            fail_msg("%s: %llu", all[i].message, (unsigned long long)landing.request);
    }
}

static void merges_of_some_branches_are_hotfixes(void **state)
{
    struct arena *mem = *state;
    struct words branches = {0};
    array_push(mem, &branches, "urgent/*");
    static const struct {
        const char *message;
        bool hotfix;
    } all[] = {
        {"Merge branch 'urgent/totals' into 'main'\n\n1.2.0", true},
        {"Merge branch 'urgent/a/b' into 'main'", false},
        {"Merge branch 'totals' into 'urgent/main'", false},
        {"Merge branch '' into 'main'", false},
        {"Merge branch 'hotfix/x' into 'main'", true},
        {"urgent/totals", false},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct landing landing;
        landing_read(mem, all[i].message, strlen(all[i].message), &landing);
        landing_add_hotfix(&landing, &branches);
        if (landing.hotfix != all[i].hotfix || (landing.claims != NULL) != all[i].hotfix)
            fail_msg("%s: %d", all[i].message, landing.hotfix);
    }
}

static void a_branch_may_have_a_name_without_end(void **state)
{
    struct arena *mem = *state;
    struct landing landing;
    struct words branches = {0};
    array_push(mem, &branches, "**");
    const char *message = arena_printf(mem, "Merge branch '%0200d' into 'main'", 7);
    landing_read(mem, message, strlen(message), &landing);
    landing_add_hotfix(&landing, &branches);
    assert_true(landing.hotfix);
}

int main(void)
{
#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_ARENA(messages_tell_request_and_first_date),
        WITH_ARENA(words_that_may_be_numbers_of_incidents_are_kept),
        WITH_ARENA(almost_a_date_is_none),
        WITH_ARENA(almost_a_request_is_none),
        WITH_ARENA(merges_of_some_branches_are_hotfixes),
        WITH_ARENA(a_branch_may_have_a_name_without_end),
    };
    return cmocka_run_group_tests_name("landing", tests, NULL, NULL);
}
