/* Layouts drawn from how files lie: plain manifests, and folders whose names nobody knows. */
#include "tests/support/test.h"

#include <string.h>

#include "gates/delivery/outline.h"
#include "gates/delivery/places.h"

#include "tests/support/pool.h"

#define TAG "image: {tag: 1.0}"
#define APPLICATION(name)                                                               \
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " name "}\n" \
    "spec: {source: {targetRevision: 1.0.0}}\n"
#define MANIFEST(name, containers)             \
    "kind: Deployment\nmetadata: {name: " name \
    "}\nspec: {template: {spec: {containers: " containers "}}}\n"

static struct finds files;
static struct outline outline;

static void file(const char *path, const char *text)
{
    finds_read(path, text, strlen(text), mem, &files);
}

/* Layouts, then environments with their regions, `?` behind what was guessed. */
static const char *drawn(void)
{
    const char *all = "";
    outline_draw(&files, mem, &outline);
    files = (struct finds){0};
    for (size_t i = 0; i < outline.layouts.count; i++) {
        const struct outline_layout *layout = &outline.layouts.items[i];
        all = arena_printf(mem, "%s%s %s %s; ", all, layout->file, layout->select,
                           layout->name == NULL ? "-" : layout->name);
    }
    for (size_t i = 0; i < outline.environments.count; i++) {
        const struct outline_environment *environment = &outline.environments.items[i];
        all = arena_printf(mem, "%s%s%s", all, environment->name, environment->guessed ? "?" : "");
        for (size_t k = 0; k < environment->regions.count; k++)
            all = arena_printf(mem, "%s %s", all, environment->regions.items[k]);
        all = arena_printf(mem, "%s%s", all, environment->guessed_regions ? "?; " : "; ");
    }
    return all;
}

/* "name version before image project" of what the manifest says. */
static const char *manifest(const char *text)
{
    const char *all = "";
    file("a.yaml", text);
    for (size_t i = 0; i < files.count; i++) {
        const struct find *find = &files.items[i];
        all = arena_printf(mem, "%s%s %s %s %s %s;", all, find->name, find->version, find->before,
                           find->image, find->project == NULL ? "-" : find->project);
    }
    files = (struct finds){0};
    return all;
}

static void images_in_manifests(void **state)
{
    (void)state;
    assert_string_equal(manifest(MANIFEST("a", "[{name: x, image: 'h:5000/g/b:1@sha256:0a'}]")),
                        "a 1@sha256:0a 0 b g/b;");
    assert_string_equal(
        manifest(MANIFEST("a", "[{name: p, image: 'p:1'}, {name: a, image: 'b:2'}]")),
        "a 2 name= b -;");
    assert_string_equal(manifest(MANIFEST("a", "[{name: p, image: 'p@sha256:0a'}, 7]")),
                        "a sha256:0a 0 p -;");
    assert_string_equal(manifest(MANIFEST("a", "[{image: a}]")), "");
    assert_string_equal(manifest(MANIFEST("a", "[{image: 'a:latest'}]")), "");
    assert_string_equal(manifest(MANIFEST("a", "[{image: [a]}]")), "");
    assert_string_equal(manifest(MANIFEST("a", "[{name: a}]")), "");
    assert_string_equal(manifest(MANIFEST("a", "[]")), "");
    assert_string_equal(manifest(MANIFEST("a", "{}")), "");
    assert_string_equal(manifest(MANIFEST("[a]", "[{image: 'a:1'}]")), "");
    assert_string_equal(manifest("kind: Deployment\nspec: {template: 1}\n"), "");
    assert_string_equal(manifest("kind: Deployment\nmetadata: {name: a}\nspec: 1\n"), "");
}

static void layouts_of_manifests(void **state)
{
    (void)state;
    file("prod/a.yaml", MANIFEST("a", "[{image: 'r/a:1'}]"));
    file("prod/b.yaml", MANIFEST("b", "[{image: 'r/b:1'}]"));
    assert_string_equal(drawn(), "{environment}/{service}.yaml "
                                 "tag(spec.template.spec.containers[0].image) {service}; prod; ");
    file("all.yaml", MANIFEST("a-prod", "[{image: 'r/a:1'}]"));
    assert_string_equal(drawn(), "all.yaml tag(spec.template.spec.containers[0].image) "
                                 "{service}-{environment}; prod; ");
    file("test-rig/prod/x.yaml", MANIFEST("a", "[{image: p:1}, {name: a, image: 'r/a:1'}]"));
    assert_string_equal(drawn(), "test-rig/{environment}/x.yaml "
                                 "tag(spec.template.spec.containers[name={service}].image) "
                                 "{service}; prod; ");
    /* Kustomize says what runs of an image */
    file("base/a.yaml", MANIFEST("a", "[{image: 'r/a:1'}]"));
    file("prod/kustomization.yaml", "images: [{name: r/a, newTag: 2}]");
    assert_string_equal(drawn(), "{environment}/kustomization.yaml images[name=*/{service}].newTag "
                                 "-; prod; ");
    assert_int_equal(outline.without_environment.count, 0);
}

static void sources_of_applications(void **state)
{
    (void)state;
    static const char head[] =
        "apiVersion: argoproj.io/v1\nkind: Application\nmetadata: {name: a-prod}\n";
    struct outline_origin origin = {"gitops", "../gitops", NULL, NULL, "0123456789", false};
    size_t marks;
    file("all.yaml", arena_printf(mem,
                                  "%sspec: {sources: [{targetRevision: main}, {chart: a, "
                                  "targetRevision: 1.0}, {targetRevision: 2.0}]}",
                                  head));
    assert_string_equal(drawn(), "all.yaml spec.sources[1].targetRevision "
                                 "{service}-{environment}; prod; ");
    assert_non_null(strstr(outline_text(&outline, &origin, mem, &marks),
                           "    kind: Application\n    name: '{service}-{environment}'\n"
                           "    select: 'spec.sources[1].targetRevision'\n"));
    file("all.yaml", arena_printf(mem, "%sspec: {sources: [1, {targetRevision: 1.x}]}", head));
    file("all.yaml", arena_printf(mem, "%sspec: {sources: {targetRevision: 1}}", head));
    file("all.yaml", arena_printf(mem, "%sspec: 1", head));
    assert_string_equal(drawn(), "");
    file("prod/a.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\n"
                        "spec: {template: {spec: {containers: [{image: 'r/a:1'}]}}}\n");
    assert_string_equal(drawn(), "{environment}/{service}.yaml "
                                 "tag(spec.template.spec.containers[0].image) {service}; prod; ");
}

static void folders_beside_those_of_environments_are_some(void **state)
{
    (void)state;
    file("prod/eu/a.yaml", TAG);
    file("kunde1/eu/a.yaml", TAG);
    file("kunde2/eu/a.yaml", TAG);
    file("base/eu/a.yaml", TAG);     /* a word for how things lie */
    file("kunde3/eu/z/b.yaml", TAG); /* nothing is the same */
    assert_string_equal(drawn(), "{environment}/{region}/{service}.yaml image.tag -; prod eu; "
                                 "kunde1? eu; kunde2? eu; ");
    assert_int_equal(outline.without_environment.count, 2);
}

static void folders_that_hold_the_same_are_regions(void **state)
{
    (void)state;
    file("argocd/eu/shop.yaml", APPLICATION("a-prod") "---\n" APPLICATION("b-prod"));
    file("argocd/us/shop.yaml", APPLICATION("a-prod") "---\n" APPLICATION("b-prod"));
    assert_string_equal(drawn(), "argocd/{region}/shop.yaml spec.source.targetRevision "
                                 "{service}-{environment}; prod eu us; ");
    file("argocd/abuja/shop.yaml", APPLICATION("a-prod") "---\n" APPLICATION("b-prod"));
    file("argocd/lagos/shop.yaml", APPLICATION("a-prod") "---\n" APPLICATION("b-prod"));
    file("argocd/eu/shop.yaml", APPLICATION("a-prod"));
    assert_string_equal(drawn(), "argocd/{region}/shop.yaml spec.source.targetRevision "
                                 "{service}-{environment}; prod abuja eu lagos?; ");
    file("lagos/api/values.yaml", TAG);
    file("lagos/web/values.yaml", TAG);
    file("abuja/api/values.yaml", TAG);
    file("abuja/web/values.yaml", TAG);
    assert_string_equal(drawn(), "{region}/{service}/values.yaml image.tag -; "
                                 "production abuja lagos?; ");
    assert_true(outline.one_environment);
    struct outline_origin origin = {"gitops", "../gitops", NULL, NULL, "0123456789", false};
    size_t marks;
    assert_non_null(
        strstr(outline_text(&outline, &origin, mem, &marks),
               "# ? no path names an environment; regions: folders that hold the same"));
    /* what they share is not most of what they hold */
    file("teams/cards/prod/Chart.yaml",
         "dependencies: [{name: redis, version: 1}, {name: auth, version: 1}]");
    file("teams/fees/prod/Chart.yaml",
         "dependencies: [{name: redis, version: 1}, {name: loans, version: 1}]");
    assert_string_equal(drawn(), "teams/cards/{environment}/Chart.yaml "
                                 "dependencies[name={service}].version -; "
                                 "teams/fees/{environment}/Chart.yaml "
                                 "dependencies[name={service}].version -; prod; ");
}

static void what_is_guessed_is_marked(void **state)
{
    (void)state;
    struct outline_origin origin = {"gitops", "../gitops", NULL, NULL, "0123456789", false};
    size_t marks;
    file("prod/abuja/values.yaml", "a: {image: {tag: 1}}");
    file("prod/lagos/values.yaml", "a: {image: {tag: 1}}");
    file("prod/null/values.yaml", "a: {image: {tag: 1}}");
    file("kunde1/lagos/values.yaml", "a: {image: {tag: 1}}");
    assert_string_equal(drawn(), "{environment}/{region}/values.yaml {service}.image.tag -; "
                                 "prod abuja lagos null?; kunde1? lagos?; ");
    const char *text = outline_text(&outline, &origin, mem, &marks);
    assert_non_null(strstr(text, "# ? the tier, by its name; regions: folders that hold the same"));
    assert_non_null(strstr(text, "regions: [abuja, lagos, 'null']"));
    assert_non_null(strstr(text, "# ? its folder lies beside those of environments; its tier"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_in_manifests),
        cmocka_unit_test(layouts_of_manifests),
        cmocka_unit_test(sources_of_applications),
        cmocka_unit_test(folders_beside_those_of_environments_are_some),
        cmocka_unit_test(folders_that_hold_the_same_are_regions),
        cmocka_unit_test(what_is_guessed_is_marked),
    };
    return cmocka_run_group_tests_name("siblings", tests, open_pool, close_pool);
}
