#include "runner/delivery/facts.h"

#include <inttypes.h>
#include <string.h>

#include "runner/delivery/codebase.h"
#include "runner/delivery/facts_parts.h"
#include "runner/store/keys.h"
#include "runner/store/transact.h"

static struct store_value moment(int64_t seconds) /* INT64_MAX: not known */
{
    return seconds == INT64_MAX ? store_text(NULL) : store_integer(seconds * 1000);
}

/* --- keys ------------------------------------------------------------------------------------- */

bool fact_was_recorded(const struct dora_deployment *deployment)
{
    return strcmp(deployment->source, "recorded") == 0;
}

static const char *commit_of(const struct fact_unit *of, const struct dora_deployment *deployment)
{
    return deployment->commit == DORA_NONE ? NULL
                                           : of->unit->chain.commits.items[deployment->commit].id;
}

/* A tag that was moved is another deployment. */
static const char *deployment_id(const struct fact_unit *of,
                                 const struct dora_deployment *deployment, struct arena *mem)
{
    const char *commit = commit_of(of, deployment);
    if (fact_was_recorded(deployment))
        return deployment->where;
    const char *const texts[] = {
        of->unit->service,
        of->unit->environment,
        deployment->source,
        deployment->where,
        deployment->version,
        commit == NULL ? "" : commit,
        arena_printf(mem, "%" PRId64, deployment->stated_s),
    };
    return store_id(texts, sizeof texts / sizeof texts[0], mem);
}

bool fact_note(struct names *names, struct arena *mem, int64_t project, const char *key)
{
    size_t count = names->texts.count;
    const char *text = arena_printf(mem, "%" PRId64 " %s", project, key);
    return names_add(names, text, strlen(text)) == count;
}

const char *fact_binding(const char *deployment, int64_t change, struct arena *mem)
{
    return arena_printf(mem, "%" PRId64 " %s", change, deployment);
}

/* --- deployments ------------------------------------------------------------------------------ */

struct fact_verdict fact_verdict(const struct fact_unit *of,
                                 const struct dora_deployment *deployment)
{
    bool failed = deployment->failure != DORA_GOOD;
    const uint32_t previous = deployment->previous;
    return (struct fact_verdict){
        .previous = store_text(previous == DORA_NONE ? NULL : of->deployment_ids[previous]),
        .failed = store_integer(failed),
        .reason = store_text(failed ? dora_failure_name(deployment->failure) : NULL),
        .recovered_ms = moment(failed ? deployment->recovered_s : INT64_MAX),
        .unplanned = store_integer(deployment->unplanned),
    };
}

static void put_deployment(struct facts_writer *w, const struct fact_unit *of,
                           const struct dora_deployment *deployment, const char *id)
{
    const struct fact_verdict is = fact_verdict(of, deployment);
    const struct store_deployment_row row = {
        .project_id = store_integer(of->project.id),
        .deployment_id = store_text(id),
        .service_id = store_text(of->unit->service),
        .environment = store_text(of->unit->environment),
        .tier = store_text(of->tier),
        .source = store_text(deployment->source),
        .status = store_text(deployment->outcome == DORA_NEVER ? "failed" : "success"),
        .kind = store_text(dora_kind_name(deployment->kind)),
        .app_sha = store_text(commit_of(of, deployment)),
        .version = store_text(deployment->version),
        .gitops_repo = store_text(deployment->repository),
        .gitops_sha = store_text(deployment->change),
        .prev_deployment_id = is.previous,
        .started_ms = moment(deployment->first_s == 0 ? INT64_MAX : deployment->first_s),
        .finished_ms = moment(deployment->finished_s),
        .failed = is.failed,
        .failure_reason = is.reason,
        .recovered_ms = is.recovered_ms,
        .unplanned = is.unplanned,
        .updated_ms = moment(deployment->stated_s), /* part of its key */
    };
    store_put_deployment(&w->batch, &row);
}

/* --- changes ---------------------------------------------------------------------------------- */

/* The tip of the branch that was merged; NULL: none was. */
static const char *head_of(const struct dora_commits *commits, const struct dora_change *change)
{
    const struct dora_commit *landed = &commits->items[change->landed];
    return change->how == DORA_MERGE ? commits->items[landed->parents[1]].id : NULL;
}

static void put_change(struct facts_writer *w, const struct fact_unit *of,
                       const struct dora_change *change, int64_t id)
{
    const struct dora_chain *chain = &of->unit->chain;
    const struct dora_commit *landed = &chain->commits.items[change->landed];
    const struct store_value none = {0};
    const struct store_change_row row = {
        .project_id = store_integer(of->project.id),
        .change_id = store_integer(id),
        .author = store_text(dora_author(chain, change)),
        .author_is_bot = store_integer(change->absent == DORA_BOT),
        .state = store_text("merged"),
        .kind = store_text(change->unplanned ? "repair" : "normal"),
        .head_sha = store_text(head_of(&chain->commits, change)),
        .landed_sha = store_text(landed->id),
        .first_commit_ms = moment(change->started_s),
        .merged_ms = moment(landed->committed_s),
        .lines_added = change->sized ? store_integer((int64_t)change->added) : none,
        .lines_removed = change->sized ? store_integer((int64_t)change->removed) : none,
        .files_changed = change->sized ? store_integer((int64_t)change->files) : none,
        .updated_ms = moment(landed->committed_s),
    };
    store_put_change(&w->batch, &row);
}

static int64_t change_id(const struct fact_unit *of, const struct dora_change *change)
{
    return store_change_id(of->unit->chain.commits.items[change->landed].id);
}

static void take_change(struct facts_writer *w, const struct fact_unit *of,
                        const struct dora_change *change)
{
    const int64_t id = change_id(of, change);
    if (fact_note(&w->changes, w->mem, of->project.id, arena_printf(w->mem, "%" PRId64, id)))
        put_change(w, of, change, id);
}

static void bind_change(struct facts_writer *w, const struct fact_unit *of,
                        const struct dora_change *change, const char *deployment)
{
    const int64_t project = of->project.id, id = change_id(of, change);
    bool timed = change->absent == DORA_TIMED;
    const struct store_deployment_change_row row = {
        .project_id = store_integer(project),
        .deployment_id = store_text(deployment),
        .change_id = store_integer(id),
        .is_first = store_integer(change->absent != DORA_COPY),
        .lead_ms = moment(timed ? change->lead_s : INT64_MAX),
        .merge_to_deploy_ms = moment(timed ? change->merged_s : INT64_MAX),
    };
    fact_note(&w->bindings, w->mem, project, fact_binding(deployment, id, w->mem));
    store_put_deployment_change(&w->batch, &row);
    take_change(w, of, change);
}

/* What landed and waits. Another service may have deployed it, and knows more of it. */
static void put_waiting(struct facts_writer *w, const struct fact_unit *of)
{
    const struct dora_changes *changes = &of->unit->chain.changes;
    for (size_t i = 0; i < changes->count; i++)
        if (changes->items[i].deployment == DORA_NONE && !changes->items[i].outside)
            take_change(w, of, &changes->items[i]);
}

/* Merges are no commits of their own. */
static void put_commits(struct facts_writer *w, const struct fact_unit *of)
{
    const struct dora_chain *chain = &of->unit->chain;
    for (size_t i = 0; i < chain->commits.count; i++) {
        const struct dora_commit *commit = &chain->commits.items[i];
        if (chain->change_of[i] == DORA_NONE || commit->parent_count > 1)
            continue;
        const struct dora_change *change = &chain->changes.items[chain->change_of[i]];
        const struct store_change_commit_row row = {
            .project_id = store_integer(of->project.id),
            .change_id = store_integer(change_id(of, change)),
            .sha = store_text(commit->id),
            .authored_ms = moment(commit->authored_s),
            .committed_ms = moment(commit->committed_s),
        };
        if (!change->outside)
            store_put_change_commit(&w->batch, &row);
    }
}

/* --- incidents -------------------------------------------------------------------------------- */

/* The incident of a service has the surest link of its environments. */
static void take_incident(struct facts_writer *w, const struct fact_unit *of,
                          const struct dora_incident *incident)
{
    const char *const texts[] = {of->unit->service, incident->id};
    const char *key = store_id(texts, 2, w->mem);
    size_t at = names_add(&w->incidents, key, strlen(key));
    if (at == w->links.count)
        array_push(w->mem, &w->links, ((struct fact_link){of, incident}));
    const enum dora_link_method there = w->links.items[at].incident->method;
    if (there == DORA_UNLINKED || (incident->method != DORA_UNLINKED && incident->method < there))
        w->links.items[at] = (struct fact_link){of, incident};
}

static void put_unit(struct facts_writer *w, const struct fact_unit *of)
{
    const struct dora_chain *chain = &of->unit->chain;
    for (size_t i = 0; i < chain->deployments.count; i++) {
        const struct dora_deployment *deployment = &chain->deployments.items[i];
        const char *id = of->deployment_ids[i];
        fact_note(&w->deployments, w->mem, of->project.id, id);
        if (!fact_was_recorded(deployment))
            put_deployment(w, of, deployment, id);
        for (uint32_t c = 0; c < deployment->change_count; c++) {
            const struct dora_change *change = &chain->changes.items[deployment->changes + c];
            if (!change->outside)
                bind_change(w, of, change, id);
        }
    }
    for (size_t i = 0; i < chain->incidents.count; i++)
        take_incident(w, of, &chain->incidents.items[i]);
}

/* --- all -------------------------------------------------------------------------------------- */

void fact_project(const struct facts_writer *w, const char *path, struct project *project)
{
    const struct estate_wanted *wanted = w->wanted;
    const struct codebase_wanted where = {wanted->context, wanted->place, wanted->delivery,
                                          wanted->folder};
    *project = w->here;
    if (!codebase_is_here(&where, path, w->mem) || w->here.id == 0)
        project_named(path, &w->here, w->mem, project);
}

static void take_unit(struct facts_writer *w, const struct dora_unit *unit)
{
    const struct estate_wanted *wanted = w->wanted;
    struct fact_unit of = {.unit = unit};
    fact_project(w, unit->project, &of.project);
    of.tier = tier_name(delivery_environment(wanted->delivery, unit->environment)->tier);
    of.deployment_ids =
        arena_alloc(w->mem, (unit->chain.deployments.count + 1) * sizeof *of.deployment_ids);
    for (size_t i = 0; i < unit->chain.deployments.count; i++)
        of.deployment_ids[i] = deployment_id(&of, &unit->chain.deployments.items[i], w->mem);
    array_push(w->mem, &w->units, of);
    w->stored->deployments += unit->chain.deployments.count;
}

static bool put_all(struct facts_writer *w, struct error *err)
{
    for (size_t i = 0; i < w->units.count; i++)
        put_unit(w, &w->units.items[i]);
    w->stored->changes = w->changes.texts.count;
    for (size_t i = 0; i < w->units.count; i++) {
        put_waiting(w, &w->units.items[i]);
        put_commits(w, &w->units.items[i]);
    }
    facts_put_company(w);
    return facts_drop_known(w, err) &&
           (w->batch.entries.count == 0 || store_write(w->store, &w->batch, err));
}

static bool tidy(struct store *store, const void *job, struct error *err)
{
    struct facts_writer *const *w = job;
    (void)store; /* the writer has it */
    return facts_tidy(*w, err) && facts_tidy_company(*w, err);
}

bool facts_store(const struct estate_wanted *wanted, const struct estate *estate,
                 struct store *store, struct facts_stored *stored, struct error *err)
{
    struct arena *mem = store->mem;
    struct facts_writer w = {.wanted = wanted,
                             .estate = estate,
                             .mem = mem,
                             .store = store,
                             .stored = stored,
                             .batch = {.mem = mem}};
    *stored = (struct facts_stored){0};
    names_init(&w.deployments, mem);
    names_init(&w.changes, mem);
    names_init(&w.bindings, mem);
    names_init(&w.incidents, mem);
    names_init(&w.company, mem);
    project_here(&wanted->context->ci, &wanted->place->history, mem, &w.here);
    for (size_t i = 0; i < estate->known.units.count; i++)
        if (estate->known.units.items[i].why_not == NULL)
            take_unit(&w, &estate->known.units.items[i]);
    struct facts_writer *job = &w;
    const struct store_task task = {tidy, &job};
    return (put_all(&w, err) && store_transact(store, &task, err)) ||
           error_at(err, store->name, 0, 0);
}
