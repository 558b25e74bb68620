/* One test for each directory fixtures/policies/<case>/: the mistakes of policy.yml must be what
 * `expected` holds, one a line as `qgate validate` shows them, or `ok`; warnings follow. The
 * directory is the repository, and its site/ the policies of the site. The same with
 * fixtures/deliveries/<case>/delivery.yml, and what is not collected yet.
 *
 * `test_policies write` rewrites the expected texts: review the diff like code.
 */
#include "tests/support/test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/delivery/load.h"

struct text {
    char *bytes;
    size_t len;
};

/* The bytes of a file, NULL when it is not there. */
static struct text read_file(const char *path)
{
    struct text text = {0};
    FILE *in = fopen(path, "rb"), *out = open_memstream(&text.bytes, &text.len);
    for (int c; in != NULL && (c = getc(in)) != EOF;)
        putc(c, out);
    fclose(out);
    if (in == NULL) {
        free(text.bytes);
        text.bytes = NULL;
    } else {
        fclose(in);
    }
    return text;
}

struct folder {
    const char *path;
    struct arena *mem;
};

static bool open_file(void *handle, const char *name, const char **text, size_t *len,
                      struct error *err)
{
    (void)err;
    const struct folder *folder = handle;
    bool of_site = strncmp(name, "site:", 5) == 0;
    struct text file = read_file(arena_printf(folder->mem, of_site ? "%s/site/%s.yml" : "%s/%s",
                                              folder->path, of_site ? name + 5 : name));
    *len = file.len;
    *text = file.bytes == NULL ? NULL : arena_copy(folder->mem, file.bytes, file.len);
    free(file.bytes);
    return true;
}

static void show(FILE *out, const struct problems *problems, const char *kind)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        fprintf(out, "%s:%u:%u: %s%s\n", problem->at.file, problem->at.line, problem->at.column,
                kind, problem->what);
    }
}

/* The files of a case that match a glob. */
static bool list_files(void *handle, const char *pattern, struct words *paths, struct error *err)
{
    (void)err;
    const struct folder *folder = handle;
    glob_t found;
    const size_t before = strlen(folder->path) + 1;
    if (glob(arena_printf(folder->mem, "%s/%s", folder->path, pattern), 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            array_push(folder->mem, paths,
                       arena_printf(folder->mem, "%s", found.gl_pathv[i] + before));
        globfree(&found);
    }
    return true;
}

/* What can stand in the folder of a case. */
struct kind {
    const char *file, *pattern;
    const struct key *keys;
    bool (*load)(const char *file, struct text text, const struct policy_files *files,
                 struct arena *mem, struct problems *found, struct problems *warnings,
                 struct error *err);
};

static bool load_policy(const char *file, struct text text, const struct policy_files *files,
                        struct arena *mem, struct problems *found, struct problems *warnings,
                        struct error *err)
{
    struct policy policy;
    bool loaded = policy_load(file, text.bytes, text.len, files, mem, &policy, found, err);
    *warnings = policy.warnings;
    return loaded;
}

static bool load_delivery(const char *file, struct text text, const struct policy_files *files,
                          struct arena *mem, struct problems *found, struct problems *warnings,
                          struct error *err)
{
    struct delivery delivery;
    bool loaded = delivery_load(file, text.bytes, text.len, files, mem, &delivery, found, err);
    *warnings = delivery.notes;
    return loaded;
}

static const struct kind kinds[] = {
    {"policy.yml", "fixtures/policies/*/policy.yml", policy_keys, load_policy},
    {"delivery.yml", "fixtures/deliveries/*/delivery.yml", delivery_keys, load_delivery},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static const struct kind *kind_of(const char *path)
{
    const struct kind *kind = kinds;
    while (strcmp(kind->file, strrchr(path, '/') + 1) != 0)
        kind++;
    return kind;
}

/* What the loader says of the file of a case. */
static char *said_of(const char *path)
{
    struct text said = {0}, text = read_file(path);
    AUTO(close_arena) struct arena *mem = arena_new();
    struct problems found, warnings;
    struct error err = {0};
    FILE *out = open_memstream(&said.bytes, &said.len);
    const struct kind *kind = kind_of(path);
    struct folder folder = {arena_copy(mem, path, (size_t)(strrchr(path, '/') - path)), mem};
    const struct policy_files files = {.open = open_file, .list = list_files, .handle = &folder};
    problems_init(&found, mem);
    if (!kind->load(kind->file, text, &files, mem, &found, &warnings, &err))
        fprintf(out, "error: %s\n", err.what);
    else if (found.count == 0)
        fputs("ok\n", out);
    show(out, &found, "");
    show(out, &warnings, kind == kinds ? "warning: " : "note: ");
    fclose(out);
    free(text.bytes);
    return said.bytes;
}

static char *expected_of(const char *path)
{
    char *expected = NULL;
    const int folder = (int)(strrchr(path, '/') - path);
    if (asprintf(&expected, "%.*s/expected", folder, path) < 0)
        abort();
    return expected;
}

static void compare(void **state)
{
    const char *path = *state;
    char *expected = expected_of(path), *said = said_of(path);
    struct text text = read_file(expected);
    if (text.bytes == NULL)
        fail_msg("%s is not there", expected);
    assert_string_equal(said, text.bytes);
    free(text.bytes);
    free(said);
    free(expected);
}

static bool is_refused(const glob_t *cases, const struct kind *kind, const char *key)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const char *dot = strrchr(key, '.');
    const char *quoted = arena_printf(mem, "`%s`", dot == NULL ? key : dot + 1);
    bool named = false;
    for (size_t i = 0; i < cases->gl_pathc && !named; i++) {
        if (kind_of(cases->gl_pathv[i]) != kind)
            continue;
        char *expected = expected_of(cases->gl_pathv[i]);
        struct text text = read_file(expected);
        named = text.bytes != NULL && strstr(text.bytes, quoted) != NULL;
        free(text.bytes);
        free(expected);
    }
    return named;
}

/* A key that is added needs a case in which it is given something wrong, or is missing. */
static void every_key_is_refused_somewhere(void **state)
{
    const glob_t *cases = *state;
    for (size_t i = 0; i < KINDS; i++)
        for (const struct key *key = kinds[i].keys; key->path != NULL; key++)
            if (!is_refused(cases, &kinds[i], key->path))
                fail_msg("no case refuses %s", key->path);
}

static void write_expected(const char *path)
{
    char *expected = expected_of(path), *said = said_of(path);
    FILE *out = fopen(expected, "w");
    if (out == NULL || fputs(said, out) == EOF || fclose(out) != 0)
        perror(expected);
    free(said);
    free(expected);
}

int main(int argc, char **argv)
{
    glob_t found;
    for (size_t i = 0; i < KINDS; i++)
        if (glob(kinds[i].pattern, i == 0 ? 0 : GLOB_APPEND, NULL, &found) != 0) {
            fputs("no fixtures: run it in the root of the repository\n", stderr);
            return EXIT_FAILURE;
        }
    struct CMUnitTest *tests = calloc(found.gl_pathc + 1, sizeof *tests);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (argc == 2 && strcmp(argv[1], "write") == 0)
            write_expected(found.gl_pathv[i]);
        tests[i] = (struct CMUnitTest){
            .name = found.gl_pathv[i], .test_func = compare, .initial_state = found.gl_pathv[i]};
    }
    tests[found.gl_pathc] = (struct CMUnitTest){.name = "every_key_is_refused_somewhere",
                                                .test_func = every_key_is_refused_somewhere,
                                                .initial_state = &found};
    int failed = _cmocka_run_group_tests("policies", tests, found.gl_pathc + 1, NULL, NULL);
    free(tests);
    globfree(&found);
    return failed;
}
