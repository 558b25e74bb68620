/* "to pass" keeps its word: doing exactly what it says makes the rule pass, doing one less does
 * not.
 *
 * Thousands of small worlds are judged by generated rules. What a failing rule says is read back,
 * done to the world one step at a time (a test made to pass, a line run, a package updated), and
 * the reports of the changed world are judged again.
 */
#include "tests/support/difference.h"

enum { TRIES = 24000, LEAST_CHECKED = 25 };

static struct kind kinds[] = {
    {"tests.failed", FAMILY_TESTS, "", 9, 0, 0},
    {"tests.failures", FAMILY_TESTS, "", 6, 0, 0},
    {"tests.errors", FAMILY_TESTS, "", 6, 0, 0},
    {"tests.flaky", FAMILY_TESTS, "", 4, 0, 0},
    {"tests.skipped", FAMILY_TESTS, "", 4, 0, 0},
    {"tests.total", FAMILY_TESTS, "", 30, 0, 0},
    {"tests.suites", FAMILY_TESTS, "", 30, 0, 0},
    {"tests.passed", FAMILY_TESTS, "", 20, 0, 0},
    {"tests.success_rate", FAMILY_TESTS, "%", 100, 3, 0},
    {"tests.duration", FAMILY_TESTS, "s", 5, 8, 0},
    {"coverage.lines", FAMILY_COVERAGE, "%", 100, 3, 0},
    {"coverage.branches", FAMILY_COVERAGE, "%", 100, 3, 0},
    {"coverage.lines_covered", FAMILY_COVERAGE, "", 25, 0, 0},
    {"coverage.lines_valid", FAMILY_COVERAGE, "", 25, 0, 0},
    {"coverage.branches_covered", FAMILY_COVERAGE, "", 25, 0, 0},
    {"coverage.branches_valid", FAMILY_COVERAGE, "", 25, 0, 0},
    {"coverage.files", FAMILY_COVERAGE, "", 6, 0, 0},
    {"coverage.ignored", FAMILY_COVERAGE, "%", 60, 2, 0},
    {"load.samples", FAMILY_LOAD, "", 30, 0, 0},
    {"load.errors", FAMILY_LOAD, "", 8, 0, 0},
    {"load.error_rate", FAMILY_LOAD, "%", 60, 3, 0},
    {"load.mean", FAMILY_LOAD, "ms", 60, 3, 0},
    {"load.min", FAMILY_LOAD, "ms", 20, 2, 0},
    {"load.max", FAMILY_LOAD, "ms", 120, 2, 0},
    {"load.median", FAMILY_LOAD, "ms", 60, 2, 0},
    {"load.p90", FAMILY_LOAD, "ms", 100, 2, 0},
    {"load.p99.9", FAMILY_LOAD, "ms", 100, 2, 0},
    {"load.throughput", FAMILY_LOAD, "/s", 120, 3, 0},
    {"load.duration", FAMILY_LOAD, "s", 1, 4, 0},
    {"load.apdex", FAMILY_LOAD, "", 0, 3, 0},
    {"vulnerabilities", FAMILY_VULNERABILITIES, "", 9, 0, 0},
    {"misconfigurations", FAMILY_MISCONFIGURATIONS, "", 9, 0, 0},
    {"secrets", FAMILY_SECRETS, "", 9, 0, 0},
    {"licenses", FAMILY_LICENSES, "", 9, 0, 0},
    {"issues", FAMILY_ISSUES, "", 9, 0, 0},
    {"hotspots", FAMILY_HOTSPOTS, "", 9, 0, 0},
    {"findings", FAMILY_VULNERABILITIES, "", 9, 0, 0},
    {"sonar.coverage", FAMILY_SONAR, "%", 100, 2, 0},
    {"sonar.bugs", FAMILY_SONAR, "", 9, 0, 0},
    {"sonar.ncloc", FAMILY_SONAR, "", 20, 0, 0},
    {"sonar.function_complexity", FAMILY_SONAR, "", 9, 3, 0},
    {"sonar.sqale_index", FAMILY_SONAR, "min", 20, 1, 0},
    {"sonar.test_execution_time", FAMILY_SONAR, "ms", 20, 1, 0},
    {"sonar.reliability_rating", FAMILY_SONAR, "A-E", 5, 0, 0},
    {"sonar.something_else", FAMILY_SONAR, "", 20, 8, 0},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static uint64_t seed;

static unsigned chance(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 11) % below);
}

/* --- worlds --- */

static void fill_thing(struct scene *s, struct thing *t)
{
    struct world *world = &s->world;
    t->file = world->family == FAMILY_SONAR ? 0 : chance(WORLD_FILES);
    t->group = chance(3);
    switch (world->family) {
    case FAMILY_TESTS:
        t->test.outcome = (enum world_outcome)(chance(3) == 0 ? 0 : chance(7));
        t->test.us = chance(4) == 0 ? 0 : chance(900000);
        break;
    case FAMILY_COVERAGE:
        t->line.hit = chance(3) > 0;
        t->line.twice = s->source < 0 && chance(4) == 0;
        t->line.ignored = s->group < 0 && chance(5) == 0;
        t->line.branches = chance(3) == 0 ? 2 + chance(3) : 0;
        t->line.covered = t->line.branches == 0 ? 0 : chance(t->line.branches + 1);
        break;
    case FAMILY_LOAD:
        t->sample.passed = chance(4) > 0;
        t->sample.start_ms = 1000 + chance(400);
        t->sample.elapsed_ms = is(s, "load.apdex") ? chance(2500) : 1 + chance(120);
        break;
    case FAMILY_SONAR:
        t->fact.micro = (int64_t)chance(25) * 1000000 + (chance(2) == 0 ? chance(1000000) : 0);
        if (strcmp(s->kind->unit, "A-E") == 0)
            t->fact.micro = (1 + chance(5)) * 1000000;
        break;
    default:
        t->finding.package = chance(4);
        t->finding.fixed = chance(3);
        break;
    }
}

static void fill_world(struct scene *s)
{
    size_t count = s->kind->family == FAMILY_SONAR ? 1 : 1 + chance(24);
    s->world = (struct world){.family = s->kind->family, .fact = strchr(s->kind->measure, '.')};
    s->world.fact += s->world.fact != NULL;
    s->world.percentiles = chance(3) > 0 ? PERCENTILES_NEAREST : (enum load_percentiles)chance(3);
    s->world.empty_suites = chance(3);
    for (size_t i = 0; i < count; i++)
        fill_thing(s, world_add(&s->world));
}

/* A value of `each` that is gone fails no more. */
static enum outcome outcome_of(const struct court *court, const char *each)
{
    const struct rulings *rulings = &court->verdict.gates.items[0].rulings;
    for (size_t i = 0; i < rulings->count; i++)
        if (each == NULL ||
            (rulings->items[i].each != NULL && strcmp(rulings->items[i].each, each) == 0))
            return rulings->items[i].outcome;
    return OUTCOME_PASSED;
}

static void expect(struct court *court, const struct scene *s, const struct world *world,
                   const char *text, bool passes)
{
    world_judge(world, court);
    bool passed = outcome_of(court, s->each) == OUTCOME_PASSED;
    if (passed != passes)
        fail_msg("%s @ %s: `%s`%s: %s", s->rule->text, s->each != NULL ? s->each : "-", text,
                 passes ? "" : ", one less", court_says(court, 0, 0));
}

static bool keep_promise(struct court *court, struct scene *s, const char *text)
{
    uint64_t numbers[4] = {0};
    size_t i = 0, count = sizeof promises / sizeof promises[0];
    while (i < count && !matches(text, promises[i].text, numbers))
        i++;
    if (i == count)
        return false;
    const struct promise *promise = &promises[i];
    const struct world before = s->world;
    for (uint64_t k = 0; k < numbers[promise->times]; k++) {
        if (k + 1 == numbers[promise->times])
            expect(court, s, &s->world, text, false);
        if (!promise->step(s))
            fail_msg("%s: `%s`: only %" PRIu64 " are there", s->rule->text, text, k);
    }
    expect(court, s, &s->world, text, true);
    s->world = before;
    uint64_t all = 0;
    while (promise->of >= 0 && promise->step(s))
        all++;
    if (promise->of >= 0 && all != numbers[promise->of])
        fail_msg("%s: `%s`: there are %" PRIu64, s->rule->text, text, all);
    return true;
}

/* --- updates of packages --- */

static bool update(struct scene *s, unsigned package, unsigned fixed)
{
    bool any = false;
    for (size_t i = 0; i < s->world.count; i++) {
        struct thing *t = &s->world.things[i];
        if (!picks(s, t) || t->finding.package != package || t->finding.fixed != fixed)
            continue;
        t->gone = any = true;
    }
    return any;
}

/* "update p1 to 2, p3 to 1 and 2 more updates; repair or replace 3 without a fixed version" */
static bool keep_updates(struct court *court, struct scene *s, const char *text)
{
    unsigned package = 0, fixed = 0, more = 0, rest = 0;
    if (strncmp(text, "update ", 7) != 0)
        return false;
    struct world one_less = s->world;
    for (const char *at = strchr(text, ' '); at != NULL; at = strchr(at, ',')) {
        int used = 0;
        if (sscanf(at + 1 + (*at == ','), "p%u to %u%n", &package, &fixed, &used) != 2)
            fail_msg("%s", text);
        one_less = s->world;
        assert_true(update(s, package, fixed));
        at += used;
    }
    const char *also = strstr(text, " and "), *others = strstr(text, "; repair or replace ");
    if (also != NULL)
        assert_int_equal(sscanf(also, " and %u more update", &more), 1);
    for (unsigned i = 0; more > 0 && i < 12; i++)
        more -= i % 3 > 0 && update(s, i / 3, i % 3);
    assert_int_equal(more, 0);
    if (others != NULL)
        assert_int_equal(sscanf(others, "; repair or replace %u without", &rest), 1);
    for (; rest > 0; rest--) {
        one_less = s->world;
        assert_true(remove_thing(s));
    }
    if (also == NULL || others != NULL)
        expect(court, s, &one_less, text, false);
    expect(court, s, &s->world, text, true);
    return true;
}

/* --- differences: "over 0.5 s less" --- */

static bool keep_difference(struct court *court, struct scene *s, struct number value,
                            const char *text)
{
    struct difference d;
    if (!read_difference(text, &d))
        return false;
    check_value(s, &d, value, text);
    int64_t above = 0, below = 1;
    steps_of(s, d.sign, &above, &below);
    if (above == 0)
        return true;
    __extension__ __int128 much = (__int128)d.micro * above, whole = (__int128)below * 1000000;
    __extension__ __int128 little = (__int128)(d.micro - d.unit) * above;
    int64_t enough = (int64_t)(d.over ? much / whole + 1 : (much + whole - 1) / whole);
    int64_t too_little = (int64_t)(d.over ? much / whole : little / whole);
    const struct world before = s->world;
    if (shift(s, too_little, d.sign))
        expect(court, s, &s->world, text, false);
    s->world = before;
    if (shift(s, enough, d.sign))
        expect(court, s, &s->world, text, true);
    return true;
}

/* --- facts that are brought somewhere --- */

static bool keep_target(struct court *court, struct scene *s, const char *text)
{
    char from = 0, to = 0;
    double value = 0;
    if (sscanf(text, "bring it from %c to %c", &from, &to) == 2) {
        bool up = to < from; /* towards A */
        s->world.things[0].fact.micro = (to - 'A' + 1) * 1000000;
        expect(court, s, &s->world, text, true);
        s->world.things[0].fact.micro += up ? 1000000 : -1000000;
        expect(court, s, &s->world, text, false);
        return true;
    }
    if (sscanf(text, "bring it to %lf", &value) != 1 &&
        sscanf(text, "anything but %lf", &value) != 1)
        return false;
    if (s->world.family == FAMILY_SONAR) {
        bool but = text[0] == 'a';
        s->world.things[0].fact.micro = (int64_t)(value * 1000000 + 0.5) + but;
        expect(court, s, &s->world, text,
               but || number_scale(s->rule->threshold, 1000000, 1).below == 1);
    }
    return true;
}

/* --- rules --- */

static const char *threshold_text(const struct scene *s, struct arena *mem)
{
    const struct kind *kind = s->kind;
    if (strcmp(kind->unit, "A-E") == 0)
        return arena_printf(mem, "%c", 'A' + (int)chance(5));
    const char *text = arena_printf(mem, "%u", chance(kind->most + 1));
    unsigned decimals = chance(2) == 0 ? 0 : chance(kind->decimals + 1);
    for (unsigned i = 0; i < decimals; i++)
        text = arena_printf(mem, "%s%s%u", text, i == 0 ? "." : "", chance(10));
    return arena_printf(mem, "%s%s", text, kind->unit);
}

static const char *label_of(const struct scene *s)
{
    switch (s->world.family) {
    case FAMILY_TESTS:
        return is(s, "tests.suites") ? NULL : "suite";
    case FAMILY_COVERAGE:
        return is(s, "coverage.files") || is(s, "coverage.ignored") ? NULL : "path";
    case FAMILY_LOAD:
        return "label";
    case FAMILY_SONAR:
        return NULL;
    default:
        return "severity";
    }
}

static const char *group_name(const struct scene *s, unsigned group, struct arena *mem)
{
    static const char *const severities[] = {"critical", "high", "low"};
    static const char *const probabilities[] = {"high", "medium", "low"};
    if (s->world.family >= FAMILY_VULNERABILITIES)
        return (s->world.family == FAMILY_HOTSPOTS ? probabilities : severities)[group];
    return arena_printf(mem, s->world.family == FAMILY_COVERAGE ? "g%u.c" : "g%u", group);
}

/* The group or source of a value of `each`. */
static void narrow(struct scene *s, const char *value, struct arena *mem)
{
    for (unsigned group = 0; group < 3; group++)
        if (label_of(s) != NULL && strcmp(value, group_name(s, group, mem)) == 0)
            s->group = (int)group;
    if (strcmp(value, "a") == 0 || strcmp(value, "b") == 0)
        s->source = strcmp(value, "b") == 0;
}

static const char *rule_text(const struct scene *s, struct arena *mem)
{
    static const char *const operators[] = {"<", "<=", ">", ">=", "==", "!="};
    const char *labels = "", *keys = "", *label = label_of(s);
    unsigned op = chance(6);
    if (s->group >= 0)
        labels = arena_printf(mem, "{%s=\"%s\"}", label, group_name(s, (unsigned)s->group, mem));
    if (s->source >= 0)
        labels = arena_printf(mem, "{report=\"%s\"}", world_name((unsigned)s->source));
    if (s->each != NULL)
        keys = arena_printf(mem, ", each: %s", s->each);
    if (op < 4 && chance(6) == 0)
        keys = arena_printf(mem, "%s, tolerance: %u%s", keys, 1 + chance(3), s->kind->unit);
    return arena_printf(mem, "{rule: '%s%s %s %s'%s}", s->kind->measure, labels, operators[op],
                        threshold_text(s, mem), keys);
}

/* What the rule looks at; both or neither make one and the same rule. */
static void look(struct scene *s)
{
    unsigned at = s->kind->family == FAMILY_SONAR ? 0 : chance(6);
    s->group = s->source = -1;
    s->world.family = s->kind->family;
    s->each = NULL;
    if (at == 1 && label_of(s) != NULL)
        s->group = (int)chance(3);
    if (at == 2)
        s->source = (int)chance(2);
    if (at == 3)
        s->each = label_of(s);
    if (at == 4 && s->kind->family != FAMILY_COVERAGE)
        s->each = "report";
}

/* One world and one rule; what the rule says is followed when it fails. */
static void try_one(struct kind *kind)
{
    struct court court;
    struct scene s = {.kind = kind};
    struct problems found;
    court_open(&court, "version: 1\ngates: [{name: g, require: [tests.failed == 0]}]\n");
    problems_init(&found, court.mem);
    look(&s);
    fill_world(&s);
    const char *text = rule_text(&s, court.mem);
    struct rule *rule = rule_parse_keys("rule", text, strlen(text), court.mem, &found);
    if (rule != NULL && found.count == 0) {
        court.policy.gates.items[0].require.items[0] = rule;
        s.rule = rule;
        world_judge(&s.world, &court);
        const struct ruling ruling = court.verdict.gates.items[0].rulings.items[0];
        if (ruling.outcome == OUTCOME_FAILED) {
            s.each = ruling.each;
            if (s.each != NULL)
                narrow(&s, s.each, court.mem);
            if (!keep_promise(&court, &s, ruling.to_pass) &&
                !keep_updates(&court, &s, ruling.to_pass) &&
                !keep_difference(&court, &s, ruling.value.number, ruling.to_pass) &&
                !keep_target(&court, &s, ruling.to_pass))
                fail_msg("%s: what does `%s` ask for?", rule->text, ruling.to_pass);
            kind->checked++;
        }
    }
    court_close(&court);
}

static void doing_what_it_says_passes_and_one_less_does_not(void **state)
{
    (void)state;
    for (unsigned i = 0; i < TRIES; i++) {
        seed = 0x9e3779b97f4a7c15U * (i + 1);
        try_one(&kinds[i % KINDS]);
    }
    for (size_t i = 0; i < KINDS; i++)
        if (kinds[i].checked < LEAST_CHECKED)
            fail_msg("%s: only %u rules failed", kinds[i].measure, kinds[i].checked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doing_what_it_says_passes_and_one_less_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
