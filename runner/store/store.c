#include "runner/store/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "runner/store/folder.h"
#include "runner/store/transact.h"

static bool is_of(const char *where, const char *scheme)
{
    return strncmp(where, scheme, strlen(scheme)) == 0;
}

/* Which driver, and is there anything to open? */
static bool find(struct store *store, const char *where, const struct workplace *place,
                 struct store_address *address, bool *there, struct error *err)
{
    bool write = address->mode == STORE_WRITE;
    store->driver = &store_sqlite;
    if (where == NULL) {
        store->name = STORE_PATH;
        address->where = workplace_path(place, STORE_PATH, store->mem);
        return folder_check(place, write, there, err);
    }
    store->name = where;
    *address = (struct store_address){.where = where, .mode = address->mode, .follow = true};
    if (strstr(where, "://") != NULL) {
        store->name = "QGATE_STORE"; /* a URL may hold a password */
        error_set(err, FAULT_USAGE,
                  is_of(where, "postgres") ? "this qgate was built without PostgreSQL"
                                           : "there is no store behind such an address");
        return error_hint(err, "name a file");
    }
    struct stat now;
    *there = stat(where, &now) == 0;
    if (*there && !S_ISREG(now.st_mode))
        return error_set(err, FAULT_USAGE, "is not a file");
    return true;
}

/* A store that only lacks its schema (a process was killed while it made it) is none yet. */
static bool check_version(struct store *store, enum store_mode mode, struct error *err)
{
    int version, newest = store_newest(store->mem);
    if (!store->driver->version(store->link, &version, err))
        return false;
    if (version > newest) {
        error_set(err, FAULT_SYSTEM,
                  "was written by a newer qgate: its schema is %d, this one knows %d", version,
                  newest);
        return error_hint(err, "update qgate here");
    }
    if (mode == STORE_WRITE)
        return store_migrate(store, err);
    if (version == 0)
        close_store(store);
    return true;
}

bool store_open(struct store *store, const char *where, enum store_mode mode,
                const struct workplace *place, struct arena *mem, struct error *err)
{
    struct store_address address = {.mode = mode};
    bool there = false;
    *store = (struct store){.mem = mem};
    bool opened =
        find(store, where, place, &address, &there, err) &&
        ((!there && mode == STORE_READ) || (store->driver->open(&store->link, &address, mem, err) &&
                                            check_version(store, mode, err)));
    if (opened)
        return true;
    close_store(store);
    return error_at(err, store->name, 0, 0);
}

void close_store(struct store *store)
{
    if (store->driver != NULL)
        store->driver->close(store->link);
    store->link = NULL;
}

bool store_put_evidence(struct store *store, const struct saved_evidence *evidence,
                        struct error *err)
{
    const struct store_value values[] = {
        store_integer(evidence->of.project_id),
        store_text(evidence->sha),
        store_text(evidence->of.stage),
        store_text(evidence->of.policy_name),
        store_text(evidence->body),
        store_integer(evidence->created_ms),
    };
    const struct store_call call = {
        .query = STORE_PUT_EVIDENCE, .values = values, .count = sizeof values / sizeof values[0]};
    return store_write(store, &call, 1, err) || error_at(err, store->name, 0, 0);
}

/* What is known of a block of commits. */
struct search {
    const struct words *commits;
    size_t first, end; /* the block */
    bool found;
    size_t nearest;
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

enum { OF_VALUES = 3 };

static bool ask_block(struct store *store, struct store_value *values, struct search *search,
                      struct error *err)
{
    const struct words *commits = search->commits;
    for (size_t i = 0; i < EVIDENCE_COMMITS; i++) {
        size_t at = search->first + i;
        values[OF_VALUES + i] = store_text(at < search->end ? commits->items[at] : NULL);
    }
    const struct store_call call = {.query = STORE_EVIDENCE_OF,
                                    .values = values,
                                    .count = OF_VALUES + EVIDENCE_COMMITS,
                                    .row = on_commit,
                                    .state = search};
    return store->driver->run(store->link, &call, err);
}

static bool fetch(struct store *store, struct store_value *values, const char *sha,
                  struct body *body, struct error *err)
{
    values[OF_VALUES] = store_text(sha);
    const struct store_call call = {.query = STORE_EVIDENCE_BODY,
                                    .values = values,
                                    .count = OF_VALUES + 1,
                                    .row = on_body,
                                    .state = body};
    return store->driver->run(store->link, &call, err);
}

/* The commits are asked about in blocks: one by one would be a round trip each on a far database.
 */
static bool look(struct store *store, struct store_value *values, struct search *search,
                 struct body *body, struct error *err)
{
    size_t count = search->commits->count;
    for (; search->first < count && !search->found; search->first = search->end) {
        search->end = search->first + EVIDENCE_COMMITS;
        search->end = search->end < count ? search->end : count;
        if (!ask_block(store, values, search, err))
            return false;
    }
    body->into->distance = search->nearest;
    return !search->found ||
           fetch(store, values, search->commits->items[search->nearest], body, err);
}

bool store_nearest_evidence(struct store *store, const struct saved_for *of,
                            const struct words *commits, struct arena *mem,
                            struct nearest_evidence *nearest, struct error *err)
{
    *nearest = (struct nearest_evidence){0};
    if (store->link == NULL)
        return true;
    struct store_value values[OF_VALUES + EVIDENCE_COMMITS] = {
        store_integer(of->project_id), store_text(of->stage), store_text(of->policy_name)};
    struct search search = {.commits = commits};
    struct body body = {mem, nearest};
    return look(store, values, &search, &body, err) || error_at(err, store->name, 0, 0);
}
