/* Which deleted and added files are one file under another name.
 *
 * libgit2 measures similarity in another way than git, and its search is quadratic over all files
 * of a moved folder, so this is git's own method: equal content first, then equal names that are
 * there only once, then the most similar of all others (diffcore-rename.c). Two files are as
 * similar as the share of bytes, in lines or in pieces of 64 bytes, that the larger has in common
 * with the smaller.
 *
 * A file that is not followed counts as new, all lines of it. So whoever drives the search into its
 * bounds gains nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "gates/base/names.h"
#include "gates/base/path.h"
#include "runner/history/pairs.h"

enum {
    PIECE_BYTES = 64,
    HASHES = 107927, /* a prime */
    WHOLE = 60000,   /* equal */
    SIMILAR = WHOLE / 2,
    SIMILAR_OF_ONE_NAME = WHOLE / 4 * 3,
    CANDIDATES = 4,                  /* kept for each added file */
    MOST_EQUAL = 100,                /* of one content that are looked at */
    MOST_COMPARED = 1000 * 1000,     /* pairs; above that only equal ones are found */
    MOST_BYTES = 128 * 1024 * 1024,  /* of one search */
    MOST_STEPS = 2000 * 1000 * 1000, /* some seconds */
};

struct piece {
    uint32_t hash, bytes;
};

/* A deleted or an added file that has no counterpart yet. */
struct loose {
    struct pair *pair;
    const struct side *side;
    const char *path, *name;
    git_oid id;
    size_t size;
    struct piece *pieces; /* by hash; NULL: not read */
    size_t piece_count;
    size_t name_index; /* among all names */
    bool too_large;    /* to be read for comparing */
    bool taken;
};

struct looses ARRAY(struct loose);

struct match {
    struct loose *old, *now;
    unsigned score; /* of WHOLE */
    bool same_name;
    uint64_t turn; /* when it was found */
};

struct matches ARRAY(struct match);

struct search {
    git_repository *repository;
    struct arena *mem;
    struct looses old, now;
    uint64_t bytes_left, steps_left;
    uint64_t turn;
    uint32_t *counters; /* bytes by hash, all 0 between two files */
};

/* --- equal ones --- */

static uint32_t kind_of(const struct side *side)
{
    return side->mode & 0170000;
}

/* The content's name: that of the blob, or what it would be. */
static bool identify(git_repository *repository, struct loose *loose)
{
    AUTO(close_content) struct content content = {0};
    loose->id = loose->side->id;
    if (!loose->side->in_work_tree)
        return true;
    if (!content_load(repository, loose->side, loose->path, &content))
        return false;
    loose->taken = content.too_large;
    return content.too_large ||
           git_odb_hash(&loose->id, content.bytes, content.len, GIT_OBJECT_BLOB) == 0;
}

static bool add_loose(struct search *search, struct looses *list, struct pair *pair,
                      const struct side *side)
{
    struct loose *loose = array_add(search->mem, list);
    *loose = (struct loose){.pair = pair, .side = side, .path = pair->path};
    loose->name = path_name(loose->path);
    return identify(search->repository, loose);
}

static bool gather(struct search *search, struct pairs *pairs)
{
    for (size_t i = 0; i < pairs->count; i++) {
        struct pair *pair = &pairs->items[i];
        if (pair->now.mode == 0 && !add_loose(search, &search->old, pair, &pair->old))
            return false;
        if (pair->old.mode == 0 && !add_loose(search, &search->now, pair, &pair->now))
            return false;
    }
    return true;
}

/* The added pair takes what the deleted one was, which is gone. */
static void join(struct loose *old, struct loose *now)
{
    now->pair->old_path = old->path;
    now->pair->old = *old->side;
    old->pair->old.mode = 0;
    old->taken = now->taken = true;
}

static int compare_contents(const struct loose *one, const struct loose *other)
{
    int order = git_oid_cmp(&one->id, &other->id);
    return order != 0 ? order : (int)kind_of(one->side) - (int)kind_of(other->side);
}

static int by_content(const void *one, const void *other)
{
    const struct loose *a = *(struct loose *const *)one, *b = *(struct loose *const *)other;
    int order = compare_contents(a, b);
    return order != 0 ? order : strcmp(a->path, b->path);
}

/* Where in the sorted list this content begins. */
static size_t find_content(struct loose *const *sorted, size_t count, const struct loose *wanted)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_contents(sorted[middle], wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first of the free ones with this content, if none of them has the name as well. `*skip`: how
 * many at the beginning are taken. */
static struct loose *find_equal(struct loose *const *same, size_t count, size_t *skip,
                                const struct loose *wanted)
{
    struct loose *first = NULL;
    while (*skip < count && same[*skip]->taken)
        ++*skip;
    for (size_t i = *skip; i < count && i < *skip + MOST_EQUAL; i++) {
        if (compare_contents(same[i], wanted) != 0)
            break;
        if (same[i]->taken)
            continue;
        if (strcmp(same[i]->name, wanted->name) == 0)
            return same[i];
        if (first == NULL)
            first = same[i];
    }
    return first;
}

static void join_equal(struct search *search)
{
    size_t count = search->old.count;
    struct loose **sorted = arena_alloc(search->mem, (count + 1) * sizeof(struct loose *));
    size_t *skips = arena_alloc(search->mem, (count + 1) * sizeof *skips);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &search->old.items[i];
    qsort(sorted, count, sizeof(struct loose *), by_content);
    for (size_t i = 0; i < search->now.count; i++) {
        if (search->now.items[i].taken)
            continue;
        size_t at = find_content(sorted, count, &search->now.items[i]);
        struct loose *old = find_equal(sorted + at, count - at, &skips[at], &search->now.items[i]);
        if (old != NULL)
            join(old, &search->now.items[i]);
    }
}

/* Only what can be similar to something stays: files that have no counterpart. */
static void drop_taken(struct looses *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!list->items[i].taken && side_is_file(list->items[i].side))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/* --- similar ones --- */

/* Adds up the bytes of each piece. The hash is git's, to find the same files similar. */
static void count_pieces(const struct content *content, uint32_t *counters)
{
    bool is_text = !content_is_binary(content);
    uint32_t one = 0, other = 0, len = 0;
    for (size_t i = 0; i < content->len; i++) {
        unsigned char c = (unsigned char)content->bytes[i];
        if (is_text && c == '\r' && i + 1 < content->len && content->bytes[i + 1] == '\n')
            continue;
        uint32_t before = one;
        one = ((one << 7) ^ (other >> 25)) + c;
        other = (other << 7) ^ (before >> 25);
        if (++len < PIECE_BYTES && c != '\n' && i + 1 < content->len)
            continue;
        counters[(one + other * 0x61) % HASHES] += len;
        one = other = len = 0;
    }
}

static void keep_pieces(struct search *search, struct loose *loose)
{
    size_t count = 0;
    for (size_t i = 0; i < HASHES; i++)
        count += search->counters[i] > 0;
    loose->pieces = arena_alloc(search->mem, (count + 1) * sizeof *loose->pieces);
    for (uint32_t i = 0; i < HASHES; i++) {
        if (search->counters[i] > 0)
            loose->pieces[loose->piece_count++] = (struct piece){i, search->counters[i]};
        search->counters[i] = 0;
    }
}

static bool read_pieces(struct search *search, struct loose *loose)
{
    AUTO(close_content) struct content content = {0};
    if (loose->pieces != NULL || loose->too_large)
        return true;
    if (!content_load(search->repository, loose->side, loose->path, &content))
        return false;
    loose->size = content.len;
    loose->too_large = content.too_large || content.len > search->bytes_left;
    if (loose->too_large)
        return true;
    search->bytes_left -= content.len;
    count_pieces(&content, search->counters);
    keep_pieces(search, loose);
    return true;
}

static uint64_t bytes_in_common(const struct loose *one, const struct loose *other)
{
    uint64_t bytes = 0;
    for (size_t i = 0, j = 0; i < one->piece_count && j < other->piece_count;) {
        const struct piece *a = &one->pieces[i], *b = &other->pieces[j];
        if (a->hash == b->hash)
            bytes += a->bytes < b->bytes ? a->bytes : b->bytes;
        i += a->hash <= b->hash;
        j += a->hash >= b->hash;
    }
    return bytes;
}

/* How similar two files are, of WHOLE; 0 also when that would take too long to find out. */
static bool measure(struct search *search, struct loose *old, struct loose *now, unsigned *score)
{
    *score = 0;
    if (!read_pieces(search, old) || !read_pieces(search, now))
        return false;
    uint64_t larger = old->size > now->size ? old->size : now->size;
    uint64_t smaller = old->size + now->size - larger;
    uint64_t steps = old->piece_count + now->piece_count;
    if (old->too_large || now->too_large || smaller * 2 < larger || smaller == 0 ||
        steps > search->steps_left)
        return true;
    search->steps_left -= steps;
    *score = (unsigned)(bytes_in_common(old, now) * WHOLE / larger);
    return true;
}

/* Files whose name is there once on either side: most of a folder that was moved. */
static bool join_namesakes(struct search *search)
{
    struct names names;
    names_init(&names, search->mem);
    for (size_t i = 0; i < search->old.count + search->now.count; i++) {
        struct loose *loose = i < search->old.count ? &search->old.items[i]
                                                    : &search->now.items[i - search->old.count];
        loose->name_index = names_add(&names, loose->name, strlen(loose->name));
    }
    struct namesakes {
        struct loose *old, *now;
        size_t olds, nows;
    } *all = arena_alloc(search->mem, (names.texts.count + 1) * sizeof *all);
    for (size_t i = 0; i < search->old.count; i++) {
        struct namesakes *at = &all[search->old.items[i].name_index];
        at->old = &search->old.items[i];
        at->olds++;
    }
    for (size_t i = 0; i < search->now.count; i++) {
        struct namesakes *at = &all[search->now.items[i].name_index];
        at->now = &search->now.items[i];
        at->nows++;
    }
    for (size_t i = 0; i < names.texts.count; i++) {
        unsigned score;
        if (all[i].olds != 1 || all[i].nows != 1)
            continue;
        if (!measure(search, all[i].old, all[i].now, &score))
            return false;
        if (score >= SIMILAR_OF_ONE_NAME)
            join(all[i].old, all[i].now);
    }
    return true;
}

/* The better first; equally good ones in the order they were found. */
static int by_score(const void *one, const void *other)
{
    const struct match *a = one, *b = other;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->same_name != b->same_name)
        return a->same_name ? -1 : 1;
    return (a->turn > b->turn) - (a->turn < b->turn);
}

/* The best candidates for one added file; only a few, as git does. */
static bool find_candidates(struct search *search, struct loose *now, struct matches *matches)
{
    size_t begin = matches->count;
    for (size_t i = 0; i < search->old.count; i++) {
        struct match match = {.old = &search->old.items[i], .now = now, .turn = search->turn++};
        if (!measure(search, match.old, now, &match.score))
            return false;
        if (match.score < SIMILAR)
            continue;
        match.same_name = strcmp(match.old->name, now->name) == 0;
        array_push(search->mem, matches, match);
        qsort(&matches->items[begin], matches->count - begin, sizeof match, by_score);
        if (matches->count - begin > CANDIDATES)
            matches->count--;
    }
    return true;
}

static bool join_similar(struct search *search)
{
    struct matches matches = {0};
    if ((uint64_t)search->old.count * search->now.count > MOST_COMPARED)
        return true;
    for (size_t i = 0; i < search->now.count; i++)
        if (!find_candidates(search, &search->now.items[i], &matches))
            return false;
    if (matches.count > 0)
        qsort(matches.items, matches.count, sizeof *matches.items, by_score);
    for (size_t i = 0; i < matches.count; i++)
        if (!matches.items[i].old->taken && !matches.items[i].now->taken)
            join(matches.items[i].old, matches.items[i].now);
    return true;
}

/* What was joined to another is no pair of its own any more. */
static void drop_empty(struct pairs *pairs)
{
    size_t kept = 0;
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].old.mode != 0 || pairs->items[i].now.mode != 0)
            pairs->items[kept++] = pairs->items[i];
    pairs->count = kept;
}

static bool search_all(struct search *search)
{
    join_equal(search);
    drop_taken(&search->old);
    drop_taken(&search->now);
    if (search->old.count == 0 || search->now.count == 0)
        return true;
    search->counters = arena_alloc(search->mem, HASHES * sizeof *search->counters);
    if (!join_namesakes(search))
        return false;
    drop_taken(&search->old);
    drop_taken(&search->now);
    return join_similar(search);
}

bool pairs_follow_renames(git_repository *repository, struct pairs *pairs)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct search search = {
        .repository = repository, .mem = mem, .bytes_left = MOST_BYTES, .steps_left = MOST_STEPS};
    if (!gather(&search, pairs) || !search_all(&search))
        return false;
    drop_empty(pairs);
    return true;
}
