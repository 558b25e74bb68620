#include "runner/render/words.h"

#include <string.h>
#include <time.h>

#include "gates/measure/estate.h"

const char *words_origins(struct arena *mem, const struct policy_origins *origins)
{
    enum { MOST = 20 };
    const char *text = "";
    for (size_t i = 0; i < origins->count && i < MOST; i++) {
        const struct policy_origin *origin = &origins->items[i];
        bool own = strcmp(origin->role, "extends") == 0 || strcmp(origin->role, "waiver_file") == 0;
        text = arena_printf(mem, "%s + %s%s%s", text, own ? "" : origin->role, own ? "" : " ",
                            origin->name);
    }
    if (origins->count <= MOST)
        return text;
    return arena_printf(mem, "%s + %s more", text, words_number(mem, origins->count - MOST));
}

const char *words_number(struct arena *mem, size_t number)
{
    enum { GROUP = 1000 };
    if (number < GROUP)
        return arena_printf(mem, "%zu", number);
    return arena_printf(mem, "%s,%03zu", words_number(mem, number / GROUP), number % GROUP);
}

const char *words_count(struct arena *mem, size_t count, const char *noun)
{
    return arena_printf(mem, "%s %s%s", words_number(mem, count), noun, count == 1 ? "" : "s");
}

/* "a" and "b" with a separator between them when neither is empty. */
static const char *joined(struct arena *mem, const char *a, const char *separator, const char *b)
{
    if (*a == '\0' || *b == '\0')
        return *a == '\0' ? b : a;
    return arena_printf(mem, "%s%s%s", a, separator, b);
}

/* " new lines", where the whole is only what this change added. */
static const char *new_things(const struct rule *rule)
{
    if (rule->function != FUNCTION_NEW)
        return "";
    return strcmp(rule->selector.id, "coverage.branches") == 0 ? " new branches" : " new lines";
}

const char *words_value(struct arena *mem, const struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    const struct rule *rule = ruling->rule;
    const struct measure *measure = rule->selector.measure;
    if (measure == NULL || (value->kind != VALUE_NUMBER && value->kind != VALUE_WORD))
        return "";
    const char *text = ruling_text(ruling, mem);
    if (ruling->after.kind == VALUE_NUMBER)
        return text;
    unsigned long long part = value->part, whole = value->whole;
    if (value->has_parts && measure->unit != UNIT_COUNT)
        return arena_printf(mem, "%s (%llu of %llu%s)", text, part, whole, new_things(rule));
    /* a suite that broke counts as failed and is no test: there may be more failed than tests */
    if (value->has_parts && part <= whole)
        return arena_printf(mem, "%s of %llu", text, whole);
    if (value->method != NULL)
        return arena_printf(mem, "%s (%s)", text, value->method);
    return text;
}

/* Nothing to compare with: what the rule makes of it. */
static const char *without_baseline(enum outcome outcome)
{
    if (outcome == OUTCOME_PASSED)
        return "no baseline, passed by `on_no_baseline`";
    return outcome == OUTCOME_WARNED ? "no baseline, a warning only" : "no baseline";
}

const char *words_ruling(struct arena *mem, const struct ruling *ruling)
{
    const char *value = words_value(mem, ruling);
    if (ruling->no_baseline)
        return without_baseline(ruling->outcome);
    if (ruling->value.waived > 0)
        return arena_printf(mem, "%s, and %llu waived", value,
                            (unsigned long long)ruling->value.waived);
    switch (ruling->outcome) {
    case OUTCOME_WARNED:
        return joined(mem, *value == '\0' ? "no data" : value, ", ", "a warning only");
    case OUTCOME_WAIVED:
        return joined(mem, value, ", ", "waived");
    case OUTCOME_NO_DATA:
    case OUTCOME_ERROR: /* the other reports' numbers are shown and judged nowhere */
        if (*value != '\0')
            value = arena_printf(mem, "%s so far", value);
        return joined(mem, outcome_name(ruling->outcome), ", ", value);
    case OUTCOME_NOT_APPLICABLE:
        return outcome_name(ruling->outcome);
    case OUTCOME_PASSED:
        return ruling->value.kind == VALUE_NONE ? "no data, passed by `on_missing`" : value;
    default:
        return value;
    }
}

enum outcome words_outcome(const struct gate_ruling *gate, const struct ruling *ruling)
{
    bool waived = gate->waiver != NULL && ruling->outcome > OUTCOME_WAIVED;
    return waived ? OUTCOME_WAIVED : ruling->outcome;
}

static const char *given(const char *text)
{
    return text == NULL ? "" : text;
}

/* "zlib 1.2.11, fixed in 1.2.13", else "src/a.c:12", else what was examined. */
static const char *place_of(struct arena *mem, const struct finding *finding)
{
    const char *package = given(finding->package), *path = given(finding->path);
    if (*package != '\0') {
        package = joined(mem, package, " ", given(finding->version));
        return joined(mem, package, ", fixed in ", given(finding->fixed));
    }
    if (*path != '\0' && finding->line > 0)
        return arena_printf(mem, "%s:%u", path, (unsigned)finding->line);
    return *path != '\0' ? path : given(finding->target);
}

const char *words_detail(struct arena *mem, const struct detail *detail)
{
    const struct finding *finding = detail->finding;
    if (finding == NULL || finding->family == FAMILY_COVERAGE) /* its place is the subject */
        return detail->text;
    if (detail->waiver != NULL) /* what is waived needs its reason, not its severity and remedy */
        return joined(mem, joined(mem, given(finding->package), " ", given(finding->version)), "  ",
                      detail->text);
    const char *what = joined(mem, severity_name(finding->severity), "  ", place_of(mem, finding));
    return joined(mem, what, "  ", detail->text);
}

/* "1 rule failed", "2 of 5 rules failed" */
static const char *some_rules(struct arena *mem, size_t count, size_t all, const char *verb)
{
    if (all == 1)
        return arena_printf(mem, "1 rule %s", verb);
    return arena_printf(mem, "%zu of %zu rules %s", count, all, verb);
}

/* With the reason when all rules share it. */
static const char *not_applicable(struct arena *mem, const struct rulings *rulings)
{
    const char *name = outcome_name(OUTCOME_NOT_APPLICABLE);
    for (size_t i = 1; i < rulings->count; i++)
        if (strcmp(rulings->items[i].reason, rulings->items[0].reason) != 0)
            return name;
    return joined(mem, name, ": ", rulings->count > 0 ? rulings->items[0].reason : "");
}

/* "3 rules passed, 1 waived" */
static const char *calm_rules(struct arena *mem, const size_t counts[OUTCOME_COUNT])
{
    static const char *const verbs[] = {[OUTCOME_PASSED] = "passed",
                                        [OUTCOME_NOT_APPLICABLE] = "not applicable",
                                        [OUTCOME_WAIVED] = "waived"};
    const char *text = "";
    for (enum outcome o = OUTCOME_PASSED; o <= OUTCOME_WAIVED; o++) {
        if (counts[o] == 0)
            continue;
        const char *noun = *text != '\0' ? "" : counts[o] == 1 ? "rule " : "rules ";
        text = joined(mem, text, ", ", arena_printf(mem, "%zu %s%s", counts[o], noun, verbs[o]));
    }
    return text;
}

const char *words_gate(struct arena *mem, const struct gate_ruling *gate)
{
    static const char *const verbs[OUTCOME_COUNT] = {
        [OUTCOME_WARNED] = "warned",
        [OUTCOME_NO_DATA] = "without data",
        [OUTCOME_ERROR] = "with an error",
        [OUTCOME_FAILED] = "failed",
    };
    const struct rulings *rulings = &gate->rulings;
    size_t counts[OUTCOME_COUNT] = {0};
    for (size_t i = 0; i < rulings->count; i++)
        counts[rulings->items[i].outcome]++;
    if (counts[OUTCOME_NOT_APPLICABLE] == rulings->count)
        return not_applicable(mem, rulings);
    const char *text = "";
    for (enum outcome o = OUTCOME_FAILED; o >= OUTCOME_WARNED; o--) {
        if (counts[o] == 0)
            continue;
        const char *more = arena_printf(mem, "%zu %s", counts[o], verbs[o]);
        text = *text == '\0' ? some_rules(mem, counts[o], rulings->count, verbs[o])
                             : joined(mem, text, ", ", more);
    }
    if (*text != '\0')
        return text;
    return calm_rules(mem, counts);
}

const char *words_run(struct arena *mem, const struct verdict *verdict)
{
    const size_t *gates = verdict->gate_counts, *rules = verdict->rule_counts;
    size_t all = 0, judged_rules = 0;
    for (enum outcome o = OUTCOME_PASSED; o < OUTCOME_COUNT; o++) {
        all += o == OUTCOME_NOT_APPLICABLE ? 0 : gates[o];
        judged_rules += o == OUTCOME_NOT_APPLICABLE ? 0 : rules[o];
    }
    const char *text;
    if (all == 0)
        text = "nothing was judged";
    else if (verdict->outcome == OUTCOME_PASSED)
        text = arena_printf(mem, "%s · %s", words_count(mem, all, "gate"),
                            words_count(mem, judged_rules, "rule"));
    else
        text =
            arena_printf(mem, "%zu of %s", gates[verdict->outcome], words_count(mem, all, "gate"));
    const struct {
        bool said;
        uint64_t count;
        const char *one, *many;
    } beside[] = {
        {verdict->outcome == OUTCOME_FAILED, gates[OUTCOME_ERROR], "error", "errors"},
        {verdict->outcome != OUTCOME_NO_DATA, gates[OUTCOME_NO_DATA], "gate without data",
         "gates without data"},
        {true, rules[OUTCOME_WARNED], "warning", "warnings"},
        {true, rules[OUTCOME_WAIVED], "waived", "waived"},
        {true, gates[OUTCOME_NOT_APPLICABLE], "not applicable", "not applicable"},
        {true, verdict->small_changes, "small change", "small changes"},
        {true, verdict->disclosed, "vulnerability newly disclosed",
         "vulnerabilities newly disclosed"},
        {true, verdict->flaky, "flaky test", "flaky tests"},
        {true, verdict->suspected, "test suspected flaky", "tests suspected flaky"},
    };
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (beside[i].said && beside[i].count > 0)
            text = arena_printf(mem, "%s · %llu %s", text, (unsigned long long)beside[i].count,
                                beside[i].count == 1 ? beside[i].one : beside[i].many);
    return text;
}

const char *words_difference(struct arena *mem, const struct difference *difference)
{
    const char *before = difference->before, *after = difference->after;
    if (*before != '\0' && *after != '\0')
        return arena_printf(mem, "%s   %s  →  %s", difference->what, before, after);
    const char *one = *before != '\0' ? before : after;
    return arena_printf(mem, "%s%s%s", difference->what, *one == '\0' ? "" : ": ", one);
}

const char *words_differences(struct arena *mem, const struct differences *differences)
{
    static const char *const verbs[] = {
        [DIFFERENCE_LOOSENED] = "loosens",
        [DIFFERENCE_CHANGED] = "changes",
        [DIFFERENCE_TIGHTENED] = "tightens",
    };
    size_t counts[3] = {0};
    const char *text = "";
    for (size_t i = 0; i < differences->count; i++)
        counts[differences->items[i].kind]++;
    for (int kind = 0; kind < 3; kind++) {
        if (counts[kind] == 0)
            continue;
        bool first = *text == '\0';
        text = arena_printf(mem, "%s%s%s %s in %s", text, first ? "" : ", ", verbs[kind],
                            first ? "the policy" : "it", words_count(mem, counts[kind], "place"));
    }
    return text;
}

const char *words_error(struct arena *mem, const struct error *err)
{
    if (err->line == 0)
        return err->what;
    if (err->column == 0)
        return arena_printf(mem, "line %u: %s", err->line, err->what);
    return arena_printf(mem, "line %u, column %u: %s", err->line, err->column, err->what);
}

/* Files of one format: how many were read, and how many should have been. */
static size_t count_files(const struct evidence *evidence, const char *format, size_t *expected)
{
    size_t read = 0;
    *expected = 0;
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct source *source = &evidence->sources.items[i];
        for (size_t j = 0; j < source->inputs.count && strcmp(source->format, format) == 0; j++) {
            enum input_state state = source->inputs.items[j].state;
            read += state == INPUT_READ;
            *expected += state == INPUT_READ || state == INPUT_BROKEN ||
                         (state == INPUT_MISSING && !source->optional);
        }
    }
    return read;
}

/* "13 deployments of 4 services"; "" where nothing was gathered. Units are sorted by service. */
static const char *delivered(struct arena *mem, const struct evidence *evidence)
{
    size_t deployments = 0, services = 0;
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct dora_estate *estate = evidence->sources.items[i].estate;
        for (size_t j = 0; estate != NULL && j < estate->units.count; j++) {
            const struct dora_unit *unit = &estate->units.items[j];
            services += j == 0 || strcmp(unit->service, unit[-1].service) != 0;
            deployments += unit->chain.deployments.count;
        }
    }
    if (services == 0)
        return "";
    return arena_printf(mem, "%s of %s", words_count(mem, deployments, "deployment"),
                        words_count(mem, services, "service"));
}

const char *words_read(struct arena *mem, const struct evidence *evidence)
{
    const char *text = "", *estate = delivered(mem, evidence);
    size_t all = 0;
    for (size_t i = 0; readers[i] != NULL; i++) {
        size_t expected, read = count_files(evidence, readers[i]->name, &expected);
        if (expected == 0)
            continue;
        const char *files = arena_printf(mem, "%s %zu", readers[i]->name, read);
        if (read < expected)
            files = arena_printf(mem, "%s of %zu", files, expected);
        text = joined(mem, text, ", ", files);
        all += expected;
    }
    if (*text != '\0')
        text = joined(mem, text, " ", all == 1 ? "file" : "files");
    if (*estate != '\0')
        return *text == '\0' ? estate : joined(mem, text, ", ", estate);
    return *text == '\0' ? "no report" : text;
}

static const char *in_days(struct arena *mem, int32_t days)
{
    if (days == 0)
        return "today";
    return arena_printf(mem, "in %s", words_count(mem, (size_t)days, "day"));
}

/* One more, unless it is among the first already. */
static size_t add_step(struct arena *mem, struct words *first, const char *step)
{
    enum { MOST_STEPS = 3 };
    for (size_t i = 0; i < first->count; i++)
        if (strcmp(first->items[i], step) == 0)
            return 0;
    if (first->count < MOST_STEPS)
        array_push(mem, first, step);
    return 1;
}

static size_t add_steps(struct arena *mem, const struct gate_ruling *gate, enum outcome outcome,
                        struct words *first)
{
    size_t count = 0;
    for (size_t i = 0; i < gate->rulings.count; i++) {
        const struct ruling *ruling = &gate->rulings.items[i];
        if (ruling->outcome == outcome && *ruling->to_pass != '\0')
            count += add_step(mem, first, ruling->to_pass);
    }
    return count;
}

size_t words_steps(struct arena *mem, const struct verdict *verdict, struct words *first)
{
    size_t count = 0;
    for (size_t i = 0; i < verdict->gates.count; i++)
        if (verdict->gates.items[i].outcome != OUTCOME_WAIVED)
            count += add_steps(mem, &verdict->gates.items[i], verdict->outcome, first);
    return count;
}

const char *words_waiver(struct arena *mem, const struct waiver_ruling *ruling)
{
    enum { SOON = 14 };
    if (ruling->state == WAIVER_EXPIRED)
        return arena_printf(mem, "expired %s ago and does not count",
                            words_count(mem, (size_t)-ruling->days_left, "day"));
    if (ruling->state == WAIVER_TOO_LONG)
        return arena_printf(mem, "reaches %s ahead, further than `max_days`: it does not count",
                            words_count(mem, (size_t)ruling->days_left, "day"));
    if (ruling->asked && ruling->used == 0)
        return "waives nothing: take it out";
    if (ruling->used > 0 && ruling->days_left <= SOON)
        return arena_printf(mem, "expires %s", in_days(mem, ruling->days_left));
    return "";
}

const char *words_instant(char buffer[32], int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm date;
    if (gmtime_r(&time, &date) == NULL || strftime(buffer, 32, "%Y-%m-%dT%H:%M:%SZ", &date) == 0)
        *buffer = '\0';
    return buffer;
}
