/* Does a saved verdict agree with itself? Its counts are made anew; what it says of a rule, a gate
 * and the run has to follow from what stands below. */
#include <string.h>

#include "runner/exit.h"
#include "runner/render/verdict_parts.h"

/* A rule that holds has a value that says so, or a reason. Decimals of 15 digits: a value at the
 * threshold may have been on the right side of it. */
static bool ruling_agrees(const struct ruling *ruling, struct error *err)
{
    const struct rule *rule = ruling->rule;
    const struct value *value = &ruling->value;
    bool is_word = value->kind == VALUE_WORD;
    if (ruling->outcome != OUTCOME_PASSED || rule->selector.measure == NULL ||
        *ruling->reason != '\0')
        return true;
    if (value->kind != VALUE_NONE && is_word == (rule->word != NULL) &&
        (verdict_compare(rule, value, rule->threshold) ||
         (!is_word && number_compare(value->number, rule->threshold) == 0)))
        return true;
    return error_set(err, FAULT_REPORT,
                     "contradicts itself: the value of rule \"%s\" does not pass", rule->text);
}

static bool gate_agrees(const struct gate_ruling *gate, const char *stage, struct error *err)
{
    enum outcome outcome = verdict_of_rules(&gate->rulings);
    bool waived = gate->waiver != NULL && outcome >= OUTCOME_NO_DATA;
    for (size_t i = 0; i < gate->rulings.count; i++)
        if (!ruling_agrees(&gate->rulings.items[i], err))
            return false;
    if (gate->other_stage != (strcmp(gate->gate->stage, stage) != 0) ||
        (gate->other_stage && gate->rulings.count > 0))
        return error_set(err, FAULT_REPORT,
                         "contradicts itself: gate \"%s\" of stage \"%s\" is %sjudged at \"%s\"",
                         gate->gate->name, gate->gate->stage, gate->other_stage ? "not " : "",
                         stage);
    if (gate->outcome == (waived ? OUTCOME_WAIVED : outcome) && waived == (gate->waiver != NULL))
        return true;
    return error_set(err, FAULT_REPORT,
                     "contradicts itself: gate \"%s\" is %s%s, of its rules the worst is %s",
                     gate->gate->name, outcome_name(gate->outcome),
                     gate->waiver == NULL ? "" : " by a waiver", outcome_name(outcome));
}

static bool waivers_agree(const struct waiver_rulings *waivers, struct error *err)
{
    for (size_t i = 0; i < waivers->count; i++) {
        const struct waiver_ruling *waiver = &waivers->items[i];
        if (waiver->used > 0 && (waiver->state != WAIVER_COUNTS || waiver->days_left < 0))
            return error_set(err, FAULT_REPORT,
                             "contradicts itself: a waiver is used that does not count");
    }
    return true;
}

/* The run may be worse than its gates for a reason of its own, never better. */
static bool run_agrees(const struct verdict_file *file, struct error *err)
{
    const struct verdict *verdict = &file->verdict;
    enum outcome outcome = verdict_of_gates(verdict);
    bool passed = verdict->outcome == OUTCOME_PASSED;
    bool worse = verdict->outcome > outcome && verdict->outcome >= OUTCOME_NO_DATA;
    if (verdict->outcome != outcome && !(worse && *verdict->reason != '\0'))
        return error_set(err, FAULT_REPORT, "contradicts itself: the run is %s, its gates say %s",
                         outcome_name(verdict->outcome), outcome_name(outcome));
    if (verdict->gates.count == 0)
        return error_set(err, FAULT_REPORT, "contradicts itself: the run is %s without a gate",
                         outcome_name(verdict->outcome));
    if (passed ? file->view.status != STATUS_FAILED || verdict->rule_counts[OUTCOME_WARNED] > 0
               : file->view.status != STATUS_PASSED)
        return true;
    return error_set(err, FAULT_REPORT, "contradicts itself: the run is %s with exit status %d",
                     outcome_name(verdict->outcome), file->view.status);
}

bool verdict_agrees(const struct verdict_file *file, struct error *err)
{
    const struct gate_rulings *gates = &file->verdict.gates;
    for (size_t i = 0; i < gates->count; i++)
        if (!gate_agrees(&gates->items[i], file->view.stage, err))
            return false;
    return waivers_agree(&file->verdict.waivers, err) && run_agrees(file, err);
}
