/* What the configuration says: the reference tables, and who owns what. */
#include <inttypes.h>
#include <string.h>

#include "runner/delivery/facts_parts.h"

enum { ORDINARY_TIER = 3 };

static const int64_t second_ms = 1000, day_ms = 86400000;

/* --- services --------------------------------------------------------------------------------- */

/* "**" of all files; otherwise one glob a line. */
static const char *globs_of(const struct delivery_service *service, struct arena *mem)
{
    const char *text = "";
    for (size_t i = 0; i < service->paths.count; i++)
        text = arena_printf(mem, "%s%s%s", text, i == 0 ? "" : "\n", service->paths.items[i]);
    return *text == '\0' ? "**" : text;
}

static const char *owner_key(const char *service, const char *team, int64_t from_ms,
                             struct arena *mem)
{
    return arena_printf(mem, "owner %" PRId64 " %s %s", from_ms, team, service);
}

static void put_owner(struct facts_writer *w, int64_t project, const char *service,
                      const struct dora_owner *owner)
{
    const int64_t from_ms = owner->from_s == INT64_MIN ? 0 : owner->from_s * second_ms;
    const struct store_ownership_row row = {
        .project_id = store_integer(project),
        .service_id = store_text(service),
        .team_id = store_text(owner->team),
        .valid_from_ms = store_integer(from_ms),
        .valid_to_ms =
            store_integer(owner->until_s == INT64_MAX ? INT64_MAX : owner->until_s * second_ms),
    };
    fact_note(&w->company, w->mem, project, owner_key(service, owner->team, from_ms, w->mem));
    store_put_ownership(&w->batch, &row);
}

static void put_service(struct facts_writer *w, const struct dora_unit *unit)
{
    const struct delivery_service *service = delivery_service(w->wanted->delivery, unit->service);
    struct project project;
    fact_project(w, unit->project, &project);
    const struct store_service_row row = {
        .project_id = store_integer(project.id),
        .service_id = store_text(service->name),
        .path_globs = store_text(globs_of(service, w->mem)),
        .tier = store_integer(service->tier == 0 ? ORDINARY_TIER : (int64_t)service->tier),
    };
    project_put(&w->batch, &project);
    store_put_service(&w->batch, &row);
    for (size_t i = 0; i < unit->owners.count; i++)
        put_owner(w, project.id, service->name, &unit->owners.items[i]);
}

/* --- teams ------------------------------------------------------------------------------------ */

/* What stands before the comparison: dora.lead_time.p50{environment="staging"}. */
static const char *metric_of(const struct rule *rule, struct arena *mem)
{
    const char *compare = compare_text(rule->compare), *end = NULL;
    for (const char *at = rule->text; (at = strstr(at, compare)) != NULL; at++)
        end = at;
    while (end > rule->text && end[-1] == ' ')
        end--;
    return arena_copy(mem, rule->text, (size_t)(end - rule->text));
}

static const char *target_key(const char *team, const char *metric, int64_t from_ms,
                              struct arena *mem)
{
    return arena_printf(mem, "target %" PRId64 " %s %s", from_ms, team, metric);
}

/* One of several that suffices is no threshold. */
static void put_target(struct facts_writer *w, const char *team, const struct rule *rule)
{
    if (rule->any.count > 0)
        return;
    const char *metric = metric_of(rule, w->mem);
    const int64_t from_ms = rule->enforce_from * day_ms;
    const struct store_metric_target_row row = {
        .team_id = store_text(team),
        .metric = store_text(metric),
        .valid_from_ms = store_integer(from_ms),
        .op = store_text(compare_text(rule->compare)),
        .value = store_real(number_double(rule->threshold)),
    };
    fact_note(&w->company, w->mem, 0, target_key(team, metric, from_ms, w->mem));
    store_put_metric_target(&w->batch, &row);
}

static void put_team(struct facts_writer *w, const struct delivery_team *team)
{
    const struct store_team_row row = {
        .team_id = store_text(team->id),
        .name = store_text(team->name),
        .tz = store_text(delivery_zone(w->wanted->delivery, team)),
    };
    store_put_team(&w->batch, &row);
    for (size_t i = 0; i < team->targets.count; i++)
        put_target(w, team->id, team->targets.items[i]);
}

/* --- all -------------------------------------------------------------------------------------- */

/* Of the project whose configuration names the repository. */
static void put_cursor(struct facts_writer *w, const struct estate_reading *reading)
{
    const struct store_source_cursor_row row = {
        .project_id = store_integer(w->here.id),
        .source = store_text("git"),
        .stream = store_text(reading->repository),
        .cursor_text = store_text(reading->commit),
        .updated_ms = store_integer(w->wanted->known_s * second_ms),
    };
    store_put_source_cursor(&w->batch, &row);
}

void facts_put_company(struct facts_writer *w)
{
    const struct delivery_teams *teams = &w->wanted->delivery->teams;
    for (size_t i = 0; i < w->estate->known.units.count; i++)
        put_service(w, &w->estate->known.units.items[i]);
    for (size_t i = 0; i < teams->count; i++)
        put_team(w, &teams->items[i]);
    for (size_t i = 0; i < w->estate->readings.count; i++)
        put_cursor(w, &w->estate->readings.items[i]);
}

/* --- what the store says beside --------------------------------------------------------------- */

/* Owners of a service, or targets of a team, of which the configuration says nothing. */
struct strays {
    struct facts_writer *writer;
    int64_t project;
    const char *of; /* the service, or the team */
    struct ARRAY(struct stray {
        const char *name; /* the team, or the metric */
        int64_t from_ms;
    }) items;
};

static void take_stray(struct strays *strays, const char *key, const struct store_value *columns)
{
    struct facts_writer *w = strays->writer;
    if (!fact_is_noted(&w->company, w->mem, strays->project, key))
        array_push(w->mem, &strays->items,
                   ((struct stray){arena_copy(w->mem, columns[0].text, strlen(columns[0].text)),
                                   columns[1].integer}));
}

static void take_owner(void *state, const struct store_value *columns)
{
    struct strays *strays = state;
    take_stray(strays,
               owner_key(strays->of, columns[0].text, columns[1].integer, strays->writer->mem),
               columns);
}

static void take_target(void *state, const struct store_value *columns)
{
    struct strays *strays = state;
    take_stray(strays,
               target_key(strays->of, columns[0].text, columns[1].integer, strays->writer->mem),
               columns);
}

static bool tidy_owners(struct facts_writer *w, const struct dora_unit *unit, struct error *err)
{
    struct project project;
    fact_project(w, unit->project, &project);
    struct strays strays = {.writer = w, .project = project.id, .of = unit->service};
    const struct store_value values[] = {store_integer(project.id), store_text(unit->service)};
    const struct store_question question = {QUERY_OWNERS_OF, values, 2, take_owner, &strays};
    if (!store_ask(w->store, &question, err))
        return false;
    for (size_t i = 0; i < strays.items.count; i++) {
        const struct stray *stray = &strays.items.items[i];
        const struct store_value key[] = {values[0], values[1], store_text(stray->name),
                                          store_integer(stray->from_ms)};
        if (!fact_ask(w, QUERY_OWNER_FORGET, key, 4, err))
            return false;
    }
    return true;
}

static bool tidy_targets(struct facts_writer *w, const char *team, struct error *err)
{
    struct strays strays = {.writer = w, .of = team};
    const struct store_value value = store_text(team);
    const struct store_question question = {QUERY_TARGETS_OF, &value, 1, take_target, &strays};
    if (!store_ask(w->store, &question, err))
        return false;
    for (size_t i = 0; i < strays.items.count; i++) {
        const struct stray *stray = &strays.items.items[i];
        const struct store_value key[] = {value, store_text(stray->name),
                                          store_integer(stray->from_ms)};
        if (!fact_ask(w, QUERY_TARGET_FORGET, key, 3, err))
            return false;
    }
    return true;
}

bool facts_tidy_company(struct facts_writer *w, struct error *err)
{
    const struct delivery_teams *teams = &w->wanted->delivery->teams;
    for (size_t i = 0; i < w->estate->known.units.count; i++)
        if (!tidy_owners(w, &w->estate->known.units.items[i], err))
            return false;
    for (size_t i = 0; i < teams->count; i++)
        if (!tidy_targets(w, teams->items[i].id, err))
            return false;
    return true;
}
