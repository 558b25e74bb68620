#include "runner/history/sighted.h"

#include <string.h>

#include "runner/history/cachefile.h"

/* Raise LAYOUT with every change of what stands in the file. */
enum { LAYOUT = 3, ID_BYTES = 41 };

void sighted_init(struct sighted *sighted, struct arena *mem)
{
    *sighted = (struct sighted){0};
    names_init(&sighted->texts, mem);
    names_init(&sighted->paths, mem);
}

const char *sighted_text(struct sighted *sighted, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t index = names_add(&sighted->texts, text, strlen(text));
    return sighted->texts.texts.items[index];
}

struct sighted_file *sighted_file(struct sighted *sighted, const char *path)
{
    size_t index = names_add(&sighted->paths, path, strlen(path));
    if (index == sighted->files.count)
        (void)array_add(sighted->paths.mem, &sighted->files);
    return &sighted->files.items[index];
}

/* --- the file --------------------------------------------------------------------------------- */

/* Texts are numbered from 1 in the order in which they stand in the file; 0: none. Paths of files
 * are texts as well. */
struct head {
    char layouts[DIGEST_HEX], tip[ID_BYTES];
    int64_t latest_s;
    uint32_t commits, texts, files, seens, sightings, unreadable;
    uint64_t bytes; /* of the texts, each with its NUL */
};

struct kept_file {
    uint32_t path, broken, overlooked, seens;
};

struct kept_seen {
    uint64_t rest;
    uint32_t layout, path, service, environment, region, version;
};

struct kept_sighting {
    int64_t at_s;
    uint32_t layout, path, service, environment, region, before, version, commit, author, order;
    uint32_t same, bot;
};

struct kept_unreadable {
    int64_t from_s, until_s;
    uint64_t text;
};

enum { PART_HEAD, PART_FILES, PART_SEENS, PART_SIGHTINGS, PART_UNREADABLE, PART_TEXTS, PARTS };

/* --- reading ---------------------------------------------------------------------------------- */

struct taking {
    const char *at;
    size_t left;
    const struct head *head;
    const char **texts; /* by their numbers */
    bool sound;
    struct sighted *sighted;
    struct arena *mem;
};

/* The next part, of so many items; NULL: the file is too short. */
static const void *take(struct taking *t, uint64_t count, size_t size)
{
    const void *part = t->at;
    size_t len = count > t->left / size ? SIZE_MAX : cachefile_aligned((size_t)count * size);
    if (len > t->left)
        return NULL;
    t->at += len;
    t->left -= len;
    return part;
}

/* Not NULL where there must be one. */
static const char *text_at(struct taking *t, uint32_t number, bool needed)
{
    t->sound &= number <= t->head->texts && (number > 0 || !needed);
    return t->sound ? t->texts[number] : "";
}

static bool take_texts(struct taking *t, const char *bytes)
{
    const char *end = bytes + t->head->bytes;
    t->texts = arena_alloc(t->mem, ((size_t)t->head->texts + 1) * sizeof *t->texts);
    if (t->head->bytes > 0 && end[-1] != '\0')
        return false;
    for (uint32_t i = 1; i <= t->head->texts; i++) {
        if (bytes == end)
            return false;
        t->texts[i] = sighted_text(t->sighted, bytes);
        bytes += strlen(bytes) + 1;
    }
    return bytes == end;
}

static void take_file(struct taking *t, const struct kept_file *from,
                      const struct kept_seen **seens, uint32_t *left)
{
    struct sighted_file *file = sighted_file(t->sighted, text_at(t, from->path, true));
    file->broken = from->broken;
    t->sound &= from->broken <= t->head->unreadable;
    file->overlooked = from->overlooked != 0;
    t->sound &= from->seens <= *left;
    for (uint32_t i = 0; t->sound && i < from->seens; i++, ++*seens, --*left) {
        const struct kept_seen *seen = *seens;
        array_push(t->mem, &file->seens,
                   ((struct seen){
                       seen->layout, text_at(t, seen->path, true), text_at(t, seen->service, true),
                       text_at(t, seen->environment, true), text_at(t, seen->region, true),
                       text_at(t, seen->version, true), seen->rest}));
    }
}

static void take_sighting(struct taking *t, const struct kept_sighting *from)
{
    struct sighting to = {
        .layout = from->layout,
        .path = text_at(t, from->path, true),
        .service = text_at(t, from->service, true),
        .environment = text_at(t, from->environment, true),
        .region = text_at(t, from->region, true),
        .before = text_at(t, from->before, false),
        .version = text_at(t, from->version, false),
        .commit = text_at(t, from->commit, true),
        .author = text_at(t, from->author, true),
        .at_s = from->at_s,
        .order = from->order,
        .same = from->same != 0,
        .bot = from->bot != 0,
    };
    array_push(t->mem, &t->sighted->sightings, to);
}

static bool take_all(struct taking *t, const char *layouts)
{
    const struct head *head = t->head = take(t, 1, sizeof *head);
    if (head == NULL || memcmp(head->layouts, layouts, DIGEST_HEX) != 0 ||
        head->tip[ID_BYTES - 1] != '\0')
        return false;
    const struct kept_file *files = take(t, head->files, sizeof *files);
    const struct kept_seen *seens = take(t, head->seens, sizeof *seens);
    const struct kept_sighting *sightings = take(t, head->sightings, sizeof *sightings);
    const struct kept_unreadable *unreadable = take(t, head->unreadable, sizeof *unreadable);
    const char *texts = take(t, head->bytes, 1);
    uint32_t left = head->seens;
    if (files == NULL || seens == NULL || sightings == NULL || unreadable == NULL ||
        texts == NULL || !take_texts(t, texts))
        return false;
    for (uint32_t i = 0; t->sound && i < head->files; i++)
        take_file(t, &files[i], &seens, &left);
    for (uint32_t i = 0; t->sound && i < head->sightings; i++)
        take_sighting(t, &sightings[i]);
    for (uint32_t i = 0; t->sound && i < head->unreadable; i++)
        array_push(t->mem, &t->sighted->sightings.unreadable,
                   ((struct unreadable){unreadable[i].from_s, unreadable[i].until_s,
                                        text_at(t, (uint32_t)unreadable[i].text, true)}));
    t->sighted->tip = head->tip;
    t->sighted->latest_s = head->latest_s;
    t->sighted->commits = head->commits;
    return t->sound;
}

void sighted_read(int folder, const char *name, const char *layouts, struct arena *mem,
                  struct sighted *sighted)
{
    struct taking t = {.sound = true, .sighted = sighted, .mem = mem};
    sighted_init(sighted, mem);
    t.at = cachefile_read(folder, name, cachefile_version(LAYOUT), &t.left);
    if (t.at != NULL && !take_all(&t, layouts))
        sighted_init(sighted, mem);
}

/* --- writing ---------------------------------------------------------------------------------- */

struct putting {
    struct arena *mem;
    struct names texts;
    struct ARRAY(struct kept_file) files;
    struct ARRAY(struct kept_seen) seens;
    struct ARRAY(struct kept_sighting) sightings;
    struct ARRAY(struct kept_unreadable) unreadable;
};

static uint32_t text_number(struct putting *p, const char *text)
{
    return text == NULL ? 0 : (uint32_t)names_add(&p->texts, text, strlen(text)) + 1;
}

static void put_file(struct putting *p, const char *path, const struct sighted_file *file)
{
    array_push(p->mem, &p->files,
               ((struct kept_file){text_number(p, path), file->broken, file->overlooked,
                                   (uint32_t)file->seens.count}));
    for (size_t i = 0; i < file->seens.count; i++) {
        const struct seen *seen = &file->seens.items[i];
        array_push(
            p->mem, &p->seens,
            ((struct kept_seen){seen->rest, seen->layout, text_number(p, seen->path),
                                text_number(p, seen->service), text_number(p, seen->environment),
                                text_number(p, seen->region), text_number(p, seen->version)}));
    }
}

static void put_sighting(struct putting *p, const struct sighting *from)
{
    struct kept_sighting to = {
        .at_s = from->at_s,
        .layout = from->layout,
        .path = text_number(p, from->path),
        .service = text_number(p, from->service),
        .environment = text_number(p, from->environment),
        .region = text_number(p, from->region),
        .before = text_number(p, from->before),
        .version = text_number(p, from->version),
        .commit = text_number(p, from->commit),
        .author = text_number(p, from->author),
        .order = from->order,
        .same = from->same,
        .bot = from->bot,
    };
    array_push(p->mem, &p->sightings, to);
}

/* All of them, one behind the other. */
static const char *join_texts(const struct putting *p, uint64_t *len)
{
    *len = 0;
    for (size_t i = 0; i < p->texts.texts.count; i++)
        *len += p->texts.keys[i].len + 1;
    char *all = arena_alloc(p->mem, *len + 1), *end = all;
    for (size_t i = 0; i < p->texts.texts.count; i++)
        end = stpcpy(end, p->texts.texts.items[i]) + 1;
    return all;
}

/* An empty list has no items. */
static struct cachefile_part part_of(const void *items, size_t len)
{
    return (struct cachefile_part){items == NULL ? "" : items, len};
}

void sighted_write(int folder, const char *name, const char *layouts, const struct sighted *sighted)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct putting p = {.mem = mem};
    struct head *head = arena_new_item(mem, struct head);
    names_init(&p.texts, mem);
    for (size_t i = 0; i < sighted->files.count; i++)
        put_file(&p, sighted->paths.texts.items[i], &sighted->files.items[i]);
    for (size_t i = 0; i < sighted->sightings.count; i++)
        put_sighting(&p, &sighted->sightings.items[i]);
    for (size_t i = 0; i < sighted->sightings.unreadable.count; i++) {
        const struct unreadable *from = &sighted->sightings.unreadable.items[i];
        array_push(
            mem, &p.unreadable,
            ((struct kept_unreadable){from->from_s, from->until_s, text_number(&p, from->text)}));
    }
    memcpy(head->layouts, layouts, DIGEST_HEX);
    memcpy(head->tip, sighted->tip, ID_BYTES);
    head->latest_s = sighted->latest_s;
    head->commits = sighted->commits;
    head->texts = (uint32_t)p.texts.texts.count;
    head->files = (uint32_t)p.files.count;
    head->seens = (uint32_t)p.seens.count;
    head->sightings = (uint32_t)p.sightings.count;
    head->unreadable = (uint32_t)p.unreadable.count;
    const char *texts = join_texts(&p, &head->bytes);
    const struct cachefile_part parts[PARTS] = {
        [PART_HEAD] = {head, sizeof *head},
        [PART_FILES] = part_of(p.files.items, p.files.count * sizeof *p.files.items),
        [PART_SEENS] = part_of(p.seens.items, p.seens.count * sizeof *p.seens.items),
        [PART_SIGHTINGS] =
            part_of(p.sightings.items, p.sightings.count * sizeof *p.sightings.items),
        [PART_UNREADABLE] =
            part_of(p.unreadable.items, p.unreadable.count * sizeof *p.unreadable.items),
        [PART_TEXTS] = {texts, head->bytes},
    };
    cachefile_write(folder, name, cachefile_version(LAYOUT), parts, PARTS);
}
