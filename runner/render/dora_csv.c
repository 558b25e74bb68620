/* Delivery numbers as RFC 4180 has tables, one measure a line. What is absent is empty. */
#include <string.h>

#include "gates/base/day.h"
#include "runner/render/dora.h"

/* A spreadsheet takes a cell that begins so for a formula. */
static bool looks_like_formula(const char *text)
{
    return *text != '\0' && strchr("=+-@", *text) != NULL;
}

static void put_text(FILE *out, const char *text)
{
    fprintf(out, "\"%s", looks_like_formula(text) ? "'" : "");
    for (; *text != '\0'; text++)
        fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    fputs("\",", out);
}

static bool render(const struct dora_view *view, FILE *out, struct error *err)
{
    struct dora_value values[DORA_VALUES];
    dora_values(view->figures, values);
    fputs("service,environment,from,to,measure,value,unit,n,numerator,denominator\r\n", out);
    for (size_t i = 0; i < DORA_VALUES; i++) {
        const struct dora_value *value = &values[i];
        char buffer[48];
        put_text(out, view->service);
        put_text(out, view->environment);
        fprintf(out, "%s,", day_text(buffer, view->figures->window.from_day));
        fprintf(out, "%s,", day_text(buffer, view->figures->window.to_day));
        fprintf(out, "%s,%s,%s,%zu,", value->measure,
                value->why != NULL ? "" : number_short(buffer, value->value), value->unit,
                value->count);
        if (value->below > 0)
            fprintf(out, "%zu,%zu\r\n", value->above, value->below);
        else
            fputs(",\r\n", out);
    }
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the table cannot be written");
}

const struct dora_renderer dora_csv_renderer = {
    .name = "csv",
    .title = "a table, one measure a line",
    .render = render,
};
