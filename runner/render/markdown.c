/* The verdict as GitLab's Markdown: the text of the note in a merge request.
 *
 * The first line is what an e-mail shows, the last line a marker by which the note is found again.
 * Text of reports and policies stands in code spans, every line begins with a character of ours
 * that is not `/`, so that none is a quick action, and cuts fall between rows. */
#include "runner/render/markdown.h"

#include <inttypes.h>
#include <string.h>

#include "runner/render/escape.h"
#include "runner/render/words.h"
#include "runner/workplace.h"

enum {
    MOST_NAMES = 12,  /* of gates in one sentence */
    MOST_FAILING = 3, /* of gates in the first line */
};

/* A list of names under way, as a part of a sentence. */
struct names_list {
    const char *text;
    size_t count, most;
};

static void add_name(struct note *note, struct names_list *list, const char *before,
                     const char *name)
{
    if (list->count++ < list->most)
        list->text = arena_printf(note->mem, "%s%s%s%s", list->text, list->count > 1 ? ", " : "",
                                  before, escape_span(note->mem, name));
}

static const char *names_of(struct note *note, const struct names_list *list)
{
    if (list->count <= list->most)
        return list->text;
    return arena_printf(note->mem, "%s and %zu more", list->text, list->count - list->most);
}

/* Gates judged here, and reports that no rule reads, with this outcome; "" for none. */
static const char *judged_names(struct note *note, enum outcome outcome, size_t most)
{
    struct names_list list = {.text = "", .most = most};
    const struct verdict *verdict = note->view->verdict;
    for (size_t i = 0; i < verdict->gates.count; i++)
        if (!verdict->gates.items[i].other_stage && verdict->gates.items[i].outcome == outcome)
            add_name(note, &list, "", verdict->gates.items[i].gate->name);
    for (size_t i = 0; i < verdict->reports.count; i++)
        if (verdict->reports.items[i].outcome == outcome)
            add_name(note, &list, "report ", verdict->reports.items[i].source->name);
    return names_of(note, &list);
}

static const char *other_names(struct note *note)
{
    struct names_list list = {.text = "", .most = MOST_NAMES};
    const struct gate_rulings *gates = &note->view->verdict->gates;
    for (size_t i = 0; i < gates->count; i++)
        if (gates->items[i].other_stage)
            add_name(note, &list, "", gates->items[i].gate->name);
    return names_of(note, &list);
}

/* The waiver used here that ends first, when someone should know of it. */
static void put_next_waiver(struct note *note)
{
    enum { SOON = 14 };
    const struct waiver_rulings *waivers = &note->view->verdict->waivers;
    int32_t days = SOON + 1;
    for (size_t i = 0; i < waivers->count; i++)
        if (waivers->items[i].used > 0 && waivers->items[i].days_left < days)
            days = waivers->items[i].days_left;
    if (days <= SOON)
        fprintf(note->out, " A waiver ends in %s.", words_count(note->mem, (size_t)days, "day"));
}

/* There is a target, but it is not its policy that judged. */
static bool is_judged_by_itself(const struct view *view)
{
    return view->target != NULL && strcmp(view->policy_from, "target") != 0 &&
           strcmp(view->policy_from, "built-in") != 0;
}

/* "To pass: `make 3 tests pass`; `update openssl`; and 2 more." */
static void put_steps(struct note *note)
{
    struct words first = {0};
    size_t count = words_steps(note->mem, note->view->verdict, &first);
    for (size_t i = 0; i < first.count; i++)
        fprintf(note->out, "%s%s", i == 0 ? " To pass: " : "; ",
                escape_span(note->mem, first.items[i]));
    if (count > first.count)
        fprintf(note->out, "; and %zu more", count - first.count);
    if (count > 0)
        fputc('.', note->out);
}

/* The first rule judged here whose text begins so, and what it said; NULL: none. */
static const struct ruling *ruling_on(const struct verdict *verdict, const char *beginning)
{
    for (size_t i = 0; i < verdict->gates.count; i++) {
        const struct gate_ruling *gate = &verdict->gates.items[i];
        for (size_t j = 0; !gate->other_stage && j < gate->rulings.count; j++) {
            const struct ruling *ruling = &gate->rulings.items[j];
            if (ruling->each == NULL && ruling->value.kind == VALUE_NUMBER &&
                strncmp(ruling->rule->text, beginning, strlen(beginning)) == 0)
                return ruling;
        }
    }
    return NULL;
}

/* "50 of 52 lines", where it is known. */
static void put_parts(struct note *note, const struct value *value)
{
    if (value->has_parts)
        fprintf(note->out, " (%" PRIu64 " of %" PRIu64 " lines)", value->part, value->whole);
}

/* " New code is 96.2 % tested (50 of 52 lines), coverage 81.6 % (+0.1 pp).": when all is well this
 * line is all that one reads. */
static void put_coverage(struct note *note)
{
    const struct verdict *verdict = note->view->verdict;
    const struct ruling *new = ruling_on(verdict, "new(coverage.lines) ");
    const struct ruling *all = ruling_on(verdict, "coverage.lines ");
    if (new != NULL) {
        fprintf(note->out, " New code is %s tested", ruling_text(new, note->mem));
        put_parts(note, &new->value);
        fputs(all == NULL ? "." : ", coverage", note->out);
    } else if (all != NULL)
        fputs(" Coverage is", note->out);
    if (all == NULL)
        return;
    fprintf(note->out, " %s", ruling_text(all, note->mem));
    const char *change = ruling_change(all, note->mem);
    if (*change != '\0')
        fprintf(note->out, " (%s)", change);
    fputc('.', note->out);
}

static void put_first_line(struct note *note)
{
    const struct view *view = note->view;
    const struct verdict *verdict = view->verdict;
    bool passed = verdict->outcome == OUTCOME_PASSED;
    bool strict = view_fails_by_warning(view);
    const char *names = passed ? "" : judged_names(note, verdict->outcome, MOST_FAILING);
    fprintf(note->out, "**qgate: %s.** ", outcome_name(strict ? OUTCOME_WARNED : verdict->outcome));
    if (strcmp(view->stage, "build") != 0)
        fprintf(note->out, "Stage %s: ", escape_span(note->mem, view->stage));
    fprintf(note->out, "%s%s%s.", names, *names == '\0' ? "" : ": ", words_run(note->mem, verdict));
    if (strict)
        fputs(" `--strict`: a warning fails.", note->out);
    if (verdict->outcome == OUTCOME_NO_DATA || verdict->outcome == OUTCOME_ERROR)
        fputs(" Nothing failed, but nothing proves that it is good.", note->out);
    if (*verdict->reason != '\0')
        fprintf(note->out, " %s", escape_span(note->mem, verdict->reason));
    if (passed && !strict)
        put_coverage(note);
    put_steps(note);
    if (is_judged_by_itself(view))
        fputs(" Judged by its own policy.", note->out);
    put_next_waiver(note);
    fputs("\n\n", note->out);
}

/* The gates that want no attention, one sentence for each kind. */
static void put_calm(struct note *note)
{
    const struct {
        const char *lead, *names;
    } kinds[] = {
        {"Passed", judged_names(note, OUTCOME_PASSED, MOST_NAMES)},
        {"Waived", judged_names(note, OUTCOME_WAIVED, MOST_NAMES)},
        {"Not applicable", judged_names(note, OUTCOME_NOT_APPLICABLE, MOST_NAMES)},
        {"Judged at another stage", other_names(note)},
    };
    const char *space = "";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (*kinds[i].names != '\0') {
            fprintf(note->out, "%s%s: %s.", space, kinds[i].lead, kinds[i].names);
            space = " ";
        }
    if (*space != '\0')
        fputs("\n\n", note->out);
}

/* Exceptions that come from outside the repository are said in every output. */
static void put_environment(struct note *note)
{
    const struct policy *policy = note->view->policy;
    size_t count = 0;
    for (size_t i = 0; i < policy->waivers.count; i++)
        count += policy->waivers.items[i].from_environment;
    for (size_t i = 0; i < policy->origins.count; i++)
        if (strcmp(policy->origins.items[i].role, "waivers") == 0)
            fprintf(note->out, "%s added by `QGATE_WAIVERS`: %s\n\n",
                    words_count(note->mem, count, "waiver"),
                    escape_span(note->mem, policy->origins.items[i].name));
}

/* Words that a shell takes as they stand. */
static bool is_plain(struct note *note, const char *text)
{
    return strcmp(escape_percent(note->mem, text), text) == 0;
}

/* The command that says the same at home; from a verdict that may be anybody's no other one. */
static void put_command(struct note *note)
{
    const struct view *view = note->view;
    const char *policy = view->policy->path;
    bool build = strcmp(view->stage, "build") == 0;
    bool usual = strcmp(policy, POLICY_FILE) == 0 || strcmp(view->policy_from, "built-in") == 0;
    if (view->target == NULL || !is_plain(note, view->target) ||
        (!usual && !is_plain(note, policy)) || !is_plain(note, view->stage))
        return;
    fprintf(note->out, " Try it at home: `qgate check --target origin/%s%s%s%s%s`.", view->target,
            usual ? "" : " --policy ", usual ? "" : policy, build ? "" : " --stage ",
            build ? "" : view->stage);
}

static void put_footer(struct note *note)
{
    const struct view *view = note->view;
    const char *policy = arena_printf(note->mem, "%s%s", view->policy_origin,
                                      words_origins(note->mem, &view->policy->origins));
    fputs("<sub>", note->out);
    if (*view->commit != '\0')
        fprintf(note->out, "Commit %s, policy ",
                escape_span(note->mem, arena_printf(note->mem, "%.12s", view->commit)));
    else
        fputs("Policy ", note->out);
    fprintf(note->out, "%s. Read: %s.", escape_span(note->mem, policy),
            words_read(note->mem, view->evidence));
    if (view->baseline != NULL)
        fprintf(note->out, " Compared with %s.", escape_span(note->mem, view->baseline));
    if (escape_is_address(view->job_url))
        fprintf(note->out, " [Job](%s).", view->job_url);
    put_command(note);
    fprintf(note->out, "</sub>\n<!-- qgate:note v1 policy=%s stage=%s -->\n",
            escape_percent(note->mem, view->policy->path), escape_percent(note->mem, view->stage));
}

bool markdown_write(const struct view *view, size_t room, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct note note = {view, out, mem, room};
    put_first_line(&note);
    put_environment(&note);
    if (note_problems(&note))
        put_calm(&note);
    note_rules(&note);
    note_waivers(&note);
    note_differences(&note);
    note_notices(&note);
    note_warnings(&note);
    put_footer(&note);
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the verdict cannot be written");
}

static bool render_markdown(const struct view *view, FILE *out, struct error *err)
{
    return markdown_write(view, MARKDOWN_ROOM, out, err);
}

const struct renderer markdown_renderer = {
    .name = "markdown",
    .title = "the note for a merge request of GitLab",
    .render = render_markdown,
};
