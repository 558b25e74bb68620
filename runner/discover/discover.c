#include "runner/discover/discover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/discover/beneath.h"

/* A walk in breadth: one open directory at a time, however deep the tree. */
struct search {
    const struct hunt *hunt;
    struct arena *mem;
    struct words paths, closed; /* as in struct found, unsorted */
    struct words folders;       /* to look into; grows while it is walked */
    size_t deepest;             /* slashes that a matching path has at most */
};

static size_t count_slashes(const char *path)
{
    size_t count = 0;
    for (; *path != '\0'; path++)
        count += *path == '/';
    return count;
}

static size_t deepest_of(const struct words *globs)
{
    size_t deepest = 0;
    for (size_t i = 0; i < globs->count; i++) {
        size_t slashes = count_slashes(globs->items[i]);
        if (strstr(globs->items[i], "**") != NULL)
            return SIZE_MAX;
        deepest = slashes > deepest ? slashes : deepest;
    }
    return deepest;
}

/* Is a part of a glob that begins with `.` meant for this name? */
static bool glob_names(const struct hunt *hunt, const char *name, struct arena *mem)
{
    for (size_t i = 0; i < hunt->globs.count; i++)
        for (const char *part = hunt->globs.items[i]; *part != '\0'; part += *part == '/') {
            size_t len = strcspn(part, "/");
            if (*part == '.' && glob_match(arena_copy(mem, part, len), name))
                return true;
            part += len;
        }
    return false;
}

static bool is_ignored(const struct hunt *hunt, const char *name)
{
    for (size_t i = 0; hunt->ignore != NULL && hunt->ignore[i] != NULL; i++)
        if (strcmp(hunt->ignore[i], name) == 0)
            return true;
    return false;
}

static bool enters(const struct search *search, const char *path, const char *name)
{
    if (strcmp(name, ".git") == 0 || count_slashes(path) >= search->deepest ||
        is_ignored(search->hunt, name))
        return false;
    return name[0] != '.' || glob_names(search->hunt, name, search->mem);
}

static bool is_wanted(const struct hunt *hunt, const char *path)
{
    for (size_t i = 0; i < hunt->globs.count; i++)
        if (glob_match(hunt->globs.items[i], path))
            return true;
    return false;
}

enum kind { KIND_FOLDER, KIND_LINK_TO_FOLDER, KIND_OTHER };

static enum kind kind_of(int folder, const struct dirent *entry)
{
    struct stat now;
    if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
        return entry->d_type == DT_DIR ? KIND_FOLDER : KIND_OTHER;
    if (fstatat(folder, entry->d_name, &now, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(now.st_mode))
        return KIND_FOLDER;
    bool to_folder = fstatat(folder, entry->d_name, &now, 0) == 0 && S_ISDIR(now.st_mode);
    return to_folder ? KIND_LINK_TO_FOLDER : KIND_OTHER;
}

static bool see(struct search *search, int folder, const char *above, const struct dirent *entry,
                struct error *err)
{
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return true;
    const char *path = arena_printf(search->mem, "%s%s%s", above, *above == '\0' ? "" : "/", name);
    enum kind kind = kind_of(folder, entry);
    if (kind == KIND_FOLDER && enters(search, path, name))
        array_push(search->mem, &search->folders, path);
    if (kind != KIND_OTHER || !is_wanted(search->hunt, path))
        return true;
    if (search->paths.count >= LIMIT_FILES) {
        error_set(err, FAULT_REPORT, "more than %d files match", LIMIT_FILES);
        return error_hint(err, "name them closer, or join them into fewer files");
    }
    array_push(search->mem, &search->paths, path);
    return true;
}

static bool look_into(struct search *search, const char *path, struct error *err)
{
    int fd = open_beneath(search->hunt->root, *path == '\0' ? "." : path, O_RDONLY | O_DIRECTORY);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (folder == NULL) {
        if (fd >= 0)
            close(fd);
        if (errno != ENOENT && errno != ENOTDIR)
            array_push(search->mem, &search->closed,
                       arena_printf(search->mem, "%s: %s", path, strerror(errno)));
        return true;
    }
    bool going = true;
    for (struct dirent *entry; going && (entry = readdir(folder)) != NULL;)
        going = see(search, fd, path, entry, err);
    closedir(folder);
    return going;
}

/* Where the only glob begins to be a pattern; several begin at the root. */
static const char *first_folder(const struct words *globs, struct arena *mem)
{
    size_t len = globs->count == 1 ? glob_literal_prefix(globs->items[0]) : 0;
    return arena_copy(mem, globs->items[0], len > 0 ? len - 1 : 0);
}

/* The texts, sorted, out of the scratch arena. */
static struct words keep(const struct words *from, struct arena *mem)
{
    struct words kept = {0};
    for (size_t i = 0; i < from->count; i++)
        array_push(mem, &kept, arena_copy(mem, from->items[i], strlen(from->items[i])));
    if (kept.count > 1)
        qsort(kept.items, kept.count, sizeof *kept.items, text_order);
    return kept;
}

bool discover(const struct hunt *hunt, struct arena *mem, struct found *found, struct error *err)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct search search = {.hunt = hunt, .mem = scratch, .deepest = deepest_of(&hunt->globs)};
    array_push(scratch, &search.folders, first_folder(&hunt->globs, scratch));
    for (size_t i = 0; i < search.folders.count; i++)
        if (!look_into(&search, search.folders.items[i], err))
            return false;
    found->paths = keep(&search.paths, mem);
    found->closed = keep(&search.closed, mem);
    return true;
}
