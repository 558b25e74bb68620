/* The numbers of a window, counted from the chains. */
#include <stdlib.h>
#include <string.h>

#include "gates/measure/dora_parts.h"

bool dora_within(const struct dora_window *window, const struct zone *zone, int64_t seconds)
{
    int32_t day = zone_day(zone, seconds);
    return window->from_day <= day && day <= window->to_day;
}

/* A count under way. */
struct tally {
    const struct zone *zone;
    struct arena *mem;
    int64_t begin_s, end_s; /* of the window; the end is not part of it */
    struct dora_figures *figures;
    const struct dora_part *part; /* that is counted now */
    struct times days;            /* with a deployment, once for each */
    struct times recoveries, lags;
    struct times leads, merges, sizes, people, mergers;
    struct ARRAY(const struct dora_incident *) incidents;
    struct times durations, detections;
};

/* Does the part hold this moment, and the window too? */
static bool counts_at(const struct tally *t, int64_t seconds)
{
    return t->part->from_s <= seconds && seconds < t->part->until_s &&
           dora_within(&t->figures->window, t->zone, seconds);
}

/* --- deployments ------------------------------------------------------------------------------ */

static void count_recovery(struct tally *t, const struct dora_deployment *deployment)
{
    struct dora_figures *f = t->figures;
    f->failures[deployment->failure]++;
    if (deployment->failure == DORA_GOOD)
        return;
    f->failed++;
    if (deployment->recovered_s != INT64_MAX) {
        array_push(t->mem, &t->recoveries, deployment->recovered_s - deployment->finished_s);
        return;
    }
    int64_t age_s = t->part->chain->known_s - deployment->finished_s;
    f->unrecovered_s = f->unrecovered == 0 || age_s > f->unrecovered_s ? age_s : f->unrecovered_s;
    f->unrecovered++;
}

/* One that counts, or a rollback. */
static void count_link(struct tally *t, const struct dora_deployment *deployment)
{
    struct dora_figures *f = t->figures;
    bool of_tag = strcmp(deployment->source, "tag") == 0;
    f->unplanned += deployment->unplanned;
    f->gitops += strcmp(deployment->source, "gitops") == 0;
    f->witnessed += !of_tag;
    f->automated += !of_tag && deployment->automated;
    if (deployment->first_s > 0)
        array_push(t->mem, &t->lags,
                   deployment->stated_s > deployment->first_s
                       ? deployment->stated_s - deployment->first_s
                       : 0);
}

static void count_deployment(struct tally *t, const struct dora_deployment *deployment)
{
    struct dora_figures *f = t->figures;
    int32_t day = zone_day(t->zone, deployment->finished_s);
    bool counts = dora_counts(deployment->kind);
    bool until = deployment->finished_s < t->part->until_s && day <= f->window.to_day;
    f->begun |= until && is_link(deployment->kind);
    if (until && counts && day > f->last_day)
        f->last_day = day;
    if (!counts_at(t, deployment->finished_s))
        return;
    f->kinds[deployment->kind]++;
    if (counts || deployment->kind == DORA_ROLLBACK)
        count_link(t, deployment);
    if (!counts)
        return;
    f->counted++;
    f->unresolved += deployment->commit == DORA_NONE;
    array_push(t->mem, &t->days, day);
    count_recovery(t, deployment);
}

/* --- changes ---------------------------------------------------------------------------------- */

/* What counts as one, deployed or not. */
static bool is_change(const struct dora_change *change)
{
    return change->absent != DORA_BOT && change->absent != DORA_COPY;
}

static void count_deployed(struct tally *t, const struct dora_change *change)
{
    struct dora_figures *f = t->figures;
    f->bots += change->absent == DORA_BOT;
    f->copies += change->absent == DORA_COPY;
    f->skewed += change->absent == DORA_SKEWED;
    if (!is_change(change))
        return;
    array_push(t->mem, &t->people, t->part->chain->commits.items[change->first].person);
    f->repairs += change->unplanned;
    if (change->sized)
        array_push(t->mem, &t->sizes, (int64_t)(change->added + change->removed));
    if (change->absent != DORA_TIMED)
        return;
    array_push(t->mem, &t->leads, change->lead_s);
    array_push(t->mem, &t->merges, change->merged_s);
}

static void count_change(struct tally *t, const struct dora_change *change)
{
    const struct dora_chain *chain = t->part->chain;
    const struct dora_deployment *by = dora_bringer(chain, change);
    int64_t landed_s = chain->commits.items[change->landed].committed_s;
    if (change->outside)
        return;
    if (by != NULL && counts_at(t, by->finished_s))
        count_deployed(t, change);
    if (!is_change(change))
        return;
    if (counts_at(t, landed_s))
        array_push(t->mem, &t->mergers, chain->commits.items[change->first].person);
    t->figures->waiting += by == NULL && landed_s < t->end_s && t->part->from_s <= landed_s &&
                           landed_s < t->part->until_s;
}

/* --- incidents -------------------------------------------------------------------------------- */

static int by_identity(const void *one, const void *other)
{
    const struct dora_incident *a = *(const struct dora_incident *const *)one;
    const struct dora_incident *b = *(const struct dora_incident *const *)other;
    return strcmp(a->id, b->id);
}

static void note_incident(struct tally *t, const struct dora_incident *incident)
{
    if (incident->created_s >= t->end_s || incident->created_s < t->part->from_s ||
        incident->created_s >= t->part->until_s)
        return;
    array_push(t->mem, &t->incidents, incident);
    if (incident->deployment == DORA_NONE ||
        !dora_within(&t->figures->window, t->zone, incident->created_s))
        return;
    const struct dora_deployment *by = &t->part->chain->deployments.items[incident->deployment];
    if (incident->created_s >= by->finished_s)
        array_push(t->mem, &t->detections, incident->created_s - by->finished_s);
}

static void count_incident(struct tally *t, const struct dora_incident *incident, int64_t known_s)
{
    struct dora_figures *f = t->figures;
    if (dora_within(&f->window, t->zone, incident->created_s)) {
        f->incidents++;
        if (incident->resolved_s != INT64_MAX)
            array_push(t->mem, &t->durations, incident->resolved_s - incident->created_s);
    }
    if (incident->resolved_s != INT64_MAX)
        return;
    int64_t age_s = known_s - incident->created_s;
    f->oldest_open_s = f->open == 0 || age_s > f->oldest_open_s ? age_s : f->oldest_open_s;
    f->open++;
}

/* Several services may have the same. */
static void count_incidents(struct tally *t, int64_t known_s)
{
    if (t->incidents.count == 0)
        return;
    qsort(t->incidents.items, t->incidents.count, sizeof *t->incidents.items, by_identity);
    for (size_t i = 0; i < t->incidents.count; i++)
        if (i == 0 || by_identity(&t->incidents.items[i - 1], &t->incidents.items[i]) != 0)
            count_incident(t, t->incidents.items[i], known_s);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void count_part(struct tally *t)
{
    const struct dora_chain *chain = t->part->chain;
    for (size_t i = 0; i < chain->deployments.count; i++)
        count_deployment(t, &chain->deployments.items[i]);
    for (size_t i = 0; i < chain->changes.count; i++)
        count_change(t, &chain->changes.items[i]);
    for (size_t i = 0; i < chain->incidents.count; i++)
        note_incident(t, &chain->incidents.items[i]);
}

static void close_tally(struct tally *t)
{
    struct dora_figures *f = t->figures;
    f->deployment_days = times_different(&t->days);
    f->weeks = days_a_week(&t->days, &f->window, t->mem, &f->days_a_week);
    f->recovery = times_spread(&t->recoveries);
    f->region_lag = times_spread(&t->lags);
    f->changes = t->people.count;
    f->people = times_different(&t->people);
    f->lead = times_spread(&t->leads);
    f->merge_to_deploy = times_spread(&t->merges);
    f->size = times_spread(&t->sizes);
    f->merged = t->mergers.count;
    f->mergers = times_different(&t->mergers);
    f->incident = times_spread(&t->durations);
    f->detection = times_spread(&t->detections);
}

struct dora_window dora_known_window(const struct dora_part *parts, size_t count,
                                     const struct dora_window *window, const struct zone *zone)
{
    struct dora_window known = *window;
    int64_t since_s = count == 0 ? 0 : INT64_MAX;
    for (size_t i = 0; i < count; i++)
        if (parts[i].chain->since_s < since_s)
            since_s = parts[i].chain->since_s;
    int32_t first = zone_day(zone, since_s);
    if (first > known.from_day && first <= known.to_day)
        known.from_day = first;
    return known;
}

/* Where nothing ran there are no changes yet, whatever lands. */
static bool is_blind(const struct dora_chain *chain)
{
    for (size_t i = 0; chain->tip == NULL && i < chain->deployments.count; i++)
        if (is_link(chain->deployments.items[i].kind))
            return true;
    return false;
}

void dora_measure(const struct dora_part *parts, size_t count, const struct dora_window *window,
                  const struct zone *zone, struct arena *mem, struct dora_figures *figures)
{
    struct tally t = {
        .zone = zone,
        .mem = mem,
        .begin_s = zone_begin(zone, window->from_day),
        .end_s = zone_begin(zone, window->to_day + 1),
        .figures = figures,
    };
    *figures = (struct dora_figures){
        .window = *window,
        .days = (size_t)(window->to_day - window->from_day + 1),
        .last_day = INT32_MIN,
    };
    size_t deaf = 0, blind = 0, met = 0;
    int64_t known_s = 0;
    for (size_t i = 0; i < count; i++) {
        t.part = &parts[i];
        if (t.part->until_s <= t.begin_s || t.part->from_s >= t.end_s)
            continue;
        met++;
        blind += is_blind(t.part->chain);
        deaf += !t.part->chain->hears;
        known_s = t.part->chain->known_s;
        count_part(&t);
    }
    figures->merging = figures->begun && blind == 0;
    figures->hears = met > 0 && deaf == 0;
    count_incidents(&t, known_s);
    close_tally(&t);
}
