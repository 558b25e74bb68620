#include "runner/command/reading.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

/* What rows are made of while they are collected. */
struct collector {
    struct reading *reading;
    struct evidence evidence; /* the one source */
    struct arena *mem;
};

static void add_row(struct collector *c, struct reading_rows *rows, const struct measure *measure,
                    const char *id, const struct label_match *match)
{
    struct selector selector = {.measure = measure, .id = id};
    if (match != NULL)
        array_push(c->mem, &selector.labels, *match);
    struct value value;
    measure_take(&selector, &c->evidence, c->mem, &value);
    if (value.kind == VALUE_ERROR)
        source_warn(&c->reading->report.source, c->mem, "%s: %s", id, value.why);
    /* of facts, only those count that the report states */
    if (value.kind == VALUE_NONE && measure->family == FAMILY_SONAR)
        return;
    array_push(c->mem, rows, ((struct reading_row){id, value}));
}

/* vulnerabilities.critical … vulnerabilities.unknown, vulnerabilities.fixable */
static void add_parts(struct collector *c, const struct measure *measure)
{
    struct reading_rows *rows = &c->reading->measures;
    for (int s = SEVERITY_CRITICAL;
         s >= SEVERITY_UNKNOWN && text_lists(measure->labels, "severity", strlen("severity"));
         s--) {
        struct label_match match = {.label = "severity", .value = severity_name((enum severity)s)};
        add_row(c, rows, measure, arena_printf(c->mem, "%s.%s", measure->id, match.value), &match);
    }
    if (text_lists(measure->labels, "fixable", strlen("fixable"))) {
        struct label_match match = {.label = "fixable", .value = "yes"};
        add_row(c, rows, measure, arena_printf(c->mem, "%s.fixable", measure->id), &match);
    }
}

static bool has_own_row(const char *id)
{
    for (const struct measure *m = catalogue; m->id != NULL; m++)
        if (strcmp(m->id, id) == 0)
            return true;
    return false;
}

/* A row whose id ends in `*` stands for many: for the usual percentiles, and for every fact that
 * has no row of its own in the catalogue. */
static void add_many(struct collector *c, struct reading_rows *rows, const struct measure *measure,
                     const struct label_match *match)
{
    static const char *const percentiles[] = {"load.p90", "load.p95", "load.p99"};
    if (measure->family == FAMILY_LOAD)
        for (size_t i = 0; i < sizeof percentiles / sizeof percentiles[0]; i++)
            add_row(c, rows, measure, percentiles[i], match);
    if (measure->family != FAMILY_SONAR)
        return;
    const struct facts *facts = &c->reading->report.source.facts;
    for (size_t i = 0; i < facts->count; i++) {
        const char *id = facts->items[i].id;
        const struct measure *row = catalogue_find(id);
        bool again = i > 0 && strcmp(id, facts->items[i - 1].id) == 0;
        if (!again && !has_own_row(id))
            add_row(c, rows, row == NULL ? measure : row, id, match);
    }
}

static bool stands_for_many(const struct measure *measure)
{
    return measure->id[strlen(measure->id) - 1] == '*';
}

static bool speaks(const struct source *source, const struct measure *measure)
{
    if (measure->take == NULL || !catalogue_gives(measure, source->format))
        return false;
    if (measure->family != FAMILY_COUNT)
        return (source->speaks & FAMILY_BIT(measure->family)) != 0;
    unsigned plain = FAMILY_BIT(FAMILY_TESTS) | FAMILY_BIT(FAMILY_COVERAGE) |
                     FAMILY_BIT(FAMILY_LOAD) | FAMILY_BIT(FAMILY_SONAR);
    return (source->speaks & ~plain) != 0;
}

static void add_measures(struct collector *c)
{
    const struct source *source = &c->reading->report.source;
    struct reading_rows *rows = &c->reading->measures;
    for (const struct measure *m = catalogue; m->id != NULL; m++) {
        if (!speaks(source, m))
            continue;
        if (stands_for_many(m)) {
            add_many(c, rows, m, NULL);
            continue;
        }
        add_row(c, rows, m, m->id, NULL);
        if (m->family != FAMILY_COUNT && strcmp(m->id, family_name(m->family)) == 0)
            add_parts(c, m);
    }
}

static void add_label(struct collector *c, const char *value)
{
    struct reading_label *label = array_add(c->mem, &c->reading->labels);
    label->value = value;
    struct label_match match = {.label = "label", .value = value};
    for (const struct measure *m = catalogue; m->id != NULL; m++) {
        if (m->family != FAMILY_LOAD || !speaks(&c->reading->report.source, m) ||
            !text_lists(m->labels, "label", strlen("label")))
            continue;
        if (stands_for_many(m))
            add_many(c, &label->rows, m, &match);
        else
            add_row(c, &label->rows, m, m->id, &match);
    }
}

static void add_labels(struct collector *c)
{
    const struct measure *samples = catalogue_find("load.samples");
    struct source *source = &c->reading->report.source;
    if (samples == NULL || !speaks(source, samples))
        return;
    struct selector selector = {.measure = samples, .id = samples->id};
    struct words values;
    measure_label_values(&selector, "label", &c->evidence, c->mem, &values);
    if (values.count > LIMIT_LABEL_VALUES)
        source_warn(source, c->mem, "%zu labels: only the first %d are listed", values.count,
                    LIMIT_LABEL_VALUES);
    for (size_t i = 0; i < values.count && i < LIMIT_LABEL_VALUES; i++)
        add_label(c, values.items[i]);
}

static void collect(struct reading *reading, struct arena *mem)
{
    struct collector c = {.reading = reading, .mem = mem};
    source_settle(&reading->report.source, mem);
    c.evidence.sources = (struct sources){&reading->report.source, 1, 1};
    add_measures(&c);
    add_labels(&c);
}

void reading_take(struct reading *reading, const char *path, const struct reader *reader,
                  struct arena *mem)
{
    char *shown = arena_copy(mem, path, strlen(path));
    text_clean(shown, strlen(shown));
    *reading = (struct reading){.path = shown};
    AUTO(close_report) struct report_file file;
    struct report_wanted wanted = {.reader = reader};
    reading->whole = report_open(&file, path, &reading->err) == OPENED &&
                     report_take(&file, &wanted, mem, &reading->report, &reading->err);
    if (reading->whole)
        collect(reading, mem);
}
