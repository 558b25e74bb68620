/* Which deployment an incident comes from, and when a deployment that failed had recovered. Said
 * outright, it is so; what rolled back or repaired a deployment while the incident was open says it
 * nearly as well; that it began soon after a deployment is a guess. */
#include <stdlib.h>
#include <string.h>

#include "gates/measure/dora_parts.h"

enum { NEARBY_S = 24 * 3600 };

/* What an incident can name a deployment by. */
struct called {
    const char *name;
    uint32_t deployment;
};

struct inquiry {
    struct link *link;
    struct indexes links;
    struct indexes rescues;             /* of the links, those that nobody had planned */
    struct ARRAY(struct called) called; /* sorted; empty until somebody asks */
};

/* --- what is known ---------------------------------------------------------------------------- */

static const struct dora_deployment *deployment_at(const struct inquiry *q, uint32_t index)
{
    return &q->link->chain->deployments.items[index];
}

/* The first moment at which some of it ran. */
static int64_t began(const struct dora_deployment *deployment)
{
    bool earlier = deployment->first_s > 0 && deployment->first_s < deployment->finished_s;
    return earlier ? deployment->first_s : deployment->finished_s;
}

int64_t dora_hurt_since(const struct dora_incident *incident)
{
    return incident->impact_s < incident->created_s ? incident->impact_s : incident->created_s;
}

/* How many of them finished before the moment. */
static size_t finished_before(const struct inquiry *q, const struct indexes *list, int64_t moment)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (deployment_at(q, list->items[middle])->finished_s < moment)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The link that was the last to begin until the moment; DORA_NONE: nothing ran. */
static uint32_t running_at(const struct inquiry *q, int64_t moment)
{
    if (q->links.count == 0)
        return DORA_NONE;
    size_t done = finished_before(q, &q->links, moment + 1);
    if (done < q->links.count && began(deployment_at(q, q->links.items[done])) <= moment)
        return q->links.items[done];
    return done == 0 ? DORA_NONE : q->links.items[done - 1];
}

/* --- said outright ---------------------------------------------------------------------------- */

static int by_called(const void *one, const void *other)
{
    const struct called *a = one, *b = other;
    int names = strcmp(a->name, b->name);
    return names != 0 ? names : (a->deployment > b->deployment) - (a->deployment < b->deployment);
}

static void call_all(struct inquiry *q)
{
    struct arena *mem = q->link->scratch;
    for (size_t i = 0; i < q->links.count; i++) {
        uint32_t index = q->links.items[i];
        const struct dora_deployment *deployment = deployment_at(q, index);
        array_push(mem, &q->called, ((struct called){deployment->version, index}));
        array_push(mem, &q->called, ((struct called){deployment->where, index}));
        if (deployment->record != NULL)
            array_push(mem, &q->called, ((struct called){deployment->record, index}));
        if (deployment->commit != DORA_NONE)
            array_push(
                mem, &q->called,
                ((struct called){q->link->chain->commits.items[deployment->commit].id, index}));
    }
    if (q->called.count > 0)
        qsort(q->called.items, q->called.count, sizeof *q->called.items, by_called);
}

/* The last deployment of that name that had begun by then, otherwise the first at all. */
static uint32_t deployment_called(struct inquiry *q, const char *name, int64_t moment)
{
    uint32_t found = DORA_NONE;
    size_t low = 0, high;
    if (q->called.count == 0)
        call_all(q);
    for (high = q->called.count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(q->called.items[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < q->called.count && strcmp(q->called.items[low].name, name) == 0; low++) {
        uint32_t index = q->called.items[low].deployment;
        if (found == DORA_NONE || began(deployment_at(q, index)) <= moment)
            found = index;
    }
    return found;
}

/* --- found out -------------------------------------------------------------------------------- */

/* What this one repaired may have caused an incident of that time, if it ran then and counts. */
static uint32_t suspect(const struct inquiry *q, uint32_t rescue, int64_t moment)
{
    uint32_t named = q->link->repaired[rescue];
    uint32_t index = named == DORA_NONE ? running_at(q, moment) : named;
    if (index == DORA_NONE || index >= rescue)
        return DORA_NONE;
    const struct dora_deployment *of = deployment_at(q, index);
    return dora_counts(of->kind) && began(of) <= moment ? index : DORA_NONE;
}

/* The deployment that an incident names, if this one repaired it: a rollback undoes all that came
 * before it, a repair what it names. */
static uint32_t undone(const struct inquiry *q, uint32_t rescue, uint32_t named)
{
    uint32_t repaired = q->link->repaired[rescue];
    bool undoes = deployment_at(q, rescue)->kind == DORA_ROLLBACK || repaired == DORA_NONE ||
                  repaired == named;
    return named < rescue && undoes ? named : DORA_NONE;
}

/* Finds the first that repaired it while the incident was open, and what that was when the incident
 * does not say. */
static bool find_remedied(const struct inquiry *q, struct dora_incident *incident)
{
    int64_t moment = dora_hurt_since(incident);
    size_t at = finished_before(q, &q->rescues, moment);
    for (; at < q->rescues.count; at++) {
        uint32_t rescue = q->rescues.items[at];
        const struct dora_deployment *by = deployment_at(q, rescue);
        if (by->finished_s > incident->resolved_s)
            return false;
        uint32_t failed = incident->deployment == DORA_NONE
                              ? suspect(q, rescue, moment)
                              : undone(q, rescue, incident->deployment);
        if (failed == DORA_NONE)
            continue;
        incident->deployment = failed;
        dora_fail(q->link, failed, rescue,
                  by->kind == DORA_ROLLBACK ? DORA_ROLLED_BACK : DORA_HOTFIXED);
        return true;
    }
    return false;
}

static bool find_nearby(const struct inquiry *q, struct dora_incident *incident)
{
    int64_t within = q->link->chain->incident_s, moment = dora_hurt_since(incident);
    uint32_t index = running_at(q, moment);
    if (index == DORA_NONE || !dora_counts(deployment_at(q, index)->kind) ||
        moment - deployment_at(q, index)->finished_s > (within == 0 ? NEARBY_S : within))
        return false;
    incident->deployment = index;
    return true;
}

/* What the incident says, or what ran when that began which a deployment says to repair. */
static bool find_named(struct inquiry *q, struct dora_incident *incident, bool by_change)
{
    if (incident->caused_by != NULL)
        incident->deployment = deployment_called(q, incident->caused_by, incident->created_s);
    else if (by_change && incident->fix != DORA_NONE)
        incident->deployment = suspect(q, incident->fix, dora_hurt_since(incident));
    if (incident->deployment == DORA_NONE)
        return false;
    if (by_change && incident->fix != DORA_NONE && incident->deployment < incident->fix)
        dora_fail(q->link, incident->deployment, incident->fix, DORA_HOTFIXED);
    if (by_change)
        find_remedied(q, incident);
    return true;
}

static void find_cause(struct inquiry *q, struct dora_incident *incident)
{
    bool by_change = strcmp(incident->cause, "other") != 0;
    incident->deployment = DORA_NONE;
    incident->method = DORA_UNLINKED;
    if (find_named(q, incident, by_change))
        incident->method = DORA_EXPLICIT;
    else if (incident->caused_by != NULL || !by_change)
        return;
    else if (find_remedied(q, incident))
        incident->method = DORA_REMEDIED;
    else if (find_nearby(q, incident))
        incident->method = DORA_NEARBY;
}

/* --- recovery --------------------------------------------------------------------------------- */

/* With several incidents it had recovered when the last was resolved. */
static void blame(struct dora_chain *chain, uint32_t index)
{
    const struct dora_incident *incident = &chain->incidents.items[index];
    if (incident->deployment == DORA_NONE || strcmp(incident->cause, "other") == 0)
        return;
    struct dora_deployment *deployment = &chain->deployments.items[incident->deployment];
    if (!dora_counts(deployment->kind))
        return;
    if (deployment->incident != DORA_NONE && incident->resolved_s <= deployment->recovered_s)
        return;
    deployment->incident = index;
    deployment->recovered_s = incident->resolved_s;
}

static void settle_recovery(const struct dora_chain *chain, struct dora_deployment *deployment)
{
    if (deployment->remedy != DORA_NONE) {
        int64_t remedied_s = chain->deployments.items[deployment->remedy].finished_s;
        if (deployment->incident == DORA_NONE || remedied_s < deployment->recovered_s)
            deployment->recovered_s = remedied_s;
    } else if (deployment->incident != DORA_NONE) {
        deployment->failure = DORA_INCIDENT;
    }
    if (deployment->failure != DORA_GOOD && deployment->recovered_s < deployment->finished_s)
        deployment->recovered_s = deployment->finished_s; /* before its last region */
}

/* --- all of them ------------------------------------------------------------------------------ */

static int by_creation(const void *one, const void *other)
{
    const struct dora_incident *a = one, *b = other;
    if (a->created_s != b->created_s)
        return a->created_s < b->created_s ? -1 : 1;
    return strcmp(a->id, b->id);
}

/* As they were known at `known_s`. */
static void sort_incidents(struct dora_chain *chain)
{
    struct dora_incidents *list = &chain->incidents;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct dora_incident incident = list->items[i];
        if (incident.created_s > chain->known_s)
            continue;
        if (incident.resolved_s > chain->known_s)
            incident.resolved_s = INT64_MAX;
        if (incident.acked_s > chain->known_s)
            incident.acked_s = INT64_MAX;
        list->items[kept++] = incident;
    }
    list->count = kept;
    if (kept > 0)
        qsort(list->items, kept, sizeof *list->items, by_creation);
}

void dora_link_incidents(struct link *link)
{
    struct inquiry q = {.link = link};
    struct dora_chain *chain = link->chain;
    for (uint32_t i = 0; i < chain->deployments.count; i++) {
        if (!is_link(chain->deployments.items[i].kind))
            continue;
        array_push(link->scratch, &q.links, i);
        if (chain->deployments.items[i].unplanned)
            array_push(link->scratch, &q.rescues, i);
    }
    sort_incidents(chain);
    dora_find_fixes(link);
    for (size_t i = 0; i < chain->incidents.count; i++)
        find_cause(&q, &chain->incidents.items[i]);
    for (uint32_t i = 0; i < chain->incidents.count; i++)
        blame(chain, i);
    for (size_t i = 0; i < chain->deployments.count; i++)
        settle_recovery(chain, &chain->deployments.items[i]);
}
