#include "gates/model/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/path.h"

enum {
    ROOM = 2 * LIMIT_NAME_BYTES, /* of a path below a source root */
    MOST_ROOTS = 32,             /* paths times roots is what a hostile report could make us try */
};

struct path_index {
    const char *root;
    struct names files;
    const char **by_tail; /* the same texts, sorted by their last character first */
    size_t count;
};

/* By the last characters first; one that is all of the other's end stands before it. */
static int compare_tails(const char *a, const char *b)
{
    size_t i = strlen(a), j = strlen(b);
    while (i > 0 && j > 0) {
        unsigned char p = (unsigned char)a[--i], q = (unsigned char)b[--j];
        if (p != q)
            return p < q ? -1 : 1;
    }
    return (i > 0) - (j > 0);
}

static int by_tail(const void *a, const void *b)
{
    return compare_tails(*(const char *const *)a, *(const char *const *)b);
}

struct path_index *path_index_new(struct arena *mem, const char *root, const struct words *files)
{
    struct path_index *index = arena_new_item(mem, struct path_index);
    index->root = root;
    names_init(&index->files, mem);
    for (size_t i = 0; i < files->count; i++)
        names_add(&index->files, files->items[i], strlen(files->items[i]));
    index->count = index->files.texts.count;
    index->by_tail = arena_alloc(mem, (index->count + 1) * sizeof *index->by_tail);
    for (size_t i = 0; i < index->count; i++)
        index->by_tail[i] = index->files.texts.items[i];
    qsort(index->by_tail, index->count, sizeof *index->by_tail, by_tail);
    return index;
}

/* The file of the repository with this path, or NULL. */
static const char *find_file(const struct path_index *index, const char *path)
{
    size_t at = names_find(&index->files, path, strlen(path));
    return at == NAMES_NONE ? NULL : index->files.texts.items[at];
}

/* The same for a path that may be absolute in this checkout. */
static const char *find_exact(const struct path_index *index, const char *path)
{
    size_t len = strlen(index->root);
    bool inside = strncmp(path, index->root, len) == 0 && path[len] == '/';
    return find_file(index, inside ? path + len + 1 : path);
}

/* The best match so far. */
struct match {
    const char *file; /* NULL with overlap > 0: several are equally good */
    size_t overlap;   /* bytes that path and file have in common */
};

static void offer(struct match *match, const char *file, size_t overlap)
{
    if (overlap > match->overlap)
        *match = (struct match){file, overlap};
    else if (overlap == match->overlap && file != match->file)
        match->file = NULL;
}

/* The longest file that the path ends in. A bare name is no evidence: every library has a main.c.
 */
static void offer_file_in_path(const struct path_index *index, const char *path,
                               struct match *match)
{
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        const char *file = find_file(index, slash + 1);
        if (file == NULL || strchr(file, '/') == NULL)
            continue;
        offer(match, file, strlen(file));
        return;
    }
}

/* The files that end in `/` and the path stand side by side in by_tail. */
static void offer_path_in_file(const struct path_index *index, const char *path,
                               struct match *match)
{
    char tail[ROOM];
    if (snprintf(tail, sizeof tail, "/%s", path) >= (int)sizeof tail)
        return;
    size_t low = 0, high = index->count, len = strlen(tail);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_tails(index->by_tail[middle], tail) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < index->count && i < low + 2; i++)
        if (path_ends_in(index->by_tail[i], path))
            offer(match, index->by_tail[i], len - 1);
}

/* Both are clean, so only a `..` at the beginning of `path` is left to fold. False: nothing that
 * could be a path. */
static bool join(char out[ROOM], const char *root, const char *path)
{
    size_t len = strlen(root);
    while (strncmp(path, "../", 3) == 0 && len > 0) {
        path += 3;
        while (len > 0 && root[len - 1] != '/')
            len--;
        len -= len > 0; /* the slash */
    }
    bool slash = len > 0 && root[len - 1] != '/';
    int size = snprintf(out, ROOM, "%.*s%s%s", (int)len, root, slash ? "/" : "", path);
    return size > 0 && size < ROOM;
}

static const char *resolve(const struct path_index *index, const struct words *roots,
                           const struct covered_file *raw)
{
    const char *path = raw->path;
    bool below_roots = !raw->mapped && !path_is_absolute(path);
    struct match exact = {0}, tail = {0};
    char joined[ROOM];
    for (size_t i = 0; i < roots->count && below_roots; i++) {
        if (!join(joined, roots->items[i], path))
            continue;
        const char *file = find_exact(index, joined);
        if (file != NULL)
            offer(&exact, file, 1);
        else
            offer_file_in_path(index, joined, &tail);
    }
    if (exact.overlap > 0)
        return exact.file;
    const char *file = find_exact(index, path);
    if (file != NULL)
        return file;
    offer_file_in_path(index, path, &tail);
    offer_path_in_file(index, path, &tail);
    return tail.file;
}

/* `path` without its beginning `from`: "a/b" in "/x" of "/x/a/b"; NULL: it begins otherwise. Both
 * are clean. */
static const char *below(const char *path, const char *from)
{
    size_t len = strlen(from);
    len -= len > 0 && from[len - 1] == '/'; /* of `/` itself */
    if (strncmp(path, from, len) != 0 || (path[len] != '/' && path[len] != '\0'))
        return NULL;
    return path[len] == '/' ? path + len + 1 : path + len;
}

/* The path as the first map that fits wants it; the same pointer when none does. */
static const char *map_path(const struct path_maps *maps, const char *path, struct arena *mem)
{
    for (size_t i = 0; i < maps->count; i++) {
        const char *to = maps->items[i].to, *rest = below(path, maps->items[i].from);
        if (rest != NULL && *to != '\0')
            return *rest == '\0' ? to : path_join(mem, to, rest);
        if (rest != NULL)
            return rest;
    }
    return path;
}

static const char *place(const struct path_maps *maps, const char *root, const char *path,
                         struct arena *mem)
{
    const char *mapped = path == NULL ? NULL : map_path(maps, path, mem);
    const char *rest = mapped == NULL || root == NULL ? NULL : below(mapped, root);
    return rest == NULL || *rest == '\0' ? mapped : rest;
}

static void map_coverage(struct coverage *coverage, const struct path_maps *maps, struct arena *mem)
{
    for (size_t i = 0; i < coverage->roots.count; i++) {
        const char *root = coverage->roots.items[i];
        coverage->roots.items[i] = map_path(maps, path_clean(mem, root, strlen(root)), mem);
    }
    for (size_t i = 0; i < coverage->files.count; i++) {
        struct covered_file *file = &coverage->files.items[i];
        const char *mapped = map_path(maps, file->path, mem);
        file->mapped = mapped != file->path;
        file->path = mapped;
    }
}

void paths_map(struct source *source, const struct path_maps *maps, const char *root,
               struct arena *mem)
{
    struct tests *tests = &source->tests;
    if (maps->count > 0)
        map_coverage(&source->coverage, maps, mem);
    for (size_t i = 0; i < tests->groups.count; i++)
        tests->groups.items[i].path = place(maps, root, tests->groups.items[i].path, mem);
    for (size_t i = 0; i < tests->cases.count; i++)
        tests->cases.items[i].path = place(maps, root, tests->cases.items[i].path, mem);
    for (size_t i = 0; i < source->findings.count; i++)
        source->findings.items[i].path = place(maps, root, source->findings.items[i].path, mem);
}

/* The source roots, clean, each once. */
static void clean_roots(struct source *source, struct arena *mem, struct words *roots)
{
    struct names names;
    names_init(&names, mem);
    for (size_t i = 0; i < source->coverage.roots.count; i++) {
        const char *root = source->coverage.roots.items[i];
        root = path_clean(mem, root, strlen(root));
        names_add(&names, root, strlen(root));
    }
    *roots = names.texts;
    if (roots->count <= MOST_ROOTS)
        return;
    source_warn(source, mem, "only the first %d of %zu source roots are tried", MOST_ROOTS,
                roots->count);
    roots->count = MOST_ROOTS;
}

void paths_resolve(struct source *source, const struct path_index *index, struct arena *mem)
{
    struct covered_files *files = &source->coverage.files;
    struct words roots;
    if (files->count == 0)
        return;
    clean_roots(source, mem, &roots);
    for (size_t i = 0; i < files->count; i++) {
        const char *file = resolve(index, &roots, &files->items[i]);
        files->items[i].matched = file != NULL;
        if (file != NULL)
            files->items[i].path = file;
    }
}

const char *paths_unmatched(const struct source *source, struct arena *mem)
{
    const struct covered_files *files = &source->coverage.files;
    const char *example = NULL;
    size_t unmatched = 0;
    for (size_t i = 0; i < files->count; i++) {
        if (files->items[i].matched)
            continue;
        unmatched++;
        if (example == NULL || strcmp(files->items[i].path, example) < 0)
            example = files->items[i].path;
    }
    if (unmatched == 0)
        return NULL;
    return arena_printf(mem, "%zu of %zu path%s no single file of the repository, e.g. %s",
                        unmatched, files->count, files->count == 1 ? " matches" : "s match",
                        example);
}
