/* Facts: what is known of deliveries as rows, the same over SQLite and PostgreSQL. */
#include "runner/delivery/facts.h"
#include "runner/store/keys.h"
#include "tests/support/chain.h"
#include "tests/support/store.h"

static const char rows_of_deployments[] =
    "SELECT version, tier, source, kind, failed, failure_reason,"
    " (recovered_ms - finished_ms) / 3600000, unplanned, (SELECT version FROM deployment AS before"
    " WHERE before.deployment_id = deployment.prev_deployment_id) FROM deployment"
    " ORDER BY finished_ms, deployment_id";

static const char rows_of_changes[] =
    "SELECT version, is_first, lead_ms / 3600000, merge_to_deploy_ms / 3600000, kind,"
    " author_is_bot, author FROM (SELECT version, finished_ms, is_first, lead_ms,"
    " merge_to_deploy_ms, change.kind, author_is_bot, author, change.change_id FROM deployment"
    " JOIN deployment_change USING (project_id, deployment_id)"
    " JOIN change USING (project_id, change_id)) AS brought ORDER BY finished_ms, lead_ms";

static const char rows_of_incidents[] =
    "SELECT incident_id, cause, caused_by, link_method, version FROM incident"
    " LEFT JOIN deployment ON deployment_id = caused_by_deployment_id ORDER BY 1";

/* Stores a chain of the service "shop"; what was stored. `why_not`: it is not known. */
static struct facts_stored put(struct tree *tree, struct drawn *d, const char *why_not)
{
    const struct context context = {
        .ci = {.project = "42", .project_path = "fin/shop", .server = "https://gitlab.example"}};
    struct delivery delivery;
    struct estate estate = {0};
    struct facts_stored stored;
    delivery_default(&delivery, "shop", tree->mem);
    dora_link(&d->chain, d->mem);
    array_push(tree->mem, &estate.known.units,
               ((struct dora_unit){.service = "shop",
                                   .project = ".",
                                   .environment = "production",
                                   .production = true,
                                   .chain = d->chain,
                                   .why_not = why_not}));
    const struct estate_wanted wanted = {
        .context = &context, .place = &tree->place, .delivery = &delivery};
    must_open(tree, STORE_WRITE);
    if (!facts_store(&wanted, &estate, &tree->store, &stored, &tree->err))
        fail_msg("%s: %s", tree->err.where, tree->err.what);
    return stored;
}

static struct drawn drawing(struct tree *tree)
{
    return (struct drawn){.mem = tree->mem, .chain = {.known_s = MONDAY + (int64_t)1000 * DAY}};
}

/* v1 at 2 h, v2 at 10 h, back at 12 h; what v2 brought is an hour old, and half of it a bot's. */
static struct drawn three(struct tree *tree)
{
    struct words *people = arena_new_item(tree->mem, struct words);
    struct drawn d = drawing(tree);
    uint32_t a = commit(&d, 0, DORA_NONE, DORA_NONE), b = commit(&d, 8, a, DORA_NONE);
    uint32_t c = commit(&d, 9, b, DORA_NONE);
    d.chain.commits.items[b].bot = true;
    array_push(tree->mem, people, "ada");
    d.chain.people = people;
    deploy(&d, "v1", 2, a);
    deploy(&d, "v2", 10, c);
    deploy(&d, "v1", 12, a);
    return d;
}

static void deployments_and_changes_are_rows(void **state)
{
    struct tree *tree = ready(state);
    const char *all[] = {rows_of_deployments, rows_of_changes};
    for (int again = 0; again < 2; again++) {
        struct drawn d = three(tree);
        struct facts_stored stored = put(tree, &d, NULL);
        assert_int_equal(stored.deployments, 3);
        assert_int_equal(stored.changes, 2);
        assert_int_equal(stored.links + stored.gone, 0);
        assert_string_equal(asked(tree, all[0]), "v1|production|tag|first|0|||0|\n"
                                                 "v2|production|tag|forward|1|rollback|2|0|v1\n"
                                                 "v1|production|tag|rollback|0|||1|v2");
        assert_string_equal(
            asked(tree, arena_printf(tree->mem, "%s%s", all[1], tree->far ? " NULLS FIRST" : "")),
            "v2|1|||normal|1|ada\nv2|1|1|1|normal|0|ada");
    }
}

static void what_no_longer_follows_goes(void **state)
{
    struct tree *tree = ready(state);
    struct drawn d = three(tree), less = drawing(tree), none = drawing(tree);
    put(tree, &d, NULL);
    uint32_t a = commit(&less, 0, DORA_NONE, DORA_NONE), b = commit(&less, 8, a, DORA_NONE);
    deploy(&less, "v1", 2, a);
    deploy(&less, "v3", 11, b);
    struct facts_stored stored = put(tree, &less, NULL);
    assert_int_equal(stored.deployments, 2);
    assert_int_equal(stored.gone, 2);
    assert_string_equal(asked(tree, rows_of_deployments),
                        "v1|production|tag|first|0|||0|\nv3|production|tag|forward|0|||0|v1");
    assert_string_equal(asked(tree, rows_of_changes), "v3|1|3|3|normal|0|");
    assert_string_equal(asked(tree, "SELECT COUNT(*) FROM change"), "1");

    stored = put(tree, &none, "it cannot be read");
    assert_int_equal(stored.deployments + stored.gone, 0);
    assert_string_equal(asked(tree, "SELECT COUNT(*) FROM deployment"), "2");
    stored = put(tree, &none, NULL);
    assert_int_equal(stored.gone, 2);
    assert_string_equal(asked(tree, "SELECT (SELECT COUNT(*) FROM deployment)"
                                    " + (SELECT COUNT(*) FROM deployment_change)"
                                    " + (SELECT COUNT(*) FROM change)"),
                        "0");
}

static void incidents_get_their_link_and_lose_it(void **state)
{
    struct tree *tree = ready(state);
    struct drawn d = three(tree), alone = three(tree);
    struct store_batch batch = {.mem = tree->mem};
    static const char *const ids[] = {"A", "B", "C"};
    must_open(tree, STORE_WRITE);
    for (int i = 0; i < 3; i++)
        store_put_incident(
            &batch, &(struct store_incident_row){.project_id = store_integer(0),
                                                 .incident_id = store_text(ids[i]),
                                                 .source = store_text("recorded"),
                                                 .service_id = store_text("shop"),
                                                 .caused_by = store_text(i == 1 ? "v2" : NULL),
                                                 .updated_ms = store_integer(5)});
    assert_true(store_write(&tree->store, &batch, &tree->err));
    incident(&d, "A", 3);
    incident(&d, "B", 40)->caused_by = "v2";
    incident(&d, "C", 900);
    assert_int_equal(put(tree, &d, NULL).links, 2);
    assert_string_equal(asked(tree, rows_of_incidents), "A|||nearby|v1\nB||v2|explicit|v2\nC||||");
    incident(&alone, "A", 3)->cause = "other";
    incident(&alone, "B", 40)->caused_by = "v1";
    assert_int_equal(put(tree, &alone, NULL).links, 1);
    assert_string_equal(asked(tree, rows_of_incidents), "A||||\nB||v2|explicit|v1\nC||||");
}

/* What was recorded stays, and what follows of it goes when it does. */
static void recorded_deployments_get_what_follows(void **state)
{
    struct tree *tree = ready(state);
    struct drawn d = three(tree), none = drawing(tree);
    const int64_t project = store_project_id("gitlab", "https://gitlab.example", "42");
    static const char *const ids[] = {"one", "two", "three"};
    struct store_batch batch = {.mem = tree->mem};
    must_open(tree, STORE_WRITE);
    for (int i = 0; i < 3; i++) {
        struct dora_deployment *deployment = &d.chain.deployments.items[i];
        deployment->source = "recorded";
        deployment->where = deployment->record = ids[i];
        store_put_deployment(&batch,
                             &(struct store_deployment_row){.project_id = store_integer(project),
                                                            .deployment_id = store_text(ids[i]),
                                                            .service_id = store_text("shop"),
                                                            .environment = store_text("production"),
                                                            .tier = store_text("unknown"),
                                                            .source = store_text("recorded"),
                                                            .status = store_text("success"),
                                                            .kind = store_text("unknown"),
                                                            .failed = store_integer(0),
                                                            .unplanned = store_integer(0),
                                                            .updated_ms = store_integer(77)});
    }
    assert_true(store_write(&tree->store, &batch, &tree->err));
    static const char rows[] = "SELECT deployment_id, tier, kind, failed, failure_reason,"
                               " recovered_ms IS NULL, prev_deployment_id, unplanned, updated_ms"
                               " FROM deployment ORDER BY 1";
    put(tree, &d, NULL);
    const char *yes = tree->far ? "t" : "1", *no = tree->far ? "f" : "0";
    assert_string_equal(asked(tree, rows),
                        arena_printf(tree->mem,
                                     "one|production|first|0||%s||0|77\n"
                                     "three|production|rollback|0||%s|two|1|77\n"
                                     "two|production|forward|1|rollback|%s|one|0|77",
                                     yes, yes, no));
    assert_int_equal(put(tree, &none, NULL).gone, 0);
    assert_string_equal(asked(tree, rows), arena_printf(tree->mem,
                                                        "one|production|unknown|0||%s||0|77\n"
                                                        "three|production|unknown|0||%s||0|77\n"
                                                        "two|production|unknown|0||%s||0|77",
                                                        yes, yes, yes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH(deployments_and_changes_are_rows),
        ON_BOTH(what_no_longer_follows_goes),
        ON_BOTH(incidents_get_their_link_and_lose_it),
        ON_BOTH(recorded_deployments_get_what_follows),
    };
    return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
