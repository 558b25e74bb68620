#include "gates/delivery/finds.h"

#include <string.h>

#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/delivery/choose.h"
#include "gates/delivery/version.h"

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

enum { DEEPEST_VALUE = 4, MOST_BYTES = 128 };

struct look {
    const char *path;
    struct arena *mem;
    struct finds *finds;
};

/* Nothing that could not be written into a configuration: a path of git may hold any byte. */
static bool is_harmless(const char *path)
{
    const size_t len = strlen(path);
    for (size_t i = 0, size; i < len; i += size) {
        char one[8] = "";
        size = utf8_length(path + i, len - i);
        memcpy(one, path + i, size);
        if (size == 0 || text_clean(one, size) > 0 || one[0] != path[i])
            return false;
    }
    return strpbrk(path, "{}*\\") == NULL;
}

/* Whole names between the slashes. */
static bool is_below(const char *path)
{
    for (const char *part = path;; part++) {
        size_t len = strcspn(part, "/");
        if (len == 0 || text_is(part, len, ".") || text_is(part, len, ".."))
            return false;
        part += len;
        if (*part == '\0')
            return true;
    }
}

bool finds_wanted(const char *path)
{
    const char *name = path_name(path), *ending = strrchr(name, '.');
    return is_harmless(path) && is_below(path) &&
           (strcmp(name, "Kustomization") == 0 ||
            (ending != NULL && (strcmp(ending, ".yaml") == 0 || strcmp(ending, ".yml") == 0)));
}

bool finds_is_name(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= MOST_BYTES && strspn(name, WORD) > 0 &&
           strspn(name, WORD "_.-") == len;
}

static const char *text_of(const struct node *map, const char *key)
{
    const struct node *value = map_value(map, key);
    bool said = value != NULL && value->kind == NODE_TEXT && !node_is_empty(value);
    return said && value->text[0] != '\0' && strlen(value->text) <= MOST_BYTES ? value->text : NULL;
}

/* "fin/payments/core" of "registry.example:5000/fin/payments/core". */
static const char *project_of(const char *image, struct arena *mem)
{
    const char *slash = strchr(image, '/');
    if (slash == NULL)
        return NULL;
    size_t host = (size_t)(slash - image);
    bool has_host = memchr(image, '.', host) != NULL || memchr(image, ':', host) != NULL;
    const char *path = has_host ? slash + 1 : image;
    if (strchr(path, '/') == NULL || strspn(path, WORD "_.-/") != strlen(path) ||
        strspn(path, WORD) == 0)
        return NULL;
    return arena_copy(mem, path, strlen(path));
}

static void add(const struct look *look, struct find find)
{
    if (find.name != NULL && !finds_is_name(find.name))
        return;
    find.path = look->path;
    array_push(look->mem, look->finds, find);
}

/* --- Kustomize ------------------------------------------------------------------------------- */

static bool look_for_images(const struct look *look, const struct node *document)
{
    const struct node *images = map_value(document, "images");
    bool found = false;
    for (size_t i = 0; images != NULL && images->kind == NODE_LIST && i < images->items.count;
         i++) {
        const struct node *image = images->items.items[i];
        const char *name = text_of(image, "name"), *tag = text_of(image, "newTag");
        const char *new_name = text_of(image, "newName");
        if (name == NULL || tag == NULL)
            continue;
        found = true;
        add(look,
            (struct find){.kind = FIND_KUSTOMIZE,
                          .name = path_name(name),
                          .before = strchr(name, '/') != NULL ? "*/" : "",
                          .version = tag,
                          .project = project_of(new_name != NULL ? new_name : name, look->mem)});
    }
    return found;
}

/* --- charts ---------------------------------------------------------------------------------- */

/* A range is what is wanted, not what runs. */
static bool is_range(const char *version)
{
    return version[strcspn(version, "^~<>=|* ")] != '\0' || strstr(version, ".x") != NULL;
}

static void look_for_dependencies(const struct look *look, const struct node *document)
{
    const struct node *list = map_value(document, "dependencies");
    for (size_t i = 0; list != NULL && list->kind == NODE_LIST && i < list->items.count; i++) {
        const char *name = text_of(list->items.items[i], "name");
        const char *version = text_of(list->items.items[i], "version");
        if (name != NULL && version != NULL && !is_range(version))
            add(look,
                (struct find){.kind = FIND_CHART, .name = name, .before = "", .version = version});
    }
}

/* --- Argo CD --------------------------------------------------------------------------------- */

/* What a source is at; a branch or a range is what is wanted, not what runs. */
static const char *revision_of(const struct node *source)
{
    static const char branches[] = "HEAD main master trunk develop";
    const char *revision = source == NULL ? NULL : text_of(source, "targetRevision");
    bool runs = revision != NULL && !is_range(revision) &&
                !text_lists(branches, revision, strlen(revision));
    return runs ? revision : NULL;
}

/* Of several sources the first that has one: others hold values, mostly. */
static void look_for_revision(const struct look *look, const char *name, const struct node *spec)
{
    struct find find = {.kind = FIND_APPLICATION, .name = name, .before = "source"};
    const struct node *sources = map_value(spec, "sources");
    find.version = revision_of(map_value(spec, "source"));
    bool is_list = sources != NULL && sources->kind == NODE_LIST;
    for (size_t i = 0; find.version == NULL && is_list && i < sources->items.count; i++) {
        find.version = revision_of(sources->items.items[i]);
        find.before = arena_printf(look->mem, "sources[%zu]", i);
    }
    if (find.version != NULL)
        add(look, find);
}

static bool look_for_application(const struct look *look, const struct node *document)
{
    const char *api = text_of(document, "apiVersion"), *kind = text_of(document, "kind");
    if (api == NULL || kind == NULL || strncmp(api, "argoproj.io/", strlen("argoproj.io/")) != 0 ||
        strcmp(kind, "Rollout") == 0)
        return false;
    const struct node *meta = map_value(document, "metadata"), *spec = map_value(document, "spec");
    const char *name = meta == NULL ? NULL : text_of(meta, "name");
    if (strcmp(kind, "Application") == 0 && name != NULL && spec != NULL)
        look_for_revision(look, name, spec);
    return true;
}

/* --- plain manifests ------------------------------------------------------------------------- */

/* The one of the manifest's name; otherwise the first. */
static const struct node *container_of(const struct node *list, const char *name,
                                       const char **before)
{
    for (size_t i = 0; i < list->items.count; i++) {
        const char *own = text_of(list->items.items[i], "name");
        *before = "name=";
        if (own != NULL && strcmp(own, name) == 0)
            return list->items.items[i];
    }
    *before = "0";
    return list->items.count == 0 ? NULL : list->items.items[0];
}

static const struct node *way_to(const struct node *node, const char *const *keys, size_t count)
{
    for (size_t i = 0; node != NULL && i < count; i++)
        node = map_value(node, keys[i]);
    return node;
}

/* `latest` is what is wanted, not what runs. */
static void add_image(const struct look *look, struct find find, const char *reference)
{
    const char *version = version_of_image(reference);
    if (version == NULL || strncmp(version, "latest", strlen("latest")) == 0)
        return;
    const char *image =
        arena_copy(look->mem, reference, (size_t)(version - 1 - reference)); /* without : or @ */
    find.version = version;
    find.image = path_name(image);
    find.project = project_of(image, look->mem);
    add(look, find);
}

static bool look_for_containers(const struct look *look, const struct node *document)
{
    static const char kinds[] = "Deployment StatefulSet DaemonSet Rollout";
    static const char *const way[] = {"spec", "template", "spec", "containers"};
    const char *kind = text_of(document, "kind");
    if (kind == NULL || !text_lists(kinds, kind, strlen(kind)))
        return false;
    const struct node *meta = map_value(document, "metadata");
    const char *name = meta == NULL ? NULL : text_of(meta, "name");
    const struct node *list = way_to(document, way, sizeof way / sizeof way[0]);
    if (name == NULL || list == NULL || list->kind != NODE_LIST)
        return true;
    struct find find = {.kind = FIND_MANIFEST, .name = name};
    const struct node *container = container_of(list, name, &find.before);
    const struct node *image = container == NULL ? NULL : map_value(container, "image");
    if (image != NULL && image->kind == NODE_TEXT)
        add_image(look, find, image->text);
    return true;
}

/* --- Helm ------------------------------------------------------------------------------------ */

static const char *tag_of(const struct node *map)
{
    const struct node *image = map_value(map, "image");
    return image == NULL ? NULL : text_of(image, "tag");
}

static void add_value(const struct look *look, const struct node *map, const char *name,
                      const char *before)
{
    const char *repository = text_of(map_value(map, "image"), "repository");
    add(look,
        (struct find){.kind = FIND_VALUES,
                      .name = name,
                      .before = before,
                      .version = tag_of(map),
                      .project = repository == NULL ? NULL : project_of(repository, look->mem)});
}

/* Of each map with an image the key is a service; charts share values below `global`. */
static void look_for_values(const struct look *look, const struct node *map, const char *before,
                            unsigned depth)
{
    for (size_t i = 0; map->kind == NODE_MAP && i + 1 < map->items.count; i += 2) {
        const struct node *key = map->items.items[i], *value = map->items.items[i + 1];
        bool plain = key->kind == NODE_TEXT && key->text[0] != '\0' &&
                     strspn(key->text, WORD "_-") == strlen(key->text);
        if (!plain || value->kind != NODE_MAP || strcmp(key->text, "global") == 0)
            continue;
        if (tag_of(value) != NULL)
            add_value(look, value, key->text, before);
        else if (depth < DEEPEST_VALUE)
            look_for_values(look, value, arena_printf(look->mem, "%s%s.", before, key->text),
                            depth + 1);
    }
}

/* --- files ----------------------------------------------------------------------------------- */

static void look_at(const struct look *look, const struct node *document)
{
    if (document->kind != NODE_MAP || look_for_application(look, document) ||
        look_for_images(look, document) || look_for_containers(look, document))
        return;
    if (strcmp(path_name(look->path), "Chart.yaml") == 0)
        look_for_dependencies(look, document);
    else if (map_value(document, "kind") != NULL)
        return; /* another resource of Kubernetes */
    else if (tag_of(document) != NULL)
        add_value(look, document, NULL, "");
    else
        look_for_values(look, document, "", 1);
}

void finds_read(const char *path, const char *text, size_t len, struct arena *mem,
                struct finds *finds)
{
    const struct look look = {path, mem, finds};
    struct nodes documents = {0};
    struct problems unsaid;
    problems_init(&unsaid, mem);
    if (!tree_skim(path, text, len, mem, &documents, &unsaid))
        return;
    for (size_t i = 0; i < documents.count; i++)
        look_at(&look, documents.items[i]);
}
