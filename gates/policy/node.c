#include "gates/policy/yaml.h"

#include <string.h>

/* What YAML takes for no value when it is not quoted. */
static bool is_empty_word(const char *text)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    bool empty = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        empty |= strcmp(text, words[i]) == 0;
    return empty;
}

const char *text_in_yaml(const char *text, struct arena *mem)
{
    static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./";
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./-<>=!%() ";
    size_t len = strlen(text);
    bool ends_well = len > 0 && text[len - 1] != ' ';
    if (ends_well && strspn(text, first) > 0 && strspn(text, plain) == len && !is_empty_word(text))
        return text;
    char *quoted = arena_alloc(mem, 2 * len + 3), *out = quoted;
    *out++ = '\'';
    for (; *text != '\0'; *out++ = *text++)
        if (*text == '\'')
            *out++ = '\'';
    *out = '\'';
    return quoted;
}

const struct node *node_find(const struct node *map, const char *key)
{
    for (size_t i = 0; i + 1 < map->items.count; i += 2)
        if (map->items.items[i]->kind == NODE_TEXT && strcmp(map->items.items[i]->text, key) == 0)
            return map->items.items[i + 1];
    return NULL;
}

bool node_is_empty(const struct node *node)
{
    return node->kind == NODE_TEXT && node->plain && is_empty_word(node->text);
}
