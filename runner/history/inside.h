/* What the files of this folder share and nobody else includes. */
#ifndef RUNNER_HISTORY_INSIDE_H
#define RUNNER_HISTORY_INSIDE_H

#include <git2.h>

#include "runner/history/history.h"

static inline void close_reference(git_reference **reference)
{
    git_reference_free(*reference);
}

static inline void close_object(git_object **object)
{
    git_object_free(*object);
}

static inline void close_commit(git_commit **commit)
{
    git_commit_free(*commit);
}

static inline void close_tree(git_tree **tree)
{
    git_tree_free(*tree);
}

static inline void close_blob(git_blob **blob)
{
    git_blob_free(*blob);
}

static inline void close_diff(git_diff **diff)
{
    git_diff_free(*diff);
}

/* A date as git has it may be any number: what no calendar has becomes the nearest that it has. */
int64_t dated(int64_t seconds);

/* libgit2, as every repository is opened with; end with git_libgit2_shutdown(). */
void start_library(void);

/* libgit2's own words for what went wrong last, made harmless. */
const char *last_words(struct arena *mem);

/* False: `hex` is not the full name of a commit that is in this clone. */
NODISCARD bool find_commit(const struct history *history, const char *hex, git_commit **commit);

const char *hex_of(const git_oid *id, struct arena *mem);

#endif
