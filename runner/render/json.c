/* The verdict for programs: everything of it, versioned; schemas/verdict.schema.json describes it.
 */
#include <string.h>

#include "gates/base/day.h"
#include "runner/render/document.h"
#include "runner/render/render.h"
#include "runner/render/verdict_file.h"
#include "runner/render/words.h"

enum { VERDICT_VERSION = 1 };

static void put_text(struct document *d, const char *key, const char *text)
{
    document_put(d, key, document_text(text));
}

static void put_text_or_null(struct document *d, const char *key, const char *text)
{
    document_put(d, key, document_text_or_null(text));
}

/* Null for NULL and "". */
static void set_text(json_t *object, const char *key, const char *text)
{
    document_set(object, key, document_text_or_null(text));
}

/* Null for 0: not known. */
static void set_line(json_t *object, const char *key, uint32_t line)
{
    document_set(object, key, line == 0 ? json_null() : json_integer(line));
}

/* "no_data": one word, so that no program has to quote it. */
static const char *outcome_word(enum outcome outcome, char word[24])
{
    snprintf(word, 24, "%s", outcome_name(outcome));
    for (char *at = word; *at != '\0'; at++)
        if (*at == ' ')
            *at = '_';
    return word;
}

static json_t *outcome_value(enum outcome outcome)
{
    char word[24];
    return json_string(outcome_word(outcome, word));
}

static json_t *list_value(const struct words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < words->count; i++)
        json_array_append_new(list, document_text(words->items[i]));
    return list;
}

static json_t *counts_value(const size_t counts[OUTCOME_COUNT])
{
    char word[24];
    json_t *object = json_object();
    for (int o = OUTCOME_COUNT - 1; o >= 0; o--)
        document_set(object, outcome_word((enum outcome)o, word), document_count(counts[o]));
    return object;
}

static json_t *origins_value(const struct policy_origins *origins)
{
    json_t *list = json_array();
    for (size_t i = 0; i < origins->count; i++) {
        json_t *object = json_object();
        set_text(object, "role", origins->items[i].role);
        set_text(object, "name", origins->items[i].name);
        set_text(object, "sha256", origins->items[i].sha256);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *publish_value(const struct publish_gitlab *publish)
{
    json_t *object = json_object();
    set_text(object, "note", verdict_notes[publish->note]);
    set_text(object, "threads", verdict_threads[publish->threads]);
    document_set(object, "max_threads", document_count(publish->max_threads));
    document_set(object, "status", json_boolean(publish->status));
    document_set(object, "required", json_boolean(publish->required));
    return object;
}

static json_t *policy_value(const struct view *view)
{
    json_t *object = json_object();
    document_set(object, "path", document_text(view->policy->path));
    set_text(object, "origin", view->policy_origin);
    set_text(object, "from", view->policy_from);
    set_text(object, "commit", view->policy_commit);
    set_text(object, "sha256", view->policy->sha256);
    document_set(object, "origins", origins_value(&view->policy->origins));
    document_set(object, "publish", publish_value(&view->policy->gitlab));
    return object;
}

/* What the branch would make of the policy. */
static void put_differences(struct document *d, const struct differences *differences)
{
    document_open(d, "policy_differences", '[');
    for (size_t i = 0; differences != NULL && i < differences->count; i++) {
        const struct difference *difference = &differences->items[i];
        json_t *object = json_object();
        set_text(object, "kind", difference_name(difference->kind));
        set_text(object, "what", difference->what);
        set_text(object, "before", difference->before);
        set_text(object, "after", difference->after);
        set_text(object, "file", difference->at.file);
        set_line(object, "line", difference->at.line);
        document_put(d, NULL, object);
    }
    document_close(d, ']');
}

static void put_notices(struct document *d, const struct words *notices)
{
    document_open(d, "notices", '[');
    for (size_t i = 0; notices != NULL && i < notices->count; i++)
        document_put(d, NULL, document_text(notices->items[i]));
    document_close(d, ']');
}

/* How large it is; which lines are what git knows. */
static json_t *change_value(const struct change *change)
{
    if (change == NULL)
        return json_null();
    uint64_t lines = 0;
    for (size_t i = 0; i < change->files.count; i++)
        lines += changed_file_lines(&change->files.items[i]);
    bool known = change->why_not == NULL;
    json_t *object = json_object();
    set_text(object, "base", change->base);
    set_text(object, "head", change->head);
    document_set(object, "files", known ? document_count(change->files.count) : json_null());
    document_set(object, "lines", known ? document_count(lines) : json_null());
    set_text(object, "why_not", change->why_not);
    set_text(object, "remedy", change->remedy);
    return object;
}

static void put_head(struct document *d, const struct view *view)
{
    char at[32];
    const struct verdict *verdict = view->verdict;
    document_put(d, "version", json_integer(VERDICT_VERSION));
    put_text(d, "qgate", QGATE_VERSION);
    document_put(d, "outcome", outcome_value(verdict->outcome));
    document_put(d, "exit_status", json_integer(view->status));
    put_text_or_null(d, "reason", verdict->reason);
    put_text_or_null(d, "commit", view->commit);
    put_text_or_null(d, "source_commit", view->source_commit);
    put_text(d, "target", view->target);
    put_text(d, "stage", view->stage);
    put_text_or_null(d, "job_url", view->job_url);
    put_text(d, "judged_at", words_instant(at, view->now_s));
    document_put(d, "change", change_value(view->change));
    document_put(d, "policy", policy_value(view));
    put_text_or_null(d, "baseline", view->baseline);
    put_differences(d, view->differences);
    put_notices(d, view->notices);
    document_open(d, "counts", '{');
    document_put(d, "gates", counts_value(verdict->gate_counts));
    document_put(d, "rules", counts_value(verdict->rule_counts));
    document_put(d, "flaky_tests", document_count(verdict->flaky));
    document_put(d, "suspected_flaky_tests", document_count(verdict->suspected));
    document_put(d, "small_changes", document_count(verdict->small_changes));
    document_put(d, "disclosed", document_count(verdict->disclosed));
    document_close(d, '}');
}

/* A share's exact number is in them. */
static void set_parts(json_t *object, const struct value *value)
{
    document_set(object, "part", value->has_parts ? document_count(value->part) : json_null());
    document_set(object, "whole", value->has_parts ? document_count(value->whole) : json_null());
}

/* Null when there is none. */
static json_t *value_value(const struct ruling *ruling, struct arena *mem)
{
    const struct value *value = &ruling->value;
    const struct rule *rule = ruling->rule;
    const struct measure *measure = rule->selector.measure;
    if (measure == NULL || (value->kind != VALUE_NUMBER && value->kind != VALUE_WORD))
        return json_null();
    bool is_number = value->kind == VALUE_NUMBER;
    json_t *object = json_object();
    bool stated = is_number && !ruling_unbounded(ruling);
    document_set(object, "number", stated ? document_number(value->number) : json_null());
    set_text(object, "word", is_number ? NULL : value->word);
    document_set(object, "unit", document_text(unit_name(ruling_unit(rule))));
    document_set(object, "text", document_text(ruling_text(ruling, mem)));
    set_parts(object, value);
    document_set(object, "waived", document_count(value->waived));
    set_text(object, "method", value->method);
    return object;
}

/* The baseline's value, or what delta() and growth() compare with it; null when not known. */
static json_t *side_value(const struct value *value, const struct rule *rule, struct arena *mem)
{
    if (value->kind != VALUE_NUMBER)
        return json_null();
    json_t *object = json_object();
    document_set(object, "number", document_number(value->number));
    set_text(object, "text", value_text(value, rule->selector.measure, NULL, mem));
    set_parts(object, value);
    return object;
}

static json_t *threshold_value(const struct rule *rule)
{
    if (rule->selector.measure == NULL)
        return json_null();
    return rule->word != NULL ? document_text(rule->word) : document_number(rule->threshold);
}

static json_t *test_value(const struct test_case *test)
{
    static const char *const marks[] = {
        [TEST_MARK_FAILED] = "failed",
        [TEST_MARK_FLAKY] = "flaky",
        [TEST_MARK_SUSPECTED] = "suspected_flaky",
        [TEST_MARK_BESIDE] = "suite_failed",
    };
    json_t *object = json_object();
    set_text(object, "mark", marks[test->mark]);
    set_text(object, "class", test->classname);
    set_text(object, "name", test->name);
    set_text(object, "suite", test->suite);
    set_text(object, "path", test->path);
    set_line(object, "line", test->line);
    set_text(object, "message", test->message);
    return object;
}

static json_t *fixable_value(enum fixable fixable)
{
    return fixable == FIXABLE_UNKNOWN ? json_null() : json_boolean(fixable == FIXABLE_YES);
}

static json_t *finding_value(const struct finding *finding)
{
    json_t *object = json_object();
    set_text(object, "family", family_name(finding->family));
    set_text(object, "severity", severity_name(finding->severity));
    document_set(object, "fixable", fixable_value(finding->fixable));
    set_text(object, "rule", finding->rule);
    set_text(object, "class", finding->class);
    set_text(object, "target", finding->target);
    set_text(object, "package", finding->package);
    set_text(object, "installed", finding->version);
    set_text(object, "fixed", finding->fixed);
    set_text(object, "path", finding->path);
    set_line(object, "line", finding->line);
    set_line(object, "last_line", finding->last_line);
    set_text(object, "message", finding->message);
    set_text(object, "url", finding->url);
    set_text(object, "fingerprint", finding->fingerprint);
    return object;
}

static json_t *waiver_value(const struct waiver *waiver)
{
    char day[48];
    json_t *object = json_object();
    set_text(object, "id", waiver->id);
    set_text(object, "gate", waiver->gate);
    set_text(object, "package", waiver->package);
    set_text(object, "path", waiver->path);
    set_text(object, "measure", waiver->measure);
    set_text(object, "reason", waiver->reason);
    set_text(object, "owner", waiver->owner);
    set_text(object, "ticket", waiver->ticket);
    set_text(object, "expires", day_text(day, waiver->expires));
    document_set(object, "from_environment", json_boolean(waiver->from_environment));
    return object;
}

static void put_waiver(struct document *d, const struct waiver_ruling *ruling)
{
    static const char *const states[] = {
        [WAIVER_COUNTS] = "counts", [WAIVER_EXPIRED] = "expired", [WAIVER_TOO_LONG] = "too_long"};
    json_t *object = waiver_value(ruling->waiver);
    set_text(object, "state", states[ruling->state]);
    document_set(object, "days_left", json_integer(ruling->days_left));
    document_set(object, "asked", json_boolean(ruling->asked));
    document_set(object, "used", document_count(ruling->used));
    document_set(object, "gates", list_value(&ruling->gates));
    document_put(d, NULL, object);
}

static json_t *place_value(const struct finding_place *place)
{
    json_t *object = json_object();
    set_text(object, "path", place->path);
    set_line(object, "line", place->line);
    set_line(object, "last_line", place->last_line);
    return object;
}

static json_t *detail_value(const struct detail *detail)
{
    json_t *object = json_object();
    document_set(object, "subject", document_text(detail->subject));
    document_set(object, "text", document_text(detail->text));
    if (detail->test != NULL)
        document_set(object, "test", test_value(detail->test));
    if (detail->finding != NULL)
        document_set(object, "finding", finding_value(detail->finding));
    if (detail->at_source != NULL)
        document_set(object, "at_source", place_value(detail->at_source));
    if (detail->waiver != NULL)
        document_set(object, "waiver", waiver_value(detail->waiver));
    return object;
}

static void put_ruling(struct document *d, const struct ruling *ruling, struct arena *mem)
{
    const struct rule *rule = ruling->rule;
    const struct measure *measure = rule->selector.measure;
    document_open(d, NULL, '{');
    put_text(d, "rule", rule->text);
    document_put(d, "outcome", outcome_value(ruling->outcome));
    put_text(d, "level", ruling->warning ? "warn" : "require");
    put_text(d, "each", ruling->each);
    put_text(d, "measure", measure == NULL ? NULL : rule->selector.id);
    document_put(d, "value", value_value(ruling, mem));
    document_put(d, "before", side_value(&ruling->before, rule, mem));
    document_put(d, "now", side_value(&ruling->after, rule, mem));
    document_put(d, "no_baseline", json_boolean(ruling->no_baseline));
    put_text(d, "operator", measure == NULL ? NULL : compare_text(rule->compare));
    document_put(d, "threshold", threshold_value(rule));
    document_put(d, "reports", list_value(&ruling->value.reports));
    put_text_or_null(d, "reason", ruling->reason);
    put_text_or_null(d, "to_pass", ruling->to_pass);
    put_text_or_null(d, "why", rule->why);
    document_open(d, "details", '[');
    for (size_t i = 0; i < ruling->details.count; i++)
        document_put(d, NULL, detail_value(&ruling->details.items[i]));
    document_close(d, ']');
    document_close(d, '}');
}

static void put_gate(struct document *d, const struct gate_ruling *gate, struct arena *mem)
{
    document_open(d, NULL, '{');
    put_text(d, "name", gate->gate->name);
    put_text(d, "stage", gate->gate->stage);
    document_put(d, "judged", json_boolean(!gate->other_stage));
    document_put(d, "outcome", outcome_value(gate->outcome));
    put_text_or_null(d, "why", gate->gate->why);
    document_put(d, "waiver", gate->waiver == NULL ? json_null() : waiver_value(gate->waiver));
    document_open(d, "rules", '[');
    for (size_t i = 0; i < gate->rulings.count; i++)
        put_ruling(d, &gate->rulings.items[i], mem);
    document_close(d, ']');
    document_close(d, '}');
}

static json_t *error_value(const struct error *err)
{
    if (err == NULL)
        return json_null();
    json_t *object = json_object();
    set_line(object, "line", err->line);
    set_line(object, "column", err->column);
    document_set(object, "what", document_text(err->what));
    set_text(object, "hint", err->hint);
    return object;
}

static json_t *file_value(const struct input_record *input)
{
    static const char *const states[] = {
        [INPUT_READ] = "read",
        [INPUT_MISSING] = "missing",
        [INPUT_BROKEN] = "broken",
        [INPUT_SKIPPED] = "skipped",
    };
    json_t *object = json_object();
    document_set(object, "path", document_text(input->path));
    set_text(object, "state", states[input->state]);
    set_text(object, "sha256", input->sha256);
    document_set(object, "bytes", document_count(input->bytes));
    document_set(object, "repaired", document_count(input->repaired));
    document_set(object, "error", error_value(input->error));
    return object;
}

/* What is wrong with a required report that no rule reads; null when nothing is. */
static json_t *unread_value(const struct verdict *verdict, const struct source *source)
{
    for (size_t i = 0; i < verdict->reports.count; i++) {
        const struct report_ruling *report = &verdict->reports.items[i];
        if (report->source != source)
            continue;
        json_t *object = json_object();
        document_set(object, "outcome", outcome_value(report->outcome));
        set_text(object, "reason", report->reason);
        set_text(object, "to_pass", report->to_pass);
        return object;
    }
    return json_null();
}

static json_t *families_value(unsigned speaks)
{
    json_t *list = json_array();
    for (int family = 0; family < FAMILY_COUNT; family++)
        if (speaks & FAMILY_BIT(family))
            json_array_append_new(list, json_string(family_name((enum family)family)));
    return list;
}

static void put_report(struct document *d, const struct source *source,
                       const struct verdict *verdict)
{
    document_open(d, NULL, '{');
    put_text(d, "name", source->name);
    put_text(d, "format", source->format);
    document_put(d, "optional", json_boolean(source->optional));
    document_put(d, "whole", json_boolean(source->whole));
    put_text_or_null(d, "part_reason", source->part_reason);
    document_put(d, "speaks", families_value(source->speaks));
    document_put(d, "unread", unread_value(verdict, source));
    document_open(d, "files", '[');
    for (size_t i = 0; i < source->inputs.count; i++)
        document_put(d, NULL, file_value(&source->inputs.items[i]));
    document_close(d, ']');
    document_put(d, "warnings", list_value(&source->warnings));
    document_close(d, '}');
}

static bool render_json(const struct view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct gate_rulings *gates = &view->verdict->gates;
    const struct sources *sources = &view->evidence->sources;
    const struct waiver_rulings *waivers = &view->verdict->waivers;
    struct document d;
    document_begin(&d, out);
    put_head(&d, view);
    document_open(&d, "gates", '[');
    for (size_t i = 0; i < gates->count; i++)
        put_gate(&d, &gates->items[i], mem);
    document_close(&d, ']');
    document_open(&d, "waivers", '[');
    for (size_t i = 0; i < waivers->count; i++)
        put_waiver(&d, &waivers->items[i]);
    document_close(&d, ']');
    document_open(&d, "reports", '[');
    for (size_t i = 0; i < sources->count; i++)
        put_report(&d, &sources->items[i], view->verdict);
    document_close(&d, ']');
    return document_end(&d, err);
}

const struct renderer json_renderer = {
    .name = "json",
    .title = "the whole verdict for programs; `qgate schema verdict` describes it",
    .render = render_json,
};
