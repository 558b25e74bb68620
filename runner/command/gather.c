#include "runner/command/gather.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/path.h"
#include "runner/command/intake.h"
#include "runner/discover/discover.h"
#include "runner/discover/report.h"

/* --- files ----------------------------------------------------------------------------------- */

static const char *const own_format = "qgate"; /* an earlier verdict demands nothing by itself */

/* A path as a glob that matches it alone: each character with a meaning as a set of its own,
 * because a backslash at the beginning of a policy's path would be taken for a separator. */
static const char *escaped(const char *path, struct arena *mem)
{
    char *text = arena_alloc(mem, 3 * strlen(path) + 1), *out = text;
    for (; *path != '\0'; path++) {
        bool means = strchr("*?[", *path) != NULL;
        if (means)
            *out++ = '[';
        *out++ = *path;
        if (means)
            *out++ = ']';
    }
    return text;
}

/* Can it be read whole? Each report in memory of its own: only the answer is kept. */
static bool try(const struct workplace *place, const struct reader *reader, const char *path,
                struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    AUTO(close_report) struct report_file file;
    struct report report;
    struct report_wanted wanted = {.reader = reader};
    if (report_open_beneath(&file, place->fd, path, err) != OPENED ||
        !report_take(&file, &wanted, mem, &report, err))
        return false;
    if (report.source.whole)
        return true;
    error_set(err, FAULT_REPORT, "is not all there is: %s",
              report.source.part_reason == NULL ? "a part is missing" : report.source.part_reason);
    return error_at(err, path, 0, 0);
}

static void add(struct gather *gather, const struct reader *reader, const char *path, bool tracked,
                struct arena *mem)
{
    struct gathered *gathered = array_add(mem, &gather->entries);
    gathered->files = 1;
    gathered->entry = (struct report_entry){
        .reader = reader,
        .format = reader->name,
        .name = reader->name,
        .path = escaped(path, mem),
        .tracked = tracked,
    };
    array_push(mem, &gather->paths, path);
}

/* --- globs ----------------------------------------------------------------------------------- */

struct joiner {
    const struct workplace *place;
    struct gather *gather;
    struct names paths; /* of the files behind the entries, each with its format */
    struct arena *mem;
};

static const char *path_key(const char *format, bool tracked, const char *path, struct arena *mem)
{
    return arena_printf(mem, "%s\1%d\1%s", format, tracked, path);
}

/* The members of a group: entries that one glob may stand for. */
struct group {
    struct gathered **items;
    size_t count, room;
};

/* Does the glob match the files of the group, and nothing else? */
static bool matches(const struct joiner *j, const char *glob, const struct group *group)
{
    struct error err = {0};
    struct found found;
    struct hunt hunt = {.root = j->place->fd};
    const struct report_entry *first = &group->items[0]->entry;
    size_t files = 0;
    array_push(j->mem, &hunt.globs, glob);
    for (size_t i = 0; i < group->count; i++)
        files += group->items[i]->files;
    if (!discover(&hunt, j->mem, &found, &err) || found.paths.count != files)
        return false;
    for (size_t i = 0; i < found.paths.count; i++) {
        const char *key = path_key(first->format, first->tracked, found.paths.items[i], j->mem);
        if (names_find(&j->paths, key, strlen(key)) == NAMES_NONE)
            return false;
    }
    return true;
}

/* Bytes that two names have in common at their beginning. */
static size_t common(const char *a, const char *b)
{
    size_t size = 0;
    while (a[size] != '\0' && a[size] == b[size])
        size++;
    return size;
}

static const char *extension(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot == NULL ? name + strlen(name) : dot;
}

/* For names in one folder: TEST-*.xml, else *.xml, else what all names begin with. */
static const char *folder_glob(const struct joiner *j, const struct group *group)
{
    const struct report_entry *first = &group->items[0]->entry;
    const char *name = path_name(first->path), *end = extension(name);
    int folder = (int)(name - first->path);
    size_t shared = strlen(name);
    for (size_t i = 1; i < group->count; i++) {
        size_t size = common(name, path_name(group->items[i]->entry.path));
        shared = size < shared ? size : shared;
    }
    size_t part = strcspn(name, "-_") + 1;
    const size_t lengths[] = {part <= shared ? part : 0, 0, shared};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        const char *glob =
            arena_printf(j->mem, "%.*s%.*s*%s", folder, first->path, (int)lengths[i], name, end);
        if (matches(j, glob, group))
            return glob;
    }
    return NULL;
}

/* The path with `*` in place of its part number `at`; NULL: it has no such folder. */
static const char *starred(const char *path, size_t at, struct arena *mem)
{
    const char *begin = path;
    for (; at > 0; at--) {
        begin = strchr(begin, '/');
        if (begin == NULL)
            return NULL;
        begin++;
    }
    const char *end = strchr(begin, '/');
    if (end == NULL)
        return NULL;
    return arena_printf(mem, "%.*s*%s", (int)(begin - path), path, end);
}

/* What two entries share that one glob may stand for; NULL: nothing. `level`: 0 the folder and the
 * extension, otherwise all but that folder, counted from 1. */
static const char *shared_of(const struct report_entry *entry, size_t level, struct arena *mem)
{
    const char *name = path_name(entry->path), *path;
    if (level == 0)
        path = arena_printf(mem, "%.*s%s", (int)(name - entry->path), entry->path, extension(name));
    else
        path = starred(entry->path, level - 1, mem);
    return path == NULL ? NULL : path_key(entry->format, entry->tracked, path, mem);
}

static void join(const struct joiner *j, const struct group *group, size_t level)
{
    struct gathered *first = group->items[0];
    const char *glob =
        level == 0 ? folder_glob(j, group) : starred(first->entry.path, level - 1, j->mem);
    if (glob == NULL || !matches(j, glob, group))
        return;
    first->entry.path = glob;
    for (size_t i = 1; i < group->count; i++) {
        first->files += group->items[i]->files;
        group->items[i]->files = 0; /* dropped below */
    }
}

struct groups ARRAY(struct group);

static struct groups groups_of(const struct joiner *j, size_t level)
{
    struct gathereds *entries = &j->gather->entries;
    struct groups groups = {0};
    struct names keys;
    names_init(&keys, j->mem);
    for (size_t i = 0; i < entries->count; i++) {
        const char *key = shared_of(&entries->items[i].entry, level, j->mem);
        if (key == NULL)
            continue;
        size_t at = names_add(&keys, key, strlen(key));
        assert(at <= groups.count); /* indexes are given in order */
        struct group *group = at == groups.count ? array_add(j->mem, &groups) : &groups.items[at];
        array_push(j->mem, group, &entries->items[i]);
    }
    return groups;
}

static void join_level(const struct joiner *j, size_t level)
{
    struct gathereds *entries = &j->gather->entries;
    const struct groups groups = groups_of(j, level);
    for (size_t i = 0; i < groups.count; i++)
        if (groups.items[i].count > 1)
            join(j, &groups.items[i], level);
    size_t kept = 0;
    for (size_t i = 0; i < entries->count; i++)
        if (entries->items[i].files > 0)
            entries->items[kept++] = entries->items[i];
    entries->count = kept;
}

static int by_format(const void *a, const void *b)
{
    const struct gathered *p = a, *q = b;
    int order = strcmp(p->entry.format, q->entry.format);
    return order != 0 ? order : strcmp(p->entry.path, q->entry.path);
}

/* One glob for names in one folder, then for folders that differ in one part of their path. */
static void join_all(const struct workplace *place, struct gather *gather, struct arena *mem)
{
    enum { DEEPEST = 16 };
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct joiner j = {.place = place, .gather = gather, .mem = scratch};
    struct gathereds *entries = &gather->entries;
    names_init(&j.paths, scratch);
    for (size_t i = 0; i < entries->count; i++) {
        const struct report_entry *entry = &entries->items[i].entry;
        const char *key = path_key(entry->format, entry->tracked, gather->paths.items[i], scratch);
        names_add(&j.paths, key, strlen(key));
    }
    for (size_t level = 0; level <= DEEPEST && entries->count > 1; level++)
        join_level(&j, level);
    for (size_t i = 0; i < entries->count; i++) {
        struct report_entry *entry = &entries->items[i].entry;
        entry->path = arena_copy(mem, entry->path, strlen(entry->path));
    }
    if (entries->count > 1)
        qsort(entries->items, entries->count, sizeof *entries->items, by_format);
}

/* --- given and found ------------------------------------------------------------------------- */

/* The path from the root of a file that is named from the current directory. */
static const char *from_root(const struct workplace *place, const char *given, struct arena *mem,
                             struct error *err)
{
    char *whole = realpath(given, NULL);
    if (whole == NULL) {
        error_set(err, FAULT_REPORT, "cannot be opened: %s", strerror(errno));
        error_at(err, given, 0, 0);
        return NULL;
    }
    size_t root = strcmp(place->root, "/") == 0 ? 0 : strlen(place->root);
    bool inside = strncmp(whole, place->root, root) == 0 && whole[root] == '/';
    const char *path = inside ? arena_copy(mem, whole + root + 1, strlen(whole + root + 1)) : NULL;
    free(whole);
    if (inside)
        return path;
    error_set(err, FAULT_USAGE, "lies outside %s", place->root);
    error_hint(err, "a policy reads only what lies in its work tree: copy the report there");
    error_at(err, given, 0, 0);
    return NULL;
}

static const struct reader *format_of(const struct workplace *place, const char *path,
                                      struct error *err)
{
    AUTO(close_report) struct report_file file;
    if (report_open_beneath(&file, place->fd, path, err) != OPENED)
        return NULL;
    bool foreign;
    const struct reader *reader = report_format(&file, &foreign, err);
    if (reader != NULL && strcmp(reader->name, own_format) == 0) {
        error_set(err, FAULT_USAGE, "is a verdict of qgate, not a report");
        reader = NULL;
    }
    if (reader == NULL)
        error_at(err, path, 0, 0);
    return reader;
}

bool gather_given(const struct workplace *place, const struct words *paths, struct arena *mem,
                  struct gather *gather, struct error *err)
{
    struct names seen;
    names_init(&seen, mem);
    *gather = (struct gather){0};
    for (size_t i = 0; i < paths->count; i++) {
        const char *path = from_root(place, paths->items[i], mem, err);
        const struct reader *reader = path == NULL ? NULL : format_of(place, path, err);
        if (reader == NULL || !try(place, reader, path, err))
            return false;
        size_t count = seen.texts.count;
        if (names_add(&seen, path, strlen(path)) == count)
            add(gather, reader, path, history_tracks(&place->history, path), mem);
    }
    join_all(place, gather, mem);
    return true;
}

bool gather_found(const struct workplace *place, const struct words *also, struct arena *mem,
                  struct gather *gather, struct error *err)
{
    struct report_entries entries = {0};
    struct search search;
    *gather = (struct gather){0};
    if (!intake_search(place, also, mem, &entries, &search, err))
        return false;
    for (size_t i = 0; i < entries.count; i++) {
        const struct report_entry *entry = &entries.items[i];
        struct error why = {0};
        if (strcmp(entry->format, own_format) == 0)
            continue;
        if (try(place, entry->reader, entry->path, &why))
            add(gather, entry->reader, entry->path, false, mem);
        else
            array_push(
                mem, &gather->left_out,
                ((struct left_out){entry->format, entry->path, arena_printf(mem, "%s", why.what)}));
    }
    join_all(place, gather, mem);
    return true;
}
