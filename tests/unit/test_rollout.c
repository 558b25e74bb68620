/* From what files said before and after each commit to deployments. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/delivery/rollout.h"
#include "tests/support/pool.h"

static struct sightings sightings;
static uint32_t commits;

/* `path service environment region version rest` of each, parted by `;`; the layout is the first
 * letter of the path. A region of `-` is none. */
static struct seens parse(const char *text)
{
    struct seens seens = {0};
    for (const char *one = text; *one != '\0'; one += strcspn(one, ";"), one += *one == ';') {
        char word[6][20];
        assert_int_equal(sscanf(one, "%19s %19s %19s %19s %19s %19[0-9]", word[0], word[1], word[2],
                                word[3], word[4], word[5]),
                         6);
        char *kept[5];
        for (size_t i = 0; i < 5; i++)
            kept[i] = arena_copy(mem, word[i], strlen(word[i]));
        *array_add(mem, &seens) = (struct seen){
            .layout = (uint32_t)word[0][0],
            .path = kept[0],
            .service = kept[1],
            .environment = kept[2],
            .region = strcmp(kept[3], "-") == 0 ? "" : kept[3],
            .version = kept[4],
            .rest = strtoull(word[5], NULL, 10),
        };
    }
    return seens;
}

/* A commit, an hour after the one before. */
static void commit(const char *before, const char *after)
{
    struct seens was = parse(before), is = parse(after);
    struct sighting of = {
        .commit = arena_printf(mem, "c%u", commits),
        .at_s = 3600 * (int64_t)commits,
        .order = commits,
        .author = "Ada <ada@example.org>",
        .bot = commits % 2 == 1,
    };
    sightings_compare(&was, &is, &of, mem, &sightings);
    commits++;
}

static void begin_again(void)
{
    sightings = (struct sightings){0};
    commits = 0;
}

/* `commit path service environment region before>version` of each, `same` where it is. */
static const char *seen(void)
{
    const char *all = "";
    for (size_t i = 0; i < sightings.count; i++) {
        const struct sighting *s = &sightings.items[i];
        all = arena_printf(mem, "%s%s%s %s %s %s %s>%s%s", all, i == 0 ? "" : "; ", s->commit,
                           s->path, s->service, s->region, s->before == NULL ? "" : s->before,
                           s->version == NULL ? "" : s->version, s->same ? " same" : "");
    }
    return all;
}

/* `service environment version commit first-last hours sources` of each, `config` where it is. */
static const char *joined(void)
{
    struct rollouts rollouts = {0};
    const char *all = "";
    rollouts_join(&sightings, mem, &rollouts);
    for (size_t i = 0; i < rollouts.count; i++) {
        const struct rollout *r = &rollouts.items[i];
        assert_int_equal(r->at_s, 3600 * (int64_t)r->order);
        assert_int_equal(r->bot, r->order % 2 == 1);
        assert_string_equal(r->author, "Ada <ada@example.org>");
        all = arena_printf(mem, "%s%s%s %s %s %s %d-%d", all, i == 0 ? "" : "; ", r->service,
                           r->environment, r->config ? "config" : r->version, r->commit,
                           (int)(r->first_s / 3600), (int)(r->at_s / 3600));
        for (size_t k = 0; k < r->sources.count; k++)
            all = arena_printf(mem, "%s %s@%s", all, r->sources.items[k].path,
                               r->sources.items[k].commit);
    }
    return all;
}

static void versions_configuration_and_redeploys(void **state)
{
    (void)state;
    begin_again();
    commit("", "a x prod - 1 7; b y prod - 1 7");
    commit("a x prod - 1 7", "a x prod - 2 7");
    commit("a x prod - 2 7", "a x prod - 2 8"); /* configuration of x alone */
    commit("a x prod - 2 8; b y prod - 1 7", "a x prod - 1 9; b y prod - 1 7");
    commit("a x prod - 1 9", "a x prod - 1 9");
    assert_string_equal(seen(), "c0 a x  >1; c0 b y  >1; c1 a x  1>2; c2 a x  2>2 same; "
                                "c3 a x  2>1");
    assert_string_equal(joined(), "x prod 1 c0 0-0 a@c0; y prod 1 c0 0-0 b@c0; x prod 2 c1 1-1 "
                                  "a@c1; x prod config c2 2-2 a@c2; x prod 1 c3 3-3 a@c3");
}

static void repositories_are_one_list_by_time(void **state)
{
    (void)state;
    begin_again();
    commit("", "a x prod eu 1 7; a y prod eu 1 7");
    commit("a x prod eu 1 7", "a x prod eu 2 7");
    commit("", "a z prod eu 1 7");
    struct sightings one = sightings;
    begin_again();
    commits = 1; /* of one moment with the second of the others */
    commit("", "b x prod af 2 7");
    commit("b x prod af 2 7", "b x prod af 3 7; b y prod af 1 7");
    struct sightings other = sightings, none = {0};
    sightings = (struct sightings){0};
    sightings_merge(&sightings, &one, mem);
    sightings_merge(&sightings, &other, mem);
    sightings_merge(&sightings, &none, mem);
    const char *orders = "";
    for (size_t i = 0; i < sightings.count; i++)
        orders =
            arena_printf(mem, "%s %s%u", orders, sightings.items[i].path, sightings.items[i].order);
    assert_string_equal(orders, " a0 a0 a1 b2 a3 b4 b4");
    assert_string_equal(seen(), "c0 a x eu >1; c0 a y eu >1; c1 a x eu 1>2; c1 b x af >2; "
                                "c2 a z eu >1; c2 b x af 2>3; c2 b y af >1");
}

static void a_file_that_moves_deploys_nothing(void **state)
{
    (void)state;
    begin_again();
    commit("", "a1 x prod - 1 7");
    commit("a1 x prod - 1 7", "a2 x prod - 1 7");
    assert_string_equal(seen(), "c0 a1 x  >1; c1 a1 x  1>; c1 a2 x  1>1");
    commit("a2 x prod - 1 7", "a2 x prod - 2 7"); /* where it moved to */
    commit("a2 x prod - 2 7", "a3 x prod - 2 8"); /* moved, and configured otherwise */
    commit("a3 x prod - 2 8", "b x prod - 2 1");  /* another layout */
    commit("b x prod - 2 1", "c x prod - 3 1");   /* moved with a new version */
    assert_string_equal(joined(), "x prod 1 c0 0-0 a1@c0; x prod 2 c2 2-2 a2@c2; "
                                  "x prod config c3 3-3 a3@c3; x prod 3 c5 5-5 c@c5");
}

static void a_file_that_is_copied_and_later_deleted_deploys_nothing(void **state)
{
    (void)state;
    begin_again();
    commit("", "a1 x prod - 1 7");
    commit("", "a2 x prod - 1 7");
    commit("a2 x prod - 1 7",
           "a2 x prod - 2 7"); /* the old one was forgotten: the new one counts */
    commit("a1 x prod - 1 7", "");
    commit("a2 x prod - 2 7", "a2 x prod - 3 7");
    assert_string_equal(joined(), "x prod 1 c0 0-0 a1@c0; x prod 2 c2 2-2 a2@c2; x prod 3 c4 4-4 "
                                  "a2@c4");
}

static void of_two_files_of_one_commit_the_earlier_layout_counts(void **state)
{
    (void)state;
    begin_again();
    commit("", "b x prod - 2 7; a2 x prod - 1 7; a1 x prod - 3 7");
    commit("a1 x prod - 3 7", "");
    assert_string_equal(joined(), "x prod 3 c0 0-0 a1@c0; x prod 1 c1 1-1 a2@c0");
}

static void a_service_that_was_gone_is_deployed_again(void **state)
{
    (void)state;
    begin_again();
    commit("", "a x prod - 1 7");
    commit("a x prod - 1 7", "");
    commit("", "a x prod - 1 7");
    assert_string_equal(joined(), "x prod 1 c0 0-0 a@c0; x prod 1 c2 2-2 a@c2");
}

static void regions_deploy_together(void **state)
{
    (void)state;
    begin_again();
    commit("", "a x prod eu 1 7; b x prod af 1 7; c x test - 1 7");
    commit("a x prod eu 1 7", "a x prod eu 2 7");
    commit("c x test - 1 7", "c x test - 2 7");
    commit("b x prod af 1 7", "b x prod af 2 7");
    assert_string_equal(joined(), "x prod 1 c0 0-0 b@c0 a@c0; x test 1 c0 0-0 c@c0; "
                                  "x test 2 c2 2-2 c@c2; x prod 2 c3 1-3 b@c3 a@c1");
}

static void a_version_that_only_some_regions_said_was_not_deployed(void **state)
{
    (void)state;
    begin_again();
    commit("", "a x prod eu 1 7; b x prod af 1 7");
    commit("a x prod eu 1 7", "a x prod eu 2 7");
    commit("a x prod eu 2 7", "a x prod eu 1 7"); /* taken back */
    commit("a x prod eu 1 7", "a x prod eu 2 7");
    commit("a x prod eu 2 7", "a x prod eu 3 7"); /* overtaken */
    commit("b x prod af 1 7", "b x prod af 3 7");
    assert_string_equal(joined(), "x prod 1 c0 0-0 b@c0 a@c0; x prod 3 c5 4-5 b@c5 a@c4");
}

static void regions_come_and_go(void **state)
{
    (void)state;
    begin_again();
    commit("", "a x prod eu 1 7");
    commit("", "b x prod af 1 7"); /* with what runs */
    commit("a x prod eu 1 7", "a x prod eu 2 7");
    commit("", "c x prod us 2 7");
    commit("b x prod af 1 7", "b x prod af 2 7");
    commit("a x prod eu 2 7", "a x prod eu 3 7");
    commit("c x prod us 2 7", "");
    commit("b x prod af 2 7", ""); /* nobody waits for it any longer */
    commit("", "b x prod af 2 7"); /* behind the others */
    commit("b x prod af 2 7", "b x prod af 3 7");
    assert_string_equal(joined(), "x prod 1 c0 0-0 a@c0; x prod 2 c4 2-4 b@c4 a@c2 c@c3; "
                                  "x prod 3 c7 5-7 a@c5");
}

static void configuration_of_several_regions_in_one_commit_is_one(void **state)
{
    (void)state;
    begin_again();
    commit("", "a x prod eu 1 7; b x prod af 1 7");
    commit("a x prod eu 1 7; b x prod af 1 7", "a x prod eu 1 8; b x prod af 1 8");
    commit("a x prod eu 1 8; b x prod af 1 8", "a x prod eu 2 8; b x prod af 1 9");
    commit("b x prod af 1 9", "b x prod af 2 10"); /* with a version it is the version */
    assert_string_equal(joined(), "x prod 1 c0 0-0 b@c0 a@c0; x prod config c1 1-1 b@c1 a@c1; "
                                  "x prod config c2 2-2 b@c2; x prod 2 c3 2-3 b@c3 a@c2");
}

/* As after a file that was kept by somebody else. */
static void what_was_never_there_can_go_away(void **state)
{
    (void)state;
    begin_again();
    commit("a x prod - 1 7; b y prod - 1 7", "b y prod - 2 7; c z prod - 1 7");
    commit("b y prod - 2 7; c z prod - 1 7", "c z prod - 1 7");
    assert_string_equal(joined(), "y prod 2 c0 0-0 b@c0; z prod 1 c0 0-0 c@c0");
}

static void nothing_runs_that_could_be_configured(void **state)
{
    (void)state;
    begin_again();
    commit("", "a x prod eu 1 7; b x prod af 2 7");
    commit("a x prod eu 1 7", "a x prod eu 1 8");
    assert_string_equal(joined(), "");
    begin_again();
    assert_string_equal(joined(), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pool, close_pool)
    const struct CMUnitTest tests[] = {
        TEST(versions_configuration_and_redeploys),
        TEST(repositories_are_one_list_by_time),
        TEST(a_file_that_moves_deploys_nothing),
        TEST(a_file_that_is_copied_and_later_deleted_deploys_nothing),
        TEST(of_two_files_of_one_commit_the_earlier_layout_counts),
        TEST(a_service_that_was_gone_is_deployed_again),
        TEST(regions_deploy_together),
        TEST(a_version_that_only_some_regions_said_was_not_deployed),
        TEST(regions_come_and_go),
        TEST(configuration_of_several_regions_in_one_commit_is_one),
        TEST(what_was_never_there_can_go_away),
        TEST(nothing_runs_that_could_be_configured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
