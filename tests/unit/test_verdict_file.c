/* A verdict's way into its file and back. */
#include "runner/render/verdict_file.h"
#include "tests/support/scenes.h"

/* What is read back from a verdict's file shows as it did where it was judged. */
static void check_way_back(const struct view *view)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct error err = {0};
    struct verdict_file file;
    char *json = rendered(view, &json_renderer), *note = rendered(view, &markdown_renderer);
    if (!verdict_file_take(json, strlen(json), mem, &file, &err))
        fail_msg("%s", err.what);
    char *again = rendered(&file.view, &json_renderer);
    char *note_again = rendered(&file.view, &markdown_renderer);
    assert_string_equal(again, json);
    assert_string_equal(note_again, note);
    free(json);
    free(note);
    free(again);
    free(note_again);
}

/* Of merged results: moved, and not in the branch at all. */
static void place_findings(struct scene *s)
{
    static const struct finding_place moved = {"src/old.c", 7, 9}, nowhere = {0};
    size_t found = 0;
    for (size_t i = 0; i < s->verdict.gates.count; i++)
        for (size_t j = 0; j < s->verdict.gates.items[i].rulings.count; j++) {
            struct details *details = &s->verdict.gates.items[i].rulings.items[j].details;
            for (size_t k = 0; k < details->count; k++)
                if (details->items[k].finding != NULL)
                    details->items[k].at_source = found++ % 2 == 0 ? &moved : &nowhere;
        }
    assert_true(found > 0);
}

static void test_verdict_file(void **state)
{
    (void)state;
    struct scene s;
    open_failing(&s);
    check_way_back(&s.view);
    place_findings(&s);
    check_way_back(&s.view);
    scene_close(&s);
    open_passing(&s);
    check_way_back(&s.view);
    scene_close(&s);
    open_no_data(&s);
    check_way_back(&s.view);
    scene_close(&s);
    open_compared(&s);
    check_way_back(&s.view);
    scene_close(&s);
}

static const char *changed(struct arena *mem, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return arena_printf(mem, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* The verdict beside a baseline, with `to` for `from`. */
static void check_refused(const char *from, const char *to)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct error err = {0};
    struct verdict_file file;
    struct scene s;
    open_compared(&s);
    char *json = rendered(&s.view, &json_renderer);
    const char *forged = changed(mem, arena_printf(mem, "%s", json), from, to);
    assert_false(verdict_file_take(forged, strlen(forged), mem, &file, &err));
    assert_string_equal(
        err.what, "not a verdict that this qgate knows: \"number\" is missing or of another kind");
    free(json);
    scene_close(&s);
}

/* No number stands where something grew from nothing, and nowhere else. */
static void no_number_only_from_nothing(void **state)
{
    (void)state;
    check_refused("\"before\": {\"number\": 0,", "\"before\": {\"number\": 5,");
    check_refused("\"before\": {\"number\": 409,", "\"before\": {\"number\": 0,");
    check_refused("\"value\": {\"number\": -0.4,", "\"value\": {\"number\": null,");
    check_refused("\"value\": {\"number\": null,", "\"value\": {\"number\": 7,");
    check_refused("\"now\": {\"number\": 412,", "\"now\": {\"number\": null,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_file),
        cmocka_unit_test(no_number_only_from_nothing),
    };
    return cmocka_run_group_tests_name("verdict_file", tests, NULL, NULL);
}
