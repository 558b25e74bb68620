/* The catalogue: no row with a gap, every id found, misspelt ones known. */
#include "tests/support/misspell.h"
#include "tests/support/test.h"

#include <string.h>

#include "gates/base/text.h"
#include "gates/measure/catalogue.h"
#include "gates/read/reader.h"

static void check_row(const struct measure *row)
{
    if (row->meaning == NULL || row->improve == NULL || row->formats == NULL)
        fail_msg("%s has a gap", row->id);
    assert_int_not_equal(row->meaning[strlen(row->meaning) - 1], '.');
    assert_int_not_equal(row->improve[strlen(row->improve) - 1], '.');
    assert_int_equal(row->unit == UNIT_WORD, row->words != NULL);
    assert_int_equal(row->unit == UNIT_RATING, row->bounds == BOUNDS_RATING);
    assert_non_null(unit_name(row->unit));
    assert_non_null(better_name(row->better));
    for (const char *at = row->scopes; at != NULL && *at != '\0';
         at += strcspn(at, " ") + (at[strcspn(at, " ")] == ' '))
        assert_true(text_lists("new delta growth", at, strcspn(at, " ")));
}

static void every_row_is_whole(void **state)
{
    (void)state;
    for (const struct measure *row = catalogue; row->id != NULL; row++)
        check_row(row);
    for (const struct measure *row = sonar_metrics; row->id != NULL; row++)
        check_row(row);
}

static void every_id_is_found_once(void **state)
{
    (void)state;
    for (const struct measure *row = catalogue; row->id != NULL; row++)
        if (strchr(row->id, '*') == NULL)
            assert_ptr_equal(catalogue_find(row->id), row);
    for (const struct measure *row = sonar_metrics; row->id != NULL; row++) {
        assert_ptr_equal(catalogue_find(row->id), row);
        assert_ptr_equal(sonar_metric(row->id + strlen("sonar.")), row);
    }
}

static void every_format_gives_something(void **state)
{
    (void)state;
    for (size_t i = 0; readers[i] != NULL; i++) {
        bool gives = false;
        for (const struct measure *row = catalogue; row->id != NULL; row++)
            gives |= catalogue_gives(row, readers[i]->name);
        if (!gives)
            fail_msg("no measure comes from %s", readers[i]->name);
    }
}

static void rows_for_many_ids(void **state)
{
    (void)state;
    static const char *const percentiles[] = {"load.p1",      "load.p50",  "load.p99.9",
                                              "load.p99.999", "load.p100", "load.p0.001"};
    static const char *const others[] = {
        "load.p",   "load.p0",  "load.p101",    "load.p1.",   "load.p1.2345", "load.p*",
        "load.p-1", "load.px",  "load.p1x2",    "load.p1.2x", "load.p1000",   "load.p100.1",
        "metric.",  "metric.1", "metric.a b",   "sonar.",     "sonar.*",      "sonar.a b",
        "",         "load",     "tests.failed "};
    for (size_t i = 0; i < sizeof percentiles / sizeof percentiles[0]; i++)
        assert_string_equal(catalogue_find(percentiles[i])->id, "load.p*");
    assert_string_equal(catalogue_find("sonar.our_own-metric")->id, "sonar.*");
    assert_string_equal(catalogue_find("sonar.coverage")->id, "sonar.coverage");
    assert_string_equal(catalogue_find("metric.bundle_bytes")->id, "metric.*");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_null(catalogue_find(others[i]));
}

static void formats_of_later_versions_give_what_they_will(void **state)
{
    (void)state;
    assert_true(catalogue_gives(catalogue_find("coverage.lines"), "lcov"));
    assert_true(catalogue_gives(catalogue_find("load.p95"), "k6"));
    assert_true(catalogue_gives(catalogue_find("findings"), "sarif"));
    assert_false(catalogue_gives(catalogue_find("coverage.lines"), "k6"));
    assert_false(catalogue_gives(catalogue_find("coverage.lines"), "junit"));
    assert_false(catalogue_gives(catalogue_find("findings"), "lcov"));
    assert_false(catalogue_gives(catalogue_find("diff.lines"), "lcov"));
}

static void misspelt_ids_are_known(void **state)
{
    (void)state;
    assert_string_equal(catalogue_suggest("coverage.line"), "coverage.lines");
    assert_string_equal(catalogue_suggest("tests.faield"), "tests.failed");
    assert_string_equal(catalogue_suggest("vulnerabilites"), "vulnerabilities");
    assert_string_equal(catalogue_suggest("Coverage.Lines"), "coverage.lines");
    assert_null(catalogue_suggest("something"));
    assert_null(catalogue_suggest("x"));
}

/* It finds the id, or another one that is as near. */
static void check_found(const char *word, const char *id)
{
    const char *found = catalogue_suggest(word);
    if (found == NULL || text_distance(word, found, 2) > text_distance(word, id, 2))
        fail_msg("%s: %s, not %s", word, found == NULL ? "nothing" : found, id);
}

static void check_slips(const char *id, struct arena *mem)
{
    for (size_t at = 0; id[at] != '\0'; at++)
        for (enum slip slip = 0; slip < SLIP_COUNT; slip++) {
            const char *once = misspelt(id, at, slip, mem);
            if (once == NULL)
                continue;
            check_found(once, id);
            check_found(misspelt(once, at / 2, SLIP_DOUBLE, mem), id);
        }
}

static void every_misspelt_id_finds_the_nearest(void **state)
{
    (void)state;
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct measure *const tables[] = {catalogue, sonar_metrics, later_metrics};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        for (const struct measure *row = tables[i]; row->id != NULL; row++)
            if (strchr(row->id, '*') == NULL)
                check_slips(row->id, mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(every_id_is_found_once),
        cmocka_unit_test(every_format_gives_something),
        cmocka_unit_test(rows_for_many_ids),
        cmocka_unit_test(formats_of_later_versions_give_what_they_will),
        cmocka_unit_test(misspelt_ids_are_known),
        cmocka_unit_test(every_misspelt_id_finds_the_nearest),
    };
    return cmocka_run_group_tests_name("catalogue", tests, NULL, NULL);
}
