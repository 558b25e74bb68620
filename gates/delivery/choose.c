#include "gates/delivery/choose.h"

#include <assert.h>
#include <string.h>

#include "gates/base/hash.h"
#include "gates/base/number.h"
#include "gates/delivery/version.h"

/* --- parsing ---------------------------------------------------------------------------------- */

struct parsing {
    const char *at;
    struct arena *mem;
    const char *why;
};

static bool complain(struct parsing *p, const char *why)
{
    p->why = why;
    return false;
}

/* A word up to one of `ends`, or one in quotes. */
static bool parse_word(struct parsing *p, const char *ends, const char **word)
{
    char quote = *p->at;
    bool quoted = quote == '"' || quote == '\'';
    const char *begin = p->at + quoted;
    const char *end = quoted ? strchr(begin, quote) : begin + strcspn(begin, ends);
    if (end == NULL)
        return complain(p, "a quote is opened and never closed");
    if (end == begin)
        return complain(p, "a key or value is missing");
    *word = arena_copy(p->mem, begin, (size_t)(end - begin));
    p->at = end + quoted;
    return true;
}

static bool parse_key(struct parsing *p, const char *ends, struct choice_step *step)
{
    const char *key;
    if (!parse_word(p, ends, &key))
        return false;
    template_parse(key, /* of a path */ false, p->mem, &step->key);
    bool literal = step->key.pieces.count == 1 && step->key.holds[PIECE_TEXT];
    step->literal = literal ? key : NULL;
    return true;
}

static bool parse_filter(struct parsing *p, struct choice_step *step)
{
    struct choice_filter filter;
    const char *value;
    p->at++;
    if (!parse_word(p, "=]", &filter.key))
        return false;
    if (strpbrk(filter.key, "{*") != NULL)
        return complain(p, "what an item is known by is a plain word: [name={service}]");
    if (*p->at != '=')
        return complain(p, "in `[ ]` stands a number, or what an item holds: [name={service}]");
    p->at++;
    if (!parse_word(p, "]", &value))
        return false;
    template_parse(value, /* of a path */ false, p->mem, &filter.value);
    if (*p->at++ != ']')
        return complain(p, "a `]` is missing");
    array_push(p->mem, &step->filters, filter);
    return true;
}

/* Behind the `[`: is it a number or a key in quotes and nothing else? */
static bool parse_simple(struct parsing *p, struct choice_step *step, bool *simple)
{
    const char *inside = p->at + 1;
    size_t digits = strspn(inside, "0123456789");
    *simple = true;
    if (digits > 0 && inside[digits] == ']') {
        step->kind = STEP_NUMBER;
        p->at = inside + digits + 1;
        return number_parse_count(inside, digits, &step->number) ||
               complain(p, "a number is too large");
    }
    const char *close = *inside == '"' || *inside == '\'' ? strchr(inside + 1, *inside) : NULL;
    *simple = close != NULL && close[1] == ']';
    if (!*simple)
        return true;
    step->kind = STEP_KEY;
    p->at = inside;
    bool parsed = parse_key(p, "", step);
    p->at += parsed;
    return parsed;
}

static bool parse_bracket(struct parsing *p, struct choice_step *step)
{
    bool simple;
    if (!parse_simple(p, step, &simple) || simple)
        return p->why == NULL;
    step->kind = STEP_ITEMS;
    while (*p->at == '[')
        if (!parse_filter(p, step))
            return false;
    return true;
}

static bool parse_step(struct parsing *p, bool first, struct choice_step *step)
{
    if (*p->at == '[')
        return parse_bracket(p, step);
    if (*p->at == '.')
        p->at++;
    else if (!first)
        return complain(p, "a `.` or `[` is missing");
    step->kind = STEP_KEY;
    return parse_key(p, ".[", step);
}

static bool parse_steps(struct parsing *p, struct choice *choice)
{
    do {
        struct choice_step step = {0};
        if (!parse_step(p, choice->steps.count == 0, &step))
            return false;
        array_push(p->mem, &choice->steps, step);
    } while (*p->at != '\0');
    return true;
}

static bool unwrap(struct parsing *p, struct choice *choice)
{
    static const char begin[] = "tag(";
    size_t len = strlen(p->at);
    choice->of_image = strncmp(p->at, begin, sizeof begin - 1) == 0;
    if (!choice->of_image)
        return true;
    if (p->at[len - 1] != ')')
        return complain(p, "a `)` is missing: tag(containers[0].image)");
    p->at = arena_copy(p->mem, p->at + sizeof begin - 1, len - sizeof begin);
    return true;
}

bool choice_parse(const char *text, struct arena *mem, struct choice *choice, const char **why)
{
    struct parsing p = {.at = text, .mem = mem};
    *choice = (struct choice){0};
    bool parsed = unwrap(&p, choice) && parse_steps(&p, choice);
    *why = p.why;
    return parsed;
}

/* --- maps ------------------------------------------------------------------------------------- */

static bool is_merge(const struct node *key)
{
    return key->kind == NODE_TEXT && key->plain && strcmp(key->text, "<<") == 0;
}

static const struct node *own_value(const struct node *map, const char *key)
{
    for (size_t i = map->items.count / 2; i > 0; i--) {
        const struct node *own = map->items.items[2 * i - 2];
        if (own->kind == NODE_TEXT && strcmp(own->text, key) == 0 && !is_merge(own))
            return map->items.items[2 * i - 1];
    }
    return NULL;
}

/* Of a map, or of what is merged into one: a map or a list of them. They are a tree whose size is
 * bounded, aliases expanded. */
static const struct node *value_in(const struct node *maps, const char *key)
{
    const struct node *found = maps->kind == NODE_MAP ? own_value(maps, key) : NULL;
    for (size_t i = 0; found == NULL && maps->kind == NODE_LIST && i < maps->items.count; i++)
        if (maps->items.items[i]->kind == NODE_MAP)
            found = value_in(maps->items.items[i], key);
    for (size_t i = 0; found == NULL && maps->kind == NODE_MAP && i + 1 < maps->items.count; i += 2)
        if (is_merge(maps->items.items[i]))
            found = value_in(maps->items.items[i + 1], key);
    return found;
}

const struct node *map_value(const struct node *map, const char *key)
{
    return map->kind == NODE_MAP ? value_in(map, key) : NULL;
}

/* --- choosing --------------------------------------------------------------------------------- */

struct chooser {
    const struct choice *choice;
    const struct known *known;
    struct arena *mem;
    struct chosens *chosens;
};

static bool same_captures(const struct captures *one, const struct captures *other)
{
    return one->service == other->service && one->environment == other->environment &&
           one->region == other->region;
}

static void follow(const struct chooser *c, size_t i, const struct node *node,
                   struct chosen so_far);

static void follow_entry(const struct chooser *c, size_t i, const struct node *key,
                         const struct node *value, struct chosen so_far)
{
    struct captures before = so_far.captures;
    if (!template_match(&c->choice->steps.items[i].key, key->text, c->known, c->mem,
                        &so_far.captures))
        return;
    if (!same_captures(&before, &so_far.captures))
        so_far.part = value;
    follow(c, i + 1, value, so_far);
}

struct entry {
    const struct node *key, *value;
};

struct entries ARRAY(struct entry);

/* The last of each key, in the order in which they stand. */
static void take_own(const struct chooser *c, const struct node *map, struct names *seen,
                     struct entries *entries)
{
    size_t begin = entries->count;
    for (size_t k = map->items.count / 2; k > 0; k--) {
        const struct node *key = map->items.items[2 * k - 2];
        size_t before = seen->texts.count;
        if (key->kind == NODE_TEXT && !is_merge(key) &&
            names_add(seen, key->text, strlen(key->text)) == before)
            array_push(c->mem, entries, ((struct entry){key, map->items.items[2 * k - 1]}));
    }
    for (size_t a = begin, b = entries->count; a + 1 < b; a++) {
        struct entry first = entries->items[a];
        entries->items[a] = entries->items[--b];
        entries->items[b] = first;
    }
}

/* Every entry of a map, and behind them what it merges: a map or a list of them. */
static void take_entries(const struct chooser *c, const struct node *maps, struct names *seen,
                         struct entries *entries)
{
    for (size_t k = 0; maps->kind == NODE_LIST && k < maps->items.count; k++)
        if (maps->items.items[k]->kind == NODE_MAP)
            take_entries(c, maps->items.items[k], seen, entries);
    if (maps->kind != NODE_MAP)
        return;
    take_own(c, maps, seen, entries);
    for (size_t k = 0; k + 1 < maps->items.count; k += 2)
        if (is_merge(maps->items.items[k]))
            take_entries(c, maps->items.items[k + 1], seen, entries);
}

static void follow_key(const struct chooser *c, size_t i, const struct node *node,
                       struct chosen so_far)
{
    const char *key = c->choice->steps.items[i].literal;
    if (node->kind != NODE_MAP)
        return;
    if (key != NULL) {
        const struct node *value = map_value(node, key);
        if (value != NULL)
            follow(c, i + 1, value, so_far);
        return;
    }
    struct names seen;
    struct entries entries = {0};
    names_init(&seen, c->mem);
    take_entries(c, node, &seen, &entries);
    for (size_t k = 0; k < entries.count; k++)
        follow_entry(c, i, entries.items[k].key, entries.items[k].value, so_far);
}

static bool passes(const struct chooser *c, const struct choice_filter *filter,
                   const struct node *item, struct captures *captures)
{
    const struct node *value = map_value(item, filter->key);
    return value != NULL && value->kind == NODE_TEXT &&
           template_match(&filter->value, value->text, c->known, c->mem, captures);
}

static void follow_item(const struct chooser *c, size_t i, const struct node *item,
                        struct chosen so_far)
{
    const struct choice_step *step = &c->choice->steps.items[i];
    struct captures before = so_far.captures;
    if (item->kind != NODE_MAP)
        return;
    for (size_t k = 0; k < step->filters.count; k++)
        if (!passes(c, &step->filters.items[k], item, &so_far.captures))
            return;
    if (!same_captures(&before, &so_far.captures))
        so_far.part = item;
    follow(c, i + 1, item, so_far);
}

static void take(const struct chooser *c, const struct node *node, const struct chosen *so_far)
{
    const struct captures *captures = &so_far->captures;
    assert(captures->service != NULL && captures->environment != NULL);
    if (node->kind != NODE_TEXT || node->text[0] == '\0' || node_is_empty(node))
        return;
    bool of_image = c->choice->of_image;
    const char *version = of_image ? version_of_image(node->text) : node->text;
    if (version != NULL)
        *array_add(c->mem, c->chosens) =
            (struct chosen){*captures, version, of_image ? NULL : node, so_far->part};
}

/* As deep as the choice has steps. */
static void follow(const struct chooser *c, size_t i, const struct node *node, struct chosen so_far)
{
    const struct choice_step *step = &c->choice->steps.items[i];
    if (i == c->choice->steps.count)
        take(c, node, &so_far);
    else if (step->kind == STEP_KEY)
        follow_key(c, i, node, so_far);
    else if (node->kind != NODE_LIST)
        return;
    else if (step->kind == STEP_NUMBER && step->number < node->items.count)
        follow(c, i + 1, node->items.items[step->number], so_far);
    else
        for (size_t k = 0; step->kind == STEP_ITEMS && k < node->items.count; k++)
            follow_item(c, i, node->items.items[k], so_far);
}

void choose(const struct choice *choice, const struct node *document, const struct known *known,
            const struct captures *before, struct arena *mem, struct chosens *chosens)
{
    struct chooser c = {choice, known, mem, chosens};
    follow(&c, 0, document, (struct chosen){.captures = *before});
}

/* --- what else is said ------------------------------------------------------------------------ */

static uint64_t digest_pair(uint64_t one, uint64_t other)
{
    uint64_t pair[2] = {one, other};
    return hash_text(0, (const char *)pair, sizeof pair);
}

uint64_t part_digest(const struct node *part, const struct node *version)
{
    uint64_t digest = part->kind;
    if (part == version)
        return 0;
    if (part->kind == NODE_TEXT)
        return hash_text(part->plain, part->text, strlen(part->text));
    for (size_t i = 0; part->kind == NODE_LIST && i < part->items.count; i++)
        digest = digest_pair(digest, part_digest(part->items.items[i], version));
    for (size_t i = 0; part->kind == NODE_MAP && i + 1 < part->items.count; i += 2)
        digest += digest_pair(part_digest(part->items.items[i], version),
                              part_digest(part->items.items[i + 1], version));
    return digest;
}
