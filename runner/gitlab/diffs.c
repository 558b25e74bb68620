/* The diff of a merge request, as far as GitLab shows it: where a thread can stand. */
#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/number.h"
#include "runner/gitlab/request.h"

/* "-12,3" of a hunk's head: its first line. False: it is none. */
static bool first_line(const char *text, char sign, uint64_t *line)
{
    if (text == NULL || *text != sign)
        return false;
    size_t digits = strspn(text + 1, "0123456789");
    return number_parse_count(text + 1, digits, line) && *line <= LIMIT_LINE;
}

/* "@@ -12,3 +12,4 @@": the lines that come next. */
static bool take_hunk(const char *text, uint64_t *old_line, uint64_t *line)
{
    const char *second = strchr(text + 3, ' ');
    return first_line(text + 3, '-', old_line) && second != NULL &&
           first_line(second + 1, '+', line);
}

static void take_lines(const char *text, struct arena *mem, struct gitlab_lines *lines)
{
    uint64_t old_line = 0, line = 0;
    bool inside = false;
    for (const char *next; *text != '\0'; text = next) {
        next = strchr(text, '\n');
        next = next == NULL ? text + strlen(text) : next + 1;
        if (strncmp(text, "@@ ", 3) == 0)
            inside = take_hunk(text, &old_line, &line);
        else if (inside && (*text == '+' || *text == ' '))
            array_push(mem, lines,
                       ((struct gitlab_line){(uint32_t)line, (uint32_t)old_line, *text == '+'}));
        if (!inside || strncmp(text, "@@ ", 3) == 0)
            continue;
        line += *text == '+' || *text == ' ';
        old_line += *text == '-' || *text == ' ';
        inside = line <= LIMIT_LINE && old_line <= LIMIT_LINE;
    }
}

static bool take_diff(const json_t *json, void *state, struct arena *mem)
{
    struct gitlab_diffs *all = state;
    struct gitlab_diff diff = {.old_path = gitlab_text(json, "old_path", mem),
                               .new_path = gitlab_text(json, "new_path", mem)};
    const char *text = gitlab_text(json, "diff", mem);
    if (diff.old_path == NULL || diff.new_path == NULL)
        return true;
    if (text != NULL)
        take_lines(text, mem, &diff.lines);
    array_push(mem, all, diff);
    return true;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct gitlab_diff *)a)->new_path,
                  ((const struct gitlab_diff *)b)->new_path);
}

enum gitlab_result gitlab_diffs(struct gitlab *g, struct arena *mem, struct gitlab_diffs *all,
                                struct error *err)
{
    *all = (struct gitlab_diffs){0};
    enum gitlab_result result =
        gitlab_list(g, gitlab_of_request(g, "/diffs", mem), take_diff, all, mem, err);
    if (result != GITLAB_DONE)
        return result;
    if (all->count > 1)
        qsort(all->items, all->count, sizeof *all->items, by_path);
    return GITLAB_DONE;
}

static int compare_path(const void *path, const void *diff)
{
    return strcmp(path, ((const struct gitlab_diff *)diff)->new_path);
}

const struct gitlab_diff *gitlab_diff_of(const struct gitlab_diffs *all, const char *path)
{
    if (all->count == 0)
        return NULL;
    return bsearch(path, all->items, all->count, sizeof *all->items, compare_path);
}

static int compare_line(const void *line, const void *other)
{
    uint32_t a = *(const uint32_t *)line, b = ((const struct gitlab_line *)other)->line;
    return (a > b) - (a < b);
}

const struct gitlab_line *gitlab_line_of(const struct gitlab_diff *diff, uint32_t line)
{
    if (diff->lines.count == 0)
        return NULL;
    return bsearch(&line, diff->lines.items, diff->lines.count, sizeof *diff->lines.items,
                   compare_line);
}
