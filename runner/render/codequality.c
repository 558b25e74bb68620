/* What is wrong as GitLab's code quality report: the widget of a merge request compares it with the
 * target branch's.
 *
 * Format: https://docs.gitlab.com/ci/testing/code_quality/ (a subset of Code Climate's). Everything
 * behind a rule that did not pass is listed: findings and tests where they stand, a rule that has
 * none of those where the policy states it. Of equal fingerprints GitLab keeps one, so each stands
 * once. The widget puts texts into a page as HTML: escape_widget(). */
#include <stdlib.h>
#include <string.h>

#include "runner/render/document.h"
#include "runner/render/escape.h"
#include "runner/render/render.h"
#include "runner/render/rulings.h"
#include "runner/render/words.h"

struct defect {
    const struct finding *finding; /* NULL: `description` says what it is */
    const char *description, *check, *path;
    uint32_t line;
    const char *severity;
    const char *fingerprint;
};

struct defects ARRAY(struct defect);

struct desk {
    const struct view *view;
    struct arena *mem;
    struct defects defects;
};

/* Theirs has no `unknown`, and it must not look harmless: uncovered lines have none, too. */
static const char *const severities[SEVERITY_COUNT] = {
    [SEVERITY_UNKNOWN] = "major", [SEVERITY_INFO] = "info",     [SEVERITY_LOW] = "minor",
    [SEVERITY_MEDIUM] = "major",  [SEVERITY_HIGH] = "critical", [SEVERITY_CRITICAL] = "blocker",
};

/* Of a rule or test, which have no severity of their own. */
static const char *severity_of(enum outcome outcome)
{
    return outcome == OUTCOME_WARNED ? "minor" : "critical";
}

static const char *fingerprint(struct arena *mem, const char *const *texts, size_t count)
{
    char hex[DIGEST_HEX];
    struct digest *digest = digest_new(mem);
    for (size_t i = 0; i < count; i++)
        digest_add(digest, texts[i], strlen(texts[i]) + 1);
    digest_hex(digest, hex);
    return arena_copy(mem, hex, 32);
}

static const char *given(const char *text)
{
    return text == NULL ? "" : text;
}

/* Can it be a file of the repository? Ready-made policies and those of the site are none, and not
 * every report names its files by the repository's paths. */
static bool in_repository(const char *path)
{
    path += strspn(path, " ");
    return *path != '\0' && *path != '/' && strchr(path, ':') == NULL &&
           strncmp(path, "../", 3) != 0;
}

/* GitLab refuses what stands nowhere. */
static void place_at(const struct desk *desk, struct defect *defect, const struct place *at)
{
    const char *policy = desk->view->policy->path;
    bool known = at != NULL && at->file != NULL && in_repository(at->file);
    defect->path = known ? at->file : in_repository(policy) ? policy : ".qgate.yml";
    defect->line = known && at->line > 0 ? at->line : 1;
}

/* Of these there may be hundreds of thousands: what they say is made when it is written. */
static void add_finding(struct desk *desk, const struct named_ruling *item,
                        const struct finding *finding)
{
    struct defect defect = {
        .finding = finding,
        .check = given(finding->rule),
        .severity = severities[finding->severity],
        .fingerprint = given(finding->fingerprint),
        .path = given(finding->path),
        .line = finding->line > 0 ? finding->line : 1,
    };
    if (!in_repository(defect.path))
        place_at(desk, &defect, &item->ruling->rule->at);
    array_push(desk->mem, &desk->defects, defect);
}

static const char *describe(struct arena *mem, const struct finding *finding)
{
    const char *rule = given(finding->rule), *package = given(finding->package);
    const char *version = given(finding->version), *fixed = given(finding->fixed);
    const char *text = given(finding->message);
    if (*package != '\0')
        text = arena_printf(mem, "%s%s%s%s%s: %s", package, *version == '\0' ? "" : " ", version,
                            *fixed == '\0' ? "" : ", fixed in ", fixed, text);
    return arena_printf(mem, "%s: %s", rule, text);
}

/* Where the report says a place: the rule stands for the others. */
static void add_test(struct desk *desk, const struct named_ruling *item,
                     const struct detail *detail)
{
    const struct test_case *test = detail->test;
    if (!in_repository(test->path))
        return;
    const char *texts[] = {"test", test->suite, test->classname, test->name, test->path};
    struct defect defect = {
        .description = arena_printf(desk->mem, "%s%s%s", detail->subject,
                                    *test->message == '\0' ? "" : ": ", test->message),
        .check = item->ruling->rule->selector.id,
        .path = test->path,
        .line = test->line > 0 ? test->line : 1,
        .severity = severity_of(item->outcome),
        .fingerprint = fingerprint(desk->mem, texts, sizeof texts / sizeof *texts),
    };
    array_push(desk->mem, &desk->defects, defect);
}

static void add_rule(struct desk *desk, const struct named_ruling *item)
{
    const struct ruling *ruling = item->ruling;
    const char *gate = item->gate->gate->name, *value = words_ruling(desk->mem, ruling);
    const char *texts[] = {"rule", gate, ruling->rule->text, given(ruling->each),
                           arena_printf(desk->mem, "%zu", item->again)};
    const char *each = ruling->each == NULL ? "" : arena_printf(desk->mem, " for %s", ruling->each);
    struct defect defect = {
        .check = gate,
        .severity = severity_of(item->outcome),
        .fingerprint = fingerprint(desk->mem, texts, sizeof texts / sizeof *texts),
    };
    defect.description =
        arena_printf(desk->mem, "%s: %s%s: %s%s%s%s%s", gate, ruling->rule->text, each, value,
                     *ruling->reason == '\0' ? "" : ", ", ruling->reason,
                     *ruling->to_pass == '\0' ? "" : "; to pass: ", ruling->to_pass);
    place_at(desk, &defect, &ruling->rule->at);
    array_push(desk->mem, &desk->defects, defect);
}

static void add_ruling(struct desk *desk, const struct named_ruling *item)
{
    const struct details *details = &item->ruling->details;
    size_t before = desk->defects.count;
    for (size_t i = 0; i < details->count; i++) {
        const struct detail *detail = &details->items[i];
        if (detail->waiver != NULL)
            continue;
        if (detail->finding != NULL)
            add_finding(desk, item, detail->finding);
        else if (detail->test != NULL)
            add_test(desk, item, detail);
    }
    if (desk->defects.count == before)
        add_rule(desk, item);
}

static void add_report(struct desk *desk, const struct report_ruling *report)
{
    const char *texts[] = {"report", report->source->name, report->source->format};
    struct defect defect = {
        .check = outcome_name(report->outcome),
        .description =
            arena_printf(desk->mem, "report %s: %s", report->source->name, report->reason),
        .severity = severity_of(report->outcome),
        .fingerprint = fingerprint(desk->mem, texts, sizeof texts / sizeof *texts),
    };
    place_at(desk, &defect, NULL);
    array_push(desk->mem, &desk->defects, defect);
}

static void add_run(struct desk *desk, const struct verdict *verdict)
{
    const char *texts[] = {"run"};
    struct defect defect = {
        .check = outcome_name(verdict->outcome),
        .description = verdict->reason,
        .severity = severity_of(verdict->outcome),
        .fingerprint = fingerprint(desk->mem, texts, 1),
    };
    place_at(desk, &defect, NULL);
    array_push(desk->mem, &desk->defects, defect);
}

static int by_fingerprint(const void *a, const void *b)
{
    const struct defect *one = a, *other = b;
    int order = strcmp(one->fingerprint, other->fingerprint);
    if (order == 0) /* the same thing behind two rules: at the place that comes first */
        order = strcmp(one->path, other->path);
    return order != 0 ? order : (one->line > other->line) - (one->line < other->line);
}

static int by_place(const void *a, const void *b)
{
    const struct defect *one = a, *other = b;
    int order = strcmp(one->path, other->path);
    if (order == 0)
        order = (one->line > other->line) - (one->line < other->line);
    return order != 0 ? order : strcmp(one->fingerprint, other->fingerprint);
}

static void settle(struct defects *list)
{
    size_t kept = 0;
    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof *list->items, by_fingerprint);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || strcmp(list->items[i].fingerprint, list->items[kept - 1].fingerprint) != 0)
            list->items[kept++] = list->items[i];
    list->count = kept;
    qsort(list->items, list->count, sizeof *list->items, by_place);
}

static void set_text(json_t *object, const char *key, const char *text, struct arena *mem)
{
    document_set(object, key, document_text(escape_widget(mem, text)));
}

static json_t *defect_value(const struct defect *defect)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    json_t *lines = json_object(), *location = json_object(), *object = json_object();
    document_set(lines, "begin", json_integer(defect->line));
    set_text(location, "path", defect->path, mem);
    document_set(location, "lines", lines);
    set_text(object, "description",
             defect->finding == NULL ? defect->description : describe(mem, defect->finding), mem);
    set_text(object, "check_name", defect->check, mem);
    set_text(object, "fingerprint", defect->fingerprint, mem);
    document_set(object, "severity", json_string(defect->severity));
    document_set(object, "location", location);
    return object;
}

static bool render_codequality(const struct view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct verdict *verdict = view->verdict;
    struct desk desk = {.view = view, .mem = mem};
    struct document d;
    const struct named_rulings rulings = rulings_named(verdict, mem);
    for (size_t i = 0; i < rulings.count; i++)
        if (rulings.items[i].outcome >= OUTCOME_WARNED)
            add_ruling(&desk, &rulings.items[i]);
    for (size_t i = 0; i < verdict->reports.count; i++)
        add_report(&desk, &verdict->reports.items[i]);
    if (*verdict->reason != '\0')
        add_run(&desk, verdict);
    settle(&desk.defects);
    document_begin_list(&d, out);
    for (size_t i = 0; i < desk.defects.count; i++)
        document_put(&d, NULL, defect_value(&desk.defects.items[i]));
    return document_end(&d, err);
}

const struct renderer codequality_renderer = {
    .name = "codequality",
    .title = "what is wrong, for GitLab's code quality widget",
    .render = render_codequality,
};
