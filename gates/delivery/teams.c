/* `teams:`: who owns what, and what is aimed at. */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "gates/delivery/load.h"
#include "gates/policy/rules.h"

static void load_holding(struct delivery_loader *load, const struct node *entry,
                         struct delivery_holdings *into)
{
    struct delivery_holding holding = {
        .at = entry->at, .from_day = DELIVERY_NO_BEGIN, .until_day = DELIVERY_NO_END};
    if (entry->kind == NODE_TEXT && entry->text[0] != '\0' && !node_is_empty(entry))
        holding.projects = entry->text;
    else if (!keys_load(&load->in, entry, "owns", &holding))
        problem_add(
            load->in.found, entry->at,
            "`owns` has globs over projects, or maps like {projects: …, until: 2026-01-31}");
    check_days(load, entry->at, holding.from_day, holding.until_day);
    if (holding.projects != NULL)
        array_push(load->in.mem, into, holding);
}

static void load_owns(struct delivery_loader *load, const struct node *value,
                      struct delivery_holdings *into)
{
    if (value->kind != NODE_LIST)
        load_holding(load, value, into);
    for (size_t i = 0; value->kind == NODE_LIST && i < value->items.count; i++)
        load_holding(load, value->items.items[i], into);
}

/* Targets are rules: read by the policy's own parser, with the keys of its rules. */
static void load_targets(struct delivery_loader *load, const struct node *list, struct rules *into)
{
    const struct gate nowhere = {0};
    struct loader in = load->in;
    in.language = &policy_language;
    rules_load(&in, list, &nowhere, into);
    load->in.comparisons = in.comparisons;
}

static void load_team(struct delivery_loader *load, const struct node *id, const struct node *map)
{
    struct delivery *delivery = load->delivery;
    struct delivery_team team = {.at = id->at, .id = id->text, .name = id->text};
    check_name(load, id, "a team", "");
    if (!keys_load(&load->in, map, "teams", &team))
        problem_add(load->in.found, map->at, "a team is a map like {name: Payments, owns: […]}");
    check_zone(load, map, "timezone");
    note_later(load, map, "pagerduty", "teams.pagerduty");
    note_later(load, map, "jira", "teams.jira");
    const struct node *owns = node_find(map, "owns");
    const struct node *targets = keys_find(map, "targets", NODE_LIST);
    if (owns != NULL && owns->kind != NODE_MAP && !node_is_empty(owns))
        load_owns(load, owns, &team.owns);
    if (targets != NULL)
        load_targets(load, targets, &team.targets);
    size_t index = names_add(&delivery->team_names, id->text, strlen(id->text));
    if (index < delivery->teams.count)
        taken_name(load, id, "team", delivery->teams.items[index].at);
    else
        array_push(load->in.mem, &delivery->teams, team);
    if (delivery->teams.count == LIMIT_DELIVERY_TEAMS + 1)
        problem_add(load->in.found, id->at, "too many teams: at most %d are allowed",
                    LIMIT_DELIVERY_TEAMS);
}

void teams_load(struct delivery_loader *load, const struct node *map)
{
    const struct delivery_teams *teams = &load->delivery->teams;
    for (size_t i = 0; i + 1 < map->items.count && teams->count <= LIMIT_DELIVERY_TEAMS; i += 2)
        if (map->items.items[i]->kind == NODE_TEXT)
            load_team(load, map->items.items[i], map->items.items[i + 1]);
}

/* --- targets and what they speak of ---------------------------------------------------------- */

static bool has_label(const struct measure *measure, const char *label)
{
    return measure->labels != NULL && text_lists(measure->labels, label, strlen(label));
}

static void check_label(struct delivery_loader *load, const struct rule *rule,
                        const struct label_match *match)
{
    static const char *const titles[] = {"no service", "no environment"};
    const char *const labels[] = {"service", "environment"};
    const struct names *const known[] = {&load->delivery->service_names,
                                         &load->delivery->environment_names};
    if (strcmp(match->label, "team") == 0)
        problem_add(load->in.found, rule->at, "a target is its own team's: leave out `team`");
    for (size_t i = 0; i < 2; i++)
        if (strcmp(match->label, labels[i]) == 0 && match->op <= LABEL_IS_NOT &&
            names_find(known[i], match->value, strlen(match->value)) == NAMES_NONE)
            unknown_name(load, rule->at, titles[i], match->value, known[i]);
}

static void check_target(struct delivery_loader *load, const struct rule *rule)
{
    const struct selector *selector = &rule->selector;
    for (size_t i = 0; i < rule->any.count; i++)
        check_target(load, rule->any.items[i]);
    if (rule->each != NULL && strcmp(rule->each, "team") == 0)
        problem_add(load->in.found, rule->at, "a target is its own team's: leave out `each: team`");
    if (rule->when.branches.count + rule->when.changes.count > 0)
        problem_add(load->in.found, rule->at, "`when` goes with gates: a target holds every day");
    if (rule->any.count > 0)
        return;
    if (!has_label(selector->measure, "team")) {
        problem_add(load->in.found, rule->at,
                    "%s is not a number about delivery: it cannot be a team's target",
                    selector->id);
        return;
    }
    for (size_t i = 0; i < selector->labels.count; i++)
        check_label(load, rule, &selector->labels.items[i]);
    if (catalogue_is_later(selector->measure))
        note(load, rule->at, "not collected yet: %s, the target is no data", selector->id);
}

void teams_check(struct delivery_loader *load)
{
    const struct delivery_teams *teams = &load->delivery->teams;
    for (size_t i = 0; i < teams->count; i++)
        for (size_t j = 0; j < teams->items[i].targets.count; j++)
            check_target(load, teams->items[i].targets.items[j]);
}
