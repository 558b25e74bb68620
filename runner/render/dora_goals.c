/* What a team aims at, beside its numbers. */
#include <string.h>

#include "gates/base/day.h"
#include "runner/render/dora_sheet.h"
#include "runner/render/terminal.h"
#include "runner/render/words.h"

/* Measures that have a row of their own. */
static const char *const rows[] = {"dora.deployment_frequency", "dora.lead_time",
                                   "dora.change_fail_rate", "dora.recovery_time",
                                   "dora.rework_rate"};

static bool is_of(const struct rule *rule, const char *measure)
{
    size_t len = strlen(measure);
    const char *id = rule->selector.id;
    return strncmp(id, measure, len) == 0 && (id[len] == '\0' || id[len] == '.');
}

static bool has_row(const struct dora_sheet *s, const struct rule *rule)
{
    bool has = false;
    for (size_t i = 0; dora_target_fits(s->view, rule) && i < sizeof rows / sizeof rows[0]; i++)
        has |= is_of(rule, rows[i]);
    return has;
}

/* "<= 2d", of a percentile that is not the row's "p90 <= 5d" */
static const char *demanded(const struct dora_sheet *s, const struct rule *rule)
{
    const char *text = rule->text + strlen(rule->text);
    while (text > rule->text && strchr("<>=!", text[-1]) == NULL)
        text--;
    const char *point = strrchr(rule->selector.id, '.'), *p = point == NULL ? "" : point + 1;
    bool other = *p == 'p' && strcmp(p, "p50") != 0;
    return arena_printf(s->mem, "%s%s%s%s", other ? p : "", other ? " " : "",
                        compare_text(rule->compare), text);
}

/* "met", "missed", "no data: no deployment failed", whatever a rule makes of that. */
static const char *outcome_text(const struct dora_sheet *s, const struct ruling *ruling)
{
    enum outcome outcome = ruling->outcome;
    bool known = ruling->rule->any.count > 0 || ruling->value.kind != VALUE_NONE;
    if (known && outcome == OUTCOME_PASSED)
        return "met";
    if (known && (outcome == OUTCOME_FAILED || outcome == OUTCOME_WARNED))
        return "missed";
    if (outcome == OUTCOME_PASSED)
        return "no data, passed by `on_missing`";
    if ((outcome == OUTCOME_NO_DATA || outcome == OUTCOME_WARNED) && *ruling->reason != '\0')
        return arena_printf(s->mem, "no data: %s", ruling->reason);
    return outcome_name(outcome);
}

/* "missed, enforced from 2027-07-01" */
static const char *reached(const struct dora_sheet *s, const struct ruling *ruling)
{
    char day[48];
    int32_t from = ruling->rule->enforce_from;
    const char *text = outcome_text(s, ruling);
    if (from > zone_day(NULL, s->view->estate->known.now_s))
        text = arena_printf(s->mem, "%s, enforced from %s", text, day_text(day, from));
    return text;
}

static void put_target(const struct dora_sheet *s, const struct ruling *ruling, size_t column,
                       const char *what)
{
    page_row(&s->page, column, &sheet_marks[ruling->outcome],
             arena_printf(s->mem, "%s   %s", what, reached(s, ruling)), "");
}

void dora_sheet_targets(const struct dora_sheet *s, const char *measure)
{
    const struct rulings *targets = s->answer->targets;
    for (size_t i = 0; targets != NULL && i < targets->count; i++) {
        const struct ruling *ruling = &targets->items[i];
        if (has_row(s, ruling->rule) && is_of(ruling->rule, measure))
            put_target(s, ruling, DORA_TEXT_COLUMN - 2,
                       arena_printf(s->mem, "target %s", demanded(s, ruling->rule)));
    }
}

/* Beside numbers of another time than that which it is about without saying so. */
static const char *usual_window(const struct dora_sheet *s, const struct ruling *ruling)
{
    bool says = ruling->rule->any.count > 0 || strstr(ruling->rule->text, "window") != NULL;
    return says || strcmp(s->view->window, "28d") == 0 ? "" : ", over 28d";
}

void dora_sheet_other_targets(const struct dora_sheet *s)
{
    const struct rulings *targets = s->answer->targets;
    bool begun = false;
    for (size_t i = 0; targets != NULL && i < targets->count; i++) {
        const struct ruling *ruling = &targets->items[i];
        if (has_row(s, ruling->rule))
            continue;
        if (!begun)
            fputs("other targets\n", s->page.out);
        begun = true;
        const char *value = words_value(s->mem, ruling);
        put_target(s, ruling, 2,
                   arena_printf(s->mem, "%s%s%s%s", ruling->rule->text, usual_window(s, ruling),
                                *value == '\0' ? "" : "   ", value));
    }
}
