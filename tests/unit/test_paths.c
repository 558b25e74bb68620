/* Paths of coverage reports against the files of a repository. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "gates/base/path.h"
#include "gates/model/paths.h"

/* behind the others */
#include "tests/support/pool.h"

/* Texts parted by spaces. */
static struct words words(const char *list)
{
    struct words out = {0};
    for (const char *at = list; *at != '\0'; at += *at == ' ') {
        size_t len = strcspn(at, " ");
        array_push(mem, &out, arena_copy(mem, at, len));
        at += len;
    }
    return out;
}

static void add(struct source *source, const char *path)
{
    size_t at;
    struct error err = {0};
    assert_true(source_file(source, mem, path, strlen(path), &at, &err));
}

/* What `path` becomes in the repository /builds/shop, "-" when it is not matched. */
static const char *resolved(const char *files, const char *roots, const char *path)
{
    struct words list = words(files);
    struct path_index *index = path_index_new(mem, "/builds/shop", &list);
    struct source source;
    source_init(&source, mem, "c", "cobertura");
    source.coverage.roots = words(roots);
    add(&source, path);
    paths_resolve(&source, index, mem);
    const struct covered_file *file = &source.coverage.files.items[0];
    assert_string_equal(file->raw, path_clean(mem, path, strlen(path)));
    return file->matched ? file->path : "-";
}

static void exact(void **state)
{
    (void)state;
    const char *files = "fee.c src/fee.c app/src/fee.c";
    assert_string_equal(resolved(files, "", "src/fee.c"), "src/fee.c");
    assert_string_equal(resolved(files, "", "/builds/shop/fee.c"), "fee.c");
    assert_string_equal(resolved(files, "/builds/shop/src", "fee.c"), "src/fee.c");
    assert_string_equal(resolved(files, "/builds/shop/src/", "../fee.c"), "fee.c");
    assert_string_equal(resolved(files, "app/src", "fee.c"), "app/src/fee.c");
    assert_string_equal(resolved(files, ".", "fee.c"), "fee.c");
    assert_string_equal(resolved(files, "/builds/shop /builds/shop/src", "fee.c"), "-");
    assert_string_equal(resolved(files, "/builds/shop/lib /builds/shop/src", "fee.c"), "src/fee.c");
}

static void tails(void **state)
{
    (void)state;
    const char *files = "src/main/java/shop/Fee.java src/main/java/shop/Tax.java "
                        "src/test/java/shop/Tax.java src/a.c lib/src/a.c main.c";
    assert_string_equal(resolved(files, "", "shop/Fee.java"), "src/main/java/shop/Fee.java");
    assert_string_equal(resolved(files, "", "Fee.java"), "src/main/java/shop/Fee.java");
    assert_string_equal(resolved(files, "", "shop/Tax.java"), "-");
    assert_string_equal(resolved(files, "/home/me/src/main/java", "shop/Tax.java"),
                        "src/main/java/shop/Tax.java");
    assert_string_equal(resolved(files, "", "/home/me/lib/src/a.c"), "lib/src/a.c");
    assert_string_equal(resolved(files, "", "/home/me/src/a.c"), "src/a.c");
    assert_string_equal(resolved(files, "", "op/Fee.java"), "-");
    /* a bare name is no evidence */
    assert_string_equal(resolved(files, "", "/usr/lib/other/main.c"), "-");
    assert_string_equal(resolved(files, "", "/usr/include/stdio.h"), "-");
    assert_string_equal(resolved("", "", "src/a.c"), "-");
}

static void counted(void **state)
{
    (void)state;
    struct words files = words("a.c b.c");
    struct path_index *index = path_index_new(mem, "/builds/shop", &files);
    struct source source;
    source_init(&source, mem, "c", "cobertura");
    add(&source, "a.c");
    paths_resolve(&source, index, mem);
    assert_null(paths_unmatched(&source, mem));
    add(&source, "z.c");
    add(&source, "y.c");
    paths_resolve(&source, index, mem);
    assert_string_equal(paths_unmatched(&source, mem),
                        "2 of 3 paths match no file of the repository, e.g. y.c");
    files = words("x/b.c y/b.c");
    paths_resolve(&source, path_index_new(mem, "/builds/shop", &files), mem);
    add(&source, "b.c");
    paths_resolve(&source, path_index_new(mem, "/builds/shop", &files), mem);
    assert_string_equal(paths_unmatched(&source, mem),
                        "3 of 4 paths match no file of the repository, e.g. a.c, and 1 matches "
                        "several, e.g. b.c");
}

/* What a tool on another system, or in a container, calls a file. */
static void checkouts_elsewhere(void **state)
{
    (void)state;
    const char *files = "src/Fee.cs lib/Fee.cs src/Api/Limit.cs Program.cs";
    assert_string_equal(resolved(files, "", "C:\\builds\\group\\app\\src\\Fee.cs"), "src/Fee.cs");
    assert_string_equal(resolved(files, "C:\\builds\\app\\", "lib\\Fee.cs"), "lib/Fee.cs");
    assert_string_equal(resolved(files, "C:", "app\\src\\Api\\Limit.cs"), "src/Api/Limit.cs");
    assert_string_equal(resolved(files, "D:\\a\\src\\", "Fee.cs"), "src/Fee.cs");
    assert_string_equal(resolved(files, "", "c:/a/../b/lib/Fee.cs"), "lib/Fee.cs");
    assert_string_equal(resolved(files, "", "/builds/group/app/src/Fee.cs"), "src/Fee.cs");
    assert_string_equal(resolved(files, "/app", "src/Api/Limit.cs"), "src/Api/Limit.cs");
    assert_string_equal(resolved(files, "/app/src/", "Fee.cs"), "src/Fee.cs");
    assert_string_equal(resolved(files, "/app/src/Api", "../Fee.cs"), "src/Fee.cs");
    assert_string_equal(resolved(files, "", "/_/src/Fee.cs"), "src/Fee.cs");
    /* the name alone says too little, of a root as well */
    assert_string_equal(resolved(files, "", "/app/Program.cs"), "-");
    assert_string_equal(resolved(files, "", "C:\\app\\Program.cs"), "-");
    assert_string_equal(resolved(files, "", "Fee.cs"), "-");
}

/* The files that `path` may be, when it may be several. */
static const char *candidates(const char *files, const char *roots, const char *path,
                              const char **name)
{
    struct words list = words(files);
    struct source source;
    const char *text = "";
    source_init(&source, mem, "c", "cobertura");
    source.coverage.roots = words(roots);
    add(&source, path);
    paths_resolve(&source, path_index_new(mem, "/builds/shop", &list), mem);
    const struct covered_file *file = &source.coverage.files.items[0];
    for (size_t i = 0; i < file->candidates.count; i++)
        text = arena_printf(mem, "%s%s%s", text, i == 0 ? "" : " ", file->candidates.items[i]);
    *name = file->path;
    return text;
}

static void several_files(void **state)
{
    (void)state;
    const char *name;
    assert_string_equal(candidates("a/p/x.c b/p/x.c", "", "p/x.c", &name), "a/p/x.c b/p/x.c");
    assert_string_equal(name, "p/x.c");
    assert_string_equal(candidates("a/p/x.c", "", "p/x.c", &name), "");
    assert_string_equal(name, "a/p/x.c");
    assert_string_equal(candidates("q.c", "", "p/x.c", &name), "");
    assert_string_equal(candidates("a/x.c b/x.c c/x.c d/x.c e/x.c", "", "x.c", &name),
                        "a/x.c b/x.c c/x.c d/x.c");
    assert_string_equal(candidates("a/x.c b/x.c", "/s/a /t/b", "x.c", &name), "a/x.c b/x.c");
    /* it may be one of two files, so it must not pass for the third */
    assert_string_equal(candidates("a/x.c b/x.c x.c", "a b", "x.c", &name), "a/x.c b/x.c");
    assert_string_equal(name, "./x.c");
}

/* The tail is looked for among files that end alike, in whole parts and in parts of them. */
static void neighbours(void **state)
{
    (void)state;
    const char *files = "d/a.c x-d/a.c .d/a.c e/d/a.c f/e/d/a.c d/a.cc d/b.c z/.d/a.c a.c";
    assert_string_equal(resolved(files, "", "/q/d/a.c"), "d/a.c");
    assert_string_equal(resolved(files, "", "/q/x-d/a.c"), "x-d/a.c");
    assert_string_equal(resolved(files, "", "/q/y-d/a.c"), "-");
    assert_string_equal(resolved(files, "", "/q/e/d/a.c"), "e/d/a.c");
    assert_string_equal(resolved(files, "", "/q/f/e/d/a.c"), "f/e/d/a.c");
    assert_string_equal(resolved(files, "", "/q/g/e/d/a.c"), "e/d/a.c");
    assert_string_equal(resolved(files, "", "/z/.d/a.c"), "z/.d/a.c");
    assert_string_equal(resolved(files, "", "/q/.d/a.c"), ".d/a.c");
}

/* The path that `path` has after the maps "from>to". */
static const char *mapped(const char *from, const char *to, const char *path)
{
    struct source source;
    struct path_maps maps = {0};
    size_t group = 0;
    struct error err = {0};
    array_push(mem, &maps, ((struct path_map){from, to}));
    source_init(&source, mem, "c", "cobertura");
    add(&source, path);
    assert_true(source_group(&source, mem, "suite", path, &group, &err));
    struct finding *finding = source_finding(&source, mem, &err);
    assert_non_null(finding);
    finding->path = path;
    paths_map(&source, &maps, "/builds/shop", mem);
    assert_string_equal(source.tests.groups.items[0].path, finding->path);
    assert_string_equal(source.coverage.files.items[0].path, finding->path);
    return finding->path;
}

static void maps_replace_whole_parts(void **state)
{
    (void)state;
    assert_string_equal(mapped("/app", "", "/app/src/a.c"), "src/a.c");
    assert_string_equal(mapped("/app", "services/fees", "/app/src/a.c"), "services/fees/src/a.c");
    assert_string_equal(mapped("/app", "", "/application/a.c"), "/application/a.c");
    assert_string_equal(mapped("src", "lib", "src/a.c"), "lib/a.c");
    assert_string_equal(mapped("src", "lib", "srcs/a.c"), "srcs/a.c");
    assert_string_equal(mapped("/", "", "/src/a.c"), "src/a.c");
    assert_string_equal(mapped("/", "x", "src/a.c"), "src/a.c");
}

static void tests_and_findings_lie_below_the_root(void **state)
{
    (void)state;
    struct source source;
    struct error err = {0};
    const struct path_maps none = {0};
    source_init(&source, mem, "c", "trivy");
    for (int i = 0; i < 3; i++)
        source_finding(&source, mem, &err)->path =
            (const char *const[]){"/builds/shop/src/a.c", "/builds/shop", NULL}[i];
    paths_map(&source, &none, "/builds/shop", mem);
    assert_string_equal(source.findings.items[0].path, "src/a.c");
    assert_string_equal(source.findings.items[1].path, "/builds/shop");
    assert_null(source.findings.items[2].path);
}

static void a_map_goes_before_source_roots(void **state)
{
    (void)state;
    struct words files = words("a.c lib/a.c");
    struct path_index *index = path_index_new(mem, "/builds/shop", &files);
    struct path_maps maps = {0};
    struct source source;
    array_push(mem, &maps, ((struct path_map){"/x", ""}));
    source_init(&source, mem, "c", "cobertura");
    source.coverage.roots = words("lib /x/lib");
    add(&source, "/x/a.c");
    paths_map(&source, &maps, NULL, mem);
    paths_resolve(&source, index, mem);
    assert_string_equal(source.coverage.files.items[0].path, "a.c");
    assert_string_equal(source.coverage.roots.items[1], "lib");
}

/* Many names alike: must not take the product of both. */
static void many(void **state)
{
    (void)state;
    enum { FILES = 50000, PATHS = 100000 };
    struct words files = {0};
    for (int i = 0; i < FILES; i++)
        array_push(mem, &files, arena_printf(mem, "src/p%d/index.js", i));
    struct path_index *index = path_index_new(mem, "/builds/shop", &files);
    struct source source;
    source_init(&source, mem, "c", "cobertura");
    for (int i = 0; i < 40; i++)
        array_push(mem, &source.coverage.roots, arena_printf(mem, "/away/r%d", i));
    for (int i = 0; i < PATHS; i++)
        add(&source, arena_printf(mem, "p%d/index.js", i));
    paths_resolve(&source, index, mem);
    assert_string_equal(source.coverage.files.items[7].path, "src/p7/index.js");
    assert_true(source.coverage.files.items[FILES - 1].matched);
    assert_false(source.coverage.files.items[FILES].matched);
    assert_string_equal(source.warnings.items[0], "only the first 32 of 40 source roots are tried");
}

/* Long names of many parts below many roots: must not take the square of their length. */
static void long_paths(void **state)
{
    (void)state;
    enum { PATHS = 20000, PARTS = 450 };
    char path[2 * PARTS + 1];
    for (size_t i = 0; i < PARTS; i++)
        memcpy(path + 2 * i, "a/", 2);
    path[2 * PARTS] = '\0';
    struct words files = words("src/x.c a/a/a/b.c");
    struct path_index *index = path_index_new(mem, "/builds/shop", &files);
    struct source source;
    source_init(&source, mem, "c", "cobertura");
    for (int i = 0; i < 32; i++)
        array_push(mem, &source.coverage.roots, arena_printf(mem, "/away/r%d", i));
    for (int i = 0; i < PATHS; i++)
        add(&source, arena_printf(mem, "%s%d", path, i));
    clock_t begun = clock();
    paths_resolve(&source, index, mem);
    assert_true((clock() - begun) / CLOCKS_PER_SEC < 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(exact, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(tails, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(counted, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(checkouts_elsewhere, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(several_files, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(neighbours, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(long_paths, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(maps_replace_whole_parts, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(tests_and_findings_lie_below_the_root, open_pool,
                                        close_pool),
        cmocka_unit_test_setup_teardown(a_map_goes_before_source_roots, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(many, open_pool, close_pool),
    };
    return cmocka_run_group_tests_name("paths", tests, NULL, NULL);
}
