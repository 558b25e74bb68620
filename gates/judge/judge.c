#include "gates/judge/judge.h"

#include <string.h>

#include "gates/base/glob.h"
#include "gates/judge/parts.h"

bool verdict_compare(const struct rule *rule, const struct value *value, struct number threshold)
{
    if (value->kind == VALUE_WORD || rule->word != NULL) {
        bool same =
            value->kind == VALUE_WORD && rule->word != NULL && strcmp(value->word, rule->word) == 0;
        return same == (rule->compare == COMPARE_EQUAL);
    }
    int order = number_compare(value->number, threshold);
    switch (rule->compare) {
    case COMPARE_LESS:
        return order < 0;
    case COMPARE_AT_MOST:
        return order <= 0;
    case COMPARE_MORE:
        return order > 0;
    case COMPARE_AT_LEAST:
        return order >= 0;
    case COMPARE_EQUAL:
        return order == 0;
    default:
        return order != 0;
    }
}

static bool matches_any(const struct words *globs, const char *text)
{
    for (size_t i = 0; i < globs->count; i++)
        if (glob_match(globs->items[i], text))
            return true;
    return false;
}

static bool touches_any(const struct words *globs, const struct change *change)
{
    for (size_t i = 0; i < change->files.count; i++)
        if (matches_any(globs, change->files.items[i].path) ||
            matches_any(globs, change->files.items[i].old_path))
            return true;
    return false;
}

/* Why a condition keeps something from being judged; NULL: it applies. A branch or change that is
 * not known keeps nothing out: a rule too many is better than one too few. */
static const char *why_not(const struct when *when, const struct trial *trial)
{
    const struct docket *docket = trial->docket;
    if (when->branches.count > 0 && docket->branch != NULL &&
        !matches_any(&when->branches, docket->branch))
        return arena_printf(trial->mem, "not for branch %s", docket->branch);
    if (when->changes.count > 0 && docket->change != NULL && docket->change->why_not == NULL &&
        !touches_any(&when->changes, docket->change))
        return "this change touches none of its paths";
    return NULL;
}

static bool is_absent(const struct source *source)
{
    for (size_t i = 0; i < source->inputs.count; i++)
        if (source->inputs.items[i].state != INPUT_MISSING)
            return false;
    return true;
}

static struct detail *add_detail(struct trial *trial, struct details *details, const char *subject,
                                 const char *text)
{
    struct detail *detail = array_add(trial->mem, details);
    detail->subject = subject;
    detail->text = text;
    return detail;
}

static const char *place_of(const struct error *err, struct arena *mem)
{
    if (err->line == 0)
        return "";
    if (err->column == 0)
        return arena_printf(mem, "line %u: ", err->line);
    return arena_printf(mem, "line %u, column %u: ", err->line, err->column);
}

enum outcome trial_source(struct trial *trial, const struct source *source, struct ruling *ruling)
{
    enum outcome worst = OUTCOME_PASSED;
    for (size_t i = 0; i < source->inputs.count; i++) {
        const struct input_record *input = &source->inputs.items[i];
        if (input->state == INPUT_BROKEN) {
            worst = OUTCOME_ERROR;
            ruling->reason = arena_printf(trial->mem, "%s cannot be read", input->path);
            ruling->to_pass = arena_printf(trial->mem, "repair what writes %s", input->path);
            add_detail(trial, &ruling->details, input->path,
                       arena_printf(trial->mem, "%s%s", place_of(input->error, trial->mem),
                                    input->error->what));
        } else if (input->state == INPUT_MISSING && !source->optional && worst != OUTCOME_ERROR) {
            worst = OUTCOME_NO_DATA;
            ruling->reason = arena_printf(trial->mem, "%s is not there", input->path);
            ruling->to_pass = arena_printf(
                trial->mem,
                "look at the job that should leave %s (not in every build? say `optional: true`)",
                input->path);
        }
    }
    if (worst == OUTCOME_PASSED && !source->whole && source->part_reason != NULL) {
        worst = OUTCOME_NO_DATA;
        ruling->reason = source->part_reason;
        ruling->to_pass = arena_printf(trial->mem, "give qgate all of %s", source->path);
    }
    return worst;
}

/* What stands in the way of an answer: reports that are absent, broken or not whole. */
static enum outcome check_sources(struct trial *trial, const struct selector *selector,
                                  struct ruling *ruling)
{
    const struct evidence *now = trial->docket->now;
    enum outcome worst = OUTCOME_PASSED;
    size_t drawn = 0, absent = 0;
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct source *source = &now->sources.items[i];
        if (!measure_draws(selector, source))
            continue;
        drawn++;
        absent += source->optional && is_absent(source);
        struct ruling found = {.reason = "", .to_pass = ""};
        enum outcome outcome = trial_source(trial, source, &found);
        if (outcome <= worst)
            continue;
        worst = outcome;
        ruling->reason = found.reason;
        ruling->to_pass = found.to_pass;
        ruling->details = found.details;
    }
    if (worst == OUTCOME_PASSED && drawn > 0 && absent == drawn) {
        ruling->reason = "its optional reports are not there";
        return OUTCOME_NOT_APPLICABLE;
    }
    return worst;
}

/* No data, as the rule wants it taken. */
static enum outcome lenient(const struct rule *rule)
{
    switch (rule->on_missing) {
    case ON_MISSING_WARN:
        return OUTCOME_WARNED;
    case ON_MISSING_PASS:
        return OUTCOME_PASSED;
    case ON_MISSING_SKIP:
        return OUTCOME_NOT_APPLICABLE;
    default:
        return OUTCOME_NO_DATA;
    }
}

static bool has_part(const struct trial *trial, const struct selector *selector)
{
    const struct evidence *now = trial->docket->now;
    for (size_t i = 0; i < now->sources.count; i++)
        if (measure_draws(selector, &now->sources.items[i]) &&
            now->sources.items[i].part_reason != NULL)
            return true;
    return false;
}

static void judge_value(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    if (verdict_compare(rule, &ruling->value, rule->threshold)) {
        ruling->outcome = OUTCOME_PASSED;
        return;
    }
    if (rule->tolerance.above != 0) {
        bool up = rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
        struct number slack = rule->tolerance;
        slack.above = up ? -slack.above : slack.above;
        if (verdict_compare(rule, &ruling->value, number_add(rule->threshold, slack))) {
            ruling->outcome = OUTCOME_PASSED;
            ruling->reason = arena_printf(
                trial->mem, "held only by the tolerance of %s",
                number_with_unit(rule->tolerance, rule->selector.measure->unit, trial->mem));
            return;
        }
    }
    ruling->outcome = OUTCOME_FAILED;
    advise(trial, rule, ruling);
}

/* One comparison for one selector: the rule's own, or the rule's for one value of `each`. */
static void judge_comparison(struct trial *trial, const struct rule *rule,
                             const struct selector *selector, struct ruling *ruling)
{
    measure_take(selector, trial->docket->now, trial->mem, &ruling->value);
    if (rule->function != FUNCTION_NONE || selector->measure->take == NULL) {
        ruling->value = (struct value){.why = "this version cannot judge it yet"};
        ruling->outcome = OUTCOME_NO_DATA;
        ruling->reason = ruling->value.why;
        ruling->to_pass = "take the rule out until a version that can judge it";
        return;
    }
    ruling->outcome = check_sources(trial, selector, ruling);
    if (ruling->outcome == OUTCOME_NO_DATA && !has_part(trial, selector))
        ruling->outcome = lenient(rule);
    if (ruling->outcome != OUTCOME_PASSED || ruling->reason[0] != '\0')
        return;
    if (ruling->value.kind == VALUE_NUMBER || ruling->value.kind == VALUE_WORD) {
        judge_value(trial, rule, ruling);
        return;
    }
    ruling->reason = ruling->value.why;
    ruling->outcome = ruling->value.kind == VALUE_ERROR ? OUTCOME_ERROR : lenient(rule);
    ruling->to_pass = ruling->value.kind == VALUE_ERROR ? "write the rule so that it has one answer"
                                                        : advise_missing(trial, selector);
}

/* `any`: holds when one alternative does; without data only when none has any. */
static void judge_any(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    bool all_no_data = true, error = false;
    for (size_t i = 0; i < rule->any.count; i++) {
        struct ruling one = {.rule = rule->any.items[i], .reason = "", .to_pass = ""};
        judge_comparison(trial, one.rule, &one.rule->selector, &one);
        if (i == 0 || one.outcome == OUTCOME_PASSED) {
            ruling->value = one.value;
            ruling->to_pass = one.to_pass;
        }
        if (one.outcome == OUTCOME_PASSED) {
            ruling->outcome = OUTCOME_PASSED;
            ruling->reason = arena_printf(trial->mem, "holds by %s", one.rule->text);
            ruling->details = (struct details){0};
            return;
        }
        error |= one.outcome == OUTCOME_ERROR;
        all_no_data &= one.outcome == OUTCOME_NO_DATA;
        add_detail(trial, &ruling->details, one.rule->text,
                   arena_printf(trial->mem, "%s", one.reason));
        if (i > 0 && one.to_pass[0] != '\0')
            ruling->to_pass = arena_printf(trial->mem, "%s, or %s", ruling->to_pass, one.to_pass);
    }
    ruling->outcome = error ? OUTCOME_ERROR : all_no_data ? OUTCOME_NO_DATA : OUTCOME_FAILED;
    ruling->reason = "none of its rules holds";
}

/* What the place of a rule makes of its outcome: `warn:` and a day that has not come. */
static void soften(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    int32_t days = rule->enforce_from - trial->docket->today;
    if (days > 0 && ruling->outcome == OUTCOME_FAILED) {
        ruling->outcome = OUTCOME_WARNED;
        ruling->reason =
            arena_printf(trial->mem, "%s%senforced in %d day%s", ruling->reason,
                         ruling->reason[0] != '\0' ? "; " : "", (int)days, days == 1 ? "" : "s");
    }
    if (ruling->warning &&
        (ruling->outcome == OUTCOME_FAILED || ruling->outcome == OUTCOME_NO_DATA))
        ruling->outcome = OUTCOME_WARNED;
    if (ruling->outcome == OUTCOME_PASSED || ruling->outcome == OUTCOME_NOT_APPLICABLE)
        ruling->to_pass = "";
}

static struct ruling *add_ruling(struct trial *trial, struct rulings *all, const struct rule *rule,
                                 bool warning)
{
    struct ruling *ruling = array_add(trial->mem, all);
    *ruling = (struct ruling){.rule = rule, .warning = warning, .reason = "", .to_pass = ""};
    ruling->value.why = "";
    return ruling;
}

static const struct selector *narrowed(struct trial *trial, const struct rule *rule,
                                       const char *value)
{
    struct selector *selector = arena_new_item(trial->mem, struct selector);
    *selector = rule->selector;
    selector->labels = (struct label_matches){0};
    for (size_t i = 0; i < rule->selector.labels.count; i++)
        array_push(trial->mem, &selector->labels, rule->selector.labels.items[i]);
    struct label_match *match = array_add(trial->mem, &selector->labels);
    *match =
        (struct label_match){.label = rule->each, .op = LABEL_IS, .value = value, .literal = true};
    return selector;
}

/* `each`: judged apart for every value of the label, the worst first. */
static void judge_each(struct trial *trial, const struct rule *rule, bool warning,
                       struct rulings *all)
{
    struct words values;
    measure_label_values(&rule->selector, rule->each, trial->docket->now, trial->mem, &values);
    if (values.count == 0) {
        struct ruling *ruling = add_ruling(trial, all, rule, warning);
        judge_comparison(trial, rule, &rule->selector, ruling);
        if (ruling->outcome == OUTCOME_PASSED || ruling->outcome == OUTCOME_FAILED) {
            ruling->outcome = lenient(rule);
            ruling->reason = arena_printf(trial->mem, "no %s is listed", rule->each);
            ruling->to_pass = advise_missing(trial, &rule->selector);
        }
        soften(trial, rule, ruling);
        return;
    }
    size_t first = all->count;
    for (size_t i = 0; i < values.count; i++) {
        struct ruling one = {
            .rule = rule, .warning = warning, .each = values.items[i], .reason = "", .to_pass = ""};
        judge_comparison(trial, rule, narrowed(trial, rule, values.items[i]), &one);
        soften(trial, rule, &one);
        size_t at = all->count;
        array_push(trial->mem, all, one);
        for (; at > first && all->items[at - 1].outcome < one.outcome; at--)
            all->items[at] = all->items[at - 1];
        all->items[at] = one;
    }
}

static void judge_rule(struct trial *trial, const struct rule *rule, bool warning,
                       struct rulings *all)
{
    const char *reason = why_not(&rule->when, trial);
    if (reason == NULL && rule->any.count == 0 && rule->each != NULL) {
        judge_each(trial, rule, warning, all);
        return;
    }
    struct ruling *ruling = add_ruling(trial, all, rule, warning);
    if (reason != NULL) {
        ruling->outcome = OUTCOME_NOT_APPLICABLE;
        ruling->reason = reason;
        return;
    }
    if (rule->any.count > 0)
        judge_any(trial, rule, ruling);
    else
        judge_comparison(trial, rule, &rule->selector, ruling);
    soften(trial, rule, ruling);
}

static bool is_judged_here(const struct docket *docket, const struct gate *gate)
{
    return strcmp(gate->stage, docket->stage) == 0;
}

static void judge_gate(struct trial *trial, const struct gate *gate, struct verdict *verdict)
{
    struct gate_ruling *ruling = array_add(trial->mem, &verdict->gates);
    *ruling = (struct gate_ruling){.gate = gate, .outcome = OUTCOME_PASSED};
    if (!is_judged_here(trial->docket, gate)) {
        ruling->other_stage = true;
        ruling->outcome = OUTCOME_NOT_APPLICABLE;
        return;
    }
    for (size_t i = 0; i < gate->require.count; i++)
        judge_rule(trial, gate->require.items[i], false, &ruling->rulings);
    for (size_t i = 0; i < gate->warn.count; i++)
        judge_rule(trial, gate->warn.items[i], true, &ruling->rulings);
    size_t not_applicable = 0;
    for (size_t i = 0; i < ruling->rulings.count; i++) {
        enum outcome outcome = ruling->rulings.items[i].outcome;
        not_applicable += outcome == OUTCOME_NOT_APPLICABLE;
        if (outcome != OUTCOME_NOT_APPLICABLE && outcome > ruling->outcome)
            ruling->outcome = outcome;
        verdict->rule_counts[outcome]++;
    }
    if (not_applicable == ruling->rulings.count)
        ruling->outcome = OUTCOME_NOT_APPLICABLE;
    verdict->gate_counts[ruling->outcome]++;
}

static bool rule_reads(const struct rule *rule, const struct source *source)
{
    for (size_t i = 0; i < rule->any.count; i++)
        if (rule_reads(rule->any.items[i], source))
            return true;
    return rule->any.count == 0 && measure_draws(&rule->selector, source);
}

static bool gate_reads(const struct gate *gate, const struct source *source)
{
    for (size_t i = 0; i < gate->require.count; i++)
        if (rule_reads(gate->require.items[i], source))
            return true;
    for (size_t i = 0; i < gate->warn.count; i++)
        if (rule_reads(gate->warn.items[i], source))
            return true;
    return false;
}

/* A required report that no rule reads still has to be there; one that only other stages' gates
 * read need not. */
static void judge_unread(struct trial *trial, const struct source *source, struct verdict *verdict)
{
    const struct gates *gates = &trial->docket->policy->gates;
    for (size_t i = 0; i < gates->count; i++)
        if (gate_reads(&gates->items[i], source))
            return;
    struct ruling found = {.reason = "", .to_pass = ""};
    enum outcome outcome = trial_source(trial, source, &found);
    if (outcome == OUTCOME_PASSED)
        return;
    struct report_ruling *ruling = array_add(trial->mem, &verdict->reports);
    *ruling = (struct report_ruling){source, outcome, found.reason, found.to_pass};
    verdict->gate_counts[outcome]++;
}

static void count_flaky(const struct evidence *now, struct verdict *verdict)
{
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct tests *tests = &now->sources.items[i].tests;
        for (size_t j = 0; j < tests->groups.count; j++)
            verdict->flaky += tests->groups.items[j].flaky;
        for (size_t j = 0; j < tests->cases.count; j++)
            verdict->suspected += tests->cases.items[j].mark == TEST_MARK_SUSPECTED;
    }
}

void judge(const struct docket *docket, struct arena *mem, struct verdict *verdict)
{
    *verdict = (struct verdict){.reason = ""};
    struct trial trial = {docket, mem};
    for (size_t i = 0; i < docket->policy->gates.count; i++)
        judge_gate(&trial, &docket->policy->gates.items[i], verdict);
    for (size_t i = 0; i < docket->now->sources.count; i++)
        judge_unread(&trial, &docket->now->sources.items[i], verdict);
    count_flaky(docket->now, verdict);
    static const enum outcome worst_first[] = {OUTCOME_FAILED, OUTCOME_ERROR, OUTCOME_NO_DATA};
    for (size_t i = 0; i < 3 && verdict->outcome == OUTCOME_PASSED; i++)
        if (verdict->gate_counts[worst_first[i]] > 0)
            verdict->outcome = worst_first[i];
}
