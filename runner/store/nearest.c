#include <string.h>

#include "runner/store/store.h"

enum { OF_VALUES = 3 }; /* project, stage, policy */

/* What cannot be forgotten now is forgotten the next time. */
static void forget(struct store *store, const struct saved_for *of)
{
    struct error ignored = {0};
    const struct store_value values[] = {store_integer(of->project_id), store_text(of->stage),
                                         store_text(of->policy_name),
                                         store_integer(EVIDENCE_KEPT - 1)};
    const struct store_question question = {
        .query = QUERY_EVIDENCE_FORGET, .values = values, .count = OF_VALUES + 1};
    (void)!store_ask(store, &question, &ignored);
}

bool store_put_evidence(struct store *store, const struct saved_evidence *evidence,
                        struct store_batch *batch, struct error *err)
{
    const struct store_gate_evidence_row row = {
        .project_id = store_integer(evidence->of.project_id),
        .sha = store_text(evidence->sha),
        .stage = store_text(evidence->of.stage),
        .policy_name = store_text(evidence->of.policy_name),
        .body = store_text(evidence->body),
        .created_ms = store_integer(evidence->created_ms),
    };
    store_put_gate_evidence(batch, &row);
    if (!store_write(store, batch, err))
        return false;
    forget(store, &evidence->of);
    return true;
}

/* What is known of a block of commits. */
struct search {
    const struct words *commits;
    size_t first, end; /* the block */
    bool found;
    size_t nearest;
    struct store_value values[OF_VALUES + EVIDENCE_COMMITS];
};

static void on_commit(void *state, const struct store_value *columns)
{
    struct search *search = state;
    size_t end = search->found ? search->nearest : search->end;
    for (size_t i = search->first; i < end; i++)
        if (strcmp(search->commits->items[i], columns[0].text) == 0) {
            search->found = true;
            search->nearest = i;
            return;
        }
}

/* Commits are asked about in blocks: one by one would be a round trip each on a far database. */
static bool ask_block(struct store *store, struct search *search, struct error *err)
{
    search->end = search->first + EVIDENCE_COMMITS;
    if (search->end > search->commits->count)
        search->end = search->commits->count;
    for (size_t i = 0; i < EVIDENCE_COMMITS; i++) {
        size_t at = search->first + i;
        search->values[OF_VALUES + i] =
            store_text(at < search->end ? search->commits->items[at] : NULL);
    }
    const struct store_question question = {.query = QUERY_EVIDENCE_OF,
                                            .values = search->values,
                                            .count = OF_VALUES + EVIDENCE_COMMITS,
                                            .row = on_commit,
                                            .state = search};
    return store_ask(store, &question, err);
}

struct body {
    struct arena *mem;
    struct nearest_evidence *into;
};

static void on_body(void *state, const struct store_value *columns)
{
    struct body *body = state;
    body->into->body = arena_copy(body->mem, columns[0].text, strlen(columns[0].text));
    body->into->created_ms = columns[1].integer;
}

bool store_nearest_evidence(struct store *store, const struct saved_for *of,
                            const struct words *commits, struct arena *mem,
                            struct nearest_evidence *nearest, struct error *err)
{
    struct search search = {.commits = commits,
                            .values = {store_integer(of->project_id), store_text(of->stage),
                                       store_text(of->policy_name)}};
    *nearest = (struct nearest_evidence){0};
    for (; search.first < commits->count && !search.found; search.first = search.end)
        if (!ask_block(store, &search, err))
            return false;
    if (!search.found)
        return true;
    nearest->distance = search.nearest;
    search.values[OF_VALUES] = store_text(commits->items[search.nearest]);
    struct body body = {mem, nearest};
    const struct store_question question = {.query = QUERY_EVIDENCE_BODY,
                                            .values = search.values,
                                            .count = OF_VALUES + 1,
                                            .row = on_body,
                                            .state = &body};
    return store_ask(store, &question, err);
}
