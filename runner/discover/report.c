#include "runner/discover/report.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "runner/discover/beneath.h"

static enum opened refuse(const struct report_file *file, struct error *err, const char *what,
                          const char *hint)
{
    error_set(err, FAULT_REPORT, "%s", what);
    if (*hint != '\0')
        error_hint(err, "%s", hint);
    error_at(err, file->path, 0, 0);
    return OPENED_REFUSED;
}

static enum opened cannot_open(const struct report_file *file, int number, struct error *err)
{
    if (number == ENOENT || number == ENOTDIR) {
        refuse(file, err, "there is no such file", "look at the job that writes it");
        return OPENED_MISSING;
    }
    if (number == EXDEV || number == ELOOP)
        return refuse(file, err, "leads out of the repository",
                      "a policy reads only what lies in its work tree: copy the report there");
    if (number == ENXIO)
        return refuse(file, err, "is a socket, not a file", "");
    error_set(err, FAULT_REPORT, "cannot be opened: %s", strerror(number));
    error_at(err, file->path, 0, 0);
    return OPENED_REFUSED;
}

static const char *kind_of(mode_t mode)
{
    return S_ISDIR(mode)    ? "is a directory, not a file"
           : S_ISFIFO(mode) ? "is a FIFO, not a file"
           : S_ISSOCK(mode) ? "is a socket, not a file"
                            : "is a device, not a file";
}

static enum opened check_opened(struct report_file *file, struct error *err)
{
    if (file->fd < 0)
        return cannot_open(file, errno, err);
    if (fstat(file->fd, &file->before) != 0)
        return cannot_open(file, errno, err);
    if (S_ISREG(file->before.st_mode))
        return OPENED;
    bool directory = S_ISDIR(file->before.st_mode);
    return refuse(file, err, kind_of(file->before.st_mode),
                  directory ? "name the files in it, in a policy with a glob: DIR/**/*.xml"
                            : "write the report to a file first, or give it as standard input: -");
}

enum opened report_open(struct report_file *file, const char *path, struct error *err)
{
    *file = (struct report_file){.path = path, .fd = STDIN_FILENO, .stream = true};
    if (strcmp(path, "-") == 0)
        return OPENED;
    file->stream = false;
    file->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    return check_opened(file, err);
}

enum opened report_open_beneath(struct report_file *file, int root, const char *path,
                                struct error *err)
{
    *file = (struct report_file){.path = path};
    file->fd = open_beneath(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    return check_opened(file, err);
}

void close_report(struct report_file *file)
{
    if (file->fd >= 0 && !file->stream)
        close(file->fd);
    file->fd = -1;
}

static bool changed(struct error *err)
{
    *err = (struct error){0}; /* what the reader made of half a file is no news */
    error_set(err, FAULT_REPORT, "changed while it was read");
    return error_hint(err, "let the job that writes it end first");
}

static bool pull(void *handle, char *buffer, size_t room, size_t *got, struct error *err)
{
    struct report_file *file = handle;
    ssize_t count;
    do
        count = read(file->fd, buffer, room);
    while (count < 0 && errno == EINTR);
    if (count < 0)
        return error_set(err, FAULT_REPORT, "cannot be read: %s", strerror(errno));
    *got = (size_t)count;
    file->got += *got;
    /* one that grows as fast as it is read would never end */
    return file->stream || file->got <= (uint64_t)file->before.st_size || changed(err);
}

static bool is_unchanged(const struct report_file *file)
{
    struct stat now;
    return file->stream || (fstat(file->fd, &now) == 0 && now.st_size == file->before.st_size &&
                            now.st_mtim.tv_sec == file->before.st_mtim.tv_sec &&
                            now.st_mtim.tv_nsec == file->before.st_mtim.tv_nsec);
}

bool report_text(struct report_file *file, size_t most, struct arena *mem, char **text, size_t *len,
                 struct error *err)
{
    size_t room = 0, got = 1;
    *text = NULL;
    for (*len = 0; got > 0 && *len <= most; *len += got) {
        if (*len + 1 >= room) {
            size_t wanted = room == 0 ? 65536 : 2 * room;
            *text = arena_grow(mem, *text, room, wanted);
            room = wanted;
        }
        if (!pull(file, *text + *len, room - *len - 1, &got, err))
            return error_at(err, file->path, 0, 0);
    }
    (*text)[*len] = '\0';
    if (*len > most)
        error_set(err, FAULT_REPORT, "has more than %zu bytes", most);
    else if (!is_unchanged(file))
        changed(err);
    else
        return true;
    return error_at(err, file->path, 0, 0);
}

const struct reader *report_format(struct report_file *file, bool *foreign, struct error *err)
{
    struct input in = {.path = file->path, .pull = pull, .handle = file};
    *foreign = false;
    if (!input_begin(&in, err))
        return NULL;
    *foreign = input_is_foreign(&in);
    return reader_claiming(&in, err);
}

static bool take(struct input *in, const struct reader *wanted, struct report *out,
                 struct error *err)
{
    if (!input_begin(in, err))
        return false;
    out->reader = wanted != NULL ? wanted : reader_claiming(in, err);
    if (out->reader == NULL)
        return false;
    source_init(&out->source, in->run, out->reader->name, out->reader->name);
    return report_read(out->reader, in, &out->source, err);
}

bool report_take(struct report_file *file, const struct report_wanted *wanted, struct arena *mem,
                 struct report *out, struct error *err)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct input in = {
        .path = file->path,
        .pull = pull,
        .handle = file,
        .run = mem,
        .scratch = scratch,
        .settings = wanted->settings,
        .digest = wanted->digest ? digest_new(scratch) : NULL,
    };
    *out = (struct report){.reader = wanted->reader};
    bool taken = take(&in, wanted->reader, out, err);
    if (!is_unchanged(file))
        taken = changed(err);
    out->bytes = in.bytes;
    out->repaired = in.repaired;
    if (taken && in.digest != NULL)
        digest_hex(in.digest, out->sha256);
    return taken || error_at(err, file->path, 0, 0);
}
