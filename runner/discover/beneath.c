/* The one file with code that only Linux has: openat2() lets the kernel watch the whole path.
 * Elsewhere, and where a container forbids the call, the path is walked part by part.
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

static int failed_with(int number)
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
        return failed_with(EXDEV);
    if (++walk->links > MOST_LINKS)
        return failed_with(ELOOP);
    int size = snprintf(joined, sizeof joined, "%s/%s", target, behind);
    if (size < 0 || (size_t)size >= sizeof walk->rest)
        return failed_with(ENAMETOOLONG);
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
        return failed_with(0);
    return errno == EINVAL ? failed_with(number) : -1; /* EINVAL: no link */
}

/* Go into the directory `fd`; "." and what `..` has left stay where they are. */
static int enter(struct walk *walk, int fd, bool stays)
{
    if (!stays && walk->depth + 1 < DEEPEST) {
        walk->fds[++walk->depth] = fd;
        return 0;
    }
    close(fd);
    return stays ? 0 : failed_with(ENAMETOOLONG);
}

/* Cut the first part off the rest; what is behind it is returned. */
static const char *first_part(const struct walk *walk, char part[PATH_MAX])
{
    const char *begin = walk->rest + strspn(walk->rest, "/");
    size_t size = strcspn(begin, "/");
    memcpy(part, begin, size);
    part[size] = '\0';
    return begin + size + strspn(begin + size, "/");
}

/* One part further. What was asked for, or -1; *arrived is false when the walk goes on. */
static int step(struct walk *walk, int flags, bool *arrived)
{
    char part[PATH_MAX];
    const char *behind = first_part(walk, part);
    bool last = *behind == '\0', up = strcmp(part, "..") == 0;
    bool stays = up || *part == '\0' || strcmp(part, ".") == 0;
    *arrived = true;
    if (up && walk->depth == 0)
        return failed_with(EXDEV);
    if (up)
        leave(walk, walk->depth - 1);
    int fd = open_part(walk, stays ? "." : part, behind, last ? flags : O_RDONLY | O_DIRECTORY);
    if (fd < 0)
        *arrived = errno != 0;
    if (fd < 0 || last)
        return fd;
    *arrived = enter(walk, fd, stays) != 0;
    memmove(walk->rest, behind, strlen(behind) + 1);
    return -1;
}

static int open_by_walking(int root, const char *path, int flags)
{
    struct walk walk = {.fds = {root}};
    if (path[0] == '/')
        return failed_with(EXDEV);
    if (strlen(path) >= sizeof walk.rest)
        return failed_with(ENAMETOOLONG);
    memcpy(walk.rest, path, strlen(path) + 1);
    bool arrived = false;
    int fd = -1;
    while (!arrived)
        fd = step(&walk, flags, &arrived);
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
