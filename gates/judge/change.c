/* What this change did, and how large it is: diff.lines, diff.files. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gates/judge/parts.h"
#include "gates/measure/take.h"

bool has_change(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct change *change = trial->docket->change;
    if (change != NULL && change->why_not == NULL)
        return true;
    ruling->value = (struct value){.why = "it is not known what this change did"};
    ruling->outcome = lenient(rule);
    ruling->reason = ruling->value.why;
    ruling->to_pass = "run it in a clone of the repository, where git can compare two commits";
    if (change != NULL) {
        ruling->reason =
            arena_printf(trial->mem, "it is not known what this change did: %s", change->why_not);
        ruling->to_pass = change->remedy != NULL ? change->remedy : ruling->to_pass;
    }
    return false;
}

bool has_error(struct ruling *ruling)
{
    if (ruling->value.kind != VALUE_ERROR)
        return false;
    ruling->outcome = OUTCOME_ERROR;
    ruling->reason = ruling->value.why;
    ruling->to_pass = "write the pattern simpler";
    return true;
}

/* The same path stands there twice where a link became a file. */
static struct changed_files at_path(const struct changed_files *files, const char *path)
{
    size_t low = 0, high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(files->items[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == files->count)
        return (struct changed_files){0};
    while (high < files->count && strcmp(files->items[high].path, path) == 0)
        high++;
    return (struct changed_files){.items = files->items + low, .count = high - low};
}

struct changed_files change_files(const struct trial *trial)
{
    const struct changed_files *files = &trial->docket->change->files;
    const char *path = selector_value(trial->selector, "path");
    return path == NULL ? *files : at_path(files, path);
}

bool picks_file(struct trial *trial, const struct selector *selector,
                const struct changed_file *file, struct value *value)
{
    return take_path(selector, file->path, /* origin */ NULL, trial->mem, value);
}

/* Nothing to judge where every file is judged apart. */
static bool is_about_none(const struct rule *rule, size_t picked)
{
    return picked == 0 && rule->each != NULL && strcmp(rule->each, "path") == 0;
}

static bool take_change(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    uint64_t lines = 0, picked = 0;
    if (!has_change(trial, rule, ruling))
        return false;
    const struct changed_files files = change_files(trial);
    ruling->value = (struct value){.why = ""};
    for (size_t i = 0; i < files.count; i++) {
        if (!picks_file(trial, trial->selector, &files.items[i], &ruling->value))
            continue;
        picked++;
        lines += changed_file_lines(&files.items[i]);
    }
    if (has_error(ruling))
        return false;
    if (is_about_none(rule, picked)) {
        ruling->outcome = OUTCOME_NOT_APPLICABLE;
        ruling->reason = "this change touches no such file";
        return false;
    }
    bool of_lines = rule->selector.measure->what == CHANGE_LINES;
    take_number(&ruling->value, number_of((int64_t)(of_lines ? lines : picked)));
    return true;
}

struct part {
    const char *path;
    uint64_t lines;
};

struct parts ARRAY(struct part);

static int largest_first(const void *a, const void *b)
{
    const struct part *p = a, *q = b;
    if (p->lines != q->lines)
        return p->lines > q->lines ? -1 : 1;
    return strcmp(p->path, q->path);
}

/* The files with the most lines: where a change is parted first. */
static void list_parts(struct trial *trial, struct details *details)
{
    const struct changed_files files = change_files(trial);
    struct parts parts = {0};
    struct value ignored = {0};
    for (size_t i = 0; i < files.count; i++) {
        const struct changed_file *file = &files.items[i];
        if (picks_file(trial, trial->selector, file, &ignored))
            array_push(trial->mem, &parts, ((struct part){file->path, changed_file_lines(file)}));
    }
    if (parts.count > 0)
        qsort(parts.items, parts.count, sizeof *parts.items, largest_first);
    for (size_t i = 0; i < parts.count; i++)
        add_detail(trial, details, parts.items[i].path,
                   arena_printf(trial->mem, "%" PRIu64 " line%s", parts.items[i].lines,
                                plural(parts.items[i].lines)));
}

static void advise_change(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const char *thing = rule->selector.measure->what == CHANGE_LINES ? "line" : "file";
    uint64_t k = advise_count(rule, &ruling->value);
    list_parts(trial, &ruling->details);
    if (advise_up(rule, &ruling->value))
        ruling->to_pass = advise_difference(trial, rule, &ruling->value);
    else
        ruling->to_pass =
            arena_printf(trial->mem, "make the change %" PRIu64 " %s%s smaller, or part it in two",
                         k, thing, plural(k));
}

/* A pattern beyond its limit picks: judging the value reports it. */
static void list_paths(struct trial *trial, const struct selector *selector, const char *label,
                       struct words *out)
{
    const struct change *change = trial->docket->change;
    if (strcmp(label, "path") != 0) {
        measure_label_values(selector, label, trial->docket->now, trial->mem, out);
        return;
    }
    for (size_t i = 0; change != NULL && i < change->files.count; i++) {
        struct value value = {0};
        if (picks_file(trial, selector, &change->files.items[i], &value) ||
            value.kind == VALUE_ERROR)
            array_push(trial->mem, out, change->files.items[i].path);
    }
}

const struct answer change_answer = {
    .take = take_change, .advise = advise_change, .values = list_paths};
