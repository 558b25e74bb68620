/* Chains of deployments drawn by hand, for tests. Times are hours after a Monday. */
#ifndef TESTS_SUPPORT_CHAIN_H
#define TESTS_SUPPORT_CHAIN_H

#include <string.h>

#include "gates/measure/dora.h"
#include "tests/support/test.h"

enum { HOUR = 3600, DAY = 86400, MONDAY = 20822 * DAY }; /* 2027-01-04 */

struct drawn {
    struct arena *mem;
    struct dora_chain chain;
};

static inline int draw(void **state)
{
    struct arena *mem = arena_new();
    struct drawn *d = arena_new_item(mem, struct drawn);
    d->mem = mem;
    d->chain.known_s = (int64_t)MONDAY + 1000 * DAY;
    *state = d;
    return 0;
}

static inline int erase(void **state)
{
    arena_free(((struct drawn *)*state)->mem);
    return 0;
}

/* A commit of `hours` after MONDAY; parents DORA_NONE: none. */
static inline uint32_t commit(struct drawn *d, int hours, uint32_t one, uint32_t other)
{
    uint32_t index = (uint32_t)d->chain.commits.count;
    struct dora_commit *c = array_add(d->mem, &d->chain.commits);
    uint32_t *parents = arena_alloc(d->mem, 2 * sizeof *parents);
    parents[0] = one;
    parents[1] = other;
    *c = (struct dora_commit){
        .id = arena_printf(d->mem, "%040x", 0xabcffffU - index), /* the last one first */
        .parents = parents,
        .parent_count = (one != DORA_NONE ? 1U : 0U) + (other != DORA_NONE ? 1U : 0U),
        .copied = index,
        .authored_s = MONDAY + (int64_t)hours * HOUR,
        .committed_s = MONDAY + (int64_t)hours * HOUR,
        .landing = {.subject = "", .first_s = INT64_MAX},
    };
    return index;
}

static inline struct dora_deployment *deploy(struct drawn *d, const char *version, int hours,
                                             uint32_t at)
{
    struct dora_deployment *deployment = array_add(d->mem, &d->chain.deployments);
    *deployment = (struct dora_deployment){
        .version = version,
        .source = "tag",
        .where = "",
        .commit = at,
        .stated_s = MONDAY + (int64_t)hours * HOUR,
    };
    return deployment;
}

/* An incident of `hours` after MONDAY; still open. */
static inline struct dora_incident *incident(struct drawn *d, const char *id, int hours)
{
    struct dora_incident *new = array_add(d->mem, &d->chain.incidents);
    *new = (struct dora_incident){
        .id = id,
        .urgency = "high",
        .priority = "P1",
        .origin = "alert",
        .cause = "unknown",
        .created_s = MONDAY + (int64_t)hours * HOUR,
        .acked_s = INT64_MAX,
        .resolved_s = INT64_MAX,
        .impact_s = INT64_MAX,
    };
    return new;
}

static inline void says(struct drawn *d, uint32_t index, const char *message)
{
    landing_read(d->mem, message, strlen(message), &d->chain.commits.items[index].landing);
}

/* The numbers of days `from` to `to` after MONDAY. */
static inline struct dora_figures measure(struct drawn *d, int from, int to)
{
    struct dora_figures figures;
    const struct dora_window window = {MONDAY / DAY + from, MONDAY / DAY + to};
    const struct dora_part whole = {&d->chain, INT64_MIN, INT64_MAX};
    dora_measure(&whole, 1, &window, NULL, d->mem, &figures);
    return figures;
}

/* The kinds of its deployments, once it is linked, are these words. */
static inline void kinds_are(struct drawn *d, const char *wanted)
{
    const char *text = "";
    dora_link(&d->chain, d->mem);
    for (size_t i = 0; i < d->chain.deployments.count; i++)
        text = arena_printf(d->mem, "%s%s%s", text, i == 0 ? "" : " ",
                            dora_kind_name(d->chain.deployments.items[i].kind));
    assert_string_equal(text, wanted);
}

#endif
