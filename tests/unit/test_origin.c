/* Where a clone came from: every form of an address gives the host and the path in it, and never
 * the secret.
 */
#include "runner/delivery/project.h"
#include "runner/history/origin.h"
#include "tests/support/store.h"

static void addresses_give_host_and_path(void **state)
{
    struct arena *mem = *state;
    static const struct {
        const char *address, *host, *path;
    } cases[] = {
        {"https://gitlab.example/fin/payments/core.git", "gitlab.example", "fin/payments/core"},
        {"https://user:glpat-x@GitLab.Example:8443/fin/core/", "gitlab.example", "fin/core"},
        {"https://oauth2:p@ss@gitlab.example/a/b", "gitlab.example", "a/b"},
        {"ssh://git@gitlab.example:22/fin/core.git/", "gitlab.example", "fin/core"},
        {"git@gitlab.example:fin/core.git", "gitlab.example", "fin/core"},
        {"git@gitlab.example:/fin/core", "gitlab.example", "fin/core"},
        {"https://[::1]/a", "[::1]", "a"},
        {"file:///srv/git/core.git", "", "srv/git/core"},
        {"/srv/git//x/../core.git", "", "srv/git/core"},
        {"core", "", "core"},
        {"/a/.git", "", "a/.git"},
        {"https://gitlab.example", "gitlab.example", "repository"},
        {"", "", "repository"},
        {"https://h\x1b[2J/a\nb", "h?[2j", "a b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct origin origin;
        origin_parse(cases[i].address, mem, &origin);
        assert_string_equal(origin.host, cases[i].host);
        assert_string_equal(origin.path, cases[i].path);
    }
}

static void hosts_of_urls(void **state)
{
    struct arena *mem = *state;
    assert_string_equal(origin_host("https://u:p@GitLab.example:8443/x", mem), "gitlab.example");
    assert_string_equal(origin_host("gitlab.example", mem), "gitlab.example");
    assert_string_equal(origin_host("", mem), "");
}

/* The path that a remote of this address, or none, gives to the project of a clone. */
static void project_of(struct arena *mem, const char *address, struct project *project)
{
    char root[] = "/tmp/qgate-origin-XXXXXX";
    assert_non_null(mkdtemp(root));
    shell(mem, arena_printf(mem, "cd %s; git init -q; %s%s%s", root,
                            address == NULL ? "true" : "git remote add origin '",
                            address == NULL ? "" : address, address == NULL ? "" : "'"));
    struct history history = {0};
    history_find(&history, root, mem);
    history_open(&history, mem);
    project_here(&(struct ci){0}, &history, mem, project);
    if (address == NULL || *address == '.')
        assert_non_null(strstr(project->path, address == NULL ? root + 1 : "tmp/core"));
    close_history(&history);
    shell(mem, arena_printf(mem, "rm -rf %s", root));
}

static void a_clone_is_of_the_project_it_came_from(void **state)
{
    struct arena *mem = *state;
    struct project web, ssh, other;
    project_of(mem, "https://token@gitlab.example/fin/core.git", &web);
    project_of(mem, "git@gitlab.example:fin/core", &ssh);
    assert_true(web.id != 0 && web.id == ssh.id);
    assert_string_equal(web.path, "fin/core");
    assert_string_equal(web.base_url, "gitlab.example");
    project_named("fin/other", &ssh, mem, &other);
    assert_string_equal(other.base_url, "gitlab.example");
    project_of(mem, "https://elsewhere.example/fin/core.git", &other);
    assert_true(other.id != web.id);
    project_of(mem, "../core.git", &other);
    project_of(mem, NULL, &other);
}

static void a_pipeline_says_its_project(void **state)
{
    struct arena *mem = *state;
    const struct ci ci = {.project = "42",
                          .project_path = "fin/core",
                          .server = "https://gitlab.example",
                          .default_branch = "trunk"};
    struct project here, named;
    project_here(&ci, &(struct history){.root = "/builds/core"}, mem, &here);
    assert_int_equal(here.id, INT64_C(239771777929847495));
    assert_string_equal(here.path, "fin/core");
    assert_string_equal(here.default_ref, "trunk");
    project_named("fin/core", &here, mem, &named);
    assert_int_equal(named.id, here.id);
    project_named("fin/other", &here, mem, &named);
    assert_string_equal(named.provider, "git");
    assert_string_equal(named.base_url, "gitlab.example");
    assert_string_equal(named.external_id, "fin/other");

    project_here(&(struct ci){0}, &(struct history){0}, mem, &here);
    assert_int_equal(here.id, 0);
    assert_null(here.path);
    project_named("fin/core", &here, mem, &named);
    assert_true(named.id != 0);
    assert_string_equal(named.base_url, "");
}

static int make_arena(void **state)
{
    *state = arena_new();
    return 0;
}

static int free_arena(void **state)
{
    arena_free(*state);
    return 0;
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, make_arena, free_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(addresses_give_host_and_path),
        WITH_ARENA(hosts_of_urls),
        WITH_ARENA(a_clone_is_of_the_project_it_came_from),
        WITH_ARENA(a_pipeline_says_its_project),
    };
    return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
