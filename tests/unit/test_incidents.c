/* Incidents: which deployment caused one, and when a failed deployment had recovered. */
#include "tests/support/causes.h"

/* "v2 incident 3, v3 hotfix": those that failed, how, and after how many hours they had recovered
 * ("?": not yet). */
static void failed_are(const struct drawn *d, const char *wanted)
{
    const char *text = "";
    for (size_t i = 0; i < d->chain.deployments.count; i++) {
        const struct dora_deployment *one = &d->chain.deployments.items[i];
        if (one->failure == DORA_GOOD)
            continue;
        const char *after =
            one->recovered_s == INT64_MAX
                ? "?"
                : arena_printf(d->mem, "%d", (int)(one->recovered_s - one->finished_s) / HOUR);
        text = arena_printf(d->mem, "%s%s%s %s %s", text, *text == '\0' ? "" : ", ", one->version,
                            dora_failure_name(one->failure), after);
    }
    assert_string_equal(text, wanted);
}

/* --- links ------------------------------------------------------------------------------------ */

static void what_begins_soon_after_a_deployment_is_put_down_to_it(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    incident(d, "1", 1); /* before anything ran */
    incident(d, "2", 11)->resolved_s = hours(14);
    incident(d, "3", 10 + 24); /* just */
    incident(d, "4", 35);      /* too late for v2 */
    incident(d, "5", 40);
    incident(d, "6", 41)->cause = "other";
    incident(d, "7", 60)->cause = "change";
    causes_are(d, "- , v2 nearby, v2 nearby, - , v3 nearby, - , v3 nearby");
    failed_are(d, "v2 incident ?, v3 incident ?");
    assert_int_equal(d->chain.deployments.items[1].incident, 2); /* which is open */
}

static void how_soon_is_the_services_choice(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    d->chain.incident_s = HOUR;
    incident(d, "1", 11);
    incident(d, "2", 12);
    causes_are(d, "v2 nearby, - ");
}

static void when_it_began_to_hurt_counts(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    incident(d, "1", 41)->impact_s = hours(20); /* v3 did not run then */
    incident(d, "2", 42)->impact_s = hours(50); /* noticed before: then it is the alarm */
    causes_are(d, "v2 nearby, v3 nearby");
}

static void said_outright_it_is_so(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    d->chain.deployments.items[2].where = "record-7";
    incident(d, "1", 41)->caused_by = "v2";
    incident(d, "2", 90)->caused_by = "record-7";
    incident(d, "3", 91)->caused_by = d->chain.commits.items[0].id;
    incident(d, "4", 92)->caused_by = "v9"; /* not here: and nothing is guessed */
    incident(d, "5", 93)->caused_by = "v3";
    d->chain.incidents.items[4].cause = "other"; /* and yet no failure of it */
    causes_are(d, "v2 explicit, v3 explicit, v1 explicit, - , v3 explicit");
    failed_are(d, "v1 incident ?, v2 incident ?, v3 incident ?");
    assert_int_equal(d->chain.deployments.items[2].incident, 1);
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.unrecovered, 3);
    assert_int_equal(f.unrecovered_s, d->chain.known_s - hours(2)); /* the oldest */
    assert_int_equal(f.open, 5);
    assert_int_equal(f.oldest_open_s, d->chain.known_s - hours(41));
}

/* A version that ran several times: the last until then. */
static void a_name_stands_for_the_last_that_ran(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    deploy(d, "v1", 2, a);
    deploy(d, "v2", 3, b);
    deploy(d, "v2-again", 30, c);
    deploy(d, "v2", 60, b);
    deploy(d, "v2-again", 90, c);
    incident(d, "1", 1)->caused_by = "v2-again"; /* some clock is wrong */
    incident(d, "2", 70)->caused_by = "v2-again";
    incident(d, "3", 95)->caused_by = "v2-again";
    dora_link(&d->chain, d->mem);
    assert_int_equal(d->chain.incidents.items[0].deployment, 2);
    assert_int_equal(d->chain.incidents.items[1].deployment, 2);
    assert_int_equal(d->chain.incidents.items[2].deployment, 4);
}

static void what_repaired_it_while_it_was_open_names_the_cause(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    deploy(d, "v2", 100, 1);                       /* 60 h after v3: no failure by itself */
    incident(d, "1", 90)->resolved_s = hours(120); /* 50 h after v3 */
    incident(d, "2", 91)->resolved_s = hours(99);  /* over before */
    causes_are(d, "v3 remedied, - ");
    failed_are(d, "v3 rollback 60");
}

static void a_hotfix_that_names_nothing_repairs_what_ran(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t fix = commit(d, 95, 2, DORA_NONE);
    says(d, fix, "hotfix: totals");
    deploy(d, "v4", 100, fix);
    incident(d, "1", 90)->resolved_s = hours(101);
    causes_are(d, "v3 remedied");
    failed_are(d, "v3 hotfix 60");
}

static void a_hotfix_repairs_what_it_names(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t fix = commit(d, 95, 2, DORA_NONE);
    says(d, fix, "hotfix: v2 and v1 are wrong");
    deploy(d, "v4", 100, fix);
    incident(d, "1", 90)->resolved_s = hours(101);
    incident(d, "2", 5)->resolved_s = hours(101); /* v2 did not run then: nobody knows */
    causes_are(d, "v1 nearby, v2 remedied");
    failed_are(d, "v1 hotfix 98, v2 hotfix 90");
}

/* As the cause is known, it need not have run last, and the rollback may come late. */
static void what_is_said_outright_is_over_with_its_repair(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t fix = commit(d, 95, 2, DORA_NONE), other = commit(d, 105, fix, DORA_NONE);
    says(d, fix, "hotfix: v3 is slow");
    says(d, other, "hotfix: totals");
    deploy(d, "v4", 100, fix);
    deploy(d, "v5", 110, other);
    deploy(d, "v2", 200, 1);
    incident(d, "1", 90)->caused_by = "v2"; /* v4 is about v3 */
    incident(d, "2", 91)->caused_by = "v3";
    incident(d, "3", 111)->caused_by = "v5"; /* 90 h: late, and yet the way back */
    incident(d, "4", 190)->caused_by = "v1";
    d->chain.incidents.items[3].resolved_s = hours(195); /* before */
    incident(d, "5", 205)->caused_by = "v4";             /* nothing came later */
    incident(d, "6", 111)->caused_by = "v2";
    d->chain.incidents.items[5].cause = "other"; /* v2 did not fail by it */
    causes_are(d, "v2 explicit, v3 explicit, v5 explicit, v2 explicit, v1 explicit, v4 explicit");
    failed_are(d, "v1 incident 193, v2 hotfix 100, v3 hotfix 60, v4 incident ?, v5 rollback 90");
}

static void a_repair_that_names_the_incident_says_so_outright(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t fix = commit(d, 95, 2, DORA_NONE), late = commit(d, 150, fix, DORA_NONE);
    says(d, 0, "begin, see INC-1");
    says(d, 1, "INC-2 is foreseen");
    says(d, fix, "pool size\n\nFixes INC-1 and INC-3.");
    says(d, late, "INC-1: a test, and INC-4, INC-5");
    deploy(d, "v4", 100, fix);
    deploy(d, "v5", 160, late);
    incident(d, "INC-1", 90)->resolved_s = hours(92); /* 50 h after v3, and over before v4 */
    incident(d, "INC-2", 91)->resolved_s = hours(93);
    incident(d, "INC-3", 15)->caused_by = "v1";
    incident(d, "INC-4", 120)->cause = "other";
    incident(d, "INC-5", 1); /* nothing ran */
    causes_are(d, "- , v1 explicit, v3 explicit, - , - ");
    failed_are(d, "v1 hotfix 98, v3 hotfix 52");
    const struct dora_incident *all = d->chain.incidents.items;
    assert_int_equal(all[2].fix, 3); /* INC-1: the first */
    assert_int_equal(all[3].fix, DORA_NONE);
    assert_int_equal(all[4].fix, 4);
    const struct dora_deployment *deployed = d->chain.deployments.items;
    assert_false(deployed[1].unplanned); /* before it began */
    assert_true(deployed[3].unplanned && deployed[4].unplanned);
    assert_true(d->chain.changes.items[deployed[4].changes].unplanned);
}

/* What names one incident says nothing of another that is open. */
static void a_repair_of_one_incident_is_none_of_another(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t fix = commit(d, 95, 2, DORA_NONE), both = commit(d, 105, fix, DORA_NONE);
    says(d, fix, "INC-1");
    says(d, both, "hotfix: v2, and INC-3");
    deploy(d, "v4", 100, fix);
    deploy(d, "v5", 110, both);
    incident(d, "INC-1", 90);
    incident(d, "INC-2", 91)->resolved_s = hours(105);
    incident(d, "INC-3", 30);
    causes_are(d, "v2 explicit, v3 explicit, - ");
}

/* What is gone back to did not cause what began while it ran. */
static void what_is_gone_back_to_is_not_to_blame(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t other = commit(d, 3, 0, DORA_NONE);
    deploy(d, "fix", 50, other); /* diverged */
    deploy(d, "v2", 52, 1);      /* back, and what it repairs came after it began */
    incident(d, "1", 39)->resolved_s = hours(60);
    causes_are(d, "- ");
    failed_are(d, "fix rollback 2");
}

static void a_rollback_causes_nothing_that_counts(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    deploy(d, "v2", 50, 1);
    incident(d, "1", 51);
    incident(d, "2", 52)->caused_by = "v2"; /* said so: but only what counts can fail */
    causes_are(d, "- , v2 explicit");
    failed_are(d, "v3 rollback 10");
}

/* Nothing ran when it began, or only what came after repaired something. */
static void a_repair_of_nothing_that_ran_names_no_cause(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    says(d, b, "hotfix: totals");
    deploy(d, "v1", 30, a);
    deploy(d, "v2", 31, b);
    incident(d, "1", 1)->resolved_s = hours(40);  /* v2 repaired nothing named, nothing ran */
    incident(d, "2", 31)->resolved_s = hours(40); /* at the moment of v2 itself */
    causes_are(d, "- , v2 nearby");
    d->chain = (struct dora_chain){.known_s = d->chain.known_s};
    incident(d, "3", 1)->caused_by = "v1"; /* nothing was ever deployed */
    causes_are(d, "- ");
}

/* A rollback of a rollback: what came in between is not what counts. */
static void what_was_rolled_back_may_be_a_rollback(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    deploy(d, "v2", 50, 1);
    deploy(d, "v1", 60, 0);
    incident(d, "1", 55)->resolved_s = hours(70); /* v2 ran, as a rollback */
    causes_are(d, "- ");
    failed_are(d, "v3 rollback 10");
}

static void versions_without_commits_are_told_apart_by_name(void **state)
{
    struct drawn *d = *state;
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE);
    deploy(d, "x1", 2, DORA_NONE);
    deploy(d, "x2", 10, DORA_NONE);
    deploy(d, "x1", 100, DORA_NONE);
    deploy(d, "v1", 110, a);
    deploy(d, "x2", 200, DORA_NONE);
    incident(d, "1", 90)->resolved_s = hours(105);
    incident(d, "2", 150)->resolved_s = hours(300);
    d->chain.deployments.items[4].where = "files";
    d->chain.deployments.items[4].record = "record-4";
    incident(d, "3", 201)->caused_by = "record-4";
    causes_are(d, "x2 remedied, v1 remedied, x2 explicit");
    failed_are(d, "x2 rollback 90, v1 rollback 90");
}

/* --- recovery --------------------------------------------------------------------------------- */

static void it_has_recovered_with_the_last_of_its_incidents(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    incident(d, "1", 11)->resolved_s = hours(15);
    incident(d, "2", 12)->resolved_s = hours(13);
    incident(d, "3", 41)->resolved_s = hours(42);
    incident(d, "4", 42); /* open */
    causes_are(d, "v2 nearby, v2 nearby, v3 nearby, v3 nearby");
    failed_are(d, "v2 incident 5, v3 incident ?");
    d->chain.hears = true;
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.failed, 2);
    assert_int_equal(f.failures[DORA_INCIDENT], 2);
    assert_int_equal(f.recovery.count, 1);
    assert_int_equal(f.recovery.p50, 5 * HOUR * 1000);
    assert_int_equal(f.unrecovered, 1);
    assert_int_equal(f.unrecovered_s, d->chain.known_s - hours(40));
    assert_int_equal(f.incidents, 4);
    assert_int_equal(f.open, 1);
    const struct dora_figures later = measure(d, 1, 6); /* it began the day before */
    assert_int_equal(later.incidents, 2);
    assert_int_equal(later.detection.count, 2);
    assert_int_equal(f.oldest_open_s, d->chain.known_s - hours(42));
    assert_int_equal(f.incident.count, 3);
    assert_int_equal(f.incident.sum, 6 * HOUR); /* 4, 1, 1 */
    assert_int_equal(f.detection.count, 4);     /* 1, 2, 1, 2 */
    assert_int_equal(f.detection.p50, 3 * HOUR * 500);
    struct dora_value values[DORA_VALUES];
    dora_values(&f, values);
    assert_int_equal(number_compare(values[DORA_INCIDENT_MEAN].value, number_of(2 * HOUR)), 0);
    assert_int_equal(values[DORA_OLDEST_OPEN].count, 1);
}

static void the_first_that_helps_ends_it(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    deploy(d, "v2", 45, 1);
    incident(d, "1", 41)->resolved_s = hours(43); /* before the rollback */
    incident(d, "2", 11);                         /* open for ever, and v2 stays */
    dora_link(&d->chain, d->mem);
    failed_are(d, "v2 incident ?, v3 rollback 3");
    assert_int_equal(d->chain.deployments.items[2].remedy, 3);
}

/* Noticed in the first region, over before the last had it. */
static void what_is_over_before_it_finished_took_no_time(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    d->chain.deployments.items[2].first_s = hours(30);
    incident(d, "1", 31)->resolved_s = hours(32);
    causes_are(d, "v3 nearby");
    failed_are(d, "v3 incident 0");
    d->chain.hears = true;
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.recovery.p90, 0);
    assert_int_equal(f.detection.count, 0); /* before it had finished */
    assert_int_equal(f.region_lag.count, 1);
    assert_int_equal(f.region_lag.p50, 10 * HOUR * 1000);
}

static void a_region_that_is_said_to_come_last_is_none(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    d->chain.deployments.items[2].first_s = hours(41);
    incident(d, "1", 40);
    causes_are(d, "v3 nearby");
    assert_int_equal(measure(d, 0, 6).region_lag.p50, 0);
}

static void a_past_moment_does_not_know_the_end(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    d->chain.known_s = hours(50);
    d->chain.hears = true;
    struct dora_incident *one = incident(d, "1", 45);
    one->acked_s = one->resolved_s = hours(51);
    incident(d, "2", 51);
    incident(d, "0", 45)->acked_s = hours(46);
    causes_are(d, "v3 nearby, v3 nearby"); /* "0" and "1" */
    assert_int_equal(d->chain.incidents.items[1].acked_s, INT64_MAX);
    assert_int_equal(d->chain.incidents.items[0].acked_s, hours(46));
    const struct dora_figures f = measure(d, 0, 6);
    assert_int_equal(f.incidents, 2);
    assert_int_equal(f.open, 2);
}

static void the_same_incident_of_two_services_counts_once(void **state)
{
    struct drawn *d = *state;
    struct dora_chain chains[2];
    const struct dora_window window = {MONDAY / DAY, MONDAY / DAY + 6};
    struct dora_figures f;
    for (int i = 0; i < 2; i++) {
        d->chain = (struct dora_chain){.known_s = d->chain.known_s, .hears = true};
        deploy_three(d);
        incident(d, "both", 11)->resolved_s = hours(13);
        incident(d, i == 0 ? "one" : "other", 11);
        dora_link(&d->chain, d->mem);
        chains[i] = d->chain;
    }
    const struct dora_part parts[] = {{&chains[0], INT64_MIN, INT64_MAX},
                                      {&chains[1], INT64_MIN, INT64_MAX}};
    dora_measure(parts, 2, &window, NULL, d->mem, &f);
    assert_int_equal(f.incidents, 3);
    assert_int_equal(f.open, 2);
    assert_int_equal(f.incident.count, 1);
    assert_int_equal(f.failed, 2); /* a deployment of each */
    assert_int_equal(f.counted, 6);
    assert_int_equal(f.deployment_days, 2);
    chains[1].hears = false;
    dora_measure(parts, 2, &window, NULL, d->mem, &f);
    assert_false(f.hears);
}

/* --- to the second ---------------------------------------------------------------------------- */

static void what_begins_with_a_deployment_is_put_down_to_it(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    d->chain.deployments.items[2].first_s = hours(30);
    incident(d, "1", 30);
    incident(d, "2", 30)->caused_by = "v3";
    deploy(d, "v2", 100, 1);
    incident(d, "3", 40)->resolved_s = hours(100); /* over with the rollback */
    causes_are(d, "v3 remedied, v3 explicit, v3 remedied");
}

static void a_name_stands_for_what_began_at_that_moment(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    deploy(d, "v2", 90, 1);
    incident(d, "1", 90)->caused_by = "v2";
    dora_link(&d->chain, d->mem);
    assert_int_equal(d->chain.incidents.items[0].deployment, 3);
}

static void what_happened_at_the_last_moment_is_known(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    d->chain.known_s = hours(50);
    struct dora_incident *one = incident(d, "1", 45);
    one->acked_s = one->resolved_s = hours(50);
    incident(d, "2", 50);
    causes_are(d, "v3 nearby, v3 nearby");
    assert_int_equal(d->chain.incidents.items[0].acked_s, hours(50));
    assert_int_equal(d->chain.incidents.items[0].resolved_s, hours(50));
}

/* What an incident names cannot be what repaired it. */
static void nothing_repairs_itself(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t fix = commit(d, 95, 2, DORA_NONE), last = commit(d, 105, fix, DORA_NONE);
    says(d, fix, "hotfix: totals");
    says(d, last, "INC-2");
    deploy(d, "v4", 100, fix);
    deploy(d, "v5", 110, last);
    incident(d, "INC-1", 100)->caused_by = "v4";
    incident(d, "INC-2", 110)->caused_by = "v5";
    causes_are(d, "v4 explicit, v5 explicit");
    failed_are(d, "v4 incident ?, v5 incident ?");
    assert_int_equal(d->chain.incidents.items[1].fix, 4); /* it finished when that began */
}

static void work_on_what_nothing_caused_is_no_failure(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t fix = commit(d, 95, 2, DORA_NONE);
    says(d, fix, "INC-1");
    deploy(d, "v4", 100, fix);
    incident(d, "INC-1", 90)->caused_by = "v1";
    d->chain.incidents.items[0].cause = "other";
    causes_are(d, "v1 explicit");
    failed_are(d, "");
}

/* Commits are read in their own order, which is not that of the deployments. */
static void the_first_deployment_with_work_on_it_is_its_repair(void **state)
{
    struct drawn *d = *state;
    deploy_three(d);
    uint32_t aside = commit(d, 95, 2, DORA_NONE), fix = commit(d, 96, 2, DORA_NONE);
    says(d, aside, "INC-1");
    says(d, fix, "INC-1");
    deploy(d, "v4", 100, fix);
    deploy(d, "v5", 110, commit(d, 105, fix, aside));
    incident(d, "INC-1", 90);
    causes_are(d, "v3 explicit");
    assert_int_equal(d->chain.incidents.items[0].fix, 3);
    failed_are(d, "v3 hotfix 60");
}

#define DRAWN(test) cmocka_unit_test_setup_teardown(test, draw, erase)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DRAWN(what_begins_soon_after_a_deployment_is_put_down_to_it),
        DRAWN(how_soon_is_the_services_choice),
        DRAWN(when_it_began_to_hurt_counts),
        DRAWN(said_outright_it_is_so),
        DRAWN(a_name_stands_for_the_last_that_ran),
        DRAWN(what_repaired_it_while_it_was_open_names_the_cause),
        DRAWN(a_hotfix_that_names_nothing_repairs_what_ran),
        DRAWN(a_hotfix_repairs_what_it_names),
        DRAWN(what_is_said_outright_is_over_with_its_repair),
        DRAWN(a_repair_that_names_the_incident_says_so_outright),
        DRAWN(a_repair_of_one_incident_is_none_of_another),
        DRAWN(what_is_gone_back_to_is_not_to_blame),
        DRAWN(a_rollback_causes_nothing_that_counts),
        DRAWN(a_repair_of_nothing_that_ran_names_no_cause),
        DRAWN(what_was_rolled_back_may_be_a_rollback),
        DRAWN(versions_without_commits_are_told_apart_by_name),
        DRAWN(it_has_recovered_with_the_last_of_its_incidents),
        DRAWN(the_first_that_helps_ends_it),
        DRAWN(what_is_over_before_it_finished_took_no_time),
        DRAWN(a_region_that_is_said_to_come_last_is_none),
        DRAWN(a_past_moment_does_not_know_the_end),
        DRAWN(the_same_incident_of_two_services_counts_once),
        DRAWN(what_begins_with_a_deployment_is_put_down_to_it),
        DRAWN(a_name_stands_for_what_began_at_that_moment),
        DRAWN(what_happened_at_the_last_moment_is_known),
        DRAWN(nothing_repairs_itself),
        DRAWN(work_on_what_nothing_caused_is_no_failure),
        DRAWN(the_first_deployment_with_work_on_it_is_its_repair),
    };
    return cmocka_run_group_tests_name("incidents", tests, NULL, NULL);
}
