/* "to pass": the smallest thing that makes a failing rule hold, and what stands behind its value.
 *
 * Doing exactly what it says makes the rule pass; doing one less does not. Numbers are found by asking
 * the comparison itself, so the advice can never disagree with the verdict.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gates/judge/parts.h"
#include "gates/measure/take.h"

static bool is_up(const struct rule *rule)
{
    return rule->compare == COMPARE_MORE || rule->compare == COMPARE_AT_LEAST;
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static struct number ratio_of(uint64_t part, uint64_t whole)
{
    return number_scale(number_ratio((int64_t)part, whole), 100, 1);
}

static bool holds(const struct rule *rule, struct number number)
{
    struct value value = {.kind = VALUE_NUMBER, .number = number};
    return verdict_compare(rule, &value, rule->threshold);
}

/* The smallest k from 1 to `most` for which the rule holds, by bisection: `try` is monotonous in k. 0: none. */
static uint64_t smallest(const struct rule *rule, uint64_t most,
                         struct number (*try)(const struct value *, uint64_t),
                         const struct value *value)
{
    uint64_t low = 1, high = most;
    if (most == 0 || !holds(rule, try(value, most)))
        return 0;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (holds(rule, try(value, middle)))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static struct number part_more(const struct value *value, uint64_t k)
{
    return ratio_of(value->part + k, value->whole);
}

static struct number part_less(const struct value *value, uint64_t k)
{
    return ratio_of(value->part - k, value->whole);
}

static struct number count_more(const struct value *value, uint64_t k)
{
    return number_add(value->number, number_of((int64_t)k));
}

static struct number count_less(const struct value *value, uint64_t k)
{
    return number_add(value->number, number_of(-(int64_t)k));
}

/* How many of a counted thing must go, or come. */
static uint64_t needed(const struct rule *rule, const struct value *value)
{
    bool up = is_up(rule) || (rule->compare == COMPARE_EQUAL &&
                              number_compare(value->number, rule->threshold) < 0);
    return smallest(rule, INT32_MAX, up ? count_more : count_less, value);
}

/* ---- tests */

static void list_tests(struct trial *trial, const struct rule *rule, enum test_mark mark,
                       struct ruling *ruling)
{
    const struct evidence *now = trial->docket->now;
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct source *source = &now->sources.items[i];
        if (!measure_draws(&rule->selector, source))
            continue;
        for (size_t j = 0; j < source->tests.cases.count; j++) {
            const struct test_case *test = &source->tests.cases.items[j];
            struct error err = {0};
            bool matches = false;
            bool wanted = test->mark == mark ||
                          (mark == TEST_MARK_FAILED && test->mark == TEST_MARK_BESIDE);
            if (!wanted || !selector_matches_test(&rule->selector, test, &matches, &err) || !matches)
                continue;
            struct detail *detail = array_add(trial->mem, &ruling->details);
            const char *dot = test->classname[0] != '\0' && test->name[0] != '\0' ? "." : "";
            *detail = (struct detail){
                .test = test,
                .subject = arena_printf(trial->mem, "%s%s%s", test->classname, dot, test->name),
                .text = test->message};
            if (detail->subject[0] == '\0')
                detail->subject = test->suite[0] != '\0' ? test->suite : "a suite without a name";
        }
    }
}

static const char *fix_tests(struct trial *trial, uint64_t fix, uint64_t failed)
{
    if (fix == failed)
        return arena_printf(trial->mem, "make %s %" PRIu64 " test%s pass",
                            failed == 1 ? "this" : "these", failed, plural(failed));
    return arena_printf(trial->mem, "make %" PRIu64 " of these %" PRIu64 " tests pass", fix, failed);
}

static void advise_tests(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    int what = rule->selector.measure->what;
    uint64_t k = needed(rule, value);
    switch (what) {
    case TESTS_SUCCESS_RATE:
        list_tests(trial, rule, TEST_MARK_FAILED, ruling);
        k = smallest(rule, value->whole - value->part, part_more, value);
        ruling->to_pass = fix_tests(trial, k, value->whole - value->part);
        break;
    case TESTS_FAILED:
    case TESTS_FAILURES:
    case TESTS_ERRORS:
        list_tests(trial, rule, TEST_MARK_FAILED, ruling);
        ruling->to_pass = fix_tests(trial, k, value->part);
        break;
    case TESTS_FLAKY:
        list_tests(trial, rule, TEST_MARK_FLAKY, ruling);
        ruling->to_pass = arena_printf(trial->mem, "make %" PRIu64 " of %" PRIu64
                                       " flaky tests pass at the first try", k, value->part);
        break;
    case TESTS_SKIPPED:
        ruling->to_pass = arena_printf(trial->mem, "run %" PRIu64 " of the %" PRIu64
                                       " skipped tests", k, value->part);
        break;
    case TESTS_DURATION:
        ruling->to_pass = advise_difference(trial, rule, value);
        break;
    default:
        ruling->to_pass = arena_printf(trial->mem, "run %" PRIu64 " %s test%s", k,
                                       is_up(rule) ? "more" : "fewer", plural(k));
        break;
    }
}

/* ---- coverage */

struct missed {
    const char *path;
    uint64_t missed, of;
};

struct missed_files ARRAY(struct missed);

static int most_missed_first(const void *a, const void *b)
{
    const struct missed *p = a, *q = b;
    if (p->missed != q->missed)
        return p->missed > q->missed ? -1 : 1;
    return strcmp(p->path, q->path);
}

/* The files with the most untested lines: where a test helps most. */
static void list_missed(struct trial *trial, const struct rule *rule, bool branches,
                        struct ruling *ruling)
{
    struct missed_files files = {0};
    const struct evidence *now = trial->docket->now;
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct source *source = &now->sources.items[i];
        if (!measure_draws(&rule->selector, source))
            continue;
        for (size_t j = 0; j < source->coverage.files.count; j++) {
            const struct covered_file *file = &source->coverage.files.items[j];
            struct error err = {0};
            bool matches = false;
            if (!selector_matches_path(&rule->selector, file->path, &matches, &err) || !matches)
                continue;
            struct line_counts counts = lines_count(&file->lines);
            uint64_t missed = branches ? counts.branches - counts.branches_covered
                                       : counts.known - counts.hit;
            if (missed > 0)
                array_push(trial->mem, &files, ((struct missed){file->path, missed,
                                                branches ? counts.branches : counts.known}));
        }
    }
    if (files.count > 0)
        qsort(files.items, files.count, sizeof *files.items, most_missed_first);
    for (size_t i = 0; i < files.count; i++) {
        struct detail *detail = array_add(trial->mem, &ruling->details);
        detail->subject = files.items[i].path;
        detail->text = arena_printf(trial->mem, "%" PRIu64 " of %" PRIu64 " %s not run",
                                    files.items[i].missed, files.items[i].of,
                                    branches ? "branches" : "lines");
    }
}

static void advise_coverage(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    int what = rule->selector.measure->what;
    bool branches = what == COVERAGE_BRANCHES || what == COVERAGE_BRANCHES_COVERED ||
                    what == COVERAGE_BRANCHES_VALID;
    bool rate = what == COVERAGE_LINES || what == COVERAGE_BRANCHES;
    const char *thing = what == COVERAGE_FILES ? "file" : branches ? "branch" : "line";
    uint64_t k = rate ? smallest(rule, value->whole - value->part, part_more, value)
                      : needed(rule, value);
    const char *more = branches && k != 1 ? "es" : plural(k);
    if (rate || what == COVERAGE_LINES_COVERED || what == COVERAGE_BRANCHES_COVERED)
        list_missed(trial, rule, branches, ruling);
    if (rate)
        ruling->to_pass = arena_printf(trial->mem, "test %" PRIu64 " more %s%s (of %" PRIu64
                                       " that no test runs)", k, thing, more,
                                       value->whole - value->part);
    else if (what == COVERAGE_LINES_COVERED || what == COVERAGE_BRANCHES_COVERED)
        ruling->to_pass = arena_printf(trial->mem, "test %" PRIu64 " more %s%s", k, thing, more);
    else
        ruling->to_pass = arena_printf(trial->mem, "report %" PRIu64 " %s %s%s", k,
                                       is_up(rule) ? "more" : "fewer", thing, more);
}

/* ---- load */

static void list_labels(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    struct words labels;
    measure_label_values(&rule->selector, "label", trial->docket->now, trial->mem, &labels);
    for (size_t i = 0; i < labels.count; i++) {
        struct selector one = rule->selector;
        struct label_matches matches = {0};
        for (size_t j = 0; j < rule->selector.labels.count; j++)
            array_push(trial->mem, &matches, rule->selector.labels.items[j]);
        array_push(trial->mem, &matches, ((struct label_match){
                   .label = "label", .op = LABEL_IS, .value = labels.items[i], .literal = true}));
        one.labels = matches;
        struct value value;
        measure_take(&one, trial->docket->now, trial->mem, &value);
        if (value.kind != VALUE_NUMBER || verdict_compare(rule, &value, rule->threshold))
            continue;
        struct detail *detail = array_add(trial->mem, &ruling->details);
        detail->subject = labels.items[i];
        detail->text = value_text(&value, rule->selector.measure, &rule->threshold, trial->mem);
    }
}

static void advise_load(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct value *value = &ruling->value;
    int what = rule->selector.measure->what;
    if (what != LOAD_SAMPLES && what != LOAD_THROUGHPUT && what != LOAD_DURATION)
        list_labels(trial, rule, ruling);
    if (what == LOAD_ERROR_RATE) {
        uint64_t k = smallest(rule, value->part, part_less, value);
        ruling->to_pass = arena_printf(trial->mem, "%" PRIu64 " fewer error%s in %" PRIu64
                                       " samples", k, plural(k), value->whole);
    } else if (what == LOAD_SAMPLES || what == LOAD_ERRORS) {
        uint64_t k = needed(rule, value);
        ruling->to_pass = arena_printf(trial->mem, "%" PRIu64 " %s %s%s", k,
                                       is_up(rule) ? "more" : "fewer",
                                       what == LOAD_SAMPLES ? "sample" : "error", plural(k));
    } else {
        ruling->to_pass = advise_difference(trial, rule, value);
    }
}

/* ---- findings */

static void list_findings(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    const struct evidence *now = trial->docket->now;
    const struct measure *measure = rule->selector.measure;
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct source *source = &now->sources.items[i];
        if (!measure_draws(&rule->selector, source))
            continue;
        for (size_t j = 0; j < source->findings.count; j++) {
            const struct finding *finding = &source->findings.items[j];
            struct error err = {0};
            bool matches = false;
            if ((measure->family != FAMILY_COUNT && measure->family != finding->family) ||
                !selector_matches_finding(&rule->selector, finding, &matches, &err) || !matches)
                continue;
            struct detail *detail = array_add(trial->mem, &ruling->details);
            *detail = (struct detail){.finding = finding,
                                      .subject = finding->rule != NULL ? finding->rule : "",
                                      .text = finding->message != NULL ? finding->message : ""};
        }
    }
}

struct update {
    const char *package, *fixed;
};

struct updates ARRAY(struct update);

static int by_package(const void *a, const void *b)
{
    const struct update *p = a, *q = b;
    int packages = strcmp(p->package, q->package);
    return packages != 0 ? packages : strcmp(p->fixed, q->fixed);
}

static struct updates collect_updates(struct trial *trial, const struct details *details,
                                      uint64_t *unfixed)
{
    struct updates updates = {0};
    for (size_t i = 0; i < details->count; i++) {
        const struct finding *finding = details->items[i].finding;
        if (finding->package == NULL || finding->fixed == NULL || finding->fixed[0] == '\0')
            ++*unfixed;
        else
            array_push(trial->mem, &updates, ((struct update){finding->package, finding->fixed}));
    }
    if (updates.count > 0)
        qsort(updates.items, updates.count, sizeof *updates.items, by_package);
    size_t kept = 0;
    for (size_t i = 0; i < updates.count; i++)
        if (i == 0 || by_package(&updates.items[i], &updates.items[kept - 1]) != 0)
            updates.items[kept++] = updates.items[i];
    updates.count = kept;
    return updates;
}

static const char *say_updates(struct trial *trial, const struct updates *updates)
{
    enum { SHOWN = 3 };
    const char *text = "";
    for (size_t i = 0; i < updates->count && i < SHOWN; i++)
        text = arena_printf(trial->mem, "%s%s %s to %s", text, i == 0 ? "update" : ",",
                            updates->items[i].package, updates->items[i].fixed);
    if (updates->count > SHOWN)
        text = arena_printf(trial->mem, "%s and %zu more packages", text, updates->count - SHOWN);
    return text;
}

static void advise_findings(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    list_findings(trial, rule, ruling);
    uint64_t unfixed = 0, k = needed(rule, &ruling->value);
    struct updates updates = collect_updates(trial, &ruling->details, &unfixed);
    bool all = k == ruling->details.count;
    if (all && updates.count > 0)
        ruling->to_pass = arena_printf(trial->mem, "%s%s", say_updates(trial, &updates),
                                       unfixed == 0 ? "" : arena_printf(trial->mem,
                                       "; repair or replace %" PRIu64 " without a fixed version", unfixed));
    else if (all)
        ruling->to_pass = arena_printf(trial->mem, "repair %s %" PRIu64, k == 1 ? "this" : "these", k);
    else
        ruling->to_pass = arena_printf(trial->mem, "repair %" PRIu64 " of these %zu", k,
                                       ruling->details.count);
}

/* ---- facts and the rest */

static void advise_fact(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    if (rule->word != NULL)
        ruling->to_pass = arena_printf(trial->mem, "see in SonarQube why it is %s, not %s",
                                       ruling->value.kind == VALUE_WORD ? ruling->value.word : "a number",
                                       rule->word);
    else if (rule->selector.measure->unit == UNIT_RATING)
        ruling->to_pass = arena_printf(trial->mem, "bring it from %s to %s",
                                       number_with_unit(ruling->value.number, UNIT_RATING, trial->mem),
                                       number_with_unit(rule->threshold, UNIT_RATING, trial->mem));
    else
        ruling->to_pass = advise_difference(trial, rule, &ruling->value);
}

const char *advise_difference(struct trial *trial, const struct rule *rule, const struct value *value)
{
    struct number gap = number_add(rule->threshold, (struct number){-value->number.above, value->number.below});
    bool up = gap.above > 0;
    gap.above = up ? gap.above : -gap.above;
    bool strict = rule->compare == COMPARE_LESS || rule->compare == COMPARE_MORE;
    return arena_printf(trial->mem, "%s%s %s", strict ? "over " : "",
                        number_with_unit(gap, rule->selector.measure->unit, trial->mem),
                        up ? "more" : "less");
}

void advise(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    switch (rule->selector.measure->family) {
    case FAMILY_TESTS:
        advise_tests(trial, rule, ruling);
        break;
    case FAMILY_COVERAGE:
        advise_coverage(trial, rule, ruling);
        break;
    case FAMILY_LOAD:
        advise_load(trial, rule, ruling);
        break;
    case FAMILY_SONAR:
        advise_fact(trial, rule, ruling);
        break;
    default:
        advise_findings(trial, rule, ruling);
        break;
    }
}

const char *advise_missing(struct trial *trial, const struct selector *selector)
{
    const struct evidence *now = trial->docket->now;
    for (size_t i = 0; i < now->sources.count; i++) {
        const struct source *source = &now->sources.items[i];
        if (measure_draws(selector, source))
            return arena_printf(trial->mem, "look at the job that writes %s: it left nothing to judge",
                                source->path);
    }
    return arena_printf(trial->mem, "name a report that gives it under `reports:` (format: %s)",
                        selector->measure->formats);
}
