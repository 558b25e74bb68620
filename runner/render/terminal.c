/* The verdict for people, in a terminal or a job log: what failed first, the outcome last, because
 * that is where a log is open. */
#include <string.h>

#include "runner/exit.h"
#include "runner/render/terminal.h"
#include "runner/render/words.h"

enum {
    MOST_WARNINGS = 5, /* of all reports */
    MOST_DIFFERENCES = 5,
    MOST_NAMES = 12, /* gates of another stage */
    LEAST_COLUMNS = 80,
    MOST_COLUMNS = 120,
};

#define RED "31"
#define GREEN "32"
#define YELLOW "33"
#define BOLD ";1"

const struct mark sheet_marks[OUTCOME_COUNT] = {
    [OUTCOME_PASSED] = {"✓", "+", GREEN},   [OUTCOME_NOT_APPLICABLE] = {"-", "-", ""},
    [OUTCOME_WAIVED] = {"~", "~", YELLOW},  [OUTCOME_WARNED] = {"!", "!", YELLOW},
    [OUTCOME_NO_DATA] = {"?", "?", YELLOW}, [OUTCOME_ERROR] = {"✗", "x", RED},
    [OUTCOME_FAILED] = {"✗", "x", RED},
};

void sheet_gap(struct sheet *sheet)
{
    if (sheet->begun)
        fputc('\n', sheet->page.out);
    sheet->begun = true;
}

void sheet_folding_gap(struct sheet *sheet)
{
    if (!sheet->folding)
        sheet_gap(sheet);
    sheet->folding = true;
}

/* Every file, for whoever wonders what a glob matched. */
static void put_files(const struct sheet *sheet)
{
    static const char *const states[] = {
        [INPUT_READ] = "read",
        [INPUT_MISSING] = "not there",
        [INPUT_BROKEN] = "cannot be read",
        [INPUT_SKIPPED] = "read already for another entry",
    };
    const struct sources *sources = &sheet->view->evidence->sources;
    for (size_t i = 0; i < sources->count; i++)
        for (size_t j = 0; j < sources->items[i].inputs.count; j++) {
            const struct input_record *input = &sources->items[i].inputs.items[j];
            page_lead_row(&sheet->page, "", "", input->path, states[input->state]);
        }
}

/* Which bytes of each file it was that judged. */
static void put_digests(const struct sheet *sheet)
{
    const struct policy *policy = sheet->view->policy;
    page_lead_row(&sheet->page, "", "", policy->path,
                  arena_printf(sheet->mem, "sha256 %.16s", policy->sha256));
    for (size_t i = 0; i < policy->origins.count; i++)
        page_lead_row(&sheet->page, "", "", policy->origins.items[i].name,
                      arena_printf(sheet->mem, "sha256 %.16s", policy->origins.items[i].sha256));
}

static void put_head(struct sheet *sheet)
{
    sheet_gap(sheet);
    const struct view *view = sheet->view;
    const char *text = arena_printf(sheet->mem, "policy %s%s", view->policy_origin,
                                    words_origins(sheet->mem, &view->policy->origins));
    if (*view->commit != '\0')
        text = arena_printf(sheet->mem, "%s   commit %.12s", text, view->commit);
    if (strcmp(view->stage, "build") != 0)
        text = arena_printf(sheet->mem, "%s   stage %s", text, view->stage);
    page_paragraph(&sheet->page, 0, "qgate " QGATE_VERSION "   ", text);
    if (view->baseline != NULL)
        page_paragraph(&sheet->page, 0, "baseline ", view->baseline);
    else if (view->why_no_baseline != NULL)
        page_paragraph(&sheet->page, 0, "no baseline: ", view->why_no_baseline);
    if (view->verbose)
        put_digests(sheet);
    page_lead_row(&sheet->page, "read", "", words_read(sheet->mem, view->evidence), "");
    if (view->verbose)
        put_files(sheet);
}

/* Has an earlier gate of another stage the stage of gate `index`? */
static bool is_named(const struct gate_rulings *gates, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (gates->items[i].other_stage &&
            strcmp(gates->items[i].gate->stage, gates->items[index].gate->stage) == 0)
            return true;
    return false;
}

/* The names of gates of that stage, from `first` on. */
static const char *names_of_stage(const struct sheet *sheet, size_t first, const char *stage)
{
    const struct gate_rulings *gates = &sheet->view->verdict->gates;
    const char *names = gates->items[first].gate->name;
    size_t count = 1;
    for (size_t i = first + 1; i < gates->count; i++)
        if (gates->items[i].other_stage && strcmp(gates->items[i].gate->stage, stage) == 0 &&
            count++ < MOST_NAMES)
            names = arena_printf(sheet->mem, "%s, %s", names, gates->items[i].gate->name);
    if (count > MOST_NAMES)
        names = arena_printf(sheet->mem, "%s and %zu more", names, count - MOST_NAMES);
    return names;
}

/* One line for each other stage. */
static void put_other_stages(struct sheet *sheet)
{
    const struct gate_rulings *gates = &sheet->view->verdict->gates;
    for (size_t i = 0; i < gates->count; i++) {
        const char *stage = gates->items[i].gate->stage;
        if (!gates->items[i].other_stage || is_named(gates, i))
            continue;
        sheet_folding_gap(sheet);
        page_row(&sheet->page, 0, &sheet_marks[OUTCOME_NOT_APPLICABLE],
                 names_of_stage(sheet, i, stage),
                 arena_printf(sheet->mem, "stage %s, not judged here", stage));
    }
}

static size_t count_warnings(const struct sources *sources)
{
    size_t count = 0;
    for (size_t i = 0; i < sources->count; i++)
        count += sources->items[i].warnings.count;
    return count;
}

/* What the readers want said of the reports. */
static void put_warnings(struct sheet *sheet)
{
    const struct sources *sources = &sheet->view->evidence->sources;
    size_t left = count_warnings(sources);
    if (left == 0)
        return;
    size_t room = sheet->view->verbose || left <= MOST_WARNINGS ? left : MOST_WARNINGS;
    sheet_gap(sheet);
    for (size_t i = 0; i < sources->count; i++)
        for (size_t j = 0; j < sources->items[i].warnings.count && room > 0; j++, room--, left--)
            page_row(&sheet->page, 0, &sheet_marks[OUTCOME_WARNED],
                     arena_printf(sheet->mem, "report %s: %s", sources->items[i].name,
                                  sources->items[i].warnings.items[j]),
                     "");
    if (left > 0)
        page_paragraph(&sheet->page, 2, "",
                       arena_printf(sheet->mem, "… and %s more about reports (say --verbose)",
                                    words_count(sheet->mem, left, "warning")));
}

/* "CVE-1 in zlib (.qgate.yml:14, payments)" */
static const char *waiver_name(const struct sheet *sheet, const struct waiver *waiver)
{
    const char *what = waiver->id != NULL ? waiver->id : waiver->gate;
    const char *in = waiver->package != NULL ? waiver->package : waiver->path;
    return arena_printf(sheet->mem, "waiver of %s%s%s (%s:%u, %s)", what, in != NULL ? " in " : "",
                        in != NULL ? in : "", waiver->at.file, waiver->at.line, waiver->owner);
}

/* Waivers that someone should look at. */
static void put_waivers(struct sheet *sheet)
{
    const struct waiver_rulings *waivers = &sheet->view->verdict->waivers;
    bool begun = false;
    for (size_t i = 0; i < waivers->count; i++) {
        const char *words = words_waiver(sheet->mem, &waivers->items[i]);
        if (*words == '\0')
            continue;
        if (!begun)
            sheet_gap(sheet);
        begun = true;
        bool fine = waivers->items[i].state == WAIVER_COUNTS && waivers->items[i].used > 0;
        page_row(&sheet->page, 0, &sheet_marks[fine ? OUTCOME_WAIVED : OUTCOME_WARNED],
                 waiver_name(sheet, waivers->items[i].waiver), words);
    }
}

/* Exceptions that come from outside the repository are said in every output. */
static void put_environment(const struct sheet *sheet)
{
    const struct policy_origins *origins = &sheet->view->policy->origins;
    const struct waivers *waivers = &sheet->view->policy->waivers;
    size_t count = 0;
    for (size_t i = 0; i < waivers->count; i++)
        count += waivers->items[i].from_environment;
    for (size_t i = 0; i < origins->count; i++)
        if (strcmp(origins->items[i].role, "waivers") == 0)
            page_lead_row(&sheet->page, "waivers", "",
                          arena_printf(sheet->mem, "%zu added by QGATE_WAIVERS: %s", count,
                                       origins->items[i].name),
                          "");
}

/* What this branch would make of the policy, and what else somebody should look at. */
static void put_notices(struct sheet *sheet)
{
    const struct view *view = sheet->view;
    size_t count = view->differences == NULL ? 0 : view->differences->count, shown = 0;
    size_t most = view->quiet ? 0 : view->verbose ? count : MOST_DIFFERENCES;
    const struct mark *mark = &sheet_marks[OUTCOME_WARNED];
    if (count > 0)
        page_row(&sheet->page, 0, mark,
                 arena_printf(sheet->mem, "this branch %s; %s judged (qgate validate --against %s)",
                              words_differences(sheet->mem, view->differences),
                              strcmp(view->policy_from, "target") == 0
                                  ? arena_printf(sheet->mem, "%s's", view->target)
                                  : "its own",
                              view->target),
                 "");
    for (; shown < count && shown < most; shown++) {
        const struct difference *difference = &view->differences->items[shown];
        page_paragraph(&sheet->page, 2,
                       arena_printf(sheet->mem, "%-11s", difference_name(difference->kind)),
                       words_difference(sheet->mem, difference));
    }
    if (shown < count && !view->quiet)
        page_paragraph(&sheet->page, 2, "",
                       arena_printf(sheet->mem, "… and %zu more (say --verbose)", count - shown));
    for (size_t i = 0; view->notices != NULL && i < view->notices->count; i++)
        page_row(&sheet->page, 0, mark, view->notices->items[i], "");
}

/* The first steps of a failing run, once more where the log ends; a single one stands just above.
 */
static void put_next(const struct sheet *sheet)
{
    struct words first = {0};
    size_t count = words_steps(sheet->mem, sheet->view->verdict, &first);
    if (count < 2)
        return;
    const char *text = first.items[0];
    for (size_t i = 1; i < first.count; i++)
        text = arena_printf(sheet->mem, "%s; %s", text, first.items[i]);
    if (count > first.count)
        text = arena_printf(sheet->mem, "%s; and %zu more", text, count - first.count);
    page_lead_row(&sheet->page, "next", "", text, "");
}

static void put_outcome_line(const struct sheet *sheet)
{
    static const char *const colours[OUTCOME_COUNT] = {
        [OUTCOME_PASSED] = GREEN BOLD,
        [OUTCOME_NO_DATA] = YELLOW BOLD,
        [OUTCOME_ERROR] = RED BOLD,
        [OUTCOME_FAILED] = RED BOLD,
    };
    const struct view *view = sheet->view;
    enum outcome outcome = view->verdict->outcome;
    const char *word = outcome_name(outcome), *colour = colours[outcome];
    const char *text = words_run(sheet->mem, view->verdict);
    if (view_fails_by_warning(view)) {
        word = outcome_name(OUTCOME_WARNED);
        colour = RED BOLD;
        text = arena_printf(sheet->mem, "%s · --strict: a warning fails", text);
    }
    page_lead_row(&sheet->page, word, colour, text,
                  arena_printf(sheet->mem, "exit %d", view->status));
}

static void put_sheet(struct sheet *sheet)
{
    const struct view *view = sheet->view;
    if (!view->quiet)
        put_head(sheet);
    sheet_gates(sheet);
    if (!view->quiet) {
        put_other_stages(sheet);
        put_waivers(sheet);
        put_warnings(sheet);
    }
    sheet_gap(sheet);
    if (*view->verdict->reason != '\0')
        page_row(&sheet->page, 0, &sheet_marks[view->verdict->outcome], view->verdict->reason, "");
    put_notices(sheet);
    put_environment(sheet);
    put_next(sheet);
    put_outcome_line(sheet);
}

static bool render_terminal(const struct view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    size_t columns = view->columns < LEAST_COLUMNS  ? LEAST_COLUMNS
                     : view->columns > MOST_COLUMNS ? MOST_COLUMNS
                                                    : view->columns;
    struct sheet sheet = {
        .view = view,
        .page = {out, columns, view->colour, view->utf8},
        .mem = mem,
    };
    put_sheet(&sheet);
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the verdict cannot be written");
}

const struct renderer terminal_renderer = {
    .name = "terminal",
    .title = "plain text for people",
    .render = render_terminal,
};
