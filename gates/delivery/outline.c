/* Which environment and which service each version is of. */
#include <string.h>

#include "gates/delivery/outline_parts.h"
#include "gates/policy/rules.h"

struct words outline_split(const char *path, struct arena *mem)
{
    struct words parts = {0};
    for (; *path != '\0'; path += *path == '/') {
        size_t len = strcspn(path, "/");
        array_push(mem, &parts, arena_copy(mem, path, len));
        path += len;
    }
    return parts;
}

static void leave_out(struct drawing *d, struct track *track, struct words *list)
{
    const char *path = track->find->path;
    track->dropped = true;
    if (list->count == 0 || strcmp(list->items[list->count - 1], path) != 0)
        array_push(d->mem, list, path);
}

/* --- environments ---------------------------------------------------------------------------- */

/* An application's own name goes before the folder that it lies in, a manifest's behind. */
static void find_places(struct drawing *d, struct track *track)
{
    const struct find *find = track->find;
    if (find->kind == FIND_APPLICATION)
        places_find(find->name, d->mem, &track->places);
    if (track->places.environment == NULL)
        places_find(find->path, d->mem, &track->places);
    else if (track->places.region == NULL)
        places_find_region(find->path, d->mem, &track->places);
    if (track->places.environment == NULL && find->kind == FIND_MANIFEST)
        places_find(find->name, d->mem, &track->places);
    track->parts = outline_split(places_template(find->path, &track->places, d->mem), d->mem);
}

/* What Kustomize says of an image goes before what the manifest says. */
static void drop_overridden(struct drawing *d)
{
    struct names images;
    names_init(&images, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        const struct find *find = d->tracks.items[i].find;
        if (find->kind == FIND_KUSTOMIZE)
            names_add(&images, find->name, strlen(find->name));
    }
    for (size_t i = 0; i < d->tracks.count; i++) {
        struct track *track = &d->tracks.items[i];
        const char *image = track->find->image;
        track->dropped = image != NULL && names_find(&images, image, strlen(image)) != NAMES_NONE;
    }
}

static void begin_tracks(struct drawing *d, const struct finds *finds)
{
    bool any = false;
    for (size_t i = 0; i < finds->count; i++) {
        struct track track = {.find = &finds->items[i]};
        find_places(d, &track);
        array_push(d->mem, &d->tracks, track);
    }
    drop_overridden(d);
    for (size_t i = 0; i < d->tracks.count; i++)
        any |= !d->tracks.items[i].dropped && d->tracks.items[i].places.environment != NULL;
    d->outline->one_environment = !any && finds->count > 0;
    if (any)
        siblings_environments(d);
    for (size_t i = 0; any && i < d->tracks.count; i++) {
        struct track *track = &d->tracks.items[i];
        if (!track->dropped && track->places.environment == NULL)
            leave_out(d, track, &d->outline->without_environment);
    }
}

/* --- services that the document names -------------------------------------------------------- */

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
    if (track->find->kind == FIND_APPLICATION || track->find->kind == FIND_MANIFEST) {
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

/* --- services that only the path names ------------------------------------------------------- */

/* The word of a part that may be the service: NULL for all that is something else. */
static const char *candidate(const struct track *track, size_t i, struct arena *mem)
{
    const char *rest = template_rest(stem_of(&track->parts, i, mem), mem);
    return rest == NULL || places_is_structure(rest) || !finds_is_name(rest) ? NULL : rest;
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
    siblings_regions(&drawing);
    outline_layouts(&drawing);
    outline_names(&drawing);
}
