/* Globs over paths with `/` between the parts.
 *
 * `?` one character but `/` · `*` any run without `/` · `**` any run, and between two slashes or at
 * the beginning also nothing at all, one slash included · `[abc]`, `[a-z]`, `[!x]` one of a set. A
 * backslash takes the next character as it is. Matching takes at most the product of both lengths.
 */
#ifndef GATES_BASE_GLOB_H
#define GATES_BASE_GLOB_H

#include <stdbool.h>

struct words;

bool glob_match(const char *glob, const char *path);

/* Does one of them match? */
bool globs_match(const struct words *globs, const char *path);

/* Has it any of the characters above? A literal path has none. */
bool glob_is_pattern(const char *glob);

/* Length of the directory part that holds no pattern: 9 of `services/` in `services/` + `*` +
 * `/x.xml`. */
unsigned long glob_literal_prefix(const char *glob);

#endif
