/* Opening beneath a directory: the kernel's way and the portable one must answer alike. */
#include "tests/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/discover/beneath.h"

/* The same file once more, as a system without openat2() compiles it. */
#ifdef __linux__
#include <sys/syscall.h>
#endif
#undef SYS_openat2
#define open_beneath open_beneath_portably
int open_beneath(int root, const char *path, int flags);
#include "runner/discover/beneath.c" /* NOLINT(bugprone-suspicious-include) */
#undef open_beneath

static char folder[] = "/tmp/qgate-beneath-XXXXXX";
static int root;

static int make(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    int made = mkdir("in", 0755) | mkdir("in/a", 0755) | mkdir("in/a/b", 0755) |
               mkdir("out", 0755) | symlink("a/b", "in/inner") | symlink("../out", "in/outer") |
               symlink("../../out", "in/a/deep") | symlink("/etc/passwd", "in/absolute") |
               symlink("loop", "in/loop") | symlink("nothing", "in/dangling") |
               symlink("../../in/a/file", "in/a/around") | symlink("../a/file", "in/a/again") |
               mkfifo("in/fifo", 0644);
    for (int i = 0; i < 3; i++) {
        static const char *const files[] = {"in/a/file", "in/a/b/file", "out/file"};
        int fd = open(files[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        made |= fd < 0 || close(fd) != 0;
    }
    root = open("in", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return made == 0 && root >= 0 ? 0 : -1;
}

static int clean(void **state)
{
    static const char *const names[] = {
        "in/a/b/file", "in/a/file",   "in/a/deep", "in/a/around", "in/a/again", "in/a/b",
        "in/a",        "in/inner",    "in/outer",  "in/absolute", "in/loop",    "in/dangling",
        "in/fifo",     "in/longlink", "in",        "out/file",    "out",        ".",
    };
    (void)state;
    close(root);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        remove(names[i]);
    return rmdir(folder);
}

/* 0, or the reason; the file that was opened in *now. */
static int answer(int (*open_it)(int, const char *, int), const char *path, int flags,
                  struct stat *now)
{
    memset(now, 0, sizeof *now);
    errno = 0;
    int fd = open_it(root, path, flags);
    if (fd < 0)
        return errno;
    fstat(fd, now);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    close(fd);
    return 0;
}

static void expect(const char *path, int flags, int reason)
{
    struct stat kernel, portable;
    assert_int_equal(answer(open_beneath_portably, path, flags, &portable), reason);
    assert_int_equal(answer(open_beneath, path, flags, &kernel), reason);
    assert_true(kernel.st_ino == portable.st_ino);
}

static void inside(void **state)
{
    (void)state;
    static const char *const paths[] = {"a/file",     "./a//file",     "a/b/../file",
                                        "inner/file", "inner/../file", "a/b/../../a/file",
                                        "a/again",    "fifo"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        expect(paths[i], O_RDONLY | O_NONBLOCK, 0);
    expect(".", O_RDONLY | O_DIRECTORY, 0);
    expect("a/b/..", O_RDONLY | O_DIRECTORY, 0);
}

static void outside(void **state)
{
    (void)state;
    static const char *const paths[] = {"..",          "../out/file", "a/../../out/file",
                                        "outer/file",  "a/deep/file", "absolute",
                                        "/etc/passwd", "a/around"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        expect(paths[i], O_RDONLY | O_NONBLOCK, EXDEV);
}

static void not_there(void **state)
{
    (void)state;
    expect("nothing", O_RDONLY, ENOENT);
    expect("a/nothing/file", O_RDONLY, ENOENT);
    expect("dangling", O_RDONLY, ENOENT);
    expect("a/file/x", O_RDONLY, ENOTDIR);
    expect("a/file", O_RDONLY | O_DIRECTORY, ENOTDIR);
    expect("loop", O_RDONLY, ELOOP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inside),
        cmocka_unit_test(outside),
        cmocka_unit_test(not_there),
    };
    return cmocka_run_group_tests_name("beneath", tests, make, clean);
}
