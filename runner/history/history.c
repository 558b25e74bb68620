#include "runner/history/history.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/history/inside.h"

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

void start_library(void)
{
    static const char *const extensions[] = {"worktreeconfig", "partialclone", "preciousobjects"};
    static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                                 GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL};
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0); /* as git; half of the time */
    /* each is looked at once: keeping them costs a fifth of the time, and half of the memory */
    git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_COMMIT, (size_t)0);
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, sizeof extensions / sizeof extensions[0]);
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
}

const char *last_words(struct arena *mem)
{
    const git_error *last = git_error_last();
    const char *why = last == NULL || last->message == NULL ? "unknown" : last->message;
    return text_keep(mem, why, strlen(why), LIMIT_TEXT_BYTES);
}

int64_t dated(int64_t seconds)
{
    static const int64_t last = INT64_C(253402300799); /* of the year 9999 */
    return seconds < 0 ? 0 : seconds > last ? last : seconds;
}

const char *hex_of(const git_oid *id, struct arena *mem)
{
    char hex[GIT_OID_HEXSZ + 1];
    return arena_copy(mem, git_oid_tostr(hex, sizeof hex, id), GIT_OID_HEXSZ);
}

bool find_commit(const struct history *history, const char *hex, git_commit **commit)
{
    git_oid id;
    return strlen(hex) == GIT_OID_HEXSZ && git_oid_fromstr(&id, hex) == 0 &&
           git_commit_lookup(commit, history->repository, &id) == 0;
}

static void refuse(struct history *history, const char *what, struct arena *mem)
{
    history->why_not = arena_printf(mem, "%s: %s", what, last_words(mem));
}

/* Of the extensions that libgit2 does not know, people meet this one. */
static void refuse_repository(struct history *history, struct arena *mem)
{
    refuse(history, "git's history cannot be opened", mem);
    if (strstr(history->why_not, "extensions.objectformat") != NULL)
        history->why_not = "git's history cannot be opened: it has SHA-256 names, which this "
                           "version cannot read";
}

/* Named by HEAD before there is a commit. */
static const char *unborn_branch(git_repository *repository, struct arena *mem)
{
    static const char folder[] = "refs/heads/";
    AUTO(close_reference) git_reference *head = NULL;
    const char *name = NULL;
    if (git_reference_lookup(&head, repository, "HEAD") == 0)
        name = git_reference_symbolic_target(head);
    return name == NULL || strncmp(name, folder, strlen(folder)) != 0
               ? NULL
               : arena_printf(mem, "%s", name + strlen(folder));
}

static void read_head(struct history *history, struct arena *mem)
{
    git_reference *head = NULL;
    git_object *commit = NULL;
    int answer = git_repository_head(&head, history->repository);
    if (answer == GIT_EUNBORNBRANCH || answer == GIT_ENOTFOUND) {
        history->why_not = "the repository has no commit yet";
        history->branch = unborn_branch(history->repository, mem);
    } else if (answer != 0 || git_reference_peel(&commit, head, GIT_OBJECT_COMMIT) != 0) {
        refuse(history, "HEAD cannot be read", mem);
    } else {
        history->commit = hex_of(git_object_id(commit), mem);
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
        refuse_repository(history, mem);
    else
        read_head(history, mem);
}

void history_open_repository(struct history *history, const char *path, struct arena *mem)
{
    *history = (struct history){.root = arena_printf(mem, "%s", path), .commit = ""};
    history_open(history, mem);
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

bool history_holds(const struct history *history, const char *path)
{
    git_tree_entry *entry = NULL;
    bool there = history->tree != NULL && git_tree_entry_bypath(&entry, history->tree, path) == 0;
    git_tree_entry_free(entry);
    return there;
}

/* One step down. False: an object is missing, or it is something that cannot be entered. NULL:
 * there is nothing of that name. libgit2's own look-up of a path cannot tell these apart. */
static bool enter(const struct history *history, git_tree **tree, const char *name, size_t len,
                  struct arena *mem, struct error *err)
{
    const git_tree_entry *entry = git_tree_entry_byname(*tree, arena_copy(mem, name, len));
    git_object_t type = entry == NULL ? GIT_OBJECT_BLOB : git_tree_entry_type(entry);
    git_tree *next = NULL;
    if (entry != NULL && git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK)
        return error_set(err, FAULT_SYSTEM, "\"%.*s\" is a link", (int)len, name);
    if (type == GIT_OBJECT_COMMIT)
        return error_set(err, FAULT_SYSTEM, "\"%.*s\" is a submodule", (int)len, name);
    if (type == GIT_OBJECT_TREE &&
        git_tree_lookup(&next, history->repository, git_tree_entry_id(entry)) != 0)
        return error_set(err, FAULT_SYSTEM, "a folder is missing in this clone: %s",
                         last_words(mem));
    git_tree_free(*tree);
    *tree = next;
    return true;
}

/* Looked at before it is unpacked: a few bytes may stand for gigabytes. */
static bool is_small(const struct history *history, const git_oid *id, size_t most)
{
    git_odb *objects = NULL;
    git_object_t type;
    size_t size = 0;
    bool small = git_repository_odb(&objects, history->repository) != 0 ||
                 git_odb_read_header(&size, &type, objects, id) != 0 || size <= most;
    git_odb_free(objects);
    return small;
}

static bool take_text(const struct history *history, const git_tree_entry *entry, size_t most,
                      struct arena *mem, const char **text, size_t *len, struct error *err)
{
    AUTO(close_blob) git_blob *blob = NULL;
    const git_oid *id = git_tree_entry_id(entry);
    if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB ||
        git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK)
        return error_set(err, FAULT_SYSTEM, "it is not a regular file");
    if (!is_small(history, id, most))
        return error_set(err, FAULT_SYSTEM, "it has more than %zu bytes", most);
    if (git_blob_lookup(&blob, history->repository, id) != 0)
        return error_set(err, FAULT_SYSTEM, "its content is not in this clone: %s",
                         last_words(mem));
    *len = (size_t)git_blob_rawsize(blob);
    *text = arena_copy(mem, git_blob_rawcontent(blob), *len);
    return true;
}

static bool tree_of(const struct history *history, const char *commit, struct arena *mem,
                    git_tree **tree, struct error *err)
{
    AUTO(close_commit) git_commit *found = NULL;
    if (history->repository == NULL || !find_commit(history, commit, &found))
        return error_set(err, FAULT_SYSTEM, "commit %.12s is not in this clone", commit);
    return git_commit_tree(tree, found) == 0 ||
           error_set(err, FAULT_SYSTEM, "the files of commit %.12s are not in this clone: %s",
                     commit, last_words(mem));
}

bool history_text(const struct history *history, const char *commit, const char *path, size_t most,
                  struct arena *mem, const char **text, size_t *len, struct error *err)
{
    AUTO(close_tree) git_tree *tree = NULL;
    *text = NULL;
    *len = 0;
    if (!tree_of(history, commit, mem, &tree, err))
        return false;
    for (size_t part; path[part = strcspn(path, "/")] != '\0'; path += part + 1)
        if (!enter(history, &tree, path, part, mem, err))
            return false;
        else if (tree == NULL)
            return true;
    const git_tree_entry *entry = git_tree_entry_byname(tree, path);
    return entry == NULL || take_text(history, entry, most, mem, text, len, err);
}

struct listing {
    struct arena *mem;
    struct words *files;
};

/* Called for each of maybe 100,000 files, so not by arena_printf(). */
static int list_entry(const char *folder, const git_tree_entry *entry, void *handle)
{
    struct listing *listing = handle;
    if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB)
        return 0;
    const char *name = git_tree_entry_name(entry);
    size_t before = strlen(folder), len = strlen(name);
    char *path = arena_alloc(listing->mem, before + len + 1);
    memcpy(mempcpy(path, folder, before), name, len + 1);
    array_push(listing->mem, listing->files, path);
    return 0;
}

bool history_files_at(const struct history *history, const char *commit, struct arena *mem,
                      struct words *files, struct error *err)
{
    AUTO(close_tree) git_tree *tree = NULL;
    struct listing listing = {mem, files};
    *files = (struct words){0};
    if (!tree_of(history, commit, mem, &tree, err))
        return false;
    return git_tree_walk(tree, GIT_TREEWALK_PRE, list_entry, &listing) == 0 ||
           error_set(err, FAULT_SYSTEM, "the files of commit %.12s are not in this clone: %s",
                     commit, last_words(mem));
}

struct visiting {
    const struct history *history;
    const struct history_visit *visit;
    char path[GIT_PATH_MAX];
};

static int visit_entry(const char *folder, const git_tree_entry *entry, void *handle)
{
    struct visiting *v = handle;
    AUTO(close_blob) git_blob *blob = NULL;
    const git_oid *id = git_tree_entry_id(entry);
    int len = snprintf(v->path, sizeof v->path, "%s%s", folder, git_tree_entry_name(entry));
    if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB || len < 0 || (size_t)len >= sizeof v->path ||
        git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK ||
        !v->visit->wanted(v->visit->handle, v->path) || !is_small(v->history, id, v->visit->most))
        return 0;
    if (git_blob_lookup(&blob, v->history->repository, id) != 0)
        return -1;
    v->visit->file(v->visit->handle, v->path, git_blob_rawcontent(blob),
                   (size_t)git_blob_rawsize(blob));
    return 0;
}

bool history_visit(const struct history *history, const char *commit,
                   const struct history_visit *visit, struct arena *mem, struct error *err)
{
    AUTO(close_tree) git_tree *tree = NULL;
    struct visiting visiting = {.history = history, .visit = visit};
    if (!tree_of(history, commit, mem, &tree, err))
        return false;
    return git_tree_walk(tree, GIT_TREEWALK_PRE, visit_entry, &visiting) == 0 ||
           error_set(err, FAULT_SYSTEM, "the files of commit %.12s are not in this clone: %s",
                     commit, last_words(mem));
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
