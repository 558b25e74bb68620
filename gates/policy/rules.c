#include "gates/policy/rules.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/names.h"
#include "gates/base/text.h"
#include "gates/policy/rule.h"

const char *words_join(const struct words *words, const char *between, struct arena *mem)
{
    size_t len = 0;
    for (size_t i = 0; i < words->count; i++)
        len += strlen(words->items[i]) + strlen(between);
    char *text = arena_alloc(mem, len + 1), *end = text;
    for (size_t i = 0; i < words->count; i++) {
        end = stpcpy(end, i == 0 ? "" : between);
        end = stpcpy(end, words->items[i]);
    }
    return text;
}

static void drop_problems(struct problems *found, size_t from)
{
    found->count = from;
}

/* The text of a rule. Where a mistake stands is known when the file holds the text as it is. */
static struct rule *load_text(struct loader *loader, const struct node *node)
{
    struct place at = node->at;
    bool ended = false;
    size_t before = loader->found->count;
    at.column = node->text_column > 0 ? node->text_column : at.column;
    struct rule *rule = rule_read(node->text, at, loader->mem, loader->found, &ended);
    if (rule != NULL) {
        rule->at = node->at;
        return rule;
    }
    if (ended && node->cut) {
        drop_problems(loader->found, before);
        problem_add(loader->found, node->at,
                    "\" #\" begins a YAML comment and cuts this rule; put it in single quotes");
    }
    for (size_t i = before; node->text_column == 0 && i < loader->found->count; i++)
        loader->found->items[i].at = node->at;
    return NULL;
}

/* `label="GET: x"` outside quotes makes a map of a rule. True: said so. */
static bool is_torn(struct loader *loader, const struct node *map)
{
    const struct node *key = map->items.count > 0 ? map->items.items[0] : NULL;
    if (key == NULL || key->kind != NODE_TEXT)
        return false;
    if (strpbrk(key->text, "{(\"") != NULL)
        problem_add(loader->found, key->at,
                    "\": \" makes a map of this rule; put it in single quotes");
    else if (catalogue_find(key->text) != NULL)
        problem_add(loader->found, key->at,
                    "a rule is a text like 'tests.failed == 0', not a key and a value");
    else
        return false;
    return true;
}

static bool compares_lines(const struct rule *rule)
{
    return rule->function == FUNCTION_NEW && rule->selector.measure->family == FAMILY_COVERAGE;
}

static const struct rule *find_rule(const struct rule *rule, bool (*is)(const struct rule *))
{
    for (size_t i = 0; i < rule->any.count; i++)
        if (is(rule->any.items[i]))
            return rule->any.items[i];
    return rule->any.count == 0 && is(rule) ? rule : NULL;
}

static bool has_function(const struct rule *rule)
{
    return rule->function != FUNCTION_NONE;
}

/* Keys that only some rules can have. */
static void check_keys(struct loader *loader, const struct node *map, struct rule *rule)
{
    static const char *const of_lines[] = {"min_lines", "max_uncovered"};
    for (size_t i = 0; i < 2; i++) {
        const struct node *value = node_find(map, of_lines[i]);
        if (value != NULL && find_rule(rule, compares_lines) == NULL)
            problem_add(loader->found, value->at,
                        "`%s` goes with new(coverage.lines) or new(coverage.branches) only",
                        of_lines[i]);
    }
    const struct node *baseline = node_find(map, "on_no_baseline");
    if (baseline != NULL && find_rule(rule, has_function) == NULL)
        problem_add(loader->found, baseline->at,
                    "`on_no_baseline` goes with new, delta and growth only");
    const struct node *tolerance = keys_find(map, "tolerance", NODE_TEXT);
    if (tolerance != NULL && rule->any.count > 0)
        problem_add(loader->found, tolerance->at, "`tolerance` goes with each rule of `any`");
    else if (tolerance != NULL)
        tolerance_read(rule, tolerance->text, tolerance->at, loader->mem, loader->found);
}

static void check_each(struct loader *loader, const struct rule *rule, const char *label,
                       struct place at)
{
    for (size_t i = 0; i < rule->any.count; i++)
        check_each(loader, rule->any.items[i], label, at);
    if (rule->any.count == 0 && !label_known(rule->selector.measure, label))
        label_unknown(rule->selector.id, rule->selector.measure, label, at, loader->found);
}

void rules_check_each(struct loader *loader, const struct rules *rules, const char *label,
                      struct place at)
{
    for (size_t i = 0; i < rules->count; i++)
        check_each(loader, rules->items[i], label, at);
}

void when_load(struct loader *loader, const struct node *map, struct when *into)
{
    size_t before = loader->found->count;
    keys_load(loader, map, "when", into);
    if (into->branches.count + into->changes.count == 0 && loader->found->count == before)
        problem_add(loader->found, map->at, "`when` says nothing: write `branch` or `changes`");
}

static struct rule *load_rule(struct loader *loader, const struct node *node, bool in_any);

static void load_any(struct loader *loader, const struct node *list, struct rule *rule)
{
    struct words texts = {0};
    for (size_t i = 0; i < list->items.count; i++) {
        struct rule *one = load_rule(loader, list->items.items[i], true);
        if (one == NULL)
            continue;
        array_push(loader->mem, &rule->any, one);
        array_push(loader->mem, &texts, one->text);
    }
    if (list->items.count == 0)
        problem_add(loader->found, list->at, "`any` is an empty list");
    rule->text = arena_printf(loader->mem, "any: [%s]", words_join(&texts, ", ", loader->mem));
}

/* The rule of a map's `rule:` or `any:`, without its other keys. NULL: said why. */
static struct rule *load_body(struct loader *loader, const struct node *map)
{
    const struct node *text = keys_find(map, "rule", NODE_TEXT);
    const struct node *any = keys_find(map, "any", NODE_LIST);
    if (text != NULL && any != NULL)
        problem_add(loader->found, any->at, "a rule has `rule` or `any`, not both");
    if (text != NULL)
        return load_text(loader, text);
    if (any == NULL)
        return NULL;
    struct rule *rule = arena_new_item(loader->mem, struct rule);
    *rule = (struct rule){.at = map->at, .on_no_baseline = ON_MISSING_WARN};
    load_any(loader, any, rule);
    return rule->any.count > 0 ? rule : NULL;
}

/* Inside `any` there are no keys about the whole. */
static void check_inner(struct loader *loader, const struct node *map)
{
    static const char *const outer[] = {"any",          "why",        "each",          "when",
                                        "enforce_from", "on_missing", "on_no_baseline"};
    for (size_t i = 0; i < sizeof outer / sizeof outer[0]; i++) {
        const struct node *value = node_find(map, outer[i]);
        if (value != NULL)
            problem_add(loader->found, value->at, "`%s` cannot stand inside `any`", outer[i]);
    }
}

static struct rule *load_map(struct loader *loader, const struct node *map, bool in_any)
{
    if (is_torn(loader, map))
        return NULL;
    size_t before = loader->found->count;
    struct rule *rule = in_any && node_find(map, "any") != NULL ? NULL : load_body(loader, map);
    struct rule unused = {0};
    if (in_any)
        check_inner(loader, map);
    keys_load(loader, map, "rule", rule != NULL ? rule : &unused);
    if (rule == NULL) {
        if (loader->found->count == before)
            problem_add(loader->found, map->at, "`rule` is missing: the rule itself");
        return NULL;
    }
    if (keys_find(map, "when", NODE_MAP) != NULL)
        when_load(loader, node_find(map, "when"), &rule->when);
    check_keys(loader, map, rule);
    if (rule->each != NULL)
        check_each(loader, rule, rule->each, node_find(map, "each")->at);
    return loader->found->count == before ? rule : NULL;
}

static struct rule *load_rule(struct loader *loader, const struct node *node, bool in_any)
{
    if (node->kind == NODE_MAP)
        return load_map(loader, node, in_any);
    if (node->kind == NODE_TEXT && !node_is_empty(node))
        return load_text(loader, node);
    problem_add(loader->found, node->at, "a rule is a text like 'tests.failed == 0'");
    return NULL;
}

struct rule *rule_parse_keys(const char *file, const char *text, size_t len, struct arena *mem,
                             struct problems *found)
{
    struct policy nowhere = {.path = file};
    struct loader loader = {
        .mem = mem, .found = found, .language = &policy_language, .policy = &nowhere};
    size_t before = found->count;
    const struct node *node = tree_read(file, text, len, mem, found);
    struct rule *rule = node == NULL ? NULL : load_rule(&loader, node, false);
    return found->count == before ? rule : NULL;
}

/* The words sorted, then joined by a character that none of them holds. */
static const char *sorted_text(const struct words *words, struct arena *mem)
{
    struct words sorted = {0};
    for (size_t i = 0; i < words->count; i++)
        array_push(mem, &sorted, words->items[i]);
    if (sorted.count > 1)
        qsort(sorted.items, sorted.count, sizeof *sorted.items, text_order);
    return words_join(&sorted, "\1", mem);
}

static const char *selector_text(const struct rule *rule, struct arena *mem)
{
    struct words labels = {0};
    for (size_t i = 0; i < rule->selector.labels.count; i++) {
        const struct label_match *match = &rule->selector.labels.items[i];
        array_push(mem, &labels,
                   arena_printf(mem, "%s\2%d\2%s", match->label, (int)match->op, match->value));
    }
    return arena_printf(mem, "%s(%s%s)", function_text(rule->function), rule->selector.id,
                        sorted_text(&labels, mem));
}

const char *rule_left_side(const struct rule *rule, const struct gate *gate, struct arena *mem)
{
    struct words any = {0};
    const bool has_when = rule->when.branches.count + rule->when.changes.count > 0;
    const struct when *when = has_when ? &rule->when : &gate->when;
    const char *each = rule->each != NULL ? rule->each : gate->each;
    for (size_t i = 0; i < rule->any.count; i++)
        array_push(mem, &any, selector_text(rule->any.items[i], mem));
    return arena_printf(mem, "%s\3%s\3%s\3%s\3%d",
                        rule->any.count > 0 ? sorted_text(&any, mem) : selector_text(rule, mem),
                        sorted_text(&when->branches, mem), sorted_text(&when->changes, mem),
                        each == NULL ? "" : each,
                        (int)(rule->enforce_from != 0 ? rule->enforce_from : gate->enforce_from));
}

void rules_load(struct loader *loader, const struct node *list, const struct gate *gate,
                struct rules *into)
{
    struct names seen;
    names_init(&seen, loader->mem);
    for (size_t i = 0; i < list->items.count; i++) {
        struct rule *rule = load_rule(loader, list->items.items[i], false);
        if (rule == NULL)
            continue;
        const char *left = rule_left_side(rule, gate, loader->mem);
        size_t index = names_add(&seen, left, strlen(left));
        if (index < into->count)
            problem_add(loader->found, rule->at,
                        "the rule in line %u demands something of the same already",
                        into->items[index]->at.line);
        else
            array_push(loader->mem, into, rule);
    }
}
