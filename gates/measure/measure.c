#include "gates/measure/measure.h"

#include <string.h>

#include "gates/measure/take.h"

/* By its format and the labels report and format. False: a pattern ran into its limit. */
static bool asks_source(const struct selector *selector, const struct source *source, bool *draws,
                        struct error *err)
{
    *draws = catalogue_gives(selector->measure, source->format);
    return (!*draws || selector_passes(selector, "report", source->name, draws, err)) &&
           (!*draws || selector_passes(selector, "format", source->format, draws, err));
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
