/* The numbers of a window, counted from the chain. */
#include <stdlib.h>
#include <string.h>

#include "gates/measure/dora.h"

enum { DAY_S = 86400, WEEK = 7 };

struct times ARRAY(int64_t);

int32_t dora_day(int64_t seconds)
{
    return (int32_t)((seconds - (seconds < 0 ? DAY_S - 1 : 0)) / DAY_S);
}

bool dora_within(const struct dora_window *window, int64_t seconds)
{
    int32_t day = dora_day(seconds);
    return window->from_day <= day && day <= window->to_day;
}

static int by_size(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

/* The smallest value that `percent` of all do not exceed. */
static int64_t ranked(const struct times *sorted, size_t percent)
{
    return sorted->items[(sorted->count * percent + 99) / 100 - 1];
}

static void sort_times(struct times *times)
{
    if (times->count > 0)
        qsort(times->items, times->count, sizeof *times->items, by_size);
}

static struct dora_spread spread_of(struct times *times)
{
    if (times->count == 0)
        return (struct dora_spread){0};
    sort_times(times);
    return (struct dora_spread){times->count, ranked(times, 50), ranked(times, 75),
                                ranked(times, 90)};
}

/* 1970-01-01 was a Thursday: the first Monday is day 4. */
static int32_t monday_from(int32_t day)
{
    int32_t past = (day - 4) % WEEK;
    return past == 0 ? day : day + WEEK - (past < 0 ? past + WEEK : past);
}

/* `days`: those with a deployment, once each, ascending. */
static void count_weeks(const struct times *days, struct arena *mem, struct dora_figures *figures)
{
    struct times weeks = {0};
    size_t at = 0;
    int32_t monday = monday_from(figures->window.from_day);
    for (; monday + WEEK - 1 <= figures->window.to_day; monday += WEEK) {
        int64_t count = 0;
        for (; at < days->count && days->items[at] < monday + WEEK; at++)
            count += days->items[at] >= monday;
        array_push(mem, &weeks, count);
    }
    figures->weeks = weeks.count;
    sort_times(&weeks);
    if (weeks.count > 0)
        figures->days_a_week = (size_t)ranked(&weeks, 50);
}

static void count_deployments(const struct dora_chain *chain, struct arena *mem,
                              struct dora_figures *figures)
{
    struct times days = {0}, recoveries = {0};
    const struct dora_deployment *all = chain->deployments.items;
    for (size_t i = 0; i < chain->deployments.count; i++) {
        const struct dora_deployment *deployment = &all[i];
        int32_t day = dora_day(deployment->finished_s);
        figures->begun |= day <= figures->window.to_day;
        if (!dora_within(&figures->window, deployment->finished_s))
            continue;
        figures->kinds[deployment->kind]++;
        figures->unplanned += deployment->unplanned;
        if (!dora_counts(deployment->kind))
            continue;
        figures->counted++;
        if (days.count == 0 || days.items[days.count - 1] != day)
            array_push(mem, &days, day);
        figures->failures[deployment->failure]++;
        if (deployment->failure != DORA_GOOD)
            array_push(mem, &recoveries,
                       all[deployment->remedy].finished_s - deployment->finished_s);
    }
    figures->deployment_days = days.count;
    figures->failed = recoveries.count;
    figures->recovery = spread_of(&recoveries);
    count_weeks(&days, mem, figures);
}

static size_t count_different(struct times *sorted)
{
    size_t count = 0;
    sort_times(sorted);
    for (size_t i = 0; i < sorted->count; i++)
        count += i == 0 || sorted->items[i] != sorted->items[i - 1];
    return count;
}

static void count_changes(const struct dora_chain *chain, struct arena *mem,
                          struct dora_figures *figures)
{
    struct times leads = {0}, people = {0};
    for (size_t i = 0; i < chain->changes.count; i++) {
        const struct dora_change *change = &chain->changes.items[i];
        const struct dora_deployment *by = &chain->deployments.items[change->deployment];
        if (!dora_within(&figures->window, by->finished_s))
            continue;
        figures->bots += change->absent == DORA_BOT;
        figures->copies += change->absent == DORA_COPY;
        figures->skewed += change->absent == DORA_SKEWED;
        if (change->absent == DORA_TIMED)
            array_push(mem, &leads, change->lead_s);
        if (change->absent == DORA_TIMED || change->absent == DORA_SKEWED)
            array_push(mem, &people, chain->commits.items[change->first].person);
    }
    figures->changes = people.count;
    figures->people = count_different(&people);
    figures->lead = spread_of(&leads);
}

void dora_measure(const struct dora_chain *chain, const struct dora_window *window,
                  struct arena *mem, struct dora_figures *figures)
{
    *figures = (struct dora_figures){
        .window = *window,
        .days = (size_t)(window->to_day - window->from_day + 1),
    };
    count_deployments(chain, mem, figures);
    count_changes(chain, mem, figures);
}

static struct dora_value share(const char *measure, size_t above, size_t below)
{
    return (struct dora_value){
        .measure = measure,
        .unit = "%",
        .absent = below == 0,
        .value = below == 0 ? number_of(0) : number_ratio((int64_t)above * 100, below),
        .above = above,
        .below = below,
        .count = below,
    };
}

static struct dora_value seconds(const char *measure, int64_t value, const struct dora_spread *of)
{
    return (struct dora_value){measure, "s", of->count == 0, number_of(value), 0, 0, of->count};
}

void dora_values(const struct dora_figures *f, struct dora_value values[DORA_VALUES])
{
    size_t all = f->counted + f->kinds[DORA_ROLLBACK];
    values[0] = (struct dora_value){
        .measure = "dora.deployment_frequency",
        .unit = "/d",
        .absent = !f->begun,
        .value = number_ratio((int64_t)f->counted, f->days),
        .above = f->counted,
        .below = f->days,
        .count = f->counted,
    };
    values[1] = seconds("dora.lead_time.p50", f->lead.p50, &f->lead);
    values[2] = seconds("dora.lead_time.p75", f->lead.p75, &f->lead);
    values[3] = seconds("dora.lead_time.p90", f->lead.p90, &f->lead);
    values[4] = share("dora.change_fail_rate", f->failed, f->counted);
    values[5] = seconds("dora.recovery_time.p50", f->recovery.p50, &f->recovery);
    values[6] = seconds("dora.recovery_time.p75", f->recovery.p75, &f->recovery);
    values[7] = seconds("dora.recovery_time.p90", f->recovery.p90, &f->recovery);
    values[8] = share("dora.rework_rate", f->unplanned, all);
}
