#include "runner/command/dora_answers.h"

#include <string.h>

#include "gates/delivery/ratings.h"
#include "runner/cli.h"
#include "runner/command/dora_targets.h"

/* --- names ------------------------------------------------------------------------------------ */

/* False: the name that is asked for is none of these; NULL is always fine. */
static bool check_name(const char *option, const char *asked, struct words *known,
                       struct arena *mem, struct error *err)
{
    for (size_t i = 0; i < known->count; i++)
        if (asked == NULL || strcmp(known->items[i], asked) == 0)
            return true;
    if (asked == NULL)
        return true;
    array_push(mem, known, NULL);
    const char *nearest = cli_nearest(asked, known->items);
    error_set(err, FAULT_USAGE, "there is no %s \"%s\"", option, asked);
    if (nearest != NULL)
        return error_hint(err, "did you mean %s?", nearest);
    if (known->count == 2)
        return error_hint(err, "there is one: %s", known->items[0]);
    return known->count > 1 ? error_hint(err, "delivery.yml names them")
                            : error_hint(err, "there is none: they are named in delivery.yml");
}

#define NAMES(list, member)                    \
    for (size_t i = 0; i < (list)->count; i++) \
        array_push(mem, &names, (list)->items[i].member);

static bool check_names(const struct dora_wanted *asked, struct arena *mem, struct error *err)
{
    const struct delivery *delivery = asked->delivery;
    struct words names = {0};
    NAMES(&delivery->services, name)
    if (!check_name("service", asked->service, &names, mem, err))
        return false;
    names = (struct words){0};
    NAMES(&delivery->teams, id)
    if (!check_name("team", asked->team, &names, mem, err))
        return false;
    names = (struct words){0};
    NAMES(&delivery->environments, name)
    return check_name("environment", asked->environment, &names, mem, err);
}

static bool read_window(const struct dora_wanted *asked, struct dora_window *window,
                        struct error *err)
{
    const struct dora_estate *estate = &asked->estate->known;
    int32_t today = zone_day(estate->zone, estate->now_s);
    if (!dora_window_read(asked->window, today, window))
        return error_set(
            err, FAULT_USAGE,
            "--window is a number of days, 28d, or two days, 2027-01-01..2027-01-31, not \"%s\"",
            asked->window);
    if (window->to_day <= today)
        return true;
    error_set(err, FAULT_USAGE, "--window %s has not ended yet", asked->window);
    return error_hint(err, "the last day can be today, or that of --as-of");
}

/* --- one answer ------------------------------------------------------------------------------- */

/* Whose it is when the window ends. */
static const char *owner_of(const struct dora_unit *unit, const struct dora_answer *answer,
                            int64_t now_s)
{
    int64_t end_s = zone_begin(answer->zone, answer->figures.window.to_day + 1);
    int64_t at_s = (end_s <= now_s ? end_s : now_s + 1) - 1;
    for (size_t i = 0; i < unit->owners.count; i++)
        if (unit->owners.items[i].from_s <= at_s && at_s < unit->owners.items[i].until_s)
            return unit->owners.items[i].team;
    return NULL;
}

static void measure_answer(const struct dora_wanted *asked, const struct dora_view *view,
                           struct arena *mem, struct dora_answer *answer)
{
    struct dora_choice choice;
    struct dora_window window;
    dora_select(&asked->estate->known, answer->service, answer->team, answer->environment, mem,
                &choice);
    answer->parts = choice.parts;
    answer->zone = choice.zone;
    answer->why_not = choice.why_not;
    if (!dora_window_read(asked->window, zone_day(choice.zone, asked->estate->known.now_s),
                          &window))
        return; /* it was checked */
    window = dora_known_window(choice.parts.items, choice.parts.count, &window, choice.zone);
    dora_measure(choice.parts.items, choice.parts.count, &window, choice.zone, mem,
                 &answer->figures);
    dora_values(&answer->figures, answer->values);
    if (asked->compat != NULL)
        dora_compat(*asked->compat, choice.parts.items, choice.parts.count, &window, choice.zone,
                    mem, answer->theirs);
    dora_score(view->ratings, view->levels, &answer->figures, &answer->score);
}

static const struct rulings *targets_of(const struct dora_wanted *asked,
                                        const struct targets_scope *scope, struct arena *mem)
{
    if (scope->team == NULL)
        return NULL;
    struct dora_judged *judged = arena_new_item(mem, struct dora_judged);
    dora_targets_judge(asked->delivery, &asked->estate->known, scope, mem, judged);
    return judged->verdict.gates.count == 0 ? NULL : &judged->verdict.gates.items[0].rulings;
}

static struct words regions_of(const struct delivery *delivery, const char *name)
{
    const struct delivery_environment *environment =
        name == NULL ? NULL : delivery_environment(delivery, name);
    const struct words none = {0};
    return environment == NULL ? none : environment->regions;
}

static void add_unit(const struct dora_wanted *asked, const struct dora_unit *unit,
                     struct arena *mem, struct dora_view *view)
{
    struct dora_answer *answer = array_add(mem, &view->answers);
    *answer = (struct dora_answer){
        .service = unit->service,
        .project = unit->project,
        .environment = unit->environment,
        .regions = regions_of(asked->delivery, unit->environment),
    };
    measure_answer(asked, view, mem, answer);
    answer->team = owner_of(unit, answer, asked->estate->known.now_s);
    const struct targets_scope scope = {answer->team, answer->service, answer->environment};
    if (unit->production)
        answer->targets = targets_of(asked, &scope, mem);
}

/* The name of the only environment of tier production; NULL: there are several. */
static const char *production(const struct delivery *delivery)
{
    const char *name = NULL;
    for (size_t i = 0; i < delivery->environments.count; i++) {
        if (delivery->environments.items[i].tier != TIER_PRODUCTION)
            continue;
        if (name != NULL)
            return NULL;
        name = delivery->environments.items[i].name;
    }
    return name;
}

static void add_team(const struct dora_wanted *asked, const char *id, struct arena *mem,
                     struct dora_view *view)
{
    const char *only = production(asked->delivery);
    struct dora_answer *answer = array_add(mem, &view->answers);
    *answer = (struct dora_answer){.team = id, .environment = asked->environment};
    measure_answer(asked, view, mem, answer);
    if (asked->environment == NULL)
        answer->environment = only;
    answer->regions = regions_of(asked->delivery, answer->environment);
    const struct targets_scope scope = {.team = id};
    if (asked->environment == NULL || (only != NULL && strcmp(only, asked->environment) == 0))
        answer->targets = targets_of(asked, &scope, mem);
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool is_asked(const struct dora_wanted *asked, const struct dora_unit *unit)
{
    return asked->team == NULL &&
           (asked->service == NULL || strcmp(asked->service, unit->service) == 0) &&
           (asked->environment == NULL ? unit->production
                                       : strcmp(asked->environment, unit->environment) == 0);
}

static void rate(struct arena *mem, struct dora_view *view)
{
    struct dora_ratings *ratings = arena_new_item(mem, struct dora_ratings);
    ratings_builtin(mem, ratings);
    view->ratings = ratings;
    view->levels = dora_levels_of(ratings, 0);
}

static bool is_told_of(const struct dora_unit *unit)
{
    return unit->why_not != NULL || unit->chain.deployments.count + unit->chain.later > 0;
}

/* Nothing was ever deployed there, while the service is deployed elsewhere: it has no line. The
 * units of a service stand together. */
static bool is_elsewhere(const struct dora_wanted *asked, size_t index)
{
    const struct dora_estate *estate = &asked->estate->known;
    const struct dora_unit *all = estate->units.items, *unit = &all[index];
    if (is_told_of(unit))
        return false;
    while (index > 0 && strcmp(all[index - 1].service, unit->service) == 0)
        index--;
    for (; index < estate->units.count && strcmp(all[index].service, unit->service) == 0; index++)
        if (is_asked(asked, &all[index]) && is_told_of(&all[index]))
            return true;
    return false;
}

bool dora_answer(const struct dora_wanted *asked, struct arena *mem, struct dora_view *view,
                 struct error *err)
{
    const struct dora_estate *estate = &asked->estate->known;
    if (!check_names(asked, mem, err) || !read_window(asked, &view->days, err))
        return false;
    view->estate = asked->estate;
    view->window = asked->window;
    view->compat = asked->compat;
    rate(mem, view);
    view->configuration = asked->delivery->path;
    view->tags = view->configuration == NULL ? asked->delivery->layouts.items[0].tags : NULL;
    for (size_t i = 0; i < estate->units.count; i++)
        if (is_asked(asked, &estate->units.items[i]) && !is_elsewhere(asked, i))
            add_unit(asked, &estate->units.items[i], mem, view);
    for (size_t i = 0; i < estate->teams.count && asked->service == NULL; i++)
        if (asked->team == NULL || strcmp(estate->teams.items[i].id, asked->team) == 0)
            add_team(asked, estate->teams.items[i].id, mem, view);
    return true;
}

bool dora_is_answered(const struct dora_view *view)
{
    for (size_t i = 0; i < view->answers.count; i++) {
        const struct dora_answer *answer = &view->answers.items[i];
        for (size_t j = 0; j < answer->parts.count && answer->why_not == NULL; j++)
            if (answer->parts.items[j].chain->deployments.count > 0)
                return true;
    }
    return false;
}
