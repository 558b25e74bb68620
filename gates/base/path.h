/* Paths as reports write them, made comparable. Nothing here touches a file system. */
#ifndef GATES_BASE_PATH_H
#define GATES_BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Backslashes become `/`; `//`, `./` and `x/../` are folded; a trailing `/` is dropped. A leading
 * `..` stays. The text is made harmless (text.h). */
const char *path_clean(struct arena *mem, const char *raw, size_t len);

/* `/a` and `C:/a` are. */
bool path_is_absolute(const char *path);

/* "b/c" below "a" is "a/b/c"; an absolute path stays what it is. */
const char *path_join(struct arena *mem, const char *base, const char *path);

/* Does `path` end in `suffix`, whole parts only? "src/a.c" in "a.c", not in "c". */
bool path_ends_in(const char *path, const char *suffix);

/* Behind the last `/`. */
const char *path_name(const char *path);

#endif
