/* Deployments and incidents that were recorded, and builds by which versions are found. */
#include <string.h>

#include "runner/delivery/estate_parts.h"
#include "runner/delivery/project.h"
#include "runner/store/store.h"

enum { SHORT_COMMIT = 12 };

/* --- regions ---------------------------------------------------------------------------------- */

/* What was last recorded of a region. */
struct region {
    const char *version; /* "": nothing */
    int64_t at_s;
    bool fresh; /* since all of them were deployed last */
};

/* The regions of an environment: it is deployed when all say the same, and that is new or was
 * deployed anew everywhere. */
struct regions {
    struct region *items;
    const struct words *names;
    const char *version; /* of all, last; "": never */
};

static size_t region_named(const struct regions *regions, const char *name)
{
    size_t at = 0;
    while (at < regions->names->count && strcmp(regions->names->items[at], name) != 0)
        at++;
    return at;
}

/* Is it all of them now? Then since when the first has it. */
static bool regions_agree(struct regions *regions, const char *version, int64_t *first_s)
{
    bool same = true, fresh = true, again;
    for (size_t i = 0; i < regions->names->count; i++) {
        const struct region *region = &regions->items[i];
        same &= strcmp(region->version, version) == 0;
        fresh &= region->fresh;
        *first_s = region->at_s < *first_s ? region->at_s : *first_s;
    }
    again = strcmp(regions->version, version) == 0;
    if (!same || (again && !fresh))
        return false;
    regions->version = version;
    for (size_t i = 0; i < regions->names->count; i++)
        regions->items[i].fresh = false;
    return true;
}

/* --- deployments ------------------------------------------------------------------------------ */

static int64_t moment_of(const struct event_deployment *event)
{
    return event->finished_s != EVENT_NEVER ? event->finished_s : event->started_s;
}

static const char *version_of(const struct event_deployment *event, struct arena *mem)
{
    if (event->version != NULL)
        return event->version;
    return arena_printf(mem, "%.*s", SHORT_COMMIT, event->commit == NULL ? "" : event->commit);
}

static void add_record(struct gathering *gathering, struct sketch *sketch,
                       const struct event_deployment *event, int64_t first_s)
{
    const struct dora_deployment deployment = {
        .version = version_of(event, gathering->mem),
        .source = "recorded",
        .where = event->id,
        .record = event->id,
        .stated_s = moment_of(event),
        .first_s = first_s,
        .automated = true, /* pipelines record */
        .flagged = event->unplanned,
        .outcome = strcmp(event->status, "success") == 0 ? DORA_SERVED : DORA_NEVER,
    };
    told_add(gathering, sketch, &sketch->recorded, event->commit, &deployment);
}

static void warn_unknown(struct gathering *gathering, const struct sketch *sketch,
                         const struct event_deployment *event, const char *what, const char *name)
{
    array_push(gathering->mem, &gathering->estate->warnings,
               arena_printf(gathering->mem,
                            "the recorded deployment %s of %s is not counted: no %s \"%s\" is "
                            "listed",
                            event->id, sketch->service->name, what, name));
}

static void take_record(struct gathering *gathering, struct sketch *sketch, struct regions *regions,
                        const struct event_deployment *event)
{
    bool ran = strcmp(event->status, "success") == 0;
    if (regions->names->count == 0 || event->region == NULL || !ran) {
        add_record(gathering, sketch, event, 0);
        return;
    }
    size_t at = region_named(regions, event->region);
    if (at == regions->names->count) {
        warn_unknown(gathering, sketch, event, "region", event->region);
        return;
    }
    int64_t first_s = INT64_MAX;
    const char *version = version_of(event, gathering->mem);
    regions->items[at] = (struct region){version, moment_of(event), true};
    if (regions_agree(regions, version, &first_s))
        add_record(gathering, sketch, event, first_s);
}

/* A region of which nothing was ever recorded keeps the others from agreeing. */
static void warn_silent(struct gathering *gathering, const struct sketch *sketch,
                        const struct regions *regions)
{
    const char *silent = NULL;
    size_t told = 0;
    for (size_t i = 0; i < regions->names->count; i++) {
        if (*regions->items[i].version != '\0')
            told++;
        else if (silent == NULL)
            silent = regions->names->items[i];
    }
    if (told > 0 && silent != NULL)
        array_push(gathering->mem, &gathering->estate->warnings,
                   arena_printf(gathering->mem,
                                "what was recorded of %s in %s is not counted: nothing of the "
                                "region %s was",
                                sketch->service->name, sketch->environment->name, silent));
}

static void take_records(struct gathering *gathering, struct sketch *sketch,
                         const struct events *events)
{
    const struct words *names = &sketch->environment->regions;
    struct regions regions = {.names = names, .version = ""};
    regions.items = arena_alloc(gathering->mem, (names->count + 1) * sizeof *regions.items);
    for (size_t i = 0; i < names->count; i++)
        regions.items[i].version = "";
    for (size_t i = 0; i < events->deployments.count; i++) {
        const struct event_deployment *event = &events->deployments.items[i];
        if (strcmp(event->environment, sketch->environment->name) == 0)
            take_record(gathering, sketch, &regions, event);
    }
    warn_silent(gathering, sketch, &regions);
}

static void warn_strange(struct gathering *gathering, const struct sketch *sketch,
                         const struct events *events)
{
    for (size_t i = 0; i < events->deployments.count; i++) {
        const struct event_deployment *event = &events->deployments.items[i];
        if (delivery_environment(gathering->delivery, event->environment) == NULL)
            warn_unknown(gathering, sketch, event, "environment", event->environment);
    }
    if (events->unopened > 0)
        array_push(gathering->mem, &gathering->estate->warnings,
                   arena_printf(gathering->mem,
                                "%zu incident%s of %s %s not counted: nobody recorded when %s "
                                "opened",
                                events->unopened, events->unopened == 1 ? "" : "s",
                                sketch->service->name, events->unopened == 1 ? "is" : "are",
                                events->unopened == 1 ? "it was" : "they were"));
}

/* --- incidents -------------------------------------------------------------------------------- */

static const char *known(const char *text)
{
    return text == NULL ? "" : text;
}

void estate_incidents(const struct gathering *gathering, const struct events *events,
                      struct dora_incidents *incidents)
{
    for (size_t i = 0; i < events->incidents.count; i++) {
        const struct event_incident *event = &events->incidents.items[i];
        array_push(gathering->mem, incidents,
                   ((struct dora_incident){
                       .id = event->id,
                       .urgency = known(event->urgency),
                       .priority = known(event->priority),
                       .origin = known(event->origin),
                       .cause = event->cause == NULL ? "unknown" : event->cause,
                       .caused_by = event->caused_by,
                       .created_s = event->created_s,
                       .acked_s = event->acked_s,
                       .resolved_s = event->resolved_s,
                       .impact_s = event->impact_s,
                   }));
    }
}

/* Where incidents of one service of a team are told of, those of the others would be. */
static void hear(const struct gathering *gathering, const struct delivery_service *service,
                 const struct events *events)
{
    for (size_t i = 0; i < service->owners.count && events->incidents.count > 0; i++)
        gathering->heard[delivery_team(gathering->delivery, service->owners.items[i].team) -
                         gathering->delivery->teams.items] = true;
}

bool estate_hears(const struct gathering *gathering, const struct delivery_service *service,
                  const struct events *events)
{
    bool heard = events->incidents.count > 0;
    for (size_t i = 0; i < service->owners.count; i++)
        heard |=
            gathering->heard[delivery_team(gathering->delivery, service->owners.items[i].team) -
                             gathering->delivery->teams.items];
    return heard;
}

/* --- the store -------------------------------------------------------------------------------- */

const char *estate_project(const struct gathering *gathering, const struct codebase *base)
{
    struct project project;
    if (!base->here)
        return base->name;
    project_here(&gathering->wanted->context->ci, &gathering->wanted->place->history,
                 gathering->mem, &project);
    return project.path == NULL ? base->name : project.path;
}

static bool read_events(struct gathering *gathering, struct store *store, size_t service,
                        struct error *err)
{
    size_t environments = gathering->delivery->environments.count;
    struct sketch *sketches = &gathering->sketches[service * environments];
    struct events *events = &gathering->shares[service].events;
    const struct events_wanted wanted = {
        .project = estate_project(gathering, sketches->base),
        .server = sketches->base->here ? NULL : gathering->delivery->gitlab_url,
        .service = sketches->service->name,
    };
    if (!events_read(store, &wanted, gathering->mem, events, err))
        return false;
    warn_strange(gathering, sketches, events);
    hear(gathering, sketches->service, events);
    for (size_t i = 0; i < environments; i++)
        take_records(gathering, &sketches[i], events);
    return true;
}

/* A configuration names a variable, which need not be about a store: what it holds is neither
 * opened as a file nor shown. */
bool estate_store(const struct context *context, const struct delivery *delivery,
                  const char **where, struct error *err)
{
    const char *variable = delivery->store_env;
    const char *url = variable == NULL ? NULL : context_variable(variable);
    *where = context->store;
    if (url == NULL || strcmp(variable, "QGATE_STORE") == 0)
        return true;
    *where = url;
    if (strncmp(url, "postgres://", 11) == 0 || strncmp(url, "postgresql://", 13) == 0)
        return true;
    error_set(err, FAULT_USAGE, "%s holds no URL of a PostgreSQL", variable);
    return error_at(err, delivery->path, 0, 0);
}

bool estate_records(struct gathering *gathering, struct error *err)
{
    AUTO(close_store) struct store store = {0};
    const struct estate_wanted *wanted = gathering->wanted;
    const char *where;
    if (!estate_store(wanted->context, gathering->delivery, &where, err) ||
        !store_open(&store, where, STORE_READ, wanted->place, gathering->mem, err))
        return false;
    for (size_t i = 0; i < gathering->delivery->services.count; i++)
        if (!read_events(gathering, &store, i, err))
            return false;
    return estate_unlisted(gathering, &store, err) && estate_runs(gathering, &store, err);
}
