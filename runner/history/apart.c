#include "runner/history/apart.h"

#include <string.h>

/* A folder that is not looked into yet, in two states, of which at least one is there. */
struct folder {
    const char *path; /* ends in `/`; "": the root */
    bool was, is;
    git_oid old, now;
};

struct search {
    const struct apart *apart;
    struct arena *mem;
    struct ARRAY(struct folder) left;
    bool enough;
};

static bool is_folder(const git_tree_entry *entry)
{
    return entry != NULL && git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE;
}

static struct side side_of(const git_tree_entry *entry)
{
    struct side side = {0};
    if (entry != NULL && !is_folder(entry)) {
        side.mode = git_tree_entry_filemode(entry);
        side.id = *git_tree_entry_id(entry);
    }
    return side;
}

static void look_later(struct search *search, const char *path, const git_tree_entry *old,
                       const git_tree_entry *now)
{
    struct folder folder = {
        arena_printf(search->mem, "%s/", path), is_folder(old), is_folder(now), {{0}}, {{0}}};
    if (!search->apart->enters(search->apart->state, folder.path))
        return;
    if (folder.was)
        folder.old = *git_tree_entry_id(old);
    if (folder.is)
        folder.now = *git_tree_entry_id(now);
    array_push(search->mem, &search->left, folder);
}

/* One name in two states, either of which may be NULL. */
static void compare(struct search *search, const char *folder, const git_tree_entry *old,
                    const git_tree_entry *now)
{
    const struct side was = side_of(old), is = side_of(now);
    if (old != NULL && now != NULL &&
        git_oid_equal(git_tree_entry_id(old), git_tree_entry_id(now)) && was.mode == is.mode)
        return;
    const char *name = git_tree_entry_name(now != NULL ? now : old);
    const char *path = arena_printf(search->mem, "%s%s", folder, name);
    if (was.mode != 0 || is.mode != 0)
        search->enough = !search->apart->takes(search->apart->state, path, &was, &is);
    if (is_folder(old) || is_folder(now))
        look_later(search, path, old, now);
}

/* As git orders them: the name of a folder ends in `/`. A name that turned from a file to a folder
 * is two. NULL: the list is over. */
static int order_of(const git_tree_entry *a, const git_tree_entry *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? 1 : -1;
    const char *one = git_tree_entry_name(a), *other = git_tree_entry_name(b);
    size_t len = strlen(one), other_len = strlen(other);
    size_t both = len < other_len ? len : other_len;
    int order = memcmp(one, other, both);
    if (order != 0)
        return order;
    unsigned char next = len > both ? (unsigned char)one[both] : is_folder(a) ? '/' : '\0';
    unsigned char other_next = other_len > both ? (unsigned char)other[both]
                               : is_folder(b)   ? '/'
                                                : '\0';
    return (next > other_next) - (next < other_next);
}

static const git_tree_entry *entry_at(const git_tree *tree, size_t index)
{
    return tree == NULL ? NULL : git_tree_entry_byindex(tree, index);
}

static void compare_all(struct search *search, const char *folder, const git_tree *old,
                        const git_tree *now)
{
    size_t i = 0, k = 0;
    const git_tree_entry *was, *is;
    while (!search->enough) {
        was = entry_at(old, i);
        is = entry_at(now, k);
        if (was == NULL && is == NULL)
            return;
        int order = order_of(was, is);
        compare(search, folder, order <= 0 ? was : NULL, order >= 0 ? is : NULL);
        i += order <= 0;
        k += order >= 0;
    }
}

static bool look(struct search *search, const struct folder *folder)
{
    AUTO(close_tree) git_tree *old = NULL, *now = NULL;
    git_repository *repository = search->apart->history->repository;
    if ((folder->was && git_tree_lookup(&old, repository, &folder->old) != 0) ||
        (folder->is && git_tree_lookup(&now, repository, &folder->now) != 0))
        return false;
    compare_all(search, folder->path, old, now);
    return true;
}

bool trees_apart(const struct apart *apart, const git_oid *old, const git_oid *now)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct search search = {.apart = apart, .mem = mem};
    struct folder root = {"", old != NULL, now != NULL, {{0}}, {{0}}};
    if (old != NULL && now != NULL && git_oid_equal(old, now))
        return true;
    if (old != NULL)
        root.old = *old;
    if (now != NULL)
        root.now = *now;
    array_push(mem, &search.left, root);
    while (search.left.count > 0 && !search.enough) {
        struct folder folder = search.left.items[--search.left.count];
        if (!look(&search, &folder))
            return false;
    }
    return true;
}
