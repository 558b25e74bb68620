#include "gates/judge/baseline.h"

#include <stdlib.h>
#include <string.h>

const char *baseline_name(struct trial *trial)
{
    const char *commit = trial->docket->then->commit;
    if (commit[0] == '\0')
        return "the baseline";
    return arena_printf(trial->mem, "the baseline (%.12s)", commit);
}

bool baseline_lacks(struct trial *trial, const struct rule *rule, struct ruling *ruling,
                    const char *why)
{
    const struct docket *docket = trial->docket;
    ruling->no_baseline = true;
    ruling->value = (struct value){.why = why};
    ruling->reason = why;
    ruling->to_pass = "let qgate judge the target once, or name saved evidence with --baseline";
    if (docket->baseline_remedy != NULL)
        ruling->to_pass = docket->baseline_remedy;
    ruling->outcome = docket->no_baseline != OUTCOME_PASSED ? docket->no_baseline
                                                            : taken_as(rule->on_no_baseline);
    return false;
}

/* ---- like with like -------------------------------------------------------------------------- */

static const struct source *twin_of(const struct evidence *from, const struct source *source)
{
    for (size_t i = 0; i < from->sources.count; i++) {
        const struct source *twin = &from->sources.items[i];
        if (strcmp(twin->name, source->name) == 0 && strcmp(twin->format, source->format) == 0)
            return twin;
    }
    return NULL;
}

/* What keeps the two from being compared; NULL: nothing. */
static const char *unlike(struct trial *trial, const struct source *source,
                          const struct source *twin)
{
    const struct selector *selector = trial->selector;
    unsigned families = measure_families(selector->measure);
    if (twin == NULL || (twin->speaks & families) != (source->speaks & families) ||
        (selector->measure->family >= FAMILY_VULNERABILITIES &&
         !selector_is_examined(selector, twin)))
        return arena_printf(trial->mem, "report %s of %s says nothing about %s", source->name,
                            baseline_name(trial), selector->id);
    if (!twin->whole)
        return arena_printf(trial->mem, "report %s of %s is not all there was", source->name,
                            baseline_name(trial));
    return NULL;
}

bool baseline_take(struct trial *trial, const struct rule *rule, struct ruling *ruling,
                   const struct evidence *from, struct evidence *before)
{
    const struct docket *docket = trial->docket;
    unsigned families = measure_families(trial->selector->measure);
    if (docket->then == NULL)
        return baseline_lacks(trial, rule, ruling, docket->why_no_baseline);
    *before = (struct evidence){.commit = docket->then->commit};
    for (size_t i = 0; i < docket->now->sources.count; i++) {
        const struct source *source = &docket->now->sources.items[i];
        if (!measure_draws(trial->selector, source) || (source->speaks & families) == 0)
            continue;
        const struct source *twin = twin_of(from, source);
        const char *why = unlike(trial, source, twin);
        if (why != NULL)
            return baseline_lacks(trial, rule, ruling, why);
        array_push(trial->mem, &before->sources, *twin);
    }
    return true;
}

/* ---- lines that are gone --------------------------------------------------------------------- */

const struct change *baseline_since(const struct trial *trial)
{
    const struct change *since = trial->docket->since_baseline;
    return since != NULL && since->why_not == NULL ? since : NULL;
}

static void clear_lines(struct line_page *page, uint32_t first, uint32_t last)
{
    for (uint32_t bit = first; bit <= last; bit++) {
        page->known[bit / 64] &= ~(UINT64_C(1) << bit % 64);
        page->hit[bit / 64] &= ~(UINT64_C(1) << bit % 64);
    }
}

/* What of a range lies in the page; ranges and pages are sorted, so both are walked once. */
static void clear_ranges(struct line_page *page, const struct line_ranges *ranges, size_t *at)
{
    uint32_t begin = page->number * PAGE_LINES, end = begin + PAGE_LINES - 1;
    while (*at < ranges->count && ranges->items[*at].last < begin)
        ++*at;
    for (size_t i = *at; i < ranges->count && ranges->items[i].first <= end; i++) {
        uint32_t first = ranges->items[i].first, last = ranges->items[i].last;
        clear_lines(page, first > begin ? first - begin : 0, (last < end ? last : end) - begin);
    }
}

static struct branch_lines kept_branches(const struct branch_lines *all,
                                         const struct line_ranges *ranges, struct arena *mem)
{
    struct branch_lines kept = {0};
    for (size_t i = 0, at = 0; i < all->count; i++) {
        uint32_t line = all->items[i].line;
        while (at < ranges->count && ranges->items[at].last < line)
            at++;
        if (at == ranges->count || ranges->items[at].first > line)
            array_push(mem, &kept, all->items[i]);
    }
    return kept;
}

static struct lines without(const struct lines *lines, const struct changed_file *file,
                            struct arena *mem)
{
    struct lines left = {0};
    if (file->how == CHANGE_DELETED)
        return left;
    for (size_t i = 0, at = 0; i < lines->pages.count; i++) {
        struct line_page *page = arena_new_item(mem, struct line_page);
        *page = *lines->pages.items[i];
        clear_ranges(page, &file->removed, &at);
        array_push(mem, &left.pages, page);
    }
    left.branches = kept_branches(&lines->branches, &file->removed, mem);
    return left;
}

static int by_old_path(const void *a, const void *b)
{
    const struct changed_file *const *p = a, *const *q = b;
    return strcmp((*p)->old_path, (*q)->old_path);
}

/* The files that the change found, by the names they had. */
struct changed_list {
    const struct changed_file **items;
    size_t count, room;
};

static struct changed_list by_old_paths(const struct change *change, struct arena *mem)
{
    struct changed_list list = {0};
    for (size_t i = 0; i < change->files.count; i++)
        if (change->files.items[i].how != CHANGE_ADDED)
            array_push(mem, &list, &change->files.items[i]);
    if (list.count > 0)
        qsort(list.items, list.count, sizeof(const struct changed_file *), by_old_path);
    return list;
}

static const struct changed_file *changed_since(const struct changed_list *list, const char *path)
{
    const struct changed_file wanted = {.old_path = path}, *key = &wanted;
    if (list->count == 0)
        return NULL;
    const struct changed_file **found =
        bsearch(&key, list->items, list->count, sizeof(const struct changed_file *), by_old_path);
    return found == NULL ? NULL : *found;
}

static void take_out(struct trial *trial, const struct changed_list *list, struct source *source)
{
    const struct covered_files all = source->coverage.files;
    source->coverage.files = (struct covered_files){0};
    for (size_t i = 0; i < all.count; i++) {
        struct covered_file file = all.items[i];
        const struct changed_file *changed = changed_since(list, file.path);
        if (changed != NULL) {
            file.lines = without(&file.lines, changed, trial->mem);
            file.path = changed->path;
        }
        array_push(trial->mem, &source->coverage.files, file);
    }
}

const struct evidence *baseline_without_removed(struct trial *trial)
{
    const struct docket *docket = trial->docket;
    const struct change *since = baseline_since(trial);
    if (docket->then == NULL || since == NULL || trial->without_removed != NULL)
        return trial->without_removed;
    const struct changed_list list = by_old_paths(since, trial->mem);
    struct evidence *less = arena_new_item(trial->mem, struct evidence);
    for (size_t i = 0; i < docket->then->sources.count; i++) {
        struct source *source = array_add(trial->mem, &less->sources);
        *source = docket->then->sources.items[i];
        take_out(trial, &list, source);
    }
    trial->without_removed = less;
    return less;
}
