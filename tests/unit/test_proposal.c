/* The rule of `paths.map` that is proposed for paths which match no single file. */
#include "tests/support/test.h"

#include <string.h>
#include <time.h>

#include "gates/model/paths.h"
#include "gates/model/proposal.h"

/* behind the others */
#include "tests/support/pool.h"

static struct evidence evidence;

static int begin(void **state)
{
    (void)state;
    mem = arena_new();
    evidence = (struct evidence){.commit = ""};
    return 0;
}

/* Texts parted by spaces. */
static struct words words(const char *list)
{
    struct words out = {0};
    for (size_t len; *list != '\0'; list += len + (list[len] == ' ')) {
        len = strcspn(list, " ");
        array_push(mem, &out, arena_copy(mem, list, len));
    }
    return out;
}

static void repository(const char *files)
{
    struct words list = words(files);
    evidence.files = path_index_new(mem, "/builds/shop", &list);
}

/* One report more. */
static void report(const char *roots, const char *paths, const struct path_maps *maps)
{
    struct source *source = array_add(mem, &evidence.sources);
    struct words list = words(paths);
    struct error err = {0};
    size_t at;
    source_init(source, mem, "c", "cobertura");
    source->coverage.roots = words(roots);
    for (size_t i = 0; i < list.count; i++)
        assert_true(source_file(source, mem, list.items[i], strlen(list.items[i]), &at, &err));
    paths_map(source, maps, NULL, mem);
    paths_resolve(source, evidence.files, mem);
}

static const char *proposed(const char *wanted)
{
    struct words list = words(wanted);
    struct proposal proposal;
    if (!proposal_find(&evidence, *wanted == '\0' ? NULL : &list, mem, &proposal))
        return "-";
    return arena_printf(mem, "%s>%s: %s", proposal.from, proposal.to,
                        proposal_effect(&proposal, mem));
}

static const struct path_maps none;

static void a_copy_of_the_tree(void **state)
{
    (void)state;
    repository("src/main/java/payments/Fee.java src/main/java/payments/Tax.java "
               "src/main/java/payments/core/Sum.java old/payments/Fee.java");
    report("", "payments/Fee.java payments/Tax.java payments/core/Sum.java", &none);
    assert_string_equal(proposed(""), "payments/>src/main/java/payments/: all 3 files match");
    assert_string_equal(proposed("src/main/java/payments/Fee.java"),
                        "payments/>src/main/java/payments/: all 3 files match");
    /* Tax.java and Sum.java match already, and would not below old/ */
    assert_string_equal(proposed("old/payments/Fee.java"), "-");
}

static void a_container(void **state)
{
    (void)state;
    repository("main.c fee.c src/tax.c");
    report("", "/app/main.c /app/fee.c /app/src/tax.c /usr/include/stdio.h", &none);
    assert_string_equal(proposed(""), "/app/>: 3 of 4 files match");
}

static void a_source_root(void **state)
{
    (void)state;
    repository("main.c fee.c lib/main.c lib/fee.c");
    report("C:\\app", "main.c fee.c", &none);
    /* as it stands main.c is a file: nothing is left to propose */
    assert_string_equal(proposed(""), "-");
    evidence.sources.count = 0;
    repository("svc/main.c svc/fee.c");
    report("C:\\app", "main.c fee.c other.c", &none);
    assert_string_equal(proposed(""), "-"); /* two of them are tails, the third is nowhere */
    evidence.sources.count = 0;
    repository("svc/main.c svc/fee.c lib/main.c old/fee.c");
    report("C:\\app", "main.c fee.c", &none);
    assert_string_equal(proposed(""), "C:/app/>svc/: all 2 files match");
}

/* Of the root's beginning both copies make sense; of the package's only one. */
static void a_source_root_that_says_nothing(void **state)
{
    (void)state;
    repository("src/main/java/payments/Fee.java src/main/java/payments/Tax.java "
               "old/payments/Fee.java");
    report("C:\\a", "payments/Fee.java payments/Tax.java", &none);
    assert_string_equal(proposed(""), "payments/>src/main/java/payments/: all 2 files match");
    /* of two that do as much, the one by which more of the names is alike */
    report("", "/usr/lib/fee/Tax.java", &none);
    assert_string_equal(proposed(""), "payments/>src/main/java/payments/: 2 of 3 files match");
}

static void nothing_is_guessed(void **state)
{
    (void)state;
    struct path_maps maps = {0};
    repository("a/p/x.c b/p/x.c");
    report("", "p/x.c", &none);
    assert_string_equal(proposed(""), "-"); /* a/p/ says as much as b/p/ */
    assert_string_equal(proposed("b/p/x.c"), "p/>b/p/: the file matches");
    evidence.sources.count = 0;
    repository("src/types.h src/a.c");
    report("", "src/a.c /usr/include/types.h /usr/include/stdio.h /usr/include/time.h", &none);
    assert_string_equal(proposed(""), "-"); /* a name alike, among others that are not */
    evidence.sources.count = 0;
    repository("a/x.c");
    report("", "x.c y.c", &none);
    assert_string_equal(proposed(""), "-");
    evidence.sources.count = 0;
    report("", "a/x.c", &none);
    assert_string_equal(proposed(""), "-"); /* all match */
    evidence.sources.count = 0;
    array_push(mem, &maps, ((struct path_map){"q", "r"}));
    report("", "q/x.c", &maps);
    assert_string_equal(proposed(""), "-"); /* a map of the policy moved it */
    evidence.files = NULL;
    assert_string_equal(proposed(""), "-");
}

static void what_matches_stays(void **state)
{
    (void)state;
    repository("a/p/x.c b/p/x.c b/p/y.c a/p/z.c");
    report("", "p/x.c p/z.c", &none);
    assert_string_equal(proposed("a/p/x.c"), "p/>a/p/: all 2 files match");
    evidence.sources.count = 0;
    report("", "p/x.c p/y.c p/z.c", &none); /* y.c is found in b, and would be lost */
    assert_string_equal(proposed("a/p/x.c"), "-");
}

static void written_as_yaml(void **state)
{
    (void)state;
    const struct proposal proposal = {"a\"b/", "c\\d/", 3, 4};
    assert_string_equal(proposal_text(&proposal, mem),
                        "paths: {map: [{from: \"a\\\"b/\", to: \"c\\\\d/\"}]}");
    assert_string_equal(proposal_effect(&proposal, mem), "3 of 4 files match");
}

/* As many strange paths as a report may hold, all alike: must not take the product of anything. */
static void many(void **state)
{
    (void)state;
    enum { FILES = 50000, PATHS = 100000 };
    struct words files = {0};
    for (int i = 0; i < FILES; i++)
        array_push(mem, &files, arena_printf(mem, "src/p%d/index.js", i));
    evidence.files = path_index_new(mem, "/builds/shop", &files);
    struct source *source = array_add(mem, &evidence.sources);
    source_init(source, mem, "c", "cobertura");
    for (int i = 0; i < PATHS; i++) {
        struct error err = {0};
        size_t at;
        const char *path = arena_printf(mem, "q%d/index.js", i);
        assert_true(source_file(source, mem, path, strlen(path), &at, &err));
    }
    paths_resolve(source, evidence.files, mem);
    clock_t begun = clock();
    proposed("");
    assert_true((clock() - begun) / CLOCKS_PER_SEC < 20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, close_pool)
    const struct CMUnitTest tests[] = {
        TEST(a_copy_of_the_tree), TEST(a_container),
        TEST(a_source_root),      TEST(a_source_root_that_says_nothing),
        TEST(nothing_is_guessed), TEST(what_matches_stays),
        TEST(written_as_yaml),    TEST(many),
    };
    return cmocka_run_group_tests_name("proposal", tests, NULL, NULL);
}
