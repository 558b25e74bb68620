/* Chains: versions of no known commit, orders, monorepos, what waits, and parts of a chain. */
#include "tests/support/causes.h"

/* --- versions of no known commit -------------------------------------------------------------- */

static void an_unresolved_version_goes_forward_and_is_not_compared_with(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    deploy(d, "v1", 3, a);
    deploy(d, "x1", 4, DORA_NONE);
    deploy(d, "x1", 5, DORA_NONE);
    deploy(d, "v2", 6, c);
    deploy(d, "x2", 7, DORA_NONE);
    deploy(d, "x1", 8, DORA_NONE);
    deploy(d, "v2", 9, c); /* what ran before the unknown ones */
    kinds_are(d, "first forward redeploy forward forward rollback rollback");
    const struct dora_deployment *all = d->chain.deployments.items;
    assert_int_equal(all[3].previous, 1);
    assert_int_equal(all[3].change_count, 2);
    assert_int_equal(all[1].change_count, 0);
    assert_int_equal(all[4].failure, DORA_ROLLED_BACK);
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.unresolved, 2);
    assert_int_equal(f.counted, 4);
}

/* The first of a known commit holds years, whatever ran before it. */
static void the_first_resolved_one_brings_no_changes(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    says(d, b, "hotfix: x0");
    says(d, c,
         arena_printf(d->mem, "Revert\n\nThis reverts commit %s.", d->chain.commits.items[a].id));
    deploy(d, "x0", 3, DORA_NONE);
    deploy(d, "v1", 4, b);
    deploy(d, "v2", 5, c);
    kinds_are(d, "first forward forward");
    const struct dora_deployment *all = d->chain.deployments.items;
    assert_int_equal(all[1].change_count, 0);
    assert_false(all[1].unplanned);
    assert_int_equal(all[2].change_count, 1);
    assert_int_equal(all[1].failure, DORA_GOOD); /* it holds the reverted one, but brought years */
}

static void only_versions_may_be_known(void **state)
{
    struct drawn *d = *state;
    static const uint32_t tip = 0;
    commit(d, 0, DORA_NONE, DORA_NONE);
    deploy(d, "x1", 3, DORA_NONE)->where = "b";
    deploy(d, "x1", 3, DORA_NONE)->where = "a";
    deploy(d, "x2", 4, DORA_NONE);
    d->chain.tip = &tip;
    kinds_are(d, "first redeploy forward");
    assert_string_equal(d->chain.deployments.items[0].where, "a");
    assert_int_equal(d->chain.changes.count, 0);
    incident(d, "1", 5)->caused_by = "x2";
    causes_are(d, "x2 explicit");
}

/* --- orders ----------------------------------------------------------------------------------- */

static void what_is_known_to_come_later_did_not_finish_earlier(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 30, a, DORA_NONE);
    uint32_t c = commit(d, 2, a, DORA_NONE);
    static const uint32_t orders[] = {3, 1, 0, 2};
    deploy(d, "tag", 10, c); /* of the same moment as v3: behind those whose order is known */
    deploy(d, "v3", 10, c);
    deploy(d, "v2", 5, b); /* its commit is dated 25 hours later, and moves nothing */
    deploy(d, "v1", 3, a);
    deploy(d, "v0", 4, a)->outcome = DORA_CONFIG;
    for (size_t i = 1; i < 5; i++) {
        d->chain.deployments.items[i].ordered = true;
        d->chain.deployments.items[i].order = orders[i - 1];
    }
    kinds_are(d, "first forward config diverged redeploy");
    const struct dora_deployment *all = d->chain.deployments.items;
    assert_string_equal(all[1].version, "v2");
    assert_string_equal(all[3].version, "v3");
    assert_string_equal(all[4].version, "tag");
    assert_int_equal(all[0].finished_s, hours(3));
    assert_int_equal(all[1].finished_s, hours(5));
    assert_int_equal(all[2].finished_s, hours(5)); /* stated before what it comes after */
    assert_int_equal(all[3].finished_s, hours(10));
    assert_int_equal(d->chain.changes.items[0].absent, DORA_SKEWED);
}

/* --- monorepos, flags, what waits ------------------------------------------------------------- */

static void what_does_not_touch_the_service_says_nothing_of_it(void **state)
{
    struct drawn *d = *state;
    static const bool outside[] = {false, false, true, true};
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE), e = commit(d, 3, c, DORA_NONE);
    says(d, c, "hotfix: v2");
    deploy(d, "v1", 4, a);
    deploy(d, "v2", 5, b);
    deploy(d, "v3", 6, e);
    d->chain.outside = outside;
    kinds_are(d, "first forward forward");
    assert_int_equal(d->chain.deployments.items[1].failure, DORA_GOOD);
    assert_false(d->chain.deployments.items[2].unplanned);
    assert_int_equal(d->chain.changes.count, 3);
    d->chain.changes.items[1].outside = d->chain.changes.items[2].outside = true;
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.changes, 1);
    assert_int_equal(f.lead.count, 1);
}

static void a_source_may_say_that_nobody_had_planned_it(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    d->chain.deployments.items[1].flagged = true;
    d->chain.deployments.items[1].source = "gitops";
    d->chain.deployments.items[2].source = "recorded";
    d->chain.deployments.items[2].automated = true;
    dora_link(&d->chain, d->mem);
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.unplanned, 1);
    assert_int_equal(f.gitops, 1);
    assert_int_equal(f.witnessed, 2);
    assert_int_equal(f.automated, 1);
    assert_int_equal(f.failed, 0);
}

/* The same branch, of which another service uses a part; one that merged nothing. */
static void where_nobody_merged_there_is_no_mean(void **state)
{
    struct drawn *d = *state;
    static const uint32_t tip = 2;
    deploy_three(d);
    d->chain.tip = &tip;
    dora_link(&d->chain, d->mem);
    const struct dora_figures f = measure(d, 2, 6);
    struct dora_value values[DORA_VALUES];
    dora_values(&f, values);
    assert_null(values[DORA_MERGED].why);
    assert_string_equal(values[DORA_PER_CONTRIBUTOR].why, "nobody merged anything");
}

static void what_landed_and_is_not_deployed_waits(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t side = commit(d, 50, 2, DORA_NONE), m = commit(d, 55, 2, side);
    uint32_t robot = commit(d, 56, m, DORA_NONE), tip = commit(d, 24 * 8, robot, DORA_NONE);
    d->chain.commits.items[robot].bot = true;
    d->chain.commits.items[side].person = 5;
    says(d, tip, "hotfix: v3");
    dora_link(&d->chain, d->mem);
    assert_false(measure(d, 0, 6).merging);
    d->chain.changes.count = 0;
    d->chain.tip = &tip;
    dora_link(&d->chain, d->mem);
    assert_int_equal(d->chain.changes.count, 5);
    const struct dora_change *waits = &d->chain.changes.items[2];
    assert_int_equal(waits->landed, m);
    assert_int_equal(waits->deployment, DORA_NONE);
    assert_null(dora_bringer(&d->chain, waits));
    assert_string_equal(dora_absent_name(waits->absent), "waiting");
    assert_string_equal(dora_absent_name(d->chain.changes.items[3].absent), "bot");
    assert_int_equal(d->chain.deployments.items[2].failure, DORA_GOOD); /* not repaired yet */
    struct dora_figures f = measure(d, 0, 6);
    assert_true(f.merging);
    assert_int_equal(f.merged, 3); /* b, c and m */
    assert_int_equal(f.mergers, 2);
    assert_int_equal(f.changes, 2);
    assert_int_equal(f.waiting, 1);
    f = measure(d, 0, 13);
    assert_int_equal(f.merged, 4);
    assert_int_equal(f.waiting, 2);
    struct dora_value values[DORA_VALUES];
    dora_values(&f, values);
    assert_int_equal(number_compare(values[DORA_PER_CONTRIBUTOR].value, number_of(2)), 0);
}

static void a_change_that_repairs_is_known(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t side = commit(d, 50, 2, DORA_NONE), m = commit(d, 55, 2, side);
    uint32_t plain = commit(d, 56, m, DORA_NONE), nothing = commit(d, 57, plain, side);
    uint32_t last = commit(d, 58, nothing, DORA_NONE);
    says(d, m, "Merge branch 'hotfix/totals' into 'main'");
    says(d, nothing, "Merge branch 'hotfix/totals' into 'main'"); /* brings nothing */
    deploy(d, "v4", 60, last);
    for (uint32_t i = 0; i < d->chain.commits.count; i++)
        d->chain.commits.items[i].person = i;
    dora_link(&d->chain, d->mem);
    assert_int_equal(d->chain.changes.count, 5);
    assert_true(d->chain.changes.items[2].unplanned);
    assert_false(d->chain.changes.items[3].unplanned);
    assert_false(d->chain.changes.items[4].unplanned);
    d->chain.changes.items[3].sized = true;
    d->chain.changes.items[3].added = 7;
    d->chain.changes.items[3].removed = 2;
    const struct dora_figures f = measure(d, 2, 6);
    assert_int_equal(f.repairs, 1);
    assert_int_equal(f.changes, 3);
    assert_int_equal(f.size.count, 1);
    assert_int_equal(f.size.p75, 9000);
    assert_int_equal(f.merge_to_deploy.count, 3);
    assert_int_equal(f.merge_to_deploy.p50, 4 * HOUR * 1000);
}

/* --- parts ------------------------------------------------------------------------------------ */

/* What was there at the first deployment is no change, so before it nobody knows what is one. */
static void what_landed_takes_a_branch_and_a_beginning(void **state)
{
    struct drawn *d = *state;
    struct dora_chain chains[2];
    const struct dora_part parts[] = {{&chains[0], INT64_MIN, INT64_MAX},
                                      {&chains[1], INT64_MIN, INT64_MAX}};
    const struct dora_window week = {MONDAY / DAY, MONDAY / DAY + 6};
    struct dora_figures f;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), tip = commit(d, 5, a, DORA_NONE);
    d->chain.tip = &tip;
    chains[0] = d->chain; /* nothing ever ran */
    dora_link(&chains[0], d->mem);
    assert_null(chains[0].tip);
    dora_measure(parts, 1, &week, NULL, d->mem, &f);
    assert_false(f.merging);
    deploy(d, "odd", 1, DORA_NONE); /* nobody knows what */
    dora_link(&d->chain, d->mem);
    assert_false(measure(d, 0, 6).merging);
    d->chain.tip = &tip;
    deploy(d, "v1", 2, a);
    dora_link(&d->chain, d->mem);
    chains[1] = d->chain;
    dora_measure(parts, 2, &week, NULL, d->mem, &f); /* the one without any is no hindrance */
    assert_true(f.merging);
    assert_int_equal(f.merged, 1);
    chains[1].tip = NULL;
    dora_measure(parts, 2, &week, NULL, d->mem, &f);
    assert_false(f.merging);
}

static void a_window_begins_with_what_is_known(void **state)
{
    struct drawn *d = *state;
    struct dora_chain other = d->chain;
    const struct dora_part parts[] = {{&d->chain, INT64_MIN, INT64_MAX},
                                      {&other, INT64_MIN, INT64_MAX}};
    const struct dora_window week = {MONDAY / DAY, MONDAY / DAY + 6};
    d->chain.since_s = hours(26);
    other.since_s = hours(50);
    assert_int_equal(dora_known_window(parts, 1, &week, NULL).from_day, week.from_day + 1);
    assert_int_equal(dora_known_window(parts, 2, &week, NULL).from_day, week.from_day + 1);
    assert_int_equal(dora_known_window(parts, 2, &week, NULL).to_day, week.to_day);
    assert_int_equal(dora_known_window(&parts[1], 1, &week, NULL).from_day, week.from_day + 2);
    assert_int_equal(dora_known_window(NULL, 0, &week, NULL).from_day, week.from_day);
    other.since_s = hours(24 * 7); /* all of it before */
    assert_int_equal(dora_known_window(&parts[1], 1, &week, NULL).from_day, week.from_day);
    other.since_s = hours(-24);
    assert_int_equal(dora_known_window(parts, 2, &week, NULL).from_day, week.from_day);
}

static void a_part_counts_what_happened_in_it(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t early = commit(d, 5, 2, DORA_NONE), inside = commit(d, 20, early, DORA_NONE);
    uint32_t late = commit(d, 60, inside, DORA_NONE), tip = commit(d, 24 * 9, late, DORA_NONE);
    d->chain.tip = &tip;
    d->chain.hears = true;
    incident(d, "0", 5);
    incident(d, "1", 20);
    incident(d, "2", 40);
    incident(d, "3", 24 * 9);
    dora_link(&d->chain, d->mem);
    struct dora_figures f;
    const struct dora_window window = {MONDAY / DAY, MONDAY / DAY + 6};
    const struct dora_part part = {&d->chain, hours(10), hours(40)};
    dora_measure(&part, 1, &window, NULL, d->mem, &f);
    assert_true(f.begun);
    assert_int_equal(f.counted, 1);
    assert_int_equal(f.lead.count, 1);
    assert_int_equal(f.incidents, 1);
    assert_int_equal(f.merged, 1); /* the others landed before and after */
    assert_int_equal(f.waiting, 1);
    assert_int_equal(f.last_day, MONDAY / DAY);
    const struct dora_part first = {&d->chain, INT64_MIN, hours(1)}; /* before the first */
    dora_measure(&first, 1, &window, NULL, d->mem, &f);
    assert_false(f.begun);
    const struct dora_part before = {&d->chain, INT64_MIN, MONDAY};
    dora_measure(&before, 1, &window, NULL, d->mem, &f);
    assert_false(f.begun);
    assert_false(f.merging);
    assert_false(f.hears);
    const struct dora_part after = {&d->chain, hours(24 * 7), INT64_MAX};
    dora_measure(&after, 1, &window, NULL, d->mem, &f);
    assert_false(f.begun);
    dora_measure(NULL, 0, &window, NULL, d->mem, &f);
    assert_false(f.begun);
    assert_false(f.merging);
}

/* Handed over at any moment, nothing is lost and nothing counts twice. */
static void two_parts_are_the_whole(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t tip = commit(d, 65, 2, DORA_NONE);
    deploy(d, "v2", 50, 1);
    incident(d, "1", 11)->resolved_s = hours(14);
    incident(d, "2", 41);
    incident(d, "3", 60)->resolved_s = hours(61);
    d->chain.tip = &tip;
    d->chain.hears = true;
    dora_link(&d->chain, d->mem);
    const struct dora_window week = {MONDAY / DAY, MONDAY / DAY + 6};
    const struct dora_figures whole = measure(d, 0, 6);
    struct dora_value wanted[DORA_VALUES], said[DORA_VALUES];
    dora_values(&whole, wanted);
    for (int split = 1; split < 80; split++) {
        struct dora_figures f;
        const struct dora_part parts[] = {{&d->chain, INT64_MIN, hours(split)},
                                          {&d->chain, hours(split), INT64_MAX}};
        dora_measure(parts, 2, &week, NULL, d->mem, &f);
        dora_values(&f, said);
        assert_int_equal(f.waiting, whole.waiting);
        assert_int_equal(f.unrecovered, whole.unrecovered);
        for (size_t i = 0; i < DORA_VALUES; i++) {
            assert_int_equal(said[i].why == NULL, wanted[i].why == NULL);
            assert_int_equal(said[i].count, wanted[i].count);
            if (said[i].why == NULL)
                assert_int_equal(number_compare(said[i].value, wanted[i].value), 0);
        }
    }
}

/* Two hours ahead: what ran at 23:00 is of the next day, and of the next week. */
static void days_are_those_of_the_zone(void **state)
{
    struct drawn *d = *state;
    static struct zone_step ahead[] = {{INT64_MIN, 2 * HOUR}};
    static const struct zone zone = {"Some/Where", {ahead, 1, 0}};
    uint32_t at = commit(d, 0, DORA_NONE, DORA_NONE);
    deploy(d, "v1", 24 * 6 + 23, at);
    dora_link(&d->chain, d->mem);
    const struct dora_part whole = {&d->chain, INT64_MIN, INT64_MAX};
    const struct dora_window second = {MONDAY / DAY + 7, MONDAY / DAY + 13};
    struct dora_figures f;
    dora_measure(&whole, 1, &second, &zone, d->mem, &f);
    assert_int_equal(f.counted, 1);
    assert_int_equal(number_compare(f.days_a_week, number_of(1)), 0);
    dora_measure(&whole, 1, &second, NULL, d->mem, &f);
    assert_int_equal(f.counted, 0);
    assert_int_equal(f.last_day, MONDAY / DAY + 6);
}

#define DRAWN(test) cmocka_unit_test_setup_teardown(test, draw, erase)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DRAWN(an_unresolved_version_goes_forward_and_is_not_compared_with),
        DRAWN(the_first_resolved_one_brings_no_changes),
        DRAWN(only_versions_may_be_known),
        DRAWN(what_is_known_to_come_later_did_not_finish_earlier),
        DRAWN(what_does_not_touch_the_service_says_nothing_of_it),
        DRAWN(a_source_may_say_that_nobody_had_planned_it),
        DRAWN(where_nobody_merged_there_is_no_mean),
        DRAWN(what_landed_and_is_not_deployed_waits),
        DRAWN(a_change_that_repairs_is_known),
        DRAWN(what_landed_takes_a_branch_and_a_beginning),
        DRAWN(a_window_begins_with_what_is_known),
        DRAWN(a_part_counts_what_happened_in_it),
        DRAWN(two_parts_are_the_whole),
        DRAWN(days_are_those_of_the_zone),
    };
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
