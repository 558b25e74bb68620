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

typedef void opener(struct scene *s);

/* The scene's verdict with `to` for `from` is refused, and `what` says why. */
static void check_refused(opener *open, const char *from, const char *to, const char *what)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct error err = {0};
    struct verdict_file file;
    struct scene s;
    open(&s);
    char *json = rendered(&s.view, &json_renderer);
    const char *forged = changed(mem, arena_printf(mem, "%s", json), from, to);
    assert_false(verdict_file_take(forged, strlen(forged), mem, &file, &err));
    assert_string_equal(err.what, what);
    free(json);
    scene_close(&s);
}

/* No number stands where something grew from nothing, and nowhere else. */
static void no_number_only_from_nothing(void **state)
{
    (void)state;
    static const char why[] =
        "not a verdict that this qgate knows: \"number\" is missing or of another kind";
    check_refused(open_compared, "\"before\": {\"number\": 0,", "\"before\": {\"number\": 5,", why);
    check_refused(open_compared, "\"before\": {\"number\": 409,", "\"before\": {\"number\": 0,",
                  why);
    check_refused(open_compared, "\"value\": {\"number\": -0.4,", "\"value\": {\"number\": null,",
                  why);
    check_refused(open_compared, "\"value\": {\"number\": null,", "\"value\": {\"number\": 7,",
                  why);
    check_refused(open_compared, "\"now\": {\"number\": 412,", "\"now\": {\"number\": null,", why);
}

/* What people read first has to follow from what stands below it. */
static void a_run_is_what_its_gates_are(void **state)
{
    (void)state;
    check_refused(open_failing, "\"outcome\": \"failed\"", "\"outcome\": \"passed\"",
                  "contradicts itself: the run is passed, its gates say failed");
    check_refused(open_failing, "\"outcome\": \"failed\"", "\"outcome\": \"waived\"",
                  "contradicts itself: the run is waived, its gates say failed");
    check_refused(open_passing, "\"outcome\": \"passed\"", "\"outcome\": \"failed\"",
                  "contradicts itself: the run is failed, its gates say passed");
    check_refused(open_passing,
                  "\"outcome\": \"passed\",\n  \"exit_status\": 0,\n  \"reason\": null",
                  "\"outcome\": \"warned\",\n  \"exit_status\": 0,\n  \"reason\": \"x\"",
                  "contradicts itself: the run is warned, its gates say passed");
    check_refused(open_failing, "\"exit_status\": 1", "\"exit_status\": 0",
                  "contradicts itself: the run is failed with exit status 0");
    check_refused(open_passing, "\"exit_status\": 0", "\"exit_status\": 1",
                  "contradicts itself: the run is passed with exit status 1");
    check_refused(open_no_data, "\"unread\": {\"outcome\": \"no_data\"",
                  "\"unread\": {\"outcome\": \"passed\"",
                  "not a verdict that this qgate knows: \"unread\" is missing or of another kind");
}

static void a_gate_is_what_its_rules_are(void **state)
{
    (void)state;
    static const char waiver[] = "\"waiver\": {\"id\": null, \"gate\": \"*\", \"package\": null, "
                                 "\"path\": null, \"measure\": null, \"reason\": \"x\", "
                                 "\"owner\": \"y\", \"ticket\": null, \"from_environment\": false, "
                                 "\"expires\": \"2027-01-15\"}";
    check_refused(
        open_failing, "\"judged\": true,\n      \"outcome\": \"failed\"",
        "\"judged\": true,\n      \"outcome\": \"passed\"",
        "contradicts itself: gate \"unit test\" is passed, of its rules the worst is failed");
    check_refused(open_failing, "\"waiver\": null", waiver,
                  "contradicts itself: gate \"static code analysis\" is passed by a waiver, of its "
                  "rules the worst is "
                  "passed");
    check_refused(
        open_failing, "\"judged\": true", "\"judged\": false",
        "contradicts itself: gate \"static code analysis\" of stage \"build\" is not judged at "
        "\"build\"");
    check_refused(
        open_failing, "\"stage\": \"build\",\n      \"judged\": true",
        "\"stage\": \"deploy\",\n      \"judged\": false",
        "contradicts itself: gate \"static code analysis\" of stage \"deploy\" is not judged at "
        "\"build\"");
}

static void a_rule_that_passed_has_a_value_that_passes(void **state)
{
    (void)state;
    static const char why[] =
        "contradicts itself: the value of rule \"coverage.lines >= 80%\" does not pass";
    check_refused(open_passing, "\"part\": 4070", "\"part\": 3999", why);
    check_refused(open_passing, "\"number\": 81.4, \"word\": null",
                  "\"number\": 81.4, \"word\": \"OK\"", why);
    check_refused(
        open_failing, "\"word\": \"OK\"", "\"word\": \"ERROR\"",
        "contradicts itself: the value of rule \"sonar.quality_gate == OK\" does not pass");
}

/* A waiver until that day, said to be used. */
static void check_waiver_refused(const char *expires, const char *state)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const char *text = arena_printf(
        mem,
        "\"waivers\": [{\"id\": \"a\", \"gate\": null, \"package\": null, \"path\": null, "
        "\"measure\": null, \"reason\": \"x\", \"owner\": \"y\", \"ticket\": null, "
        "\"from_environment\": false, \"expires\": \"%s\", \"state\": \"%s\", \"days_left\": 9, "
        "\"used\": 1, \"asked\": true, \"gates\": []}]",
        expires, state);
    check_refused(open_passing, "\"waivers\": []", text,
                  "contradicts itself: a waiver is used that does not count");
}

/* How many days are left follows from the day of judging, whatever the file says. */
static void a_waiver_that_ended_is_not_used(void **state)
{
    (void)state;
    check_waiver_refused("2027-01-14", "counts");
    check_waiver_refused("2027-01-16", "expired");
}

/* Where the policy comes from is one of four words: others would hide that a branch judged itself.
 */
static void a_policy_comes_from_somewhere(void **state)
{
    (void)state;
    static const char why[] =
        "not a verdict that this qgate knows: \"from\" is missing or of another kind";
    check_refused(open_passing, "\"from\": \"target\"", "\"from\": null", why);
    check_refused(open_passing, "\"from\": \"target\"", "\"from\": \"the moon\"", why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_file),
        cmocka_unit_test(no_number_only_from_nothing),
        cmocka_unit_test(a_run_is_what_its_gates_are),
        cmocka_unit_test(a_gate_is_what_its_rules_are),
        cmocka_unit_test(a_rule_that_passed_has_a_value_that_passes),
        cmocka_unit_test(a_waiver_that_ended_is_not_used),
        cmocka_unit_test(a_policy_comes_from_somewhere),
    };
    return cmocka_run_group_tests_name("verdict_file", tests, NULL, NULL);
}
