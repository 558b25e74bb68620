#include "runner/command/deliveryfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gates/base/path.h"

/* Where included files lie. */
struct shelf {
    const struct policy_source *source; /* NULL: `folder` */
    struct arena *mem;
    const char *folder; /* "conf/" in front of what is below `fd` */
    int fd;
};

static void close_shelf(struct shelf *shelf)
{
    if (shelf->fd >= 0)
        close(shelf->fd);
}

static bool open_shelf(struct shelf *shelf, const char *file, struct error *err)
{
    size_t len = (size_t)(path_name(file) - file);
    shelf->folder = arena_copy(shelf->mem, file, len);
    shelf->fd = open(len == 0 ? "." : shelf->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return shelf->fd >= 0 || error_set(err, FAULT_POLICY, "cannot look into the folder of %s: %s",
                                       file, strerror(errno));
}

static bool open_included(void *handle, const char *name, const char **bytes, size_t *len,
                          struct error *err)
{
    const struct shelf *shelf = handle;
    struct policy_text text = {.name = name, .what = arena_printf(shelf->mem, "'%s'", name)};
    bool opened =
        shelf->source != NULL
            ? shelf->source->open(shelf->source, &text, shelf->mem, err)
            : policytext_read_beneath(shelf->fd, name + strlen(shelf->folder),
                                      "the folder of the configuration", &text, shelf->mem, err);
    *bytes = text.bytes;
    *len = text.len;
    return opened;
}

static bool list_included(void *handle, const char *glob, struct words *paths, struct error *err)
{
    const struct shelf *shelf = handle;
    struct words below = {0};
    if (shelf->source != NULL)
        return shelf->source->list(shelf->source, glob, shelf->mem, paths, err);
    if (!policysource_list_beneath(shelf->fd, glob + strlen(shelf->folder), shelf->mem, &below,
                                   err))
        return false;
    for (size_t i = 0; i < below.count; i++)
        array_push(shelf->mem, paths,
                   arena_printf(shelf->mem, "%s%s", shelf->folder, below.items[i]));
    return true;
}

const char *deliveryfile_folder(const char *file, struct arena *mem, struct error *err)
{
    char whole[PATH_MAX];
    size_t len = (size_t)(path_name(file) - file);
    const char *folder = len == 0 ? "." : arena_copy(mem, file, len);
    if (realpath(folder, whole) != NULL)
        return arena_copy(mem, whole, strlen(whole));
    error_set(err, FAULT_USAGE, "its folder cannot be found: %s", strerror(errno));
    error_at(err, file, 0, 0);
    return NULL;
}

bool deliveryfile_text(const struct delivery_wanted *wanted, struct arena *mem,
                       struct policy_text *text, struct error *err)
{
    *text = (struct policy_text){.name = wanted->source != NULL ? wanted->path : wanted->file,
                                 .what = "the delivery configuration"};
    if (wanted->source == NULL)
        return policytext_read(text, mem, err);
    return wanted->source->open(wanted->source, text, mem, err) || error_at(err, text->name, 0, 0);
}

bool deliveryfile_load(const struct delivery_wanted *wanted, const struct policy_text *text,
                       struct arena *mem, struct delivery *delivery, struct problems *found,
                       struct error *err)
{
    AUTO(close_shelf) struct shelf shelf = {.source = wanted->source, .mem = mem, .fd = -1};
    if (wanted->source == NULL && !open_shelf(&shelf, wanted->file, err))
        return false;
    bool lists = wanted->source == NULL || wanted->source->list != NULL;
    const struct policy_files files = {
        .open = open_included, .list = lists ? list_included : NULL, .handle = &shelf};
    return delivery_load(text->name, text->bytes, text->len, &files, mem, delivery, found, err) ||
           error_at(err, text->name, 0, 0);
}
