#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "runner/store/evidence.h"

/* An object on the way. */
struct writer {
    FILE *out;
    bool begun; /* something stands in the innermost object or array */
    bool failed;
};

static void separate(struct writer *w)
{
    if (w->begun)
        fputc(',', w->out);
    w->begun = true;
}

static void put_key(struct writer *w, const char *key)
{
    separate(w);
    fprintf(w->out, "\"%s\":", key);
}

/* In an array every object begins on a line of its own: two files can be compared. */
static void open_item(struct writer *w)
{
    separate(w);
    fputs("\n{", w->out);
    w->begun = false;
}

static void open_part(struct writer *w, const char *key, char bracket)
{
    put_key(w, key);
    fputc(bracket, w->out);
    w->begun = false;
}

static void close_part(struct writer *w, char bracket)
{
    fputc(bracket, w->out);
    w->begun = true;
}

/* Beyond ASCII all is escaped, so that an identity, which is as raw as its report, comes back byte
 * by byte and the file shows no control character. */
static bool put_string(struct writer *w, const char *text)
{
    json_t *value = json_string(text);
    if (value == NULL)
        return false;
    w->failed |= json_dumpf(value, w->out, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) != 0;
    json_decref(value);
    return true;
}

/* Nothing for NULL and "". */
static void put_text(struct writer *w, const char *key, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    put_key(w, key);
    w->failed |= !put_string(w, text);
}

/* Nothing for 0. */
static void put_count(struct writer *w, const char *key, uint64_t count)
{
    if (count == 0)
        return;
    put_key(w, key);
    fprintf(w->out, "%" PRIu64, count);
}

static void put_integer(struct writer *w, const char *key, int64_t number)
{
    put_key(w, key);
    fprintf(w->out, "%" PRId64, number);
}

/* Nothing for false. */
static void put_flag(struct writer *w, const char *key, bool flag)
{
    if (!flag)
        return;
    put_key(w, key);
    fputs("true", w->out);
}

/* --- lines ------------------------------------------------------------------------------------ */

/* Lines in a row that are alike. */
struct run {
    char state; /* hit, missed, '.': not coverable */
    uint32_t count;
};

static void end_run(struct writer *w, struct run *run)
{
    if (run->count > 0)
        fputc(run->state, w->out);
    if (run->count > 1)
        fprintf(w->out, "%" PRIu32, run->count);
    run->count = 0;
}

static void add_lines(struct writer *w, struct run *run, char state, uint32_t count)
{
    if (count == 0)
        return;
    if (run->state != state)
        end_run(w, run);
    run->state = state;
    run->count += count;
}

/* From line 1 on: `.` not coverable, `h` hit, `m` missed, each with how many when more than one. */
static void put_lines(struct writer *w, const struct line_pages *pages)
{
    struct run run = {.state = '.'};
    uint32_t next = 1;
    put_key(w, "lines");
    fputc('"', w->out);
    for (size_t i = 0; i < pages->count; i++)
        for (uint32_t bit = 0; bit < PAGE_LINES; bit++) {
            const struct line_page *page = pages->items[i];
            uint32_t line = page->number * PAGE_LINES + bit;
            if ((page->known[bit / 64] >> bit % 64 & 1) == 0)
                continue;
            add_lines(w, &run, '.', line - next);
            add_lines(w, &run, (page->hit[bit / 64] >> bit % 64 & 1) != 0 ? 'h' : 'm', 1);
            next = line + 1;
        }
    end_run(w, &run);
    fputc('"', w->out);
}

/* "SKIP:COVERED/TOTAL …": how many lines lie between it and the one before. */
static void put_branches(struct writer *w, const struct branch_lines *branches)
{
    uint32_t next = 1;
    if (branches->count == 0)
        return;
    put_key(w, "branches");
    for (size_t i = 0; i < branches->count; i++) {
        const struct branch_line *b = &branches->items[i];
        fprintf(w->out, "%c%" PRIu32 ":%u/%u", i == 0 ? '"' : ' ', b->line - next,
                (unsigned)b->covered, (unsigned)b->total);
        next = b->line + 1;
    }
    fputc('"', w->out);
}

static void put_coverage(struct writer *w, const struct covered_files *files)
{
    open_part(w, "coverage", '[');
    for (size_t i = 0; i < files->count; i++) {
        const struct covered_file *file = &files->items[i];
        open_item(w);
        put_text(w, "path", file->path);
        put_flag(w, "ignored", file->ignored);
        put_lines(w, &file->lines.pages);
        put_branches(w, &file->lines.branches);
        close_part(w, '}');
    }
    close_part(w, ']');
}

/* --- tests ------------------------------------------------------------------------------------ */

static void put_group(struct writer *w, const struct test_group *group)
{
    open_item(w);
    put_text(w, "suite", group->suite);
    put_text(w, "path", group->path);
    put_text(w, "report", group->origin);
    put_count(w, "passed", group->passed);
    put_count(w, "skipped", group->skipped);
    put_count(w, "failures", group->failures);
    put_count(w, "errors", group->errors);
    put_count(w, "flaky", group->flaky);
    put_count(w, "duration_us", (uint64_t)group->duration_us);
    put_count(w, "suite_failures", group->beside_failures);
    put_count(w, "suite_errors", group->beside_errors);
    close_part(w, '}');
}

static void put_case(struct writer *w, const struct test_case *test)
{
    open_item(w);
    put_text(w, "mark", evidence_marks[test->mark]);
    put_text(w, "outcome", evidence_outcomes[test->outcome]);
    put_text(w, "class", test->classname);
    put_text(w, "name", test->name);
    put_text(w, "suite", test->suite);
    put_text(w, "path", test->path);
    put_text(w, "report", test->origin);
    close_part(w, '}');
}

static void put_tests(struct writer *w, const struct tests *tests)
{
    open_part(w, "tests", '{');
    put_count(w, "suites", tests->suites);
    put_flag(w, "flaky_unknown", tests->flaky_unknown);
    open_part(w, "groups", '[');
    for (size_t i = 0; i < tests->groups.count; i++)
        put_group(w, &tests->groups.items[i]);
    close_part(w, ']');
    open_part(w, "cases", '[');
    for (size_t i = 0; i < tests->cases.count; i++)
        put_case(w, &tests->cases.items[i]);
    close_part(w, ']');
    close_part(w, '}');
}

/* --- load ------------------------------------------------------------------------------------- */

/* "SKIP:COUNT …": how many empty buckets lie between it and the one before. */
static void put_buckets(struct writer *w, const struct histogram_pages *pages)
{
    uint64_t next = 0;
    put_key(w, "buckets");
    fputc('"', w->out);
    for (size_t i = 0; i < pages->count; i++)
        for (uint32_t b = 0; b < HISTOGRAM_PAGE; b++) {
            uint64_t bucket = (uint64_t)pages->items[i]->number * HISTOGRAM_PAGE + b;
            uint64_t count = pages->items[i]->counts[b];
            if (count == 0)
                continue;
            fprintf(w->out, "%s%" PRIu64 ":%" PRIu64, next == 0 ? "" : " ", bucket - next, count);
            next = bucket + 1;
        }
    fputc('"', w->out);
}

static void put_histogram(struct writer *w, const char *key, const struct histogram *h)
{
    if (h->count == 0)
        return;
    open_part(w, key, '{');
    put_count(w, "sum_ms", h->sum_ms);
    put_count(w, "min_ms", h->min_ms);
    put_count(w, "max_ms", h->max_ms);
    put_buckets(w, &h->pages);
    close_part(w, '}');
}

static void put_label(struct writer *w, const struct load_label *label)
{
    open_item(w);
    put_text(w, "label", label->label);
    put_text(w, "report", label->origin);
    put_flag(w, "transaction", label->transaction);
    put_flag(w, "alone", label->alone);
    if (label->timed) {
        put_integer(w, "first_ms", label->first_ms);
        put_integer(w, "last_ms", label->last_ms);
    }
    put_histogram(w, "passed", &label->passed);
    put_histogram(w, "failed", &label->failed);
    close_part(w, '}');
}

static void put_load(struct writer *w, const struct load *load)
{
    open_part(w, "load", '{');
    put_text(w, "transactions", evidence_transactions[load->transactions]);
    put_text(w, "percentiles", evidence_percentiles[load->percentiles]);
    put_key(w, "apdex_ms");
    fprintf(w->out, "[%" PRIu64 ",%" PRIu64 "]", load->apdex_ms[0], load->apdex_ms[1]);
    open_part(w, "labels", '[');
    for (size_t i = 0; i < load->labels.count; i++)
        put_label(w, &load->labels.items[i]);
    close_part(w, ']');
    close_part(w, '}');
}

/* --- facts and findings ----------------------------------------------------------------------- */

static void put_fact(struct writer *w, const struct fact *fact)
{
    open_item(w);
    put_text(w, "id", fact->id);
    put_text(w, "report", fact->origin);
    if (fact->word != NULL) {
        put_key(w, "word");
        w->failed |= !put_string(w, fact->word);
    } else {
        put_key(w, "number");
        fprintf(w->out, "[%" PRId64 ",%" PRIu64 "]", fact->number.above, fact->number.below);
    }
    if (fact->labels.count > 0) {
        open_part(w, "labels", '[');
        for (size_t i = 0; i < fact->labels.count; i++) {
            open_item(w);
            put_text(w, "name", fact->labels.items[i].name);
            put_text(w, "value", fact->labels.items[i].value);
            close_part(w, '}');
        }
        close_part(w, ']');
    }
    close_part(w, '}');
}

/* An identity holds what the report holds, which need not be UTF-8. */
static void put_identity(struct writer *w, const char *identity)
{
    json_t *value = identity == NULL ? NULL : json_string(identity);
    if (value != NULL || identity == NULL) {
        json_decref(value);
        put_text(w, "identity", identity);
        return;
    }
    put_key(w, "identity_hex");
    fputc('"', w->out);
    for (; *identity != '\0'; identity++)
        fprintf(w->out, "%02x", (unsigned)(unsigned char)*identity);
    fputc('"', w->out);
}

static void put_finding(struct writer *w, const struct finding *finding)
{
    open_item(w);
    put_text(w, "family", family_name(finding->family));
    put_text(w, "severity", severity_name(finding->severity));
    if (finding->fixable != FIXABLE_UNKNOWN)
        put_text(w, "fixable", evidence_fixables[finding->fixable]);
    put_text(w, "rule", finding->rule);
    put_text(w, "class", finding->class);
    put_text(w, "target", finding->target);
    put_text(w, "package", finding->package);
    put_text(w, "version", finding->version);
    put_text(w, "path", finding->path);
    put_count(w, "line", finding->line);
    put_text(w, "report", finding->origin);
    put_identity(w, finding->identity);
    close_part(w, '}');
}

/* --- the whole -------------------------------------------------------------------------------- */

static void put_families(struct writer *w, unsigned speaks)
{
    open_part(w, "speaks", '[');
    for (int family = 0; family < FAMILY_COUNT; family++)
        if (speaks & FAMILY_BIT(family)) {
            separate(w);
            put_string(w, family_name((enum family)family));
        }
    close_part(w, ']');
}

/* Which part of a repository was examined is known by where its reports lay. */
static void put_reports(struct writer *w, const struct input_records *inputs)
{
    open_part(w, "reports", '[');
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->items[i].state == INPUT_READ) {
            separate(w);
            w->failed |= !put_string(w, inputs->items[i].path);
        }
    close_part(w, ']');
}

static void put_source(struct writer *w, const struct source *source)
{
    open_item(w);
    put_text(w, "name", source->name);
    put_text(w, "format", source->format);
    put_flag(w, "whole", source->whole);
    put_families(w, source->speaks);
    put_reports(w, &source->inputs);
    if (source->speaks & FAMILY_BIT(FAMILY_TESTS))
        put_tests(w, &source->tests);
    if (source->speaks & FAMILY_BIT(FAMILY_COVERAGE))
        put_coverage(w, &source->coverage.files);
    if (source->speaks & FAMILY_BIT(FAMILY_LOAD))
        put_load(w, &source->load);
    open_part(w, "facts", '[');
    for (size_t i = 0; i < source->facts.count; i++)
        put_fact(w, &source->facts.items[i]);
    close_part(w, ']');
    open_part(w, "findings", '[');
    for (size_t i = 0; i < source->findings.count; i++)
        put_finding(w, &source->findings.items[i]);
    close_part(w, ']');
    close_part(w, '}');
}

bool evidence_write(const struct evidence *evidence, FILE *out, struct error *err)
{
    struct writer w = {.out = out};
    fputc('{', out);
    put_count(&w, "version", EVIDENCE_VERSION);
    put_text(&w, "qgate", QGATE_VERSION);
    put_text(&w, "commit", evidence->commit);
    open_part(&w, "sources", '[');
    for (size_t i = 0; i < evidence->sources.count; i++)
        if (evidence->sources.items[i].estate ==
            NULL) /* known from git and the store at any time */
            put_source(&w, &evidence->sources.items[i]);
    close_part(&w, ']');
    fputs("}\n", out);
    return (!w.failed && !ferror(out)) ||
           error_set(err, FAULT_SYSTEM, "the evidence cannot be written");
}
