/* Which commit a version means: each way by itself, in every order, and what is said when none
 * leads there.
 */
#include <stdlib.h>

#include "runner/delivery/resolve.h"
#include "runner/history/beginning.h"
#include "tests/support/store.h"

/* A repository whose commits are known beforehand. The first and a file have seven digits in
 * common, as the second and third have. */
static const char script[] =
    "cd %s\n"
    "export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org"
    " GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org"
    " GIT_AUTHOR_DATE='1764547200 +0000' GIT_COMMITTER_DATE='1764547200 +0000'\n"
    "git init -q -b main\n"
    "tree=$(git mktree < /dev/null)\n"
    "for n in 6227 9805 17806; do echo $n | git commit-tree $tree; done > commits\n"
    "echo 5565 | git hash-object -w --stdin > /dev/null\n"
    "one=$(sed -n 1p commits) two=$(sed -n 2p commits)\n"
    "git tag v1.0 $one; git tag -a -m x ledger/v1.0 $two; git tag -a -m x v1.1 v1.0\n"
    "git tag 2.0 $tree; git branch v3.0 $one; git tag deadbee $two\n"
    "printf '1.0 %%s\\n4.0 %%.8s\\n5.0 eeeeeeeee\\n' $two $one > map.txt\n"
    "printf '1.0: x\\n' > broken.yml\n"
    "git add map.txt broken.yml; git commit -qm tip; git gc -q\n"
    "cat commits; git rev-parse HEAD\n";

static const char one[] = "97f51ff9930d67263fc00badb478f8f6329a4233";
static const char file_like_one[] = "97f51ff500bb97b60976cf3af6653e2f248a9ccd";

struct clone {
    struct tree *tree;
    const char *two, *three, *tip;
    struct history_tags tags;
    struct events events;
};

static struct clone clone;

static const char *line(const char *text, int number)
{
    for (; number > 0; number--)
        text = strchr(text, '\n') + 1;
    return arena_copy(clone.tree->mem, text, strcspn(text, "\n"));
}

static int make_clone(void **state)
{
    (void)state;
    struct tree *tree = clone.tree = tree_new();
    struct history *history = &tree->place.history;
    const char *commits = shell(tree->mem, arena_printf(tree->mem, script, tree->root));
    assert_string_equal(line(commits, 0), one);
    clone.two = line(commits, 1);
    clone.three = line(commits, 2);
    clone.tip = line(commits, 3);
    assert_memory_equal(clone.two, clone.three, 7);
    history_find(history, tree->root, tree->mem);
    history_open(history, tree->mem);
    if (!history_tags(history, -1, tree->mem, &clone.tags, &tree->err))
        fail_msg("%s", tree->err.what);
    const struct event_build builds[] = {
        {.version = "1.0", .commit = one, .digest = "sha256:aa"},
        {.version = "6.0", .commit = "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"},
    };
    for (size_t i = 0; i < 2; i++)
        array_push(tree->mem, &clone.events.builds, builds[i]);
    return 0;
}

static int remove_clone(void **state)
{
    (void)state;
    close_history(&clone.tree->place.history);
    void *tree = clone.tree;
    return tree_remove(&tree);
}

/* The number of the commit as above, or why there is none. `rules`: "recorded", "hex", "tag …",
 * "map …", parted by commas. */
static const char *resolved(const char *rules, const char *version)
{
    static const char *const names[] = {"recorded", "tag", "hex", "map"};
    struct arena *mem = clone.tree->mem;
    struct delivery_service service = {.name = "ledger"};
    for (const char *at = rules; *at != '\0'; at += *at == ',') {
        size_t len = strcspn(at, ","), word = strcspn(at, " ,"), how = 0;
        while (strncmp(names[how], at, word) != 0)
            how++;
        const char *text = word == len ? NULL : arena_copy(mem, at + word + 1, len - word - 1);
        array_push(mem, &service.versions,
                   ((struct version_rule){.how = (enum version_how)how, .text = text}));
        at += len;
    }
    const struct resolver_wanted wanted = {
        .service = &service,
        .history = &clone.tree->place.history,
        .tags = &clone.tags,
        .events = strstr(rules, "recorded") == NULL ? NULL : &clone.events,
        .tip = strstr(rules, "map lost") == NULL ? clone.tip : NULL,
    };
    struct resolver *resolver = resolver_new(&wanted, mem);
    struct resolution first = resolve_version(resolver, version);
    struct resolution again = resolve_version(resolver, version);
    assert_ptr_equal(first.commit, again.commit);
    assert_true((first.commit == NULL) == (first.by == NULL));
    assert_true((first.commit == NULL) == (first.why_not != NULL));
    if (first.commit == NULL || first.by == NULL)
        return first.why_not;
    const char *which = strcmp(first.commit, one) == 0           ? "one"
                        : strcmp(first.commit, clone.two) == 0   ? "two"
                        : strcmp(first.commit, clone.three) == 0 ? "three"
                                                                 : "another";
    return arena_printf(mem, "%s by %s", which, names[first.by->how]);
}

static void builds_say_it(void **state)
{
    (void)state;
    assert_string_equal(resolved("recorded", "1.0"), "one by recorded");
    assert_string_equal(resolved("recorded", "sha256:aa"), "one by recorded");
    assert_string_equal(resolved("recorded", "2.0"), "no build of it was recorded");
    assert_string_equal(resolved("tag v{version},recorded", "9.9@sha256:aa"), "one by recorded");
    assert_string_equal(resolved("recorded", "1.0@sha256:bb"), "one by recorded");
    assert_string_equal(resolved("recorded", "2.0@sha256:bb"), "no build of it was recorded");
    assert_string_equal(resolved("recorded", "6.0"),
                        "it was recorded, but eeeeeeeeeeee is no commit of this clone");
}

/* Nothing but a tag of this name, whatever else git would take the text for. */
static void tags_are_looked_up_exactly(void **state)
{
    (void)state;
    assert_string_equal(resolved("tag v{version}", "1.0"), "one by tag");
    assert_string_equal(resolved("tag {service}/v{version}", "1.0"), "two by tag");
    assert_string_equal(resolved("tag v{version}", "1.1"), "one by tag"); /* a tag of a tag */
    assert_string_equal(resolved("tag {version}", "deadbee"), "two by tag");
    static const char *const none[] = {"3.0", "1.0^{}", "1.0~0", "1.0 ", "1", "@", "*"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_string_equal(resolved("tag v{version}", none[i]),
                            arena_printf(clone.tree->mem, "there is no tag v%s", none[i]));
    assert_string_equal(resolved("tag {version}", "2.0"), "there is no tag 2.0"); /* of a folder */
    assert_string_equal(resolved("tag {version}", "HEAD"), "there is no tag HEAD");
    assert_string_equal(resolved("tag {version}", "main"), "there is no tag main");
    assert_string_equal(resolved("tag {version}", one),
                        arena_printf(clone.tree->mem, "there is no tag %s", one));
}

static void versions_hold_commits(void **state)
{
    struct arena *mem = clone.tree->mem;
    (void)state;
    assert_string_equal(resolved("hex", "1.4.2-97f51ff9"), "one by hex");
    assert_string_equal(resolved("hex", "1.4.2-97F51FF9"), "one by hex");
    assert_string_equal(resolved("hex", "1.4.2-97f51ff"), "one by hex"); /* the other is a file */
    assert_string_equal(resolved("hex", arena_printf(mem, "x-%.8s", file_like_one)),
                        "97f51ff5 is no commit of this clone");
    assert_string_equal(resolved("hex", "1.4.2-97f51f"), "it holds no commit's number");
    assert_string_equal(resolved("hex", "1.4.2"), "it holds no commit's number");
    assert_string_equal(resolved("hex", "deadbee"), "deadbee is no commit of this clone");
    assert_string_equal(resolved("hex", "main-20270301"), "20270301 is no commit of this clone");
    assert_string_equal(resolved("hex", arena_printf(mem, "20270301-g%.9s", clone.two)),
                        "two by hex");
    assert_string_equal(resolved("hex", arena_printf(mem, "%s-%.8s", one, one)), "one by hex");
    assert_string_equal(resolved("hex", arena_printf(mem, "%.7s", clone.two)),
                        arena_printf(mem, "%.7s begins several commits", clone.two));
    assert_string_equal(resolved("hex", arena_printf(mem, "%s-%s", one, clone.two)),
                        "it holds the numbers of two commits");
}

static void map_files_say_it(void **state)
{
    (void)state;
    assert_string_equal(resolved("map map.txt", "1.0"), "two by map");
    assert_string_equal(resolved("map map.txt", "4.0"), "one by map");
    assert_string_equal(resolved("map map.txt", "9.9"), "map.txt does not name it");
    assert_string_equal(resolved("map map.txt", "5.0"),
                        "map.txt names it, but eeeeeeeee is no commit of this clone");
    assert_string_equal(resolved("map none.txt", "1.0"), "none.txt is not in the repository");
    assert_string_equal(resolved("map lost.txt", "1.0"), "lost.txt is not in the repository");
    assert_string_equal(resolved("map broken.yml", "1.0"),
                        "broken.yml:1: is no commit: 7 to 40 hexadecimal digits");
}

static void the_first_that_finds_one_counts(void **state)
{
    (void)state;
    assert_string_equal(resolved("recorded,tag {service}/v{version},map map.txt", "1.0"),
                        "one by recorded");
    assert_string_equal(resolved("map map.txt,recorded", "1.0"), "two by map");
    assert_string_equal(resolved("map none.txt,tag v{version}", "1.0"), "one by tag");
    assert_string_equal(resolved("recorded,tag v{version},hex,map map.txt", "5.0"),
                        "no build of it was recorded; there is no tag v5.0; it holds no commit's"
                        " number; map.txt names it, but eeeeeeeee is no commit of this clone");
}

static void beginnings_are_bounded(void **state)
{
    (void)state;
    bool several;
    struct arena *mem = clone.tree->mem;
    const struct history *history = &clone.tree->place.history;
    assert_string_equal(commit_beginning(history, one, 40, mem, &several), one);
    assert_null(commit_beginning(history, one, 6, mem, &several));
    assert_null(
        commit_beginning(history, "97f51ff9930d67263fc00badb478f8f6329a42330", 41, mem, &several));
    assert_null(commit_beginning(history, "97f51fz", 7, mem, &several));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_say_it),
        cmocka_unit_test(tags_are_looked_up_exactly),
        cmocka_unit_test(versions_hold_commits),
        cmocka_unit_test(map_files_say_it),
        cmocka_unit_test(the_first_that_finds_one_counts),
        cmocka_unit_test(beginnings_are_bounded),
    };
    return cmocka_run_group_tests_name("resolve", tests, make_clone, remove_clone);
}
