/* `services:` and `defaults:`. */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/delivery/load.h"

enum { USUAL_INCIDENT_HOURS = 24, MOST_INCIDENT_HOURS = 8760 };

/* --- versions -------------------------------------------------------------------------------- */

static bool rule_of(const struct version_entry *entry, struct version_rule *rule)
{
    const struct version_rule kinds[] = {
        {rule->at, VERSION_RECORDED, NULL},
        {rule->at, VERSION_TAG, entry->tag},
        {rule->at, VERSION_HEX, NULL},
        {rule->at, VERSION_MAP, entry->map},
    };
    const bool given[] = {entry->recorded, entry->tag != NULL, entry->hex, entry->map != NULL};
    size_t count = 0;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        count += given[i];
        if (given[i])
            *rule = kinds[i];
    }
    return count == 1;
}

static void load_version(struct delivery_loader *load, const struct node *map,
                         struct version_rules *into)
{
    struct version_entry entry = {0};
    struct version_rule rule = {.at = map->at};
    size_t before = load->in.found->count;
    bool is_map = keys_load(&load->in, map, "version", &entry);
    check_template(load, map, "tag", "version service", /* foreign */ false);
    check_inside(load, map, "map");
    if (load->in.found->count > before)
        return;
    if (!is_map || !rule_of(&entry, &rule))
        problem_add(load->in.found, map->at,
                    "an entry of `version` is one of {recorded: true}, {tag: \"v{version}\"}, "
                    "{hex: true}, {map: FILE}");
    else if (rule.how == VERSION_TAG && !template_has(rule.text, "version"))
        problem_add(load->in.found, map->at,
                    "the tag of every version would be '%s': write "
                    "{version} where the version stands",
                    load_shown(&load->in, rule.text));
    else
        array_push(load->in.mem, into, rule);
}

static void load_versions(struct delivery_loader *load, const struct node *map,
                          struct version_rules *into)
{
    const struct node *list = keys_find(map, "version", NODE_LIST);
    if (list != NULL && list->items.count == 0)
        problem_add(load->in.found, list->at, "`version` is an empty list");
    for (size_t i = 0; list != NULL && i < list->items.count; i++)
        load_version(load, list->items.items[i], into);
}

static void check_hours(struct delivery_loader *load, const struct node *map, uint64_t hours)
{
    const struct node *value = keys_find(map, "incident_hours", NODE_TEXT);
    if (value != NULL && (hours == 0 || hours > MOST_INCIDENT_HOURS))
        problem_add(load->in.found, value->at, "`incident_hours` is 1 to %d", MOST_INCIDENT_HOURS);
}

void defaults_load(struct delivery_loader *load, const struct node *map)
{
    struct service_defaults *defaults = &load->defaults;
    struct version_rules own = {0};
    keys_load(&load->in, map, "defaults", defaults);
    load_versions(load, map, &own);
    check_hours(load, map, defaults->incident_hours);
    if (own.count > 0)
        defaults->versions = own;
}

void defaults_init(struct service_defaults *defaults, struct arena *mem)
{
    static const struct version_rule usual[] = {{.how = VERSION_RECORDED},
                                                {.how = VERSION_TAG, .text = "v{version}"},
                                                {.how = VERSION_HEX}};
    *defaults = (struct service_defaults){.incident_hours = USUAL_INCIDENT_HOURS};
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        array_push(mem, &defaults->versions, usual[i]);
}

/* --- owners ---------------------------------------------------------------------------------- */

/* An owner that says no first day begins when the one before it ends; one that says no last day
 * ends when the next begins. */
static void join_owners(struct delivery_loader *load, struct delivery_owners *owners)
{
    for (size_t i = 1; i < owners->count; i++) {
        struct delivery_owner *before = &owners->items[i - 1], *owner = &owners->items[i];
        bool ends = before->until_day != DELIVERY_NO_END;
        bool begins = owner->from_day != DELIVERY_NO_BEGIN;
        if (!ends && !begins)
            problem_add(load->in.found, owner->at,
                        "since when? write `from` here, or `until` at the team before");
        else if (!begins)
            owner->from_day = before->until_day + 1;
        else if (!ends)
            before->until_day = owner->from_day - 1;
        else if (before->until_day >= owner->from_day)
            problem_add(load->in.found, owner->at,
                        "these days overlap with those of the team before");
    }
    for (size_t i = 0; i < owners->count; i++)
        check_days(load, owners->items[i].at, owners->items[i].from_day,
                   owners->items[i].until_day);
}

static void load_owner(struct delivery_loader *load, const struct node *entry,
                       struct delivery_owners *into)
{
    struct delivery_owner owner = {
        .at = entry->at, .from_day = DELIVERY_NO_BEGIN, .until_day = DELIVERY_NO_END};
    if (!keys_load(&load->in, entry, "team", &owner))
        problem_add(load->in.found, entry->at,
                    "an entry of `team` is a map like {name: cards, until: 2026-01-31}");
    if (owner.team != NULL)
        array_push(load->in.mem, into, owner);
}

static void load_owners(struct delivery_loader *load, const struct node *map,
                        struct delivery_owners *into)
{
    const struct node *team = node_find(map, "team");
    if (team == NULL || team->kind == NODE_MAP || node_is_empty(team))
        return;
    if (team->kind == NODE_TEXT)
        array_push(
            load->in.mem, into,
            ((struct delivery_owner){team->at, team->text, DELIVERY_NO_BEGIN, DELIVERY_NO_END}));
    for (size_t i = 0; team->kind == NODE_LIST && i < team->items.count; i++)
        load_owner(load, team->items.items[i], into);
    join_owners(load, into);
}

/* --- services -------------------------------------------------------------------------------- */

static int32_t later_day(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static struct delivery_service load_own(struct delivery_loader *load, const struct node *name,
                                        const struct node *map)
{
    struct delivery_service service = {.at = name->at,
                                       .name = name->text,
                                       .since_day = DELIVERY_NO_BEGIN,
                                       .incident_hours = load->defaults.incident_hours};
    if (!keys_load(&load->in, map, "services", &service))
        problem_add(load->in.found, map->at, "a service is a map like {project: group/name}");
    check_inside(load, map, "project");
    check_hours(load, map, service.incident_hours);
    const struct node *tier = keys_find(map, "tier", NODE_TEXT);
    if (tier != NULL && strcmp(tier->text, "0") == 0)
        problem_add(load->in.found, tier->at, "`tier` is 1 and more");
    note_later(load, map, "tier", "services.tier");
    note_later(load, map, "pagerduty", "services.pagerduty");
    load_versions(load, map, &service.versions);
    if (service.versions.count == 0)
        service.versions = load->defaults.versions;
    service.since_day = later_day(service.since_day, load->delivery->since_day);
    load_owners(load, map, &service.owners);
    return service;
}

static void load_service(struct delivery_loader *load, const struct node *name,
                         const struct node *map)
{
    struct delivery *delivery = load->delivery;
    check_name(load, name, "a service", "");
    struct delivery_service service = load_own(load, name, map);
    size_t index = names_add(&delivery->service_names, name->text, strlen(name->text));
    if (index < delivery->services.count)
        taken_name(load, name, "service", delivery->services.items[index].at);
    else
        array_push(load->in.mem, &delivery->services, service);
    if (delivery->services.count == LIMIT_DELIVERY_SERVICES + 1)
        problem_add(load->in.found, name->at, "too many services: at most %d are allowed",
                    LIMIT_DELIVERY_SERVICES);
}

void services_load(struct delivery_loader *load, const struct node *map)
{
    const struct delivery_services *services = &load->delivery->services;
    for (size_t i = 0; i + 1 < map->items.count && services->count <= LIMIT_DELIVERY_SERVICES;
         i += 2)
        if (map->items.items[i]->kind == NODE_TEXT)
            load_service(load, map->items.items[i], map->items.items[i + 1]);
}
