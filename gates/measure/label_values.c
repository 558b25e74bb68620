/* The values of a label among what a selector picks: what `each` goes through. */
#include <stdlib.h>
#include <string.h>

#include "gates/base/text.h"
#include "gates/measure/index.h"
#include "gates/measure/measure.h"
#include "gates/measure/take.h"

static void sort_once(struct words *words)
{
    if (words->count == 0)
        return;
    qsort(words->items, words->count, sizeof *words->items, text_order);
    size_t kept = 1;
    for (size_t i = 1; i < words->count; i++)
        if (strcmp(words->items[i], words->items[kept - 1]) != 0)
            words->items[kept++] = words->items[i];
    words->count = kept;
}

/* Is it picked? What a pattern ran into its limit for is: measure_take() reports it. */
static bool is_picked(bool asked, bool matches)
{
    return !asked || matches;
}

static bool picks_path(const struct selector *selector, const char *path, const char *origin)
{
    struct error err = {0};
    bool matches = false, asked = selector_matches_path(selector, path, origin, &matches, &err);
    return is_picked(asked, matches);
}

static bool picks_label(const struct selector *selector, const char *label, const char *value)
{
    struct error err = {0};
    bool matches = false, asked = selector_passes(selector, label, value, &matches, &err);
    return is_picked(asked, matches);
}

static bool picks_test(const struct selector *selector, const struct test_case *test)
{
    struct error err = {0};
    bool matches = false, asked = selector_matches_test(selector, test, &matches, &err);
    return is_picked(asked, matches);
}

static void values_of_tests(const struct selector *selector, const struct tests *tests,
                            const char *label, struct arena *mem, struct words *out)
{
    bool names = strcmp(label, "name") == 0, suites = strcmp(label, "suite") == 0;
    for (size_t i = 0; !names && i < tests->groups.count; i++) {
        const struct test_group *group = &tests->groups.items[i];
        if (picks_path(selector, group->path, group->origin) &&
            picks_label(selector, "suite", group->suite))
            array_push(mem, out, suites ? group->suite : group->path);
    }
    for (size_t i = 0; names && i < tests->cases.count; i++)
        if (picks_test(selector, &tests->cases.items[i]))
            array_push(mem, out, tests->cases.items[i].name);
}

static void values_of_coverage(const struct selector *selector, const struct covered_files *files,
                               struct arena *mem, struct words *out)
{
    bool of_ignored = selector->measure->what == COVERAGE_IGNORED || selector->ignores_nothing;
    for (size_t i = 0; i < files->count; i++)
        if ((of_ignored || !files->items[i].ignored) &&
            picks_path(selector, files->items[i].path, NULL))
            array_push(mem, out, files->items[i].path);
}

static void values_of_load(const struct selector *selector, const struct load *load,
                           struct arena *mem, struct words *out)
{
    bool has_samples = take_has_samples(load);
    const struct candidates some = candidates_of_labels(selector, &load->labels);
    for (size_t i = 0; i < some.count; i++) {
        const struct load_label *label = &load->labels.items[candidate_at(&some, i)];
        if (take_counts(load, label, has_samples) && picks_label(selector, "label", label->label) &&
            picks_path(selector, "", label->origin))
            array_push(mem, out, label->label);
    }
}

static void values_of_findings(const struct selector *selector, const struct findings *findings,
                               const char *label, struct arena *mem, struct words *out)
{
    const enum family family = selector->measure->family;
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *f = &findings->items[i];
        if (family != FAMILY_COUNT && family != f->family)
            continue;
        const char *value =
            strcmp(label, "path") == 0 ? text_or_empty(f->path) : selector_finding_label(f, label);
        if (value != NULL)
            array_push(mem, out, value);
    }
}

static void values_of_source(const struct selector *selector, const struct source *source,
                             const char *label, struct arena *mem, struct words *out)
{
    switch (selector->measure->family) {
    case FAMILY_TESTS:
        values_of_tests(selector, &source->tests, label, mem, out);
        break;
    case FAMILY_COVERAGE:
        values_of_coverage(selector, &source->coverage.files, mem, out);
        break;
    case FAMILY_LOAD:
        values_of_load(selector, &source->load, mem, out);
        break;
    case FAMILY_DELIVERY:
        take_delivery_values(selector, source->estate, label, mem, out);
        break;
    default:
        values_of_findings(selector, &source->findings, label, mem, out);
        break;
    }
}

static void values_of_components(const struct selector *selector, struct arena *mem,
                                 struct words *out)
{
    const struct components *all = selector->components;
    for (size_t i = 0; all != NULL && i < all->count; i++)
        if (picks_label(selector, "component", all->items[i].name))
            array_push(mem, out, all->items[i].name);
}

void measure_label_values(const struct selector *selector, const char *label,
                          const struct evidence *evidence, struct arena *mem, struct words *out)
{
    *out = (struct words){0};
    if (strcmp(label, "component") == 0)
        values_of_components(selector, mem, out);
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct source *source = &evidence->sources.items[i];
        if (!measure_draws(selector, source) || strcmp(label, "component") == 0)
            continue;
        if (strcmp(label, "report") == 0)
            array_push(mem, out, source->name);
        else if (strcmp(label, "format") == 0)
            array_push(mem, out, source->format);
        else
            values_of_source(selector, source, label, mem, out);
    }
    sort_once(out);
}
