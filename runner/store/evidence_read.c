#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/store/evidence.h"
#include "runner/store/shape.h"

/* --- families --------------------------------------------------------------------------------- */

static bool take_file(struct shape *s, const json_t *object, struct source *source)
{
    struct covered_file *file = array_add(s->mem, &source->coverage.files);
    return shape_name(s, object, "path", &file->path) &&
           shape_flag(s, object, "ignored", &file->ignored) &&
           shape_lines(s, object, &file->lines) && shape_branches(s, object, &file->lines);
}

/* Sums of what was read must not overflow later. */
static bool add_to_sums(struct shape *s, const struct test_group *group)
{
    const uint64_t counts[] = {group->passed,       group->skipped, group->failures,
                               group->errors,       group->flaky,   group->beside_failures,
                               group->beside_errors};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i] > LIMIT_TESTS)
            return shape_over(s, "test cases", LIMIT_TESTS);
        s->tests += counts[i];
    }
    if (s->tests > 2 * (uint64_t)LIMIT_TESTS) /* a flaky one counts twice */
        return shape_over(s, "test cases", LIMIT_TESTS);
    return !__builtin_add_overflow(s->duration_us, group->duration_us, &s->duration_us) ||
           shape_wrong(s, "duration_us");
}

static bool take_group(struct shape *s, const json_t *object, struct source *source)
{
    struct test_group *group = array_add(s->mem, &source->tests.groups);
    uint64_t duration_us;
    bool taken = shape_maybe(s, object, "suite", &group->suite) &&
                 shape_maybe(s, object, "path", &group->path) &&
                 shape_text(s, object, "report", &group->origin) &&
                 shape_count(s, object, "passed", &group->passed) &&
                 shape_count(s, object, "skipped", &group->skipped) &&
                 shape_count(s, object, "failures", &group->failures) &&
                 shape_count(s, object, "errors", &group->errors) &&
                 shape_count(s, object, "flaky", &group->flaky) &&
                 shape_count(s, object, "duration_us", &duration_us) &&
                 shape_count(s, object, "suite_failures", &group->beside_failures) &&
                 shape_count(s, object, "suite_errors", &group->beside_errors);
    if (!taken)
        return false;
    group->duration_us = (int64_t)duration_us;
    return add_to_sums(s, group);
}

static bool take_case(struct shape *s, const json_t *object, struct source *source)
{
    int mark, outcome;
    struct test_case *test = source_case(source, s->mem, s->err);
    if (test == NULL || !shape_word(s, object, "mark", evidence_marks, &mark) ||
        !shape_word(s, object, "outcome", evidence_outcomes, &outcome))
        return false;
    test->mark = (enum test_mark)mark;
    test->outcome = (enum test_outcome)outcome;
    return shape_maybe(s, object, "class", &test->classname) &&
           shape_maybe(s, object, "name", &test->name) &&
           shape_maybe(s, object, "suite", &test->suite) &&
           shape_maybe(s, object, "path", &test->path) &&
           shape_text(s, object, "report", &test->origin);
}

static bool histogram_of(struct shape *s, const json_t *object, struct histogram *h)
{
    uint64_t sum_ms, min_ms, max_ms;
    if (object == NULL)
        return true;
    return shape_count(s, object, "sum_ms", &sum_ms) && shape_count(s, object, "min_ms", &min_ms) &&
           shape_count(s, object, "max_ms", &max_ms) && shape_buckets(s, object, h) &&
           histogram_restore_totals(h, sum_ms, min_ms, max_ms, s->err);
}

static bool take_label(struct shape *s, const json_t *object, struct source *source)
{
    struct load_label *label = array_add(s->mem, &source->load.labels);
    const json_t *first = json_object_get(object, "first_ms");
    const json_t *last = json_object_get(object, "last_ms");
    label->timed = json_is_integer(first) && json_is_integer(last);
    label->first_ms = json_integer_value(first);
    label->last_ms = json_integer_value(last);
    /* a time that a clock can show: their difference must fit */
    if (label->first_ms < 0 || label->last_ms < label->first_ms)
        return shape_wrong(s, "first_ms");
    return shape_maybe(s, object, "label", &label->label) &&
           shape_text(s, object, "report", &label->origin) &&
           shape_flag(s, object, "transaction", &label->transaction) &&
           shape_flag(s, object, "alone", &label->alone) &&
           histogram_of(s, json_object_get(object, "passed"), &label->passed) &&
           histogram_of(s, json_object_get(object, "failed"), &label->failed);
}

/* The whole number, as of JSON. */
static bool ratio_of(const json_t *pair, struct number *number)
{
    const json_t *above = json_array_get(pair, 0), *below = json_array_get(pair, 1);
    if (json_array_size(pair) != 2 || !json_is_integer(above) || !json_is_integer(below) ||
        json_integer_value(above) == INT64_MIN || json_integer_value(below) < 1)
        return false;
    *number = number_ratio(json_integer_value(above), (uint64_t)json_integer_value(below));
    return true;
}

static bool take_fact_label(struct shape *s, const json_t *object, struct fact *fact)
{
    struct label *label = array_add(s->mem, &fact->labels);
    return shape_name(s, object, "name", &label->name) &&
           shape_maybe(s, object, "value", &label->value);
}

static bool take_fact(struct shape *s, const json_t *object, struct source *source)
{
    struct fact *fact = source_fact(source, s->mem, s->err);
    const json_t *labels;
    if (fact == NULL || !shape_name(s, object, "id", &fact->id) ||
        !shape_text(s, object, "report", &fact->origin) ||
        !shape_text(s, object, "word", &fact->word) ||
        !shape_list(s, object, "labels", LIMIT_LABELS, &labels))
        return false;
    for (size_t i = 0; i < json_array_size(labels); i++)
        if (!take_fact_label(s, json_array_get(labels, i), fact))
            return false;
    fact->number = number_of(0);
    return fact->word != NULL || ratio_of(json_object_get(object, "number"), &fact->number) ||
           shape_wrong(s, "number");
}

/* An identity is kept as raw as it was: it is only ever compared. */
static bool identity_of(struct shape *s, const json_t *object, const char **identity)
{
    static const char digits[] = "0123456789abcdef";
    const json_t *text = json_object_get(object, "identity");
    const char *hex = json_string_value(json_object_get(object, "identity_hex"));
    if (hex == NULL) {
        *identity = arena_copy(s->mem, json_string_value(text), json_string_length(text));
        return text == NULL || json_is_string(text) || shape_wrong(s, "identity");
    }
    size_t len = strlen(hex);
    char *raw = arena_alloc(s->mem, len / 2 + 1);
    if (len % 2 != 0 || strspn(hex, digits) != len)
        return shape_wrong(s, "identity_hex");
    for (size_t i = 0; i < len; i++)
        raw[i / 2] = (char)((unsigned char)raw[i / 2] << 4 | (strchr(digits, hex[i]) - digits));
    *identity = raw;
    return true;
}

static bool family_of(const char *name, enum family *family)
{
    for (int f = 0; name != NULL && f < FAMILY_COUNT; f++)
        if (strcmp(name, family_name((enum family)f)) == 0) {
            *family = (enum family)f;
            return true;
        }
    return false;
}

static bool take_finding(struct shape *s, const json_t *object, struct source *source)
{
    struct finding *finding = source_finding(source, s->mem, s->err);
    const char *severity = json_string_value(json_object_get(object, "severity"));
    int fixable = FIXABLE_UNKNOWN;
    uint64_t line;
    if (finding == NULL)
        return false;
    if (++s->findings > LIMIT_FINDINGS)
        return shape_over(s, "findings", LIMIT_FINDINGS);
    if (!family_of(json_string_value(json_object_get(object, "family")), &finding->family))
        return shape_wrong(s, "family");
    if (severity != NULL)
        finding->severity = severity_named(severity, strlen(severity));
    if (severity == NULL || finding->severity == SEVERITY_COUNT)
        return shape_wrong(s, "severity");
    if (json_object_get(object, "fixable") != NULL &&
        !shape_word(s, object, "fixable", evidence_fixables, &fixable))
        return false;
    finding->fixable = (enum fixable)fixable;
    if (!shape_count(s, object, "line", &line) || line > LIMIT_LINE)
        return shape_wrong(s, "line");
    finding->line = (uint32_t)line;
    return shape_text(s, object, "rule", &finding->rule) &&
           shape_text(s, object, "class", &finding->class) &&
           shape_text(s, object, "target", &finding->target) &&
           shape_text(s, object, "package", &finding->package) &&
           shape_text(s, object, "version", &finding->version) &&
           shape_text(s, object, "path", &finding->path) &&
           shape_text(s, object, "report", &finding->origin) &&
           identity_of(s, object, &finding->identity);
}

/* --- the whole -------------------------------------------------------------------------------- */

typedef bool take_item(struct shape *s, const json_t *object, struct source *source);

/* Every element of a list, at most `most`. */
static bool take_all(struct shape *s, const json_t *object, const char *key, size_t most,
                     take_item *take, struct source *source)
{
    const json_t *list;
    if (!shape_list(s, object, key, most, &list))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!take(s, json_array_get(list, i), source))
            return false;
    return true;
}

static bool take_tests(struct shape *s, const json_t *object, struct source *source)
{
    struct tests *tests = &source->tests;
    if (object == NULL)
        return true;
    return shape_count(s, object, "suites", &tests->suites) &&
           shape_flag(s, object, "flaky_unknown", &tests->flaky_unknown) &&
           take_all(s, object, "groups", LIMIT_SUITES, take_group, source) &&
           take_all(s, object, "cases", LIMIT_TEST_PROBLEMS, take_case, source);
}

static bool take_load(struct shape *s, const json_t *object, struct source *source)
{
    struct load *load = &source->load;
    struct number apdex;
    int transactions, percentiles;
    if (object == NULL)
        return true;
    if (!shape_word(s, object, "transactions", evidence_transactions, &transactions) ||
        !shape_word(s, object, "percentiles", evidence_percentiles, &percentiles))
        return false;
    load->transactions = (enum load_transactions)transactions;
    load->percentiles = (enum load_percentiles)percentiles;
    if (!ratio_of(json_object_get(object, "apdex_ms"), &apdex) || apdex.above < 0)
        return shape_wrong(s, "apdex_ms");
    load->apdex_ms[0] = (uint64_t)apdex.above;
    load->apdex_ms[1] = apdex.below;
    /* a name may stand for samples and for a transaction */
    return take_all(s, object, "labels", (size_t)2 * LIMIT_LABELS, take_label, source);
}

static bool take_family(struct shape *s, const json_t *word, struct source *source)
{
    enum family family;
    if (!json_is_string(word))
        return shape_wrong(s, "speaks");
    if (family_of(json_string_value(word), &family)) /* a later version may know more */
        source->speaks |= FAMILY_BIT(family);
    return true;
}

static bool take_report(struct shape *s, const json_t *path, struct source *source)
{
    struct input_record *input = array_add(s->mem, &source->inputs);
    const char *text = json_string_value(path);
    if (text == NULL)
        return shape_wrong(s, "reports");
    input->path = text_keep(s->mem, text, strlen(text), LIMIT_NAME_BYTES);
    input->state = INPUT_READ;
    return true;
}

static bool take_source(struct shape *s, const json_t *object, struct source *source)
{
    const char *name, *format;
    if (!shape_name(s, object, "name", &name) || !shape_name(s, object, "format", &format))
        return false;
    source_init(source, s->mem, name, format);
    s->report = name;
    return shape_flag(s, object, "whole", &source->whole) &&
           take_all(s, object, "speaks", FAMILY_COUNT, take_family, source) &&
           take_all(s, object, "reports", LIMIT_FILES, take_report, source) &&
           take_tests(s, json_object_get(object, "tests"), source) &&
           take_all(s, object, "coverage", LIMIT_PATHS, take_file, source) &&
           take_load(s, json_object_get(object, "load"), source) &&
           take_all(s, object, "facts", LIMIT_FACTS, take_fact, source) &&
           take_all(s, object, "findings", LIMIT_FINDINGS, take_finding, source);
}

static bool take_sources(struct shape *s, const json_t *root, struct evidence *evidence)
{
    const json_t *list;
    if (!json_is_array(json_object_get(root, "sources")))
        return shape_wrong(s, "sources");
    if (!shape_list(s, root, "sources", LIMIT_FILES, &list))
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct source *source = array_add(s->mem, &evidence->sources);
        if (!take_source(s, json_array_get(list, i), source))
            return false;
        source_settle(source, s->mem);
    }
    return true;
}

static bool take_version(struct shape *s, const json_t *root)
{
    const json_t *version = json_object_get(root, "version");
    if (!json_is_integer(version))
        return shape_wrong(s, "version");
    if (json_integer_value(version) == EVIDENCE_VERSION)
        return true;
    error_set(s->err, FAULT_REPORT, "version %lld of saved evidence is not known",
              (long long)json_integer_value(version));
    return error_hint(s->err, "save it anew with this qgate, or update qgate");
}

/* It is shown, and looked for in the repository. */
static bool take_commit(struct shape *s, const json_t *root, struct evidence *evidence)
{
    enum { LONGEST = 64 }; /* SHA-256 */
    if (!shape_maybe(s, root, "commit", &evidence->commit))
        return false;
    size_t len = strlen(evidence->commit);
    return (len <= LONGEST && strspn(evidence->commit, "0123456789abcdef") == len) ||
           shape_wrong(s, "commit");
}

static bool take_root(struct shape *s, const json_t *root, struct evidence *evidence)
{
    if (take_version(s, root) && take_commit(s, root, evidence) && take_sources(s, root, evidence))
        return true;
    return error_hint(s->err, "`qgate check --save-baseline FILE` writes it");
}

bool evidence_read(const char *text, size_t len, struct arena *mem, struct evidence *evidence,
                   struct error *err)
{
    struct shape shape = {.mem = mem, .err = err};
    json_error_t theirs;
    json_auto_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &theirs);
    *evidence = (struct evidence){.commit = ""};
    if (root != NULL)
        return take_root(&shape, root, evidence);
    error_set(err, FAULT_REPORT, "is not JSON, so it is no saved evidence");
    error_hint(err, "it may be cut off: `qgate check --save-baseline FILE` writes it anew");
    return error_at(err, "", theirs.line > 0 ? (unsigned)theirs.line : 0,
                    theirs.column > 0 ? (unsigned)theirs.column : 0);
}
