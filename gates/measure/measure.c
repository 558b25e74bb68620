#include "gates/measure/measure.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/pattern.h"
#include "gates/base/text.h"
#include "gates/measure/index.h"
#include "gates/measure/take.h"

/* `unknown` has no place in the order, so it is neither above nor below anything. */
static bool severity_order(const struct label_match *match, const char *value)
{
    enum severity limit = severity_named(match->value, strlen(match->value));
    enum severity is = severity_named(value, strlen(value));
    if (is == SEVERITY_UNKNOWN || is == SEVERITY_COUNT)
        return false;
    switch (match->op) {
    case LABEL_BELOW:
        return is < limit;
    case LABEL_AT_MOST:
        return is <= limit;
    case LABEL_ABOVE:
        return is > limit;
    default:
        return is >= limit;
    }
}

static bool is_globbed(const char *label)
{
    return strcmp(label, "path") == 0 || strcmp(label, "component") == 0;
}

static bool equals(const struct label_match *match, const char *value)
{
    if (is_globbed(match->label) && !match->literal)
        return glob_match(match->value, value);
    return strcmp(match->value, value) == 0;
}

bool label_matches(const struct label_match *match, const char *value, bool *matches,
                   struct error *err)
{
    bool like = false;
    switch (match->op) {
    case LABEL_IS:
        *matches = equals(match, value);
        return true;
    case LABEL_IS_NOT:
        *matches = !equals(match, value);
        return true;
    case LABEL_LIKE:
    case LABEL_UNLIKE:
        if (!pattern_matches(match->pattern, value, strlen(value), &like, err))
            return false;
        *matches = like == (match->op == LABEL_LIKE);
        return true;
    default:
        *matches = severity_order(match, value);
        return true;
    }
}

/* Does `value` pass every matcher on `label`? */
static bool passes(const struct selector *selector, const char *label, const char *value,
                   bool *matches, struct error *err)
{
    *matches = true;
    for (size_t i = 0; i < selector->labels.count && *matches; i++) {
        const struct label_match *match = &selector->labels.items[i];
        if (strcmp(match->label, label) == 0 && !label_matches(match, value, matches, err))
            return false;
    }
    return true;
}

/* A path may lie in several components: one that matches is enough, and `!=` wants none that does.
 * The path of the report says the part of what has no path of its own in any. */
static bool component_matches(const struct selector *selector, const struct label_match *match,
                              const char *path, const char *origin, bool *matches,
                              struct error *err)
{
    bool negative = match->op == LABEL_IS_NOT || match->op == LABEL_UNLIKE;
    *matches = negative;
    for (size_t i = 0; selector->components != NULL && i < selector->components->count; i++) {
        const struct component *component = &selector->components->items[i];
        if (!globs_match(&component->globs, path) &&
            (origin == NULL || !globs_match(&component->globs, origin)))
            continue;
        bool one = false;
        if (!label_matches(match, component->name, &one, err))
            return false;
        *matches = negative ? *matches && one : *matches || one;
    }
    return true;
}

bool selector_matches_path(const struct selector *selector, const char *path, const char *origin,
                           bool *matches, struct error *err)
{
    if (!passes(selector, "path", path, matches, err))
        return false;
    for (size_t i = 0; i < selector->labels.count && *matches; i++) {
        const struct label_match *match = &selector->labels.items[i];
        if (strcmp(match->label, "component") == 0 &&
            !component_matches(selector, match, path, origin, matches, err))
            return false;
    }
    return true;
}

static bool in_any_component(const struct selector *selector, const char *path)
{
    for (size_t i = 0; selector->components != NULL && i < selector->components->count; i++)
        if (globs_match(&selector->components->items[i].globs, path))
            return true;
    return false;
}

static bool asks_component(const struct selector *selector)
{
    for (size_t i = 0; i < selector->labels.count; i++)
        if (strcmp(selector->labels.items[i].label, "component") == 0)
            return true;
    return false;
}

/* Does a report lie in the part that the selector's matchers on `component` pick? */
static bool lies_in_part(const struct selector *selector, const char *path)
{
    for (size_t i = 0; i < selector->labels.count; i++) {
        struct error err = {0};
        bool matches = false;
        if (strcmp(selector->labels.items[i].label, "component") != 0)
            continue;
        if (!component_matches(selector, &selector->labels.items[i], "", path, &matches, &err))
            return true; /* the pattern's limit is reported where something is counted */
        if (!matches)
            return false;
    }
    return true;
}

bool selector_is_examined(const struct selector *selector, const struct source *source)
{
    if (!asks_component(selector))
        return true;
    for (size_t i = 0; i < source->inputs.count; i++) {
        const struct input_record *input = &source->inputs.items[i];
        if (input->state == INPUT_READ &&
            (!in_any_component(selector, input->path) || lies_in_part(selector, input->path)))
            return true;
    }
    return false;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

bool selector_matches_finding(const struct selector *selector, const struct finding *finding,
                              bool *matches, struct error *err)
{
    if (!selector_matches_path(selector, or_empty(finding->path), finding->origin, matches, err))
        return false;
    for (size_t i = 0; i < selector->labels.count && *matches; i++) {
        const struct label_match *match = &selector->labels.items[i];
        const char *value = take_finding_label(finding, match->label);
        if (value != NULL && !label_matches(match, value, matches, err))
            return false;
    }
    return true;
}

bool selector_matches_test(const struct selector *selector, const struct test_case *test,
                           bool *matches, struct error *err)
{
    return selector_matches_path(selector, test->path, test->origin, matches, err) &&
           (!*matches || passes(selector, "suite", test->suite, matches, err)) &&
           (!*matches || passes(selector, "name", test->name, matches, err));
}

/* By its format and the labels report and format. False: a pattern ran into its limit. */
static bool asks_source(const struct selector *selector, const struct source *source, bool *draws,
                        struct error *err)
{
    *draws = catalogue_gives(selector->measure, source->format);
    return (!*draws || passes(selector, "report", source->name, draws, err)) &&
           (!*draws || passes(selector, "format", source->format, draws, err));
}

bool measure_draws(const struct selector *selector, const struct source *source)
{
    struct error err = {0};
    bool draws = false;
    return !asks_source(selector, source, &draws, &err) || draws; /* measure_take() says it */
}

static const unsigned finding_families = FAMILY_BIT(FAMILY_VULNERABILITIES) |
                                         FAMILY_BIT(FAMILY_MISCONFIGURATIONS) |
                                         FAMILY_BIT(FAMILY_SECRETS) | FAMILY_BIT(FAMILY_LICENSES) |
                                         FAMILY_BIT(FAMILY_ISSUES) | FAMILY_BIT(FAMILY_HOTSPOTS);

unsigned measure_families(const struct measure *measure)
{
    return measure->family == FAMILY_COUNT ? finding_families : FAMILY_BIT(measure->family);
}

/* Why no source answers: none is there, none was read, or none examined it. */
static const char *why_silent(const struct selector *selector, const struct evidence *evidence,
                              struct arena *mem)
{
    const struct source *silent = NULL;
    for (size_t i = 0; i < evidence->sources.count && silent == NULL; i++)
        if (measure_draws(selector, &evidence->sources.items[i]))
            silent = &evidence->sources.items[i];
    if (silent == NULL && selector->measure->family == FAMILY_DELIVERY)
        return "nothing is known of deployments here";
    if (silent == NULL)
        return arena_printf(mem, "no report here gives %s (format: %s)", selector->id,
                            selector->measure->formats);
    for (size_t i = 0; i < silent->inputs.count; i++)
        if (silent->inputs.items[i].state == INPUT_READ)
            return arena_printf(mem, "%s says nothing about %s", silent->inputs.items[i].path,
                                selector->id);
    return arena_printf(mem, "%s is not there", silent->path);
}

static void draw(const struct selector *selector, const struct source *const *sources, size_t count,
                 struct arena *mem, struct value *out)
{
    const struct measure *measure = selector->measure;
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(sources[i]->name, sources[i - 1]->name) != 0)
            array_push(mem, &out->reports, sources[i]->name);
    measure->take(selector, sources, count, measure->what, mem, out);
}

void measure_take(const struct selector *selector, const struct evidence *evidence,
                  struct arena *mem, struct value *out)
{
    *out = (struct value){.why = ""};
    if (selector->measure->take == NULL) {
        take_nothing(out, "no report gives it");
        return;
    }
    const struct source **sources =
        arena_alloc(mem, (evidence->sources.count + 1) * sizeof(const struct source *));
    size_t count = 0;
    for (size_t i = 0; i < evidence->sources.count; i++) {
        const struct source *source = &evidence->sources.items[i];
        struct error err = {0};
        bool draws = false;
        if (!asks_source(selector, source, &draws, &err))
            take_error(out, arena_copy(mem, err.what, strlen(err.what)));
        if (draws && (source->speaks & measure_families(selector->measure)) != 0)
            sources[count++] = source;
    }
    if (out->kind == VALUE_ERROR)
        return;
    if (count == 0)
        take_nothing(out, why_silent(selector, evidence, mem));
    else
        draw(selector, sources, count, mem, out);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_once(struct words *words)
{
    if (words->count == 0)
        return;
    qsort(words->items, words->count, sizeof *words->items, by_text);
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
    bool matches = false, asked = passes(selector, label, value, &matches, &err);
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
            strcmp(label, "path") == 0 ? or_empty(f->path) : take_finding_label(f, label);
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
