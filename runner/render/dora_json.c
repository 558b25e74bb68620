/* Delivery numbers as JSON: schemas/dora.schema.json. */
#include "runner/render/dora_json.h"

#include "gates/base/day.h"
#include "runner/render/dora_behind.h"
#include "runner/render/words.h"

enum { SCHEMA_VERSION = 1 };

json_t *dora_json_instant(int64_t seconds)
{
    char buffer[32];
    return seconds == INT64_MAX ? json_null() : document_text(words_instant(buffer, seconds));
}

static void put_head(struct document *d, const struct dora_view *view)
{
    json_t *source = json_object();
    document_put(d, "version", json_integer(SCHEMA_VERSION));
    document_put(d, "as_of", dora_json_instant(view->estate->known.now_s));
    document_put(d, "window", document_text(view->window));
    document_set(source, "configuration", document_text(view->configuration));
    document_set(source, "tags", document_text(view->tags));
    document_put(d, "source", source);
    document_put(d, "compat",
                 document_text(view->compat == NULL ? NULL : dora_compat_name(*view->compat)));
}

static void put_scope(struct document *d, const struct dora_answer *answer)
{
    char day[48];
    const struct dora_window *window = &answer->figures.window;
    json_t *regions = json_array(), *days = json_object();
    for (size_t i = 0; i < answer->regions.count; i++)
        json_array_append_new(regions, document_text(answer->regions.items[i]));
    document_put(d, "service", document_text(answer->service));
    document_put(d, "team", document_text(answer->team));
    document_put(d, "project", document_text(answer->project));
    document_put(d, "environment", document_text(answer->environment));
    document_put(d, "regions", regions);
    document_set(days, "from", document_text(day_text(day, window->from_day)));
    document_set(days, "to", document_text(day_text(day, window->to_day)));
    document_set(days, "days", document_count(answer->figures.days));
    document_set(days, "timezone", document_text(zone_name(answer->zone)));
    document_put(d, "days", days);
    document_put(d, "why_not", document_text(answer->why_not));
}

static void put_values(struct document *d, const char *key, const struct dora_answer *answer,
                       const struct dora_value *values)
{
    document_open(d, key, '{');
    for (size_t i = 0; answer->why_not == NULL && i < DORA_VALUES; i++) {
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
        if (value->why != NULL)
            document_set(object, "why_not", document_text(value->why));
        document_put(d, value->measure, object);
    }
    document_close(d, '}');
}

static void put_deployments(struct document *d, const struct dora_figures *f)
{
    json_t *object = json_object(), *failures = json_object();
    document_set(object, "total", document_count(f->counted));
    for (int kind = 0; kind < DORA_KINDS; kind++)
        document_set(object, dora_kind_name((enum dora_kind)kind), document_count(f->kinds[kind]));
    document_set(object, "unresolved", document_count(f->unresolved));
    document_set(object, "days", document_count(f->deployment_days));
    document_set(object, "weeks", document_count(f->weeks));
    document_set(object, "days_a_week",
                 f->weeks == 0 ? json_null() : document_number(f->days_a_week));
    document_put(d, "deployments", object);
    document_set(failures, "total", document_count(f->failed));
    for (int how = DORA_GOOD + 1; how < DORA_FAILURES; how++)
        document_set(failures, dora_failure_name((enum dora_failure)how),
                     document_count(f->failures[how]));
    document_set(failures, "open", document_count(f->unrecovered));
    document_put(d, "failures", failures);
}

static void put_changes(struct document *d, const struct dora_figures *f)
{
    json_t *object = json_object();
    document_set(object, "deployed", document_count(f->changes));
    document_set(object, "contributors", document_count(f->people));
    document_set(object, "bots", document_count(f->bots));
    document_set(object, "copies", document_count(f->copies));
    document_set(object, "skewed", document_count(f->skewed));
    document_put(d, "changes", object);
}

/* Failed and not repaired: what somebody should look at. */
static void put_open(struct document *d, const struct dora_view *view,
                     const struct dora_answer *answer)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct dora_behind behind;
    dora_behind(view, answer, mem, &behind);
    document_open(d, "open_failures", '[');
    for (size_t i = 0; i < behind.open.count; i++) {
        const struct dora_item *item = &behind.open.items[i];
        const struct dora_deployment *deployment = dora_item_deployment(item);
        json_t *object = json_object();
        document_set(object, "service", document_text(item->unit->service));
        document_set(object, "environment", document_text(item->unit->environment));
        document_set(object, "version", document_text(deployment->version));
        document_set(object, "failed", document_text(dora_failure_name(deployment->failure)));
        document_set(object, "incident", document_text(dora_item_cause(item)));
        document_set(object, "since", dora_json_instant(deployment->finished_s));
        document_put(d, NULL, object);
    }
    document_close(d, ']');
}

static void put_targets(struct document *d, const struct rulings *targets)
{
    document_open(d, "targets", '[');
    for (size_t i = 0; targets != NULL && i < targets->count; i++) {
        const struct ruling *ruling = &targets->items[i];
        const struct value *value = &ruling->value;
        char day[48];
        int32_t from = ruling->rule->enforce_from;
        json_t *object = json_object();
        document_set(object, "rule", document_text(ruling->rule->text));
        document_set(object, "outcome", document_text(outcome_name(ruling->outcome)));
        document_set(object, "value",
                     value->kind == VALUE_NUMBER ? document_number(value->number) : json_null());
        document_set(object, "reason", document_text_or_null(ruling->reason));
        document_set(object, "to_pass", document_text_or_null(ruling->to_pass));
        document_set(object, "enforce_from",
                     from == 0 ? json_null() : document_text(day_text(day, from)));
        document_put(d, NULL, object);
    }
    document_close(d, ']');
}

static json_t *points_of(const struct dora_points *points)
{
    return points->known ? document_number(points->points) : json_null();
}

static void put_score(struct document *d, const struct dora_view *view,
                      const struct dora_score *score)
{
    document_open(d, "score", '{');
    document_put(d, "edition", document_count(view->ratings->year));
    document_put(d, "overall", points_of(&score->all));
    document_put(d, "throughput", points_of(&score->throughput));
    document_put(d, "stability", points_of(&score->stability));
    document_put(d, "levels_of", document_count(view->levels->year));
    document_open(d, "measures", '{');
    for (int i = 0; i < DORA_RATED; i++) {
        const struct dora_grade *grade = &score->grades[i];
        json_t *object = json_object();
        document_set(object, "points", points_of(&grade->points));
        document_set(object, "level", document_text(grade->level));
        document_set(object, "low_sample", json_boolean(grade->few));
        document_put(d, dora_rated_name((enum dora_rated)i), object);
    }
    document_close(d, '}');
    document_close(d, '}');
}

static void put_answer(struct document *d, const struct dora_view *view,
                       const struct dora_answer *answer)
{
    document_open(d, NULL, '{');
    put_scope(d, answer);
    put_values(d, "measures", answer, answer->values);
    if (view->compat != NULL)
        put_values(d, "compat_measures", answer, answer->theirs);
    put_deployments(d, &answer->figures);
    put_changes(d, &answer->figures);
    put_score(d, view, &answer->score);
    put_open(d, view, answer);
    put_targets(d, answer->targets);
    if (view->explain)
        dora_json_explain(d, view, answer);
    document_close(d, '}');
}

/* What could not be put down to a service, or to a commit. */
static void put_lost(struct document *d, const struct estate *estate)
{
    document_open(d, "no_service", '[');
    for (size_t i = 0; i < estate->strangers.count; i++) {
        json_t *object = json_object();
        document_set(object, "name", document_text(estate->strangers.items[i].name));
        document_set(object, "path", document_text(estate->strangers.items[i].path));
        document_set(object, "deployments", document_count(estate->strangers.items[i].count));
        document_put(d, NULL, object);
    }
    document_close(d, ']');
    document_open(d, "no_commit", '[');
    for (size_t i = 0; i < estate->unresolved.count; i++) {
        const struct estate_unresolved *lost = &estate->unresolved.items[i];
        json_t *object = json_object();
        document_set(object, "service", document_text(lost->service));
        document_set(object, "environment", document_text(lost->environment));
        document_set(object, "version", document_text(lost->version));
        document_set(object, "first", dora_json_instant(lost->first_s));
        document_set(object, "deployments", document_count(lost->count));
        document_put(d, NULL, object);
    }
    document_close(d, ']');
}

static bool render(const struct dora_view *view, FILE *out, struct error *err)
{
    struct document d;
    document_begin(&d, out);
    put_head(&d, view);
    document_open(&d, "answers", '[');
    for (size_t i = 0; i < view->answers.count; i++)
        put_answer(&d, view, &view->answers.items[i]);
    document_close(&d, ']');
    put_lost(&d, view->estate);
    return document_end(&d, err);
}

const struct dora_renderer dora_json_renderer = {
    .name = "json",
    .title = "for programs (qgate schema dora)",
    .render = render,
};
