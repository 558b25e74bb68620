/* `deployments:`: where the versions stand that are deployed. */
#include <string.h>

#include "gates/delivery/choose.h"
#include "gates/delivery/load.h"

#define LAYOUT_WORDS "service environment region"

static void check_select(struct delivery_loader *load, const struct node *map)
{
    const struct node *select = keys_find(map, "select", NODE_TEXT);
    struct choice choice;
    const char *why = NULL;
    size_t before = load->in.found->count;
    check_template(load, map, "select", LAYOUT_WORDS, /* foreign */ false);
    if (select != NULL && load->in.found->count == before &&
        !choice_parse(select->text, load->in.mem, &choice, &why))
        problem_add(load->in.found, select->at, "`select` %s: %s",
                    load_shown(&load->in, select->text), why);
}

static void of_files(struct delivery_loader *load, const struct node *map)
{
    static const char *const needed[] = {"repository", "select"};
    for (size_t i = 0; i < 2; i++)
        if (node_find(map, needed[i]) == NULL)
            problem_add(load->in.found, map->at, "`%s` is missing: `file` needs it", needed[i]);
    check_inside(load, map, "file");
    check_template(load, map, "file", LAYOUT_WORDS, /* foreign */ false);
    check_select(load, map);
    check_template(load, map, "name", LAYOUT_WORDS, /* foreign */ false);
    check_template(load, map, "kind", "", /* foreign */ false);
}

static void of_tags(struct delivery_loader *load, const struct node *map)
{
    static const char *const of_file[] = {"repository", "file", "select", "kind", "name", "region"};
    for (size_t i = 0; i < sizeof of_file / sizeof of_file[0]; i++) {
        const struct node *value = node_find(map, of_file[i]);
        if (value != NULL)
            problem_add(load->in.found, value->at,
                        "`%s` goes with files: `tags` are those of the service's own repository",
                        of_file[i]);
    }
    check_template(load, map, "tags", "service", /* foreign */ false);
}

/* A word is captured by a template or fixed by a key of its name. */
static void check_fixed(struct delivery_loader *load, const struct node *map,
                        const struct delivery_layout *layout, const char *word, bool needed)
{
    const struct node *fixed = keys_find(map, word, NODE_TEXT);
    bool captured = template_has(layout->file, word) || template_has(layout->select, word) ||
                    template_has(layout->name, word) || template_has(layout->tags, word);
    if (fixed != NULL && captured)
        problem_add(load->in.found, fixed->at, "a template holds {%s}: leave out `%s`", word, word);
    else if (node_find(map, word) == NULL && !captured && needed)
        problem_add(load->in.found, map->at,
                    "which %s is it? no template holds {%s}, and `%s` does not name it", word, word,
                    word);
}

static void load_layout(struct delivery_loader *load, struct node *map)
{
    struct delivery_layout layout = {.at = map->at};
    if (!keys_load(&load->in, map, "deployments", &layout)) {
        problem_add(load->in.found, map->at,
                    "an entry of `deployments` is a map like {repository: …, file: …, select: …}");
        return;
    }
    bool has_file = node_find(map, "file") != NULL, has_tags = node_find(map, "tags") != NULL;
    if (has_file == has_tags)
        problem_add(load->in.found, map->at, "a layout has `file` and `select`, or `tags`%s",
                    has_file ? ", not both" : "");
    else if (has_file)
        of_files(load, map);
    else
        of_tags(load, map);
    if (has_file != has_tags) {
        check_fixed(load, map, &layout, "service", has_file);
        check_fixed(load, map, &layout, "environment", has_file);
        check_fixed(load, map, &layout, "region", /* needed */ false);
    }
    array_push(load->in.mem, &load->delivery->layouts, layout);
    array_push(load->in.mem, &load->layouts, map);
}

void deployments_load(struct delivery_loader *load, const struct node *list)
{
    for (size_t i = 0; i < list->items.count; i++)
        load_layout(load, list->items.items[i]);
}

static const char *first_production(const struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->environments.count; i++)
        if (delivery->environments.items[i].tier == TIER_PRODUCTION)
            return delivery->environments.items[i].name;
    return NULL;
}

static void check_known(struct delivery_loader *load, const struct node *map, const char *key,
                        const char *what, const struct names *known)
{
    const struct node *name = keys_find(map, key, NODE_TEXT);
    if (name != NULL && names_find(known, name->text, strlen(name->text)) == NAMES_NONE)
        unknown_name(load, name->at, what, name->text, known);
}

/* One of its environment's, or of any when that is not known or has none. */
static void check_region(struct delivery_loader *load, const struct node *map,
                         const struct delivery_layout *layout)
{
    const struct delivery_environments *all = &load->delivery->environments;
    const struct delivery_environment *own =
        layout->environment == NULL ? NULL
                                    : delivery_environment(load->delivery, layout->environment);
    const char *what = "no region";
    struct names known;
    names_init(&known, load->in.mem);
    if (own != NULL && own->regions.count > 0)
        what = arena_printf(load->in.mem, "no region of '%s'", own->name);
    for (size_t i = 0; i < all->count; i++) {
        const struct words *regions = &all->items[i].regions;
        bool counts = own == NULL || own->regions.count == 0 || own == &all->items[i];
        for (size_t k = 0; counts && k < regions->count; k++)
            names_add(&known, regions->items[k], strlen(regions->items[k]));
    }
    check_known(load, map, "region", what, &known);
}

void deployments_check(struct delivery_loader *load)
{
    const struct delivery *delivery = load->delivery;
    for (size_t i = 0; i < delivery->layouts.count; i++) {
        struct delivery_layout *layout = &delivery->layouts.items[i];
        const struct node *map = load->layouts.items[i];
        check_known(load, map, "repository", "no entry of `repositories`",
                    &delivery->repository_names);
        check_known(load, map, "service", "no service", &delivery->service_names);
        check_known(load, map, "environment", "no environment", &delivery->environment_names);
        check_region(load, map, layout);
        if (layout->environment != NULL || layout->tags == NULL)
            continue;
        layout->environment = first_production(delivery);
        if (layout->environment == NULL)
            problem_add(load->in.found, layout->at,
                        "no environment has the tier production: name one in `environment`");
    }
}
