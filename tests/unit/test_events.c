/* Events: what `qgate record` put is read back as one service's, whoever recorded it; the same over
 * SQLite and PostgreSQL.
 */
#include "runner/delivery/event.h"
#include "runner/delivery/events.h"
#include "tests/support/store.h"

enum { NOW = 1764547200 }; /* 2025-12-01T00:00:00Z */

static const char commit_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
static const char commit_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static const struct ci pipeline = {
    .project = "42", .project_path = "fin/core", .server = "https://gitlab.example"};

/* As `qgate record` of that pipeline, at `now_s`; texts[2i] is a field, texts[2i + 1] its value. */
static void record(struct tree *tree, const struct ci *ci, int64_t now_s, enum event_kind kind,
                   const char *const texts[])
{
    struct store_batch batch = {.mem = tree->mem};
    struct event event = {.kind = kind};
    struct project here, project = {0};
    project_here(ci, &(struct history){0}, tree->mem, &here);
    for (size_t i = 0; texts[i] != NULL; i += 2) {
        int field = 0;
        while (strcmp(event_fields[field].key, texts[i]) != 0)
            field++;
        if (!event_set(&event, (enum event_field)field, texts[i + 1], now_s, tree->mem, &tree->err))
            fail_msg("%s", tree->err.what);
    }
    if (!event_check(&event, &tree->err))
        fail_msg("%s", tree->err.what);
    if (event.texts[EVENT_PROJECT] != NULL)
        project_named(event.texts[EVENT_PROJECT], &here, tree->mem, &project);
    else if (kind != EVENT_INCIDENT)
        project = here;
    event_put(&batch, &event, &project, &(struct event_setting){.now_s = now_s});
    if (!store_write(&tree->store, &batch, &tree->err))
        fail_msg("%s", tree->err.what);
}

#define TEXTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *or_dash(const char *text)
{
    return text == NULL ? "-" : text;
}

static const char *moment(struct arena *mem, int64_t seconds)
{
    return seconds == EVENT_NEVER ? "-" : arena_printf(mem, "%lld", (long long)(seconds - NOW));
}

/* Everything about a service, one event a line. */
static const char *told(struct tree *tree, const char *project, const char *server,
                        const char *service)
{
    const struct events_wanted wanted = {project, server, service};
    struct arena *mem = tree->mem;
    struct events events;
    const char *all = "";
    if (!events_read(&tree->store, &wanted, mem, &events, &tree->err))
        return arena_printf(mem, "%s: %s", tree->err.where, tree->err.what);
    for (size_t i = 0; i < events.builds.count; i++) {
        const struct event_build *b = &events.builds.items[i];
        all = arena_printf(mem, "%sbuild %s %.1s %s %s\n", all, b->version, b->commit,
                           or_dash(b->digest), moment(mem, b->built_s));
        assert_ptr_equal(events_build(&events, b->version), b);
    }
    for (size_t i = 0; i < events.deployments.count; i++) {
        const struct event_deployment *d = &events.deployments.items[i];
        all = arena_printf(mem, "%sdeployment %.6s %s %s %s %s %.1s %s %s %s %d\n", all, d->id,
                           d->environment, or_dash(d->region), d->source, d->status,
                           or_dash(d->commit), or_dash(d->version), moment(mem, d->started_s),
                           moment(mem, d->finished_s), d->unplanned);
    }
    for (size_t i = 0; i < events.incidents.count; i++) {
        const struct event_incident *n = &events.incidents.items[i];
        all = arena_printf(mem, "%sincident %s %s %s %s %s %s %s %s %s %s %s\n", all, n->id,
                           n->source, or_dash(n->urgency), or_dash(n->priority), or_dash(n->origin),
                           or_dash(n->cause), or_dash(n->caused_by), moment(mem, n->impact_s),
                           moment(mem, n->created_s), moment(mem, n->acked_s),
                           moment(mem, n->resolved_s));
    }
    assert_null(events_build(&events, "no such version"));
    return events.unopened == 0 ? all : arena_printf(mem, "%s%zu unopened\n", all, events.unopened);
}

static void events_of_a_service_are_read_back(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    record(tree, &pipeline, NOW, EVENT_BUILD,
           TEXTS("service", "ledger", "version", "2", "commit", commit_b, "digest", "sha256:b"));
    record(tree, &pipeline, NOW, EVENT_BUILD,
           TEXTS("service", "ledger", "version", "1", "commit", commit_a, "at",
                 "2025-11-30T23:59:50Z"));
    record(tree, &pipeline, NOW, EVENT_BUILD,
           TEXTS("service", "fees", "version", "1", "commit", commit_b));
    record(tree, &pipeline, NOW + 20, EVENT_DEPLOYMENT,
           TEXTS("service", "ledger", "version", "2", "environment", "production", "status",
                 "success", "id", "second", "region", "eu", "unplanned", "unplanned"));
    record(tree, &pipeline, NOW + 10, EVENT_DEPLOYMENT,
           TEXTS("service", "ledger", "commit", commit_a, "environment", "staging", "status",
                 "failed", "id", "first"));
    record(tree, &pipeline, NOW + 30, EVENT_INCIDENT,
           TEXTS("service", "ledger", "project", "fin/core", "id", "b", "opened",
                 "2025-12-01T00:00:25Z", "caused_by", "2", "urgency", "high", "priority", "P1",
                 "origin", "customer"));
    record(tree, &pipeline, NOW + 30, EVENT_INCIDENT,
           TEXTS("service", "ledger", "id", "a", "opened", "2025-12-01T00:00:25Z", "resolved",
                 "2025-12-01T00:00:29Z"));
    record(tree, &pipeline, NOW + 30, EVENT_INCIDENT,
           TEXTS("service", "ledger", "id", "c", "resolved", "2025-12-01T00:00:29Z"));
    for (int mode = STORE_READ; mode <= STORE_WRITE; mode++) {
        must_open(tree, (enum store_mode)mode);
        assert_string_equal(told(tree, "fin/core", NULL, "ledger"),
                            "build 1 a - -10\n"
                            "build 2 b sha256:b 0\n"
                            "deployment first staging - recorded failed a - - 10 0\n"
                            "deployment second production eu recorded success - 2 - 20 1\n"
                            "incident a recorded - - - - - - 25 - 29\n"
                            "incident b recorded high P1 customer change 2 - 25 - -\n"
                            "1 unopened\n");
        assert_string_equal(told(tree, "fin/core", NULL, "fees"), "build 1 b - 0\n");
        assert_string_equal(told(tree, "fin/core", NULL, "core"), "");
        assert_string_equal(told(tree, "fin/other", NULL, "fees"), "");
    }
}

/* A pipeline knows its project's number, others its path; servers are told apart. */
static void a_project_is_found_by_its_path(void **state)
{
    struct tree *tree = ready(state);
    const struct ci elsewhere = {
        .project = "42", .project_path = "fin/core", .server = "https://two.example"};
    const struct ci ops = {
        .project = "7", .project_path = "ops/deploy", .server = "https://gitlab.example"};
    must_open(tree, STORE_WRITE);
    record(tree, &pipeline, NOW, EVENT_BUILD,
           TEXTS("service", "core", "version", "1", "commit", commit_a));
    record(tree, &ops, NOW, EVENT_BUILD,
           TEXTS("service", "core", "project", "fin/core", "version", "2", "commit", commit_b));
    record(tree, &(struct ci){0}, NOW, EVENT_BUILD,
           TEXTS("service", "core", "project", "fin/core", "version", "3", "commit", commit_a));
    record(tree, &elsewhere, NOW, EVENT_BUILD,
           TEXTS("service", "core", "version", "4", "commit", commit_b));
    assert_string_equal(told(tree, "fin/core", "https://gitlab.example:8443/", "core"),
                        "build 1 a - 0\nbuild 2 b - 0\nbuild 3 a - 0\n");
    assert_string_equal(told(tree, "fin/core", "two.example", "core"),
                        "build 3 a - 0\nbuild 4 b - 0\n");
    assert_string_equal(told(tree, "fin/core", "", "core"),
                        "build 1 a - 0\nbuild 2 b - 0\nbuild 3 a - 0\nbuild 4 b - 0\n");

    /* it moved: its number stays, and what it recorded is found under the new path */
    const struct ci moved = {
        .project = "42", .project_path = "payments/core", .server = "https://gitlab.example"};
    record(tree, &moved, NOW, EVENT_BUILD,
           TEXTS("service", "core", "version", "5", "commit", commit_a));
    assert_string_equal(told(tree, "payments/core", "https://gitlab.example", "core"),
                        "build 1 a - 0\nbuild 5 a - 0\n");
}

/* Recorded with the project's number and with its path, it is still one. */
static void one_event_of_two_recorders_is_one(void **state)
{
    struct tree *tree = ready(state);
    const struct ci ops = {
        .project = "7", .project_path = "ops/deploy", .server = "https://gitlab.example"};
    must_open(tree, STORE_WRITE);
    for (int i = 0; i < 2; i++) {
        record(tree, &pipeline, NOW + i * 20, EVENT_BUILD,
               TEXTS("service", "core", "version", "1", "commit", i == 0 ? commit_a : commit_b));
        record(tree, &ops, NOW + 10, EVENT_BUILD,
               TEXTS("service", "core", "project", "fin/core", "version", "1", "commit",
                     i == 0 ? commit_b : commit_a));
        assert_string_equal(told(tree, "fin/core", NULL, "core"),
                            i == 0 ? "build 1 b - 10\n" : "build 1 b - 20\n");
    }
    record(tree, &ops, NOW + 5, EVENT_DEPLOYMENT,
           TEXTS("service", "core", "project", "fin/core", "environment", "e", "version", "1",
                 "status", "failed", "id", "x"));
    record(tree, &pipeline, NOW + 6, EVENT_DEPLOYMENT,
           TEXTS("service", "core", "environment", "e", "version", "1", "status", "success", "id",
                 "x"));
    record(tree, &ops, NOW + 9, EVENT_INCIDENT,
           TEXTS("service", "core", "id", "n", "opened", "2025-12-01T00:00:05Z", "urgency", "low",
                 "cause", "other", "origin", "monitoring", "acknowledged", "2025-12-01T00:00:06Z"));
    record(tree, &ops, NOW + 8, EVENT_INCIDENT,
           TEXTS("service", "core", "project", "fin/core", "id", "n", "resolved",
                 "2025-12-01T00:00:07Z", "urgency", "high", "priority", "P2"));
    record(tree, &pipeline, NOW + 10, EVENT_INCIDENT,
           TEXTS("service", "core", "project", "fin/core", "id", "n", "resolved",
                 "2025-12-01T00:00:08Z"));
    assert_string_equal(told(tree, "fin/core", NULL, "core"),
                        "build 1 b - 20\n"
                        "deployment x e - recorded success - 1 - 6 0\n"
                        "incident n recorded low P2 monitoring other - - 5 6 8\n");
}

static void a_store_that_is_not_there_has_no_events(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_READ);
    assert_string_equal(told(tree, "fin/core", NULL, "core"), "");
}

static void what_others_put_is_harmless(void **state)
{
    struct tree *tree = ready(state);
    must_open(tree, STORE_WRITE);
    record(tree, &pipeline, NOW, EVENT_BUILD,
           TEXTS("service", "core", "version", "1", "commit", commit_a));
    asked(tree, tree->far ? "UPDATE build SET version = E'1\\x1b[2J'"
                          : "UPDATE build SET version = '1' || char(27) || '[2J'");
    assert_string_equal(told(tree, "fin/core", NULL, "core"), "build 1?[2J a - 0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(events_of_a_service_are_read_back),
        ON_BOTH(a_project_is_found_by_its_path),
        ON_BOTH(one_event_of_two_recorders_is_one),
        ON_BOTH(a_store_that_is_not_there_has_no_events),
        ON_BOTH(what_others_put_is_harmless),
    };
    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
