/* Delivery numbers as OpenMetrics text: gauges only, since a failure that is found later changes a
 * number of the past. Names and units: docs/delivery.md. What is absent has no line.
 *
 * Format: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md, 1.0. */
#include <inttypes.h>

#include "runner/render/dora.h"
#include "runner/render/escape.h"

struct series {
    FILE *out;
    const char *labels; /* service, environment, window */
    const char *name;
};

static void begin(struct series *s, const char *name, const char *help)
{
    s->name = name;
    fprintf(s->out, "# TYPE %s gauge\n# HELP %s %s.\n", name, name, help);
}

/* `label`: one more, with its value; "": none. */
static void put(const struct series *s, const char *label, const char *value, struct number number)
{
    char buffer[48];
    fprintf(s->out, "%s{%s", s->name, s->labels);
    if (*label != '\0')
        fprintf(s->out, ",%s=\"%s\"", label, value);
    fprintf(s->out, "} %s\n", number_short(buffer, number));
}

static void put_count(const struct series *s, const char *label, const char *value, size_t count)
{
    put(s, label, value, number_of((int64_t)count));
}

static void put_spread(struct series *s, const char *name, const char *help,
                       const struct dora_spread *spread)
{
    begin(s, name, help);
    if (spread->count == 0)
        return;
    put(s, "stat", "p50", number_ratio(spread->p50, 1000));
    put(s, "stat", "p75", number_ratio(spread->p75, 1000));
    put(s, "stat", "p90", number_ratio(spread->p90, 1000));
}

static void put_ratio(struct series *s, const char *name, const char *help, size_t above,
                      size_t below)
{
    begin(s, name, help);
    if (below > 0)
        put(s, "", "", number_ratio((int64_t)above, below));
}

static void put_deployments(struct series *s, const struct dora_figures *f)
{
    begin(s, "qgate_dora_deployments", "Deployments in the window by kind");
    for (int kind = 0; f->begun && kind < DORA_KINDS; kind++)
        put_count(s, "kind", dora_kind_name((enum dora_kind)kind), f->kinds[kind]);
    begin(s, "qgate_dora_deployment_days_per_week",
          "Median of days with a deployment in the weeks inside the window");
    if (f->begun && f->weeks > 0)
        put(s, "", "", f->days_a_week);
}

static void put_failures(struct series *s, const struct dora_figures *f)
{
    put_ratio(s, "qgate_dora_change_fail_ratio", "Share of deployments that failed", f->failed,
              f->counted);
    begin(s, "qgate_dora_failed_deployments", "Deployments that failed");
    if (f->begun)
        put_count(s, "", "", f->failed);
    begin(s, "qgate_dora_counted_deployments", "Deployments that could fail");
    if (f->begun)
        put_count(s, "", "", f->counted);
}

static void put_last(struct series *s, const struct dora_chain *chain)
{
    begin(s, "qgate_deployment_last_timestamp_seconds", "When it was deployed last");
    for (size_t i = chain->deployments.count; i-- > 0;)
        if (dora_counts(chain->deployments.items[i].kind)) {
            put(s, "", "", number_of(chain->deployments.items[i].finished_s));
            return;
        }
}

static bool render(const struct dora_view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct dora_figures *f = view->figures;
    struct series s = {.out = out};
    s.labels = arena_printf(mem, "service=\"%s\",environment=\"%s\",window=\"%s\"",
                            escape_label(mem, view->service), escape_label(mem, view->environment),
                            escape_label(mem, view->window));
    put_deployments(&s, f);
    put_spread(&s, "qgate_dora_change_lead_time_seconds", "First commit to deployment", &f->lead);
    put_failures(&s, f);
    put_spread(&s, "qgate_dora_recovery_time_seconds", "Failed deployment to its remedy",
               &f->recovery);
    put_ratio(&s, "qgate_dora_rework_ratio", "Share of unplanned deployments", f->unplanned,
              f->counted + f->kinds[DORA_ROLLBACK]);
    begin(&s, "qgate_dora_sample_size", "How many things a number was taken from");
    put_count(&s, "metric", "lead_time", f->lead.count);
    put_count(&s, "metric", "change_fail_rate", f->counted);
    put_count(&s, "metric", "recovery_time", f->recovery.count);
    put_count(&s, "metric", "rework_rate", f->counted + f->kinds[DORA_ROLLBACK]);
    put_last(&s, view->chain);
    fputs("# EOF\n", out);
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the metrics cannot be written");
}

const struct dora_renderer dora_openmetrics_renderer = {
    .name = "openmetrics",
    .title = "OpenMetrics text, gauges",
    .render = render,
};
