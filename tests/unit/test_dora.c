/* The chain of deployments and the numbers, of histories drawn by hand. */
#include <string.h>

#include "gates/measure/dora.h"
#include "tests/support/chain.h"
#include "tests/support/test.h"

/* --- kinds ------------------------------------------------------------------------------------ */

static void ancestry_decides_first(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t side = commit(d, 2, a, DORA_NONE), c = commit(d, 3, b, DORA_NONE);
    deploy(d, "1", 5, a);
    deploy(d, "2", 6, b);
    deploy(d, "2+fix", 7, side); /* neither holds the other */
    deploy(d, "2", 8, b);        /* nor here, and it ran before */
    deploy(d, "2", 9, b);        /* the same */
    deploy(d, "3", 10, c);
    deploy(d, "1", 11, a); /* an ancestor, whether it ran or not */
    deploy(d, "2", 12, b); /* ran before, and holds what runs now: forward */
    kinds_are(d, "first forward diverged rollback redeploy forward rollback forward");
}

static void what_does_not_run_is_no_link(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    deploy(d, "0", 4, a)->outcome = DORA_NEVER;
    deploy(d, "1", 5, a);
    deploy(d, "2", 6, b)->outcome = DORA_NEVER;
    deploy(d, "1", 7, a)->outcome = DORA_CONFIG;
    deploy(d, "3", 8, c);
    kinds_are(d, "failed_attempt first failed_attempt config forward");
    const struct dora_deployment *last = &d->chain.deployments.items[4];
    assert_int_equal(last->previous, 1);
    assert_int_equal(last->change_count, 2); /* b did not run before */
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.counted, 2);
    assert_int_equal(f.kinds[DORA_FAILED_ATTEMPT], 2);
    assert_int_equal(f.kinds[DORA_CONFIG_ONLY], 1);
}

static void one_moment_is_ordered_by_ancestry(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    deploy(d, "2", 5, b);
    deploy(d, "1", 5, a);
    kinds_are(d, "first forward");
}

static void only_deployments_decide_the_order(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    kinds_are(d, ""); /* nothing ran */
    assert_false(measure(d, 0, 6).begun);
    deploy(d, "later", 24 * 1001, b);
    deploy(d, "3", 9, b);
    deploy(d, "2", 7, b);
    deploy(d, "1b", 5, a);
    deploy(d, "1a", 5, a); /* the same in all but its name */
    deploy(d, "2a", 6, a);
    deploy(d, "2", 6, b);
    kinds_are(d, "first redeploy redeploy forward redeploy redeploy");
    assert_string_equal(d->chain.deployments.items[0].version, "1a");
    assert_string_equal(d->chain.deployments.items[1].version, "1b");
    assert_string_equal(d->chain.deployments.items[5].version, "3");
    assert_int_equal(d->chain.later, 1);
}

static void a_past_that_meets_again_is_walked_once(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), side = commit(d, 1, a, DORA_NONE);
    uint32_t b = commit(d, 2, a, DORA_NONE), one = commit(d, 3, b, DORA_NONE);
    uint32_t other = commit(d, 4, b, DORA_NONE), m = commit(d, 5, one, other);
    uint32_t root = commit(d, 6, DORA_NONE, DORA_NONE); /* of another history */
    deploy(d, "1", 7, side);
    deploy(d, "2", 8, m);
    deploy(d, "3", 9, root);
    kinds_are(d, "first diverged diverged");
    assert_int_equal(d->chain.deployments.items[1].change_count, 3); /* b, one, and m with other */
    assert_int_equal(d->chain.deployments.items[2].change_count, 1);
}

static void nothing_runs_before_it_is_written(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 8, DORA_NONE, DORA_NONE), b = commit(d, 2, a, DORA_NONE);
    uint32_t wrong = commit(d, 24 * 1001, b, DORA_NONE); /* after all that is known */
    deploy(d, "1", 3, a);
    deploy(d, "2", 9, b);
    deploy(d, "3", 10, wrong);
    kinds_are(d, "first forward forward");
    const struct dora_deployment *all = d->chain.deployments.items;
    assert_int_equal(all[0].finished_s, MONDAY + 8 * HOUR);
    assert_int_equal(all[1].finished_s, MONDAY + 9 * HOUR);
    assert_int_equal(all[2].finished_s, MONDAY + 10 * HOUR);
}

/* --- any history ------------------------------------------------------------------------------ */

enum { COMMITS = 40, DEPLOYMENTS = 30 };

/* Numbers that are the same everywhere. */
static uint32_t chance(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % below;
}

/* A history of branches and merges; held[i][j]: i holds j. */
static void draw_any(struct drawn *d, uint32_t *seed, bool held[COMMITS][COMMITS])
{
    d->chain = (struct dora_chain){.known_s = d->chain.known_s};
    memset(held, 0, sizeof(bool) * COMMITS * COMMITS);
    for (uint32_t i = 0; i < COMMITS; i++) {
        uint32_t parents[2] = {DORA_NONE, DORA_NONE};
        if (i > 0 && chance(seed, 20) > 0)
            parents[0] = chance(seed, 3) > 0 ? i - 1 : chance(seed, i);
        if (parents[0] != DORA_NONE && chance(seed, 3) == 0)
            parents[1] = chance(seed, i);
        commit(d, (int)i, parents[0], parents[1]);
        held[i][i] = true;
        for (uint32_t p = 0; p < 2; p++)
            for (uint32_t j = 0; parents[p] != DORA_NONE && j < i; j++)
                held[i][j] |= held[parents[p]][j];
    }
}

static enum dora_kind kind_in(bool held[COMMITS][COMMITS], const bool *ran, uint32_t before,
                              uint32_t now)
{
    return before == DORA_NONE             ? DORA_FIRST
           : before == now                 ? DORA_REDEPLOY
           : held[now][before]             ? DORA_FORWARD
           : held[before][now] || ran[now] ? DORA_ROLLBACK
                                           : DORA_DIVERGED;
}

static void kinds_are_those_of_all_ancestors(void **state)
{
    struct drawn *d = *state;
    static bool held[COMMITS][COMMITS];
    uint32_t seed = 6;
    for (int history = 0; history < 400; history++) {
        bool ran[COMMITS] = {false}, shipped[COMMITS] = {false};
        uint32_t before = DORA_NONE, at[DEPLOYMENTS];
        draw_any(d, &seed, held);
        for (int i = 0; i < DEPLOYMENTS; i++) {
            at[i] = i == 0 || chance(&seed, 4) > 0 ? chance(&seed, COMMITS) : at[i / 2];
            deploy(d, "v", COMMITS + i, at[i]);
        }
        dora_link(&d->chain, d->mem);
        for (size_t i = 0; i < DEPLOYMENTS; i++) {
            enum dora_kind wanted = kind_in(held, ran, before, at[i]);
            if (d->chain.deployments.items[i].kind != wanted)
                fail_msg("history %d: deployment %zu is %s", history, i,
                         dora_kind_name(d->chain.deployments.items[i].kind));
            if (wanted == DORA_REDEPLOY)
                continue;
            before = at[i];
            ran[before] = true;
            for (uint32_t j = 0; j < COMMITS; j++)
                shipped[j] |= held[before][j];
        }
        for (size_t i = 0; i < d->chain.changes.count; i++)
            assert_true(shipped[d->chain.changes.items[i].landed]);
    }
}

/* --- changes ---------------------------------------------------------------------------------- */

static void a_merge_takes_what_came_from_aside(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), one = commit(d, 1, a, DORA_NONE);
    uint32_t other = commit(d, 2, one, DORA_NONE), m1 = commit(d, 3, a, one);
    uint32_t m2 = commit(d, 4, m1, other), m3 = commit(d, 5, m2, one); /* brings nothing */
    deploy(d, "1", 0, a);
    deploy(d, "2", 10, m3);
    kinds_are(d, "first forward");
    assert_int_equal(d->chain.changes.count, 2);
    const struct dora_change *first = &d->chain.changes.items[0], *second = first + 1;
    assert_int_equal(first->landed, m1);
    assert_int_equal(first->lead_s, 9 * HOUR);
    assert_int_equal(first->commits, 1);
    assert_int_equal(second->landed, m2);
    assert_int_equal(second->first, other);
    assert_int_equal(second->lead_s, 8 * HOUR);
}

static void a_copy_is_no_second_change_whichever_came_first(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), original = commit(d, 1, a, DORA_NONE);
    uint32_t picked = commit(d, 2, a, DORA_NONE);
    d->chain.commits.items[picked].copied = original;
    deploy(d, "1", 3, a);
    deploy(d, "1.1", 4, picked);
    deploy(d, "2", 5, original);
    kinds_are(d, "first forward diverged");
    assert_int_equal(d->chain.changes.items[0].absent, DORA_TIMED);
    assert_int_equal(d->chain.changes.items[1].absent, DORA_COPY);
}

static void a_change_starts_with_its_earliest_commit(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), one = commit(d, 5, a, DORA_NONE);
    uint32_t two = commit(d, 3, one, DORA_NONE), three = commit(d, 4, two, DORA_NONE);
    uint32_t m = commit(d, 6, a, three);
    deploy(d, "1", 1, a);
    deploy(d, "2", 10, m);
    kinds_are(d, "first forward");
    assert_int_equal(d->chain.changes.count, 1);
    const struct dora_change *change = &d->chain.changes.items[0];
    assert_int_equal(change->first, two);
    assert_int_equal(change->commits, 3);
    assert_int_equal(change->lead_s, 7 * HOUR);
    assert_string_equal(dora_landed_name(change->how), "merge");
}

static void a_change_without_a_time_says_why(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), at = a;
    static const int hours[] = {1, 2, 3, 11, 4, 5};
    for (size_t i = 0; i < sizeof hours / sizeof hours[0]; i++)
        at = commit(d, hours[i], at, DORA_NONE);
    struct dora_commit *commits = d->chain.commits.items;
    commits[1].bot = true;
    commits[2].copied = a;
    commits[3].committed_s += DAY; /* the fourth is written after it was deployed, this landed so */
    commits[5].landing.request = 4;
    commits[5].person = commits[6].person = 7;
    commits[6].landing.first_s = MONDAY + 4 * HOUR;
    deploy(d, "1", 1, a);
    deploy(d, "2", 10, at);
    kinds_are(d, "first forward");
    static const char *const absent[] = {"bot", "copy", "skewed", "skewed", "", ""};
    static const char *const how[] = {"direct", "direct", "direct", "direct", "squash", "squash"};
    for (size_t i = 0; i < 6; i++) {
        assert_string_equal(dora_absent_name(d->chain.changes.items[i].absent), absent[i]);
        assert_string_equal(dora_landed_name(d->chain.changes.items[i].how), how[i]);
    }
    assert_int_equal(d->chain.changes.items[5].started_s, MONDAY + 4 * HOUR);
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.bots, 1);
    assert_int_equal(f.copies, 1);
    assert_int_equal(f.skewed, 2);
    assert_int_equal(f.changes, 4);
    assert_int_equal(f.people, 2);
    assert_int_equal(f.lead.count, 2);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static void percentiles_lie_between_the_nearest_values(void **state)
{
    struct drawn *d = *state;
    uint32_t at = commit(d, 0, DORA_NONE, DORA_NONE);
    deploy(d, "0", 0, at);
    for (int i = 1; i <= 10; i++)
        at = commit(d, i, at, DORA_NONE);
    deploy(d, "1", 20, at);
    dora_link(&d->chain, d->mem);
    const struct dora_figures f = measure(d, 0, 6); /* 10, 11 … 19 hours */
    assert_int_equal(f.lead.count, 10);
    assert_int_equal(f.lead.p50, (14 * HOUR + HOUR / 2) * 1000);
    assert_int_equal(f.lead.p75, (16 * HOUR + HOUR * 3 / 4) * 1000);
    assert_int_equal(f.lead.p90, (18 * HOUR + HOUR / 10) * 1000);
    assert_int_equal(f.lead.sum, 145 * HOUR);
    struct dora_value values[DORA_VALUES];
    dora_values(&f, values);
    assert_int_equal(number_compare(values[DORA_FREQUENCY].value, number_ratio(2, 7)), 0);
    assert_int_equal(number_compare(values[DORA_LEAD_P90].value, number_of(65160)), 0);
    assert_string_equal(values[DORA_RECOVERY_P50].why, "no deployment failed in this time");
    assert_int_equal(number_compare(values[DORA_FAIL_RATE].value, number_of(0)), 0);
}

/* One second apart: a tenth of it is exact. */
static void percentiles_know_milliseconds(void **state)
{
    struct drawn *d = *state;
    uint32_t at = commit(d, 0, DORA_NONE, DORA_NONE);
    deploy(d, "0", 0, at);
    for (int i = 0; i < 2; i++) {
        at = commit(d, 1, at, DORA_NONE);
        d->chain.commits.items[at].authored_s += i;
    }
    deploy(d, "1", 2, at);
    dora_link(&d->chain, d->mem);
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.lead.p50, HOUR * 1000 - 500);
    assert_int_equal(f.lead.p75, HOUR * 1000 - 250);
    assert_int_equal(f.lead.p90, HOUR * 1000 - 100);
}

static void weeks_begin_on_monday_and_lie_inside(void **state)
{
    struct drawn *d = *state;
    uint32_t at = commit(d, 0, DORA_NONE, DORA_NONE);
    static const int days[] = {0, 1, 7, 8, 9, 21};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        deploy(d, arena_printf(d->mem, "%zu", i), days[i] * 24,
               at = commit(d, days[i] * 24, at, DORA_NONE));
    dora_link(&d->chain, d->mem);
    struct dora_figures f = measure(d, 0, 20); /* 2, 3, 0 */
    assert_int_equal(f.weeks, 3);
    assert_int_equal(number_compare(f.days_a_week, number_of(2)), 0);
    f = measure(d, 0, 13); /* 2, 3 */
    assert_int_equal(number_compare(f.days_a_week, number_ratio(5, 2)), 0);
    f = measure(d, 1, 19); /* Tuesday to Saturday: only the second is whole */
    assert_int_equal(f.weeks, 1);
    assert_int_equal(number_compare(f.days_a_week, number_of(3)), 0);
    f = measure(d, 1, 6);
    assert_int_equal(f.weeks, 0);
    assert_int_equal(f.counted, 1);
    f = measure(d, -7, -1);
    assert_false(f.begun);
    assert_int_equal(f.weeks, 1);
}

static void a_try_that_never_ran_is_no_beginning(void **state)
{
    struct drawn *d = *state;
    struct dora_value values[DORA_VALUES];
    deploy(d, "1", 5, commit(d, 0, DORA_NONE, DORA_NONE))->outcome = DORA_NEVER;
    dora_link(&d->chain, d->mem);
    struct dora_figures f = measure(d, 0, 6);
    assert_false(f.begun);
    dora_values(&f, values);
    assert_non_null(values[DORA_FREQUENCY].why);
    assert_non_null(values[DORA_REDEPLOYS].why);
    assert_null(values[DORA_ATTEMPTS].why);
    assert_int_equal(number_compare(values[DORA_ATTEMPTS].value, number_of(1)), 0);
}

static void where_nothing_was_deployed_shares_are_absent(void **state)
{
    struct drawn *d = *state;
    deploy(d, "1", 0, commit(d, 0, DORA_NONE, DORA_NONE));
    dora_link(&d->chain, d->mem);
    struct dora_figures f = measure(d, 1, 1); /* the day after */
    assert_true(f.begun);
    assert_int_equal(f.deployment_days, 0);
    struct dora_value values[DORA_VALUES];
    dora_values(&f, values);
    assert_null(values[DORA_FREQUENCY].why); /* none a day, and that is known */
    for (size_t i = DORA_LEAD_P50; i < DORA_TOTAL; i++)
        assert_non_null(values[i].why);
    const struct dora_window old = {-20, 3}; /* 1969-12-12 to 1970-01-04, a Sunday */
    const struct dora_part whole = {&d->chain, INT64_MIN, INT64_MAX};
    dora_measure(&whole, 1, &old, NULL, d->mem, &f);
    assert_int_equal(f.weeks, 3); /* from the 15th on */
    assert_int_equal(number_compare(f.days_a_week, number_of(0)), 0);
    dora_values(&f, values);
    for (size_t i = 0; i < DORA_VALUES; i++)
        assert_non_null(values[i].why);
}

int main(void)
{
#define DRAWN(test) cmocka_unit_test_setup_teardown(test, draw, erase)
    const struct CMUnitTest tests[] = {
        DRAWN(ancestry_decides_first),
        DRAWN(what_does_not_run_is_no_link),
        DRAWN(one_moment_is_ordered_by_ancestry),
        DRAWN(only_deployments_decide_the_order),
        DRAWN(a_past_that_meets_again_is_walked_once),
        DRAWN(kinds_are_those_of_all_ancestors),
        DRAWN(nothing_runs_before_it_is_written),
        DRAWN(a_merge_takes_what_came_from_aside),
        DRAWN(a_copy_is_no_second_change_whichever_came_first),
        DRAWN(a_change_starts_with_its_earliest_commit),
        DRAWN(a_change_without_a_time_says_why),
        DRAWN(percentiles_lie_between_the_nearest_values),
        DRAWN(percentiles_know_milliseconds),
        DRAWN(weeks_begin_on_monday_and_lie_inside),
        DRAWN(a_try_that_never_ran_is_no_beginning),
        DRAWN(where_nothing_was_deployed_shares_are_absent),
    };
    return cmocka_run_group_tests_name("dora", tests, NULL, NULL);
}
