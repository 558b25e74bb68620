/* What a delivery configuration becomes, how it is known, what it includes and how much. Mistakes
 * are in fixtures/deliveries and test_delivery_mistakes.c.
 */
#include "tests/support/test.h"

#include "gates/base/day.h"

#include "tests/support/configured.h"

static int32_t day(const char *text)
{
    int32_t number = 0;
    assert_true(day_parse(text, &number));
    return number;
}

/* --- what it becomes ------------------------------------------------------------------------- */

static void what_is_not_said_has_defaults(void **state)
{
    (void)state;
    const struct delivery *delivery = right("services: {shop: {project: .}}\n");
    assert_string_equal(delivery->path, "conf/delivery.yml");
    assert_string_equal(delivery->zone, "UTC");
    assert_int_equal(delivery->since_day, DELIVERY_NO_BEGIN);
    assert_int_equal(delivery->people, PEOPLE_HASHED);
    assert_null(delivery->store_env);
    assert_null(delivery->gitlab_url);
    assert_int_equal(delivery->environments.count, 1);
    assert_string_equal(delivery->environments.items[0].name, "production");
    assert_int_equal(delivery->environments.items[0].tier, TIER_PRODUCTION);
    assert_int_equal(delivery->environments.items[0].regions.count, 0);
    const struct delivery_service *shop = delivery_service(delivery, "shop");
    assert_int_equal(shop->tier, 0);
    assert_int_equal(shop->incident_hours, 24);
    assert_int_equal(shop->since_day, DELIVERY_NO_BEGIN);
    assert_int_equal(shop->owners.count, 0);
    assert_int_equal(shop->versions.count, 3);
    assert_int_equal(shop->versions.items[0].how, VERSION_RECORDED);
    assert_int_equal(shop->versions.items[1].how, VERSION_TAG);
    assert_string_equal(shop->versions.items[1].text, "v{version}");
    assert_int_equal(shop->versions.items[2].how, VERSION_HEX);
}

static void what_is_said_is_kept(void **state)
{
    (void)state;
    const struct delivery *delivery = right(
        "store: {url_env: HISTORY}\ntimezone: Africa/Lagos\nsince: 2026-01-02\n"
        "people: none\nbots: [a*, b]\n"
        "sources: {gitlab: {url: 'https://g.example', token_env: T}}\n"
        "repositories: {c: {url: ../c, branch: main}}\n"
        "environments: {live: {tier: other, regions: [eu, us]}, t: {tier: testing}}\n"
        "changes: {unplanned: {labels: [fix], branches: [hot/*]}, ignore: [x]}\n"
        "defaults: {incident_hours: 3, version: [{hex: true}]}\n"
        "services:\n"
        "  a: {project: g/a, since: 2025-01-01, paths: [s/**], tier: 2}\n"
        "  b: {project: g/b, since: 2026-03-01, incident_hours: 5, version: [{map: v.yml}]}\n");
    assert_string_equal(delivery->store_env, "HISTORY");
    assert_string_equal(delivery->zone, "Africa/Lagos");
    assert_int_equal(delivery->people, PEOPLE_NONE);
    assert_int_equal(delivery->bots.count, 2);
    assert_string_equal(delivery->gitlab_token_env, "T");
    assert_string_equal(delivery_repository(delivery, "c")->branch, "main");
    assert_null(delivery_repository(delivery, "c")->token_env);
    assert_int_equal(delivery_environment(delivery, "live")->tier, TIER_OTHER);
    assert_string_equal(delivery_environment(delivery, "live")->regions.items[1], "us");
    assert_null(delivery_environment(delivery, "production"));
    assert_string_equal(delivery->unplanned_labels.items[0], "fix");
    assert_string_equal(delivery->unplanned_branches.items[0], "hot/*");
    assert_string_equal(delivery->ignore.items[0], "x");
    const struct delivery_service *a = delivery_service(delivery, "a");
    const struct delivery_service *b = delivery_service(delivery, "b");
    assert_int_equal(a->since_day, day("2026-01-02")); /* nothing older is collected */
    assert_int_equal(b->since_day, day("2026-03-01"));
    assert_int_equal(a->incident_hours, 3);
    assert_int_equal(b->incident_hours, 5);
    assert_int_equal(a->tier, 2);
    assert_string_equal(a->paths.items[0], "s/**");
    assert_int_equal(a->versions.count, 1);
    assert_int_equal(a->versions.items[0].how, VERSION_HEX);
    assert_string_equal(b->versions.items[0].text, "v.yml");
    assert_null(delivery_service(delivery, "c"));
}

static void layouts_of_files_and_of_tags(void **state)
{
    (void)state;
    const struct delivery *delivery = right(
        "repositories: {c: {url: ../c}}\nservices: {a: {project: .}}\n"
        "environments: {t: {tier: testing}, live: {tier: production}}\n"
        "deployments:\n"
        "  - {repository: c, file: '{service}/{environment}', select: a.b, kind: K, name: n}\n"
        "  - {tags: '{service}/v*'}\n"
        "  - {tags: v*, environment: t, service: a}\n");
    const struct delivery_layout *layouts = delivery->layouts.items;
    assert_string_equal(layouts[0].select, "a.b");
    assert_null(layouts[0].tags);
    assert_null(layouts[0].environment);
    assert_string_equal(layouts[1].environment, "live");
    assert_null(layouts[1].repository);
    assert_string_equal(layouts[2].environment, "t");
    assert_string_equal(layouts[2].service, "a");
}

/* "a..2026-01-31 b 2026-02-01.." */
static const char *owners_of(const struct delivery *delivery, const char *service)
{
    const struct delivery_owners *owners = &delivery_service(delivery, service)->owners;
    const char *all = "";
    char from[48] = "", until[48] = "";
    for (size_t i = 0; i < owners->count; i++) {
        const struct delivery_owner *owner = &owners->items[i];
        bool begins = owner->from_day != DELIVERY_NO_BEGIN,
             ends = owner->until_day != DELIVERY_NO_END;
        all = arena_printf(mem, "%s%s%s %s..%s", all, i == 0 ? "" : ", ", owner->team,
                           begins ? day_text(from, owner->from_day) : "",
                           ends ? day_text(until, owner->until_day) : "");
    }
    return all;
}

static void owners_follow_each_other(void **state)
{
    (void)state;
    const struct delivery *delivery =
        right(GITLAB "teams:\n"
                     "  a: {name: A, owns: ['g/**', {projects: old/*, until: 2026-01-31}, g/x]}\n"
                     "  b: {owns: [{projects: 'old/**', from: 2026-02-01}], timezone: Asia/Tokyo}\n"
                     "services:\n"
                     "  x: {project: g/x}\n"
                     "  y: {project: g/y, team: [{name: b, until: 2026-01-31}, {name: a}]}\n"
                     "  z: {project: g/z, team: [{name: b}, {name: a, from: 2026-02-01}]}\n"
                     "  t: {project: g/t, team: b}\n"
                     "  o: {project: old/o}\n"
                     "  n: {project: new/n}\n");
    assert_string_equal(owners_of(delivery, "x"), "a ..");
    assert_string_equal(owners_of(delivery, "y"), "b ..2026-01-31, a 2026-02-01..");
    assert_string_equal(owners_of(delivery, "z"), "b ..2026-01-31, a 2026-02-01..");
    assert_string_equal(owners_of(delivery, "t"), "b ..");
    assert_string_equal(owners_of(delivery, "o"), "a ..2026-01-31, b 2026-02-01..");
    assert_string_equal(owners_of(delivery, "n"), "");
    const struct delivery_team *a = delivery_team(delivery, "a"), *b = delivery_team(delivery, "b");
    assert_string_equal(a->name, "A");
    assert_string_equal(b->name, "b");
    assert_string_equal(delivery_zone(delivery, a), "UTC");
    assert_string_equal(delivery_zone(delivery, b), "Asia/Tokyo");
}

static void days_of_one_team_are_joined(void **state)
{
    (void)state;
    const struct delivery *delivery =
        right(GITLAB "teams:\n"
                     "  a: {owns: [{projects: g/*, from: 2026-01-01, until: 2026-01-31},"
                     " {projects: g/x, from: 2026-01-15, until: 2026-02-15}]}\n"
                     "services: {x: {project: g/x}, y: {project: g/y}}\n");
    assert_string_equal(owners_of(delivery, "x"), "a 2026-01-01..2026-02-15");
    assert_string_equal(owners_of(delivery, "y"), "a 2026-01-01..2026-01-31");
    says(GITLAB "teams:\n"
                "  a: {owns: [{projects: g/*, until: 2026-01-31}]}\n"
                "  b: {owns: [{projects: g/*, from: 2026-01-31}]}\n"
                "services: {x: {project: g/x}}\n",
         "'a' and 'b' both own g/x: name the team of this service in `team`");
}

static void targets_are_rules(void **state)
{
    (void)state;
    const struct delivery *delivery =
        right("teams: {a: {targets: [dora.lead_time.p50 <= 2d, {rule: dora.change_fail_rate <= 10%,"
              " enforce_from: 2027-07-01, each: service}]}}\n");
    const struct rules *targets = &delivery_team(delivery, "a")->targets;
    assert_int_equal(targets->count, 2);
    assert_string_equal(targets->items[0]->selector.id, "dora.lead_time.p50");
    assert_int_equal(targets->items[0]->threshold.above, INT64_C(2) * 24 * 60 * 60);
    assert_int_equal(targets->items[0]->compare, COMPARE_AT_MOST);
    assert_int_equal(targets->items[1]->enforce_from, day("2027-07-01"));
    assert_string_equal(targets->items[1]->each, "service");
}

static void a_project_has_a_repository(void **state)
{
    (void)state;
    struct delivery_repository found;
    const struct delivery *delivery =
        right("sources: {gitlab: {url: 'https://g.example/', token_env: T}}\n"
              "repositories: {g/own: {url: ../own}}\n");
    assert_true(delivery_project(delivery, "g/own", mem, &found));
    assert_string_equal(found.url, "../own");
    assert_null(found.token_env);
    assert_true(delivery_project(delivery, "g/other", mem, &found));
    assert_string_equal(found.url, "https://g.example/g/other.git");
    assert_string_equal(found.token_env, "T");
    assert_string_equal(found.name, "g/other");
    assert_false(delivery_project(delivery, ".", mem, &found));
    assert_false(delivery_project(right("people: none\n"), "g/a", mem, &found));
}

static void without_a_configuration(void **state)
{
    (void)state;
    struct delivery delivery;
    delivery_default(&delivery, "shop", mem);
    assert_null(delivery.path);
    assert_string_equal(delivery.zone, "UTC");
    assert_string_equal(delivery_service(&delivery, "shop")->project, ".");
    assert_int_equal(delivery_service(&delivery, "shop")->versions.count, 3);
    assert_int_equal(delivery_environment(&delivery, "production")->tier, TIER_PRODUCTION);
    assert_string_equal(delivery.layouts.items[0].tags, "v*");
    assert_string_equal(delivery.layouts.items[0].environment, "production");
    assert_null(delivery_team(&delivery, "shop"));
    assert_string_equal(delivery_zone(&delivery, NULL), "UTC");
}

static void tiers_have_the_names_of_the_keys(void **state)
{
    (void)state;
    const char *all = "";
    for (enum tier tier = TIER_PRODUCTION; tier <= TIER_OTHER; tier++)
        all = arena_printf(mem, "%s%s%s", all, *all == '\0' ? "" : " ", tier_name(tier));
    assert_string_equal(all, DELIVERY_TIERS);
}

/* --- how it is known ------------------------------------------------------------------------- */

static bool is_delivery(const char *text)
{
    struct problems unsaid;
    problems_init(&unsaid, mem);
    return delivery_is(tree_read("f", text, strlen(text), mem, &unsaid));
}

static void a_configuration_is_known_by_its_keys(void **state)
{
    (void)state;
    assert_true(is_delivery("version: 1\nservices: {}\n"));
    assert_true(is_delivery("version: 1\nteams: {}\nservices: {}\ngates: []\n"));
    assert_false(is_delivery("version: 1\nservices: {}\ngates: []\n"));
    assert_false(is_delivery("version: 1\n"));
    assert_false(is_delivery("version: 1\n[a]: b\n"));
    assert_false(is_delivery("[services]\n"));
    assert_false(is_delivery("services: {\n"));
}

/* --- what is included ------------------------------------------------------------------------ */

static void included_files_are_read_once(void **state)
{
    (void)state;
    const struct delivery *delivery = right("include: [one, one, none, sub/two]\n");
    assert_int_equal(delivery->files.count, 3);
    assert_string_equal(delivery->files.items[0], "conf/delivery.yml");
    assert_string_equal(delivery->files.items[1], "conf/one0");
    assert_string_equal(delivery->files.items[2], "conf/sub/two0");
}

static void what_cannot_be_included(void **state)
{
    (void)state;
    const char *said = NULL, *globs = "include: [one";
    for (int i = 0; i < 100; i++)
        globs = arena_printf(mem, "%s, one", globs);
    says(arena_printf(mem, "%s]\n", globs), "too many globs: at most 100 are allowed");
    says("include: lost\n", "conf/delivery.yml:2: no answer");
    says("include: [one, gone]\n", "conf/delivery.yml:2: no answer");
    says("include: vanished\n", "'conf/vanished0' is not there");
    says("include: [many, one]\n", "too many included files: at most 1000 are allowed");
    says("include: large\n", "too much is included: at most 8 MiB are allowed");
    says(arena_printf(mem, "include: [%01025d, one]\n", 0),
         "this glob is too long: at most 1024 bytes are allowed");
    says("include: [.., a/../..]\n",
         "'..' leaves the folder of the configuration | 'a/../..' leaves the folder of the "
         "configuration");
    says("include: {a: b}\n", "`include` is a text or a list of texts");
    says("include:\n", "`include` has no value: it is a text or a list of texts");
    loaded_from("d.yml", NULL, "version: 1\ninclude: a\n", &said);
    assert_string_equal(said, "nothing can be included from here");
    const struct policy_files listed = {.open = open_file, .list = list_files};
    loaded_from("a[b]/d.yml", &listed, "version: 1\ninclude: a\n", &said);
    assert_string_equal(said, "nothing can be included from a folder whose name reads as a glob: "
                              "rename 'a[b]/'");
    const struct policy_files named = {.open = open_file};
    loaded_from("d.yml", &named, "version: 1\ninclude: a\n", &said);
    assert_string_equal(said, "nothing can be included from here");
}

/* --- ceilings -------------------------------------------------------------------------------- */

/* 4,000 services in every file, whose names hold that of the file. */
static bool open_services(void *handle, const char *name, const char **text, size_t *len,
                          struct error *err)
{
    (void)handle, (void)err;
    const char *services = many("version: 1\nservices:\n", 4000, "{project: .}");
    char *named = arena_copy(mem, services, strlen(services));
    for (char *at = strstr(named, "  n"); at != NULL; at = strstr(at, "  n"))
        at[2] = name[0];
    *text = named;
    *len = strlen(named);
    return true;
}

static void there_are_ceilings(void **state)
{
    (void)state;
    says(many("teams:\n", 2001, "{}"), "too many teams: at most 2000 are allowed");
    right(many("teams:\n", 2000, "{}"));
}

static void hostile_globs_are_given_up(void **state)
{
    (void)state;
    const char *said = NULL;
    char stars[4097] = "", path[4097] = "";
    for (size_t i = 0; i + 1 < sizeof stars; i += 2)
        memcpy(stars + i, "*a", 3);
    memset(path, 'a', sizeof path - 1);
    const char *teams = many("teams:\n", 40, arena_printf(mem, "{owns: '%sb'}", stars));
    const char *services =
        many(GITLAB "services:\n", 100, arena_printf(mem, "{project: '%s'}", path));
    loaded(arena_printf(mem, "%s%s", teams, services), &said);
    assert_string_equal(said,
                        "matching the globs of `owns` takes too long: write their groups out");
}

static void no_more_services_than_can_be(void **state)
{
    (void)state;
    const char *said = NULL;
    struct problems found;
    struct error err = {0};
    struct delivery delivery;
    const struct policy_files files = {.open = open_services, .list = list_files};
    const char *text = "version: 1\ninclude: [a, b, c]\n";
    problems_init(&found, mem);
    assert_true(delivery_load("d.yml", text, strlen(text), &files, mem, &delivery, &found, &err));
    said = all_of(&found);
    assert_string_equal(said, "too many services: at most 10000 are allowed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_said_has_defaults),
        cmocka_unit_test(what_is_said_is_kept),
        cmocka_unit_test(layouts_of_files_and_of_tags),
        cmocka_unit_test(owners_follow_each_other),
        cmocka_unit_test(days_of_one_team_are_joined),
        cmocka_unit_test(targets_are_rules),
        cmocka_unit_test(a_project_has_a_repository),
        cmocka_unit_test(without_a_configuration),
        cmocka_unit_test(tiers_have_the_names_of_the_keys),
        cmocka_unit_test(a_configuration_is_known_by_its_keys),
        cmocka_unit_test(included_files_are_read_once),
        cmocka_unit_test(what_cannot_be_included),
        cmocka_unit_test(there_are_ceilings),
        cmocka_unit_test(no_more_services_than_can_be),
        cmocka_unit_test(hostile_globs_are_given_up),
    };
    return cmocka_run_group_tests_name("delivery", tests, open_pool, close_pool);
}
