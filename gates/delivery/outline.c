#include "gates/delivery/outline.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/delivery/places.h"
#include "gates/policy/rules.h"

enum {
    MOST_PARTS = 32,
    ALIKE = 3, /* so many layouts that differ in one folder are one with `*` */
};

/* A version on its way into a layout. */
struct track {
    const struct find *find;
    struct places places;
    struct words parts; /* of the template of its path */
    const char *name;   /* template of an application's name */
    const char *service;
    bool in_path; /* the path holds the service */
    bool dropped;
};

struct drawing {
    struct arena *mem;
    struct outline *outline;
    struct ARRAY(struct track) tracks;
};

static struct words split(const char *path, struct arena *mem)
{
    struct words parts = {0};
    for (; *path != '\0'; path += *path == '/') {
        size_t len = strcspn(path, "/");
        array_push(mem, &parts, arena_copy(mem, path, len));
        path += len;
    }
    return parts;
}

static const char *path_of(const struct track *track, struct arena *mem)
{
    return words_join(&track->parts, "/", mem);
}

static void leave_out(struct drawing *d, struct track *track, struct words *list)
{
    const char *path = track->find->path;
    track->dropped = true;
    if (list->count == 0 || strcmp(list->items[list->count - 1], path) != 0)
        array_push(d->mem, list, path);
}

/* --- environments -------------------------------------------------------------------------------
 */

/* An application's own name goes before the folder that it lies in. */
static void find_places(struct drawing *d, struct track *track)
{
    const struct find *find = track->find;
    if (find->kind == FIND_APPLICATION)
        places_find(find->name, d->mem, &track->places);
    if (track->places.environment == NULL)
        places_find(find->path, d->mem, &track->places);
    track->parts = split(places_template(find->path, &track->places, d->mem), d->mem);
}

static void begin_tracks(struct drawing *d, const struct finds *finds)
{
    bool any = false;
    for (size_t i = 0; i < finds->count; i++) {
        struct track track = {.find = &finds->items[i]};
        find_places(d, &track);
        any = any || track.places.environment != NULL;
        array_push(d->mem, &d->tracks, track);
    }
    d->outline->one_environment = !any && finds->count > 0;
    for (size_t i = 0; any && i < d->tracks.count; i++)
        if (d->tracks.items[i].places.environment == NULL)
            leave_out(d, &d->tracks.items[i], &d->outline->without_environment);
}

/* --- services that the document names -----------------------------------------------------------
 */

/* The part without the ending of a file. */
static const char *stem_of(const struct words *parts, size_t i, struct arena *mem)
{
    const char *part = parts->items[i], *dot = strrchr(part, '.');
    bool is_file = i + 1 == parts->count && dot != NULL && dot != part;
    return is_file ? arena_copy(mem, part, (size_t)(dot - part)) : part;
}

static void put_service(struct drawing *d, struct track *track, size_t i, const char *word)
{
    track->parts.items[i] = word_replaced(track->parts.items[i], word, "{service}", d->mem);
    track->in_path = true;
}

static void find_in_path(struct drawing *d, struct track *track)
{
    for (size_t i = 0; i < track->parts.count; i++) {
        const char *stem = stem_of(&track->parts, i, d->mem);
        const char *rest = template_rest(stem, d->mem);
        if (rest != NULL && strcmp(rest, track->service) == 0)
            put_service(d, track, i, track->service);
    }
}

static void name_service(struct drawing *d, struct track *track)
{
    track->service = track->find->name;
    if (track->find->kind == FIND_APPLICATION) {
        track->name = places_template(track->find->name, &track->places, d->mem);
        track->service = template_rest(track->name, d->mem);
        if (track->service == NULL) {
            leave_out(d, track, &d->outline->without_service);
            return;
        }
        track->name = word_replaced(track->name, track->service, "{service}", d->mem);
    }
    find_in_path(d, track);
}

static bool is_named(const struct track *track)
{
    return !track->dropped && track->find->name != NULL;
}

/* Where one image of a file is the service that its path names, the others go with it. */
static void drop_companions(struct drawing *d)
{
    struct names told;
    names_init(&told, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        const struct track *track = &d->tracks.items[i];
        if (is_named(track) && track->in_path)
            names_add(&told, track->find->path, strlen(track->find->path));
    }
    for (size_t i = 0; i < d->tracks.count; i++) {
        struct track *track = &d->tracks.items[i];
        const char *path = track->find->path;
        if (is_named(track) && !track->in_path &&
            names_find(&told, path, strlen(path)) != NAMES_NONE)
            track->dropped = true;
    }
}

/* --- services that only the path names ----------------------------------------------------------
 */

/* Names of folders and files that say how a repository is laid out. */
static bool is_structure(const char *word)
{
    static const char words[] =
        "app apps application applications argocd base chart charts cluster clusters common "
        "components config configs deploy deployment deployments env environment environments envs "
        "flux gitops helm helmfile image images infra k8s kubernetes kustomization kustomize "
        "manifests namespaces overlay overlays platform region regions release releases service "
        "services src stacks tenants value values version versions workloads";
    return text_lists(words, word, strlen(word));
}

/* The word of a part that may be the service: NULL for all that is something else. */
static const char *candidate(const struct track *track, size_t i, struct arena *mem)
{
    const char *rest = template_rest(stem_of(&track->parts, i, mem), mem);
    return rest == NULL || is_structure(rest) || !finds_is_name(rest) ? NULL : rest;
}

/* The paths that are laid out alike, and how many different words stand in each part of them. */
struct shape {
    size_t different[MOST_PARTS];
};

struct shapes {
    struct names names, words;
    struct ARRAY(struct shape) items;
};

static size_t shape_of(const struct track *track, struct shapes *shapes, struct arena *mem)
{
    struct words parts = {0};
    for (size_t i = 0; i < track->parts.count; i++) {
        const char *word = candidate(track, i, mem);
        array_push(mem, &parts,
                   word == NULL ? track->parts.items[i]
                                : word_replaced(track->parts.items[i], word, "?", mem));
    }
    const char *key = words_join(&parts, "/", mem);
    size_t index = names_add(&shapes->names, key, strlen(key));
    if (index == shapes->items.count)
        array_push(mem, &shapes->items, (struct shape){0});
    return index;
}

static void count_words(const struct track *track, struct shapes *shapes, struct arena *mem)
{
    size_t index = shape_of(track, shapes, mem);
    for (size_t i = 0; i < track->parts.count; i++) {
        const char *word = candidate(track, i, mem);
        if (word == NULL)
            continue;
        const char *key = arena_printf(mem, "%zu %zu %s", index, i, word);
        size_t before = shapes->words.texts.count;
        shapes->items.items[index].different[i] +=
            names_add(&shapes->words, key, strlen(key)) == before;
    }
}

/* The part that differs the most; of several the last. */
static void choose_part(struct drawing *d, struct track *track, struct shapes *shapes)
{
    const struct shape *shape = &shapes->items.items[shape_of(track, shapes, d->mem)];
    size_t best = track->parts.count;
    for (size_t i = 0; i < track->parts.count; i++)
        if (candidate(track, i, d->mem) != NULL &&
            (best == track->parts.count || shape->different[i] >= shape->different[best]))
            best = i;
    if (best == track->parts.count) {
        leave_out(d, track, &d->outline->without_service);
        return;
    }
    track->service = candidate(track, best, d->mem);
    put_service(d, track, best, track->service);
}

static bool is_unnamed(const struct track *track)
{
    return !track->dropped && track->find->name == NULL;
}

static void find_unnamed(struct drawing *d)
{
    struct shapes shapes = {0};
    names_init(&shapes.names, d->mem);
    names_init(&shapes.words, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        struct track *track = &d->tracks.items[i];
        if (is_unnamed(track) && track->parts.count > MOST_PARTS)
            leave_out(d, track, &d->outline->without_service);
        if (is_unnamed(track))
            count_words(track, &shapes, d->mem);
    }
    for (size_t i = 0; i < d->tracks.count; i++)
        if (is_unnamed(&d->tracks.items[i]))
            choose_part(d, &d->tracks.items[i], &shapes);
}

/* --- layouts ------------------------------------------------------------------------------------
 */

static const char *select_of(const struct track *track, struct arena *mem)
{
    const struct find *find = track->find;
    switch (find->kind) {
    case FIND_KUSTOMIZE:
        return arena_printf(mem, "images[name=%s{service}].newTag", find->before);
    case FIND_CHART:
        return "dependencies[name={service}].version";
    case FIND_APPLICATION:
        return "spec.source.targetRevision";
    default:
        return find->name == NULL ? "image.tag"
                                  : arena_printf(mem, "%s{service}.image.tag", find->before);
    }
}

static const char *key_of(const struct track *track, const char *file, struct arena *mem)
{
    return arena_printf(mem, "%d\1%s\1%s\1%s", (int)track->find->kind, file, select_of(track, mem),
                        track->name == NULL ? "" : track->name);
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
    const char *key = key_of(track, path_of(track, mem), mem);
    track->parts.items[i] = part;
    return key;
}

/* One part of the paths in which many layouts differ. */
static void merge_part(struct drawing *d, size_t part)
{
    struct names keys, pairs;
    struct ARRAY(size_t) counts = {0};
    names_init(&keys, d->mem);
    names_init(&pairs, d->mem);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < d->tracks.count; i++) {
            struct track *track = &d->tracks.items[i];
            if (track->dropped || part >= track->parts.count || !is_literal(&track->parts, part))
                continue;
            const char *key = key_without(track, part, d->mem);
            size_t index = names_add(&keys, key, strlen(key)), before = pairs.texts.count;
            if (index == counts.count)
                array_push(d->mem, &counts, 0);
            const char *pair = arena_printf(d->mem, "%zu %s", index, track->parts.items[part]);
            if (pass == 0)
                counts.items[index] += names_add(&pairs, pair, strlen(pair)) == before;
            else if (counts.items[index] >= ALIKE)
                track->parts.items[part] = "*";
        }
}

static void draw_layouts(struct drawing *d)
{
    struct names keys, members;
    struct outline *outline = d->outline;
    names_init(&keys, d->mem);
    names_init(&members, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        const struct track *track = &d->tracks.items[i];
        if (track->dropped)
            continue;
        const char *file = path_of(track, d->mem), *key = key_of(track, file, d->mem);
        size_t index = names_add(&keys, key, strlen(key)), before = members.texts.count;
        if (index == outline->layouts.count)
            array_push(d->mem, &outline->layouts,
                       ((struct outline_layout){.kind = track->find->kind,
                                                .file = file,
                                                .select = select_of(track, d->mem),
                                                .name = track->name}));
        const char *member = arena_printf(d->mem, "%zu %s", index, track->service);
        if (names_add(&members, member, strlen(member)) == before)
            array_push(d->mem, &outline->layouts.items[index].services, track->service);
    }
}

/* --- what the layouts name ----------------------------------------------------------------------
 */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

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
                             const char *environment, const char *region)
{
    struct outline *outline = d->outline;
    size_t index = names_add(names, environment, strlen(environment));
    if (index == outline->environments.count)
        array_push(d->mem, &outline->environments,
                   ((struct outline_environment){.name = environment}));
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
            qsort(regions->items, regions->count, sizeof *regions->items, by_text);
    }
    if (outline->environments.count > 1)
        qsort(outline->environments.items, outline->environments.count,
              sizeof *outline->environments.items, by_tier);
    if (outline->services.count > 1)
        qsort(outline->services.items, outline->services.count, sizeof *outline->services.items,
              by_service);
}

static void draw_names(struct drawing *d)
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
        draw_environment(d, &environments, &regions, environment, places->region);
        array_push(d->mem, &d->outline->versions,
                   ((struct outline_version){track->find->path, track->service, environment,
                                             places->region == NULL ? "" : places->region,
                                             track->find->version}));
    }
    sort(d->outline);
}

void outline_draw(const struct finds *finds, struct arena *mem, struct outline *outline)
{
    struct drawing drawing = {.mem = mem, .outline = outline};
    *outline = (struct outline){0};
    begin_tracks(&drawing, finds);
    for (size_t i = 0; i < drawing.tracks.count; i++)
        if (is_named(&drawing.tracks.items[i]))
            name_service(&drawing, &drawing.tracks.items[i]);
    drop_companions(&drawing);
    find_unnamed(&drawing);
    for (size_t part = 0; part < MOST_PARTS; part++)
        merge_part(&drawing, part);
    draw_layouts(&drawing);
    draw_names(&drawing);
}
