/* Delivery numbers for people, and with --explain what stands behind each. */
#include <inttypes.h>
#include <string.h>

#include "gates/base/day.h"
#include "runner/render/dora.h"
#include "runner/render/words.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

struct sheet_of {
    const struct dora_view *view;
    FILE *out;
    struct arena *mem;
};

/* "47 min", "5.2 h", "1.9 d" */
static const char *span(struct arena *mem, int64_t milliseconds)
{
    static const struct {
        int64_t under_s, by_s;
        int decimals;
        const char *unit;
    } units[] = {{2 * MINUTE_S, 1, 0, "s"},
                 {2 * HOUR_S, MINUTE_S, 0, "min"},
                 {2 * DAY_S, HOUR_S, 1, "h"},
                 {INT64_MAX / 1000, DAY_S, 1, "d"}};
    char buffer[48];
    size_t i = 0;
    while (milliseconds >= units[i].under_s * 1000)
        i++;
    struct number number = number_ratio(milliseconds, (uint64_t)units[i].by_s * 1000);
    return arena_printf(mem, "%s %s", number_text(buffer, number, units[i].decimals),
                        units[i].unit);
}

static const char *seconds(struct arena *mem, int64_t seconds)
{
    return span(mem, seconds * 1000);
}

static const char *at(struct arena *mem, int64_t seconds)
{
    char buffer[48];
    return arena_printf(mem, "%s", zone_text(buffer, NULL, seconds));
}

static void row(const struct sheet_of *s, const char *name, const char *value, const char *rest)
{
    fprintf(s->out, "%-24s %-9s  %s\n", name, value, rest);
}

static const char *few(size_t count)
{
    return count < DORA_FEW ? ", few" : "";
}

/* "; also 2 rollbacks, 1 redeploy"; "" when there is nothing else. */
static const char *others(const struct sheet_of *s)
{
    static const char *const nouns[DORA_KINDS] = {
        [DORA_ROLLBACK] = "rollback",
        [DORA_REDEPLOY] = "redeploy",
        [DORA_CONFIG_ONLY] = "change of configuration",
        [DORA_FAILED_ATTEMPT] = "failed attempt",
    };
    const char *text = "";
    for (int kind = 0; kind < DORA_KINDS; kind++)
        if (nouns[kind] != NULL && s->view->figures->kinds[kind] > 0)
            text = arena_printf(s->mem, "%s%s%s", text, *text == '\0' ? "; also " : ", ",
                                words_count(s->mem, s->view->figures->kinds[kind], nouns[kind]));
    return text;
}

static void put_frequency(const struct sheet_of *s)
{
    char buffer[48];
    const struct dora_figures *f = s->view->figures;
    if (!f->begun) {
        row(s, "deployment frequency", "no data", "nothing was deployed yet");
        return;
    }
    struct number weekly = number_ratio((int64_t)f->counted * 7, f->days);
    row(s, "deployment frequency", arena_printf(s->mem, "%s /w", number_text(buffer, weekly, 1)),
        arena_printf(s->mem, "%s on %s%s", words_count(s->mem, f->counted, "deployment"),
                     words_count(s->mem, f->deployment_days, "day"), others(s)));
    if (f->weeks > 0)
        row(s, "  days a week, median", number_short(buffer, f->days_a_week),
            arena_printf(s->mem, "of %s from Monday to Sunday",
                         words_count(s->mem, f->weeks, "week")));
}

static void put_spread(const struct sheet_of *s, const char *name, const struct dora_spread *spread,
                       const char *noun, const char *none)
{
    if (spread->count == 0) {
        row(s, name, "no data", none);
        return;
    }
    row(s, name, span(s->mem, spread->p50),
        arena_printf(s->mem, "p75 %s   p90 %s   n %s%s", span(s->mem, spread->p75),
                     span(s->mem, spread->p90), words_count(s->mem, spread->count, noun),
                     few(spread->count)));
}

static const char *percent(struct arena *mem, size_t above, size_t below)
{
    char buffer[48];
    struct number number = number_ratio((int64_t)above * 100, below);
    bool whole = above * 100 % below == 0;
    return arena_printf(mem, "%s %%", number_text(buffer, number, whole ? 0 : 1));
}

/* "2 of 10: 1 by rollback, 1 by revert" */
static void put_failures(const struct sheet_of *s)
{
    const struct dora_figures *f = s->view->figures;
    if (f->counted == 0) {
        row(s, "change fail rate", "no data", "nothing was deployed in this time");
        return;
    }
    const char *text = arena_printf(s->mem, "%zu of %zu%s", f->failed, f->counted, few(f->counted));
    for (enum dora_failure how = DORA_ROLLED_BACK; how < DORA_FAILURES; how++)
        if (f->failures[how] > 0)
            text = arena_printf(s->mem, "%s; %zu by %s", text, f->failures[how],
                                dora_failure_name(how));
    row(s, "change fail rate", percent(s->mem, f->failed, f->counted), text);
}

static void put_rework(const struct sheet_of *s)
{
    const struct dora_figures *f = s->view->figures;
    size_t all = f->counted + f->kinds[DORA_ROLLBACK];
    if (all == 0)
        row(s, "rework rate", "no data", "nothing was deployed in this time");
    else
        row(s, "rework rate", percent(s->mem, f->unplanned, all),
            arena_printf(s->mem, "%zu of %zu%s", f->unplanned, all, few(all)));
}

/* Where a reader would otherwise look for them in vain. */
static void put_left_out(const struct sheet_of *s)
{
    const struct dora_figures *f = s->view->figures;
    const char *text = "";
    const struct {
        size_t count;
        const char *why;
    } parts[] = {
        {f->bots, "by bots"},
        {f->copies, "deployed before as other commits"},
        {f->skewed, "dated after the deployment"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].count > 0)
            text = arena_printf(s->mem, "%s%s%s %s", text, *text == '\0' ? "" : ", ",
                                words_count(s->mem, parts[i].count, "change"), parts[i].why);
    if (*text != '\0')
        fprintf(s->out, "%-24s %s\n", "without lead time", text);
    if (s->view->chain->later > 0)
        fprintf(s->out, "%-24s %s after the moment asked for\n", "not counted",
                words_count(s->mem, s->view->chain->later, "deployment"));
}

static void put_numbers(const struct sheet_of *s)
{
    char from[48], to[48];
    const struct dora_view *view = s->view;
    const struct dora_figures *f = view->figures;
    fprintf(s->out, "%s   %s   %s, %s to %s, UTC\n", view->service, view->environment,
            words_count(s->mem, f->days, "day"), day_text(from, f->window.from_day),
            day_text(to, f->window.to_day));
    fprintf(s->out,
            "no delivery.yml: a tag %s is a deployment, a merge or a commit on the first-parent"
            " line a change\n\n",
            view->tags);
    put_frequency(s);
    put_spread(s, "change lead time  p50", &f->lead, "change", "no change with a known beginning");
    put_failures(s);
    put_spread(s, "recovery time     p50", &f->recovery, "failed deployment",
               "no deployment failed");
    put_rework(s);
    if (f->changes > 0)
        fprintf(s->out, "%-24s %s by %s\n", "changes", words_count(s->mem, f->changes, "change"),
                f->people == 1 ? "1 person" : arena_printf(s->mem, "%zu people", f->people));
    put_left_out(s);
}

/* --- what stands behind them ------------------------------------------------------------------ */

/* "by v1.2.1 after 47 min", ", not recovered yet" */
static const char *recovery_of(const struct sheet_of *s, const struct dora_deployment *deployment)
{
    if (deployment->recovered_s == INT64_MAX)
        return ", not recovered yet";
    const char *after = seconds(s->mem, deployment->recovered_s - deployment->finished_s);
    const struct dora_deployment *all = s->view->chain->deployments.items;
    return deployment->remedy == DORA_NONE
               ? arena_printf(s->mem, ", recovered after %s", after)
               : arena_printf(s->mem, " by %s after %s", all[deployment->remedy].version, after);
}

static const char *outcome_of(const struct sheet_of *s, const struct dora_deployment *deployment)
{
    const char *unplanned = deployment->unplanned ? "   unplanned" : "";
    return deployment->failure == DORA_GOOD
               ? unplanned
               : arena_printf(s->mem, "%s   failed: %s%s", unplanned,
                              dora_failure_name(deployment->failure), recovery_of(s, deployment));
}

static void explain_deployment(const struct sheet_of *s, const struct dora_deployment *deployment)
{
    const struct dora_chain *chain = s->view->chain;
    const char *previous = deployment->previous == DORA_NONE
                               ? ""
                               : chain->deployments.items[deployment->previous].version;
    fprintf(s->out, "  %s  %-12s %-8s %.8s%s%s   %s%s\n", at(s->mem, deployment->finished_s),
            deployment->version, dora_kind_name(deployment->kind),
            deployment->commit == DORA_NONE ? "unknown"
                                            : chain->commits.items[deployment->commit].id,
            *previous == '\0' ? "" : " after ", previous,
            words_count(s->mem, deployment->change_count, "change"), outcome_of(s, deployment));
}

static const char *not_timed(enum dora_absent absent)
{
    static const char *const why[] = {"", "of a bot", "copy", "skewed"};
    return why[absent];
}

/* "1 commit", "2 commits, +10 -3" */
static const char *size_of(const struct sheet_of *s, const struct dora_change *change)
{
    const char *commits = words_count(s->mem, change->commits, "commit");
    return !change->sized
               ? commits
               : arena_printf(s->mem, "%s, +%zu -%zu", commits, change->added, change->removed);
}

static void explain_change(const struct sheet_of *s, const struct dora_change *change)
{
    const struct dora_chain *chain = s->view->chain;
    const struct dora_commit *landed = &chain->commits.items[change->landed];
    const struct dora_deployment *by = &chain->deployments.items[change->deployment];
    const char *lead =
        change->absent == DORA_TIMED ? seconds(s->mem, change->lead_s) : not_timed(change->absent);
    fprintf(s->out, "  %-9s %s to %s  %-12s %-6s %.8s %s  %s\n", lead,
            at(s->mem, change->started_s), at(s->mem, by->finished_s), by->version,
            dora_landed_name(change->how), landed->id, size_of(s, change), landed->landing.subject);
}

static void explain(const struct sheet_of *s)
{
    const struct dora_chain *chain = s->view->chain;
    const struct dora_window *window = &s->view->figures->window;
    fputs("\ndeployments\n", s->out);
    for (size_t i = 0; i < chain->deployments.count; i++)
        if (dora_within(window, NULL, chain->deployments.items[i].finished_s))
            explain_deployment(s, &chain->deployments.items[i]);
    fputs("\nchanges: lead time, first commit to deployment\n", s->out);
    for (size_t i = 0; i < chain->changes.count; i++) {
        const struct dora_change *change = &chain->changes.items[i];
        const struct dora_deployment *by = dora_bringer(chain, change);
        if (by != NULL && dora_within(window, NULL, by->finished_s))
            explain_change(s, change);
    }
}

static bool render(const struct dora_view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct sheet_of sheet = {view, out, mem};
    put_numbers(&sheet);
    if (view->explain)
        explain(&sheet);
    else
        fprintf(out, "%-24s %s\n", "every number", "qgate dora --explain");
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the numbers cannot be written");
}

const struct dora_renderer dora_terminal_renderer = {
    .name = "terminal",
    .title = "for people",
    .render = render,
};
