#include "gates/delivery/rollout.h"

#include <string.h>

#include "gates/base/names.h"

/* What one file says of one region. */
struct entry {
    uint32_t layout;
    const char *path, *version;
    const struct sighting *since; /* that said this version first */
};

struct region {
    const char *name;
    struct ARRAY(struct entry) entries; /* none: the service is not there (any more) */
    const char *version;                /* what counts of them; NULL: nothing */
    const struct sighting *said;        /* where and when it was written */
    int64_t since_s;                    /* when it began to count */
};

/* A service in an environment. */
struct group {
    const char *service, *environment;
    struct ARRAY(struct region) regions; /* by name */
    const char *deployed;                /* what all of them said last; NULL: nothing */
};

/* The sightings of one commit that are about one of these. */
struct step {
    const struct sighting *items;
    size_t count;
};

struct joining {
    struct arena *mem;
    struct names names;
    struct ARRAY(struct group) groups; /* by the index of their name */
    struct rollouts *rollouts;
};

static struct group *group_of(struct joining *j, const struct sighting *sighting)
{
    size_t len = strlen(sighting->service), more = strlen(sighting->environment);
    char *name = arena_alloc(j->mem, len + more + 2);
    memcpy(stpcpy(name, sighting->service) + 1, sighting->environment, more);
    size_t index = names_add(&j->names, name, len + 1 + more);
    if (index == j->groups.count)
        *array_add(j->mem, &j->groups) =
            (struct group){.service = sighting->service, .environment = sighting->environment};
    return &j->groups.items[index];
}

/* The region of that name, put in its place when it is new. */
static struct region *region_of(struct joining *j, struct group *group, const char *name)
{
    size_t at = 0;
    while (at < group->regions.count && strcmp(group->regions.items[at].name, name) < 0)
        at++;
    if (at < group->regions.count && strcmp(group->regions.items[at].name, name) == 0)
        return &group->regions.items[at];
    (void)array_add(j->mem, &group->regions);
    for (size_t i = group->regions.count - 1; i > at; i--)
        group->regions.items[i] = group->regions.items[i - 1];
    group->regions.items[at] = (struct region){.name = name};
    return &group->regions.items[at];
}

static void take_entry(struct joining *j, struct region *region, const struct sighting *sighting)
{
    struct entry new = {sighting->layout, sighting->path, sighting->version, sighting};
    size_t i = 0;
    while (i < region->entries.count &&
           (region->entries.items[i].layout != sighting->layout ||
            strcmp(region->entries.items[i].path, sighting->path) != 0))
        i++;
    bool known = i < region->entries.count;
    struct entry *entry = known ? &region->entries.items[i] : NULL;
    if (!known && sighting->version != NULL)
        array_push(j->mem, &region->entries, new);
    else if (known && sighting->version == NULL)
        *entry = region->entries.items[--region->entries.count];
    else if (known && strcmp(entry->version, sighting->version) != 0)
        *entry = new;
}

/* Did this one say its version later? Of one commit the earlier layout counts, then the path. */
static bool counts_more(const struct entry *entry, const struct entry *other)
{
    if (entry->since->order != other->since->order)
        return entry->since->order > other->since->order;
    if (entry->layout != other->layout)
        return entry->layout < other->layout;
    return strcmp(entry->path, other->path) < 0;
}

static void settle_region(struct region *region, int64_t now_s)
{
    const struct entry *said = NULL;
    for (size_t i = 0; i < region->entries.count; i++)
        if (said == NULL || counts_more(&region->entries.items[i], said))
            said = &region->entries.items[i];
    if (said == NULL)
        region->version = NULL;
    else if (region->version == NULL || strcmp(region->version, said->version) != 0)
        *region = (struct region){region->name, region->entries, said->version, said->since, now_s};
}

/* What all regions say in which the service stands. *gone: it stands in none. */
static const char *agreed(const struct group *group, bool *gone)
{
    const char *version = NULL;
    *gone = true;
    for (size_t i = 0; i < group->regions.count; i++) {
        const char *one = group->regions.items[i].version;
        if (one == NULL)
            continue;
        if (version != NULL && strcmp(version, one) != 0)
            return NULL;
        version = one;
        *gone = false;
    }
    return version;
}

static struct rollout *add_rollout(struct joining *j, const struct group *group,
                                   const char *version, const struct sighting *last)
{
    struct rollout *rollout = array_add(j->mem, j->rollouts);
    *rollout = (struct rollout){
        .service = group->service,
        .environment = group->environment,
        .version = version,
        .commit = last->commit,
        .layout = last->layout,
        .first_s = last->at_s,
        .at_s = last->at_s,
        .order = last->order,
        .author = last->author,
        .bot = last->bot,
    };
    return rollout;
}

static void add_source(struct joining *j, struct rollout *rollout, const struct sighting *source)
{
    array_push(j->mem, &rollout->sources,
               ((struct rollout_source){source->layout, source->path, source->commit}));
}

static void add_version(struct joining *j, const struct group *group, const struct step *step)
{
    struct rollout *rollout = add_rollout(j, group, group->deployed, step->items);
    for (size_t i = 0; i < group->regions.count; i++) {
        const struct region *region = &group->regions.items[i];
        if (region->version == NULL)
            continue;
        add_source(j, rollout, region->said);
        if (region->since_s < rollout->first_s)
            rollout->first_s = region->since_s;
    }
}

static void add_configuration(struct joining *j, const struct group *group, const struct step *step)
{
    struct rollout *rollout = NULL;
    for (size_t i = 0; i < step->count; i++) {
        if (!step->items[i].same)
            continue;
        if (rollout == NULL)
            rollout = add_rollout(j, group, group->deployed, step->items);
        rollout->config = true;
        add_source(j, rollout, &step->items[i]);
    }
}

static void join_step(struct joining *j, const struct step *step)
{
    struct group *group = group_of(j, step->items);
    bool gone;
    for (size_t i = 0; i < step->count; i++)
        take_entry(j, region_of(j, group, step->items[i].region), &step->items[i]);
    for (size_t i = 0; i < group->regions.count; i++)
        settle_region(&group->regions.items[i], step->items[0].at_s);
    const char *version = agreed(group, &gone), *before = group->deployed;
    if (gone || version != NULL)
        group->deployed = version;
    if (version != NULL && (before == NULL || strcmp(before, version) != 0))
        add_version(j, group, step);
    else if (group->deployed != NULL)
        add_configuration(j, group, step);
}

static bool same_step(const struct sighting *a, const struct sighting *b)
{
    return a->order == b->order && strcmp(a->service, b->service) == 0 &&
           strcmp(a->environment, b->environment) == 0;
}

void rollouts_join(const struct sightings *sightings, struct arena *mem, struct rollouts *rollouts)
{
    struct joining j = {.mem = mem, .rollouts = rollouts};
    names_init(&j.names, mem);
    for (size_t i = 0, next; i < sightings->count; i = next) {
        for (next = i + 1; next < sightings->count; next++)
            if (!same_step(&sightings->items[i], &sightings->items[next]))
                break;
        join_step(&j, &(struct step){&sightings->items[i], next - i});
    }
}
