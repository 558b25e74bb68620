/* What is in a file, as it was or as it is now. */
#ifndef RUNNER_HISTORY_CONTENT_H
#define RUNNER_HISTORY_CONTENT_H

#include "runner/history/inside.h"

/* One of two states of a file. */
struct side {
    uint32_t mode; /* 0: nothing of that path was there */
    git_oid id;    /* of the blob; not known of a file in the work tree */
    bool in_work_tree;
};

bool side_is_file(const struct side *side); /* neither link nor submodule nor nothing */

struct content {
    const char *bytes;
    size_t len;
    bool too_large; /* LIMIT_CHANGED_MIB: not read, no bytes */
    git_blob *blob; /* that owns them, or `buffer` does */
    git_buf buffer;
};

void close_content(struct content *content); /* for AUTO */

/* What is no regular file is empty. Of a file in the work tree what `git add` would make of it:
 * line ends are converted as its attributes say, no filter that is a program is run. False, with
 * git_error_last(): it cannot be read. */
NODISCARD bool content_load(git_repository *repository, const struct side *side, const char *path,
                            struct content *content);

/* By what is in it, as git guesses, whatever a .gitattributes file says: a branch could hide its
 * lines by that. */
bool content_is_binary(const struct content *content);

size_t content_lines(const struct content *content); /* the last one may lack its end */

/* Is every line blank or a comment, as far as the file's name tells the language? When in doubt it
 * is not. */
bool content_has_no_code(const struct content *content, const char *path);

#endif
