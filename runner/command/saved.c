#include "runner/command/saved.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "runner/discover/report.h"

/* A file under way. */
struct shape {
    struct saved *saved;
    struct arena *mem;
    struct error *err;
};

/* --- members --------------------------------------------------------------------------------- */

static bool wrong(struct shape *s, const char *key)
{
    return error_set(s->err, FAULT_REPORT,
                     "not a verdict that this qgate knows: \"%s\" is missing or of another kind",
                     key);
}

/* A text, "" for null. */
static bool text_of(struct shape *s, const json_t *object, const char *key, const char **text)
{
    const json_t *value = json_object_get(object, key);
    *text = json_is_string(value) ? json_string_value(value) : "";
    return json_is_string(value) || json_is_null(value) || wrong(s, key);
}

static bool list_of(struct shape *s, const json_t *object, const char *key, json_t **list)
{
    *list = json_object_get(object, key);
    return json_is_array(*list) || wrong(s, key);
}

static bool outcome_of(struct shape *s, const json_t *object, enum outcome *outcome)
{
    const char *word;
    if (!text_of(s, object, "outcome", &word))
        return false;
    if (strcmp(word, "no_data") == 0)
        word = outcome_name(OUTCOME_NO_DATA);
    if (strcmp(word, "not_applicable") == 0)
        word = outcome_name(OUTCOME_NOT_APPLICABLE);
    for (int o = 0; o < OUTCOME_COUNT; o++)
        if (strcmp(word, outcome_name((enum outcome)o)) == 0) {
            *outcome = (enum outcome)o;
            return true;
        }
    return wrong(s, "outcome");
}

/* "81.4 % (4070 of 5000)", "3 of 412" */
static bool value_of(struct shape *s, const json_t *rule, const char **text)
{
    const json_t *value = json_object_get(rule, "value");
    const char *unit;
    *text = "";
    if (json_is_null(value))
        return true;
    if (!json_is_object(value) || !text_of(s, value, "text", text) ||
        !text_of(s, value, "unit", &unit))
        return wrong(s, "value");
    const json_t *part = json_object_get(value, "part"), *whole = json_object_get(value, "whole");
    if (!json_is_integer(part) || !json_is_integer(whole))
        return true;
    long long of = json_integer_value(whole), is = json_integer_value(part);
    if (*unit != '\0')
        *text = arena_printf(s->mem, "%s (%lld of %lld)", *text, is, of);
    else if (is <= of)
        *text = arena_printf(s->mem, "%s of %lld", *text, of);
    return true;
}

/* --- causes ---------------------------------------------------------------------------------- */

static bool add_rule(struct shape *s, const char *gate, const json_t *rule)
{
    struct cause cause = {.gate = gate};
    if (!json_is_object(rule) || !text_of(s, rule, "rule", &cause.rule) ||
        !outcome_of(s, rule, &cause.outcome) || !text_of(s, rule, "each", &cause.each) ||
        !value_of(s, rule, &cause.value) || !text_of(s, rule, "reason", &cause.reason) ||
        !text_of(s, rule, "to_pass", &cause.to_pass) || !text_of(s, rule, "why", &cause.why) ||
        !list_of(s, rule, "reports", &cause.reports) ||
        !list_of(s, rule, "details", &cause.details))
        return wrong(s, "rules");
    if (cause.outcome < OUTCOME_WARNED)
        return true;
    array_push(s->mem, &s->saved->causes, cause);
    return true;
}

static bool add_gate(struct shape *s, const json_t *gate)
{
    const char *name;
    json_t *rules;
    enum outcome outcome;
    if (!json_is_object(gate) || !text_of(s, gate, "name", &name) ||
        !outcome_of(s, gate, &outcome) || !list_of(s, gate, "rules", &rules))
        return wrong(s, "gates");
    if (outcome == OUTCOME_WAIVED) /* whatever fails in it, nothing has to be done now */
        return true;
    for (size_t i = 0; i < json_array_size(rules); i++)
        if (!add_rule(s, name, json_array_get(rules, i)))
            return false;
    return true;
}

/* A report that had to be there and that no rule reads. */
static bool add_report(struct shape *s, const json_t *report)
{
    struct cause cause = {.rule = "", .each = "", .value = "", .why = ""};
    const json_t *unread = json_object_get(report, "unread");
    if (!json_is_object(report) || !text_of(s, report, "name", &cause.gate))
        return wrong(s, "reports");
    if (json_is_null(unread))
        return true;
    if (!outcome_of(s, unread, &cause.outcome) || !text_of(s, unread, "reason", &cause.reason) ||
        !text_of(s, unread, "to_pass", &cause.to_pass))
        return wrong(s, "unread");
    if (cause.outcome < OUTCOME_WARNED)
        return true;
    array_push(s->mem, &s->saved->causes, cause);
    return true;
}

/* What is certainly bad first; among those, what is named (a test, a package) before what is not.
 */
static int worst_first(const void *a, const void *b)
{
    const struct cause *p = a, *q = b;
    if (p->outcome != q->outcome)
        return p->outcome > q->outcome ? -1 : 1;
    bool p_named = json_array_size(p->details) > 0, q_named = json_array_size(q->details) > 0;
    if (p_named != q_named)
        return p_named ? -1 : 1;
    return p->order < q->order ? -1 : 1;
}

static bool take_causes(struct shape *s)
{
    json_t *gates, *reports;
    if (!list_of(s, s->saved->root, "gates", &gates) ||
        !list_of(s, s->saved->root, "reports", &reports))
        return false;
    for (size_t i = 0; i < json_array_size(gates); i++)
        if (!add_gate(s, json_array_get(gates, i)))
            return false;
    for (size_t i = 0; i < json_array_size(reports); i++)
        if (!add_report(s, json_array_get(reports, i)))
            return false;
    struct causes *causes = &s->saved->causes;
    for (size_t i = 0; i < causes->count; i++)
        causes->items[i].order = i;
    if (causes->count > 1)
        qsort(causes->items, causes->count, sizeof *causes->items, worst_first);
    return true;
}

static bool take_head(struct shape *s)
{
    const json_t *root = s->saved->root, *policy = json_object_get(root, "policy");
    const char *writer;
    if (!json_is_object(root) || !text_of(s, root, "qgate", &writer) || *writer == '\0')
        return wrong(s, "qgate");
    if (json_integer_value(json_object_get(root, "version")) != 1)
        return wrong(s, "version");
    return text_of(s, root, "outcome", &s->saved->outcome) &&
           text_of(s, root, "stage", &s->saved->stage) &&
           text_of(s, root, "commit", &s->saved->commit) &&
           text_of(s, root, "judged_at", &s->saved->judged_at) &&
           text_of(s, root, "reason", &s->saved->reason) &&
           text_of(s, policy, "origin", &s->saved->policy) && take_causes(s);
}

static const char whence[] =
    "`qgate check --output json=FILE` writes a verdict; `qgate read FILE` shows a report";

static json_t *load(const char *path, struct arena *mem, struct error *err)
{
    AUTO(close_report) struct report_file in;
    json_error_t theirs;
    char *text;
    size_t len;
    if (report_open(&in, path, err) != OPENED ||
        !report_text(&in, LIMIT_VERDICT_BYTES, mem, &text, &len, err))
        return NULL;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &theirs);
    if (root != NULL)
        return root;
    error_set(err, FAULT_REPORT, "is not JSON, so it is no verdict");
    error_hint(err, "%s", whence);
    error_at(err, path, theirs.line > 0 ? (unsigned)theirs.line : 0,
             theirs.column > 0 ? (unsigned)theirs.column : 0);
    return NULL;
}

bool saved_read(const char *path, struct arena *mem, struct saved *saved, struct error *err)
{
    struct shape shape = {saved, mem, err};
    saved->root = load(path, mem, err);
    if (saved->root == NULL)
        return false;
    if (take_head(&shape))
        return true;
    error_hint(err, "%s", whence);
    return error_at(err, path, 0, 0);
}

void close_saved(struct saved *saved)
{
    json_decref(saved->root);
    saved->root = NULL;
}
