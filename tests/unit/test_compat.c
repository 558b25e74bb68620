/* Numbers by the definitions of others, of one chain counted by hand.
 *
 *     hours   0 a     v1 at 2 h: a
 *             5 side  10 h and 30 s: m, a merge of it     12 b     v2 at 20 h: b
 *             29 side  41 m2, a merge of it               v3 at 45 h and again at 50 h: m2
 *                                                         v2 at 60 h: b
 *     incidents   "4" 1 to 3   "1" 21 to 27, caused by v2   "2" 46 to 49   "3" 47, open
 */
#include "gates/measure/dora_compat.h"
#include "tests/support/chain.h"
#include "tests/support/test.h"

static const struct dora_window week = {MONDAY / DAY, MONDAY / DAY + 6};

static void draw_it(struct drawn *d)
{
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), side = commit(d, 5, a, DORA_NONE);
    uint32_t m = commit(d, 10, a, side), b = commit(d, 12, m, DORA_NONE);
    uint32_t other = commit(d, 29, b, DORA_NONE), m2 = commit(d, 41, b, other);
    d->chain.commits.items[m].committed_s += 30;
    d->chain.commits.items[other].bot = true; /* is nothing to them */
    deploy(d, "v1", 2, a);
    deploy(d, "v2", 20, b);
    deploy(d, "v3", 45, m2);
    deploy(d, "v3", 50, m2);
    deploy(d, "v2", 60, b);
    deploy(d, "v9", 61, b)->outcome = DORA_NEVER;
    deploy(d, "v2", 62, b)->outcome = DORA_CONFIG;
    incident(d, "1", 21)->resolved_s = MONDAY + 27 * HOUR;
    d->chain.incidents.items[0].caused_by = "v2";
    incident(d, "2", 46)->resolved_s = MONDAY + 49 * HOUR;
    incident(d, "3", 47);
    incident(d, "4", 1)->resolved_s = MONDAY + 3 * HOUR;
    d->chain.hears = true;
    dora_link(&d->chain, d->mem);
}

/* "5/7 /d, 25185 s, 80 %, 10800 s": frequency, lead time, fail rate, recovery; why not in brackets.
 */
static const char *numbers(struct drawn *d, const char *name, const struct dora_window *window)
{
    static const enum dora_measure four[] = {DORA_FREQUENCY, DORA_LEAD_P50, DORA_FAIL_RATE,
                                             DORA_RECOVERY_P50};
    const struct dora_part whole = {&d->chain, INT64_MIN, INT64_MAX};
    struct dora_value values[DORA_VALUES];
    enum dora_compat mode;
    const char *text = "";
    assert_true(dora_compat_named(name, &mode));
    assert_string_equal(dora_compat_name(mode), name);
    dora_compat(mode, &whole, 1, window, NULL, d->mem, values);
    for (size_t i = 0; i < 4; i++) {
        const struct dora_value *value = &values[four[i]];
        char buffer[48];
        const char *said =
            value->why != NULL
                ? arena_printf(d->mem, "(%s)", value->why)
                : arena_printf(d->mem, "%s %s", number_short(buffer, value->value), value->unit);
        text = arena_printf(d->mem, "%s%s%s", text, i == 0 ? "" : ", ", said);
    }
    assert_string_equal(values[DORA_REWORK_RATE].why, "it has no such number");
    assert_string_equal(values[DORA_REWORK_RATE].measure, "dora.rework_rate");
    return text;
}

static void gitlab_counts_from_the_merge(void **state)
{
    struct drawn *d = *state;
    draw_it(d);
    /* 5 in 7 days; 9 h 59 min 30 s and 4 h; 4 incidents of 5; 6, 3 and 2 h */
    assert_string_equal(numbers(d, "gitlab", &week), "0.714286 /d, 25185 s, 80 %, 10800 s");
}

static void devlake_rounds_up_and_takes_the_lower_median(void **state)
{
    struct drawn *d = *state;
    draw_it(d);
    /* 3 days in the week; 5:01 + 10:00 and 12:00 + 4:00; v2 and v3 of 5; 7 and 4 h */
    assert_string_equal(numbers(d, "devlake", &week), "0.428571 /d, 54060 s, 40 %, 14400 s");
}

static void four_keys_takes_the_deployed_commit(void **state)
{
    struct drawn *d = *state;
    draw_it(d);
    /* 2, 8, 4, 9 and 48 h; 1 of 5; 2, 7 and 3 h */
    assert_string_equal(numbers(d, "fourkeys", &week), "0.714286 /d, 28800 s, 20 %, 10800 s");
}

static void what_is_not_there_is_absent(void **state)
{
    struct drawn *d = *state;
    static const struct dora_window before = {MONDAY / DAY - 7, MONDAY / DAY - 1},
                                    after = {MONDAY / DAY + 7, MONDAY / DAY + 12};
    draw_it(d);
    for (enum dora_compat mode = DORA_COMPAT_GITLAB; mode < DORA_COMPATS; mode++) {
        const char *name = dora_compat_name(mode);
        assert_string_equal(numbers(d, name, &before),
                            "(nothing was deployed yet), (no such change was deployed in this "
                            "time), (nothing was deployed in this time), (no such incident is "
                            "resolved)");
        assert_true(strlen(dora_compat_note(mode)) > 20);
        assert_true(strlen(dora_compat_title(mode)) > 5);
    }
    const char *rest = "(no such change was deployed in this time), (nothing was deployed in this "
                       "time), (no such incident is resolved)";
    assert_string_equal(numbers(d, "gitlab", &after), arena_printf(d->mem, "0 /d, %s", rest));
    assert_string_equal(
        numbers(d, "devlake", &after),
        arena_printf(d->mem, "(no week lies wholly inside of this time), %s", rest));
    d->chain.hears = false;
    assert_non_null(strstr(numbers(d, "gitlab", &week), "(nobody tells of incidents here)"));
    enum dora_compat mode;
    assert_false(dora_compat_named("sleuth", &mode));
}

/* Clocks that are wrong, versions of no commit, parts of a repository. */
static void what_has_no_time_is_left_out(void **state)
{
    struct drawn *d = *state;
    draw_it(d);
    d->chain.changes.items[0].outside = true; /* m */
    d->chain.changes.items[2].started_s = MONDAY + 42 * HOUR;
    deploy(d, "x", 70, DORA_NONE)->finished_s = MONDAY + 70 * HOUR;
    assert_string_equal(numbers(d, "devlake", &week),
                        "0.428571 /d, (no such change was deployed in this time), 33.333333 %, "
                        "14400 s");
    assert_non_null(strstr(numbers(d, "gitlab", &week), " 14400 s,"));
    assert_non_null(strstr(numbers(d, "fourkeys", &week), " 28800 s,"));
    d->chain.commits.items[5].committed_s = MONDAY + 51 * HOUR; /* m2, of both v3 */
    assert_non_null(strstr(numbers(d, "gitlab", &week), "(no such change was deployed"));
    assert_non_null(strstr(numbers(d, "fourkeys", &week), " 28800 s,")); /* 2, 8 and 48 h */
}

/* Only what happened while the team owned it; a change that waits, one that landed directly. */
static void a_part_of_the_time(void **state)
{
    struct drawn *d = *state;
    struct dora_value values[DORA_VALUES];
    draw_it(d);
    const struct dora_part part = {&d->chain, MONDAY + 20 * HOUR, MONDAY + 46 * HOUR};
    const struct dora_change waits = {.deployment = DORA_NONE, .landed = 1};
    array_push(d->mem, &d->chain.changes, waits);
    dora_compat(DORA_COMPAT_GITLAB, &part, 1, &week, NULL, d->mem, values);
    assert_int_equal(values[DORA_FREQUENCY].above, 2);
    assert_int_equal(values[DORA_FAIL_RATE].above, 1);
    assert_int_equal(values[DORA_LEAD_P50].count, 2);
    const struct dora_part none = {&d->chain, MONDAY + 500 * HOUR, INT64_MAX};
    dora_compat(DORA_COMPAT_DEVLAKE, &none, 1, &week, NULL, d->mem, values);
    assert_int_equal(values[DORA_FREQUENCY].count, 0);
}

/* Attempts and configuration between incidents are nobody's. */
static void only_what_ran_is_blamed(void **state)
{
    struct drawn *d = *state;
    draw_it(d);
    incident(d, "5", 63)->resolved_s = MONDAY + 64 * HOUR;
    d->chain.changes.count = 0;
    dora_link(&d->chain, d->mem);
    /* v2, v3 and v2 again; 7, 4 and 4 h */
    assert_non_null(strstr(numbers(d, "devlake", &week), " 60 %, 14400 s"));
}

int main(void)
{
#define DRAWN(test) cmocka_unit_test_setup_teardown(test, draw, erase)
    const struct CMUnitTest tests[] = {
        DRAWN(gitlab_counts_from_the_merge),
        DRAWN(devlake_rounds_up_and_takes_the_lower_median),
        DRAWN(four_keys_takes_the_deployed_commit),
        DRAWN(what_is_not_there_is_absent),
        DRAWN(what_has_no_time_is_left_out),
        DRAWN(a_part_of_the_time),
        DRAWN(only_what_ran_is_blamed),
    };
    return cmocka_run_group_tests_name("compat", tests, NULL, NULL);
}
