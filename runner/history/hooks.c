#include "runner/history/hooks.h"

#include <git2.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/path.h"

static void close_config(git_config **config)
{
    git_config_free(*config);
}

static void close_entry(git_config_entry **entry)
{
    git_config_entry_free(*entry);
}

static bool refuse(struct error *err)
{
    const git_error *last = git_error_last();
    return error_set(err, FAULT_SYSTEM, "git's configuration cannot be read: %s",
                     last == NULL || last->message == NULL ? "unknown" : last->message);
}

/* NULL: where git would look; "": nowhere. */
static void search(const char *where)
{
    static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                                 GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], where);
}

static bool add_file(git_config *config, git_repository *repository, const char *folder,
                     const char *name, git_config_level_t level, struct arena *mem)
{
    int answer = git_config_add_file_ondisk(config, path_join(mem, folder, name), level, repository,
                                            /* force */ 0);
    return answer == 0 || answer == GIT_ENOTFOUND;
}

/* All that git reads: libgit2 itself passes over config.worktree. */
static bool open_config(git_config **config, git_repository *repository, struct arena *mem)
{
    int per_work_tree = 0;
    if (git_config_open_default(config) != 0 ||
        !add_file(*config, repository, git_repository_commondir(repository), "config",
                  GIT_CONFIG_LEVEL_LOCAL, mem))
        return false;
    int answer = git_config_get_bool(&per_work_tree, *config, "extensions.worktreeconfig");
    if (answer != 0 && answer != GIT_ENOTFOUND)
        return false;
    return !per_work_tree || add_file(*config, repository, git_repository_path(repository),
                                      "config.worktree", GIT_CONFIG_LEVEL_APP, mem);
}

/* core.hooksPath, `~/` made the user's home; NULL: it is not set. */
static bool read_setting(const struct history *history, struct arena *mem, const char **setting)
{
    static const char key[] = "core.hookspath";
    AUTO(close_config) git_config *config = NULL;
    AUTO(close_entry) git_config_entry *entry = NULL;
    git_buf path = GIT_BUF_INIT;
    *setting = NULL;
    if (!open_config(&config, history->repository, mem))
        return false;
    int answer = git_config_get_entry(&entry, config, key);
    if (answer != 0)
        return answer == GIT_ENOTFOUND;
    if (git_config_get_path(&path, config, key) != 0)
        return false;
    *setting = arena_copy(mem, path.ptr, path.size);
    git_buf_dispose(&path);
    return true;
}

/* Links followed as far as there is anything: what is not there yet stays as it is named. */
static const char *canonical(const char *path, struct arena *mem)
{
    char whole[PATH_MAX];
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    path = arena_copy(mem, path, len);
    const char *slash = strrchr(path, '/');
    if (realpath(path, whole) != NULL)
        return arena_copy(mem, whole, strlen(whole));
    if (slash == NULL || slash == path)
        return path;
    const char *folder = canonical(arena_copy(mem, path, (size_t)(slash - path)), mem);
    return path_join(mem, folder, slash + 1);
}

/* Both canonical; a `..` is left only behind a folder that is not there. */
static bool lies_in(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 && path[len] == '/' && strstr(path, "/..") == NULL;
}

bool history_hooks(const struct history *history, struct arena *mem, struct hooks *hooks,
                   struct error *err)
{
    const char *setting;
    if (history->repository == NULL)
        return error_set(err, FAULT_SYSTEM, "%s",
                         history->why_not == NULL ? "no git repository is here" : history->why_not);
    search(NULL);
    bool read = read_setting(history, mem, &setting);
    search("");
    if (!read)
        return refuse(err);
    const char *shared = canonical(git_repository_commondir(history->repository), mem);
    const char *directory =
        setting == NULL ? path_join(mem, shared, "hooks") : path_join(mem, history->root, setting);
    hooks->directory = canonical(directory, mem);
    hooks->configured = setting != NULL;
    hooks->inside = lies_in(hooks->directory, shared);
    return true;
}
