#include "runner/render/verdict_file.h"

#include <string.h>

#include "gates/base/day.h"
#include "gates/base/limits.h"
#include "runner/discover/report.h"
#include "runner/render/verdict_parts.h"

static const char whence[] =
    "`qgate check --output json=FILE` writes a verdict; `qgate read FILE` shows a report";

const char *const verdict_notes[VERDICT_NOTES] = {
    [NOTE_ON_CHANGE] = "on_change",
    [NOTE_ALWAYS] = "always",
    [NOTE_ON_FAIL] = "on_fail",
    [NOTE_NEVER] = "never",
};

const char *const verdict_threads[VERDICT_THREADS] = {
    [THREADS_NEW] = "new",
    [THREADS_ALL] = "all",
    [THREADS_NONE] = "none",
};

/* The rule as its text says; where that is none for a rule of its own (`any:`), the text alone. */
static const struct rule *rule_of(struct reading_verdict *r, const json_t *object)
{
    const char *text = part_text(r, object, "rule");
    struct problems found;
    problems_init(&found, r->mem);
    struct rule *rule = rule_parse(text, (struct place){"verdict", 1, 1}, r->mem, &found);
    if (rule == NULL)
        rule = arena_new_item(r->mem, struct rule);
    rule->text = text;
    rule->why = part_text_or_null(r, object, "why");
    return rule;
}

/* A decimal of 15 digits is what was written; a share is made anew of its parts. */
static struct number number_of_value(struct reading_verdict *r, const json_t *object,
                                     const struct value *value, const struct rule *rule)
{
    char text[40];
    struct number number = number_of(0);
    const struct measure *measure = rule->selector.measure;
    if (value->has_parts && value->whole > 0 && measure != NULL && measure->unit == UNIT_PERCENT)
        return number_scale(number_ratio((int64_t)value->part, value->whole), 100, 1);
    const json_t *stated = json_object_get(object, "number");
    if (json_is_null(stated)) /* growth from nothing */
        return number_of(INT64_MAX);
    if (json_is_integer(stated))
        return number_of(json_integer_value(stated));
    if (!json_is_real(stated))
        r->wrong = "number";
    snprintf(text, sizeof text, "%.15g", json_real_value(stated));
    return number_parse(text, strlen(text), &number) ? number : number_of(0);
}

static void take_parts(struct reading_verdict *r, const json_t *object, struct value *value)
{
    value->has_parts = !json_is_null(json_object_get(object, "part"));
    if (!value->has_parts)
        return;
    value->part = part_count(r, object, "part");
    value->whole = part_count(r, object, "whole");
}

static struct value value_of(struct reading_verdict *r, const json_t *rule, const struct rule *of)
{
    const json_t *object = json_object_get(rule, "value");
    struct value value = {
        .why = "", .number = number_of(0), .reports = part_words(r, rule, "reports")};
    if (json_is_null(object))
        return value;
    object = part_object(r, rule, "value");
    value.word = part_text_or_null(r, object, "word");
    value.kind = value.word != NULL ? VALUE_WORD : VALUE_NUMBER;
    take_parts(r, object, &value);
    value.waived = part_count(r, object, "waived");
    value.method = part_text_or_null(r, object, "method");
    if (value.kind == VALUE_NUMBER)
        value.number = number_of_value(r, object, &value, of);
    if (of->selector.measure == NULL) /* of a rule that this version cannot read */
        value.kind = VALUE_NONE;
    return value;
}

/* The value of the baseline, or what delta() and growth() compare with it. */
static struct value side_of(struct reading_verdict *r, const json_t *rule, const char *key,
                            const struct rule *of)
{
    struct value value = {.why = "", .number = number_of(0)};
    if (json_is_null(json_object_get(rule, key)))
        return value;
    const json_t *object = part_object(r, rule, key);
    take_parts(r, object, &value);
    value.number = number_of_value(r, object, &value, of);
    if (json_is_null(json_object_get(object, "number")))
        r->wrong = "number";
    if (of->selector.measure != NULL)
        value.kind = VALUE_NUMBER;
    return value;
}

/* delta() and growth() have both sides or none; of other rules the baseline's may be known. */
static void check_sides(struct reading_verdict *r, const struct ruling *ruling)
{
    enum function function = ruling->rule->function;
    bool compares = function == FUNCTION_DELTA || function == FUNCTION_GROWTH;
    bool before = ruling->before.kind == VALUE_NUMBER, now = ruling->after.kind == VALUE_NUMBER;
    if (now != (before && compares))
        r->wrong = now ? "before" : "now";
}

/* No number stands there only for a growth from nothing, and for that one always. */
static void check_unbounded(struct reading_verdict *r, const json_t *rule,
                            const struct ruling *ruling)
{
    const json_t *stated = json_object_get(json_object_get(rule, "value"), "number");
    if (ruling->value.kind == VALUE_NUMBER && json_is_null(stated) != ruling_unbounded(ruling))
        r->wrong = "number";
}

static struct ruling ruling_of(struct reading_verdict *r, const json_t *object)
{
    static const char *const levels[] = {"require", "warn"};
    const struct rule *rule = rule_of(r, object);
    const json_t *details = part_list(r, object, "details");
    struct ruling ruling = {
        .rule = rule,
        .each = part_text_or_null(r, object, "each"),
        .warning = part_word(r, object, "level", levels, 2) == 1,
        .outcome = part_outcome(r, object),
        .no_baseline = part_flag(r, object, "no_baseline"),
        .value = value_of(r, object, rule),
        .before = side_of(r, object, "before", rule),
        .after = side_of(r, object, "now", rule),
        .reason = part_text(r, object, "reason"),
        .to_pass = part_text(r, object, "to_pass"),
    };
    check_sides(r, &ruling);
    check_unbounded(r, object, &ruling);
    for (size_t i = 0; i < json_array_size(details); i++)
        array_push(r->mem, &ruling.details, part_detail(r, json_array_get(details, i)));
    return ruling;
}

static void take_gate(struct reading_verdict *r, const json_t *object, struct verdict *verdict)
{
    struct gate *gate = arena_new_item(r->mem, struct gate);
    const json_t *rules = part_list(r, object, "rules");
    const json_t *waiver = json_object_get(object, "waiver");
    gate->name = part_text(r, object, "name");
    gate->stage = part_text(r, object, "stage");
    gate->why = part_text_or_null(r, object, "why");
    struct gate_ruling ruling = {
        .gate = gate,
        .outcome = part_outcome(r, object),
        .waiver = json_is_null(waiver) ? NULL : part_waiver(r, waiver),
        .other_stage = !part_flag(r, object, "judged"),
    };
    for (size_t i = 0; i < json_array_size(rules); i++) {
        struct ruling one = ruling_of(r, json_array_get(rules, i));
        array_push(r->mem, &ruling.rulings, one);
        verdict->rule_counts[one.outcome]++;
    }
    if (!ruling.other_stage)
        verdict->gate_counts[ruling.outcome]++;
    array_push(r->mem, &verdict->gates, ruling);
}

static void take_waiver(struct reading_verdict *r, const json_t *object, struct verdict_file *file)
{
    static const char *const states[] = {
        [WAIVER_COUNTS] = "counts", [WAIVER_EXPIRED] = "expired", [WAIVER_TOO_LONG] = "too_long"};
    const int32_t today = (int32_t)(file->view.now_s / 86400);
    struct waiver_ruling ruling = {
        .waiver = part_waiver(r, object),
        .state = (enum waiver_state)part_word(r, object, "state", states, 3),
        .used = part_count(r, object, "used"),
        .asked = part_flag(r, object, "asked"),
        .gates = part_words(r, object, "gates"),
    };
    ruling.days_left = ruling.waiver->expires - today;
    array_push(r->mem, &file->verdict.waivers, ruling);
    array_push(r->mem, &file->policy.waivers, *ruling.waiver);
}

static unsigned families_of(struct reading_verdict *r, const json_t *object)
{
    const struct words names = part_words(r, object, "speaks");
    unsigned speaks = 0;
    for (size_t i = 0; i < names.count; i++)
        for (int family = 0; family < FAMILY_COUNT; family++)
            if (strcmp(names.items[i], family_name((enum family)family)) == 0)
                speaks |= FAMILY_BIT(family);
    return speaks;
}

static void take_report(struct reading_verdict *r, const json_t *object, struct source *source)
{
    const json_t *files = part_list(r, object, "files");
    source->name = part_text(r, object, "name");
    source->format = part_text(r, object, "format");
    source->optional = part_flag(r, object, "optional");
    source->whole = part_flag(r, object, "whole");
    source->part_reason = part_text_or_null(r, object, "part_reason");
    source->speaks = families_of(r, object);
    source->warnings = part_words(r, object, "warnings");
    for (size_t i = 0; i < json_array_size(files); i++)
        array_push(r->mem, &source->inputs, part_input(r, json_array_get(files, i)));
}

static void take_reports(struct reading_verdict *r, const json_t *list, struct verdict_file *file)
{
    struct sources *sources = &file->evidence.sources;
    for (size_t i = 0; i < json_array_size(list); i++)
        take_report(r, json_array_get(list, i), array_add(r->mem, sources));
    for (size_t i = 0; i < sources->count; i++) { /* no source moves any more */
        const json_t *unread = json_object_get(json_array_get(list, i), "unread");
        if (json_is_null(unread))
            continue;
        struct report_ruling ruling = {
            .source = &sources->items[i],
            .outcome = part_outcome(r, unread),
            .reason = part_text(r, unread, "reason"),
            .to_pass = part_text(r, unread, "to_pass"),
        };
        if (ruling.outcome != OUTCOME_NO_DATA && ruling.outcome != OUTCOME_ERROR)
            r->wrong = "unread";
        array_push(r->mem, &file->verdict.reports, ruling);
        file->verdict.gate_counts[ruling.outcome]++;
    }
}

static void take_publish(struct reading_verdict *r, const json_t *object,
                         struct publish_gitlab *publish)
{
    publish->note = (enum publish_note)part_word(r, object, "note", verdict_notes, VERDICT_NOTES);
    publish->threads =
        (enum publish_threads)part_word(r, object, "threads", verdict_threads, VERDICT_THREADS);
    publish->max_threads = part_count(r, object, "max_threads");
    if (publish->max_threads > THREADS_MOST)
        r->wrong = "max_threads";
    publish->status = part_flag(r, object, "status");
    publish->required = part_flag(r, object, "required");
}

static void take_difference(struct reading_verdict *r, const json_t *object,
                            struct differences *all)
{
    const char *kinds[] = {difference_name(DIFFERENCE_LOOSENED),
                           difference_name(DIFFERENCE_CHANGED),
                           difference_name(DIFFERENCE_TIGHTENED)};
    struct difference difference = {
        .kind = (enum difference_kind)part_word(r, object, "kind", kinds, 3),
        .what = part_text(r, object, "what"),
        .before = part_text(r, object, "before"),
        .after = part_text(r, object, "after"),
        .at = {.file = part_text(r, object, "file"),
               .line = (unsigned)json_integer_value(json_object_get(object, "line"))},
    };
    array_push(r->mem, all, difference);
}

static void take_policy(struct reading_verdict *r, const json_t *object, struct verdict_file *file)
{
    static const char *const from[] = {"target", "commit", "worktree", "built-in"};
    const json_t *origins = part_list(r, object, "origins");
    file->view.policy_origin = part_text(r, object, "origin");
    file->view.policy_from = from[part_word(r, object, "from", from, 4)];
    file->view.policy_commit = part_text(r, object, "commit");
    take_publish(r, part_object(r, object, "publish"), &file->policy.gitlab);
    file->policy.path = part_text(r, object, "path");
    snprintf(file->policy.sha256, sizeof file->policy.sha256, "%s", part_text(r, object, "sha256"));
    for (size_t i = 0; i < json_array_size(origins); i++) {
        const json_t *one = json_array_get(origins, i);
        struct policy_origin origin = {part_text(r, one, "role"), part_text(r, one, "name"), ""};
        snprintf(origin.sha256, sizeof origin.sha256, "%s", part_text(r, one, "sha256"));
        array_push(r->mem, &file->policy.origins, origin);
    }
}

static void take_counts(struct reading_verdict *r, const json_t *object, struct verdict *verdict)
{
    verdict->flaky = part_count(r, object, "flaky_tests");
    verdict->suspected = part_count(r, object, "suspected_flaky_tests");
    verdict->small_changes = part_count(r, object, "small_changes");
    verdict->disclosed = part_count(r, object, "disclosed");
}

static const char *commit_of(struct reading_verdict *r, const json_t *root, const char *key)
{
    const char *commit = part_text(r, root, key);
    size_t len = strlen(commit);
    if (len != 0 && ((len != 40 && len != 64) || strspn(commit, "0123456789abcdef") != len))
        r->wrong = key;
    return commit;
}

static void take_head(struct reading_verdict *r, const json_t *root, struct verdict_file *file)
{
    struct verdict *verdict = &file->verdict;
    struct view *view = &file->view;
    const char *judged_at = part_text(r, root, "judged_at");
    verdict->outcome = part_outcome(r, root);
    verdict->reason = part_text(r, root, "reason");
    view->commit = commit_of(r, root, "commit");
    view->source_commit = commit_of(r, root, "source_commit");
    view->target = part_text_or_null(r, root, "target");
    view->stage = part_text(r, root, "stage");
    view->job_url = part_text(r, root, "job_url");
    view->baseline = part_text_or_null(r, root, "baseline");
    view->status = (int)part_count(r, root, "exit_status");
    if (!instant_parse(judged_at, strlen(judged_at), &view->now_s))
        r->wrong = "judged_at";
    take_policy(r, part_object(r, root, "policy"), file);
    take_counts(r, part_object(r, root, "counts"), verdict);
}

static void take_all(struct reading_verdict *r, const json_t *root, struct verdict_file *file)
{
    take_head(r, root, file);
    const json_t *gates = part_list(r, root, "gates"), *waivers = part_list(r, root, "waivers");
    const json_t *differences = part_list(r, root, "policy_differences");
    file->notices = part_words(r, root, "notices");
    for (size_t i = 0; i < json_array_size(differences); i++)
        take_difference(r, json_array_get(differences, i), &file->differences);
    for (size_t i = 0; i < json_array_size(gates); i++)
        take_gate(r, json_array_get(gates, i), &file->verdict);
    for (size_t i = 0; i < json_array_size(waivers); i++)
        take_waiver(r, json_array_get(waivers, i), file);
    take_reports(r, part_list(r, root, "reports"), file);
}

bool verdict_file_take(const char *text, size_t len, struct arena *mem, struct verdict_file *file,
                       struct error *err)
{
    json_error_t theirs;
    json_auto_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &theirs);
    struct reading_verdict r = {.mem = mem};
    *file = (struct verdict_file){0};
    file->view.verdict = &file->verdict;
    file->view.policy = &file->policy;
    file->view.evidence = &file->evidence;
    file->view.differences = &file->differences;
    file->view.notices = &file->notices;
    if (root == NULL) {
        error_set(err, FAULT_REPORT, "is not JSON, so it is no verdict");
        err->line = theirs.line > 0 ? (unsigned)theirs.line : 0;
        err->column = theirs.column > 0 ? (unsigned)theirs.column : 0;
        return error_hint(err, "%s", whence);
    }
    if (json_integer_value(json_object_get(root, "version")) != 1)
        r.wrong = "version";
    else
        take_all(&r, root, file);
    if (r.wrong == NULL)
        return verdict_agrees(file, err) ||
               error_hint(err, "it was changed after `qgate check` wrote it");
    error_set(err, FAULT_REPORT,
              "not a verdict that this qgate knows: \"%s\" is missing or of another kind", r.wrong);
    return error_hint(err, "%s", whence);
}

bool verdict_file_read(const char *path, struct arena *mem, struct verdict_file *file,
                       struct error *err)
{
    AUTO(close_report) struct report_file in;
    char *text;
    size_t len;
    if (report_open(&in, path, err) != OPENED ||
        !report_text(&in, LIMIT_VERDICT_BYTES, mem, &text, &len, err))
        return false;
    return verdict_file_take(text, len, mem, file, err) || error_at(err, path, 0, 0);
}
