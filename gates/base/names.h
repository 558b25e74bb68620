/* A set of texts, each with an index: 0, 1, 2 … in the order they came.
 *
 *     size_t i = names_add(&names, text, len);   // the index it has, new or old
 *
 * Adding and finding take constant time, also for texts chosen to collide in a plain hash: the
 * table is seeded with its own address. Texts are copied into the arena.
 */
#ifndef GATES_BASE_NAMES_H
#define GATES_BASE_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "gates/base/array.h"

struct names {
    struct arena *mem;
    struct words texts; /* texts.items[i] is the text with index i */
    struct names_key {
        uint64_t hash;
        size_t len;
    } * keys; /* of texts.items[i] */
    size_t keys_room;
    uint32_t *slots; /* index + 1, or 0; `slot_count` is a power of two */
    size_t slot_count;
    uint64_t seed;
};

#define NAMES_NONE SIZE_MAX

void names_init(struct names *names, struct arena *mem);
size_t names_add(struct names *names, const char *text, size_t len);
size_t names_find(const struct names *names, const char *text, size_t len); /* or NAMES_NONE */

#endif
