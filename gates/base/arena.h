/* Memory that is given back all at once.
 *
 * A run has two arenas: `run` (until exit) and `scratch` (freed after each report). Model types
 * have no free functions: every pointer in them lives as long as its arena. Blocks are zeroed and
 * aligned for any type. Running out of memory ends the process with status 70: a one-shot program
 * has nothing better to do, and input has ceilings (limits.h).
 *
 * Large blocks lie apart and grow in place, so a growing array leaves no halves behind.
 */
#ifndef GATES_BASE_ARENA_H
#define GATES_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "gates/base/error.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *mem); /* takes NULL */

void *arena_alloc(struct arena *mem, size_t size);

size_t
arena_bytes(const struct arena *mem); /* handed out so far; blocks that were outgrown count */

/* A block of `size` bytes that begins with the `old_size` bytes of `old` (NULL when old_size is 0);
 * `old` must not be used any more. */
void *arena_grow(struct arena *mem, void *old, size_t old_size, size_t size);

char *arena_copy(struct arena *mem, const char *text, size_t len); /* NUL-terminated */
char *arena_printf(struct arena *mem, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *mem, const char *fmt, va_list args) PRINTF_LIKE(2, 0);

#define arena_new_item(mem, type) ((type *)arena_alloc((mem), sizeof(type)))

/* AUTO(close_x) T *x = …; calls close_x(&x) when x goes out of scope. */
#define AUTO(close) __attribute__((cleanup(close)))

void close_arena(struct arena **mem);

#endif
