/* One test for each directory fixtures/<format>/<case>/: what `qgate read --format FORMAT report.*`
 * prints must be what `expected` holds. A directory without `expected` fails.
 */
#include "tests/support/test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runner/command/reading.h"

struct fixture {
    char *report, *expected;
    char *name; /* <format>/<case> */
    char format[64];
};

static char *read_file(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *in = fopen(path, "rb"), *out = open_memstream(&text, &size);
    assert_non_null(out);
    for (int c; in != NULL && (c = getc(in)) != EOF;)
        putc(c, out);
    fclose(out);
    if (in == NULL) {
        free(text);
        return NULL;
    }
    fclose(in);
    return text;
}

static char *shown(const struct fixture *fixture)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    AUTO(close_arena) struct arena *mem = arena_new();
    struct reading reading;
    reading_take(&reading, fixture->report, reader_named(fixture->format), mem);
    reading_print(&reading, out);
    fclose(out);
    return text;
}

static void compare(void **state)
{
    const struct fixture *fixture = *state;
    char *expected = read_file(fixture->expected);
    if (expected == NULL)
        fail_msg("%s is not there: `make golden` writes it, review it like code",
                 fixture->expected);
    char *got = shown(fixture);
    assert_string_equal(got, expected);
    free(expected);
    free(got);
}

static bool fixture_init(struct fixture *fixture, const char *report)
{
    static const char folder[] = "fixtures/";
    const char *name = report + sizeof folder - 1;
    int len = (int)(strrchr(name, '/') - name);
    if (sscanf(name, "%63[^/]", fixture->format) != 1 || reader_named(fixture->format) == NULL)
        return false;
    if (asprintf(&fixture->report, "%s", report) < 0 ||
        asprintf(&fixture->name, "%.*s", len, name) < 0 ||
        asprintf(&fixture->expected, "%s%s/expected", folder, fixture->name) < 0)
        abort();
    return true;
}

int main(void)
{
    glob_t found;
    if (glob("fixtures/*/*/report.*", 0, NULL, &found) != 0) {
        fputs("no fixtures: run it in the root of the repository\n", stderr);
        return EXIT_FAILURE;
    }
    struct fixture *fixtures = calloc(found.gl_pathc, sizeof *fixtures);
    struct CMUnitTest *tests = calloc(found.gl_pathc, sizeof *tests);
    size_t count = 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (!fixture_init(&fixtures[count], found.gl_pathv[i]))
            continue;
        tests[count] = (struct CMUnitTest){
            .name = fixtures[count].name, .test_func = compare, .initial_state = &fixtures[count]};
        count++;
    }
    globfree(&found);
    int failed = _cmocka_run_group_tests("reports", tests, count, NULL, NULL);
    for (size_t i = 0; i < count; i++) {
        free(fixtures[i].report);
        free(fixtures[i].expected);
        free(fixtures[i].name);
    }
    free(fixtures);
    free(tests);
    return failed;
}
