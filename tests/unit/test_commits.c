/* Commits that are read once: with what was kept of them and without it the answer is the same,
 * whatever became of the file. */
#include "tests/support/test.h"

#include <dirent.h>
#include <fcntl.h>
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/history/cachefile.h"
#include "runner/history/commits.h"
#include "tests/support/folder.h"

enum { START_S = 1700000000, CHANGES = 12 };

static struct arena *mem;
static char folder[] = "/tmp/test_commits.XXXXXX";
static git_repository *repository;
static struct history history;
static int cache; /* of a test, empty */
static struct words tips;
static const char *side_tip; /* of a branch that is not merged */

/* --- a repository ----------------------------------------------------------------------------- */

static git_oid write_tree(const char *text)
{
    git_oid blob, tree;
    git_treebuilder *builder;
    assert_int_equal(git_blob_create_from_buffer(&blob, repository, text, strlen(text)), 0);
    assert_int_equal(git_treebuilder_new(&builder, repository, NULL), 0);
    assert_int_equal(git_treebuilder_insert(NULL, builder, "file", &blob, GIT_FILEMODE_BLOB), 0);
    assert_int_equal(git_treebuilder_write(&tree, builder), 0);
    git_treebuilder_free(builder);
    return tree;
}

struct written {
    const char *who, *message, *text;
    int64_t authored_s, committed_s;
};

/* `one` and `other` NULL: no such parent. */
static const char *commit(const struct written *what, const char *one, const char *other)
{
    git_signature *author, *committer;
    git_commit *parents[2] = {NULL, NULL};
    size_t count = 0;
    git_oid id, tree_id = write_tree(what->text);
    git_tree *tree;
    const char *names[] = {one, other};
    for (size_t i = 0; i < 2; i++)
        if (names[i] != NULL) {
            assert_int_equal(git_oid_fromstr(&id, names[i]), 0);
            assert_int_equal(git_commit_lookup(&parents[count++], repository, &id), 0);
        }
    const char *address = arena_printf(mem, "%s@example.org", what->who);
    git_signature_new(&author, what->who, address, what->authored_s, 0);
    git_signature_new(&committer, "c", "c@example.org", what->committed_s, 0);
    const git_commit *given[] = {parents[0], parents[1]};
    git_tree_lookup(&tree, repository, &tree_id);
    assert_int_equal(git_commit_create(&id, repository, NULL, author, committer, NULL,
                                       what->message, tree, count, given),
                     0);
    while (count > 0)
        git_commit_free(parents[--count]);
    git_tree_free(tree);
    git_signature_free(author);
    git_signature_free(committer);
    return arena_copy(mem, git_oid_tostr_s(&id), GIT_OID_HEXSZ);
}

/* Changes are merged one after the other; one is cherry-picked, one reverted, one a bot's, and
 * clocks go back now and then. */
static void write_history(void)
{
    const char *main_tip =
        commit(&(struct written){"ann", "first", "0", START_S, START_S}, NULL, NULL);
    array_push(mem, &tips, main_tip);
    for (int i = 0; i < CHANGES; i++) {
        int64_t at = START_S + 1000 * (i + 1) - (i % 5 == 4 ? 3000 : 0);
        const char *who = i % 4 == 3 ? "renovate" : i % 2 == 0 ? "ann" : "Ben";
        const char *text = arena_printf(mem, "%d", i + 1);
        const char *message =
            i % 6 == 5 ? arena_printf(mem, "Revert \"x\"\n\nThis reverts commit %s.", main_tip)
                       : "step";
        const char *side =
            commit(&(struct written){who, message, text, at, at + 10}, main_tip, NULL);
        main_tip = commit(
            &(struct written){"ann", "Merge branch 'x' into 'main'\n\nSee merge request g/p!7",
                              text, at + 20, at + 20},
            main_tip, side);
        if (i == CHANGES / 2) /* the same difference, author and time on another branch */
            side_tip = commit(&(struct written){who, message, text, at, at + 500},
                              tips.items[tips.count - 1], NULL);
        if (i % 3 == 2)
            array_push(mem, &tips, main_tip);
    }
}

static int begin(void **state)
{
    (void)state;
    mem = arena_new();
    git_libgit2_init();
    if (mkdtemp(folder) == NULL || git_repository_init(&repository, folder, 1) != 0)
        return 1;
    write_history();
    history_open_repository(&history, folder, mem);
    return history.repository == NULL;
}

static int end(void **state)
{
    (void)state;
    close_history(&history);
    git_repository_free(repository);
    git_libgit2_shutdown();
    folder_remove(folder);
    close_arena(&mem);
    return 0;
}

static int empty_cache(void **state)
{
    const char *path = arena_printf(mem, "%s/cache", folder);
    (void)state;
    folder_remove(path);
    cache = mkdir(path, 0777) == 0 ? open(path, O_RDONLY | O_DIRECTORY) : -1;
    return cache < 0;
}

static int close_cache(void **state)
{
    (void)state;
    return close(cache);
}

/* --- what is read of it ----------------------------------------------------------------------- */

static void read_them(struct arena *scratch, const struct words *of, int from, const char *bot,
                      struct commits *commits)
{
    struct error err = {0};
    struct names people;
    struct words bots = {0};
    names_init(&people, scratch);
    if (bot != NULL)
        array_push(scratch, &bots, bot);
    const struct commits_wanted wanted = {
        .tips = of, .bots = &bots, .people = &people, .cache = from, .doing = "reading"};
    if (!history_commits(&history, &wanted, scratch, commits, &err))
        fail_msg("%s", err.what);
}

/* All there is to know, as text; people by the first commit that is theirs. */
static const char *text_of(struct arena *scratch, const struct commits *commits)
{
    const char *text = "";
    for (uint32_t i = 0; i < commits->all.count; i++) {
        const struct dora_commit *c = &commits->all.items[i];
        uint32_t first = 0;
        while (commits->all.items[first].person != c->person)
            first++;
        text = arena_printf(scratch, "%s%s %u %u %d %lld %lld %s|%s %llu %d %d %lld:", text, c->id,
                            c->copied, first, c->bot, (long long)c->authored_s,
                            (long long)c->committed_s, c->landing.subject,
                            c->landing.claims == NULL ? "-" : c->landing.claims,
                            (unsigned long long)c->landing.request, c->landing.hotfix,
                            c->landing.repairs, (long long)c->landing.first_s);
        for (uint32_t p = 0; p < c->parent_count; p++) {
            assert_true(c->parents[p] < i);
            text = arena_printf(scratch, "%s %u", text, c->parents[p]);
        }
        text = arena_printf(scratch, "%s\n", text);
        assert_int_equal(commits_find(commits, c->id, strlen(c->id)), i);
    }
    return text;
}

static const char *read_text(const struct words *of, int from)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct commits commits;
    read_them(scratch, of, from, NULL, &commits);
    const char *text = text_of(scratch, &commits);
    return arena_copy(mem, text, strlen(text));
}

static struct words with_side(void)
{
    struct words all = {0};
    for (size_t i = 0; i < tips.count; i++)
        array_push(mem, &all, tips.items[i]);
    array_push(mem, &all, side_tip);
    return all;
}

static const char *file_in_cache(void)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    const char *name = NULL;
    DIR *all = opendir(arena_printf(scratch, "%s/cache", folder));
    for (struct dirent *entry; (entry = readdir(all)) != NULL;)
        if (entry->d_name[0] != '.')
            name = arena_printf(mem, "%s", entry->d_name);
    closedir(all);
    return name;
}

/* --- tests ------------------------------------------------------------------------------------ */

static void test_read(void **state)
{
    struct commits commits;
    (void)state;
    read_them(mem, &tips, -1, NULL, &commits);
    assert_int_equal(commits.all.count, 1 + 2 * CHANGES);
    size_t bots = 0, claims = 0, requests = 0;
    for (size_t i = 0; i < commits.all.count; i++) {
        bots += commits.all.items[i].bot;
        claims += commits.all.items[i].landing.claims != NULL;
        requests += commits.all.items[i].landing.request == 7;
        assert_int_equal(commits.all.items[i].copied, i);
    }
    assert_int_equal(bots, 3);
    assert_int_equal(claims, 2);
    assert_int_equal(requests, CHANGES);
    assert_int_equal(commits_find(&commits, "", 0), DORA_NONE);
    assert_int_equal(commits_find(&commits, "zz", 2), DORA_NONE);
    assert_int_equal(commits_find(&commits, side_tip, strlen(side_tip)), DORA_NONE);
    uint32_t last = commits_find(&commits, tips.items[0], 12);
    assert_string_equal(commits.all.items[last].id, tips.items[0]);
}

static void test_bots(void **state)
{
    struct commits commits;
    size_t bots = 0;
    (void)state;
    read_them(mem, &tips, cache, NULL, &commits);
    read_them(mem, &tips, cache, "be?@EXAMPLE.org", &commits); /* kept, and seen otherwise now */
    for (size_t i = 0; i < commits.all.count; i++)
        bots += commits.all.items[i].bot;
    assert_int_equal(bots, 6);
}

static void test_kept(void **state)
{
    (void)state;
    const char *plain = read_text(&tips, -1);
    assert_string_equal(read_text(&tips, cache), plain);
    assert_non_null(file_in_cache());
    assert_string_equal(read_text(&tips, cache), plain);
}

/* What is known already is not asked of git: a repository without objects will do. */
static void test_not_asked(void **state)
{
    (void)state;
    const char *plain = read_text(&tips, cache);
    const char *objects = arena_printf(mem, "%s/objects", folder);
    const char *away = arena_printf(mem, "%s/away", folder);
    close_history(&history);
    assert_int_equal(rename(objects, away), 0);
    assert_int_equal(mkdir(objects, 0777), 0);
    history_open_repository(&history, folder, mem);
    assert_string_equal(read_text(&tips, cache), plain);
    struct words all = with_side();
    struct error err = {0};
    struct names people;
    struct commits commits;
    names_init(&people, mem);
    const struct commits_wanted wanted = {.tips = &all, .people = &people, .cache = cache};
    assert_false(history_commits(&history, &wanted, mem, &commits, &err));
    assert_non_null(strstr(err.what, "cannot be read"));
    assert_int_equal(rmdir(objects), 0);
    assert_int_equal(rename(away, objects), 0);
    close_history(&history);
    history_open_repository(&history, folder, mem);
}

/* One tip after the other, in any order, and what comes last belongs before the others. */
static void test_step_by_step(void **state)
{
    struct words all = with_side();
    (void)state;
    const char *plain = read_text(&all, -1);
    for (size_t i = all.count; i > 0; i--) {
        struct words some = {all.items + i - 1, all.count - i + 1, 0};
        read_text(&some, cache);
    }
    assert_string_equal(read_text(&all, cache), plain);
}

static void test_copies(void **state)
{
    struct words all = with_side();
    struct commits commits;
    (void)state;
    for (int turn = 0; turn < 3; turn++) {
        if (turn == 1)
            read_text(&tips, cache); /* the copy comes later */
        read_them(mem, &all, turn == 0 ? -1 : cache, NULL, &commits);
        uint32_t copy = commits_find(&commits, side_tip, strlen(side_tip));
        uint32_t original = commits.all.items[copy].copied;
        assert_int_not_equal(copy, original);
        assert_true(original < copy);
        assert_int_equal(commits.all.items[copy].authored_s,
                         commits.all.items[original].authored_s);
        assert_int_equal(commits.all.items[original].copied, original);
    }
}

/* What only a branch held that is gone, with the copy that it was and the one that it had. */
static void test_forgotten(void **state)
{
    (void)state;
    struct words all = with_side(), side = {0};
    array_push(mem, &side, side_tip);
    const char *plain = read_text(&tips, -1), *of_side = read_text(&side, -1);
    read_text(&all, cache);
    assert_string_equal(read_text(&tips, cache), plain);
    assert_string_equal(read_text(&side, cache), of_side);
}

/* Whatever is cut off or changed. */
static void test_damage(void **state)
{
    static char bytes[1 << 16];
    (void)state;
    const char *plain = read_text(&tips, cache);
    const char *name = file_in_cache();
    int fd = openat(cache, name, O_RDONLY);
    ssize_t len = read(fd, bytes, sizeof bytes);
    close(fd);
    assert_true(len > 1000 && len < (ssize_t)sizeof bytes);
    for (ssize_t at = 0; at < len; at += 13) {
        fd = openat(cache, name, O_WRONLY | O_TRUNC);
        assert_int_equal(write(fd, bytes, (size_t)at), at);
        close(fd);
        assert_string_equal(read_text(&tips, cache), plain);
        bytes[at] ^= 0x10;
        fd = openat(cache, name, O_WRONLY | O_TRUNC);
        assert_int_equal(write(fd, bytes, (size_t)len), len);
        close(fd);
        bytes[at] ^= 0x10;
        assert_string_equal(read_text(&tips, cache), plain);
    }
}

/* Somebody who knows how the sum is made: nothing leads out of the file. */
static void test_forged(void **state)
{
    static const uint32_t odd[] = {UINT32_MAX, 2 * CHANGES + 1}; /* the end, and one behind it */
    static char raw[1 << 16];
    uint64_t version;
    size_t len = 0;
    (void)state;
    read_text(&tips, cache);
    const char *name = file_in_cache();
    int fd = openat(cache, name, O_RDONLY);
    assert_int_equal(pread(fd, &version, sizeof version, 8), sizeof version);
    close(fd);
    const char *good = cachefile_read(cache, name, version, &len);
    assert_non_null(good);
    for (size_t at = 0; at + 4 <= len; at += 8)
        for (size_t i = 0; i < (at % 16 == 0 ? 2 : 1); i++) {
            AUTO(close_arena) struct arena *scratch = arena_new();
            struct commits commits;
            memcpy(raw, good, len);
            memcpy(raw + at, &odd[i], sizeof odd[i]);
            const struct cachefile_part whole = {raw, len};
            cachefile_write(cache, name, version, &whole, 1);
            struct error err = {0};
            struct names people;
            names_init(&people, scratch);
            const struct commits_wanted wanted = {.tips = &tips, .people = &people, .cache = cache};
            if (!history_commits(&history, &wanted, scratch, &commits, &err))
                continue; /* a name that git does not have */
            for (uint32_t c = 0; c < commits.all.count; c++) {
                const struct dora_commit *commit_read = &commits.all.items[c];
                assert_true(strlen(commit_read->id) <= 40 && commit_read->copied <= c);
                assert_true(strlen(commit_read->landing.subject) < len);
                for (uint32_t p = 0; p < commit_read->parent_count; p++)
                    assert_true(commit_read->parents[p] < c);
            }
        }
}

int main(void)
{
#define CACHED(test) cmocka_unit_test_setup_teardown(test, empty_cache, close_cache)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read), CACHED(test_bots),         CACHED(test_kept),
        CACHED(test_not_asked),      CACHED(test_step_by_step), CACHED(test_copies),
        CACHED(test_forgotten),      CACHED(test_damage),       CACHED(test_forged),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
