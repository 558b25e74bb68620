#include "runner/command/policyfile.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gates/base/limits.h"
#include "gates/policies/embedded.h"

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

/* Its bytes, one more than a policy may have at most: the loader refuses it then. */
static bool read_policy(const char *path, struct arena *mem, char **text, size_t *len,
                        struct error *err)
{
    struct stat now;
    AUTO(close_fd) int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0 || fstat(fd, &now) != 0)
        return error_set(err, FAULT_POLICY, "the policy cannot be opened: %s", strerror(errno));
    if (!S_ISREG(now.st_mode))
        return error_set(err, FAULT_POLICY, "the policy is not a regular file");
    *text = arena_alloc(mem, LIMIT_POLICY_BYTES + 2);
    for (ssize_t got = 1; got != 0 && *len <= LIMIT_POLICY_BYTES;) {
        got = read(fd, *text + *len, LIMIT_POLICY_BYTES + 1 - *len);
        if (got < 0 && errno != EINTR)
            return error_set(err, FAULT_POLICY, "the policy cannot be read: %s", strerror(errno));
        *len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool policyfile_load(const char *path, const char *shown, struct arena *mem, struct policy *policy,
                     struct problems *found, struct error *err)
{
    char *text = NULL;
    size_t len = 0;
    if (!read_policy(path, mem, &text, &len, err) ||
        !policy_load(shown, text, len, NULL, mem, policy, found, err))
        return error_at(err, shown, 0, 0);
    problems_sort(found);
    return true;
}

void policyfile_default(struct arena *mem, struct policy *policy)
{
    const struct embedded *file = embedded_named("default");
    struct problems found;
    struct error err = {0};
    problems_init(&found, mem);
    bool loaded = file != NULL &&
                  policy_load(DEFAULT_POLICY, file->text, file->size, NULL, mem, policy, &found, &err);
    assert(loaded && found.count == 0);
    (void)loaded;
}
