/* How an id is looked up among the measures, and what is asked of a row. */
#include "gates/measure/catalogue.h"

#include <string.h>

#include "gates/base/nearest.h"
#include "gates/base/text.h"
#include "gates/measure/take.h"

/* Does `id` ask for a percentile: p and a number over 0, at most 100, of at most three decimals? */
static bool is_percentile(const char *id)
{
    if (strncmp(id, "load.p", 6) != 0)
        return false;
    const char *digits = id + 6;
    size_t whole = strspn(digits, "0123456789"), len = strlen(digits);
    if (whole == 0 || whole > 3 || len > whole + 4)
        return false;
    if (len > whole && (digits[whole] != '.' || len == whole + 1 ||
                        strspn(digits + whole + 1, "0123456789") != len - whole - 1))
        return false;
    struct number p;
    return number_parse(digits, len, &p) && number_compare(p, number_of(0)) > 0 &&
           number_compare(p, number_of(100)) <= 0;
}

/* Could SonarQube have a metric of this key? */
static bool is_sonar_key(const char *id)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return strncmp(id, "sonar.", 6) == 0 && id[6] != '\0' &&
           id[6 + strspn(id + 6, letters)] == '\0';
}

/* Could a metrics file have a metric of this name? */
static bool is_metric_name(const char *id)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:";
    return strncmp(id, "metric.", 7) == 0 && id[7] != '\0' && strchr("0123456789", id[7]) == NULL &&
           id[7 + strspn(id + 7, letters)] == '\0';
}

static const struct measure *row_in(const struct measure *rows, const char *id)
{
    for (; rows->id != NULL; rows++)
        if (strcmp(rows->id, id) == 0)
            return rows;
    return NULL;
}

const struct measure *catalogue_find(const char *id)
{
    if (strchr(id, '*') != NULL)
        return NULL;
    const struct measure *row = row_in(catalogue, id);
    if (row == NULL && is_percentile(id))
        return row_in(catalogue, "load.p*");
    if (row == NULL && is_sonar_key(id)) {
        row = sonar_metric(id + strlen("sonar."));
        return row != NULL ? row : row_in(catalogue, "sonar.*");
    }
    if (row == NULL)
        row = row_in(later_metrics, is_metric_name(id) ? "metric.*" : id);
    return row;
}

static void try_rows(struct nearest *nearest, const struct measure *rows)
{
    for (; rows->id != NULL; rows++)
        if (strchr(rows->id, '*') == NULL)
            nearest_try(nearest, rows->id);
}

const char *catalogue_suggest(const char *id)
{
    struct nearest nearest = {.asked = id};
    try_rows(&nearest, catalogue);
    try_rows(&nearest, sonar_metrics);
    try_rows(&nearest, later_metrics);
    return nearest.found;
}

/* What the formats of LATER_FORMATS speak of. */
static const struct {
    const char *formats;
    enum family family;
} later[] = {
    {"jacoco lcov", FAMILY_COVERAGE},
    {"playwright mochawesome newman jasmine", FAMILY_TESTS},
    {"k6", FAMILY_LOAD},
};

bool catalogue_gives(const struct measure *measure, const char *format)
{
    size_t len = strlen(format);
    if (text_lists(measure->formats, format, len))
        return true;
    if (measure->take == take_findings && measure->what == FAMILY_COUNT)
        return text_lists("sarif zap", format, len);
    for (size_t i = 0; measure->take != NULL && i < sizeof later / sizeof later[0]; i++)
        if (later[i].family == measure->family && text_lists(later[i].formats, format, len))
            return true;
    return false;
}

bool catalogue_is_later(const struct measure *measure)
{
    return measure->take == NULL && row_in(catalogue, measure->id) == NULL;
}

const char *catalogue_common_labels(const struct measure *measure)
{
    bool of_reports = measure->family != FAMILY_DELIVERY &&
                      (measure->take != NULL || catalogue_is_later(measure));
    return of_reports ? "report format component" : "";
}

const char *unit_name(enum unit unit)
{
    static const char *const names[] = {
        [UNIT_COUNT] = "",        [UNIT_PERCENT] = "%",  [UNIT_POINTS] = "pp",
        [UNIT_MS] = "ms",         [UNIT_SECONDS] = "s",  [UNIT_MINUTES] = "min",
        [UNIT_PER_SECOND] = "/s", [UNIT_PER_DAY] = "/d", [UNIT_RATING] = "",
        [UNIT_WORD] = "",
    };
    return names[unit];
}

const char *better_name(enum better better)
{
    static const char *const names[] = {
        [BETTER_UP] = "up", [BETTER_DOWN] = "down", [BETTER_NEITHER] = ""};
    return names[better];
}
