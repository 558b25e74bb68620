/* new() of findings and failing tests: what the baseline does not have.
 *
 * An item is known by its identity. As often as the baseline has it within what the rule selects,
 * it is old; what comes on top is new, and so is what became more severe. This is the fingerprint's
 * occurrence number, counted within the selection: a package that is in the image of one component
 * is no news there, and news in another.
 */
#include <stdlib.h>
#include <string.h>

#include "gates/base/text.h"
#include "gates/judge/baseline.h"
#include "gates/judge/new_items.h"
#include "gates/measure/take.h"

const char *new_item_report(const struct source *source, struct arena *mem)
{
    return arena_printf(mem, "%s\x1F%s", source->format, source->name);
}

int new_item_texts(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b);
}

/* What makes two items the same, in two runs. */
static int compare_identities(const struct new_item *p, const struct new_item *q)
{
    ORDER(strcmp(p->report, q->report));
    if (p->finding != NULL) {
        ORDER((int)p->finding->family - (int)q->finding->family);
        return new_item_texts(p->finding->identity, q->finding->identity);
    }
    ORDER((int)p->test->mark - (int)q->test->mark);
    ORDER(strcmp(p->test->classname, q->test->classname));
    ORDER(strcmp(p->test->name, q->test->name));
    ORDER(strcmp(p->test->path, q->test->path));
    return p->test->mark == TEST_MARK_BESIDE ? strcmp(p->test->suite, q->test->suite) : 0;
}

static int severity_of(const struct new_item *item)
{
    return item->finding == NULL ? 0 : (int)item->finding->severity;
}

static int by_identity(const void *a, const void *b)
{
    const struct new_item *p = *(const struct new_item *const *)a;
    const struct new_item *q = *(const struct new_item *const *)b;
    ORDER(compare_identities(p, q));
    ORDER(severity_of(q) - severity_of(p));
    return (p > q) - (p < q);
}

struct new_item **new_items_sorted(const struct new_items *items, struct arena *mem,
                                   int (*order)(const void *a, const void *b))
{
    struct new_item **sorted = arena_alloc(mem, (items->count + 1) * sizeof(struct new_item *));
    for (size_t i = 0; i < items->count; i++)
        sorted[i] = &items->items[i];
    qsort(sorted, items->count, sizeof(struct new_item *), order);
    return sorted;
}

/* The two lists are sorted alike, the worst of an identity first: each item of now takes the next
 * one of then. */
static void mark_new(struct new_items *now, const struct new_items *then, struct arena *mem)
{
    struct new_item **new = new_items_sorted(now, mem, by_identity);
    struct new_item **old = new_items_sorted(then, mem, by_identity);
    for (size_t i = 0, j = 0; i < now->count; i++) {
        while (j < then->count && compare_identities(old[j], new[i]) < 0)
            j++;
        bool known = j < then->count && compare_identities(old[j], new[i]) == 0;
        new[i]->is_new = !known || severity_of(new[i]) > severity_of(old[j]);
        new[i]->is_known = known;
        j += known;
    }
}

/* ---- what a selector picks ------------------------------------------------------------------- */

static void add_details(const struct details *details, const char *report, struct arena *mem,
                        struct new_items *items)
{
    for (size_t i = 0; i < details->count; i++) {
        struct new_item *item = array_add(mem, items);
        item->report = report;
        item->finding = details->items[i].finding;
        item->test = details->items[i].test;
        item->detail = details->items[i];
    }
}

/* What the selector counts in each of the sources. */
static void collect(struct trial *trial, const struct selector *selector,
                    const struct evidence *evidence, struct new_items *items)
{
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct source *source = &evidence->sources.items[i];
        const struct evidence one = {.commit = "", .sources = {&evidence->sources.items[i], 1, 1}};
        struct details details = {0};
        if (selector->measure->family == FAMILY_TESTS)
            list_tests(trial, selector, &one, &details);
        else
            list_findings(trial, selector, &one, &details);
        add_details(&details, new_item_report(source, trial->mem), trial->mem, items);
    }
}

/* The same part of the baseline: without what may change of an item that stays the same. */
static struct selector lasting(const struct selector *selector, struct arena *mem)
{
    struct selector part = *selector;
    part.exclusion = NULL;
    part.labels = (struct label_matches){0};
    for (size_t i = 0; i < selector->labels.count; i++)
        if (!text_lists("severity probability fixable", selector->labels.items[i].label,
                        strlen(selector->labels.items[i].label)))
            array_push(mem, &part.labels, selector->labels.items[i]);
    return part;
}

/* ---- the answer ------------------------------------------------------------------------------ */

static struct new_items *find_new(struct trial *trial, const struct evidence *before)
{
    struct new_items *items = arena_new_item(trial->mem, struct new_items), old = {0};
    struct selector all = *trial->selector;
    all.exclusion = NULL;
    const struct selector part = lasting(trial->selector, trial->mem);
    collect(trial, &all, trial->docket->now, items);
    collect(trial, &part, before, &old);
    mark_new(items, &old, trial->mem);
    new_items_disclosed(trial, before, items);
    return items;
}

static bool is_waived(const struct selector *selector, const struct new_item *item)
{
    const struct exclusion *exclusion = selector->exclusion;
    return exclusion != NULL && exclusion->holds(exclusion->handle, item->finding, item->test);
}

static void say_disclosed(struct trial *trial, const struct new_item *item, struct ruling *ruling)
{
    struct detail detail = item->detail;
    detail.text = "newly disclosed, in a package that did not change";
    array_push(trial->mem, &ruling->details, detail);
    array_push(trial->mem, &trial->disclosed, item->finding);
}

static bool take_new(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    struct evidence before;
    if (!evidence_answer.take(trial, rule, ruling) ||
        !baseline_take(trial, rule, ruling, trial->docket->then, &before))
        return false;
    int64_t count = 0;
    ruling->value.has_parts = false;
    ruling->value.waived = 0;
    trial->items = find_new(trial, &before);
    for (size_t i = 0; i < trial->items->count; i++) {
        const struct new_item *item = &trial->items->items[i];
        if (item->is_disclosed)
            say_disclosed(trial, item, ruling);
        else if (item->is_new && is_waived(trial->selector, item))
            ruling->value.waived++;
        else
            count += item->is_new;
    }
    take_number(&ruling->value, number_of(count));
    return true;
}

void list_new(struct trial *trial, const struct selector *selector, struct details *details)
{
    for (size_t i = 0; i < trial->items->count; i++) {
        const struct new_item *item = &trial->items->items[i];
        if (item->is_new && !item->is_disclosed && !is_waived(selector, item))
            array_push(trial->mem, details, item->detail);
    }
}

static void advise_new(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct details disclosed = ruling->details;
    ruling->details = (struct details){0};
    list_new(trial, trial->selector, &ruling->details);
    if (rule->selector.measure->family == FAMILY_TESTS)
        advise_listed_tests(trial, rule, ruling);
    else
        advise_listed_findings(trial, rule, ruling);
    for (size_t i = 0; i < disclosed.count; i++)
        array_push(trial->mem, &ruling->details, disclosed.items[i]);
}

const struct answer new_items_answer = {.take = take_new, .advise = advise_new};
