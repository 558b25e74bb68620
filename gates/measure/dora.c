/* The chain: what kind each deployment is and which changes it brought. Every commit is looked at
 * once, by the deployment that was the first to hold it. */
#include "gates/measure/dora.h"

#include <stdlib.h>
#include <string.h>

#include "gates/measure/dora_parts.h"

/* --- order ------------------------------------------------------------------------------------ */

/* The latest date among a commit and all it holds: nothing runs before it is written. A date after
 * the last moment known is a wrong clock's, and must not move all that comes later. */
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

static int by_time(const void *one, const void *other)
{
    const struct dora_deployment *a = one, *b = other;
    if (a->finished_s != b->finished_s)
        return a->finished_s < b->finished_s ? -1 : 1;
    if (a->commit != b->commit)
        return a->commit < b->commit ? -1 : 1;
    return strcmp(a->version, b->version);
}

static void sort_deployments(struct dora_chain *chain, struct arena *mem)
{
    const int64_t *settled = settle_dates(chain, mem);
    struct dora_deployments *list = &chain->deployments;
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct dora_deployment *deployment = &list->items[i];
        int64_t earliest = settled[deployment->commit];
        if (deployment->stated_s > chain->known_s)
            continue;
        deployment->finished_s = deployment->stated_s < earliest ? earliest : deployment->stated_s;
        deployment->previous = deployment->remedy = DORA_NONE;
        list->items[kept++] = *deployment;
    }
    chain->later = list->count - kept;
    list->count = kept;
    if (kept > 0)
        qsort(list->items, kept, sizeof *list->items, by_time);
}

/* --- kinds ------------------------------------------------------------------------------------ */

static void push(struct link *link, uint32_t commit)
{
    array_push(link->mem, &link->left, commit);
}

/* Is `old` an ancestor of `new`, or that itself? No ancestor has a greater index. */
static bool holds(struct link *link, uint32_t new, uint32_t old)
{
    uint32_t turn = ++link->turn;
    link->left.count = 0;
    push(link, new);
    while (link->left.count > 0) {
        uint32_t at = link->left.items[--link->left.count];
        if (at == old)
            return true;
        if (at < old || link->seen[at] == turn)
            continue;
        link->seen[at] = turn;
        const struct dora_commit *commit = &link->chain->commits.items[at];
        for (uint32_t p = 0; p < commit->parent_count; p++)
            push(link, commit->parents[p]);
    }
    return false;
}

static enum dora_kind kind_of(struct link *link, const struct dora_deployment *deployment)
{
    if (deployment->outcome != DORA_SERVED)
        return deployment->outcome == DORA_CONFIG ? DORA_CONFIG_ONLY : DORA_FAILED_ATTEMPT;
    if (link->previous == DORA_NONE)
        return DORA_FIRST;
    uint32_t before = link->chain->deployments.items[link->previous].commit;
    if (before == deployment->commit)
        return DORA_REDEPLOY;
    if (holds(link, deployment->commit, before))
        return DORA_FORWARD;
    if (holds(link, before, deployment->commit) || link->ran[deployment->commit])
        return DORA_ROLLBACK;
    return DORA_DIVERGED;
}

/* --- changes ---------------------------------------------------------------------------------- */

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
    else
        change->lead_s = deployment->finished_s - change->started_s;
}

static void add_change(struct link *link, uint32_t landed, uint32_t deployment)
{
    struct dora_chain *chain = link->chain;
    struct gathered g = take_commits(link, landed, deployment);
    if (g.own == 0) /* a merge of what was there already */
        return;
    struct dora_change *change = array_add(link->mem, &chain->changes);
    *change = (struct dora_change){
        .deployment = deployment,
        .landed = landed,
        .first = g.first == DORA_NONE ? landed : g.first,
        .commits = g.own,
        .how = how_landed(&chain->commits.items[landed]),
        .absent = g.people == 0       ? DORA_BOT
                  : g.copies == g.own ? DORA_COPY
                                      : DORA_TIMED,
    };
    change->started_s = start_of(&chain->commits.items[change->first]);
    if (change->absent == DORA_TIMED)
        time_change(link, &chain->deployments.items[deployment], change);
}

/* Each commit of the first-parent line is one change, the oldest first, so that a merge takes only
 * what came from aside. */
static void add_changes(struct link *link, uint32_t deployment)
{
    const struct dora_commit *commits = link->chain->commits.items;
    struct indexes line = {0};
    uint32_t at = link->chain->deployments.items[deployment].commit;
    while (link->shipped[at] == deployment) {
        array_push(link->mem, &line, at);
        if (commits[at].parent_count == 0)
            break;
        at = commits[at].parents[0];
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

static void link_one(struct link *link, uint32_t index)
{
    struct dora_deployment *deployment = &link->chain->deployments.items[index];
    deployment->kind = kind_of(link, deployment);
    deployment->previous = link->previous;
    deployment->changes = (uint32_t)link->chain->changes.count;
    if (!is_link(deployment->kind))
        return;
    ship(link, deployment->commit, index);
    if (deployment->kind == DORA_FIRST)
        forget_first(link);
    else
        add_changes(link, index);
    deployment->change_count = (uint32_t)link->chain->changes.count - deployment->changes;
    link->ran[deployment->commit] = true;
    link->previous = index;
}

static uint32_t *new_indexes(struct arena *mem, size_t count)
{
    uint32_t *indexes = arena_alloc(mem, (count + 1) * sizeof *indexes);
    memset(indexes, 0xff, (count + 1) * sizeof *indexes);
    return indexes;
}

void dora_link(struct dora_chain *chain, struct arena *mem)
{
    size_t count = chain->commits.count;
    struct link link = {
        .chain = chain,
        .mem = mem,
        .previous = DORA_NONE,
        .shipped = new_indexes(mem, count),
        .taken = arena_alloc(mem, (count + 1) * sizeof *link.taken),
        .told = arena_alloc(mem, (count + 1) * sizeof *link.told),
        .repeats = arena_alloc(mem, (count + 1) * sizeof *link.repeats),
        .seen = arena_alloc(mem, (count + 1) * sizeof *link.seen),
        .ran = arena_alloc(mem, (count + 1) * sizeof *link.ran),
    };
    sort_deployments(chain, mem);
    for (uint32_t i = 0; i < chain->deployments.count; i++)
        link_one(&link, i);
    dora_find_failures(&link);
}

/* --- words ------------------------------------------------------------------------------------ */

bool dora_counts(enum dora_kind kind)
{
    return kind == DORA_FIRST || kind == DORA_FORWARD || kind == DORA_DIVERGED;
}

bool is_link(enum dora_kind kind)
{
    return dora_counts(kind) || kind == DORA_ROLLBACK;
}

const char *dora_kind_name(enum dora_kind kind)
{
    static const char *const names[] = {"first",    "forward", "diverged",      "rollback",
                                        "redeploy", "config",  "failed_attempt"};
    return names[kind];
}

const char *dora_failure_name(enum dora_failure failure)
{
    static const char *const names[] = {"", "rollback", "revert", "hotfix"};
    return names[failure];
}

const char *dora_landed_name(enum dora_landed how)
{
    static const char *const names[] = {"merge", "squash", "direct"};
    return names[how];
}

const char *dora_absent_name(enum dora_absent absent)
{
    static const char *const names[] = {"", "bot", "copy", "skewed"};
    return names[absent];
}
