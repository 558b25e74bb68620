/* A policy's text becomes a struct policy; every mistake of the text is said in one run. */
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/names.h"
#include "gates/base/nearest.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/policy/keys.h"
#include "gates/policy/quantity.h"
#include "gates/policy/rules.h"

struct indexes ARRAY(size_t);

static const char *shown(const struct loader *loader, const char *text)
{
    return text_keep(loader->mem, text, strlen(text), 60);
}

/* --- reports ----------------------------------------------------------------------------------- */

static const struct option *option_named(const struct reader *reader, const char *name,
                                         struct nearest *nearest)
{
    for (const struct option *o = reader->options; o != NULL && o->key != NULL; o++) {
        nearest_try(nearest, o->key);
        if (strcmp(o->key, name) == 0)
            return o;
    }
    return NULL;
}

/* One word of an option, as the reader wants it; NULL: it is not what the option takes. */
static const char *option_word(struct loader *loader, const struct option *option,
                               const struct node *value)
{
    int64_t ms = 0;
    if (value->kind != NODE_TEXT || node_is_empty(value))
        return NULL;
    switch (option->type) {
    case OPTION_FLAG:
        return text_lists("true false", value->text, strlen(value->text)) ? value->text : NULL;
    case OPTION_TIMES:
        return duration_read(value->text, &ms)
                   ? arena_printf(loader->mem, "%lld", (long long)ms)
                   : NULL;
    default:
        if (option->choices == NULL)
            return value->text;
        return text_lists(option->choices, value->text, strlen(value->text)) ? value->text : NULL;
    }
}

static const char *option_takes(struct loader *loader, const struct option *option)
{
    bool list = option->type == OPTION_WORDS;
    if (option->type == OPTION_FLAG)
        return "is true or false";
    if (option->type == OPTION_TIMES)
        return "is a time like 500ms, or a list of them";
    if (option->choices == NULL)
        return list ? "is a list of texts" : "is a text";
    return arena_printf(loader->mem, "%s %s", list ? "is a list of" : "is one of", option->choices);
}

static void load_option(struct loader *loader, const struct reader *reader, const struct node *key,
                        const struct node *value, struct settings *into)
{
    struct nearest nearest = {.asked = key->text};
    const struct option *option = option_named(reader, key->text, &nearest);
    if (option == NULL) {
        problem_add(loader->found, key->at, "%s has no option '%s'%s", reader->name,
                    shown(loader, key->text), nearest_hint(&nearest, loader->mem));
        return;
    }
    struct setting setting = {.option = option};
    bool may_list = option->type == OPTION_WORDS || option->type == OPTION_TIMES;
    bool is_list = value->kind == NODE_LIST && may_list && value->items.count > 0;
    for (size_t i = 0; i < (is_list ? value->items.count : 1); i++) {
        const struct node *one = is_list ? value->items.items[i] : value;
        const char *word = option_word(loader, option, one);
        if (word == NULL)
            problem_add(loader->found, one->at, "`%s` %s", option->key,
                        option_takes(loader, option));
        else
            array_push(loader->mem, &setting.values, word);
    }
    array_push(loader->mem, into, setting);
}

static void load_options(struct loader *loader, const struct node *map,
                         struct report_entry *entry)
{
    for (size_t i = 0; entry->reader != NULL && i + 1 < map->items.count; i += 2)
        if (map->items.items[i]->kind == NODE_TEXT)
            load_option(loader, entry->reader, map->items.items[i], map->items.items[i + 1],
                        &entry->settings);
}

static void unknown_format(struct loader *loader, const struct node *value)
{
    struct nearest nearest = {.asked = value->text};
    for (size_t i = 0; readers[i] != NULL; i++)
        nearest_try(&nearest, readers[i]->name);
    problem_add(loader->found, value->at, "unknown format '%s'%s", shown(loader, value->text),
                nearest.found != NULL ? nearest_hint(&nearest, loader->mem)
                                      : "; `qgate formats` lists them");
}

/* What a policy names lies in the work tree, outside git's own files. */
static void check_path(struct loader *loader, const struct node *value)
{
    const char *path = path_clean(loader->mem, value->text, strlen(value->text));
    if (path_is_absolute(path))
        problem_add(loader->found, value->at,
                    "'%s' is absolute: paths of a policy begin at the root of the repository",
                    shown(loader, value->text));
    else if (strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0)
        problem_add(loader->found, value->at, "'%s' leaves the repository",
                    shown(loader, value->text));
    else if (strcmp(path, ".git") == 0 || strncmp(path, ".git/", 5) == 0)
        problem_add(loader->found, value->at, "'%s' lies in git's own directory",
                    shown(loader, value->text));
}

static void load_report(struct loader *loader, const struct node *map)
{
    struct report_entry *entry = array_add(loader->mem, &loader->policy->reports);
    *entry = (struct report_entry){.at = map->at, .format = "", .path = ""};
    if (!keys_load(loader, map, "reports", entry)) {
        entry->name = "";
        problem_add(loader->found, map->at,
                    "an entry of `reports` is a map like {format: junit, path: …}");
        return;
    }
    const struct node *format = keys_find(map, "format", NODE_TEXT);
    const struct node *path = keys_find(map, "path", NODE_TEXT);
    const struct node *options = keys_find(map, "options", NODE_MAP);
    if (format != NULL) {
        entry->reader = reader_named(format->text);
        if (entry->reader == NULL)
            unknown_format(loader, format);
    }
    if (path != NULL) {
        entry->at = path->at;
        check_path(loader, path);
    }
    if (entry->name == NULL)
        entry->name = entry->format;
    if (options != NULL)
        load_options(loader, options, entry);
}

static bool same_words(const struct words *a, const struct words *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return true;
}

static bool same_settings(const struct settings *a, const struct settings *b)
{
    size_t same = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            same += a->items[i].option == b->items[j].option &&
                    same_words(&a->items[i].values, &b->items[j].values);
    return a->count == b->count && same == a->count;
}

/* Entries of one name and format are one source, which is read one way. */
static void check_sources(struct loader *loader)
{
    const struct report_entries *reports = &loader->policy->reports;
    struct names sources;
    struct indexes first = {0}; /* the first entry of each */
    names_init(&sources, loader->mem);
    for (size_t i = 0; i < reports->count; i++) {
        const struct report_entry *entry = &reports->items[i];
        if (entry->reader == NULL)
            continue;
        const char *key = arena_printf(loader->mem, "%s\1%s", entry->format, entry->name);
        size_t index = names_add(&sources, key, strlen(key));
        if (index == first.count)
            array_push(loader->mem, &first, i);
        const struct report_entry *other = &reports->items[first.items[index]];
        if (!same_settings(&entry->settings, &other->settings))
            problem_add(loader->found, entry->at,
                        "'%s' has other options than in line %u: entries of one name and format "
                        "are one source",
                        shown(loader, entry->name), other->at.line);
    }
}

static void load_reports(struct loader *loader, const struct node *list)
{
    for (size_t i = 0; i < list->items.count; i++)
        load_report(loader, list->items.items[i]);
    check_sources(loader);
}

/* --- components, outputs ----------------------------------------------------------------------- */

enum { MOST_COMPONENT_BYTES = 64 };

static void load_components(struct loader *loader, const struct node *map)
{
    for (size_t i = 0; i + 1 < map->items.count; i += 2) {
        const struct node *name = map->items.items[i];
        if (name->kind != NODE_TEXT)
            continue;
        if (strlen(name->text) > MOST_COMPONENT_BYTES)
            problem_add(loader->found, name->at, "the name of a component has at most %d bytes",
                        MOST_COMPONENT_BYTES);
        struct component *component = array_add(loader->mem, &loader->policy->components);
        component->name = name->text;
        words_load(loader, name->text, map->items.items[i + 1], &component->globs);
    }
}

static void load_output(struct loader *loader, const struct node *map)
{
    struct output *output = array_add(loader->mem, &loader->policy->outputs);
    output->at = map->at;
    if (!keys_load(loader, map, "outputs", output)) {
        problem_add(loader->found, map->at, "an entry of `outputs` is a map like {format: json, path: qgate.json}");
        return;
    }
    const struct node *format = keys_find(map, "format", NODE_TEXT);
    const struct node *path = keys_find(map, "path", NODE_TEXT);
    if (path != NULL)
        check_path(loader, path);
    if (format == NULL || text_lists(POLICY_OUTPUTS, format->text, strlen(format->text)))
        return;
    struct nearest nearest = {.asked = format->text};
    nearest_try_list(&nearest, POLICY_OUTPUTS, loader->mem);
    problem_add(loader->found, format->at, "unknown output '%s'%s", shown(loader, format->text),
                nearest.found != NULL ? nearest_hint(&nearest, loader->mem)
                                      : "; there are: " POLICY_OUTPUTS);
}

static void load_outputs(struct loader *loader, const struct node *list)
{
    for (size_t i = 0; i < list->items.count; i++)
        load_output(loader, list->items.items[i]);
}

/* --- gates ------------------------------------------------------------------------------------- */

/* More comparisons of names than any policy needs; behind them, no name is said to be missing. */
enum { MOST_COMPARISONS = 200000 };

static bool may_compare(struct loader *loader)
{
    return loader->comparisons++ < MOST_COMPARISONS;
}

static bool has_component(struct loader *loader, const char *name, struct nearest *nearest)
{
    const struct components *components = &loader->policy->components;
    for (size_t i = 0; i < components->count; i++)
        if (!may_compare(loader) || glob_match(name, components->items[i].name))
            return true;
    for (size_t i = 0; i < components->count && may_compare(loader); i++)
        nearest_try(nearest, components->items[i].name);
    return false;
}

static void check_component(struct loader *loader, const struct rule *rule,
                            const struct label_match *match)
{
    struct nearest nearest = {.asked = match->value};
    if (loader->policy->components.count == 0)
        problem_add(loader->found, rule->at, "there are no components: name them in `components`");
    else if (match->op <= LABEL_IS_NOT && !has_component(loader, match->value, &nearest))
        problem_add(loader->found, rule->at, "no component is named '%s'%s",
                    shown(loader, match->value), nearest_hint(&nearest, loader->mem));
}

static bool has_report(struct loader *loader, const char *name, struct nearest *nearest)
{
    const struct report_entries *reports = &loader->policy->reports;
    for (size_t i = 0; i < reports->count; i++)
        if (!may_compare(loader) || strcmp(reports->items[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < reports->count && may_compare(loader); i++)
        nearest_try(nearest, reports->items[i].name);
    return reports->count == 0; /* the reports are named on the command line, or found */
}

static void check_report(struct loader *loader, const struct rule *rule,
                         const struct label_match *match)
{
    struct nearest nearest = {.asked = match->value};
    if (match->op <= LABEL_IS_NOT && !has_report(loader, match->value, &nearest))
        problem_add(&loader->policy->warnings, rule->at, "no entry of `reports` is named '%s'%s",
                    shown(loader, match->value), nearest_hint(&nearest, loader->mem));
}

/* What a rule says about other parts of the policy, now that these are known. */
static void tie_rule(struct loader *loader, struct rule *rule)
{
    for (size_t i = 0; i < rule->any.count; i++)
        tie_rule(loader, rule->any.items[i]);
    struct selector *selector = &rule->selector;
    selector->components = &loader->policy->components;
    for (size_t i = 0; i < selector->labels.count; i++) {
        const struct label_match *match = &selector->labels.items[i];
        if (strcmp(match->label, "component") == 0)
            check_component(loader, rule, match);
        else if (strcmp(match->label, "report") == 0)
            check_report(loader, rule, match);
    }
    if (rule->each != NULL && strcmp(rule->each, "component") == 0 &&
        loader->policy->components.count == 0)
        problem_add(loader->found, rule->at, "there are no components: name them in `components`");
    if (rule->any.count == 0 && strcmp(selector->measure->id, "sonar.*") == 0)
        problem_add(&loader->policy->warnings, rule->at,
                    "%s is no metric that qgate knows: it is judged as a plain number",
                    selector->id);
}

static void tie_gate(struct loader *loader, struct gate *gate)
{
    if (gate->each != NULL && strcmp(gate->each, "component") == 0 &&
        loader->policy->components.count == 0)
        problem_add(loader->found, gate->at, "there are no components: name them in `components`");
    for (size_t i = 0; i < gate->require.count; i++)
        tie_rule(loader, gate->require.items[i]);
    for (size_t i = 0; i < gate->warn.count; i++)
        tie_rule(loader, gate->warn.items[i]);
}

static void check_stage(struct loader *loader, const struct node *stage)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (stage != NULL && stage->text[strspn(stage->text, letters)] != '\0')
        problem_add(loader->found, stage->at, "`stage` is one word of letters, digits, _ and -");
}

static void load_gate(struct loader *loader, const struct node *map)
{
    struct gate gate = {.at = map->at, .stage = "build"};
    size_t before = loader->found->count;
    if (!keys_load(loader, map, "gates", &gate)) {
        problem_add(loader->found, map->at, "a gate is a map with `name` and `require`");
        return;
    }
    const struct node *require = keys_find(map, "require", NODE_LIST);
    const struct node *warn = keys_find(map, "warn", NODE_LIST);
    const struct node *when = keys_find(map, "when", NODE_MAP);
    if (when != NULL)
        when_load(loader, when, &gate.when);
    check_stage(loader, keys_find(map, "stage", NODE_TEXT));
    if (require != NULL)
        rules_load(loader, require, &gate, &gate.require);
    if (warn != NULL)
        rules_load(loader, warn, &gate, &gate.warn);
    if (gate.each != NULL) {
        rules_check_each(loader, &gate.require, gate.each, node_find(map, "each")->at);
        rules_check_each(loader, &gate.warn, gate.each, node_find(map, "each")->at);
    }
    if (gate.require.count + gate.warn.count == 0 && loader->found->count == before)
        problem_add(loader->found, map->at, "the gate '%s' has no rules", shown(loader, gate.name));
    array_push(loader->mem, &loader->policy->gates, gate);
}

static void check_names(struct loader *loader)
{
    const struct gates *gates = &loader->policy->gates;
    struct names seen;
    struct indexes first = {0}; /* the first entry of each */
    names_init(&seen, loader->mem);
    for (size_t i = 0; i < gates->count; i++) {
        const char *name = gates->items[i].name;
        if (name == NULL)
            continue;
        size_t index = names_add(&seen, name, strlen(name));
        if (index == first.count)
            array_push(loader->mem, &first, i);
        else
            problem_add(loader->found, gates->items[i].at,
                        "the gate '%s' is already there, in line %u", shown(loader, name),
                        gates->items[first.items[index]].at.line);
    }
}

static void load_gates(struct loader *loader, const struct node *list)
{
    for (size_t i = 0; i < list->items.count; i++)
        load_gate(loader, list->items.items[i]);
    check_names(loader);
}

/* --- the whole --------------------------------------------------------------------------------- */

static void check_version(struct loader *loader, const struct node *root)
{
    const struct node *version = keys_find(root, "version", NODE_TEXT);
    if (version != NULL && strcmp(version->text, "1") != 0)
        problem_add(loader->found, version->at,
                    "this qgate knows version 1 of the policy language, not '%s'",
                    shown(loader, version->text));
    else if (version != NULL && !version->plain)
        problem_add(loader->found, version->at, "`version` is a number: write 1 without quotes");
}

static void load_root(struct loader *loader, const struct node *root)
{
    static const struct {
        const char *key;
        enum node_kind kind;
        void (*load)(struct loader *loader, const struct node *value);
    } parts[] = {{"components", NODE_MAP, load_components},
                 {"reports", NODE_LIST, load_reports},
                 {"outputs", NODE_LIST, load_outputs},
                 {"gates", NODE_LIST, load_gates}};
    if (!keys_load(loader, root, "", loader->policy)) {
        problem_add(loader->found, root->at, "a policy is a map of keys: version, reports, gates");
        return;
    }
    check_version(loader, root);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const struct node *value = keys_find(root, parts[i].key, parts[i].kind);
        if (value != NULL)
            parts[i].load(loader, value);
    }
    const struct node *paths = keys_find(root, "paths", NODE_MAP);
    if (paths != NULL)
        keys_load(loader, paths, "paths", loader->policy);
    const struct node *gates = keys_find(root, "gates", NODE_LIST);
    if (node_find(root, "gates") == NULL || (gates != NULL && gates->items.count == 0))
        problem_add(loader->found, root->at, "the policy has no gate, so it demands nothing");
    for (size_t i = 0; i < loader->policy->gates.count; i++)
        tie_gate(loader, &loader->policy->gates.items[i]);
}

/* An alias is looked at wherever it stands, and says the same each time. */
static void drop_repeated(struct problems *found)
{
    size_t kept = 0;
    for (size_t i = 0; i < found->count; i++) {
        const struct problem *last = kept > 0 ? &found->items[kept - 1] : NULL;
        const struct problem *this = &found->items[i];
        if (last == NULL || last->at.line != this->at.line || last->at.column != this->at.column ||
            strcmp(last->at.file, this->at.file) != 0 || strcmp(last->what, this->what) != 0)
            found->items[kept++] = *this;
    }
    found->count = kept;
}

bool policy_load(const char *path, const char *text, size_t len, struct arena *mem,
                 struct policy *policy, struct problems *found, struct error *err)
{
    (void)err;
    *policy = (struct policy){.path = path};
    problems_init(&policy->warnings, mem);
    struct digest *digest = digest_new(mem);
    digest_add(digest, text, len);
    digest_hex(digest, policy->sha256);
    struct loader loader = {.mem = mem, .found = found, .policy = policy};
    const struct node *root = tree_read(path, text, len, mem, found);
    if (root != NULL)
        load_root(&loader, root);
    problems_sort(found);
    drop_repeated(found);
    problems_sort(&policy->warnings);
    drop_repeated(&policy->warnings);
    return true;
}
