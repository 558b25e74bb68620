/* Growable arrays: {items, count, room} in an arena.
 *
 *     struct findings findings = {0};
 *     struct finding *f = array_add(mem, &findings);   // zeroed
 *     for (size_t i = 0; i < findings.count; i++) use(&findings.items[i]);
 *
 * Adding may move the items: keep indexes, not pointers.
 */
#ifndef GATES_BASE_ARRAY_H
#define GATES_BASE_ARRAY_H

#include <stddef.h>

#include "gates/base/arena.h"

#define ARRAY(type)         \
    {                       \
        type *items;        \
        size_t count, room; \
    }

/* Room for one more; the only function behind the macros. */
static inline void *array_room(struct arena *mem, void *items, size_t count, size_t *room,
                               size_t size)
{
    if (count < *room)
        return items;
    size_t wanted = *room == 0 ? 8 : *room * 2;
    items = arena_grow(mem, items, *room * size, wanted * size);
    *room = wanted;
    return items;
}

#define array_add(mem, a)                                                                    \
    ((a)->items = array_room((mem), (a)->items, (a)->count, &(a)->room, sizeof *(a)->items), \
     &(a)->items[(a)->count++])

#define array_push(mem, a, value) (*array_add((mem), (a)) = (value))

struct words ARRAY(const char *);

#endif
