/* The store's file: what is no store of ours is refused, and reading leaves nothing behind. */
#include "tests/support/store.h"

static void write_text(struct tree *tree, const char *path, const char *text)
{
    int fd = openat(tree->place.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
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
    must_open(tree, STORE_READ);
    assert_null(tree->store.link);
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "body", 1);
}

static void reading_writes_nothing(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "body", 1);
    close_store(&tree->store);
    const char *before = picture(tree, ".qgate");
    must_open(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa", "0:body");
    close_store(&tree->store);
    assert_string_equal(picture(tree, ".qgate"), before);

    /* a job's cache that brought the database alone */
    assert_int_equal(unlinkat(tree->place.fd, ".qgate/history.db-wal", 0), 0);
    assert_int_equal(unlinkat(tree->place.fd, ".qgate/history.db-shm", 0), 0);
    before = picture(tree, ".qgate");
    must_open(tree, STORE_READ);
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
        put_evidence(tree, &main_build, sha, sha, 1);
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
    must_open(tree, STORE_WRITE);
    assert_nearest(tree, &main_build, "aaa", "0:aaa");
}

/* Its writer was killed before it had written anything: nobody has to be waited for. */
static void a_log_without_an_entry_is_read(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "body", 1);
    close_store(&tree->store);
    write_text(tree, ".qgate/history.db-wal", "the header of a log: 32 bytes...");
    must_open(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa", "0:body");
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "bbb", "b", 1);
    must_open(tree, STORE_READ);
    assert_nearest(tree, &main_build, "bbb", "0:b");
}

static void a_reader_sees_a_writer_at_work(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "first", 1);
    struct tree reader = *tree;
    reader.store = (struct store){0};
    must_open(&reader, STORE_READ);
    assert_nearest(&reader, &main_build, "aaa", "0:first");
    put_evidence(tree, &main_build, "aaa", "second", 1);
    assert_nearest(&reader, &main_build, "aaa", "0:second");
    close_store(&reader.store);
}

static void a_copy_written_meanwhile_is_not_believed(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    put_evidence(tree, &main_build, "aaa", "body", 1);
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

/* What a branch brings along is no history: not the database, nor a log that SQLite would play
 * back. */
static void what_git_tracks_is_refused(void **state)
{
    struct tree *tree = *state;
    static const char *const names[] = {".qgate/history.db", ".qgate/history.db-wal",
                                        ".qgate/history.db-journal", ".qgate/spool.jsonl",
                                        ".qgate/people.key"};
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        shell(tree->mem,
              arena_printf(tree->mem,
                           "cd %s; rm -rf .git; git init -q; touch %s; git add -f %s; git -c"
                           " user.name=a -c user.email=a@b commit -qm x",
                           tree->root, names[i], names[i]));
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

static void another_programs_database_is_refused(void **state)
{
    struct tree *tree = *state;
    assert_int_equal(mkdirat(tree->place.fd, ".qgate", 0755), 0);
    asked(tree, "CREATE TABLE theirs(x); INSERT INTO theirs VALUES (1)");
    const char *before = picture(tree, ".qgate");
    refused(tree, ".qgate/history.db", "is the database of another program");
    assert_string_equal(picture(tree, ".qgate"), before);
    asked(tree, "PRAGMA user_version = 1");
    refused(tree, ".qgate/history.db", "is the database of another program");
    asked(tree, "PRAGMA application_id = 1");
    refused(tree, ".qgate/history.db", "is the database of another program");
}

static void a_newer_schema_is_refused(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    asked(tree, "PRAGMA user_version = 999");
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
    asked(tree, "DROP TABLE gate_evidence; CREATE VIEW gate_evidence AS WITH RECURSIVE n(x) AS"
                " (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 7 project_id, 'aaa' sha,"
                " 'build' stage, '.qgate.yml' policy_name, x body, 1 created_ms FROM n");
    must_open(tree, STORE_READ);
    assert_non_null(strstr(nearest(tree, &main_build, "aaa"), "has no such table or column"));
}

static void null_is_no_text(void **state)
{
    struct tree *tree = *state;
    must_open(tree, STORE_WRITE);
    close_store(&tree->store);
    asked(tree, "DROP TABLE gate_evidence; CREATE TABLE gate_evidence(project_id, sha, stage,"
                " policy_name, body, created_ms); INSERT INTO gate_evidence VALUES"
                " (7, 'aaa', 'build', '.qgate.yml', NULL, NULL)");
    must_open(tree, STORE_READ);
    assert_nearest(tree, &main_build, "aaa", "0:");
}

static bool opens_at(struct tree *tree, const char *where, enum store_mode mode)
{
    tree->where = where;
    return opens(tree, mode);
}

static void another_place(void **state)
{
    struct tree *tree = *state;
    const char *path = arena_printf(tree->mem, "%s/a?b#c%%20.db", tree->root);
    assert_true(opens_at(tree, path, STORE_READ));
    assert_null(tree->store.link);
    assert_true(opens_at(tree, path, STORE_WRITE));
    put_evidence(tree, &main_build, "aaa", "body", 1);
    assert_true(opens_at(tree, path, STORE_READ));
    assert_nearest(tree, &main_build, "aaa", "0:body");
    assert_int_equal(faccessat(tree->place.fd, "a?b#c%20.db", F_OK, 0), 0);
    assert_int_equal(faccessat(tree->place.fd, ".qgate", F_OK, 0), -1);

    assert_false(opens_at(tree, tree->root, STORE_WRITE));
    assert_string_equal(tree->err.what, "is not a file");
    assert_true(opens_at(tree, "/nowhere/at/all.db", STORE_WRITE));
    assert_non_null(tree->store.away);
}

static void addresses_are_not_shown(void **state)
{
    struct tree *tree = *state;
    static const char *const mistakes[] = {
        "mysql://user:secret@host/db",
        "postgresql:/user:secret@host/db",
        "user:secret@host/db",
        "host=localhost password=secret",
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        assert_false(opens_at(tree, mistakes[i], STORE_WRITE));
        assert_string_equal(tree->err.where, "QGATE_STORE");
        assert_string_equal(tree->err.what, "there is no store behind such an address");
        assert_null(strstr(tree->err.hint, "secret"));
        assert_int_equal(faccessat(AT_FDCWD, mistakes[i], F_OK, 0), -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_SQLITE(no_store_yet),
        ON_SQLITE(reading_writes_nothing),
        ON_SQLITE(a_killed_writer_loses_nothing),
        ON_SQLITE(a_log_without_an_entry_is_read),
        ON_SQLITE(a_reader_sees_a_writer_at_work),
        ON_SQLITE(a_copy_written_meanwhile_is_not_believed),
        ON_SQLITE(git_never_sees_it),
        ON_SQLITE(a_folder_of_the_project_is_not_hidden),
        ON_SQLITE(links_are_refused),
        ON_SQLITE(what_git_tracks_is_refused),
        ON_SQLITE(a_link_beside_it_is_not_followed),
        ON_SQLITE(what_is_no_store_is_refused),
        ON_SQLITE(another_programs_database_is_refused),
        ON_SQLITE(a_newer_schema_is_refused),
        ON_SQLITE(a_hostile_schema_is_not_run),
        ON_SQLITE(null_is_no_text),
        ON_SQLITE(another_place),
        ON_SQLITE(addresses_are_not_shown),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
