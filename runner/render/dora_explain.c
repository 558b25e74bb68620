/* What stands behind the numbers, for people: each list in the order in which it is recounted. */
#include <inttypes.h>
#include <string.h>

#include "gates/base/day.h"
#include "runner/render/dora_sheet.h"
#include "runner/render/words.h"

enum { INDENT = 2, BELOW = 6, MOST_VERSION = 24 };

/* One answer's lists. */
struct lists {
    const struct dora_sheet *sheet;
    struct dora_behind behind;
    size_t unit, version; /* widths of the columns of services and versions */
};

static const char *at(const struct lists *l, int64_t seconds)
{
    char buffer[48];
    return arena_printf(l->sheet->mem, "%s", zone_text(buffer, l->sheet->answer->zone, seconds));
}

static const char *exact(const struct lists *l, int64_t seconds)
{
    return dora_exact_text(seconds, l->sheet->mem);
}

static const char *number(const struct lists *l, size_t count)
{
    return words_number(l->sheet->mem, count);
}

#define SAY(l, ...) arena_printf((l)->sheet->mem, __VA_ARGS__)

/* Text in a column of `width`, which it may exceed. */
static const char *padded(const struct lists *l, const char *text, size_t width)
{
    size_t wide = page_width(&l->sheet->page, text);
    return SAY(l, "%s%*s", text, (int)(wide < width ? width - wide : 0), "");
}

/* Whose it is, where an answer has several. */
static const char *unit(const struct lists *l, const struct dora_item *item)
{
    const struct dora_answer *answer = l->sheet->answer;
    if (answer->service != NULL)
        return "";
    return SAY(l, "%s  ", padded(l, item->unit->service, l->unit));
}

static void title(const struct lists *l, const char *text)
{
    fputc('\n', l->sheet->page.out);
    page_paragraph(&l->sheet->page, 0, "", text);
}

static void line(const struct lists *l, const char *lead, const char *text)
{
    page_paragraph(&l->sheet->page, INDENT, lead, text);
}

/* --- deployments ------------------------------------------------------------------------------ */

static const char *version_at(const struct dora_item *item, uint32_t index)
{
    return item->unit->chain.deployments.items[index].version;
}

/* "failed: rollback by v1.0.1, incident PD-1 (remedied); recovered 2027-01-05 09:47:00, after …" */
static const char *failure(const struct lists *l, const struct dora_item *item)
{
    const struct dora_deployment *deployment = dora_item_deployment(item);
    const char *text =
        deployment->failure == DORA_INCIDENT ? "" : dora_failure_name(deployment->failure);
    if (deployment->remedy != DORA_NONE)
        text = SAY(l, "%s%sby %s", text, *text == '\0' ? "" : " ",
                   version_at(item, deployment->remedy));
    if (deployment->incident != DORA_NONE)
        text = dora_listed(
            l->sheet->mem, text,
            SAY(l, "incident %s (%s)", dora_item_cause(item),
                dora_method_name(item->unit->chain.incidents.items[deployment->incident].method)));
    if (deployment->recovered_s == INT64_MAX)
        return SAY(l, "failed: %s; not repaired", text);
    return SAY(l, "failed: %s; recovered %s, after %s", text, at(l, deployment->recovered_s),
               exact(l, deployment->recovered_s - deployment->finished_s));
}

static const char *deployment_text(const struct lists *l, const struct dora_item *item)
{
    const struct dora_chain *chain = &item->unit->chain;
    const struct dora_deployment *deployment = dora_item_deployment(item);
    const char *commit =
        deployment->commit == DORA_NONE ? "no commit" : chain->commits.items[deployment->commit].id;
    const char *text =
        SAY(l, "%s%s  %-8s %.9s", unit(l, item), padded(l, deployment->version, l->version),
            dora_kind_name(deployment->kind), commit);
    if (deployment->previous != DORA_NONE)
        text = SAY(l, "%s  after %s", text, version_at(item, deployment->previous));
    size_t changes = dora_item_changes(item);
    if (changes > 0)
        text = SAY(l, "%s, %s", text, words_count(l->sheet->mem, changes, "change"));
    if (deployment->unplanned)
        text = SAY(l, "%s; unplanned%s", text, deployment->flagged ? ", as recorded" : "");
    return text;
}

/* What became of it, and where it is told. */
static void put_deployment(const struct lists *l, const struct dora_item *item)
{
    const struct page *page = &l->sheet->page;
    const struct dora_deployment *deployment = dora_item_deployment(item);
    line(l, SAY(l, "%s  ", at(l, deployment->finished_s)), deployment_text(l, item));
    if (deployment->failure != DORA_GOOD)
        page_paragraph(page, BELOW, "", failure(l, item));
    if (deployment->stated_s != deployment->finished_s)
        page_paragraph(page, BELOW, "", SAY(l, "dated %s", at(l, deployment->stated_s)));
    if (deployment->first_s > 0 && deployment->first_s < deployment->stated_s)
        page_paragraph(page, BELOW, "",
                       SAY(l, "first region %s, the last after %s", at(l, deployment->first_s),
                           exact(l, deployment->stated_s - deployment->first_s)));
    if (*deployment->where != '\0' && strcmp(deployment->where, deployment->version) != 0)
        page_paragraph(page, BELOW, SAY(l, "%s ", deployment->source), deployment->where);
}

static void put_deployments(struct lists *l)
{
    const struct dora_items *items = &l->behind.deployments;
    const struct dora_figures *f = &l->sheet->answer->figures;
    for (size_t i = 0; i < items->count; i++) {
        size_t width = page_width(&l->sheet->page, dora_item_deployment(&items->items[i])->version);
        if (width > l->version && width <= MOST_VERSION)
            l->version = width;
        width = page_width(&l->sheet->page, items->items[i].unit->service);
        if (width > l->unit && width <= MOST_VERSION)
            l->unit = width;
    }
    title(l, SAY(l,
                 "deployments: %s are first, forward or diverged and count, %s of them failed; "
                 "with rollbacks %s, %s of them unplanned",
                 number(l, f->counted), number(l, f->failed), number(l, dora_reworkable(f)),
                 number(l, f->unplanned)));
    for (size_t i = 0; i < items->count; i++)
        put_deployment(l, &items->items[i]);
}

/* --- percentiles ------------------------------------------------------------------------------ */

/* "p50 is at place 12, p75 at 17.5, p90 at 20.8 (between two places: in proportion)" */
static const char *places(const struct lists *l, size_t count)
{
    static const int percents[] = {50, 75, 90};
    const char *text = "";
    for (size_t i = 0; i < sizeof percents / sizeof percents[0]; i++) {
        char buffer[48];
        int64_t hundredths = (int64_t)(count - 1) * percents[i] + 100;
        text =
            SAY(l, "%s%sp%d %sat %s%s", text, i == 0 ? "" : ", ", percents[i], i == 0 ? "is " : "",
                i == 0 ? "place " : "", number_short(buffer, number_ratio(hundredths, 100)));
    }
    return count == 1 ? "all are the one" : SAY(l, "%s (between two: in proportion)", text);
}

static void put_recoveries(const struct lists *l)
{
    const struct dora_items *items = &l->behind.recovered;
    if (items->count == 0)
        return;
    title(l, SAY(l, "recovery times, shortest first: %s", places(l, items->count)));
    for (size_t i = 0; i < items->count; i++) {
        const struct dora_deployment *deployment = dora_item_deployment(&items->items[i]);
        line(l,
             SAY(l, "%4zu  %14s  ", i + 1,
                 exact(l, deployment->recovered_s - deployment->finished_s)),
             SAY(l, "%s%s", unit(l, &items->items[i]), deployment->version));
    }
}

/* --- changes ---------------------------------------------------------------------------------- */

/* "1 commit", "2 commits, +10 -3" */
static const char *size_of(const struct lists *l, const struct dora_change *change)
{
    const char *commits = words_count(l->sheet->mem, change->commits, "commit");
    return !change->sized ? commits
                          : SAY(l, "%s, +%s -%s", commits, number(l, change->added),
                                number(l, change->removed));
}

/* What it is, and below that when and how it came. */
static void put_change(const struct lists *l, const char *lead, const struct dora_item *item)
{
    const struct dora_chain *chain = &item->unit->chain;
    const struct dora_change *change = dora_item_change(item);
    const struct dora_deployment *by = dora_bringer(chain, change);
    const struct dora_commit *landed = &chain->commits.items[change->landed];
    const char *text = at(l, change->started_s), *author = dora_author(chain, change);
    if (by != NULL)
        text = SAY(l, "%s to %s, %s", text, at(l, by->finished_s), by->version);
    line(l, lead,
         SAY(l, "%s%s%s", unit(l, item), landed->landing.subject,
             change->unplanned ? " (unplanned)" : ""));
    text = SAY(l, "%s; %s %.9s", text, dora_landed_name(change->how), landed->id);
    if (landed->committed_s != change->started_s)
        text = SAY(l, "%s of %s", text, at(l, landed->committed_s));
    page_paragraph(&l->sheet->page, INDENT + strlen(lead), "",
                   SAY(l, "%s, %s%s%s", text, size_of(l, change), author == NULL ? "" : ", by ",
                       author == NULL ? "" : author));
}

static void put_timed(const struct lists *l)
{
    const struct dora_items *items = &l->behind.timed;
    if (items->count == 0)
        return;
    title(l, SAY(l, "lead times, first commit to deployment, shortest first: %s",
                 places(l, items->count)));
    for (size_t i = 0; i < items->count; i++)
        put_change(
            l, SAY(l, "%4zu  %14s  ", i + 1, exact(l, dora_item_change(&items->items[i])->lead_s)),
            &items->items[i]);
}

static const char *why_untimed(enum dora_absent absent)
{
    switch (absent) {
    case DORA_BOT:
        return "by a bot";
    case DORA_COPY:
        return "a copy";
    case DORA_SKEWED:
        return "a wrong date";
    default:
        return "not deployed";
    }
}

static void put_untimed(const struct lists *l, const char *text, const struct dora_items *items)
{
    if (items->count == 0)
        return;
    title(l, text);
    for (size_t i = 0; i < items->count; i++)
        put_change(l, SAY(l, "%-12s  ", why_untimed(dora_item_change(&items->items[i])->absent)),
                   &items->items[i]);
}

/* --- incidents, owners ------------------------------------------------------------------------ */

static const char *incident_text(const struct lists *l, const struct dora_item *item)
{
    const struct dora_incident *incident = dora_item_incident(item);
    const char *text = SAY(l, "%s%s", unit(l, item), incident->id);
    if (*incident->urgency != '\0')
        text = SAY(l, "%s  urgency %s", text, incident->urgency);
    if (*incident->priority != '\0')
        text = SAY(l, "%s  priority %s", text, incident->priority);
    text = incident->deployment == DORA_NONE
               ? SAY(l, "%s  cause %s", text, incident->cause)
               : SAY(l, "%s  caused by %s (%s)", text, version_at(item, incident->deployment),
                     dora_method_name(incident->method));
    if (incident->fix != DORA_NONE)
        text = SAY(l, "%s, work on it in %s", text, version_at(item, incident->fix));
    if (incident->resolved_s == INT64_MAX)
        return SAY(l, "%s; open", text);
    return SAY(l, "%s; resolved %s, after %s", text, at(l, incident->resolved_s),
               exact(l, incident->resolved_s - incident->created_s));
}

static void put_incidents(const struct lists *l)
{
    const struct dora_items *items = &l->behind.incidents;
    if (items->count == 0)
        return;
    title(l, "incidents of the window, and those that are open");
    for (size_t i = 0; i < items->count; i++)
        line(l, SAY(l, "%s  ", at(l, dora_item_incident(&items->items[i])->created_s)),
             incident_text(l, &items->items[i]));
}

/* "payments/ledger production, from 2026-02-01 00:00" */
static void put_parts(const struct lists *l)
{
    const struct dora_answer *answer = l->sheet->answer;
    if (answer->service != NULL)
        return;
    title(l, "what the team owns");
    for (size_t i = 0; i < answer->parts.count; i++) {
        const struct dora_part *part = &answer->parts.items[i];
        const struct dora_unit *of = dora_unit_of(&l->sheet->view->estate->known, part->chain);
        const char *text = SAY(l, "%s  %s", of->service, of->environment);
        if (part->from_s != INT64_MIN)
            text = SAY(l, "%s  from %s", text, at(l, part->from_s));
        if (part->until_s != INT64_MAX)
            text = SAY(l, "%s  until %s", text, at(l, part->until_s));
        line(l, "", text);
    }
}

void dora_sheet_explain(const struct dora_sheet *s)
{
    const struct dora_answer *answer = s->answer;
    struct lists l = {.sheet = s};
    if (answer->why_not != NULL)
        return;
    dora_behind(s->view, answer, s->mem, &l.behind);
    if (s->view->answers.count != 1)
        title(&l, SAY(&l, "%s   %s   %s", answer->service != NULL ? answer->service : answer->team,
                      dora_environment_name(answer),
                      dora_days_text(&answer->figures.window, answer->zone, s->mem)));
    put_parts(&l);
    put_deployments(&l);
    put_recoveries(&l);
    put_timed(&l);
    put_untimed(&l, "without lead time", &l.behind.untimed);
    put_untimed(&l, "merged and not deployed", &l.behind.waiting);
    put_incidents(&l);
}
