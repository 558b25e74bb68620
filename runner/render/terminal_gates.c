#include <inttypes.h>
#include <string.h>

#include "gates/base/day.h"
#include "runner/render/terminal.h"
#include "runner/render/words.h"

enum {
    MOST_DETAILS = 5, /* of a rule */
    RULE_INDENT = 2,
    DETAIL_INDENT = 6,
};

/* Worst first, but what does not apply last. */
static const enum outcome display_order[] = {
    OUTCOME_FAILED, OUTCOME_ERROR,  OUTCOME_NO_DATA,        OUTCOME_WARNED,
    OUTCOME_WAIVED, OUTCOME_PASSED, OUTCOME_NOT_APPLICABLE,
};

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

static void put_rule(const struct sheet *sheet, const struct ruling *ruling)
{
    const char *text = ruling->rule->text;
    if (ruling->each != NULL)
        text = arena_printf(sheet->mem, "%s for %s", text, ruling->each);
    page_row(&sheet->page, RULE_INDENT, &sheet_marks[ruling->outcome], text,
             words_ruling(sheet->mem, ruling));
}

/* What is behind the outcome of the rule above. The details of an error say more than its reason.
 */
static void put_cause(const struct sheet *sheet, const struct ruling *ruling)
{
    const struct page *page = &sheet->page;
    enum outcome outcome = ruling->outcome;
    if (*ruling->reason != '\0' && !(outcome == OUTCOME_ERROR && ruling->details.count > 0))
        page_paragraph(page, DETAIL_INDENT, "", ruling->reason);
    put_details(sheet, &ruling->details);
    if (outcome >= OUTCOME_NO_DATA && *ruling->to_pass != '\0')
        page_paragraph(page, DETAIL_INDENT, "to pass: ", ruling->to_pass);
    if ((outcome == OUTCOME_FAILED || outcome == OUTCOME_WARNED) && ruling->rule->why != NULL)
        page_paragraph(page, DETAIL_INDENT, "why: ", ruling->rule->why);
}

/* One report that is not there answers for all rules that it leaves open. */
static bool same_cause(const struct ruling *a, const struct ruling *b)
{
    bool judged = (a->outcome == OUTCOME_FAILED || a->outcome == OUTCOME_WARNED) &&
                  !(a->no_baseline && b->no_baseline);
    return a->outcome == b->outcome && !judged && strcmp(a->reason, b->reason) == 0 &&
           strcmp(a->to_pass, b->to_pass) == 0;
}

/* The rules of a gate, worst first; those that want no attention only when all are wanted. */
static void put_rulings(const struct sheet *sheet, const struct rulings *rulings, bool all)
{
    const struct ruling *above = NULL;
    for (size_t o = 0; o < OUTCOME_COUNT; o++)
        for (size_t i = 0; i < rulings->count; i++) {
            const struct ruling *ruling = &rulings->items[i];
            if (ruling->outcome != display_order[o] || (!all && ruling->outcome < OUTCOME_NO_DATA))
                continue;
            if (above != NULL && !same_cause(above, ruling))
                put_cause(sheet, above);
            put_rule(sheet, ruling);
            above = ruling;
        }
    if (above != NULL)
        put_cause(sheet, above);
}

static void put_gate_line(const struct sheet *sheet, const struct gate_ruling *gate)
{
    page_row(&sheet->page, 0, &sheet_marks[gate->outcome], gate->gate->name,
             words_gate(sheet->mem, gate));
}

/* A gate that wants attention, with its rules. */
static void put_gate(struct sheet *sheet, const struct gate_ruling *gate)
{
    sheet_gap(sheet);
    put_gate_line(sheet, gate);
    if (gate->gate->why != NULL)
        page_paragraph(&sheet->page, RULE_INDENT, "why: ", gate->gate->why);
    put_rulings(sheet, &gate->rulings, !sheet->view->quiet);
}

static void put_waived_gate(const struct sheet *sheet, const struct waiver *waiver)
{
    char day[48];
    page_paragraph(&sheet->page, RULE_INDENT, "waived: ",
                   arena_printf(sheet->mem, "%s, owner %s, through %s", waiver->reason,
                                waiver->owner, day_text(day, waiver->expires)));
}

/* What did not simply hold: by a waiver, without data, by its tolerance, by an alternative. */
static void put_leniency(const struct sheet *sheet, const struct rulings *rulings)
{
    for (size_t i = 0; i < rulings->count; i++) {
        const struct ruling *ruling = &rulings->items[i];
        bool by_grace = ruling->outcome == OUTCOME_PASSED && *ruling->reason != '\0';
        if (by_grace || ruling->outcome == OUTCOME_WAIVED) {
            put_rule(sheet, ruling);
            put_cause(sheet, ruling);
        }
    }
}

/* A gate that passed: one line, its rules on demand. Section names are ours: GitLab takes few
 * characters, and a policy's must not end one section and begin another. */
static void put_quiet_gate(struct sheet *sheet, const struct gate_ruling *gate)
{
    const struct view *view = sheet->view;
    FILE *out = sheet->page.out;
    size_t section = ++sheet->sections;
    sheet_folding_gap(sheet);
    if (view->gitlab)
        fprintf(out, "\033[0Ksection_start:%" PRId64 ":qgate_gate_%zu[collapsed=true]\r\033[0K",
                view->now_s, section);
    put_gate_line(sheet, gate);
    if (gate->waiver != NULL)
        put_waived_gate(sheet, gate->waiver);
    if (view->gitlab || view->verbose)
        put_rulings(sheet, &gate->rulings, true);
    else
        put_leniency(sheet, &gate->rulings);
    if (view->gitlab)
        fprintf(out, "\033[0Ksection_end:%" PRId64 ":qgate_gate_%zu\r\033[0K", view->now_s,
                section);
}

static void put_report(struct sheet *sheet, const struct report_ruling *report)
{
    const struct page *page = &sheet->page;
    const struct input_records *inputs = &report->source->inputs;
    sheet_gap(sheet);
    page_row(page, 0, &sheet_marks[report->outcome],
             arena_printf(sheet->mem, "report %s", report->source->name),
             outcome_name(report->outcome));
    if (report->outcome != OUTCOME_ERROR)
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

void sheet_gates(struct sheet *sheet)
{
    for (size_t o = 0; o < OUTCOME_COUNT; o++)
        if (!sheet->view->quiet || display_order[o] >= OUTCOME_NO_DATA)
            put_outcome(sheet, display_order[o]);
}
