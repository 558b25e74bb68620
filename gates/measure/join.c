#include "gates/measure/join.h"

#include <stdlib.h>
#include <string.h>

enum { LATE_S = 3600 };

/* A deployment that is not recorded alone. */
struct start {
    int64_t began_s;
    size_t index;
    bool told; /* a record says how it went */
};

struct joining {
    struct dora_deployments *all;
    struct start *starts; /* by time: regions may begin before the deployment that ends first */
    size_t count;
    struct arena *mem;
};

static int by_start(const void *one, const void *other)
{
    const struct start *a = one, *b = other;
    if (a->began_s != b->began_s)
        return a->began_s < b->began_s ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* A change of configuration ends no deployment. */
static void list_starts(struct joining *joining)
{
    const struct dora_deployments *all = joining->all;
    joining->starts = arena_alloc(joining->mem, (all->count + 1) * sizeof *joining->starts);
    for (size_t i = 0; i < all->count; i++) {
        const struct dora_deployment *deployment = &all->items[i];
        int64_t began = deployment->first_s != 0 ? deployment->first_s : deployment->stated_s;
        if (deployment->outcome != DORA_CONFIG)
            joining->starts[joining->count++] = (struct start){.began_s = began, .index = i};
    }
    qsort(joining->starts, joining->count, sizeof *joining->starts, by_start);
}

/* When the one after it began. */
static int64_t ended(const struct joining *joining, size_t i)
{
    return i + 1 < joining->count ? joining->starts[i + 1].began_s : INT64_MAX;
}

static bool is_same(const struct dora_deployment *one, const struct dora_deployment *other)
{
    return strcmp(one->version, other->version) == 0 ||
           (one->commit != DORA_NONE && one->commit == other->commit);
}

/* How many began no later. */
static size_t begun_by(const struct joining *joining, int64_t seconds)
{
    size_t low = 0, high = joining->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (joining->starts[middle].began_s <= seconds)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The last deployment that the record can be of; joining->count: there is none. */
static size_t recorded_of(const struct joining *joining, const struct dora_deployment *record)
{
    int64_t at = record->stated_s;
    for (size_t i = begun_by(joining, at); i-- > 0;) {
        const struct start *start = &joining->starts[i];
        if (at >= ended(joining, i) && at - start->began_s >= LATE_S)
            break;
        if (is_same(&joining->all->items[start->index], record))
            return i;
    }
    return joining->count;
}

/* A pipeline that ends after the next deployment began does not make it the later one. */
static void tell(const struct joining *joining, size_t i, const struct dora_deployment *record)
{
    struct dora_deployment *deployment = &joining->all->items[joining->starts[i].index];
    int64_t end = ended(joining, i), at = record->stated_s < end ? record->stated_s : end;
    if (at > deployment->stated_s)
        deployment->stated_s = at;
    if (deployment->commit == DORA_NONE)
        deployment->commit = record->commit;
    deployment->outcome = record->outcome;
    deployment->flagged |= record->flagged;
    deployment->record = record->where;
}

static void take(struct joining *joining, const struct dora_deployment *record)
{
    size_t i = recorded_of(joining, record);
    if (i == joining->count || joining->starts[i].told) {
        array_push(joining->mem, joining->all, *record);
        return;
    }
    tell(joining, i, record);
    joining->starts[i].told = true;
}

static int by_time(const void *one, const void *other)
{
    const struct dora_deployment *a = one, *b = other;
    if (a->stated_s != b->stated_s)
        return a->stated_s < b->stated_s ? -1 : 1;
    return strcmp(a->where, b->where);
}

void deployments_join(struct dora_deployments *all, const struct dora_deployments *recorded,
                      struct arena *mem)
{
    struct joining joining = {.all = all, .mem = mem};
    if (recorded->count == 0)
        return;
    list_starts(&joining);
    struct dora_deployment *sorted = arena_alloc(mem, recorded->count * sizeof *sorted);
    memcpy(sorted, recorded->items, recorded->count * sizeof *sorted);
    qsort(sorted, recorded->count, sizeof *sorted, by_time);
    for (size_t i = 0; i < recorded->count; i++)
        if (sorted[i].outcome == DORA_SERVED)
            take(&joining, &sorted[i]);
    for (size_t i = 0; i < recorded->count; i++)
        if (sorted[i].outcome != DORA_SERVED)
            take(&joining, &sorted[i]);
}
