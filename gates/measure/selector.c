#include "gates/measure/selector.h"

#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/pattern.h"
#include "gates/base/text.h"

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

bool selector_passes(const struct selector *selector, const char *label, const char *value,
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
    if (!selector_passes(selector, "path", path, matches, err))
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

const char *selector_finding_label(const struct finding *finding, const char *label)
{
    static const char *const fixable[] = {
        [FIXABLE_UNKNOWN] = "", [FIXABLE_NO] = "no", [FIXABLE_YES] = "yes"};
    if (strcmp(label, "severity") == 0 || strcmp(label, "probability") == 0)
        return severity_name(finding->severity);
    if (strcmp(label, "fixable") == 0)
        return fixable[finding->fixable];
    if (strcmp(label, "class") == 0 || strcmp(label, "type") == 0)
        return text_or_empty(finding->class);
    if (strcmp(label, "target") == 0)
        return text_or_empty(finding->target);
    if (strcmp(label, "package") == 0)
        return text_or_empty(finding->package);
    if (strcmp(label, "id") == 0 || strcmp(label, "rule") == 0)
        return text_or_empty(finding->rule);
    return NULL;
}

bool selector_matches_finding(const struct selector *selector, const struct finding *finding,
                              bool *matches, struct error *err)
{
    if (!selector_matches_path(selector, text_or_empty(finding->path), finding->origin, matches,
                               err))
        return false;
    for (size_t i = 0; i < selector->labels.count && *matches; i++) {
        const struct label_match *match = &selector->labels.items[i];
        const char *value = selector_finding_label(finding, match->label);
        if (value != NULL && !label_matches(match, value, matches, err))
            return false;
    }
    return true;
}

bool selector_matches_test(const struct selector *selector, const struct test_case *test,
                           bool *matches, struct error *err)
{
    return selector_matches_path(selector, test->path, test->origin, matches, err) &&
           (!*matches || selector_passes(selector, "suite", test->suite, matches, err)) &&
           (!*matches || selector_passes(selector, "name", test->name, matches, err));
}
