/* Where the values of rules come from, beside the evidence of this run. */
#include <inttypes.h>
#include <string.h>

#include "gates/judge/parts.h"

enum outcome taken_as(enum on_missing word)
{
    switch (word) {
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

enum outcome lenient(const struct rule *rule)
{
    return taken_as(rule->on_missing);
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

bool has_reports(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    ruling->outcome = trial_selector(trial, trial->selector, ruling);
    if (ruling->outcome == OUTCOME_NO_DATA && !has_part(trial, trial->selector))
        ruling->outcome = lenient(rule);
    return ruling->outcome == OUTCOME_PASSED && ruling->reason[0] == '\0';
}

/* A report may state a word where the rule wants a number (`NaN`, 1e30), or the other way round:
 * nothing there can be compared. */
static bool is_comparable(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    bool word = value->kind == VALUE_WORD;
    if (word == (rule->word != NULL))
        return true;
    ruling->outcome = OUTCOME_ERROR;
    ruling->reason = arena_printf(trial->mem, "the report gives %s, which is not a %s",
                                  value_text(value, rule->selector.measure, NULL, trial->mem),
                                  word ? "number" : "word");
    ruling->to_pass = arena_printf(trial->mem, "repair what writes %s", value->reports.items[0]);
    return false;
}

static bool take_evidence(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    measure_take(trial->selector, trial->docket->now, trial->mem, &ruling->value);
    if (!has_reports(trial, rule, ruling))
        return false;
    if (value->kind != VALUE_ERROR && is_component_of_others(trial)) {
        ruling->value = (struct value){.why = ""};
        ruling->outcome = OUTCOME_NOT_APPLICABLE;
        ruling->reason = "this change does not touch it, and no report is about it";
        return false;
    }
    if (value->kind == VALUE_NUMBER || value->kind == VALUE_WORD)
        return is_comparable(trial, rule, ruling);
    bool error = value->kind == VALUE_ERROR;
    ruling->reason = value->why;
    ruling->outcome = error ? OUTCOME_ERROR : lenient(rule);
    ruling->to_pass = error                   ? "write the rule so that it has one answer"
                      : value->remedy != NULL ? value->remedy
                                              : advise_missing(trial, trial->selector);
    return false;
}

const struct answer evidence_answer = {.take = take_evidence, .advise = advise};

static bool take_waivers(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    (void)rule;
    ruling->value = (struct value){.kind = VALUE_NUMBER, .why = ""};
    ruling->value.number = number_of((int64_t)waivers_used(trial, trial->selector));
    return true;
}

static void advise_waivers(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    uint64_t k = advise_count(rule, &ruling->value);
    if (advise_up(rule, &ruling->value))
        ruling->to_pass = advise_difference(trial, rule, &ruling->value);
    else
        ruling->to_pass = arena_printf(trial->mem, "use %" PRIu64 " waiver%s fewer: repair what %s",
                                       k, plural(k), k == 1 ? "it waives" : "they waive");
}

static const struct answer waivers_answer = {.take = take_waivers, .advise = advise_waivers};

static bool take_later(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    (void)trial;
    bool of_delivery = rule->selector.measure->family == FAMILY_DELIVERY;
    ruling->value = (struct value){.why = of_delivery ? "not collected yet"
                                                      : "this version cannot judge it yet"};
    ruling->outcome = OUTCOME_NO_DATA;
    ruling->reason = ruling->value.why;
    ruling->to_pass = "take the rule out until a version that can judge it";
    return false;
}

static const struct answer later_answer = {.take = take_later};

const struct answer *answer_of(const struct rule *rule)
{
    const struct measure *measure = rule->selector.measure;
    if (strcmp(measure->id, "waivers.used") == 0)
        return &waivers_answer;
    if (strncmp(measure->id, "diff.", strlen("diff.")) == 0)
        return &change_answer;
    if (rule->function == FUNCTION_NEW && measure->family == FAMILY_COVERAGE)
        return &new_lines_answer;
    if (measure->take == NULL)
        return &later_answer;
    if (rule->function == FUNCTION_NEW)
        return &new_items_answer;
    return rule->function != FUNCTION_NONE ? &difference_answer : &evidence_answer;
}

static bool compares(const struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->items[i];
        if (rule->any.count > 0
                ? compares(&rule->any)
                : answer_of(rule) == &difference_answer || answer_of(rule) == &new_items_answer)
            return true;
    }
    return false;
}

bool judge_compares(const struct policy *policy, const char *stage)
{
    for (size_t i = 0; i < policy->gates.count; i++) {
        const struct gate *gate = &policy->gates.items[i];
        if (strcmp(gate->stage, stage) == 0 && (compares(&gate->require) || compares(&gate->warn)))
            return true;
    }
    return false;
}
