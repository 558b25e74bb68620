/* The verdict as OpenMetrics text: GitLab's metrics report compares it with the target branch's,
 * and whoever scrapes files can read it.
 *
 * Format: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md, version
 * 1.0. GitLab splits every line as a shell would and takes its first two words; escape_label() sees
 * to what it would trip over. Words, and values that are not there, have no line: none is 0. */
#include <inttypes.h>

#include "runner/render/escape.h"
#include "runner/render/render.h"
#include "runner/render/rulings.h"

#define OUTCOME_NUMBERS \
    "0 passed, 1 not applicable, 2 waived, 3 warned, 4 no data, 5 error, 6 failed"

static void begin_family(FILE *out, const char *name, const char *help)
{
    fprintf(out, "# TYPE %s gauge\n# HELP %s %s.\n", name, name, help);
}

static void put_number(FILE *out, const char *name, const char *help, uint64_t number)
{
    begin_family(out, name, help);
    fprintf(out, "%s %" PRIu64 "\n", name, number);
}

static void put_counts(FILE *out, const char *name, const char *help,
                       const size_t counts[OUTCOME_COUNT])
{
    begin_family(out, name, help);
    for (int o = OUTCOME_COUNT - 1; o >= 0; o--)
        fprintf(out, "%s{outcome=\"%s\"} %zu\n", name, outcome_name((enum outcome)o), counts[o]);
}

/* The name of one series, without the closing brace. */
static void begin_rule(FILE *out, const char *name, const struct named_ruling *item,
                       struct arena *mem)
{
    fprintf(out, "%s{gate=\"%s\",rule=\"%s\"", name, escape_label(mem, item->gate->gate->name),
            escape_label(mem, item->ruling->rule->text));
    if (item->ruling->each != NULL)
        fprintf(out, ",each=\"%s\"", escape_label(mem, item->ruling->each));
    if (item->again > 0)
        fprintf(out, ",again=\"%zu\"", item->again);
}

static void put_rule_outcomes(FILE *out, const struct named_rulings *rulings)
{
    begin_family(out, "qgate_rule_outcome", "How a rule came out: " OUTCOME_NUMBERS);
    for (size_t i = 0; i < rulings->count; i++) {
        AUTO(close_arena) struct arena *mem = arena_new();
        begin_rule(out, "qgate_rule_outcome", &rulings->items[i], mem);
        fprintf(out, "} %d\n", (int)rulings->items[i].outcome);
    }
}

static void put_rule_values(FILE *out, const struct named_rulings *rulings)
{
    begin_family(out, "qgate_rule_value", "What a rule judged, in the unit of its measure");
    for (size_t i = 0; i < rulings->count; i++) {
        AUTO(close_arena) struct arena *mem = arena_new();
        char buffer[48];
        const struct ruling *ruling = rulings->items[i].ruling;
        const struct measure *measure = ruling->rule->selector.measure;
        if (measure == NULL || ruling->value.kind != VALUE_NUMBER)
            continue;
        begin_rule(out, "qgate_rule_value", &rulings->items[i], mem);
        if (*unit_name(measure->unit) != '\0')
            fprintf(out, ",unit=\"%s\"", unit_name(measure->unit));
        fprintf(out, "} %s\n", number_short(buffer, ruling->value.number));
    }
}

static void put_waivers(FILE *out, const struct view *view)
{
    const struct waiver_rulings *waivers = &view->verdict->waivers;
    size_t used = 0, from_environment = 0;
    for (size_t i = 0; i < waivers->count; i++) {
        used += waivers->items[i].used > 0;
        from_environment += waivers->items[i].waiver->from_environment;
    }
    put_number(out, "qgate_waivers_used", "Waivers that waived something", used);
    put_number(out, "qgate_waivers_from_environment", "Waivers that QGATE_WAIVERS added",
               from_environment);
}

static bool render_metrics(const struct view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct verdict *verdict = view->verdict;
    const struct named_rulings rulings = rulings_named(verdict, mem);
    put_number(out, "qgate_exit_status", "The exit status of the run", (uint64_t)view->status);
    put_counts(out, "qgate_gates", "Gates and unread reports by outcome", verdict->gate_counts);
    put_counts(out, "qgate_rules", "Rules by outcome", verdict->rule_counts);
    put_rule_outcomes(out, &rulings);
    put_rule_values(out, &rulings);
    put_number(out, "qgate_flaky_tests", "Tests that passed after a rerun", verdict->flaky);
    put_number(out, "qgate_suspected_flaky_tests", "Tests that failed and passed in one report",
               verdict->suspected);
    put_number(out, "qgate_small_changes", "Rules waived because too few lines changed",
               verdict->small_changes);
    put_number(out, "qgate_disclosed", "Vulnerabilities published since the baseline",
               verdict->disclosed);
    put_waivers(out, view);
    fputs("# EOF\n", out);
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the metrics cannot be written");
}

const struct renderer metrics_renderer = {
    .name = "metrics",
    .title = "OpenMetrics text (GitLab's metrics report)",
    .render = render_metrics,
};
