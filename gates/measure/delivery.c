/* Delivery numbers as rules ask for them: what a selector picks of an estate is measured as one. */
#include <assert.h>
#include <string.h>

#include "gates/measure/estate.h"
#include "gates/measure/take.h"

static const char usual_window[] = "28d";

/* A selector that asks. */
struct question {
    const struct selector *selector;
    struct arena *mem;
    struct value *out; /* takes what a pattern ran into */
};

static const char *asked_for(const struct selector *selector, const char *label)
{
    for (size_t i = 0; i < selector->labels.count; i++)
        if (strcmp(selector->labels.items[i].label, label) == 0)
            return selector->labels.items[i].value;
    return NULL;
}

static bool is_picked(void *handle, const char *label, const char *value)
{
    const struct question *q = handle;
    return take_label(q->selector, label, value, q->mem, q->out);
}

/* Days are those of the team when one is named. */
static const struct zone *zone_of(const struct selector *selector, const struct dora_estate *estate,
                                  const struct zone *usual)
{
    for (size_t i = 0; i < selector->labels.count; i++) {
        const struct label_match *match = &selector->labels.items[i];
        if (strcmp(match->label, "team") != 0 || match->op != LABEL_IS)
            continue;
        const struct dora_team *team = dora_team_named(estate, match->value);
        if (team != NULL)
            return team->zone;
    }
    return usual;
}

static void choose(struct question *q, const struct dora_estate *estate, struct dora_choice *choice)
{
    const struct dora_picker asked = {
        .holds = is_picked,
        .handle = q,
        .team = asked_for(q->selector, "team") != NULL,
        .environment = asked_for(q->selector, "environment") != NULL,
    };
    dora_choose(estate, &asked, q->mem, choice);
    choice->zone = zone_of(q->selector, estate, choice->zone);
}

/* --- incidents -------------------------------------------------------------------------------- */

static bool is_counted(struct question *q, const struct dora_incident *incident)
{
    return is_picked(q, "urgency", incident->urgency) &&
           is_picked(q, "priority", incident->priority) && is_picked(q, "origin", incident->origin);
}

/* The chain with those incidents alone that the selector picks. */
static const struct dora_chain *with_picked(struct question *q, const struct dora_chain *all)
{
    struct dora_chain *chain = arena_new_item(q->mem, struct dora_chain);
    *chain = *all;
    chain->incidents = (struct dora_incidents){0};
    for (size_t i = 0; i < all->incidents.count; i++)
        if (is_counted(q, &all->incidents.items[i]))
            array_push(q->mem, &chain->incidents, all->incidents.items[i]);
    return chain;
}

static void pick_incidents(struct question *q, struct dora_choice *choice)
{
    static const char *const labels[] = {"urgency", "priority", "origin"};
    bool asked = false;
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        asked |= asked_for(q->selector, labels[i]) != NULL;
    for (size_t i = 0; asked && i < choice->parts.count; i++)
        choice->parts.items[i].chain = with_picked(q, choice->parts.items[i].chain);
}

/* --- the value -------------------------------------------------------------------------------- */

/* "n 12"; a few things show little. */
static const char *sample(const struct dora_value *value, struct arena *mem)
{
    return arena_printf(mem, "n %zu%s", value->count, value->count < DORA_FEW ? ", few" : "");
}

static void give(const struct dora_value *value, struct arena *mem, struct value *out)
{
    if (value->why != NULL) {
        take_nothing(out, value->why);
        return;
    }
    take_number(out, value->value);
    if (strcmp(value->unit, "%") == 0) {
        out->has_parts = true;
        out->part = value->above;
        out->whole = value->below;
    } else if (strcmp(value->unit, "") != 0) {
        out->method = sample(value, mem);
    }
}

static void measure_choice(const struct question *q, const struct dora_choice *choice,
                           const struct dora_window *window, int what)
{
    struct dora_figures figures;
    struct dora_value values[DORA_VALUES];
    dora_measure(choice->parts.items, choice->parts.count, window, choice->zone, q->mem, &figures);
    dora_values(&figures, values);
    give(&values[what], q->mem, q->out);
}

TAKE(take_delivery)
{
    (void)count;
    struct question q = {selector, mem, out};
    struct dora_choice choice;
    struct dora_window window;
    const struct dora_estate *estate = sources[0]->estate;
    const char *asked = asked_for(selector, "window");
    choose(&q, estate, &choice);
    pick_incidents(&q, &choice);
    int32_t today = zone_day(choice.zone, estate->now_s);
    bool known = dora_window_read(asked == NULL ? usual_window : asked, today, &window);
    assert(known); /* whoever read the label looked at it */
    (void)known;
    if (choice.units == 0)
        take_nothing(out, "there is no such service in such an environment");
    else if (choice.why_not != NULL)
        take_nothing(out, choice.why_not);
    else if (window.to_day > today)
        take_nothing(out, "its window has not ended yet");
    else
        measure_choice(&q, &choice, &window, what);
}

/* --- each ------------------------------------------------------------------------------------- */

/* Is it picked, by itself and as one of those of which the selector asks a team? */
static bool is_picked_unit(struct question *q, const struct dora_unit *unit)
{
    bool of_environment = asked_for(q->selector, "environment") != NULL;
    bool owned = asked_for(q->selector, "team") == NULL;
    for (size_t i = 0; i < unit->owners.count && !owned; i++)
        owned = is_picked(q, "team", unit->owners.items[i].team);
    return owned && is_picked(q, "service", unit->service) &&
           (of_environment ? is_picked(q, "environment", unit->environment) : unit->production);
}

/* Of those incidents that the selector picks. */
static void values_of_incidents(struct question *q, const struct dora_incidents *all,
                                const char *label, struct words *out)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct dora_incident *incident = &all->items[i];
        if (!is_counted(q, incident))
            continue;
        if (strcmp(label, "urgency") == 0)
            array_push(q->mem, out, incident->urgency);
        if (strcmp(label, "priority") == 0)
            array_push(q->mem, out, incident->priority);
        if (strcmp(label, "origin") == 0)
            array_push(q->mem, out, incident->origin);
    }
}

void take_delivery_values(const struct selector *selector, const struct dora_estate *estate,
                          const char *label, struct arena *mem, struct words *out)
{
    struct value unsaid = {.why = ""}; /* measure_take() says it */
    struct question q = {selector, mem, &unsaid};
    for (size_t i = 0; i < estate->units.count; i++) {
        const struct dora_unit *unit = &estate->units.items[i];
        if (!is_picked_unit(&q, unit))
            continue;
        for (size_t j = 0; j < unit->owners.count; j++)
            if (strcmp(label, "team") == 0 && is_picked(&q, "team", unit->owners.items[j].team))
                array_push(mem, out, unit->owners.items[j].team);
        if (strcmp(label, "service") == 0)
            array_push(mem, out, unit->service);
        if (strcmp(label, "environment") == 0)
            array_push(mem, out, unit->environment);
        values_of_incidents(&q, &unit->chain.incidents, label, out);
    }
}
