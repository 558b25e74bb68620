/* Delivery numbers as JSON: schemas/dora.schema.json. */
#include "runner/render/document.h"
#include "runner/render/dora.h"

#include "gates/base/day.h"

enum { SCHEMA_VERSION = 1, DAY_S = 86400 };

const char *dora_instant(char buffer[48], int64_t seconds)
{
    char day[48];
    int64_t rest = seconds - (int64_t)zone_day(NULL, seconds) * DAY_S;
    snprintf(buffer, 48, "%.10sT%02d:%02d:%02dZ", day_text(day, zone_day(NULL, seconds)),
             (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
    return buffer;
}

static void set_instant(json_t *object, const char *key, int64_t seconds)
{
    char buffer[48];
    document_set(object, key, document_text(dora_instant(buffer, seconds)));
}

static void put_window(struct document *d, const struct dora_view *view)
{
    char day[48];
    const struct dora_window *window = &view->figures->window;
    json_t *object = json_object();
    document_set(object, "asked", document_text(view->window));
    document_set(object, "from", document_text(day_text(day, window->from_day)));
    document_set(object, "to", document_text(day_text(day, window->to_day)));
    document_set(object, "days", document_count(view->figures->days));
    document_set(object, "timezone", document_text("UTC"));
    document_put(d, "window", object);
}

static void put_source(struct document *d, const struct dora_view *view)
{
    json_t *object = json_object();
    document_set(object, "configuration", json_null());
    document_set(object, "tags", document_text(view->tags));
    document_set(object, "changes", document_text("first-parent"));
    document_put(d, "source", object);
}

static void put_values(struct document *d, const struct dora_figures *figures)
{
    struct dora_value values[DORA_VALUES];
    dora_values(figures, values);
    document_open(d, "measures", '{');
    for (size_t i = 0; i < DORA_VALUES; i++) {
        const struct dora_value *value = &values[i];
        json_t *object = json_object();
        document_set(object, "value",
                     value->why != NULL ? json_null() : document_number(value->value));
        document_set(object, "unit", document_text(value->unit));
        document_set(object, "n", document_count(value->count));
        if (value->below > 0) {
            document_set(object, "numerator", document_count(value->above));
            document_set(object, "denominator", document_count(value->below));
        }
        document_set(object, "low_sample", json_boolean(value->count < DORA_FEW));
        document_put(d, value->measure, object);
    }
    document_close(d, '}');
}

static void put_counts(struct document *d, const struct dora_figures *f)
{
    json_t *object = json_object();
    document_set(object, "total", document_count(f->counted));
    for (int kind = 0; kind < DORA_KINDS; kind++)
        document_set(object, dora_kind_name((enum dora_kind)kind), document_count(f->kinds[kind]));
    document_set(object, "days", document_count(f->deployment_days));
    document_set(object, "weeks", document_count(f->weeks));
    document_set(object, "days_a_week",
                 f->weeks == 0 ? json_null() : document_number(f->days_a_week));
    document_put(d, "deployments", object);
    object = json_object();
    document_set(object, "deployed", document_count(f->changes));
    document_set(object, "contributors", document_count(f->people));
    document_set(object, "bots", document_count(f->bots));
    document_set(object, "copies", document_count(f->copies));
    document_set(object, "skewed", document_count(f->skewed));
    document_put(d, "changes", object);
}

/* --- what stands behind them ------------------------------------------------------------------ */

static const char *version_of(const struct dora_chain *chain, uint32_t deployment)
{
    return deployment == DORA_NONE ? NULL : chain->deployments.items[deployment].version;
}

static void put_deployment(struct document *d, const struct dora_chain *chain,
                           const struct dora_deployment *deployment)
{
    json_t *object = json_object();
    document_set(object, "version", document_text(deployment->version));
    document_set(object, "commit",
                 document_text_or_null(deployment->commit == DORA_NONE
                                           ? ""
                                           : chain->commits.items[deployment->commit].id));
    set_instant(object, "finished", deployment->finished_s);
    set_instant(object, "stated", deployment->stated_s);
    document_set(object, "kind", document_text(dora_kind_name(deployment->kind)));
    document_set(object, "previous", document_text(version_of(chain, deployment->previous)));
    document_set(object, "changes", document_count(deployment->change_count));
    document_set(object, "unplanned", json_boolean(deployment->unplanned));
    document_set(object, "failed", document_text_or_null(dora_failure_name(deployment->failure)));
    document_set(object, "remedy", document_text(version_of(chain, deployment->remedy)));
    document_put(d, NULL, object);
}

static json_t *size_of(const struct dora_change *change, size_t size)
{
    return change->sized ? document_count(size) : json_null();
}

static void put_change(struct document *d, const struct dora_chain *chain,
                       const struct dora_change *change)
{
    const struct dora_commit *landed = &chain->commits.items[change->landed];
    bool timed = change->absent == DORA_TIMED;
    json_t *object = json_object();
    document_set(object, "landed", document_text(landed->id));
    document_set(object, "how", document_text(dora_landed_name(change->how)));
    document_set(object, "subject", document_text(landed->landing.subject));
    document_set(object, "request",
                 landed->landing.request == 0 ? json_null()
                                              : document_count(landed->landing.request));
    document_set(object, "first_commit", document_text(chain->commits.items[change->first].id));
    document_set(object, "commits", document_count(change->commits));
    document_set(object, "files", size_of(change, change->files));
    document_set(object, "added", size_of(change, change->added));
    document_set(object, "removed", size_of(change, change->removed));
    set_instant(object, "started", change->started_s);
    document_set(object, "deployment", document_text(version_of(chain, change->deployment)));
    document_set(object, "lead_time",
                 timed ? document_number(number_of(change->lead_s)) : json_null());
    document_set(object, "why_not", document_text_or_null(dora_absent_name(change->absent)));
    document_put(d, NULL, object);
}

/* Was it deployed in the window? */
static bool is_within(const struct dora_view *view, const struct dora_change *change)
{
    const struct dora_deployment *by = dora_bringer(view->chain, change);
    return by != NULL && dora_within(&view->figures->window, NULL, by->finished_s);
}

static void put_lists(struct document *d, const struct dora_view *view)
{
    const struct dora_chain *chain = view->chain;
    const struct dora_window *window = &view->figures->window;
    document_open(d, "explain", '{');
    document_open(d, "deployments", '[');
    for (size_t i = 0; i < chain->deployments.count; i++)
        if (dora_within(window, NULL, chain->deployments.items[i].finished_s))
            put_deployment(d, chain, &chain->deployments.items[i]);
    document_close(d, ']');
    document_open(d, "changes", '[');
    for (size_t i = 0; i < chain->changes.count; i++)
        if (is_within(view, &chain->changes.items[i]))
            put_change(d, chain, &chain->changes.items[i]);
    document_close(d, ']');
    document_close(d, '}');
}

static bool render(const struct dora_view *view, FILE *out, struct error *err)
{
    struct document d;
    char buffer[48];
    document_begin(&d, out);
    document_put(&d, "version", json_integer(SCHEMA_VERSION));
    document_put(&d, "as_of", document_text(dora_instant(buffer, view->chain->known_s)));
    put_window(&d, view);
    put_source(&d, view);
    document_open(&d, "services", '[');
    document_open(&d, NULL, '{');
    document_put(&d, "service", document_text(view->service));
    document_put(&d, "environment", document_text(view->environment));
    put_values(&d, view->figures);
    put_counts(&d, view->figures);
    if (view->explain)
        put_lists(&d, view);
    document_close(&d, '}');
    document_close(&d, ']');
    return document_end(&d, err);
}

const struct dora_renderer dora_json_renderer = {
    .name = "json",
    .title = "for programs (qgate schema dora)",
    .render = render,
};
