#include "runner/history/touches.h"

#include <string.h>

#include "gates/base/glob.h"
#include "runner/history/inside.h"

/* A folder in two states, of which at least one is there. */
struct folder {
    const char *path; /* ends in `/`; "": the root */
    const git_oid *old, *now;
};

struct search {
    git_repository *repository;
    const struct words *globs;
    struct arena *mem; /* of this one question */
    struct {
        struct folder *items;
        size_t count, room;
    } left; /* folders still to be looked into */
    bool found;
};

/* Can a glob match something in the folder? Up to its first sign it is plain text. */
static bool leads_into(const struct words *globs, const char *folder)
{
    size_t len = strlen(folder);
    for (size_t i = 0; i < globs->count; i++) {
        size_t plain = strcspn(globs->items[i], "*?[\\");
        if (strncmp(globs->items[i], folder, plain < len ? plain : len) == 0)
            return true;
    }
    return false;
}

static bool is_folder(const git_tree_entry *entry)
{
    return entry != NULL && git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE;
}

static bool is_file(const git_tree_entry *entry)
{
    return entry != NULL && !is_folder(entry);
}

static const git_oid *kept_id(struct search *search, const git_tree_entry *entry)
{
    if (!is_folder(entry))
        return NULL;
    git_oid *id = arena_new_item(search->mem, git_oid);
    *id = *git_tree_entry_id(entry);
    return id;
}

/* One name in two states, either of which may be NULL. */
static void compare(struct search *search, const char *folder, const git_tree_entry *old,
                    const git_tree_entry *now)
{
    if (old != NULL && now != NULL &&
        git_oid_equal(git_tree_entry_id(old), git_tree_entry_id(now)) &&
        git_tree_entry_filemode(old) == git_tree_entry_filemode(now))
        return;
    const char *name = git_tree_entry_name(now != NULL ? now : old);
    const char *path = arena_printf(search->mem, "%s%s", folder, name);
    search->found |= (is_file(old) || is_file(now)) && globs_match(search->globs, path);
    if (!is_folder(old) && !is_folder(now))
        return;
    path = arena_printf(search->mem, "%s/", path);
    if (leads_into(search->globs, path))
        array_push(search->mem, &search->left,
                   ((struct folder){path, kept_id(search, old), kept_id(search, now)}));
}

static void compare_all(struct search *search, const char *folder, const git_tree *old,
                        const git_tree *now)
{
    size_t count = now == NULL ? 0 : git_tree_entrycount(now);
    for (size_t i = 0; i < count && !search->found; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(now, i);
        const char *name = git_tree_entry_name(entry);
        compare(search, folder, old == NULL ? NULL : git_tree_entry_byname(old, name), entry);
    }
    count = old == NULL ? 0 : git_tree_entrycount(old);
    for (size_t i = 0; i < count && !search->found; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(old, i);
        if (now == NULL || git_tree_entry_byname(now, git_tree_entry_name(entry)) == NULL)
            compare(search, folder, entry, NULL);
    }
}

static bool read_tree(const struct search *search, const git_oid *id, git_tree **tree)
{
    return id == NULL || git_tree_lookup(tree, search->repository, id) == 0;
}

static bool look(struct search *search)
{
    while (search->left.count > 0 && !search->found) {
        struct folder folder = search->left.items[--search->left.count];
        AUTO(close_tree) git_tree *old = NULL, *now = NULL;
        if (!read_tree(search, folder.old, &old) || !read_tree(search, folder.now, &now))
            return false;
        compare_all(search, folder.path, old, now);
    }
    return true;
}

static bool begin(struct search *search, const git_commit *commit)
{
    AUTO(close_commit) git_commit *parent = NULL;
    if (git_commit_parentcount(commit) > 0 && git_commit_parent(&parent, commit, 0) != 0)
        return false;
    struct folder root = {.path = ""};
    git_oid *ids = arena_alloc(search->mem, 2 * sizeof *ids);
    ids[0] = *git_commit_tree_id(commit);
    root.now = &ids[0];
    if (parent != NULL) {
        ids[1] = *git_commit_tree_id(parent);
        root.old = &ids[1];
    }
    if (root.old == NULL || !git_oid_equal(root.old, root.now))
        array_push(search->mem, &search->left, root);
    return true;
}

bool history_touches(const struct history *history, const char *commit, const struct words *globs,
                     bool *touches, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    AUTO(close_commit) git_commit *found = NULL;
    struct search search = {.repository = history->repository, .globs = globs, .mem = mem};
    if (!find_commit(history, commit, &found) || !begin(&search, found) || !look(&search))
        return error_set(err, FAULT_SYSTEM, "what commit %.12s changes cannot be read: %s", commit,
                         last_words(mem));
    *touches = search.found;
    return true;
}
