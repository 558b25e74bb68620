/* Members of a saved verdict, each checked; findings, tests, waivers and files of reports. */
#include "runner/render/verdict_parts.h"

#include <string.h>

#include "gates/base/day.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"

enum { MOST_TEXT = LIMIT_RULE_BYTES };

static void wrong(struct reading_verdict *r, const char *key)
{
    if (r->wrong == NULL)
        r->wrong = key;
}

const json_t *part_object(struct reading_verdict *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_object(value))
        wrong(r, key);
    return value;
}

const json_t *part_list(struct reading_verdict *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_array(value))
        wrong(r, key);
    return value;
}

static const char *kept(struct reading_verdict *r, const json_t *value)
{
    return text_keep(r->mem, json_string_value(value), json_string_length(value), MOST_TEXT);
}

const char *part_text_or_null(struct reading_verdict *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_string(value))
        return kept(r, value);
    if (!json_is_null(value))
        wrong(r, key);
    return NULL;
}

const char *part_text(struct reading_verdict *r, const json_t *object, const char *key)
{
    const char *text = part_text_or_null(r, object, key);
    return text == NULL ? "" : text;
}

uint64_t part_count(struct reading_verdict *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_integer(value) && json_integer_value(value) >= 0)
        return (uint64_t)json_integer_value(value);
    wrong(r, key);
    return 0;
}

bool part_flag(struct reading_verdict *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_boolean(value))
        wrong(r, key);
    return json_is_true(value);
}

size_t part_word(struct reading_verdict *r, const json_t *object, const char *key,
                 const char *const words[], size_t count)
{
    const char *text = json_string_value(json_object_get(object, key));
    for (size_t i = 0; i < count && text != NULL; i++)
        if (strcmp(text, words[i]) == 0)
            return i;
    wrong(r, key);
    return 0;
}

/* "no_data" is one word there. */
enum outcome part_outcome(struct reading_verdict *r, const json_t *object)
{
    static const char *const words[OUTCOME_COUNT] = {
        [OUTCOME_PASSED] = "passed",   [OUTCOME_NOT_APPLICABLE] = "not_applicable",
        [OUTCOME_WAIVED] = "waived",   [OUTCOME_WARNED] = "warned",
        [OUTCOME_NO_DATA] = "no_data", [OUTCOME_ERROR] = "error",
        [OUTCOME_FAILED] = "failed",
    };
    size_t at = part_word(r, object, "outcome", words, OUTCOME_COUNT);
    return r->wrong == NULL ? (enum outcome)at : OUTCOME_ERROR;
}

struct words part_words(struct reading_verdict *r, const json_t *object, const char *key)
{
    const json_t *list = part_list(r, object, key);
    struct words words = {0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (json_is_string(item))
            array_push(r->mem, &words, kept(r, item));
        else
            wrong(r, key);
    }
    return words;
}

/* Null is 0: not known. */
static uint32_t line_of(struct reading_verdict *r, const json_t *object, const char *key)
{
    if (json_is_null(json_object_get(object, key)))
        return 0;
    uint64_t line = part_count(r, object, key);
    if (line > LIMIT_LINE)
        wrong(r, key);
    return line > LIMIT_LINE ? 0 : (uint32_t)line;
}

static const struct test_case *test_of(struct reading_verdict *r, const json_t *object)
{
    static const char *const marks[] = {
        [TEST_MARK_FAILED] = "failed",
        [TEST_MARK_FLAKY] = "flaky",
        [TEST_MARK_SUSPECTED] = "suspected_flaky",
        [TEST_MARK_BESIDE] = "suite_failed",
    };
    struct test_case *test = arena_new_item(r->mem, struct test_case);
    test->mark = (enum test_mark)part_word(r, object, "mark", marks, 4);
    test->classname = part_text(r, object, "class");
    test->name = part_text(r, object, "name");
    test->suite = part_text(r, object, "suite");
    test->path = part_text(r, object, "path");
    test->line = line_of(r, object, "line");
    test->message = part_text(r, object, "message");
    return test;
}

static enum family family_of(struct reading_verdict *r, const json_t *object)
{
    const char *words[FAMILY_COUNT];
    for (int i = 0; i < FAMILY_COUNT; i++)
        words[i] = family_name((enum family)i);
    return (enum family)part_word(r, object, "family", words, FAMILY_COUNT);
}

static enum severity severity_of(struct reading_verdict *r, const json_t *object)
{
    const char *words[SEVERITY_COUNT];
    for (int i = 0; i < SEVERITY_COUNT; i++)
        words[i] = severity_name((enum severity)i);
    return (enum severity)part_word(r, object, "severity", words, SEVERITY_COUNT);
}

/* It names threads and tells them apart. */
static const char *fingerprint_of(struct reading_verdict *r, const json_t *object)
{
    const char *text = part_text_or_null(r, object, "fingerprint");
    if (text != NULL && (strlen(text) != 32 || strspn(text, "0123456789abcdef") != 32))
        wrong(r, "fingerprint");
    return text;
}

static const struct finding *finding_of(struct reading_verdict *r, const json_t *object)
{
    struct finding *finding = arena_new_item(r->mem, struct finding);
    const json_t *fixable = json_object_get(object, "fixable");
    finding->family = family_of(r, object);
    finding->severity = severity_of(r, object);
    if (!json_is_null(fixable))
        finding->fixable = part_flag(r, object, "fixable") ? FIXABLE_YES : FIXABLE_NO;
    finding->rule = part_text_or_null(r, object, "rule");
    finding->class = part_text_or_null(r, object, "class");
    finding->target = part_text_or_null(r, object, "target");
    finding->package = part_text_or_null(r, object, "package");
    finding->version = part_text_or_null(r, object, "installed");
    finding->fixed = part_text_or_null(r, object, "fixed");
    finding->path = part_text_or_null(r, object, "path");
    finding->line = line_of(r, object, "line");
    finding->last_line = line_of(r, object, "last_line");
    finding->message = part_text_or_null(r, object, "message");
    finding->url = part_text_or_null(r, object, "url");
    finding->fingerprint = fingerprint_of(r, object);
    return finding;
}

static const struct finding_place *place_of(struct reading_verdict *r, const json_t *object)
{
    struct finding_place *place = arena_new_item(r->mem, struct finding_place);
    place->path = part_text_or_null(r, object, "path");
    place->line = line_of(r, object, "line");
    place->last_line = line_of(r, object, "last_line");
    return place;
}

const struct waiver *part_waiver(struct reading_verdict *r, const json_t *object)
{
    struct waiver *waiver = arena_new_item(r->mem, struct waiver);
    waiver->id = part_text_or_null(r, object, "id");
    waiver->gate = part_text_or_null(r, object, "gate");
    waiver->package = part_text_or_null(r, object, "package");
    waiver->path = part_text_or_null(r, object, "path");
    waiver->measure = part_text_or_null(r, object, "measure");
    waiver->reason = part_text(r, object, "reason");
    waiver->owner = part_text(r, object, "owner");
    waiver->ticket = part_text_or_null(r, object, "ticket");
    waiver->from_environment = part_flag(r, object, "from_environment");
    if (!day_parse(part_text(r, object, "expires"), &waiver->expires))
        wrong(r, "expires");
    if (waiver->id == NULL && waiver->gate == NULL)
        wrong(r, "waiver");
    return waiver;
}

struct detail part_detail(struct reading_verdict *r, const json_t *object)
{
    const json_t *test = json_object_get(object, "test");
    const json_t *finding = json_object_get(object, "finding");
    const json_t *place = json_object_get(object, "at_source");
    const json_t *waiver = json_object_get(object, "waiver");
    return (struct detail){
        .subject = part_text(r, object, "subject"),
        .text = part_text(r, object, "text"),
        .test = test == NULL ? NULL : test_of(r, test),
        .finding = finding == NULL ? NULL : finding_of(r, finding),
        .at_source = place == NULL ? NULL : place_of(r, place),
        .waiver = waiver == NULL ? NULL : part_waiver(r, waiver),
    };
}

static const struct error *error_of(struct reading_verdict *r, const json_t *object)
{
    if (json_is_null(object))
        return NULL;
    struct error *err = arena_new_item(r->mem, struct error);
    const char *hint = part_text(r, object, "hint");
    error_set(err, FAULT_REPORT, "%s", part_text(r, object, "what"));
    if (*hint != '\0')
        error_hint(err, "%s", hint);
    err->line = (unsigned)json_integer_value(json_object_get(object, "line"));
    err->column = (unsigned)json_integer_value(json_object_get(object, "column"));
    return err;
}

struct input_record part_input(struct reading_verdict *r, const json_t *object)
{
    static const char *const states[] = {
        [INPUT_READ] = "read",
        [INPUT_MISSING] = "missing",
        [INPUT_BROKEN] = "broken",
        [INPUT_SKIPPED] = "skipped",
    };
    struct input_record input = {
        .path = part_text(r, object, "path"),
        .state = (enum input_state)part_word(r, object, "state", states, 4),
        .bytes = part_count(r, object, "bytes"),
        .repaired = part_count(r, object, "repaired"),
        .error = error_of(r, json_object_get(object, "error")),
    };
    snprintf(input.sha256, sizeof input.sha256, "%s", part_text(r, object, "sha256"));
    return input;
}
