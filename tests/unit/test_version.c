/* Versions: the tags that templates give them, the commits that are in them, files that map them,
 * and the template that a repository's tags suggest.
 */
#include <string.h>

#include "gates/delivery/version.h"
#include "tests/support/test.h"

#include "tests/support/pool.h"

#define WORDS(...)                                                \
    ((struct words){.items = (const char *[]){__VA_ARGS__, NULL}, \
                    .count = sizeof(const char *[]){__VA_ARGS__, NULL} / sizeof(char *) - 1})

static void templates_give_tags(void **state)
{
    (void)state;
    static const struct {
        const char *template, *tag;
    } cases[] = {
        {"v{version}", "v1.4"},
        {"{version}", "1.4"},
        {"{service}/v{version}", "ledger/v1.4"},
        {"{service}-{version}-{service}", "ledger-1.4-ledger"},
        {"{version", "{version"},
        {"{{version}}", "{1.4}"},
        {"a{b}{version}", "a{b}1.4"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(version_tag(cases[i].template, "ledger", "1.4", mem), cases[i].tag);
    assert_string_equal(version_tag("v{version}", "s", "{service}", mem), "v{service}");
}

/* The candidates, parted by spaces. */
static const char *hexes(const char *version)
{
    const char *all = "", *part;
    size_t len;
    while ((part = version_hex(&version, &len)) != NULL)
        all = arena_printf(mem, "%s%s%.*s", all, *all == '\0' ? "" : " ", (int)len, part);
    return all;
}

static void commits_in_versions(void **state)
{
    (void)state;
    static const struct {
        const char *version, *found;
    } cases[] = {
        {"1.4.2-3f2a9bc", "3f2a9bc"},
        {"1.4.2-3f2a9b", ""},
        {"v1.4-5-g3f2a9bc0", "3f2a9bc0"},
        {"main-20270301-3F2A9BC", "20270301 3F2A9BC"},
        {"3f2a9bcx1234567", "3f2a9bc 1234567"},
        {"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd", "aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd"},
        {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddd", ""},
        {"sha256:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddaaaaaaaaaabbbbbbbbbbcccc", ""},
        {"feedback", "feedbac"}, /* such a commit would have to exist */
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(hexes(cases[i].version), cases[i].found);
}

static void images_say_versions(void **state)
{
    (void)state;
    static const struct {
        const char *reference, *version;
    } cases[] = {
        {"app:1.2.3", "1.2.3"},
        {"host:5000/team/app:1.2.3", "1.2.3"},
        {"host:5000/team/app", NULL},
        {"team/app", NULL},
        {"app", NULL},
        {"", NULL},
        {"app:", NULL},
        {"app:$TAG", NULL},
        {"app:1 2", NULL},
        {"app:1.2@sha256:0a1B", "1.2@sha256:0a1B"},
        {"host:5000/app@sha256:0a", "sha256:0a"},
        {"host:5000/app@sha256:0g", NULL},
        {"app:1@sha256:", NULL},
        {"app:1@sha256", NULL},
        {"app@", NULL},
        {"app:@sha256:0a", "sha256:0a"},
        {"a/b:c/d", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *version = version_of_image(cases[i].reference);
        if (cases[i].version == NULL)
            assert_null(version);
        else
            assert_string_equal(version, cases[i].version);
    }
}

static const char *parts_of(const char *version)
{
    const char *all = "", *part;
    unsigned step = 0;
    while ((part = version_part(version, &step, mem)) != NULL)
        all = arena_printf(mem, "%s%s ", all, part);
    return all;
}

static void pinned_versions_have_parts(void **state)
{
    (void)state;
    assert_string_equal(parts_of("1.2"), "1.2 ");
    assert_string_equal(parts_of("1.2@"), "1.2@ ");
    assert_string_equal(parts_of("1.2@sha256:0a"), "1.2@sha256:0a sha256:0a 1.2 ");
    assert_string_equal(parts_of("@sha256:0a"), "@sha256:0a sha256:0a ");
}

/* "version=commit …", or "line:column: what is wrong". */
static const char *mapped(const char *text)
{
    struct version_map map;
    struct error err = {0};
    const char *all = "";
    if (!version_map_read("map", text, strlen(text), mem, &map, &err)) {
        assert_string_equal(err.where, "map");
        assert_int_equal(err.fault, FAULT_REPORT);
        return arena_printf(mem, "%u:%u: %s", err.line, err.column, err.what);
    }
    for (size_t i = 0; i < map.commits.count; i++) {
        const char *version = map.versions.texts.items[i];
        assert_string_equal(version_map_find(&map, version), map.commits.items[i]);
        all = arena_printf(mem, "%s%s%s=%s", all, *all == '\0' ? "" : " ", version,
                           map.commits.items[i]);
    }
    assert_null(version_map_find(&map, "none"));
    return all;
}

static void map_files_are_lines(void **state)
{
    (void)state;
    assert_string_equal(mapped(""), "");
    assert_string_equal(mapped("# none\n\n"), "");
    assert_string_equal(mapped("1.10 3f2a9bc\n\t1.4 \t3F2A9BCD  # second\r\n"),
                        "1.10=3f2a9bc 1.4=3f2a9bcd");
    assert_string_equal(mapped("1 3f2a9bc\n1 aaaaaaa"), "1=aaaaaaa");
    assert_string_equal(mapped("1 3f2a9bc\n2 aaaaaa"),
                        "1:1: is neither lines `VERSION COMMIT` nor a map of them");
    assert_string_equal(mapped("1 3f2a9bc#x"),
                        "1:1: is neither lines `VERSION COMMIT` nor a map of them");
    assert_string_equal(mapped("1 3f2a9bc x"),
                        "1:1: is neither lines `VERSION COMMIT` nor a map of them");
}

static void map_files_are_yaml(void **state)
{
    (void)state;
    assert_string_equal(mapped("1.10: 3f2a9bc\n\"1.4\": '3F2A9BC0'\n"),
                        "1.10=3f2a9bc 1.4=3f2a9bc0");
    assert_string_equal(mapped("{1.4: 20270301}\n---\n1.5: 20270302\n"),
                        "1.4=20270301 1.5=20270302");
    assert_string_equal(mapped("1.4: 3f2a9bc\n1.5: latest\n"),
                        "2:6: is no commit: 7 to 40 hexadecimal digits");
    assert_string_equal(mapped("1.4: 3f2a9bcz\n"), "1:6: is no commit: 7 to 40 hexadecimal digits");
    assert_string_equal(mapped("1.4: [3f2a9bc]\n"),
                        "1:6: is no commit: 7 to 40 hexadecimal digits");
    assert_string_equal(mapped("[1.4]: 3f2a9bc\n"),
                        "1:8: is no commit: 7 to 40 hexadecimal digits");
    assert_string_equal(mapped("- 1.4\n"),
                        "1:1: is neither lines `VERSION COMMIT` nor a map of them");
    assert_string_equal(mapped("{1.4: 3f2a9bc\n"), "1:1: this bracket is opened and never closed");
}

/* "template found" */
static const char *proposed(const char *service, struct words versions, struct words tags)
{
    struct version_proposal proposal;
    version_propose(service, &versions, &tags, mem, &proposal);
    return proposal.template == NULL
               ? "none"
               : arena_printf(mem, "%s %zu", proposal.template, proposal.found);
}

static void tags_propose_a_template(void **state)
{
    (void)state;
    assert_string_equal(proposed("ledger", WORDS("1.4.2", "1.4.3"),
                                 WORDS("ledger-v1.4.2", "fees-v1.4.2", "ledger-v1.4.3", "x")),
                        "{service}-v{version} 2");
    assert_string_equal(proposed("ledger", WORDS("1.4.2"), WORDS("release-1.4.2", "r1.4.2")),
                        "r{version} 1");
    assert_string_equal(proposed("ledger", WORDS("v1.4.2"), WORDS("v1.4.2", "1.4.2")),
                        "{version} 1");
    assert_string_equal(proposed("ledger", WORDS("1.4.2"), WORDS("b1.4.2", "a1.4.2")),
                        "a{version} 1");
    assert_string_equal(proposed("ledger", WORDS("1.4.2"), WORDS("v1.4.2/ledger")),
                        "v{version}/ledger 1");
    assert_string_equal(proposed("", WORDS("1.4.2"), WORDS("x1.4.2")), "x{version} 1");
    assert_string_equal(proposed("ledger", WORDS("1.4"),
                                 WORDS("v1.4.2", "v21.4", "v2.1.4", "v1.4-rc1", "v1.4+5", "v1.4b")),
                        "none");
    assert_string_equal(proposed("ledger", WORDS("1.4"), WORDS("v11.4-1.4")), "v11.4-{version} 1");
    assert_string_equal(proposed("ledger", WORDS("1.4"), WORDS(".1.4")), ".{version} 1");
    assert_string_equal(proposed("ledger", WORDS(""), WORDS("v1")), "none");
    assert_string_equal(proposed("ledger", (struct words){0}, WORDS("v1")), "none");

    struct words many = {0}, tags = {0};
    for (int i = 0; i < 60; i++) {
        array_push(mem, &many, arena_printf(mem, "1.%d", i));
        array_push(mem, &tags, arena_printf(mem, "t-1.%d", i));
    }
    assert_string_equal(proposed("ledger", many, tags), "t-{version} 50");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_give_tags),        cmocka_unit_test(commits_in_versions),
        cmocka_unit_test(map_files_are_lines),        cmocka_unit_test(map_files_are_yaml),
        cmocka_unit_test(tags_propose_a_template),    cmocka_unit_test(images_say_versions),
        cmocka_unit_test(pinned_versions_have_parts),
    };
    return cmocka_run_group_tests_name("version", tests, open_pool, close_pool);
}
