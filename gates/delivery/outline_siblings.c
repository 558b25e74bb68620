/* Environments and regions that no list of words knows: by the folders that lie beside each other.
 */
#include <string.h>

#include "gates/delivery/outline_parts.h"
#include "gates/policy/rules.h"

/* Can the part be a name that nobody knows yet? A folder, and no word for how things lie. */
static bool may_be_name(const struct track *track, size_t part)
{
    return part + 1 < track->parts.count && finds_is_name(track->parts.items[part]) &&
           !places_is_structure(track->parts.items[part]);
}

/* --- environments ---------------------------------------------------------------------------- */

/* Is there the same file for an environment that is known by its name? */
static bool try_environment(struct drawing *d, struct track *track, const struct names *known,
                            const char *word)
{
    struct places places = {.environment = word};
    const char *path = track->find->path;
    places_find_region(path, d->mem, &places);
    const char *template = places_template(path, &places, d->mem);
    if (names_find(known, template, strlen(template)) == NAMES_NONE)
        return false;
    track->places = places;
    track->parts = outline_split(template, d->mem);
    track->guessed_environment = true;
    return true;
}

void siblings_environments(struct drawing *d)
{
    struct names known;
    names_init(&known, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        const struct track *track = &d->tracks.items[i];
        const char *template = words_join(&track->parts, "/", d->mem);
        if (track->places.environment != NULL)
            names_add(&known, template, strlen(template));
    }
    for (size_t i = 0; i < d->tracks.count; i++) {
        struct track *track = &d->tracks.items[i];
        bool found = track->dropped || track->places.environment != NULL;
        for (size_t part = 0; !found && part < track->parts.count; part++)
            found = may_be_name(track, part) &&
                    try_environment(d, track, &known, track->parts.items[part]);
    }
}

/* --- regions --------------------------------------------------------------------------------- */

/* Layouts that would be one with {region} in the place of a part. */
struct group {
    size_t words;   /* different ones there */
    size_t members; /* services in environments */
    size_t pairs;   /* of a member and a word */
};

struct groups {
    struct names keys, seen;
    struct ARRAY(struct group) items;
};

static bool is_region(const struct track *track, size_t part)
{
    return strcmp(track->parts.items[part], "{region}") == 0;
}

static bool takes_part(const struct track *track, size_t part)
{
    if (track->dropped || part >= track->parts.count)
        return false;
    return is_region(track, part) || (track->places.region == NULL && may_be_name(track, part));
}

static size_t group_of(struct groups *groups, struct track *track, size_t part, struct arena *mem)
{
    const char *word = track->parts.items[part];
    track->parts.items[part] = "{region}";
    const char *key = outline_key(track, mem);
    track->parts.items[part] = word;
    size_t index = names_add(&groups->keys, key, strlen(key));
    if (index == groups->items.count)
        array_push(mem, &groups->items, (struct group){0});
    return index;
}

static bool is_new(struct groups *groups, const char *text)
{
    size_t before = groups->seen.texts.count;
    return names_add(&groups->seen, text, strlen(text)) == before;
}

static void count(struct groups *groups, struct track *track, size_t part, struct arena *mem)
{
    size_t index = group_of(groups, track, part, mem);
    struct group *group = &groups->items.items[index];
    const char *environment = track->places.environment == NULL ? "" : track->places.environment;
    const char *word = is_region(track, part) ? track->places.region : track->parts.items[part];
    const char *member = arena_printf(mem, "%zu %s %s", index, track->service, environment);
    group->words += is_new(groups, arena_printf(mem, "%zu\1%s", index, word));
    group->members += is_new(groups, member);
    group->pairs += is_new(groups, arena_printf(mem, "%s\1%s", member, word));
}

/* Each member stands in one and a half of the folders, or more. */
static bool are_regions(const struct group *group)
{
    return group->words > 1 && 2 * group->pairs >= 3 * group->members;
}

static void find_regions(struct drawing *d, size_t part)
{
    struct groups groups = {0};
    names_init(&groups.keys, d->mem);
    names_init(&groups.seen, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++)
        if (takes_part(&d->tracks.items[i], part))
            count(&groups, &d->tracks.items[i], part, d->mem);
    for (size_t i = 0; i < d->tracks.count; i++) {
        struct track *track = &d->tracks.items[i];
        if (!takes_part(track, part) || is_region(track, part) ||
            !are_regions(&groups.items.items[group_of(&groups, track, part, d->mem)]))
            continue;
        track->places.region = track->parts.items[part];
        track->parts.items[part] = "{region}";
        track->guessed_region = true;
    }
}

void siblings_regions(struct drawing *d)
{
    for (size_t part = 0; part < MOST_PARTS; part++)
        find_regions(d, part);
}
