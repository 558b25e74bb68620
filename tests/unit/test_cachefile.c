/* What is kept comes back as it was, or not at all. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/history/cachefile.h"

static int folder;
static char path[] = "/tmp/test_cachefile.XXXXXX";

static int begin(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(path));
    folder = open(path, O_RDONLY | O_DIRECTORY);
    return folder < 0;
}

static int end(void **state)
{
    (void)state;
    unlinkat(folder, "kept", 0);
    unlinkat(folder, "link", 0);
    unlinkat(folder, "held", AT_REMOVEDIR);
    close(folder);
    rmdir(path);
    return 0;
}

/* Longer than one block, shorter than one, and nothing. */
static const char first[] = "0123456789012345678901234567890123456789", second[] = "abc";

static void keep(uint64_t version)
{
    const struct cachefile_part parts[] = {{first, sizeof first}, {second, sizeof second}, {"", 0}};
    cachefile_write(folder, "kept", version, parts, 3);
}

static bool comes_back(uint64_t version)
{
    size_t len = 0;
    const char *bytes = cachefile_read(folder, "kept", version, &len);
    return bytes != NULL && len == 96 && memcmp(bytes, first, sizeof first) == 0 &&
           memcmp(bytes + 64, second, sizeof second) == 0;
}

static void test_kept(void **state)
{
    (void)state;
    assert_false(comes_back(7));
    keep(7);
    assert_true(comes_back(7));
    assert_false(comes_back(8));
    keep(8); /* replaced */
    assert_true(comes_back(8));
    assert_int_not_equal(cachefile_version(1), cachefile_version(2));
}

static void test_nowhere(void **state)
{
    size_t len;
    (void)state;
    cachefile_write(-1, "kept", 1, NULL, 0);
    assert_null(cachefile_read(-1, "kept", 1, &len));
    cachefile_write(folder, "missing/kept", 1, NULL, 0);
    assert_null(cachefile_read(folder, "missing/kept", 1, &len));
}

static void test_not_a_file(void **state)
{
    size_t len;
    (void)state;
    keep(7);
    assert_int_equal(symlinkat("kept", folder, "link"), 0);
    assert_null(cachefile_read(folder, "link", 7, &len));
    assert_int_equal(mkdirat(folder, "held", 0777), 0);
    assert_null(cachefile_read(folder, "held", 7, &len));
    cachefile_write(folder, "held", 7, NULL, 0); /* cannot be, and nothing is left behind */
    assert_int_equal(unlinkat(folder, "held", AT_REMOVEDIR), 0);
}

/* What root has written counts for everybody, what anybody else has only for them. */
static void test_owner(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    keep(7);
    assert_int_equal(fchmod(folder, 0755), 0);
    assert_int_equal(fchownat(folder, "kept", 65534, 65534, 0), 0);
    assert_false(comes_back(7));
    assert_int_equal(seteuid(65534), 0);
    bool own = comes_back(7);
    assert_int_equal(seteuid(0), 0);
    assert_true(own);
    assert_int_equal(fchownat(folder, "kept", 0, 0, 0), 0);
    assert_int_equal(seteuid(65534), 0);
    bool of_root = comes_back(7);
    assert_int_equal(seteuid(0), 0);
    assert_true(of_root);
}

/* Every bit of it counts. */
static void test_damage(void **state)
{
    char bytes[32 + 96 + 1];
    (void)state;
    keep(7);
    int fd = openat(folder, "kept", O_RDWR);
    assert_int_equal(pread(fd, bytes, sizeof bytes, 0), 128);
    for (unsigned bit = 0; bit < 128 * 8; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        assert_int_equal(pwrite(fd, bytes, 128, 0), 128);
        assert_false(comes_back(7));
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
    }
    assert_int_equal(pwrite(fd, bytes, 128, 0), 128);
    assert_true(comes_back(7));
    assert_int_equal(pwrite(fd, "", 1, 128), 1); /* one too many */
    assert_false(comes_back(7));
    for (int len = 127; len >= 0; len--) {
        assert_int_equal(ftruncate(fd, len), 0);
        assert_false(comes_back(7));
    }
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept),       cmocka_unit_test(test_nowhere),
        cmocka_unit_test(test_not_a_file), cmocka_unit_test(test_owner),
        cmocka_unit_test(test_damage),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
