#include "runner/render/dora_json.h"

#include "runner/render/dora_behind.h"

static const char *version_of(const struct dora_chain *chain, uint32_t deployment)
{
    return deployment == DORA_NONE ? NULL : chain->deployments.items[deployment].version;
}

static json_t *item_begin(const struct dora_item *item)
{
    json_t *object = json_object();
    document_set(object, "service", document_text(item->unit->service));
    document_set(object, "environment", document_text(item->unit->environment));
    return object;
}

static void put_deployment(struct document *d, const struct dora_item *item)
{
    const struct dora_chain *chain = &item->unit->chain;
    const struct dora_deployment *deployment = dora_item_deployment(item);
    bool failed = deployment->failure != DORA_GOOD, known = deployment->commit != DORA_NONE;
    json_t *object = item_begin(item);
    document_set(object, "version", document_text(deployment->version));
    document_set(object, "commit",
                 known ? document_text(chain->commits.items[deployment->commit].id) : json_null());
    document_set(object, "source", document_text_or_null(deployment->source));
    document_set(object, "where", document_text_or_null(deployment->where));
    document_set(object, "finished", dora_json_instant(deployment->finished_s));
    document_set(object, "stated", dora_json_instant(deployment->stated_s));
    document_set(object, "first_region",
                 dora_json_instant(deployment->first_s == 0 ? INT64_MAX : deployment->first_s));
    document_set(object, "kind", document_text(dora_kind_name(deployment->kind)));
    document_set(object, "previous", document_text(version_of(chain, deployment->previous)));
    document_set(object, "changes", document_count(dora_item_changes(item)));
    document_set(object, "automated", json_boolean(deployment->automated));
    document_set(object, "unplanned", json_boolean(deployment->unplanned));
    document_set(object, "failed", document_text_or_null(dora_failure_name(deployment->failure)));
    document_set(object, "remedy", document_text(version_of(chain, deployment->remedy)));
    document_set(object, "incident", document_text(dora_item_cause(item)));
    document_set(object, "recovered",
                 dora_json_instant(failed ? deployment->recovered_s : INT64_MAX));
    document_put(d, NULL, object);
}

static json_t *size_of(const struct dora_change *change, size_t size)
{
    return change->sized ? document_count(size) : json_null();
}

static void put_change(struct document *d, const struct dora_item *item)
{
    const struct dora_chain *chain = &item->unit->chain;
    const struct dora_change *change = dora_item_change(item);
    const struct dora_commit *landed = &chain->commits.items[change->landed];
    bool timed = change->absent == DORA_TIMED;
    json_t *object = item_begin(item);
    document_set(object, "landed", document_text(landed->id));
    document_set(object, "how", document_text(dora_landed_name(change->how)));
    document_set(object, "subject", document_text(landed->landing.subject));
    document_set(object, "request",
                 landed->landing.request == 0 ? json_null()
                                              : document_count(landed->landing.request));
    document_set(object, "first_commit", document_text(chain->commits.items[change->first].id));
    document_set(object, "author", document_text(dora_author(chain, change)));
    document_set(object, "commits", document_count(change->commits));
    document_set(object, "files", size_of(change, change->files));
    document_set(object, "added", size_of(change, change->added));
    document_set(object, "removed", size_of(change, change->removed));
    document_set(object, "unplanned", json_boolean(change->unplanned));
    document_set(object, "started", dora_json_instant(change->started_s));
    document_set(object, "merged", dora_json_instant(landed->committed_s));
    document_set(object, "deployment", document_text(version_of(chain, change->deployment)));
    document_set(object, "lead_time",
                 timed ? document_number(number_of(change->lead_s)) : json_null());
    document_set(object, "why_not", document_text_or_null(dora_absent_name(change->absent)));
    document_put(d, NULL, object);
}

static void put_incident(struct document *d, const struct dora_item *item)
{
    const struct dora_incident *incident = dora_item_incident(item);
    json_t *object = item_begin(item);
    document_set(object, "id", document_text(incident->id));
    document_set(object, "urgency", document_text_or_null(incident->urgency));
    document_set(object, "priority", document_text_or_null(incident->priority));
    document_set(object, "origin", document_text_or_null(incident->origin));
    document_set(object, "cause", document_text_or_null(incident->cause));
    document_set(object, "created", dora_json_instant(incident->created_s));
    document_set(object, "acknowledged", dora_json_instant(incident->acked_s));
    document_set(object, "resolved", dora_json_instant(incident->resolved_s));
    document_set(object, "deployment",
                 document_text(version_of(&item->unit->chain, incident->deployment)));
    document_set(object, "linked", document_text_or_null(dora_method_name(incident->method)));
    document_set(object, "fix", document_text(version_of(&item->unit->chain, incident->fix)));
    document_put(d, NULL, object);
}

static void put_items(struct document *d, const char *key, const struct dora_items *items,
                      void (*put)(struct document *d, const struct dora_item *item))
{
    document_open(d, key, '[');
    for (size_t i = 0; i < items->count; i++)
        put(d, &items->items[i]);
    document_close(d, ']');
}

/* What of which chain is counted: all of it, or as long as the team owns the service. */
static void put_parts(struct document *d, const struct dora_view *view,
                      const struct dora_answer *answer)
{
    document_open(d, "parts", '[');
    for (size_t i = 0; i < answer->parts.count; i++) {
        const struct dora_part *part = &answer->parts.items[i];
        json_t *object =
            item_begin(&(struct dora_item){dora_unit_of(&view->estate->known, part->chain), 0});
        document_set(object, "from",
                     dora_json_instant(part->from_s == INT64_MIN ? INT64_MAX : part->from_s));
        document_set(object, "until", dora_json_instant(part->until_s));
        document_put(d, NULL, object);
    }
    document_close(d, ']');
}

void dora_json_explain(struct document *d, const struct dora_view *view,
                       const struct dora_answer *answer)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct dora_behind behind;
    dora_behind(view, answer, mem, &behind);
    document_open(d, "explain", '{');
    put_parts(d, view, answer);
    put_items(d, "deployments", &behind.deployments, put_deployment);
    put_items(d, "changes", &behind.changes, put_change);
    put_items(d, "waiting", &behind.waiting, put_change);
    put_items(d, "incidents", &behind.incidents, put_incident);
    document_close(d, '}');
}
