/* One deployment that two sources tell of. */
#include "tests/support/test.h"

#include <string.h>

#include "gates/measure/join.h"
#include "tests/support/pool.h"

enum { HOUR = 3600 };

static struct dora_deployments all, recorded;

static int fresh(void **state)
{
    memset(&all, 0, sizeof all);
    memset(&recorded, 0, sizeof recorded);
    return open_pool(state);
}

static struct dora_deployment *add(struct dora_deployments *list, const char *version, int64_t at_s)
{
    struct dora_deployment *deployment = array_add(mem, list);
    *deployment = (struct dora_deployment){
        .version = version,
        .source = list == &all ? "gitops" : "recorded",
        .where = list == &all ? "clusters 1234567" : "record",
        .commit = DORA_NONE,
        .stated_s = at_s,
    };
    return deployment;
}

static void join(void)
{
    deployments_join(&all, &recorded, mem);
}

static void nothing_recorded_changes_nothing(void **state)
{
    (void)state;
    add(&all, "1", HOUR);
    join();
    assert_int_equal(all.count, 1);
    assert_int_equal(all.items[0].stated_s, HOUR);
    assert_string_equal(all.items[0].where, "clusters 1234567");
}

static void a_record_says_when_it_ran(void **state)
{
    (void)state;
    add(&all, "1", HOUR);
    add(&all, "2", 3 * HOUR);
    struct dora_deployment *record = add(&recorded, "1", 2 * HOUR);
    record->flagged = true;
    record->commit = 7;
    join();
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[0].stated_s, 2 * HOUR);
    assert_int_equal(all.items[0].commit, 7);
    assert_true(all.items[0].flagged);
    assert_string_equal(all.items[0].where, "clusters 1234567");
    assert_string_equal(all.items[0].record, "record");
    assert_int_equal(all.items[1].stated_s, 3 * HOUR);
}

static void the_same_commit_is_the_same(void **state)
{
    (void)state;
    add(&all, "v1", HOUR)->commit = 5;
    add(&recorded, "1", HOUR)->commit = 5;
    add(&recorded, "other", HOUR)->commit = 6;
    join();
    assert_int_equal(all.count, 2);
    assert_string_equal(all.items[1].version, "other");
}

static void versions_of_no_commit_differ(void **state)
{
    (void)state;
    add(&all, "1", HOUR);
    add(&recorded, "2", HOUR);
    join();
    assert_int_equal(all.count, 2);
}

static void what_was_recorded_before_is_its_own(void **state)
{
    (void)state;
    add(&all, "1", 5 * HOUR);
    add(&recorded, "1", 4 * HOUR);
    join();
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[0].stated_s, 5 * HOUR);
}

/* … but is no going back to the version before. */
static void a_slow_pipeline_ends_after_the_next_began(void **state)
{
    (void)state;
    add(&all, "1", 10 * HOUR);
    add(&all, "2", 10 * HOUR + 300);
    add(&recorded, "1", 10 * HOUR + 360);
    add(&recorded, "2", 10 * HOUR + 900);
    join();
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[0].stated_s, 10 * HOUR + 300);
    assert_int_equal(all.items[1].stated_s, 10 * HOUR + 900);
}

static void long_after_the_next_it_is_a_rollback(void **state)
{
    (void)state;
    add(&all, "1", HOUR);
    add(&all, "2", 2 * HOUR);
    add(&recorded, "1", 4 * HOUR);
    join();
    assert_int_equal(all.count, 3);
    assert_int_equal(all.items[0].stated_s, HOUR);
    assert_int_equal(all.items[2].stated_s, 4 * HOUR);
}

static void what_runs_twice_was_deployed_again(void **state)
{
    (void)state;
    add(&all, "1", HOUR);
    add(&recorded, "1", 3 * HOUR);
    add(&recorded, "1", 2 * HOUR);
    join();
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[0].stated_s, 2 * HOUR);
    assert_int_equal(all.items[1].stated_s, 3 * HOUR);
}

static void what_failed_never_ran(void **state)
{
    (void)state;
    add(&all, "1", HOUR);
    add(&recorded, "1", 2 * HOUR)->outcome = DORA_NEVER;
    add(&recorded, "1", 3 * HOUR)->outcome = DORA_NEVER;
    join();
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[0].outcome, DORA_NEVER);
    assert_int_equal(all.items[1].outcome, DORA_NEVER);
}

static void what_failed_first_and_ran_then_ran(void **state)
{
    (void)state;
    add(&all, "1", HOUR);
    add(&recorded, "1", 2 * HOUR)->outcome = DORA_NEVER;
    add(&recorded, "1", 3 * HOUR);
    join();
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[0].outcome, DORA_SERVED);
    assert_int_equal(all.items[0].stated_s, 3 * HOUR);
    assert_int_equal(all.items[1].outcome, DORA_NEVER);
}

static void configuration_is_no_deployment_of_a_version(void **state)
{
    (void)state;
    add(&all, "1", HOUR);
    add(&all, "1", 2 * HOUR)->outcome = DORA_CONFIG;
    add(&recorded, "1", 2 * HOUR + 60);
    join();
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[0].stated_s, 2 * HOUR + 60);
    assert_int_equal(all.items[1].outcome, DORA_CONFIG);
    assert_int_equal(all.items[1].stated_s, 2 * HOUR);
}

/* Regions: it begins with the first, and ends with the last, whatever came between. */
static void it_begins_with_its_first_region(void **state)
{
    (void)state;
    add(&all, "1", 2 * HOUR)->outcome = DORA_CONFIG;
    add(&all, "2", 5 * HOUR)->first_s = HOUR;
    add(&recorded, "2", HOUR + 60);
    join();
    assert_int_equal(all.count, 2);
    assert_int_equal(all.items[1].stated_s, 5 * HOUR);
    assert_string_equal(all.items[1].record, "record");
}

static void records_alone_are_deployments(void **state)
{
    (void)state;
    add(&recorded, "2", 2 * HOUR)->where = "b";
    add(&recorded, "1", 2 * HOUR)->where = "a";
    join();
    assert_int_equal(all.count, 2);
    assert_string_equal(all.items[0].where, "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_recorded_changes_nothing, fresh, close_pool),
        cmocka_unit_test_setup_teardown(a_record_says_when_it_ran, fresh, close_pool),
        cmocka_unit_test_setup_teardown(the_same_commit_is_the_same, fresh, close_pool),
        cmocka_unit_test_setup_teardown(versions_of_no_commit_differ, fresh, close_pool),
        cmocka_unit_test_setup_teardown(what_was_recorded_before_is_its_own, fresh, close_pool),
        cmocka_unit_test_setup_teardown(a_slow_pipeline_ends_after_the_next_began, fresh,
                                        close_pool),
        cmocka_unit_test_setup_teardown(long_after_the_next_it_is_a_rollback, fresh, close_pool),
        cmocka_unit_test_setup_teardown(what_runs_twice_was_deployed_again, fresh, close_pool),
        cmocka_unit_test_setup_teardown(what_failed_never_ran, fresh, close_pool),
        cmocka_unit_test_setup_teardown(what_failed_first_and_ran_then_ran, fresh, close_pool),
        cmocka_unit_test_setup_teardown(configuration_is_no_deployment_of_a_version, fresh,
                                        close_pool),
        cmocka_unit_test_setup_teardown(it_begins_with_its_first_region, fresh, close_pool),
        cmocka_unit_test_setup_teardown(records_alone_are_deployments, fresh, close_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
