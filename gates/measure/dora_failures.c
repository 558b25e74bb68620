/* Which deployments failed, without an incident tool: the next one rolled back within two days, or
 * a later one brings a revert or a hotfix that names it. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gates/base/names.h"
#include "gates/measure/dora_parts.h"

enum { ROLLBACK_S = 48 * 3600 };

/* What a message can name. */
struct register_of {
    struct link *link;
    struct names versions; /* the index is that of `latest` */
    uint32_t *latest;      /* link of a version: the same once more is no other … */
    uint32_t *earlier;     /* and the one before each of the same version; DORA_NONE: none */
    struct indexes by_id, by_request; /* commits, sorted */
};

void dora_fail(struct link *link, uint32_t failed, uint32_t remedy, enum dora_failure how)
{
    struct dora_deployment *deployment = &link->chain->deployments.items[failed];
    if (!dora_counts(deployment->kind) || deployment->remedy <= remedy)
        return;
    deployment->failure = how;
    deployment->remedy = remedy;
}

static void find_rollbacks(struct link *link)
{
    struct dora_deployment *all = link->chain->deployments.items;
    for (uint32_t i = 0; i < link->chain->deployments.count; i++) {
        if (all[i].kind != DORA_ROLLBACK)
            continue;
        all[i].unplanned = true;
        link->repaired[i] = all[i].previous;
        if (all[i].finished_s - all[all[i].previous].finished_s <= ROLLBACK_S)
            dora_fail(link, all[i].previous, i, DORA_ROLLED_BACK);
    }
}

/* --- what is named ---------------------------------------------------------------------------- */

static int by_id(const void *one, const void *other, void *commits)
{
    const struct dora_commit *all = commits;
    return strcmp(all[*(const uint32_t *)one].id, all[*(const uint32_t *)other].id);
}

static int by_request(const void *one, const void *other, void *commits)
{
    const struct dora_commit *all = commits;
    uint64_t a = all[*(const uint32_t *)one].landing.request;
    uint64_t b = all[*(const uint32_t *)other].landing.request;
    return a != b ? (a < b ? -1 : 1) : by_id(one, other, commits);
}

static void open_register(struct register_of *r, struct link *link)
{
    struct dora_chain *chain = link->chain;
    *r = (struct register_of){.link = link};
    names_init(&r->versions, link->scratch);
    r->latest = arena_alloc(link->scratch, (chain->deployments.count + 1) * sizeof *r->latest);
    r->earlier = arena_alloc(link->scratch, (chain->deployments.count + 1) * sizeof *r->earlier);
    for (uint32_t i = 0; i < chain->deployments.count; i++) {
        if (!is_link(chain->deployments.items[i].kind))
            continue;
        const char *version = chain->deployments.items[i].version;
        size_t known = r->versions.texts.count;
        size_t at = names_add(&r->versions, version, strlen(version));
        r->earlier[i] = at == known ? DORA_NONE : r->latest[at];
        r->latest[at] = i;
    }
    for (uint32_t i = 0; i < chain->commits.count; i++) {
        if (link->shipped[i] == DORA_NONE || link->shipped[i] == link->base)
            continue; /* nothing that is named there failed */
        array_push(link->scratch, &r->by_id, i);
        if (chain->commits.items[i].landing.request > 0)
            array_push(link->scratch, &r->by_request, i);
    }
    qsort_r(r->by_id.items, r->by_id.count, sizeof *r->by_id.items, by_id, chain->commits.items);
    if (r->by_request.count > 0)
        qsort_r(r->by_request.items, r->by_request.count, sizeof *r->by_request.items, by_request,
                chain->commits.items);
}

/* The first place of the sorted list whose commit does not go before what is named. */
static size_t first_not_before(const struct register_of *r, const struct landing_word *word)
{
    const struct dora_commit *commits = r->link->chain->commits.items;
    bool by_number = word->means == LANDING_REQUEST;
    const struct indexes *list = by_number ? &r->by_request : &r->by_id;
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct dora_commit *commit = &commits[list->items[middle]];
        bool before = by_number ? commit->landing.request < word->request
                                : strncasecmp(commit->id, word->text, word->len) < 0;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low;
}

/* The commit of that number; DORA_NONE: none, or several begin so. */
static uint32_t commit_numbered(const struct register_of *r, const struct landing_word *word)
{
    const struct dora_commit *commits = r->link->chain->commits.items;
    size_t at = first_not_before(r, word), count = r->by_id.count;
    bool found =
        at < count && strncasecmp(commits[r->by_id.items[at]].id, word->text, word->len) == 0;
    bool again = at + 1 < count &&
                 strncasecmp(commits[r->by_id.items[at + 1]].id, word->text, word->len) == 0;
    return found && !again ? r->by_id.items[at] : DORA_NONE;
}

static uint32_t commit_of_request(const struct register_of *r, const struct landing_word *word)
{
    size_t at = first_not_before(r, word);
    const struct dora_commit *commits = r->link->chain->commits.items;
    bool found = at < r->by_request.count &&
                 commits[r->by_request.items[at]].landing.request == word->request;
    return found ? r->by_request.items[at] : DORA_NONE;
}

/* A version is that of its last deployment before the remedy. */
static uint32_t version_named(const struct register_of *r, const struct landing_word *word,
                              uint32_t remedy)
{
    size_t at = names_find(&r->versions, word->text, word->len);
    uint32_t named = at == NAMES_NONE ? DORA_NONE : r->latest[at];
    while (named != DORA_NONE && named >= remedy)
        named = r->earlier[named];
    return named;
}

/* The deployment that a word stands for; DORA_NONE: none. The first deployment holds years: a
 * revert of something in it says nothing of it, so its commits are not listed. */
static uint32_t deployment_named(const struct register_of *r, const struct landing_word *word,
                                 bool repairs, uint32_t remedy)
{
    if (word->means == LANDING_WORD)
        return repairs ? version_named(r, word, remedy) : DORA_NONE;
    uint32_t commit =
        word->means == LANDING_COMMIT ? commit_numbered(r, word) : commit_of_request(r, word);
    return commit == DORA_NONE ? DORA_NONE : r->link->shipped[commit];
}

/* A commit that `remedy` was the first to deploy. A merge that brought nothing is of no change. */
static void read_claims(const struct register_of *r, uint32_t commit, uint32_t remedy)
{
    struct landing_word word = {0};
    struct link *link = r->link;
    const struct landing *landing = &link->chain->commits.items[commit].landing;
    bool unplanned = landing->hotfix;
    for (const char *at = landing->claims; landing_next(&at, &word);) {
        uint32_t named = deployment_named(r, &word, landing->repairs, remedy);
        if (named == DORA_NONE || named >= remedy)
            continue;
        unplanned = true;
        if (link->repaired[remedy] == DORA_NONE || link->repaired[remedy] < named)
            link->repaired[remedy] = named;
        dora_fail(link, named, remedy, landing->hotfix ? DORA_HOTFIXED : DORA_REVERTED);
    }
    link->chain->deployments.items[remedy].unplanned |= unplanned;
    if (link->change[commit] != DORA_NONE)
        link->chain->changes.items[link->change[commit]].unplanned |= unplanned;
}

bool dora_is_heard(const struct link *link, uint32_t commit)
{
    const struct dora_chain *chain = link->chain;
    uint32_t shipped = link->shipped[commit];
    return shipped < chain->deployments.count && shipped != link->base && !link->repeats[commit] &&
           (chain->outside == NULL || !chain->outside[commit]);
}

void dora_find_failures(struct link *link)
{
    struct register_of r = {0};
    const struct dora_chain *chain = link->chain;
    find_rollbacks(link);
    for (uint32_t i = 0; i < chain->commits.count; i++) {
        if (chain->commits.items[i].landing.claims == NULL || !dora_is_heard(link, i))
            continue;
        if (r.link == NULL)
            open_register(&r, link);
        read_claims(&r, i, link->shipped[i]);
    }
}
