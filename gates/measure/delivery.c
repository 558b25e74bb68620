/* Delivery numbers as rules ask for them: what a selector picks of an estate is measured as one. */
#include <assert.h>
#include <string.h>

#include "gates/measure/dora_parts.h"
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
    if (what >= DORA_RECOVERY_P50 && what <= DORA_RECOVERY_P90 && figures.counted > 0 &&
        figures.failed == 0)
        q->out->remedy = "where nothing fails nothing is repaired: say `on_missing: pass` if that "
                         "is good enough";
}

/* What is picked has a part whose repository cannot be read. */
static void take_unknown(struct value *out, const char *why_not)
{
    take_nothing(out, why_not);
    out->remedy = "bring that repository here: `qgate collect` fetches one that has an address, a "
                  "path needs a whole clone there";
}

/* False: that cannot be answered, and why was said. */
static bool prepare(struct question *q, const struct dora_estate *estate,
                    struct dora_choice *choice, struct dora_window *window)
{
    const char *asked = asked_for(q->selector, "window");
    choose(q, estate, choice);
    int32_t today = zone_day(choice->zone, estate->now_s);
    bool known = dora_window_read(asked == NULL ? usual_window : asked, today, window);
    assert(known); /* whoever read the label looked at it */
    (void)known;
    if (choice->units == 0)
        take_nothing(q->out, "there is no such service in such an environment");
    else if (choice->why_not != NULL)
        take_unknown(q->out, choice->why_not);
    else if (window->to_day > today)
        take_nothing(q->out, "its window has not ended yet");
    else {
        *window = dora_known_window(choice->parts.items, choice->parts.count, window, choice->zone);
        return true;
    }
    return false;
}

TAKE(take_delivery)
{
    (void)count;
    struct question q = {selector, mem, out};
    struct dora_choice choice;
    struct dora_window window;
    if (!prepare(&q, sources[0]->estate, &choice, &window))
        return;
    pick_incidents(&q, &choice);
    measure_choice(&q, &choice, &window, what);
}

/* --- gates ------------------------------------------------------------------------------------ */

/* What was counted of runs, or of gates when the selector asks for those. */
struct judged {
    size_t count, passed;
    struct times lengths;
};

static bool is_judged(struct question *q, const struct dora_run *run)
{
    bool of_gates = asked_for(q->selector, "gate") != NULL;
    return of_gates == (run->gate != NULL) && is_picked(q, "stage", run->stage) &&
           (!of_gates || is_picked(q, "gate", run->gate));
}

/* Services of one project have its runs in common: each counts once. */
static void count_runs(struct question *q, const struct dora_estate *estate,
                       const struct dora_choice *choice, const struct dora_window *window,
                       struct judged *judged)
{
    bool *seen = arena_alloc(q->mem, estate->run_count + 1);
    for (size_t i = 0; i < choice->parts.count; i++) {
        const struct dora_part *part = &choice->parts.items[i];
        for (size_t j = 0; part->chain->runs != NULL && j < part->chain->runs->count; j++) {
            const struct dora_run *run = &part->chain->runs->items[j];
            int64_t at_s = run->ended_ms / 1000;
            if (seen[run->number] || at_s < part->from_s || at_s >= part->until_s ||
                at_s > estate->now_s || !dora_within(window, choice->zone, at_s) ||
                !is_judged(q, run))
                continue;
            seen[run->number] = true;
            judged->count++;
            judged->passed += run->passed;
            array_push(q->mem, &judged->lengths, run->ended_ms - run->began_ms);
        }
    }
}

TAKE(take_gates)
{
    (void)count;
    struct question q = {selector, mem, out};
    struct dora_choice choice;
    struct dora_window window;
    struct judged judged = {0};
    if (!prepare(&q, sources[0]->estate, &choice, &window))
        return;
    count_runs(&q, sources[0]->estate, &choice, &window, &judged);
    if (what == GATES_RUNS)
        take_number(out, number_of((int64_t)judged.count));
    else if (judged.count == 0)
        take_nothing(out, "nothing was judged in this time");
    else if (what == GATES_PASS_RATE)
        take_ratio(out, judged.passed, judged.count, 100);
    else {
        take_number(out, number_ratio(times_spread(&judged.lengths).p50, 1000000));
        out->method =
            arena_printf(mem, "n %zu%s", judged.count, judged.count < DORA_FEW ? ", few" : "");
    }
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

static void values_of_runs(struct question *q, const struct dora_runs *runs, const char *label,
                           struct words *out)
{
    bool of_gates = strcmp(label, "gate") == 0, of_stages = strcmp(label, "stage") == 0;
    for (size_t i = 0; runs != NULL && (of_gates || of_stages) && i < runs->count; i++) {
        const struct dora_run *run = &runs->items[i];
        if (of_gates == (run->gate != NULL) && is_picked(q, "stage", run->stage) &&
            (!of_gates || is_picked(q, "gate", run->gate)))
            array_push(q->mem, out, of_gates ? run->gate : run->stage);
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
        values_of_runs(&q, unit->chain.runs, label, out);
    }
}
