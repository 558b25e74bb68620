/* A saved verdict for people: why it came out so, and the three things to do first. */
#include <string.h>

#include "runner/command/explain.h"
#include "runner/command/saved.h"

enum {
    INDENT = 2,
    DEEP = 4,
    SUBJECT_COLUMNS = 36,
    MOST_FIRST = 3,
    MOST_RULES = 50,
    MOST_DETAILS = 10
};

/* One verdict that is told. */
struct talk {
    const struct page *page;
    const struct saved *saved;
    struct arena *mem;
    struct causes first; /* at most MOST_FIRST of them, each with another thing to do */
};

/* "junit (a.xml, b.xml and 7 more files)" */
static const char *report_text_of(const struct talk *t, const json_t *report)
{
    enum { SHOWN = 2 };
    const json_t *files = json_object_get(report, "files");
    const char *name = json_string_value(json_object_get(report, "name")), *paths = "";
    size_t count = json_array_size(files), shown = 0;
    for (size_t i = 0; i < count && shown < SHOWN; i++) {
        const char *path = json_string_value(json_object_get(json_array_get(files, i), "path"));
        if (path != NULL)
            paths = arena_printf(t->mem, "%s%s%s", paths, shown++ == 0 ? "" : ", ", path);
    }
    if (shown == 0)
        return name;
    if (count > shown)
        paths = arena_printf(t->mem, "%s and %zu more", paths, count - shown);
    return arena_printf(t->mem, "%s (%s)", name, paths);
}

static const char *origin_of(const struct talk *t, const json_t *names)
{
    const json_t *reports = json_object_get(t->saved->root, "reports"), *report;
    const char *text = "";
    size_t i, j;
    const json_t *name;
    json_array_foreach(names, i, name)
    {
        const char *wanted = json_string_value(name);
        json_array_foreach(reports, j, report)
        {
            const char *is = json_string_value(json_object_get(report, "name"));
            if (wanted == NULL || is == NULL || strcmp(wanted, is) != 0)
                continue;
            text = arena_printf(t->mem, "%s%s%s", text, *text == '\0' ? "" : ", ",
                                report_text_of(t, report));
            break;
        }
        if (i == 2)
            break;
    }
    return text;
}

static const char *with_each(const struct cause *cause, struct arena *mem)
{
    const char *rule = *cause->rule == '\0' ? "its report" : cause->rule;
    return *cause->each == '\0' ? rule : arena_printf(mem, "%s for %s", rule, cause->each);
}

/* "unit test: tests.failed == 0 is 3 of 412, from junit (build/unit.xml)" */
static const char *said_of(const struct talk *t, const struct cause *cause)
{
    const char *origin = origin_of(t, cause->reports);
    const char *what = arena_printf(t->mem, "%s: %s", cause->gate, with_each(cause, t->mem));
    if (*cause->value != '\0')
        what = arena_printf(t->mem, "%s is %s", what, cause->value);
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
    for (size_t i = 0; i < t->saved->causes.count; i++) {
        const struct cause *cause = &t->saved->causes.items[i];
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

static void put_details(const struct talk *t, const struct cause *cause)
{
    size_t count = json_array_size(cause->details);
    for (size_t i = 0; i < count && i < MOST_DETAILS; i++) {
        const json_t *detail = json_array_get(cause->details, i);
        const json_t *finding = json_object_get(detail, "finding");
        const char *subject = json_string_value(json_object_get(detail, "subject"));
        const char *text = json_string_value(json_object_get(detail, "text"));
        const char *family = json_string_value(json_object_get(finding, "family"));
        const char *severity = json_string_value(json_object_get(finding, "severity"));
        if (family != NULL && strcmp(family, family_name(FAMILY_COVERAGE)) == 0)
            severity = NULL;
        const char *package = json_string_value(json_object_get(finding, "package"));
        text = arena_printf(t->mem, "%s%s%s%s%s", severity == NULL ? "" : severity,
                            severity == NULL ? "" : "  ", package == NULL ? "" : package,
                            package == NULL ? "" : "  ", text == NULL ? "" : text);
        page_pair(t->page, DEEP + 2, SUBJECT_COLUMNS, subject == NULL ? "" : subject, text, false);
    }
    if (count > MOST_DETAILS)
        page_paragraph(t->page, DEEP + 2, "",
                       arena_printf(t->mem, "… and %zu more: `qgate check --verbose` lists all",
                                    count - MOST_DETAILS));
}

/* The rule's sentence, when this version can read the rule. */
static const char *in_words(const struct cause *cause, struct arena *mem)
{
    struct problems found;
    problems_init(&found, mem);
    const struct rule *rule = rule_parse(cause->rule, (struct place){"", 1, 1}, mem, &found);
    return rule == NULL ? "" : rule_words(rule, mem);
}

static void put_cause(const struct talk *t, const struct cause *cause)
{
    static const struct mark marks[] = {
        [OUTCOME_WARNED] = {"!", "!", "33"},
        [OUTCOME_NO_DATA] = {"?", "?", "33"},
        [OUTCOME_ERROR] = {"?", "?", "31"},
        [OUTCOME_FAILED] = {"✗", "x", "31"},
    };
    const char *value = *cause->value == '\0' ? outcome_name(cause->outcome) : cause->value;
    bool said = place_in_first(t, cause) < t->first.count;
    const struct {
        const char *lead, *text;
    } lines[] = {{"wanted: ", in_words(cause, t->mem)},
                 {"because: ", cause->reason},
                 {"to pass: ", said ? "" : cause->to_pass},
                 {"why: ", cause->why}};
    page_row(t->page, INDENT, &marks[cause->outcome],
             arena_printf(t->mem, "%s: %s", cause->gate, with_each(cause, t->mem)), value);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (*lines[i].text != '\0')
            page_paragraph(t->page, DEEP, lines[i].lead, lines[i].text);
        if (i == 0)
            put_details(t, cause);
    }
}

static void put_causes(const struct talk *t)
{
    const struct causes *causes = &t->saved->causes;
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
    size_t counts[OUTCOME_COUNT] = {0};
    const char *text = arena_printf(t->mem, "stage %s", t->saved->stage);
    for (size_t i = 0; i < t->saved->causes.count; i++)
        counts[t->saved->causes.items[i].outcome]++;
    for (enum outcome o = OUTCOME_FAILED; o >= OUTCOME_WARNED; o--)
        if (counts[o] > 0)
            text = arena_printf(t->mem, "%s · %zu %s", text, counts[o], outcome_name(o));
    if (*t->saved->commit != '\0')
        text = arena_printf(t->mem, "%s · commit %.12s", text, t->saved->commit);
    text =
        arena_printf(t->mem, "%s · judged %s by %s", text, t->saved->judged_at, t->saved->policy);
    const char *outcome = strcmp(t->saved->outcome, "no_data") == 0 ? "no data" : t->saved->outcome;
    page_paragraph(t->page, 0, "", arena_printf(t->mem, "%s: %s", outcome, text));
    if (*t->saved->reason != '\0')
        page_paragraph(t->page, INDENT, "", t->saved->reason);
    if (t->saved->causes.count == 0 && strcmp(outcome, "passed") == 0)
        page_paragraph(t->page, INDENT, "", "nothing has to be done");
}

bool explain_verdict(const struct page *page, const char *path, struct arena *mem,
                     struct error *err)
{
    AUTO(close_saved) struct saved saved = {0};
    struct talk talk = {.page = page, .saved = &saved, .mem = mem};
    if (!saved_read(path, mem, &saved, err))
        return false;
    choose_first(&talk);
    put_head(&talk);
    put_first(&talk);
    put_causes(&talk);
    return true;
}
