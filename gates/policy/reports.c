/* `reports:` of a policy. */
#include <string.h>

#include "gates/base/names.h"
#include "gates/base/nearest.h"
#include "gates/base/text.h"
#include "gates/policy/load.h"
#include "gates/policy/quantity.h"

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
        return duration_read(value->text, &ms) ? arena_printf(loader->mem, "%lld", (long long)ms)
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
                    load_shown(loader, key->text), nearest_hint(&nearest, loader->mem));
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

static void load_options(struct loader *loader, const struct node *map, struct report_entry *entry)
{
    for (size_t i = 0; entry->reader != NULL && i + 1 < map->items.count; i += 2)
        if (map->items.items[i]->kind == NODE_TEXT)
            load_option(loader, entry->reader, map->items.items[i], map->items.items[i + 1],
                        &entry->settings);
}

static void find_format(struct loader *loader, const struct node *value, struct report_entry *entry)
{
    struct nearest nearest = {.asked = value->text};
    entry->reader = reader_named(value->text);
    if (entry->reader != NULL)
        return;
    if (text_lists(LATER_FORMATS, value->text, strlen(value->text))) {
        problem_add(&loader->policy->warnings, value->at,
                    "this version cannot read %s yet: what only it could answer is no data",
                    value->text);
        return;
    }
    for (size_t i = 0; readers[i] != NULL; i++)
        nearest_try(&nearest, readers[i]->name);
    nearest_try_list(&nearest, LATER_FORMATS, loader->mem);
    problem_add(loader->found, value->at, "unknown format '%s'%s", load_shown(loader, value->text),
                nearest.found != NULL ? nearest_hint(&nearest, loader->mem)
                                      : "; `qgate formats` lists them");
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
    if (format != NULL)
        find_format(loader, format, entry);
    if (path != NULL) {
        entry->at = path->at;
        load_check_path(loader, path);
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

struct indexes ARRAY(size_t);

void reports_check(struct loader *loader)
{
    const struct report_entries *reports = &loader->policy->reports;
    struct names sources;
    struct indexes first = {0}; /* the first entry of each */
    names_init(&sources, loader->mem);
    for (size_t i = 0; i < reports->count; i++) {
        const struct report_entry *entry = &reports->items[i];
        const char *key = arena_printf(loader->mem, "%s\1%s", entry->format, entry->name);
        size_t index = names_add(&sources, key, strlen(key));
        if (index >= first.count) {
            array_push(loader->mem, &first, i);
            continue;
        }
        const struct report_entry *other = &reports->items[first.items[index]];
        if (!same_settings(&entry->settings, &other->settings))
            problem_add(loader->found, entry->at,
                        "'%s' has other options than in %s: entries of one name and format "
                        "are one source",
                        load_shown(loader, entry->name), load_place(loader, other->at, entry->at));
    }
}

void reports_load(struct loader *loader, const struct node *list)
{
    for (size_t i = 0; i < list->items.count; i++)
        load_report(loader, list->items.items[i]);
}
