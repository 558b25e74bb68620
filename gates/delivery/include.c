/* `include:`: files that hold teams and services, each read once. */
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/delivery/load.h"

enum { MOST_GLOBS = 100 }; /* each one is matched with every path of the repository */

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

/* Nothing more is included. Always true: it is a mistake of the text. */
static bool stop(struct delivery_loader *load, const struct node *glob, const char *what, int most,
                 const char *unit)
{
    problem_add(load->in.found, glob->at, "%s: at most %d%s are allowed", what, most, unit);
    load->includes_no_more = true;
    return true;
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
    if (before > LIMIT_DELIVERY_FILES)
        return stop(load, glob, "too many included files", LIMIT_DELIVERY_FILES, "");
    if (!load_open(&load->in, &name, &text, &len))
        return false;
    array_push(load->in.mem, &load->delivery->files, path);
    load->included_bytes += len;
    if (load->included_bytes > (size_t)LIMIT_DELIVERY_MIB << 20)
        return stop(load, glob, "too much is included", LIMIT_DELIVERY_MIB, " MiB");
    if (text != NULL)
        load_included(load, path, text, len);
    return true;
}

/* Globs start in the folder of the configuration and stay below it. */
static const char *glob_below(struct delivery_loader *load, const struct node *glob)
{
    const char *path = load->delivery->path;
    const char *folder = arena_copy(load->in.mem, path, (size_t)(path_name(path) - path));
    const char *below = path_clean(load->in.mem, glob->text, strlen(glob->text));
    if (path_is_absolute(below) || strcmp(below, "..") == 0 || strncmp(below, "../", 3) == 0)
        problem_add(load->in.found, glob->at, "'%s' leaves the folder of the configuration",
                    load_shown(&load->in, glob->text));
    else if (glob_is_pattern(folder)) /* it would match other folders, or nothing */
        problem_add(load->in.found, glob->at,
                    "nothing can be included from a folder whose name reads as a glob: rename '%s'",
                    load_shown(&load->in, folder));
    else
        return arena_printf(load->in.mem, "%s%s", folder, below);
    return NULL;
}

static bool include(struct delivery_loader *load, const struct node *glob, struct names *read)
{
    struct words paths = {0};
    const struct policy_files *files = load->in.files;
    if (strlen(glob->text) > LIMIT_NAME_BYTES)
        return stop(load, glob, "this glob is too long", LIMIT_NAME_BYTES, " bytes");
    const char *below = glob_below(load, glob);
    if (below == NULL)
        return true;
    if (files == NULL || files->list == NULL) {
        problem_add(load->in.found, glob->at, "nothing can be included from here");
        return true;
    }
    if (!files->list(files->handle, below, &paths, load->in.err))
        return error_at(load->in.err, glob->at.file, glob->at.line, glob->at.column);
    for (size_t i = 0; i < paths.count && !load->includes_no_more; i++)
        if (!include_file(load, glob, paths.items[i], read))
            return false;
    return true;
}

bool includes_load(struct delivery_loader *load, const struct node *value)
{
    struct names read;
    names_init(&read, load->in.mem);
    names_add(&read, load->delivery->path, strlen(load->delivery->path));
    bool is_list = value->kind == NODE_LIST;
    if (is_list && value->items.count > MOST_GLOBS)
        return stop(load, value, "too many globs", MOST_GLOBS, "");
    for (size_t i = 0; i < (is_list ? value->items.count : 1) && !load->includes_no_more; i++) {
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
