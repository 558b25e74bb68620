/* Where in a YAML file versions stand: selects. */
#include "tests/support/test.h"

#include "tests/support/layouts.h"

static void selects(const char *select, const char *text, const char *says)
{
    configure(arena_printf(
        mem, "  - repository: ops\n    file: \"{environment}.yaml\"\n    select: '%s'\n%s", select,
        strstr(select, "{service}") == NULL ? "    service: ledger\n" : ""));
    assert_string_equal(said("staging.yaml", text), says);
}

static void values_are_found_by_keys(void **state)
{
    (void)state;
    selects("image.tag", "image: {tag: 1.10}\n", "ledger staging - 1.10");
    selects(".image.tag", "image: {tag: 0x1f}\n", "ledger staging - 0x1f");
    selects("image.tag", "image: {tag: \"1e3\"}\n", "ledger staging - 1e3");
    selects("image.tag", "image: {tag: 007}\n", "ledger staging - 007");
    selects("image.tag", "image: {tag: 2026-01-02}\n", "ledger staging - 2026-01-02");
    selects("image.tag", "image: {tag: !!str 1.0}\n", "ledger staging - 1.0");
    selects("image.tag", "? [z]\n: 4\nimage: {tag: 1}\n", "ledger staging - 1");
    selects("image.tag", "image: {tag: }\n", "");
    selects("image.tag", "image: {tag: ~}\n", "");
    selects("image.tag", "image: {tag: Null}\n", "");
    selects("image.tag", "image: {tag: NULL}\n", "");
    selects("image.tag", "image: {tag: 'null'}\n", "ledger staging - null");
    selects("image.tag", "image: {tag: \"\"}\n", "");
    selects("image.tag", "image: {tag: [1]}\n", "");
    selects("image.tag", "image: 1\n", "");
    selects("image.tag", "- image: {tag: 1}\n", "");
    selects("image.tag", "", "");
    selects("\"image.tag\".x", "image.tag: {x: 1}\n", "ledger staging - 1");
    selects("a[\"image.tag\"]", "a: {image.tag: 1}\n", "ledger staging - 1");
    selects("{service}.image.tag",
            "ledger: {image: {tag: 1}}\nx: {image: {tag: 2}}\ny: 3\n? [z]\n: 4\n",
            "ledger staging - 1; x staging - 2");
    selects("app-{service}.tag", "app-ledger: {tag: 1}\nledger: {tag: 2}\n", "ledger staging - 1");
    selects("apps.*.{service}.tag", "apps: {a: {x: {tag: 1}}, b: {y: {tag: 2}}}\n",
            "x staging - 1; y staging - 2");
    selects("*-{service}", "a-x: 1\nb-x: 2\n", "x staging - 1"); /* what stands first */
    selects("{service}", "a: 1\nb: 2\n", "a staging - 1; b staging - 2");
    selects("\"**/{service}\".tag", "a/b: {tag: 1}\nc: {tag: 2}\n", "b staging - 1");
}

static void values_are_found_in_lists(void **state)
{
    (void)state;
    static const char images[] =
        "images:\n- name: registry.corp/team/ledger\n  newTag: \"1.10\"\n"
        "- name: registry.corp/card-auth\n  newName: mirror/auth\n  newTag: 2.0\n- name: plain\n"
        "  newTag: 3\n- 7\n- newTag: 9\n- {name: [x], newTag: 8}\n";
    selects("images[name=*/{service}].newTag", images,
            "ledger staging - 1.10; card-auth staging - 2.0");
    selects("images[name={service}].newTag", images, "plain staging - 3");
    selects("images[newName=mirror/{service}].newTag", images, "auth staging - 2.0");
    selects("images[name=*/{service}][newName=*].newTag", images, "card-auth staging - 2.0");
    selects("images[newName=*/auth][name=*/{service}].newTag", images, "card-auth staging - 2.0");
    selects("images[name=*].newTag", images, "ledger staging - 1.10"); /* the first of several */
    selects("images[2].newTag", images, "ledger staging - 3");
    selects("images[7].newTag", images, "");
    selects("images[name=none].newTag", images, "");
    selects("images.name", images, "");
    selects("dependencies[name=\"{service}\"].version",
            "dependencies: [{name: ledger, version: 7.1.0}, {name: db, version: 1}]\n",
            "ledger staging - 7.1.0; db staging - 1");
    selects("a[0][name={service}].v", "a: [[{name: x, v: 1}]]\n", "x staging - 1");
    selects("a[\"b.c\"={service}].v", "a: [{b.c: x, v: 1}]\n", "x staging - 1");
    selects("[name={service}].v", "- {name: x, v: 1}\n", "x staging - 1");
}

static void images_say_versions(void **state)
{
    (void)state;
    static const char pod[] =
        "containers:\n- {name: ledger, image: \"h:5000/a/ledger:1.10\"}\n"
        "- {name: fees, image: h:5000/a/fees@sha256:0a}\n- {name: bare, image: h:5000/a/bare}\n";
    selects("tag(containers[name={service}].image)", pod,
            "ledger staging - 1.10; fees staging - sha256:0a");
    selects("tag(containers[image=*/{service}:1*].image)", pod, "ledger staging - 1.10");
    selects("tag(containers[2].image)", pod, "");
    selects("tag(image)", "image: {tag: 1}\n", "");
    selects("\"tag(image)\"", "tag(image): 1\n", "ledger staging - 1");
}

static void anchors_merges_and_doubles_are_followed(void **state)
{
    (void)state;
    selects("{service}.image.tag",
            "base: &b {image: {tag: 1, pull: x}}\nledger: {<<: *b}\n"
            "card-auth: {<<: [*b, {image: {tag: 3}}], x: 1}\nother: {<<: *b, image: {tag: 2}}\n",
            "base staging - 1; ledger staging - 1; card-auth staging - 1; other staging - 2");
    selects("{service}.tag", "all: &a {x: {tag: 1}, y: {tag: 2}}\n<<: *a\ny: {tag: 3}\n",
            "y staging - 3; x staging - 1");
    selects("tag", "v: &v 1.20\ntag: *v\n", "ledger staging - 1.20");
    selects("tag", "tag: 1\ntag: 2\n", "ledger staging - 2");
    selects("{service}.tag", "all: &a {x: {tag: 1}}\n<<: [*a, 3, {y: {tag: 2}}]\n",
            "x staging - 1; y staging - 2");
    selects("\"<<\".tag", "<<: {tag: 1}\n'<<': {tag: 2}\n", "ledger staging - 2");
    selects("tag", "'<<': {tag: 1}\n", "");
    selects("tag", "<<: [1, [{tag: 1}]]\n", "");
    selects("{service}.tag", "<<: 1\na: {tag: 1}\n", "a staging - 1");
}

static void selects_that_cannot_be_understood(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"a..b", "a key or value is missing"},
        {"", "a key or value is missing"},
        {"a.", "a key or value is missing"},
        {"a[", "a key or value is missing"},
        {"a[]", "a key or value is missing"},
        {"a[b=]", "a key or value is missing"},
        {"a[b=c", "a `]` is missing"},
        {"a[b=\"c\"", "a `]` is missing"},
        {"a[b]", "in `[ ]` stands a number, or what an item holds: [name={service}]"},
        {"a[{service}=c]", "what an item is known by is a plain word: [name={service}]"},
        {"a[b*=c]", "what an item is known by is a plain word: [name={service}]"},
        {"a[b=c]d", "a `.` or `[` is missing"},
        {"a\"b", NULL},
        {"\"a", "a quote is opened and never closed"},
        {"\"\"", "a key or value is missing"},
        {"a[\"\"]", "a key or value is missing"},
        {"a['b]", "a quote is opened and never closed"},
        {"a[99999999999999999999]", "a number is too large"},
        {"\"a\"b", "a `.` or `[` is missing"},
        {"tag()", "a key or value is missing"},
        {"tag(", "a `)` is missing: tag(containers[0].image)"},
        {"tag(a).b", "a `)` is missing: tag(containers[0].image)"},
        {"tags(a", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct choice choice;
        const char *why = NULL;
        assert_int_equal(choice_parse(cases[i][0], mem, &choice, &why), cases[i][1] == NULL);
        if (cases[i][1] != NULL)
            assert_string_equal(why, cases[i][1]);
    }
    struct delivery_layout layout = {
        .at = {"delivery.yml", 7, 3}, .repository = "ops", .file = "a", .select = "a["};
    struct error err = {0};
    configure("  []\n");
    delivery.layouts.items = &layout;
    delivery.layouts.count = 1;
    assert_false(layouts_of(&delivery, "ops", mem, &layouts, &err));
    assert_int_equal(err.line, 7);
    assert_string_equal(err.what, "`select: a[`: a key or value is missing");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pool, close_pool)
    const struct CMUnitTest tests[] = {
        TEST(values_are_found_by_keys),
        TEST(values_are_found_in_lists),
        TEST(images_say_versions),
        TEST(anchors_merges_and_doubles_are_followed),
        TEST(selects_that_cannot_be_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
