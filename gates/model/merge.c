/* Union of reports into their source. Commutative up to order; source_settle() sorts. */
#include <string.h>

#include "gates/base/limits.h"
#include "gates/model/evidence.h"

/* Two reports may know one file by two names: the first stays, whatever came first. */
static void merge_names(struct covered_file *to, const struct covered_file *from, bool fresh)
{
    to->matched |= from->matched;
    if (fresh || strcmp(from->raw, to->raw) < 0) {
        to->raw = from->raw;
        to->mapped = from->mapped;
    }
    if (to->candidates.count == 0 ||
        (from->candidates.count > 0 &&
         strcmp(from->candidates.items[0], to->candidates.items[0]) < 0))
        to->candidates = from->candidates;
}

static bool merge_coverage(struct source *into, struct arena *mem, const struct coverage *from,
                           struct error *err)
{
    for (size_t i = 0; i < from->roots.count; i++)
        array_push(mem, &into->coverage.roots, from->roots.items[i]);
    for (size_t i = 0; i < from->files.count; i++) {
        const struct covered_file *file = &from->files.items[i];
        size_t at = 0, had = into->coverage.files.count;
        if (!source_file(into, mem, file->path, strlen(file->path), &at, err))
            return false;
        struct covered_file *to = &into->coverage.files.items[at];
        merge_names(to, file, at == had);
        if (at < had) {
            if (!lines_merge(&to->lines, mem, &into->coverage.budget, &file->lines, err))
                return false;
            continue;
        }
        to->lines = file->lines; /* its pages live as long as the run */
        into->coverage.budget.pages += file->lines.pages.count;
        into->coverage.budget.branch_lines += file->lines.branches.count;
    }
    if (into->coverage.budget.pages > LIMIT_PAGES)
        return error_set(err, FAULT_REPORT, "more than %d pages of 512 lines in all reports",
                         LIMIT_PAGES);
    return true;
}

static void add_group(struct test_group *to, const struct test_group *from)
{
    to->passed += from->passed;
    to->skipped += from->skipped;
    to->failures += from->failures;
    to->errors += from->errors;
    to->flaky += from->flaky;
    to->duration_us += from->duration_us;
    to->beside_failures += from->beside_failures;
    to->beside_errors += from->beside_errors;
}

static bool merge_tests(struct source *into, struct arena *mem, const struct tests *from,
                        struct error *err)
{
    struct tests *tests = &into->tests;
    for (size_t i = 0; i < from->groups.count; i++) {
        const struct test_group *group = &from->groups.items[i];
        size_t at = 0;
        if (!source_group(into, mem, group->suite, group->path, &at, err))
            return false;
        add_group(&tests->groups.items[at], group);
    }
    if (tests->log.count + from->log.count > LIMIT_TESTS)
        return error_set(err, FAULT_REPORT, "more than %d test cases", LIMIT_TESTS);
    if (tests->log.count == 0)
        tests->log = from->log;
    else
        for (size_t i = 0; i < from->log.count; i++)
            array_push(mem, &tests->log, from->log.items[i]);
    for (size_t i = 0; i < from->cases.count; i++) {
        struct test_case *test = source_case(into, mem, err);
        if (test == NULL)
            return false;
        *test = from->cases.items[i];
        test->origin = into->origin;
    }
    tests->suites += from->suites;
    tests->flaky_unknown |= from->flaky_unknown;
    return true;
}

static bool merge_label(struct load_label *to, struct arena *mem, uint64_t *pages,
                        const struct load_label *from, struct error *err)
{
    bool fresh = to->passed.count + to->failed.count == 0;
    if (fresh) {
        const char *origin = to->origin;
        *to = *from;
        to->origin = origin;
        *pages += from->passed.pages.count + from->failed.pages.count;
        return true;
    }
    to->first_ms = from->first_ms < to->first_ms ? from->first_ms : to->first_ms;
    to->last_ms = from->last_ms > to->last_ms ? from->last_ms : to->last_ms;
    to->timed &= from->timed;
    to->alone |= from->alone;
    return histogram_merge(&to->passed, mem, pages, &from->passed, err) &&
           histogram_merge(&to->failed, mem, pages, &from->failed, err);
}

static bool merge_load(struct source *into, struct arena *mem, const struct load *from,
                       struct error *err)
{
    for (size_t i = 0; i < from->labels.count; i++) {
        const struct load_label *label = &from->labels.items[i];
        size_t at = 0;
        if (label->passed.count + label->failed.count == 0)
            continue;
        if (!source_label(into, mem, label->label, strlen(label->label), label->transaction, &at,
                          err))
            return false;
        if (!merge_label(&into->load.labels.items[at], mem, &into->load.pages, label, err))
            return false;
    }
    into->load.transactions = from->transactions;
    into->load.percentiles = from->percentiles;
    memcpy(into->load.apdex_ms, from->apdex_ms, sizeof into->load.apdex_ms);
    return true;
}

static bool merge_lists(struct source *into, struct arena *mem, const struct source *from,
                        struct error *err)
{
    for (size_t i = 0; i < from->facts.count; i++) {
        struct fact *fact = source_fact(into, mem, err);
        if (fact == NULL)
            return false;
        *fact = from->facts.items[i];
        fact->origin = into->origin;
    }
    bool first =
        into->findings.count == 0; /* most sources have one report: its list is taken as it is */
    if (first)
        into->findings = from->findings;
    for (size_t i = 0; !first && i < from->findings.count; i++) {
        struct finding *finding = source_finding(into, mem, err);
        if (finding == NULL)
            return false;
        *finding = from->findings.items[i];
    }
    size_t had = into->findings.count - from->findings.count;
    for (size_t i = had; into->origin != NULL && i < into->findings.count; i++)
        into->findings.items[i].origin = into->origin;
    for (size_t i = 0; i < from->warnings.count; i++)
        source_warn(into, mem, "%s", from->warnings.items[i]);
    return true;
}

bool source_merge(struct source *into, struct arena *mem, const struct source *from,
                  struct error *err)
{
    into->speaks |= from->speaks;
    into->whole = into->whole && from->whole;
    if (from->part_reason != NULL &&
        (into->part_reason == NULL || strcmp(from->part_reason, into->part_reason) < 0))
        source_part(into, from->part_reason, from->part_remedy);
    bool has_load = (from->speaks & FAMILY_BIT(FAMILY_LOAD)) != 0;
    into->origin = from->origin;
    bool merged = merge_coverage(into, mem, &from->coverage, err) &&
                  merge_tests(into, mem, &from->tests, err) &&
                  (!has_load || merge_load(into, mem, &from->load, err)) &&
                  merge_lists(into, mem, from, err);
    into->origin = NULL;
    return merged;
}
