/* Saved evidence: what is read back answers as what was saved, and what is damaged is refused. */
#include "tests/support/test.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/text.h"
#include "gates/measure/measure.h"
#include "runner/discover/report.h"
#include "runner/store/evidence.h"

/* behind the others */
#include "tests/support/pool.h"

static char *written(const struct evidence *evidence)
{
    char *text = NULL;
    size_t size = 0;
    struct error err = {0};
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_true(evidence_write(evidence, out, &err));
    fclose(out);
    char *copy = arena_copy(mem, text, size);
    free(text);
    return copy;
}

/* --- every fixture ---------------------------------------------------------------------------- */

struct pair {
    const struct evidence *fresh, *back;
    size_t compared;
};

static void compare(struct pair *pair, const struct selector *selector)
{
    struct value fresh, back;
    measure_take(selector, pair->fresh, mem, &fresh);
    measure_take(selector, pair->back, mem, &back);
    const char *text = value_text(&fresh, selector->measure, NULL, mem);
    if (fresh.kind != back.kind || strcmp(text, value_text(&back, selector->measure, NULL, mem)))
        fail_msg("%s: %s became %s", selector->id, text,
                 value_text(&back, selector->measure, NULL, mem));
    if (fresh.kind == VALUE_NUMBER)
        assert_int_equal(number_compare(fresh.number, back.number), 0);
    assert_int_equal(fresh.has_parts, back.has_parts);
    assert_int_equal(fresh.part, back.part);
    assert_int_equal(fresh.whole, back.whole);
    pair->compared++;
}

/* For every value of one label. */
static void compare_values(struct pair *pair, const struct selector *selector, const char *label)
{
    struct words fresh, back;
    measure_label_values(selector, label, pair->fresh, mem, &fresh);
    measure_label_values(selector, label, pair->back, mem, &back);
    assert_int_equal(fresh.count, back.count);
    for (size_t i = 0; i < fresh.count; i++) {
        assert_string_equal(fresh.items[i], back.items[i]);
        struct selector one = *selector;
        struct label_match match = {
            .label = label, .op = LABEL_IS, .value = fresh.items[i], .literal = true};
        one.labels = (struct label_matches){&match, 1, 1};
        if (i < 50)
            compare(pair, &one);
    }
}

static void compare_measure(struct pair *pair, const struct measure *measure, const char *id)
{
    const struct selector selector = {.measure = measure, .id = id};
    compare(pair, &selector);
    compare_values(pair, &selector, "report");
    compare_values(pair, &selector, "format");
    const char *at = measure->labels == NULL ? "" : measure->labels;
    for (size_t len; (len = strcspn(at, " ")) > 0; at += len + (at[len] == ' '))
        compare_values(pair, &selector, arena_copy(mem, at, len));
}

static void compare_all(struct pair *pair)
{
    static const char *const percentiles[] = {"load.p50", "load.p95", "load.p99.9"};
    const struct facts *facts = &pair->fresh->sources.items[0].facts;
    for (const struct measure *m = catalogue; m->id != NULL; m++)
        if (strchr(m->id, '*') == NULL)
            compare_measure(pair, m, m->id);
    for (size_t i = 0; i < 3; i++)
        compare_measure(pair, catalogue_find(percentiles[i]), percentiles[i]);
    for (size_t i = 0; i < facts->count; i++)
        if (catalogue_find(facts->items[i].id) != NULL)
            compare_measure(pair, catalogue_find(facts->items[i].id), facts->items[i].id);
}

static bool read_fixture(const char *path, struct report *report)
{
    char format[64];
    struct error err = {0};
    AUTO(close_report) struct report_file file;
    sscanf(path, "fixtures/%63[^/]", format);
    struct report_wanted wanted = {.reader = reader_named(format)};
    if (wanted.reader == NULL || report_open(&file, path, &err) != OPENED ||
        !report_take(&file, &wanted, mem, report, &err))
        return false;
    report->source.name = report->source.format;
    source_settle(&report->source, mem);
    return true;
}

static void every_fixture_answers_as_before(void **state)
{
    (void)state;
    glob_t found;
    struct pair pair = {0};
    assert_int_equal(glob("fixtures/*/*/report.*", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct report report = {0};
        struct error err = {0};
        struct evidence back, fresh = {.commit = "4f2c1ab"};
        if (!read_fixture(found.gl_pathv[i], &report))
            continue;
        fresh.sources = (struct sources){&report.source, 1, 1};
        const char *text = written(&fresh);
        if (!evidence_read(text, strlen(text), mem, &back, &err))
            fail_msg("%s: %s", found.gl_pathv[i], err.what);
        pair.fresh = &fresh;
        pair.back = &back;
        compare_all(&pair);
        assert_string_equal(back.commit, "4f2c1ab");
        assert_string_equal(written(&back), text);
    }
    globfree(&found);
    assert_true(pair.compared > 9000);
}

/* --- what no fixture shows -------------------------------------------------------------------- */

/* A source with the members of a report that lies in a part of the repository. */
static struct source *source_of_parts(struct evidence *evidence)
{
    struct error err = {0};
    struct source *source = array_add(mem, &evidence->sources);
    source_init(source, mem, "scan", "trivy");
    source->speaks = FAMILY_BIT(FAMILY_VULNERABILITIES) | FAMILY_BIT(FAMILY_COVERAGE);
    struct input_record *input = array_add(mem, &source->inputs);
    *input = (struct input_record){.path = "fees/trivy.json", .state = INPUT_READ};
    struct finding *finding = source_finding(source, mem, &err);
    assert_non_null(finding);
    *finding = (struct finding){.family = FAMILY_VULNERABILITIES,
                                .severity = SEVERITY_HIGH,
                                .fixable = FIXABLE_NO,
                                .rule = "CVE-1",
                                .package = "z\303\274rich",
                                .origin = "fees/trivy.json",
                                .identity = "raw \377\001 bytes",
                                .line = 12};
    return source;
}

static void parts_and_raw_identities_come_back(void **state)
{
    (void)state;
    struct evidence fresh = {.commit = ""}, back;
    struct error err = {0};
    source_of_parts(&fresh);
    const char *text = written(&fresh);
    for (const char *at = text; *at != '\0'; at++)
        assert_true(*at == '\n' || (*at >= ' ' && *at <= '~'));
    assert_true(evidence_read(text, strlen(text), mem, &back, &err));
    const struct source *source = &back.sources.items[0];
    const struct finding *finding = &source->findings.items[0];
    assert_string_equal(finding->identity, "raw \377\001 bytes");
    assert_string_equal(finding->package, "z\303\274rich");
    assert_string_equal(finding->origin, "fees/trivy.json");
    assert_int_equal(finding->line, 12);
    assert_int_equal(finding->fixable, FIXABLE_NO);
    assert_null(finding->path);
    assert_true(source->whole);
    assert_string_equal(source->inputs.items[0].path, "fees/trivy.json");
    struct component fees = {.name = "fees"};
    const struct components all = {&fees, 1, 1};
    struct label_match match = {.label = "component", .op = LABEL_IS, .value = "fees"};
    array_push(mem, &fees.globs, "fees/**");
    struct selector selector = {.measure = catalogue_find("vulnerabilities"),
                                .id = "vulnerabilities",
                                .labels = {&match, 1, 1},
                                .components = &all};
    struct value value;
    measure_take(&selector, &back, mem, &value);
    assert_int_equal(value.number.above, 1);
    match.value = "ledger"; /* of which nothing was examined */
    measure_take(&selector, &back, mem, &value);
    assert_int_equal(value.kind, VALUE_NONE);
}

static void what_was_not_whole_stays_so(void **state)
{
    (void)state;
    struct evidence fresh = {.commit = ""}, back;
    struct error err = {0};
    source_of_parts(&fresh)->whole = false;
    const char *text = written(&fresh);
    assert_true(evidence_read(text, strlen(text), mem, &back, &err));
    assert_false(back.sources.items[0].whole);
}

/* The text of line maps and branches that a source file has in the saved evidence. */
static const char *lines_text(const uint32_t *lines, size_t count, uint32_t missed)
{
    struct evidence fresh = {.commit = ""};
    struct source *source = source_of_parts(&fresh);
    struct error err = {0};
    size_t at;
    assert_true(source_file(source, mem, "a.c", 3, &at, &err));
    struct lines *map = &source->coverage.files.items[at].lines;
    for (size_t i = 0; i < count; i++)
        assert_true(
            lines_add(map, mem, &source->coverage.budget, lines[i], lines[i] != missed, &err));
    assert_true(lines_add_branches(map, mem, &source->coverage.budget, 11, 1, 2, &err));
    assert_true(lines_add_branches(map, mem, &source->coverage.budget, 12, 4, 4, &err));
    source_settle(source, mem);
    char *text = strstr(written(&fresh), "\"lines\"");
    assert_non_null(text);
    *strchr(text, '}') = '\0';
    return text;
}

static void lines_are_runs(void **state)
{
    (void)state;
    const uint32_t few[] = {1, 10, 11, 12, 13, 14, 600};
    assert_string_equal(lines_text(few, 7, 12),
                        "\"lines\":\"h.8h2mh2.585h\",\"branches\":\"10:1/2 0:4/4\"");
    const uint32_t far[] = {2147483647};
    assert_string_equal(lines_text(far, 1, 0),
                        "\"lines\":\".2147483646h\",\"branches\":\"10:1/2 0:4/4\"");
}

/* --- damaged and hostile files ---------------------------------------------------------------- */

#define FILE_OF(source) "{\"version\":1,\"commit\":\"\",\"sources\":[" source "]}"
#define SOURCE_OF(rest) FILE_OF("{\"name\":\"unit\",\"format\":\"junit\"," rest "}")
#define LINES(map) SOURCE_OF("\"coverage\":[{\"path\":\"a.c\",\"lines\":\"" map "\"}]")
#define BRANCHES(map) \
    SOURCE_OF("\"coverage\":[{\"path\":\"a.c\",\"lines\":\"h\",\"branches\":\"" map "\"}]")
#define LABEL(rest)                                                             \
    SOURCE_OF("\"load\":{\"transactions\":\"only\",\"percentiles\":\"linear\"," \
              "\"apdex_ms\":[500,1500],\"labels\":[{" rest "}]}")
#define BUCKETS(sum, min, max, map)                                           \
    LABEL("\"passed\":{\"sum_ms\":" sum ",\"min_ms\":" min ",\"max_ms\":" max \
          ",\"buckets\":\"" map "\"}")
#define GROUP(rest) SOURCE_OF("\"tests\":{\"groups\":[{" rest "}]}")
#define CASE(rest) SOURCE_OF("\"tests\":{\"cases\":[{" rest "}]}")
#define FACT(rest) SOURCE_OF("\"facts\":[{" rest "}]")
#define FINDING(rest) SOURCE_OF("\"findings\":[{" rest "}]")
#define FOUND(rest) FINDING("\"family\":\"secrets\",\"severity\":\"low\",\"identity\":\"i\"," rest)

static const struct {
    const char *text, *what;
} damaged[] = {
    {"", "is not JSON, so it is no saved evidence"},
    {"{\"version\":1", "is not JSON, so it is no saved evidence"},
    {"{\"version\":1,\"version\":1}", "is not JSON, so it is no saved evidence"},
    {"[]", "not evidence that this qgate knows: \"version\" is missing or of another kind"},
    {"{\"version\":\"1\"}",
     "not evidence that this qgate knows: \"version\" is missing or of another kind"},
    {"{\"version\":2,\"sources\":[]}", "version 2 of saved evidence is not known"},
    {"{\"version\":1}",
     "not evidence that this qgate knows: \"sources\" is missing or of another kind"},
    {"{\"version\":1,\"commit\":\"main\",\"sources\":[]}",
     "not evidence that this qgate knows: \"commit\" is missing or of another kind"},
    {"{\"version\":1,\"commit\":7,\"sources\":[]}",
     "not evidence that this qgate knows: \"commit\" is missing or of another kind"},
    {FILE_OF("{\"name\":\"unit\"}"),
     "not evidence that this qgate knows: \"format\" is missing or of another kind"},
    {FILE_OF("7"), "not evidence that this qgate knows: \"name\" is missing or of another kind"},
    {SOURCE_OF("\"whole\":1"), "damaged: \"whole\" of report unit cannot be right"},
    {SOURCE_OF("\"speaks\":[1]"), "damaged: \"speaks\" of report unit cannot be right"},
    {SOURCE_OF("\"speaks\":[1,2,3,4,5,6,7,8,9,10,11,12,13]"), "more than 12 speaks"},
    {SOURCE_OF("\"reports\":[1]"), "damaged: \"reports\" of report unit cannot be right"},
    {SOURCE_OF("\"coverage\":{}"), "damaged: \"coverage\" of report unit cannot be right"},
    {SOURCE_OF("\"coverage\":[{\"lines\":\"\"}]"),
     "damaged: \"path\" of report unit cannot be right"},
    {SOURCE_OF("\"coverage\":[{\"path\":\"a.c\"}]"),
     "damaged: \"lines\" of report unit cannot be right"},
    {LINES("x"), "damaged: \"lines\" of report unit cannot be right"},
    {LINES("3h"), "damaged: \"lines\" of report unit cannot be right"},
    {LINES("h-1"), "damaged: \"lines\" of report unit cannot be right"},
    {LINES(".2147483647h"), "damaged: \"lines\" of report unit cannot be right"},
    {LINES("h99999999999999999999"), "damaged: \"lines\" of report unit cannot be right"},
    {LINES("h2147483647"), "more than 4096 pages of 512 lines in one source file"},
    {BRANCHES("1"), "damaged: \"branches\" of report unit cannot be right"},
    {BRANCHES("1:2"), "damaged: \"branches\" of report unit cannot be right"},
    {BRANCHES("1:2/1"), "damaged: \"branches\" of report unit cannot be right"},
    {BRANCHES("1:1/2,"), "damaged: \"branches\" of report unit cannot be right"},
    {BRANCHES("1:1/"), "damaged: \"branches\" of report unit cannot be right"},
    {BRANCHES("2147483647:1/2"), "damaged: \"branches\" of report unit cannot be right"},
    {BRANCHES("99999999999:1/2"), "damaged: \"branches\" of report unit cannot be right"},
    {BRANCHES("1:1/65536"), "more than 65535 branches in one line"},
    {SOURCE_OF("\"load\":{}"), "damaged: \"transactions\" of report unit cannot be right"},
    {SOURCE_OF("\"load\":{\"transactions\":\"only\"}"),
     "damaged: \"percentiles\" of report unit cannot be right"},
    {SOURCE_OF("\"load\":{\"transactions\":\"only\",\"percentiles\":\"linear\",\"apdex_ms\":[1]}"),
     "damaged: \"apdex_ms\" of report unit cannot be right"},
    {LABEL("\"first_ms\":5,\"last_ms\":4"), "damaged: \"first_ms\" of report unit cannot be right"},
    {LABEL("\"first_ms\":-5,\"last_ms\":4"),
     "damaged: \"first_ms\" of report unit cannot be right"},
    {LABEL("\"passed\":{}"), "damaged: \"buckets\" of report unit cannot be right"},
    {BUCKETS("1", "1", "1", "x"), "damaged: \"buckets\" of report unit cannot be right"},
    {BUCKETS("1", "1", "1", "1:1;"), "damaged: \"buckets\" of report unit cannot be right"},
    {BUCKETS("1", "1", "1", "9999999999:1"), "damaged: \"buckets\" of report unit cannot be right"},
    {BUCKETS("1", "1", "1", "4000000:1"), "there is no such bucket of response times"},
    {BUCKETS("1", "1", "1", "1:0"), "there is no such bucket of response times"},
    {BUCKETS("1", "1", "1", "1:9223372036854775807 0:1"),
     "the response times add up to more than can be counted"},
    {BUCKETS("1", "2", "2", "1:1"), "the response times contradict each other"},
    {BUCKETS("1", "1", "2", "1:1"), "the response times contradict each other"},
    {BUCKETS("3", "2", "1", "1:1 0:1"), "the response times contradict each other"},
    {BUCKETS("-1", "1", "1", "1:1"), "damaged: \"sum_ms\" of report unit cannot be right"},
    {SOURCE_OF("\"tests\":{\"suites\":-1}"), "damaged: \"suites\" of report unit cannot be right"},
    {GROUP("\"suite\":7"), "damaged: \"suite\" of report unit cannot be right"},
    {GROUP("\"passed\":1.5"), "damaged: \"passed\" of report unit cannot be right"},
    {GROUP("\"passed\":9223372036854775807"), "more than 10000000 test cases"},
    {GROUP("\"passed\":9000000,\"failures\":9000000,\"errors\":9000000"),
     "more than 10000000 test cases"},
    {SOURCE_OF(
         "\"tests\":{\"groups\":[{\"duration_us\":9223372036854775807},{\"duration_us\":1}]}"),
     "damaged: \"duration_us\" of report unit cannot be right"},
    {CASE("\"mark\":\"odd\""), "damaged: \"mark\" of report unit cannot be right"},
    {CASE("\"mark\":\"failed\""), "damaged: \"outcome\" of report unit cannot be right"},
    {FACT("\"word\":\"OK\""), "damaged: \"id\" of report unit cannot be right"},
    {FACT("\"id\":\"a\""), "damaged: \"number\" of report unit cannot be right"},
    {FACT("\"id\":\"a\",\"number\":[1,0]"), "damaged: \"number\" of report unit cannot be right"},
    {FACT("\"id\":\"a\",\"number\":[-9223372036854775808,1]"),
     "damaged: \"number\" of report unit cannot be right"},
    {FACT("\"id\":\"a\",\"word\":\"b\",\"labels\":[{}]"),
     "damaged: \"name\" of report unit cannot be right"},
    {FINDING("\"family\":\"odd\""), "damaged: \"family\" of report unit cannot be right"},
    {FINDING("\"family\":\"secrets\",\"severity\":\"odd\""),
     "damaged: \"severity\" of report unit cannot be right"},
    {FINDING("\"family\":\"secrets\",\"severity\":\"low\",\"identity\":7"),
     "damaged: \"identity\" of report unit cannot be right"},
    {FINDING("\"family\":\"secrets\",\"severity\":\"low\",\"identity_hex\":\"abc\""),
     "damaged: \"identity_hex\" of report unit cannot be right"},
    {FINDING("\"family\":\"secrets\",\"severity\":\"low\",\"identity_hex\":\"AB\""),
     "damaged: \"identity_hex\" of report unit cannot be right"},
    {FOUND("\"fixable\":\"maybe\""), "damaged: \"fixable\" of report unit cannot be right"},
    {FOUND("\"line\":2147483648"), "damaged: \"line\" of report unit cannot be right"},
};

static void what_is_damaged_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++) {
        struct evidence evidence;
        struct error err = {0};
        const char *text = damaged[i].text;
        if (evidence_read(text, strlen(text), mem, &evidence, &err))
            fail_msg("%s was read", text);
        if (strcmp(err.what, damaged[i].what) != 0)
            fail_msg("%s: \"%s\" is not \"%s\"", text, err.what, damaged[i].what);
        assert_true(err.hint[0] != '\0');
    }
}

/* A file cut anywhere, or with one byte changed, is read or refused, never more. */
static void every_cut_and_every_change_has_an_answer(void **state)
{
    (void)state;
    struct evidence fresh = {.commit = "4f2c1ab"};
    source_of_parts(&fresh);
    struct report report = {0};
    assert_true(read_fixture("fixtures/junit/surefire-rerun/report.xml", &report));
    array_push(mem, &fresh.sources, report.source);
    char *text = written(&fresh);
    size_t len = strlen(text), refused = 0;
    for (size_t i = 0; i < len; i++) {
        struct evidence evidence;
        struct error err = {0};
        char kept = text[i];
        refused += !evidence_read(text, i, mem, &evidence, &err);
        text[i] ^= 1;
        err = (struct error){0};
        if (!evidence_read(text, len, mem, &evidence, &err))
            assert_true(err.fault == FAULT_REPORT && err.what[0] != '\0');
        text[i] = kept;
    }
    assert_true(refused >= len - 1);
}

static void what_a_later_version_adds_is_passed_over(void **state)
{
    (void)state;
    struct evidence evidence;
    struct error err = {0};
    const char *text = SOURCE_OF("\"whole\":true,\"speaks\":[\"tests\",\"energy\"],\"energy\":{}");
    assert_true(evidence_read(text, strlen(text), mem, &evidence, &err));
    assert_int_equal(evidence.sources.items[0].speaks, FAMILY_BIT(FAMILY_TESTS));
    assert_string_equal(evidence.sources.items[0].findings.items == NULL ? "none" : "some", "none");
}

static void no_control_character_comes_back(void **state)
{
    (void)state;
    struct evidence evidence;
    struct error err = {0};
    const char *text =
        CASE("\"mark\":\"failed\",\"outcome\":\"error\",\"name\":\"a\\u001bb\\u202ec\"");
    assert_true(evidence_read(text, strlen(text), mem, &evidence, &err));
    assert_string_equal(evidence.sources.items[0].tests.cases.items[0].name, "a?b?c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_fixture_answers_as_before, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(parts_and_raw_identities_come_back, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(what_was_not_whole_stays_so, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(lines_are_runs, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(what_is_damaged_is_refused, open_pool, close_pool),
        cmocka_unit_test_setup_teardown(every_cut_and_every_change_has_an_answer, open_pool,
                                        close_pool),
        cmocka_unit_test_setup_teardown(what_a_later_version_adds_is_passed_over, open_pool,
                                        close_pool),
        cmocka_unit_test_setup_teardown(no_control_character_comes_back, open_pool, close_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
