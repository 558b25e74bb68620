#include "gates/measure/dora_compat.h"

#include <string.h>

#include "gates/measure/dora_parts.h"

enum { MINUTE_S = 60, HOUR_S = 3600, WEEK = 7 };

static const struct {
    const char *name, *title, *note;
} modes[DORA_COMPATS] = {
    {"gitlab", "GitLab",
     "every deployment counts, rollbacks and redeploys too; lead time is merge to deployment of "
     "merge requests; the fail rate is incidents by deployments; recovery is how long an incident "
     "was open"},
    {"devlake", "DevLake",
     "frequency is the median of days with a deployment in a week; lead time is that of merge "
     "requests in whole minutes, each part rounded up; an incident is that of the last deployment "
     "before it; medians are the lower of two"},
    {"fourkeys", "Four Keys",
     "every deployment counts; lead time is from the deployed commit alone, in whole minutes; the "
     "fail rate is incidents that name a deployment by deployments; recovery is in whole hours"},
};

const char *dora_compat_name(enum dora_compat mode)
{
    return modes[mode].name;
}

const char *dora_compat_title(enum dora_compat mode)
{
    return modes[mode].title;
}

const char *dora_compat_note(enum dora_compat mode)
{
    return modes[mode].note;
}

bool dora_compat_named(const char *name, enum dora_compat *mode)
{
    for (*mode = DORA_COMPAT_GITLAB; *mode < DORA_COMPATS; (*mode)++)
        if (strcmp(modes[*mode].name, name) == 0)
            return true;
    return false;
}

/* --- what is counted -------------------------------------------------------------------------- */

struct tally {
    enum dora_compat mode;
    const struct dora_window *window;
    const struct zone *zone;
    struct arena *mem;
    const struct dora_part *part; /* that is counted now */
    bool begun, hears;
    size_t ran, failed;
    struct times days, leads, recoveries; /* days with a deployment; seconds */
};

static bool counts_at(const struct tally *t, int64_t seconds)
{
    return t->part->from_s <= seconds && seconds < t->part->until_s &&
           dora_within(t->window, t->zone, seconds);
}

static int64_t round_up(int64_t seconds, int64_t unit_s)
{
    return (seconds + unit_s - 1) / unit_s * unit_s;
}

static void count_deployment(struct tally *t, const struct dora_deployment *deployment)
{
    int32_t day = zone_day(t->zone, deployment->finished_s);
    if (deployment->outcome != DORA_SERVED)
        return;
    t->begun |= day <= t->window->to_day && deployment->finished_s < t->part->until_s;
    if (!counts_at(t, deployment->finished_s))
        return;
    t->ran++;
    array_push(t->mem, &t->days, day);
    if (t->mode != DORA_COMPAT_FOURKEYS || deployment->commit == DORA_NONE)
        return;
    int64_t committed_s = t->part->chain->commits.items[deployment->commit].committed_s;
    int64_t lead_s = (deployment->finished_s - committed_s) / MINUTE_S * MINUTE_S;
    if (lead_s > 0)
        array_push(t->mem, &t->leads, lead_s);
}

/* Of a merge request; a fast-forward leaves no trace of one. */
static void count_change(struct tally *t, const struct dora_change *change)
{
    const struct dora_deployment *by = dora_bringer(t->part->chain, change);
    if (by == NULL || change->outside || change->how == DORA_DIRECT ||
        !counts_at(t, by->finished_s))
        return;
    int64_t landed_s = t->part->chain->commits.items[change->landed].committed_s;
    int64_t merged_s = landed_s - change->started_s, deploy_s = by->finished_s - landed_s;
    if (deploy_s < 0 || (t->mode == DORA_COMPAT_DEVLAKE && merged_s < 0))
        return;
    array_push(t->mem, &t->leads,
               t->mode == DORA_COMPAT_GITLAB
                   ? deploy_s
                   : round_up(merged_s, MINUTE_S) + round_up(deploy_s, MINUTE_S));
}

/* --- incidents -------------------------------------------------------------------------------- */

static void count_for_gitlab(struct tally *t, const struct dora_incident *incident)
{
    t->failed += counts_at(t, incident->created_s);
    if (incident->resolved_s != INT64_MAX && counts_at(t, incident->resolved_s))
        array_push(t->mem, &t->recoveries, incident->resolved_s - incident->created_s);
}

/* Incidents and deployments are both by time, so the last deployment before each is found in one
 * walk. */
static void count_for_devlake(struct tally *t)
{
    const struct dora_chain *chain = t->part->chain;
    const struct dora_deployment *last = NULL, *blamed = NULL;
    size_t next = 0;
    for (size_t i = 0; i < chain->incidents.count; i++) {
        const struct dora_incident *incident = &chain->incidents.items[i];
        for (; next < chain->deployments.count &&
               chain->deployments.items[next].finished_s < incident->created_s;
             next++)
            if (chain->deployments.items[next].outcome == DORA_SERVED)
                last = &chain->deployments.items[next];
        if (last == NULL || !counts_at(t, last->finished_s))
            continue;
        t->failed += last != blamed;
        blamed = last;
        if (incident->resolved_s != INT64_MAX)
            array_push(t->mem, &t->recoveries, incident->resolved_s - last->finished_s);
    }
}

static void count_for_fourkeys(struct tally *t, const struct dora_incident *incident)
{
    int64_t began_s = incident->created_s;
    if (incident->caused_by != NULL && incident->deployment != DORA_NONE) {
        int64_t cause_s = t->part->chain->deployments.items[incident->deployment].finished_s;
        t->failed += counts_at(t, cause_s);
        began_s = cause_s < began_s ? cause_s : began_s;
    }
    if (incident->resolved_s != INT64_MAX && counts_at(t, incident->created_s))
        array_push(t->mem, &t->recoveries, (incident->resolved_s - began_s) / HOUR_S * HOUR_S);
}

static void count_incidents(struct tally *t)
{
    const struct dora_incidents *all = &t->part->chain->incidents;
    if (t->mode == DORA_COMPAT_DEVLAKE)
        count_for_devlake(t);
    for (size_t i = 0; i < all->count && t->mode == DORA_COMPAT_GITLAB; i++)
        count_for_gitlab(t, &all->items[i]);
    for (size_t i = 0; i < all->count && t->mode == DORA_COMPAT_FOURKEYS; i++)
        count_for_fourkeys(t, &all->items[i]);
}

static void count_part(struct tally *t)
{
    const struct dora_chain *chain = t->part->chain;
    for (size_t i = 0; i < chain->deployments.count; i++)
        count_deployment(t, &chain->deployments.items[i]);
    for (size_t i = 0; i < chain->changes.count && t->mode != DORA_COMPAT_FOURKEYS; i++)
        count_change(t, &chain->changes.items[i]);
    count_incidents(t);
}

/* --- values ----------------------------------------------------------------------------------- */

static struct number median(const struct tally *t, struct times *times)
{
    const struct dora_spread spread = times_spread(times); /* sorts them */
    return t->mode == DORA_COMPAT_DEVLAKE ? number_of(times->items[(times->count - 1) / 2])
                                          : number_ratio(spread.p50, 1000);
}

static void put_median(const struct tally *t, struct times *times, const char *why,
                       struct dora_value *value)
{
    value->why = times->count == 0 ? why : NULL;
    value->count = times->count;
    if (times->count > 0)
        value->value = median(t, times);
}

static void put_frequency(struct tally *t, struct dora_value *value)
{
    const size_t days = (size_t)t->window->to_day - (size_t)t->window->from_day + 1;
    struct number a_week;
    if (!t->begun) {
        value->why = "nothing was deployed yet";
        return;
    }
    *value = (struct dora_value){.measure = value->measure,
                                 .unit = value->unit,
                                 .value = number_ratio((int64_t)t->ran, days),
                                 .above = t->ran,
                                 .below = days,
                                 .count = t->ran};
    if (t->mode != DORA_COMPAT_DEVLAKE)
        return;
    value->above = value->below = 0;
    if (days_a_week(&t->days, t->window, t->mem, &a_week) == 0)
        value->why = "no week lies wholly inside of this time";
    else
        value->value = number_scale(a_week, 1, WEEK);
}

static void put_fails(const struct tally *t, struct dora_value *value)
{
    value->why = !t->hears     ? "nobody tells of incidents here"
                 : t->ran == 0 ? "nothing was deployed in this time"
                               : NULL;
    if (value->why != NULL)
        return;
    value->value = number_ratio((int64_t)t->failed * 100, t->ran);
    value->above = t->failed;
    value->below = value->count = t->ran;
}

void dora_compat(enum dora_compat mode, const struct dora_part *parts, size_t count,
                 const struct dora_window *window, const struct zone *zone, struct arena *mem,
                 struct dora_value values[DORA_VALUES])
{
    struct tally t = {.mode = mode, .window = window, .zone = zone, .mem = mem, .hears = count > 0};
    const struct dora_figures none = {.last_day = INT32_MIN};
    for (size_t i = 0; i < count; i++) {
        t.part = &parts[i];
        t.hears &= t.part->chain->hears;
        count_part(&t);
    }
    dora_values(&none, values);
    for (size_t i = 0; i < DORA_VALUES; i++)
        values[i].why = "it has no such number";
    put_frequency(&t, &values[DORA_FREQUENCY]);
    put_median(&t, &t.leads, "no such change was deployed in this time", &values[DORA_LEAD_P50]);
    put_fails(&t, &values[DORA_FAIL_RATE]);
    put_median(&t, &t.recoveries,
               t.hears ? "no such incident is resolved" : "nobody tells of incidents here",
               &values[DORA_RECOVERY_P50]);
}
