/* Deployments that are commits of GitOps repositories. */
#include <string.h>

#include "gates/delivery/rollout.h"
#include "runner/delivery/estate_parts.h"
#include "runner/history/gitops.h"
#include "runner/history/trunk.h"

enum { SHORT_COMMIT = 12 };

struct files {
    struct gathering *gathering;
    const struct delivery_repository *repository; /* the one under way */
    struct sightings sightings;                   /* of all that were read */
    struct names strangers;                       /* the index is that in the estate */
};

/* --- what cannot be read ---------------------------------------------------------------------- */

/* Of each service that the layout may speak of nobody knows any more what is deployed. */
static void miss_layout(struct gathering *gathering, const struct delivery_layout *layout,
                        const char *why)
{
    for (size_t i = 0; i < gathering->sketch_count; i++) {
        struct sketch *sketch = &gathering->sketches[i];
        bool spoken_of =
            (layout->service == NULL || strcmp(layout->service, sketch->service->name) == 0) &&
            (layout->environment == NULL ||
             strcmp(layout->environment, sketch->environment->name) == 0);
        if (spoken_of && sketch->why_not == NULL)
            sketch->why_not = why;
    }
}

static bool is_of(const struct delivery_layout *layout,
                  const struct delivery_repository *repository)
{
    return layout->repository != NULL && strcmp(layout->repository, repository->name) == 0;
}

static void miss_repository(const struct files *files, const char *why)
{
    const struct delivery_layouts *layouts = &files->gathering->delivery->layouts;
    for (size_t i = 0; i < layouts->count; i++)
        if (is_of(&layouts->items[i], files->repository))
            miss_layout(files->gathering, &layouts->items[i], why);
}

/* --- what they say ---------------------------------------------------------------------------- */

static const char *repository_of(const struct files *files, uint32_t layout)
{
    return files->gathering->delivery->layouts.items[layout].repository;
}

/* What the text of where_of() takes at most. */
static size_t where_size(const struct files *files, const struct rollout *rollout)
{
    size_t size = 1;
    for (size_t i = 0; i < rollout->sources.count; i++) {
        const struct rollout_source *source = &rollout->sources.items[i];
        size += strlen(repository_of(files, source->layout)) + strlen(source->path) + SHORT_COMMIT +
                strlen("; : @");
    }
    return size;
}

/* "clusters: apps/a.yaml@1234567890ab, apps/b.yaml@1234567890ab; far: b.yaml@234567890abc": one
 * commit may change thousands of files, so nothing is copied twice. */
static const char *where_of(const struct files *files, const struct rollout *rollout)
{
    char *text = arena_alloc(files->gathering->mem, where_size(files, rollout)), *end = text;
    const char *last = NULL;
    for (size_t i = 0; i < rollout->sources.count; i++) {
        const struct rollout_source *source = &rollout->sources.items[i];
        const char *name = repository_of(files, source->layout);
        if (last == NULL || strcmp(last, name) != 0)
            end = stpcpy(stpcpy(stpcpy(end, i == 0 ? "" : "; "), name), ":");
        else
            end = stpcpy(end, ",");
        end = stpcpy(stpcpy(stpcpy(end, " "), source->path), "@");
        end = mempcpy(end, source->commit, strnlen(source->commit, SHORT_COMMIT));
        last = name;
    }
    return text;
}

static void take_stranger(struct files *files, const struct rollout *rollout)
{
    struct estate *estate = files->gathering->estate;
    size_t at = names_add(&files->strangers, rollout->service, strlen(rollout->service));
    if (at == estate->strangers.count)
        array_push(files->gathering->mem, &estate->strangers,
                   ((struct estate_stranger){rollout->service, rollout->sources.items[0].path, 0}));
    estate->strangers.items[at].count += !rollout->config;
}

static struct sketch *sketch_of(const struct gathering *gathering, const struct rollout *rollout)
{
    const struct delivery *delivery = gathering->delivery;
    const struct delivery_service *service = delivery_service(delivery, rollout->service);
    const struct delivery_environment *environment =
        delivery_environment(delivery, rollout->environment);
    if (service == NULL || environment == NULL)
        return NULL;
    size_t at = (size_t)(service - delivery->services.items) * delivery->environments.count +
                (size_t)(environment - delivery->environments.items);
    return &gathering->sketches[at];
}

static void note_repositories(const struct files *files, struct sketch *sketch,
                              const struct rollout *rollout)
{
    for (size_t i = 0; i < rollout->sources.count; i++) {
        const char *name = repository_of(files, rollout->sources.items[i].layout);
        if (sketch->files == NULL)
            sketch->files = name;
        sketch->scattered |= strcmp(sketch->files, name) != 0;
    }
}

static void take_rollout(struct files *files, const struct rollout *rollout)
{
    struct sketch *sketch = sketch_of(files->gathering, rollout);
    if (sketch == NULL) {
        take_stranger(files, rollout);
        return;
    }
    const struct dora_deployment deployment = {
        .version = rollout->version,
        .source = "gitops",
        .where = where_of(files, rollout),
        .repository = repository_of(files, rollout->layout),
        .change = rollout->commit,
        .stated_s = rollout->at_s,
        .first_s = sketch->environment->regions.count > 0 ? rollout->first_s : 0,
        .ordered = true,
        .order = rollout->order,
        .automated = rollout->bot,
        .outcome = rollout->config ? DORA_CONFIG : DORA_SERVED,
    };
    told_add(files->gathering, sketch, &sketch->told, NULL, &deployment);
    note_repositories(files, sketch, rollout);
}

/* --- repositories ----------------------------------------------------------------------------- */

/* What nobody could read in the time that is asked about. */
static void warn(struct gathering *gathering, const char *name, const struct sightings *sightings)
{
    for (size_t i = 0; i < sightings->unreadable.count; i++) {
        const struct unreadable *one = &sightings->unreadable.items[i];
        if (one->from_s <= gathering->wanted->known_s && one->until_s > gathering->wanted->from_s)
            array_push(gathering->mem, &gathering->estate->warnings,
                       arena_printf(gathering->mem, "%s: %s", name, one->text));
    }
}

/* A layout with a mistake in it looks like services that nobody ever deployed. */
static void warn_idle(const struct files *files, const struct sightings *sightings)
{
    struct gathering *gathering = files->gathering;
    const struct delivery_layouts *layouts = &gathering->delivery->layouts;
    bool *used = arena_alloc(gathering->mem, layouts->count * sizeof *used);
    for (size_t i = 0; i < sightings->count; i++)
        used[sightings->items[i].layout] = true;
    for (size_t i = 0; i < layouts->count; i++) {
        const struct delivery_layout *layout = &layouts->items[i];
        if (is_of(layout, files->repository) && !used[i])
            array_push(gathering->mem, &gathering->estate->warnings,
                       arena_printf(gathering->mem,
                                    "%s:%u: no version was ever found by this layout in %s: are "
                                    "`file` and `select` right?",
                                    layout->at.file, layout->at.line, files->repository->name));
    }
}

static void read_files(struct files *files, const struct codebase *base)
{
    struct gathering *gathering = files->gathering;
    struct sightings sightings = {0};
    struct error why = {0};
    const struct gitops_wanted wanted = {
        .delivery = gathering->delivery,
        .repository = base->name,
        .branch = base->branch,
        .cache = gathering->cache,
        .doing = arena_printf(gathering->mem, "reading the history of %s", base->name),
        .progress = gathering->wanted->progress,
    };
    if (!history_sightings(base->history, &wanted, gathering->mem, &sightings, &why)) {
        miss_repository(files, arena_printf(gathering->mem, "%s: %s%s%s", base->name, why.what,
                                            why.hint[0] == '\0' ? "" : "; ", why.hint));
        return;
    }
    array_push(gathering->mem, &gathering->estate->readings,
               ((struct estate_reading){
                   base->name, history_trunk(base->history, base->branch, gathering->mem)}));
    warn(gathering, base->name, &sightings);
    warn_idle(files, &sightings);
    for (size_t i = 0; i < sightings.overlooked.count; i++)
        array_push(
            gathering->mem, &gathering->estate->overlooked,
            arena_printf(gathering->mem, "%s: %s", base->name, sightings.overlooked.items[i]));
    sightings_merge(&files->sightings, &sightings, gathering->mem);
}

/* A region may lie in a repository of its own. Orders of two repositories say nothing about each
 * other, beyond the times. */
static void join_files(struct files *files)
{
    struct gathering *gathering = files->gathering;
    struct rollouts rollouts = {0};
    rollouts_join(&files->sightings, gathering->mem, &rollouts);
    for (size_t i = 0; i < rollouts.count; i++)
        take_rollout(files, &rollouts.items[i]);
    for (size_t i = 0; i < gathering->sketch_count; i++) {
        struct sketch *sketch = &gathering->sketches[i];
        for (size_t k = 0; sketch->scattered && k < sketch->told.list.count; k++)
            sketch->told.list.items[k].ordered = false;
    }
}

static bool is_read(const struct delivery *delivery, const struct delivery_repository *repository)
{
    for (size_t i = 0; i < delivery->layouts.count; i++)
        if (is_of(&delivery->layouts.items[i], repository))
            return true;
    return false;
}

void estate_files(struct gathering *gathering)
{
    const struct delivery *delivery = gathering->delivery;
    const struct codebase_wanted where = estate_where(gathering);
    struct files files = {.gathering = gathering};
    names_init(&files.strangers, gathering->mem);
    for (size_t i = 0; i < delivery->repositories.count; i++) {
        AUTO(close_codebase) struct codebase base = {0};
        files.repository = &delivery->repositories.items[i];
        if (!is_read(delivery, files.repository))
            continue;
        codebase_open_repository(&base, &where, files.repository, gathering->mem);
        if (base.history == NULL)
            miss_repository(&files, base.why_not);
        else
            read_files(&files, &base);
    }
    join_files(&files);
}
