#include "runner/history/content.h"

#include <string.h>

enum { BINARY_HEAD_BYTES = 8000 }; /* as git */

bool side_is_file(const struct side *side)
{
    return (side->mode & 0170000) == 0100000;
}

void close_content(struct content *content)
{
    git_blob_free(content->blob);
    git_buf_dispose(&content->buffer);
}

static bool load_blob(git_repository *repository, const git_oid *id, struct content *content)
{
    if (git_blob_lookup(&content->blob, repository, id) != 0)
        return false;
    content->bytes = git_blob_rawcontent(content->blob);
    content->len = (size_t)git_blob_rawsize(content->blob);
    return true;
}

/* libgit2 knows the filters for line ends and $Id$ only; none that runs a program. */
static bool load_file(git_repository *repository, const char *path, struct content *content)
{
    git_filter_list *filters = NULL;
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
