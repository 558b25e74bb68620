/* What single texts of a delivery configuration have to look like. */
#include <string.h>

#include "gates/base/nearest.h"
#include "gates/base/path.h"
#include "gates/base/text.h"
#include "gates/delivery/load.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

enum { MOST_NAME_BYTES = 128, MOST_ZONE_BYTES = 64 };

void check_name(struct delivery_loader *load, const struct node *name, const char *what,
                const char *more)
{
    const char *allowed = arena_printf(load->in.mem, "%s%s", LETTERS DIGITS "_.-", more);
    bool begins_well = strspn(name->text, LETTERS DIGITS) > 0;
    if (strlen(name->text) > MOST_NAME_BYTES)
        problem_add(load->in.found, name->at, "the name of %s has at most %d bytes", what,
                    MOST_NAME_BYTES);
    else if (!begins_well || name->text[strspn(name->text, allowed)] != '\0')
        problem_add(load->in.found, name->at,
                    "'%s' cannot name %s: names have letters, digits, _ . -%s%s, and begin with a "
                    "letter or digit",
                    load_shown(&load->in, name->text), what, *more == '\0' ? "" : " ", more);
}

void check_zone(struct delivery_loader *load, const struct node *map, const char *key)
{
    const struct node *value = keys_find(map, key, NODE_TEXT);
    if (value == NULL)
        return;
    const char *zone = value->text;
    size_t len = strlen(zone);
    if (strspn(zone, LETTERS) == 0 || strspn(zone, LETTERS DIGITS "_+-/") != len ||
        len > MOST_ZONE_BYTES || zone[len - 1] == '/')
        problem_add(load->in.found, value->at,
                    "'%s' is not how time zones are written: Europe/London, Africa/Lagos, UTC",
                    load_shown(&load->in, zone));
}

void check_variable(struct delivery_loader *load, const struct node *map, const char *key)
{
    const struct node *value = keys_find(map, key, NODE_TEXT);
    if (value != NULL && (strspn(value->text, CAPITALS "_") == 0 ||
                          value->text[strspn(value->text, CAPITALS DIGITS "_")] != '\0'))
        /* not shown: it may be the secret */
        problem_add(load->in.found, value->at,
                    "`%s` names an environment variable, in capitals like GITOPS_READ_TOKEN; what "
                    "it holds never stands in this file",
                    key);
}

/* The host of an address, with its length; NULL: it is none over http. */
static const char *host_of(const char *url, bool *secure, size_t *len)
{
    *secure = strncmp(url, "https://", 8) == 0;
    if (!*secure && strncmp(url, "http://", 7) != 0)
        return NULL;
    const char *host = url + (*secure ? 8 : 7);
    *len = strcspn(host, "/?#");
    return host;
}

static bool is_this_machine(const char *host, size_t len)
{
    size_t name = host[0] == '[' ? 5 : strcspn(host, ":");
    name = name > len ? len : name;
    return text_is(host, name, "localhost") || text_is(host, name, "127.0.0.1") ||
           text_is(host, name, "[::1]");
}

void check_url(struct delivery_loader *load, const struct node *map, bool with_token)
{
    const struct node *value = keys_find(map, "url", NODE_TEXT);
    bool secure = false;
    size_t len = 0;
    if (value == NULL)
        return;
    const char *host = host_of(value->text, &secure, &len);
    if (host != NULL && memchr(host, '@', len) != NULL)
        problem_add(load->in.found, value->at, /* not shown: it holds a secret */
                    "an address in this file holds no user and no password: `token_env` names the "
                    "variable of a token");
    else if (host == NULL || len == 0 || value->text[strcspn(value->text, " ")] != '\0')
        problem_add(load->in.found, value->at, "'%s' is not an address like https://host/path",
                    load_shown(&load->in, value->text));
    else if (!secure && with_token && !is_this_machine(host, len))
        problem_add(load->in.found, value->at,
                    "no token is sent over http: write https, or leave out the token");
}

void check_inside(struct delivery_loader *load, const struct node *map, const char *key)
{
    const struct node *value = keys_find(map, key, NODE_TEXT);
    if (value == NULL)
        return;
    const char *path = path_clean(load->in.mem, value->text, strlen(value->text));
    if (path[0] == '/' || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0)
        problem_add(load->in.found, value->at,
                    "'%s' leaves its repository: paths begin at the root of it",
                    load_shown(&load->in, value->text));
}

/* The place of a character of a text, where the file holds the text as it is. */
static struct place place_in(const struct node *value, size_t at)
{
    struct place place = value->at;
    if (value->text_column == 0)
        return place;
    place.column = value->text_column;
    for (size_t i = 0; i < at; i++)
        place.column += ((unsigned char)value->text[i] & 0xC0) != 0x80;
    return place;
}

static void unknown_placeholder(struct delivery_loader *load, const struct node *value, size_t at,
                                const char *word, const char *known)
{
    struct nearest nearest = {.asked = word};
    nearest_try_list(&nearest, known, load->in.mem);
    problem_add(load->in.found, place_in(value, at), "{%s} is not known here%s",
                load_shown(&load->in, word),
                nearest.found != NULL ? nearest_hint(&nearest, load->in.mem)
                : *known == '\0'      ? ": nothing in braces is"
                                      : arena_printf(load->in.mem, ": there are %s", known));
}

void check_template(struct delivery_loader *load, const struct node *map, const char *key,
                    const char *known, bool foreign)
{
    const struct node *value = keys_find(map, key, NODE_TEXT);
    if (value == NULL)
        return;
    const char *text = value->text;
    for (size_t i = strcspn(text, "{}"); text[i] != '\0'; i += strcspn(text + i, "{}")) {
        size_t len = strcspn(text + i + 1, "{}");
        bool closed = text[i] == '{' && text[i + 1 + len] == '}';
        const char *word = arena_copy(load->in.mem, text + i + 1, len);
        bool ours = strspn(word, "abcdefghijklmnopqrstuvwxyz_") == len && len > 0;
        if (!closed && !foreign) {
            problem_add(load->in.found, place_in(value, i), "this brace stands alone: write {%.*s}",
                        (int)strcspn(known, " "), known);
            return;
        }
        if (closed && (ours || !foreign) && (len == 0 || !text_lists(known, word, len)))
            unknown_placeholder(load, value, i, word, known);
        i += closed ? len + 2 : 1;
    }
}

bool template_has(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text == NULL ? NULL : strchr(text, '{'); at != NULL;
         at = strchr(at + 1, '{'))
        if (strncmp(at + 1, word, len) == 0 && at[1 + len] == '}')
            return true;
    return false;
}

void check_days(struct delivery_loader *load, struct place at, int32_t from_day, int32_t until_day)
{
    if (until_day < from_day)
        problem_add(load->in.found, at, "these days end before they begin");
}

void unknown_name(struct delivery_loader *load, struct place at, const char *what, const char *name,
                  const struct names *known)
{
    struct nearest nearest = {.asked = name};
    for (size_t i = 0; i < known->texts.count && load_may_compare(&load->in); i++)
        nearest_try(&nearest, known->texts.items[i]);
    problem_add(load->in.found, at, "%s is named '%s'%s", what, load_shown(&load->in, name),
                nearest_hint(&nearest, load->in.mem));
}

void taken_name(struct delivery_loader *load, const struct node *name, const char *what,
                struct place by)
{
    if (strcmp(name->at.file, by.file) != 0)
        problem_add(load->in.found, name->at, "the %s '%s' is already there, in %s", what,
                    load_shown(&load->in, name->text), load_place(&load->in, by, name->at));
}

void note(struct delivery_loader *load, struct place at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    const char *text = arena_vprintf(load->in.mem, fmt, args);
    va_end(args);
    problem_add(&load->delivery->notes, at, "%s", text);
}

void note_later(struct delivery_loader *load, const struct node *map, const char *key,
                const char *shown)
{
    for (size_t i = 0; i + 1 < map->items.count; i += 2) {
        const struct node *own = map->items.items[i];
        size_t before = load->later.texts.count;
        if (own->kind == NODE_TEXT && strcmp(own->text, key) == 0 &&
            names_add(&load->later, shown, strlen(shown)) == before)
            note(load, own->at, "not collected yet: %s", shown);
    }
}
