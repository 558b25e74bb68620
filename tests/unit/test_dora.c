/* The chain of deployments and the numbers, of histories drawn by hand; what messages name. */
#include <string.h>

#include "gates/measure/dora.h"
#include "tests/support/test.h"

enum { HOUR = 3600, DAY = 86400, MONDAY = 20822 * DAY }; /* 2027-01-04 */

struct drawn {
    struct arena *mem;
    struct dora_chain chain;
};

static int draw(void **state)
{
    struct arena *mem = arena_new();
    struct drawn *d = arena_new_item(mem, struct drawn);
    d->mem = mem;
    d->chain.known_s = (int64_t)MONDAY + 1000 * DAY;
    *state = d;
    return 0;
}

static int erase(void **state)
{
    arena_free(((struct drawn *)*state)->mem);
    return 0;
}

/* A commit of `hours` after MONDAY; parents DORA_NONE: none. */
static uint32_t commit(struct drawn *d, int hours, uint32_t one, uint32_t other)
{
    uint32_t index = (uint32_t)d->chain.commits.count;
    struct dora_commit *c = array_add(d->mem, &d->chain.commits);
    uint32_t *parents = arena_alloc(d->mem, 2 * sizeof *parents);
    parents[0] = one;
    parents[1] = other;
    *c = (struct dora_commit){
        .id = arena_printf(d->mem, "%040x", 0xabc0000U + index),
        .parents = parents,
        .parent_count = (one != DORA_NONE ? 1U : 0U) + (other != DORA_NONE ? 1U : 0U),
        .copied = index,
        .authored_s = MONDAY + (int64_t)hours * HOUR,
        .committed_s = MONDAY + (int64_t)hours * HOUR,
        .landing = {.subject = "", .first_s = INT64_MAX},
    };
    return index;
}

static struct dora_deployment *deploy(struct drawn *d, const char *version, int hours, uint32_t at)
{
    struct dora_deployment *deployment = array_add(d->mem, &d->chain.deployments);
    *deployment = (struct dora_deployment){
        .version = version, .commit = at, .stated_s = MONDAY + (int64_t)hours * HOUR};
    return deployment;
}

static void says(struct drawn *d, uint32_t index, const char *message)
{
    landing_read(d->mem, message, strlen(message), &d->chain.commits.items[index].landing);
}

static void kinds_are(struct drawn *d, const char *wanted)
{
    const char *text = "";
    dora_link(&d->chain, d->mem);
    for (size_t i = 0; i < d->chain.deployments.count; i++)
        text = arena_printf(d->mem, "%s%s%s", text, i == 0 ? "" : " ",
                            dora_kind_name(d->chain.deployments.items[i].kind));
    assert_string_equal(text, wanted);
}

static struct dora_figures measure(struct drawn *d, int from, int to)
{
    struct dora_figures figures;
    const struct dora_window window = {MONDAY / DAY + from, MONDAY / DAY + to};
    dora_measure(&d->chain, &window, d->mem, &figures);
    return figures;
}

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

/* --- failures --------------------------------------------------------------------------------- */

static void a_rollback_is_a_failure_for_two_days(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    deploy(d, "1", 2, a);
    deploy(d, "2", 3, b);
    deploy(d, "1", 3 + 48, a); /* just */
    deploy(d, "2", 60, b);
    deploy(d, "1", 60 + 49, a);
    kinds_are(d, "first forward rollback forward rollback");
    const struct dora_deployment *all = d->chain.deployments.items;
    assert_int_equal(all[1].failure, DORA_ROLLED_BACK);
    assert_int_equal(all[1].remedy, 2);
    assert_int_equal(all[3].failure, DORA_GOOD);
    assert_true(all[4].unplanned);
    const struct dora_figures f = measure(d, 0, 27);
    assert_int_equal(f.failed, 1);
    assert_int_equal(f.unplanned, 2);
    assert_int_equal(f.recovery.p50, 48 * HOUR);
}

static void the_earliest_remedy_counts_once(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE), e = commit(d, 3, c, DORA_NONE);
    says(d, c, "hotfix: 2.0 breaks totals");
    says(d, e,
         arena_printf(d->mem, "Revert \"b\"\n\nThis reverts commit %s.",
                      d->chain.commits.items[b].id));
    deploy(d, "1.0", 4, a);
    deploy(d, "2.0", 5, b);
    deploy(d, "2.1", 6, c);
    deploy(d, "2.2", 8, e);
    kinds_are(d, "first forward forward forward");
    const struct dora_deployment *all = d->chain.deployments.items;
    assert_int_equal(all[1].failure, DORA_HOTFIXED);
    assert_int_equal(all[1].remedy, 2);
    assert_true(all[2].unplanned && all[3].unplanned);
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.failed, 1);
    assert_int_equal(f.recovery.p50, HOUR);
}

static void names_are_whole_words(void **state)
{
    struct drawn *d = *state;
    static const struct {
        const char *message;
        bool fails;
    } all[] = {
        {"hotfix: totals of v2 are wrong", true},
        {"hotfix: v2", true},
        {"Merge branch 'hotfix/totals' into 'main'\n\nv2.", true},
        {"Revert \"b\"\n\nThis reverts v2, which broke totals", true},
        {"This reverts commit 000000000000000000000000000000000abc0001.", true},
        {"this reverts merge request shop/fee!7", true},
        {"Reverts !7", true},
        {"hotfix: v2.1 and xv2 and v2-rc", false},
        {"fix: totals of v2", false},
        {"This reverts commit 000000000000000000000000000000000abc0009", false},
        {"This reverts merge request !70", false},
        {"Reapply \"b\"\n\nThis reverts commit 000000000000000000000000000000000abc0001.", false},
        {"hotfix: first seen in v1, see v3", true}, /* v1 is older, v3 is itself */
        {"This reverts commit 0000000.", false},    /* the beginning of several */
        {"mentions commit 000000000000000000000000000000000abc0001", false},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        d->chain = (struct dora_chain){.known_s = d->chain.known_s};
        uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
        uint32_t c = commit(d, 2, b, DORA_NONE);
        says(d, b, "b\n\nSee merge request shop/fee!7");
        says(d, c, all[i].message);
        deploy(d, "v1", 3, a);
        deploy(d, "v2", 4, b);
        deploy(d, "v3", 5, c);
        dora_link(&d->chain, d->mem);
        const struct dora_deployment *done = d->chain.deployments.items;
        bool failed = done[0].failure != DORA_GOOD || done[1].failure != DORA_GOOD;
        if (failed != all[i].fails)
            fail_msg("%s: %d", all[i].message, failed);
    }
}

/* --- messages --------------------------------------------------------------------------------- */

static void messages_tell_request_and_first_date(void **state)
{
    struct drawn *d = *state;
    static const char squashed[] = "Squashed commit of the following:\n\ncommit 1\nAuthor: a <b>\n"
                                   "Date:   Tue Jan 5 10:00:00 2027 +0100\n\n    x\n\ncommit 2\n"
                                   "Date:   Mon Jan 4 23:30:00 2027 -0130\n"
                                   "Date: \nDate:   Mon Foo 4 23:30:00 2027 +0000\nDate:   x";
    struct landing landing;
    landing_read(d->mem, squashed, sizeof squashed - 1, &landing);
    assert_int_equal(landing.first_s, INT64_C(1799110800));
    static const char requests[] = "a\n\nSee merge request a/b!4\nSee merge request a/b!45\n";
    landing_read(d->mem, requests, sizeof requests - 1, &landing);
    assert_int_equal(landing.request, 45);
    assert_string_equal(landing.subject, "a");
    assert_null(landing.claims);
    landing_read(d->mem, "", 0, &landing);
    assert_string_equal(landing.subject, "");
    assert_int_equal(landing.first_s, INT64_MAX);
    landing_read(d->mem, "hotfix", 6, &landing);
    assert_false(landing.hotfix);
}

/* --- numbers ---------------------------------------------------------------------------------- */

static void percentiles_are_values_that_were(void **state)
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
    assert_int_equal(f.lead.p50, 14 * HOUR);
    assert_int_equal(f.lead.p75, 17 * HOUR);
    assert_int_equal(f.lead.p90, 18 * HOUR);
    struct dora_value values[DORA_VALUES];
    dora_values(&f, values);
    assert_int_equal(number_compare(values[0].value, number_ratio(2, 7)), 0);
    assert_true(values[5].absent); /* nothing failed: no recovery time */
    assert_int_equal(number_compare(values[4].value, number_of(0)), 0);
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
    assert_int_equal(f.days_a_week, 2);
    f = measure(d, 1, 19); /* Tuesday to Saturday: only the second is whole */
    assert_int_equal(f.weeks, 1);
    assert_int_equal(f.days_a_week, 3);
    f = measure(d, 1, 6);
    assert_int_equal(f.weeks, 0);
    assert_int_equal(f.counted, 1);
    f = measure(d, -7, -1);
    assert_false(f.begun);
    assert_int_equal(f.weeks, 1);
}

static void days_before_1970_are_days(void **state)
{
    (void)state;
    assert_int_equal(dora_day(-1), -1);
    assert_int_equal(dora_day(-DAY), -1);
    assert_int_equal(dora_day(-DAY - 1), -2);
    assert_int_equal(dora_day(0), 0);
}

int main(void)
{
#define DRAWN(test) cmocka_unit_test_setup_teardown(test, draw, erase)
    const struct CMUnitTest tests[] = {
        DRAWN(ancestry_decides_first),
        DRAWN(what_does_not_run_is_no_link),
        DRAWN(one_moment_is_ordered_by_ancestry),
        DRAWN(a_merge_takes_what_came_from_aside),
        DRAWN(a_copy_is_no_second_change_whichever_came_first),
        DRAWN(a_rollback_is_a_failure_for_two_days),
        DRAWN(the_earliest_remedy_counts_once),
        DRAWN(names_are_whole_words),
        DRAWN(messages_tell_request_and_first_date),
        DRAWN(percentiles_are_values_that_were),
        DRAWN(weeks_begin_on_monday_and_lie_inside),
        cmocka_unit_test(days_before_1970_are_days),
    };
    return cmocka_run_group_tests_name("dora", tests, NULL, NULL);
}
