/* What gates measure of themselves: runs of pipelines, each once however many services its project
 * has, in a window and as long as a team owns the service.
 */
#include <stdlib.h>

#include "tests/support/estate.h"

enum { MINUTE_MS = 60000 };

static struct dora_runs core, cart;

static struct dora_run *add(struct dora_runs *runs, int64_t at_s, int minutes, const char *stage,
                            const char *gate, bool passed)
{
    struct dora_run *run = array_add(court.mem, runs);
    *run = (struct dora_run){estate.run_count++,
                             at_s * 1000 - (int64_t)minutes * MINUTE_MS,
                             at_s * 1000,
                             stage,
                             gate,
                             passed};
    return run;
}

static struct dora_unit *add_unit(const char *service, const char *environment,
                                  const struct dora_runs *runs)
{
    struct dora_unit *unit = array_add(court.mem, &estate.units);
    *unit = (struct dora_unit){.service = service,
                               .project = service,
                               .environment = environment,
                               .production = strcmp(environment, "production") == 0,
                               .chain = {.known_s = NOW, .runs = runs}};
    return unit;
}

/* core: ledger, which pay gave to shop on the 15th day, and fees, always pay's; cart: shop's, never
 * judged. */
static int open_court(void **state)
{
    (void)state;
    court_open(&court, "version: 1\ngates: [{name: g, require: [gates.runs >= 1]}]\n");
    estate = (struct dora_estate){.now_s = NOW};
    core = cart = (struct dora_runs){0};
    add(&core, MONDAY + 1, 10, "build", NULL, true);
    add(&core, MONDAY + DAY, 20, "build", NULL, false);
    add(&core, MONDAY + 20 * DAY, 40, "deploy", NULL, true);
    add(&core, MONDAY + DAY, 20, "build", "unit test", true);
    add(&core, MONDAY + DAY, 20, "build", "scan", false);
    add(&core, MONDAY - DAY, 90, "build", NULL, false); /* before the window */
    add(&core, NOW + DAY, 90, "build", NULL, false);    /* not known yet */
    struct dora_unit *ledger = add_unit("ledger", "production", &core);
    own(ledger, "pay", INT64_MIN, MONDAY + 15 * DAY);
    own(ledger, "shop", MONDAY + 15 * DAY, INT64_MAX);
    own(add_unit("fees", "production", &core), "pay", INT64_MIN, INT64_MAX);
    own(add_unit("cart", "production", &cart), "shop", INT64_MIN, INT64_MAX);
    own(add_unit("lone", "staging", NULL), "none", INT64_MIN, INT64_MAX);
    judge_estate();
    return 0;
}

static void a_run_of_many_services_is_one(void **state)
{
    (void)state;
    is("gates.runs", "3");
    is("gates.runs{service=\"ledger\"}", "3");
    is("gates.runs{service=\"cart\"}", "0");
    is("gates.runs{environment=\"staging\"}", "0");
    is("gates.runs{service=\"none\"}", "(there is no such service in such an environment)");
    is("gates.pass_rate", "66.7 %");
    is("gates.duration.p50", "20 min");
}

static void teams_and_windows_narrow_them_down(void **state)
{
    (void)state;
    is("gates.runs{team=\"pay\"}", "3");  /* of fees */
    is("gates.runs{team=\"shop\"}", "1"); /* of ledger, since it is theirs */
    is("gates.runs{team=\"pay\", service=\"ledger\"}", "2");
    is("gates.runs{window=\"7d\"}", "0");
    is("gates.runs{window=\"90d\"}", "4");
    is("gates.pass_rate{window=\"7d\"}", "(nothing was judged in this time)");
    is("gates.duration.p50{service=\"cart\"}", "(nothing was judged in this time)");
}

static void stages_and_gates_are_picked(void **state)
{
    (void)state;
    is("gates.runs{stage=\"build\"}", "2");
    is("gates.pass_rate{stage=\"build\"}", "50 %");
    is("gates.duration.p50{stage=\"build\"}", "15 min");
    is("gates.runs{gate=\"scan\"}", "1");
    is("gates.pass_rate{gate=\"scan\"}", "0 %");
    is("gates.pass_rate{gate=~\".*\"}", "50 %");
    is("gates.runs{gate=\"scan\", stage=\"deploy\"}", "0");
    is("gates.runs{gate!=\"scan\"}", "1");
}

static void lists(const char *rule, const char *label, const char *wanted)
{
    assert_string_equal(court_values(&court, rule, label), wanted);
}

static void each_of_them_is_listed(void **state)
{
    (void)state;
    lists("gates.pass_rate >= 90%", "gate", "scan, unit test");
    lists("gates.pass_rate >= 90%", "stage", "build, deploy");
    lists("gates.pass_rate{gate!=\"scan\"} >= 90%", "gate", "unit test");
    lists("gates.pass_rate{stage=\"deploy\"} >= 90%", "gate", "");
    lists("gates.pass_rate{service=\"cart\"} >= 90%", "stage", "");
    lists("gates.pass_rate >= 90%", "service", "cart, fees, ledger");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_of_many_services_is_one, open_court, shut_court),
        cmocka_unit_test_setup_teardown(teams_and_windows_narrow_them_down, open_court, shut_court),
        cmocka_unit_test_setup_teardown(stages_and_gates_are_picked, open_court, shut_court),
        cmocka_unit_test_setup_teardown(each_of_them_is_listed, open_court, shut_court),
    };
    return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
