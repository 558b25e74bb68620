/* A court for tests: a policy as text, reports as text, and the verdict on them.
 *
 *     struct court court;
 *     court_open(&court, "version: 1\n…");
 *     court_report(&court, "unit", "junit", "<testsuite>…");
 *     court_judge(&court);
 *     assert_string_equal(court_says(&court, 0, 0), "failed: 1 | make this test pass");
 *     court_close(&court);
 */
#ifndef TESTS_SUPPORT_COURT_H
#define TESTS_SUPPORT_COURT_H

#include <stdio.h>
#include <string.h>

#include "gates/judge/judge.h"
#include "tests/support/test.h"

/* A policy of one gate with these entries of `require`. */
#define POLICY(rules) "version: 1\ngates:\n  - name: gate\n    require:\n" rules

struct court {
    struct arena *mem;
    struct policy policy;
    struct evidence evidence;
    struct evidence then; /* the baseline; see court_is_baseline() */
    struct docket docket;
    struct verdict verdict;
    struct path_index *index; /* of the repository's files; NULL: paths stay as reports say */
};

struct court_text {
    const char *text;
    size_t left;
};

static inline bool court_pull(void *handle, char *buffer, size_t room, size_t *got,
                              struct error *err)
{
    struct court_text *in = handle;
    (void)err;
    *got = in->left < room ? in->left : room;
    memcpy(buffer, in->text, *got);
    in->text += *got;
    in->left -= *got;
    return true;
}

static inline void court_open(struct court *court, const char *policy)
{
    *court = (struct court){.mem = arena_new()};
    struct problems found;
    struct error err = {0};
    problems_init(&found, court->mem);
    bool loaded = policy_load("policy.yml", policy, strlen(policy), NULL, court->mem,
                              &court->policy, &found, &err);
    for (size_t i = 0; i < found.count; i++)
        print_error("policy.yml:%u:%u: %s\n", found.items[i].at.line, found.items[i].at.column,
                    found.items[i].what);
    assert_true(loaded);
    assert_int_equal(found.count, 0);
    court->docket = (struct docket){.policy = &court->policy,
                                    .now = &court->evidence,
                                    .stage = "build",
                                    .why_no_baseline = "none",
                                    .today = 20000};
}

static inline struct source *court_source(struct court *court, const char *name, const char *format)
{
    for (size_t i = 0; i < court->evidence.sources.count; i++)
        if (strcmp(court->evidence.sources.items[i].name, name) == 0 &&
            strcmp(court->evidence.sources.items[i].format, format) == 0)
            return &court->evidence.sources.items[i];
    struct source *source = array_add(court->mem, &court->evidence.sources);
    source_init(source, court->mem, name, format);
    source->path = name;
    return source;
}

/* The files of the repository, parted by spaces; before the reports. */
static inline void court_files(struct court *court, const char *files)
{
    struct words list = {0};
    for (size_t size; *files != '\0'; files += size + (files[size] == ' ')) {
        size = strcspn(files, " ");
        array_push(court->mem, &list, arena_copy(court->mem, files, size));
    }
    court->index = path_index_new(court->mem, "/repo", &list);
    court->evidence.files = court->index;
}

static inline void court_changed_file(struct court *court, struct change *change, const char *text)
{
    static const char *const hows[] = {"A", "M", "R", "D"}; /* in the order of enum change_how */
    char how[8], path[100], old[100], word[40];
    int size = 0;
    struct changed_file *file = array_add(court->mem, &change->files);
    assert_int_equal(sscanf(text, "%7s %99s%n", how, path, &size), 2);
    while (strcmp(hows[file->how], how) != 0)
        file->how++;
    file->path = file->old_path = arena_copy(court->mem, path, strlen(path));
    if (file->how == CHANGE_RENAMED) {
        assert_int_equal(sscanf(text, "%*s %99s %99s%n", old, path, &size), 2);
        file->path = arena_copy(court->mem, path, strlen(path));
    }
    for (text += size; sscanf(text, "%39s%n", word, &size) == 1; text += size) {
        struct line_range range = {0};
        file->no_code |= strcmp(word, "no_code") == 0;
        file->binary |= strcmp(word, "binary") == 0;
        if (sscanf(word, "%u-%u", &range.first, &range.last) == 1)
            range.last = range.first;
        if (range.first > 0)
            array_push(court->mem, &file->added, range);
    }
}

/* What this change did, as `git diff --name-status` with the added lines behind it, parted by
 * semicolons and sorted by path: "M src/Fee.java 3-5 9; R src/a.c src/b.c; D c.c; A x.c 1 no_code".
 */
static inline void court_change(struct court *court, const char *text)
{
    struct change *change = arena_new_item(court->mem, struct change);
    change->base = change->head = "";
    for (size_t size; *text != '\0'; text += size + (text[size] == ';')) {
        size = strcspn(text, ";");
        court_changed_file(court, change, arena_copy(court->mem, text, size));
    }
    court->docket.change = change;
}

/* One report of that name and format; several of one name become one source. A report that cannot
 * be read makes its source broken, as the runner does. */
static inline void court_report(struct court *court, const char *name, const char *format,
                                const char *text)
{
    struct arena *scratch = arena_new();
    struct court_text handle = {text, strlen(text)};
    struct input in = {
        .path = name, .pull = court_pull, .handle = &handle, .run = court->mem, .scratch = scratch};
    struct source *source = court_source(court, name, format), fresh;
    struct error *err = arena_new_item(court->mem, struct error);
    source_init(&fresh, court->mem, name, format);
    fresh.origin = name;
    struct input_record *record = array_add(court->mem, &source->inputs);
    *record = (struct input_record){.path = name, .state = INPUT_READ};
    bool read = input_begin(&in, err) && report_read(reader_named(format), &in, &fresh, err);
    if (read && court->index != NULL)
        paths_resolve(&fresh, court->index, court->mem);
    if (!read || !source_merge(source, court->mem, &fresh, err)) {
        record->state = INPUT_BROKEN;
        record->error = err;
        source->whole = false;
    }
    arena_free(scratch);
}

/* A report that should be there and is not. */
static inline void court_missing(struct court *court, const char *name, const char *format,
                                 bool optional)
{
    struct source *source = court_source(court, name, format);
    struct input_record *record = array_add(court->mem, &source->inputs);
    *record = (struct input_record){.path = name, .state = INPUT_MISSING};
    source->optional = optional;
    source->whole = optional;
}

static inline void court_settle(struct court *court)
{
    for (size_t i = 0; i < court->evidence.sources.count; i++) {
        source_settle(&court->evidence.sources.items[i], court->mem);
        source_fingerprint(&court->evidence.sources.items[i], court->mem);
    }
}

/* The reports so far are the baseline; those to come are this run's. */
static inline void court_is_baseline(struct court *court, const char *commit)
{
    court_settle(court);
    court->then = court->evidence;
    court->then.commit = commit;
    court->evidence = (struct evidence){.commit = ""};
    court->docket.then = &court->then;
}

static inline void court_judge(struct court *court)
{
    court_settle(court);
    judge(&court->docket, court->mem, &court->verdict);
}

/* "OUTCOME: VALUE | REASON | TO PASS" of one ruling, empty parts left out. */
static inline const char *court_says(struct court *court, size_t gate, size_t ruling)
{
    assert_true(gate < court->verdict.gates.count);
    assert_true(ruling < court->verdict.gates.items[gate].rulings.count);
    const struct ruling *r = &court->verdict.gates.items[gate].rulings.items[ruling];
    const char *value = "";
    if (r->rule->any.count == 0)
        value = ruling_text(r, court->mem);
    return arena_printf(court->mem, "%s: %s%s%s%s%s%s%s", outcome_name(r->outcome), value,
                        r->each != NULL ? " @ " : "", r->each != NULL ? r->each : "",
                        r->reason[0] != '\0' ? " | " : "", r->reason,
                        r->to_pass[0] != '\0' ? " | " : "", r->to_pass);
}

/* The rule, which may ask for the policy's components. */
static inline struct rule *court_rule(struct court *court, const char *text)
{
    struct problems found;
    problems_init(&found, court->mem);
    struct rule *rule = rule_parse(text, (struct place){"test", 1, 1}, court->mem, &found);
    if (rule == NULL)
        fail_msg("%s: %s", text, found.items[0].what);
    rule->selector.components = &court->policy.components;
    return rule;
}

/* The value of the left side of a rule, as text; the reason in brackets when there is none. */
static inline const char *court_value(struct court *court, const char *rule_text)
{
    struct value value;
    const struct rule *rule = court_rule(court, rule_text);
    measure_take(&rule->selector, &court->evidence, court->mem, &value);
    if (value.kind == VALUE_NONE || value.kind == VALUE_ERROR)
        return arena_printf(court->mem, "(%s)", value.why);
    return value_text(&value, rule->selector.measure, NULL, court->mem);
}

/* The values that a label of the left side of a rule has, for `each`: "a, b". */
static inline const char *court_values(struct court *court, const char *rule_text,
                                       const char *label)
{
    struct words values;
    const char *text = "";
    measure_label_values(&court_rule(court, rule_text)->selector, label, &court->evidence,
                         court->mem, &values);
    for (size_t i = 0; i < values.count; i++)
        text = arena_printf(court->mem, "%s%s%s", text, i == 0 ? "" : ", ", values.items[i]);
    return text;
}

static inline void court_close(struct court *court)
{
    arena_free(court->mem);
}

/* What the verdict says of a rule of the first gate, as court_says(). */
static inline void court_is(struct court *court, size_t ruling, const char *says)
{
    assert_string_equal(court_says(court, 0, ruling), says);
}

static inline const struct details *court_details(const struct court *court, size_t ruling)
{
    return &court->verdict.gates.items[0].rulings.items[ruling].details;
}

/* "subject text" of one of its details. */
static inline void court_lists(const struct court *court, size_t ruling, size_t index,
                               const char *says)
{
    assert_true(index < court_details(court, ruling)->count);
    const struct detail *detail = &court_details(court, ruling)->items[index];
    assert_string_equal(arena_printf(court->mem, "%s %s", detail->subject, detail->text), says);
}

#endif
