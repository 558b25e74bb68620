/* Delivery numbers as RFC 4180 has tables, one measure a line. What is absent is empty. */
#include <string.h>

#include "gates/base/day.h"
#include "gates/base/text.h"
#include "runner/render/dora.h"

/* A spreadsheet takes a cell that begins so for a formula. */
static bool looks_like_formula(const char *text)
{
    return *text != '\0' && strchr("=+-@", *text) != NULL;
}

static void put_text(FILE *out, struct arena *mem, const char *given)
{
    const char *text = given == NULL ? "" : text_keep(mem, given, strlen(given), SIZE_MAX);
    fprintf(out, "\"%s", looks_like_formula(text) ? "'" : "");
    for (; *text != '\0'; text++)
        fprintf(out, *text == '"' ? "\"\"" : "%c", *text);
    fputs("\",", out);
}

/* `by`: whose definition it is. */
static void put_value(FILE *out, const char *by, const struct dora_value *value)
{
    char buffer[48];
    fprintf(out, "%s,%s,%s,%s,%zu,", by, value->measure,
            value->why != NULL ? "" : number_short(buffer, value->value), value->unit,
            value->count);
    if (value->below > 0)
        fprintf(out, "%zu,%zu\r\n", value->above, value->below);
    else
        fputs(",\r\n", out);
}

static void put_answer(FILE *out, struct arena *mem, const struct dora_answer *answer,
                       const char *by, const struct dora_value *values)
{
    char from[48], to[48];
    const struct dora_window *window = &answer->figures.window;
    for (size_t i = 0; answer->why_not == NULL && i < DORA_VALUES; i++) {
        put_text(out, mem, answer->team);
        put_text(out, mem, answer->project);
        put_text(out, mem, answer->service);
        put_text(out, mem, dora_environment_name(answer));
        fprintf(out, "%s,%s,%s,", day_text(from, window->from_day), day_text(to, window->to_day),
                zone_name(answer->zone));
        put_value(out, by, &values[i]);
    }
}

static bool render(const struct dora_view *view, FILE *out, struct error *err)
{
    fputs("team,project,service,environment,from,to,timezone,by,measure,value,unit,n,numerator,"
          "denominator\r\n",
          out);
    for (size_t i = 0; i < view->answers.count; i++) {
        AUTO(close_arena) struct arena *mem = arena_new();
        const struct dora_answer *answer = &view->answers.items[i];
        put_answer(out, mem, answer, "qgate", answer->values);
        if (view->compat != NULL)
            put_answer(out, mem, answer, dora_compat_name(*view->compat), answer->theirs);
    }
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the table cannot be written");
}

const struct dora_renderer dora_csv_renderer = {
    .name = "csv",
    .title = "a table, one measure a line",
    .render = render,
};
