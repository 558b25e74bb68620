/* What a policy takes over from others: the result. What is refused is shown by fixtures/policies.
 */
#include "tests/support/test.h"

#include <string.h>

#include "gates/policy/policy.h"

struct file {
    const char *name, *text;
};

struct fixture {
    struct arena *mem;
    struct problems found;
    struct policy policy;
    struct error err;
    const struct file *files;
};

static bool open_file(void *handle, const char *name, const char **text, size_t *len,
                      struct error *err)
{
    *text = NULL;
    if (strcmp(name, "broken.yml") == 0)
        return error_set(err, FAULT_REPORT, "the commit is not there");
    for (const struct file *file = handle; file->name != NULL; file++)
        if (strcmp(file->name, name) == 0)
            *text = file->text;
    *len = *text == NULL ? 0 : strlen(*text);
    return true;
}

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.mem = arena_new()};
    problems_init(&fixture.found, fixture.mem);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    close_arena(&fixture->mem);
    return 0;
}

/* Load a policy that has the files beside it. */
static bool load(struct fixture *f, const char *text, const struct file *beside)
{
    static struct file files[8];
    size_t count = 0;
    for (; beside != NULL && beside[count].name != NULL; count++)
        files[count] = beside[count];
    files[count] = (struct file){0};
    const struct policy_files from = {.open = open_file, .handle = files};
    bool read =
        policy_load("p.yml", text, strlen(text), &from, f->mem, &f->policy, &f->found, &f->err);
    for (size_t i = 0; i < f->found.count; i++)
        print_message("# %s:%u: %s\n", f->found.items[i].at.file, f->found.items[i].at.line,
                      f->found.items[i].what);
    return read && f->found.count == 0;
}

#define MORE "gates:\n"
#define GATES "version: 1\n" MORE

static const struct file base[] = {
    {"a.yml",
     GATES "- name: one\n  why: because\n  stage: late\n  require:\n  - tests.failed == 0\n"
           "  - {rule: coverage.lines >= 50%, each: path}\n  - coverage.lines >= 60%\n"
           "- {name: two, require: [secrets == 0]}\n"},
    {0},
};

static const char *text_of(const struct fixture *f, size_t gate, size_t rule)
{
    return f->policy.gates.items[gate].require.items[rule]->text;
}

static void gates_and_rules_add(void **state)
{
    struct fixture *f = *state;
    assert_true(load(f,
                     "version: 1\nextends: a.yml\n" MORE
                     "- {name: three, require: [tests.total >= 1]}\n"
                     "- {name: one, require: [tests.total >= 2], warn: [tests.flaky == 0]}\n",
                     base));
    assert_int_equal(f->policy.gates.count, 3);
    const struct gate *one = &f->policy.gates.items[0];
    assert_string_equal(one->name, "one");
    assert_string_equal(one->stage, "late");
    assert_string_equal(one->why, "because");
    assert_int_equal(one->require.count, 4);
    assert_int_equal(one->warn.count, 1);
    assert_string_equal(text_of(f, 0, 3), "tests.total >= 2");
    assert_string_equal(f->policy.gates.items[1].stage, "build");
    assert_string_equal(f->policy.gates.items[2].name, "three");
}

static void a_rule_on_the_same_replaces(void **state)
{
    struct fixture *f = *state;
    assert_true(load(f,
                     "version: 1\nextends: a.yml\n" MORE
                     "- name: one\n  stage: early\n  require:\n  - coverage.lines >= 40%\n"
                     "  - {rule: coverage.lines >= 10%, when: {branch: main}}\n",
                     base));
    assert_int_equal(f->policy.gates.items[0].require.count, 4);
    assert_string_equal(text_of(f, 0, 1), "coverage.lines >= 50%");
    assert_string_equal(text_of(f, 0, 2), "coverage.lines >= 40%");
    assert_string_equal(text_of(f, 0, 3), "coverage.lines >= 10%");
    assert_string_equal(f->policy.gates.items[0].stage, "early");
}

static void what_a_gate_gives_its_rules_is_part_of_what_they_are_on(void **state)
{
    struct fixture *f = *state;
    static const struct file own[] = {
        {"a.yml", GATES "- {name: one, each: path, require: [coverage.lines >= 50%]}\n"}, {0}};
    assert_true(load(f,
                     "version: 1\nextends: a.yml\n" MORE
                     "- {name: one, require: [{rule: coverage.lines >= 40%, each: path}]}\n",
                     own));
    assert_int_equal(f->policy.gates.items[0].require.count, 1);
    assert_string_equal(text_of(f, 0, 0), "coverage.lines >= 40%");
}

static void what_comes_by_two_ways_comes_once(void **state)
{
    struct fixture *f = *state;
    static const struct file diamond[] = {
        {"a.yml", "version: 1\nextends: c.yml\n" MORE "- {name: a, require: [secrets == 0]}\n"},
        {"b.yml", "version: 1\nextends: [c.yml]\n" MORE "- {name: b, require: [secrets == 0]}\n"},
        {"c.yml", GATES "- {name: c, require: [secrets == 0]}\n"},
        {0}};
    assert_true(load(f, "version: 1\nextends: [a.yml, ./b.yml]\n", diamond));
    assert_int_equal(f->policy.gates.count, 3);
    assert_string_equal(f->policy.gates.items[0].name, "c");
    assert_int_equal(f->policy.origins.count, 3);
    assert_string_equal(f->policy.origins.items[0].name, "a.yml");
    assert_string_equal(f->policy.origins.items[1].name, "c.yml");
    assert_int_equal(strlen(f->policy.origins.items[2].sha256), 64);
}

static void lists_of_the_top_add(void **state)
{
    struct fixture *f = *state;
    static const struct file own[] = {
        {"a.yml",
         "components: {x: a/**, y: b/**}\npaths: {ignore: c/**, map: [{from: /r/, to: ''}]}\n"
         "reports: [{format: junit, path: a.xml}]\noutputs: [{format: json, path: a}]\n" GATES
         "- {name: a, require: ['coverage.lines{component=\"x\"} >= 1%']}\n"},
        {0}};
    assert_true(load(f,
                     "version: 1\nextends: a.yml\ncomponents: {x: d/**}\n"
                     "paths: {ignore: [e/**], unmatched: ignore}\n"
                     "reports: [{format: trivy, path: t.json}]\n",
                     own));
    assert_int_equal(f->policy.components.count, 2);
    assert_int_equal(f->policy.components.items[0].globs.count, 2);
    assert_int_equal(f->policy.ignore.count, 2);
    assert_int_equal(f->policy.maps.count, 1);
    assert_string_equal(f->policy.maps.items[0].to, "");
    assert_int_equal(f->policy.unmatched, ON_UNMATCHED_IGNORE);
    assert_int_equal(f->policy.reports.count, 2);
    assert_string_equal(f->policy.reports.items[1].name, "trivy");
    assert_int_equal(f->policy.outputs.count, 1);
    assert_ptr_equal(f->policy.gates.items[0].require.items[0]->selector.components,
                     &f->policy.components);
}

static void a_file_that_cannot_be_asked_for_is_no_mistake_of_the_policy(void **state)
{
    struct fixture *f = *state;
    assert_false(load(f, "version: 1\nextends: broken.yml\n", NULL));
    assert_string_equal(f->err.what, "the commit is not there");
    f->err = (struct error){0};
    assert_false(load(
        f, GATES "- {name: a, require: [secrets == 0]}\nwaivers: {files: broken.yml}\n", NULL));
    assert_int_equal(f->err.fault, FAULT_REPORT);
}

static void without_files_only_ready_made_policies_are_there(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "version: 1\nextends: [qgate:service, ci/a.yml]\n";
    assert_true(
        policy_load("p.yml", text, strlen(text), NULL, f->mem, &f->policy, &f->found, &f->err));
    assert_int_equal(f->found.count, 1);
    assert_true(f->policy.gates.count > 0);
}

/* 3.5 is 7: halves, so that what lies between whole numbers counts as well. */
static bool holds(enum compare compare, int halves, int threshold)
{
    int cmp = halves - 2 * threshold;
    switch (compare) {
    case COMPARE_LESS:
        return cmp < 0;
    case COMPARE_AT_MOST:
        return cmp <= 0;
    case COMPARE_MORE:
        return cmp > 0;
    case COMPARE_AT_LEAST:
        return cmp >= 0;
    case COMPARE_EQUAL:
        return cmp == 0;
    default:
        return cmp != 0;
    }
}

static void check_locked(struct fixture *f, int i)
{
    enum compare old = (enum compare)(i % 6), new = (enum compare)(i / 6 % 6);
    int old_threshold = 3 + i / 36 % 3, new_threshold = 3 + i / 108;
    bool tightens = true;
    for (int halves = 0; halves <= 20; halves++)
        tightens &= !holds(new, halves, new_threshold) || holds(old, halves, old_threshold);
    const struct file beside[] = {
        {"a.yml",
         arena_printf(f->mem, GATES "- {name: a, locked: true, require: [sonar.ncloc %s %d]}\n",
                      compare_text(old), old_threshold)},
        {0}};
    f->found.count = 0;
    const char *text = arena_printf(
        f->mem, "version: 1\nextends: a.yml\n" MORE "- {name: a, require: [sonar.ncloc %s %d]}\n",
        compare_text(new), new_threshold);
    if (load(f, text, beside) != tightens)
        fail_msg("%s %d after %s %d", compare_text(new), new_threshold, compare_text(old),
                 old_threshold);
}

/* Every pair of operators, with the threshold before, at and behind the old one. */
static void a_locked_rule_accepts_no_more_than_before(void **state)
{
    for (int i = 0; i < 6 * 6 * 3 * 3; i++)
        check_locked(*state, i);
}

static void a_floor_is_locked_and_out_of_reach(void **state)
{
    struct fixture *f = *state;
    struct policy floor;
    static const char text[] =
        GATES "- {name: one, require: [secrets == 0]}\nwaivers: {max_days: 30}\n";
    assert_true(
        policy_load("floor.yml", text, strlen(text), NULL, f->mem, &floor, &f->found, &f->err));
    assert_true(
        load(f, GATES "- {name: one, require: [secrets == 0]}\nwaivers: {max_days: 90}\n", NULL));
    policy_add_floor(&f->policy, &floor, f->mem, &f->found);
    assert_int_equal(f->found.count, 0);
    assert_int_equal(f->policy.gates.count, 2);
    assert_false(f->policy.gates.items[0].floor);
    assert_true(f->policy.gates.items[1].floor && f->policy.gates.items[1].locked);
    assert_int_equal(f->policy.waivers.max_days, 30);
}

static void a_floor_names_nothing_of_the_project(void **state)
{
    struct fixture *f = *state;
    struct policy floor;
    static const char text[] =
        "reports: [{format: junit, path: a.xml}]\noutputs: [{format: json, path: a}]\n" GATES
        "- {name: one, require: [secrets == 0]}\n"
        "waivers: [{id: a, reason: b, owner: c, expires: 2027-01-01}]\n";
    assert_true(
        policy_load("floor.yml", text, strlen(text), NULL, f->mem, &floor, &f->found, &f->err));
    assert_true(load(f, GATES "- {name: one, require: [secrets == 0]}\n", NULL));
    policy_add_floor(&f->policy, &floor, f->mem, &f->found);
    assert_int_equal(f->found.count, 3);
}

static void waivers_come_from_lists_maps_and_files(void **state)
{
    struct fixture *f = *state;
    static const struct file beside[] = {
        {"ci/w.yml", "entries: [{gate: one, reason: b, owner: c, expires: 2027-01-02}]\n"}, {0}};
    assert_true(load(f,
                     GATES "- {name: one, require: [secrets == 0]}\n"
                           "waivers: {max_days: 9, unused: fail, files: [ci/w.yml], entries: "
                           "[{id: a, reason: b, owner: c, expires: 2027-01-01, ticket: d}]}\n",
                     beside));
    static const char more[] =
        "- {id: 'a*', package: p, reason: b, owner: c, expires: 2027-01-01}\n";
    policy_add_waivers(&f->policy, "QGATE_WAIVERS", more, strlen(more), f->mem, &f->found);
    assert_int_equal(f->found.count, 0);
    assert_int_equal(f->policy.waivers.count, 3);
    assert_int_equal(f->policy.waivers.max_days, 9);
    assert_true(f->policy.waivers.unused_fails);
    const struct waiver *waiver = f->policy.waivers.items;
    assert_true(waiver[2].from_environment && !waiver[1].from_environment);
    assert_int_equal(waiver[0].expires, 20819);
    assert_int_equal(waiver[1].expires, 20820);
    assert_string_equal(waiver[1].at.file, "ci/w.yml");
    static const char wrong[] = "- {gate: none, reason: b, owner: c, expires: 2027-01-01}\n";
    policy_add_waivers(&f->policy, "QGATE_WAIVERS", wrong, strlen(wrong), f->mem, &f->found);
    assert_int_equal(f->found.count, 1);
}

static void publishing_has_defaults(void **state)
{
    struct fixture *f = *state;
    assert_true(load(f, GATES "- {name: one, require: [secrets == 0]}\n", NULL));
    assert_int_equal(f->policy.gitlab.note, NOTE_ON_CHANGE);
    assert_int_equal(f->policy.gitlab.threads, THREADS_NEW);
    assert_int_equal(f->policy.gitlab.max_threads, 30);
    assert_true(load(f,
                     GATES "- {name: one, require: [secrets == 0]}\n"
                           "publish: {gitlab: {note: never, threads: all, max_threads: 100, "
                           "required: true}}\n",
                     NULL));
    assert_int_equal(f->policy.gitlab.note, NOTE_NEVER);
    assert_int_equal(f->policy.gitlab.threads, THREADS_ALL);
    assert_int_equal(f->policy.gitlab.max_threads, 100);
    assert_true(f->policy.gitlab.required && !f->policy.gitlab.status);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gates_and_rules_add),
        TEST(a_rule_on_the_same_replaces),
        TEST(what_a_gate_gives_its_rules_is_part_of_what_they_are_on),
        TEST(what_comes_by_two_ways_comes_once),
        TEST(lists_of_the_top_add),
        TEST(a_file_that_cannot_be_asked_for_is_no_mistake_of_the_policy),
        TEST(without_files_only_ready_made_policies_are_there),
        TEST(a_locked_rule_accepts_no_more_than_before),
        TEST(a_floor_is_locked_and_out_of_reach),
        TEST(a_floor_names_nothing_of_the_project),
        TEST(waivers_come_from_lists_maps_and_files),
        TEST(publishing_has_defaults),
    };
    return cmocka_run_group_tests_name("inheritance", tests, NULL, NULL);
}
