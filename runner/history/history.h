/* The repository that holds a directory; the only door to libgit2.
 *
 * libgit2 is touched only when there is a `.git` on the way up, because starting it costs time. A
 * repository it cannot look into (SHA-256, no commit yet, objects missing) is an answer: the root
 * is known all the same and `why_not` says what is wrong. Nothing of the user's or the machine's
 * git configuration is read, no hook and no filter is ever run, so it does not matter who owns the
 * files.
 */
#ifndef RUNNER_HISTORY_HISTORY_H
#define RUNNER_HISTORY_HISTORY_H

#include "gates/base/array.h"

struct git_repository;
struct git_tree;

struct history {
    const char *root;    /* where the work tree begins, absolute; NULL: no repository */
    const char *commit;  /* HEAD's, hexadecimal; "" when not known */
    const char *branch;  /* NULL: detached, or not known */
    const char *why_not; /* why HEAD's files are not known; NULL: they are, or there is no
                            repository */
    bool started;        /* libgit2 is in use */
    struct git_repository *repository;
    struct git_tree *tree; /* HEAD's; NULL with why_not */
};

/* Only the root; no library is started. `directory` is absolute. */
void history_find(struct history *history, const char *directory, struct arena *mem);

/* Look into the repository that was found, if there is one: commit, branch, HEAD's tree. */
void history_open(struct history *history, struct arena *mem);

/* The repository at `path` itself, with a work tree or without one; why_not says when there is
 * none. */
void history_open_repository(struct history *history, const char *path, struct arena *mem);

void close_history(struct history *history); /* for AUTO */

/* Does HEAD's tree hold a file with this path? False when that is not known. */
bool history_tracks(const struct history *history, const char *path);

/* The same of a file, a folder or anything else. */
bool history_holds(const struct history *history, const char *path);

/* The text of a file in the tree of a commit, NUL-terminated; *text NULL: that tree, which is whole
 * in this clone, has no such file. False with err: the tree or the file cannot be read, it is no
 * regular file, or it has more than `most` bytes. */
NODISCARD bool history_text(const struct history *history, const char *commit, const char *path,
                            size_t most, struct arena *mem, const char **text, size_t *len,
                            struct error *err);

/* What is done with the files of a tree, in the order of their paths. */
struct history_visit {
    bool (*wanted)(void *handle, const char *path);
    /* Nothing of it lasts longer than the call, and a 0 need not end the text. */
    void (*file)(void *handle, const char *path, const char *text, size_t len);
    void *handle;
    size_t most; /* bytes: larger files are passed over, and so are links */
};

/* Visit the files of a commit's tree; `mem` is for what is said. False: a folder or a file cannot
 * be read. */
NODISCARD bool history_visit(const struct history *history, const char *commit,
                             const struct history_visit *visit, struct arena *mem,
                             struct error *err);

/* The paths of the files in the tree of a commit, sorted. False: a folder cannot be read. */
NODISCARD bool history_files_at(const struct history *history, const char *commit,
                                struct arena *mem, struct words *files, struct error *err);

/* The files of HEAD's tree. False, with why_not, when an object is missing. */
bool history_files(struct history *history, struct arena *mem, struct words *files);

#endif
