#include "runner/history/pairs.h"

#include <stdlib.h>
#include <string.h>

static void close_index(git_index **index)
{
    git_index_free(*index);
}

struct gathering {
    struct arena *mem;
    git_index *index; /* NULL: no work tree */
    struct pairs *pairs;
};

/* Files that a sparse checkout leaves out of the work tree were not deleted. */
static bool is_left_out(const struct gathering *gathering, const git_diff_delta *delta)
{
    const git_index_entry *entry =
        delta->status != GIT_DELTA_DELETED
            ? NULL
            : git_index_get_bypath(gathering->index, delta->old_file.path, 0);
    return entry != NULL && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE);
}

static void add_pairs(struct gathering *gathering, const git_diff *diff, bool to_work_tree)
{
    for (size_t i = 0; i < git_diff_num_deltas(diff); i++) {
        const git_diff_delta *delta = git_diff_get_delta(diff, i);
        const char *path = delta->new_file.path;
        bool folder = delta->new_file.mode == GIT_FILEMODE_TREE; /* a repository in this one */
        if (folder || (to_work_tree && is_left_out(gathering, delta)))
            continue;
        path = arena_copy(gathering->mem, path, strlen(path));
        *array_add(gathering->mem, gathering->pairs) = (struct pair){
            .old_path = path,
            .path = path,
            .old = {delta->old_file.mode, delta->old_file.id, false},
            .now = {delta->new_file.mode, delta->new_file.id, to_work_tree},
        };
    }
}

static bool compare_trees(git_repository *repository, git_tree *from, git_tree *to,
                          struct gathering *gathering)
{
    AUTO(close_diff) git_diff *diff = NULL;
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE;
    if (git_diff_tree_to_tree(&diff, repository, from, to, &options) != 0)
        return false;
    add_pairs(gathering, diff, false);
    return true;
}

static bool compare_staged(git_repository *repository, git_tree *from, struct gathering *gathering)
{
    AUTO(close_diff) git_diff *diff = NULL;
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE;
    if (git_diff_tree_to_index(&diff, repository, from, gathering->index, &options) != 0)
        return false;
    add_pairs(gathering, diff, false);
    return true;
}

static bool compare_unstaged(git_repository *repository, bool untracked,
                             struct gathering *gathering)
{
    AUTO(close_diff) git_diff *diff = NULL;
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE;
    if (untracked)
        options.flags |= GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS;
    options.ignore_submodules = GIT_SUBMODULE_IGNORE_DIRTY;
    if (git_diff_index_to_workdir(&diff, repository, gathering->index, &options) != 0)
        return false;
    add_pairs(gathering, diff, true);
    return true;
}

/* What is staged comes before what is not. */
static int by_path(const void *one, const void *other)
{
    const struct pair *a = one, *b = other;
    int order = strcmp(a->path, b->path);
    return order != 0 ? order : (int)a->now.in_work_tree - (int)b->now.in_work_tree;
}

/* From the base to the index and from there to the work tree is one step. */
static void join_steps(struct pairs *pairs)
{
    size_t kept = 0;
    if (pairs->count > 0)
        qsort(pairs->items, pairs->count, sizeof *pairs->items, by_path);
    for (size_t i = 0; i < pairs->count; i++) {
        struct pair *last = kept == 0 ? NULL : &pairs->items[kept - 1];
        if (last != NULL && strcmp(last->path, pairs->items[i].path) == 0)
            last->now = pairs->items[i].now;
        else
            pairs->items[kept++] = pairs->items[i];
    }
    pairs->count = kept;
}

bool pairs_of_trees(git_repository *repository, git_tree *from, git_tree *to, struct arena *mem,
                    struct pairs *pairs)
{
    struct gathering gathering = {.mem = mem, .pairs = pairs};
    return compare_trees(repository, from, to, &gathering);
}

bool pairs_of_work_tree(git_repository *repository, git_tree *from, bool untracked,
                        struct arena *mem, struct pairs *pairs)
{
    AUTO(close_index) git_index *index = NULL;
    if (git_repository_index(&index, repository) != 0)
        return false;
    struct gathering gathering = {mem, index, pairs};
    if (!compare_staged(repository, from, &gathering) ||
        !compare_unstaged(repository, untracked, &gathering))
        return false;
    join_steps(pairs);
    return true;
}
