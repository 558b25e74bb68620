#include "runner/render/dora_behind.h"

#include <stdlib.h>
#include <string.h>

const struct dora_unit *dora_unit_of(const struct dora_estate *estate,
                                     const struct dora_chain *chain)
{
    for (size_t i = 0; i < estate->units.count; i++)
        if (&estate->units.items[i].chain == chain)
            return &estate->units.items[i];
    return NULL;
}

const struct dora_deployment *dora_item_deployment(const struct dora_item *item)
{
    return &item->unit->chain.deployments.items[item->index];
}

const struct dora_change *dora_item_change(const struct dora_item *item)
{
    return &item->unit->chain.changes.items[item->index];
}

const struct dora_incident *dora_item_incident(const struct dora_item *item)
{
    return &item->unit->chain.incidents.items[item->index];
}

size_t dora_item_changes(const struct dora_item *item)
{
    const struct dora_deployment *deployment = dora_item_deployment(item);
    size_t count = 0;
    for (uint32_t i = 0; i < deployment->change_count; i++)
        count += !item->unit->chain.changes.items[deployment->changes + i].outside;
    return count;
}

const char *dora_item_cause(const struct dora_item *item)
{
    uint32_t incident = dora_item_deployment(item)->incident;
    return incident == DORA_NONE ? NULL : item->unit->chain.incidents.items[incident].id;
}

/* --- order ------------------------------------------------------------------------------------ */

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* What happened at once, or took the same time: by service, environment, and as its chain has it.
 */
static int by_place(const struct dora_item *a, const struct dora_item *b)
{
    int order = strcmp(a->unit->service, b->unit->service);
    if (order == 0)
        order = strcmp(a->unit->environment, b->unit->environment);
    return order != 0 ? order : compare(a->index, b->index);
}

static int64_t finished(const struct dora_item *item)
{
    return dora_item_deployment(item)->finished_s;
}

static int64_t recovery(const struct dora_item *item)
{
    const struct dora_deployment *deployment = dora_item_deployment(item);
    return deployment->recovered_s - deployment->finished_s;
}

static int64_t lead(const struct dora_item *item)
{
    return dora_item_change(item)->lead_s;
}

static int64_t deployed(const struct dora_item *item)
{
    return dora_bringer(&item->unit->chain, dora_item_change(item))->finished_s;
}

static int64_t started(const struct dora_item *item)
{
    return dora_item_change(item)->started_s;
}

static int64_t created(const struct dora_item *item)
{
    return dora_item_incident(item)->created_s;
}

#define ORDER(key)                                          \
    static int by_##key(const void *one, const void *other) \
    {                                                       \
        int order = compare(key(one), key(other));          \
        return order != 0 ? order : by_place(one, other);   \
    }

ORDER(finished)
ORDER(recovery)
ORDER(lead)
ORDER(deployed)
ORDER(started)

/* The same incident of several services stands together. */
static int by_created(const void *one, const void *other)
{
    int order = compare(created(one), created(other));
    if (order == 0)
        order = strcmp(dora_item_incident(one)->id, dora_item_incident(other)->id);
    return order != 0 ? order : by_place(one, other);
}

static void sort(struct dora_items *items, int (*order)(const void *, const void *))
{
    if (items->count > 0)
        qsort(items->items, items->count, sizeof *items->items, order);
}

/* --- what belongs to the answer --------------------------------------------------------------- */

struct sorting {
    const struct dora_answer *answer;
    const struct dora_part *part;
    const struct dora_unit *unit;
    struct arena *mem;
    struct dora_behind *behind;
};

/* Is it of this part, and did it happen in the window? */
static bool counts(const struct sorting *s, int64_t seconds)
{
    return s->part->from_s <= seconds && seconds < s->part->until_s &&
           dora_within(&s->answer->figures.window, s->answer->zone, seconds);
}

static void push(const struct sorting *s, struct dora_items *items, size_t index)
{
    array_push(s->mem, items, ((struct dora_item){s->unit, (uint32_t)index}));
}

static void sort_deployments(const struct sorting *s)
{
    const struct dora_chain *chain = s->part->chain;
    for (size_t i = 0; i < chain->deployments.count; i++) {
        const struct dora_deployment *deployment = &chain->deployments.items[i];
        if (!counts(s, deployment->finished_s))
            continue;
        push(s, &s->behind->deployments, i);
        if (deployment->failure != DORA_GOOD)
            push(s, deployment->recovered_s == INT64_MAX ? &s->behind->open : &s->behind->recovered,
                 i);
    }
}

static void sort_changes(const struct sorting *s)
{
    const struct dora_chain *chain = s->part->chain;
    for (size_t i = 0; i < chain->changes.count; i++) {
        const struct dora_change *change = &chain->changes.items[i];
        const struct dora_deployment *by = dora_bringer(chain, change);
        if (change->outside)
            continue;
        if (by == NULL &&
            zone_day(s->answer->zone, chain->commits.items[change->landed].committed_s) <=
                s->answer->figures.window.to_day)
            push(s, &s->behind->waiting, i);
        if (by == NULL || !counts(s, by->finished_s))
            continue;
        push(s, &s->behind->changes, i);
        push(s, change->absent == DORA_TIMED ? &s->behind->timed : &s->behind->untimed, i);
    }
}

static bool is_open(const struct sorting *s, const struct dora_incident *incident)
{
    return incident->resolved_s == INT64_MAX && s->part->from_s <= incident->created_s &&
           incident->created_s < s->part->until_s &&
           zone_day(s->answer->zone, incident->created_s) <= s->answer->figures.window.to_day;
}

static void sort_incidents(const struct sorting *s)
{
    const struct dora_incidents *incidents = &s->part->chain->incidents;
    for (size_t i = 0; i < incidents->count; i++) {
        const struct dora_incident *incident = &incidents->items[i];
        if (counts(s, incident->created_s) || is_open(s, incident))
            push(s, &s->behind->incidents, i);
    }
}

static void drop_repeated(struct dora_items *incidents)
{
    size_t count = 0;
    for (size_t i = 0; i < incidents->count; i++)
        if (count == 0 || strcmp(dora_item_incident(&incidents->items[count - 1])->id,
                                 dora_item_incident(&incidents->items[i])->id) != 0)
            incidents->items[count++] = incidents->items[i];
    incidents->count = count;
}

void dora_behind(const struct dora_view *view, const struct dora_answer *answer, struct arena *mem,
                 struct dora_behind *behind)
{
    *behind = (struct dora_behind){0};
    for (size_t i = 0; i < answer->parts.count; i++) {
        const struct dora_part *part = &answer->parts.items[i];
        const struct sorting sorting = {
            answer, part, dora_unit_of(&view->estate->known, part->chain), mem, behind};
        sort_deployments(&sorting);
        sort_changes(&sorting);
        sort_incidents(&sorting);
    }
    sort(&behind->deployments, by_finished);
    sort(&behind->recovered, by_recovery);
    sort(&behind->open, by_finished);
    sort(&behind->changes, by_deployed);
    sort(&behind->timed, by_lead);
    sort(&behind->untimed, by_deployed);
    sort(&behind->waiting, by_started);
    sort(&behind->incidents, by_created);
    drop_repeated(&behind->incidents);
}
