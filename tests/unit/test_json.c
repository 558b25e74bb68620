/* The door to yajl: the walk along a table, what is repaired and what is refused. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/read/json.h"

enum { TOP = JSON_TOP, NAME, LIST, ENTRY, KIND, SIZE, INNER, DEEP };

static const struct json_step steps[] = {
    {TOP, "name", NAME},   {TOP, "list", LIST},     {LIST, NULL, ENTRY},   {ENTRY, "kind", KIND},
    {ENTRY, "size", SIZE}, {ENTRY, "inner", INNER}, {INNER, "deep", DEEP}, {0},
};

struct text {
    const char *at;
    size_t left, most; /* `most` bytes a pull */
};

static bool pull(void *handle, char *buffer, size_t room, size_t *got, struct error *err)
{
    struct text *text = handle;
    (void)err;
    *got = text->left < room ? text->left : room;
    *got = *got < text->most ? *got : text->most;
    if (*got > 0)
        memcpy(buffer, text->at, *got);
    text->at += *got;
    text->left -= *got;
    return true;
}

struct seen {
    char text[512];
    size_t entries;
};

static bool on_close(void *state, struct json *json, int place, struct error *err)
{
    struct seen *seen = state;
    size_t used = strlen(seen->text);
    if (place == ENTRY)
        snprintf(seen->text + used, sizeof seen->text - used, "%s/%s/%s ", json_word(json, KIND),
                 json_word(json, SIZE), json_word(json, DEEP));
    seen->entries += place == ENTRY;
    if (place == TOP)
        snprintf(seen->text + used, sizeof seen->text - used, "%s",
                 json_text(json, NAME) == NULL ? "no name" : json_text(json, NAME));
    if (place == ENTRY && strcmp(json_word(json, KIND), "bad") == 0)
        return json_wrong(json, err, "bad kind");
    return true;
}

static uint64_t repaired;

static bool read_bytes(const char *bytes, size_t len, size_t most, struct seen *seen,
                       struct error *err)
{
    AUTO(close_arena) struct arena *run = arena_new();
    AUTO(close_arena) struct arena *scratch = arena_new();
    struct text text = {bytes, len, most};
    struct input in = {.path = "r", .pull = pull, .handle = &text, .run = run, .scratch = scratch};
    const struct json_fold fold = {.steps = steps, .close = on_close};
    *seen = (struct seen){0};
    *err = (struct error){0};
    bool good = json_fold(&in, &fold, seen, err);
    assert_int_equal(good, err->fault == FAULT_NONE);
    repaired = in.repaired;
    return good;
}

static bool read_text(const char *text, struct seen *seen, struct error *err)
{
    return read_bytes(text, strlen(text), SIZE_MAX, seen, err);
}

static void expect(const char *text, const char *wanted)
{
    struct seen seen;
    struct error err;
    if (!read_text(text, &seen, &err))
        fail_msg("%s: %s", text, err.what);
    assert_string_equal(seen.text, wanted);
}

static void refuse(const char *text, unsigned line, unsigned column, const char *what)
{
    struct seen seen;
    struct error err;
    if (read_text(text, &seen, &err))
        fail_msg("accepted: %s", text);
    assert_string_equal(err.what, what);
    assert_int_equal(err.line, line);
    assert_int_equal(err.column, column);
}

static void keeps_what_the_table_names(void **state)
{
    (void)state;
    expect("{\"name\": \"n\", \"list\": [{\"kind\": \"a\", \"size\": 1e3}]}", "a/1e3/ n");
    expect("{\"list\": [{\"inner\": {\"deep\": true}, \"kind\": \"a\"}], \"name\": \"n\"}",
           "a//true n");
    expect("{\"other\": {\"list\": [{\"kind\": \"a\"}], \"name\": 1}, \"list\": []}", "no name");
    expect("{\"list\": [{\"inner\": {\"x\": [{\"deep\": 1}], \"deep\": 2}}]}", "//2 no name");
    expect("{\"name\": null, \"list\": null}", "no name");
}

static void forgets_values_of_the_object_before(void **state)
{
    (void)state;
    expect("{\"list\": [{\"kind\": \"a\", \"inner\": {\"deep\": 1}}, {\"size\": 2}]}",
           "a//1 /2/ no name");
}

static void refuses_other_shapes(void **state)
{
    (void)state;
    refuse("{\"list\": {}}", 1, 10, "list is an object, not a list");
    refuse("{\"list\":\n [[]]}", 2, 3, "an element of list is a list, not an object");
    refuse("{\"list\": [null]}", 1, 14, "an element of list is null, not an object");
    refuse("{\"name\": []}", 1, 10, "name is a list, not a plain value");
    refuse("[]", 1, 1, "the report is a list, not an object");
    refuse("null", 1, 4, "the report is null, not an object");
    refuse("{\"list\": [{\"kind\": \"bad\"}]}", 1, 25, "bad kind");
}

static void refuses_keys_that_stand_twice(void **state)
{
    (void)state;
    refuse("{\"name\": 1, \"n\\u0061me\": 2}", 1, 23, "name stands twice in one object");
    expect("{\"x\": 1, \"x\": 2, \"list\": [{\"kind\": 1}, {\"kind\": 2}]}", "1// 2// no name");
}

static void refuses_what_is_not_json(void **state)
{
    (void)state;
    refuse("{\"name\": x}", 1, 10, "unexpected character: this is not JSON");
    refuse("{\"é\":\n  \"é\" x}", 2, 7, "unexpected character: this is not JSON");
    refuse("{} {}", 1, 4, "there is text behind the end of the document");
    refuse("{}\n]", 2, 1, "there is text behind the end of the document");
    refuse("", 1, 1, "the document ends in the middle");
    refuse("{\"name\": \"a", 1, 12, "the document ends in the middle");
}

static void no_beginning_of_a_document_is_one(void **state)
{
    (void)state;
    const char *text =
        "{\"name\": \"n\", \"list\": [{\"kind\": \"\\u00e9\", \"size\": -1.5e+3}, {}]}";
    struct seen seen;
    struct error err;
    for (size_t len = 0; len < strlen(text); len++)
        if (read_bytes(text, len, SIZE_MAX, &seen, &err))
            fail_msg("accepted: %.*s", (int)len, text);
    for (size_t most = 1; most < 9; most++) {
        assert_true(read_bytes(text, strlen(text), most, &seen, &err));
        assert_string_equal(seen.text, "é/-1.5e+3/ // n");
    }
}

static void repairs_texts_it_keeps(void **state)
{
    (void)state;
    expect("{\"name\": \"a\\u0000b\"}", "a?b");
    assert_int_equal(repaired, 1);
    expect("{\"name\": \"\xC0\x80|\xED\xA0\x80|\xE9t\xE9|\xF0\x9F\x98\x80\"}", "??|???|?t?|😀");
    assert_int_equal(repaired, 7);
    expect("{\"name\": \"\\udc00|\\ud83d\\ude00\"}", "???|😀");
    expect("{\"other\": \"\xFF\"}", "no name");
    assert_int_equal(repaired, 0);
}

static void reads_utf8_only(void **state)
{
    (void)state;
    struct seen seen;
    struct error err;
    expect("\xEF\xBB\xBF{\"name\": 1}", "1");
    assert_false(read_bytes("\xFF\xFE{\0}\0", 6, SIZE_MAX, &seen, &err));
    assert_string_equal(err.what, "the report is in UTF-16 or UTF-32");
    assert_false(read_bytes("\0{\0}", 4, SIZE_MAX, &seen, &err));
    assert_string_equal(err.hint, "write it as UTF-8");
}

/* `head`, then `count` times `unit`, then `tail`. */
static bool read_long(const char *head, const char *unit, size_t count, const char *tail,
                      struct seen *seen, struct error *err)
{
    size_t size = strlen(unit), used = strlen(head);
    char *text = malloc(used + size * count + strlen(tail) + 1);
    assert_non_null(text);
    memcpy(text, head, used);
    for (size_t i = 0; i < count; i++, used += size)
        memcpy(text + used, unit, size);
    memcpy(text + used, tail, strlen(tail) + 1);
    bool good = read_bytes(text, strlen(text), SIZE_MAX, seen, err);
    free(text);
    return good;
}

static void bounds_tokens_and_depth(void **state)
{
    (void)state;
    struct seen seen;
    struct error err;
    assert_false(read_long("{\"x\": ", "[", 200000, "", &seen, &err));
    assert_string_equal(err.what, "more than 512 levels of nesting");
    assert_int_equal(err.column, 6 + LIMIT_DEPTH);
    assert_true(read_long("{\"x\": \"", "0123456789", 1 << 20, "\"}", &seen, &err));
    assert_false(read_long("{\"x\": \"", "0123456789", 5 << 20, "\"}", &seen, &err));
    assert_string_equal(err.what, "a value of more than 16 MiB");
    assert_true(read_long("{\"x\": [0", ",\"01\"", 5 << 20, "]}", &seen, &err));
}

static void never_shortens_a_number(void **state)
{
    (void)state;
    struct seen seen;
    struct error err;
    assert_true(read_long("{\"name\": \"", "é", 1000, "\"}", &seen, &err));
    assert_true(read_long("{\"x\": ", "1", 5000, "}", &seen, &err));
    assert_false(read_long("{\"name\": ", "1", 5000, "}", &seen, &err));
    assert_string_equal(err.what, "a number of 5000 digits");
}

static void finds_keys_in_the_head(void **state)
{
    (void)state;
    const char *head = "{\"SchemaVersion\" : 2, \"x\": \"\\\"Target\\\": 1\", \"y\": \"Class\"}";
    assert_true(json_head_has(head, strlen(head), "SchemaVersion"));
    assert_false(json_head_has(head, strlen(head), "Target"));
    assert_false(json_head_has(head, strlen(head), "Class"));
    assert_false(json_head_has(head, 16, "SchemaVersion"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_the_table_names),
        cmocka_unit_test(forgets_values_of_the_object_before),
        cmocka_unit_test(refuses_other_shapes),
        cmocka_unit_test(refuses_keys_that_stand_twice),
        cmocka_unit_test(refuses_what_is_not_json),
        cmocka_unit_test(no_beginning_of_a_document_is_one),
        cmocka_unit_test(repairs_texts_it_keeps),
        cmocka_unit_test(reads_utf8_only),
        cmocka_unit_test(bounds_tokens_and_depth),
        cmocka_unit_test(never_shortens_a_number),
        cmocka_unit_test(finds_keys_in_the_head),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
