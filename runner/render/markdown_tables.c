/* The tables of the note on what was judged. Each row is a block: when there is no room for it, it
 * is left out and counted. */
#include <string.h>

#include "runner/render/escape.h"
#include "runner/render/markdown.h"
#include "runner/render/words.h"

enum { MOST_PROBLEMS = 100 }; /* rows of the first table */

void put_row(struct listing *list, const char *row)
{
    size_t size = strlen(row);
    if (list->left_out > 0 || list->written == list->most || size > list->note->room) {
        list->left_out++;
        return;
    }
    fputs(row, list->note->out);
    list->note->room -= size;
    list->written++;
}

static void end_table(const struct listing *list, const char *noun)
{
    fputc('\n', list->note->out);
    if (list->left_out > 0)
        fprintf(list->note->out, "… and %s more: the json output has all of them.\n\n",
                words_count(list->note->mem, list->left_out, noun));
}

static const char *given(const char *text)
{
    return text == NULL ? "" : text;
}

const char *cell_behind(struct arena *mem, const char *lead, const char *text)
{
    return text == NULL || *text == '\0' ? ""
                                         : arena_printf(mem, "%s%s", lead, escape_cell(mem, text));
}

static const char *outcome_cell(struct arena *mem, enum outcome outcome)
{
    if (outcome == OUTCOME_WARNED)
        return "warning";
    if (outcome < OUTCOME_WARNED)
        return outcome_name(outcome);
    if (outcome == OUTCOME_NO_DATA)
        return "**no\u00a0data**"; /* one word, so that a narrow column does not break it */
    return arena_printf(mem, "**%s**", outcome_name(outcome));
}

static const char *rule_cell(struct arena *mem, const struct ruling *ruling)
{
    return arena_printf(mem, "%s%s", escape_cell(mem, ruling->rule->text),
                        cell_behind(mem, " for ", ruling->each));
}

/* `text` is the value: numbers are ours; words come from a report, and how a number was taken from
 * a verdict that may be anybody's. */
static const char *value_cell(struct arena *mem, const struct ruling *ruling, const char *text)
{
    bool partly = ruling->outcome == OUTCOME_NO_DATA || ruling->outcome == OUTCOME_ERROR;
    if (*text == '\0')
        return "";
    if (ruling->value.kind == VALUE_WORD || ruling->value.method != NULL)
        text = escape_cell(mem, text);
    if (ruling->value.waived > 0)
        text = arena_printf(mem, "%s, and %llu waived", text,
                            (unsigned long long)ruling->value.waived);
    return partly ? arena_printf(mem, "%s so far", text) : text;
}

/* "critical, `zlib 1.2.11`, fixed in `1.2.13`" */
static const char *finding_cell(struct arena *mem, const struct finding *finding)
{
    const char *package = given(finding->package), *path = given(finding->path);
    const char *version = given(finding->version), *what = given(finding->target);
    if (finding->family == FAMILY_COVERAGE) /* its place is the subject */
        return "";
    if (*package != '\0')
        what = arena_printf(mem, "%s%s%s", package, *version == '\0' ? "" : " ", version);
    else if (*path != '\0' && finding->line > 0)
        what = arena_printf(mem, "%s:%u", path, (unsigned)finding->line);
    else if (*path != '\0')
        what = path;
    return arena_printf(mem, " %s%s%s", severity_name(finding->severity),
                        cell_behind(mem, ", ", what),
                        cell_behind(mem, ", fixed in ", finding->fixed));
}

static const char *detail_cell(struct arena *mem, const struct detail *detail)
{
    return arena_printf(mem, "<br>%s%s%s%s", escape_cell(mem, detail->subject),
                        detail->finding == NULL ? "" : finding_cell(mem, detail->finding),
                        cell_behind(mem, ": ", detail->text),
                        detail->waiver == NULL ? "" : " (waived)");
}

/* What is behind the outcome. The details of an error say more than its reason. */
static const char *cause_cell(struct arena *mem, const struct gate *gate,
                              const struct ruling *ruling)
{
    const struct details *details = &ruling->details;
    bool told = ruling->outcome == OUTCOME_ERROR && details->count > 0;
    const char *text = told ? "" : cell_behind(mem, "<br>", ruling->reason);
    for (size_t i = 0; i < details->count && i < MOST_DETAILS; i++)
        text = arena_printf(mem, "%s%s", text, detail_cell(mem, &details->items[i]));
    if (details->count > MOST_DETAILS)
        text = arena_printf(mem, "%s<br>… and %zu more", text, details->count - MOST_DETAILS);
    const char *why = ruling->rule->why != NULL ? ruling->rule->why : given(gate->why);
    bool judged = ruling->outcome == OUTCOME_FAILED || ruling->outcome == OUTCOME_WARNED;
    return arena_printf(mem, "%s%s", text, judged ? cell_behind(mem, "<br>why: ", why) : "");
}

/* Nothing is shown of it but its reason? */
static bool is_open(const struct ruling *ruling)
{
    return ruling->value.kind == VALUE_NONE && ruling->details.count == 0;
}

/* One report that is not there, or no baseline, answers for all rules that it leaves open. */
static bool same_cause(const struct ruling *a, const struct ruling *b)
{
    bool judged = a->outcome == OUTCOME_FAILED || a->outcome == OUTCOME_WARNED;
    return a->outcome == b->outcome && (!judged || (is_open(a) && is_open(b))) &&
           strcmp(a->reason, b->reason) == 0 && strcmp(a->to_pass, b->to_pass) == 0;
}

/* The next rule with this outcome, from `index` on; rulings->count: there is none. */
static size_t next_with(const struct rulings *rulings, size_t index, enum outcome outcome)
{
    while (index < rulings->count && rulings->items[index].outcome != outcome)
        index++;
    return index;
}

/* The rules from `index` on that share its cause; *next: the first that does not. */
static const char *rules_cell(struct arena *mem, const struct rulings *rulings, size_t index,
                              size_t *next)
{
    enum { MOST_RULES = 20 };
    const struct ruling *first = &rulings->items[index];
    const char *text = rule_cell(mem, first),
               *value = value_cell(mem, first, words_value(mem, first));
    size_t count = 1;
    for (*next = next_with(rulings, index + 1, first->outcome);
         *next < rulings->count && same_cause(first, &rulings->items[*next]);
         *next = next_with(rulings, *next + 1, first->outcome))
        if (++count <= MOST_RULES)
            text = arena_printf(mem, "%s<br>%s", text, rule_cell(mem, &rulings->items[*next]));
    if (count > MOST_RULES)
        return arena_printf(mem, "%s<br>… and %zu more rules", text, count - MOST_RULES);
    if (count > 1 || *value == '\0')
        return text;
    return arena_printf(mem, "%s: **%s**", text, value);
}

/* The rules of a gate with this outcome: a row for each cause. */
static void put_gate_problems(struct listing *list, const struct gate_ruling *gate,
                              enum outcome outcome)
{
    const struct rulings *rulings = &gate->rulings;
    for (size_t i = next_with(rulings, 0, outcome), next; i < rulings->count; i = next) {
        AUTO(close_arena) struct arena *mem = arena_new();
        const struct ruling *ruling = &rulings->items[i];
        const char *rules = rules_cell(mem, rulings, i, &next);
        put_row(list, arena_printf(mem, "| %s | %s | %s%s | %s |\n", outcome_cell(mem, outcome),
                                   escape_cell(mem, gate->gate->name), rules,
                                   cause_cell(mem, gate->gate, ruling),
                                   cell_behind(mem, "", ruling->to_pass)));
    }
}

static void put_report_problem(struct listing *list, const struct report_ruling *report)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct input_records *inputs = &report->source->inputs;
    const char *text = escape_cell(mem, report->reason);
    size_t count = 0;
    for (size_t i = 0; i < inputs->count; i++)
        if (inputs->items[i].error != NULL && count++ < MOST_DETAILS)
            text = arena_printf(mem, "%s<br>%s: %s", text, escape_cell(mem, inputs->items[i].path),
                                escape_cell(mem, words_error(mem, inputs->items[i].error)));
    put_row(list,
            arena_printf(mem, "| %s | report %s | %s | %s |\n", outcome_cell(mem, report->outcome),
                         escape_cell(mem, report->source->name), text,
                         cell_behind(mem, "", report->to_pass)));
}

bool note_problems(struct note *note)
{
    const struct verdict *verdict = note->view->verdict;
    struct listing list = {.note = note, .most = MOST_PROBLEMS};
    if (verdict->gate_counts[OUTCOME_FAILED] + verdict->gate_counts[OUTCOME_ERROR] +
            verdict->gate_counts[OUTCOME_NO_DATA] + verdict->gate_counts[OUTCOME_WARNED] ==
        0)
        return false;
    fputs("| | gate | what is wrong | to pass |\n|---|---|---|---|\n", note->out);
    for (enum outcome o = OUTCOME_FAILED; o >= OUTCOME_WARNED; o--) {
        for (size_t i = 0; i < verdict->gates.count; i++)
            if (verdict->gates.items[i].outcome >= OUTCOME_WARNED)
                put_gate_problems(&list, &verdict->gates.items[i], o);
        for (size_t i = 0; i < verdict->reports.count; i++)
            if (verdict->reports.items[i].outcome == o)
                put_report_problem(&list, &verdict->reports.items[i]);
    }
    end_table(&list, "problem");
    return true;
}

void begin_details(const struct note *note, const char *summary, const char *columns,
                   const char *dashes)
{
    fprintf(note->out, "<details><summary>%s</summary>\n\n%s\n%s\n", summary, columns, dashes);
}

void end_details(const struct listing *list, const char *noun, const char *below)
{
    end_table(list, noun);
    fprintf(list->note->out, "%s</details>\n\n",
            below); /* a blank line ends what is taken for HTML */
}

/* A narrow column breaks a number only beside what it is made of: "50 % (3 of 6 new lines)". */
static const char *unbroken(struct arena *mem, const char *text)
{
    const char *out = "";
    for (const char *space; (space = strchr(text, ' ')) != NULL; text = space + 1) {
        bool breaks = space[1] == '(' || strncmp(space, " new ", 5) == 0;
        out =
            arena_printf(mem, "%s%.*s%s", out, (int)(space - text), text, breaks ? " " : "\u00a0");
    }
    return arena_printf(mem, "%s%s", out, text);
}

/* What the rule is at. Both sides of a difference have columns of their own. */
static const char *rule_value(struct arena *mem, const struct ruling *ruling)
{
    if (ruling->outcome == OUTCOME_NOT_APPLICABLE)
        return cell_behind(mem, "", ruling->reason);
    if (ruling->no_baseline)
        return "no baseline";
    bool compares = ruling->after.kind == VALUE_NUMBER;
    bool plain = ruling->value.kind == VALUE_NUMBER && ruling->value.method == NULL;
    const char *text = compares ? ruling_text_alone(ruling, mem) : words_value(mem, ruling);
    text = value_cell(mem, ruling, text);
    return plain ? unbroken(mem, text) : text;
}

/* `compared`: with the columns of the baseline. */
static void put_rule(struct listing *list, const struct gate_ruling *gate,
                     const struct ruling *ruling, bool compared)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const char *then = "";
    if (compared)
        then = arena_printf(mem, " %s | %s |", unbroken(mem, ruling_before(ruling, mem)),
                            unbroken(mem, ruling_change(ruling, mem)));
    put_row(list, arena_printf(mem, "| %s | %s | %s | %s |%s\n",
                               outcome_cell(mem, words_outcome(gate, ruling)),
                               escape_cell(mem, gate->gate->name), rule_cell(mem, ruling),
                               rule_value(mem, ruling), then));
}

void note_rules(struct note *note)
{
    const struct gate_rulings *gates = &note->view->verdict->gates;
    struct listing list = {.note = note, .most = MOST_ROWS};
    size_t count = 0;
    bool compared = false;
    for (size_t i = 0; i < gates->count; i++)
        for (size_t j = 0; j < gates->items[i].rulings.count; j++, count++)
            compared |= gates->items[i].rulings.items[j].before.kind == VALUE_NUMBER;
    if (count == 0)
        return;
    begin_details(note, arena_printf(note->mem, "All %s", words_count(note->mem, count, "rule")),
                  compared ? "| | gate | rule | value | baseline | change |"
                           : "| | gate | rule | value |",
                  compared ? "|---|---|---|--:|--:|--:|" : "|---|---|---|--:|");
    for (size_t i = 0; i < gates->count; i++)
        for (size_t j = 0; j < gates->items[i].rulings.count; j++)
            put_rule(&list, &gates->items[i], &gates->items[i].rulings.items[j], compared);
    end_details(&list, "rule", "");
}
