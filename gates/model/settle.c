/* What is done once, when a source is complete: sorting, joining, naming. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/model/evidence.h"

static int compare_texts(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

#define ORDER(expression)          \
    do {                           \
        int order_ = (expression); \
        if (order_ != 0)           \
            return order_;         \
    } while (0)

static int by_number(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

#define SORT(array, order)                                                     \
    do {                                                                       \
        if ((array).count > 1)                                                 \
            qsort((array).items, (array).count, sizeof *(array).items, order); \
    } while (0)

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct covered_file *)a)->path, ((const struct covered_file *)b)->path);
}

/* Files whose paths came out equal after cleaning become one. */
static void settle_coverage(struct source *source, struct arena *mem)
{
    struct covered_files *files = &source->coverage.files;
    SORT(*files, by_path);
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        if (kept == 0 || strcmp(files->items[kept - 1].path, files->items[i].path) != 0) {
            files->items[kept++] = files->items[i];
            continue;
        }
        struct covered_file *last = &files->items[kept - 1];
        struct error err = {0};
        if (!lines_merge(&last->lines, mem, &source->coverage.budget, &files->items[i].lines, &err))
            source_part(source, arena_copy(mem, err.what, strlen(err.what)), NULL);
    }
    files->count = kept;
    for (size_t i = 0; i < kept; i++)
        lines_settle(&files->items[i].lines);
}

static int by_suite(const void *a, const void *b)
{
    const struct test_group *p = a, *q = b;
    ORDER(strcmp(p->suite, q->suite));
    return strcmp(p->path, q->path);
}

static int by_case(const void *a, const void *b)
{
    const struct test_case *p = a, *q = b;
    ORDER((int)p->mark - (int)q->mark);
    ORDER(strcmp(p->classname, q->classname));
    ORDER(strcmp(p->name, q->name));
    ORDER(strcmp(p->suite, q->suite));
    ORDER(strcmp(p->path, q->path));
    ORDER(by_number(p->line, q->line));
    ORDER((int)p->outcome - (int)q->outcome);
    return strcmp(p->message, q->message);
}

static int by_hash(const void *a, const void *b)
{
    return by_number(*(const uint64_t *)a, *(const uint64_t *)b);
}

/* The hashes of the failed cases, sorted, and a filter that answers "not among them" in one look.
 */
struct failed_hashes {
    uint64_t *items;
    size_t count;
    uint64_t filter[1024];
};

static void collect_failed(struct failed_hashes *failed, const struct test_cases *cases,
                           struct arena *mem)
{
    failed->items = arena_alloc(mem, (cases->count + 1) * sizeof *failed->items);
    for (size_t i = 0; i < cases->count; i++) {
        if (cases->items[i].mark != TEST_MARK_FAILED)
            continue;
        uint64_t hash = cases->items[i].hash;
        failed->items[failed->count++] = hash;
        failed->filter[hash >> 6 & 1023] |= UINT64_C(1) << (hash & 63);
    }
    qsort(failed->items, failed->count, sizeof *failed->items, by_hash);
}

static bool is_failed(const struct failed_hashes *failed, uint64_t hash)
{
    if ((failed->filter[hash >> 6 & 1023] >> (hash & 63) & 1) == 0)
        return false;
    return bsearch(&hash, failed->items, failed->count, sizeof hash, by_hash) != NULL;
}

/* Tests that both failed and passed in this source: named once each, no count changes. */
static void find_suspected(struct tests *tests, struct arena *mem)
{
    struct failed_hashes failed = {0};
    collect_failed(&failed, &tests->cases, mem);
    if (failed.count == 0)
        return;
    struct failed_hashes both = {.items = arena_alloc(mem, failed.count * sizeof *both.items)};
    for (size_t i = 0; i < tests->log.count; i++) {
        uint64_t word = tests->log.items[i], hash = TEST_WORD_HASH(word);
        if (TEST_WORD_OUTCOME(word) != TEST_PASSED || !is_failed(&failed, hash))
            continue;
        if (both.count < failed.count)
            both.items[both.count++] = hash;
        both.filter[hash >> 6 & 1023] |= UINT64_C(1) << (hash & 63);
    }
    qsort(both.items, both.count, sizeof *both.items, by_hash);
    size_t count = tests->cases.count;
    uint64_t last = UINT64_MAX; /* cases are sorted: the same test failing twice stands together */
    for (size_t i = 0; i < count; i++) {
        struct test_case test = tests->cases.items[i];
        if (test.mark != TEST_MARK_FAILED || test.hash == last || !is_failed(&both, test.hash))
            continue;
        last = test.hash;
        test.mark = TEST_MARK_SUSPECTED;
        array_push(mem, &tests->cases, test);
    }
}

static void settle_tests(struct tests *tests, struct arena *mem)
{
    SORT(tests->groups, by_suite);
    SORT(tests->cases, by_case);
    find_suspected(tests, mem);
    SORT(tests->cases, by_case);
}

static int by_label(const void *a, const void *b)
{
    const struct load_label *p = a, *q = b;
    ORDER(strcmp(p->label, q->label));
    return (int)p->transaction - (int)q->transaction;
}

static void settle_load(struct load *load)
{
    size_t kept = 0;
    for (size_t i = 0; i < load->labels.count; i++) {
        const struct load_label *label = &load->labels.items[i];
        if (label->passed.count + label->failed.count > 0)
            load->labels.items[kept++] = *label;
    }
    load->labels.count = kept;
    SORT(load->labels, by_label);
}

static int by_fact(const void *a, const void *b)
{
    const struct fact *p = a, *q = b;
    ORDER(strcmp(p->id, q->id));
    ORDER(compare_texts(p->word, q->word));
    ORDER(number_compare(p->number, q->number));
    return compare_texts(p->note, q->note);
}

static int by_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_finding(const void *a, const void *b)
{
    const struct finding *p = a, *q = b;
    ORDER((int)q->severity - (int)p->severity);
    ORDER(compare_texts(p->path, q->path));
    ORDER(by_number(p->line, q->line));
    ORDER(compare_texts(p->rule, q->rule));
    ORDER(compare_texts(p->target, q->target));
    ORDER(compare_texts(p->package, q->package));
    ORDER(compare_texts(p->version, q->version));
    ORDER((int)p->family - (int)q->family);
    ORDER(compare_texts(p->identity, q->identity));
    ORDER(compare_texts(p->class, q->class));
    ORDER(compare_texts(p->fixed, q->fixed));
    ORDER(by_number(p->last_line, q->last_line));
    ORDER(compare_texts(p->url, q->url));
    return compare_texts(p->message, q->message);
}

void source_settle(struct source *source, struct arena *mem)
{
    settle_coverage(source, mem);
    settle_tests(&source->tests, mem);
    settle_load(&source->load);
    SORT(source->facts, by_fact);
    SORT(source->findings, by_finding);
    SORT(source->warnings, by_words);
}

static int by_identity(const void *a, const void *b)
{
    const struct finding *p = *(const struct finding *const *)a;
    const struct finding *q = *(const struct finding *const *)b;
    ORDER((int)p->family - (int)q->family);
    ORDER(compare_texts(p->identity, q->identity));
    return p < q ? -1 : p > q; /* the settled order */
}

static void add_field(struct digest *digest, const char *field)
{
    char length[24];
    size_t len = strlen(field);
    snprintf(length, sizeof length, "%zu:", len);
    digest_add(digest, length, strlen(length));
    digest_add(digest, field, len);
}

static const char *fingerprint(const struct finding *finding, const char *format, size_t occurrence,
                               struct digest *digest, struct arena *mem)
{
    char number[24], hex[DIGEST_HEX];
    snprintf(number, sizeof number, "%zu", occurrence);
    add_field(digest, family_name(finding->family));
    add_field(digest, format);
    add_field(digest, finding->identity == NULL ? "" : finding->identity);
    add_field(digest, number);
    digest_hex(digest, hex);
    return arena_copy(mem, hex, 32);
}

void source_fingerprint(struct source *source, struct arena *mem)
{
    size_t count = source->findings.count, occurrence = 0;
    struct finding **order = arena_alloc(mem, (count + 1) * sizeof(struct finding *));
    for (size_t i = 0; i < count; i++)
        order[i] = &source->findings.items[i];
    qsort(order, count, sizeof *order, by_identity);
    struct digest *digest = digest_new(mem);
    for (size_t i = 0; i < count; i++) {
        bool again = i > 0 && order[i]->family == order[i - 1]->family &&
                     compare_texts(order[i]->identity, order[i - 1]->identity) == 0;
        occurrence = again ? occurrence + 1 : 0;
        order[i]->fingerprint = fingerprint(order[i], source->format, occurrence, digest, mem);
    }
}
