/* What is in the store already. */
#include <inttypes.h>
#include <string.h>

#include "runner/delivery/facts_parts.h"

bool fact_is_noted(const struct names *names, struct arena *mem, int64_t project, const char *key)
{
    const char *text = arena_printf(mem, "%" PRId64 " %s", project, key);
    return names_find(names, text, strlen(text)) != NAMES_NONE;
}

struct leftover {
    const char *deployment;
    int64_t change; /* 0: the deployment itself */
    bool recorded;
};

/* Keys of rows that are there and should not be. */
struct leftovers {
    struct facts_writer *writer;
    int64_t project;
    struct ARRAY(struct leftover) items;
};

static const char *keep(const struct leftovers *left, const char *text)
{
    return arena_copy(left->writer->mem, text, strlen(text));
}

static void take_deployment(void *state, const struct store_value *columns)
{
    struct leftovers *left = state;
    struct facts_writer *w = left->writer;
    bool said = strcmp(columns[1].text, "recorded") == 0;
    if (!fact_is_noted(&w->deployments, w->mem, left->project, columns[0].text))
        array_push(
            w->mem, &left->items,
            ((struct leftover){.deployment = keep(left, columns[0].text), .recorded = said}));
}

static void take_binding(void *state, const struct store_value *columns)
{
    struct leftovers *left = state;
    struct facts_writer *w = left->writer;
    const char *key = fact_binding(columns[0].text, columns[1].integer, w->mem);
    if (!fact_is_noted(&w->bindings, w->mem, left->project, key))
        array_push(w->mem, &left->items,
                   ((struct leftover){keep(left, columns[0].text), columns[1].integer, false}));
}

bool fact_ask(struct facts_writer *w, enum store_query query, const struct store_value *values,
              size_t count, struct error *err)
{
    const struct store_question question = {.query = query, .values = values, .count = count};
    return store_ask(w->store, &question, err);
}

static bool find_leftovers(struct leftovers *left, const struct fact_unit *of,
                           enum store_query query,
                           void (*row)(void *state, const struct store_value *columns),
                           struct error *err)
{
    const struct store_value values[] = {store_integer(left->project),
                                         store_text(of->unit->service),
                                         store_text(of->unit->environment)};
    const struct store_question question = {query, values, 3, row, left};
    return store_ask(left->writer->store, &question, err);
}

static bool unbind(struct facts_writer *w, const struct fact_unit *of, int64_t project,
                   struct error *err)
{
    struct leftovers left = {.writer = w, .project = project};
    if (!find_leftovers(&left, of, QUERY_FACTS_CHANGES, take_binding, err))
        return false;
    for (size_t i = 0; i < left.items.count; i++) {
        const struct store_value values[] = {store_integer(project),
                                             store_text(left.items.items[i].deployment),
                                             store_integer(left.items.items[i].change)};
        if (!fact_ask(w, QUERY_FACTS_UNBIND, values, 3, err))
            return false;
    }
    return true;
}

static void take_change(void *state, const struct store_value *columns)
{
    struct leftovers *left = state;
    struct facts_writer *w = left->writer;
    const char *key = arena_printf(w->mem, "%" PRId64, columns[0].integer);
    if (!fact_is_noted(&w->changes, w->mem, left->project, key))
        array_push(w->mem, &left->items, ((struct leftover){.change = columns[0].integer}));
}

static bool drop_changes(struct facts_writer *w, int64_t project, struct error *err)
{
    struct leftovers left = {.writer = w, .project = project};
    const struct store_value value = store_integer(project);
    const struct store_question question = {QUERY_FACTS_LOOSE, &value, 1, take_change, &left};
    if (!store_ask(w->store, &question, err))
        return false;
    for (size_t i = 0; i < left.items.count; i++) {
        const struct store_value values[] = {value, store_integer(left.items.items[i].change)};
        if (!fact_ask(w, QUERY_FACTS_DROP, values, 2, err))
            return false;
    }
    return true;
}

static bool settle(struct facts_writer *w, int64_t project, const char *id, const char *tier,
                   const char *kind, const struct fact_verdict *is, struct error *err)
{
    const struct store_value values[] = {
        store_integer(project), store_text(id), store_text(tier), store_text(kind),
        is->previous,           is->failed,     is->reason,       is->recovered_ms,
        is->unplanned};
    return fact_ask(w, QUERY_FACTS_SETTLE, values, sizeof values / sizeof values[0], err);
}

static bool forget(struct facts_writer *w, const struct fact_unit *of, int64_t project,
                   struct error *err)
{
    struct leftovers left = {.writer = w, .project = project};
    const struct fact_verdict nothing = {.failed = store_integer(0), .unplanned = store_integer(0)};
    if (!find_leftovers(&left, of, QUERY_FACTS_THERE, take_deployment, err))
        return false;
    for (size_t i = 0; i < left.items.count; i++) {
        const struct leftover *item = &left.items.items[i];
        const struct store_value values[] = {store_integer(project), store_text(item->deployment)};
        bool done = item->recorded
                        ? settle(w, project, item->deployment, of->tier, "unknown", &nothing, err)
                        : fact_ask(w, QUERY_FACTS_FORGET, values, 2, err);
        if (!done)
            return false;
        w->stored->gone += !item->recorded;
    }
    return true;
}

static bool settle_recorded(struct facts_writer *w, const struct fact_unit *of, int64_t project,
                            struct error *err)
{
    const struct dora_deployments *all = &of->unit->chain.deployments;
    for (size_t i = 0; i < all->count; i++) {
        const struct dora_deployment *deployment = &all->items[i];
        const struct fact_verdict is = fact_verdict(of, deployment);
        if (fact_was_recorded(deployment) && !settle(w, project, of->deployment_ids[i], of->tier,
                                                     dora_kind_name(deployment->kind), &is, err))
            return false;
    }
    return true;
}

/* A record may stand under any number of its project: what is noted is noted for all. */
static void note_recorded(struct facts_writer *w, const struct fact_unit *of)
{
    const struct dora_deployments *all = &of->unit->chain.deployments;
    for (size_t i = 0; i < all->count; i++)
        for (size_t p = 0; fact_was_recorded(&all->items[i]) && p < of->ids.count; p++)
            fact_note(&w->deployments, w->mem, of->ids.items[p], of->deployment_ids[i]);
}

static bool tidy_unit(struct facts_writer *w, const struct fact_unit *of, struct error *err)
{
    note_recorded(w, of);
    for (size_t i = 0; i < of->ids.count; i++) {
        int64_t project = of->ids.items[i];
        const struct store_value value = store_integer(project);
        if (!unbind(w, of, project, err) || !forget(w, of, project, err) ||
            !settle_recorded(w, of, project, err) || !drop_changes(w, project, err) ||
            !fact_ask(w, QUERY_FACTS_SWEEP, &value, 1, err))
            return false;
    }
    return true;
}

static bool link_incident(struct facts_writer *w, const struct fact_link *link, int64_t project,
                          struct error *err)
{
    const struct dora_incident *incident = link->incident;
    bool linked = incident->method != DORA_UNLINKED;
    const struct store_value values[] = {
        store_integer(project),
        store_text(incident->id),
        store_text(link->of->unit->service),
        store_text(linked ? link->of->deployment_ids[incident->deployment] : NULL),
        store_text(linked ? dora_method_name(incident->method) : NULL),
    };
    return fact_ask(w, QUERY_FACTS_LINK, values, 5, err);
}

/* Of an incident nobody may have said the project. */
static bool link_incidents(struct facts_writer *w, struct error *err)
{
    for (size_t i = 0; i < w->links.count; i++) {
        const struct fact_link *link = &w->links.items[i];
        const struct project_ids *ids = &link->of->ids;
        w->stored->links += link->incident->method != DORA_UNLINKED;
        if (!link_incident(w, link, 0, err))
            return false;
        for (size_t p = 0; p < ids->count; p++)
            if (!link_incident(w, link, ids->items[p], err))
                return false;
    }
    return true;
}

bool facts_tidy(struct facts_writer *w, struct error *err)
{
    w->stored->gone = w->stored->links = 0;
    for (size_t i = 0; i < w->units.count; i++) {
        struct fact_unit *of = &w->units.items[i];
        if (!projects_at(w->store, of->project.path, of->project.base_url, w->mem, &of->ids, err) ||
            !tidy_unit(w, of, err))
            return false;
    }
    return link_incidents(w, err);
}
