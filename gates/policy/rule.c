/* Rules: function, measure, operator. */
#include "gates/policy/rule.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/nearest.h"
#include "gates/base/text.h"

static const char *const functions[] = {
    [FUNCTION_NONE] = "",
    [FUNCTION_NEW] = "new",
    [FUNCTION_DELTA] = "delta",
    [FUNCTION_GROWTH] = "growth",
};

static const char *const compares[] = {
    [COMPARE_LESS] = "<",      [COMPARE_AT_MOST] = "<=", [COMPARE_MORE] = ">",
    [COMPARE_AT_LEAST] = ">=", [COMPARE_EQUAL] = "==",   [COMPARE_UNEQUAL] = "!=",
};

#define COUNT_OF(a) (sizeof(a) / sizeof(a)[0])

const char *compare_text(enum compare compare)
{
    return compares[compare];
}

const char *function_text(enum function function)
{
    return functions[function];
}

struct place scan_place(const struct scan *scan, const char *at)
{
    struct place place = scan->place;
    for (const char *c = scan->text; c < at; place.column++) {
        size_t size = utf8_length(c, (size_t)(at - c));
        c += size > 0 ? size : 1;
    }
    return place;
}

bool scan_wrong(struct scan *scan, const char *at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *what = arena_vprintf(scan->mem, fmt, args);
    va_end(args);
    problem_add(scan->found, scan_place(scan, at), "%s", what);
    return false;
}

bool scan_expected(struct scan *scan, const char *what)
{
    if (*scan->at == '\0') {
        scan->ended = true;
        return scan_wrong(scan, scan->at, "the rule ends too early: %s is missing", what);
    }
    const char *there = text_keep(scan->mem, scan->at, strcspn(scan->at, " "), 24);
    return scan_wrong(scan, scan->at, "expected %s, found '%s'", what, there);
}

void scan_space(struct scan *scan)
{
    while (*scan->at == ' ')
        scan->at++;
}

bool scan_take(struct scan *scan, const char *word)
{
    if (strncmp(scan->at, word, strlen(word)) != 0)
        return false;
    scan->at += strlen(word);
    return true;
}

const char *rule_shown(const struct scan *scan)
{
    return text_keep(scan->mem, scan->text, strlen(scan->text), 100);
}

/* The word of a measure or function at this place; "" when there is none. */
static const char *take_name(struct scan *scan)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-";
    size_t len = strspn(scan->at, letters);
    const char *name = arena_copy(scan->mem, scan->at, len);
    scan->at += len;
    return name;
}

/* `vulnerabilities.critical` is `vulnerabilities{severity="critical"}`: takes the last part of *id
 * off and makes it a label. */
static bool take_shorthand(struct selector *selector, const char **id, struct arena *mem)
{
    const char *dot = strrchr(*id, '.');
    if (dot == NULL)
        return false;
    enum severity severity = severity_named(dot + 1, strlen(dot + 1));
    struct label_match match = {.label = "severity", .op = LABEL_IS};
    if (strcmp(dot + 1, "fixable") == 0)
        match = (struct label_match){.label = "fixable", .op = LABEL_IS, .value = "yes"};
    else if (severity != SEVERITY_COUNT)
        match.value = severity_name(severity);
    else
        return false;
    array_push(mem, &selector->labels, match);
    *id = arena_copy(mem, *id, (size_t)(dot - *id));
    return true;
}

/* Has the measure every label that the shorthand stands for? */
static bool has_labels(const struct measure *measure, const struct label_matches *labels)
{
    for (size_t i = 0; i < labels->count; i++) {
        const char *label = labels->items[i].label;
        if (!text_lists(measure->labels, label, strlen(label)))
            return false;
    }
    return true;
}

static const struct measure *find_measure(struct selector *selector, const char *id,
                                          struct arena *mem)
{
    const struct measure *measure = catalogue_find(id);
    while (measure == NULL && take_shorthand(selector, &id, mem))
        measure = catalogue_find(id);
    if (measure == NULL || !has_labels(measure, &selector->labels))
        return NULL;
    selector->id = id;
    return measure;
}

/* "; did you mean …?": the nearest id, also when a severity stands behind it. */
static const char *measure_hint(const char *id, struct arena *mem)
{
    const char *near = catalogue_suggest(id), *dot = strrchr(id, '.');
    struct nearest part = {.asked = dot == NULL ? "" : dot + 1};
    if (near != NULL)
        return arena_printf(mem, "; did you mean '%s'?", near);
    nearest_try_list(&part, "critical high medium low info unknown fixable", mem);
    const char *base = dot == NULL ? NULL : arena_copy(mem, id, (size_t)(dot - id));
    const struct measure *row = base == NULL ? NULL : catalogue_find(base);
    const char *whole = row != NULL ? base : base != NULL ? catalogue_suggest(base) : NULL;
    if (part.found != NULL && whole != NULL) {
        const char *both = arena_printf(mem, "%s.%s", whole, part.found);
        if (selector_named(both, mem, &(struct selector){0}))
            return arena_printf(mem, "; did you mean '%s'?", both);
    }
    if (strncmp(id, "load.p", 6) == 0 && strspn(id + 6, "0123456789.") == strlen(id + 6))
        return ": a percentile is more than 0, at most 100, and has at most three decimals";
    return "; `qgate measures` lists them";
}

bool selector_named(const char *id, struct arena *mem, struct selector *selector)
{
    *selector = (struct selector){0};
    selector->measure = find_measure(selector, id, mem);
    return selector->measure != NULL;
}

static bool read_measure(struct scan *scan, struct rule *rule)
{
    const char *begin = scan->at, *id = take_name(scan);
    const struct measure *measure = find_measure(&rule->selector, id, scan->mem);
    rule->selector.measure = measure;
    if (measure != NULL)
        return labels_read(scan, &rule->selector);
    if (*id == '\0')
        scan_expected(scan, "a measure");
    else if (rule->function != FUNCTION_NONE && *scan->at == '(')
        scan_wrong(scan, begin, "a function cannot stand inside a function");
    else
        scan_wrong(scan, begin, "unknown measure '%s'%s", text_keep(scan->mem, id, strlen(id), 60),
                   measure_hint(id, scan->mem));
    return false;
}

static bool read_function(struct scan *scan, struct rule *rule, bool *found)
{
    const char *begin = scan->at, *name = take_name(scan);
    scan_space(scan);
    *found = *name != '\0' && *scan->at == '(';
    if (!*found) {
        scan->at = begin;
        return true;
    }
    scan->at++;
    scan_space(scan);
    struct nearest nearest = {.asked = name};
    for (size_t i = 1; i < COUNT_OF(functions); i++) {
        nearest_try(&nearest, functions[i]);
        if (strcmp(name, functions[i]) == 0)
            rule->function = (enum function)i;
    }
    if (rule->function != FUNCTION_NONE)
        return true;
    return scan_wrong(scan, begin, "unknown function '%s': there are new, delta and growth%s",
                      text_keep(scan->mem, name, strlen(name), 60),
                      nearest_hint(&nearest, scan->mem));
}

static bool check_scope(struct scan *scan, const struct rule *rule)
{
    const struct measure *measure = rule->selector.measure;
    const char *name = functions[rule->function];
    if (rule->function == FUNCTION_NONE || text_lists(measure->scopes, name, strlen(name)))
        return true;
    if (measure->scopes == NULL)
        return scan_wrong(scan, scan->text, "%s takes no function: '%s' means nothing here",
                          rule->selector.id, name);
    return scan_wrong(scan, scan->text, "'%s' means nothing for %s, which takes: %s", name,
                      rule->selector.id, measure->scopes);
}

static bool close_function(struct scan *scan)
{
    scan_space(scan);
    if (scan_take(scan, ")")) {
        scan_space(scan);
        return *scan->at != '{' ||
               scan_wrong(scan, scan->at,
                          "labels stand inside the parentheses, behind the measure");
    }
    return scan_expected(scan, "`)`");
}

/* What people write when they mean an operator. */
static const struct {
    const char *wrong, *right;
} slips[] = {
    {"=>", ">="}, {"=<", "<="}, {"===", "=="}, {"<>", "!="}, {"≥", ">="}, {"≤", "<="}, {"≠", "!="},
};

static bool read_operator(struct scan *scan, struct rule *rule)
{
    scan_space(scan);
    for (size_t i = 0; i < COUNT_OF(slips); i++)
        if (strncmp(scan->at, slips[i].wrong, strlen(slips[i].wrong)) == 0)
            return scan_wrong(scan, scan->at, "'%s' is no operator: write %s", slips[i].wrong,
                              slips[i].right);
    static const enum compare longest_first[] = {COMPARE_AT_MOST, COMPARE_AT_LEAST, COMPARE_EQUAL,
                                                 COMPARE_UNEQUAL, COMPARE_LESS,     COMPARE_MORE};
    for (size_t i = 0; i < COUNT_OF(longest_first); i++) {
        rule->compare = longest_first[i];
        if (scan_take(scan, compares[rule->compare]))
            return true;
    }
    if (*scan->at == '=')
        return scan_wrong(scan, scan->at, "'=' is no operator: write ==");
    if (*scan->at != '\0' && strchr("+-*/", *scan->at) != NULL)
        return scan_wrong(scan, scan->at, "a rule is one comparison: there is no arithmetic");
    return scan_expected(scan, "one of < <= > >= == !=");
}

static bool read_all(struct scan *scan, struct rule *rule)
{
    bool in_function = false;
    if (strlen(scan->text) > LIMIT_RULE_BYTES)
        return scan_wrong(scan, scan->text, "a rule has at most %d bytes", LIMIT_RULE_BYTES);
    scan_space(scan);
    return read_function(scan, rule, &in_function) && read_measure(scan, rule) &&
           (!in_function || close_function(scan)) && check_scope(scan, rule) &&
           read_operator(scan, rule) && threshold_read(scan, rule);
}

struct rule *rule_read(const char *text, struct place at, struct arena *mem, struct problems *found,
                       bool *ended)
{
    struct rule *rule = arena_new_item(mem, struct rule);
    *rule = (struct rule){.at = at, .text = text, .on_no_baseline = ON_MISSING_WARN};
    struct scan scan = {.text = text, .at = text, .place = at, .mem = mem, .found = found};
    size_t before = found->count;
    bool read = read_all(&scan, rule);
    *ended = scan.ended;
    return read && found->count == before ? rule : NULL;
}

struct rule *rule_parse(const char *text, struct place at, struct arena *mem,
                        struct problems *found)
{
    bool ended = false;
    return rule_read(text, at, mem, found, &ended);
}
