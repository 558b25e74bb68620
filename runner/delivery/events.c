#include "runner/delivery/events.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/names.h"
#include "gates/base/text.h"
#include "runner/delivery/project.h"

/* Rows on their way. One event may have two: recorded by the project's own pipeline, which knows
 * its number, and by somebody who knew its path. */
struct taker {
    struct arena *mem;
    struct events *events;
    struct names builds, deployments, incidents; /* by their keys, as in the lists */
};

/* --- rows ------------------------------------------------------------------------------------- */

/* What stands in a store that many write to is not ours. */
static const char *text(const struct taker *taker, const struct store_value *column)
{
    return column->kind != STORE_TEXT
               ? NULL
               : text_keep(taker->mem, column->text, strlen(column->text), LIMIT_NAME_BYTES);
}

static const char *some_text(const struct taker *taker, const struct store_value *column)
{
    const char *kept = text(taker, column);
    return kept == NULL ? "" : kept;
}

static int64_t seconds(const struct store_value *column)
{
    return column->kind == STORE_INTEGER ? column->integer / 1000 : EVENT_NEVER;
}

static size_t index_of(struct names *keys, const char *key)
{
    return names_add(keys, key, strlen(key));
}

static void take_build(void *state, const struct store_value *columns)
{
    struct taker *taker = state;
    const struct event_build build = {
        .version = some_text(taker, &columns[0]),
        .commit = some_text(taker, &columns[1]),
        .digest = text(taker, &columns[2]),
        .built_s = seconds(&columns[3]),
        .updated_ms = columns[4].integer,
    };
    size_t at = index_of(&taker->builds, build.version);
    if (at == taker->events->builds.count)
        array_push(taker->mem, &taker->events->builds, build);
    else if (build.updated_ms > taker->events->builds.items[at].updated_ms)
        taker->events->builds.items[at] = build;
}

static void take_deployment(void *state, const struct store_value *columns)
{
    struct taker *taker = state;
    const struct event_deployment deployment = {
        .id = some_text(taker, &columns[0]),
        .environment = some_text(taker, &columns[1]),
        .region = text(taker, &columns[2]),
        .source = some_text(taker, &columns[3]),
        .status = some_text(taker, &columns[4]),
        .commit = text(taker, &columns[5]),
        .version = text(taker, &columns[6]),
        .started_s = seconds(&columns[7]),
        .finished_s = seconds(&columns[8]),
        .unplanned = columns[9].integer != 0,
        .updated_ms = columns[10].integer,
    };
    size_t at = index_of(&taker->deployments, deployment.id);
    if (at == taker->events->deployments.count)
        array_push(taker->mem, &taker->events->deployments, deployment);
    else if (deployment.updated_ms > taker->events->deployments.items[at].updated_ms)
        taker->events->deployments.items[at] = deployment;
}

static void fill_text(const char **known, const char *other)
{
    if (*known == NULL)
        *known = other;
}

static void fill_time(int64_t *known, int64_t other)
{
    if (*known == EVENT_NEVER)
        *known = other;
}

/* As the store itself does with two rows of one key: the youngest that knows a thing says it. */
static struct event_incident merged(struct event_incident younger,
                                    const struct event_incident *older)
{
    fill_text(&younger.urgency, older->urgency);
    fill_text(&younger.priority, older->priority);
    fill_text(&younger.origin, older->origin);
    fill_text(&younger.cause, older->cause);
    fill_text(&younger.caused_by, older->caused_by);
    fill_time(&younger.impact_s, older->impact_s);
    fill_time(&younger.created_s, older->created_s);
    fill_time(&younger.acked_s, older->acked_s);
    fill_time(&younger.resolved_s, older->resolved_s);
    return younger;
}

static void take_incident(void *state, const struct store_value *columns)
{
    struct taker *taker = state;
    const struct event_incident incident = {
        .id = some_text(taker, &columns[0]),
        .source = some_text(taker, &columns[1]),
        .urgency = text(taker, &columns[2]),
        .priority = text(taker, &columns[3]),
        .origin = text(taker, &columns[4]),
        .impact_s = seconds(&columns[5]),
        .created_s = seconds(&columns[6]),
        .acked_s = seconds(&columns[7]),
        .resolved_s = seconds(&columns[8]),
        .cause = text(taker, &columns[9]),
        .caused_by = text(taker, &columns[10]),
        .updated_ms = columns[11].integer,
    };
    size_t at = index_of(&taker->incidents, incident.id);
    if (at == taker->events->incidents.count) {
        array_push(taker->mem, &taker->events->incidents, incident);
        return;
    }
    struct event_incident *there = &taker->events->incidents.items[at];
    *there = incident.updated_ms > there->updated_ms ? merged(incident, there)
                                                     : merged(*there, &incident);
}

/* --- order ------------------------------------------------------------------------------------ */

static int by_version(const void *one, const void *other)
{
    const struct event_build *a = one, *b = other;
    return strcmp(a->version, b->version);
}

static int by_time_of_deployment(const void *one, const void *other)
{
    const struct event_deployment *a = one, *b = other;
    int order = (a->finished_s > b->finished_s) - (a->finished_s < b->finished_s);
    return order != 0 ? order : strcmp(a->id, b->id);
}

static int by_time_of_incident(const void *one, const void *other)
{
    const struct event_incident *a = one, *b = other;
    int order = (a->created_s > b->created_s) - (a->created_s < b->created_s);
    return order != 0 ? order : strcmp(a->id, b->id);
}

static void sort(void *items, size_t count, size_t size,
                 int (*order)(const void *one, const void *other))
{
    if (count > 0) /* there are no items otherwise */
        qsort(items, count, size, order);
}

static void settle(struct events *events)
{
    sort(events->builds.items, events->builds.count, sizeof *events->builds.items, by_version);
    sort(events->deployments.items, events->deployments.count, sizeof *events->deployments.items,
         by_time_of_deployment);
    sort(events->incidents.items, events->incidents.count, sizeof *events->incidents.items,
         by_time_of_incident);
    while (events->incidents.count > 0 &&
           events->incidents.items[events->incidents.count - 1].created_s == EVENT_NEVER) {
        events->incidents.count--;
        events->unopened++;
    }
}

/* --- questions -------------------------------------------------------------------------------- */

static bool ask(struct store *store, enum store_query query, int64_t project_id,
                const char *service, struct taker *taker, struct error *err)
{
    const struct store_value values[] = {store_integer(project_id), store_text(service)};
    const struct store_question question = {
        .query = query,
        .values = values,
        .count = 2,
        .row = query == QUERY_BUILDS_OF        ? take_build
               : query == QUERY_DEPLOYMENTS_OF ? take_deployment
                                               : take_incident,
        .state = taker,
    };
    return store_ask(store, &question, err);
}

bool events_read(struct store *store, const struct events_wanted *wanted, struct arena *mem,
                 struct events *events, struct error *err)
{
    struct taker taker = {.mem = mem, .events = events};
    struct project_ids ids = {0};
    *events = (struct events){0};
    names_init(&taker.builds, mem);
    names_init(&taker.deployments, mem);
    names_init(&taker.incidents, mem);
    if (!projects_at(store, wanted->project, wanted->server, mem, &ids, err) ||
        !ask(store, QUERY_INCIDENTS_OF, 0, wanted->service, &taker, err))
        return false;
    for (size_t i = 0; i < ids.count; i++) {
        int64_t id = ids.items[i];
        if (!ask(store, QUERY_BUILDS_OF, id, wanted->service, &taker, err) ||
            !ask(store, QUERY_DEPLOYMENTS_OF, id, wanted->service, &taker, err) ||
            !ask(store, QUERY_INCIDENTS_OF, id, wanted->service, &taker, err))
            return false;
    }
    settle(events);
    return true;
}

const struct event_build *events_build(const struct events *events, const char *version)
{
    const struct event_build key = {.version = version};
    return events->builds.count == 0
               ? NULL
               : bsearch(&key, events->builds.items, events->builds.count, sizeof key, by_version);
}
