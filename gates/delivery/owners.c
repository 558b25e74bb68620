/* Who owns a service, and in which repository it lies: what its entry, teams and sources say
 * together. */
#include <stdlib.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/delivery/load.h"

/* Steps of matching globs of `owns` with projects: thousands of services and hundreds of teams need
 * a hundredth of it. */
#define MOST_STEPS UINT64_C(1000000000)

static bool owns(struct delivery_loader *load, const struct delivery_holding *holding,
                 const struct delivery_service *service)
{
    size_t prefix = glob_literal_prefix(holding->projects);
    load->matching += 1 + prefix;
    if (strncmp(holding->projects, service->project, prefix) != 0)
        return false;
    load->matching += (uint64_t)strlen(holding->projects) * strlen(service->project);
    return load->matching <= MOST_STEPS && glob_match(holding->projects, service->project);
}

static int by_day(const void *a, const void *b)
{
    const struct delivery_owner *one = a, *other = b;
    if (one->from_day != other->from_day)
        return one->from_day < other->from_day ? -1 : 1;
    return strcmp(one->team, other->team);
}

/* Two globs of one team may hold the same project. */
static void join_days(struct delivery_loader *load, struct delivery_service *service)
{
    struct delivery_owners *owners = &service->owners;
    size_t kept = 0;
    if (owners->count > 1)
        qsort(owners->items, owners->count, sizeof *owners->items, by_day);
    for (size_t i = 0; i < owners->count; i++) {
        struct delivery_owner *last = kept > 0 ? &owners->items[kept - 1] : NULL;
        const struct delivery_owner *owner = &owners->items[i];
        if (last == NULL || last->until_day < owner->from_day)
            owners->items[kept++] = *owner;
        else if (strcmp(last->team, owner->team) != 0)
            problem_add(load->in.found, service->at,
                        "'%s' and '%s' both own %s: name the team of this service in `team`",
                        load_shown(&load->in, last->team), load_shown(&load->in, owner->team),
                        load_shown(&load->in, service->project));
        else if (last->until_day < owner->until_day)
            last->until_day = owner->until_day;
    }
    owners->count = kept;
}

static void find_owners(struct delivery_loader *load, struct delivery_service *service)
{
    const struct delivery_teams *teams = &load->delivery->teams;
    for (size_t i = 0; i < teams->count; i++)
        for (size_t j = 0; j < teams->items[i].owns.count && load->matching <= MOST_STEPS; j++) {
            const struct delivery_holding *holding = &teams->items[i].owns.items[j];
            if (owns(load, holding, service))
                array_push(load->in.mem, &service->owners,
                           ((struct delivery_owner){holding->at, teams->items[i].id,
                                                    holding->from_day, holding->until_day}));
        }
    join_days(load, service);
}

static void check_owners(struct delivery_loader *load, const struct delivery_service *service)
{
    for (size_t i = 0; i < service->owners.count; i++) {
        const struct delivery_owner *owner = &service->owners.items[i];
        if (delivery_team(load->delivery, owner->team) == NULL)
            unknown_name(load, owner->at, "no team", owner->team, &load->delivery->team_names);
    }
}

static void check_project(struct delivery_loader *load, const struct delivery_service *service)
{
    struct delivery_repository repository;
    if (service->project != NULL && strcmp(service->project, ".") != 0 &&
        !delivery_project(load->delivery, service->project, load->in.mem, &repository))
        problem_add(
            load->in.found, service->at,
            "where is the project '%s'? name it in `repositories`, or give `sources.gitlab`",
            load_shown(&load->in, service->project));
}

void services_check(struct delivery_loader *load)
{
    struct delivery_services *services = &load->delivery->services;
    for (size_t i = 0; i < services->count && load->matching <= MOST_STEPS; i++) {
        struct delivery_service *service = &services->items[i];
        check_project(load, service);
        check_owners(load, service);
        if (service->owners.count == 0 && service->project != NULL)
            find_owners(load, service);
    }
    if (load->matching > MOST_STEPS)
        problem_add(load->in.found, (struct place){load->delivery->path, 1, 1},
                    "matching the globs of `owns` takes too long: write their groups out");
}
