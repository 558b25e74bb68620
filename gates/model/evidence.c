#include "gates/model/evidence.h"

#include <stdio.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/path.h"
#include "gates/base/text.h"

const char *family_name(enum family family)
{
    static const char *const names[FAMILY_COUNT] = {
        [FAMILY_TESTS] = "tests",
        [FAMILY_COVERAGE] = "coverage",
        [FAMILY_LOAD] = "load",
        [FAMILY_SONAR] = "sonar",
        [FAMILY_VERDICT] = "verdict",
        [FAMILY_DELIVERY] = "delivery",
        [FAMILY_VULNERABILITIES] = "vulnerabilities",
        [FAMILY_MISCONFIGURATIONS] = "misconfigurations",
        [FAMILY_SECRETS] = "secrets",
        [FAMILY_LICENSES] = "licenses",
        [FAMILY_ISSUES] = "issues",
        [FAMILY_HOTSPOTS] = "hotspots",
    };
    return names[family];
}

static const char *const severity_names[SEVERITY_COUNT] = {
    [SEVERITY_UNKNOWN] = "unknown", [SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",
    [SEVERITY_MEDIUM] = "medium",   [SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "critical",
};

const char *severity_name(enum severity severity)
{
    return severity_names[severity];
}

enum severity severity_named(const char *name, size_t len)
{
    for (enum severity s = SEVERITY_UNKNOWN; s < SEVERITY_COUNT; s++)
        if (text_is_nocase(name, len, severity_names[s]))
            return s;
    return SEVERITY_COUNT;
}

void source_init(struct source *source, struct arena *mem, const char *name, const char *format)
{
    *source =
        (struct source){.name = name, .format = format, .whole = true, .entry = "", .path = ""};
    source->load.apdex_ms[0] = 500;
    source->load.apdex_ms[1] = 1500;
    names_init(&source->tests.names, mem);
    names_init(&source->coverage.names, mem);
    names_init(&source->load.names, mem);
}

static bool over(struct error *err, const char *what, int limit)
{
    error_set(err, FAULT_REPORT, "more than %d %s", limit, what);
    return error_hint(
        err, "`qgate formats` lists the limits; split the report or look at what wrote it");
}

/* Names are keys, and memory must not grow with their length: the tail of a very long one is
 * represented by its hash. */
static const char *bounded(char cut[LIMIT_NAME_BYTES], const char *text, size_t *len)
{
    enum { KEPT = LIMIT_NAME_BYTES - 32 };
    if (*len <= LIMIT_NAME_BYTES)
        return text;
    memcpy(cut, text, KEPT);
    uint64_t tail = hash_text(0, text, *len);
    *len = KEPT + (size_t)snprintf(cut + KEPT, 32, "…%016llx", (unsigned long long)tail);
    return cut;
}

bool source_room(const struct arena *mem, struct error *err)
{
    return arena_bytes(mem) >> 20 < LIMIT_KEPT_MIB ||
           over(err, "MiB of names, messages and numbers", LIMIT_KEPT_MIB);
}

bool source_file(struct source *source, struct arena *mem, const char *path, size_t len,
                 size_t *index, struct error *err)
{
    struct coverage *coverage = &source->coverage;
    char cut[LIMIT_NAME_BYTES];
    path = bounded(cut, path, &len);
    *index = names_add(&coverage->names, path, len);
    if (*index < coverage->files.count)
        return true;
    if (*index >= LIMIT_PATHS)
        return over(err, "source files", LIMIT_PATHS);
    if (!source_room(mem, err))
        return false;
    struct covered_file *file = array_add(mem, &coverage->files);
    file->path = file->raw = path_clean(mem, path, len);
    return true;
}

bool source_label(struct source *source, struct arena *mem, const char *label, size_t len,
                  bool transaction, size_t *index, struct error *err)
{
    struct load *load = &source->load;
    char cut[LIMIT_NAME_BYTES];
    label = bounded(cut, label, &len);
    const char *key = label;
    size_t key_len = len;
    if (source->origin != NULL) {
        key = arena_printf(mem, "%.*s\x1F%s", (int)len, label, source->origin);
        key_len = strlen(key);
    }
    size_t name = names_add(&load->names, key, key_len);
    *index = 2 * name + transaction;
    if (*index < load->labels.count)
        return true;
    if (name >= LIMIT_LABELS)
        return over(err, "labels", LIMIT_LABELS);
    const char *text = text_keep(mem, label, len, LIMIT_NAME_BYTES);
    const struct load_label plain = {.label = text, .origin = source->origin};
    array_push(mem, &load->labels, plain);
    array_push(mem, &load->labels, plain);
    load->labels.items[load->labels.count - 1].transaction = true;
    return true;
}

bool source_group(struct source *source, struct arena *mem, const char *suite, const char *path,
                  size_t *index, struct error *err)
{
    struct tests *tests = &source->tests;
    /* 0x1F stands in no text that an XML or JSON door hands out */
    const char *origin = source->origin == NULL ? "" : source->origin;
    const char *key = arena_printf(mem, "%s\x1F%s\x1F%s", suite, path, origin);
    size_t len = strlen(key);
    char cut[LIMIT_NAME_BYTES];
    key = bounded(cut, key, &len);
    *index = names_add(&tests->names, key, len);
    if (*index < tests->groups.count)
        return true;
    if (*index >= LIMIT_SUITES)
        return over(err, "test suites", LIMIT_SUITES);
    if (!source_room(mem, err))
        return false;
    struct test_group *group = array_add(mem, &tests->groups);
    group->suite = text_keep(mem, suite, strlen(suite), LIMIT_NAME_BYTES);
    group->path = path_clean(mem, path, strlen(path));
    group->origin = source->origin;
    return true;
}

struct finding *source_finding(struct source *source, struct arena *mem, struct error *err)
{
    if (source->findings.count >= LIMIT_FINDINGS) {
        over(err, "findings", LIMIT_FINDINGS);
        return NULL;
    }
    return source_room(mem, err) ? array_add(mem, &source->findings) : NULL;
}

struct fact *source_fact(struct source *source, struct arena *mem, struct error *err)
{
    if (source->facts.count >= LIMIT_FACTS) {
        over(err, "facts", LIMIT_FACTS);
        return NULL;
    }
    if (!source_room(mem, err))
        return NULL;
    struct fact *fact = array_add(mem, &source->facts);
    fact->note = "";
    return fact;
}

struct test_case *source_case(struct source *source, struct arena *mem, struct error *err)
{
    if (source->tests.cases.count >= LIMIT_TEST_PROBLEMS) {
        over(err, "failing or flaky tests", LIMIT_TEST_PROBLEMS);
        return NULL;
    }
    if (!source_room(mem, err))
        return NULL;
    struct test_case *test = array_add(mem, &source->tests.cases);
    test->classname = test->name = test->suite = test->path = test->message = "";
    return test;
}

bool source_test(struct source *source, struct arena *mem, size_t group, uint64_t word,
                 int64_t duration_us, struct error *err)
{
    struct tests *tests = &source->tests;
    struct test_group *to = &tests->groups.items[group];
    enum test_outcome outcome = TEST_WORD_OUTCOME(word);
    if (tests->log.count >= LIMIT_TESTS)
        return over(err, "test cases", LIMIT_TESTS);
    array_push(mem, &tests->log, word);
    to->passed += outcome == TEST_PASSED;
    to->skipped += outcome == TEST_SKIPPED;
    to->failures += outcome == TEST_FAILURE;
    to->errors += outcome == TEST_ERROR;
    if (__builtin_add_overflow(to->duration_us, duration_us, &to->duration_us))
        to->duration_us = INT64_MAX;
    return true;
}

void source_warn(struct source *source, struct arena *mem, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = arena_vprintf(mem, fmt, args);
    va_end(args);
    text_clean(text, strlen(text));
    for (size_t i = 0; i < source->warnings.count; i++)
        if (strcmp(source->warnings.items[i], text) == 0)
            return;
    array_push(mem, &source->warnings, text);
}

void source_part(struct source *source, const char *reason, const char *remedy)
{
    source->whole = false;
    source->part_reason = reason;
    source->part_remedy = remedy;
}

void source_is_about(struct source *source, struct arena *mem, const char *judged)
{
    if ((source->speaks & FAMILY_BIT(FAMILY_VERDICT)) == 0)
        return;
    const char *about = source->commit == NULL ? "" : source->commit;
    if (about[0] != '\0' && strcmp(about, judged) == 0)
        return;
    if (about[0] == '\0')
        source_part(source, "the verdict does not say which commit it judged",
                    "judge that stage in a clone of the repository");
    else if (judged[0] == '\0')
        source_part(source,
                    arena_printf(mem,
                                 "the verdict is about commit %.12s, and which one is judged "
                                 "here is not known",
                                 about),
                    "judge in a clone of the repository");
    else
        source_part(
            source,
            arena_printf(mem, "the verdict is about commit %.12s, not %.12s", about, judged),
            "judge that stage again, of this commit");
}

void source_written(struct source *source, int64_t seconds)
{
    if (seconds > 0 && (source->written_s == 0 || seconds < source->written_s))
        source->written_s = seconds;
}
