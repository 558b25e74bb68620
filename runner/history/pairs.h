/* The files that differ between two states of a repository, each with both of its sides. */
#ifndef RUNNER_HISTORY_PAIRS_H
#define RUNNER_HISTORY_PAIRS_H

#include "runner/history/content.h"

struct pair {
    const char *old_path, *path; /* as git has them, byte for byte */
    struct side old, now;
};

struct pairs ARRAY(struct pair);

/* `from` NULL: nothing. False, with git_error_last(): something cannot be read. A file that ends as
 * it began may be among those of the work tree. */
NODISCARD bool pairs_of_trees(git_repository *repository, git_tree *from, git_tree *to,
                              struct arena *mem, struct pairs *pairs);
NODISCARD bool pairs_of_work_tree(git_repository *repository, git_tree *from, bool untracked,
                                  struct arena *mem, struct pairs *pairs);

/* Find deleted and added files that are one file under another name, as git does, and make one pair
 * of the two. False, with git_error_last(): a file cannot be read. */
NODISCARD bool pairs_follow_renames(git_repository *repository, struct pairs *pairs);

#endif
