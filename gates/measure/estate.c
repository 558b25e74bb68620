#include "gates/measure/estate.h"

#include <string.h>

const struct dora_team *dora_team_named(const struct dora_estate *estate, const char *id)
{
    for (size_t i = 0; i < estate->teams.count; i++)
        if (strcmp(estate->teams.items[i].id, id) == 0)
            return &estate->teams.items[i];
    return NULL;
}

/* Times that overlap count once. */
static void take_owned(const struct dora_unit *unit, const struct dora_picker *picker,
                       struct arena *mem, struct dora_parts *parts)
{
    int64_t done_s = INT64_MIN;
    for (size_t i = 0; i < unit->owners.count; i++) {
        const struct dora_owner *owner = &unit->owners.items[i];
        int64_t from_s = owner->from_s < done_s ? done_s : owner->from_s;
        if (from_s >= owner->until_s || !picker->holds(picker->handle, "team", owner->team))
            continue;
        array_push(mem, parts, ((struct dora_part){&unit->chain, from_s, owner->until_s}));
        done_s = owner->until_s;
    }
}

static bool has_owner(const struct dora_unit *unit, const struct dora_picker *picker)
{
    for (size_t i = 0; i < unit->owners.count; i++)
        if (picker->holds(picker->handle, "team", unit->owners.items[i].team))
            return true;
    return false;
}

static bool is_asked(const struct dora_unit *unit, const struct dora_picker *picker)
{
    return picker->holds(picker->handle, "service", unit->service) &&
           (picker->environment ? picker->holds(picker->handle, "environment", unit->environment)
                                : unit->production) &&
           (!picker->team || has_owner(unit, picker));
}

/* The zone of whoever owns it now. */
static const struct zone *zone_of(const struct dora_estate *estate, const struct dora_unit *unit)
{
    for (size_t i = 0; i < unit->owners.count; i++) {
        const struct dora_owner *owner = &unit->owners.items[i];
        const struct dora_team *team = dora_team_named(estate, owner->team);
        if (team != NULL && owner->from_s <= estate->now_s && estate->now_s < owner->until_s)
            return team->zone;
    }
    return estate->zone;
}

void dora_choose(const struct dora_estate *estate, const struct dora_picker *picker,
                 struct arena *mem, struct dora_choice *choice)
{
    *choice = (struct dora_choice){.zone = estate->zone};
    for (size_t i = 0; i < estate->units.count; i++) {
        const struct dora_unit *unit = &estate->units.items[i];
        if (!is_asked(unit, picker))
            continue;
        const struct zone *zone = zone_of(estate, unit);
        choice->zone = choice->units == 0 || choice->zone == zone ? zone : estate->zone;
        choice->units++;
        if (unit->why_not != NULL)
            choice->why_not = choice->why_not == NULL ? unit->why_not : choice->why_not;
        else if (picker->team)
            take_owned(unit, picker, mem, &choice->parts);
        else
            array_push(mem, &choice->parts,
                       ((struct dora_part){&unit->chain, INT64_MIN, INT64_MAX}));
    }
}

/* Names; NULL: any. */
struct wanted {
    const char *service, *team, *environment;
};

static bool is_wanted(void *handle, const char *label, const char *value)
{
    const struct wanted *wanted = handle;
    const char *name = strcmp(label, "service") == 0 ? wanted->service
                       : strcmp(label, "team") == 0  ? wanted->team
                                                     : wanted->environment;
    return name == NULL || strcmp(name, value) == 0;
}

void dora_select(const struct dora_estate *estate, const char *service, const char *team,
                 const char *environment, struct arena *mem, struct dora_choice *choice)
{
    struct wanted wanted = {service, team, environment};
    const struct dora_picker picker = {is_wanted, &wanted, team != NULL, environment != NULL};
    const struct dora_team *of = team == NULL ? NULL : dora_team_named(estate, team);
    dora_choose(estate, &picker, mem, choice);
    choice->zone = of == NULL ? choice->zone : of->zone;
}
