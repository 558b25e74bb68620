/* A policy's text becomes a struct policy; every mistake of the text is said in one run. */
#include "gates/policy/load.h"

#include <string.h>

#include "gates/base/nearest.h"
#include "gates/base/path.h"
#include "gates/base/text.h"

const char *load_shown(const struct loader *loader, const char *text)
{
    return text_keep(loader->mem, text, strlen(text), 60);
}

const char *load_place(const struct loader *loader, struct place place, struct place from)
{
    if (strcmp(place.file, from.file) == 0)
        return arena_printf(loader->mem, "line %u", place.line);
    return arena_printf(loader->mem, "%s:%u:%u", place.file, place.line, place.column);
}

/* More comparisons of names than any policy needs. */
enum { MOST_COMPARISONS = 50000 };

bool load_may_compare(struct loader *loader)
{
    return loader->comparisons++ < MOST_COMPARISONS;
}

void load_digest(struct arena *mem, const char *text, size_t len, char sha256[DIGEST_HEX])
{
    struct digest *digest = digest_new(mem);
    digest_add(digest, text, len);
    digest_hex(digest, sha256);
}

bool load_open(struct loader *loader, const struct node *name, const char **text, size_t *len)
{
    *text = NULL;
    if (loader->files == NULL) {
        problem_add(loader->found, name->at, "'%s' cannot be opened from here",
                    load_shown(loader, name->text));
        return true;
    }
    if (!loader->files->open(loader->files->handle, name->text, text, len, loader->err))
        return error_at(loader->err, name->at.file, name->at.line, name->at.column);
    if (*text == NULL)
        problem_add(loader->found, name->at, "'%s' is not there", load_shown(loader, name->text));
    return true;
}

bool load_check_path(struct loader *loader, const struct node *value)
{
    const char *path = path_clean(loader->mem, value->text, strlen(value->text));
    size_t before = loader->found->count;
    if (path_is_absolute(path))
        problem_add(loader->found, value->at,
                    "'%s' is absolute: paths of a policy begin at the root of the repository",
                    load_shown(loader, value->text));
    else if (strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0)
        problem_add(loader->found, value->at, "'%s' leaves the repository",
                    load_shown(loader, value->text));
    else if (strcmp(path, ".git") == 0 || strncmp(path, ".git/", 5) == 0)
        problem_add(loader->found, value->at, "'%s' lies in git's own directory",
                    load_shown(loader, value->text));
    return loader->found->count == before;
}

enum { MOST_COMPONENT_BYTES = 64 };

/* The component of that name: globs of one name add up, or a new one. */
static struct component *component_named(struct loader *loader, const char *name)
{
    struct components *components = &loader->policy->components;
    for (size_t i = 0; i < components->count; i++)
        if (strcmp(components->items[i].name, name) == 0)
            return &components->items[i];
    struct component *component = array_add(loader->mem, components);
    component->name = name;
    return component;
}

static void load_components(struct loader *loader, const struct node *map)
{
    for (size_t i = 0; i + 1 < map->items.count; i += 2) {
        const struct node *name = map->items.items[i];
        if (name->kind != NODE_TEXT)
            continue;
        if (strlen(name->text) > MOST_COMPONENT_BYTES)
            problem_add(loader->found, name->at, "the name of a component has at most %d bytes",
                        MOST_COMPONENT_BYTES);
        struct component *component = component_named(loader, name->text);
        words_load(loader, name->text, map->items.items[i + 1], &component->globs);
    }
}

static void load_output(struct loader *loader, const struct node *map)
{
    struct output *output = array_add(loader->mem, &loader->policy->outputs);
    output->at = map->at;
    if (!keys_load(loader, map, "outputs", output)) {
        problem_add(loader->found, map->at,
                    "an entry of `outputs` is a map like {format: json, path: qgate.json}");
        return;
    }
    const struct node *format = keys_find(map, "format", NODE_TEXT);
    const struct node *path = keys_find(map, "path", NODE_TEXT);
    if (path != NULL)
        load_check_path(loader, path);
    if (format == NULL || text_lists(POLICY_OUTPUTS, format->text, strlen(format->text)))
        return;
    if (text_lists(POLICY_LATER_OUTPUTS, format->text, strlen(format->text))) {
        problem_add(&loader->policy->warnings, format->at, "this version cannot write %s yet",
                    format->text);
        return;
    }
    struct nearest nearest = {.asked = format->text};
    nearest_try_list(&nearest, POLICY_OUTPUTS " " POLICY_LATER_OUTPUTS, loader->mem);
    problem_add(loader->found, format->at, "unknown output '%s'%s",
                load_shown(loader, format->text),
                nearest.found != NULL ? nearest_hint(&nearest, loader->mem)
                                      : "; there are: " POLICY_OUTPUTS);
}

static void load_outputs(struct loader *loader, const struct node *list)
{
    for (size_t i = 0; i < list->items.count; i++)
        load_output(loader, list->items.items[i]);
}

static void load_map(struct loader *loader, const struct node *entry)
{
    struct path_map map = {0};
    if (!keys_load(loader, entry, "map", &map)) {
        problem_add(loader->found, entry->at, "an entry of `map` is {from: …, to: …}");
        return;
    }
    const struct node *to = keys_find(entry, "to", NODE_TEXT);
    map.to = to == NULL ? "" : path_clean(loader->mem, to->text, strlen(to->text));
    map.from = map.from == NULL ? "" : path_clean(loader->mem, map.from, strlen(map.from));
    array_push(loader->mem, &loader->policy->maps, map);
}

static void load_paths(struct loader *loader, const struct node *paths)
{
    keys_load(loader, paths, "paths", loader->policy);
    const struct node *maps = keys_find(paths, "map", NODE_LIST);
    for (size_t i = 0; maps != NULL && i < maps->items.count; i++)
        load_map(loader, maps->items.items[i]);
}

static void load_publish(struct loader *loader, const struct node *publish)
{
    keys_load(loader, publish, "publish", loader->policy);
    struct publish_gitlab *wanted = &loader->policy->gitlab;
    const struct node *gitlab = keys_find(publish, "gitlab", NODE_MAP);
    if (gitlab == NULL)
        return;
    keys_load(loader, gitlab, "gitlab", wanted);
    const struct node *threads = keys_find(gitlab, "max_threads", NODE_TEXT);
    if (threads != NULL && (wanted->max_threads == 0 || wanted->max_threads > THREADS_MOST))
        problem_add(loader->found, threads->at,
                    "`max_threads` is 1 to %d; `threads: none` opens none", THREADS_MOST);
}

static void check_version(struct loader *loader, const struct node *root)
{
    const struct node *version = keys_find(root, "version", NODE_TEXT);
    if (version != NULL && strcmp(version->text, "1") != 0)
        problem_add(loader->found, version->at,
                    "this qgate knows version 1 of the policy language, not '%s'",
                    load_shown(loader, version->text));
    else if (version != NULL && !version->plain)
        problem_add(loader->found, version->at, "`version` is a number: write 1 without quotes");
}

static void load_parts(struct loader *loader, const struct node *root)
{
    static const struct {
        const char *key;
        enum node_kind kind;
        void (*load)(struct loader *loader, const struct node *value);
    } parts[] = {
        {"components", NODE_MAP, load_components}, {"reports", NODE_LIST, reports_load},
        {"paths", NODE_MAP, load_paths},           {"outputs", NODE_LIST, load_outputs},
        {"publish", NODE_MAP, load_publish},       {"gates", NODE_LIST, gates_load},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct node *value = keys_find(root, parts[i].key, parts[i].kind);
        if (value != NULL)
            parts[i].load(loader, value);
    }
}

bool load_file(struct loader *loader, const char *name, const char *text, size_t len)
{
    const struct node *root = tree_read(name, text, len, loader->mem, loader->found);
    if (root == NULL)
        return true;
    if (!keys_load(loader, root, "", loader->policy)) {
        problem_add(loader->found, root->at, "a policy is a map of keys: version, reports, gates");
        return true;
    }
    check_version(loader, root);
    size_t before = loader->found->count;
    const struct node *extends = node_find(root, "extends"), *waivers = node_find(root, "waivers");
    const struct node *gates = node_find(root, "gates");
    if (extends != NULL && !extends_load(loader, extends))
        return false;
    load_parts(loader, root);
    bool none = gates == NULL || (gates->kind == NODE_LIST && gates->items.count == 0);
    if (none && loader->open.count == 1 && loader->policy->gates.count == 0 &&
        (extends == NULL || loader->found->count == before))
        problem_add(loader->found, root->at, "the policy has no gate, so it demands nothing");
    return waivers == NULL || waivers_load(loader, waivers);
}

/* An alias is looked at wherever it stands, and says the same each time. */
void load_settle(struct problems *found)
{
    size_t kept = 0;
    problems_sort(found);
    for (size_t i = 0; i < found->count; i++) {
        const struct problem *last = kept > 0 ? &found->items[kept - 1] : NULL;
        const struct problem *this = &found->items[i];
        if (last == NULL || last->at.line != this->at.line || last->at.column != this->at.column ||
            strcmp(last->at.file, this->at.file) != 0 || strcmp(last->what, this->what) != 0)
            found->items[kept++] = *this;
    }
    found->count = kept;
}

bool policy_load(const char *path, const char *text, size_t len, const struct policy_files *files,
                 struct arena *mem, struct policy *policy, struct problems *found,
                 struct error *err)
{
    *policy = (struct policy){
        .path = path, .unmatched = ON_UNMATCHED_WARN, .gitlab.max_threads = THREADS_USUAL};
    problems_init(&policy->warnings, mem);
    load_digest(mem, text, len, policy->sha256);
    struct loader loader = {.mem = mem,
                            .found = found,
                            .language = &policy_language,
                            .policy = policy,
                            .files = files,
                            .err = err};
    array_push(mem, &loader.open, path);
    if (!load_file(&loader, path, text, len))
        return false;
    reports_check(&loader);
    gates_check(&loader);
    waivers_check(&loader);
    load_settle(found);
    load_settle(&policy->warnings);
    return true;
}
