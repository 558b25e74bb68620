#include "gates/model/linepages.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"

static bool too_many_pages(struct error *err, const char *of, int limit)
{
    error_set(err, FAULT_REPORT, "more than %d pages of 512 lines in %s", limit, of);
    return error_hint(
        err, "a report that names so many lines is broken; see `qgate formats` for the limits");
}

/* Index of the first page whose number is not below `number`. */
static size_t page_place(const struct line_pages *pages, uint32_t number)
{
    size_t low = 0, high = pages->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (pages->items[middle]->number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct line_page *page_of(const struct lines *lines, uint32_t number)
{
    size_t at = page_place(&lines->pages, number);
    if (at == lines->pages.count || lines->pages.items[at]->number != number)
        return NULL;
    return lines->pages.items[at];
}

/* The page with that number, made when it is not there; NULL when a ceiling is passed. */
static struct line_page *need_page(struct lines *lines, struct arena *mem,
                                   struct line_budget *budget, uint32_t number, struct error *err)
{
    struct line_pages *pages = &lines->pages;
    size_t at = page_place(pages, number);
    if (at < pages->count && pages->items[at]->number == number)
        return pages->items[at];
    if (pages->count >= LIMIT_FILE_PAGES) {
        too_many_pages(err, "one source file", LIMIT_FILE_PAGES);
        return NULL;
    }
    if (budget->pages++ >= LIMIT_PAGES) {
        too_many_pages(err, "one report", LIMIT_PAGES);
        return NULL;
    }
    struct line_page *page = arena_new_item(mem, struct line_page);
    page->number = number;
    array_push(mem, pages, page);
    memmove(pages->items + at + 1, pages->items + at,
            (pages->count - 1 - at) * sizeof *pages->items);
    pages->items[at] = page;
    return page;
}

bool lines_add(struct lines *lines, struct arena *mem, struct line_budget *budget, uint32_t line,
               bool hit, struct error *err)
{
    uint32_t number = line / PAGE_LINES, bit = line % PAGE_LINES;
    if (lines->last == NULL || lines->last->number != number)
        lines->last = need_page(lines, mem, budget, number, err);
    if (lines->last == NULL)
        return false;
    lines->last->known[bit / 64] |= UINT64_C(1) << bit % 64;
    lines->last->hit[bit / 64] |= (uint64_t)hit << bit % 64;
    return true;
}

static void widen(struct branch_line *into, uint16_t covered, uint16_t total)
{
    into->covered = covered > into->covered ? covered : into->covered;
    into->total = total > into->total ? total : into->total;
}

bool lines_add_branches(struct lines *lines, struct arena *mem, struct line_budget *budget,
                        uint32_t line, uint64_t covered, uint64_t total, struct error *err)
{
    if (total > LIMIT_LINE_BRANCHES)
        return error_set(err, FAULT_REPORT, "more than %d branches in one line",
                         LIMIT_LINE_BRANCHES);
    struct branch_lines *all = &lines->branches;
    if (covered > total)
        covered = total;
    if (all->count > 0 && all->items[all->count - 1].line == line) {
        widen(&all->items[all->count - 1], (uint16_t)covered, (uint16_t)total);
        return true;
    }
    if (budget->branch_lines++ >= LIMIT_BRANCH_LINES)
        return error_set(err, FAULT_REPORT, "more than %d lines with branches", LIMIT_BRANCH_LINES);
    array_push(mem, all, ((struct branch_line){line, (uint16_t)covered, (uint16_t)total}));
    return true;
}

bool lines_merge(struct lines *into, struct arena *mem, struct line_budget *budget,
                 const struct lines *from, struct error *err)
{
    for (size_t i = 0; i < from->pages.count; i++) {
        const struct line_page *page = from->pages.items[i];
        struct line_page *to = need_page(into, mem, budget, page->number, err);
        if (to == NULL)
            return false;
        for (size_t w = 0; w < 8; w++) {
            to->known[w] |= page->known[w];
            to->hit[w] |= page->hit[w];
        }
    }
    for (size_t i = 0; i < from->branches.count; i++) {
        const struct branch_line *b = &from->branches.items[i];
        if (!lines_add_branches(into, mem, budget, b->line, b->covered, b->total, err))
            return false;
    }
    return true;
}

static int by_line(const void *a, const void *b)
{
    uint32_t p = ((const struct branch_line *)a)->line, q = ((const struct branch_line *)b)->line;
    return p < q ? -1 : p > q;
}

void lines_settle(struct lines *lines)
{
    struct branch_lines *all = &lines->branches;
    bool sorted = true;
    for (size_t i = 1; i < all->count && sorted; i++)
        sorted = all->items[i - 1].line < all->items[i].line;
    if (sorted)
        return;
    qsort(all->items, all->count, sizeof *all->items, by_line);
    size_t kept = 0;
    for (size_t i = 1; i < all->count; i++) {
        if (all->items[kept].line == all->items[i].line)
            widen(&all->items[kept], all->items[i].covered, all->items[i].total);
        else
            all->items[++kept] = all->items[i];
    }
    all->count = kept + 1;
}

struct line_counts lines_count(const struct lines *lines)
{
    struct line_counts counts = {0};
    for (size_t i = 0; i < lines->pages.count; i++) {
        const struct line_page *page = lines->pages.items[i];
        for (size_t w = 0; w < 8; w++) {
            counts.known += (uint64_t)__builtin_popcountll(page->known[w]);
            counts.hit += (uint64_t)__builtin_popcountll(page->hit[w]);
        }
    }
    for (size_t i = 0; i < lines->branches.count; i++) {
        counts.branches += lines->branches.items[i].total;
        counts.branches_covered += lines->branches.items[i].covered;
    }
    return counts;
}

enum line_state lines_state(const struct lines *lines, uint32_t line)
{
    const struct line_page *page = page_of(lines, line / PAGE_LINES);
    uint32_t bit = line % PAGE_LINES;
    if (page == NULL || (page->known[bit / 64] >> bit % 64 & 1) == 0)
        return LINE_UNKNOWN;
    return (page->hit[bit / 64] >> bit % 64 & 1) != 0 ? LINE_HIT : LINE_MISSED;
}

const struct branch_line *lines_branches(const struct lines *lines, uint32_t line)
{
    const struct branch_line wanted = {.line = line};
    const struct branch_lines *all = &lines->branches;
    if (all->count == 0)
        return NULL;
    return bsearch(&wanted, all->items, all->count, sizeof wanted, by_line);
}
