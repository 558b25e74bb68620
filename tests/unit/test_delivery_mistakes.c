/* Mistakes in delivery configurations, one by one: fixtures/deliveries holds those that people
 * make, here stands what is left. Each misspelt key finds the nearest.
 */
#include "tests/support/misspell.h"
#include "tests/support/test.h"

#include "gates/base/text.h"

#include "tests/support/configured.h"

/* --- corners --------------------------------------------------------------------------------- */

static const struct {
    const char *text, *says;
} not_right[] = {
    {"timezone: 1\n", "'1' is not how time zones are written: Europe/London, Africa/Lagos, UTC"},
    {"timezone: Europe/\n",
     "'Europe/' is not how time zones are written: Europe/London, Africa/Lagos, UTC"},
    {"timezone: Etc/GMT+12\n", ""},
    {"store: {url_env: 1A}\n",
     "`url_env` names an environment variable, in capitals like GITOPS_READ_TOKEN; what it "
     "holds never stands in this file"},
    {"store: {url_env: A-B}\n",
     "`url_env` names an environment variable, in capitals like GITOPS_READ_TOKEN; what it "
     "holds never stands in this file"},
    {"repositories: {a: {url: 'http://127.0.0.1:1/a', token_env: T}, "
     "b: {url: 'http://[::1]/b', token_env: T}, c: {url: 'http://localhost/c', token_env: "
     "T}}\n",
     ""},
    {"repositories: {a: {url: 'http://[::2]/b', token_env: T}}\n",
     "no token is sent over http: write https, or leave out the token"},
    {"repositories: {a: {url: 'http://l', token_env: T}}\n",
     "no token is sent over http: write https, or leave out the token"},
    {"repositories: {a: {url: 'https://a/b c'}}\n",
     "'https://a/b c' is not an address like https://host/path"},
    {"repositories: {a: {url: 'https://a?b@c'}, b: {url: 'a@b'}, c: {url: 'a:b@c'}}\n", ""},
    {"repositories: {a: {url: 'ftp://a/b'}}\n",
     "'ftp://a/b' is not an address like https://host/path"},
    {"repositories: {a: {url: x}, a: {url: y}}\n", "'a' is given twice"},
    {"repositories: {[a]: {url: x}}\n", "a key is a word, not a list"},
    {"environments: {a: {tier: other}, a: {tier: other}}\n", "'a' is given twice"},
    {"environments: {a: {tier: other, regions: ['', ~, [b]]}}\n",
     "`regions` is a text or a list of texts | `regions` is a text or a list of texts | "
     "`regions` is a text or a list of texts"},
    {"services: {a: {project: ..}, a: {project: b}}\n",
     "where is the project '..'? name it in `repositories`, or give `sources.gitlab` | '..' "
     "leaves its repository: paths begin at the root of it | 'a' is given twice"},
    {"services: {[a]: {project: .}}\n", "a key is a word, not a list"},
    {"services: {a: {project: ., team: }}\n", "`team` has no value: it is a text or a list"},
    {"teams: {[a]: {}}\n", "a key is a word, not a list"},
    {"teams: {a: {}, a: {}}\n", "'a' is given twice"},
    {"teams: {a: {owns: }}\n", "`owns` has no value: it is a text or a list"},
    {"teams: {a: {owns: ['', ~]}}\n",
     "`owns` has globs over projects, or maps like {projects: …, until: 2026-01-31} | `owns` "
     "has "
     "globs over projects, or maps like {projects: …, until: 2026-01-31}"},
    {"teams: {a: {targets: ['dora.lead_time.p50{service=~\"x.*\"} <= 1d', "
     "'dora.rework_rate{environment!=\"production\", window=\"7d\"} <= 1%']}}\n",
     ""},
    {"teams: {a: {targets: [{rule: dora.rework_rate <= 1%, when: {changes: x}}, "
     "diff.lines <= 9]}}\n",
     "`when` goes with gates: a target holds every day | diff.lines is not a number about "
     "delivery: it cannot be a team's target"},
    {"sources: {jira: {url: 'https://j', token_env: T}}\nqueries: {[a]: {}, q: {source: jira, "
     "ask: 'a{}b{x}c{ {Team} }d'}}\n",
     "a key is a word, not a list | {x} is not known here: there are service team environment "
     "region project window jira pagerduty"},
    {"repositories: {c: {url: c}}\nenvironments: {e: {tier: other}}\ndeployments:\n"
     "  - repository: c\n    file: |\n      {x}{environment}\n    service: a\n    select: x\n"
     "services: {a: {project: .}}\n",
     "{x} is not known here: there are service environment region"},
    {"repositories: {c: {url: c}}\ndeployments:\n"
     "  - {repository: c, file: 'ä/{x}{environment}', service: a, select: x}\n"
     "services: {a: {project: .}}\n",
     "{x} is not known here: there are service environment region"},
};

static void texts_that_are_not_quite_right(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof not_right / sizeof not_right[0]; i++)
        says(not_right[i].text, not_right[i].says);
}

/* Columns count characters. */
static void where_a_placeholder_stands(void **state)
{
    (void)state;
    struct problems found;
    struct error err = {0};
    struct delivery delivery;
    const char *text = "version: 1\nargocd_application: 'ä{service}{x}'\n";
    problems_init(&found, mem);
    assert_true(delivery_load("d", text, strlen(text), NULL, mem, &delivery, &found, &err));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].at.line, 2);
    assert_int_equal(found.items[0].at.column, 32);
}

/* Of very many names none is searched for one that is near. */
static void too_many_names_to_compare(void **state)
{
    (void)state;
    const char *said = NULL;
    const char *text = many("teams:\n", 1900, "{}");
    text = arena_printf(mem, "%s%s", text, many("services:\n", 40, "{project: ., team: n1}"));
    right(text);
    loaded(arena_printf(mem, "%s%s", many("teams:\n", 1900, "{}"),
                        many("services:\n", 40, "{project: ., team: n12345}")),
           &said);
    assert_non_null(strstr(said, "no team is named 'n12345'; did you mean"));
    assert_non_null(strstr(said, "no team is named 'n12345' | no team"));
}

/* --- misspelt keys --------------------------------------------------------------------------- */

/* Where the keys of each part stand. */
static const struct {
    const char *part, *before, *after;
} parts[] = {
    {"", "", ": x\n"},
    {"store", "store: {", ": x}\n"},
    {"sources", "sources: {", ": x}\n"},
    {"gitlab", "sources: {gitlab: {", ": x}}\n"},
    {"argocd", "sources: {argocd: [{", ": x}]}\n"},
    {"pagerduty", "sources: {pagerduty: {", ": x}}\n"},
    {"newrelic", "sources: {newrelic: {", ": x}}\n"},
    {"prometheus", "sources: {prometheus: {", ": x}}\n"},
    {"jira", "sources: {jira: {", ": x}}\n"},
    {"repositories", "repositories: {a: {", ": x}}\n"},
    {"environments", "environments: {a: {", ": x}}\n"},
    {"deployments", "deployments: [{", ": x}]\n"},
    {"changes", "changes: {", ": x}\n"},
    {"unplanned", "changes: {unplanned: {", ": x}}\n"},
    {"queries", "queries: {a: {", ": x}}\n"},
    {"defaults", "defaults: {", ": x}\n"},
    {"teams", "teams: {a: {", ": x}}\n"},
    {"owns", "teams: {a: {owns: [{", ": x}]}}\n"},
    {"services", "services: {a: {", ": x}}\n"},
    {"team", "services: {a: {team: [{", ": x}]}}\n"},
    {"version", "services: {a: {version: [{", ": x}]}}\n"},
    {"included", NULL, ": x\n"},
};

static const char *included;

static bool open_included(void *handle, const char *name, const char **text, size_t *len,
                          struct error *err)
{
    (void)handle, (void)name, (void)err;
    *text = included;
    *len = strlen(included);
    return true;
}

static const char *said_with(size_t part, const char *key)
{
    const char *said = NULL;
    const struct policy_files files = {.open = open_included, .list = list_files};
    if (parts[part].before != NULL) {
        loaded(arena_printf(mem, "%s%s%s", parts[part].before, key, parts[part].after), &said);
        return said;
    }
    included = arena_printf(mem, "version: 1\n%s%s", key, parts[part].after);
    loaded_from("d.yml", &files, "version: 1\ninclude: one\n", &said);
    return said;
}

static size_t part_of(const char *path, const char **name)
{
    const char *dot = strchr(path, '.');
    size_t len = dot == NULL ? 0 : (size_t)(dot - path), i = 0;
    *name = dot == NULL ? path : dot + 1;
    while (strlen(parts[i].part) != len || memcmp(parts[i].part, path, len) != 0)
        assert_true(++i < sizeof parts / sizeof parts[0]);
    return i;
}

static void check_slip(size_t part, const char *key, const char *word)
{
    const char *name = NULL;
    for (const struct key *known = delivery_keys; known->path != NULL; known++)
        if (part_of(known->path, &name) == part && strcmp(name, word) == 0)
            return; /* another key */
    const char *said = said_with(part, word);
    const char *wanted = arena_printf(mem, "unknown key '%s'; did you mean '", word);
    const char *found = strstr(said, wanted);
    if (found == NULL) {
        fail_msg("%s in %s: %s", word, parts[part].part, said);
        return;
    }
    found += strlen(wanted);
    found = arena_copy(mem, found, strcspn(found, "'"));
    assert_true(text_distance(word, found, 2) <= text_distance(word, key, 2));
}

static void every_misspelt_key_finds_the_nearest(void **state)
{
    (void)state;
    for (const struct key *known = delivery_keys; known->path != NULL; known++) {
        const char *key = NULL;
        size_t part = part_of(known->path, &key);
        for (size_t at = 0; key[at] != '\0'; at++)
            for (enum slip slip = 0; slip < SLIP_COUNT; slip++) {
                const char *once = misspelt(key, at, slip, mem);
                if (once != NULL && strlen(once) > 1)
                    check_slip(part, key, once);
            }
    }
}

static void a_key_of_another_part_says_where_it_belongs(void **state)
{
    (void)state;
    says("regions: [eu]\n", "unknown key 'regions' here: it belongs into an environment");
    says("services: {a: {project: ., recorded: true}}\n",
         "unknown key 'recorded' here: it belongs into an entry of a service's `version`");
    says("teams: {a: {projects: x}}\n",
         "unknown key 'projects' here: it belongs into an entry of a team's `owns`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_are_not_quite_right),
        cmocka_unit_test(where_a_placeholder_stands),
        cmocka_unit_test(too_many_names_to_compare),
        cmocka_unit_test(every_misspelt_key_finds_the_nearest),
        cmocka_unit_test(a_key_of_another_part_says_where_it_belongs),
    };
    return cmocka_run_group_tests_name("delivery mistakes", tests, open_pool, close_pool);
}
