/* `sources:` and `queries:`: services that are asked. All but where projects lie is of later
 * versions: checked, and said. */
#include <string.h>

#include "gates/base/text.h"
#include "gates/delivery/load.h"

static void load_entry(struct delivery_loader *load, const struct node *map, const char *part,
                       const char *variable, struct source_entry *entry)
{
    if (!keys_load(&load->in, map, part, entry)) {
        problem_add(load->in.found, map->at, "an entry of `%s` is a map like {name: eu, url: …}",
                    part);
        return;
    }
    check_url(load, map, entry->token_env != NULL);
    check_variable(load, map, variable);
}

static void load_gitlab(struct delivery_loader *load, const struct node *map)
{
    struct source_entry entry = {0};
    load_entry(load, map, "gitlab", "token_env", &entry);
    load->delivery->gitlab_url = entry.url;
    load->delivery->gitlab_token_env = entry.token_env;
    if (entry.groups.count > 0)
        note_later(load, map, "groups", "sources.gitlab.groups");
}

static void load_argocd(struct delivery_loader *load, const struct node *list)
{
    struct names names;
    names_init(&names, load->in.mem);
    for (size_t i = 0; i < list->items.count; i++) {
        struct source_entry entry = {0};
        const struct node *map = list->items.items[i];
        load_entry(load, map, "argocd", "token_env", &entry);
        size_t before = names.texts.count;
        if (entry.name != NULL && names_add(&names, entry.name, strlen(entry.name)) < before)
            problem_add(load->in.found, map->at, "there is an instance named '%s' already",
                        load_shown(&load->in, entry.name));
    }
}

static void check_urgency(struct delivery_loader *load, const struct node *map,
                          const struct words *urgency)
{
    for (size_t i = 0; i < urgency->count; i++)
        if (!text_lists("high low", urgency->items[i], strlen(urgency->items[i])))
            problem_add(load->in.found, node_find(map, "urgency")->at,
                        "`urgency` is high or low, not '%s'",
                        load_shown(&load->in, urgency->items[i]));
}

void sources_load(struct delivery_loader *load, const struct node *map)
{
    static const struct {
        const char *key;
        enum node_kind kind;
        const char *variable;
    } later[] = {{"argocd", NODE_LIST, NULL},
                 {"pagerduty", NODE_MAP, "token_env"},
                 {"newrelic", NODE_MAP, "key_env"},
                 {"prometheus", NODE_MAP, "token_env"},
                 {"jira", NODE_MAP, "token_env"}};
    keys_load(&load->in, map, "sources", load->delivery);
    const struct node *gitlab = keys_find(map, "gitlab", NODE_MAP);
    if (gitlab != NULL)
        load_gitlab(load, gitlab);
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        struct source_entry entry = {0};
        const struct node *value = keys_find(map, later[i].key, later[i].kind);
        if (value == NULL)
            continue;
        if (later[i].kind == NODE_LIST)
            load_argocd(load, value);
        else
            load_entry(load, value, later[i].key, later[i].variable, &entry);
        check_urgency(load, value, &entry.urgency);
        array_push(load->in.mem, &load->sources, later[i].key);
        note_later(load, map, later[i].key, arena_printf(load->in.mem, "sources.%s", later[i].key));
    }
}

/* --- queries --------------------------------------------------------------------------------- */

#define QUERY_WORDS "service team environment region project window jira pagerduty"

static void load_query(struct delivery_loader *load, const struct node *name,
                       const struct node *map)
{
    struct query_entry entry = {0};
    struct names known;
    check_name(load, name, "a query", "");
    if (!keys_load(&load->in, map, "queries", &entry)) {
        problem_add(load->in.found, map->at, "a query is a map like {source: …, ask: …}");
        return;
    }
    check_template(load, map, "ask", QUERY_WORDS, /* foreign */ true);
    check_template(load, map, "of", QUERY_WORDS, /* foreign */ true);
    names_init(&known, load->in.mem);
    for (size_t i = 0; i < load->sources.count; i++)
        names_add(&known, load->sources.items[i], strlen(load->sources.items[i]));
    if (entry.source != NULL &&
        names_find(&known, entry.source, strlen(entry.source)) == NAMES_NONE)
        unknown_name(load, node_find(map, "source")->at, "no entry of `sources`", entry.source,
                     &known);
}

void queries_load(struct delivery_loader *load, const struct node *map)
{
    for (size_t i = 0; i + 1 < map->items.count; i += 2)
        if (map->items.items[i]->kind == NODE_TEXT)
            load_query(load, map->items.items[i], map->items.items[i + 1]);
}
