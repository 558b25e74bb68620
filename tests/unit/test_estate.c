/* Delivery numbers that rules ask for: which services, teams and environments are counted, in which
 * window, and what is no data. */
#include <stdlib.h>

#include "runner/store/evidence.h"
#include "tests/support/estate.h"

static struct zone_step ahead[] = {{INT64_MIN, 2 * HOUR}};
static const struct zone zone = {"Some/Where", {ahead, 1, 0}};

/* A deployment a day, from `first` on, of which the second is rolled back when asked for. */
static struct dora_unit *add_unit(const char *service, const char *environment, int first, int days,
                                  bool rolled_back)
{
    struct drawn d = {.mem = court.mem};
    struct dora_unit *unit = array_add(court.mem, &estate.units);
    uint32_t at = DORA_NONE;
    *unit = (struct dora_unit){.service = service,
                               .project = service,
                               .environment = environment,
                               .production = strcmp(environment, "production") == 0};
    d.chain.known_s = NOW;
    for (int i = 0; i < days; i++) {
        at = commit(&d, (first + i) * 24, at, DORA_NONE);
        deploy(&d, arena_printf(court.mem, "v%d", i), (first + i) * 24 + 23, at);
    }
    if (rolled_back)
        deploy(&d, "v0", (first + days) * 24, 0);
    unit->chain = d.chain;
    return unit;
}

static void link_units(void)
{
    for (size_t i = 0; i < estate.units.count; i++)
        dora_link(&estate.units.items[i].chain, court.mem);
}

/* fee: 4 deployments, owned by pay and then by shop; cart: 2 and a rollback, shop's; fee in
 * staging: 7; old: not known. */
static int open_court(void **state)
{
    (void)state;
    court_open(&court, "version: 1\ngates:\n  - name: g\n    require:\n"
                       "      - dora.deployment_frequency >= 3/w\n"
                       "      - rule: dora.change_fail_rate <= 20%\n        each: service\n"
                       "      - dora.lead_time.p50{team=\"shop\"} <= 1d\n"
                       "      - dora.recovery_time.p50 <= 1h\n"
                       "      - changes.open <= 3\n");
    estate = (struct dora_estate){.now_s = NOW};
    array_push(court.mem, &estate.teams, ((struct dora_team){"pay", "Payments", NULL}));
    array_push(court.mem, &estate.teams, ((struct dora_team){"shop", "Shop", &zone}));
    own(add_unit("cart", "production", 3, 2, true), "shop", INT64_MIN, INT64_MAX);
    struct dora_unit *fee = add_unit("fee", "production", 10, 4, false);
    own(fee, "pay", INT64_MIN, MONDAY + 12 * DAY);
    own(fee, "shop", MONDAY + 11 * DAY, MONDAY + 13 * DAY);
    own(fee, "shop", MONDAY + 12 * DAY, INT64_MAX);
    own(fee, "shop", MONDAY + 12 * DAY, MONDAY + 13 * DAY); /* said again */
    add_unit("fee", "staging", 10, 7, false);
    link_units();
    judge_estate();
    return 0;
}

static void lists(const char *rule, const char *label, const char *wanted)
{
    assert_string_equal(court_values(&court, rule, label), wanted);
}

/* --- what is picked --------------------------------------------------------------------------- */

static void services_of_production_are_one_whole(void **state)
{
    (void)state;
    is("deployments.total", "6");
    is("deployments.rollbacks", "1");
    is("deployments.total{service=\"fee\"}", "4");
    is("deployments.total{service!=\"fee\"}", "2");
    is("deployments.total{service=~\"f.*|c.*\"}", "6");
    is("deployments.total{environment=\"staging\"}", "7");
    is("deployments.total{environment=~\".*\"}", "13");
    is("dora.deployment_frequency", "1.5/w");
    is("dora.change_fail_rate{service=\"cart\"}", "50 %");
    is("dora.change_fail_rate", "16.7 %");
    is("dora.recovery_time.p90{service=\"fee\"}", "(no deployment failed in this time)");
    is("deployments.total{service=\"free\"}", "(there is no such service in such an environment)");
    is("deployments.total{service=\"fee\", environment=\"testing\"}",
       "(there is no such service in such an environment)");
}

static void a_team_counts_what_it_owned_then(void **state)
{
    (void)state;
    is("deployments.total{team=\"pay\"}", "2");
    is("deployments.total{team=\"shop\"}", "5"); /* three of fee, two of cart */
    is("deployments.total{team=~\".*\"}", "6");
    is("deployments.total{team=\"shop\", service=\"fee\"}", "3");
    is("deployments.total{team=\"nobody\"}", "(there is no such service in such an environment)");
    is("deployments.total{team!=\"shop\"}", "2");
}

/* Shop is two hours ahead: its last deployment, at 23:00, is of the day after. */
static void days_are_the_teams(void **state)
{
    (void)state;
    is("deployments.days_since", "14");
    is("deployments.days_since{team=\"shop\"}", "14"); /* and today is tomorrow */
    is("deployments.total{team=\"shop\", window=\"2027-01-14..2027-01-16\"}", "1");
    /* nobody is named: of whoever owns all of it now */
    is("deployments.total{service=\"fee\", window=\"2027-01-14..2027-01-16\"}", "2");
    is("deployments.total{service=\"fee\", environment=\"staging\", "
       "window=\"2027-01-14..2027-01-16\"}",
       "3");
    is("deployments.total{team=~\"shop\", window=\"2027-01-14..2027-01-16\"}", "1");
}

static void windows_end_today(void **state)
{
    (void)state;
    is("deployments.total{window=\"7d\"}", "0");
    is("deployments.total{window=\"90d\"}", "6");
    is("deployments.total{window=\"2027-01-01..2027-01-09\"}", "2");
    is("deployments.total{window=\"2027-01-01..2027-01-06\"}", "(nothing was deployed yet)");
    is("deployments.total{window=\"2027-01-01..2027-02-28\"}", "(its window has not ended yet)");
    is("dora.lead_time.p50{window=\"7d\"}",
       "(no change with a known beginning was deployed in this time)");
}

static void a_pattern_that_runs_into_its_limit_is_an_error(void **state)
{
    (void)state;
    struct dora_unit *unit =
        add_unit("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "production", 1,
                 1, false);
    (void)unit;
    is("deployments.total{service=~\"(a+)+c\"}",
       court_value(&court, "deployments.total{service=~\"(a+)+c\"} == 1"));
    const char *said = court_value(&court, "deployments.total{service=~\"(a+)+c\"} == 1");
    assert_true(said[0] == '(');
}

static void what_is_not_known_of_one_is_not_known_of_the_whole(void **state)
{
    (void)state;
    struct dora_unit *unit = add_unit("old", "production", 1, 0, false);
    unit->why_not = "its repository is not here: `qgate collect` fetches it";
    is("deployments.total", "(its repository is not here: `qgate collect` fetches it)");
    is("deployments.total{service=\"fee\"}", "4");
    add_unit("older", "production", 1, 0, false)->why_not = "another reason";
    is("deployments.total", "(its repository is not here: `qgate collect` fetches it)");
    court_judge(&court);
    assert_non_null(strstr(court_says(&court, 0, 0),
                           " | bring that repository here: `qgate collect` fetches one that has"));
}

static void without_an_estate_nothing_is_known(void **state)
{
    (void)state;
    court.evidence.sources.count = 0;
    is("deployments.total", "(nothing is known of deployments here)");
    court_judge(&court);
    court_is(&court, 0,
             "no data: no data | nothing is known of deployments here | look at what `qgate dora "
             "--explain` finds here");
}

/* --- incidents -------------------------------------------------------------------------------- */

static void incidents_are_picked_by_their_labels(void **state)
{
    (void)state;
    struct drawn d = {.mem = court.mem, .chain = estate.units.items[0].chain};
    is("incidents.total", "(nobody tells of incidents here)");
    is("incidents.oldest_open", "(nobody tells of incidents here)");
    incident(&d, "1", 24 * 20)->resolved_s = MONDAY + (24 * 20 + 3) * HOUR;
    incident(&d, "2", 24 * 21)->urgency = "low";
    incident(&d, "3", 24 * 21)->origin = "support";
    d.chain.hears = true;
    estate.units.items[0].chain = d.chain;
    estate.units.items[1].chain.hears = true;
    for (size_t i = 0; i < 2; i++)
        estate.units.items[i].chain.changes.count = 0;
    link_units();
    is("incidents.total", "3");
    is("incidents.total{urgency=\"high\"}", "2");
    is("incidents.open{urgency=\"high\", origin!=\"support\"}", "0");
    is("incidents.oldest_open{urgency=\"high\", origin!=\"support\"}", "(no incident is open)");
    is("incidents.open{priority=\"P1\"}", "2");
    is("incidents.recovery_time.mean{urgency=\"high\"}", "3 h");
    is("incidents.recovery_time.p50{origin=\"support\"}", "(no incident of this time is resolved)");
    is("incidents.detection_time.p50", "(no incident of this time has a known cause)");
    lists("incidents.open == 0", "urgency", "high, low");
    lists("incidents.open{origin=\"support\"} == 0", "urgency", "high");
    lists("incidents.open{urgency=\"low\"} == 0", "origin", "alert");
    lists("incidents.open == 0", "priority", "P1");
}

/* --- rules ------------------------------------------------------------------------------------ */

static void rules_judge_deliveries_as_anything_else(void **state)
{
    (void)state;
    court_judge(&court);
    court_is(&court, 0,
             "failed: 1.5/w | 1.5/w more: deploy smaller changes, each when it is ready");
    court_is(&court, 1,
             "failed: 50 % @ cart | 30 % less: look at what the failed deployments have in common");
    court_is(&court, 2, "passed: 0 % @ fee");
    court_is(&court, 3, "passed: 0.96 d");
    court_is(&court, 4, "passed: 1 h");
    court_is(&court, 5,
             "no data: no data | not collected yet | take the rule out until a version "
             "that can judge it");
}

static void numbers_are_read_in_days_and_weeks(void **state)
{
    (void)state;
    const struct {
        const char *measure;
        struct number number;
        const char *text;
    } all[] = {
        {"dora.lead_time.p50", number_of(172800), "2 d"},
        {"dora.lead_time.p50", number_of(129600), "1.5 d"},
        {"dora.lead_time.p50", number_of(5400), "1.5 h"},
        {"dora.lead_time.p50", number_of(90), "1.5 min"},
        {"dora.lead_time.p50", number_of(100), "100 s"}, /* 1.666667 min */
        {"dora.lead_time.p50", number_of(30), "30 s"},
        {"dora.deployment_frequency", number_ratio(3, 7), "3/w"},
        {"dora.deployment_frequency", number_of(2), "2/d"},
        {"dora.change_fail_rate", number_of(15), "15 %"},
        {"tests.duration", number_of(172800), "172800 s"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_string_equal(measure_text(catalogue_find(all[i].measure), all[i].number, court.mem),
                            all[i].text);
}

static void each_lists_what_is_there(void **state)
{
    (void)state;
    lists("deployments.total >= 1", "service", "cart, fee");
    lists("deployments.total >= 1", "team", "pay, shop");
    lists("deployments.total >= 1", "environment", "production");
    lists("deployments.total{environment=~\".*\"} >= 1", "environment", "production, staging");
    lists("deployments.total{team=\"pay\"} >= 1", "service", "fee");
    lists("deployments.total{team=\"pay\"} >= 1", "team", "pay");
    lists("deployments.total{service=\"x\"} >= 1", "team", "");
    lists("deployments.total >= 1", "window", "");
}

/* They can be had of any moment, so no baseline holds them. */
static void deliveries_are_no_saved_evidence(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    struct error err = {0};
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    court_report(&court, "unit", "junit", "<testsuite name='s'><testcase name='t'/></testsuite>");
    court_settle(&court);
    court.evidence.commit = "";
    assert_true(evidence_write(&court.evidence, out, &err));
    fclose(out);
    assert_non_null(strstr(text, "\"unit\""));
    assert_null(strstr(text, "delivery"));
    free(text);
}

static void windows_are_checked_when_they_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *window;
        bool known;
    } all[] = {
        {"7d", true},
        {"28d", true},
        {"90d", true},
        {"182d", true},
        {"2027-01-01..2027-01-01", true},
        {"2027-01-02..2027-01-01", false},
        {"2027-01-01.2027-01-02", false},
        {"2027-01-01...2027-01-2", false},
        {"2027-01-01--2027-01-02", false},
        {"2027-13-01..2027-01-01", false},
        {"2027-01-01..2027-02-30", false},
        {"60d", true},
        {"3660d", true},
        {"3661d", false},
        {"0d", false},
        {"d", false},
        {"-1d", false},
        {"1w", false},
        {"28", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (measure_window_known(all[i].window) != all[i].known)
            fail_msg("%s", all[i].window);
}

static void units_are_selected_by_name(void **state)
{
    (void)state;
    struct dora_choice choice;
    dora_select(&estate, NULL, NULL, NULL, court.mem, &choice);
    assert_int_equal(choice.parts.count, 2);
    assert_ptr_equal(choice.zone, &zone);
    dora_select(&estate, "fee", NULL, "staging", court.mem, &choice);
    assert_int_equal(choice.parts.count, 1);
    assert_null(choice.zone);
    assert_ptr_equal(choice.parts.items[0].chain, &estate.units.items[2].chain);
    dora_select(&estate, "fee", "shop", NULL, court.mem, &choice);
    assert_int_equal(choice.parts.count, 2);
    assert_int_equal(choice.parts.items[0].until_s, MONDAY + 13 * DAY);
    assert_int_equal(choice.parts.items[1].from_s, MONDAY + 13 * DAY);
    assert_ptr_equal(choice.zone, &zone);
    dora_select(&estate, NULL, "nobody", NULL, court.mem, &choice);
    assert_int_equal(choice.units, 0);
    assert_string_equal(dora_team_named(&estate, "pay")->name, "Payments");
    assert_null(dora_team_named(&estate, "nobody"));
}

int main(void)
{
#define COURT(test) cmocka_unit_test_setup_teardown(test, open_court, shut_court)
    const struct CMUnitTest tests[] = {
        COURT(services_of_production_are_one_whole),
        COURT(a_team_counts_what_it_owned_then),
        COURT(days_are_the_teams),
        COURT(windows_end_today),
        COURT(a_pattern_that_runs_into_its_limit_is_an_error),
        COURT(what_is_not_known_of_one_is_not_known_of_the_whole),
        COURT(without_an_estate_nothing_is_known),
        COURT(incidents_are_picked_by_their_labels),
        COURT(rules_judge_deliveries_as_anything_else),
        COURT(numbers_are_read_in_days_and_weeks),
        COURT(each_lists_what_is_there),
        COURT(deliveries_are_no_saved_evidence),
        COURT(windows_are_checked_when_they_are_written),
        COURT(units_are_selected_by_name),
    };
    return cmocka_run_group_tests_name("estate", tests, NULL, NULL);
}
