/* Gates, reports that no rule reads, and the run. */
#include "gates/judge/judge.h"

#include <stdlib.h>
#include <string.h>

#include "gates/judge/parts.h"

static bool is_judged_here(const struct docket *docket, const struct gate *gate)
{
    return strcmp(gate->stage, docket->stage) == 0;
}

enum outcome verdict_of_rules(const struct rulings *rulings)
{
    enum outcome worst = OUTCOME_NOT_APPLICABLE;
    for (size_t i = 0; i < rulings->count; i++) {
        enum outcome outcome = rulings->items[i].outcome;
        bool applies = outcome != OUTCOME_NOT_APPLICABLE;
        if (applies && (worst == OUTCOME_NOT_APPLICABLE || outcome > worst))
            worst = outcome;
    }
    return worst;
}

enum outcome verdict_of_gates(const struct verdict *verdict)
{
    static const enum outcome worst_first[] = {OUTCOME_FAILED, OUTCOME_ERROR, OUTCOME_NO_DATA};
    for (size_t i = 0; i < sizeof worst_first / sizeof *worst_first; i++)
        if (verdict->gate_counts[worst_first[i]] > 0)
            return worst_first[i];
    return OUTCOME_PASSED;
}

static void judge_gate(struct trial *trial, const struct gate *gate, struct verdict *verdict)
{
    struct gate_ruling *ruling = array_add(trial->mem, &verdict->gates);
    *ruling = (struct gate_ruling){.gate = gate, .outcome = OUTCOME_NOT_APPLICABLE};
    if (!is_judged_here(trial->docket, gate)) {
        ruling->other_stage = true;
        return;
    }
    trial->gate = gate;
    for (size_t i = 0; i < gate->require.count; i++)
        trial_rule(trial, gate->require.items[i], false, &ruling->rulings);
    for (size_t i = 0; i < gate->warn.count; i++)
        trial_rule(trial, gate->warn.items[i], true, &ruling->rulings);
    for (size_t i = 0; i < ruling->rulings.count; i++) {
        verdict->rule_counts[ruling->rulings.items[i].outcome]++;
        verdict->small_changes += ruling->rulings.items[i].small_change;
    }
    ruling->outcome = verdict_of_rules(&ruling->rulings);
    if (ruling->outcome >= OUTCOME_NO_DATA)
        ruling->waiver = waivers_of_gate(trial, gate);
    if (ruling->waiver != NULL)
        ruling->outcome = OUTCOME_WAIVED;
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

static int by_address(const void *a, const void *b)
{
    const struct finding *p = *(const struct finding *const *)a;
    const struct finding *q = *(const struct finding *const *)b;
    return p < q ? -1 : p > q;
}

/* Several rules may have come upon the same ones. */
static uint64_t count_disclosed(struct disclosed *all)
{
    uint64_t count = 0;
    if (all->count > 0)
        qsort(all->items, all->count, sizeof *all->items, by_address);
    for (size_t i = 0; i < all->count; i++)
        count += i == 0 || all->items[i] != all->items[i - 1];
    return count;
}

/* A waiver that was asked for and waived nothing is a left-over. */
static bool unused_waivers_fail(const struct policy *policy, const struct verdict *verdict)
{
    for (size_t i = 0; policy->waivers.unused_fails && i < verdict->waivers.count; i++)
        if (verdict->waivers.items[i].asked && verdict->waivers.items[i].used == 0)
            return true;
    return false;
}

/* Every gate, with the waivers as they are used up to there; `used`: by an earlier pass. */
static void judge_gates(const struct docket *docket, struct arena *mem,
                        const struct waiver_rulings *used, struct verdict *verdict)
{
    *verdict = (struct verdict){.reason = ""};
    struct trial trial = {.docket = docket, .mem = mem, .waivers = &verdict->waivers, .used = used};
    trial.index.mem = mem;
    expected_begin(&trial.expected, &docket->policy->sources, docket->now, mem);
    waivers_begin(&trial);
    for (size_t i = 0; i < docket->policy->gates.count; i++)
        judge_gate(&trial, &docket->policy->gates.items[i], verdict);
    trial.gate = NULL;
    for (size_t i = 0; i < docket->now->sources.count; i++)
        judge_unread(&trial, &docket->now->sources.items[i], verdict);
    verdict->disclosed = count_disclosed(&trial.disclosed);
}

static bool asks_for_waivers(const struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = rules->items[i];
        if (rule->any.count > 0 ? asks_for_waivers(&rule->any)
                                : strcmp(rule->selector.measure->id, "waivers.used") == 0)
            return true;
    }
    return false;
}

static bool policy_asks_for_waivers(const struct policy *policy)
{
    for (size_t i = 0; i < policy->gates.count; i++)
        if (asks_for_waivers(&policy->gates.items[i].require) ||
            asks_for_waivers(&policy->gates.items[i].warn))
            return true;
    return false;
}

void judge(const struct docket *docket, struct arena *mem, struct verdict *verdict)
{
    judge_gates(docket, mem, NULL, verdict);
    if (policy_asks_for_waivers(docket->policy)) {
        /* how many waivers are used is known only now: once more, with that number */
        const struct waiver_rulings used = verdict->waivers;
        judge_gates(docket, mem, &used, verdict);
    }
    count_flaky(docket->now, verdict);
    verdict->outcome = verdict_of_gates(verdict);
    if (unused_waivers_fail(docket->policy, verdict)) {
        verdict->outcome = OUTCOME_FAILED;
        verdict->reason = "a waiver waives nothing: take it out (`waivers.unused` is fail)";
    }
}
