/* What a policy takes over from others: `extends`, gates of one name, locked gates. */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/names.h"
#include "gates/base/nearest.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/policies/embedded.h"
#include "gates/policy/load.h"
#include "gates/policy/rules.h"

static bool stands_in(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], word) == 0)
            return true;
    return false;
}

/* A policy that is compiled in. NULL: said that there is none. */
static const struct embedded *ready_made(struct loader *loader, const struct node *name)
{
    const char *asked = name->text + strlen("qgate:");
    struct nearest nearest = {.asked = asked};
    for (const struct embedded *file = embedded_files; file->name != NULL; file++) {
        if (strchr(file->name, '/') != NULL) /* a schema */
            continue;
        if (strcmp(file->name, asked) == 0)
            return file;
        nearest_try(&nearest, file->name);
    }
    problem_add(loader->found, name->at, "there is no ready-made policy '%s'%s",
                load_shown(loader, name->text), nearest_hint(&nearest, loader->mem));
    return NULL;
}

static bool is_of_site(const char *name)
{
    return strncmp(name, "site:", 5) == 0;
}

/* May the policy being loaded extend this name at all? */
static bool check_name(struct loader *loader, const struct node *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    const char *by = loader->open.items[loader->open.count - 1];
    if (is_of_site(name->text)) {
        const char *own = name->text + strlen("site:");
        if (*own != '\0' && own[strspn(own, letters)] == '\0')
            return true;
        problem_add(loader->found, name->at, "the name of a site policy is one word: site:NAME");
        return false;
    }
    if (loader->open.count > 1 && is_of_site(by)) {
        problem_add(loader->found, name->at,
                    "a site policy cannot extend a file of the repository");
        return false;
    }
    return load_check_path(loader, name);
}

static bool text_of(struct loader *loader, const struct node *name, const char **text, size_t *len)
{
    *text = NULL;
    if (strncmp(name->text, "qgate:", strlen("qgate:")) != 0)
        return !check_name(loader, name) || load_open(loader, name, text, len);
    const struct embedded *file = ready_made(loader, name);
    if (file == NULL)
        return true;
    *text = file->text;
    *len = file->size;
    return true;
}

static bool extend(struct loader *loader, const struct node *written)
{
    struct node name = *written;
    const char *text = NULL;
    size_t len = 0;
    bool of_repository = strchr(name.text, ':') == NULL;
    if (of_repository && !path_is_absolute(name.text))
        name.text = path_clean(loader->mem, name.text, strlen(name.text));
    if (stands_in(&loader->open, name.text)) {
        problem_add(loader->found, name.at, "'%s' extends itself, by way of %s",
                    load_shown(loader, name.text), loader->open.items[loader->open.count - 1]);
        return true;
    }
    if (stands_in(&loader->read, name.text)) /* by two ways: once is enough */
        return true;
    if (loader->read.count == LIMIT_POLICY_FILES) {
        problem_add(loader->found, name.at, "a policy extends at most %d files",
                    LIMIT_POLICY_FILES);
        return true;
    }
    array_push(loader->mem, &loader->read, name.text);
    if (!text_of(loader, &name, &text, &len))
        return false;
    if (text == NULL)
        return true;
    struct policy_origin *origin = array_add(loader->mem, &loader->policy->origins);
    origin->role = "extends";
    origin->name = name.text;
    load_digest(loader->mem, text, len, origin->sha256);
    array_push(loader->mem, &loader->open, name.text);
    bool loaded = load_file(loader, name.text, text, len);
    loader->open.count--;
    return loaded;
}

bool extends_load(struct loader *loader, const struct node *names)
{
    bool is_list = names->kind == NODE_LIST;
    for (size_t i = 0; i < (is_list ? names->items.count : 1); i++) {
        const struct node *name = is_list ? names->items.items[i] : names;
        if (name->kind != NODE_TEXT || node_is_empty(name) || name->text[0] == '\0') {
            if (is_list)
                problem_add(loader->found, name->at, "`extends` is %s", key_type_name(KEY_NAMES));
        } else if (!extend(loader, name)) {
            return false;
        }
    }
    return true;
}

static bool points_up(const struct rule *rule)
{
    return rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
}

static bool leaves_out_its_threshold(const struct rule *rule)
{
    return rule->compare == COMPARE_MORE || rule->compare == COMPARE_LESS;
}

/* Does a rule accept the value that the other one names, and that lies `cmp` of its own? */
static bool accepts(const struct rule *rule, int cmp)
{
    switch (rule->compare) {
    case COMPARE_EQUAL:
        return cmp == 0;
    case COMPARE_UNEQUAL:
        return cmp != 0;
    default:
        return cmp == 0 ? !leaves_out_its_threshold(rule) : (cmp > 0) == points_up(rule);
    }
}

bool rule_accepts_no_more(const struct rule *new, const struct rule *old)
{
    int cmp = new->word != NULL && old->word != NULL
                  ? strcmp(new->word, old->word)
                  : number_compare(new->threshold, old->threshold);
    if (new->compare == COMPARE_EQUAL)
        return accepts(old, cmp);
    if (old->compare == COMPARE_UNEQUAL) /* the one value that `old` refuses */
        return !accepts(new, -cmp);
    if (old->compare == COMPARE_EQUAL || new->compare == COMPARE_UNEQUAL ||
        points_up(new) != points_up(old))
        return false;
    return cmp == 0 ? leaves_out_its_threshold(new) || !leaves_out_its_threshold(old)
                    : (cmp > 0) == points_up(old);
}

static bool is_as_strict(const struct rule *new, const struct rule *old, struct arena *mem);

/* What holds by one of several rules holds no oftener when each of them is as strict as one before.
 */
static bool all_as_strict(const struct rules *new, const struct rules *old, struct arena *mem)
{
    const struct gate none = {0};
    for (size_t i = 0; i < new->count; i++) {
        const char *left = rule_left_side(new->items[i], &none, mem);
        bool found = false;
        for (size_t j = 0; j < old->count && !found; j++)
            found = strcmp(rule_left_side(old->items[j], &none, mem), left) == 0 &&
                    is_as_strict(new->items[i], old->items[j], mem);
        if (!found)
            return false;
    }
    return true;
}

/* Is a rule at least as strict as the one with the same left side that it replaces? */
static bool is_as_strict(const struct rule *new, const struct rule *old, struct arena *mem)
{
    if (new->on_missing > old->on_missing || new->on_no_baseline > old->on_no_baseline ||
        new->min_lines > old->min_lines || new->max_uncovered > old->max_uncovered)
        return false;
    if (new->any.count > 0)
        return all_as_strict(&new->any, &old->any, mem);
    if (new->tolerance.above > 0 &&
        (old->tolerance.above == 0 || number_compare(new->tolerance, old->tolerance) > 0))
        return false;
    return rule_accepts_no_more(new, old);
}

static void merge_rules(struct loader *loader, const struct gate *gate, struct rules *into,
                        const struct rules *own)
{
    struct names left_sides;
    names_init(&left_sides, loader->mem);
    for (size_t i = 0; i < into->count; i++) {
        const char *left = rule_left_side(into->items[i], gate, loader->mem);
        names_add(&left_sides, left, strlen(left));
    }
    for (size_t i = 0; i < own->count; i++) {
        struct rule *rule = own->items[i];
        const char *left = rule_left_side(rule, gate, loader->mem);
        size_t index = names_find(&left_sides, left, strlen(left));
        if (index == NAMES_NONE)
            array_push(loader->mem, into, rule);
        else if (gate->locked && !is_as_strict(rule, into->items[index], loader->mem))
            problem_add(loader->found, rule->at,
                        "the gate '%s' is locked: this loosens the rule in %s",
                        load_shown(loader, gate->name),
                        load_place(loader, into->items[index]->at, rule->at));
        else
            into->items[index] = rule;
    }
}

static void check_locked(struct loader *loader, const struct gate *gate, const struct node *map)
{
    static const char *const loosening[] = {"stage", "when", "each", "enforce_from"};
    for (size_t i = 0; i < sizeof loosening / sizeof loosening[0]; i++) {
        const struct node *value = node_find(map, loosening[i]);
        if (value != NULL)
            problem_add(loader->found, value->at,
                        "the gate '%s' is locked in %s: it can be given no `%s`",
                        load_shown(loader, gate->name), load_place(loader, gate->at, value->at),
                        loosening[i]);
    }
    const struct node *locked = keys_find(map, "locked", NODE_TEXT);
    if (locked != NULL && strcmp(locked->text, "false") == 0)
        problem_add(loader->found, locked->at, "the gate '%s' is locked in %s: it stays so",
                    load_shown(loader, gate->name), load_place(loader, gate->at, locked->at));
}

static void merge_gate(struct loader *loader, struct gate *into, const struct gate *own,
                       const struct node *map)
{
    if (into->locked)
        check_locked(loader, into, map);
    if (own->stage != NULL)
        into->stage = own->stage;
    if (own->why != NULL)
        into->why = own->why;
    if (own->each != NULL)
        into->each = own->each;
    if (own->when.branches.count + own->when.changes.count > 0)
        into->when = own->when;
    if (own->enforce_from != 0)
        into->enforce_from = own->enforce_from;
    merge_rules(loader, into, &into->require, &own->require);
    merge_rules(loader, into, &into->warn, &own->warn);
    into->locked |= own->locked;
}

void gate_add(struct loader *loader, const struct gate *own, const struct node *map, bool sound)
{
    struct gates *gates = &loader->policy->gates;
    for (size_t i = 0; i < gates->count && own->name != NULL; i++) {
        struct gate *gate = &gates->items[i];
        if (gate->name == NULL || strcmp(gate->name, own->name) != 0)
            continue;
        merge_gate(loader, gate, own, map);
        return;
    }
    if (sound && own->require.count + own->warn.count == 0)
        problem_add(loader->found, own->at, "the gate '%s' has no rules",
                    load_shown(loader, own->name));
    array_push(loader->mem, gates, *own);
}

static void check_floor(const struct policy *floor, struct problems *found)
{
    const struct place top = {floor->path, 1, 1};
    for (size_t i = 0; i < floor->reports.count; i++)
        problem_add(found, floor->reports.items[i].at,
                    "a floor names no reports: the project does");
    for (size_t i = 0; i < floor->outputs.count; i++)
        problem_add(found, floor->outputs.items[i].at,
                    "a floor names no outputs: the project does");
    for (size_t i = 0; i < floor->waivers.count; i++)
        problem_add(found, floor->waivers.items[i].at, "a floor holds no waivers");
    if (floor->ignore.count + floor->maps.count + floor->sources.count > 0)
        problem_add(found, top, "a floor has no `paths`: the project does");
}

static void add_floor_origins(struct policy *policy, const struct policy *floor, struct arena *mem)
{
    struct policy_origin *origin = array_add(mem, &policy->origins);
    origin->role = "floor";
    origin->name = floor->path;
    memcpy(origin->sha256, floor->sha256, sizeof origin->sha256);
    for (size_t i = 0; i < floor->origins.count; i++) {
        origin = array_add(mem, &policy->origins);
        *origin = floor->origins.items[i];
        origin->role = "floor";
    }
}

/* No path is ignored for them. */
static void mark_rules(const struct rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        rules->items[i]->selector.ignores_nothing = true;
        mark_rules(&rules->items[i]->any);
    }
}

void policy_add_floor(struct policy *policy, const struct policy *floor, struct arena *mem,
                      struct problems *found)
{
    check_floor(floor, found);
    for (size_t i = 0; i < floor->gates.count; i++) {
        struct gate gate = floor->gates.items[i];
        gate.floor = gate.locked = true;
        mark_rules(&gate.require);
        mark_rules(&gate.warn);
        array_push(mem, &policy->gates, gate);
    }
    add_floor_origins(policy, floor, mem);
    int32_t most = floor->waivers.max_days;
    if (most > 0 && (policy->waivers.max_days == 0 || most < policy->waivers.max_days))
        policy->waivers.max_days = most;
}
