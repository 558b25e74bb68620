/* What was recorded of services that are not listed: counted nowhere, and said. */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/delivery/estate_parts.h"
#include "runner/delivery/event.h"
#include "runner/delivery/project.h"
#include "runner/store/store.h"

/* Of a name that stands where that of a service does. */
struct tally {
    const char *name;
    int64_t counts[EVENT_KINDS];
};

/* One project under way. */
struct listing {
    struct gathering *gathering;
    const char *project; /* its path; NULL: what was recorded without one */
    struct names names;  /* the index is that of `tallies` */
    struct ARRAY(struct tally) tallies;
};

static bool is_counted(const struct listing *listing, const char *name)
{
    const struct gathering *gathering = listing->gathering;
    const struct delivery *delivery = gathering->delivery;
    const struct delivery_service *service = delivery_service(delivery, name);
    if (service == NULL || listing->project == NULL)
        return service != NULL;
    size_t at = (size_t)(service - delivery->services.items) * delivery->environments.count;
    return strcmp(estate_project(gathering, gathering->sketches[at].base), listing->project) == 0;
}

static void take(void *state, const struct store_value *columns)
{
    struct listing *listing = state;
    struct arena *mem = listing->gathering->mem;
    const char *name = text_keep(mem, columns[1].text, strlen(columns[1].text), LIMIT_NAME_BYTES);
    if (is_counted(listing, name))
        return;
    size_t at = names_add(&listing->names, name, strlen(name));
    if (at == listing->tallies.count)
        array_push(mem, &listing->tallies, ((struct tally){.name = name}));
    for (int kind = 0; kind < EVENT_KINDS; kind++)
        if (strcmp(event_kind_names[kind], columns[0].text) == 0)
            listing->tallies.items[at].counts[kind] += columns[2].integer;
}

static const char *counts_text(const struct tally *tally, struct arena *mem)
{
    const char *text = "";
    for (int kind = 0; kind < EVENT_KINDS; kind++)
        if (tally->counts[kind] > 0)
            text = arena_printf(mem, "%s%s%lld %s%s", text, *text == '\0' ? "" : ", ",
                                (long long)tally->counts[kind], event_kind_names[kind],
                                tally->counts[kind] == 1 ? "" : "s");
    return text;
}

static void warn(const struct listing *listing)
{
    struct arena *mem = listing->gathering->mem;
    for (size_t i = 0; i < listing->tallies.count; i++) {
        const struct tally *tally = &listing->tallies.items[i];
        const char *where = listing->project == NULL ? "without a project"
                                                     : arena_printf(mem, "in %s", listing->project);
        array_push(mem, &listing->gathering->estate->warnings,
                   arena_printf(mem,
                                "what was recorded %s of \"%s\" is not counted (%s): no such "
                                "service%s is listed",
                                where, tally->name, counts_text(tally, mem),
                                listing->project == NULL ? "" : " of that project"));
    }
}

static bool list(struct gathering *gathering, struct store *store, const char *project,
                 const struct project_ids *ids, struct error *err)
{
    struct listing listing = {.gathering = gathering, .project = project};
    names_init(&listing.names, gathering->mem);
    for (size_t i = 0; i < ids->count; i++) {
        const struct store_value value = store_integer(ids->items[i]);
        const struct store_question question = {QUERY_RECORDED_IN, &value, 1, take, &listing};
        if (!store_ask(store, &question, err))
            return false;
    }
    warn(&listing);
    return true;
}

static bool list_project(struct gathering *gathering, struct store *store, const char *path,
                         const char *server, struct error *err)
{
    struct project_ids ids;
    return projects_at(store, path, server, gathering->mem, &ids, err) &&
           list(gathering, store, path, &ids, err);
}

/* Also of the project that the configuration lies in: a job there may have forgotten to say whose
 * deployment it is. */
static bool list_here(struct gathering *gathering, struct store *store, struct error *err)
{
    struct project here;
    project_here(&gathering->wanted->context->ci, &gathering->wanted->place->history,
                 gathering->mem, &here);
    for (size_t i = 0; i < gathering->base_names.texts.count; i++)
        if (gathering->bases[i].here)
            return true;
    return here.path == NULL || list_project(gathering, store, here.path, NULL, err);
}

bool estate_unlisted(struct gathering *gathering, struct store *store, struct error *err)
{
    int64_t none = 0;
    const struct project_ids without = {.items = &none, .count = 1};
    for (size_t i = 0; i < gathering->base_names.texts.count; i++) {
        const struct codebase *base = &gathering->bases[i];
        const char *server = base->here ? NULL : gathering->delivery->gitlab_url;
        if (!list_project(gathering, store, estate_project(gathering, base), server, err))
            return false;
    }
    return list_here(gathering, store, err) && list(gathering, store, NULL, &without, err);
}
