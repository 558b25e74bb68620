/* Versions that lie alike become one layout; and what all layouts name. */
#include <stdlib.h>
#include <string.h>

#include "gates/base/text.h"
#include "gates/delivery/outline_parts.h"
#include "gates/policy/rules.h"

enum { ALIKE = 3 }; /* so many layouts that differ in one folder are one with `*` */

/* --- layouts --------------------------------------------------------------------------------- */

static const char *path_of(const struct track *track, struct arena *mem)
{
    return words_join(&track->parts, "/", mem);
}

static const char *select_of(const struct track *track, struct arena *mem)
{
    const struct find *find = track->find;
    switch (find->kind) {
    case FIND_KUSTOMIZE:
        return arena_printf(mem, "images[name=%s{service}].newTag", find->before);
    case FIND_CHART:
        return "dependencies[name={service}].version";
    case FIND_APPLICATION:
        return arena_printf(mem, "spec.%s.targetRevision", find->before);
    case FIND_MANIFEST:
        return arena_printf(mem, "tag(spec.template.spec.containers[%s%s].image)", find->before,
                            *find->before == '0' ? "" : "{service}");
    default:
        return find->name == NULL ? "image.tag"
                                  : arena_printf(mem, "%s{service}.image.tag", find->before);
    }
}

const char *outline_key(const struct track *track, struct arena *mem)
{
    return arena_printf(mem, "%d\1%s\1%s\1%s", (int)track->find->kind, path_of(track, mem),
                        select_of(track, mem), track->name == NULL ? "" : track->name);
}

static bool is_literal(const struct words *parts, size_t i)
{
    return i + 1 < parts->count && strpbrk(parts->items[i], "{*") == NULL;
}

/* The layout of the path with `*` for one part. */
static const char *key_without(struct track *track, size_t i, struct arena *mem)
{
    const char *part = track->parts.items[i];
    track->parts.items[i] = "*";
    const char *key = outline_key(track, mem);
    track->parts.items[i] = part;
    return key;
}

/* The layouts that there would be with `*` in place of one part, and how many different words it
 * would stand for. */
struct alike {
    struct names keys, words;
    struct ARRAY(size_t) counts;
};

static bool may_merge(const struct track *track, size_t part)
{
    return !track->dropped && part < track->parts.count && is_literal(&track->parts, part);
}

static void count_alike(struct track *track, size_t part, struct alike *alike, struct arena *mem)
{
    const char *key = key_without(track, part, mem);
    size_t index = names_add(&alike->keys, key, strlen(key)), before = alike->words.texts.count;
    const char *word = arena_printf(mem, "%zu %s", index, track->parts.items[part]);
    bool is_new = names_add(&alike->words, word, strlen(word)) == before;
    if (index == alike->counts.count)
        array_push(mem, &alike->counts, 1);
    else
        alike->counts.items[index] += is_new;
}

static void merge_part(struct drawing *d, size_t part)
{
    struct alike alike = {0};
    names_init(&alike.keys, d->mem);
    names_init(&alike.words, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++)
        if (may_merge(&d->tracks.items[i], part))
            count_alike(&d->tracks.items[i], part, &alike, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        struct track *track = &d->tracks.items[i];
        if (!may_merge(track, part))
            continue;
        const char *key = key_without(track, part, d->mem);
        size_t index = names_find(&alike.keys, key, strlen(key));
        if (index < alike.counts.count && alike.counts.items[index] >= ALIKE)
            track->parts.items[part] = "*";
    }
}

void outline_layouts(struct drawing *d)
{
    struct names keys, members;
    struct outline *outline = d->outline;
    for (size_t part = 0; part < MOST_PARTS; part++)
        merge_part(d, part);
    names_init(&keys, d->mem);
    names_init(&members, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        const struct track *track = &d->tracks.items[i];
        if (track->dropped)
            continue;
        const char *key = outline_key(track, d->mem);
        size_t index = names_add(&keys, key, strlen(key)), before = members.texts.count;
        if (index == outline->layouts.count)
            array_push(d->mem, &outline->layouts,
                       ((struct outline_layout){.kind = track->find->kind,
                                                .file = path_of(track, d->mem),
                                                .select = select_of(track, d->mem),
                                                .name = track->name}));
        const char *member = arena_printf(d->mem, "%zu %s", index, track->service);
        if (names_add(&members, member, strlen(member)) == before)
            array_push(d->mem, &outline->layouts.items[index].services, track->service);
    }
}

/* --- what the layouts name ------------------------------------------------------------------- */

static int by_service(const void *a, const void *b)
{
    const struct outline_service *one = a, *other = b;
    return strcmp(one->name, other->name);
}

static int by_tier(const void *a, const void *b)
{
    const struct outline_environment *one = a, *other = b;
    int tiers = (int)tier_guess(one->name) - (int)tier_guess(other->name);
    return tiers != 0 ? tiers : strcmp(one->name, other->name);
}

static void draw_service(struct drawing *d, struct names *names, const struct track *track)
{
    struct outline *outline = d->outline;
    size_t index = names_add(names, track->service, strlen(track->service));
    if (index == outline->services.count)
        array_push(
            d->mem, &outline->services,
            ((struct outline_service){.name = track->service, .version = track->find->version}));
    if (outline->services.items[index].project == NULL)
        outline->services.items[index].project = track->find->project;
}

static void draw_environment(struct drawing *d, struct names *names, struct names *regions,
                             const char *environment, const struct track *track)
{
    const char *region = track->places.region;
    struct outline *outline = d->outline;
    size_t index = names_add(names, environment, strlen(environment));
    if (index == outline->environments.count)
        array_push(d->mem, &outline->environments,
                   ((struct outline_environment){.name = environment}));
    outline->environments.items[index].guessed |= track->guessed_environment;
    outline->environments.items[index].guessed_regions |= track->guessed_region;
    if (region == NULL)
        return;
    const char *pair = arena_printf(d->mem, "%zu %s", index, region);
    size_t before = regions->texts.count;
    if (names_add(regions, pair, strlen(pair)) == before)
        array_push(d->mem, &outline->environments.items[index].regions, region);
}

static void sort(struct outline *outline)
{
    for (size_t i = 0; i < outline->environments.count; i++) {
        struct words *regions = &outline->environments.items[i].regions;
        if (regions->count > 1)
            qsort(regions->items, regions->count, sizeof *regions->items, text_order);
    }
    if (outline->environments.count > 1)
        qsort(outline->environments.items, outline->environments.count,
              sizeof *outline->environments.items, by_tier);
    if (outline->services.count > 1)
        qsort(outline->services.items, outline->services.count, sizeof *outline->services.items,
              by_service);
}

void outline_names(struct drawing *d)
{
    struct names services, environments, regions;
    names_init(&services, d->mem);
    names_init(&environments, d->mem);
    names_init(&regions, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        const struct track *track = &d->tracks.items[i];
        const struct places *places = &track->places;
        if (track->dropped)
            continue;
        const char *environment = places->environment != NULL ? places->environment : "production";
        draw_service(d, &services, track);
        draw_environment(d, &environments, &regions, environment, track);
        array_push(d->mem, &d->outline->versions,
                   ((struct outline_version){track->find->path, track->service, environment,
                                             places->region == NULL ? "" : places->region,
                                             track->find->version}));
    }
    sort(d->outline);
}
