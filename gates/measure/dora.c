/* The chain: what kind each deployment is and which changes it brought. Every commit is looked at
 * once, by the deployment that was the first to hold it. */
#include "gates/measure/dora.h"

#include <stdlib.h>
#include <string.h>

#include "gates/measure/dora_parts.h"

/* --- order ------------------------------------------------------------------------------------ */

/* The latest date among a commit and all it holds: nothing runs before it is written. A date after
 * the last moment known is a wrong clock's, and must not move all that comes later. What has an
 * order of its own needs none of this: the commit that deployed it says when. */
static int64_t *settle_dates(const struct dora_chain *chain, struct arena *mem)
{
    int64_t *settled = arena_alloc(mem, (chain->commits.count + 1) * sizeof *settled);
    for (size_t i = 0; i < chain->commits.count; i++) {
        const struct dora_commit *commit = &chain->commits.items[i];
        settled[i] = commit->committed_s > chain->known_s ? INT64_MIN : commit->committed_s;
        for (uint32_t p = 0; p < commit->parent_count; p++)
            if (settled[commit->parents[p]] > settled[i])
                settled[i] = settled[commit->parents[p]];
    }
    return settled;
}

/* Those whose order is known stand before the others of one moment. */
static int by_order(const struct dora_deployment *a, const struct dora_deployment *b)
{
    if (a->ordered != b->ordered)
        return a->ordered ? -1 : 1;
    if (!a->ordered || a->order == b->order)
        return 0;
    return a->order < b->order ? -1 : 1;
}

static int by_name(const struct dora_deployment *a, const struct dora_deployment *b)
{
    int versions = strcmp(a->version, b->version);
    return versions != 0 ? versions : strcmp(a->where, b->where);
}

static int given_order(const void *one, const void *other)
{
    return by_order(one, other);
}

static int by_time(const void *one, const void *other)
{
    const struct dora_deployment *a = one, *b = other;
    if (a->finished_s != b->finished_s)
        return a->finished_s < b->finished_s ? -1 : 1;
    int order = by_order(a, b);
    if (order != 0)
        return order;
    if (a->commit != b->commit)
        return a->commit < b->commit ? -1 : 1;
    return by_name(a, b);
}

/* What is known to come later did not finish earlier, whatever dates say. */
static void keep_order(struct dora_deployments *list)
{
    qsort(list->items, list->count, sizeof *list->items, given_order);
    for (size_t i = 1; i < list->count && list->items[i].ordered; i++)
        if (list->items[i].finished_s < list->items[i - 1].finished_s)
            list->items[i].finished_s = list->items[i - 1].finished_s;
}

static void sort_deployments(struct dora_chain *chain, struct arena *scratch)
{
    const int64_t *settled = settle_dates(chain, scratch);
    struct dora_deployments *list = &chain->deployments;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct dora_deployment *deployment = &list->items[i];
        bool may_move = !deployment->ordered && deployment->commit != DORA_NONE;
        int64_t earliest = may_move ? settled[deployment->commit] : INT64_MIN;
        if (deployment->stated_s > chain->known_s)
            continue;
        deployment->finished_s = deployment->stated_s < earliest ? earliest : deployment->stated_s;
        deployment->previous = deployment->remedy = deployment->incident = DORA_NONE;
        deployment->unplanned = deployment->flagged;
        list->items[kept++] = *deployment;
    }
    chain->later = list->count - kept;
    list->count = kept;
    if (kept == 0)
        return;
    keep_order(list);
    qsort(list->items, kept, sizeof *list->items, by_time);
}

/* --- kinds ------------------------------------------------------------------------------------ */

/* Of no known commit: only its name can say that it ran before. */
static enum dora_kind kind_by_name(const struct link *link,
                                   const struct dora_deployment *deployment)
{
    const char *version = deployment->version;
    if (strcmp(link->chain->deployments.items[link->previous].version, version) == 0)
        return DORA_REDEPLOY;
    return names_find(&link->versions, version, strlen(version)) == NAMES_NONE ? DORA_FORWARD
                                                                               : DORA_ROLLBACK;
}

static enum dora_kind kind_by_commit(struct link *link, uint32_t commit)
{
    uint32_t before = link->chain->deployments.items[link->resolved].commit;
    if (before == commit) /* with something unknown in between it is the way back */
        return link->previous == link->resolved ? DORA_REDEPLOY : DORA_ROLLBACK;
    if (dora_holds(link, commit, before))
        return DORA_FORWARD;
    if (link->ran[commit] || dora_holds(link, before, commit))
        return DORA_ROLLBACK;
    return DORA_DIVERGED;
}

static enum dora_kind kind_of(struct link *link, const struct dora_deployment *deployment)
{
    if (deployment->outcome != DORA_SERVED)
        return deployment->outcome == DORA_CONFIG ? DORA_CONFIG_ONLY : DORA_FAILED_ATTEMPT;
    if (link->previous == DORA_NONE)
        return DORA_FIRST;
    if (deployment->commit == DORA_NONE)
        return kind_by_name(link, deployment);
    return link->resolved == DORA_NONE ? DORA_FORWARD : kind_by_commit(link, deployment->commit);
}

/* --- changes ---------------------------------------------------------------------------------- */

static void push(struct link *link, uint32_t commit)
{
    array_push(link->scratch, &link->left, commit);
}

/* Marks as deployed by `deployment` what `commit` holds and nothing before did. */
static void ship(struct link *link, uint32_t commit, uint32_t deployment)
{
    link->left.count = 0;
    push(link, commit);
    while (link->left.count > 0) {
        uint32_t at = link->left.items[--link->left.count];
        if (link->shipped[at] != DORA_NONE)
            continue;
        link->shipped[at] = deployment;
        for (uint32_t p = 0; p < link->chain->commits.items[at].parent_count; p++)
            push(link, link->chain->commits.items[at].parents[p]);
    }
}

/* Was the same difference deployed before, or by this change, as another commit? */
static bool is_copy(struct link *link, uint32_t commit)
{
    bool *told = &link->told[link->chain->commits.items[commit].copied];
    bool copy = *told;
    *told = true;
    link->repeats[commit] = copy;
    return copy;
}

/* What is folded of the commits of a change. */
struct gathered {
    uint32_t first; /* DORA_NONE: it has no commit of its own, merges aside */
    uint32_t own, people, copies;
};

static void gather(struct link *link, uint32_t at, struct gathered *g)
{
    const struct dora_commit *commits = link->chain->commits.items;
    if (commits[at].parent_count > 1)
        return;
    bool copy = is_copy(link, at);
    g->own++;
    g->people += !commits[at].bot;
    g->copies += copy;
    link->change[at] = (uint32_t)link->chain->changes.count;
    if (!copy && (g->first == DORA_NONE || commits[at].authored_s < commits[g->first].authored_s))
        g->first = at;
}

/* Everything that `landed` holds, this deployment was the first to hold and no change before has.
 */
static struct gathered take_commits(struct link *link, uint32_t landed, uint32_t deployment)
{
    struct gathered g = {.first = DORA_NONE};
    link->left.count = 0;
    push(link, landed);
    while (link->left.count > 0) {
        uint32_t at = link->left.items[--link->left.count];
        const struct dora_commit *commit = &link->chain->commits.items[at];
        if (link->shipped[at] != deployment || link->taken[at])
            continue;
        gather(link, at, &g);
        link->taken[at] = true;
        for (uint32_t p = 0; p < commit->parent_count; p++)
            push(link, commit->parents[p]);
    }
    return g;
}

static enum dora_landed how_landed(const struct dora_commit *commit)
{
    if (commit->parent_count > 1)
        return DORA_MERGE;
    return commit->landing.request > 0 || commit->landing.first_s != INT64_MAX ? DORA_SQUASH
                                                                               : DORA_DIRECT;
}

static int64_t start_of(const struct dora_commit *first)
{
    int64_t listed = first->landing.first_s;
    return listed < first->authored_s ? listed : first->authored_s;
}

/* Where clocks disagree there is no time between. */
static void time_change(const struct link *link, const struct dora_deployment *deployment,
                        struct dora_change *change)
{
    const struct dora_commit *landed = &link->chain->commits.items[change->landed];
    if (change->started_s > deployment->stated_s || landed->committed_s > deployment->stated_s)
        change->absent = DORA_SKEWED;
    else {
        change->lead_s = deployment->finished_s - change->started_s;
        change->merged_s = deployment->finished_s - landed->committed_s;
    }
}

static enum dora_absent why_absent(const struct gathered *g, bool waits)
{
    if (g->people == 0)
        return DORA_BOT;
    if (g->copies == g->own)
        return DORA_COPY;
    return waits ? DORA_WAITING : DORA_TIMED;
}

static void add_change(struct link *link, uint32_t landed, uint32_t deployment)
{
    struct dora_chain *chain = link->chain;
    bool waits = deployment == chain->deployments.count;
    struct gathered g = take_commits(link, landed, deployment);
    if (g.own == 0) /* a merge of what was there already */
        return;
    link->change[landed] = (uint32_t)chain->changes.count;
    struct dora_change *change = array_add(link->mem, &chain->changes);
    *change = (struct dora_change){
        .deployment = waits ? DORA_NONE : deployment,
        .landed = landed,
        .first = g.first == DORA_NONE ? landed : g.first,
        .commits = g.own,
        .how = how_landed(&chain->commits.items[landed]),
        .absent = why_absent(&g, waits),
    };
    change->started_s = start_of(&chain->commits.items[change->first]);
    if (change->absent == DORA_TIMED)
        time_change(link, &chain->deployments.items[deployment], change);
}

/* Each commit of the first-parent line is one change, the oldest first, so that a merge takes only
 * what came from aside. */
static void add_changes(struct link *link, uint32_t from, uint32_t deployment)
{
    const struct dora_commit *commits = link->chain->commits.items;
    struct indexes line = {0};
    for (uint32_t at = from; link->shipped[at] == deployment; at = commits[at].parents[0]) {
        array_push(link->scratch, &line, at);
        if (commits[at].parent_count == 0)
            break;
    }
    while (line.count > 0)
        add_change(link, line.items[--line.count], deployment);
}

/* What the first deployment of a service holds is no change of it: it took years. */
static void forget_first(struct link *link)
{
    for (size_t i = 0; i < link->chain->commits.count; i++)
        if (link->shipped[i] != DORA_NONE)
            link->told[link->chain->commits.items[i].copied] = true;
}

/* The commits that a link was the first to bring. */
static void bring(struct link *link, uint32_t commit, uint32_t index)
{
    ship(link, commit, index);
    dora_extend_line(link, commit);
    if (link->base == DORA_NONE) {
        link->base = index;
        forget_first(link);
    } else {
        add_changes(link, commit, index);
    }
    link->ran[commit] = true;
    link->resolved = index;
}

static void link_one(struct link *link, uint32_t index)
{
    struct dora_deployment *deployment = &link->chain->deployments.items[index];
    deployment->kind = kind_of(link, deployment);
    deployment->previous = link->previous;
    deployment->changes = (uint32_t)link->chain->changes.count;
    if (!is_link(deployment->kind))
        return;
    if (deployment->commit == DORA_NONE)
        names_add(&link->versions, deployment->version, strlen(deployment->version));
    else
        bring(link, deployment->commit, index);
    deployment->change_count = (uint32_t)link->chain->changes.count - deployment->changes;
    link->previous = index;
}

/* What landed and no deployment holds. Without any of a known commit, all of the history would. */
static void find_waiting(struct link *link)
{
    struct dora_chain *chain = link->chain;
    if (link->base == DORA_NONE)
        chain->tip = NULL;
    if (chain->tip == NULL)
        return;
    ship(link, *chain->tip, (uint32_t)chain->deployments.count);
    add_changes(link, *chain->tip, (uint32_t)chain->deployments.count);
}

static uint32_t *new_indexes(struct arena *mem, size_t count)
{
    uint32_t *indexes = arena_alloc(mem, (count + 1) * sizeof *indexes);
    memset(indexes, 0xff, (count + 1) * sizeof *indexes);
    return indexes;
}

static bool *new_marks(struct arena *mem, size_t count)
{
    return arena_alloc(mem, (count + 1) * sizeof(bool));
}

void dora_link(struct dora_chain *chain, struct arena *mem)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    size_t count = chain->commits.count;
    struct link link = {
        .chain = chain,
        .mem = mem,
        .scratch = scratch,
        .previous = DORA_NONE,
        .resolved = DORA_NONE,
        .base = DORA_NONE,
        .shipped = new_indexes(scratch, count),
        .change = new_indexes(mem, count),
        .taken = new_marks(scratch, count),
        .told = new_marks(scratch, count),
        .repeats = new_marks(scratch, count),
        .ran = new_marks(scratch, count),
        .line = new_indexes(scratch, count),
        .place = new_indexes(scratch, count),
        .seen = arena_alloc(scratch, (count + 1) * sizeof *link.seen),
        .repaired = new_indexes(scratch, chain->deployments.count),
    };
    chain->change_of = link.change;
    names_init(&link.versions, scratch);
    sort_deployments(chain, scratch);
    for (uint32_t i = 0; i < chain->deployments.count; i++)
        link_one(&link, i);
    find_waiting(&link);
    dora_find_failures(&link);
    dora_link_incidents(&link);
}

bool is_link(enum dora_kind kind)
{
    return dora_counts(kind) || kind == DORA_ROLLBACK;
}
