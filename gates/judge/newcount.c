/* Which lines a change added, and what the reports say of them. */
#include <stdlib.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/judge/newcode.h"
#include "gates/measure/take.h"

struct maps ARRAY(const struct lines *);

/* ---- one file ------------------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct covered_file *)a)->path, ((const struct covered_file *)b)->path);
}

/* What each source says of the file. A path that a report has in common with several files is not
 * matched: it says nothing of any. */
static struct maps maps_of(const struct new_code *code, const char *path, struct arena *mem)
{
    const struct covered_file wanted = {.path = path};
    struct maps maps = {0};
    for (size_t i = 0; i < code->sources.count; i++) {
        const struct covered_files *files = &code->sources.items[i]->coverage.files;
        const struct covered_file *file =
            files->count == 0
                ? NULL
                : bsearch(&wanted, files->items, files->count, sizeof wanted, by_path);
        if (file != NULL && file->matched)
            array_push(mem, &maps, &file->lines);
    }
    return maps;
}

static enum line_state state_of(const struct maps *maps, uint32_t line)
{
    enum line_state best = LINE_UNKNOWN;
    for (size_t i = 0; i < maps->count; i++) {
        enum line_state state = lines_state(maps->items[i], line);
        best = state > best ? state : best;
    }
    return best;
}

/* The larger numbers of all reports, as where their maps are merged. */
static struct branch_line branches_of(const struct maps *maps, uint32_t line)
{
    struct branch_line most = {.line = line};
    for (size_t i = 0; i < maps->count; i++) {
        const struct branch_line *one = lines_branches(maps->items[i], line);
        if (one == NULL)
            continue;
        most.covered = one->covered > most.covered ? one->covered : most.covered;
        most.total = one->total > most.total ? one->total : most.total;
    }
    return most;
}

/* Lines that were added, with what is known of the text of each; texts NULL: nothing. */
struct added {
    struct line_range range;
    const uint32_t *texts;
};

static uint32_t text_of(const struct added *added, uint32_t line)
{
    return added->texts == NULL ? 0 : added->texts[line - added->range.first];
}

static void add_branches(struct new_file *file, const struct added *added, struct branch_line line,
                         struct arena *mem)
{
    file->branches += line.total;
    file->taken += line.covered;
    if (line.covered < line.total)
        array_push(mem, &file->partly,
                   ((struct gap){line.line, line.line, text_of(added, line.line),
                                 line.total - line.covered, line.total}));
}

/* Lines that stand next to each other, or with nothing coverable between them, are one gap. */
static void add_range(struct new_file *file, const struct maps *maps, const struct added *added,
                      struct arena *mem)
{
    struct gap *gap = NULL;
    for (uint64_t at = added->range.first; at <= added->range.last; at++) {
        uint32_t line = (uint32_t)at;
        enum line_state state = state_of(maps, line);
        if (state == LINE_UNKNOWN)
            continue;
        file->lines++;
        add_branches(file, added, branches_of(maps, line), mem);
        if (state == LINE_HIT) {
            file->hit++;
            gap = NULL;
            continue;
        }
        if (gap == NULL) {
            gap = array_add(mem, &file->untested);
            gap->first = line;
            gap->text = text_of(added, line);
        }
        gap->last = line;
        gap->missed++;
    }
}

/* ---- all of them ---------------------------------------------------------------------------- */

static bool is_ignored(const struct trial *trial, const char *path)
{
    return !trial->selector->ignores_nothing && globs_match(&trial->docket->policy->ignore, path);
}

static void add_file(struct trial *trial, struct new_code *code, const struct changed_file *file)
{
    bool binary = file->binary && file->how != CHANGE_DELETED;
    if ((file->added.count == 0 && !binary) || is_ignored(trial, file->path))
        return;
    struct maps maps = maps_of(code, file->path, trial->mem);
    if (maps.count == 0 && !expected_in_report(&trial->expected, trial->selector, file))
        return;
    if (binary || maps.count == 0) {
        array_push(trial->mem, binary ? &code->binary : &code->unseen, file->path);
        return;
    }
    struct new_file *seen = array_add(trial->mem, &code->files);
    seen->path = file->path;
    const uint32_t *texts = file->added_texts;
    for (size_t i = 0; i < file->added.count; i++) {
        const struct added added = {file->added.items[i], texts};
        add_range(seen, &maps, &added, trial->mem);
        if (texts != NULL)
            texts += (size_t)added.range.last - added.range.first + 1;
    }
    code->lines += seen->lines;
    code->hit += seen->hit;
    code->branches += seen->branches;
    code->taken += seen->taken;
}

static void add_sources(struct trial *trial, struct new_code *code, struct value *value)
{
    const struct sources *sources = &trial->docket->now->sources;
    for (size_t i = 0; i < sources->count; i++) {
        const struct source *source = &sources->items[i];
        if (!measure_draws(trial->selector, source))
            continue;
        /* it matches, or a pattern ran into its limit, which only these two say */
        take_label(trial->selector, "report", source->name, trial->mem, value);
        take_label(trial->selector, "format", source->format, trial->mem, value);
        array_push(trial->mem, &code->sources, source);
        if (value->reports.count == 0 ||
            strcmp(value->reports.items[value->reports.count - 1], source->name) != 0)
            array_push(trial->mem, &value->reports, source->name);
    }
}

bool new_code_is_of_branches(const struct rule *rule)
{
    return rule->selector.measure->what == COVERAGE_BRANCHES;
}

struct new_code new_code_of(struct trial *trial, const struct rule *rule, struct value *value)
{
    struct new_code code = {0};
    const struct changed_files files = change_files(trial);
    *value = (struct value){.why = ""};
    add_sources(trial, &code, value);
    for (size_t i = 0; i < files.count; i++) {
        if (!picks_file(trial, trial->selector, &files.items[i], value))
            continue;
        code.touched = true;
        add_file(trial, &code, &files.items[i]);
    }
    bool branches = new_code_is_of_branches(rule);
    if ((branches ? code.branches : code.lines) > 0)
        take_ratio(value, branches ? code.taken : code.hit, branches ? code.branches : code.lines,
                   100);
    return code;
}
