/* A delivery configuration's text becomes a struct delivery; every mistake of all its files is said
 * in one run. */
#include "gates/delivery/load.h"

#include <string.h>

#include "gates/base/text.h"

/* --- repositories and environments ----------------------------------------------------------- */

static bool is_address(const char *url)
{
    const char *at = strchr(url, '@'), *colon = strchr(url, ':');
    return strstr(url, "://") != NULL || (at != NULL && colon != NULL && at < colon);
}

static void check_repository(struct delivery_loader *load, const struct node *map,
                             const struct delivery_repository *repository)
{
    if (repository->url == NULL)
        return;
    if (is_address(repository->url))
        check_url(load, map, repository->token_env != NULL);
    else if (repository->token_env != NULL)
        problem_add(load->in.found, node_find(map, "token_env")->at,
                    "a repository at a path needs no token: leave out `token_env`");
}

static void load_repository(struct delivery_loader *load, const struct node *name,
                            const struct node *map)
{
    struct delivery *delivery = load->delivery;
    struct delivery_repository repository = {.at = name->at, .name = name->text};
    check_name(load, name, "a repository", "/");
    if (!keys_load(&load->in, map, "repositories", &repository))
        problem_add(load->in.found, map->at, "a repository is a map like {url: https://…}");
    check_repository(load, map, &repository);
    check_variable(load, map, "token_env");
    size_t before = delivery->repositories.count;
    if (names_add(&delivery->repository_names, name->text, strlen(name->text)) == before)
        array_push(load->in.mem, &delivery->repositories, repository);
}

static void check_regions(struct delivery_loader *load, const struct node *map)
{
    const struct node *value = node_find(map, "regions");
    struct names seen;
    names_init(&seen, load->in.mem);
    for (size_t i = 0; value != NULL && value->kind == NODE_LIST && i < value->items.count; i++) {
        const struct node *region = value->items.items[i];
        if (region->kind != NODE_TEXT || node_is_empty(region) || region->text[0] == '\0')
            continue; /* said with the keys */
        size_t before = seen.texts.count;
        check_name(load, region, "a region", "");
        if (names_add(&seen, region->text, strlen(region->text)) < before)
            problem_add(load->in.found, region->at, "the region '%s' is given twice",
                        load_shown(&load->in, region->text));
    }
    if (value != NULL && value->kind == NODE_TEXT)
        check_name(load, value, "a region", "");
}

static void load_environment(struct delivery_loader *load, const struct node *name,
                             const struct node *map)
{
    struct delivery *delivery = load->delivery;
    struct delivery_environment environment = {.at = name->at, .name = name->text};
    check_name(load, name, "an environment", "");
    if (!keys_load(&load->in, map, "environments", &environment))
        problem_add(load->in.found, map->at, "an environment is a map like {tier: production}");
    check_regions(load, map);
    size_t before = delivery->environments.count;
    if (names_add(&delivery->environment_names, name->text, strlen(name->text)) == before)
        array_push(load->in.mem, &delivery->environments, environment);
}

static void each_named(struct delivery_loader *load, const struct node *map,
                       void (*entry)(struct delivery_loader *load, const struct node *name,
                                     const struct node *value))
{
    for (size_t i = 0; i + 1 < map->items.count; i += 2)
        if (map->items.items[i]->kind == NODE_TEXT)
            entry(load, map->items.items[i], map->items.items[i + 1]);
}

static void load_repositories(struct delivery_loader *load, const struct node *map)
{
    each_named(load, map, load_repository);
}

static void load_environments(struct delivery_loader *load, const struct node *map)
{
    each_named(load, map, load_environment);
}

/* --- smaller parts --------------------------------------------------------------------------- */

static void load_store(struct delivery_loader *load, const struct node *map)
{
    keys_load(&load->in, map, "store", load->delivery);
    check_variable(load, map, "url_env");
}

static void load_changes(struct delivery_loader *load, const struct node *map)
{
    keys_load(&load->in, map, "changes", load->delivery);
    const struct node *unplanned = keys_find(map, "unplanned", NODE_MAP);
    if (unplanned != NULL) {
        keys_load(&load->in, unplanned, "unplanned", load->delivery);
        note_later(load, unplanned, "labels", "changes.unplanned.labels");
    }
}

static void load_application(struct delivery_loader *load, const struct node *root)
{
    const struct node *value = keys_find(root, "argocd_application", NODE_TEXT);
    size_t before = load->in.found->count;
    check_template(load, root, "argocd_application", "service environment region", false);
    if (value != NULL && !template_has(value->text, "service") && load->in.found->count == before)
        problem_add(load->in.found, value->at,
                    "all services would be one application: write {service} into its name");
}

void check_version(struct delivery_loader *load, const struct node *root)
{
    const struct node *version = keys_find(root, "version", NODE_TEXT);
    if (version != NULL && strcmp(version->text, "1") != 0)
        problem_add(load->in.found, version->at,
                    "this qgate knows version 1 of the delivery language, not '%s'",
                    load_shown(&load->in, version->text));
    else if (version != NULL && !version->plain)
        problem_add(load->in.found, version->at, "`version` is a number: write 1 without quotes");
}

static void load_parts(struct delivery_loader *load, const struct node *root)
{
    static const struct {
        const char *key;
        enum node_kind kind;
        void (*load)(struct delivery_loader *load, const struct node *value);
    } parts[] = {
        /* services have what `defaults` says, queries ask `sources` */
        {"store", NODE_MAP, load_store},
        {"sources", NODE_MAP, sources_load},
        {"repositories", NODE_MAP, load_repositories},
        {"environments", NODE_MAP, load_environments},
        {"deployments", NODE_LIST, deployments_load},
        {"changes", NODE_MAP, load_changes},
        {"queries", NODE_MAP, queries_load},
        {"defaults", NODE_MAP, defaults_load},
        {"teams", NODE_MAP, teams_load},
        {"services", NODE_MAP, services_load},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct node *value = keys_find(root, parts[i].key, parts[i].kind);
        if (value != NULL)
            parts[i].load(load, value);
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

static bool load_root(struct delivery_loader *load, const char *text, size_t len)
{
    struct delivery *delivery = load->delivery;
    const struct node *root =
        tree_read_long(delivery->path, text, len, load->in.mem, load->in.found);
    if (root == NULL)
        return true;
    if (!keys_load(&load->in, root, "", delivery)) {
        problem_add(load->in.found, root->at,
                    "a delivery configuration is a map of keys: version, deployments, services");
        return true;
    }
    check_version(load, root);
    check_zone(load, root, "timezone");
    load_application(load, root);
    load_parts(load, root);
    note_later(load, root, "argocd_application", "argocd_application");
    note_later(load, root, "queries", "queries");
    const struct node *include = node_find(root, "include");
    if (include != NULL && include->kind != NODE_MAP && !includes_load(load, include))
        return false;
    if (delivery->environments.count == 0)
        delivery_usual_environment(delivery, root->at, load->in.mem);
    if (delivery->services.count == 0)
        note(load, root->at, "no service is listed: nothing is measured");
    return true;
}

bool delivery_load(const char *path, const char *text, size_t len, const struct policy_files *files,
                   struct arena *mem, struct delivery *delivery, struct problems *found,
                   struct error *err)
{
    struct delivery_loader load = {.in = {.mem = mem,
                                          .found = found,
                                          .language = &delivery_language,
                                          .files = files,
                                          .err = err},
                                   .delivery = delivery};
    delivery_init(delivery, path, mem);
    defaults_init(&load.defaults, mem);
    names_init(&load.later, mem);
    array_push(mem, &delivery->files, path);
    if (!load_root(&load, text, len))
        return false;
    deployments_check(&load);
    teams_check(&load);
    services_check(&load);
    load_settle(found);
    load_settle(&delivery->notes);
    return true;
}
