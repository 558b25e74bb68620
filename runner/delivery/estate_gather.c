#include "runner/delivery/estate_gather.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gates/measure/join.h"
#include "runner/delivery/estate_parts.h"
#include "runner/delivery/people.h"
#include "runner/history/touches.h"
#include "runner/history/trunk.h"
#include "runner/store/folder.h"
#include "runner/zone.h"

enum { DAY_S = 86400 };

static void close_gathering(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->base_names.texts.count; i++)
        close_codebase(&gathering->bases[i]);
    if (gathering->cache >= 0)
        close(gathering->cache);
}

/* --- teams and zones -------------------------------------------------------------------------- */

static bool read_zone(const struct gathering *gathering, const char *name, const struct zone **zone,
                      struct error *err)
{
    int64_t until_s = gathering->wanted->known_s + (int64_t)366 * DAY_S;
    return zone_read(name, 0, until_s, gathering->mem, zone, err);
}

static int by_id(const void *one, const void *other)
{
    return strcmp(((const struct dora_team *)one)->id, ((const struct dora_team *)other)->id);
}

static bool take_teams(struct gathering *gathering, struct error *err)
{
    const struct delivery_teams *teams = &gathering->delivery->teams;
    struct dora_estate *known = &gathering->estate->known;
    gathering->zones = arena_alloc(gathering->mem, (teams->count + 1) * sizeof *gathering->zones);
    if (!read_zone(gathering, gathering->delivery->zone, &known->zone, err))
        return false;
    for (size_t i = 0; i < teams->count; i++) {
        const struct delivery_team *team = &teams->items[i];
        const char *zone = delivery_zone(gathering->delivery, team);
        if (!read_zone(gathering, zone, &gathering->zones[i], err))
            return error_at(err, team->at.file, team->at.line, team->at.column);
        array_push(gathering->mem, &known->teams,
                   ((struct dora_team){team->id, team->name, gathering->zones[i]}));
    }
    if (teams->count > 0)
        qsort(known->teams.items, teams->count, sizeof *known->teams.items, by_id);
    return true;
}

static const struct zone *zone_of_team(const struct gathering *gathering, const char *id)
{
    const struct delivery_team *team = delivery_team(gathering->delivery, id);
    return gathering->zones[team - gathering->delivery->teams.items];
}

static void take_owners(const struct gathering *gathering, const struct delivery_service *service,
                        struct dora_unit *unit)
{
    for (size_t i = 0; i < service->owners.count; i++) {
        const struct delivery_owner *owner = &service->owners.items[i];
        const struct zone *zone = zone_of_team(gathering, owner->team);
        struct dora_owner *to = array_add(gathering->mem, &unit->owners);
        to->team = owner->team;
        to->from_s =
            owner->from_day == DELIVERY_NO_BEGIN ? INT64_MIN : zone_begin(zone, owner->from_day);
        to->until_s = owner->until_day == DELIVERY_NO_END ? INT64_MAX
                                                          : zone_begin(zone, owner->until_day + 1);
    }
}

/* --- repositories ----------------------------------------------------------------------------- */

struct codebase_wanted estate_where(const struct gathering *gathering)
{
    const struct estate_wanted *wanted = gathering->wanted;
    return (struct codebase_wanted){wanted->context, wanted->place, wanted->delivery,
                                    wanted->folder};
}

/* What cannot be read of the repository that one stands in is an error; of another one its units
 * say it. */
static bool give_up_base(struct gathering *gathering, struct codebase *base, struct error *why,
                         struct error *err)
{
    if (base->here) {
        *err = *why;
        return false;
    }
    base->history = NULL;
    base->why_not = arena_printf(gathering->mem, "%s: %s%s%s", base->name, why->what,
                                 why->hint[0] == '\0' ? "" : "; ", why->hint);
    return true;
}

static const char *trunk_of(const struct gathering *gathering, const struct codebase *base)
{
    const char *usual = base->here ? gathering->wanted->context->ci.default_branch : NULL;
    return history_trunk(base->history, base->branch != NULL ? base->branch : usual,
                         gathering->mem);
}

static bool open_base(struct gathering *gathering, const char *project, size_t *index,
                      struct error *err)
{
    const struct codebase_wanted where = estate_where(gathering);
    struct error why = {0};
    size_t count = gathering->base_names.texts.count;
    *index = names_add(&gathering->base_names, project, strlen(project));
    if (*index < count)
        return true;
    struct codebase *base = &gathering->bases[*index];
    codebase_open(base, &where, project, gathering->mem);
    if (base->history == NULL)
        return true;
    base->trunk = trunk_of(gathering, base);
    return history_tags(base->history, gathering->cache, gathering->mem, &base->tags, &why) ||
           give_up_base(gathering, base, &why, err);
}

static int64_t since(const struct gathering *gathering, const struct delivery_service *service)
{
    int32_t day = gathering->delivery->since_day;
    day = service->since_day > day ? service->since_day : day;
    return day == DELIVERY_NO_BEGIN ? INT64_MIN : zone_begin(gathering->estate->known.zone, day);
}

/* Every service in every environment. */
static bool draw_sketches(struct gathering *gathering, struct error *err)
{
    const struct delivery *delivery = gathering->delivery;
    size_t services = delivery->services.count, environments = delivery->environments.count;
    struct arena *mem = gathering->mem;
    gathering->bases = arena_alloc(mem, (services + 1) * sizeof *gathering->bases);
    gathering->shares = arena_alloc(mem, (services + 1) * sizeof *gathering->shares);
    gathering->sketches = arena_alloc(mem, (services * environments + 1) * sizeof(struct sketch));
    for (size_t i = 0; i < services; i++) {
        const struct delivery_service *service = &delivery->services.items[i];
        size_t base;
        if (!open_base(gathering, service->project, &base, err))
            return false;
        for (size_t e = 0; e < environments; e++)
            gathering->sketches[gathering->sketch_count++] =
                (struct sketch){.service = service,
                                .environment = &delivery->environments.items[e],
                                .base = &gathering->bases[base],
                                .since_s = since(gathering, service)};
    }
    return true;
}

void told_add(struct gathering *gathering, struct sketch *sketch, struct told *told,
              const char *commit, const struct dora_deployment *deployment)
{
    if (deployment->stated_s < sketch->since_s)
        return;
    array_push(gathering->mem, &told->commits, commit);
    array_push(gathering->mem, &told->list, *deployment);
}

/* --- commits ---------------------------------------------------------------------------------- */

/* All that its deployments hold, and what waits; nothing when there are none. */
static bool read_commits(struct gathering *gathering, struct codebase *base, struct error *err)
{
    struct error why = {0};
    if (base->history == NULL || base->tips.count == 0)
        return true;
    if (base->trunk != NULL)
        array_push(gathering->mem, &base->tips, base->trunk);
    const struct commits_wanted wanted = {
        .tips = &base->tips,
        .bots = &gathering->delivery->bots,
        .people = &gathering->people,
        .cache = gathering->cache,
        .doing = arena_printf(gathering->mem, "reading the history of %s", base->name),
        .progress = gathering->wanted->progress,
    };
    if (!history_commits(base->history, &wanted, gathering->mem, &base->commits, &why))
        return give_up_base(gathering, base, &why, err);
    base->tip = codebase_commit(base, base->trunk);
    sizes_open(&base->known_sizes, gathering->cache, base->history, &gathering->delivery->ignore,
               gathering->mem);
    base->sizes = arena_alloc(gathering->mem, (base->commits.all.count + 1) * sizeof *base->sizes);
    return true;
}

static bool is_outside(const struct sketch *sketch, struct share *share, uint32_t commit,
                       bool *outside, struct error *err)
{
    bool touches;
    const char *id = sketch->base->commits.all.items[commit].id;
    if (share->asked[commit] == SHARE_UNKNOWN) {
        if (!history_touches(sketch->base->history, id, &sketch->service->paths, &touches, err))
            return false;
        share->asked[commit] = touches ? SHARE_INSIDE : SHARE_OUTSIDE;
    }
    *outside = share->asked[commit] == SHARE_OUTSIDE;
    return true;
}

/* Of what a commit says about repairs it has to be known whether it is meant for this service. */
static bool share_commits(struct gathering *gathering, const struct sketch *sketch,
                          struct share *share, struct error *err)
{
    const struct dora_commits *all = &sketch->base->commits.all;
    if (sketch->service->paths.count == 0 || share->outside != NULL)
        return true;
    share->asked = arena_alloc(gathering->mem, (all->count + 1) * sizeof *share->asked);
    share->outside = arena_alloc(gathering->mem, (all->count + 1) * sizeof *share->outside);
    for (uint32_t i = 0; i < all->count; i++)
        if (all->items[i].landing.claims != NULL &&
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
    chain->people = &gathering->estate->people;
    chain->tip = base->tip == DORA_NONE ? NULL : &base->tip;
    chain->deployments = sketch->told.list;
    if (unit->production)
        estate_incidents(gathering, &share->events, &chain->incidents);
    chain->hears = chain->incidents.count > 0;
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
    unit.chain.known_s = known->now_s;
    take_owners(gathering, sketch->service, &unit);
    struct error why = {0};
    if (unit.why_not == NULL && !link_unit(gathering, sketch, &unit, &why)) {
        if (!give_up_base(gathering, sketch->base, &why, err))
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

static bool add_units(struct gathering *gathering, struct error *err)
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

static bool read_bases(struct gathering *gathering, struct error *err)
{
    for (size_t i = 0; i < gathering->base_names.texts.count; i++)
        if (!read_commits(gathering, &gathering->bases[i], err))
            return false;
    return true;
}

static bool name_people(const struct gathering *gathering, struct error *err)
{
    const struct estate_wanted *wanted = gathering->wanted;
    const struct people_wanted labels = {
        .context = wanted->context,
        .place = wanted->place,
        .how = gathering->delivery->people,
        .read_only = wanted->read_only,
    };
    return !wanted->people || people_labels(&labels, &gathering->people.texts, gathering->mem,
                                            &gathering->estate->people, err);
}

bool estate_gather(const struct estate_wanted *wanted, struct arena *mem, struct estate *estate,
                   struct error *err)
{
    struct error unkept = {0};
    bool keeps = !wanted->read_only && wanted->place->history.root != NULL; /* not just anywhere */
    AUTO(close_gathering)
    struct gathering gathering = {
        .wanted = wanted,
        .delivery = wanted->delivery,
        .mem = mem,
        .estate = estate,
        .cache = keeps ? folder_cache(wanted->place, true, &unkept) : -1,
    };
    *estate = (struct estate){.known = {.now_s = wanted->known_s}};
    names_init(&gathering.base_names, mem);
    names_init(&gathering.people, mem);
    if (!take_teams(&gathering, err) || !draw_sketches(&gathering, err))
        return false;
    estate_files(&gathering);
    estate_tags(&gathering);
    if (!estate_records(&gathering, err))
        return false;
    estate_resolve(&gathering);
    estate_versions(&gathering);
    return read_bases(&gathering, err) && add_units(&gathering, err) &&
           name_people(&gathering, err);
}
