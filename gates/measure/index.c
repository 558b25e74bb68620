#include "gates/measure/index.h"

#include <stdlib.h>
#include <string.h>

#include "gates/measure/take.h"

/* What an item says for a label, the n-th time: a file may be at several paths. NULL: nothing more,
 * or no label of such items. */
typedef const char *value_of(const void *item, const char *label, size_t n);

struct list {
    const void *items;
    size_t count, size;
    value_of *value;
};

struct index_table {
    const void *items; /* of the list */
    const char *label;
    struct index_entries ARRAY(struct index_entry) entries; /* sorted by value, then place */
    size_t anywhere; /* the first item that may be at values it does not name; count: none */
};

struct index_note {
    const struct selector *wide;
    const void *items;
    void *note;
};

static const void *item_at(const struct list *list, size_t i)
{
    return (const char *)list->items + i * list->size;
}

static int by_value(const void *a, const void *b)
{
    const struct index_entry *p = a, *q = b;
    int order = strcmp(p->value, q->value);
    return order != 0 ? order : (p->at > q->at) - (p->at < q->at);
}

static struct index_table *add_table(struct index *index, const struct list *list,
                                     const char *label)
{
    struct index_table *table = array_add(index->mem, &index->tables);
    *table = (struct index_table){.items = list->items, .label = label, .anywhere = list->count};
    for (size_t i = 0; i < list->count; i++) {
        const char *value = NULL;
        size_t n = 0;
        for (; (value = list->value(item_at(list, i), label, n)) != NULL; n++)
            array_push(index->mem, &table->entries, ((struct index_entry){value, i}));
        if (n > MOST_CANDIDATES && table->anywhere == list->count)
            table->anywhere = i; /* not all of its values are known */
    }
    if (table->entries.count > 0)
        qsort(table->entries.items, table->entries.count, sizeof *table->entries.items, by_value);
    return table;
}

/* NULL: it is not made yet. */
static struct index_table *find_table(const struct index *index, const struct list *list,
                                      const char *label)
{
    for (size_t i = 0; i < index->tables.count; i++) {
        struct index_table *table = &index->tables.items[i];
        if (table->items == list->items && strcmp(table->label, label) == 0)
            return table;
    }
    return NULL;
}

/* The first entry that is not before the value and place. */
static size_t lower_bound(const struct index_table *table, const char *value, size_t at)
{
    const struct index_entry wanted = {value, at};
    size_t low = 0, high = table->entries.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_value(&table->entries.items[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const char *selector_value(const struct selector *selector, const char *label)
{
    for (size_t i = 0; i < selector->labels.count; i++) {
        const struct label_match *match = &selector->labels.items[i];
        if (match->literal && strcmp(match->label, label) == 0)
            return match->value;
    }
    return NULL;
}

/* The matcher for one value of a label that such items have; NULL: none. */
static const struct label_match *literal_of(const struct selector *selector,
                                            const struct list *list)
{
    for (size_t i = 0; selector->index != NULL && i < selector->labels.count; i++) {
        const struct label_match *match = &selector->labels.items[i];
        if (match->literal && list->value(list->items, match->label, 0) != NULL)
            return match;
    }
    return NULL;
}

static struct candidates find(const struct selector *selector, const struct list *list)
{
    const struct label_match *match = list->count == 0 ? NULL : literal_of(selector, list);
    if (match == NULL)
        return (struct candidates){.count = list->count};
    const struct index_table *table = find_table(selector->index, list, match->label);
    if (table == NULL)
        table = add_table(selector->index, list, match->label);
    size_t first = lower_bound(table, match->value, 0);
    size_t end = lower_bound(table, match->value, list->count);
    return (struct candidates){
        .entries = table->entries.items + first,
        .count = end - first,
        .anywhere = table->anywhere < list->count ? item_at(list, table->anywhere) : NULL};
}

size_t candidate_at(const struct candidates *candidates, size_t i)
{
    return candidates->entries == NULL ? i : candidates->entries[i].at;
}

const void *index_noted(const struct selector *selector, const void *items)
{
    for (size_t i = 0; selector->index != NULL && i < selector->index->notes.count; i++) {
        const struct index_note *note = &selector->index->notes.items[i];
        if (note->wide == selector->wide && note->items == items)
            return note->note;
    }
    return NULL;
}

void index_note(const struct selector *selector, const void *items, const void *note, size_t size)
{
    struct index *index = selector->index;
    if (index == NULL)
        return;
    void *kept = arena_alloc(index->mem, size);
    memcpy(kept, note, size);
    array_push(index->mem, &index->notes, ((struct index_note){selector->wide, items, kept}));
}

/* ---- what items say -------------------------------------------------------------------------- */

static const char *value_of_finding(const void *item, const char *label, size_t n)
{
    const struct finding *finding = item;
    if (n > 0)
        return NULL;
    if (strcmp(label, "path") == 0)
        return finding->path == NULL ? "" : finding->path;
    return selector_finding_label(finding, label);
}

static const char *value_of_case(const void *item, const char *label, size_t n)
{
    const struct test_case *test = item;
    if (n > 0)
        return NULL;
    if (strcmp(label, "name") == 0)
        return test->name;
    if (strcmp(label, "suite") == 0)
        return test->suite;
    return strcmp(label, "path") == 0 ? test->path : NULL;
}

static const char *value_of_group(const void *item, const char *label, size_t n)
{
    const struct test_group *group = item;
    if (n > 0)
        return NULL;
    if (strcmp(label, "suite") == 0)
        return group->suite;
    return strcmp(label, "path") == 0 ? group->path : NULL;
}

/* Its path, and those where it may lie. */
static const char *value_of_file(const void *item, const char *label, size_t n)
{
    const struct covered_file *file = item;
    if (strcmp(label, "path") != 0 || n > file->candidates.count)
        return NULL;
    return n == 0 ? file->path : file->candidates.items[n - 1];
}

static const char *value_of_label(const void *item, const char *label, size_t n)
{
    const struct load_label *one = item;
    return n == 0 && strcmp(label, "label") == 0 ? one->label : NULL;
}

struct candidates candidates_of_findings(const struct selector *selector,
                                         const struct findings *all)
{
    return find(selector,
                &(struct list){all->items, all->count, sizeof *all->items, value_of_finding});
}

struct candidates candidates_of_cases(const struct selector *selector, const struct test_cases *all)
{
    return find(selector,
                &(struct list){all->items, all->count, sizeof *all->items, value_of_case});
}

struct candidates candidates_of_groups(const struct selector *selector,
                                       const struct test_groups *all)
{
    return find(selector,
                &(struct list){all->items, all->count, sizeof *all->items, value_of_group});
}

struct candidates candidates_of_files(const struct selector *selector,
                                      const struct covered_files *all)
{
    return find(selector,
                &(struct list){all->items, all->count, sizeof *all->items, value_of_file});
}

struct candidates candidates_of_labels(const struct selector *selector,
                                       const struct load_labels *all)
{
    return find(selector,
                &(struct list){all->items, all->count, sizeof *all->items, value_of_label});
}
