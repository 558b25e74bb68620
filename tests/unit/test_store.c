/* The store: what was put is found again, and what is no store of ours is refused. */
#include "runner/store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/test.h"

/* A work tree of its own for every test. */
struct tree {
    char root[64];
    struct workplace place;
    struct arena *mem;
    struct store store;
    struct error err;
};

static int tree_make(void **state)
{
    struct tree *tree = calloc(1, sizeof *tree);
    snprintf(tree->root, sizeof tree->root, "/tmp/qgate-store-XXXXXX");
    assert_non_null(mkdtemp(tree->root));
    tree->place.root = tree->root;
    tree->place.fd = open(tree->root, O_RDONLY | O_DIRECTORY);
    tree->mem = arena_new();
    *state = tree;
    return 0;
}

static void remove_all(int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (fd < 0) {
        unlinkat(parent, name, 0);
        return;
    }
    DIR *dir = fdopendir(fd);
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_all(fd, entry->d_name);
    closedir(dir);
    unlinkat(parent, name, AT_REMOVEDIR);
}

static int tree_remove(void **state)
{
    struct tree *tree = *state;
    close_store(&tree->store);
    close(tree->place.fd);
    remove_all(AT_FDCWD, tree->root);
    arena_free(tree->mem);
    free(tree);
    return 0;
}

static bool opens(struct tree *tree, enum store_mode mode)
{
    tree->err = (struct error){0};
    bool opened = store_open(&tree->store, NULL, mode, &tree->place, tree->mem, &tree->err);
    assert_true(opened == (tree->err.fault == FAULT_NONE));
    return opened;
}

static void must_open(struct tree *tree, enum store_mode mode)
{
    if (!opens(tree, mode))
        fail_msg("%s: %s", tree->err.where, tree->err.what);
}

static void reopen(struct tree *tree, enum store_mode mode)
{
    close_store(&tree->store);
    must_open(tree, mode);
}

static void write_text(struct tree *tree, const char *path, const char *text)
{
    int fd = openat(tree->place.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static const struct saved_for main_build = {7, "build", ".qgate.yml"};

static void put(struct tree *tree, const struct saved_for *of, const char *sha, const char *body,
                int64_t created_ms)
{
    struct saved_evidence evidence = {*of, sha, body, created_ms};
    assert_true(store_put_evidence(&tree->store, &evidence, &tree->err));
}

/* "2:body", "none", or what went wrong. `commits`: words parted by spaces. */
static const char *nearest(struct tree *tree, const struct saved_for *of, const char *commits)
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

static void nearest_commit_wins(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put(tree, &main_build, "bbb", "{\"of\":\"b\"}", 1000);
    put(tree, &main_build, "ddd", "{\"of\":\"d\"}", 2000);
    assert_nearest(tree, &main_build, "aaa bbb ccc ddd", "1:{\"of\":\"b\"}");
    assert_nearest(tree, &main_build, "ddd bbb", "0:{\"of\":\"d\"}");
    assert_nearest(tree, &main_build, "aaa ccc", "none");
    assert_nearest(tree, &main_build, "", "none");
    reopen(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa bbb ccc ddd", "1:{\"of\":\"b\"}");
}

/* Commits are asked about in blocks: the first and last of each, and the block behind. */
static void far_commits_are_found(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    char commits[4096] = "";
    for (int i = 0; i < 100; i++)
        snprintf(commits + strlen(commits), 16, "c%d ", i);
    for (int i = 99; i >= 0; i--) {
        char sha[16], expected[32];
        snprintf(sha, sizeof sha, "c%d", i);
        put(tree, &main_build, sha, sha, 1);
        snprintf(expected, sizeof expected, "%d:c%d", i, i);
        assert_nearest(tree, &main_build, commits, expected);
    }
}

static void only_its_own_evidence(void **state)
{
    struct tree *tree = *state;
    const struct saved_for others[] = {
        {8, "build", ".qgate.yml"}, {7, "deploy", ".qgate.yml"}, {7, "build", "other.yml"}};
    must_open(tree, STORE_WRITE);
    put(tree, &main_build, "aaa", "mine", 1);
    for (size_t i = 0; i < 3; i++)
        assert_nearest(tree, &others[i], "aaa", "none");
    for (size_t i = 0; i < 3; i++)
        put(tree, &others[i], "aaa", "theirs", 1);
    assert_nearest(tree, &main_build, "aaa", "0:mine");
}

static void younger_evidence_stays(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put(tree, &main_build, "aaa", "first", 1000);
    put(tree, &main_build, "aaa", "again", 1000);
    assert_nearest(tree, &main_build, "aaa", "0:again");
    put(tree, &main_build, "aaa", "old", 999);
    assert_nearest(tree, &main_build, "aaa", "0:again");
    put(tree, &main_build, "aaa", "young", 1001);
    assert_nearest(tree, &main_build, "aaa", "0:young");
}

static void texts_stay_what_they_are(void **state)
{
    struct tree *tree = *state;
    const struct saved_for odd = {-1, "'); DROP TABLE gate_evidence; --", "a\nb\xc3\xa9$1?"};
    must_open(tree, STORE_WRITE);
    size_t size = 3 << 20;
    char *large = arena_alloc(tree->mem, size + 1);
    memset(large, 'x', size);
    put(tree, &odd, "%_", large, INT64_MAX);
    reopen(tree, STORE_READ);
    assert_nearest(tree, &odd, "aa %_", arena_printf(tree->mem, "1:%s", large));
}

/* Names, sizes and times of everything in the tree. */
static const char *picture(struct tree *tree, const char *name)
{
    const char *all = "";
    struct dirent **entries;
    int count =
        scandir(arena_printf(tree->mem, "%s/%s", tree->root, name), &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        struct stat now;
        const char *path =
            arena_printf(tree->mem, "%s/%s/%s", tree->root, name, entries[i]->d_name);
        assert_int_equal(lstat(path, &now), 0);
        if (strcmp(entries[i]->d_name, "..") != 0)
            all = arena_printf(tree->mem, "%s%s %ld %ld.%ld\n", all, entries[i]->d_name,
                               (long)now.st_size, (long)now.st_mtim.tv_sec, now.st_mtim.tv_nsec);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    return all;
}

static void no_store_yet(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_READ);
    assert_null(tree->store.link);
    assert_nearest(tree, &main_build, "aaa", "none");
    assert_string_equal(picture(tree, ".qgate"), "");

    /* made, and killed before the schema was in it */
    assert_int_equal(mkdirat(tree->place.fd, ".qgate", 0755), 0);
    write_text(tree, ".qgate/history.db", "");
    reopen(tree, STORE_READ);
    assert_null(tree->store.link);
    reopen(tree, STORE_WRITE);
    put(tree, &main_build, "aaa", "body", 1);
}

static void reading_writes_nothing(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put(tree, &main_build, "aaa", "body", 1);
    close_store(&tree->store);
    const char *before = picture(tree, ".qgate");
    reopen(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa", "0:body");
    close_store(&tree->store);
    assert_string_equal(picture(tree, ".qgate"), before);

    /* a job's cache that brought the database alone */
    assert_int_equal(unlinkat(tree->place.fd, ".qgate/history.db-wal", 0), 0);
    assert_int_equal(unlinkat(tree->place.fd, ".qgate/history.db-shm", 0), 0);
    before = picture(tree, ".qgate");
    reopen(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa", "0:body");
    close_store(&tree->store);
    assert_string_equal(picture(tree, ".qgate"), before);
}

/* Writes `sha` and ends without closing anything. */
static void write_and_die(struct tree *tree, const char *sha)
{
    close_store(&tree->store);
    pid_t pid = fork();
    if (pid == 0) {
        must_open(tree, STORE_WRITE);
        put(tree, &main_build, sha, sha, 1);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void a_killed_writer_loses_nothing(void **state)
{
    struct tree *tree = *state;
    write_and_die(tree, "aaa");
    const char *before = picture(tree, ".qgate");
    must_open(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa", "0:aaa");
    close_store(&tree->store);
    assert_string_equal(picture(tree, ".qgate"), before);

    /* the log without its index: what is in it must not be missed silently */
    assert_int_equal(unlinkat(tree->place.fd, ".qgate/history.db-shm", 0), 0);
    assert_false(opens(tree, STORE_READ));
    assert_string_equal(tree->err.what, "its log was never played back");
    reopen(tree, STORE_WRITE);
    assert_nearest(tree, &main_build, "aaa", "0:aaa");
}

static void a_reader_sees_a_writer_at_work(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put(tree, &main_build, "aaa", "first", 1);
    struct tree reader = *tree;
    must_open(&reader, STORE_READ);
    assert_nearest(&reader, &main_build, "aaa", "0:first");
    put(tree, &main_build, "aaa", "second", 1);
    assert_nearest(&reader, &main_build, "aaa", "0:second");
    close_store(&reader.store);
}

static void a_copy_written_meanwhile_is_not_believed(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put(tree, &main_build, "aaa", "body", 1);
    close_store(&tree->store);
    assert_int_equal(unlinkat(tree->place.fd, ".qgate/history.db-wal", 0), 0);
    must_open(tree, STORE_READ);
    const struct timespec times[2] = {{1, 0}, {1, 0}};
    assert_int_equal(utimensat(tree->place.fd, ".qgate/history.db", times, 0), 0);
    assert_nearest(tree, &main_build, "aaa", ".qgate/history.db: was written to while it was read");
}

static void git_never_sees_it(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    char text[8] = "";
    int fd = openat(tree->place.fd, ".qgate/.gitignore", O_RDONLY);
    assert_int_equal(read(fd, text, sizeof text), 2);
    assert_string_equal(text, "*\n");
    close(fd);
}

/* A folder that was there may hold files of the project: it stays as it is. */
static void a_folder_of_the_project_is_not_hidden(void **state)
{
    struct tree *tree = *state;
    assert_int_equal(mkdirat(tree->place.fd, ".qgate", 0755), 0);
    must_open(tree, STORE_WRITE);
    assert_int_equal(faccessat(tree->place.fd, ".qgate/.gitignore", F_OK, 0), -1);
}

static void refused(struct tree *tree, const char *where, const char *what)
{
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        assert_false(opens(tree, (enum store_mode)mode));
        assert_string_equal(tree->err.where, where);
        assert_string_equal(tree->err.what, what);
        assert_true(tree->err.hint[0] != '\0');
    }
}

static void links_are_refused(void **state)
{
    struct tree *tree = *state;
    int root = tree->place.fd;
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    assert_int_equal(renameat(root, ".qgate", root, "elsewhere"), 0);
    assert_int_equal(symlinkat("elsewhere", root, ".qgate"), 0);
    refused(tree, ".qgate", "is not a folder, or a link to one");

    assert_int_equal(unlinkat(root, ".qgate", 0), 0);
    assert_int_equal(mkdirat(root, ".qgate", 0755), 0);
    assert_int_equal(symlinkat("../elsewhere/history.db", root, ".qgate/history.db"), 0);
    refused(tree, ".qgate/history.db", "is not a file");
    assert_int_equal(unlinkat(root, ".qgate/history.db", 0), 0);
    assert_int_equal(symlinkat("nowhere", root, ".qgate/history.db"), 0);
    refused(tree, ".qgate/history.db", "is not a file");
    assert_int_equal(unlinkat(root, ".qgate/history.db", 0), 0);
    assert_int_equal(mkfifoat(root, ".qgate/history.db", 0644), 0);
    refused(tree, ".qgate/history.db", "is not a file");
}

static void shell(struct tree *tree, const char *script)
{
    pid_t pid = fork();
    if (pid == 0) {
        (void)!chdir(tree->root);
        execlp("sh", "sh", "-ec", script, (char *)NULL);
        _exit(127);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* What a branch brings along is no history: not the database, nor a log that SQLite would play
 * back. */
static void what_git_tracks_is_refused(void **state)
{
    struct tree *tree = *state;
    static const char *const names[] = {".qgate/history.db", ".qgate/history.db-wal",
                                        ".qgate/history.db-journal"};
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        shell(tree, arena_printf(tree->mem,
                                 "rm -rf .git; git init -q; touch %s; git add -f %s; git -c"
                                 " user.name=a -c user.email=a@b commit -qm x",
                                 names[i], names[i]));
        history_find(&tree->place.history, tree->root, tree->mem);
        history_open(&tree->place.history, tree->mem);
        refused(tree, names[i], "git tracks it: a store is never part of a commit");
        close_history(&tree->place.history);
        tree->place.history = (struct history){0};
    }
}

static void a_link_beside_it_is_not_followed(void **state)
{
    struct tree *tree = *state;
    int root = tree->place.fd;
    assert_int_equal(mkdirat(root, ".qgate", 0755), 0);
    write_text(tree, "victim", "");
    assert_int_equal(symlinkat("../victim", root, ".qgate/history.db-wal"), 0);
    (void)!opens(tree, STORE_WRITE);
    struct stat now;
    assert_int_equal(fstatat(root, "victim", &now, 0), 0);
    assert_int_equal(now.st_size, 0);
}

static void what_is_no_store_is_refused(void **state)
{
    struct tree *tree = *state;
    assert_int_equal(mkdirat(tree->place.fd, ".qgate", 0755), 0);
    write_text(tree, ".qgate/history.db", "this text is not a database, and long enough to tell\n");
    refused(tree, ".qgate/history.db", "is not an SQLite database");
    char head[4096];
    memset(head, 'x', sizeof head - 1);
    head[sizeof head - 1] = '\0';
    memcpy(head, "SQLite format 3", 16);
    int fd = openat(tree->place.fd, ".qgate/history.db", O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, head, sizeof head), sizeof head);
    close(fd);
    assert_false(opens(tree, STORE_READ));
    assert_false(opens(tree, STORE_WRITE));
}

/* By sqlite3 itself: the tests have no other door to it. */
static void sqlite(struct tree *tree, const char *statements)
{
    pid_t pid = fork();
    if (pid == 0) {
        const char *path = arena_printf(tree->mem, "%s/.qgate/history.db", tree->root);
        execlp("sqlite3", "sqlite3", "-bail", path, statements, (char *)NULL);
        _exit(127);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void another_programs_database_is_refused(void **state)
{
    struct tree *tree = *state;
    assert_int_equal(mkdirat(tree->place.fd, ".qgate", 0755), 0);
    sqlite(tree, "CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1)");
    const char *before = picture(tree, ".qgate");
    refused(tree, ".qgate/history.db", "is the database of another program");
    assert_string_equal(picture(tree, ".qgate"), before);
    sqlite(tree, "PRAGMA user_version = 1");
    refused(tree, ".qgate/history.db", "is the database of another program");
    sqlite(tree, "PRAGMA application_id = 1");
    refused(tree, ".qgate/history.db", "is the database of another program");
}

static void a_newer_schema_is_refused(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    sqlite(tree, "PRAGMA user_version = 999");
    assert_false(opens(tree, STORE_READ));
    assert_non_null(strstr(tree->err.what, "was written by a newer qgate: its schema is 999"));
    assert_string_equal(tree->err.hint, "update qgate here");
    assert_false(opens(tree, STORE_WRITE));
}

/* The file may come from a cache that anyone filled: nothing that stands in it is run. */
static void a_hostile_schema_is_not_run(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    sqlite(tree, "DROP TABLE gate_evidence; CREATE VIEW gate_evidence AS WITH RECURSIVE n(x) AS"
                 " (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 7 project_id, 'aaa' sha,"
                 " 'build' stage, '.qgate.yml' policy_name, x body, 1 created_ms FROM n");
    must_open(tree, STORE_READ);
    assert_non_null(strstr(nearest(tree, &main_build, "aaa"), "does not answer"));
}

static void null_is_no_text(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    sqlite(tree, "DROP TABLE gate_evidence; CREATE TABLE gate_evidence(project_id, sha, stage,"
                 " policy_name, body, created_ms); INSERT INTO gate_evidence VALUES"
                 " (7, 'aaa', 'build', '.qgate.yml', NULL, NULL)");
    must_open(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa", "0:");
}

static bool opens_at(struct tree *tree, const char *where, enum store_mode mode)
{
    close_store(&tree->store);
    tree->err = (struct error){0};
    return store_open(&tree->store, where, mode, &tree->place, tree->mem, &tree->err);
}

static void another_place(void **state)
{
    struct tree *tree = *state;
    const char *path = arena_printf(tree->mem, "%s/a?b#c%%20.db", tree->root);
    assert_true(opens_at(tree, path, STORE_READ));
    assert_null(tree->store.link);
    assert_true(opens_at(tree, path, STORE_WRITE));
    put(tree, &main_build, "aaa", "body", 1);
    assert_true(opens_at(tree, path, STORE_READ));
    assert_nearest(tree, &main_build, "aaa", "0:body");
    assert_int_equal(faccessat(tree->place.fd, "a?b#c%20.db", F_OK, 0), 0);
    assert_int_equal(faccessat(tree->place.fd, ".qgate", F_OK, 0), -1);

    assert_false(opens_at(tree, tree->root, STORE_WRITE));
    assert_string_equal(tree->err.what, "is not a file");
    assert_false(opens_at(tree, "/nowhere/at/all.db", STORE_WRITE));
}

static void addresses_are_not_shown(void **state)
{
    struct tree *tree = *state;
    assert_false(opens_at(tree, "mysql://user:secret@host/db", STORE_WRITE));
    assert_string_equal(tree->err.where, "QGATE_STORE");
    assert_null(strstr(tree->err.what, "secret"));
}

enum { WRITERS = 20, WRITES = 10 };

static void write_many(struct tree *tree, int writer)
{
    must_open(tree, STORE_WRITE);
    for (int i = 0; i < WRITES; i++) {
        char sha[32];
        snprintf(sha, sizeof sha, "w%d-%d", writer, i);
        put(tree, &main_build, sha, sha, 1);
    }
    close_store(&tree->store);
    _exit(0);
}

/* From an empty work tree on: the folder, the schema and the rows are made by all of them at once.
 */
static void many_writers_lose_nothing(void **state)
{
    struct tree *tree = *state;
    for (int writer = 0; writer < WRITERS; writer++)
        if (fork() == 0)
            write_many(tree, writer);
    for (int writer = 0; writer < WRITERS; writer++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    must_open(tree, STORE_READ);
    for (int n = 0; n < WRITERS * WRITES; n++) {
        char sha[32];
        snprintf(sha, sizeof sha, "w%d-%d", n / WRITES, n % WRITES);
        assert_nearest(tree, &main_build, sha, arena_printf(tree->mem, "0:%s", sha));
    }
}

#define IN_TREE(test) cmocka_unit_test_setup_teardown(test, tree_make, tree_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TREE(nearest_commit_wins),
        IN_TREE(far_commits_are_found),
        IN_TREE(only_its_own_evidence),
        IN_TREE(younger_evidence_stays),
        IN_TREE(texts_stay_what_they_are),
        IN_TREE(no_store_yet),
        IN_TREE(reading_writes_nothing),
        IN_TREE(a_killed_writer_loses_nothing),
        IN_TREE(a_reader_sees_a_writer_at_work),
        IN_TREE(a_copy_written_meanwhile_is_not_believed),
        IN_TREE(git_never_sees_it),
        IN_TREE(a_folder_of_the_project_is_not_hidden),
        IN_TREE(links_are_refused),
        IN_TREE(what_git_tracks_is_refused),
        IN_TREE(a_link_beside_it_is_not_followed),
        IN_TREE(what_is_no_store_is_refused),
        IN_TREE(another_programs_database_is_refused),
        IN_TREE(a_newer_schema_is_refused),
        IN_TREE(a_hostile_schema_is_not_run),
        IN_TREE(null_is_no_text),
        IN_TREE(another_place),
        IN_TREE(addresses_are_not_shown),
        IN_TREE(many_writers_lose_nothing),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
