/* Which deployed versions led to a commit and which did not, the template that would help, and the
 * names in GitOps files that are no service.
 */
#include <string.h>

#include "gates/policy/yaml.h"
#include "runner/command/command.h"
#include "runner/command/explain.h"
#include "runner/command/survey.h"
#include "runner/log.h"
#include "runner/render/words.h"
#include "runner/workplace.h"

enum { LEAD = 12, SUBJECT_COLUMNS = 40, MOST_LISTED = 20 };

struct talk {
    const struct page *page;
    const struct estate *estate;
    struct arena *mem;
    bool lacking; /* something is not known */
};

static void put(const struct talk *t, const char *word, const char *text)
{
    page_paragraph(t->page, 0, arena_printf(t->mem, "%-*s", LEAD, word), text);
}

static void put_item(const struct talk *t, const char *subject, const char *text)
{
    page_pair(t->page, LEAD, SUBJECT_COLUMNS, subject, text, /* whole */ true);
}

static void put_more(const struct talk *t, size_t count)
{
    if (count > MOST_LISTED)
        page_paragraph(
            t->page, LEAD, "",
            arena_printf(t->mem, "… and %s more", words_number(t->mem, count - MOST_LISTED)));
}

static const char *times(const struct talk *t, size_t count)
{
    return words_count(t->mem, count, "deployment");
}

/* --- a service -------------------------------------------------------------------------------- */

/* "2 as recorded, 10 by their tags" */
static const char *ways(const struct talk *t, const struct estate_versions *row)
{
    static const char *const words[] = {[VERSION_RECORDED] = "as recorded by the build",
                                        [VERSION_TAG] = "by a tag",
                                        [VERSION_HEX] = "by the number in them",
                                        [VERSION_MAP] = "by a map file"};
    const char *text = "";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (row->by[i] > 0)
            text = arena_printf(t->mem, "%s%s%zu %s", text, *text == '\0' ? ": " : ", ", row->by[i],
                                words[i]);
    return text;
}

static void list_unresolved(struct talk *t, const char *service)
{
    const char *why = "";
    size_t count = 0;
    for (size_t i = 0; i < t->estate->unresolved.count; i++) {
        const struct estate_unresolved *row = &t->estate->unresolved.items[i];
        if (strcmp(row->service, service) != 0 || ++count > MOST_LISTED)
            continue;
        put_item(t, row->version,
                 arena_printf(t->mem, "%s, %s%s%s", row->environment, times(t, row->count),
                              strcmp(why, row->why_not) == 0 ? "" : ": ",
                              strcmp(why, row->why_not) == 0 ? "" : row->why_not));
        why = row->why_not;
    }
    put_more(t, count);
}

static void explain_service(struct talk *t, const struct estate_versions *row)
{
    put(t, "service", arena_printf(t->mem, "%s of %s", row->service, row->project));
    put(t, "found",
        arena_printf(t->mem, "%s of %s versions%s", words_number(t->mem, row->found),
                     words_number(t->mem, row->count), ways(t, row)));
    t->lacking |= row->found < row->count;
    if (row->found < row->count)
        put(t, "not found",
            arena_printf(t->mem, "%zu, each with the deployments of it until now:",
                         row->count - row->found));
    list_unresolved(t, row->service);
    if (row->proposal.template != NULL)
        put(t, "to repair",
            arena_printf(t->mem, "version: [{tag: %s}] finds %zu more: add it to the service",
                         text_in_yaml(row->proposal.template, t->mem), row->proposal.found));
    else if (row->found < row->count)
        put(t, "to repair",
            "no tag looks like them: let the build say it, `qgate record build`, or keep a map "
            "file");
    putc('\n', t->page->out);
}

/* --- what is no service's --------------------------------------------------------------------- */

/* Of a repository that is not here, once for all its environments. */
static void list_unknown(struct talk *t)
{
    const char *last = "";
    for (size_t i = 0; i < t->estate->known.units.count; i++) {
        const struct dora_unit *unit = &t->estate->known.units.items[i];
        if (unit->why_not == NULL || strcmp(last, unit->service) == 0)
            continue;
        put(t, "not known", arena_printf(t->mem, "%s: %s", unit->service, unit->why_not));
        last = unit->service;
        t->lacking = true;
    }
}

static void list_strangers(const struct talk *t)
{
    if (t->estate->strangers.count == 0)
        return;
    put(t, "no service", "these names stand where those of services do:");
    for (size_t i = 0; i < t->estate->strangers.count && i < MOST_LISTED; i++) {
        const struct estate_stranger *stranger = &t->estate->strangers.items[i];
        put_item(t, stranger->name,
                 arena_printf(t->mem, "%s, %s", times(t, stranger->count), stranger->path));
    }
    put_more(t, t->estate->strangers.count);
}

static void list_overlooked(const struct talk *t)
{
    const struct words *files = &t->estate->overlooked;
    if (files->count == 0)
        return;
    put(t, "not listed", "these files lie where versions do, in no listed environment or region:");
    for (size_t i = 0; i < files->count && i < MOST_LISTED; i++)
        put_item(t, files->items[i], "");
    put_more(t, files->count);
}

static enum status explain_all(struct talk *t)
{
    for (size_t i = 0; i < t->estate->versions.count; i++)
        explain_service(t, &t->estate->versions.items[i]);
    list_unknown(t);
    if (t->estate->versions.count == 0 && !t->lacking)
        put(t, "versions",
            "none has to be looked for: every deployment is a tag of its repository");
    list_strangers(t);
    list_overlooked(t);
    return t->lacking ? STATUS_NO_DATA : STATUS_PASSED;
}

enum status explain_versions(const struct context *context, const struct page *page,
                             const char *file)
{
    struct error err = {0};
    struct survey survey;
    struct problems found;
    AUTO(close_workplace) struct workplace place = {.fd = -1};
    if (!workplace_open(&place, context->run, &err))
        return give_up(&err);
    history_open(&place.history, context->run);
    problems_init(&found, context->run);
    const struct survey_wanted wanted = {
        .context = context, .place = &place, .file = file, .window = "28d"};
    if (!survey_make(&wanted, context->run, &survey, &found, &err))
        return give_up(&err);
    if (found.count > 0) {
        problems_sort(&found);
        log_problems(&found);
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < survey.estate.warnings.count; i++)
        log_message("%s", survey.estate.warnings.items[i]);
    struct talk talk = {.page = page, .estate = &survey.estate, .mem = context->run};
    return explain_all(&talk);
}
