/* People: a hash that needs the key, which is somebody's or this work tree's own. */
#include "gates/base/hash.h"
#include "runner/delivery/people.h"
#include "tests/support/store.h"

static void hashes_are_those_of_rfc_4231(void **state)
{
    (void)state;
    char out[DIGEST_HEX], key[131];
    hash_keyed("Jefe", 4, "what do ya want for nothing?", 28, out);
    assert_string_equal(out, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    hash_keyed(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54, out);
    assert_string_equal(out, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* The labels of two people, or what is wrong. */
static const char *labels(struct tree *tree, const struct context *context, enum people how,
                          bool read_only)
{
    const char *addresses[] = {"ann@example.org", "b\x1b[2Job@example.org"};
    const struct words all = {.items = addresses, .count = 2};
    const struct people_wanted wanted = {context, &tree->place, how, read_only};
    struct words found;
    struct error err = {0};
    if (!people_labels(&wanted, &all, tree->mem, &found, &err))
        return arena_printf(tree->mem, "%s%s%s", err.where, *err.where == '\0' ? "" : ": ",
                            err.what);
    return found.count == 0 ? "none"
                            : arena_printf(tree->mem, "%s %s", found.items[0], found.items[1]);
}

static void they_are_called_as_the_configuration_says(void **state)
{
    struct tree *tree = *state;
    const struct context context = {.people_key = "0123456789abcdef"};
    const struct context other = {.people_key = "0123456789abcdeF"};
    assert_string_equal(labels(tree, &context, PEOPLE_NONE, false), "none");
    assert_string_equal(labels(tree, &context, PEOPLE_NAMED, false),
                        "ann@example.org b?[2Job@example.org");
    const char *hashed = labels(tree, &context, PEOPLE_HASHED, true);
    assert_string_equal(hashed, "b2eadfbaaca8f7b3 f2966ef322584213");
    assert_string_not_equal(hashed, labels(tree, &other, PEOPLE_HASHED, true));
    assert_int_equal(faccessat(tree->place.fd, ".qgate", F_OK, 0), -1);
}

static void keys_come_from_files(void **state)
{
    struct tree *tree = *state;
    const struct context context = {.people_key = "0123456789abcdef"};
    const struct context file = {.people_key_file = arena_printf(tree->mem, "%s/key", tree->root)};
    shell(tree->mem, arena_printf(tree->mem, "echo 0123456789abcdef > %s/key", tree->root));
    assert_string_equal(labels(tree, &file, PEOPLE_HASHED, false),
                        labels(tree, &context, PEOPLE_HASHED, false));
    shell(tree->mem, arena_printf(tree->mem, "echo short > %s/key", tree->root));
    assert_string_equal(labels(tree, &file, PEOPLE_HASHED, false),
                        "QGATE_PEOPLE_KEY_FILE is too short to be a key");
    shell(tree->mem, arena_printf(tree->mem, "rm %s/key", tree->root));
    assert_non_null(strstr(labels(tree, &file, PEOPLE_HASHED, false), "cannot be read"));
    const struct context spaces = {.people_key = "0123456789 abcdef"};
    assert_string_equal(labels(tree, &spaces, PEOPLE_HASHED, false),
                        "QGATE_PEOPLE_KEY holds no token: it has characters that no token has");
}

static void a_work_tree_has_a_key_of_its_own(void **state)
{
    struct tree *tree = *state;
    const struct context context = {0};
    assert_string_equal(labels(tree, &context, PEOPLE_HASHED, true), "none");
    assert_int_equal(faccessat(tree->place.fd, ".qgate", F_OK, 0), -1);
    const char *first = labels(tree, &context, PEOPLE_HASHED, false);
    assert_int_equal(strlen(first), 33);
    assert_string_equal(labels(tree, &context, PEOPLE_HASHED, false), first);
    assert_string_equal(labels(tree, &context, PEOPLE_HASHED, true), first);
    assert_string_equal(
        shell(tree->mem, arena_printf(tree->mem, "cd %s/.qgate; ls -A; stat -c %%a:%%s people.key",
                                      tree->root)),
        ".gitignore\npeople.key\n600:65");

    struct tree *other = tree_new();
    assert_string_not_equal(labels(other, &context, PEOPLE_HASHED, false), first);
    tree_remove((void **)&other);
}

static void what_is_no_key_is_refused(void **state)
{
    struct tree *tree = *state;
    const struct context context = {0};
    shell(tree->mem, arena_printf(tree->mem, "cd %s; mkdir -p .qgate/people.key", tree->root));
    assert_string_equal(labels(tree, &context, PEOPLE_HASHED, false),
                        ".qgate/people.key: is no file that holds a key");
    shell(tree->mem, arena_printf(tree->mem, "cd %s/.qgate; rmdir people.key; ln -s x people.key",
                                  tree->root));
    assert_true(strncmp(labels(tree, &context, PEOPLE_HASHED, false), ".qgate/people.key: ", 19) ==
                0);
    shell(tree->mem,
          arena_printf(tree->mem, "cd %s/.qgate; rm people.key; echo > people.key", tree->root));
    assert_string_equal(labels(tree, &context, PEOPLE_HASHED, false),
                        ".qgate/people.key: is no file that holds a key");
}

static void make_labels(struct tree *tree, int number)
{
    const struct context context = {0};
    const char *all = labels(tree, &context, PEOPLE_HASHED, false);
    shell(tree->mem, arena_printf(tree->mem, "echo '%s' > %s/%d", all, tree->root, number));
}

static void many_at_once_make_one(void **state)
{
    struct tree *tree = *state;
    in_processes(tree, 20, make_labels);
    assert_string_equal(
        shell(tree->mem,
              arena_printf(tree->mem, "cd %s; sort -u [0-9]* | wc -l; ls -A .qgate", tree->root)),
        "1\n.gitignore\npeople.key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_those_of_rfc_4231),
        ON_SQLITE(they_are_called_as_the_configuration_says),
        ON_SQLITE(keys_come_from_files),
        ON_SQLITE(a_work_tree_has_a_key_of_its_own),
        ON_SQLITE(what_is_no_key_is_refused),
        ON_SQLITE(many_at_once_make_one),
    };
    return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
