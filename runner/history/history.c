#include "runner/history/history.h"

#include <git2.h>
#include <string.h>
#include <sys/stat.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

static bool exists(const char *path, bool *directory)
{
    struct stat now;
    bool there = stat(path, &now) == 0;
    *directory = there && S_ISDIR(now.st_mode);
    return there;
}

/* A `.git` file (of a work tree or submodule), or a `.git` directory that is more than a left-over.
 */
static bool holds_repository(const char *directory, struct arena *mem)
{
    bool is_directory;
    if (!exists(arena_printf(mem, "%s/.git", directory), &is_directory))
        return false;
    return !is_directory || exists(arena_printf(mem, "%s/.git/HEAD", directory), &is_directory);
}

static const char *find_root(const char *directory, struct arena *mem)
{
    char *at = arena_copy(mem, directory, strlen(directory));
    while (!holds_repository(at, mem)) {
        char *slash = strrchr(at, '/');
        if (slash == NULL || *at == '\0')
            return NULL;
        *slash = '\0'; /* "" is the root directory */
    }
    return *at == '\0' ? "/" : at;
}

static void start_library(void)
{
    static const char *const extensions[] = {"worktreeconfig"};
    static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                                 GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL};
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, (size_t)1);
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
}

static void refuse(struct history *history, const char *what, struct arena *mem)
{
    const git_error *last = git_error_last();
    const char *why = last == NULL || last->message == NULL ? "unknown" : last->message;
    history->why_not =
        arena_printf(mem, "%s: %s", what, text_keep(mem, why, strlen(why), LIMIT_TEXT_BYTES));
}

static void read_head(struct history *history, struct arena *mem)
{
    git_reference *head = NULL;
    git_object *commit = NULL;
    int answer = git_repository_head(&head, history->repository);
    if (answer == GIT_EUNBORNBRANCH || answer == GIT_ENOTFOUND) {
        history->why_not = "the repository has no commit yet";
    } else if (answer != 0 || git_reference_peel(&commit, head, GIT_OBJECT_COMMIT) != 0) {
        refuse(history, "HEAD cannot be read", mem);
    } else {
        char hex[GIT_OID_HEXSZ + 1];
        git_oid_tostr(hex, sizeof hex, git_object_id(commit));
        history->commit = arena_copy(mem, hex, strlen(hex));
        if (git_reference_is_branch(head) == 1)
            history->branch = arena_printf(mem, "%s", git_reference_shorthand(head));
        if (git_commit_tree(&history->tree, (git_commit *)commit) != 0)
            refuse(history, "the files of HEAD cannot be listed", mem);
    }
    git_object_free(commit);
    git_reference_free(head);
}

void history_find(struct history *history, const char *directory, struct arena *mem)
{
    *history = (struct history){.root = find_root(directory, mem), .commit = ""};
}

void history_open(struct history *history, struct arena *mem)
{
    if (history->root == NULL)
        return;
    start_library();
    history->started = true;
    if (git_repository_open(&history->repository, history->root) != 0)
        refuse(history, "git's history cannot be opened", mem);
    else
        read_head(history, mem);
}

void close_history(struct history *history)
{
    if (!history->started)
        return;
    git_tree_free(history->tree);
    git_repository_free(history->repository);
    git_libgit2_shutdown();
    history->started = false;
}

bool history_tracks(const struct history *history, const char *path)
{
    git_tree_entry *entry = NULL;
    if (history->tree == NULL || git_tree_entry_bypath(&entry, history->tree, path) != 0)
        return false;
    bool blob = git_tree_entry_type(entry) == GIT_OBJECT_BLOB;
    git_tree_entry_free(entry);
    return blob;
}

struct listing {
    struct arena *mem;
    struct words *files;
};

static int list_entry(const char *folder, const git_tree_entry *entry, void *handle)
{
    struct listing *listing = handle;
    if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
        array_push(listing->mem, listing->files,
                   arena_printf(listing->mem, "%s%s", folder, git_tree_entry_name(entry)));
    return 0;
}

bool history_files(struct history *history, struct arena *mem, struct words *files)
{
    struct listing listing = {mem, files};
    *files = (struct words){0};
    if (history->tree == NULL)
        return history->why_not == NULL;
    if (git_tree_walk(history->tree, GIT_TREEWALK_PRE, list_entry, &listing) == 0)
        return true;
    *files = (struct words){0};
    refuse(history, "the files of HEAD cannot be listed", mem);
    return false;
}
