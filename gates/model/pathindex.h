/* The files of a repository, to be found by their end: reports name files as some tool saw them.
 *
 * Every question takes the logarithm of the number of files, and at most the depth of a path on
 * top: a hostile report asks it for very many very long paths.
 */
#ifndef GATES_MODEL_PATHINDEX_H
#define GATES_MODEL_PATHINDEX_H

#include "gates/base/names.h"

struct path_index;

/* `root`: where it is checked out, absolute. `files`: its files, relative to it; each only once. */
struct path_index *path_index_new(struct arena *mem, const char *root, const struct words *files);

/* All of them, each once. */
const struct words *path_index_files(const struct path_index *index);

/* The file with this path, which may be absolute in this checkout; NULL: there is none. */
const char *path_index_file(const struct path_index *index, const char *path);

/* The longest file that `path` ends in, whole parts only; NULL: there is none. A file without a
 * folder is never meant: every library has a main.c. */
const char *path_index_inside(const struct path_index *index, const char *path);

/* At most `most` of the files that end in `/` and `path`: how many. */
size_t path_index_ending(const struct path_index *index, const char *path, size_t most,
                         const char **files);

/* At most `most` of the files that share the longest tail of whole parts with `path`: how many;
 * `*tail` is its length in bytes. */
size_t path_index_nearest(const struct path_index *index, const char *path, size_t most,
                          const char **files, size_t *tail);

#endif
