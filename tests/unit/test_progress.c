/* Progress as a terminal gets it: one line that is written over and taken away. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runner/progress.h"

/* What `work` writes to stderr when that is a terminal. */
static const char *seen(void (*work)(struct progress *), const struct context *context)
{
    static char text[1024];
    int terminal = posix_openpt(O_RDWR | O_NOCTTY), saved = dup(STDERR_FILENO);
    assert_int_equal(grantpt(terminal) | unlockpt(terminal), 0);
    int other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    struct progress progress;
    fflush(stderr);
    dup2(other, STDERR_FILENO);
    progress_begin(&progress, context, false);
    progress.started_ms -= 2000; /* it has been at it for a while */
    work(&progress);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(other); /* the last that could write: reading ends with what was written */
    size_t len = 0;
    ssize_t got;
    while ((got = read(terminal, text + len, sizeof text - 1 - len)) > 0)
        len += (size_t)got;
    text[len] = '\0';
    close(terminal);
    return text;
}

static void count(struct progress *progress)
{
    progress_show(progress, "reading main of clusters", 12400, 1080000, "commits");
    progress_show(progress, "reading main of clusters", 12401, 1080000, "commits");
    progress_end(progress);
    progress_end(progress);
}

static void without_total(struct progress *progress)
{
    progress_show(progress, "fetching a\033b", 0, 0, "objects");
    progress_end(progress);
}

static void soon(struct progress *progress)
{
    progress->started_ms += 2000;
    count(progress);
}

static void of_nobody(struct progress *progress)
{
    (void)progress;
    progress_show(NULL, "reading", 1, 2, "commits");
    progress_end(NULL);
}

static const struct context person = {.err_terminal = true};

static void test_line(void **state)
{
    (void)state;
    assert_string_equal(seen(count, &person),
                        "\rreading main of clusters: 12,400 of 1,080,000 commits\033[K\r\033[K");
    assert_string_equal(seen(without_total, &person),
                        "\rfetching a?b: 0 objects so far\033[K\r\033[K");
}

static void test_nothing(void **state)
{
    static const struct context pipe = {0}, job = {.err_terminal = true, .in_ci = true};
    (void)state;
    assert_string_equal(seen(count, &pipe), "");
    assert_string_equal(seen(count, &job), "");
    assert_string_equal(seen(soon, &person), "");
    assert_string_equal(seen(of_nobody, &person), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
