#include "runner/render/rulings.h"

#include <stdlib.h>
#include <string.h>

#include "runner/render/escape.h"
#include "runner/render/words.h"

struct key {
    const char *text;
    struct named_ruling *of;
};

static int by_text(const void *a, const void *b)
{
    const struct key *one = a, *other = b;
    int order = strcmp(one->text, other->text);
    return order != 0 ? order : (one->of > other->of) - (one->of < other->of);
}

/* Namesakes after escaping count: no output can tell them apart. */
static const char *name_of(const struct named_ruling *item, struct arena *mem)
{
    const char *each = item->ruling->each == NULL ? "" : item->ruling->each;
    return arena_printf(mem, "%s\n%s\n%s", escape_label(mem, item->gate->gate->name),
                        escape_label(mem, item->ruling->rule->text), escape_label(mem, each));
}

static void number_namesakes(struct named_rulings *all)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct key *keys = arena_alloc(mem, (all->count + 1) * sizeof *keys);
    for (size_t i = 0; i < all->count; i++)
        keys[i] = (struct key){name_of(&all->items[i], mem), &all->items[i]};
    qsort(keys, all->count, sizeof *keys, by_text);
    for (size_t i = 1; i < all->count; i++)
        if (strcmp(keys[i].text, keys[i - 1].text) == 0)
            keys[i].of->again = keys[i - 1].of->again + 1;
}

struct named_rulings rulings_named(const struct verdict *verdict, struct arena *mem)
{
    struct named_rulings all = {0};
    for (size_t i = 0; i < verdict->gates.count; i++) {
        const struct gate_ruling *gate = &verdict->gates.items[i];
        for (size_t j = 0; j < gate->rulings.count; j++) {
            const struct ruling *ruling = &gate->rulings.items[j];
            struct named_ruling item = {gate, ruling, words_outcome(gate, ruling), 0};
            array_push(mem, &all, item);
        }
    }
    number_namesakes(&all);
    return all;
}
