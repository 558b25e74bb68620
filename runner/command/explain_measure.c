/* Measures and rules for people. */
#include <string.h>

#include "gates/base/text.h"
#include "gates/policy/yaml.h"
#include "runner/command/explain.h"

enum { INDENT = 2 };

/* --- examples -------------------------------------------------------------------------------- */

static const char *seconds_example(const struct measure *measure)
{
    if (measure->family == FAMILY_DELIVERY)
        return "<= 2d";
    return measure->better == BETTER_UP ? ">= 10min" : "<= 10min";
}

/* The usual kind of threshold for a measure of this unit. */
static const char *level_example(const struct measure *measure)
{
    bool up = measure->better == BETTER_UP, down = measure->better == BETTER_DOWN;
    switch (measure->unit) {
    case UNIT_PERCENT:
        return up ? ">= 80%" : down ? "<= 5%" : ">= 20%";
    case UNIT_MS:
        return "<= 800ms";
    case UNIT_SECONDS:
        return seconds_example(measure);
    case UNIT_MINUTES:
        return "<= 8h";
    case UNIT_PER_SECOND:
        return ">= 50/s";
    case UNIT_PER_DAY:
        return ">= 1/d";
    case UNIT_RATING:
        return "<= B";
    default:
        break;
    }
    if (measure->bounds == BOUNDS_ONE)
        return ">= 0.9";
    if (down && strncmp(measure->id, "diff.", strlen("diff.")) == 0)
        return "<= 400";
    return down ? measure->bounds == BOUNDS_COUNT ? "== 0" : "<= 10" : ">= 100";
}

static const char *function_example(const struct measure *measure, enum function function)
{
    bool up = measure->better == BETTER_UP, percent = measure->unit == UNIT_PERCENT;
    if (function == FUNCTION_NEW)
        return percent ? ">= 90%" : "== 0";
    if (function == FUNCTION_GROWTH)
        return up ? ">= -5%" : "<= 10%";
    if (percent)
        return up ? ">= -1pp" : "<= 1pp";
    return up ? ">= 0" : "<= 0";
}

/* load.p95 for load.p*, sonar.my_metric for sonar.* */
static const char *example_id(const struct measure *measure, const char *id, struct arena *mem)
{
    size_t size = strcspn(measure->id, "*");
    if (id != NULL && strchr(id, '*') == NULL)
        return id;
    if (measure->id[size] == '\0')
        return measure->id;
    return arena_printf(mem, "%.*s%s", (int)size, measure->id,
                        measure->family == FAMILY_LOAD ? "95" : "my_metric");
}

const char *explain_example(const struct measure *measure, const char *id, enum function function,
                            struct arena *mem)
{
    const char *name = function_text(function);
    id = example_id(measure, id, mem);
    if (function == FUNCTION_NONE && measure->unit == UNIT_WORD)
        return arena_printf(mem, "%s == %.*s", id, (int)strcspn(measure->words, " "),
                            measure->words);
    if (function == FUNCTION_NONE)
        return arena_printf(mem, "%s %s", id, level_example(measure));
    if (!text_lists(measure->scopes, name, strlen(name)))
        return NULL;
    return arena_printf(mem, "%s(%s) %s", name, id, function_example(measure, function));
}

/* --- a measure ------------------------------------------------------------------------------- */

static const char *unit_words(const struct measure *measure, struct arena *mem)
{
    switch (measure->unit) {
    case UNIT_PERCENT:
        return "per cent: 80%";
    case UNIT_MS:
    case UNIT_SECONDS:
        return measure->family == FAMILY_DELIVERY ? "time: 10min, 4h, 2d, 1w"
                                                  : "time: 800ms, 2s, 10min, 1h";
    case UNIT_MINUTES:
        return "time: 30min, 8h";
    case UNIT_PER_SECOND:
    case UNIT_PER_DAY:
        return "rate: 50/s, 10/d, 3/w";
    case UNIT_RATING:
        return "rating: A to E, A is best";
    case UNIT_WORD:
        return arena_printf(mem, "one of the words %s", measure->words);
    default:
        return measure->bounds == BOUNDS_ONE ? "number from 0 to 1" : "plain number";
    }
}

static const char *better_words(const struct measure *measure)
{
    if (measure->unit == UNIT_WORD)
        return "";
    if (measure->better == BETTER_NEITHER)
        return "neither more nor less";
    return measure->better == BETTER_UP ? "more" : "less";
}

static void put(const struct page *page, const char *lead, const char *text)
{
    if (text != NULL && *text != '\0')
        page_paragraph(page, INDENT, lead, text);
}

/* Words parted by spaces, with commas. */
static const char *with_commas(const char *list, struct arena *mem)
{
    const char *text = "";
    for (const char *at = list == NULL ? "" : list; *at != '\0'; at += *at == ' ') {
        size_t size = strcspn(at, " ");
        text = arena_printf(mem, "%s%s%.*s", text, *text == '\0' ? "" : ", ", (int)size, at);
        at += size;
    }
    return text;
}

/* vulnerabilities{severity="critical"} */
static const char *written_out(const struct selector *selector, struct arena *mem)
{
    const char *text = selector->id, *between = "{";
    for (size_t i = 0; i < selector->labels.count; i++, between = ", ")
        text = arena_printf(mem, "%s%s%s=\"%s\"", text, between, selector->labels.items[i].label,
                            selector->labels.items[i].value);
    return arena_printf(mem, "%s}", text);
}

static void put_example(const struct page *page, const char *lead, const char *text,
                        struct arena *mem)
{
    struct problems found;
    problems_init(&found, mem);
    const struct rule *rule = rule_parse(text, (struct place){"", 1, 1}, mem, &found);
    page_paragraph(page, INDENT, lead, text);
    if (rule != NULL)
        page_paragraph(page, INDENT + PAGE_LEAD + 2, "", rule_words(rule, mem));
}

static void put_common(const struct page *page, const struct measure *measure, struct arena *mem)
{
    bool of_delivery = measure->family == FAMILY_DELIVERY, later = catalogue_is_later(measure);
    if (of_delivery && !later)
        put(page, "from      ",
            "git, GitOps files and recorded events: `qgate dora --explain` lists what it counts");
    else
        put(page, "formats   ", with_commas(measure->formats, mem));
    put(page, "improve   ", measure->improve);
    if (later)
        put(page, "note      ",
            of_delivery ? "not collected yet" : "this version cannot judge it yet");
}

void explain_measure(const struct page *page, const char *name, const struct selector *selector,
                     struct arena *mem)
{
    const struct measure *measure = selector->measure;
    const char *own = measure->labels == NULL ? "" : measure->labels;
    const char *common = catalogue_common_labels(measure);
    const char *labels =
        arena_printf(mem, "%s%s%s", own, *own != '\0' && *common != '\0' ? " " : "", common);
    page_paragraph(page, 0, "", name);
    page_paragraph(page, INDENT, "", measure->meaning);
    if (selector->labels.count > 0)
        put(page, "short for ", written_out(selector, mem));
    put(page, "unit      ", unit_words(measure, mem));
    put(page, "better    ", better_words(measure));
    put(page, "labels    ", with_commas(labels, mem));
    if (measure->family == FAMILY_DELIVERY)
        put(page, "window    ", "28 days; {window=\"90d\"} or any other number of days");
    put(page, "functions ", with_commas(measure->scopes, mem));
    put_common(page, measure, mem);
    put_example(page, "example   ", explain_example(measure, name, FUNCTION_NONE, mem), mem);
    for (enum function f = FUNCTION_NEW; f <= FUNCTION_GROWTH; f++) {
        const char *example = explain_example(measure, name, f, mem);
        if (example != NULL)
            put_example(page, "          ", example, mem);
    }
}

/* --- a rule ---------------------------------------------------------------------------------- */

static void put_measure(const struct page *page, const struct rule *rule, struct arena *mem)
{
    const struct measure *measure = rule->selector.measure;
    put(page, "measure   ", arena_printf(mem, "%s: %s", rule->selector.id, measure->meaning));
    put_common(page, measure, mem);
}

void explain_rule(const struct page *page, const char *text, const struct rule *rule,
                  struct arena *mem)
{
    page_paragraph(page, 0, "", text);
    page_paragraph(page, INDENT, "", rule_words(rule, mem));
    put(page, "why       ", rule->why);
    const char *written = text_in_yaml(text, mem);
    if (rule->text == text && written != text)
        put(page, "in YAML   ", arena_printf(mem, "- %s", written));
    for (size_t i = 0; i < rule->any.count; i++)
        put_measure(page, rule->any.items[i], mem);
    if (rule->any.count == 0)
        put_measure(page, rule, mem);
}
