/* What stands in braces behind a measure: {severity=~"high|critical", path="src/a.c"}. */
#include <string.h>

#include "gates/base/nearest.h"
#include "gates/base/pattern.h"
#include "gates/base/text.h"
#include "gates/policy/quantity.h"
#include "gates/policy/rule.h"

#define SEVERITIES "critical high medium low info unknown"

static bool take_operator(struct scan *scan, enum label_op *op)
{
    static const struct {
        const char *text;
        enum label_op op;
    } ops[] = {{"=~", LABEL_LIKE},    {"!~", LABEL_UNLIKE},   {"!=", LABEL_IS_NOT},
               {"<=", LABEL_AT_MOST}, {">=", LABEL_AT_LEAST}, {"<", LABEL_BELOW},
               {">", LABEL_ABOVE},    {"=", LABEL_IS}};
    if (strncmp(scan->at, "==", 2) == 0)
        return scan_wrong(scan, scan->at, "labels compare with = != =~ !~: write = for ==");
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        *op = ops[i].op;
        if (scan_take(scan, ops[i].text))
            return true;
    }
    return scan_expected(scan, "one of = != =~ !~");
}

/* A text in double quotes. */
static bool take_value(struct scan *scan, const char **value)
{
    if (*scan->at != '"') {
        if (*scan->at != '\0')
            return scan_wrong(scan, scan->at, "the value of a label stands in double quotes");
        return scan_expected(scan, "the value of a label, in double quotes,");
    }
    char *text = arena_alloc(scan->mem, strlen(scan->at) + 1), *out = text;
    for (scan->at++; *scan->at != '"'; scan->at++) {
        if (scan->at[0] == '\\' && (scan->at[1] == '"' || scan->at[1] == '\\'))
            scan->at++;
        if (*scan->at == '\0')
            return scan_expected(scan, "the closing quote of a label's value");
        *out++ = *scan->at;
    }
    scan->at++;
    *value = text;
    return true;
}

static bool one_of(struct scan *scan, const char *at, const char *label, const char *value,
                   const char *choices)
{
    struct nearest nearest = {.asked = value};
    if (text_lists(choices, value, strlen(value)))
        return true;
    nearest_try_list(&nearest, choices, scan->mem);
    return scan_wrong(scan, at, "%s is one of %s, not '%s'%s", label, choices,
                      text_keep(scan->mem, value, strlen(value), 60),
                      nearest_hint(&nearest, scan->mem));
}

static bool check_format(struct scan *scan, const char *at, const char *value)
{
    struct nearest nearest = {.asked = value};
    for (size_t i = 0; readers[i] != NULL; i++) {
        nearest_try(&nearest, readers[i]->name);
        if (strcmp(readers[i]->name, value) == 0)
            return true;
    }
    if (text_lists(LATER_FORMATS, value, strlen(value)))
        return true;
    return scan_wrong(scan, at, "unknown format '%s'%s",
                      text_keep(scan->mem, value, strlen(value), 60),
                      nearest_hint(&nearest, scan->mem));
}

/* The words that a label can have, NULL: any. */
static const char *choices_of(const char *label)
{
    if (strcmp(label, "severity") == 0)
        return SEVERITIES;
    if (strcmp(label, "fixable") == 0)
        return "yes no";
    if (strcmp(label, "probability") == 0)
        return "high medium low";
    return NULL;
}

/* A pattern that is only a list of words (high|critcal) is checked word by word: one that is
 * misspelt would match nothing, and nothing found is good news. */
static bool check_alternatives(struct scan *scan, const char *at, const struct label_match *match,
                               const char *choices)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ|";
    const char *value = match->value;
    size_t len = strlen(value);
    if (len > 2 && value[0] == '(' && value[len - 1] == ')') {
        value++;
        len -= 2;
    }
    if (strspn(value, letters) < len)
        return true;
    for (const char *end = value + len; value <= end;) {
        size_t size = strcspn(value, "|)");
        if (!one_of(scan, at, match->label, arena_copy(scan->mem, value, size), choices))
            return false;
        value += size + 1;
    }
    return true;
}

static bool check_equal(struct scan *scan, const char *at, struct label_match *match)
{
    const char *choices = choices_of(match->label);
    if (strcmp(match->label, "format") == 0)
        return check_format(scan, at, match->value);
    return choices == NULL || one_of(scan, at, match->label, match->value, choices);
}

static bool check_like(struct scan *scan, const char *at, struct label_match *match)
{
    struct error err = {0};
    const char *choices = choices_of(match->label);
    match->pattern = pattern_new(scan->mem, match->value, &err);
    if (match->pattern == NULL)
        return scan_wrong(scan, at, "%s", err.what);
    return choices == NULL || check_alternatives(scan, at, match, choices);
}

static bool check_order(struct scan *scan, const char *at, struct label_match *match)
{
    if (strcmp(match->label, "severity") != 0)
        return scan_wrong(scan, at, "only severity is ordered: compare %s with = != =~ !~",
                          match->label);
    if (!one_of(scan, at, match->label, match->value, SEVERITIES))
        return false;
    return strcmp(match->value, "unknown") != 0 ||
           scan_wrong(scan, at, "severity unknown has no place in the order: write = or !=");
}

static bool check_value(struct scan *scan, const char *at, struct label_match *match)
{
    if (strcmp(match->label, "window") == 0)
        return (match->op == LABEL_IS && measure_window_known(match->value)) ||
               scan_wrong(scan, at,
                          "window is a number of days, \"28d\", or two days, "
                          "\"2027-01-01..2027-01-31\", compared with =");
    switch (match->op) {
    case LABEL_IS:
    case LABEL_IS_NOT:
        return check_equal(scan, at, match);
    case LABEL_LIKE:
    case LABEL_UNLIKE:
        return check_like(scan, at, match);
    default:
        return check_order(scan, at, match);
    }
}

bool label_known(const struct measure *measure, const char *label)
{
    bool any = measure->labels != NULL && strcmp(measure->labels, "*") == 0;
    return any || text_lists(catalogue_common_labels(measure), label, strlen(label)) ||
           text_lists(measure->labels, label, strlen(label));
}

bool label_unknown(const char *id, const struct measure *measure, const char *label,
                   struct place at, struct problems *found)
{
    const char *own = measure->labels == NULL ? "" : measure->labels;
    const char *common = catalogue_common_labels(measure);
    struct nearest nearest = {.asked = label};
    nearest_try_list(&nearest, own, found->mem);
    nearest_try_list(&nearest, common, found->mem);
    const char *shown = text_keep(found->mem, label, strlen(label), 60);
    if (nearest.found != NULL)
        problem_add(found, at, "%s has no label '%s'%s", id, shown,
                    nearest_hint(&nearest, found->mem));
    else
        problem_add(found, at, "%s has no label '%s'; it has %s%s%s", id, shown, common,
                    *own != '\0' && *common != '\0' ? " " : "", own);
    return false;
}

static bool read_label(struct scan *scan, struct selector *selector)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    struct label_match match = {.value = ""};
    scan_space(scan);
    const char *name = scan->at;
    size_t len = strspn(name, letters);
    if (len == 0)
        return scan_expected(scan, "a label");
    match.label = arena_copy(scan->mem, name, len);
    scan->at += len;
    scan_space(scan);
    const char *op = scan->at;
    if (!take_operator(scan, &match.op))
        return false;
    scan_space(scan);
    const char *value = scan->at;
    if (!take_value(scan, &match.value))
        return false;
    bool ordered = match.op >= LABEL_BELOW && strcmp(match.label, "severity") != 0;
    if (label_known(selector->measure, match.label))
        check_value(scan, ordered ? op : value, &match);
    else
        label_unknown(selector->id, selector->measure, match.label, scan_place(scan, name),
                      scan->found);
    array_push(scan->mem, &selector->labels, match);
    return true;
}

bool labels_read(struct scan *scan, struct selector *selector)
{
    scan_space(scan);
    if (!scan_take(scan, "{"))
        return true;
    do {
        if (!read_label(scan, selector))
            return false;
        scan_space(scan);
    } while (scan_take(scan, ","));
    return scan_take(scan, "}") || scan_expected(scan, "`,` or `}`");
}
