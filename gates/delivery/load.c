/* A delivery configuration's text becomes a struct delivery; every mistake of all its files is said
 * in one run. */
#include "gates/delivery/load.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/path.h"
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

static void check_version(struct delivery_loader *load, const struct node *root)
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

/* --- what is included ------------------------------------------------------------------------ */

static void load_included(struct delivery_loader *load, const char *path, const char *text,
                          size_t len)
{
    struct delivery unused = {0};
    const struct node *root = tree_read_long(path, text, len, load->in.mem, load->in.found);
    if (root == NULL)
        return;
    if (!keys_load(&load->in, root, "included", &unused)) {
        problem_add(load->in.found, root->at,
                    "an included file is a map of keys: version, teams, services");
        return;
    }
    check_version(load, root);
    const struct node *teams = keys_find(root, "teams", NODE_MAP);
    const struct node *services = keys_find(root, "services", NODE_MAP);
    if (teams != NULL)
        teams_load(load, teams);
    if (services != NULL)
        services_load(load, services);
}

static bool include_file(struct delivery_loader *load, const struct node *glob, const char *path,
                         struct names *read)
{
    const char *text = NULL;
    size_t len = 0, before = read->texts.count;
    struct node name = *glob;
    name.text = path;
    if (names_add(read, path, strlen(path)) < before) {
        if (strcmp(path, load->delivery->path) == 0)
            problem_add(load->in.found, glob->at, "'%s' includes the configuration itself",
                        load_shown(&load->in, glob->text));
        return true;
    }
    if (before > LIMIT_DELIVERY_FILES) {
        if (before == LIMIT_DELIVERY_FILES + 1)
            problem_add(load->in.found, glob->at, "too many included files: at most %d are allowed",
                        LIMIT_DELIVERY_FILES);
        return true;
    }
    if (!load_open(&load->in, &name, &text, &len))
        return false;
    array_push(load->in.mem, &load->delivery->files, path);
    if (text != NULL)
        load_included(load, path, text, len);
    return true;
}

/* Globs start in the folder of the configuration and stay below it. */
static const char *glob_below(struct delivery_loader *load, const struct node *glob)
{
    const char *path = load->delivery->path;
    const char *below = path_clean(load->in.mem, glob->text, strlen(glob->text));
    if (!path_is_absolute(below) && strcmp(below, "..") != 0 && strncmp(below, "../", 3) != 0) {
        size_t folder = (size_t)(path_name(path) - path);
        return arena_printf(load->in.mem, "%.*s%s", (int)folder, path, below);
    }
    problem_add(load->in.found, glob->at, "'%s' leaves the folder of the configuration",
                load_shown(&load->in, glob->text));
    return NULL;
}

static bool include(struct delivery_loader *load, const struct node *glob, struct names *read)
{
    struct words paths = {0};
    const struct policy_files *files = load->in.files;
    const char *below = glob_below(load, glob);
    if (below == NULL)
        return true;
    if (files == NULL || files->list == NULL) {
        problem_add(load->in.found, glob->at, "nothing can be included from here");
        return true;
    }
    if (!files->list(files->handle, below, &paths, load->in.err))
        return error_at(load->in.err, glob->at.file, glob->at.line, glob->at.column);
    for (size_t i = 0; i < paths.count; i++)
        if (!include_file(load, glob, paths.items[i], read))
            return false;
    return true;
}

static bool load_includes(struct delivery_loader *load, const struct node *value)
{
    struct names read;
    names_init(&read, load->in.mem);
    names_add(&read, load->delivery->path, strlen(load->delivery->path));
    bool is_list = value->kind == NODE_LIST;
    for (size_t i = 0; i < (is_list ? value->items.count : 1); i++) {
        const struct node *glob = is_list ? value->items.items[i] : value;
        if (glob->kind != NODE_TEXT || node_is_empty(glob) || glob->text[0] == '\0') {
            if (is_list)
                problem_add(load->in.found, glob->at, "`include` is %s", key_type_name(KEY_NAMES));
        } else if (!include(load, glob, &read)) {
            return false;
        }
    }
    return true;
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
    if (include != NULL && include->kind != NODE_MAP && !load_includes(load, include))
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
