/* Layouts drawn from the files of GitOps repositories: what paths speak of, what files say, and
 * what becomes of both.
 */
#include "tests/support/test.h"

#include <string.h>

#include "gates/delivery/outline.h"
#include "gates/delivery/places.h"

#include "tests/support/pool.h"

/* --- places ---------------------------------------------------------------------------------- */

static void environments_and_regions_in_paths(void **state)
{
    (void)state;
    static const struct {
        const char *path, *template;
    } cases[] = {
        {"apps/a/overlays/production-eu/k.yaml", "apps/a/overlays/{environment}-{region}/k.yaml"},
        {"apps/a/overlays/eu-west-1_prod/k.yaml", "apps/a/overlays/{region}_{environment}/k.yaml"},
        {"eu/production/a.yaml", "{region}/{environment}/a.yaml"},
        {"production/europe-west4/a.yaml", "{environment}/{region}/a.yaml"},
        {"prod/westeurope/a.yaml", "{environment}/{region}/a.yaml"},
        {"a/values-prod.yaml", "a/values-{environment}.yaml"},
        {"a/values.prod.eu.yaml", "a/values.{environment}.{region}.yaml"},
        {"a/PROD/x.yml", "a/{environment}/x.yml"},
        {"a/production.yaml", "a/{environment}.yaml"},
        {"a-prod/prod/a.yaml", "a-{environment}/{environment}/a.yaml"},
        {"test-apps/production/a.yaml", "test-apps/{environment}/a.yaml"},
        {"preproduction/a", "{environment}/a"},
        {"products/live-feed/a.yaml", "products/{environment}-feed/a.yaml"},
        {"eu/a.yaml", "eu/a.yaml"},                    /* no environment beside it */
        {"prod/me/a.yaml", "{environment}/me/a.yaml"}, /* an area alone is a word like others */
        {"prod/me-south-1/a.yaml", "{environment}/{region}/a.yaml"},
        {"prod/eu-wester/a.yaml", "{environment}/eu-wester/a.yaml"},
        {"prod-us-1/a.yaml", "{environment}-{region}-1/a.yaml"},
        {"production", "{environment}"},
        {"", ""},
        {"latest/a.yaml", "latest/a.yaml"},
        {"dev.internal/x", "{environment}.internal/x"},
        {"prod/eu-west-/a", "{environment}/eu-west-/a"},
        {"prod/eu-west-1a/a", "{environment}/eu-west-1a/a"},
        {"prod/us-east2/a", "{environment}/{region}/a"},
        {"prod-eu:1/a", "{environment}-eu:1/a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct places places;
        places_find(cases[i].path, mem, &places);
        assert_string_equal(places_template(cases[i].path, &places, mem), cases[i].template);
    }
}

static void tiers_are_guessed_by_names(void **state)
{
    (void)state;
    assert_int_equal(tier_guess("prod"), TIER_PRODUCTION);
    assert_int_equal(tier_guess("UAT"), TIER_STAGING);
    assert_int_equal(tier_guess("qa"), TIER_TESTING);
    assert_int_equal(tier_guess("dev"), TIER_DEVELOPMENT);
    assert_int_equal(tier_guess("demo"), TIER_OTHER);
    assert_int_equal(tier_guess("moon"), TIER_OTHER);
}

static void what_is_left_of_a_template(void **state)
{
    (void)state;
    assert_string_equal(template_rest("a-{environment}-{region}", mem), "a");
    assert_string_equal(template_rest("{environment}_a-b", mem), "a-b");
    assert_string_equal(template_rest("{region}.a.{environment}", mem), "a");
    assert_string_equal(template_rest("a", mem), "a");
    assert_null(template_rest("{environment}", mem));
    assert_null(template_rest("{environment}-{region}", mem));
    assert_null(template_rest("a-{environment}-b", mem));
    assert_null(template_rest("", mem));
    assert_null(template_rest("{open", mem));
    assert_null(template_rest("a}", mem));
    assert_string_equal(word_replaced("api-gateway/api/x", "api", "S", mem), "S-gateway/api/x");
    assert_string_equal(word_replaced("rapid/apis", "api", "S", mem), "rapid/apis");
}

/* --- files ----------------------------------------------------------------------------------- */

/* "name version" of each find, with what stands before the name and the project. */
static const char *found_in(const char *path, const char *text)
{
    struct finds finds = {0};
    const char *all = "";
    finds_read(path, text, strlen(text), mem, &finds);
    for (size_t i = 0; i < finds.count; i++) {
        const struct find *find = &finds.items[i];
        all = arena_printf(mem, "%s%s%s%s %s%s%s", all, i == 0 ? "" : ", ", find->before,
                           find->name == NULL ? "-" : find->name, find->version,
                           find->project == NULL ? "" : " ",
                           find->project == NULL ? "" : find->project);
    }
    return all;
}

static const struct {
    const char *path, *text, *finds;
} contents[] = {
    {"kustomization.yaml", "images: [{name: a, newTag: v1}, {name: r.x:5/g/b, newTag: \"1.10\"}]",
     "a v1, */b 1.10 g/b"},
    {"kustomization.yaml", "images: [{name: a, newName: reg.x/g/c, newTag: 7}]", "a 7 g/c"},
    {"kustomization.yaml", "images: [{name: a, digest: sha256}, {newTag: 7}, b]", ""},
    {"kustomization.yaml", "images: {name: a, newTag: 7}", ""},
    {"kustomization.yaml", "images: [{name: 'a b', newTag: 7}]", ""},
    {"values.yaml", "image: {repository: docker.io/g/a, tag: 1.2.3}", "- 1.2.3 g/a"},
    {"values.yaml", "image: {repository: g/a, tag: 1.2.3}\nb: {image: {tag: 2}}", "- 1.2.3 g/a"},
    {"values.yaml", "a: {image: {tag: 1}}\nb: {image: {tag: 2}}\nglobal: {image: {tag: 3}}",
     "a 1, b 2"},
    {"values.yaml", "services: {a: {image: {tag: 1}}}\n'x.y': {image: {tag: 2}}", "services.a 1"},
    {"values.yaml", "a: {b: {c: {d: {e: {image: {tag: 1}}}}}}", ""},
    {"values.yaml", "image: {tag: }\nimages: {tag: 1}\nb: {image: [tag]}", ""},
    {"values.yaml", "image: a:1", ""},
    {"deployment.yaml", "kind: Deployment\na: {image: {tag: 1}}", ""},
    {"Chart.yaml",
     "dependencies: [{name: a, version: 1.0.0}, {name: b, version: ^1.0.0},"
     " {name: c, version: 1.x}, {name: d}, {version: 1}]",
     "a 1.0.0"},
    {"Chart.yaml", "name: a\nversion: 1.0.0", ""},
    {"other.yaml", "dependencies: [{name: a, version: 1.0.0}]", ""},
    {"app.yaml",
     "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
     "metadata: {name: a-prod}\nspec: {source: {targetRevision: v2}}\n---\n"
     "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
     "metadata: {name: b-prod}\nspec: {source: {targetRevision: main}}",
     "sourcea-prod v2"},
    {"app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: a}", ""},
    {"app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nimage: {tag: 1}", ""},
    {"app.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {sources: []}", ""},
    {"broken.yaml", "a: {b", ""},
    {"list.yaml", "[a]", ""},
    {"kustomization.yaml",
     "images: [{name: a, newTag: ~}, {name: b, newTag: ''}, {name: c, "
     "newTag: [d]}, {name: -e, newTag: 1}]",
     ""},
    {"kustomization.yaml",
     "images: [{name: localhost:5000/a, newTag: 1}, {name: x/-/b, newTag: "
     "2}, {name: r.x/-a/b, newTag: 3}, {name: 'r.x/a b/c', newTag: 4}]",
     "*/a 1, */b 2 x/-/b, */b 3, */c 4"},
    {"values.yaml", "[a]: {image: {tag: 1}}\n'': {image: {tag: 2}}\nb: [c]\nd: {image: {tag: 3}}",
     "d 3"},
    {"Chart.yaml", "dependencies: {name: a, version: 1}", ""},
    {"app.yaml", "apiVersion: argoproj.io/v1\na: {image: {tag: 1}}", "a 1"},
    {"app.yaml", "apiVersion: apps/v1\nkind: Application\nmetadata: {name: a}", ""},
    {"app.yaml",
     "apiVersion: argoproj.io/v1\nkind: Application\nmetadata: {name: a}\n"
     "spec: {source: {targetRevision: 1.*}}",
     ""},
    {"app.yaml",
     "apiVersion: argoproj.io/v1\nkind: Application\nspec: {source: "
     "{targetRevision: 1}}",
     ""},
    {"app.yaml", "apiVersion: argoproj.io/v1\nkind: Application\nmetadata: {name: a}\nspec: {}",
     ""},
    {"values.yaml", "{{ if x }}\nimage: {tag: 1}", ""},
};

static void versions_in_files(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        const char *finds = found_in(contents[i].path, contents[i].text);
        if (strcmp(finds, contents[i].finds) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", contents[i].text, finds, contents[i].finds);
    }
}

static void files_that_are_looked_into(void **state)
{
    (void)state;
    assert_true(finds_wanted("a/b.yaml"));
    assert_true(finds_wanted("b.yml"));
    assert_true(finds_wanted("a/Kustomization"));
    assert_false(finds_wanted("a.json"));
    assert_false(finds_wanted("a.yaml/b"));
    assert_false(finds_wanted("{{cookiecutter}}/b.yaml"));
    assert_false(finds_wanted("a*/b.yaml"));
    assert_false(finds_wanted("a\nb/c.yaml"));
    assert_false(finds_wanted("a\xFF/c.yaml"));
    assert_false(finds_wanted("a\xE2\x80\xAE/c.yaml"));
    assert_true(finds_wanted("\xC3\xA4/c.yaml"));
    assert_false(finds_wanted("../c.yaml"));
    assert_false(finds_wanted("a/./c.yaml"));
    assert_false(finds_wanted("/c.yaml"));
    assert_true(finds_is_name("a.b-c_1"));
    assert_false(finds_is_name("-a"));
    assert_false(finds_is_name("a b"));
    assert_false(finds_is_name(""));
    assert_true(finds_is_name(arena_printf(mem, "%0128d", 0)));
    assert_false(finds_is_name(arena_printf(mem, "%0129d", 0)));
}

/* --- layouts --------------------------------------------------------------------------------- */

#define IMAGE(name) "images: [{name: " name ", newTag: v1}]"
#define TAG "image: {tag: 1.0}"

static struct finds files;

static void file(const char *path, const char *text)
{
    finds_read(path, text, strlen(text), mem, &files);
}

/* Each layout in a line: file, select, name, services. */
static void draws(const char *wanted, struct outline *outline)
{
    const char *all = "";
    outline_draw(&files, mem, outline);
    files = (struct finds){0};
    for (size_t i = 0; i < outline->layouts.count; i++) {
        const struct outline_layout *layout = &outline->layouts.items[i];
        all = arena_printf(mem, "%s%s %s %s:", all, layout->file, layout->select,
                           layout->name == NULL ? "-" : layout->name);
        for (size_t k = 0; k < layout->services.count; k++)
            all = arena_printf(mem, "%s %s", all, layout->services.items[k]);
        all = arena_printf(mem, "%s\n", all);
    }
    assert_string_equal(all, wanted);
}

static void overlays_of_kustomize(void **state)
{
    (void)state;
    struct outline outline;
    file("apps/fees/base/kustomization.yaml", IMAGE("r/fees"));
    file("apps/fees/overlays/prod-eu/kustomization.yaml", IMAGE("r/fees"));
    file("apps/fees/overlays/prod-us/kustomization.yaml",
         "images: [{name: r/fees, newTag: v1}, {name: envoy, newTag: v2}]");
    file("apps/ledger/overlays/prod-eu/kustomization.yaml", IMAGE("r/ledger"));
    file("apps/ledger/overlays/test/kustomization.yaml", IMAGE("r/ledger"));
    draws("apps/{service}/overlays/{environment}-{region}/kustomization.yaml "
          "images[name=*/{service}].newTag -: fees ledger\n"
          "apps/{service}/overlays/{environment}/kustomization.yaml "
          "images[name=*/{service}].newTag -: ledger\n",
          &outline);
    assert_int_equal(outline.services.count, 2);
    assert_int_equal(outline.environments.count, 2);
    assert_string_equal(outline.environments.items[0].name, "prod");
    assert_int_equal(outline.environments.items[0].regions.count, 2);
    assert_string_equal(outline.environments.items[0].regions.items[0], "eu");
    assert_string_equal(outline.environments.items[1].name, "test");
    assert_int_equal(outline.versions.count, 4);
    assert_int_equal(outline.without_environment.count, 1);
    assert_false(outline.one_environment);
}

static void folders_that_are_no_service(void **state)
{
    (void)state;
    struct outline outline;
    file("prod/one/kustomization.yaml", IMAGE("a"));
    file("prod/two/kustomization.yaml", IMAGE("b"));
    draws("{environment}/one/kustomization.yaml images[name={service}].newTag -: a\n"
          "{environment}/two/kustomization.yaml images[name={service}].newTag -: b\n",
          &outline);
    file("prod/one/kustomization.yaml", IMAGE("a"));
    file("prod/two/kustomization.yaml", IMAGE("b"));
    file("prod/three/kustomization.yaml", IMAGE("c"));
    draws("{environment}/*/kustomization.yaml images[name={service}].newTag -: a b c\n", &outline);
}

static void values_of_helm(void **state)
{
    (void)state;
    struct outline outline;
    file("cards/live/eu/values.yaml", "auth: {image: {tag: 1}}\nops: {image: {tag: 2}}");
    file("pay/api/live/values.yaml", TAG);
    file("pay/web/live/values.yaml", TAG);
    draws("cards/{environment}/{region}/values.yaml {service}.image.tag -: auth ops\n"
          "pay/{service}/{environment}/values.yaml image.tag -: api web\n",
          &outline);
    file("live/a.yaml", TAG);
    file("live/b.yaml", TAG);
    draws("{environment}/{service}.yaml image.tag -: a b\n", &outline);
    file("a-live.yaml", TAG);
    file("b-live.yaml", TAG);
    draws("{service}-{environment}.yaml image.tag -: a b\n", &outline);
    file("charts/a/values-live.yaml", TAG);
    draws("charts/{service}/values-{environment}.yaml image.tag -: a\n", &outline);
    file("one/team/values-live.yaml", TAG);
    file("two/team/values-live.yaml", TAG);
    draws("{service}/team/values-{environment}.yaml image.tag -: one two\n", &outline);
}

static void a_service_that_nothing_tells(void **state)
{
    (void)state;
    struct outline outline;
    file("live/values.yaml", TAG);
    file("a b/live/values.yaml", TAG);
    file("c/live/values.yaml", TAG);
    draws("{service}/{environment}/values.yaml image.tag -: c\n", &outline);
    assert_int_equal(outline.without_service.count, 2);
    assert_string_equal(outline.without_service.items[0], "live/values.yaml");
    const char *path = "live/values.yaml";
    for (int i = 0; i < 31; i++) /* too deep for a guess */
        path = arena_printf(mem, "x/%s", path);
    file(path, TAG);
    draws("", &outline);
    assert_int_equal(outline.without_service.count, 1);
}

static void applications_of_argo(void **state)
{
    (void)state;
    struct outline outline;
#define APPLICATION(name)                                                               \
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " name "}\n" \
    "spec: {source: {targetRevision: 1.0.0}}\n"
    file("argocd/apps.yaml", APPLICATION("a-prod-eu") "---\n" APPLICATION("b-prod-eu"));
    file("argocd/apps.yaml", APPLICATION("prod"));
    draws("argocd/apps.yaml spec.source.targetRevision {service}-{environment}-{region}: a b\n",
          &outline);
    assert_int_equal(outline.without_service.count, 1);
    file("prod/a.yaml", APPLICATION("a"));
    file("test/a.yaml", APPLICATION("a"));
    draws("{environment}/{service}.yaml spec.source.targetRevision {service}: a\n", &outline);
    assert_int_equal(outline.environments.count, 2);
}

static void without_any_environment_there_is_one(void **state)
{
    (void)state;
    struct outline outline;
    struct outline_origin origin = {"gitops", "../gitops", NULL, NULL, "0123456789", false};
    size_t marks = 0;
    file("a/values.yaml", TAG);
    file("b/values.yaml", TAG);
    draws("{service}/values.yaml image.tag -: a b\n", &outline);
    assert_true(outline.one_environment);
    assert_string_equal(outline.environments.items[0].name, "production");
    assert_string_equal(outline.versions.items[0].environment, "production");
    assert_non_null(
        strstr(outline_text(&outline, &origin, mem, &marks), "    environment: production\n"));
    draws("", &outline);
    assert_false(outline.one_environment);
}

/* --- the text -------------------------------------------------------------------------------- */

static void what_is_drawn_loads(void **state)
{
    (void)state;
    struct outline outline;
    struct outline_origin origin = {"clusters",   "https://g.example/ops/clusters.git",
                                    "it's",       "https://g.example",
                                    "0123456789", true};
    struct delivery delivery;
    struct problems found;
    struct error err = {0};
    size_t marks = 0, written = 0;
    file("null/prod/values.yaml", TAG);
    file("007/prod/values.yaml", "image: {repository: r.example/g/sub/x, tag: v1.2.3}");
    for (int i = 0; i < 8; i++)
        file(arena_printf(mem, "s%d/prod/eu/values.yaml", i), TAG);
    outline_draw(&files, mem, &outline);
    files = (struct finds){0};
    const char *text = outline_text(&outline, &origin, mem, &marks);
    problems_init(&found, mem);
    assert_true(delivery_load("d", text, strlen(text), NULL, mem, &delivery, &found, &err));
    assert_int_equal(found.count, 0);
    assert_int_equal(delivery.services.count, 10);
    assert_string_equal(delivery_service(&delivery, "007")->project, "g/sub/x");
    assert_string_equal(delivery_service(&delivery, "007")->versions.items[1].text, "{version}");
    assert_string_equal(delivery_service(&delivery, "null")->project, "null");
    assert_string_equal(delivery_service(&delivery, "null")->versions.items[1].text, "v{version}");
    assert_string_equal(delivery_repository(&delivery, "clusters")->branch, "it's");
    assert_string_equal(delivery_repository(&delivery, "clusters")->token_env, "GITOPS_READ_TOKEN");
    assert_string_equal(delivery.gitlab_url, "https://g.example");
    assert_non_null(strstr(text, "# s0, s1, s2, s3, s4, s5 and 2 more\n"));
    for (const char *at = strstr(text, "  # ? "); at != NULL; at = strstr(at + 1, "  # ? "))
        written++;
    assert_int_equal(written, marks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(environments_and_regions_in_paths),
        cmocka_unit_test(tiers_are_guessed_by_names),
        cmocka_unit_test(what_is_left_of_a_template),
        cmocka_unit_test(versions_in_files),
        cmocka_unit_test(files_that_are_looked_into),
        cmocka_unit_test(overlays_of_kustomize),
        cmocka_unit_test(folders_that_are_no_service),
        cmocka_unit_test(values_of_helm),
        cmocka_unit_test(a_service_that_nothing_tells),
        cmocka_unit_test(applications_of_argo),
        cmocka_unit_test(without_any_environment_there_is_one),
        cmocka_unit_test(what_is_drawn_loads),
    };
    return cmocka_run_group_tests_name("outline", tests, open_pool, close_pool);
}
