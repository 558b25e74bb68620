#include "gates/delivery/sighting.h"

#include <stdlib.h>
#include <string.h>

/* What is said about one service, environment and region is one group. */
static int by_group(const struct seen *a, const struct seen *b)
{
    int order = strcmp(a->service, b->service);
    if (order == 0)
        order = strcmp(a->environment, b->environment);
    return order != 0 ? order : strcmp(a->region, b->region);
}

static int by_file(const struct seen *a, const struct seen *b)
{
    int order = strcmp(a->path, b->path);
    return order != 0 ? order : (a->layout > b->layout) - (a->layout < b->layout);
}

static int by_group_and_file(const void *one, const void *other)
{
    int order = by_group(one, other);
    return order != 0 ? order : by_file(one, other);
}

static void sort(struct seens *seens)
{
    if (seens->count > 0)
        qsort(seens->items, seens->count, sizeof *seens->items, by_group_and_file);
}

struct comparing {
    const struct sighting *commit;
    struct arena *mem;
    struct sightings *sightings;
};

static void add(const struct comparing *c, const struct seen *there, const struct seen *before,
                const struct seen *after)
{
    struct sighting new = *c->commit;
    new.layout = there->layout;
    new.path = there->path;
    new.service = there->service;
    new.environment = there->environment;
    new.region = there->region;
    new.before = before == NULL ? NULL : before->version;
    new.version = after == NULL ? NULL : after->version;
    /* only what is said in the same way can be compared */
    new.same = before != NULL &&after != NULL && before->layout == after->layout &&
               before->rest != after->rest &&strcmp(before->version, after->version) == 0;
    array_push(c->mem, c->sightings, new);
}

static void add_of_file(const struct comparing *c, const struct seen *before,
                        const struct seen *after)
{
    if (strcmp(before->version, after->version) != 0 || before->rest != after->rest)
        add(c, after, before, after);
}

/* A part of a sorted list. */
struct span {
    const struct seen *items;
    size_t count;
};

/* Both lists are of one group: first what stands in the same file before and after, and behind that
 * what is left: the first of the one moved to the first of the other. */
static void compare_group(const struct comparing *c, struct span before, struct span after)
{
    struct ARRAY(const struct seen *) gone = {0}, come = {0};
    size_t i = 0, k = 0;
    while (i < before.count || k < after.count) {
        int order = i == before.count  ? 1
                    : k == after.count ? -1
                                       : by_file(&before.items[i], &after.items[k]);
        if (order < 0)
            array_push(c->mem, &gone, &before.items[i++]);
        else if (order > 0)
            array_push(c->mem, &come, &after.items[k++]);
        else
            add_of_file(c, &before.items[i++], &after.items[k++]);
    }
    for (i = 0; i < gone.count; i++)
        add(c, gone.items[i], gone.items[i], NULL);
    for (i = 0; i < come.count; i++)
        add(c, come.items[i], i < gone.count ? gone.items[i] : NULL, come.items[i]);
}

/* Those at the beginning that are of the group; they are taken away from the rest. */
static struct span take_group(struct span *rest, const struct seen *group)
{
    struct span taken = {rest->items, 0};
    while (taken.count < rest->count && by_group(&rest->items[taken.count], group) == 0)
        taken.count++;
    rest->items += taken.count;
    rest->count -= taken.count;
    return taken;
}

void sightings_compare(struct seens *before, struct seens *after, const struct sighting *commit,
                       struct arena *mem, struct sightings *sightings)
{
    struct comparing c = {commit, mem, sightings};
    sort(before);
    sort(after);
    struct span old = {before->items, before->count}, now = {after->items, after->count};
    while (old.count > 0 || now.count > 0) {
        bool from_old =
            now.count == 0 || (old.count > 0 && by_group(&old.items[0], &now.items[0]) < 0);
        const struct seen *group = from_old ? old.items : now.items;
        struct span was = take_group(&old, group), is = take_group(&now, group);
        compare_group(&c, was, is);
    }
}

void sightings_merge(struct sightings *all, const struct sightings *other, struct arena *mem)
{
    struct sightings merged = {0};
    const struct sighting *last = NULL;
    if (all->count == 0) { /* most estates have one repository */
        all->items = other->items;
        all->count = other->count;
        all->room = other->room;
        return;
    }
    bool was_mine = false;
    uint32_t order = 0;
    for (size_t i = 0, k = 0; i < all->count || k < other->count;) {
        bool mine =
            k == other->count || (i < all->count && all->items[i].at_s <= other->items[k].at_s);
        const struct sighting *next = mine ? &all->items[i++] : &other->items[k++];
        order += last != NULL && (mine != was_mine || next->order != last->order);
        array_push(mem, &merged, *next);
        merged.items[merged.count - 1].order = order;
        was_mine = mine;
        last = next;
    }
    all->items = merged.items;
    all->count = merged.count;
    all->room = merged.room;
}
