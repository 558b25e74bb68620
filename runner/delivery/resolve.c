#include "runner/delivery/resolve.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/delivery/version.h"
#include "runner/history/beginning.h"

enum { SHORT_COMMIT = 12 };

struct map {
    bool asked;
    const char *why_not; /* it cannot be used; NULL: it can */
    struct version_map map;
};

struct resolver {
    const struct resolver_wanted *wanted;
    struct arena *mem;
    struct map *maps; /* of each rule */
    struct names versions;
    struct ARRAY(struct resolution) known; /* of each version */
};

struct resolver *resolver_new(const struct resolver_wanted *wanted, struct arena *mem)
{
    struct resolver *resolver = arena_new_item(mem, struct resolver);
    *resolver = (struct resolver){.wanted = wanted, .mem = mem};
    resolver->maps =
        arena_alloc(mem, (wanted->service->versions.count + 1) * sizeof *resolver->maps);
    names_init(&resolver->versions, mem);
    return resolver;
}

/* Each of these gives a commit of the clone, or says in *why_not why there is none. */

static const char *find(const struct resolver *resolver, const char *hex, size_t len,
                        const char *what, const char **why_not)
{
    bool several;
    const char *commit =
        commit_beginning(resolver->wanted->history, hex, len, resolver->mem, &several);
    if (commit == NULL)
        *why_not = arena_printf(
            resolver->mem, "%s%.*s%s", what, (int)(len < SHORT_COMMIT ? len : SHORT_COMMIT), hex,
            several ? " begins several commits" : " is no commit of this clone");
    return commit;
}

/* A build is known by its version, or where files hold digests by that of its image. */
static const struct event_build *build_of(const struct events *events, const char *version)
{
    const struct event_build *build = events == NULL ? NULL : events_build(events, version);
    for (size_t i = 0; events != NULL && build == NULL && i < events->builds.count; i++)
        if (events->builds.items[i].digest != NULL &&
            strcmp(events->builds.items[i].digest, version) == 0)
            build = &events->builds.items[i];
    return build;
}

static const char *by_record(const struct resolver *resolver, const char *version,
                             const char **why_not)
{
    const struct event_build *build = build_of(resolver->wanted->events, version);
    if (build != NULL)
        return find(resolver, build->commit, strlen(build->commit), "it was recorded, but ",
                    why_not);
    *why_not = "no build of it was recorded";
    return NULL;
}

static const char *by_tag(const struct resolver *resolver, const char *template,
                          const char *version, const char **why_not)
{
    const char *name =
        version_tag(template, resolver->wanted->service->name, version, resolver->mem);
    const struct history_tag *tag = history_tag(resolver->wanted->tags, name);
    if (tag != NULL)
        return tag->commit;
    *why_not = arena_printf(resolver->mem, "there is no tag %s", name);
    return NULL;
}

/* Every part of it that could be a number is tried; two that are numbers of two commits say
 * nothing.
 */
static const char *by_hex(const struct resolver *resolver, const char *version,
                          const char **why_not)
{
    const char *commit = NULL, *part, *at = version;
    size_t len;
    *why_not = "it holds no commit's number";
    while ((part = version_hex(&at, &len)) != NULL) {
        const char *found = find(resolver, part, len, "", why_not);
        if (found != NULL && commit != NULL && strcmp(found, commit) != 0) {
            *why_not = "it holds the numbers of two commits";
            return NULL;
        }
        commit = found != NULL ? found : commit;
    }
    return commit;
}

static void load_map(struct resolver *resolver, struct map *map, const char *path)
{
    const struct resolver_wanted *wanted = resolver->wanted;
    struct arena *mem = resolver->mem;
    struct error err = {0};
    const char *text = NULL;
    size_t len;
    map->asked = true;
    bool read = wanted->tip == NULL ||
                (history_text(wanted->history, wanted->tip, path, LIMIT_YAML_BYTES, mem, &text,
                              &len, &err) &&
                 (text == NULL || version_map_read(path, text, len, mem, &map->map, &err)));
    if (!read && err.line > 0)
        map->why_not = arena_printf(mem, "%s:%u: %s", path, err.line, err.what);
    else if (!read)
        map->why_not = arena_printf(mem, "%s: %s", path, err.what);
    else if (text == NULL)
        map->why_not = arena_printf(mem, "%s is not in the repository", path);
}

static const char *by_map(struct resolver *resolver, struct map *map, const char *path,
                          const char *version, const char **why_not)
{
    if (!map->asked)
        load_map(resolver, map, path);
    *why_not = map->why_not;
    if (map->why_not != NULL)
        return NULL;
    const char *commit = version_map_find(&map->map, version);
    if (commit != NULL)
        return find(resolver, commit, strlen(commit),
                    arena_printf(resolver->mem, "%s names it, but ", path), why_not);
    *why_not = arena_printf(resolver->mem, "%s does not name it", path);
    return NULL;
}

static const char *by_rule(struct resolver *resolver, size_t rule, const char *version,
                           const char **why_not)
{
    const char *text = resolver->wanted->service->versions.items[rule].text;
    switch (resolver->wanted->service->versions.items[rule].how) {
    case VERSION_RECORDED:
        return by_record(resolver, version, why_not);
    case VERSION_TAG:
        return by_tag(resolver, text, version, why_not);
    case VERSION_HEX:
        return by_hex(resolver, version, why_not);
    case VERSION_MAP:
        break;
    }
    return by_map(resolver, &resolver->maps[rule], text, version, why_not);
}

static struct resolution look_for_part(struct resolver *resolver, const char *version)
{
    const struct version_rules *rules = &resolver->wanted->service->versions;
    const char *why_not = "";
    for (size_t i = 0; i < rules->count; i++) {
        const char *why = NULL;
        const char *commit = by_rule(resolver, i, version, &why);
        if (commit != NULL)
            return (struct resolution){.commit = commit, .by = &rules->items[i]};
        why_not = arena_printf(resolver->mem, "%s%s%s", why_not, *why_not == '\0' ? "" : "; ", why);
    }
    return (struct resolution){.why_not = why_not};
}

static struct resolution look_for(struct resolver *resolver, const char *version)
{
    struct resolution found = {0};
    const char *part;
    for (unsigned step = 0; (part = version_part(version, &step, resolver->mem)) != NULL;) {
        found = look_for_part(resolver, part);
        if (found.commit != NULL)
            break;
    }
    return found;
}

struct resolution resolve_version(struct resolver *resolver, const char *version)
{
    size_t at = names_add(&resolver->versions, version, strlen(version));
    if (at == resolver->known.count)
        array_push(resolver->mem, &resolver->known, look_for(resolver, version));
    return resolver->known.items[at];
}

struct resolved resolver_asked(const struct resolver *resolver)
{
    return (struct resolved){&resolver->versions.texts, resolver->known.items};
}
