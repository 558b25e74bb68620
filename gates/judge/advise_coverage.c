#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gates/judge/parts.h"
#include "gates/measure/take.h"

struct missed {
    const char *path;
    uint64_t missed, of;
};

struct missed_files ARRAY(struct missed);

static int most_missed_first(const void *a, const void *b)
{
    const struct missed *p = a, *q = b;
    if (p->missed != q->missed)
        return p->missed > q->missed ? -1 : 1;
    return strcmp(p->path, q->path);
}

/* The files with the most untested lines: where a test helps most. */
static void list_missed(struct trial *trial, bool branches, struct ruling *ruling)
{
    struct missed_files files = {0};
    struct file_counts all = {0};
    measure_files(trial->selector, trial->docket->now, trial->mem, &all);
    for (size_t i = 0; i < all.count; i++) {
        struct line_counts counts = all.items[i].counts;
        uint64_t of = branches ? counts.branches : counts.known;
        uint64_t missed = of - (branches ? counts.branches_covered : counts.hit);
        if (missed > 0)
            array_push(trial->mem, &files, ((struct missed){all.items[i].path, missed, of}));
    }
    if (files.count > 0)
        qsort(files.items, files.count, sizeof *files.items, most_missed_first);
    for (size_t i = 0; i < files.count; i++) {
        struct detail *detail = array_add(trial->mem, &ruling->details);
        detail->subject = files.items[i].path;
        detail->text =
            arena_printf(trial->mem, "%" PRIu64 " of %" PRIu64 " %s not run", files.items[i].missed,
                         files.items[i].of, branches ? "branches" : "lines");
    }
}

void advise_coverage(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    int what = rule->selector.measure->what;
    bool branches = what == COVERAGE_BRANCHES || what == COVERAGE_BRANCHES_COVERED ||
                    what == COVERAGE_BRANCHES_VALID;
    bool rate = what == COVERAGE_LINES || what == COVERAGE_BRANCHES;
    const char *thing = what == COVERAGE_FILES ? "file" : branches ? "branch" : "line";
    uint64_t k = rate ? advise_smallest(rule, value->whole - value->part, advise_part_more, value)
                      : advise_count(rule, value);
    const char *more = branches && k != 1 ? "es" : plural(k);
    if (rate || what == COVERAGE_LINES_COVERED || what == COVERAGE_BRANCHES_COVERED)
        list_missed(trial, branches, ruling);
    if (rate)
        ruling->to_pass = arena_printf(
            trial->mem, "test %" PRIu64 " more %s%s (of %" PRIu64 " that no test runs)", k, thing,
            more, value->whole - value->part);
    else if (what == COVERAGE_LINES_COVERED || what == COVERAGE_BRANCHES_COVERED)
        ruling->to_pass = arena_printf(trial->mem, "test %" PRIu64 " more %s%s", k, thing, more);
    else
        ruling->to_pass = arena_printf(trial->mem, "report %" PRIu64 " %s %s%s", k,
                                       advise_up(rule) ? "more" : "fewer", thing, more);
}
