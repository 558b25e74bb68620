/* JUnit: times as many writers print them, and several cases of one identity. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "gates/read/junit_time.h"
#include "gates/read/reader.h"

static void takes(const char *text, int64_t expected_us)
{
    int64_t us = -1;
    if (!junit_time(text, strlen(text), &us))
        fail_msg("not a time: %s", text);
    if (us != expected_us)
        fail_msg("%s: %lld us, not %lld", text, (long long)us, (long long)expected_us);
}

static void refuses(const char *text)
{
    int64_t us = 0;
    if (junit_time(text, strlen(text), &us))
        fail_msg("taken for a time: %s", text);
}

static void reads_times(void **state)
{
    (void)state;
    takes("0", 0);
    takes("12.345", 12345000);
    takes(".5", 500000);
    takes("5.", 5000000);
    takes("0.000001", 1);
    takes("0.0000004", 0);
    takes("0.0000005", 1);
    takes("1e-3", 1000);
    takes("1.5 s", 1500000);
    takes("80.803us", 81);
    takes("250\xC2\xB5s", 250);
    takes("250\xCE\xBCs", 250);
    takes("1500000ns", 1500);
    takes("3ms", 3000);
    takes("2m", 120000000);
    takes("1h", 3600000000);
    takes("999999999999", 999999999999000000);
    takes("999999999999999999", INT64_MAX);
    takes("999999999999999999h", INT64_MAX);
}

static void tells_decimal_commas_from_thousands(void **state)
{
    (void)state;
    takes("0,160", 160000);
    takes("1,5", 1500000);
    takes("1,2345", 1234500);
    takes("1,234", 1234000000);
    takes("14,029.255", 14029255000);
    takes("1,234,567", 1234567000000);
    takes("1,234,567.5ms", 1234567500);
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    ".",  "NaN", "-3", "-0.001",   "fast", "1.2.3",
                                        "2 x", "1e", "1d",  "s",  "Infinity", "0x10", "--1"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        refuses(texts[i]);
    char digits[100];
    memset(digits, '1', sizeof digits);
    int64_t us = 0;
    assert_false(junit_time(digits, sizeof digits, &us));
}

static bool pull(void *handle, char *buffer, size_t room, size_t *got, struct error *err)
{
    const char **text = handle;
    (void)err;
    *got = strlen(*text) < room ? strlen(*text) : room;
    memcpy(buffer, *text, *got);
    *text += *got;
    return true;
}

/* "passed skipped failures errors flaky" over all groups, then the named cases and the warnings. */
static void reads(const char *text, const char *duplicates, const char *expected)
{
    AUTO(close_arena) struct arena *run = arena_new();
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct setting setting = {.option = junit_reader.options, .values = {&duplicates, 1, 1}};
    struct settings settings = {&setting, 1, 1};
    struct input in = {.path = "r",
                       .pull = pull,
                       .handle = &text,
                       .run = run,
                       .scratch = scratch,
                       .settings = &settings};
    struct source source;
    struct error err = {0};
    source_init(&source, run, "junit", "junit");
    if (!input_begin(&in, &err) || !report_read(&junit_reader, &in, &source, &err))
        fail_msg("%s", err.what);
    source_settle(&source, run);
    struct test_group sum = {0};
    for (size_t i = 0; i < source.tests.groups.count; i++) {
        const struct test_group *group = &source.tests.groups.items[i];
        sum.passed += group->passed;
        sum.skipped += group->skipped;
        sum.failures += group->failures;
        sum.errors += group->errors;
        sum.flaky += group->flaky;
    }
    char seen[1000];
    size_t used =
        (size_t)snprintf(seen, sizeof seen, "%d %d %d %d %d", (int)sum.passed, (int)sum.skipped,
                         (int)sum.failures, (int)sum.errors, (int)sum.flaky);
    for (size_t i = 0; i < source.tests.cases.count; i++) {
        const struct test_case *test = &source.tests.cases.items[i];
        used += (size_t)snprintf(seen + used, sizeof seen - used, " | %d %s: %s", (int)test->mark,
                                 test->name, test->message);
    }
    for (size_t i = 0; i < source.warnings.count; i++)
        used +=
            (size_t)snprintf(seen + used, sizeof seen - used, " | %s", source.warnings.items[i]);
    assert_string_equal(seen, expected);
}

static void counts_duplicates_as_told(void **state)
{
    (void)state;
    static const char tried_again[] =
        "<testsuite tests='5'>"
        "<testcase classname='c' name='a'><failure message='first'/></testcase>"
        "<testcase classname='c' name='a'><error message='second'/></testcase>"
        "<testcase classname='c' name='a'/>"
        "<testcase classname='c' name='b'/>"
        "<testcase classname='c' name='b'><failure message='late'/></testcase>"
        "</testsuite>";
    reads(tried_again, "separate",
          "2 0 2 1 0 | 0 a: first | 0 a: second | 0 b: late | 2 a: first | 2 b: late");
    reads(tried_again, "reruns", "1 0 1 0 1 | 0 b: late | 1 a: second");
}

static void keeps_other_files_apart(void **state)
{
    (void)state;
    reads("<testsuites><testsuite file='x'><testcase name='a'><failure/></testcase></testsuite>"
          "<testsuite file='y'><testcase name='a'/></testsuite></testsuites>",
          "reruns", "1 0 1 0 0 | 0 a: ");
}

static void takes_the_message_of_the_worst_result(void **state)
{
    (void)state;
    reads("<testsuite><testcase name='a'><skipped message='no'/><failure message='f1'/>"
          "<failure message='f2'/><error>\n  e1\ne2</error></testcase></testsuite>",
          "separate", "0 0 0 1 0 | 0 a: e1");
}

static void warns_of_other_counts(void **state)
{
    (void)state;
    reads("<testsuites><testsuite tests='2'><testcase/></testsuite><testsuite tests='0'/>"
          "</testsuites>",
          "separate", "1 0 0 0 0 | declares 2 tests, holds 1");
    reads("<testsuites tests='1'><testsuite tests='2'><testcase/></testsuite></testsuites>",
          "separate", "1 0 0 0 0");
    reads("<testsuites><testsuite tests='2'><testcase/></testsuite><testsuite/></testsuites>",
          "separate", "1 0 0 0 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_times),
        cmocka_unit_test(tells_decimal_commas_from_thousands),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(counts_duplicates_as_told),
        cmocka_unit_test(keeps_other_files_apart),
        cmocka_unit_test(takes_the_message_of_the_worst_result),
        cmocka_unit_test(warns_of_other_counts),
    };
    return cmocka_run_group_tests_name("junit", tests, NULL, NULL);
}
