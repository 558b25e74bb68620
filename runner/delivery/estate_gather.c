#include "runner/delivery/estate_gather.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/delivery/estate_parts.h"
#include "runner/delivery/people.h"
#include "runner/history/trunk.h"
#include "runner/store/folder.h"
#include "runner/zone.h"

enum { DAY_S = 86400 };

static void close_gathering(struct gathering *gathering)
{
    for (size_t i = 0; gathering->shares != NULL && i < gathering->delivery->services.count; i++)
        insights_close(&gathering->shares[i].touching);
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
    gathering->heard = arena_alloc(gathering->mem, teams->count + 1);
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

/* --- repositories ----------------------------------------------------------------------------- */

struct codebase_wanted estate_where(const struct gathering *gathering)
{
    const struct estate_wanted *wanted = gathering->wanted;
    return (struct codebase_wanted){wanted->context, wanted->place, wanted->delivery,
                                    wanted->folder};
}

bool estate_give_up(const struct gathering *gathering, struct codebase *base,
                    const struct error *why, struct error *err)
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
           estate_give_up(gathering, base, &why, err);
}

static int64_t since(const struct gathering *gathering, const struct delivery_service *service)
{
    int32_t day = gathering->delivery->since_day;
    day = service->since_day > day ? service->since_day : day;
    return day == DELIVERY_NO_BEGIN ? 0 : zone_begin(gathering->estate->known.zone, day);
}

/* Every service in every environment. */
static bool draw_sketches(struct gathering *gathering, struct error *err)
{
    const struct delivery *delivery = gathering->delivery;
    size_t services = delivery->services.count, environments = delivery->environments.count;
    struct arena *mem = gathering->mem;
    gathering->bases = arena_alloc(mem, (services + 1) * sizeof *gathering->bases);
    gathering->shares = arena_alloc(mem, (services + 1) * sizeof *gathering->shares);
    gathering->runs = arena_alloc(mem, (services + 1) * sizeof *gathering->runs);
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
        return estate_give_up(gathering, base, &why, err);
    for (size_t i = 0; i < base->commits.all.count; i++)
        landing_add_hotfix(&base->commits.all.items[i].landing,
                           &gathering->delivery->unplanned_branches);
    base->tip = codebase_commit(base, base->trunk);
    if (base->trunk != NULL)
        array_push(gathering->mem, &gathering->estate->readings,
                   ((struct estate_reading){estate_project(gathering, base), base->trunk}));
    insights_open_globs(&base->known_sizes, gathering->cache, base->history, "sizes",
                        &gathering->delivery->ignore, gathering->mem);
    base->sizes = arena_alloc(gathering->mem, (base->commits.all.count + 1) * sizeof *base->sizes);
    return true;
}

static bool read_bases(struct gathering *gathering, struct error *err)
{
    for (size_t i = 0; i < gathering->base_names.texts.count; i++)
        if (!read_commits(gathering, &gathering->bases[i], err))
            return false;
    return true;
}

/* A work tree that cannot be written to has numbers all the same. */
static bool name_people(const struct gathering *gathering, struct error *err)
{
    const struct estate_wanted *wanted = gathering->wanted;
    const struct people_wanted labels = {
        .context = wanted->context,
        .place = wanted->place,
        .how = gathering->delivery->people,
        .read_only = wanted->read_only,
    };
    struct error why = {0};
    if (!wanted->people || people_labels(&labels, &gathering->people.texts, gathering->mem,
                                         &gathering->estate->people, &why))
        return true;
    if (why.fault == FAULT_USAGE) {
        *err = why;
        return false;
    }
    array_push(gathering->mem, &gathering->estate->warnings,
               arena_printf(gathering->mem, "nobody is named: %s: %s", why.where, why.what));
    return true;
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
    return read_bases(&gathering, err) && estate_units(&gathering, err) &&
           name_people(&gathering, err);
}

struct words estate_first_warnings(const struct estate *estate, struct arena *mem)
{
    enum { MOST = 10 };
    struct words shown = {0};
    size_t count = estate->warnings.count;
    for (size_t i = 0; i < count && i < MOST; i++)
        array_push(mem, &shown, estate->warnings.items[i]);
    if (count > MOST)
        array_push(mem, &shown, arena_printf(mem, "and %zu more like these", count - (size_t)MOST));
    return shown;
}
