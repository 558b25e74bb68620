/* `waivers:` of a policy, and files of them. */
#include <string.h>

#include "gates/base/nearest.h"
#include "gates/policy/load.h"

/* What `id` with a `*` needs beside it: something that bounds it. */
static bool is_bounded(const struct waiver *waiver)
{
    return waiver->package != NULL || waiver->path != NULL || waiver->measure != NULL ||
           waiver->gate != NULL;
}

static void check_measure(struct loader *loader, const struct node *value)
{
    const char *near = catalogue_suggest(value->text);
    if (catalogue_find(value->text) == NULL)
        problem_add(loader->found, value->at, "unknown measure '%s'%s%s%s",
                    load_shown(loader, value->text), near == NULL ? "" : "; did you mean '",
                    near == NULL ? "" : near, near == NULL ? "" : "'?");
}

static void load_waiver(struct loader *loader, const struct node *map)
{
    struct waiver waiver = {.at = map->at};
    if (!keys_load(loader, map, "waiver", &waiver)) {
        problem_add(loader->found, map->at,
                    "a waiver is a map like {id: CVE-2024-1, reason: …, owner: …, expires: …}");
        return;
    }
    const struct node *measure = keys_find(map, "measure", NODE_TEXT);
    if (measure != NULL)
        check_measure(loader, measure);
    if (node_find(map, "id") == NULL && node_find(map, "gate") == NULL)
        problem_add(loader->found, map->at, "a waiver names an `id` or a `gate`");
    if (waiver.id != NULL && strchr(waiver.id, '*') != NULL && !is_bounded(&waiver))
        problem_add(loader->found, node_find(map, "id")->at,
                    "an `id` with `*` needs a `package`, `path`, `measure` or `gate` beside it");
    array_push(loader->mem, &loader->policy->waivers, waiver);
}

static void load_entries(struct loader *loader, const struct node *list)
{
    for (size_t i = 0; i < list->items.count; i++)
        load_waiver(loader, list->items.items[i]);
}

static void load_terms(struct loader *loader, const struct node *map)
{
    struct waivers *waivers = &loader->policy->waivers;
    struct waiver_terms terms = {(uint64_t)waivers->max_days, waivers->unused_fails};
    keys_load(loader, map, "waivers", &terms);
    if (terms.max_days > INT32_MAX)
        problem_add(loader->found, node_find(map, "max_days")->at, "`max_days` is too large");
    else
        waivers->max_days = (int32_t)terms.max_days;
    waivers->unused_fails = terms.unused != 0;
}

/* A list, or a map whose `files` are left to the caller. */
static void load_value(struct loader *loader, const struct node *value)
{
    if (value->kind == NODE_LIST) {
        load_entries(loader, value);
    } else if (value->kind == NODE_MAP) {
        load_terms(loader, value);
        const struct node *entries = keys_find(value, "entries", NODE_LIST);
        if (entries != NULL)
            load_entries(loader, entries);
    } else {
        problem_add(loader->found, value->at, "waivers are a list, or a map with `entries`");
    }
}

static void load_text(struct loader *loader, const char *name, const char *text, size_t len)
{
    const struct node *root = tree_read(name, text, len, loader->mem, loader->found);
    if (root == NULL)
        return;
    const struct node *files = root->kind == NODE_MAP ? node_find(root, "files") : NULL;
    if (files != NULL)
        problem_add(loader->found, files->at, "a file of waivers cannot name others");
    load_value(loader, root);
}

static bool load_named(struct loader *loader, const struct node *name)
{
    const char *text = NULL;
    size_t len = 0;
    if (name->kind != NODE_TEXT || node_is_empty(name) || name->text[0] == '\0') {
        problem_add(loader->found, name->at, "`files` is %s", key_type_name(KEY_NAMES));
        return true;
    }
    if (load_check_path(loader, name) && !load_open(loader, name, &text, &len))
        return false;
    if (text == NULL)
        return true;
    struct policy_origin *origin = array_add(loader->mem, &loader->policy->origins);
    origin->role = "waiver_file";
    origin->name = name->text;
    load_digest(loader->mem, text, len, origin->sha256);
    load_text(loader, name->text, text, len);
    return true;
}

bool waivers_load(struct loader *loader, const struct node *value)
{
    if (value->kind == NODE_TEXT)
        return true; /* said with the keys */
    load_value(loader, value);
    const struct node *files = value->kind == NODE_MAP ? node_find(value, "files") : NULL;
    if (files != NULL && files->kind == NODE_TEXT && !node_is_empty(files))
        return load_named(loader, files);
    for (size_t i = 0; files != NULL && files->kind == NODE_LIST && i < files->items.count; i++)
        if (!load_named(loader, files->items.items[i]))
            return false;
    return true;
}

static const struct gate *find_gate(struct loader *loader, const char *name,
                                    struct nearest *nearest)
{
    const struct gates *gates = &loader->policy->gates;
    for (size_t i = 0; i < gates->count; i++)
        if (gates->items[i].name != NULL && strcmp(gates->items[i].name, name) == 0)
            return &gates->items[i];
    for (size_t i = 0; i < gates->count && load_may_compare(loader); i++)
        if (gates->items[i].name != NULL)
            nearest_try(nearest, gates->items[i].name);
    return NULL;
}

void waivers_check(struct loader *loader)
{
    const struct waivers *waivers = &loader->policy->waivers;
    for (size_t i = 0; i < waivers->count; i++) {
        const struct waiver *waiver = &waivers->items[i];
        if (waiver->gate == NULL)
            continue;
        struct nearest nearest = {.asked = waiver->gate};
        const struct gate *gate = find_gate(loader, waiver->gate, &nearest);
        if (gate == NULL)
            problem_add(loader->found, waiver->at, "no gate is named '%s'%s",
                        load_shown(loader, waiver->gate), nearest_hint(&nearest, loader->mem));
        else if (gate->locked)
            problem_add(loader->found, waiver->at,
                        "the gate '%s' is locked in %s: nothing waives it",
                        load_shown(loader, waiver->gate), load_place(loader, gate->at, waiver->at));
    }
}

void policy_add_waivers(struct policy *policy, const char *path, const char *text, size_t len,
                        struct arena *mem, struct problems *found)
{
    struct loader loader = {
        .mem = mem, .found = found, .language = &policy_language, .policy = policy};
    size_t before = policy->waivers.count;
    load_text(&loader, path, text, len);
    for (size_t i = before; i < policy->waivers.count; i++)
        policy->waivers.items[i].from_environment = true;
    struct policy_origin *origin = array_add(mem, &policy->origins);
    origin->role = "waivers";
    origin->name = path;
    load_digest(mem, text, len, origin->sha256);
    waivers_check(&loader);
    problems_sort(found);
}
