/* `gates:` of a policy, and what its rules say about other parts. */
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/names.h"
#include "gates/base/nearest.h"
#include "gates/base/text.h"
#include "gates/policy/load.h"
#include "gates/policy/rules.h"

static void check_stage(struct loader *loader, const struct node *stage)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (stage != NULL && stage->text[strspn(stage->text, letters)] != '\0')
        problem_add(loader->found, stage->at, "`stage` is one word of letters, digits, _ and -");
}

/* Names that two gates of one file have; what a file extends may have them as well. */
struct gate_names {
    struct names names;
    struct places {
        struct place *items;
        size_t count, room;
    } places;
};

static bool is_new(struct loader *loader, struct gate_names *seen, const struct gate *gate)
{
    const char *name = gate->name == NULL ? "" : gate->name;
    size_t index = names_add(&seen->names, name, strlen(name));
    if (index < seen->places.count && gate->name != NULL)
        problem_add(loader->found, gate->at, "the gate '%s' is already there, in line %u",
                    load_shown(loader, name), seen->places.items[index].line);
    if (index < seen->places.count)
        return false;
    array_push(loader->mem, &seen->places, gate->at);
    return true;
}

static void load_gate(struct loader *loader, const struct node *map, struct gate_names *seen)
{
    struct gate gate = {.at = map->at};
    size_t before = loader->found->count;
    if (!keys_load(loader, map, "gates", &gate)) {
        problem_add(loader->found, map->at, "a gate is a map with `name` and `require`");
        return;
    }
    const struct node *require = keys_find(map, "require", NODE_LIST);
    const struct node *warn = keys_find(map, "warn", NODE_LIST);
    const struct node *when = keys_find(map, "when", NODE_MAP);
    if (when != NULL)
        when_load(loader, when, &gate.when);
    check_stage(loader, keys_find(map, "stage", NODE_TEXT));
    if (require != NULL)
        rules_load(loader, require, &gate, &gate.require);
    if (warn != NULL)
        rules_load(loader, warn, &gate, &gate.warn);
    if (gate.each != NULL) {
        rules_check_each(loader, &gate.require, gate.each, node_find(map, "each")->at);
        rules_check_each(loader, &gate.warn, gate.each, node_find(map, "each")->at);
    }
    if (is_new(loader, seen, &gate))
        gate_add(loader, &gate, map, loader->found->count == before);
}

void gates_load(struct loader *loader, const struct node *list)
{
    struct gate_names seen = {0};
    names_init(&seen.names, loader->mem);
    for (size_t i = 0; i < list->items.count; i++)
        load_gate(loader, list->items.items[i], &seen);
}

static bool has_component(struct loader *loader, const char *name, struct nearest *nearest)
{
    const struct components *components = &loader->policy->components;
    for (size_t i = 0; i < components->count; i++)
        if (!load_may_compare(loader) || glob_match(name, components->items[i].name))
            return true;
    for (size_t i = 0; i < components->count && load_may_compare(loader); i++)
        nearest_try(nearest, components->items[i].name);
    return false;
}

static void check_component(struct loader *loader, const struct rule *rule,
                            const struct label_match *match)
{
    struct nearest nearest = {.asked = match->value};
    if (loader->policy->components.count == 0)
        problem_add(loader->found, rule->at, "there are no components: name them in `components`");
    else if (match->op <= LABEL_IS_NOT && !has_component(loader, match->value, &nearest))
        problem_add(loader->found, rule->at, "no component is named '%s'%s",
                    load_shown(loader, match->value), nearest_hint(&nearest, loader->mem));
}

static bool has_report(struct loader *loader, const char *name, struct nearest *nearest)
{
    const struct report_entries *reports = &loader->policy->reports;
    for (size_t i = 0; i < reports->count; i++)
        if (!load_may_compare(loader) || strcmp(reports->items[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < reports->count && load_may_compare(loader); i++)
        nearest_try(nearest, reports->items[i].name);
    return reports->count == 0; /* the reports are named on the command line, or found */
}

static void check_report(struct loader *loader, const struct rule *rule,
                         const struct label_match *match)
{
    struct nearest nearest = {.asked = match->value};
    if (strcmp(rule->at.file, loader->policy->path) != 0)
        return; /* what is extended may name more than there is */
    if (match->op <= LABEL_IS_NOT && !has_report(loader, match->value, &nearest))
        problem_add(&loader->policy->warnings, rule->at, "no entry of `reports` is named '%s'%s",
                    load_shown(loader, match->value), nearest_hint(&nearest, loader->mem));
}

/* What a rule says about other parts of the policy, now that these are known. */
static void check_rule(struct loader *loader, struct rule *rule)
{
    for (size_t i = 0; i < rule->any.count; i++)
        check_rule(loader, rule->any.items[i]);
    struct selector *selector = &rule->selector;
    selector->components = &loader->policy->components;
    for (size_t i = 0; i < selector->labels.count; i++) {
        const struct label_match *match = &selector->labels.items[i];
        if (strcmp(match->label, "component") == 0)
            check_component(loader, rule, match);
        else if (strcmp(match->label, "report") == 0)
            check_report(loader, rule, match);
    }
    if (rule->each != NULL && strcmp(rule->each, "component") == 0 &&
        loader->policy->components.count == 0)
        problem_add(loader->found, rule->at, "there are no components: name them in `components`");
    if (rule->any.count == 0 && strcmp(selector->measure->id, "sonar.*") == 0)
        problem_add(&loader->policy->warnings, rule->at,
                    "%s is no metric that qgate knows: it is judged as a plain number",
                    selector->id);
}

/* What a gate says of its rules holds for those that do not say it themselves. */
static void pass_down(const struct gate *gate, struct rule *rule)
{
    if (rule->each == NULL)
        rule->each = gate->each;
    if (rule->when.branches.count + rule->when.changes.count == 0)
        rule->when = gate->when;
    if (rule->enforce_from == 0)
        rule->enforce_from = gate->enforce_from;
}

static void check_rules(struct loader *loader, const struct gate *gate, const struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        check_rule(loader, rules->items[i]);
        pass_down(gate, rules->items[i]);
    }
}

static void check_gate(struct loader *loader, struct gate *gate)
{
    if (gate->stage == NULL)
        gate->stage = "build";
    if (gate->each != NULL && strcmp(gate->each, "component") == 0 &&
        loader->policy->components.count == 0)
        problem_add(loader->found, gate->at, "there are no components: name them in `components`");
    check_rules(loader, gate, &gate->require);
    check_rules(loader, gate, &gate->warn);
}

void gates_check(struct loader *loader)
{
    for (size_t i = 0; i < loader->policy->gates.count; i++)
        check_gate(loader, &loader->policy->gates.items[i]);
}
