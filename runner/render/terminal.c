/* The verdict for people, in a terminal or a job log: what failed first, the outcome last, because
 * that is where a log is open. */
#include <inttypes.h>
#include <string.h>

#include "runner/exit.h"
#include "runner/render/page.h"
#include "runner/render/render.h"
#include "runner/render/words.h"

enum {
    MOST_DETAILS = 5,  /* of a rule */
    MOST_WARNINGS = 5, /* of all reports */
    MOST_STEPS = 3,    /* behind `next` */
    MOST_NAMES = 12,   /* gates of another stage */
    LEAST_COLUMNS = 80,
    MOST_COLUMNS = 120,
    RULE_INDENT = 2,
    DETAIL_INDENT = 6,
};

#define RED "31"
#define GREEN "32"
#define YELLOW "33"
#define BOLD ";1"

static const struct mark marks[OUTCOME_COUNT] = {
    [OUTCOME_PASSED] = {"✓", "+", GREEN},   [OUTCOME_NOT_APPLICABLE] = {"-", "-", ""},
    [OUTCOME_WAIVED] = {"~", "~", YELLOW},  [OUTCOME_WARNED] = {"!", "!", YELLOW},
    [OUTCOME_NO_DATA] = {"?", "?", YELLOW}, [OUTCOME_ERROR] = {"✗", "x", RED},
    [OUTCOME_FAILED] = {"✗", "x", RED},
};

/* One rendering. */
struct sheet {
    const struct view *view;
    struct page page;
    struct arena *mem; /* until the sheet is written */
    size_t sections;   /* of a GitLab log, so far */
    bool begun;        /* something stands above */
    bool folding;      /* gates of one line each stand just above */
};

/* Worst first, but what does not apply last. */
static const enum outcome display_order[] = {
    OUTCOME_FAILED, OUTCOME_ERROR,  OUTCOME_NO_DATA,        OUTCOME_WARNED,
    OUTCOME_WAIVED, OUTCOME_PASSED, OUTCOME_NOT_APPLICABLE,
};

/* An empty line between what stands above and what follows. */
static void put_gap(struct sheet *sheet)
{
    if (sheet->begun)
        fputc('\n', sheet->page.out);
    sheet->begun = true;
}

/* The same before the first of several gates of one line each. */
static void put_folding_gap(struct sheet *sheet)
{
    if (!sheet->folding)
        put_gap(sheet);
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

static void put_head(struct sheet *sheet)
{
    put_gap(sheet);
    const struct view *view = sheet->view;
    const char *text = arena_printf(sheet->mem, "policy %s", view->policy_origin);
    if (*view->commit != '\0')
        text = arena_printf(sheet->mem, "%s   commit %.12s", text, view->commit);
    if (strcmp(view->stage, "build") != 0)
        text = arena_printf(sheet->mem, "%s   stage %s", text, view->stage);
    page_paragraph(&sheet->page, 0, "qgate " QGATE_VERSION "   ", text);
    page_lead_row(&sheet->page, "read", "", words_read(sheet->mem, view->evidence), "");
    if (view->verbose)
        put_files(sheet);
}

/* The width of the column of subjects: as wide as the widest that leaves half a line for its text.
 */
static size_t subject_column(const struct sheet *sheet, const struct details *details, size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t width = page_width(&sheet->page, details->items[i].subject);
        if (width > most && width <= (sheet->page.columns - DETAIL_INDENT) * 3 / 5)
            most = width;
    }
    return most;
}

static void put_details(const struct sheet *sheet, const struct details *details)
{
    bool verbose = sheet->view->verbose;
    size_t shown = verbose || details->count <= MOST_DETAILS ? details->count : MOST_DETAILS;
    size_t column = subject_column(sheet, details, shown);
    for (size_t i = 0; i < shown; i++)
        page_pair(&sheet->page, DETAIL_INDENT, column, details->items[i].subject,
                  words_detail(sheet->mem, &details->items[i]), verbose);
    if (shown < details->count)
        page_paragraph(&sheet->page, DETAIL_INDENT, "",
                       arena_printf(sheet->mem,
                                    "… and %zu more (say --verbose, or see the json output)",
                                    details->count - shown));
}

static void put_ruling(const struct sheet *sheet, const struct ruling *ruling)
{
    const struct page *page = &sheet->page;
    const char *text = ruling->rule->text;
    if (ruling->each != NULL)
        text = arena_printf(sheet->mem, "%s for %s", text, ruling->each);
    page_row(page, RULE_INDENT, &marks[ruling->outcome], text, words_ruling(sheet->mem, ruling));
    if (*ruling->reason != '\0')
        page_paragraph(page, DETAIL_INDENT, "", ruling->reason);
    put_details(sheet, &ruling->details);
    if (ruling->outcome >= OUTCOME_NO_DATA && *ruling->to_pass != '\0')
        page_paragraph(page, DETAIL_INDENT, "to pass: ", ruling->to_pass);
    if (ruling->outcome >= OUTCOME_WARNED && ruling->rule->why != NULL)
        page_paragraph(page, DETAIL_INDENT, "why: ", ruling->rule->why);
}

/* The rules of a gate, worst first; those that want no attention only when all are wanted. */
static void put_rulings(const struct sheet *sheet, const struct rulings *rulings, bool all)
{
    for (size_t o = 0; o < OUTCOME_COUNT; o++)
        for (size_t i = 0; i < rulings->count; i++)
            if (rulings->items[i].outcome == display_order[o] &&
                (all || display_order[o] >= OUTCOME_NO_DATA))
                put_ruling(sheet, &rulings->items[i]);
}

static void put_gate_line(const struct sheet *sheet, const struct gate_ruling *gate)
{
    page_row(&sheet->page, 0, &marks[gate->outcome], gate->gate->name,
             words_gate(sheet->mem, gate));
}

/* A gate that wants attention, with its rules. */
static void put_gate(struct sheet *sheet, const struct gate_ruling *gate)
{
    put_gap(sheet);
    put_gate_line(sheet, gate);
    if (gate->gate->why != NULL)
        page_paragraph(&sheet->page, RULE_INDENT, "why: ", gate->gate->why);
    put_rulings(sheet, &gate->rulings, !sheet->view->quiet);
}

/* A gate that passed: one line, its rules on demand. Section names are ours: GitLab takes few
 * characters, and a policy's must not end one section and begin another. */
static void put_quiet_gate(struct sheet *sheet, const struct gate_ruling *gate)
{
    const struct view *view = sheet->view;
    FILE *out = sheet->page.out;
    size_t section = ++sheet->sections;
    put_folding_gap(sheet);
    if (view->gitlab)
        fprintf(out, "\033[0Ksection_start:%" PRId64 ":qgate_gate_%zu[collapsed=true]\r\033[0K",
                view->now_s, section);
    put_gate_line(sheet, gate);
    if (view->gitlab || view->verbose)
        put_rulings(sheet, &gate->rulings, true);
    else /* what is not judged is said, what passed is not */
        for (size_t i = 0; i < gate->rulings.count; i++)
            if (gate->rulings.items[i].outcome == OUTCOME_WAIVED)
                put_ruling(sheet, &gate->rulings.items[i]);
    if (view->gitlab)
        fprintf(out, "\033[0Ksection_end:%" PRId64 ":qgate_gate_%zu\r\033[0K", view->now_s,
                section);
}

static void put_report(struct sheet *sheet, const struct report_ruling *report)
{
    const struct page *page = &sheet->page;
    const struct input_records *inputs = &report->source->inputs;
    put_gap(sheet);
    page_row(page, 0, &marks[report->outcome],
             arena_printf(sheet->mem, "report %s", report->source->name),
             outcome_name(report->outcome));
    page_paragraph(page, DETAIL_INDENT, "", report->reason);
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->items[i].error != NULL)
            page_pair(page, DETAIL_INDENT, 0, inputs->items[i].path,
                      words_error(sheet->mem, inputs->items[i].error), sheet->view->verbose);
    if (*report->to_pass != '\0')
        page_paragraph(page, DETAIL_INDENT, "to pass: ", report->to_pass);
}

/* Gates and unread reports with this outcome. */
static void put_outcome(struct sheet *sheet, enum outcome outcome)
{
    const struct verdict *verdict = sheet->view->verdict;
    for (size_t i = 0; i < verdict->gates.count; i++) {
        const struct gate_ruling *gate = &verdict->gates.items[i];
        if (gate->other_stage || gate->outcome != outcome)
            continue;
        if (outcome >= OUTCOME_WARNED)
            put_gate(sheet, gate);
        else
            put_quiet_gate(sheet, gate);
    }
    for (size_t i = 0; i < verdict->reports.count; i++)
        if (verdict->reports.items[i].outcome == outcome)
            put_report(sheet, &verdict->reports.items[i]);
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
        put_folding_gap(sheet);
        page_row(&sheet->page, 0, &marks[OUTCOME_NOT_APPLICABLE], names_of_stage(sheet, i, stage),
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
    put_gap(sheet);
    for (size_t i = 0; i < sources->count; i++)
        for (size_t j = 0; j < sources->items[i].warnings.count && room > 0; j++, room--, left--)
            page_row(&sheet->page, 0, &marks[OUTCOME_WARNED],
                     arena_printf(sheet->mem, "report %s: %s", sources->items[i].name,
                                  sources->items[i].warnings.items[j]),
                     "");
    if (left > 0)
        page_paragraph(&sheet->page, 2, "",
                       arena_printf(sheet->mem, "… and %s more about reports (say --verbose)",
                                    words_count(sheet->mem, left, "warning")));
}

/* The first steps of a failing run, once more where the log ends; one step stands just above. */
static void put_next(const struct sheet *sheet)
{
    const struct verdict *verdict = sheet->view->verdict;
    const char *text = "";
    size_t steps = 0;
    for (size_t i = 0; i < verdict->gates.count; i++)
        for (size_t j = 0; j < verdict->gates.items[i].rulings.count; j++) {
            const struct ruling *ruling = &verdict->gates.items[i].rulings.items[j];
            if (ruling->outcome != verdict->outcome || *ruling->to_pass == '\0')
                continue;
            if (steps++ < MOST_STEPS)
                text = arena_printf(sheet->mem, "%s%s%s", text, steps > 1 ? "; " : "",
                                    ruling->to_pass);
        }
    if (steps > MOST_STEPS)
        text = arena_printf(sheet->mem, "%s; and %zu more", text, steps - MOST_STEPS);
    if (steps > 1)
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
    if (outcome == OUTCOME_PASSED && view->status == STATUS_FAILED) {
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
    for (size_t o = 0; o < OUTCOME_COUNT; o++)
        if (!view->quiet || display_order[o] >= OUTCOME_NO_DATA)
            put_outcome(sheet, display_order[o]);
    if (!view->quiet) {
        put_other_stages(sheet);
        put_warnings(sheet);
    }
    put_gap(sheet);
    if (*view->verdict->reason != '\0')
        page_row(&sheet->page, 0, &marks[view->verdict->outcome], view->verdict->reason, "");
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
