/* Coverage: the union of the line maps of all picked sources, file by file. */
#include <stdlib.h>
#include <string.h>

#include "gates/measure/index.h"
#include "gates/measure/take.h"

struct picked {
    const char *path;
    bool ignored;
    const struct lines *lines;
};

struct picked_files ARRAY(struct picked);

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct picked *)a)->path, ((const struct picked *)b)->path);
}

static bool narrows(const struct selector *selector)
{
    for (size_t i = 0; i < selector->labels.count; i++)
        if (strcmp(selector->labels.items[i].label, "path") == 0 ||
            strcmp(selector->labels.items[i].label, "component") == 0)
            return true;
    return false;
}

/* Does the answer depend on which of several files it is? Whoever plants a second one would choose.
 */
static bool is_torn(const struct selector *selector, const struct covered_file *file, bool picked,
                    struct arena *mem, struct value *out)
{
    if (picked && file->maybe_ignored && !selector->ignores_nothing)
        return true;
    if (!narrows(selector))
        return false;
    for (size_t i = 0; i < file->candidates.count; i++)
        if (take_path(selector, file->candidates.items[i], /* origin */ NULL, mem, out) != picked)
            return true;
    return file->candidates.count == MOST_CANDIDATES; /* there may be more */
}

/* NULL, or why what is picked is no answer. */
static const char *pick(const struct selector *selector, const struct source *source,
                        struct arena *mem, struct picked_files *picked, struct value *out)
{
    const struct covered_file *torn = NULL;
    const struct covered_files *all = &source->coverage.files;
    const struct candidates some = candidates_of_files(selector, all);
    for (size_t i = 0; i < some.count; i++) {
        const struct covered_file *file = &all->items[candidate_at(&some, i)];
        bool picks = take_path(selector, file->path, /* origin */ NULL, mem, out);
        if (picks)
            array_push(mem, picked, ((struct picked){file->path, file->ignored, &file->lines}));
        if (torn == NULL && file->candidates.count > 0 && is_torn(selector, file, picks, mem, out))
            torn = file;
    }
    torn = torn == NULL ? some.anywhere : torn;
    if (torn == NULL)
        return NULL;
    return arena_printf(mem, "%s of the report may be %s or %s: say which in `paths.map`",
                        torn->raw, torn->candidates.items[0], torn->candidates.items[1]);
}

static void add_counts(struct line_counts *sum, struct line_counts more)
{
    sum->known += more.known;
    sum->hit += more.hit;
    sum->branches += more.branches;
    sum->branches_covered += more.branches_covered;
}

/* The counts of one file that several sources cover: items[0] to items[count - 1]. */
static struct line_counts count_union(const struct picked *items, size_t count, struct arena *mem,
                                      struct value *out)
{
    if (count == 1)
        return lines_count(items[0].lines);
    struct lines all = {0};
    struct line_budget budget = {0};
    struct error err = {0};
    for (size_t i = 0; i < count; i++)
        if (!lines_merge(&all, mem, &budget, items[i].lines, &err))
            take_error(out, arena_copy(mem, err.what, strlen(err.what)));
    lines_settle(&all);
    return lines_count(&all);
}

static void answer(int what, struct line_counts sum, size_t files, struct value *out)
{
    bool of_branches = what == COVERAGE_BRANCHES || what == COVERAGE_BRANCHES_COVERED;
    if (what == COVERAGE_FILES)
        take_number(out, number_of((int64_t)files));
    else if (what == COVERAGE_LINES_VALID)
        take_number(out, number_of((int64_t)sum.known));
    else if (what == COVERAGE_BRANCHES_VALID)
        take_number(out, number_of((int64_t)sum.branches));
    else if (of_branches && sum.branches == 0)
        take_nothing(out, "no line with branches is listed");
    else if (!of_branches && sum.known == 0)
        take_nothing(out, files == 0 ? "no source file is listed" : "no coverable line is listed");
    else if (what == COVERAGE_LINES)
        take_ratio(out, sum.hit, sum.known, 100);
    else if (what == COVERAGE_BRANCHES)
        take_ratio(out, sum.branches_covered, sum.branches, 100);
    else
        take_number(
            out,
            number_of((int64_t)(what == COVERAGE_LINES_COVERED ? sum.hit : sum.branches_covered)));
}

/* NULL, or why they are no answer. */
static const char *count_files(const struct selector *selector, const struct source *const *sources,
                               size_t count, struct arena *mem, struct file_counts *files,
                               struct value *out)
{
    struct picked_files picked = {0};
    const char *why_not = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *why = pick(selector, sources[i], mem, &picked, out);
        why_not = why_not != NULL ? why_not : why;
    }
    if (count > 1 && picked.count > 1)
        qsort(picked.items, picked.count, sizeof *picked.items, by_path);
    for (size_t i = 0, next; i < picked.count; i = next) {
        for (next = i + 1; next < picked.count; next++)
            if (strcmp(picked.items[i].path, picked.items[next].path) != 0)
                break;
        struct file_count *file = array_add(mem, files);
        file->path = picked.items[i].path;
        file->ignored = picked.items[i].ignored;
        file->counts = count_union(picked.items + i, next - i, mem, out);
    }
    return why_not;
}

TAKE(take_coverage)
{
    struct file_counts files = {0};
    struct line_counts sum = {0}, ignored = {0};
    size_t kept = 0;
    bool share =
        what == COVERAGE_IGNORED; /* of what is ignored: a floor wants to know it as well */
    const char *why_not = count_files(selector, sources, count, mem, &files, out);
    for (size_t i = 0; i < files.count; i++) {
        bool out_of_it = files.items[i].ignored && (share || !selector->ignores_nothing);
        add_counts(out_of_it ? &ignored : &sum, files.items[i].counts);
        kept += !out_of_it;
    }
    if (why_not != NULL)
        take_nothing(out, why_not);
    else if (share && sum.known + ignored.known > 0)
        take_ratio(out, ignored.known, sum.known + ignored.known, 100);
    else
        answer(what, sum, kept, out);
}

void measure_files(const struct selector *selector, const struct evidence *evidence,
                   struct arena *mem, struct file_counts *out)
{
    const struct source **sources =
        arena_alloc(mem, (evidence->sources.count + 1) * sizeof(const struct source *));
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < evidence->sources.count; i++)
        if (measure_draws(selector, &evidence->sources.items[i]))
            sources[count++] = &evidence->sources.items[i];
    struct value ignored = {0}; /* what goes wrong here went wrong in measure_take() before */
    count_files(selector, sources, count, mem, out, &ignored);
    for (size_t i = 0; i < out->count; i++)
        if (!out->items[i].ignored || selector->ignores_nothing)
            out->items[kept++] = out->items[i];
    out->count = kept;
}
