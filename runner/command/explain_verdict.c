/* A saved verdict for people: why it came out so, and the three things to do first. */
#include <stdlib.h>
#include <string.h>

#include "gates/base/text.h"
#include "runner/command/explain.h"
#include "runner/render/verdict_file.h"
#include "runner/render/words.h"

enum {
    INDENT = 2,
    DEEP = 4,
    SUBJECT_COLUMNS = 36,
    MOST_FIRST = 3,
    MOST_RULES = 50,
    MOST_DETAILS = 10
};

/* A rule, or a required report that no rule reads, that did not pass. */
struct cause {
    const char *name;            /* of the gate or report */
    const struct ruling *ruling; /* NULL: of a report */
    enum outcome outcome;
    const char *reason, *to_pass, *why;
    size_t order; /* in the file */
    size_t alike; /* other causes with the same to_pass, among the first things to do */
};

struct causes ARRAY(struct cause);

/* One verdict that is told. */
struct talk {
    const struct page *page;
    const struct verdict_file *file;
    struct arena *mem;
    struct causes causes; /* the worst first */
    struct causes first;  /* at most MOST_FIRST of them, each with another thing to do */
};

/* What fails in a gate that is waived has not to be done now. */
static void add_gate(struct talk *t, const struct gate_ruling *gate)
{
    for (size_t i = 0; i < gate->rulings.count && gate->outcome != OUTCOME_WAIVED; i++) {
        const struct ruling *ruling = &gate->rulings.items[i];
        if (ruling->outcome >= OUTCOME_WARNED)
            array_push(t->mem, &t->causes,
                       ((struct cause){.name = gate->gate->name,
                                       .ruling = ruling,
                                       .outcome = ruling->outcome,
                                       .reason = ruling->reason,
                                       .to_pass = ruling->to_pass,
                                       .why = text_or_empty(ruling->rule->why)}));
    }
}

/* What is certainly bad first; among those, what is named (a test, a package) before what is not.
 */
static int worst_first(const void *a, const void *b)
{
    const struct cause *p = a, *q = b;
    if (p->outcome != q->outcome)
        return p->outcome > q->outcome ? -1 : 1;
    bool p_named = p->ruling != NULL && p->ruling->details.count > 0;
    bool q_named = q->ruling != NULL && q->ruling->details.count > 0;
    if (p_named != q_named)
        return p_named ? -1 : 1;
    return p->order < q->order ? -1 : 1;
}

static void find_causes(struct talk *t)
{
    const struct verdict *verdict = &t->file->verdict;
    for (size_t i = 0; i < verdict->gates.count; i++)
        add_gate(t, &verdict->gates.items[i]);
    for (size_t i = 0; i < verdict->reports.count; i++) {
        const struct report_ruling *report = &verdict->reports.items[i];
        if (report->outcome >= OUTCOME_WARNED)
            array_push(t->mem, &t->causes,
                       ((struct cause){.name = report->source->name,
                                       .outcome = report->outcome,
                                       .reason = report->reason,
                                       .to_pass = report->to_pass,
                                       .why = ""}));
    }
    for (size_t i = 0; i < t->causes.count; i++)
        t->causes.items[i].order = i;
    if (t->causes.count > 1)
        qsort(t->causes.items, t->causes.count, sizeof *t->causes.items, worst_first);
}

/* "junit (a.xml, b.xml and 7 more)" */
static const char *report_text_of(const struct talk *t, const struct source *report)
{
    enum { SHOWN = 2 };
    const struct input_records *files = &report->inputs;
    const char *paths = "";
    for (size_t i = 0; i < files->count && i < SHOWN; i++)
        paths = arena_printf(t->mem, "%s%s%s", paths, i == 0 ? "" : ", ", files->items[i].path);
    if (files->count == 0)
        return report->name;
    if (files->count > SHOWN)
        paths = arena_printf(t->mem, "%s and %zu more", paths, files->count - SHOWN);
    return arena_printf(t->mem, "%s (%s)", report->name, paths);
}

/* The reports that a value was drawn from. */
static const char *origin_of(const struct talk *t, const struct words *names)
{
    enum { SHOWN = 3 };
    const struct sources *reports = &t->file->evidence.sources;
    const char *text = "";
    for (size_t i = 0; i < names->count && i < SHOWN; i++)
        for (size_t j = 0; j < reports->count; j++) {
            if (strcmp(names->items[i], reports->items[j].name) != 0)
                continue;
            text = arena_printf(t->mem, "%s%s%s", text, *text == '\0' ? "" : ", ",
                                report_text_of(t, &reports->items[j]));
            break;
        }
    return text;
}

static const char *with_each(const struct cause *cause, struct arena *mem)
{
    if (cause->ruling == NULL)
        return "its report";
    const char *rule = cause->ruling->rule->text, *each = cause->ruling->each;
    return each == NULL ? rule : arena_printf(mem, "%s for %s", rule, each);
}

static const char *value_of(const struct cause *cause, struct arena *mem)
{
    return cause->ruling == NULL ? "" : words_value(mem, cause->ruling);
}

/* "unit test: tests.failed == 0 is 3 of 412, from junit (build/unit.xml)" */
static const char *said_of(const struct talk *t, const struct cause *cause)
{
    const char *value = value_of(cause, t->mem);
    const char *origin = cause->ruling == NULL ? "" : origin_of(t, &cause->ruling->value.reports);
    const char *what = arena_printf(t->mem, "%s: %s", cause->name, with_each(cause, t->mem));
    if (*value != '\0')
        what = arena_printf(t->mem, "%s is %s", what, value);
    else
        what = arena_printf(t->mem, "%s: %s", what, outcome_name(cause->outcome));
    if (*origin != '\0')
        what = arena_printf(t->mem, "%s, from %s", what, origin);
    if (cause->alike > 0)
        what = arena_printf(t->mem, "%s; the same for %zu more rule%s", what, cause->alike,
                            cause->alike == 1 ? "" : "s");
    return what;
}

/* Which of the first things to do this cause asks for; their count when none. */
static size_t place_in_first(const struct talk *t, const struct cause *cause)
{
    size_t i = 0;
    while (i < t->first.count && strcmp(t->first.items[i].to_pass, cause->to_pass) != 0)
        i++;
    return i;
}

static void choose_first(struct talk *t)
{
    for (size_t i = 0; i < t->causes.count; i++) {
        const struct cause *cause = &t->causes.items[i];
        size_t same = place_in_first(t, cause);
        if (same < t->first.count)
            t->first.items[same].alike++;
        else if (*cause->to_pass != '\0' && t->first.count < MOST_FIRST)
            array_push(t->mem, &t->first, *cause);
    }
}

static void put_first(const struct talk *t)
{
    const struct causes *first = &t->first;
    if (first->count == 0)
        return;
    fputs("\nto do first\n", t->page->out);
    for (size_t i = 0; i < first->count; i++) {
        page_paragraph(t->page, INDENT, arena_printf(t->mem, "%zu  ", i + 1),
                       first->items[i].to_pass);
        page_paragraph(t->page, INDENT + 3, "", said_of(t, &first->items[i]));
    }
}

static const char *detail_text(const struct talk *t, const struct detail *detail)
{
    const struct finding *finding = detail->finding;
    if (finding == NULL || finding->family == FAMILY_COVERAGE)
        return detail->text;
    return arena_printf(t->mem, "%s  %s%s%s", severity_name(finding->severity),
                        text_or_empty(finding->package), finding->package == NULL ? "" : "  ",
                        detail->text);
}

static void put_details(const struct talk *t, const struct cause *cause)
{
    size_t count = cause->ruling == NULL ? 0 : cause->ruling->details.count;
    for (size_t i = 0; i < count && i < MOST_DETAILS; i++) {
        const struct detail *detail = &cause->ruling->details.items[i];
        page_pair(t->page, DEEP + 2, SUBJECT_COLUMNS, detail->subject, detail_text(t, detail),
                  false);
    }
    if (count > MOST_DETAILS)
        page_paragraph(t->page, DEEP + 2, "",
                       arena_printf(t->mem, "… and %zu more: `qgate check --verbose` lists all",
                                    count - MOST_DETAILS));
}

/* The rule's sentence, when this version can read the rule. */
static const char *in_words(const struct cause *cause, struct arena *mem)
{
    if (cause->ruling == NULL || cause->ruling->rule->selector.measure == NULL)
        return "";
    return rule_words(cause->ruling->rule, mem);
}

static void put_cause(const struct talk *t, const struct cause *cause)
{
    static const struct mark marks[] = {
        [OUTCOME_WARNED] = {"!", "!", "33"},
        [OUTCOME_NO_DATA] = {"?", "?", "33"},
        [OUTCOME_ERROR] = {"?", "?", "31"},
        [OUTCOME_FAILED] = {"✗", "x", "31"},
    };
    const char *value = value_of(cause, t->mem);
    bool said = place_in_first(t, cause) < t->first.count;
    const struct {
        const char *lead, *text;
    } lines[] = {{"wanted: ", in_words(cause, t->mem)},
                 {"because: ", cause->reason},
                 {"to pass: ", said ? "" : cause->to_pass},
                 {"why: ", cause->why}};
    page_row(t->page, INDENT, &marks[cause->outcome],
             arena_printf(t->mem, "%s: %s", cause->name, with_each(cause, t->mem)),
             *value == '\0' ? outcome_name(cause->outcome) : value);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (*lines[i].text != '\0')
            page_paragraph(t->page, DEEP, lines[i].lead, lines[i].text);
        if (i == 0)
            put_details(t, cause);
    }
}

static void put_causes(const struct talk *t)
{
    const struct causes *causes = &t->causes;
    if (causes->count == 0)
        return;
    fputs("\nwhy\n", t->page->out);
    for (size_t i = 0; i < causes->count && i < MOST_RULES; i++)
        put_cause(t, &causes->items[i]);
    if (causes->count > MOST_RULES)
        page_paragraph(t->page, INDENT, "",
                       arena_printf(t->mem, "… and %zu more rules", causes->count - MOST_RULES));
}

static void put_head(const struct talk *t)
{
    char at[32];
    size_t counts[OUTCOME_COUNT] = {0};
    const struct view *view = &t->file->view;
    const struct verdict *verdict = view->verdict;
    const char *text =
        arena_printf(t->mem, "%s: stage %s", outcome_name(verdict->outcome), view->stage);
    for (size_t i = 0; i < t->causes.count; i++)
        counts[t->causes.items[i].outcome]++;
    for (enum outcome o = OUTCOME_FAILED; o >= OUTCOME_WARNED; o--)
        if (counts[o] > 0)
            text = arena_printf(t->mem, "%s · %zu %s", text, counts[o], outcome_name(o));
    if (*view->commit != '\0')
        text = arena_printf(t->mem, "%s · commit %.12s", text, view->commit);
    text = arena_printf(t->mem, "%s · judged %s by %s", text, words_instant(at, view->now_s),
                        view->policy_origin);
    page_paragraph(t->page, 0, "", text);
    if (*verdict->reason != '\0')
        page_paragraph(t->page, INDENT, "", verdict->reason);
    if (t->causes.count == 0 && verdict->outcome == OUTCOME_PASSED)
        page_paragraph(t->page, INDENT, "", "nothing has to be done");
}

bool explain_verdict(const struct page *page, const char *path, struct arena *mem,
                     struct error *err)
{
    struct verdict_file file;
    struct talk talk = {.page = page, .file = &file, .mem = mem};
    if (!verdict_file_read(path, mem, &file, err))
        return false;
    find_causes(&talk);
    choose_first(&talk);
    put_head(&talk);
    put_first(&talk);
    put_causes(&talk);
    return true;
}
