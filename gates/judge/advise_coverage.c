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

static const char *advise_rate(struct trial *trial, const struct rule *rule,
                               const struct value *value, bool branches)
{
    uint64_t missed = value->whole - value->part;
    uint64_t k = advise_smallest(rule, missed, advise_part_more, value);
    const char *thing = branches ? k == 1 ? "branch" : "branches" : k == 1 ? "line" : "lines";
    if (k == 0)
        return advise_difference(trial, rule, value);
    return arena_printf(trial->mem, "test %" PRIu64 " more %s (of %" PRIu64 " that no test runs)",
                        k, thing, missed);
}

static const char *advise_ignored(struct trial *trial, const struct rule *rule,
                                  const struct value *value)
{
    uint64_t k = advise_smallest(rule, value->part, advise_part_less, value);
    if (k == 0)
        return advise_difference(trial, rule, value);
    return arena_printf(trial->mem,
                        "ignore %" PRIu64 " line%s fewer (of %" PRIu64
                        " that `paths.ignore` leaves out)",
                        k, plural(k), value->part);
}

static const char *advise_number(struct trial *trial, const struct rule *rule,
                                 const struct value *value, int what)
{
    uint64_t k = advise_count(rule, value);
    bool branches = what == COVERAGE_BRANCHES_COVERED || what == COVERAGE_BRANCHES_VALID;
    bool covered = what == COVERAGE_BRANCHES_COVERED || what == COVERAGE_LINES_COVERED;
    const char *thing = what == COVERAGE_FILES ? "file" : branches ? "branch" : "line";
    const char *more = branches && k != 1 ? "es" : plural(k);
    if (!covered)
        return arena_printf(trial->mem, "report %" PRIu64 " %s %s%s", k,
                            advise_up(rule, value) ? "more" : "fewer", thing, more);
    if (!advise_up(rule, value))
        return advise_difference(trial, rule, value);
    return arena_printf(trial->mem, "test %" PRIu64 " more %s%s", k, thing, more);
}

void advise_coverage(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    int what = rule->selector.measure->what;
    bool branches = what == COVERAGE_BRANCHES || what == COVERAGE_BRANCHES_COVERED;
    bool rate = what == COVERAGE_LINES || what == COVERAGE_BRANCHES;
    if (rate || what == COVERAGE_LINES_COVERED || what == COVERAGE_BRANCHES_COVERED)
        list_missed(trial, branches, ruling);
    if (rate)
        ruling->to_pass = advise_rate(trial, rule, &ruling->value, branches);
    else if (what == COVERAGE_IGNORED)
        ruling->to_pass = advise_ignored(trial, rule, &ruling->value);
    else
        ruling->to_pass = advise_number(trial, rule, &ruling->value, what);
}
