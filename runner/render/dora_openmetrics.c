/* Delivery numbers as OpenMetrics text: gauges only, since a failure that is found later changes a
 * number of the past. Names and units: docs/delivery.md. What is absent has no line.
 *
 * Format: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md, 1.0: a
 * family is described once, and its lines stand together. */
#include <string.h>

#include "runner/render/dora.h"
#include "runner/render/escape.h"

struct series {
    FILE *out;
    const struct dora_view *view;
    const struct dora_answer *answer;
    const char *name;
    const char *const *labels; /* of each answer: team, project, service, environment, window */
};

typedef void put_answer(const struct series *s);

/* `label`: one more, with its value, which is ours; "": none. */
static void put(const struct series *s, const char *label, const char *value, struct number number)
{
    char buffer[48];
    fprintf(s->out, "%s{%s", s->name, s->labels[s->answer - s->view->answers.items]);
    if (*label != '\0')
        fprintf(s->out, ",%s=\"%s\"", label, value);
    fprintf(s->out, "} %s\n", number_short(buffer, number));
}

static void put_count(const struct series *s, const char *label, const char *value, size_t count)
{
    put(s, label, value, number_of((int64_t)count));
}

/* `label` ends with that of the percentiles. */
static void put_stats(const struct series *s, const char *label, const struct dora_spread *spread)
{
    if (spread->count == 0)
        return;
    put(s, label, "p50", number_ratio(spread->p50, 1000));
    put(s, label, "p75", number_ratio(spread->p75, 1000));
    put(s, label, "p90", number_ratio(spread->p90, 1000));
}

static void put_spread(const struct series *s, const struct dora_spread *spread)
{
    put_stats(s, "stat", spread);
}

static void put_ratio(const struct series *s, size_t above, size_t below)
{
    if (below > 0)
        put(s, "", "", number_ratio((int64_t)above, below));
}

/* --- families --------------------------------------------------------------------------------- */

static void put_deployments(const struct series *s)
{
    for (int kind = 0; s->answer->figures.begun && kind < DORA_KINDS; kind++)
        put_count(s, "kind", dora_kind_name((enum dora_kind)kind), s->answer->figures.kinds[kind]);
}

static void put_days(const struct series *s)
{
    if (s->answer->figures.begun && s->answer->figures.weeks > 0)
        put(s, "", "", s->answer->figures.days_a_week);
}

/* From where it is counted: the first commit, and the merge, as GitLab does. */
static void put_lead(const struct series *s)
{
    put_stats(s, "start=\"first_commit\",stat", &s->answer->figures.lead);
    put_stats(s, "start=\"merge\",stat", &s->answer->figures.merge_to_deploy);
}

static void put_fail_rate(const struct series *s)
{
    put_ratio(s, s->answer->figures.failed, s->answer->figures.counted);
}

static void put_failed(const struct series *s)
{
    if (s->answer->figures.begun)
        put_count(s, "", "", s->answer->figures.failed);
}

static void put_counted(const struct series *s)
{
    if (s->answer->figures.begun)
        put_count(s, "", "", s->answer->figures.counted);
}

static void put_unrecovered(const struct series *s)
{
    if (s->answer->figures.begun)
        put_count(s, "", "", s->answer->figures.unrecovered);
}

static void put_recovery(const struct series *s)
{
    put_spread(s, &s->answer->figures.recovery);
}

/* Rollbacks count on both sides. */
static size_t reworkable(const struct dora_figures *f)
{
    return f->counted + f->kinds[DORA_ROLLBACK];
}

static void put_rework(const struct series *s)
{
    put_ratio(s, s->answer->figures.unplanned, reworkable(&s->answer->figures));
}

static void put_merged(const struct series *s)
{
    if (s->answer->figures.merging)
        put_count(s, "", "", s->answer->figures.merged);
}

static void put_contributors(const struct series *s)
{
    if (s->answer->figures.merging)
        put_count(s, "", "", s->answer->figures.mergers);
}

static void put_merge_to_deploy(const struct series *s)
{
    put_spread(s, &s->answer->figures.merge_to_deploy);
}

static void put_size(const struct series *s)
{
    put_spread(s, &s->answer->figures.size);
}

static void put_incidents(const struct series *s)
{
    if (s->answer->figures.hears)
        put_count(s, "", "", s->answer->figures.incidents);
}

static void put_open(const struct series *s)
{
    if (s->answer->figures.hears)
        put_count(s, "", "", s->answer->figures.open);
}

static void put_resolution(const struct series *s)
{
    put_spread(s, &s->answer->figures.incident);
}

static void put_samples(const struct series *s)
{
    const struct dora_figures *f = &s->answer->figures;
    put_count(s, "metric", "lead_time", f->lead.count);
    put_count(s, "metric", "change_fail_rate", f->counted);
    put_count(s, "metric", "recovery_time", f->recovery.count);
    put_count(s, "metric", "rework_rate", reworkable(f));
}

static void put_unresolved(const struct series *s)
{
    put_count(s, "", "", s->answer->figures.unresolved);
}

static void put_factor(const struct series *s, const char *factor, const struct dora_points *points)
{
    char buffer[48];
    if (points->known)
        fprintf(s->out, "%s{%s,factor=\"%s\",edition=\"%u\"} %s\n", s->name,
                s->labels[s->answer - s->view->answers.items], factor, s->view->ratings->year,
                number_short(buffer, points->points));
}

static void put_score(const struct series *s)
{
    put_factor(s, "overall", &s->answer->score.all);
    put_factor(s, "throughput", &s->answer->score.throughput);
    put_factor(s, "stability", &s->answer->score.stability);
}

/* The last one that counts, whenever it was. */
static void put_last(const struct series *s)
{
    int64_t last = 0;
    for (size_t i = 0; i < s->answer->parts.count; i++) {
        const struct dora_part *part = &s->answer->parts.items[i];
        for (size_t j = 0; j < part->chain->deployments.count; j++) {
            const struct dora_deployment *deployment = &part->chain->deployments.items[j];
            if (dora_counts(deployment->kind) && part->from_s <= deployment->finished_s &&
                deployment->finished_s < part->until_s && deployment->finished_s > last)
                last = deployment->finished_s;
        }
    }
    if (last > 0)
        put(s, "", "", number_of(last));
}

/* A series has one value: of two targets with the same measure and operator the first stands. */
static bool is_shown(const struct rulings *targets, size_t index)
{
    const struct rule *rule = targets->items[index].rule;
    for (size_t i = 0; i < index; i++) {
        const struct rule *other = targets->items[i].rule;
        if (other->any.count == 0 && other->compare == rule->compare &&
            strcmp(other->selector.id, rule->selector.id) == 0)
            return true;
    }
    return false;
}

/* A panel draws it beside the value. */
static void put_targets(const struct series *s)
{
    const struct rulings *targets = s->answer->targets;
    for (size_t i = 0; targets != NULL && i < targets->count; i++) {
        const struct rule *rule = targets->items[i].rule;
        bool percent = rule->selector.measure->unit == UNIT_PERCENT; /* the gauges are ratios */
        char buffer[48];
        if (dora_target_fits(s->view, rule) && !is_shown(targets, i))
            fprintf(s->out, "%s{%s,metric=\"%s\",op=\"%s\"} %s\n", s->name,
                    s->labels[s->answer - s->view->answers.items], rule->selector.id,
                    compare_text(rule->compare),
                    number_short(buffer, number_scale(rule->threshold, 1, percent ? 100 : 1)));
    }
}

static const struct gauges {
    const char *name, *help;
    put_answer *put;
} families[] = {
    {"qgate_dora_deployments", "Deployments in the window by kind", put_deployments},
    {"qgate_dora_deployment_days_per_week",
     "Median of days with a deployment in the weeks inside the window", put_days},
    {"qgate_dora_change_lead_time_seconds", "First commit, or merge, to deployment", put_lead},
    {"qgate_dora_change_fail_ratio", "Share of deployments that failed", put_fail_rate},
    {"qgate_dora_failed_deployments", "Deployments that failed", put_failed},
    {"qgate_dora_counted_deployments", "Deployments that could fail", put_counted},
    {"qgate_dora_open_failures", "Deployments that failed and are not repaired", put_unrecovered},
    {"qgate_dora_recovery_time_seconds", "Failed deployment to its remedy", put_recovery},
    {"qgate_dora_rework_ratio", "Share of unplanned deployments", put_rework},
    {"qgate_dora_score", "Score of DORA's Quick Check, 0 to 10", put_score},
    {"qgate_dora_sample_size", "How many things a number was taken from", put_samples},
    {"qgate_dora_unresolved_deployments", "Deployments of a version that no commit is known of",
     put_unresolved},
    {"qgate_change_merge_to_deploy_seconds", "Merge to deployment", put_merge_to_deploy},
    {"qgate_change_size_lines", "Lines that a change added and removed", put_size},
    {"qgate_changes_merged", "Changes merged in the window", put_merged},
    {"qgate_change_contributors", "People who had a change merged", put_contributors},
    {"qgate_incidents", "Incidents that began in the window", put_incidents},
    {"qgate_incidents_open", "Incidents that are not resolved", put_open},
    {"qgate_incident_resolution_seconds", "Beginning of an incident to its end", put_resolution},
    {"qgate_deployment_last_timestamp_seconds", "When it was deployed last", put_last},
    {"qgate_target", "What the team aims at", put_targets},
};

/* --- all of them ------------------------------------------------------------------------------ */

static const char *label(struct arena *mem, const char *labels, const char *name, const char *value)
{
    if (value == NULL)
        return labels;
    return arena_printf(mem, "%s%s%s=\"%s\"", labels, *labels == '\0' ? "" : ",", name,
                        escape_label(mem, value));
}

static const char *const *labels_of(const struct dora_view *view, struct arena *mem)
{
    const char **all = arena_alloc(mem, (view->answers.count + 1) * sizeof *all);
    for (size_t i = 0; i < view->answers.count; i++) {
        const struct dora_answer *answer = &view->answers.items[i];
        const char *labels = label(mem, "", "team", answer->team);
        labels = label(mem, labels, "project", answer->project);
        labels = label(mem, labels, "service", answer->service);
        labels = label(mem, labels, "environment", dora_environment_name(answer));
        all[i] = label(mem, labels, "window", view->window);
    }
    return all;
}

static bool render(const struct dora_view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct series s = {.out = out, .view = view, .labels = labels_of(view, mem)};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        s.name = families[i].name;
        fprintf(out, "# TYPE %s gauge\n# HELP %s %s.\n", s.name, s.name, families[i].help);
        for (size_t j = 0; j < view->answers.count; j++) {
            s.answer = &view->answers.items[j];
            if (s.answer->why_not == NULL)
                families[i].put(&s);
        }
    }
    fputs("# EOF\n", out);
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the metrics cannot be written");
}

const struct dora_renderer dora_openmetrics_renderer = {
    .name = "openmetrics",
    .title = "OpenMetrics text, gauges",
    .render = render,
};
