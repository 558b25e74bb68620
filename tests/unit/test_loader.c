/* The loader's corners: what each odd policy, rule and waiver is told. The mistakes people make are
 * in fixtures/policies; here stands what is left.
 */
#include "tests/support/misspell.h"
#include "tests/support/test.h"

#include <string.h>

#include "gates/base/text.h"
#include "gates/policy/keys.h"
#include "gates/policy/yaml.h"

/* behind the others */
#include "tests/support/pool.h"

#define GATE "gates: [{name: g, require: [tests.failed == 0]}]\n"
#define LOCKED                                                                                     \
    "version: 1\ngates: [{name: g, locked: true, require: ['verdict{stage=\"build\"} == passed', " \
    "{rule: load.p95 < 800ms, tolerance: 20ms}, load.p90 < 800ms]}]\n"

struct said {
    const char *text, *says; /* says: the mistakes, parted by " | "; "": none */
};

/* One file is there, one cannot be asked for. */
static bool open_file(void *handle, const char *name, const char **text, size_t *len,
                      struct error *err)
{
    (void)handle;
    *text = strcmp(name, "base.yml") == 0     ? "version: 1\n" GATE
            : strcmp(name, "locked.yml") == 0 ? LOCKED
                                              : NULL;
    *len = *text == NULL ? 0 : strlen(*text);
    return strcmp(name, "gone.yml") != 0 || error_set(err, FAULT_REMOTE, "no answer");
}

static const char *all_of(const struct problems *found)
{
    const char *all = "";
    for (size_t i = 0; i < found->count; i++)
        all = arena_printf(mem, "%s%s%s", all, i > 0 ? " | " : "", found->items[i].what);
    return all;
}

static struct policy *loaded(const char *text, const char **says)
{
    struct problems found;
    struct error err = {0};
    struct policy *policy = arena_new_item(mem, struct policy);
    const struct policy_files files = {.open = open_file};
    problems_init(&found, mem);
    bool read = policy_load("p.yml", text, strlen(text), &files, mem, policy, &found, &err);
    *says = read ? all_of(&found) : arena_printf(mem, "%s", err.what);
    return policy;
}

static void check(const struct said *cases, size_t count, const char *before, const char *after)
{
    for (size_t i = 0; i < count; i++) {
        const char *says = NULL;
        loaded(arena_printf(mem, "%s%s%s", before, cases[i].text, after), &says);
        if (strcmp(says, cases[i].says) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", cases[i].text, says, cases[i].says);
    }
}

#define CHECK(cases, before, after) check(cases, sizeof(cases) / sizeof(cases)[0], before, after)

static void entries_that_are_not_quite_whole(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"gates: [{require: [tests.failed == 0]}, {require: [tests.errors == 0]}]\n",
         "`name` is missing: the name of the gate | `name` is missing: the name of the gate"},
        {GATE "extends: ['site:']\n", "the name of a site policy is one word: site:NAME"},
        {GATE "extends: ['', base.yml]\n", "`extends` is a text or a list of texts"},
        {GATE "extends: [gone.yml]\n", "no answer"},
        {"extends: [nothing.yml]\n", "'nothing.yml' is not there"},
        {"extends: [base.yml]\n", ""},
        {GATE "components: {[a]: x}\n", "a key is a word, not a list"},
        {GATE "outputs: [{format: json}]\n",
         "`path` is missing: the file, from the root of the repository"},
        {GATE "outputs: [{path: a.json}]\n", "`format` is missing: the output"},
        {GATE "outputs: [{format: zzzzzz, path: a.json}]\n",
         "unknown output 'zzzzzz'; there are: " POLICY_OUTPUTS},
        {GATE "outputs: [{format: , path: a.json}]\n", "`format` has no value: it is a text"},
        {GATE "paths: {map: [a]}\n", "an entry of `map` is {from: …, to: …}"},
        {GATE "paths: {map: [{to: a}]}\n", "`from` is missing: how paths begin in the report"},
        {GATE "reports: [{format: junit, path: ..}]\n", "'..' leaves the repository"},
        {GATE "reports: [{format: junit, path: .git}]\n", "'.git' lies in git's own directory"},
        {GATE "reports: [{format: zzzzzz, path: a}]\n",
         "unknown format 'zzzzzz'; `qgate formats` lists them"},
        {GATE "reports: [{format: junit, path: a, max_age: 500ms}]\n",
         "`max_age` is a time like 36h or 1d"},
        {GATE "reports: [{format: junit, path: a, max_age: 0s}]\n",
         "`max_age` is a time like 36h or 1d"},
        {GATE "reports: [{format: junit, path: a, max_age: 0.5ms}]\n",
         "`max_age` is a time like 36h or 1d"},
    };
    CHECK(cases, "version: 1\n", "");
}

static void options_of_reports(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"{transactions: [a]}}]", "`transactions` is one of exclude include only"},
        {"{transactions: }}]", "`transactions` is one of exclude include only"},
        {"{apdex: []}}]", "`apdex` is a time like 500ms, or a list of them"},
        {"{[a]: b}}]", "a key is a word, not a list"},
        {"{apdex: [1s, 2s]}}, {format: jmeter, path: b, options: {apdex: 1s}}]",
         "'jmeter' has other options than in line 3: entries of one name and format are one "
         "source"},
        {"{apdex: [1s, 2s]}}, {format: jmeter, path: b, options: {apdex: [1s, 2s], transactions: "
         "only}}]",
         "'jmeter' has other options than in line 3: entries of one name and format are one "
         "source"},
        {"{apdex: [1s, 2s]}}, {format: jmeter, path: b, options: {apdex: [1s, 2s]}}]", ""},
    };
    CHECK(cases, "version: 1\n" GATE "reports: [{format: jmeter, path: a, options: ", "\n");
}

static void rules_that_are_not_quite_rules(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"'{a} >= 1'", "expected a measure, found '{a}'"},
        {"(a) >= 1", "expected a measure, found '(a)'"},
        {"new(nothing.here) >= 1", "unknown measure 'nothing.here'; `qgate measures` lists them"},
        {"load.p12345x < 1s", "unknown measure 'load.p12345x'; `qgate measures` lists them"},
        {"'issues{severity=~\"(high)|low\"} == 0'", ""},
        {"'issues{severity>=\"hgh\"} == 0'", "severity is one of critical high medium low info "
                                             "unknown, not 'hgh'; did you mean 'high'?"},
        {"'issues{severity>\"unknown\"} == 0'",
         "severity unknown has no place in the order: write = or !="},
        {"'dora.lead_time.p50{window=\"28d\"} < 1d'", ""},
        {"'dora.lead_time.p50{window!=\"28d\"} < 1d'",
         "window is a number of days, \"28d\", or two days, \"2027-01-01..2027-01-31\", compared "
         "with ="},
        {"'dora.lead_time.p50{window=\"x\"} < 1d'",
         "window is a number of days, \"28d\", or two days, \"2027-01-01..2027-01-31\", compared "
         "with ="},
        {"'tests.suites{zzz=\"x\"} >= 1'",
         "tests.suites has no label 'zzz'; it has report format component"},
        {"'tests.failed{report=~\"u.*\"} == 0'", ""},
        {"growth(sonar.sqale_index) <= 5d",
         "the unit 'd' does not fit growth(sonar.sqale_index): use %"},
        {"growth(sonar.sqale_index) <= 5%", ""},
        {"sonar.sqale_index <= 2w", "the unit 'w' does not fit sonar.sqale_index: use min or h"},
        {"tests.total >= +5", ""},
        {"tests.total >= ", "the rule ends too early: a value is missing"},
        {"'issues{severity=~\"x\"} == 0'", "severity is one of critical high medium low info "
                                           "unknown, not 'x'"},
        {"'issues{severity=~\"(low\"} == 0'",
         "the pattern \"(low\" is not a regular expression: missing closing parenthesis at "
         "character 5"},
        {"'coverage.lines{severity=\"low\"} >= 80%'",
         "coverage.lines has no label 'severity'; it has report format component path"},
        {"coverage.lines.critical >= 80%",
         "unknown measure 'coverage.lines.critical'; `qgate measures` lists them"},
        {"vulnerabilitis.criticl == 0",
         "unknown measure 'vulnerabilitis.criticl'; did you mean 'vulnerabilities.critical'?"},
        {"delta(tests.total) != 0",
         "delta(tests.total) != 0 would accept what is worse: write >= 0"},
        {"delta(tests.failed) != 0",
         "delta(tests.failed) != 0 would accept what is worse: write <= 0"},
        {"growth(tests.failed) == 0.5%", ""},
        {"delta(tests.total) == 0.5",
         "delta(tests.total) == 0.5 can never hold: a difference is a whole number"},
        {"delta(coverage.lines) >= 200pp",
         "delta(coverage.lines) >= 200pp can never hold: a difference is at most 100pp"},
        {"sonar.reliability <= 1", "sonar.reliability is a rating, A to E, not '1'"},
    };
    CHECK(cases, "version: 1\ngates:\n- name: g\n  require:\n  - ", "\n");
}

static void keys_that_do_not_fit_their_rule(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"{rule: tests.failed == 0, why: null}", "`why` has no value: it is a text"},
        {"{rule: sonar.quality_gate == OK, tolerance: 1}",
         "`tolerance` goes with < <= > >= on numbers only"},
        {"{rule: sonar.ncloc != 5, tolerance: 1}",
         "`tolerance` goes with < <= > >= on numbers only"},
        {"{rule: load.p95 < 1s, tolerance: abc}",
         "`tolerance` is a number above 0 with the unit of the rule"},
        {"{rule: load.p95 < 1s, tolerance: ''}",
         "`tolerance` is a number above 0 with the unit of the rule"},
        {"{rule: new(coverage.lines) >= 90%, min_lines: \"5\"}", "`min_lines` is a whole number"},
        {"{rule: tests.failed == 0, when: {branch: ['', main]}}",
         "`branch` is a text or a list of texts"},
    };
    CHECK(cases, "version: 1\ngates:\n- name: g\n  require:\n  - ", "\n");
}

static void components_are_named_or_matched(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"['coverage.lines{component=~\"a.*\"} >= 1%']", ""},
        {"['coverage.lines{component=\"b\"} >= 1%']", "no component is named 'b'"},
        {"[{rule: coverage.lines >= 1%, each: component}]", ""},
        {"[coverage.lines >= 1%], each: component", ""},
    };
    CHECK(cases, "version: 1\ncomponents: {a: a/**}\ngates: [{name: g, require: ", "}]\n");
    static const struct said without[] = {
        {"[coverage.lines >= 1%], each: component",
         "there are no components: name them in `components`"},
    };
    CHECK(without, "version: 1\ngates: [{name: g, require: ", "}]\n");
}

/* Where a key of each part stands. */
static const struct {
    const char *part, *before, *after;
} parts[] = {
    {"", GATE, ": x\n"},
    {"reports", GATE "reports: [{format: junit, path: a, ", ": x}]\n"},
    {"paths", GATE "paths: {", ": x}\n"},
    {"map", GATE "paths: {map: [{from: a, to: b, ", ": x}]}\n"},
    {"gates", "gates: [{name: g, require: [tests.failed == 0], ", ": x}]\n"},
    {"rule", "gates: [{name: g, require: [{rule: tests.failed == 0, ", ": x}]}]\n"},
    {"when", "gates: [{name: g, require: [tests.failed == 0], when: {branch: main, ", ": x}}]\n"},
    {"outputs", GATE "outputs: [{format: json, path: a, ", ": x}]\n"},
    {"waivers", GATE "waivers: {", ": x}\n"},
    {"waiver", GATE "waivers: [{id: a, reason: r, owner: o, expires: 2030-01-01, ", ": x}]\n"},
    {"publish", GATE "publish: {", ": x}\n"},
    {"gitlab", GATE "publish: {gitlab: {", ": x}}\n"},
};

static size_t part_of(const char *path, const char **name)
{
    const char *dot = strchr(path, '.');
    size_t len = dot == NULL ? 0 : (size_t)(dot - path), i = 0;
    *name = dot == NULL ? path : dot + 1;
    while (strlen(parts[i].part) != len || memcmp(parts[i].part, path, len) != 0)
        assert_true(++i < sizeof parts / sizeof parts[0]);
    return i;
}

static void check_slip(size_t part, const char *key, const char *word)
{
    const char *says = NULL, *name = NULL;
    for (const struct key *known = policy_keys; known->path != NULL; known++)
        if (part_of(known->path, &name) == part && strcmp(name, word) == 0)
            return; /* another key */
    loaded(arena_printf(mem, "version: 1\n%s%s%s", parts[part].before, word, parts[part].after),
           &says);
    const char *wanted = arena_printf(mem, "unknown key '%s'; did you mean '", word);
    const char *found = strstr(says, wanted);
    if (found == NULL)
        fail_msg("%s in %s: %s", word, parts[part].part, says);
    found += strlen(wanted);
    found = arena_copy(mem, found, strcspn(found, "'"));
    assert_true(text_distance(word, found, 2) <= text_distance(word, key, 2));
}

static void every_misspelt_key_finds_the_nearest(void **state)
{
    (void)state;
    for (const struct key *known = policy_keys; known->path != NULL; known++) {
        const char *key = NULL;
        size_t part = part_of(known->path, &key);
        for (size_t at = 0; key[at] != '\0'; at++)
            for (enum slip slip = 0; slip < SLIP_COUNT; slip++) {
                const char *once = misspelt(key, at, slip, mem);
                if (once == NULL || strlen(once) < 2)
                    continue;
                check_slip(part, key, once);
                check_slip(part, key, misspelt(once, at / 2, SLIP_DOUBLE, mem));
            }
    }
}

static void waivers_that_do_not_say_enough(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"[{id: CVE-*, measure: vulnerabilities, reason: r, owner: o, expires: 2030-01-01}]", ""},
        {"[{id: CVE-*, gate: g, reason: r, owner: o, expires: 2030-01-01}]", ""},
        {"[{id: CVE-*, reason: r, owner: o, expires: 2030-01-01}]",
         "an `id` with `*` needs a `package`, `path`, `measure` or `gate` beside it"},
        {"[{id: a, measure: zzzzzz, reason: r, owner: o, expires: 2030-01-01}]",
         "unknown measure 'zzzzzz'"},
        {"[{id: a, measure: vulnerabilitis, reason: r, owner: o, expires: 2030-01-01}]",
         "unknown measure 'vulnerabilitis'; did you mean 'vulnerabilities'?"},
        {"[{id: a, gate: zz, reason: r, owner: o, expires: 2030-01-01}]", "no gate is named 'zz'"},
        {"{files: ['']}", "`files` is a text or a list of texts"},
        {"{files: [/etc/waivers.yml]}",
         "'/etc/waivers.yml' is absolute: paths of a policy begin at the root of the repository"},
        {"{files: }", "`files` has no value: it is a text or a list of texts"},
        {"{files: [gone.yml]}", "no answer"},
        {"{files: gone.yml}", "no answer"},
        {"{files: nothing.yml}", "'nothing.yml' is not there"},
        {"soon", "`waivers` is a list or a map of keys"},
    };
    CHECK(cases, "version: 1\n" GATE "waivers: ", "\n");
}

static void what_is_not_yaml_or_not_a_policy(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"\xFE\xFF", "the file is UTF-16: save it as UTF-8"},
        {"{a: b}: c\n", "`version` is missing: the version of the policy language: 1 | a key is a "
                        "word, not a map | the policy has no gate, so it demands nothing"},
        {"\"<<\": {a: b}\n", "`version` is missing: the version of the policy language: 1 | the "
                             "policy has no gate, so it demands nothing | unknown key '<<'"},
        {"'\n", "a quote is opened and never closed"},
        {"!!str a: b\n",
         "`version` is missing: the version of the policy language: 1 | a tag (`!…`) is not "
         "allowed | the policy has no gate, so it demands nothing | unknown key 'a'"},
    };
    CHECK(cases, "", "");
}

static void a_locked_gate_can_only_be_tightened(void **state)
{
    (void)state;
    static const struct said cases[] = {
        {"locked: true, require: [{rule: tests.failed == 0, on_missing: fail}]", ""},
        {"locked: true, require: [tests.errors == 0]", ""},
    };
    CHECK(cases, "version: 1\nextends: [base.yml]\ngates: [{name: g, ", "}]\n");
    static const struct said locked[] = {
        {"locked: true, require: [tests.errors == 0]", ""},
        {"locked: false, require: [tests.errors == 0]",
         "the gate 'g' is locked in locked.yml:2:9: it stays so"},
        {"require: ['verdict{stage=\"build\"} == passed']", ""},
        {"require: ['verdict{stage=\"build\"} != failed']",
         "the gate 'g' is locked: this loosens the rule in locked.yml:2:43"},
        {"require: [{rule: load.p95 < 800ms, tolerance: 20ms}]", ""},
        {"require: [{rule: load.p95 < 800ms, tolerance: 21ms}]",
         "the gate 'g' is locked: this loosens the rule in locked.yml:2:86"},
        {"require: [{rule: load.p90 < 800ms, tolerance: 1ms}]",
         "the gate 'g' is locked: this loosens the rule in locked.yml:2:122"},
        {"require: [{rule: load.p90 < 700ms, why: it is faster today}]", ""},
    };
    CHECK(locked, "version: 1\nextends: [locked.yml]\ngates: [{name: g, ", "}]\n");
}

static void a_floor_holds_gates_only(void **state)
{
    (void)state;
    const char *says = NULL;
    struct problems found;
    struct policy *policy = loaded("version: 1\n" GATE "waivers: {max_days: 90}\n", &says);
    problems_init(&found, mem);
    struct policy *floor = loaded("version: 1\nextends: [base.yml]\npaths: {ignore: ['a/**']}\n"
                                  "waivers: {max_days: 30}\n",
                                  &says);
    assert_string_equal(says, "");
    policy_add_floor(policy, floor, mem, &found);
    assert_string_equal(all_of(&found), "a floor has no `paths`: the project does");
    assert_int_equal(policy->waivers.max_days, 30);
    assert_int_equal(policy->gates.count, 2);
    assert_int_equal(policy->origins.count, 2);
    floor->waivers.max_days = 60;
    policy_add_floor(policy, floor, mem, &found);
    assert_int_equal(policy->waivers.max_days, 30);
    policy->waivers.max_days = 0;
    policy_add_floor(policy, floor, mem, &found);
    assert_int_equal(policy->waivers.max_days, 60);
}

/* Of a file that is no policy, such as a pipeline's. */
static void what_is_only_looked_through_may_hold_what_a_policy_may_not(void **state)
{
    (void)state;
    static const char text[] = "spec: {inputs: {}}\n---\n.base: &base {image: a}\n"
                               "unit: {<<: *base, script: !reference [.base, script], image: b}\n"
                               "unit: {image: c}\nstages:\n";
    struct problems found;
    problems_init(&found, mem);
    struct nodes documents;
    assert_true(tree_skim("ci.yml", text, strlen(text), mem, &documents, &found));
    assert_int_equal(found.count, 0);
    assert_int_equal(documents.count, 2);
    assert_non_null(node_find(documents.items[0], "spec"));
    const struct node *tree = documents.items[1];
    assert_non_null(node_find(tree, ".base"));
    assert_string_equal(node_find(node_find(tree, "unit"), "image")->text, "b");
    assert_true(node_is_empty(node_find(tree, "stages")));
    assert_false(tree_skim("ci.yml", "a: [", 4, mem, &documents, &found));
    assert_string_equal(all_of(&found), "a value is missing here");
}

static void texts_are_quoted_where_yaml_needs_it(void **state)
{
    (void)state;
    assert_string_equal(text_in_yaml("coverage.lines >= 80%", mem), "coverage.lines >= 80%");
    assert_string_equal(text_in_yaml("it's", mem), "'it''s'");
    assert_string_equal(text_in_yaml("", mem), "''");
    assert_string_equal(text_in_yaml("a ", mem), "'a '");
    assert_string_equal(text_in_yaml("-a", mem), "'-a'");
    assert_string_equal(text_in_yaml("null", mem), "'null'");
    assert_string_equal(text_in_yaml("Null", mem), "'Null'");
    assert_string_equal(text_in_yaml("NULL", mem), "'NULL'");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_pool, close_pool)
    const struct CMUnitTest tests[] = {
        TEST(entries_that_are_not_quite_whole),
        TEST(options_of_reports),
        TEST(rules_that_are_not_quite_rules),
        TEST(keys_that_do_not_fit_their_rule),
        TEST(components_are_named_or_matched),
        TEST(waivers_that_do_not_say_enough),
        TEST(what_is_not_yaml_or_not_a_policy),
        TEST(a_locked_gate_can_only_be_tightened),
        TEST(a_floor_holds_gates_only),
        TEST(texts_are_quoted_where_yaml_needs_it),
        TEST(every_misspelt_key_finds_the_nearest),
        TEST(what_is_only_looked_through_may_hold_what_a_policy_may_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
