/* Many services and teams in one table: by name, never by number. */
#include <string.h>

#include "runner/render/dora_sheet.h"
#include "runner/render/words.h"

enum { NUMBERS = 5, GAP = 3, INDENT = 2, MOST_LISTED = 5 };

static const char *const titles[NUMBERS] = {"deployed", "lead time", "failed", "recovery",
                                            "rework"};

/* A value and what it was taken from. */
struct cell {
    const char *value, *n;
};

struct line {
    const struct dora_answer *answer;
    const char *name;
    struct cell cells[NUMBERS];
};

struct table {
    const struct dora_sheet *sheet;
    struct line *lines; /* one of each answer */
    size_t names;       /* columns of what stands left of the numbers */
    size_t values[NUMBERS], counts[NUMBERS];
};

static struct cell cell(const struct dora_sheet *s, size_t count, const char *value)
{
    if (value == NULL)
        return (struct cell){"-", ""};
    return (struct cell){value, words_number(s->mem, count)};
}

static bool same_environment(const struct dora_view *view)
{
    for (size_t i = 1; i < view->answers.count; i++)
        if (strcmp(dora_environment_name(&view->answers.items[i]),
                   dora_environment_name(&view->answers.items[0])) != 0)
            return false;
    return true;
}

static const char *scope_of(const struct dora_answer *answer)
{
    return answer->service != NULL ? answer->service : answer->team;
}

/* `width`: of the column of services and teams, before that of environments; 0: all have the same.
 */
static const char *name_of(const struct dora_sheet *s, const struct dora_answer *answer,
                           size_t width)
{
    const char *name = scope_of(answer);
    if (width == 0)
        return name;
    size_t wide = page_width(&s->page, name);
    return arena_printf(s->mem, "%s%*s  %s", name, (int)(wide < width ? width - wide : 0), "",
                        dora_environment_name(answer));
}

static struct cell value_cell(const struct dora_sheet *s, const struct dora_value *value)
{
    return cell(s, value->count, value->why != NULL ? NULL : dora_value_text(value, s->mem));
}

static void fill(const struct dora_sheet *s, const struct dora_answer *answer, size_t width,
                 struct line *line)
{
    const struct dora_value *values = s->view->compat == NULL ? answer->values : answer->theirs;
    *line = (struct line){
        answer,
        name_of(s, answer, width),
        {
            value_cell(s, &values[DORA_FREQUENCY]),
            value_cell(s, &values[DORA_LEAD_P50]),
            value_cell(s, &values[DORA_FAIL_RATE]),
            value_cell(s, &values[DORA_RECOVERY_P50]),
            value_cell(s, &values[DORA_REWORK_RATE]),
        },
    };
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void measure(struct table *table)
{
    const struct dora_view *view = table->sheet->view;
    for (size_t n = 0; n < NUMBERS; n++)
        table->counts[n] = 1;
    for (size_t i = 0; i < view->answers.count; i++)
        for (size_t n = 0; n < NUMBERS && table->lines[i].answer->why_not == NULL; n++) {
            table->values[n] = larger(table->values[n], strlen(table->lines[i].cells[n].value));
            table->counts[n] = larger(table->counts[n], strlen(table->lines[i].cells[n].n));
        }
    size_t used = INDENT;
    for (size_t n = 0; n < NUMBERS; n++) {
        table->values[n] = larger(table->values[n], strlen(titles[n]));
        used += GAP + table->values[n] + 1 + table->counts[n];
    }
    size_t room = table->sheet->page.columns > used ? table->sheet->page.columns - used : 0;
    for (size_t i = 0; i < view->answers.count; i++) {
        size_t width = page_width(&table->sheet->page, table->lines[i].name);
        if (width <= room)
            table->names = larger(table->names, width);
    }
}

static void put_titles(const struct table *table)
{
    const struct dora_sheet *s = table->sheet;
    const char *text = "";
    for (size_t n = 0; n < NUMBERS; n++)
        text = arena_printf(s->mem, "%s%*s%*s %*s", text, GAP, "", (int)table->values[n], titles[n],
                            (int)table->counts[n], "n");
    fprintf(s->page.out, "%*s%s\n", (int)(INDENT + table->names), "", text);
}

/* The name has lines of its own when it is longer than its column. */
static void put_line(const struct table *table, const struct line *line)
{
    const struct dora_sheet *s = table->sheet;
    const char *text = "";
    if (line->answer->why_not != NULL) {
        page_pair(&s->page, INDENT, table->names, line->name,
                  arena_printf(s->mem, " no data: %s", line->answer->why_not), true);
        return;
    }
    for (size_t n = 0; n < NUMBERS; n++)
        text =
            arena_printf(s->mem, "%s%*s%*s %*s", text, n == 0 ? 0 : GAP, "", (int)table->values[n],
                         line->cells[n].value, (int)table->counts[n], line->cells[n].n);
    page_columns(&s->page, INDENT, table->names + GAP, line->name, text);
}

static void put_lines(const struct table *table, bool services)
{
    const struct dora_view *view = table->sheet->view;
    bool begun = false;
    for (size_t i = 0; i < view->answers.count; i++) {
        if ((table->lines[i].answer->service != NULL) != services)
            continue;
        if (!begun)
            fputs(services ? "services\n" : "teams\n", table->sheet->page.out);
        begun = true;
        put_line(table, &table->lines[i]);
    }
}

/* --- what somebody should look at ------------------------------------------------------------- */

static void note(const struct dora_sheet *s, const char *name, const char *text)
{
    page_paragraph(&s->page, 0, arena_printf(s->mem, "%-20s ", name), text);
}

static void put_open(const struct dora_sheet *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->view->answers.count; i++) {
        const struct dora_answer *answer = &s->view->answers.items[i];
        struct dora_behind behind;
        if (answer->service == NULL || answer->figures.unrecovered == 0)
            continue;
        dora_behind(s->view, answer, s->mem, &behind);
        for (size_t j = 0; j < behind.open.count && count++ < MOST_LISTED; j++)
            note(s, count == 1 ? "failed, not repaired" : "",
                 dora_open_text(s, &behind.open.items[j], true));
    }
    if (count > MOST_LISTED)
        note(s, "", "… and more (--output json=FILE)");
}

static void put_unresolved(const struct dora_sheet *s)
{
    size_t count = 0, services = 0;
    for (size_t i = 0; i < s->view->answers.count; i++) {
        const struct dora_answer *answer = &s->view->answers.items[i];
        if (answer->service == NULL || answer->figures.unresolved == 0)
            continue;
        count += answer->figures.unresolved;
        services++;
    }
    if (count > 0)
        note(s, "without lead time",
             arena_printf(s->mem, "%s of %s whose version has no commit (qgate explain versions)",
                          words_count(s->mem, count, "deployment"),
                          words_count(s->mem, services, "service")));
}

static void put_strangers(const struct dora_sheet *s)
{
    const struct estate *estate = s->view->estate;
    const char *text = "";
    for (size_t i = 0; i < estate->strangers.count && i < MOST_LISTED; i++)
        text = arena_printf(s->mem, "%s%s%s (%s)", text, i == 0 ? "" : ", ",
                            estate->strangers.items[i].name,
                            words_number(s->mem, estate->strangers.items[i].count));
    if (estate->strangers.count > 0)
        note(s, "no service",
             arena_printf(s->mem, "%s: %s%s (qgate explain versions)",
                          words_count(s->mem, estate->strangers.count, "name"), text,
                          estate->strangers.count > MOST_LISTED ? ", …" : ""));
}

/* The days of all that are known, otherwise those that were asked for. */
static const struct dora_window *days_of(const struct dora_view *view)
{
    const struct dora_window *days = NULL;
    for (size_t i = 0; i < view->answers.count; i++) {
        const struct dora_answer *answer = &view->answers.items[i];
        if (answer->why_not != NULL)
            continue;
        if (days != NULL && days->from_day != answer->figures.window.from_day)
            return &view->days;
        days = &answer->figures.window;
    }
    return days == NULL ? &view->days : days;
}

/* "28 days to 2027-02-14, Africa/Lagos, and the zones of teams" */
static const char *days_text(const struct dora_sheet *s)
{
    const struct dora_view *view = s->view;
    const struct zone *zone = view->estate->known.zone;
    bool others = false;
    for (size_t i = 0; i < view->answers.count; i++)
        others |= strcmp(zone_name(view->answers.items[i].zone), zone_name(zone)) != 0;
    return arena_printf(s->mem, "%s%s", dora_days_text(days_of(view), zone, s->mem),
                        others ? " and the zones of teams" : "");
}

void dora_sheet_overview(const struct dora_sheet *s)
{
    const struct dora_view *view = s->view;
    struct table table = {.sheet = s};
    bool same = same_environment(view);
    size_t width = 0;
    for (size_t i = 0; i < view->answers.count && !same; i++)
        width = larger(width, page_width(&s->page, scope_of(&view->answers.items[i])));
    table.lines = arena_alloc(s->mem, (view->answers.count + 1) * sizeof *table.lines);
    for (size_t i = 0; i < view->answers.count; i++)
        fill(s, &view->answers.items[i], width, &table.lines[i]);
    measure(&table);
    const char *text = days_text(s);
    if (same)
        text =
            arena_printf(s->mem, "%s   %s", text, dora_environment_name(&view->answers.items[0]));
    page_paragraph(&s->page, 0, "", arena_printf(s->mem, "%s   %s", text, view->configuration));
    if (view->compat != NULL)
        page_paragraph(&s->page, 0,
                       arena_printf(s->mem, "as %s counts: ", dora_compat_title(*view->compat)),
                       dora_compat_note(*view->compat));
    fputc('\n', s->page.out);
    put_titles(&table);
    put_lines(&table, true);
    put_lines(&table, false);
    fputc('\n', s->page.out);
    note(s, "n",
         arena_printf(s->mem, "what a number was taken from; below %d it shows little", DORA_FEW));
    put_open(s);
    put_unresolved(s);
    put_strangers(s);
    note(s, "one of them", "qgate dora --service NAME, or --team NAME");
}
