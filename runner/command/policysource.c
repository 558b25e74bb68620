#include "runner/command/policysource.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "runner/discover/beneath.h"
#include "runner/discover/discover.h"
#include "runner/fd.h"

/* One more than a policy may have: the loader refuses it then. */
enum { HOW = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, MOST_BYTES = LIMIT_POLICY_BYTES + 1 };

static bool is_absent(int number)
{
    return number == ENOENT || number == ENOTDIR;
}

static bool cannot(const struct policy_text *text, const char *how, int number, struct error *err)
{
    return error_set(err, FAULT_POLICY, "%s cannot be %s: %s", text->what, how, strerror(number));
}

static bool read_bytes(int fd, struct policy_text *text, struct arena *mem, struct error *err)
{
    struct stat now;
    if (fd < 0 || fstat(fd, &now) != 0)
        return cannot(text, "opened", errno, err);
    if (!S_ISREG(now.st_mode))
        return error_set(err, FAULT_POLICY, "%s is not a regular file", text->what);
    char *bytes = arena_alloc(mem, MOST_BYTES + 1);
    text->bytes = bytes;
    for (ssize_t got = 1; got != 0 && text->len < MOST_BYTES;) {
        got = read(fd, bytes + text->len, MOST_BYTES - text->len);
        if (got < 0 && errno != EINTR)
            return cannot(text, "read", errno, err);
        text->len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool policytext_read(struct policy_text *text, struct arena *mem, struct error *err)
{
    AUTO(close_fd) int fd = open(text->name, HOW);
    return read_bytes(fd, text, mem, err) || error_at(err, text->name, 0, 0);
}

/* A link to nothing is not none: somebody wanted a file there. */
bool policytext_read_if_there(struct policy_text *text, struct arena *mem, struct error *err)
{
    struct stat link;
    AUTO(close_fd) int fd = open(text->name, HOW);
    int number = errno;
    if (fd >= 0)
        return read_bytes(fd, text, mem, err);
    if (is_absent(number) && lstat(text->name, &link) != 0)
        return true;
    return cannot(text, "opened", number, err);
}

bool policytext_read_beneath(int root, const char *path, const char *of, struct policy_text *text,
                             struct arena *mem, struct error *err)
{
    struct stat link;
    AUTO(close_fd) int fd = open_beneath(root, path, HOW);
    int number = errno;
    if (fd >= 0)
        return read_bytes(fd, text, mem, err);
    if (is_absent(number) && fstatat(root, path, &link, AT_SYMLINK_NOFOLLOW) != 0)
        return true;
    if (number != EXDEV && number != ELOOP)
        return cannot(text, "opened", number, err);
    error_set(err, FAULT_POLICY, "%s leads out of %s", text->what, of);
    return error_hint(err, "only what lies in it is read: copy the file there");
}

static bool open_in_work_tree(const struct policy_source *source, struct policy_text *text,
                              struct arena *mem, struct error *err)
{
    return policytext_read_beneath(source->place->fd, text->name, "the repository", text, mem, err);
}

static bool open_in_commit(const struct policy_source *source, struct policy_text *text,
                           struct arena *mem, struct error *err)
{
    struct error why = {0};
    const char *path = path_clean(mem, text->name, strlen(text->name));
    if (history_text(&source->place->history, source->commit, path, MOST_BYTES, mem, &text->bytes,
                     &text->len, &why))
        return true;
    return error_set(err, FAULT_REPORT, "%s cannot be read in commit %.7s: %s", text->what,
                     source->commit, why.what);
}

bool policysource_list_beneath(int root, const char *glob, struct arena *mem, struct words *paths,
                               struct error *err)
{
    struct found found = {0};
    struct hunt hunt = {.root = root};
    array_push(mem, &hunt.globs, glob);
    if (!discover(&hunt, mem, &found, err))
        return false;
    for (size_t i = 0; i < found.paths.count; i++)
        array_push(mem, paths, found.paths.items[i]);
    return found.closed.count == 0 ||
           error_set(err, FAULT_POLICY, "cannot look into %s", found.closed.items[0]);
}

static bool list_in_work_tree(const struct policy_source *source, const char *glob,
                              struct arena *mem, struct words *paths, struct error *err)
{
    return policysource_list_beneath(source->place->fd, glob, mem, paths, err);
}

static bool list_in_commit(const struct policy_source *source, const char *glob, struct arena *mem,
                           struct words *paths, struct error *err)
{
    struct words files;
    struct error why = {0};
    if (!history_files_at(&source->place->history, source->commit, mem, &files, &why))
        return error_set(err, FAULT_REPORT, "'%s' cannot be looked for: %s", glob, why.what);
    for (size_t i = 0; i < files.count; i++)
        if (glob_match(glob, files.items[i]))
            array_push(mem, paths, files.items[i]);
    return true;
}

struct policy_source policysource_work_tree(const struct workplace *place)
{
    return (struct policy_source){
        .open = open_in_work_tree, .list = list_in_work_tree, .place = place};
}

struct policy_source policysource_commit(const struct workplace *place, const char *commit)
{
    return (struct policy_source){
        .open = open_in_commit, .list = list_in_commit, .place = place, .commit = commit};
}

static bool open_in_gitlab(const struct policy_source *source, struct policy_text *text,
                           struct arena *mem, struct error *err)
{
    struct error why = {0};
    const char *path = path_clean(mem, text->name, strlen(text->name));
    switch (
        gitlab_file(source->gitlab, path, source->commit, mem, &text->bytes, &text->len, &why)) {
    case GITLAB_DONE:
    case GITLAB_NOT_THERE:
        return true;
    default:
        error_set(err, FAULT_REPORT, "%s cannot be read in commit %.7s: %s", text->what,
                  source->commit, why.what);
        return error_hint(err, "%s", why.hint);
    }
}

bool policysource_gitlab(struct policy_source *source, struct gitlab *gitlab, const char *branch,
                         struct arena *mem, struct error *err)
{
    *source = (struct policy_source){.open = open_in_gitlab, .gitlab = gitlab};
    return gitlab_commit(gitlab, branch, mem, &source->commit, err) == GITLAB_DONE;
}
