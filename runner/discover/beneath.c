/* The one file with code that only Linux has: openat2() lets the kernel watch the whole path. Elsewhere,
 * and where a container forbids the call, the path is walked part by part.
 */
#include "runner/discover/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

#ifdef SYS_openat2
#include <linux/openat2.h>

static int open_by_kernel(int root, const char *path, int flags)
{
    struct open_how how = {
        .flags = (unsigned long long)(flags | O_CLOEXEC),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
    };
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}
#else
static int open_by_kernel(int root, const char *path, int flags)
{
    (void)root, (void)path, (void)flags;
    errno = ENOSYS;
    return -1;
}
#endif

enum { DEEPEST = 128, MOST_LINKS = 40 };

/* The directories from the root (not ours to close) down to where the walk stands. */
struct walk {
    int fds[DEEPEST];
    int depth;
    int links;
    char rest[PATH_MAX]; /* what is left to walk */
};

static int fail(int number)
{
    errno = number;
    return -1;
}

static void leave(struct walk *walk, int depth)
{
    int number = errno;
    for (; walk->depth > depth; walk->depth--)
        close(walk->fds[walk->depth]);
    errno = number;
}

/* `name` is a link: what it says stands before the rest of the path from now on. */
static int follow(struct walk *walk, const char *name, const char *behind)
{
    char target[PATH_MAX], joined[2 * PATH_MAX];
    ssize_t len = readlinkat(walk->fds[walk->depth], name, target, sizeof target - 1);
    if (len < 0)
        return -1;
    target[len] = '\0';
    if (target[0] == '/')
        return fail(EXDEV);
    if (++walk->links > MOST_LINKS)
        return fail(ELOOP);
    int size = snprintf(joined, sizeof joined, "%s/%s", target, behind);
    if (size < 0 || (size_t)size >= sizeof walk->rest)
        return fail(ENAMETOOLONG);
    memcpy(walk->rest, joined, (size_t)size + 1);
    return 0;
}

/* Open one part where the walk stands. -1 with errno 0: it was a link, go on with the rest. */
static int open_part(struct walk *walk, const char *name, const char *behind, int flags)
{
    int fd = openat(walk->fds[walk->depth], name, flags | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 || (errno != ELOOP && errno != ENOTDIR && errno != EMLINK))
        return fd;
    int number = errno;
    if (follow(walk, name, behind) == 0)
        return fail(0);
    return errno == EINVAL ? fail(number) : -1; /* EINVAL: no link */
}

static int open_by_parts(struct walk *walk, int flags)
{
    for (;;) {
        char part[PATH_MAX];
        size_t begin = strspn(walk->rest, "/"), size = strcspn(walk->rest + begin, "/");
        memcpy(part, walk->rest + begin, size);
        part[size] = '\0';
        const char *behind = walk->rest + begin + size;
        behind += strspn(behind, "/");
        bool last = *behind == '\0';
        if (strcmp(part, "..") == 0) {
            if (walk->depth == 0)
                return fail(EXDEV);
            leave(walk, walk->depth - 1);
            memcpy(part, ".", 2);
        }
        int wanted = last ? flags : O_RDONLY | O_DIRECTORY;
        int fd = open_part(walk, *part == '\0' ? "." : part, behind, wanted);
        if (fd < 0 && errno == 0)
            continue;
        if (fd < 0 || last)
            return fd;
        if (strcmp(part, ".") == 0) {
            close(fd);
        } else if (walk->depth + 1 == DEEPEST) {
            close(fd);
            return fail(ENAMETOOLONG);
        } else {
            walk->fds[++walk->depth] = fd;
        }
        memmove(walk->rest, behind, strlen(behind) + 1);
    }
}

static int open_by_walking(int root, const char *path, int flags)
{
    struct walk walk = {.fds = {root}};
    if (path[0] == '/')
        return fail(EXDEV);
    if (strlen(path) >= sizeof walk.rest)
        return fail(ENAMETOOLONG);
    memcpy(walk.rest, path, strlen(path) + 1);
    int fd = open_by_parts(&walk, flags);
    leave(&walk, 0);
    return fd;
}

int open_beneath(int root, const char *path, int flags)
{
    int fd = open_by_kernel(root, path, flags);
    /* container runtimes answer a call they do not know with EPERM */
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
        return fd;
    return open_by_walking(root, path, flags);
}
