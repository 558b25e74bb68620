/* Coverage as GitLab paints it into a merge request: the union of all reports in one Cobertura XML.
 *
 * Schema: schemas/public/cobertura.dtd. GitLab drops a class silently when no <source> and its name
 * together are a path of the repository, so there is one source, `.`, and every name is such a path
 * already. Files that the policy ignores are left out; and because GitLab takes at most 10 MiB, and
 * paints changed files only, so is what did not change where all of it would be more. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/path.h"
#include "runner/render/escape.h"
#include "runner/render/render.h"

enum { MOST_BYTES = 10 << 20 };

/* One source file. */
struct part {
    const char *path;
    size_t folder; /* bytes of its folder, without the last `/` */
    const struct lines *lines;
    struct line_counts counts;
};

struct parts ARRAY(struct part);

/* By folder, then by name. */
static int by_folder(const void *a, const void *b)
{
    const struct part *one = a, *other = b;
    size_t shorter = one->folder < other->folder ? one->folder : other->folder;
    int order = memcmp(one->path, other->path, shorter);
    if (order != 0)
        return order;
    if (one->folder != other->folder)
        return one->folder < other->folder ? -1 : 1;
    return strcmp(one->path, other->path);
}

static bool same_folder(const struct part *a, const struct part *b)
{
    return a->folder == b->folder && memcmp(a->path, b->path, a->folder) == 0;
}

static void gather(const struct evidence *evidence, struct arena *mem, struct parts *parts)
{
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct covered_files *files = &evidence->sources.items[i].coverage.files;
        for (size_t j = 0; j < files->count; j++) {
            if (files->items[j].ignored)
                continue;
            struct part *part = array_add(mem, parts);
            part->path = files->items[j].path;
            part->folder = (size_t)(path_name(part->path) - part->path);
            part->folder -= part->folder > 0;
            part->lines = &files->items[j].lines;
        }
    }
}

/* The same file in several sources: a line is run when any report says so. */
static bool unite(const struct part *same, size_t count, struct arena *mem, struct lines *all,
                  struct error *err)
{
    struct line_budget budget = {0};
    for (size_t i = 0; i < count; i++)
        if (!lines_merge(all, mem, &budget, same[i].lines, err))
            return false;
    lines_settle(all);
    return true;
}

/* Of several with one path one is left. */
static bool merge(struct parts *parts, struct arena *mem, struct error *err)
{
    size_t kept = 0;
    for (size_t i = 0, next; i < parts->count; i = next) {
        struct part part = parts->items[i];
        next = i + 1;
        while (next < parts->count && strcmp(parts->items[next].path, part.path) == 0)
            next++;
        if (next > i + 1) {
            struct lines *all = arena_new_item(mem, struct lines);
            if (!unite(parts->items + i, next - i, mem, all, err))
                return false;
            part.lines = all;
        }
        part.counts = lines_count(part.lines);
        parts->items[kept++] = part;
    }
    parts->count = kept;
    return true;
}

static struct line_counts sum(const struct part *parts, size_t count)
{
    struct line_counts all = {0};
    for (size_t i = 0; i < count; i++) {
        all.known += parts[i].counts.known;
        all.hit += parts[i].counts.hit;
        all.branches += parts[i].counts.branches;
        all.branches_covered += parts[i].counts.branches_covered;
    }
    return all;
}

static void put_rate(FILE *out, const char *name, uint64_t part, uint64_t whole)
{
    char buffer[48];
    struct number rate = whole == 0 ? number_of(0) : number_ratio((int64_t)part, whole);
    fprintf(out, " %s=\"%s\"", name, number_text(buffer, rate, 4));
}

static void put_rates(FILE *out, const struct line_counts *counts)
{
    put_rate(out, "line-rate", counts->hit, counts->known);
    put_rate(out, "branch-rate", counts->branches_covered, counts->branches);
    fputs(" complexity=\"0\"", out);
}

static void put_line(FILE *out, uint32_t number, bool hit, const struct branch_line *branches)
{
    fprintf(out, "            <line number=\"%" PRIu32 "\" hits=\"%d\"", number, hit);
    if (branches != NULL)
        fprintf(out, " branch=\"true\" condition-coverage=\"%d%% (%d/%d)\"",
                branches->covered * 100 / branches->total, branches->covered, branches->total);
    fputs("/>\n", out);
}

static void put_lines(FILE *out, const struct lines *lines)
{
    size_t branch = 0;
    for (size_t i = 0; i < lines->pages.count; i++) {
        const struct line_page *page = lines->pages.items[i];
        for (uint32_t j = 0; j < PAGE_LINES; j++) {
            uint32_t number = page->number * PAGE_LINES + j;
            uint64_t bit = UINT64_C(1) << j % 64;
            if (!(page->known[j / 64] & bit))
                continue;
            while (branch < lines->branches.count && lines->branches.items[branch].line < number)
                branch++;
            const struct branch_line *at = &lines->branches.items[branch];
            bool branches = branch < lines->branches.count && at->line == number && at->total > 0;
            put_line(out, number, page->hit[j / 64] & bit, branches ? at : NULL);
        }
    }
}

static void put_class(FILE *out, const struct part *part)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    fprintf(out, "        <class name=\"%s\" filename=\"%s\"",
            escape_xml(mem, path_name(part->path)), escape_xml(mem, part->path));
    put_rates(out, &part->counts);
    fputs(">\n          <methods/>\n          <lines>\n", out);
    put_lines(out, part->lines);
    fputs("          </lines>\n        </class>\n", out);
}

/* The files of one folder: parts[0] to parts[count - 1]. */
static void put_package(FILE *out, const struct part *parts, size_t count)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct line_counts counts = sum(parts, count);
    const char *folder = arena_copy(mem, parts[0].path, parts[0].folder);
    fprintf(out, "    <package name=\"%s\"", escape_xml(mem, folder));
    put_rates(out, &counts);
    fputs(">\n      <classes>\n", out);
    for (size_t i = 0; i < count; i++)
        put_class(out, &parts[i]);
    fputs("      </classes>\n    </package>\n", out);
}

static void put_report(FILE *out, const struct parts *parts, int64_t now_s)
{
    const struct line_counts counts = sum(parts->items, parts->count);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<coverage version=\"" OWN_COVERAGE "\"",
          out);
    fprintf(out, " timestamp=\"%" PRId64 "\"", now_s * 1000);
    put_rates(out, &counts);
    fprintf(out, " lines-covered=\"%" PRIu64 "\" lines-valid=\"%" PRIu64 "\"", counts.hit,
            counts.known);
    fprintf(out, " branches-covered=\"%" PRIu64 "\" branches-valid=\"%" PRIu64 "\">\n",
            counts.branches_covered, counts.branches);
    fputs("  <sources>\n    <source>.</source>\n  </sources>\n  <packages>\n", out);
    for (size_t i = 0, next; i < parts->count; i = next) {
        for (next = i + 1; next < parts->count; next++)
            if (!same_folder(&parts->items[next], &parts->items[i]))
                break;
        put_package(out, parts->items + i, next - i);
    }
    fputs("  </packages>\n</coverage>\n", out);
}

static ssize_t count_bytes(void *size, const char *bytes, size_t count)
{
    (void)bytes;
    *(uint64_t *)size += count;
    return (ssize_t)count;
}

static bool is_too_large(const struct parts *parts)
{
    uint64_t size = 0;
    FILE *out = fopencookie(&size, "w", (cookie_io_functions_t){.write = count_bytes});
    if (out == NULL)
        return false;
    put_report(out, parts, /* now_s */ 0);
    fclose(out);
    return size > MOST_BYTES - 64; /* of the time stamp */
}

static int by_path(const void *path, const void *file)
{
    return strcmp(path, ((const struct changed_file *)file)->path);
}

static void keep_changed(struct parts *parts, const struct changed_files *changed)
{
    size_t kept = 0;
    for (size_t i = 0; i < parts->count; i++)
        if (changed->count > 0 && bsearch(parts->items[i].path, changed->items, changed->count,
                                          sizeof *changed->items, by_path) != NULL)
            parts->items[kept++] = parts->items[i];
    parts->count = kept;
}

static bool render_cobertura(const struct view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct parts parts = {0};
    gather(view->evidence, mem, &parts);
    if (parts.count > 0)
        qsort(parts.items, parts.count, sizeof *parts.items, by_folder);
    if (!merge(&parts, mem, err))
        return false;
    bool has_change = view->change != NULL && view->change->why_not == NULL;
    if (has_change && is_too_large(&parts))
        keep_changed(&parts, &view->change->files);
    put_report(out, &parts, view->now_s);
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the coverage cannot be written");
}

const struct renderer cobertura_renderer = {
    .name = "cobertura",
    .title = "coverage of all reports in one, with the repository's paths",
    .render = render_cobertura,
};
