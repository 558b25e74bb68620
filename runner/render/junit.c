/* The verdict as JUnit XML: a suite for each gate, a test case for each rule.
 *
 * Schema: schemas/public/junit.xsd, what GitLab, Jenkins and the writers of Ant and Maven agree on.
 * What failed is a <failure>, what could not be judged an <error>, and what counts as passed
 * without having passed (warned, waived, not applicable) is <skipped>, because there it can be
 * seen. There is no <system-out>: GitLab takes links to artifacts from it. A name stands once: of
 * namesakes GitLab keeps the first. */
#include <string.h>
#include <time.h>

#include "runner/render/escape.h"
#include "runner/render/render.h"
#include "runner/render/rulings.h"
#include "runner/render/words.h"

enum { MOST_DETAILS = 20 };

/* Cases of a suite or of all of them. */
struct tally {
    size_t tests, failures, errors, skipped;
};

static void count(struct tally *tally, enum outcome outcome)
{
    tally->tests++;
    tally->failures += outcome == OUTCOME_FAILED;
    tally->errors += outcome == OUTCOME_ERROR || outcome == OUTCOME_NO_DATA;
    tally->skipped += outcome > OUTCOME_PASSED && outcome <= OUTCOME_WARNED;
}

static void put_tally(FILE *out, const struct tally *tally)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"0\"",
            tally->tests, tally->failures, tally->errors, tally->skipped);
}

static void begin_case(FILE *out, struct arena *mem, const char *suite, const char *name)
{
    fprintf(out, "    <testcase classname=\"%s\" name=\"%s\" time=\"0\"", escape_xml(mem, suite),
            escape_xml(mem, name));
}

static const char *element_of(enum outcome outcome)
{
    return outcome == OUTCOME_FAILED ? "failure" : outcome >= OUTCOME_NO_DATA ? "error" : "skipped";
}

/* The element for an outcome that is no pass, up to its text. */
static void begin_outcome(FILE *out, struct arena *mem, enum outcome outcome, const char *message)
{
    fprintf(out, ">\n      <%s", element_of(outcome));
    if (outcome >= OUTCOME_NO_DATA)
        fprintf(out, " type=\"%s\"", outcome_name(outcome));
    fprintf(out, " message=\"%s\">", escape_xml(mem, message));
}

static void end_outcome(FILE *out, enum outcome outcome)
{
    fprintf(out, "</%s>\n    </testcase>\n", element_of(outcome));
}

static void put_line(FILE *out, struct arena *mem, const char *lead, const char *text)
{
    if (text != NULL && *text != '\0')
        fprintf(out, "%s%s\n", lead, escape_xml(mem, text));
}

static void put_details(FILE *out, struct arena *mem, const struct details *details)
{
    for (size_t i = 0; i < details->count && i < MOST_DETAILS; i++) {
        const struct detail *detail = &details->items[i];
        const char *said = words_detail(mem, detail);
        fprintf(out, "%s%s%s\n", escape_xml(mem, detail->subject), *said == '\0' ? "" : "  ",
                escape_xml(mem, said));
    }
    if (details->count > MOST_DETAILS)
        fprintf(out, "… and %zu more: the json output has all of them\n",
                details->count - MOST_DETAILS);
}

static void put_rule(FILE *out, const struct named_ruling *item)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct ruling *ruling = item->ruling;
    const char *name = ruling->rule->text, *value = words_value(mem, ruling);
    if (ruling->each != NULL)
        name = arena_printf(mem, "%s for %s", name, ruling->each);
    if (item->again > 0)
        name = arena_printf(mem, "%s (%zu)", name, item->again + 1);
    begin_case(out, mem, item->gate->gate->name, name);
    if (item->outcome == OUTCOME_PASSED) {
        fputs("/>\n", out);
        return;
    }
    const char *message = *value != '\0' ? value : ruling->reason;
    bool partly = item->outcome >= OUTCOME_NO_DATA && item->outcome != OUTCOME_FAILED;
    begin_outcome(out, mem, item->outcome,
                  arena_printf(mem, "%s%s%s%s", outcome_name(item->outcome),
                               *message == '\0' ? "" : ": ", message,
                               partly && *value != '\0' ? " so far" : ""));
    put_line(out, mem, "", ruling->reason);
    put_details(out, mem, &ruling->details);
    put_line(out, mem, "to pass: ", ruling->to_pass);
    put_line(out, mem, "why: ", ruling->rule->why);
    if (item->gate->waiver != NULL)
        put_line(out, mem, "waived: ", item->gate->waiver->reason);
    end_outcome(out, item->outcome);
}

static void begin_suite(FILE *out, const struct view *view, const char *name,
                        const struct tally *tally)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    char stamp[40] = "";
    time_t time = (time_t)view->now_s;
    struct tm date;
    if (gmtime_r(&time, &date) != NULL)
        strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &date);
    fprintf(out, "  <testsuite name=\"%s\" timestamp=\"%s\"", escape_xml(mem, name), stamp);
    put_tally(out, tally);
    fputs(">\n", out);
}

static void put_property(FILE *out, struct arena *mem, const char *name, const char *value)
{
    fprintf(out, "      <property name=\"%s\" value=\"%s\"/>\n", name, escape_xml(mem, value));
}

/* What judged, and what was judged; exceptions from outside the repository are said in every
 * output. */
static void put_properties(FILE *out, const struct view *view)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct policy_origins *origins = &view->policy->origins;
    fputs("    <properties>\n", out);
    put_property(out, mem, "policy", view->policy_origin);
    put_property(out, mem, "verdict", words_run(mem, view->verdict));
    if (*view->commit != '\0')
        put_property(out, mem, "commit", view->commit);
    for (size_t i = 0; i < origins->count; i++)
        if (strcmp(origins->items[i].role, "waivers") == 0)
            put_property(out, mem, "QGATE_WAIVERS", origins->items[i].name);
    fputs("    </properties>\n", out);
}

/* The rules of one gate: items[0] to items[count - 1]. */
static void put_gate(FILE *out, const struct view *view, const struct named_ruling *items,
                     size_t size)
{
    struct tally tally = {0};
    for (size_t i = 0; i < size; i++)
        count(&tally, items[i].outcome);
    begin_suite(out, view, items[0].gate->gate->name, &tally);
    put_properties(out, view);
    for (size_t i = 0; i < size; i++)
        put_rule(out, &items[i]);
    fputs("  </testsuite>\n", out);
}

static void put_report(FILE *out, const struct report_ruling *report)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    begin_case(out, mem, "reports",
               arena_printf(mem, "%s (%s)", report->source->name, report->source->format));
    begin_outcome(out, mem, report->outcome, report->reason);
    put_line(out, mem, "to pass: ", report->to_pass);
    end_outcome(out, report->outcome);
}

/* The run itself can be why it is no pass. */
static void put_run(FILE *out, const struct verdict *verdict)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    begin_case(out, mem, "reports", "this run");
    begin_outcome(out, mem, verdict->outcome, verdict->reason);
    end_outcome(out, verdict->outcome);
}

/* Reports that no rule reads, and the run: what is wrong without a rule. */
static struct tally count_rest(const struct verdict *verdict)
{
    struct tally tally = {0};
    for (size_t i = 0; i < verdict->reports.count; i++)
        count(&tally, verdict->reports.items[i].outcome);
    if (*verdict->reason != '\0')
        count(&tally, verdict->outcome);
    return tally;
}

static void put_rest(FILE *out, const struct view *view, const struct tally *tally)
{
    const struct verdict *verdict = view->verdict;
    if (tally->tests == 0)
        return;
    begin_suite(out, view, "reports", tally);
    put_properties(out, view);
    for (size_t i = 0; i < verdict->reports.count; i++)
        put_report(out, &verdict->reports.items[i]);
    if (*verdict->reason != '\0')
        put_run(out, verdict);
    fputs("  </testsuite>\n", out);
}

static bool render_junit(const struct view *view, FILE *out, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    const struct named_rulings rulings = rulings_named(view->verdict, mem);
    const struct tally rest = count_rest(view->verdict);
    struct tally all = rest;
    for (size_t i = 0; i < rulings.count; i++)
        count(&all, rulings.items[i].outcome);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"" OWN_SUITES "\"", out);
    put_tally(out, &all);
    fputs(">\n", out);
    for (size_t i = 0, next; i < rulings.count; i = next) {
        for (next = i + 1; next < rulings.count; next++)
            if (rulings.items[next].gate != rulings.items[i].gate)
                break;
        put_gate(out, view, rulings.items + i, next - i);
    }
    put_rest(out, view, &rest);
    fputs("</testsuites>\n", out);
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the test cases cannot be written");
}

const struct renderer junit_renderer = {
    .name = "junit",
    .title = "JUnit XML, each rule a test case",
    .render = render_junit,
};
