/* What is refused before anything is sent, and a server that never answers. The rest is shown by
 * tests/cli/collect.bats with git's own server. */
#include "tests/support/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "runner/history/fetch.h"
#include "tests/support/folder.h"

static struct arena *mem;
static char folder[] = "/tmp/test_fetch.XXXXXX";

static int begin(void **state)
{
    (void)state;
    mem = arena_new();
    return mkdtemp(folder) == NULL;
}

static int end(void **state)
{
    (void)state;
    folder_remove(folder);
    close_arena(&mem);
    return 0;
}

static const struct error *why_not(const char *url)
{
    static struct error err;
    struct fetched fetched;
    const struct fetch_wanted wanted = {
        .name = "clusters",
        .url = url,
        .path = arena_printf(mem, "%s/x.git", folder),
        .network = {.direct = true},
        .silence_s = 1,
        .most_s = 3,
    };
    err = (struct error){0};
    assert_false(history_fetch(&wanted, mem, &fetched, &err));
    return &err;
}

static void test_addresses(void **state)
{
    (void)state;
    assert_true(fetch_is_remote("https://gitlab.example/a/b.git"));
    assert_true(fetch_is_remote("git@gitlab.example:a/b.git"));
    assert_false(fetch_is_remote("../clusters"));
    assert_false(fetch_is_remote("./odd:name"));
    assert_false(fetch_is_remote("clusters"));
    assert_string_equal(fetch_folder("https://gitlab.example/a/b.git", mem),
                        fetch_folder("https://gitlab.example/a/b.git", mem));
    assert_string_not_equal(fetch_folder("https://gitlab.example/a/b.git", mem),
                            fetch_folder("https://gitlab.example/a/c.git", mem));
    assert_int_equal(strlen(fetch_folder("x", mem)), 36);
}

static void test_schemes(void **state)
{
    (void)state;
    assert_string_equal(why_not("git@gitlab.example:a/b.git")->what,
                        "ssh addresses are not fetched");
    assert_string_equal(why_not("ssh://git@gitlab.example/a/b.git")->what,
                        "ssh addresses are not fetched");
    assert_string_equal(why_not("git://gitlab.example/a/b.git")->what,
                        "such addresses are not fetched");
}

/* It takes the connection and says nothing. */
static void test_silence(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t len = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(listening, 1), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &len), 0);
    time_t before = time(NULL);
    const struct error *err =
        why_not(arena_printf(mem, "http://127.0.0.1:%d/x.git", ntohs(address.sin_port)));
    assert_string_equal(err->what, "no answer: Timeout was reached");
    assert_int_equal(err->fault, FAULT_REMOTE);
    assert_true(time(NULL) - before < 10);
    close(listening);
}

/* Something else lies where it would be fetched to. */
static void test_in_the_way(void **state)
{
    (void)state;
    const char *path = arena_printf(mem, "%s/x.git", folder);
    assert_int_equal(folder_remove(path), 0);
    assert_int_equal(symlink("/nowhere/at/all", path), 0);
    const struct error *err = why_not("https://127.0.0.1:1/x.git");
    assert_non_null(strstr(err->what, "what was fetched cannot be opened: "));
    assert_non_null(strstr(err->hint, "remove "));
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_schemes),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_in_the_way),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
