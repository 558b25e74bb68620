#include "gates/delivery/layout.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

/* --- what a configuration says ---------------------------------------------------------------- */

static void digest_text(struct digest *digest, const char *text)
{
    const char *some = text == NULL ? "" : text;
    char there = text != NULL;
    digest_add(digest, &there, 1);
    digest_add(digest, some, strlen(some) + 1);
}

static void digest_known(struct digest *digest, const struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->environments.count; i++) {
        const struct delivery_environment *environment = &delivery->environments.items[i];
        digest_text(digest, environment->name);
        for (size_t k = 0; k < environment->regions.count; k++)
            digest_text(digest, environment->regions.items[k]);
        digest_text(digest, NULL);
    }
    for (size_t i = 0; i < delivery->services.count; i++)
        digest_text(digest, delivery->services.items[i].name);
    for (size_t i = 0; i < delivery->bots.count; i++)
        digest_text(digest, delivery->bots.items[i]);
}

static void digest_layout(struct digest *digest, const struct layout *layout)
{
    const struct delivery_layout *given = layout->given;
    const char *const texts[] = {given->file,    given->select,      given->kind,  given->name,
                                 given->service, given->environment, given->region};
    digest_add(digest, &layout->index, sizeof layout->index);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        digest_text(digest, texts[i]);
}

/* Up to the last slash before the first piece that is no text. */
static const char *prefix_of(const char *file, struct arena *mem)
{
    size_t len = strcspn(file, "{*");
    while (len > 0 && file[len - 1] != '/')
        len--;
    return arena_copy(mem, file, len);
}

/* Each capture a `*`. */
static const char *shape_of(const char *file, struct arena *mem)
{
    char *shape = arena_copy(mem, file, strlen(file)), *end = shape;
    for (const char *at = file; *at != '\0'; at++) {
        bool capture = *at == '{';
        if (!capture || end == shape || end[-1] != '*')
            *end++ = capture ? '*' : *at;
        at += capture ? strcspn(at, "}") : 0;
    }
    *end = '\0';
    return shape;
}

static bool compile(const struct delivery_layout *given, struct arena *mem, struct layout *layout,
                    struct error *err)
{
    const char *why;
    layout->given = given;
    layout->prefix = prefix_of(given->file, mem);
    template_parse(given->file, /* of a path */ true, mem, &layout->file);
    template_parse(shape_of(given->file, mem), /* of a path */ true, mem, &layout->shape);
    template_parse(given->name == NULL ? "*" : given->name, /* of a path */ false, mem,
                   &layout->name);
    if (choice_parse(given->select, mem, &layout->select, &why))
        return true;
    error_set(err, FAULT_POLICY, "`select: %s`: %s", given->select, why);
    return error_at(err, given->at.file, given->at.line, given->at.column);
}

bool layouts_of(const struct delivery *delivery, const char *repository, struct arena *mem,
                struct layouts *layouts, struct error *err)
{
    struct digest *digest = digest_new(mem);
    *layouts = (struct layouts){0};
    known_from(delivery, mem, &layouts->known);
    digest_known(digest, delivery);
    for (uint32_t i = 0; i < delivery->layouts.count; i++) {
        const struct delivery_layout *given = &delivery->layouts.items[i];
        struct layout layout = {.index = i};
        if (given->file == NULL || strcmp(given->repository, repository) != 0)
            continue;
        if (!compile(given, mem, &layout, err))
            return false;
        digest_layout(digest, &layout);
        array_push(mem, &layouts->items, layout);
    }
    digest_hex(digest, layouts->digest);
    return true;
}

/* --- paths ------------------------------------------------------------------------------------ */

bool layouts_reach(const struct layouts *layouts, const char *folder)
{
    for (size_t i = 0; i < layouts->items.count; i++) {
        const char *prefix = layouts->items.items[i].prefix;
        size_t len = strlen(prefix), folder_len = strlen(folder);
        if (strncmp(prefix, folder, len < folder_len ? len : folder_len) == 0)
            return true;
    }
    return false;
}

static bool match_path(const struct layouts *layouts, const struct layout *layout, const char *path,
                       struct arena *mem, struct captures *captures)
{
    *captures = (struct captures){.service = layout->given->service,
                                  .environment = layout->given->environment,
                                  .region = layout->given->region};
    return template_match(&layout->file, path, &layouts->known, mem, captures);
}

bool layouts_match(const struct layouts *layouts, const char *path, struct arena *mem)
{
    struct captures captures;
    for (size_t i = 0; i < layouts->items.count; i++)
        if (match_path(layouts, &layouts->items.items[i], path, mem, &captures))
            return true;
    return false;
}

bool layouts_overlook(const struct layouts *layouts, const char *path, struct arena *mem)
{
    struct captures captures = {0};
    for (size_t i = 0; i < layouts->items.count; i++)
        if (template_match(&layouts->items.items[i].shape, path, &layouts->known, mem, &captures))
            return !layouts_match(layouts, path, mem);
    return false;
}

/* --- files ------------------------------------------------------------------------------------ */

struct reading {
    const struct layouts *layouts;
    const struct layout *layout;
    const struct nodes *documents;
    struct arena *mem;
    struct chosens chosens;
};

/* Is it the document that the layout is about? Adds what its name captures. */
static bool is_meant(const struct reading *r, const struct node *document,
                     struct captures *captures)
{
    const char *kind = r->layout->given->kind;
    const struct node *own = map_value(document, "kind");
    if (kind != NULL && (own == NULL || own->kind != NODE_TEXT || strcmp(own->text, kind) != 0))
        return false;
    if (r->layout->given->name == NULL)
        return true;
    const struct node *meta = map_value(document, "metadata");
    const struct node *name = meta == NULL ? NULL : map_value(meta, "name");
    return name != NULL && name->kind == NODE_TEXT &&
           template_match(&r->layout->name, name->text, &r->layouts->known, r->mem, captures);
}

/* What a document with a name of its own says is all that belongs to the service. */
static void read_document(struct reading *r, const struct node *document,
                          const struct captures *of_path)
{
    struct captures captures = *of_path;
    size_t before = r->chosens.count;
    if (!is_meant(r, document, &captures))
        return;
    choose(&r->layout->select, document, &r->layouts->known, &captures, r->mem, &r->chosens);
    for (size_t i = before; r->layout->given->name != NULL && i < r->chosens.count; i++)
        if (r->chosens.items[i].part == NULL)
            r->chosens.items[i].part = document;
}

/* Without a part of its own all of the file is the service's. */
static uint64_t rest_of(const struct reading *r, const struct chosen *chosen)
{
    uint64_t digest = 0;
    if (chosen->part != NULL)
        return part_digest(chosen->part, chosen->node);
    for (size_t i = 0; i < r->documents->count; i++) {
        uint64_t next = part_digest(r->documents->items[i], chosen->node);
        digest = hash_text(digest, (const char *)&next, sizeof next);
    }
    return digest;
}

/* Has an earlier layout, or the same one before, said a version of it? */
static bool is_new(struct names *said, const struct captures *captures)
{
    const char *const texts[] = {captures->service, captures->environment, captures->region};
    size_t before = said->texts.count;
    char *key = arena_alloc(said->mem, 3 + strlen(texts[0]) + strlen(texts[1]) +
                                           (texts[2] == NULL ? 0 : strlen(texts[2])));
    char *end = key;
    for (size_t i = 0; i < 3; i++)
        end = stpcpy(end, texts[i] == NULL ? "" : texts[i]) + 1;
    return names_add(said, key, (size_t)(end - key)) == before;
}

static void add_seens(const struct reading *r, const char *path, struct names *said,
                      struct seens *seens)
{
    for (size_t i = 0; i < r->chosens.count; i++) {
        const struct chosen *chosen = &r->chosens.items[i];
        const char *version = chosen->version;
        if (!is_new(said, &chosen->captures))
            continue;
        *array_add(r->mem, seens) = (struct seen){
            .layout = r->layout->index,
            .path = path,
            .service = chosen->captures.service,
            .environment = chosen->captures.environment,
            .region = chosen->captures.region == NULL ? "" : chosen->captures.region,
            .version = text_keep(r->mem, version, strlen(version), LIMIT_NAME_BYTES),
            .rest = rest_of(r, chosen),
        };
    }
}

bool layouts_read(const struct layouts *layouts, const char *path, const char *text, size_t len,
                  struct arena *mem, struct seens *seens, struct problems *found)
{
    struct nodes documents;
    struct names said;
    names_init(&said, mem);
    if (!tree_skim(path, text, len, mem, &documents, found))
        return false;
    for (size_t i = 0; i < layouts->items.count; i++) {
        struct reading r = {layouts, &layouts->items.items[i], &documents, mem, {0}};
        struct captures captures;
        if (!match_path(layouts, r.layout, path, mem, &captures))
            continue;
        for (size_t k = 0; k < documents.count; k++)
            read_document(&r, documents.items[k], &captures);
        add_seens(&r, path, &said, seens);
    }
    return true;
}
