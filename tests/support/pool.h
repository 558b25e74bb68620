/* The arena of the test under way. Included behind everything else: inline functions of our headers
 * have parameters of the same name.
 */
#ifndef TESTS_SUPPORT_POOL_H
#define TESTS_SUPPORT_POOL_H

#include "gates/base/arena.h"

static struct arena *mem;

static inline int open_pool(void **state)
{
    (void)state;
    mem = arena_new();
    return 0;
}

static inline int close_pool(void **state)
{
    (void)state;
    close_arena(&mem);
    return 0;
}

#endif
