/* Components that a change does not touch: their reports need not be there. */
#include <assert.h>
#include <string.h>

#include "gates/base/glob.h"
#include "gates/judge/parts.h"
#include "gates/model/pathindex.h"

/* The selector with its matchers on `component` alone; false: it has none. */
static bool component_of(const struct selector *selector, struct arena *mem, struct selector *out)
{
    *out = *selector;
    out->labels = (struct label_matches){0};
    for (size_t i = 0; i < selector->labels.count; i++)
        if (strcmp(selector->labels.items[i].label, "component") == 0)
            array_push(mem, &out->labels, selector->labels.items[i]);
    return out->labels.count > 0;
}

/* What cannot be told counts as touched. */
static bool touches(const struct selector *component, const char *path)
{
    struct error err = {0};
    bool matches = false;
    return !selector_matches_path(component, path, /* origin */ NULL, &matches, &err) || matches;
}

static bool is_touched(const struct trial *trial, const struct selector *component)
{
    const struct changed_files *files = &trial->docket->change->files;
    for (size_t i = 0; i < files->count; i++)
        if (touches(component, files->items[i].path) ||
            touches(component, files->items[i].old_path))
            return true;
    return false;
}

/* Do the reports list anything of the component? What there is of it is counted, not what the rule
 * asks for: a report all of whose tests were skipped is one. */
static bool is_listed(struct trial *trial, const struct selector *component, const char *count)
{
    struct selector things = *component;
    struct value value;
    things.id = count;
    things.measure = catalogue_find(count);
    measure_take(&things, trial->docket->now, trial->mem, &value);
    return value.kind == VALUE_ERROR || (value.kind == VALUE_NUMBER && value.number.above > 0);
}

static bool has_report(struct trial *trial, const struct selector *component)
{
    static const char *const counts[FAMILY_COUNT + 1] = {
        /* the last: of any number of families */
        [FAMILY_TESTS] = "tests.total",
        [FAMILY_COVERAGE] = "coverage.files",
        [FAMILY_LOAD] = "load.samples",
    };
    const struct sources *sources = &trial->docket->now->sources;
    const char *count = counts[component->measure->family];
    if (count != NULL)
        return is_listed(trial, component, count);
    for (size_t i = 0; i < sources->count; i++)
        if (measure_draws(trial->selector, &sources->items[i]) &&
            selector_is_examined(component, &sources->items[i]))
            return true;
    return false;
}

static bool is_picked(const struct selector *component, const char *name)
{
    for (size_t i = 0; i < component->labels.count; i++) {
        struct error err = {0};
        bool matches = false;
        if (label_matches(&component->labels.items[i], name, &matches, &err) && !matches)
            return false;
    }
    return true;
}

/* A component in which no file lies is a slip of the pen, and would never be touched. */
static bool has_files(const struct trial *trial, const struct selector *selector)
{
    const struct path_index *index = trial->docket->now->files;
    const struct components *all = selector->components;
    assert(all != NULL); /* of every rule of a policy */
    for (size_t i = 0; index != NULL && i < all->count; i++) {
        const struct words *files = path_index_files(index);
        if (!is_picked(selector, all->items[i].name))
            continue;
        for (size_t j = 0; j < files->count; j++)
            if (globs_match(&all->items[i].globs, files->items[j]))
                return true;
    }
    return false;
}

static bool is_of_others(struct trial *trial)
{
    struct selector component;
    return component_of(trial->selector, trial->mem, &component) &&
           !is_touched(trial, &component) && !has_report(trial, &component) &&
           has_files(trial, &component);
}

bool is_component_of_others(struct trial *trial)
{
    const struct change *change = trial->docket->change;
    const struct selector *selector = trial->selector;
    if (change == NULL || change->why_not != NULL || trial->gate->floor)
        return false;
    if (selector_value(selector, "component") != NULL ||
        selector_value(selector, "report") != NULL || selector_value(selector, "format") != NULL)
        return is_of_others(trial);
    /* for every value of another label it is the same */
    const bool *noted = index_noted(selector, change);
    if (noted != NULL)
        return *noted;
    bool of_others = is_of_others(trial);
    index_note(selector, change, &of_others, sizeof of_others);
    return of_others;
}
