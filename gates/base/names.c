#include "gates/base/names.h"

#include <string.h>

#include "gates/base/hash.h"

void names_init(struct names *names, struct arena *mem)
{
    *names = (struct names){.mem = mem, .seed = (uint64_t)(uintptr_t)names};
}

/* The slot that holds the text, or the free one where it would go. */
static size_t slot_of(const struct names *names, uint64_t hash, const char *text, size_t len)
{
    size_t mask = names->slot_count - 1, slot = (size_t)hash & mask;
    for (; names->slots[slot] != 0; slot = (slot + 1) & mask) {
        size_t i = names->slots[slot] - 1;
        if (names->keys[i].hash == hash && names->keys[i].len == len &&
            memcmp(names->texts.items[i], text, len) == 0)
            break;
    }
    return slot;
}

static void make_room(struct names *names)
{
    size_t count = names->texts.count;
    if (count * 2 < names->slot_count)
        return;
    names->slot_count = names->slot_count == 0 ? 64 : names->slot_count * 4;
    names->slots = arena_alloc(names->mem, names->slot_count * sizeof *names->slots);
    size_t mask = names->slot_count - 1;
    for (size_t i = 0; i < count; i++) {
        size_t slot = (size_t)names->keys[i].hash & mask;
        while (names->slots[slot] != 0)
            slot = (slot + 1) & mask;
        names->slots[slot] = (uint32_t)(i + 1);
    }
}

size_t names_add(struct names *names, const char *text, size_t len)
{
    make_room(names);
    uint64_t hash = hash_text(names->seed, text, len);
    size_t slot = slot_of(names, hash, text, len), count = names->texts.count;
    if (names->slots[slot] != 0)
        return names->slots[slot] - 1;
    names->keys =
        array_room(names->mem, names->keys, count, &names->keys_room, sizeof *names->keys);
    names->keys[count] = (struct names_key){hash, len};
    array_push(names->mem, &names->texts, arena_copy(names->mem, text, len));
    names->slots[slot] = (uint32_t)(count + 1);
    return count;
}

size_t names_find(const struct names *names, const char *text, size_t len)
{
    if (names->slot_count == 0)
        return NAMES_NONE;
    size_t slot = slot_of(names, hash_text(names->seed, text, len), text, len);
    return names->slots[slot] == 0 ? NAMES_NONE : names->slots[slot] - 1;
}
