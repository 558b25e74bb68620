/* Each service in each environment, linked. */
#include <stdlib.h>
#include <string.h>

#include "gates/measure/join.h"
#include "runner/delivery/estate_parts.h"
#include "runner/history/touches.h"

/* --- owners ----------------------------------------------------------------------------------- */

static const struct zone *zone_of_team(const struct gathering *gathering, const char *id)
{
    const struct delivery_team *team = delivery_team(gathering->delivery, id);
    return gathering->zones[team - gathering->delivery->teams.items];
}

/* Their days begin with their own clocks; what changes hands does so at one moment, the end of the
 * last day of whoever had it, so that nothing is of nobody or of two. */
static void take_owners(const struct gathering *gathering, const struct delivery_service *service,
                        struct dora_unit *unit)
{
    for (size_t i = 0; i < service->owners.count; i++) {
        const struct delivery_owner *owner = &service->owners.items[i];
        const struct zone *zone = zone_of_team(gathering, owner->team);
        struct dora_owner *to = array_add(gathering->mem, &unit->owners);
        bool follows = i > 0 && (int64_t)owner[-1].until_day + 1 == owner->from_day;
        to->team = owner->team;
        to->from_s = follows                                ? to[-1].until_s
                     : owner->from_day == DELIVERY_NO_BEGIN ? INT64_MIN
                                                            : zone_begin(zone, owner->from_day);
        to->until_s = owner->until_day == DELIVERY_NO_END ? INT64_MAX
                                                          : zone_begin(zone, owner->until_day + 1);
    }
}

/* --- what is another service's ---------------------------------------------------------------- */

static bool is_outside(const struct sketch *sketch, struct share *share, uint32_t commit,
                       bool *outside, struct error *err)
{
    bool touches;
    const char *id = sketch->base->commits.all.items[commit].id;
    if (share->asked[commit] == SHARE_UNKNOWN) {
        if (!history_touches(sketch->base->history, id, &sketch->service->paths, &share->touching,
                             &touches, err))
            return false;
        share->asked[commit] = touches ? SHARE_INSIDE : SHARE_OUTSIDE;
    }
    *outside = share->asked[commit] == SHARE_OUTSIDE;
    return true;
}

static bool names_one(const struct landing *landing, const struct names *incidents)
{
    size_t len;
    for (const char *at = landing->keys, *key; (key = landing_key(&at, &len)) != NULL;)
        if (names_find(incidents, key, len) != NAMES_NONE)
            return true;
    return false;
}

/* Of what a commit says about repairs it has to be known whether it is meant for this service. */
static bool share_commits(struct gathering *gathering, const struct sketch *sketch,
                          struct share *share, struct error *err)
{
    const struct dora_commits *all = &sketch->base->commits.all;
    if (sketch->service->paths.count == 0 || share->outside != NULL)
        return true;
    insights_open_globs(&share->touching, gathering->cache, sketch->base->history, "touches",
                        &sketch->service->paths, gathering->mem);
    share->asked = arena_alloc(gathering->mem, (all->count + 1) * sizeof *share->asked);
    share->outside = arena_alloc(gathering->mem, (all->count + 1) * sizeof *share->outside);
    struct names incidents;
    names_init(&incidents, gathering->mem);
    for (size_t i = 0; i < share->events.incidents.count; i++) {
        const char *id = share->events.incidents.items[i].id;
        names_add(&incidents, id, strlen(id));
    }
    for (uint32_t i = 0; i < all->count; i++)
        if ((all->items[i].landing.claims != NULL ||
             names_one(&all->items[i].landing, &incidents)) &&
            !is_outside(sketch, share, i, &share->outside[i], err))
            return false;
    return true;
}

/* --- units ------------------------------------------------------------------------------------ */

static void take_commits(const struct sketch *sketch, struct told *told)
{
    for (size_t i = 0; i < told->list.count; i++)
        told->list.items[i].commit = codebase_commit(sketch->base, told->commits.items[i]);
}

/* Of a change of configuration the version was listed when it was deployed. */
static void list_unresolved(struct gathering *gathering, const struct share *share,
                            struct dora_unit *unit)
{
    struct names versions;
    struct estate *estate = gathering->estate;
    size_t begin = estate->unresolved.count;
    names_init(&versions, gathering->mem);
    for (size_t i = 0; i < unit->chain.deployments.count; i++) {
        const struct dora_deployment *deployment = &unit->chain.deployments.items[i];
        const char *version = deployment->version;
        if (deployment->commit != DORA_NONE || deployment->outcome == DORA_CONFIG)
            continue;
        unit->unresolved++;
        size_t at = begin + names_add(&versions, version, strlen(version));
        if (at == estate->unresolved.count)
            array_push(gathering->mem, &estate->unresolved,
                       ((struct estate_unresolved){
                           .service = unit->service,
                           .environment = unit->environment,
                           .version = version,
                           .why_not = resolve_version(share->resolver, version).why_not,
                           .first_s = deployment->finished_s}));
        estate->unresolved.items[at].count++;
    }
}

static void take_size(const struct change_size *size, struct dora_change *change)
{
    change->sized = size != NULL;
    if (size == NULL)
        return;
    change->files = size->files;
    change->added = size->added;
    change->removed = size->removed;
}

/* The changes whose numbers somebody may ask for: whether they are the service's, and their sizes.
 */
static bool look_at_changes(struct gathering *gathering, const struct sketch *sketch,
                            struct share *share, struct dora_chain *chain, struct error *err)
{
    for (size_t i = 0; i < chain->changes.count; i++) {
        struct dora_change *change = &chain->changes.items[i];
        const struct dora_deployment *by = dora_bringer(chain, change);
        if (by != NULL && by->finished_s < gathering->wanted->from_s)
            continue;
        if (share->asked != NULL &&
            !is_outside(sketch, share, change->landed, &change->outside, err))
            return false;
        if (by != NULL && !change->outside)
            take_size(codebase_size(sketch->base, change->landed, &gathering->delivery->ignore),
                      change);
    }
    return true;
}

static bool link_unit(struct gathering *gathering, struct sketch *sketch, struct dora_unit *unit,
                      struct error *err)
{
    struct share *share = &gathering->shares[sketch->service - gathering->delivery->services.items];
    struct codebase *base = sketch->base;
    struct dora_chain *chain = &unit->chain;
    if (!share_commits(gathering, sketch, share, err))
        return false;
    take_commits(sketch, &sketch->told);
    take_commits(sketch, &sketch->recorded);
    deployments_join(&sketch->told.list, &sketch->recorded.list, gathering->mem);
    chain->commits = base->commits.all;
    chain->outside = share->outside;
    chain->runs = &gathering->runs[base - gathering->bases];
    chain->people = &gathering->estate->people;
    chain->tip = base->tip == DORA_NONE ? NULL : &base->tip;
    chain->deployments = sketch->told.list;
    if (unit->production)
        estate_incidents(gathering, &share->events, &chain->incidents);
    chain->hears = unit->production && estate_hears(gathering, sketch->service, &share->events);
    chain->incident_s = (int64_t)sketch->service->incident_hours * 3600;
    dora_link(chain, gathering->mem);
    return look_at_changes(gathering, sketch, share, chain, err);
}

static bool add_unit(struct gathering *gathering, struct sketch *sketch, struct error *err)
{
    struct dora_estate *known = &gathering->estate->known;
    struct dora_unit unit = {
        .service = sketch->service->name,
        .project = sketch->service->project,
        .environment = sketch->environment->name,
        .production = sketch->environment->tier == TIER_PRODUCTION,
        .why_not = sketch->why_not != NULL ? sketch->why_not : sketch->base->why_not,
    };
    unit.chain.since_s = sketch->since_s;
    unit.chain.known_s = known->now_s;
    take_owners(gathering, sketch->service, &unit);
    struct error why = {0};
    if (unit.why_not == NULL && !link_unit(gathering, sketch, &unit, &why)) {
        if (!estate_give_up(gathering, sketch->base, &why, err))
            return false;
        unit.chain = (struct dora_chain){.known_s = known->now_s};
        unit.why_not = sketch->base->why_not;
    }
    list_unresolved(gathering, share_of(gathering, sketch), &unit);
    array_push(gathering->mem, &known->units, unit);
    return true;
}

static int by_name(const void *one, const void *other)
{
    const struct dora_unit *a = one, *b = other;
    int order = strcmp(a->service, b->service);
    return order != 0 ? order : strcmp(a->environment, b->environment);
}

static int by_service(const void *one, const void *other)
{
    const struct estate_unresolved *a = one, *b = other;
    int order = strcmp(a->service, b->service);
    if (order == 0)
        order = strcmp(a->environment, b->environment);
    if (order == 0)
        order = (a->first_s > b->first_s) - (a->first_s < b->first_s);
    return order != 0 ? order : strcmp(a->version, b->version);
}

bool estate_units(struct gathering *gathering, struct error *err)
{
    struct estate *estate = gathering->estate;
    for (size_t i = 0; i < gathering->sketch_count; i++)
        if (!add_unit(gathering, &gathering->sketches[i], err))
            return false;
    if (estate->known.units.count > 0)
        qsort(estate->known.units.items, estate->known.units.count,
              sizeof *estate->known.units.items, by_name);
    if (estate->unresolved.count > 0)
        qsort(estate->unresolved.items, estate->unresolved.count, sizeof *estate->unresolved.items,
              by_service);
    return true;
}
