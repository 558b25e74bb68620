#include "runner/history/content.h"

#include <string.h>
#include <sys/stat.h>

#include "gates/base/limits.h"

enum { BINARY_HEAD_BYTES = 8000 }; /* as git */

static void close_odb(git_odb **objects)
{
    git_odb_free(*objects);
}

bool side_is_file(const struct side *side)
{
    return (side->mode & 0170000) == 0100000;
}

void close_content(struct content *content)
{
    git_blob_free(content->blob);
    git_buf_dispose(&content->buffer);
}

static bool is_too_large(uint64_t bytes)
{
    return bytes > (uint64_t)LIMIT_CHANGED_MIB * 1024 * 1024;
}

static bool load_blob(git_repository *repository, const git_oid *id, struct content *content)
{
    AUTO(close_odb) git_odb *objects = NULL;
    size_t bytes;
    git_object_t type;
    if (git_repository_odb(&objects, repository) != 0 ||
        git_odb_read_header(&bytes, &type, objects, id) != 0)
        return false;
    content->too_large = is_too_large(bytes);
    if (content->too_large)
        return true;
    if (git_blob_lookup(&content->blob, repository, id) != 0)
        return false;
    content->bytes = git_blob_rawcontent(content->blob);
    content->len = (size_t)git_blob_rawsize(content->blob);
    return true;
}

/* libgit2 knows the filters for line ends and $Id$ only; none that runs a program. */
static bool load_file(git_repository *repository, const char *path, struct content *content)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct stat now;
    git_filter_list *filters = NULL;
    const char *whole = arena_printf(mem, "%s%s", git_repository_workdir(repository), path);
    content->too_large = lstat(whole, &now) == 0 && is_too_large((uint64_t)now.st_size);
    if (content->too_large)
        return true;
    bool done = git_filter_list_load(&filters, repository, NULL, path, GIT_FILTER_TO_ODB,
                                     GIT_FILTER_ALLOW_UNSAFE) == 0 &&
                git_filter_list_apply_to_file(&content->buffer, filters, repository, path) == 0;
    git_filter_list_free(filters);
    content->bytes = content->buffer.ptr;
    content->len = content->buffer.size;
    return done;
}

bool content_load(git_repository *repository, const struct side *side, const char *path,
                  struct content *content)
{
    *content = (struct content){.bytes = ""};
    if (!side_is_file(side))
        return true;
    return side->in_work_tree ? load_file(repository, path, content)
                              : load_blob(repository, &side->id, content);
}

bool content_is_binary(const struct content *content)
{
    size_t head = content->len < BINARY_HEAD_BYTES ? content->len : BINARY_HEAD_BYTES;
    return memchr(content->bytes, '\0', head) != NULL;
}

size_t content_lines(const struct content *content)
{
    size_t lines = 0;
    const char *end = content->bytes + content->len;
    for (const char *at = content->bytes; at < end; lines++) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        at = newline == NULL ? end : newline + 1;
    }
    return lines;
}
