#include "runner/command/baseline.h"

#include <assert.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "runner/command/artifact.h"
#include "runner/discover/report.h"
#include "runner/gitlab/connect.h"
#include "runner/history/changes.h"
#include "runner/history/walk.h"
#include "runner/store/evidence.h"
#include "runner/store/keys.h"
#include "runner/store/store.h"

enum { MOST_ANCESTORS = 1000, SHORT_COMMIT = 7 };

struct finder {
    const struct baseline_wanted *wanted;
    struct baseline *baseline;
    struct arena *mem;
    struct words ancestors; /* the base and its first parents */
    enum walk_end end;
};

static const char *short_commit(const char *commit, struct arena *mem)
{
    return arena_printf(mem, "%.*s", SHORT_COMMIT, commit);
}

static void none(struct finder *f, enum outcome least, const char *why, const char *remedy)
{
    f->baseline->least = least;
    f->baseline->why_none = why;
    f->baseline->remedy = remedy;
}

/* A source that was asked for, or is there, and has no answer. */
static void fail(struct finder *f, enum outcome least, const struct error *err)
{
    char place[48] = "";
    if (err->line > 0)
        snprintf(place, sizeof place, "line %u, column %u: ", err->line, err->column);
    none(f, least, arena_printf(f->mem, "%s: %s%s", err->where, place, err->what),
         err->hint[0] != '\0' ? arena_printf(f->mem, "%s", err->hint) : NULL);
}

static bool take(struct finder *f, const char *text, size_t len, struct error *err)
{
    struct evidence *evidence = arena_new_item(f->baseline->mem, struct evidence);
    if (!evidence_read(text, len, f->baseline->mem, evidence, err))
        return false;
    f->baseline->evidence = evidence;
    return true;
}

static void walk(struct finder *f)
{
    const struct comparison *comparison = f->wanted->comparison;
    f->end = WALK_NONE;
    if (comparison->base != NULL && comparison->base[0] != '\0')
        f->end = walk_first_parents(&f->wanted->place->history, comparison->base, MOST_ANCESTORS,
                                    f->mem, &f->ancestors);
}

/* "main 4f2c1ab, 3 commits behind" */
static const char *name_of(const struct finder *f, const char *commit, size_t distance)
{
    const char *target = f->wanted->comparison->target;
    return arena_printf(f->mem, "%s%s%s, %zu commit%s behind", target == NULL ? "" : target,
                        target == NULL ? "" : " ", short_commit(commit, f->mem), distance,
                        distance == 1 ? "" : "s");
}

/* How far a commit is behind the base, along first parents; the count of those known: it is none of
 * them. */
static size_t distance_of(const struct finder *f, const char *commit)
{
    size_t i = 0;
    while (i < f->ancestors.count && strcmp(f->ancestors.items[i], commit) != 0)
        i++;
    return i;
}

/* --- --baseline ------------------------------------------------------------------------------- */

static void name_file(struct finder *f)
{
    const char *commit = f->baseline->evidence->commit, *file = f->wanted->file;
    size_t distance = distance_of(f, commit);
    if (commit[0] == '\0')
        f->baseline->name = arena_printf(f->mem, "%s, of no known commit", file);
    else if (distance < f->ancestors.count)
        f->baseline->name = arena_printf(f->mem, "%s (%s)", name_of(f, commit, distance), file);
    else
        f->baseline->name =
            arena_printf(f->mem, "%s (%s), no known ancestor", short_commit(commit, f->mem), file);
}

/* A commit that brings the baseline along would say itself what it is compared with. */
static bool is_tracked(struct finder *f, struct error *err)
{
    const struct workplace *place = f->wanted->place;
    const char *path = workplace_within(place, f->wanted->file, f->mem), *inside = NULL;
    bool tracked = path != NULL && history_tracks(&place->history, path);
    if (!tracked && workplace_resolve(place, f->wanted->file, f->mem, &inside) && inside != NULL)
        tracked = history_tracks(&place->history, inside);
    if (tracked)
        error_set(err, FAULT_REPORT, "git tracks it, so the commit brings its own baseline");
    return tracked && !error_hint(err, "keep it outside of git: as an artifact, or in a cache");
}

static void take_file(struct finder *f)
{
    AUTO(close_report) struct report_file file;
    struct error err = {0};
    char *text;
    size_t len;
    enum opened opened = report_open(&file, f->wanted->file, &err);
    if (opened == OPENED_MISSING)
        none(f, OUTCOME_NO_DATA, arena_printf(f->mem, "%s is not there", f->wanted->file),
             "let the job of the target leave it, with --save-baseline");
    else if (opened == OPENED && !is_tracked(f, &err) &&
             report_text(&file, LIMIT_EVIDENCE_BYTES, f->baseline->mem, &text, &len, &err) &&
             take(f, text, len, &err))
        name_file(f);
    else {
        error_at(&err, f->wanted->file, 0, 0);
        fail(f, OUTCOME_ERROR, &err);
    }
}

/* --- the store -------------------------------------------------------------------------------- */

/* Many servers may share a store. No project is known on a laptop; commits are unique enough. */
static int64_t project_of(const struct ci *ci)
{
    const char *project = ci->request_project != NULL ? ci->request_project : ci->project;
    if (project == NULL)
        return 0;
    return store_project_id("gitlab", ci->server == NULL ? "" : ci->server, project);
}

void baseline_key(const struct context *context, const struct policy *policy, const char *stage,
                  struct saved_for *key)
{
    *key = (struct saved_for){
        .project_id = project_of(&context->ci), .stage = stage, .policy_name = policy->path};
}

static void find_none(struct finder *f, const char *store)
{
    const char *commit = f->wanted->comparison->base;
    if (f->end == WALK_BROKEN)
        none(f, OUTCOME_NO_DATA, "the commits before the base cannot be read", "git fsck");
    else if (f->ancestors.count == 0)
        none(f, OUTCOME_PASSED, "there is no earlier commit", NULL);
    else if (f->end == WALK_SHALLOW)
        none(f, OUTCOME_PASSED,
             arena_printf(f->mem,
                          "%s has nothing of %s, and this clone ends %zu commit%s before it", store,
                          short_commit(commit, f->mem), f->ancestors.count - 1,
                          f->ancestors.count == 2 ? "" : "s"),
             "git fetch --deepen=100");
    else
        none(f, OUTCOME_PASSED,
             arena_printf(f->mem, "%s has nothing of %s or an earlier commit", store,
                          short_commit(commit, f->mem)),
             NULL);
}

static void ask(struct finder *f, struct store *store)
{
    const struct baseline_wanted *wanted = f->wanted;
    struct error err = {0};
    struct nearest_evidence nearest;
    struct saved_for key;
    baseline_key(wanted->context, wanted->policy, wanted->stage, &key);
    if (!store_nearest_evidence(store, &key, &f->ancestors, f->baseline->mem, &nearest, &err)) {
        fail(f, OUTCOME_NO_DATA, &err);
        return;
    }
    if (nearest.body == NULL) {
        find_none(f, store->name);
        return;
    }
    assert(nearest.distance < f->ancestors.count);
    if (take(f, nearest.body, strlen(nearest.body), &err)) {
        f->baseline->name = name_of(f, f->ancestors.items[nearest.distance], nearest.distance);
        return;
    }
    error_at(&err, store->name, 0, 0);
    fail(f, OUTCOME_NO_DATA, &err);
}

static void take_stored(struct finder *f)
{
    const struct comparison *comparison = f->wanted->comparison;
    AUTO(close_store) struct store store = {0};
    struct error err = {0};
    if (f->wanted->place->history.root == NULL)
        none(f, OUTCOME_PASSED, "there is no repository here, and so no earlier commit", NULL);
    else if (!store_open(&store, f->wanted->context->store, STORE_READ, f->wanted->place, f->mem,
                         &err))
        fail(f, OUTCOME_NO_DATA, &err);
    else if (store.link == NULL)
        none(f, OUTCOME_PASSED, arena_printf(f->mem, "nothing is recorded in %s yet", store.name),
             NULL);
    else if (comparison->base == NULL)
        none(f, OUTCOME_NO_DATA, comparison->why_no_base, comparison->remedy);
    else
        ask(f, &store);
}

/* --- the artifact of the target's job --------------------------------------------------------- */

/* It is of a commit that is not in front of the change: it would be judged by what others did. */
static void refuse_artifact(struct finder *f, const char *name, const char *commit)
{
    const char *base = short_commit(f->wanted->comparison->base, f->mem);
    const char *of = arena_printf(f->mem, "%s is of %s, not of the base %s", name,
                                  short_commit(commit, f->mem), base);
    if (commit[0] == '\0')
        none(f, OUTCOME_PASSED, arena_printf(f->mem, "%s is of no known commit", name), NULL);
    else if (f->end == WALK_BROKEN)
        none(f, OUTCOME_NO_DATA, "the commits before the base cannot be read", "git fsck");
    else if (f->end == WALK_SHALLOW)
        none(f, OUTCOME_PASSED,
             arena_printf(f->mem, "%s, and this clone ends %zu commit%s before that", of,
                          f->ancestors.count - 1, f->ancestors.count == 2 ? "" : "s"),
             "git fetch --deepen=100");
    else
        none(f, OUTCOME_PASSED,
             arena_printf(f->mem, "%s or an earlier commit: the target has moved on", of),
             "rebase onto the target, or keep the store in the cache");
}

/* How far the evidence that was found is behind the base, when it is the baseline now; otherwise
 * the count of ancestors, and what stood before stays. */
static size_t take_found(struct finder *f, const struct artifacts *artifacts,
                         const struct artifact *artifact)
{
    const struct evidence *before = f->baseline->evidence;
    struct error err = {0};
    if (artifact->text == NULL) {
        none(f, artifact->unanswered ? OUTCOME_NO_DATA : OUTCOME_PASSED, artifact->why_none,
             artifact->remedy);
        return f->ancestors.count;
    }
    if (!take(f, artifact->text, artifact->len, &err)) {
        error_at(&err, artifacts->name, 0, 0);
        fail(f, OUTCOME_NO_DATA, &err);
        return f->ancestors.count;
    }
    const char *commit = f->baseline->evidence->commit;
    size_t distance = distance_of(f, commit);
    if (distance < f->ancestors.count)
        f->baseline->name =
            arena_printf(f->mem, "%s (%s)", name_of(f, commit, distance), artifacts->name);
    else if (before == NULL)
        refuse_artifact(f, artifacts->name, commit);
    if (distance == f->ancestors.count)
        f->baseline->evidence = before;
    return distance;
}

/* The newest is of the base where the target did not move on, and of a later commit where it did:
 * then one is looked for that is of the base or of a commit before it. */
static void take_artifact(struct finder *f)
{
    const struct baseline_wanted *wanted = f->wanted;
    AUTO(close_artifacts) struct artifacts artifacts;
    struct artifact artifact;
    struct words nearer = f->ancestors;
    const char *path =
        wanted->saved == NULL ? NULL : workplace_within(wanted->place, wanted->saved, f->mem);
    artifacts_open(&artifacts, wanted->context, path, f->baseline->mem);
    artifacts_newest(&artifacts, f->baseline->mem, &artifact);
    nearer.count = take_found(f, &artifacts, &artifact);
    if (nearer.count == 0 || f->baseline->least != OUTCOME_PASSED ||
        !artifacts_may_search(&artifacts))
        return;
    artifacts_search(&artifacts, &nearer, f->baseline->mem, &artifact);
    if (artifact.text != NULL || (artifact.unanswered && f->baseline->evidence == NULL))
        take_found(f, &artifacts, &artifact);
}

/* What is recorded here is asked first: it costs no request. */
static void take_recorded(struct finder *f)
{
    const struct baseline_wanted *wanted = f->wanted;
    const struct comparison *comparison = wanted->comparison;
    take_stored(f);
    if (f->baseline->evidence != NULL || f->baseline->least != OUTCOME_PASSED ||
        !connect_may_read(wanted->context, f->mem))
        return;
    if (comparison->base == NULL)
        none(f, OUTCOME_NO_DATA, comparison->why_no_base, comparison->remedy);
    else if (f->ancestors.count > 0)
        take_artifact(f);
}

/* --- as this run is measured ------------------------------------------------------------------ */

/* What the policy says of this run's numbers holds for those it is compared with. */
static void align(const struct baseline_wanted *wanted, struct source *then)
{
    struct covered_files *files = &then->coverage.files;
    for (size_t i = 0; i < files->count; i++)
        files->items[i].ignored = globs_match(&wanted->policy->ignore, files->items[i].path);
    for (size_t i = 0; i < wanted->now->sources.count; i++) {
        const struct source *now = &wanted->now->sources.items[i];
        if (strcmp(now->name, then->name) != 0 || strcmp(now->format, then->format) != 0)
            continue;
        then->load.transactions = now->load.transactions;
        then->load.percentiles = now->load.percentiles;
        memcpy(then->load.apdex_ms, now->load.apdex_ms, sizeof then->load.apdex_ms);
    }
}

static void look_since(struct finder *f, const char *commit)
{
    const struct baseline_wanted *wanted = f->wanted;
    const struct change_wanted change = {
        .from = commit,
        .to = wanted->context->in_ci ? wanted->place->history.commit : NULL,
    };
    if (commit[0] == '\0' || wanted->place->history.root == NULL)
        f->baseline->since = (struct change){.why_not = "its commit is not known here"};
    else
        history_changes(&wanted->place->history, &change, f->mem, &f->baseline->since);
}

void baseline_find(const struct baseline_wanted *wanted, struct arena *mem,
                   struct baseline *baseline)
{
    struct finder f = {.wanted = wanted, .baseline = baseline, .mem = mem};
    *baseline = (struct baseline){.mem = arena_new()};
    walk(&f);
    if (wanted->file != NULL)
        take_file(&f);
    else
        take_recorded(&f);
    const struct evidence *then = baseline->evidence;
    if (then == NULL) {
        if (wanted->required && baseline->least == OUTCOME_PASSED)
            baseline->least = OUTCOME_NO_DATA;
        return;
    }
    for (size_t i = 0; i < then->sources.count; i++)
        align(wanted, &then->sources.items[i]);
    look_since(&f, then->commit);
}

void close_baseline(struct baseline *baseline)
{
    arena_free(baseline->mem);
    baseline->mem = NULL;
}
