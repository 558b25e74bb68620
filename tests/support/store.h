/* A store for a test: a work tree of its own, and a database of either kind in it or beside it.
 *
 * The PostgreSQL is a throw-away cluster (postgres.sh), started when the first test wants it; where
 * there is none, those tests are skipped and the reason is said.
 */
#ifndef TESTS_SUPPORT_STORE_H
#define TESTS_SUPPORT_STORE_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/store/store.h"
#include "tests/support/test.h"

struct tree {
    char root[64];
    const char *where; /* what store_open() gets; NULL: the default */
    bool far;          /* it is a PostgreSQL */
    const char *skipped;
    pid_t owner;
    struct workplace place;
    struct arena *mem;
    struct store store;
    struct error err;
};

/* What a command line says, without the last newline; the status is in *status. */
static inline char *said(struct arena *mem, const char *script, int *status)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        execlp("sh", "sh", "-ec", script, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    char *text = arena_copy(mem, "", 0);
    char buffer[4096];
    for (ssize_t len; (len = read(ends[0], buffer, sizeof buffer)) > 0;)
        text = arena_printf(mem, "%s%.*s", text, (int)len, buffer);
    close(ends[0]);
    int how;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    *status = WIFEXITED(how) ? WEXITSTATUS(how) : 128;
    size_t len = strlen(text);
    if (len > 0 && text[len - 1] == '\n')
        text[len - 1] = '\0';
    return text;
}

static inline const char *shell(struct arena *mem, const char *script)
{
    int status;
    const char *text = said(mem, script, &status);
    if (status != 0)
        fail_msg("%s: status %d: %s", script, status, text);
    return text;
}

struct cluster {
    bool tried;
    char folder[64], why_not[512];
    pid_t owner;
};

static struct cluster cluster;

static inline void stop_cluster(void)
{
    if (*cluster.folder == '\0' || cluster.owner != getpid())
        return;
    struct arena *mem = arena_new();
    int status;
    said(mem,
         arena_printf(mem, "tests/support/postgres.sh stop %s; rm -rf %s", cluster.folder,
                      cluster.folder),
         &status);
    arena_free(mem);
}

static inline void start_cluster(struct arena *mem)
{
    int status;
    if (cluster.tried)
        return;
    cluster.tried = true;
#ifdef WITHOUT_POSTGRES
    snprintf(cluster.why_not, sizeof cluster.why_not, "built without PostgreSQL");
    return;
#endif
    snprintf(cluster.folder, sizeof cluster.folder, "/tmp/qgate-pg-XXXXXX");
    assert_non_null(mkdtemp(cluster.folder));
    cluster.owner = getpid();
    atexit(stop_cluster);
    const char *text = said(
        mem,
        arena_printf(mem, "tests/support/postgres.sh start %s %ld", cluster.folder, (long)getpid()),
        &status);
    if (status == 77)
        snprintf(cluster.why_not, sizeof cluster.why_not, "%s", text);
    else if (status != 0)
        fail_msg("%s", text);
}

static inline struct tree *tree_new(void)
{
    struct tree *tree = calloc(1, sizeof *tree);
    snprintf(tree->root, sizeof tree->root, "/tmp/qgate-store-XXXXXX");
    assert_non_null(mkdtemp(tree->root));
    tree->owner = getpid();
    tree->place.root = tree->root;
    tree->place.fd = open(tree->root, O_RDONLY | O_DIRECTORY);
    tree->mem = arena_new();
    return tree;
}

static inline int tree_make(void **state)
{
    *state = tree_new();
    return 0;
}

static inline int tree_make_far(void **state)
{
    static int count;
    struct tree *tree = *state = tree_new();
    tree->far = true;
    start_cluster(tree->mem);
    if (*cluster.why_not != '\0') {
        tree->skipped = cluster.why_not;
        return 0;
    }
    tree->where =
        arena_printf(tree->mem, "postgresql:///t%d?host=%s&user=qgate", ++count, cluster.folder);
    shell(tree->mem, arena_printf(tree->mem, "createdb -h %s -U qgate t%d", cluster.folder, count));
    return 0;
}

static inline int tree_remove(void **state)
{
    struct tree *tree = *state;
    if (tree->owner != getpid())
        _exit(1); /* an assertion failed in a process of in_processes() */
    close_store(&tree->store);
    close(tree->place.fd);
    shell(tree->mem, arena_printf(tree->mem, "rm -rf %s", tree->root));
    arena_free(tree->mem);
    free(tree);
    return 0;
}

/* The tree, or the end of the test. */
static inline struct tree *ready(void **state)
{
    struct tree *tree = *state;
    if (tree->skipped != NULL) {
        print_message("skipped: %s\n", tree->skipped);
        skip();
    }
    return tree;
}

#define ON_SQLITE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)
#define ON_POSTGRES(test) cmocka_unit_test_setup_teardown(test, tree_make_far, tree_remove)
#define ON_BOTH(test)                                                \
    {#test ": sqlite", test, tree_make, tree_remove, NULL},          \
    {                                                                \
#test ": postgresql", test, tree_make_far, tree_remove, NULL \
    }

static inline bool opens(struct tree *tree, enum store_mode mode)
{
    close_store(&tree->store);
    tree->err = (struct error){0};
    bool opened = store_open(&tree->store, tree->where, mode, &tree->place, tree->mem, &tree->err);
    assert_true(opened == (tree->err.fault == FAULT_NONE));
    return opened;
}

static inline void must_open(struct tree *tree, enum store_mode mode)
{
    if (!opens(tree, mode))
        fail_msg("%s: %s", tree->err.where, tree->err.what);
    if (tree->store.away != NULL)
        fail_msg("away: %s", tree->store.away->what);
}

/* What the database's own program answers: a line for each row, | between the columns. */
static inline const char *asked(struct tree *tree, const char *statement)
{
    const char *program =
        tree->far ? arena_printf(tree->mem, "psql -XqAt '%s' -c", tree->where)
                  : arena_printf(tree->mem, "sqlite3 -bail '%s/.qgate/history.db'", tree->root);
    return shell(tree->mem, arena_printf(tree->mem, "%s \"%s\"", program, statement));
}

static const struct saved_for main_build = {7, "build", ".qgate.yml"};

static inline void put_evidence(struct tree *tree, const struct saved_for *of, const char *sha,
                                const char *body, int64_t created_ms)
{
    struct saved_evidence evidence = {*of, sha, body, created_ms};
    struct store_batch batch = {.mem = tree->mem};
    if (!store_put_evidence(&tree->store, &evidence, &batch, &tree->err))
        fail_msg("%s: %s", tree->err.where, tree->err.what);
}

/* "2:body", "none", or what went wrong. `commits`: words parted by spaces. */
static inline const char *nearest(struct tree *tree, const struct saved_for *of,
                                  const char *commits)
{
    struct words words = {0};
    for (const char *at = commits; *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        array_push(tree->mem, &words, arena_copy(tree->mem, at, len));
        at += len;
    }
    struct nearest_evidence found;
    struct error err = {0};
    if (!store_nearest_evidence(&tree->store, of, &words, tree->mem, &found, &err))
        return arena_printf(tree->mem, "%s: %s", err.where, err.what);
    return found.body == NULL ? "none"
                              : arena_printf(tree->mem, "%zu:%s", found.distance, found.body);
}

#define assert_nearest(tree, of, commits, expected) \
    assert_string_equal(nearest((tree), (of), (commits)), (expected))

/* Run this in `count` processes at once; all of them must end well. */
static inline void in_processes(struct tree *tree, int count,
                                void (*work)(struct tree *tree, int number))
{
    close_store(&tree->store);
    for (int number = 0; number < count; number++)
        if (fork() == 0) {
            work(tree, number);
            _exit(0);
        }
    for (int number = 0; number < count; number++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
}

#endif
