/* What people and programs see of verdicts built by hand, beside tests/golden/render/. After a
 * wanted change: GOLDEN=update build/release/tests/unit/test_render, and review the diff like code.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "gates/base/text.h"
#include "runner/render/render.h"
#include "runner/render/verdict_file.h"
#include "tests/support/test.h"

/* A verdict under construction. */
struct scene {
    struct arena *mem;
    struct policy policy;
    struct evidence evidence;
    struct verdict verdict;
    struct gate_ruling *gate; /* added last */
    struct view view;
};

static void scene_open(struct scene *s)
{
    *s = (struct scene){.mem = arena_new()};
    s->policy.path = ".qgate.yml";
    memset(s->policy.sha256, 'a', DIGEST_HEX - 1);
    s->verdict.reason = "";
    s->view = (struct view){
        .verdict = &s->verdict,
        .policy = &s->policy,
        .evidence = &s->evidence,
        .policy_origin = ".qgate.yml of main (4f2c1ab)",
        .policy_from = "target",
        .policy_commit = "4f2c1ab00112233445566778899aabbccddeeff0",
        .commit = "9d1e7f2c0b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e",
        .stage = "build",
        .job_url = "",
        .now_s = 1800000000,
        .columns = 100,
        .utf8 = true,
    };
}

static void scene_close(struct scene *s)
{
    arena_free(s->mem);
}

static void add_origin(struct scene *s, const char *role, const char *name)
{
    struct policy_origin *origin = array_add(s->mem, &s->policy.origins);
    origin->role = role;
    origin->name = name;
    memset(origin->sha256, 'b', DIGEST_HEX - 1);
}

static struct gate_ruling *add_gate(struct scene *s, const char *name, const char *stage)
{
    struct gate *gate = arena_new_item(s->mem, struct gate);
    gate->name = name;
    gate->stage = stage;
    struct gate_ruling *ruling = array_add(s->mem, &s->verdict.gates);
    ruling->gate = gate;
    ruling->other_stage = strcmp(stage, "build") != 0;
    ruling->outcome = ruling->other_stage ? OUTCOME_NOT_APPLICABLE : OUTCOME_PASSED;
    return s->gate = ruling;
}

/* A rule of the gate added last. */
static struct ruling *add_rule(struct scene *s, const char *text, const char *measure,
                               enum compare compare, int64_t threshold, enum outcome outcome)
{
    struct rule *rule = arena_new_item(s->mem, struct rule);
    rule->text = text;
    rule->selector.measure = catalogue_find(measure);
    rule->selector.id = measure;
    rule->compare = compare;
    rule->threshold = number_of(threshold);
    rule->word = rule->selector.measure->unit == UNIT_WORD ? "OK" : NULL;
    struct ruling *ruling = array_add(s->mem, &s->gate->rulings);
    *ruling = (struct ruling){.rule = rule, .outcome = outcome, .reason = "", .to_pass = ""};
    if (outcome > s->gate->outcome)
        s->gate->outcome = outcome;
    return ruling;
}

static void set_why(struct ruling *ruling, const char *why, struct arena *mem)
{
    struct rule *rule = arena_new_item(mem, struct rule);
    *rule = *ruling->rule;
    rule->why = why;
    ruling->rule = rule;
}

static void set_count(struct ruling *ruling, uint64_t part, uint64_t whole)
{
    ruling->value.kind = VALUE_NUMBER;
    ruling->value.number = number_of((int64_t)part);
    ruling->value.has_parts = whole > 0;
    ruling->value.part = part;
    ruling->value.whole = whole;
}

static void set_ratio(struct ruling *ruling, uint64_t part, uint64_t whole)
{
    set_count(ruling, part, whole);
    ruling->value.number = number_ratio((int64_t)part * 100, whole);
}

static void add_detail(struct scene *s, struct ruling *ruling, const char *subject,
                       const char *text)
{
    struct detail *detail = array_add(s->mem, &ruling->details);
    detail->subject = subject;
    detail->text = text;
}

static void add_test(struct scene *s, struct ruling *ruling, const char *name, const char *message)
{
    add_detail(s, ruling, arena_printf(s->mem, "payments.LedgerTest.%s", name), message);
    struct test_case *test = arena_new_item(s->mem, struct test_case);
    *test = (struct test_case){.outcome = TEST_FAILURE,
                               .classname = "payments.LedgerTest",
                               .name = name,
                               .suite = "ledger",
                               .path = "",
                               .line = 12,
                               .message = message};
    ruling->details.items[ruling->details.count - 1].test = test;
}

static void add_vulnerability(struct scene *s, struct ruling *ruling)
{
    add_detail(s, ruling, "CVE-2024-0727", "denial of service by a malformed PKCS12 file");
    struct finding *finding = arena_new_item(s->mem, struct finding);
    *finding = (struct finding){.family = FAMILY_VULNERABILITIES,
                                .severity = SEVERITY_CRITICAL,
                                .fixable = FIXABLE_YES,
                                .rule = "CVE-2024-0727",
                                .class = "os-pkgs",
                                .target = "ledger:1.4 (debian 12.4)",
                                .package = "openssl",
                                .version = "3.0.11-1",
                                .fixed = "3.0.13-1",
                                .message = "denial of service by a malformed PKCS12 file",
                                .fingerprint = "0123456789abcdef0123456789abcdef"};
    ruling->details.items[ruling->details.count - 1].finding = finding;
}

static struct input_record *add_file(struct scene *s, const char *name, const char *format,
                                     const char *path, enum input_state state)
{
    struct sources *sources = &s->evidence.sources;
    struct source *source = sources->count > 0 ? &sources->items[sources->count - 1] : NULL;
    if (source == NULL || strcmp(source->name, name) != 0) {
        source = array_add(s->mem, sources);
        source->name = name;
        source->format = format;
        source->whole = true;
    }
    source->whole &= state == INPUT_READ;
    struct input_record *file = array_add(s->mem, &source->inputs);
    file->path = path;
    file->state = state;
    if (state == INPUT_READ) {
        memset(file->sha256, 'b', DIGEST_HEX - 1);
        file->bytes = 4096;
    }
    return file;
}

/* Counts and the outcome, as the judge takes them. */
static void settle(struct scene *s, int status)
{
    struct verdict *v = &s->verdict;
    for (size_t i = 0; i < v->gates.count; i++) {
        const struct gate_ruling *gate = &v->gates.items[i];
        for (size_t j = 0; j < gate->rulings.count; j++)
            v->rule_counts[gate->rulings.items[j].outcome]++;
        if (gate->other_stage)
            continue;
        v->gate_counts[gate->outcome]++;
        if (gate->outcome >= OUTCOME_NO_DATA && gate->outcome > v->outcome)
            v->outcome = gate->outcome;
    }
    for (size_t i = 0; i < v->reports.count; i++) {
        v->gate_counts[v->reports.items[i].outcome]++;
        if (v->reports.items[i].outcome > v->outcome)
            v->outcome = v->reports.items[i].outcome;
    }
    s->view.status = status;
}

static void add_reports(struct scene *s)
{
    add_file(s, "cobertura", "cobertura", "build/coverage.xml", INPUT_READ);
    add_file(s, "trivy", "trivy", "build/trivy.json", INPUT_READ);
    add_file(s, "unit", "junit", "build/test-results/TEST-a.xml", INPUT_READ);
    add_file(s, "unit", "junit", "build/test-results/TEST-b.xml", INPUT_READ);
}

static void add_unit_gate(struct scene *s)
{
    add_gate(s, "unit test", "build");
    struct ruling *r = add_rule(s, "coverage.lines >= 80%", "coverage.lines", COMPARE_AT_LEAST, 80,
                                OUTCOME_PASSED);
    set_ratio(r, 4070, 5000);
    r = add_rule(s, "tests.failed{report=\"unit\"} == 0", "tests.failed", COMPARE_EQUAL, 0,
                 OUTCOME_FAILED);
    set_count(r, 3, 412);
    add_test(s, r, "rounds_half_even", "expected 10.00, got 9.99");
    add_test(s, r, "splits_fee", "NullPointerException");
    add_test(s, r, "is_idempotent", "");
    r->to_pass = "make these 3 tests pass";
    r = add_rule(s, "coverage.branches >= 70%", "coverage.branches", COMPARE_AT_LEAST, 70,
                 OUTCOME_FAILED);
    set_ratio(r, 6999, 10000);
    for (int i = 1; i <= 14; i++)
        add_detail(s, r, arena_printf(s->mem, "src/main/java/payments/Fee%d.java", i),
                   arena_printf(s->mem, "%d of 31 branches not run", 31 - i));
    r->to_pass = "test 1 more branch (of 3001 that no test runs)";
    set_why(r, "untested branches are where our incidents come from", s->mem);
    r = add_rule(s, "tests.flaky == 0", "tests.flaky", COMPARE_EQUAL, 0, OUTCOME_WARNED);
    r->warning = true;
    set_count(r, 2, 412);
    add_detail(s, r, "payments.TransferTest.retries", "");
    add_detail(s, r, "payments.LimitTest.resets_at_midnight", "");
}

/* Draft of a bad day: two gates of three. */
static void open_failing(struct scene *s)
{
    scene_open(s);
    add_reports(s);
    array_push(s->mem, &s->evidence.sources.items[1].warnings,
               "no secret is listed: Trivy does not say whether it looked for any");
    add_gate(s, "static code analysis", "build");
    struct ruling *r = add_rule(s, "sonar.quality_gate == OK", "sonar.quality_gate", COMPARE_EQUAL,
                                0, OUTCOME_PASSED);
    r->value = (struct value){.kind = VALUE_WORD, .word = "OK"};
    add_unit_gate(s);
    add_gate(s, "container analysis", "build");
    r = add_rule(s, "secrets == 0", "secrets", COMPARE_EQUAL, 0, OUTCOME_PASSED);
    set_count(r, 0, 0);
    r = add_rule(
        s, "vulnerabilities{severity=~\"high|critical\", fixable=\"yes\", class=\"os-pkgs\"} == 0",
        "vulnerabilities", COMPARE_EQUAL, 0, OUTCOME_FAILED);
    set_count(r, 1, 0);
    add_vulnerability(s, r);
    r->to_pass = "update openssl to 3.0.13-1";
    add_gate(s, "functional test", "deploy");
    add_gate(s, "load test", "deploy");
    s->verdict.flaky = 2;
    settle(s, 1);
}

static void open_passing(struct scene *s)
{
    scene_open(s);
    add_reports(s);
    add_gate(s, "unit test", "build");
    set_count(add_rule(s, "tests.failed == 0", "tests.failed", COMPARE_EQUAL, 0, OUTCOME_PASSED), 0,
              412);
    set_ratio(add_rule(s, "coverage.lines >= 80%", "coverage.lines", COMPARE_AT_LEAST, 80,
                       OUTCOME_PASSED),
              4070, 5000);
    add_gate(s, "container analysis", "build");
    set_count(add_rule(s, "secrets == 0", "secrets", COMPARE_EQUAL, 0, OUTCOME_PASSED), 0, 0);
    add_gate(s, "load test", "build");
    struct ruling *r =
        add_rule(s, "load.p95 < 800ms", "load.p95", COMPARE_LESS, 800, OUTCOME_NOT_APPLICABLE);
    r->reason = "its optional reports are not there";
    s->gate->outcome = OUTCOME_NOT_APPLICABLE;
    add_origin(s, "extends", "qgate:service");
    add_origin(s, "waivers", "/builds/shop.tmp/QGATE_WAIVERS");
    add_origin(s, "floor", "/etc/qgate/floor.yml");
    settle(s, 0);
}

/* One report is missing, one broken, one missing that no rule reads. */
static void open_no_data(struct scene *s)
{
    scene_open(s);
    struct error *err = arena_new_item(s->mem, struct error);
    error_set(err, FAULT_REPORT, "hits is not a number: \"x\"");
    error_at(err, "build/coverage.xml", 5, 12);
    add_file(s, "cobertura", "cobertura", "build/coverage.xml", INPUT_BROKEN)->error = err;
    add_file(s, "functional", "junit", "e2e/results.xml", INPUT_MISSING);
    err = arena_new_item(s->mem, struct error);
    error_set(err, FAULT_REPORT, "the file is empty");
    error_at(err, "results.jtl", 1, 1);
    error_hint(err, "look at the job that writes it: it left nothing");
    add_file(s, "load", "jmeter", "results.jtl", INPUT_BROKEN)->error = err;
    add_file(s, "trivy", "trivy", "build/trivy.json", INPUT_MISSING);
    add_file(s, "unit", "junit", "build/test-results/TEST-a.xml", INPUT_READ);
    add_file(s, "unit", "junit", "build/test-results/TEST-b.xml", INPUT_MISSING);
    add_gate(s, "unit test", "build");
    struct ruling *r =
        add_rule(s, "tests.failed == 0", "tests.failed", COMPARE_EQUAL, 0, OUTCOME_NO_DATA);
    set_count(r, 0, 206);
    r->reason = "build/test-results/TEST-b.xml is not there";
    r->to_pass =
        "look at the job that should leave build/test-results/TEST-b.xml (not in every build? "
        "say `optional: true`)";
    r = add_rule(s, "coverage.lines >= 80%", "coverage.lines", COMPARE_AT_LEAST, 80, OUTCOME_ERROR);
    r->reason = "build/coverage.xml cannot be read";
    add_detail(s, r, "build/coverage.xml", "line 5, column 12: hits is not a number: \"x\"");
    r->to_pass = "repair what writes build/coverage.xml";
    add_gate(s, "container analysis", "build");
    r = add_rule(s, "vulnerabilities{severity=\"critical\"} == 0", "vulnerabilities", COMPARE_EQUAL,
                 0, OUTCOME_NO_DATA);
    r->reason = "build/trivy.json is not there";
    r->to_pass = "look at the job that should leave build/trivy.json";
    const struct ruling first = *r;
    r = add_rule(s, "secrets == 0", "secrets", COMPARE_EQUAL, 0, OUTCOME_NO_DATA);
    r->reason = first.reason;
    r->to_pass = first.to_pass;
    struct report_ruling *report = array_add(s->mem, &s->verdict.reports);
    *report = (struct report_ruling){&s->evidence.sources.items[1], OUTCOME_NO_DATA,
                                     "e2e/results.xml is not there",
                                     "look at the job that should leave e2e/results.xml"};
    report = array_add(s->mem, &s->verdict.reports);
    *report =
        (struct report_ruling){&s->evidence.sources.items[2], OUTCOME_ERROR,
                               "results.jtl cannot be read", "repair what writes results.jtl"};
    settle(s, 3);
}

/* The bytes of a rendering; free() them. */
static char *rendered(const struct view *view, const struct renderer *renderer)
{
    char *text = NULL;
    size_t size = 0;
    struct error err = {0};
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    bool written = renderer->render(view, out, &err);
    fclose(out);
    assert_true(written);
    assert_int_equal(strlen(text), size);
    return text;
}

/* ESC and CR made visible, the version left out, so that a golden file is text. */
static char *visible(const char *text)
{
    char *copy = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&copy, &size);
    assert_non_null(out);
    for (; *text != '\0'; text++) {
        if (strncmp(text, QGATE_VERSION, strlen(QGATE_VERSION)) == 0) {
            fputs("VERSION", out);
            text += strlen(QGATE_VERSION) - 1;
        } else if (*text == '\033' || *text == '\r') {
            fputs(*text == '\033' ? "\\e" : "\\r", out);
        } else {
            fputc(*text, out);
        }
    }
    fclose(out);
    return copy;
}

static char *file_text(const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *in = fopen(path, "r");
    if (in == NULL)
        return NULL;
    if (getdelim(&text, &size, '\0', in) < 0)
        text[0] = '\0';
    fclose(in);
    return text;
}

static void check_golden(const struct view *view, const struct renderer *renderer, const char *name)
{
    char path[128], *text = rendered(view, renderer), *shown = visible(text);
    snprintf(path, sizeof path, "tests/golden/render/%s", name);
    if (getenv("GOLDEN") != NULL) {
        FILE *out = fopen(path, "w");
        assert_non_null(out);
        fputs(shown, out);
        fclose(out);
    }
    char *expected = file_text(path);
    assert_non_null(expected);
    assert_string_equal(shown, expected);
    free(expected);
    free(shown);
    free(text);
}

/* What other programs read, beside tests/golden/render/SCENE.OUTPUT. */
static void check_files(const struct view *view, const char *scene)
{
    for (size_t i = 0; renderers[i] != NULL; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.%s", scene, renderers[i]->name);
        if (renderers[i] != &terminal_renderer)
            check_golden(view, renderers[i], name);
    }
}

static void set_sides(struct scene *s, struct ruling *ruling, enum function function,
                      struct number before, struct number after, struct number difference)
{
    struct rule *rule = arena_new_item(s->mem, struct rule);
    *rule = *ruling->rule;
    rule->function = function;
    ruling->rule = rule;
    ruling->value = (struct value){.kind = VALUE_NUMBER, .number = difference};
    ruling->before = (struct value){.kind = VALUE_NUMBER, .number = before};
    ruling->after = (struct value){.kind = VALUE_NUMBER, .number = after};
}

static void add_lacking(struct scene *s, const char *text, int64_t least, enum outcome outcome)
{
    struct ruling *ruling = add_rule(s, text, "tests.total", COMPARE_AT_LEAST, least, outcome);
    ruling->no_baseline = true;
    ruling->reason = "nothing is recorded in .qgate/history.db yet";
}

/* Rules that compare, and some that have nothing to compare with. */
static void open_compared(struct scene *s)
{
    scene_open(s);
    s->view.baseline = "main 4f2c1ab, 3 commits behind";
    add_gate(s, "unit test", "build");
    set_sides(s,
              add_rule(s, "delta(coverage.lines) >= 0pp", "coverage.lines", COMPARE_AT_LEAST, 0,
                       OUTCOME_FAILED),
              FUNCTION_DELTA, number_ratio(814, 10), number_ratio(81, 1), number_ratio(-4, 10));
    set_sides(s,
              add_rule(s, "growth(tests.total) >= -5%", "tests.total", COMPARE_AT_LEAST, -5,
                       OUTCOME_PASSED),
              FUNCTION_GROWTH, number_of(409), number_of(412), number_ratio(300, 409));
    set_sides(s,
              add_rule(s, "growth(tests.failed) <= 5%", "tests.failed", COMPARE_AT_MOST, 5,
                       OUTCOME_FAILED),
              FUNCTION_GROWTH, number_of(0), number_of(12), number_of(INT64_MAX));
    add_lacking(s, "growth(tests.total) >= 1%", 1, OUTCOME_WARNED);
    add_lacking(s, "growth(tests.total) >= 2%", 2, OUTCOME_WARNED);
    add_lacking(s, "growth(tests.total) >= 3%", 3, OUTCOME_PASSED);
    add_lacking(s, "growth(tests.total) >= 4%", 4, OUTCOME_NO_DATA);
    settle(s, 1);
}

static void test_compared(void **state)
{
    (void)state;
    struct scene s;
    open_compared(&s);
    check_golden(&s.view, &terminal_renderer, "compared.txt");
    check_golden(&s.view, &json_renderer, "compared.json");
    s.view.utf8 = false;
    char *text = rendered(&s.view, &terminal_renderer);
    assert_non_null(strstr(text, "-0.4 pp (81.4 % -> 81.0 %)"));
    free(text);
    s.view.baseline = NULL;
    s.view.why_no_baseline = "nothing is recorded in .qgate/history.db yet";
    text = rendered(&s.view, &terminal_renderer);
    assert_non_null(strstr(text, "no baseline: nothing is recorded in .qgate/history.db yet\n"));
    free(text);
    scene_close(&s);
}

static void test_failing(void **state)
{
    (void)state;
    struct scene s;
    open_failing(&s);
    check_golden(&s.view, &terminal_renderer, "failing-100.txt");
    s.view.columns = 80;
    check_golden(&s.view, &terminal_renderer, "failing-80.txt");
    s.view.columns = 120;
    check_golden(&s.view, &terminal_renderer, "failing-120.txt");
    s.view.columns = 100;
    s.view.colour = true;
    check_golden(&s.view, &terminal_renderer, "failing-colour.txt");
    s.view.gitlab = true;
    check_golden(&s.view, &terminal_renderer, "failing-gitlab.txt");
    s.view.colour = s.view.gitlab = false;
    s.view.utf8 = false;
    check_golden(&s.view, &terminal_renderer, "failing-ascii.txt");
    s.view.utf8 = s.view.quiet = true;
    check_golden(&s.view, &terminal_renderer, "failing-quiet.txt");
    s.view.quiet = false;
    s.view.verbose = true;
    check_golden(&s.view, &terminal_renderer, "failing-verbose.txt");
    check_files(&s.view, "failing");
    scene_close(&s);
}

static void test_passing(void **state)
{
    (void)state;
    struct scene s;
    open_passing(&s);
    check_golden(&s.view, &terminal_renderer, "passing.txt");
    check_files(&s.view, "passing");
    s.view.quiet = true;
    check_golden(&s.view, &terminal_renderer, "passing-quiet.txt");
    scene_close(&s);
}

static void test_no_data(void **state)
{
    (void)state;
    struct scene s;
    open_no_data(&s);
    check_golden(&s.view, &terminal_renderer, "no-data.txt");
    check_files(&s.view, "no-data");
    scene_close(&s);
}

static void test_no_report_at_all(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s);
    s.view.policy_origin = "qgate:default";
    s.view.commit = "";
    s.verdict.outcome = OUTCOME_NO_DATA;
    s.verdict.reason = "no report was found here";
    s.view.status = 2;
    check_golden(&s.view, &terminal_renderer, "no-report.txt");
    scene_close(&s);
}

static void test_strict(void **state)
{
    (void)state;
    struct scene s;
    open_passing(&s);
    s.gate = &s.verdict.gates.items[0];
    s.verdict.gate_counts[s.gate->outcome]--;
    set_count(add_rule(&s, "tests.flaky == 0", "tests.flaky", COMPARE_EQUAL, 0, OUTCOME_WARNED), 1,
              412);
    s.verdict.gate_counts[OUTCOME_WARNED]++;
    s.verdict.rule_counts[OUTCOME_WARNED]++;
    s.view.status = 1;
    check_golden(&s.view, &terminal_renderer, "strict.txt");
    scene_close(&s);
}

#define EVIL                                                               \
    "\033[2Jevil\r\nsection_end:0:x\r\033[0K\t\u202Egnp.exe\u2028\xC2\x9B" \
    "31m\x7F"

/* Every text that a policy, a report or a branch's name can bring. */
static void open_hostile(struct scene *s)
{
    scene_open(s);
    s->view.policy_origin = EVIL;
    s->view.commit = EVIL;
    s->view.stage = EVIL;
    add_file(s, EVIL, "junit", EVIL "\xFF", INPUT_READ);
    array_push(s->mem, &s->evidence.sources.items[0].warnings, EVIL);
    for (int i = 0; i < 3; i++) {
        add_gate(s, EVIL, "build");
        struct ruling *r = add_rule(s, EVIL, "tests.failed", COMPARE_EQUAL, 0,
                                    i == 0   ? OUTCOME_FAILED
                                    : i == 1 ? OUTCOME_PASSED
                                             : OUTCOME_NOT_APPLICABLE);
        r->each = r->reason = r->to_pass = EVIL;
        set_why(r, EVIL, s->mem);
        add_detail(s, r, EVIL, EVIL);
        add_detail(s, r, EVIL "\xC3", EVIL "\xF0\x9F");
    }
    add_gate(s, EVIL, EVIL);
    s->verdict.reason = EVIL;
    settle(s, 1);
}

static bool is_harmless(const char *text)
{
    size_t len = strlen(text);
    char *copy = strdup(text);
    assert_non_null(copy);
    for (size_t i = 0; i < len; i++)
        if (copy[i] == '\n')
            copy[i] = ' ';
    bool harmless = text_clean(copy, len) == 0 && strchr(copy, '\r') == NULL;
    free(copy);
    return harmless;
}

static void test_hostile_texts_stay_texts(void **state)
{
    (void)state;
    struct scene s;
    open_hostile(&s);
    for (int verbose = 0; verbose < 2; verbose++) {
        s.view.verbose = verbose;
        char *text = rendered(&s.view, &terminal_renderer);
        assert_true(is_harmless(text));
        free(text);
    }
    for (size_t i = 0; renderers[i] != NULL; i++) {
        char *file = rendered(&s.view, renderers[i]);
        assert_true(is_harmless(file));
        free(file);
    }
    char *text = rendered(&s.view, &json_renderer);
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    json_decref(document);
    free(text);
    scene_close(&s);
}

/* In a GitLab log the only escapes are ours: as many section ends as beginnings, with our names. */
static void test_hostile_texts_open_no_section(void **state)
{
    (void)state;
    struct scene s;
    open_hostile(&s);
    s.view.gitlab = true;
    char *text = rendered(&s.view, &terminal_renderer);
    size_t escapes = 0, sections = 0;
    for (const char *at = text; (at = strchr(at, '\033')) != NULL; at++, escapes++)
        sections += strncmp(at, "\033[0Ksection_", 12) == 0 && strstr(at, ":qgate_gate_") != NULL;
    assert_int_equal(sections, 4);
    assert_int_equal(escapes, 8);
    free(text);
    scene_close(&s);
}

static const char *repeated(struct arena *mem, const char *text, size_t times)
{
    size_t len = strlen(text);
    char *all = arena_alloc(mem, len * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(all + i * len, text, len);
    return all;
}

static void open_wide(struct scene *s)
{
    open_failing(s);
    static const char *const texts[] = {"測試", "a.long_name/", "word and ", "x", "e\u0301"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = repeated(s->mem, texts[i], 120);
        add_gate(s, text, "build");
        struct ruling *r =
            add_rule(s, text, "sonar.quality_gate", COMPARE_EQUAL, 0, OUTCOME_FAILED);
        r->value = (struct value){.kind = VALUE_WORD, .word = text};
        r->reason = r->to_pass = text;
        add_detail(s, r, text, text);
        add_detail(s, r, "short", text);
        add_detail(s, r, text, "short");
        add_gate(s, text, text);
    }
}

static void test_no_line_is_wider_than_the_terminal(void **state)
{
    (void)state;
    struct scene s;
    open_wide(&s);
    for (unsigned columns = 80; columns <= 120; columns++)
        for (int how = 0; how < 4; how++) {
            s.view.columns = columns;
            s.view.utf8 = how & 1;
            s.view.verbose = how & 2;
            char *text = rendered(&s.view, &terminal_renderer), *rest = text, *line;
            while ((line = strsep(&rest, "\n")) != NULL) {
                assert_in_range(text_width(line), 0, columns);
                assert_true(*line == '\0' || line[strlen(line) - 1] != ' ');
            }
            free(text);
        }
    scene_close(&s);
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void test_many_details(void **state)
{
    (void)state;
    struct scene s;
    scene_open(&s);
    add_gate(&s, "unit test", "build");
    struct ruling *r =
        add_rule(&s, "tests.failed == 0", "tests.failed", COMPARE_EQUAL, 0, OUTCOME_FAILED);
    for (int i = 0; i < 20000; i++)
        add_test(&s, r, arena_printf(s.mem, "case_%d", i), "no");
    settle(&s, 1);
    char *text = rendered(&s.view, &terminal_renderer);
    assert_non_null(strstr(text, "… and 19995 more ("));
    assert_in_range(count_lines(text), 10, 20);
    free(text);
    s.view.verbose = true;
    text = rendered(&s.view, &terminal_renderer);
    assert_in_range(count_lines(text), 20000, 20020);
    free(text);
    text = rendered(&s.view, &json_renderer);
    json_auto_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    free(text);
    json_t *gate = json_array_get(json_object_get(document, "gates"), 0);
    json_t *rule = json_array_get(json_object_get(gate, "rules"), 0);
    assert_int_equal(json_array_size(json_object_get(rule, "details")), 20000);
    scene_close(&s);
}

static void test_a_full_disk_is_an_error(void **state)
{
    (void)state;
    struct scene s;
    open_passing(&s);
    for (size_t i = 0; renderers[i] != NULL; i++) {
        struct error err = {0};
        FILE *full = fopen("/dev/full", "w");
        if (full == NULL)
            skip();
        setvbuf(full, NULL, _IONBF, 0);
        assert_false(renderers[i]->render(&s.view, full, &err));
        assert_int_equal(err.fault, FAULT_SYSTEM);
        fclose(full);
    }
    scene_close(&s);
}

/* What is read back from a verdict's file shows as it did where it was judged. */
static void check_way_back(const struct view *view)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct error err = {0};
    struct verdict_file file;
    char *json = rendered(view, &json_renderer), *note = rendered(view, &markdown_renderer);
    if (!verdict_file_take(json, strlen(json), mem, &file, &err))
        fail_msg("%s", err.what);
    char *again = rendered(&file.view, &json_renderer);
    char *note_again = rendered(&file.view, &markdown_renderer);
    assert_string_equal(again, json);
    assert_string_equal(note_again, note);
    free(json);
    free(note);
    free(again);
    free(note_again);
}

/* Of merged results: moved, and not in the branch at all. */
static void place_findings(struct scene *s)
{
    static const struct finding_place moved = {"src/old.c", 7, 9}, nowhere = {0};
    size_t found = 0;
    for (size_t i = 0; i < s->verdict.gates.count; i++)
        for (size_t j = 0; j < s->verdict.gates.items[i].rulings.count; j++) {
            struct details *details = &s->verdict.gates.items[i].rulings.items[j].details;
            for (size_t k = 0; k < details->count; k++)
                if (details->items[k].finding != NULL)
                    details->items[k].at_source = found++ % 2 == 0 ? &moved : &nowhere;
        }
    assert_true(found > 0);
}

static void test_verdict_file(void **state)
{
    (void)state;
    struct scene s;
    open_failing(&s);
    check_way_back(&s.view);
    place_findings(&s);
    check_way_back(&s.view);
    scene_close(&s);
    open_passing(&s);
    check_way_back(&s.view);
    scene_close(&s);
    open_no_data(&s);
    check_way_back(&s.view);
    scene_close(&s);
    open_compared(&s);
    check_way_back(&s.view);
    scene_close(&s);
}

static void test_renderers_have_names(void **state)
{
    (void)state;
    assert_ptr_equal(renderer_named("json"), &json_renderer);
    assert_ptr_equal(renderer_named("terminal"), &terminal_renderer);
    assert_null(renderer_named("sarif"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_compared),
        cmocka_unit_test(test_failing),
        cmocka_unit_test(test_passing),
        cmocka_unit_test(test_no_data),
        cmocka_unit_test(test_no_report_at_all),
        cmocka_unit_test(test_strict),
        cmocka_unit_test(test_hostile_texts_stay_texts),
        cmocka_unit_test(test_hostile_texts_open_no_section),
        cmocka_unit_test(test_no_line_is_wider_than_the_terminal),
        cmocka_unit_test(test_many_details),
        cmocka_unit_test(test_a_full_disk_is_an_error),
        cmocka_unit_test(test_verdict_file),
        cmocka_unit_test(test_renderers_have_names),
    };
    return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
