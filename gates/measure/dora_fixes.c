/* Which deployment repaired an incident by what its commits say: they name it. */
#include <string.h>

#include "gates/measure/dora_parts.h"

/* Incidents by their numbers. */
struct numbered {
    struct names ids;
    uint32_t *incidents; /* of each of `ids` */
};

static void number_all(struct numbered *n, const struct link *link)
{
    struct dora_incidents *all = &link->chain->incidents;
    names_init(&n->ids, link->scratch);
    n->incidents = arena_alloc(link->scratch, (all->count + 1) * sizeof *n->incidents);
    for (uint32_t i = 0; i < all->count; i++) {
        all->items[i].fix = DORA_NONE;
        n->incidents[names_add(&n->ids, all->items[i].id, strlen(all->items[i].id))] = i;
    }
}

/* A deployment that brings work on an incident was not planned, whatever the incident came from. */
static void note_fix(const struct link *link, uint32_t commit, struct dora_incident *incident)
{
    uint32_t index = link->shipped[commit];
    struct dora_deployment *deployment = &link->chain->deployments.items[index];
    if (deployment->finished_s < dora_hurt_since(incident))
        return; /* another one that was called so */
    deployment->unplanned = true;
    if (link->change[commit] != DORA_NONE)
        link->chain->changes.items[link->change[commit]].unplanned = true;
    if (incident->fix == DORA_NONE || index < incident->fix)
        incident->fix = index;
}

void dora_find_fixes(struct link *link)
{
    struct numbered n;
    const struct dora_chain *chain = link->chain;
    number_all(&n, link);
    for (uint32_t i = 0; chain->incidents.count > 0 && i < chain->commits.count; i++) {
        size_t len;
        if (!dora_is_heard(link, i))
            continue;
        for (const char *at = chain->commits.items[i].landing.keys, *key;
             (key = landing_key(&at, &len)) != NULL;) {
            size_t found = names_find(&n.ids, key, len);
            if (found != NAMES_NONE)
                note_fix(link, i, &chain->incidents.items[n.incidents[found]]);
        }
    }
}
