/* Verdicts built by hand, for what is rendered of them. */
#ifndef TESTS_SUPPORT_SCENE_H
#define TESTS_SUPPORT_SCENE_H

#include <stdlib.h>
#include <string.h>

#include "runner/render/render.h"
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

static inline void scene_open(struct scene *s)
{
    *s = (struct scene){.mem = arena_new()};
    s->policy.path = ".qgate.yml";
    memset(s->policy.sha256, 'a', DIGEST_HEX - 1);
    s->policy.gitlab.max_threads = THREADS_USUAL;
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

static inline void scene_close(struct scene *s)
{
    arena_free(s->mem);
}

static inline void add_origin(struct scene *s, const char *role, const char *name)
{
    struct policy_origin *origin = array_add(s->mem, &s->policy.origins);
    origin->role = role;
    origin->name = name;
    memset(origin->sha256, 'b', DIGEST_HEX - 1);
}

static inline struct gate_ruling *add_gate(struct scene *s, const char *name, const char *stage)
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
static inline struct ruling *add_rule(struct scene *s, const char *text, const char *measure,
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

static inline void set_why(struct ruling *ruling, const char *why, struct arena *mem)
{
    struct rule *rule = arena_new_item(mem, struct rule);
    *rule = *ruling->rule;
    rule->why = why;
    ruling->rule = rule;
}

static inline void set_count(struct ruling *ruling, uint64_t part, uint64_t whole)
{
    ruling->value.kind = VALUE_NUMBER;
    ruling->value.number = number_of((int64_t)part);
    ruling->value.has_parts = whole > 0;
    ruling->value.part = part;
    ruling->value.whole = whole;
}

static inline void set_ratio(struct ruling *ruling, uint64_t part, uint64_t whole)
{
    set_count(ruling, part, whole);
    ruling->value.number = number_ratio((int64_t)part * 100, whole);
}

static inline void add_detail(struct scene *s, struct ruling *ruling, const char *subject,
                              const char *text)
{
    struct detail *detail = array_add(s->mem, &ruling->details);
    detail->subject = subject;
    detail->text = text;
}

static inline void add_test(struct scene *s, struct ruling *ruling, const char *name,
                            const char *message)
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

static inline void add_vulnerability(struct scene *s, struct ruling *ruling)
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

static inline struct input_record *add_file(struct scene *s, const char *name, const char *format,
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
static inline void settle(struct scene *s, int status)
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

static inline void set_sides(struct scene *s, struct ruling *ruling, enum function function,
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

static inline void add_lacking(struct scene *s, const char *text, int64_t least,
                               enum outcome outcome)
{
    struct ruling *ruling = add_rule(s, text, "tests.total", COMPARE_AT_LEAST, least, outcome);
    ruling->no_baseline = true;
    ruling->reason = "nothing is recorded in .qgate/history.db yet";
}

/* The bytes of a rendering; free() them. */
static inline char *rendered(const struct view *view, const struct renderer *renderer)
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

#endif
