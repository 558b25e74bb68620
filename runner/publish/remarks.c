/* Which findings should have a thread, how it is found again, and what it says. */
#include <string.h>

#include "runner/publish/parts.h"
#include "runner/render/escape.h"
#include "runner/render/words.h"

/* "<!-- qgate:thread v1 policy=.qgate.yml stage=build id=": of all threads of a verdict. */
static const char *marker_begin(const struct edition *edition, const struct view *view)
{
    return arena_printf(edition->mem, "<!-- qgate:thread v1 policy=%s stage=%s id=",
                        escape_percent(edition->mem, view->policy->path),
                        escape_percent(edition->mem, view->stage));
}

const struct view *remarks_view(const struct edition *edition, const char *marker)
{
    const struct views *views = &edition->publication->views;
    for (size_t i = 0; i < views->count; i++) {
        const char *begin = marker_begin(edition, views->items[i]);
        if (strncmp(marker, begin, strlen(begin)) == 0)
            return views->items[i];
    }
    return NULL;
}

static struct finding_place place_of(const struct detail *detail)
{
    const struct finding *finding = detail->finding;
    return detail->at_source != NULL
               ? *detail->at_source
               : (struct finding_place){finding->path, finding->line, finding->last_line};
}

/* Are its findings what the change brought? Those behind an `any`, which measures nothing itself,
 * always are. */
static bool is_of_change(const struct rule *rule)
{
    return rule->function == FUNCTION_NEW || rule->selector.measure == NULL;
}

static void take_detail(struct edition *edition, const struct remark *like,
                        const struct detail *detail, const char *begin, struct remarks *remarks)
{
    const struct finding *finding = detail->finding;
    if (finding == NULL || finding->path == NULL || finding->line == 0 ||
        finding->fingerprint == NULL || detail->waiver != NULL)
        return;
    const char *marker = arena_printf(edition->mem, "%s%s -->", begin, finding->fingerprint);
    size_t at = names_add(&remarks->markers, marker, strlen(marker));
    if (at < remarks->count) { /* behind another rule, too */
        remarks->items[at].wanted |= like->wanted;
        return;
    }
    struct remark *remark = array_add(edition->mem, remarks);
    *remark = *like;
    remark->finding = finding;
    remark->place = place_of(detail);
}

static void take_rulings(struct edition *edition, const struct view *view, enum outcome outcome,
                         struct remarks *remarks)
{
    const struct gate_rulings *gates = &view->verdict->gates;
    const char *begin = marker_begin(edition, view);
    for (size_t i = 0; i < gates->count; i++) {
        const struct gate_ruling *gate = &gates->items[i];
        for (size_t j = 0; j < gate->rulings.count && gate->waiver == NULL; j++) {
            const struct ruling *ruling = &gate->rulings.items[j];
            const struct remark like = {
                .gate = gate->gate,
                .ruling = ruling,
                .wanted = edition->publication->wanted.threads == THREADS_ALL ||
                          is_of_change(ruling->rule),
            };
            for (size_t k = 0; ruling->outcome == outcome && k < ruling->details.count; k++)
                take_detail(edition, &like, &ruling->details.items[k], begin, remarks);
        }
    }
}

void remarks_gather(struct edition *edition, struct remarks *remarks)
{
    static const enum outcome worst_first[] = {OUTCOME_FAILED, OUTCOME_WARNED};
    const struct views *views = &edition->publication->views;
    names_init(&remarks->markers, edition->mem);
    for (size_t i = 0; i < sizeof worst_first / sizeof *worst_first; i++)
        for (size_t j = 0; j < views->count; j++)
            take_rulings(edition, views->items[j], worst_first[i], remarks);
}

static const char *span(const struct edition *edition, const char *before, const char *text)
{
    return text == NULL || *text == '\0'
               ? ""
               : arena_printf(edition->mem, "%s%s", before, escape_span(edition->mem, text));
}

static const char *title_of(const struct edition *edition, const struct finding *finding)
{
    uint32_t more = finding->last_line > finding->line ? finding->last_line - finding->line : 0;
    if (finding->family != FAMILY_COVERAGE)
        return arena_printf(edition->mem, "**%s, %s**%s",
                            span(edition, "", finding->rule == NULL ? "finding" : finding->rule),
                            severity_name(finding->severity), span(edition, " ", finding->message));
    if (more == 0)
        return "**No test runs this line.**";
    return arena_printf(edition->mem, "**No test runs these %u lines.**", more + 1);
}

const char *remark_body(const struct edition *edition, const struct remarks *remarks, size_t i)
{
    const struct remark *remark = &remarks->items[i];
    const struct ruling *ruling = remark->ruling;
    const char *why = ruling->rule->why != NULL ? ruling->rule->why : remark->gate->why;
    const char *rule =
        arena_printf(edition->mem, "Rule %s%s%s.", escape_span(edition->mem, ruling->rule->text),
                     span(edition, " is at ", words_value(edition->mem, ruling)),
                     span(edition, "; to pass: ", ruling->to_pass));
    return arena_printf(edition->mem, "%s\n\n%s\n\n<sub>qgate, gate %s%s</sub>\n\n%s",
                        title_of(edition, remark->finding), rule,
                        escape_span(edition->mem, remark->gate->name), span(edition, ": ", why),
                        remarks->markers.texts.items[i]);
}
