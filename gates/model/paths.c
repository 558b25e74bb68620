#include "gates/model/paths.h"

#include <stdio.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/path.h"

enum {
    ROOM = 2 * LIMIT_NAME_BYTES, /* of a path below a source root */
    MOST_ROOTS = 32,             /* paths times roots is what a hostile report could make us try */
};

/* The best matches so far. */
struct match {
    const char *files[MOST_CANDIDATES];
    size_t count;   /* more than one: they are equally good */
    size_t overlap; /* bytes that path and file have in common */
};

static void offer(struct match *match, const char *file, size_t overlap)
{
    if (overlap > match->overlap)
        *match = (struct match){.overlap = overlap};
    if (overlap < match->overlap || match->count == MOST_CANDIDATES)
        return;
    for (size_t i = 0; i < match->count; i++)
        if (match->files[i] == file)
            return;
    match->files[match->count++] = file;
}

static void offer_file_in_path(const struct path_index *index, const char *path,
                               struct match *match)
{
    const char *file = path_index_inside(index, path);
    if (file != NULL)
        offer(match, file, strlen(file));
}

static void offer_path_in_file(const struct path_index *index, const char *path,
                               struct match *match)
{
    const char *files[MOST_CANDIDATES];
    size_t count = path_index_ending(index, path, MOST_CANDIDATES, files);
    for (size_t i = 0; i < count; i++)
        offer(match, files[i], strlen(path));
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

static struct match resolve(const struct path_index *index, const struct words *roots,
                            const struct covered_file *raw)
{
    const char *path = raw->path;
    bool below_roots = !raw->mapped && !path_is_absolute(path);
    struct match exact = {0}, tail = {0};
    char joined[ROOM];
    for (size_t i = 0; i < roots->count && below_roots; i++) {
        if (!join(joined, roots->items[i], path))
            continue;
        const char *file = path_index_file(index, joined);
        if (file != NULL)
            offer(&exact, file, 1);
        else
            offer_file_in_path(index, joined, &tail);
    }
    const char *file = path_index_file(index, path);
    if (exact.count == 0 && file != NULL)
        offer(&exact, file, 1);
    if (exact.count > 0)
        return exact;
    offer_file_in_path(index, path, &tail);
    offer_path_in_file(index, path, &tail);
    return tail;
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

static void settle_path(struct covered_file *file, const struct path_index *index,
                        const struct match *match, struct arena *mem)
{
    file->matched = match->count == 1;
    if (file->matched) {
        file->path = match->files[0];
        return;
    }
    for (size_t i = 0; i < match->count; i++)
        array_push(mem, &file->candidates, match->files[i]);
    if (path_index_file(index, file->path) != NULL)
        file->path = arena_printf(mem, "./%s", file->path);
}

void paths_resolve(struct source *source, const struct path_index *index, struct arena *mem)
{
    struct covered_files *files = &source->coverage.files;
    struct words roots;
    if (files->count == 0)
        return;
    clean_roots(source, mem, &roots);
    for (size_t i = 0; i < files->count; i++) {
        const struct match match = resolve(index, &roots, &files->items[i]);
        settle_path(&files->items[i], index, &match, mem);
    }
}

/* Of the files that match none, or several: how many, and the first of them. */
struct stray {
    size_t count;
    const char *example;
};

static void add_stray(struct stray *stray, const char *path)
{
    stray->count++;
    if (stray->example == NULL || strcmp(path, stray->example) < 0)
        stray->example = path;
}

const char *paths_unmatched(const struct source *source, struct arena *mem)
{
    const struct covered_files *files = &source->coverage.files;
    struct stray lost = {0}, torn = {0};
    for (size_t i = 0; i < files->count; i++)
        if (!files->items[i].matched)
            add_stray(files->items[i].candidates.count > 0 ? &torn : &lost, files->items[i].path);
    if (lost.count + torn.count == 0)
        return NULL;
    const struct stray *first = lost.count > 0 ? &lost : &torn;
    const char *text =
        arena_printf(mem, "%zu of %zu path%s match%s %s of the repository, e.g. %s", first->count,
                     files->count, files->count == 1 ? "" : "s", files->count == 1 ? "es" : "",
                     first == &lost ? "no file" : "several files", first->example);
    if (lost.count == 0 || torn.count == 0)
        return text;
    return arena_printf(mem, "%s, and %zu match%s several, e.g. %s", text, torn.count,
                        torn.count == 1 ? "es" : "", torn.example);
}
