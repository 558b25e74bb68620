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
static void take_owned(const struct dora_unit *unit, const char *team, struct arena *mem,
                       struct dora_parts *parts)
{
    int64_t done_s = INT64_MIN;
    for (size_t i = 0; i < unit->owners.count; i++) {
        const struct dora_owner *owner = &unit->owners.items[i];
        int64_t from_s = owner->from_s < done_s ? done_s : owner->from_s;
        if (strcmp(owner->team, team) != 0 || from_s >= owner->until_s)
            continue;
        array_push(mem, parts, ((struct dora_part){&unit->chain, from_s, owner->until_s}));
        done_s = owner->until_s;
    }
}

static bool is_owned(const struct dora_unit *unit, const char *team)
{
    for (size_t i = 0; i < unit->owners.count; i++)
        if (strcmp(unit->owners.items[i].team, team) == 0)
            return true;
    return false;
}

static bool is_asked(const struct dora_unit *unit, const char *service, const char *team,
                     const char *environment)
{
    return (service == NULL || strcmp(unit->service, service) == 0) &&
           (team == NULL || is_owned(unit, team)) &&
           (environment == NULL ? unit->production : strcmp(unit->environment, environment) == 0);
}

void dora_select(const struct dora_estate *estate, const char *service, const char *team,
                 const char *environment, struct arena *mem, struct dora_choice *choice)
{
    const struct dora_team *of = team == NULL ? NULL : dora_team_named(estate, team);
    *choice = (struct dora_choice){.zone = of == NULL ? estate->zone : of->zone};
    for (size_t i = 0; i < estate->units.count; i++) {
        const struct dora_unit *unit = &estate->units.items[i];
        if (!is_asked(unit, service, team, environment))
            continue;
        choice->units++;
        if (unit->why_not != NULL)
            choice->why_not = choice->why_not == NULL ? unit->why_not : choice->why_not;
        else if (team != NULL)
            take_owned(unit, team, mem, &choice->parts);
        else
            array_push(mem, &choice->parts,
                       ((struct dora_part){&unit->chain, INT64_MIN, INT64_MAX}));
    }
}
