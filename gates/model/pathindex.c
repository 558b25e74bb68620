#include "gates/model/pathindex.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/path.h"

struct path_index {
    const char *root;
    struct names files;
    const char **sorted; /* the same texts, by their last character first */
    size_t *shorter;     /* of sorted[i]: the longest other file that it ends in, or NAMES_NONE */
    size_t count;
};

/* The end of a part stands before all else, so that files with a common tail stand together. */
static unsigned rank(char c)
{
    return c == '/' ? 0 : (unsigned char)c;
}

/* By the last characters first; one that is all of the other's end stands before it. */
static int compare_tails(const char *a, const char *b)
{
    size_t i = strlen(a), j = strlen(b);
    while (i > 0 && j > 0) {
        char p = a[--i], q = b[--j];
        if (p != q)
            return rank(p) < rank(q) ? -1 : 1;
    }
    return (i > 0) - (j > 0);
}

struct tailed {
    uint64_t tail; /* the last eight characters in that order: most paths differ there */
    const char *path;
};

static uint64_t tail_of(const char *path)
{
    uint64_t tail = 0;
    size_t len = strlen(path);
    for (size_t i = 1; i <= sizeof tail; i++)
        tail = tail << 8 | (i <= len ? rank(path[len - i]) : 0);
    return tail;
}

static int by_tail(const void *one, const void *other)
{
    const struct tailed *a = one, *b = other;
    return a->tail != b->tail ? (a->tail < b->tail ? -1 : 1) : compare_tails(a->path, b->path);
}

/* All paths, sorted. */
static const char **sort_tails(struct arena *mem, const struct words *paths)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct tailed *tails = arena_alloc(scratch, (paths->count + 1) * sizeof *tails);
    const char **sorted = arena_alloc(mem, (paths->count + 1) * sizeof *sorted);
    for (size_t i = 0; i < paths->count; i++)
        tails[i] = (struct tailed){tail_of(paths->items[i]), paths->items[i]};
    qsort(tails, paths->count, sizeof *tails, by_tail);
    for (size_t i = 0; i < paths->count; i++)
        sorted[i] = tails[i].path;
    return sorted;
}

static void find_shorter(struct path_index *index)
{
    for (size_t i = 0; i < index->count; i++) {
        size_t at = i == 0 ? NAMES_NONE : i - 1;
        while (at != NAMES_NONE && !path_ends_in(index->sorted[i], index->sorted[at]))
            at = index->shorter[at];
        index->shorter[i] = at;
    }
}

struct path_index *path_index_new(struct arena *mem, const char *root, const struct words *files)
{
    struct path_index *index = arena_new_item(mem, struct path_index);
    index->root = root;
    names_init(&index->files, mem);
    for (size_t i = 0; i < files->count; i++)
        names_add(&index->files, files->items[i], strlen(files->items[i]));
    index->count = index->files.texts.count;
    index->sorted = sort_tails(mem, &index->files.texts);
    index->shorter = arena_alloc(mem, (index->count + 1) * sizeof *index->shorter);
    find_shorter(index);
    return index;
}

const struct words *path_index_files(const struct path_index *index)
{
    return &index->files.texts;
}

const char *path_index_file(const struct path_index *index, const char *path)
{
    size_t len = strlen(index->root);
    bool inside = strncmp(path, index->root, len) == 0 && path[len] == '/';
    const char *file = inside ? path + len + 1 : path;
    size_t at = names_find(&index->files, file, strlen(file));
    return at == NAMES_NONE ? NULL : index->files.texts.items[at];
}

/* How many files stand before `path`: those behind them equal it, end in it, or come later. */
static size_t count_before(const struct path_index *index, const char *path)
{
    size_t low = 0, high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_tails(index->sorted[middle], path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* All that `path` ends in stand before it, and those are what its neighbour there ends in. */
const char *path_index_inside(const struct path_index *index, const char *path)
{
    size_t before = count_before(index, path), at = before == 0 ? NAMES_NONE : before - 1;
    while (at != NAMES_NONE && !path_ends_in(path, index->sorted[at]))
        at = index->shorter[at];
    return at == NAMES_NONE || strchr(index->sorted[at], '/') == NULL ? NULL : index->sorted[at];
}

size_t path_index_ending(const struct path_index *index, const char *path, size_t most,
                         const char **files)
{
    size_t found = 0;
    for (size_t i = count_before(index, path); i < index->count && found < most; i++) {
        if (!path_ends_in(index->sorted[i], path))
            break;
        if (strcmp(index->sorted[i], path) != 0)
            files[found++] = index->sorted[i];
    }
    return found;
}

/* Bytes of the longest tail of whole parts that both have. */
static size_t common_tail(const char *a, const char *b)
{
    size_t i = strlen(a), j = strlen(b), len = 0, whole = 0;
    while (i > 0 && j > 0 && a[i - 1] == b[j - 1]) {
        i--;
        j--;
        len++;
        if (a[i] != '/' && (i == 0 || a[i - 1] == '/') && (j == 0 || b[j - 1] == '/'))
            whole = len;
    }
    return whole;
}

size_t path_index_nearest(const struct path_index *index, const char *path, size_t most,
                          const char **files, size_t *tail)
{
    size_t at = count_before(index, path), low = at, high = at, found = 0;
    size_t before = at > 0 ? common_tail(path, index->sorted[at - 1]) : 0;
    size_t behind = at < index->count ? common_tail(path, index->sorted[at]) : 0;
    *tail = before > behind ? before : behind;
    if (*tail == 0)
        return 0;
    while (low > 0 && at - low < most && common_tail(path, index->sorted[low - 1]) == *tail)
        low--;
    while (high < index->count && high - low < most &&
           common_tail(path, index->sorted[high]) == *tail)
        high++;
    for (size_t i = low; i < high; i++)
        files[found++] = index->sorted[i];
    return found;
}
