#include "runner/history/kept.h"

#include <string.h>

#include "gates/base/hash.h"
#include "runner/history/cachefile.h"

/* Raise LAYOUT with every change of what stands in the file. */
#define NO_TEXT UINT32_MAX

enum { LAYOUT = 3, ID_BYTES = 41 };

enum {
    PART_COUNTS,
    PART_IDS,
    PART_COMMITS,
    PART_RANKS,
    PART_PARENTS,
    PART_BY_ID,
    PART_AUTHORS,
    PART_TEXTS,
    PARTS
};

struct counts {
    uint64_t commits, parents, authors, texts;
};

/* One commit; of its texts, which end with a NUL, the place among all. */
struct kept_commit {
    int64_t authored_s, committed_s, first_s;
    uint64_t request;
    uint32_t parent_count, copied;
    uint32_t subject, claims, keys; /* NO_TEXT: none */
    uint16_t hotfix, repairs;
};

static uint64_t version(void)
{
    return cachefile_version(LAYOUT * 1000 + LANDING_RULES);
}

/* --- reading ---------------------------------------------------------------------------------- */

/* A file that was taken apart. */
struct parts {
    const struct counts *counts;
    const char *ids, *texts;
    const struct kept_commit *commits;
    const struct rank *ranks;
    const uint32_t *parents, *by_id, *authors;
};

/* The next part, of so many items; NULL: the file is too short. */
static const void *take(const char **at, size_t *left, uint64_t count, size_t size)
{
    const void *part = *at;
    if (count > *left / size)
        return NULL;
    size_t len = cachefile_aligned(count * size);
    if (len > *left)
        return NULL;
    *at += len;
    *left -= len;
    return part;
}

static bool take_apart(const char *bytes, size_t len, struct parts *parts)
{
    const char *at = bytes;
    const struct counts *counts = parts->counts = take(&at, &len, 1, sizeof *counts);
    return counts != NULL && counts->commits < DORA_NONE &&
           (parts->ids = take(&at, &len, counts->commits, ID_BYTES)) != NULL &&
           (parts->commits = take(&at, &len, counts->commits, sizeof *parts->commits)) != NULL &&
           (parts->ranks = take(&at, &len, counts->commits, sizeof *parts->ranks)) != NULL &&
           (parts->parents = take(&at, &len, counts->parents, sizeof *parts->parents)) != NULL &&
           (parts->by_id = take(&at, &len, counts->commits, sizeof *parts->by_id)) != NULL &&
           (parts->authors = take(&at, &len, counts->authors, sizeof *parts->authors)) != NULL &&
           (parts->texts = take(&at, &len, counts->texts, 1)) != NULL && counts->texts > 0 &&
           parts->texts[counts->texts - 1] == '\0';
}

static bool are_below(const uint32_t *numbers, uint64_t count, uint64_t end)
{
    bool below = true;
    for (uint64_t i = 0; i < count; i++)
        below &= numbers[i] < end;
    return below;
}

/* Do its indexes lead where they may? */
static bool is_sound(const struct parts *parts, uint64_t index, const uint32_t *parents,
                     uint64_t parents_left)
{
    const struct counts *counts = parts->counts;
    const struct kept_commit *commit = &parts->commits[index];
    return parts->ranks[index].author < counts->authors && commit->copied <= index &&
           commit->subject < counts->texts &&
           (commit->claims == NO_TEXT || commit->claims < counts->texts) &&
           (commit->keys == NO_TEXT || commit->keys < counts->texts) &&
           commit->parent_count <= parents_left &&
           are_below(parents, commit->parent_count, index) &&
           parts->ids[index * ID_BYTES + ID_BYTES - 1] == '\0';
}

static const char *some_text(const struct parts *parts, uint32_t at)
{
    return at == NO_TEXT ? NULL : parts->texts + at;
}

static struct dora_commit take_commit(const struct parts *parts, uint64_t index,
                                      const struct authors *authors, const uint32_t *parents)
{
    const struct kept_commit *from = &parts->commits[index];
    const struct author *author = &authors->known.items[parts->ranks[index].author];
    return (struct dora_commit){
        .id = parts->ids + index * ID_BYTES,
        .parents = parents,
        .parent_count = from->parent_count,
        .copied = from->copied,
        .person = author->person,
        .bot = author->bot,
        .authored_s = from->authored_s,
        .committed_s = from->committed_s,
        .landing = {.subject = parts->texts + from->subject,
                    .claims = some_text(parts, from->claims),
                    .keys = some_text(parts, from->keys),
                    .request = from->request,
                    .hotfix = from->hotfix != 0,
                    .repairs = from->repairs != 0,
                    .first_s = from->first_s},
    };
}

/* False: they would not be numbered as they are in the file. */
static bool take_authors(const struct parts *parts, struct authors *authors)
{
    for (uint64_t i = 0; i < parts->counts->authors; i++)
        if (parts->authors[i] >= parts->counts->texts ||
            authors_add_text(authors, parts->texts + parts->authors[i]) != i)
            return false;
    return true;
}

static bool take_commits(const struct parts *parts, const struct authors *authors,
                         struct arena *mem, struct kept *kept)
{
    uint64_t count = parts->counts->commits, left = parts->counts->parents;
    const uint32_t *parents = parts->parents;
    struct dora_commits *all = &kept->commits.all;
    all->room = count + count / KEPT_SHARE + 1;
    all->items = arena_alloc(mem, all->room * sizeof *all->items);
    for (uint64_t i = 0; i < count; i++) {
        if (!is_sound(parts, i, parents, left))
            return false;
        all->items[i] = take_commit(parts, i, authors, parents);
        left -= parts->commits[i].parent_count;
        parents += parts->commits[i].parent_count;
    }
    all->count = count;
    kept->commits.by_id = parts->by_id;
    kept->ranks = parts->ranks;
    return true;
}

void kept_read(int folder, const char *name, struct authors *authors, struct arena *mem,
               struct kept *kept)
{
    struct parts parts;
    size_t len;
    *kept = (struct kept){0};
    const char *bytes = cachefile_read(folder, name, version(), &len);
    if (bytes == NULL || !take_apart(bytes, len, &parts) ||
        !are_below(parts.by_id, parts.counts->commits, parts.counts->commits) ||
        !take_authors(&parts, authors) || !take_commits(&parts, authors, mem, kept))
        *kept = (struct kept){0};
}

/* --- writing ---------------------------------------------------------------------------------- */

struct texts {
    struct arena *mem;
    struct ARRAY(char) bytes;
};

static uint32_t add_text(struct texts *texts, const char *text)
{
    size_t len = strlen(text) + 1, at = texts->bytes.count;
    if (at + len > texts->bytes.room) {
        size_t room = (at + len) * 2;
        texts->bytes.items = arena_grow(texts->mem, texts->bytes.items, texts->bytes.room, room);
        texts->bytes.room = room;
    }
    memcpy(texts->bytes.items + at, text, len);
    texts->bytes.count = at + len;
    return (uint32_t)at;
}

static uint32_t add_some(struct texts *texts, const char *text)
{
    return text == NULL ? NO_TEXT : add_text(texts, text);
}

static struct kept_commit put_commit(const struct dora_commit *from, struct texts *texts)
{
    return (struct kept_commit){
        .authored_s = from->authored_s,
        .committed_s = from->committed_s,
        .first_s = from->landing.first_s,
        .request = from->landing.request,
        .parent_count = from->parent_count,
        .copied = from->copied,
        .subject = add_text(texts, from->landing.subject),
        .claims = add_some(texts, from->landing.claims),
        .keys = add_some(texts, from->landing.keys),
        .hotfix = from->landing.hotfix,
        .repairs = from->landing.repairs,
    };
}

void kept_write(int folder, const char *name, const struct authors *authors,
                const struct kept *kept)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct dora_commits *all = &kept->commits.all;
    struct texts texts = {.mem = mem};
    struct ARRAY(uint32_t) parents = {0}, writers = {0};
    char *ids = arena_alloc(mem, all->count * ID_BYTES + 1);
    struct kept_commit *commits = arena_alloc(mem, (all->count + 1) * sizeof *commits);
    for (size_t i = 0; i < authors->texts.texts.count; i++)
        array_push(mem, &writers, add_text(&texts, authors->texts.texts.items[i]));
    for (size_t i = 0; i < all->count; i++) {
        memcpy(ids + i * ID_BYTES, all->items[i].id, ID_BYTES);
        commits[i] = put_commit(&all->items[i], &texts);
        for (uint32_t p = 0; p < all->items[i].parent_count; p++)
            array_push(mem, &parents, all->items[i].parents[p]);
    }
    const struct counts counts = {all->count, parents.count, writers.count, texts.bytes.count};
    const struct cachefile_part parts[PARTS] = {
        [PART_COUNTS] = {&counts, sizeof counts},
        [PART_IDS] = {ids, all->count * ID_BYTES},
        [PART_COMMITS] = {commits, all->count * sizeof *commits},
        [PART_RANKS] = {kept->ranks, all->count * sizeof *kept->ranks},
        [PART_PARENTS] = {parents.items, parents.count * sizeof *parents.items},
        [PART_BY_ID] = {kept->commits.by_id, all->count * sizeof *kept->commits.by_id},
        [PART_AUTHORS] = {writers.items, writers.count * sizeof *writers.items},
        [PART_TEXTS] = {texts.bytes.items, texts.bytes.count},
    };
    if (texts.bytes.count < NO_TEXT)
        cachefile_write(folder, name, version(), parts, PARTS);
}
