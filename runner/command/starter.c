#include "runner/command/starter.h"

#include <string.h>

#include "gates/base/text.h"
#include "gates/policy/yaml.h"
#include "runner/command/policyfile.h"
#include "runner/command/today.h"

/* --- values ---------------------------------------------------------------------------------- */

/* The nearest multiple of `step` that is not above, or, when `up`, not below. Values are 0 or more.
 */
static struct number rounded(struct number number, struct number step, bool up)
{
    struct number steps = number_scale(number, step.below, (uint64_t)step.above);
    int64_t below = (int64_t)steps.below, whole = steps.above / below;
    whole += up && steps.above % below != 0;
    return number_scale(number_of(whole), (uint64_t)step.above, step.below);
}

/* A step that leaves two digits: 10 for 755, 1000 for 20312. */
static struct number two_digits(struct number number)
{
    int64_t step = 1;
    while (step < INT64_C(1000000000000000) && number_compare(number, number_of(step * 100)) >= 0)
        step *= 10;
    return number_of(step);
}

/* --- rules ----------------------------------------------------------------------------------- */

/* How far from today's value a threshold lies. */
enum margin {
    MARGIN_NONE,   /* counts, ratings, words */
    MARGIN_TENTH,  /* of a per cent */
    MARGIN_DIGITS, /* two digits stay: what no two runs have alike */
};

struct demand {
    const char *gate, *rule, *today;
    bool warn;
    bool dropped; /* does not hold today, or demands nothing */
};

struct demands ARRAY(struct demand);

struct writer {
    struct starter *starter;
    struct arena *mem;
    struct demands demands;
};

static const char *threshold(const struct measure *measure, const struct value *value,
                             enum margin margin, struct arena *mem)
{
    static const struct number tenth = {1, 10};
    char digits[48];
    bool up = measure->better == BETTER_UP;
    struct number number = value->number;
    if (value->kind == VALUE_WORD)
        return arena_printf(mem, "== %s", value->word);
    if (margin == MARGIN_TENTH)
        number = rounded(number, tenth, !up);
    if (margin == MARGIN_DIGITS)
        number = rounded(number, two_digits(number), !up);
    if (measure->unit == UNIT_RATING)
        return arena_printf(mem, "<= %s", number_with_unit(number, UNIT_RATING, mem));
    const char *op = up ? ">=" : number.above == 0 ? "==" : "<=";
    return arena_printf(mem, "%s %s%s", op, number_short(digits, number), unit_name(measure->unit));
}

/* "today 81.4 % (4070 of 5000)" */
static const char *today_text(const struct measure *measure, const struct value *value,
                              struct arena *mem)
{
    const char *text = value_text(value, measure, NULL, mem);
    if (!value->has_parts || measure->unit == UNIT_COUNT)
        return arena_printf(mem, "today %s", text);
    return arena_printf(mem, "today %s (%llu of %llu)", text, (unsigned long long)value->part,
                        (unsigned long long)value->whole);
}

/* A rule of today's value, unless there is none or the rule would demand nothing. */
static struct demand *add(struct writer *w, const char *gate, const char *id, const char *severity,
                          enum margin margin)
{
    struct value value;
    struct problems found;
    const struct measure *measure = catalogue_find(id);
    if (!today_value(w->starter->evidence, id, severity, w->mem, &value))
        return NULL;
    const char *left = id;
    if (severity != NULL)
        left = arena_printf(w->mem, "%s{severity=\"%s\"}", id, severity);
    const char *rule =
        arena_printf(w->mem, "%s %s", left, threshold(measure, &value, margin, w->mem));
    problems_init(&found, w->mem);
    if (rule_parse(rule, (struct place){POLICY_FILE, 1, 1}, w->mem, &found) == NULL)
        return NULL;
    struct demand *demand = array_add(w->mem, &w->demands);
    *demand = (struct demand){gate, rule, today_text(measure, &value, w->mem), false, false};
    return demand;
}

/* Counts per severity; an unknown one only where there is one. */
static void add_severities(struct writer *w, const char *gate, enum family family)
{
    const char *id = family_name(family);
    if (!today_speaks(w->starter->evidence, family))
        return;
    for (int s = SEVERITY_CRITICAL; s >= SEVERITY_LOW; s--)
        add(w, gate, id, severity_name((enum severity)s), MARGIN_NONE);
    const char *unknown = severity_name(SEVERITY_UNKNOWN);
    if (today_count(w->starter->evidence, id, unknown, w->mem) > 0)
        add(w, gate, id, unknown, MARGIN_NONE);
}

static void add_all(struct writer *w, const char *gate, const char *const *ids, enum margin margin)
{
    for (; *ids != NULL; ids++)
        add(w, gate, *ids, NULL, margin);
}

/* Tests that were all skipped have not failed, whatever the program does: nothing is demanded of
 * them. */
static bool tests_ran(const struct writer *w)
{
    const struct evidence *evidence = w->starter->evidence;
    return today_count(evidence, "tests.passed", NULL, w->mem) > 0 ||
           today_count(evidence, "tests.failed", NULL, w->mem) > 0;
}

static void add_tests(struct writer *w)
{
    static const char gate[] = "unit test";
    static const char *const counts[] = {"tests.total", "tests.failed", "tests.skipped", NULL};
    static const char *const shares[] = {"coverage.lines", "coverage.branches", NULL};
    bool ran = tests_ran(w);
    if (ran)
        add_all(w, gate, counts, MARGIN_NONE);
    add_all(w, gate, shares, MARGIN_TENTH);
    struct demand *flaky = ran ? add(w, gate, "tests.flaky", NULL, MARGIN_NONE) : NULL;
    if (flaky != NULL)
        flaky->warn = true; /* how many are is chance */
}

static void add_analysis(struct writer *w)
{
    static const char gate[] = "static code analysis";
    static const char *const exact[] = {"sonar.reliability_rating",
                                        "sonar.security_rating",
                                        "sonar.sqale_rating",
                                        "sonar.reliability",
                                        "sonar.security",
                                        "sonar.maintainability",
                                        "sonar.bugs",
                                        "sonar.vulnerabilities",
                                        "sonar.code_smells",
                                        "sonar.violations",
                                        "sonar.security_hotspots",
                                        NULL};
    static const char *const shares[] = {"sonar.coverage", "sonar.duplicated_lines_density", NULL};
    struct value value;
    if (today_value(w->starter->evidence, "sonar.quality_gate", NULL, w->mem, &value) &&
        value.kind == VALUE_WORD && strcmp(value.word, "OK") == 0)
        add(w, gate, "sonar.quality_gate", NULL, MARGIN_NONE);
    add_all(w, gate, exact, MARGIN_NONE);
    add_all(w, gate, shares, MARGIN_TENTH);
    add_severities(w, gate, FAMILY_ISSUES);
    if (today_speaks(w->starter->evidence, FAMILY_HOTSPOTS))
        add(w, gate, "hotspots", NULL, MARGIN_NONE);
}

static void add_scan(struct writer *w)
{
    static const char gate[] = "container analysis";
    add_severities(w, gate, FAMILY_VULNERABILITIES);
    add_severities(w, gate, FAMILY_MISCONFIGURATIONS);
    if (today_speaks(w->starter->evidence, FAMILY_SECRETS))
        add(w, gate, "secrets", NULL, MARGIN_NONE);
    /* scanners look for secrets unless told not to, for licenses only when told to */
    if (today_count(w->starter->evidence, "licenses", NULL, w->mem) > 0)
        add(w, gate, "licenses", NULL, MARGIN_NONE);
}

static void add_load(struct writer *w)
{
    static const char gate[] = "load test";
    add(w, gate, "load.samples", NULL, MARGIN_DIGITS);
    add(w, gate, "load.error_rate", NULL, MARGIN_TENTH);
    add(w, gate, "load.p95", NULL, MARGIN_DIGITS);
}

/* --- the text -------------------------------------------------------------------------------- */

static const char *entry_text(const struct report_entry *entry, struct arena *mem)
{
    return arena_printf(mem, "- {format: %s, path: %s%s}", entry->format,
                        text_in_yaml(entry->path, mem), entry->tracked ? ", tracked: true" : "");
}

static const char *with_comment(const char *line, size_t width, const char *comment,
                                struct arena *mem)
{
    size_t used = text_width(line);
    return arena_printf(mem, "%s%*s  # %s\n", line, used < width ? (int)(width - used) : 0, "",
                        comment);
}

static const char *reports_text(struct writer *w)
{
    const struct gathereds *entries = &w->starter->gather->entries;
    const struct pipeline_reports *absent = w->starter->absent;
    const char *text = "reports:\n";
    for (size_t i = 0; i < entries->count; i++) {
        const char *line =
            arena_printf(w->mem, "%s  %s", text, entry_text(&entries->items[i].entry, w->mem));
        size_t files = entries->items[i].files;
        text = files == 1 ? arena_printf(w->mem, "%s\n", line)
                          : arena_printf(w->mem, "%s  # today %zu files\n", line, files);
    }
    for (size_t i = 0; i < absent->count; i++) {
        const struct report_entry entry = {.format = absent->items[i].reader->name,
                                           .path = absent->items[i].path};
        text = arena_printf(w->mem, "%s%s  # %s\n", text,
                            i == 0 ? "  # named in " PIPELINE_FILE ", not here today:\n" : "",
                            entry_text(&entry, w->mem));
    }
    return text;
}

/* Is it a rule of this list? */
static bool stands_in(const struct demand *demand, const char *gate, bool warn)
{
    return !demand->dropped && demand->warn == warn && strcmp(demand->gate, gate) == 0;
}

static const char *rule_line(const struct demand *demand, struct arena *mem)
{
    return arena_printf(mem, "      - %s", text_in_yaml(demand->rule, mem));
}

/* The rules of one list of a gate, with what they are today behind them. */
static const char *list_text(struct writer *w, const char *gate, bool warn)
{
    const struct demands *all = &w->demands;
    const char *text = "", *key = warn ? "    warn:\n" : "    require:\n";
    size_t width = 0;
    for (size_t i = 0; i < all->count; i++) {
        bool here = stands_in(&all->items[i], gate, warn);
        size_t wide = here ? text_width(rule_line(&all->items[i], w->mem)) : 0;
        width = wide > width ? wide : width;
    }
    for (size_t i = 0; i < all->count; i++) {
        const struct demand *demand = &all->items[i];
        if (stands_in(demand, gate, warn))
            text =
                arena_printf(w->mem, "%s%s%s", text, *text == '\0' ? key : "",
                             with_comment(rule_line(demand, w->mem), width, demand->today, w->mem));
    }
    return text;
}

static const char *gates_text(struct writer *w)
{
    const char *text = "gates:\n", *last = "";
    for (size_t i = 0; i < w->demands.count; i++) {
        const char *gate = w->demands.items[i].gate;
        if (strcmp(gate, last) == 0)
            continue;
        last = gate;
        const char *require = list_text(w, gate, false), *warn = list_text(w, gate, true);
        if (*require != '\0' || *warn != '\0')
            text = arena_printf(w->mem, "%s  - name: %s\n%s%s", text, gate, require, warn);
    }
    return text;
}

static void write_text(struct writer *w)
{
    w->starter->text = arena_printf(
        w->mem,
        "# What every build has to show: what it shows today, so that it cannot get worse.\n"
        "# `qgate check` judges, `qgate explain 'RULE'` says a rule in words, `qgate measures` "
        "lists\n"
        "# what else can be demanded. When a value gets better, tighten its rule.\n"
        "version: 1\n"
        "\n%s\n%s",
        reports_text(w), gates_text(w));
}

/* --- does it pass? --------------------------------------------------------------------------- */

/* Does the policy, once loaded, name the very files? A line break in a name would not survive YAML.
 */
static bool names_them(const struct writer *w, const struct policy *policy)
{
    const struct gathereds *entries = &w->starter->gather->entries;
    for (size_t i = 0; i < entries->count; i++)
        if (strcmp(policy->reports.items[i].path, entries->items[i].entry.path) != 0)
            return false;
    return true;
}

static bool load(struct writer *w, struct policy *policy, struct error *err)
{
    struct problems found;
    problems_init(&found, w->mem);
    const char *text = w->starter->text;
    if (!policy_load(POLICY_FILE, text, strlen(text), NULL, w->mem, policy, &found, err))
        return false;
    if (found.count == 0 && names_them(w, policy))
        return true;
    return error_set(err, FAULT_SYSTEM, "no policy can name these reports: %s",
                     found.count > 0 ? found.items[0].what : "a name holds a line break");
}

/* Drop what does not hold. False: everything does. */
static bool drop_failing(struct writer *w, const struct verdict *verdict)
{
    bool dropped = false;
    for (size_t i = 0; i < verdict->gates.count; i++) {
        const struct rulings *rulings = &verdict->gates.items[i].rulings;
        for (size_t j = 0; j < rulings->count; j++)
            for (size_t k = 0; k < w->demands.count; k++) {
                struct demand *demand = &w->demands.items[k];
                if (rulings->items[j].outcome == OUTCOME_PASSED || demand->dropped ||
                    strcmp(demand->rule, rulings->items[j].rule->text) != 0)
                    continue;
                demand->dropped = dropped = true;
            }
    }
    return dropped;
}

static size_t count_rules(struct writer *w)
{
    size_t count = 0;
    for (size_t i = 0; i < w->demands.count; i++)
        count += !w->demands.items[i].dropped;
    return count;
}

/* Write, load and judge until every rule holds. */
static bool settle(struct writer *w, struct error *err)
{
    struct starter *starter = w->starter;
    struct policy policy;
    struct verdict verdict;
    do {
        starter->rules = count_rules(w);
        if (starter->rules == 0) {
            error_set(err, FAULT_REPORT, "nothing can be demanded of these reports");
            return error_hint(err, "`qgate read REPORT` says what is in them");
        }
        write_text(w);
        if (!load(w, &policy, err))
            return false;
        struct docket docket = {
            .policy = &policy,
            .now = starter->evidence,
            .why_no_baseline = "",
            .stage = "build",
            .branch = starter->branch,
            .today = starter->today,
        };
        judge(&docket, w->mem, &verdict);
    } while (drop_failing(w, &verdict));
    starter->gates = policy.gates.count;
    return verdict.outcome == OUTCOME_PASSED ||
           error_set(err, FAULT_REPORT, "these reports cannot be judged together");
}

bool starter_write(struct starter *starter, struct error *err)
{
    struct writer w = {.starter = starter, .mem = starter->mem};
    add_tests(&w);
    add_analysis(&w);
    add_scan(&w);
    add_load(&w);
    return settle(&w, err);
}
