#include "gates/policy/keys.h"

#include <string.h>

#include "gates/base/day.h"
#include "gates/base/nearest.h"
#include "gates/base/text.h"
#include "gates/policy/quantity.h"

const char *key_type_name(enum key_type type)
{
    static const char *const names[] = {
        [KEY_TEXT] = "a text",
        [KEY_WORDS] = "a text or a list of texts",
        [KEY_FLAG] = "true or false",
        [KEY_COUNT] = "a whole number",
        [KEY_DAY] = "a day like 2027-03-01",
        [KEY_AGE] = "a time like 36h or 1d",
        [KEY_CHOICE] = "a word",
        [KEY_LIST] = "a list",
        [KEY_MAP] = "a map of keys",
        [KEY_LIST_OR_MAP] = "a list or a map of keys",
        [KEY_TEXT_OR_LIST] = "a text or a list",
        [KEY_NAMES] = "a text or a list of texts",
        [KEY_OTHER] = "a text",
    };
    return names[type];
}

void words_load(struct loader *loader, const char *what, const struct node *value,
                struct words *into)
{
    const struct node *alone[] = {value};
    bool is_list = value->kind == NODE_LIST;
    size_t count = is_list ? value->items.count : 1;
    if (count == 0)
        problem_add(loader->found, value->at, "`%s` is an empty list", what);
    for (size_t i = 0; i < count; i++) {
        const struct node *word = is_list ? value->items.items[i] : alone[i];
        if (word->kind != NODE_TEXT || word->text[0] == '\0' || node_is_empty(word))
            problem_add(loader->found, word->at, "`%s` is %s", what, key_type_name(KEY_WORDS));
        else
            array_push(loader->mem, into, word->text);
    }
}

/* Enumerations of choices count from 0, in the order of the table. */
static void choice_load(struct loader *loader, const struct key *key, const char *name,
                        const struct node *value, unsigned *into)
{
    struct nearest nearest = {.asked = value->text};
    unsigned index = 0;
    for (const char *at = key->choices; *at != '\0'; index++) {
        size_t size = strcspn(at, " ");
        if (text_is(at, size, value->text)) {
            *into = index;
            return;
        }
        at += size + (at[size] == ' ');
    }
    nearest_try_list(&nearest, key->choices, loader->mem);
    problem_add(loader->found, value->at, "`%s` is one of %s, not '%s'%s", name, key->choices,
                text_keep(loader->mem, value->text, strlen(value->text), 60),
                nearest_hint(&nearest, loader->mem));
}

static bool flag_read(const struct node *value, bool *into)
{
    *into = strcmp(value->text, "true") == 0;
    return value->plain && (*into || strcmp(value->text, "false") == 0);
}

static bool age_read(const struct node *value, int64_t *into)
{
    int64_t ms = 0;
    bool read = duration_read(value->text, &ms) && ms >= 1000;
    *into = ms / 1000;
    return read;
}

/* False: the text is not what the type asks for. */
static bool text_load(struct loader *loader, const struct key *key, const char *name,
                      const struct node *value, void *field)
{
    switch (key->type) {
    case KEY_TEXT:
        *(const char **)field = value->text;
        return true;
    case KEY_FLAG:
        return flag_read(value, field);
    case KEY_COUNT:
        return value->plain && number_parse_count(value->text, strlen(value->text), field);
    case KEY_DAY:
        return day_parse(value->text, field);
    case KEY_AGE:
        return age_read(value, field);
    case KEY_CHOICE:
        choice_load(loader, key, name, value, field);
        return true;
    default:
        return true;
    }
}

static bool is_kind(const struct key *key, const struct node *value)
{
    switch (key->type) {
    case KEY_LIST:
        return value->kind == NODE_LIST;
    case KEY_MAP:
        return value->kind == NODE_MAP;
    case KEY_LIST_OR_MAP:
        return value->kind != NODE_TEXT;
    case KEY_NAMES:
    case KEY_TEXT_OR_LIST:
    case KEY_WORDS:
        return value->kind != NODE_MAP;
    default:
        return value->kind == NODE_TEXT;
    }
}

static void value_load(struct loader *loader, const struct key *key, const struct node *written,
                       const struct node *value, void *into)
{
    const char *name = written->text;
    if (node_is_empty(value))
        problem_add(loader->found, written->at, "`%s` has no value: it is %s", name,
                    key_type_name(key->type));
    else if (value->kind == NODE_TEXT && value->text[0] == '\0' && key->type != KEY_OTHER)
        problem_add(loader->found, value->at, "`%s` is empty", name);
    else if (key->type == KEY_WORDS && is_kind(key, value))
        words_load(loader, name, value, (struct words *)((char *)into + key->offset));
    else if (!is_kind(key, value) ||
             !text_load(loader, key, name, value, (char *)into + key->offset))
        problem_add(loader->found, value->at, "`%s` is %s", name, key_type_name(key->type));
}

/* The key's name when it belongs to the part, otherwise NULL. */
static const char *name_in(const struct key *key, const char *part)
{
    size_t size = strlen(part);
    if (size == 0)
        return strchr(key->path, '.') == NULL ? key->path : NULL;
    return strncmp(key->path, part, size) == 0 && key->path[size] == '.' ? key->path + size + 1
                                                                         : NULL;
}

static const struct key *key_named(const struct language *language, const char *part,
                                   const char *name)
{
    for (const struct key *key = language->keys; key->path != NULL; key++) {
        const char *own = name_in(key, part);
        if (own != NULL && strcmp(own, name) == 0)
            return key;
    }
    return NULL;
}

bool keys_has(const struct language *language, const char *part, const char *name)
{
    return key_named(language, part, name) != NULL;
}

/* Another part that has a key of this name; NULL when there is none. */
static const char *part_with(const struct language *language, const char *name)
{
    for (const struct language_part *part = language->parts; part->part != NULL; part++)
        if (keys_has(language, part->part, name))
            return part->title;
    return NULL;
}

static void unknown_key(struct loader *loader, const char *part, const struct node *key)
{
    struct nearest nearest = {.asked = key->text};
    for (const struct key *known = loader->language->keys; known->path != NULL; known++)
        if (name_in(known, part) != NULL)
            nearest_try(&nearest, name_in(known, part));
    const char *shown = text_keep(loader->mem, key->text, strlen(key->text), 60);
    const char *elsewhere = part_with(loader->language, key->text);
    if (nearest.found == NULL && elsewhere != NULL)
        problem_add(loader->found, key->at, "unknown key '%s' here: it belongs into %s", shown,
                    elsewhere);
    else
        problem_add(loader->found, key->at, "unknown key '%s'%s", shown,
                    nearest_hint(&nearest, loader->mem));
}

static void check_required(struct loader *loader, const struct node *map, const char *part)
{
    for (const struct key *key = loader->language->keys; key->path != NULL; key++) {
        const char *name = name_in(key, part);
        if (name != NULL && key->need == KEY_REQUIRED && node_find(map, name) == NULL)
            problem_add(loader->found, map->at, "`%s` is missing: %s", name, key->help);
    }
}

bool keys_load(struct loader *loader, const struct node *map, const char *part, void *into)
{
    for (size_t i = 0; map->kind == NODE_MAP && i + 1 < map->items.count; i += 2) {
        const struct node *name = map->items.items[i];
        if (name->kind != NODE_TEXT)
            continue; /* said when the tree was read */
        const struct key *key = key_named(loader->language, part, name->text);
        if (key == NULL)
            unknown_key(loader, part, name);
        else
            value_load(loader, key, name, map->items.items[i + 1], into);
    }
    if (map->kind == NODE_MAP)
        check_required(loader, map, part);
    return map->kind == NODE_MAP;
}

const struct node *keys_find(const struct node *map, const char *key, enum node_kind kind)
{
    const struct node *value = node_find(map, key);
    return value != NULL && value->kind == kind && !node_is_empty(value) ? value : NULL;
}
