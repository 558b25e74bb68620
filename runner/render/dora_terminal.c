/* Delivery numbers for people: a sheet of one service or team, or a table of many. */
#include <string.h>

#include "runner/render/dora_sheet.h"
#include "runner/render/words.h"

enum { LEAST_COLUMNS = 80, MOST_COLUMNS = 120 };

void dora_sheet_row(const struct dora_sheet *s, const char *name, const char *value,
                    const char *rest)
{
    page_paragraph(&s->page, 0, arena_printf(s->mem, "%-24s %-9s  ", name, value), rest);
}

static void put_note(const struct dora_sheet *s, const char *name, const char *text)
{
    page_paragraph(&s->page, 0, arena_printf(s->mem, "%-24s ", name), text);
}

static const char *number(const struct dora_sheet *s, size_t count)
{
    return words_number(s->mem, count);
}

/* Thousandths, to the nearest whole. */
static const char *rounded(const struct dora_sheet *s, int64_t thousandths)
{
    return number(s, (size_t)(thousandths + 500) / 1000);
}

static const char *few(size_t count)
{
    return count < DORA_FEW ? ", few" : "";
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* "; also 2 rollbacks, 1 redeploy"; "" when there is nothing else. */
static const char *others(const struct dora_sheet *s)
{
    static const char *const nouns[DORA_KINDS] = {
        [DORA_ROLLBACK] = "rollback",
        [DORA_REDEPLOY] = "redeploy",
        [DORA_FAILED_ATTEMPT] = "failed attempt",
    };
    const size_t *kinds = s->answer->figures.kinds;
    const char *text = "";
    for (int kind = 0; kind < DORA_KINDS; kind++)
        if (nouns[kind] != NULL && kinds[kind] > 0)
            text = dora_listed(s->mem, text, words_count(s->mem, kinds[kind], nouns[kind]));
    if (kinds[DORA_CONFIG_ONLY] > 0)
        text = dora_listed(s->mem, text,
                           arena_printf(s->mem, "%s of configuration",
                                        words_count(s->mem, kinds[DORA_CONFIG_ONLY], "change")));
    return *text == '\0' ? "" : arena_printf(s->mem, "; also %s", text);
}

static void put_frequency(const struct dora_sheet *s)
{
    char buffer[48];
    const struct dora_figures *f = &s->answer->figures;
    if (!f->begun)
        dora_sheet_row(s, "deployment frequency", "no data",
                       arena_printf(s->mem, "nothing was deployed yet%s", others(s)));
    else
        dora_sheet_row(s, "deployment frequency", dora_frequency_text(f, s->mem),
                       arena_printf(s->mem, "%s on %s%s",
                                    words_count(s->mem, f->counted, "deployment"),
                                    words_count(s->mem, f->deployment_days, "day"), others(s)));
    dora_sheet_targets(s, "dora.deployment_frequency");
    if (f->begun && f->weeks > 0)
        dora_sheet_row(s, "  days a week, median",
                       arena_printf(s->mem, "%s", number_short(buffer, f->days_a_week)),
                       arena_printf(s->mem, "of %s from Monday to Sunday",
                                    words_count(s->mem, f->weeks, "week")));
}

static void put_spread(const struct dora_sheet *s, const char *name,
                       const struct dora_spread *spread, const char *noun, const char *none)
{
    if (spread->count == 0) {
        dora_sheet_row(s, name, "no data", none);
        return;
    }
    dora_sheet_row(s, name, dora_span_text(spread->p50, s->mem),
                   arena_printf(s->mem, "p75 %s   p90 %s   n %s%s",
                                dora_span_text(spread->p75, s->mem),
                                dora_span_text(spread->p90, s->mem),
                                words_count(s->mem, spread->count, noun), few(spread->count)));
}

/* "2 of 10; 1 by rollback, 1 by incident" */
static void put_failures(const struct dora_sheet *s)
{
    const struct dora_figures *f = &s->answer->figures;
    const char *text = "", *name = "change fail rate";
    for (int how = DORA_GOOD + 1; how < DORA_FAILURES; how++)
        if (f->failures[how] > 0)
            text = dora_listed(s->mem, text,
                               arena_printf(s->mem, "%s by %s", number(s, f->failures[how]),
                                            dora_failure_name((enum dora_failure)how)));
    if (f->counted == 0)
        dora_sheet_row(s, name, "no data", "nothing was deployed in this time");
    else
        dora_sheet_row(s, name, dora_percent_text(f->failed, f->counted, s->mem),
                       arena_printf(s->mem, "%s of %s%s%s%s", number(s, f->failed),
                                    number(s, f->counted), few(f->counted),
                                    *text == '\0' ? "" : "; ", text));
    dora_sheet_targets(s, "dora.change_fail_rate");
}

static void put_recovery(const struct dora_sheet *s)
{
    const struct dora_figures *f = &s->answer->figures;
    put_spread(s, "recovery time     p50", &f->recovery, "failed deployment",
               f->counted == 0      ? "nothing was deployed in this time"
               : f->unrecovered > 0 ? "no deployment that failed is repaired"
                                    : "no deployment failed");
    dora_sheet_targets(s, "dora.recovery_time");
}

static void put_rework(const struct dora_sheet *s)
{
    const struct dora_figures *f = &s->answer->figures;
    size_t all = dora_reworkable(f);
    if (all == 0)
        dora_sheet_row(s, "rework rate", "no data", "nothing was deployed in this time");
    else
        dora_sheet_row(
            s, "rework rate", dora_percent_text(f->unplanned, all, s->mem),
            arena_printf(s->mem, "%s of %s%s", number(s, f->unplanned), number(s, all), few(all)));
    dora_sheet_targets(s, "dora.rework_rate");
}

static const char *people(const struct dora_sheet *s, size_t count)
{
    return count == 1 ? "1 person" : arena_printf(s->mem, "%s people", number(s, count));
}

/* The life of a change, as far as git tells it. */
static void put_changes(const struct dora_sheet *s)
{
    const struct dora_figures *f = &s->answer->figures;
    if (f->merge_to_deploy.count > 0)
        put_spread(s, "merge to deploy   p50", &f->merge_to_deploy, "change", "");
    if (f->region_lag.count > 0)
        put_spread(s, "region lag        p50", &f->region_lag, "deployment", "");
    if (f->changes > 0)
        dora_sheet_row(s, "changes deployed", number(s, f->changes),
                       arena_printf(s->mem, "by %s%s", people(s, f->people),
                                    f->repairs == 0 ? ""
                                                    : arena_printf(s->mem, "; %s of them unplanned",
                                                                   number(s, f->repairs))));
    if (f->size.count > 0) {
        dora_sheet_row(s, "  lines changed   p50", rounded(s, f->size.p50),
                       arena_printf(s->mem, "p90 %s   n %s%s", rounded(s, f->size.p90),
                                    words_count(s->mem, f->size.count, "change"),
                                    few(f->size.count)));
    }
    if (f->merging && f->waiting > 0)
        dora_sheet_row(s, "  merged, not deployed", number(s, f->waiting), "");
}

static void put_incidents(const struct dora_sheet *s)
{
    const struct dora_figures *f = &s->answer->figures;
    if (!f->hears || f->incidents + f->open == 0)
        return;
    const char *text = "", *within = dora_span_text(f->incident.p50, s->mem);
    if (f->incident.count == 1)
        text = arena_printf(s->mem, "1 resolved after %s", within);
    else if (f->incident.count > 1)
        text = arena_printf(s->mem, "half of %s resolved within %s", number(s, f->incident.count),
                            within);
    if (f->open > 0)
        text = dora_listed(s->mem, text,
                           arena_printf(s->mem, "%s open, the oldest for %s", number(s, f->open),
                                        dora_span_text(f->oldest_open_s * 1000, s->mem)));
    dora_sheet_row(s, "incidents", number(s, f->incidents), text);
}

/* The same four numbers by the definitions of another tool. */
static void put_theirs(const struct dora_sheet *s)
{
    static const struct {
        const char *name;
        enum dora_measure measure;
    } rows[] = {
        {"  deployment frequency", DORA_FREQUENCY},
        {"  change lead time p50", DORA_LEAD_P50},
        {"  change fail rate", DORA_FAIL_RATE},
        {"  recovery time    p50", DORA_RECOVERY_P50},
    };
    enum dora_compat mode = *s->view->compat;
    page_paragraph(&s->page, 0, arena_printf(s->mem, "as %s counts: ", dora_compat_title(mode)),
                   dora_compat_note(mode));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct dora_value *value = &s->answer->theirs[rows[i].measure];
        if (value->why != NULL)
            dora_sheet_row(s, rows[i].name, "no data", value->why);
        else
            dora_sheet_row(
                s, rows[i].name, dora_value_text(value, s->mem),
                arena_printf(s->mem, "n %s%s", number(s, value->count), few(value->count)));
    }
}

/* --- what is left out, and what somebody should look at --------------------------------------- */

static void put_open(const struct dora_sheet *s)
{
    enum { MOST = 5 };
    struct dora_behind behind;
    dora_behind(s->view, s->answer, s->mem, &behind);
    for (size_t i = 0; i < behind.open.count && i < MOST; i++) {
        put_note(s, i == 0 ? "failed, not repaired" : "",
                 dora_open_text(s, &behind.open.items[i], s->answer->service == NULL));
    }
    if (behind.open.count > MOST)
        put_note(
            s, "",
            arena_printf(s->mem, "… and %s more (--explain)", number(s, behind.open.count - MOST)));
}

/* Where a reader would otherwise look for them in vain. */
static void put_left_out(const struct dora_sheet *s)
{
    const struct dora_figures *f = &s->answer->figures;
    const char *text = "";
    const struct {
        size_t count;
        const char *noun, *why;
    } parts[] = {
        {f->unresolved, "deployment", "whose version has no commit (qgate explain versions)"},
        {f->bots, "change", "by bots"},
        {f->copies, "change", "deployed before as other commits"},
        {f->skewed, "change", "dated after the deployment"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].count > 0)
            text = dora_listed(s->mem, text,
                               arena_printf(s->mem, "%s %s",
                                            words_count(s->mem, parts[i].count, parts[i].noun),
                                            parts[i].why));
    if (*text != '\0')
        put_note(s, "without lead time", text);
    size_t later = 0;
    for (size_t i = 0; i < s->answer->parts.count; i++)
        later += s->answer->parts.items[i].chain->later;
    if (later > 0)
        put_note(s, "not counted",
                 arena_printf(s->mem, "%s after the moment asked for",
                              words_count(s->mem, later, "deployment")));
}

/* --- the sheet -------------------------------------------------------------------------------- */

static const char *scope_text(const struct dora_sheet *s)
{
    const struct dora_answer *answer = s->answer;
    const char *text =
        arena_printf(s->mem, "%s   %s", answer->service != NULL ? answer->service : answer->team,
                     dora_environment_name(answer));
    const char *regions = "";
    for (size_t i = 0; i < answer->regions.count; i++)
        regions = dora_listed(s->mem, regions, answer->regions.items[i]);
    if (*regions != '\0')
        text = arena_printf(s->mem, "%s (%s)", text, regions);
    return text;
}

static void put_head(const struct dora_sheet *s)
{
    const struct dora_view *view = s->view;
    const struct dora_answer *answer = s->answer;
    const char *text = arena_printf(s->mem, "%s   %s", scope_text(s),
                                    dora_days_text(&answer->figures.window, answer->zone, s->mem));
    if (answer->service != NULL && answer->team != NULL)
        text = arena_printf(s->mem, "%s   team %s", text, answer->team);
    if (view->configuration != NULL)
        text = arena_printf(s->mem, "%s   %s", text, view->configuration);
    page_paragraph(&s->page, 0, "", text);
    if (view->configuration == NULL)
        page_paragraph(&s->page, 0, "",
                       arena_printf(s->mem,
                                    "no delivery.yml: a tag %s is a deployment, a merge or a "
                                    "commit on the first-parent line a change",
                                    view->tags));
    fputc('\n', s->page.out);
}

static const char *explain_command(const struct dora_sheet *s)
{
    if (s->view->configuration == NULL)
        return "qgate dora --explain";
    bool service = s->answer->service != NULL;
    return arena_printf(s->mem, "qgate dora --%s %s --explain", service ? "service" : "team",
                        service ? s->answer->service : s->answer->team);
}

static void put_sheet(const struct dora_sheet *s)
{
    put_head(s);
    if (s->answer->why_not != NULL) {
        put_note(s, "no data", s->answer->why_not);
        return;
    }
    put_frequency(s);
    put_spread(s, "change lead time  p50", &s->answer->figures.lead, "change",
               "no change with a known beginning");
    dora_sheet_targets(s, "dora.lead_time");
    put_failures(s);
    put_recovery(s);
    put_rework(s);
    dora_sheet_score(s);
    put_changes(s);
    put_incidents(s);
    if (s->view->compat != NULL)
        put_theirs(s);
    dora_sheet_other_targets(s);
    put_open(s);
    put_left_out(s);
    if (!s->view->explain)
        put_note(s, "every number", explain_command(s));
}

static bool render(const struct dora_view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    size_t columns = view->columns < LEAST_COLUMNS  ? LEAST_COLUMNS
                     : view->columns > MOST_COLUMNS ? MOST_COLUMNS
                                                    : view->columns;
    struct dora_sheet sheet = {
        .view = view, .page = {out, columns, view->colour, view->utf8}, .mem = mem};
    if (view->answers.count != 1)
        dora_sheet_overview(&sheet);
    for (size_t i = 0; i < view->answers.count; i++) {
        sheet.answer = &view->answers.items[i];
        if (view->answers.count == 1)
            put_sheet(&sheet);
        if (view->explain)
            dora_sheet_explain(&sheet);
    }
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the numbers cannot be written");
}

const struct dora_renderer dora_terminal_renderer = {
    .name = "terminal",
    .title = "for people",
    .render = render,
};
