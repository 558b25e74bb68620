#include "runner/command/measured.h"

#include <string.h>

#include "gates/base/day.h"
#include "gates/base/text.h"
#include "runner/render/rulings.h"
#include "runner/store/keys.h"

struct recorder {
    const struct hearing *hearing;
    struct store_batch *batch;
    struct store_value project_id, day, run_id;
};

static struct store_value number_value(const char *text)
{
    uint64_t number;
    bool is_number = text != NULL && number_parse_count(text, strlen(text), &number);
    return is_number ? store_integer((int64_t)number) : (struct store_value){0};
}

static const char *run_id(const struct hearing *hearing, const char *evidence, struct arena *mem)
{
    const struct policy *policy = &hearing->choice.policy;
    const char *const texts[] = {
        text_or_empty(hearing->wanted->context->ci.job),
        hearing->place.history.commit,
        hearing->stage,
        policy->path,
        policy->sha256,
        evidence,
    };
    return store_id(texts, sizeof texts / sizeof texts[0], mem);
}

/* The server's clock may be ahead of ours: a run that ends before it began would be a wrong number.
 */
static int64_t began_ms(const struct context *context)
{
    const char *created = context->ci.pipeline_created;
    int64_t created_s;
    bool known = created != NULL && instant_parse(created, strlen(created), &created_s);
    return (known && created_s < context->now_s ? created_s : context->now_s) * 1000;
}

static void put_run(const struct recorder *r)
{
    const struct hearing *hearing = r->hearing;
    const struct context *context = hearing->wanted->context;
    const struct store_gate_run_row row = {
        .project_id = r->project_id,
        .day = r->day,
        .run_id = r->run_id,
        .pipeline_id = number_value(context->ci.pipeline),
        .job_id = number_value(context->ci.job),
        .sha = store_text(hearing->place.history.commit),
        .ref = store_text(hearing->comparison.merge_request ? NULL : hearing->comparison.branch),
        .stage = store_text(hearing->stage),
        .policy_hash = store_text(hearing->choice.policy.sha256),
        .verdict = store_text(outcome_name(hearing->verdict.outcome)),
        .started_ms = store_integer(began_ms(context)),
        .finished_ms = store_integer(context_clock_ms(context)),
    };
    store_put_gate_run(r->batch, &row);
}

static void put_gate(const struct recorder *r, const struct gate_ruling *gate)
{
    const struct store_gate_measurement_row row = {
        .project_id = r->project_id,
        .day = r->day,
        .run_id = r->run_id,
        .metric = store_text("gate"),
        .subject = store_text(gate->gate->name),
        .verdict = store_text(outcome_name(gate->outcome)),
    };
    if (!gate->other_stage && gate->outcome != OUTCOME_NOT_APPLICABLE)
        store_put_gate_measurement(r->batch, &row);
}

static const char *metric_of(const struct rule *rule, struct arena *mem)
{
    if (rule->any.count > 0)
        return "any";
    return rule->function == FUNCTION_NONE
               ? rule->selector.id
               : arena_printf(mem, "%s(%s)", function_text(rule->function), rule->selector.id);
}

static const char *subject_of(const struct named_ruling *item, struct arena *mem)
{
    const char *each = item->ruling->each;
    const char *again = item->again == 0 ? "" : arena_printf(mem, " | %zu", item->again + 1);
    return arena_printf(mem, "%s | %s%s%s%s", item->gate->gate->name, item->ruling->rule->text,
                        each == NULL ? "" : " | ", text_or_empty(each), again);
}

static void put_ruling(const struct recorder *r, const struct named_ruling *item)
{
    const struct rule *rule = item->ruling->rule;
    const struct value *value = &item->ruling->value;
    struct store_gate_measurement_row row = {
        .project_id = r->project_id,
        .day = r->day,
        .run_id = r->run_id,
        .metric = store_text(metric_of(rule, r->batch->mem)),
        .subject = store_text(subject_of(item, r->batch->mem)),
        .verdict = store_text(outcome_name(item->outcome)),
    };
    if (rule->any.count == 0) {
        row.op = store_text(compare_text(rule->compare));
        if (rule->word == NULL)
            row.threshold = store_real(number_double(rule->threshold));
        if (value->kind == VALUE_NUMBER)
            row.value = store_real(number_double(value->number));
        if (value->kind == VALUE_NUMBER && value->has_parts) {
            row.num = store_real((double)value->part);
            row.den = store_real((double)value->whole);
        }
    }
    store_put_gate_measurement(r->batch, &row);
}

void measured_put(const struct hearing *hearing, int64_t project_id, const char *evidence,
                  struct store_batch *batch)
{
    const struct recorder r = {
        .hearing = hearing,
        .batch = batch,
        .project_id = store_integer(project_id),
        .day = store_integer(store_day(hearing->wanted->context->now_s * 1000)),
        .run_id = store_text(run_id(hearing, evidence, batch->mem)),
    };
    const struct named_rulings all = rulings_named(&hearing->verdict, batch->mem);
    put_run(&r);
    for (size_t i = 0; i < hearing->verdict.gates.count; i++)
        put_gate(&r, &hearing->verdict.gates.items[i]);
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].outcome != OUTCOME_NOT_APPLICABLE)
            put_ruling(&r, &all.items[i]);
}
