/* What a file of a GitOps repository says, by its path and its text. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/support/layouts.h"

/* What else than the version is said of the first. */
static uint64_t rest(const char *path, const char *text)
{
    struct seens seens = {0};
    struct problems found;
    problems_init(&found, mem);
    assert_true(layouts_read(&layouts, path, text, strlen(text), mem, &seens, &found));
    assert_true(seens.count > 0);
    return seens.items[0].rest;
}

/* --- paths ------------------------------------------------------------------------------------ */

static void paths_capture(void **state)
{
    (void)state;
    static const struct {
        const char *file, *path, *says;
    } cases[] = {
        {"apps/{service}/{environment}.yaml", "apps/ledger/production.yaml",
         "ledger production - 1"},
        {"apps/{service}/{environment}.yaml", "apps/other/staging.yaml", "other staging - 1"},
        {"apps/{service}/{environment}.yaml", "apps/ledger/live.yaml", ""},
        {"apps/{service}/{environment}.yaml", "apps/a/b/staging.yaml", ""},
        {"apps/{service}/{environment}.yaml", "apps//staging.yaml", ""},
        {"apps/{service}/{environment}.yaml", "x/apps/ledger/staging.yaml", ""},
        {"apps/{service}/{environment}.yaml", "apps/ledger/staging.yaml.bak", ""},
        {"{service}/{environment}-{region}.yaml", "ledger/production-eu.yaml",
         "ledger production eu 1"},
        /* the region that is longer, of an environment that is longer */
        {"{service}/{environment}-{region}.yaml", "ledger/production-eu-west.yaml",
         "ledger production eu-west 1"},
        {"{service}/{environment}-{region}.yaml", "ledger/production-us.yaml", ""},
        /* staging lists no regions: any that another one lists */
        {"{service}/{environment}-{region}.yaml", "ledger/staging-eu.yaml", "ledger staging eu 1"},
        {"{service}/{environment}-{region}.yaml", "ledger/staging-us.yaml", ""},
        {"{service}-{environment}.yaml", "card-auth-production.yaml", "card-auth production - 1"},
        /* pre-production is longer than production, and neither reading is of a listed service */
        {"{service}-{environment}.yaml", "x-pre-production.yaml", "x pre-production - 1"},
        /* a listed service comes first: b-eu in staging, not b in region eu */
        {"{service}-{environment}.yaml", "b-eu-staging.yaml", "b-eu staging - 1"},
        {"{environment}{region}{service}.yaml", "stagingeu-westledger.yaml",
         "ledger staging eu-west 1"},
        {"{environment}{region}-{service}.yaml", "stagingeu-b-eu.yaml", "b-eu staging eu 1"},
        {"{service}/{service}-{environment}.yaml", "card-auth/card-auth-staging.yaml",
         "card-auth staging - 1"},
        {"{service}/{service}-{environment}.yaml", "ledger/card-auth-staging.yaml", ""},
        {"{service}-{service}/{environment}.yaml", "a-b-a-b/staging.yaml", "a-b staging - 1"},
        {"**/{service}/{environment}.yaml", "a/b/c/staging.yaml", "c staging - 1"},
        {"**/{service}/{environment}.yaml", "c/staging.yaml", "c staging - 1"},
        {"**/{service}/**/{service}-{environment}.yaml", "x/c/y/z/c-staging.yaml", "c staging - 1"},
        {"*/{service}/{environment}.yaml", "a/c/staging.yaml", "c staging - 1"},
        {"*/{service}/{environment}.yaml", "a/b/c/staging.yaml", ""},
        {"a/**{service}/{environment}.yaml", "a/x/yc/staging.yaml", "c staging - 1"},
        {"{service}/{environment}/*.yaml", "c/staging/v.yaml", "c staging - 1"},
        {"a**/{service}/{environment}.yaml", "a/b/c/staging.yaml", "c staging - 1"},
        {"a**/{service}/{environment}.yaml", "abc/c/staging.yaml", "c staging - 1"},
        {"{service}/{environment}-{region}.yaml", "c/spare-north.yaml", "c spare north 1"},
        {"{service}/{environment}-{region}.yaml", "c/spare-eu-west.yaml", ""},
        {"{service}/{environment}/*", "c/staging/", "c staging - 1"},
        {"{service}/{environment}/**", "c/staging/a/b", "c staging - 1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        configure(
            arena_printf(mem, "  - {repository: ops, file: \"%s\", select: tag}\n", cases[i].file));
        assert_string_equal(said(cases[i].path, "tag: 1\n"), cases[i].says);
    }
}

static void folders_are_entered_where_a_file_may_lie(void **state)
{
    (void)state;
    configure(
        "  - {repository: ops, file: \"apps/eu/{service}/{environment}.yaml\", select: tag}\n"
        "  - {repository: ops, file: \"live/{environment}.yaml\", select: \"{service}.tag\"}\n");
    assert_true(layouts_reach(&layouts, ""));
    assert_true(layouts_reach(&layouts, "apps/"));
    assert_true(layouts_reach(&layouts, "apps/eu/"));
    assert_true(layouts_reach(&layouts, "apps/eu/ledger/"));
    assert_true(layouts_reach(&layouts, "live/"));
    assert_false(layouts_reach(&layouts, "apps/us/"));
    assert_false(layouts_reach(&layouts, "docs/"));
    assert_false(layouts_reach(&layouts, "app/"));
    assert_false(layouts_match(&layouts, "apps/eu/README.md", mem));
    assert_true(layouts_match(&layouts, "live/staging.yaml", mem));
}

static void what_nobody_listed_is_overlooked(void **state)
{
    (void)state;
    configure(
        "  - {repository: ops, file: \"{service}/{environment}-{region}.yaml\", select: tag}\n"
        "  - {repository: ops, file: \"x/**{service}{environment}\", select: tag}\n");
    assert_true(layouts_overlook(&layouts, "ledger/live-eu.yaml", mem));
    assert_true(layouts_overlook(&layouts, "ledger/production-us.yaml", mem));
    assert_true(layouts_overlook(&layouts, "x/y/z", mem));
    assert_false(layouts_overlook(&layouts, "ledger/production-eu.yaml", mem));
    assert_false(layouts_overlook(&layouts, "ledger/README.md", mem));
    assert_false(layouts_overlook(&layouts, "a/ledger/live-eu.yaml", mem));
    assert_false(layouts_overlook(&layouts, "x/y/zstaging", mem));
}

static void only_the_repository_that_is_asked_for_counts(void **state)
{
    (void)state;
    struct error err = {0};
    char digest[DIGEST_HEX];
    configure("  - {tags: \"v*\"}\n"
              "  - {repository: other, file: \"{service}/{environment}\", select: tag}\n"
              "  - {repository: ops, file: \"{service}/{environment}.yaml\", select: tag}\n");
    assert_int_equal(layouts.items.count, 1);
    memcpy(digest, layouts.digest, sizeof digest);
    assert_true(layouts_of(&delivery, "another", mem, &layouts, &err));
    assert_int_equal(layouts.items.count, 0);
    assert_false(layouts_match(&layouts, "ledger/staging.yaml", mem));
    assert_true(layouts_of(&delivery, "ops", mem, &layouts, &err));
    assert_string_equal(layouts.digest, digest);
    configure("  - {repository: ops, file: \"{service}/{environment}.yaml\", select: tags}\n");
    assert_string_not_equal(layouts.digest, digest);
}

/* --- documents -------------------------------------------------------------------------------- */

static const char applications[] =
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: ledger-production}\n"
    "spec: {source: {targetRevision: v1.2.0}}\n---\nkind: Application\n"
    "metadata: {name: card-auth-staging}\nspec: {source: {targetRevision: 7.1.0}}\n---\n"
    "kind: AppProject\nmetadata: {name: x-staging}\nspec: {source: {targetRevision: no}}\n---\n"
    "kind: [Application]\n---\n- kind: Application\n---\nkind: Application\nmetadata: x\n"
    "---\nkind: Application\nmetadata: {name: [x]}\n";

static void documents_are_told_apart(void **state)
{
    (void)state;
    configure("  - {repository: ops, file: \"{region}/apps.yaml\", kind: Application, "
              "name: \"{service}-{environment}\", select: spec.source.targetRevision}\n");
    assert_string_equal(said("eu/apps.yaml", applications),
                        "ledger production eu v1.2.0; card-auth staging eu 7.1.0");
    configure("  - {repository: ops, file: apps.yaml, service: ledger, environment: production, "
              "name: ledger-*, select: spec.source.targetRevision}\n");
    assert_string_equal(said("apps.yaml", applications), "ledger production - v1.2.0");
    configure("  - {repository: ops, file: apps.yaml, service: ledger, environment: production, "
              "kind: AppProject, select: spec.source.targetRevision}\n");
    assert_string_equal(said("apps.yaml", applications), "ledger production - no");
    configure("  - {repository: ops, file: apps.yaml, environment: production, kind: Application, "
              "name: ledger-production, select: \"spec.{service}.targetRevision\"}\n");
    assert_string_equal(said("apps.yaml", applications), "source production - v1.2.0");
}

static void what_is_captured_twice_must_agree(void **state)
{
    (void)state;
    configure("  - {repository: ops, file: \"{service}/{environment}.yaml\", "
              "select: \"images[name=*/{service}].newTag\"}\n");
    static const char images[] = "images: [{name: r/ledger, newTag: 1}, {name: r/x, newTag: 2}]\n";
    assert_string_equal(said("ledger/staging.yaml", images), "ledger staging - 1");
    assert_string_equal(said("x/staging.yaml", images), "x staging - 2");
    assert_string_equal(said("y/staging.yaml", images), "");
    configure("  - {repository: ops, file: \"{environment}/{service}.yaml\", "
              "select: \"{environment}.{region}.tag\"}\n");
    assert_string_equal(said("production/ledger.yaml",
                             "production: {eu: {tag: 1}, us: {tag: 2}}\nstaging: {eu: {tag: 3}}\n"),
                        "ledger production eu 1");
    /* a region that was captured first must be one of the environment */
    configure(
        "  - {repository: ops, file: \"{region}/{service}.yaml\", select: \"{environment}\"}\n");
    assert_string_equal(said("eu/ledger.yaml", "production: 1\nother: 2\n"),
                        "ledger production eu 1");
    assert_string_equal(said("north/ledger.yaml", "production: 1\nspare: 2\n"),
                        "ledger spare north 2");
    assert_string_equal(said("us/ledger.yaml", "production: 1\n"), "");
}

static void of_several_layouts_the_first_counts(void **state)
{
    (void)state;
    configure("  - {repository: ops, file: \"{service}/{environment}.yaml\", select: image.tag}\n"
              "  - {repository: ops, file: \"{service}/{environment}.yaml\", select: \"[0].no\"}\n"
              "  - {repository: ops, file: \"{service}/staging.yaml\", environment: staging, "
              "select: tag}\n"
              "  - {repository: ops, file: \"x/staging.yaml\", environment: staging, "
              "select: \"{service}.tag\"}\n");
    assert_string_equal(said("x/staging.yaml", "image: {tag: 1}\ntag: 2\n"),
                        "x staging - 1; image staging - 1");
    assert_string_equal(said("x/staging.yaml", "tag: 2\n"), "x staging - 2");
}

static void what_cannot_be_read_says_why(void **state)
{
    (void)state;
    configure("  - {repository: ops, file: \"{service}/{environment}.yaml\", select: tag}\n");
    assert_string_equal(said("x/staging.yaml", "tag: [1\n"),
                        "this bracket is opened and never closed");
}

/* --- configuration apart from versions -------------------------------------------------------- */

static void what_else_is_said_belongs_to_whom_it_is_said_of(void **state)
{
    (void)state;
    configure(
        "  - {repository: ops, file: \"{environment}.yaml\", select: \"{service}.image.tag\"}\n");
    uint64_t one = rest("staging.yaml", "a: {image: {tag: 1, pull: x}, n: 1}\n");
    assert_true(one == rest("staging.yaml", "a: {image: {tag: 2, pull: x}, n: 1}\nz: 5\n"));
    assert_true(one ==
                rest("staging.yaml", "a:\n  n: 1 # why\n  image:\n    pull: x\n    tag: 3\n"));
    assert_false(one == rest("staging.yaml", "a: {image: {tag: 1, pull: y}, n: 1}\n"));
    assert_false(one == rest("staging.yaml", "a: {image: {tag: 1, pull: x}, n: \"1\"}\n"));
    assert_false(one == rest("staging.yaml", "a: {image: {tag: 1, pull: x}, n: [1]}\n"));

    configure("  - {repository: ops, file: \"{service}/{environment}.yaml\", select: tag}\n");
    one = rest("a/staging.yaml", "tag: 1\nn: [1, 2]\n---\nx: 1\n");
    assert_true(one == rest("a/staging.yaml", "tag: 2\nn: [1, 2]\n---\nx: 1\n"));
    assert_false(one == rest("a/staging.yaml", "tag: 1\nn: [2, 1]\n---\nx: 1\n"));
    assert_false(one == rest("a/staging.yaml", "tag: 1\nn: [1, 2]\n---\nx: 2\n"));

    configure("  - {repository: ops, file: all.yaml, name: \"{service}-{environment}\", "
              "select: tag}\n");
    static const char first[] = "metadata: {name: a-staging}\ntag: 1\nn: 1\n";
    one = rest("all.yaml", first);
    assert_true(one == rest("all.yaml", arena_printf(mem, "%s---\nx: 1\n", first)));
}

/* --- hostile ---------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void nothing_takes_long(void **state)
{
    (void)state;
    int64_t begin = now_ms();
    configure("  - {repository: ops, file: \"**/*{service}*/**/*{service}/{environment}.yaml\", "
              "select: \"**{service}*{service}*.tag\"}\n");
    char path[4100];
    for (size_t i = 0; i < sizeof path - 1; i++)
        path[i] = i % 3 == 0 ? '/' : 'a';
    path[sizeof path - 1] = '\0';
    assert_string_equal(said(path, "tag: 1\n"), "");
    /* a name that is looked at from every side */
    configure("  - {repository: ops, file: \"{environment}.yaml\", "
              "select: \"*a*a*a*a*a*a*{service}b\"}\n");
    char *name = arena_alloc(mem, 1003);
    memset(name, 'a', 1000);
    memcpy(name + 1000, ": 1", 3);
    assert_string_equal(said("staging.yaml", arena_copy(mem, name, 1003)), "");
    configure("  - {repository: ops, file: \"**/*{service}*/**/*{service}/{environment}.yaml\", "
              "select: \"**{service}*{service}*.tag\"}\n");
    /* maps that merge maps that merge maps, and keys that each nearly match */
    const char *text = "k0: &k0 {}\n";
    for (int i = 1; i < 30; i++)
        text = arena_printf(mem, "%sk%d: &k%d {<<: [*k%d, *k%d]}\n", text, i, i, i - 1, i - 1);
    assert_non_null(strstr(said("xa/x/a/staging.yaml", text), "too many YAML nodes"));
    char *keys = arena_alloc(mem, 200001);
    for (size_t i = 0; i < 200000; i += 10)
        snprintf(keys + i, 11, "k%05zu: 1\n", i / 10);
    assert_string_equal(said("xa/x/a/staging.yaml", keys), "");
    assert_true(now_ms() - begin < 5000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pool, close_pool)
    const struct CMUnitTest tests[] = {
        TEST(paths_capture),
        TEST(folders_are_entered_where_a_file_may_lie),
        TEST(what_nobody_listed_is_overlooked),
        TEST(only_the_repository_that_is_asked_for_counts),
        TEST(documents_are_told_apart),
        TEST(what_is_captured_twice_must_agree),
        TEST(of_several_layouts_the_first_counts),
        TEST(what_cannot_be_read_says_why),
        TEST(what_else_is_said_belongs_to_whom_it_is_said_of),
        TEST(nothing_takes_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
