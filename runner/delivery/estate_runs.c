/* What was judged in the pipelines of projects: runs, and the gates of each. */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/delivery/estate_parts.h"
#include "runner/delivery/project.h"
#include "runner/store/keys.h"
#include "runner/store/store.h"

/* Of one project. */
struct taker {
    struct gathering *gathering;
    struct dora_runs *runs;
    struct names ids; /* of runs: the index is theirs, gates come behind */
};

static const char *text(const struct taker *taker, const struct store_value *column)
{
    return column->kind != STORE_TEXT ? ""
                                      : text_keep(taker->gathering->mem, column->text,
                                                  strlen(column->text), LIMIT_NAME_BYTES);
}

/* As verdicts are counted: what warns or was waived has passed. */
static bool is_passed(const char *verdict)
{
    static const char *const others[] = {"failed", "error", "no data"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (strcmp(verdict, others[i]) == 0)
            return false;
    return true;
}

static void add(struct taker *taker, struct dora_run run)
{
    run.number = taker->gathering->estate->known.run_count++;
    array_push(taker->gathering->mem, taker->runs, run);
}

/* A run is one however many numbers its project has. */
static void take_run(void *state, const struct store_value *columns)
{
    struct taker *taker = state;
    const char *id = text(taker, &columns[0]);
    if (names_add(&taker->ids, id, strlen(id)) < taker->runs->count)
        return;
    add(taker, (struct dora_run){
                   .stage = text(taker, &columns[1]),
                   .passed = is_passed(text(taker, &columns[2])),
                   .began_ms = columns[3].integer,
                   .ended_ms = columns[4].integer,
               });
}

/* Its run is there: they were written together. */
static void take_gate(void *state, const struct store_value *columns)
{
    struct taker *taker = state;
    const char *id = text(taker, &columns[0]);
    size_t at = names_find(&taker->ids, id, strlen(id));
    if (at == NAMES_NONE)
        return;
    struct dora_run gate = taker->runs->items[at];
    gate.gate = text(taker, &columns[1]);
    gate.passed = is_passed(text(taker, &columns[2]));
    add(taker, gate);
}

static bool ask(struct taker *taker, struct store *store, enum store_query query,
                const struct project_ids *ids, struct error *err)
{
    const struct estate_wanted *wanted = taker->gathering->wanted;
    int64_t from_s = wanted->from_s < 0 ? 0 : wanted->from_s;
    for (size_t i = 0; i < ids->count; i++) {
        const struct store_value values[] = {
            store_integer(ids->items[i]),
            store_integer(store_day(from_s * 1000)),
            store_integer(store_day(wanted->known_s * 1000)),
        };
        const struct store_question question = {
            .query = query,
            .values = values,
            .count = sizeof values / sizeof values[0],
            .row = query == QUERY_RUNS_OF ? take_run : take_gate,
            .state = taker,
        };
        if (!store_ask(store, &question, err))
            return false;
    }
    return true;
}

static bool read_runs(struct gathering *gathering, struct store *store, size_t base,
                      struct error *err)
{
    const struct codebase *of = &gathering->bases[base];
    struct taker taker = {.gathering = gathering, .runs = &gathering->runs[base]};
    struct project_ids ids = {0};
    names_init(&taker.ids, gathering->mem);
    return projects_at(store, estate_project(gathering, of),
                       of->here ? NULL : gathering->delivery->gitlab_url, gathering->mem, &ids,
                       err) &&
           ask(&taker, store, QUERY_RUNS_OF, &ids, err) &&
           ask(&taker, store, QUERY_GATES_OF, &ids, err);
}

bool estate_runs(struct gathering *gathering, struct store *store, struct error *err)
{
    for (size_t i = 0; gathering->wanted->runs && i < gathering->base_names.texts.count; i++)
        if (!read_runs(gathering, store, i, err))
            return false;
    return true;
}
