#include "gates/delivery/template.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

/* --- what is known ---------------------------------------------------------------------------- */

static int by_length(const void *one, const void *other)
{
    const char *const *a = one, *const *b = other;
    size_t len = strlen(*a), other_len = strlen(*b);
    return len != other_len ? (len > other_len ? -1 : 1) : strcmp(*a, *b);
}

static int by_name_length(const void *one, const void *other)
{
    const struct known_environment *a = one, *b = other;
    return by_length(&a->name, &b->name);
}

static void sort_words(struct words *words)
{
    if (words->count > 0)
        qsort(words->items, words->count, sizeof *words->items, by_length);
}

static void copy_regions(struct known *known, struct names *all, const struct words *regions,
                         struct words *copy)
{
    for (size_t i = 0; i < regions->count; i++) {
        size_t before = all->texts.count;
        array_push(all->mem, copy, regions->items[i]);
        if (names_add(all, regions->items[i], strlen(regions->items[i])) == before)
            array_push(all->mem, &known->regions, regions->items[i]);
    }
    sort_words(copy);
}

void known_from(const struct delivery *delivery, struct arena *mem, struct known *known)
{
    struct names all;
    size_t count = delivery->environments.count;
    *known = (struct known){.environment_count = count};
    names_init(&known->services, mem);
    names_init(&all, mem);
    for (size_t i = 0; i < delivery->services.count; i++) {
        const char *name = delivery->services.items[i].name;
        names_add(&known->services, name, strlen(name));
    }
    known->environments = arena_alloc(mem, (count + 1) * sizeof *known->environments);
    for (size_t i = 0; i < count; i++) {
        known->environments[i].name = delivery->environments.items[i].name;
        copy_regions(known, &all, &delivery->environments.items[i].regions,
                     &known->environments[i].regions);
    }
    sort_words(&known->regions);
    qsort(known->environments, count, sizeof *known->environments, by_name_length);
}

static const struct words *regions_of(const struct known *known, const char *environment)
{
    for (size_t i = 0; environment != NULL && i < known->environment_count; i++)
        if (strcmp(known->environments[i].name, environment) == 0 &&
            known->environments[i].regions.count > 0)
            return &known->environments[i].regions;
    return &known->regions;
}

static bool is_among(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->count; i++)
        if (strcmp(words->items[i], word) == 0)
            return true;
    return false;
}

/* --- parsing ---------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    enum piece_kind kind;
} specials[] = {
    {"{service}", PIECE_SERVICE},
    {"{environment}", PIECE_ENVIRONMENT},
    {"{region}", PIECE_REGION},
    {"**/", PIECE_PARTS},
    {"**", PIECE_ALL},
    {"*", PIECE_RUN},
};

/* What begins at `at`: its length, 0 for plain text. */
static size_t special_at(const char *text, size_t len, size_t at, bool of_path,
                         enum piece_kind *kind)
{
    for (size_t i = 0; i < sizeof specials / sizeof specials[0]; i++) {
        size_t size = strlen(specials[i].text);
        *kind = specials[i].kind;
        if (len - at < size || memcmp(text + at, specials[i].text, size) != 0)
            continue;
        bool whole = at == 0 || text[at - 1] == '/';
        if (*kind == PIECE_PARTS && (!of_path || !whole))
            continue;
        if (*kind == PIECE_RUN && !of_path)
            *kind = PIECE_ALL;
        return size;
    }
    return 0;
}

void template_parse(const char *text, bool of_path, struct arena *mem, struct template *template)
{
    const size_t len = strlen(text);
    *template = (struct template){0};
    for (size_t at = 0, size; at < len; at += size) {
        struct piece *last = template->pieces.count == 0
                                 ? NULL
                                 : &template->pieces.items[template->pieces.count - 1];
        enum piece_kind kind;
        size = special_at(text, len, at, of_path, &kind);
        bool plain = size == 0;
        if (plain)
            kind = PIECE_TEXT, size = 1;
        template->holds[kind] = true;
        if (plain && last != NULL && last->kind == PIECE_TEXT)
            last->len++;
        else
            *array_add(mem, &template->pieces) = (struct piece){kind, text + at, size};
    }
}

/* --- matching --------------------------------------------------------------------------------- */

enum { MOST_STEPS = 100000, LONGEST = 4096 };

struct match {
    const struct template *template;
    const struct known *known;
    struct arena *mem;
    bool listed; /* only services that are listed */
    const char *service;
    size_t service_len; /* 0: not captured yet */
    const char *environment, *region;
    unsigned steps;
};

static bool go(struct match *m, size_t i, const char *at);

static bool go_past(struct match *m, size_t i, const char *at, const char *text, size_t len)
{
    return strncmp(at, text, len) == 0 && go(m, i + 1, at + len);
}

/* Environments and regions are chosen before a match begins. */
static bool go_past_name(struct match *m, size_t i, const char *at, const char *name)
{
    assert(name != NULL);
    return go_past(m, i, at, name, strlen(name));
}

/* `*` and `**`: as much as they can. */
static bool go_far(struct match *m, size_t i, const char *at, const char *end)
{
    for (const char *next = end; next >= at; next--)
        if (go(m, i + 1, next))
            return true;
    return false;
}

static bool go_parts(struct match *m, size_t i, const char *at)
{
    for (const char *next = at + strlen(at); next > at; next--)
        if (next[-1] == '/' && go(m, i + 1, next))
            return true;
    return go(m, i + 1, at);
}

static bool may_be_service(const struct match *m, const char *text, size_t len)
{
    return !m->listed || names_find(&m->known->services, text, len) != NAMES_NONE;
}

static bool go_capturing(struct match *m, size_t i, const char *at)
{
    size_t len = strcspn(at, "/");
    m->service = at;
    for (m->service_len = len; m->service_len > 0; m->service_len--)
        if (may_be_service(m, at, m->service_len) && go(m, i + 1, at + m->service_len))
            return true;
    return false;
}

/* As deep as the template has pieces. */
static bool go(struct match *m, size_t i, const char *at)
{
    if (m->steps++ >= MOST_STEPS)
        return false;
    if (i == m->template->pieces.count)
        return *at == '\0';
    const struct piece *piece = &m->template->pieces.items[i];
    switch (piece->kind) {
    case PIECE_TEXT:
        return go_past(m, i, at, piece->text, piece->len);
    case PIECE_RUN:
        return go_far(m, i, at, at + strcspn(at, "/"));
    case PIECE_ALL:
        return go_far(m, i, at, at + strlen(at));
    case PIECE_PARTS:
        return go_parts(m, i, at);
    case PIECE_ENVIRONMENT:
        return go_past_name(m, i, at, m->environment);
    case PIECE_REGION:
        return go_past_name(m, i, at, m->region);
    case PIECE_SERVICE:
        break;
    }
    return m->service_len > 0 ? go_past(m, i, at, m->service, m->service_len)
                              : go_capturing(m, i, at);
}

static bool try_one(struct match *m, const char *text, struct captures *captures)
{
    const char *given = captures->service;
    m->service = given;
    m->service_len = given == NULL ? 0 : strlen(given);
    if (!go(m, 0, text))
        return false;
    if (given == NULL && m->service_len > 0)
        captures->service = text_keep(m->mem, m->service, m->service_len, LIMIT_NAME_BYTES);
    captures->environment = m->environment;
    captures->region = m->region;
    return true;
}

/* Every region that the template may mean; the one that is known must be its environment's. */
static bool try_regions(struct match *m, const char *text, struct captures *captures)
{
    const struct words *regions = regions_of(m->known, m->environment);
    m->region = captures->region;
    if (m->region != NULL && m->environment != NULL && !is_among(regions, m->region))
        return false;
    if (m->region != NULL || !m->template->holds[PIECE_REGION])
        return try_one(m, text, captures);
    for (size_t i = 0; i < regions->count; i++) {
        m->region = regions->items[i];
        if (strstr(text, m->region) != NULL && try_one(m, text, captures))
            return true;
    }
    return false;
}

static bool try_environments(struct match *m, const char *text, struct captures *captures)
{
    m->environment = captures->environment;
    if (m->environment != NULL || !m->template->holds[PIECE_ENVIRONMENT])
        return try_regions(m, text, captures);
    for (size_t i = 0; i < m->known->environment_count; i++) {
        m->environment = m->known->environments[i].name;
        if (strstr(text, m->environment) != NULL && try_regions(m, text, captures))
            return true;
    }
    return false;
}

bool template_match(const struct template *template, const char *text, const struct known *known,
                    struct arena *mem, struct captures *captures)
{
    if (strnlen(text, LONGEST + 1) > LONGEST)
        return false;
    struct match m = {.template = template, .known = known, .mem = mem, .listed = true};
    const struct piece *first = &template->pieces.items[0];
    if (first->kind == PIECE_TEXT && strncmp(text, first->text, first->len) != 0)
        return false;
    if (captures->service == NULL && template->holds[PIECE_SERVICE] &&
        try_environments(&m, text, captures))
        return true;
    m.listed = false;
    return try_environments(&m, text, captures);
}
