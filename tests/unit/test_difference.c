/* How two policies differ. Each test gives two policies and what is said of them, in full. */
#include "tests/support/test.h"

#include <string.h>

#include "gates/policy/difference.h"

static const char *policy_names[] = {"old.yml", "new.yml"};

struct fixture {
    struct arena *mem;
    struct policy policies[2];
};

static bool open_file(void *handle, const char *name, const char **text, size_t *len,
                      struct error *err)
{
    (void)handle, (void)err;
    *text = strcmp(name, "base.yml") == 0
                ? "version: 1\ngates: [{name: base, require: [tests.failed == 0]}]\n"
                : NULL;
    *len = *text == NULL ? 0 : strlen(*text);
    return true;
}

static void load(struct fixture *f, size_t which, const char *text)
{
    struct problems found;
    struct error err = {0};
    const struct policy_files files = {.open = open_file};
    problems_init(&found, f->mem);
    assert_true(policy_load(policy_names[which], text, strlen(text), &files, f->mem,
                            &f->policies[which], &found, &err));
    if (found.count > 0)
        fail_msg("%s:%u: %s", policy_names[which], found.items[0].at.line, found.items[0].what);
}

/* One line for each: "loosened what: before -> after @file:line". */
static const char *said(struct fixture *f)
{
    struct differences differences;
    const char *text = "";
    policy_differences(&f->policies[0], &f->policies[1], f->mem, &differences);
    for (size_t i = 0; i < differences.count; i++) {
        const struct difference *d = &differences.items[i];
        text = arena_printf(f->mem, "%s%s %s: %s -> %s @%s:%u\n", text, difference_name(d->kind),
                            d->what, d->before, d->after, d->at.file, d->at.line);
    }
    return text;
}

static void expect(const char *before, const char *after, const char *wanted)
{
    struct fixture f = {.mem = arena_new()};
    load(&f, 0, before);
    load(&f, 1, after);
    assert_string_equal(said(&f), wanted);
    close_arena(&f.mem);
}

/* The same for a policy of one gate whose first rule is in line 4. */
static void expect_rules(const char *before, const char *after, const char *wanted)
{
    struct fixture f = {.mem = arena_new()};
    static const char frame[] = "version: 1\ngates:\n  - name: unit\n%s";
    load(&f, 0, arena_printf(f.mem, frame, before));
    load(&f, 1, arena_printf(f.mem, frame, after));
    assert_string_equal(said(&f), wanted);
    close_arena(&f.mem);
}

/* The same for a part that stands beside a gate that does not change, from line 4 on. */
static void expect_part(const char *before, const char *after, const char *wanted)
{
    struct fixture f = {.mem = arena_new()};
    static const char frame[] =
        "version: 1\ngates:\n  - {name: unit, require: [tests.failed == 0]}\n%s";
    load(&f, 0, arena_printf(f.mem, frame, before));
    load(&f, 1, arena_printf(f.mem, frame, after));
    assert_string_equal(said(&f), wanted);
    close_arena(&f.mem);
}

#define RULE(text) "    require: ['" text "']\n"
#define KEYS(text) "    require: [{rule: 'new(coverage.lines) >= 80%', " text "}]\n"
#define WHAT "unit: new(coverage.lines)"

static void test_same(void **state)
{
    (void)state;
    expect_rules(RULE("coverage.lines >= 80%"), "    require:\n      - coverage.lines>=80.0%\n",
                 "");
    expect_rules("    require: [coverage.lines >= 80%, tests.failed == 0]\n",
                 "    require: [tests.failed == 0, coverage.lines >= 80%]\n", "");
}

static void test_thresholds(void **state)
{
    (void)state;
    expect_rules(RULE("new(coverage.lines) >= 90%"), RULE("new(coverage.lines) >= 60%"),
                 "loosened " WHAT ": >= 90% -> >= 60% @new.yml:4\n");
    expect_rules(RULE("new(coverage.lines) >= 60%"), RULE("new(coverage.lines) >= 90%"),
                 "tightened " WHAT ": >= 60% -> >= 90% @new.yml:4\n");
    expect_rules(RULE("tests.failed == 0"), RULE("tests.failed <= 3"),
                 "loosened unit: tests.failed: == 0 -> <= 3 @new.yml:4\n");
    expect_rules(RULE("load.p95 < 800ms"), RULE("load.p95 <= 800ms"),
                 "loosened unit: load.p95: < 800ms -> <= 800ms @new.yml:4\n");
    expect_rules(RULE("load.p95 < 1s"), RULE("load.p95 < 1000ms"), "");
    expect_rules(RULE("tests.total == 5"), RULE("tests.total == 6"),
                 "changed unit: tests.total: == 5 -> == 6 @new.yml:4\n");
    expect_rules(RULE("sonar.reliability_rating <= A"), RULE("sonar.reliability_rating <= C"),
                 "loosened unit: sonar.reliability_rating: <= A -> <= C @new.yml:4\n");
    expect_rules(RULE("sonar.quality_gate == OK"), RULE("sonar.quality_gate != ERROR"),
                 "loosened unit: sonar.quality_gate: == OK -> != ERROR @new.yml:4\n");
}

/* Operators in a label's value are not the rule's. */
static void test_labels(void **state)
{
    (void)state;
    expect_rules(RULE("load.p95{label=\"a > b } \\\" = c\"} < 1s"),
                 RULE("load.p95{label=\"a > b } \\\" = c\"} < 2s"),
                 "loosened unit: load.p95{label=\"a > b } \\\" = c\"}: < 1s -> < 2s @new.yml:4\n");
    expect_rules(RULE("tests.failed{report=\"a\"} == 0"), RULE("tests.failed{report=\"b\"} == 0"),
                 "loosened unit: rule removed: tests.failed{report=\"a\"} == 0 ->  @old.yml:4\n"
                 "tightened unit: rule added:  -> tests.failed{report=\"b\"} == 0 @new.yml:4\n");
}

static void test_leniency(void **state)
{
    (void)state;
    expect_rules(KEYS("why: a"), KEYS("min_lines: 100000"),
                 "loosened " WHAT ": min_lines: none -> 100000 @new.yml:4\n");
    expect_rules(KEYS("max_uncovered: 5"), KEYS("max_uncovered: 2"),
                 "tightened " WHAT ": max_uncovered: 5 -> 2 @new.yml:4\n");
    expect_rules(KEYS("tolerance: 1%"), KEYS("tolerance: 70%"),
                 "loosened " WHAT ": tolerance: 1 % -> 70 % @new.yml:4\n");
    expect_rules(KEYS("tolerance: 1%"), KEYS("why: a"),
                 "tightened " WHAT ": tolerance: 1 % -> none @new.yml:4\n");
    expect_rules(KEYS("why: a"), KEYS("on_missing: skip"),
                 "loosened " WHAT ": on_missing: fail -> skip @new.yml:4\n");
    expect_rules(KEYS("on_missing: skip"), KEYS("on_missing: pass"),
                 "changed " WHAT ": on_missing: skip -> pass @new.yml:4\n");
    expect_rules(KEYS("on_missing: pass"), KEYS("on_missing: warn"),
                 "tightened " WHAT ": on_missing: pass -> warn @new.yml:4\n");
    expect_rules(KEYS("on_no_baseline: fail"), KEYS("why: a"),
                 "loosened " WHAT ": on_no_baseline: fail -> warn @new.yml:4\n");
    expect_rules("    require: [{rule: delta(coverage.lines) >= 0pp, tolerance: 1pp}]\n",
                 "    require: [{rule: delta(coverage.lines) >= 0pp, tolerance: 2pp}]\n",
                 "loosened unit: delta(coverage.lines): tolerance: 1pp -> 2pp @new.yml:4\n");
    expect_rules("    require: [{rule: growth(load.p95) <= 10%, tolerance: 1%}]\n",
                 "    require: [{rule: growth(load.p95) <= 10%, tolerance: 2.5%}]\n",
                 "loosened unit: growth(load.p95): tolerance: 1% -> 2.5% @new.yml:4\n");
}

/* A rule is the same rule when it moves to where it demands less. */
static void test_scope(void **state)
{
    (void)state;
    expect_rules(KEYS("why: a"), KEYS("when: {branch: main}"),
                 "loosened " WHAT ": when: none -> branch: [main] @new.yml:4\n");
    expect_rules(KEYS("when: {branch: [main, rel]}"), KEYS("when: {branch: main}"),
                 "loosened " WHAT ": when: branch: [main, rel] -> branch: [main] @new.yml:4\n");
    expect_rules(KEYS("when: {branch: main, changes: src/**}"), KEYS("when: {branch: main}"),
                 "tightened " WHAT
                 ": when: branch: [main], changes: [src/**] -> branch: [main] @new.yml:4\n");
    expect_rules(KEYS("when: {branch: main}"), KEYS("when: {changes: src/**}"),
                 "changed " WHAT ": when: branch: [main] -> changes: [src/**] @new.yml:4\n");
    expect_rules(KEYS("when: {branch: [a, b]}"), KEYS("when: {branch: [b, a]}"), "");
    expect_rules(KEYS("why: a"), KEYS("enforce_from: 2099-01-01"),
                 "loosened " WHAT ": enforce_from: none -> 2099-01-01 @new.yml:4\n");
    expect_rules(KEYS("enforce_from: 2099-01-01"), KEYS("enforce_from: 2027-01-01"),
                 "tightened " WHAT ": enforce_from: 2099-01-01 -> 2027-01-01 @new.yml:4\n");
    expect_rules(KEYS("why: a"), KEYS("each: path"),
                 "changed " WHAT ": each: none -> path @new.yml:4\n");
    expect_rules(RULE("tests.failed == 0"), "    warn: [tests.failed == 0]\n",
                 "loosened unit: tests.failed: require -> warn @new.yml:4\n");
    expect_rules("    warn: [tests.failed == 0]\n", RULE("tests.failed == 0"),
                 "tightened unit: tests.failed: warn -> require @new.yml:4\n");
}

/* What a gate says of its rules is said once. */
static void test_gate_scope(void **state)
{
    (void)state;
    const char *rules = "    require: [tests.failed == 0, tests.total >= 5]\n";
    expect_rules(rules,
                 "    when: {branch: main}\n    require: [tests.failed == 0, tests.total >= 5]\n",
                 "loosened unit: when: none -> branch: [main] @new.yml:3\n");
    expect_rules(rules, "    each: suite\n    require: [tests.failed == 0, tests.total >= 5]\n",
                 "changed unit: each: none -> suite @new.yml:3\n");
    expect_rules(
        rules, "    enforce_from: 2099-01-01\n    require: [tests.failed == 0, tests.total >= 5]\n",
        "loosened unit: enforce_from: none -> 2099-01-01 @new.yml:3\n");
    expect_rules(rules, "    stage: never\n    require: [tests.failed == 0, tests.total >= 5]\n",
                 "loosened unit: stage: build -> never @new.yml:3\n");
    expect_rules("    stage: deploy\n    require: [tests.failed == 0]\n", RULE("tests.failed == 0"),
                 "changed unit: stage: deploy -> build @new.yml:3\n");
    expect_rules("    locked: true\n    require: [tests.failed == 0]\n", RULE("tests.failed == 0"),
                 "loosened unit: locked: true -> false @new.yml:3\n");
    expect_rules(
        RULE("tests.failed == 0"),
        "    when: {branch: main}\n    require: [{rule: tests.failed == 0, when: {branch: rel}}]\n",
        "loosened unit: when: none -> branch: [main] @new.yml:3\n"
        "loosened unit: tests.failed: when: none -> branch: [rel] @new.yml:5\n");
}

static void test_rules(void **state)
{
    (void)state;
    const char *one = RULE("tests.failed == 0");
    expect_rules("    require: [tests.failed == 0, tests.total >= 5]\n", one,
                 "loosened unit: rule removed: tests.total >= 5 ->  @old.yml:4\n");
    expect_rules(one, "    require: [tests.failed == 0, tests.total >= 5]\n",
                 "tightened unit: rule added:  -> tests.total >= 5 @new.yml:4\n");
    expect_rules(one, "    require: [tests.failed == 0]\n    warn: [tests.total >= 5]\n",
                 "changed unit: warning added:  -> tests.total >= 5 @new.yml:5\n");
    expect_rules(one,
                 "    require: [tests.failed == 0, {rule: tests.total >= 5, on_missing: pass}]\n",
                 "changed unit: rule added:  -> tests.total >= 5 @new.yml:4\n");
    expect_rules(one, "    require: [tests.failed == 0, new(coverage.lines) >= 80%]\n",
                 "changed unit: rule added:  -> new(coverage.lines) >= 80% @new.yml:4\n");
}

/* Two rules on one measure keep to their own conditions. */
static void test_pairs(void **state)
{
    (void)state;
    expect_rules("    require:\n"
                 "      - {rule: tests.total >= 5, when: {branch: a}}\n"
                 "      - {rule: tests.total >= 9, when: {branch: b}}\n",
                 "    require:\n"
                 "      - {rule: tests.total >= 8, when: {branch: b}}\n"
                 "      - {rule: tests.total >= 5, when: {branch: a}}\n",
                 "loosened unit: tests.total: >= 9 -> >= 8 @new.yml:5\n");
}

static void test_any(void **state)
{
    (void)state;
    const char *two = "    require: [{any: [coverage.lines >= 80%, coverage.branches >= 70%]}]\n";
    expect_rules(two, "    require: [{any: [coverage.branches >= 60%, coverage.lines >= 80%]}]\n",
                 "loosened unit: any: coverage.branches: >= 70% -> >= 60% @new.yml:4\n");
    expect_rules(two,
                 "    require: [{any: [coverage.lines >= 80%, {rule: coverage.branches >= 70%, "
                 "tolerance: 60%}]}]\n",
                 "loosened unit: any: coverage.branches: tolerance: none -> 60 % @new.yml:4\n");
    expect_rules(
        two,
        "    require: [{any: [coverage.lines >= 80%, coverage.branches >= 70%, tests.total >= "
        "1]}]\n",
        "loosened unit: rule removed: any: [coverage.lines >= 80%, coverage.branches >= 70%]"
        " ->  @old.yml:4\n"
        "changed unit: rule added:  -> any: [coverage.lines >= 80%, coverage.branches >= 70%, "
        "tests.total >= 1] @new.yml:4\n");
    expect_rules(two,
                 "    require: [{any: [coverage.lines >= 80%, coverage.branches >= 70%], "
                 "on_missing: warn}]\n",
                 "loosened unit: any: on_missing: fail -> warn @new.yml:4\n");
}

static void test_gates(void **state)
{
    (void)state;
    const char *one = "version: 1\ngates:\n  - {name: a, require: [tests.failed == 0]}\n";
    const char *two = "version: 1\ngates:\n  - {name: a, require: [tests.failed == 0]}\n"
                      "  - {name: b, stage: late, require: [tests.total >= 1]}\n";
    expect(two, one, "loosened gate removed: b ->  @old.yml:4\n");
    expect(one, two, "changed b: rule added:  -> tests.total >= 1 @new.yml:4\n");
    expect(one, "version: 1\ngates:\n  - {name: c, require: [tests.failed == 0]}\n",
           "loosened gate removed: a ->  @old.yml:3\n"
           "tightened c: rule added:  -> tests.failed == 0 @new.yml:3\n");
}

static void test_reports(void **state)
{
    (void)state;
    const char *one = "reports: [{format: junit, path: a.xml}]\n";
    expect_part(one, "reports: [{format: junit, path: b.xml}]\n",
                "changed report junit: path: a.xml -> b.xml @new.yml:4\n");
    expect_part(one, "reports: [{format: junit, path: a.xml, optional: true}]\n",
                "loosened report junit: optional: false -> true @new.yml:4\n");
    expect_part("reports: [{format: junit, path: a.xml, tracked: true}]\n", one,
                "tightened report junit: tracked: true -> false @new.yml:4\n");
    expect_part("reports: [{format: junit, path: a.xml, max_age: 90min}]\n",
                "reports: [{format: junit, path: a.xml, max_age: 36h}]\n",
                "loosened report junit: max_age: 90min -> 36h @new.yml:4\n");
    expect_part("reports: [{format: junit, path: a.xml, max_age: 1d}]\n", one,
                "loosened report junit: max_age: 1d -> none @new.yml:4\n");
    expect_part(one, "reports: [{format: junit, path: a.xml, max_age: 45s}]\n",
                "tightened report junit: max_age: none -> 45s @new.yml:4\n");
    expect_part(one, "reports: [{format: junit, path: a.xml, options: {duplicates: reruns}}]\n",
                "changed report junit: options: none -> duplicates: reruns @new.yml:4\n");
    expect_part("reports: [{format: junit, path: a.xml}, {format: junit, path: b.xml}]\n", one,
                "loosened report removed: junit b.xml ->  @old.yml:4\n");
    expect_part(one, "reports: [{format: junit, path: a.xml}, {format: junit, path: b.xml}]\n",
                "changed report added:  -> junit b.xml @new.yml:4\n");
    expect_part(
        "reports: [{format: junit, path: a.xml}, {format: junit, path: '*.xml', name: x}]\n",
        "reports: [{format: junit, path: '*.xml', name: x}, {format: junit, path: a.xml}]\n",
        "changed reports in another order:  ->  @new.yml:1\n");
}

static void test_paths(void **state)
{
    (void)state;
    expect_part("", "paths: {ignore: ['**']}\n",
                "loosened paths.ignore: added:  -> ** @new.yml:1\n");
    expect_part("paths: {ignore: [gen/**]}\n", "",
                "changed paths.ignore: removed: gen/** ->  @new.yml:1\n");
    expect_part("paths: {unmatched: fail}\n", "",
                "loosened paths.unmatched: fail -> warn @new.yml:1\n");
    expect_part("paths: {map: [{from: /b, to: ''}]}\n", "paths: {map: [{from: /b, to: src}]}\n",
                "changed paths.map: /b: \"\" -> /b: \"src\" @new.yml:1\n");
    expect_part("", "paths: {sources: [a/**]}\n",
                "loosened paths.sources: added:  -> a/** @new.yml:1\n");
    expect_part("paths: {sources: [a/**, b/**]}\n", "paths: {sources: [a/**, c/**]}\n",
                "loosened paths.sources: removed: b/** ->  @new.yml:1\n"
                "tightened paths.sources: added:  -> c/** @new.yml:1\n");
    expect_part("paths: {sources: [a/**]}\n", "",
                "changed paths.sources: removed: a/** ->  @new.yml:1\n");
    expect_part("components: {a: a/**}\n", "components: {a: b/**}\n",
                "changed component removed: a: a/** ->  @new.yml:1\n"
                "changed component added:  -> a: b/** @new.yml:1\n");
}

#define WAIVER(what, day) "{" what ", reason: r, owner: o, expires: " day "}"

static void test_waivers(void **state)
{
    (void)state;
    const char *one = "waivers: [" WAIVER("id: CVE-1, package: zlib", "2026-01-31") "]\n";
    expect_part("", one,
                "loosened waiver added:  -> CVE-1, package zlib, until 2026-01-31 @new.yml:4\n");
    expect_part(one, "",
                "tightened waiver removed: CVE-1, package zlib, until 2026-01-31 ->  @old.yml:4\n");
    expect_part(one, "waivers: [" WAIVER("id: CVE-1, package: zlib", "2026-02-28") "]\n",
                "loosened waiver of CVE-1, package zlib: expires: 2026-01-31 -> 2026-02-28 "
                "@new.yml:4\n");
    expect_part(one, "waivers: [" WAIVER("id: CVE-1", "2026-01-31") "]\n",
                "loosened waiver added:  -> CVE-1, until 2026-01-31 @new.yml:4\n"
                "tightened waiver removed: CVE-1, package zlib, until 2026-01-31 ->  @old.yml:4\n");
    expect_part("", "waivers: [" WAIVER("gate: unit", "2026-01-31") "]\n",
                "loosened waiver added:  -> gate unit, until 2026-01-31 @new.yml:4\n");
    expect_part("waivers: {max_days: 30, unused: fail, entries: []}\n",
                "waivers: {max_days: 90, entries: []}\n",
                "loosened waivers.max_days: 30d -> 90d @new.yml:1\n"
                "loosened waivers.unused: fail -> warn @new.yml:1\n");
}

static void test_outputs(void **state)
{
    (void)state;
    expect_part("outputs: [{format: json, path: q.json}]\n",
                "outputs: [{format: json, path: other.json}]\n",
                "changed output removed: json q.json ->  @new.yml:1\n"
                "changed output added:  -> json other.json @new.yml:1\n");
    expect_part("publish: {gitlab: {required: true}}\n", "publish: {gitlab: {note: never}}\n",
                "loosened publish.gitlab.required: true -> false @new.yml:1\n"
                "changed publish.gitlab.note: on_change -> never @new.yml:1\n");
    expect_part("", "publish: {gitlab: {threads: none, max_threads: 5, status: true}}\n",
                "changed publish.gitlab.threads: new -> none @new.yml:1\n"
                "changed publish.gitlab.max_threads: 30 -> 5 @new.yml:1\n"
                "changed publish.gitlab.status: false -> true @new.yml:1\n");
}

static void test_extends(void **state)
{
    (void)state;
    expect_part("", "extends: base.yml\n",
                "changed extends: added:  -> base.yml @new.yml:1\n"
                "tightened base: rule added:  -> tests.failed == 0 @base.yml:2\n");
    expect_part("extends: base.yml\n", "",
                "loosened gate removed: base ->  @base.yml:2\n"
                "changed extends: removed: base.yml ->  @new.yml:1\n");
}

/* Neither the floor nor QGATE_WAIVERS is the branch's. */
static void test_foreign(void **state)
{
    (void)state;
    struct fixture f = {.mem = arena_new()};
    struct problems found;
    static struct policy floor;
    const char *own = "version: 1\ngates: [{name: unit, require: [tests.failed == 0]}]\n";
    const char *waivers = "[" WAIVER("id: CVE-1", "2026-01-31") "]\n";
    const char *text = "version: 1\ngates: [{name: floor, require: [tests.total >= 1]}]\n";
    struct error err = {0};
    problems_init(&found, f.mem);
    load(&f, 0, own);
    load(&f, 1, own);
    assert_true(policy_load("f.yml", text, strlen(text), NULL, f.mem, &floor, &found, &err));
    policy_add_floor(&f.policies[0], &floor, f.mem, &found);
    policy_add_waivers(&f.policies[1], "w.yml", waivers, strlen(waivers), f.mem, &found);
    assert_int_equal(found.count, 0);
    assert_string_equal(said(&f), "");
    close_arena(&f.mem);
}

/* However long a text is, it is cut to what can be shown. */
static void test_long(void **state)
{
    (void)state;
    struct arena *mem = arena_new();
    char *name = arena_alloc(mem, 200001);
    memset(name, 'x', 200000);
    name[200000] = '\0';
    struct fixture f = {.mem = mem};
    static const char frame[] = "version: 1\npaths: {ignore: ['%s']}\n"
                                "gates: [{name: unit, require: [tests.failed == 0]}]\n";
    load(&f, 0, arena_printf(mem, frame, "a"));
    load(&f, 1, arena_printf(mem, frame, name));
    assert_true(strlen(said(&f)) < 2000);
    close_arena(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),    cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_labels),  cmocka_unit_test(test_leniency),
        cmocka_unit_test(test_scope),   cmocka_unit_test(test_gate_scope),
        cmocka_unit_test(test_rules),   cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_any),     cmocka_unit_test(test_gates),
        cmocka_unit_test(test_reports), cmocka_unit_test(test_paths),
        cmocka_unit_test(test_waivers), cmocka_unit_test(test_outputs),
        cmocka_unit_test(test_extends), cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
