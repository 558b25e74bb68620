/* Which deployments failed, and what repaired them: rollbacks, hotfixes and what messages name. */
#include <string.h>

#include "gates/measure/dora.h"
#include "tests/support/chain.h"
#include "tests/support/test.h"

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
    assert_int_equal(f.recovery.p50, 48 * HOUR * 1000);
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
    assert_int_equal(f.recovery.p50, HOUR * 1000);
}

static void what_is_no_forward_step_does_not_fail(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    says(d, c, "hotfix: 1.0");
    deploy(d, "1.0", 3, a);
    deploy(d, "2.0", 4, b);
    deploy(d, "1.0", 5, a); /* the name is that of the last: a rollback */
    deploy(d, "3.0", 6, c);
    kinds_are(d, "first forward rollback forward");
    const struct dora_deployment *all = d->chain.deployments.items;
    assert_int_equal(all[0].failure, DORA_GOOD);
    assert_int_equal(all[1].failure, DORA_ROLLED_BACK);
    assert_int_equal(all[2].failure, DORA_GOOD);
    assert_string_equal(dora_failure_name(all[1].failure), "rollback");
    assert_true(all[3].unplanned);
}

/* The same once more, or a try that never ran, is not what a hotfix is about. */
static void a_name_is_that_of_what_changed_what_ran(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    says(d, c, "hotfix: 2.0");
    deploy(d, "1.0", 3, a);
    deploy(d, "2.0", 4, b);
    deploy(d, "2.0", 5, b);
    deploy(d, "2.0", 6, b)->outcome = DORA_NEVER;
    deploy(d, "3.0", 7, c);
    kinds_are(d, "first forward redeploy failed_attempt forward");
    assert_int_equal(d->chain.deployments.items[1].failure, DORA_HOTFIXED);
    assert_int_equal(measure(d, 0, 6).recovery.p50, 3 * HOUR * 1000);
}

static void a_version_that_comes_back_was_repaired_before(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    says(d, c, "hotfix: 2.0");
    deploy(d, "1.0", 3, a);
    deploy(d, "2.0", 4, b);
    deploy(d, "2.1", 5, c);
    deploy(d, "2.0", 500, b);
    kinds_are(d, "first forward forward rollback");
    assert_int_equal(d->chain.deployments.items[1].failure, DORA_HOTFIXED);
    assert_int_equal(d->chain.deployments.items[1].remedy, 2);
}

static void only_what_a_deployment_brings_claims(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t again = commit(d, 2, b, DORA_NONE), never = commit(d, 3, again, DORA_NONE);
    d->chain.commits.items[again].copied = a;
    says(d, a, "hotfix: v2");
    says(d, again, "hotfix: v2");
    says(d, never, "hotfix: v2");
    deploy(d, "v1", 4, a);
    deploy(d, "v2", 5, b);
    deploy(d, "v3", 6, again);
    kinds_are(d, "first forward forward");
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(d->chain.deployments.items[i].failure, DORA_GOOD);
        assert_false(d->chain.deployments.items[i].unplanned);
    }
}

static void requests_are_found_by_number(void **state)
{
    struct drawn *d = *state;
    static const int requests[] = {9, 7, 7, 8, 12};
    uint32_t at = commit(d, 0, DORA_NONE, DORA_NONE);
    deploy(d, "v0", 1, at);
    for (int i = 0; i < 5; i++) {
        at = commit(d, i + 1, at, DORA_NONE);
        d->chain.commits.items[at].landing.request = (uint64_t)requests[i];
        deploy(d, arena_printf(d->mem, "v%d", i + 1), i + 2, at);
    }
    at = commit(d, 6, at, DORA_NONE);
    says(d, at, "x\n\nReverts !8, reverts !7, reverts !3 and reverts !10");
    deploy(d, "v6", 7, at);
    kinds_are(d, "first forward forward forward forward forward forward");
    /* of two that name !7, the commit whose name comes first */
    static const enum dora_failure wanted[] = {DORA_GOOD,     DORA_GOOD, DORA_GOOD, DORA_REVERTED,
                                               DORA_REVERTED, DORA_GOOD, DORA_GOOD};
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(d->chain.deployments.items[i].failure, wanted[i]);
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
        {"This reverts commit 000000000000000000000000000000000abcfffe.", true},
        {"this reverts merge request shop/fee!7", true},
        {"Reverts !7", true},
        {"hotfix: v2.1 and xv2 and v2-rc", false},
        {"fix: totals of v2", false},
        {"This reverts commit 000000000000000000000000000000000abc0009", false},
        {"This reverts merge request !70", false},
        {"Reapply \"b\"\n\nThis reverts commit 000000000000000000000000000000000abcfffe.", false},
        {"hotfix: first seen in v1, see v3", true}, /* v1 is older, v3 is itself */
        {"This reverts commit 0000000.", false},    /* the beginning of several */
        {"hotfix: {v2}", true},
        {"This reverts commit 000000000000000000000000000000000ABCFFFE.", true},
        {"This reverts commit 000000000000000000000000000000000abcffff.", false}, /* in v1 */
        {"This reverts commit 0000000000000000000000000000000000000001.", false},
        {"This reverts commit 000000000000000000000000000000000abcfffe0", false},
        {"This reverts commit 000000", false},
        {"This reverts commit 000000000000000000000000000000000abc-001", false},
        {"This reverts commit 000000000000000000000000000000000abc@001", false},
        {"This reverts commit 000000000000000000000000000000000abcg001", false},
        {"This reverts commit 000000000000000000000000000000000abcG001", false},
        {"This reverts the commit 000000000000000000000000000000000abcfffe", false},
        {"This reverts merge commit !7", false},
        {"Reverts !7x", false},
        {"Reverts !3", false},
        {"Revert \"Revert \"b\"\"\n\nThis reverts v2", false},
        {"Revert", false},
        {"hotfixes: v2", false},
        {"Merge branch 'main' into 'hotfix/v2'", false},
        {"mentions commit 000000000000000000000000000000000abcfffe", false},
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

/* What comes and goes within one deployment never ran. */
static void nothing_fails_by_what_it_brings_itself(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    says(d, c,
         arena_printf(d->mem, "Revert \"b\"\n\nThis reverts commit %s.",
                      d->chain.commits.items[b].id));
    deploy(d, "1.0", 3, a);
    deploy(d, "1.1", 4, c);
    kinds_are(d, "first forward");
    assert_int_equal(d->chain.deployments.items[1].failure, DORA_GOOD);
    assert_false(d->chain.deployments.items[1].unplanned);
}

/* A tag that was moved: the version is that of the deployment before. */
static void a_hotfix_of_the_version_it_is_called_by(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    says(d, c, "hotfix: 2.0");
    deploy(d, "1.0", 3, a);
    deploy(d, "2.0", 4, b);
    deploy(d, "2.0", 5, c);
    kinds_are(d, "first forward forward");
    assert_int_equal(d->chain.deployments.items[1].failure, DORA_HOTFIXED);
    assert_int_equal(d->chain.deployments.items[1].remedy, 2);
}

int main(void)
{
#define DRAWN(test) cmocka_unit_test_setup_teardown(test, draw, erase)
    const struct CMUnitTest tests[] = {
        DRAWN(a_rollback_is_a_failure_for_two_days),
        DRAWN(the_earliest_remedy_counts_once),
        DRAWN(what_is_no_forward_step_does_not_fail),
        DRAWN(a_name_is_that_of_what_changed_what_ran),
        DRAWN(a_version_that_comes_back_was_repaired_before),
        DRAWN(only_what_a_deployment_brings_claims),
        DRAWN(requests_are_found_by_number),
        DRAWN(nothing_fails_by_what_it_brings_itself),
        DRAWN(a_hotfix_of_the_version_it_is_called_by),
        DRAWN(names_are_whole_words),
    };
    return cmocka_run_group_tests_name("failures", tests, NULL, NULL);
}
