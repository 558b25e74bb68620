#include "runner/command/policyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/policies/embedded.h"
#include "runner/discover/beneath.h"

enum { HOW = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY };

/* A file of the policy's: what messages call it, and what it is. */
struct text {
    const char *name, *what; /* "the policy" */
    char *bytes;             /* NULL: there is none */
    size_t len;
};

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool is_absent(int number)
{
    return number == ENOENT || number == ENOTDIR;
}

static bool cannot(const struct text *text, const char *how, int number, struct error *err)
{
    return error_set(err, FAULT_POLICY, "%s cannot be %s: %s", text->what, how, strerror(number));
}

/* Its bytes, one more than a policy may have at most: the loader refuses it then. */
static bool read_bytes(int fd, struct text *text, struct arena *mem, struct error *err)
{
    struct stat now;
    if (fd < 0 || fstat(fd, &now) != 0)
        return cannot(text, "opened", errno, err);
    if (!S_ISREG(now.st_mode))
        return error_set(err, FAULT_POLICY, "%s is not a regular file", text->what);
    text->bytes = arena_alloc(mem, LIMIT_POLICY_BYTES + 2);
    for (ssize_t got = 1; got != 0 && text->len <= LIMIT_POLICY_BYTES;) {
        got = read(fd, text->bytes + text->len, LIMIT_POLICY_BYTES + 1 - text->len);
        if (got < 0 && errno != EINTR)
            return cannot(text, "read", errno, err);
        text->len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static bool read_text(const char *path, struct text *text, struct arena *mem, struct error *err)
{
    AUTO(close_fd) int fd = open(path, HOW);
    return read_bytes(fd, text, mem, err) || error_at(err, text->name, 0, 0);
}

/* The same, where it may be that there is none. A link to nothing is not none: somebody wanted a
 * file there. */
static bool read_if_there(const char *path, struct text *text, struct arena *mem, struct error *err)
{
    struct stat link;
    AUTO(close_fd) int fd = open(path, HOW);
    int number = errno;
    if (fd >= 0)
        return read_bytes(fd, text, mem, err);
    if (is_absent(number) && lstat(path, &link) != 0)
        return true;
    return cannot(text, "opened", number, err);
}

/* Where the files lie that a policy names. */
struct library {
    const struct policy_wanted *wanted;
    struct arena *mem;
    bool of_floor; /* whose files are never the project's */
};

static const char *site_path(const struct policy_wanted *wanted, const char *name,
                             struct arena *mem)
{
    const char *other = wanted->context->site_directory;
    return path_join(mem, other != NULL ? other : SITE_DIRECTORY, name);
}

static bool open_of_repository(const struct library *library, struct text *text, struct error *err)
{
    AUTO(close_fd) int fd = open_beneath(library->wanted->place->fd, text->name, HOW);
    if (fd < 0 && is_absent(errno))
        return true;
    if (fd >= 0 || (errno != EXDEV && errno != ELOOP))
        return read_bytes(fd, text, library->mem, err);
    error_set(err, FAULT_POLICY, "'%s' leads out of the repository", text->name);
    return error_hint(err, "a policy reads only what lies in its work tree: copy the file there");
}

static bool open_named(void *handle, const char *name, const char **bytes, size_t *len,
                       struct error *err)
{
    const struct library *library = handle;
    struct text text = {.name = name, .what = arena_printf(library->mem, "'%s'", name)};
    bool of_site = strncmp(name, "site:", 5) == 0, opened;
    if (of_site) {
        const char *file = arena_printf(library->mem, "policies/%s.yml", name + 5);
        const char *path = site_path(library->wanted, file, library->mem);
        opened = read_if_there(path, &text, library->mem, err);
    } else if (library->of_floor) {
        return error_set(err, FAULT_POLICY, "a floor cannot extend '%s': it is of the repository",
                         name);
    } else {
        opened = open_of_repository(library, &text, err);
    }
    *bytes = text.bytes;
    *len = text.len;
    return opened;
}

static bool load(const struct policy_wanted *wanted, const struct text *text, bool of_floor,
                 struct arena *mem, struct policy *policy, struct problems *found,
                 struct error *err)
{
    struct library library = {wanted, mem, of_floor};
    const struct policy_files files = {open_named, &library};
    return policy_load(text->name, text->bytes, text->len, &files, mem, policy, found, err) ||
           error_at(err, text->name, 0, 0);
}

static bool load_default(struct arena *mem, struct policy *policy, struct problems *found,
                         struct error *err)
{
    const struct embedded *file = embedded_named("default");
    return policy_load(DEFAULT_POLICY, file->text, file->size, NULL, mem, policy, found, err);
}

static bool load_own(const struct policy_wanted *wanted, struct arena *mem, struct policy *policy,
                     struct problems *found, struct error *err)
{
    struct text text = {.name = wanted->shown, .what = "the policy"};
    if (wanted->path == NULL)
        return load_default(mem, policy, found, err);
    return read_text(wanted->path, &text, mem, err) &&
           load(wanted, &text, /* of_floor */ false, mem, policy, found, err);
}

static bool add_waivers(const struct policy_wanted *wanted, struct arena *mem,
                        struct policy *policy, struct problems *found, struct error *err)
{
    struct text text = {.name = wanted->context->waivers, .what = "the file of QGATE_WAIVERS"};
    if (text.name == NULL)
        return true;
    if (!read_text(text.name, &text, mem, err))
        return false;
    policy_add_waivers(policy, text.name, text.bytes, text.len, mem, found);
    return true;
}

/* The floor's text; bytes stay NULL when nobody has laid one. */
static bool find_floor(const struct policy_wanted *wanted, struct text *text, struct arena *mem,
                       struct error *err)
{
    text->what = "the floor";
    text->name = wanted->floor != NULL ? wanted->floor : wanted->context->floor;
    if (text->name != NULL)
        return read_text(text->name, text, mem, err);
    text->name = site_path(wanted, "floor.yml", mem);
    return read_if_there(text->name, text, mem, err) || error_at(err, text->name, 0, 0);
}

static bool add_floor(const struct policy_wanted *wanted, struct arena *mem, struct policy *policy,
                      struct problems *found, struct error *err)
{
    struct text text = {0};
    struct policy *floor = arena_new_item(mem, struct policy);
    if (!find_floor(wanted, &text, mem, err))
        return false;
    if (text.bytes == NULL)
        return true;
    if (!load(wanted, &text, /* of_floor */ true, mem, floor, found, err))
        return false;
    policy_add_floor(policy, floor, mem, found);
    for (size_t i = 0; i < floor->warnings.count; i++)
        problem_add(&policy->warnings, floor->warnings.items[i].at, "%s",
                    floor->warnings.items[i].what);
    return true;
}

bool policyfile_load(const struct policy_wanted *wanted, struct arena *mem, struct policy *policy,
                     struct problems *found, struct error *err)
{
    if (!load_own(wanted, mem, policy, found, err))
        return false;
    if (found->count > 0) /* what others add would only say it again */
        return true;
    /* the floor last: what it says of waivers holds for those of the environment as well */
    if (!add_waivers(wanted, mem, policy, found, err) ||
        !add_floor(wanted, mem, policy, found, err))
        return false;
    problems_sort(found);
    return true;
}
