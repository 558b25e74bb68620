/* The figures as one table, a row for each measure. */
#include "gates/measure/dora.h"

static const char none_yet[] = "nothing was deployed yet",
                  none_here[] = "nothing was deployed in this time",
                  deaf[] = "nobody tells of incidents here";

static struct dora_value absent(const char *measure, const char *unit, const char *why)
{
    return (struct dora_value){.measure = measure, .unit = unit, .why = why};
}

/* `why`: it is not known; NULL: it is. */
static struct dora_value counted(const char *measure, size_t count, const char *why)
{
    return why != NULL
               ? absent(measure, "", why)
               : (struct dora_value){measure, "", NULL, number_of((int64_t)count), 0, 0, count};
}

static struct dora_value ratio(const char *measure, const char *unit, size_t above, size_t below,
                               size_t count)
{
    return (struct dora_value){measure, unit,  NULL, number_ratio((int64_t)above, below),
                               above,   below, count};
}

static struct dora_value share(const char *measure, size_t above, size_t below, const char *why)
{
    struct dora_value value = absent(measure, "%", why);
    if (below > 0) {
        value = ratio(measure, "%", above, below, below);
        value.value = number_ratio((int64_t)above * 100, below);
    }
    return value;
}

/* One percentile, in thousandths. */
static struct dora_value one_of(const char *measure, const char *unit, int64_t percentile,
                                const struct dora_spread *of, const char *why)
{
    return of->count == 0
               ? absent(measure, unit, why)
               : (struct dora_value){measure, unit, NULL,     number_ratio(percentile, 1000),
                                     0,       0,    of->count};
}

static void put_spread(struct dora_value *values, const char *const names[3], const char *unit,
                       const struct dora_spread *of, const char *why)
{
    values[0] = one_of(names[0], unit, of->p50, of, why);
    values[1] = one_of(names[1], unit, of->p75, of, why);
    values[2] = one_of(names[2], unit, of->p90, of, why);
}

static void put_dora(const struct dora_figures *f, struct dora_value *values)
{
    static const char *const lead[] = {"dora.lead_time.p50", "dora.lead_time.p75",
                                       "dora.lead_time.p90"};
    static const char *const recovery[] = {"dora.recovery_time.p50", "dora.recovery_time.p75",
                                           "dora.recovery_time.p90"};
    values[DORA_FREQUENCY] =
        f->begun ? ratio("dora.deployment_frequency", "/d", f->counted, f->days, f->counted)
                 : absent("dora.deployment_frequency", "/d", none_yet);
    put_spread(&values[DORA_LEAD_P50], lead, "s", &f->lead,
               "no change with a known beginning was deployed in this time");
    values[DORA_FAIL_RATE] = share("dora.change_fail_rate", f->failed, f->counted, none_here);
    values[DORA_REWORK_RATE] =
        share("dora.rework_rate", f->unplanned, f->counted + f->kinds[DORA_ROLLBACK], none_here);
    put_spread(&values[DORA_RECOVERY_P50], recovery, "s", &f->recovery,
               f->counted == 0  ? none_here
               : f->failed == 0 ? "no deployment failed in this time"
                                : "no failed deployment has recovered yet");
}

static void put_deployments(const struct dora_figures *f, struct dora_value *values)
{
    size_t all = f->counted + f->kinds[DORA_ROLLBACK];
    const char *why = f->begun ? NULL : none_yet;
    values[DORA_TOTAL] = counted("deployments.total", f->counted, why);
    values[DORA_ROLLBACKS] = counted("deployments.rollbacks", f->kinds[DORA_ROLLBACK], why);
    values[DORA_REDEPLOYS] = counted("deployments.redeploys", f->kinds[DORA_REDEPLOY], why);
    values[DORA_ATTEMPTS] = counted("deployments.failed_attempts", f->kinds[DORA_FAILED_ATTEMPT],
                                    f->kinds[DORA_FAILED_ATTEMPT] > 0 ? NULL : why);
    values[DORA_ROLLBACK_RATE] =
        share("deployments.rollback_rate", f->kinds[DORA_ROLLBACK], all, none_here);
    values[DORA_GITOPS_RATE] = share("deployments.gitops_rate", f->gitops, all, none_here);
    values[DORA_AUTOMATED_RATE] = share("deployments.automated_rate", f->automated, f->witnessed,
                                        all == 0 ? none_here : "tags do not say who deployed them");
    values[DORA_REGION_LAG] = one_of("deployments.region_lag.p50", "s", f->region_lag.p50,
                                     &f->region_lag, "nothing was deployed region by region");
    values[DORA_DAYS_SINCE] =
        f->last_day == INT32_MIN
            ? absent("deployments.days_since", "", none_yet)
            : counted("deployments.days_since", (size_t)(f->window.to_day - f->last_day), NULL);
}

static void put_changes(const struct dora_figures *f, struct dora_value *values)
{
    static const char *const merge[] = {"changes.merge_to_deploy.p50",
                                        "changes.merge_to_deploy.p75",
                                        "changes.merge_to_deploy.p90"};
    static const char *const size[] = {"changes.size.p50", "changes.size.p75", "changes.size.p90"};
    const char *why = f->merging  ? NULL
                      : !f->begun ? none_yet
                                  : "what landed is not known for all that is asked: it takes a "
                                    "branch, and a deployment of a known commit";
    values[DORA_MERGED] = counted("changes.merged", f->merged, why);
    values[DORA_CONTRIBUTORS] = counted("changes.contributors", f->mergers, why);
    values[DORA_PER_CONTRIBUTOR] =
        why != NULL || f->mergers == 0
            ? absent("changes.per_contributor", "", why != NULL ? why : "nobody merged anything")
            : ratio("changes.per_contributor", "", f->merged, f->mergers, f->merged);
    values[DORA_UNPLANNED_RATE] = share("changes.unplanned_rate", f->repairs, f->changes,
                                        "no change was deployed in this time");
    put_spread(&values[DORA_MERGE_P50], merge, "s", &f->merge_to_deploy,
               "no change with a known beginning was deployed in this time");
    put_spread(&values[DORA_SIZE_P50], size, "", &f->size,
               "of no change deployed in this time is the size known");
}

static void put_incidents(const struct dora_figures *f, struct dora_value *values)
{
    const struct dora_spread *all = &f->incident;
    const char *why = f->hears ? "no incident of this time is resolved" : deaf;
    values[DORA_INCIDENTS] = counted("incidents.total", f->incidents, f->hears ? NULL : deaf);
    values[DORA_OPEN] = counted("incidents.open", f->open, f->hears ? NULL : deaf);
    values[DORA_INCIDENT_MEAN] = one_of("incidents.recovery_time.mean", "s", 0, all, why);
    if (all->count > 0)
        values[DORA_INCIDENT_MEAN].value = number_ratio(all->sum, all->count);
    values[DORA_INCIDENT_P50] = one_of("incidents.recovery_time.p50", "s", all->p50, all, why);
    values[DORA_DETECTION] = one_of("incidents.detection_time.p50", "s", f->detection.p50,
                                    &f->detection, "no incident of this time has a known cause");
    values[DORA_OLDEST_OPEN] =
        f->open == 0
            ? absent("incidents.oldest_open", "s", f->hears ? "no incident is open" : deaf)
            : (struct dora_value){
                  "incidents.oldest_open", "s", NULL, number_of(f->oldest_open_s), 0, 0, f->open};
}

void dora_values(const struct dora_figures *figures, struct dora_value values[DORA_VALUES])
{
    put_dora(figures, values);
    put_deployments(figures, values);
    put_changes(figures, values);
    put_incidents(figures, values);
}
