#include "runner/history/parents.h"

bool diff_with_parent(const struct history *history, git_commit *commit, git_off_t largest,
                      git_diff **diff)
{
    AUTO(close_commit) git_commit *parent = NULL;
    AUTO(close_tree) git_tree *from = NULL, *to = NULL;
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.max_size = largest;
    return git_commit_parent(&parent, commit, 0) == 0 && git_commit_tree(&from, parent) == 0 &&
           git_commit_tree(&to, commit) == 0 &&
           git_diff_tree_to_tree(diff, history->repository, from, to, &options) == 0;
}
