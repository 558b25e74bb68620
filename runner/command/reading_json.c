/* A reading as JSON: keys in a fixed order, numbers with at most 15 significant digits. */
#include <jansson.h>
#include <string.h>

#include "runner/command/reading.h"

static json_t *value_json(const struct value *value)
{
    if (value->kind == VALUE_WORD)
        return json_string(value->word);
    if (value->kind != VALUE_NUMBER)
        return json_null();
    if (value->number.below == 1)
        return json_integer(value->number.above);
    return json_real(number_double(value->number));
}

static json_t *rows_json(const struct reading_rows *rows)
{
    json_t *object = json_object();
    for (size_t i = 0; i < rows->count; i++)
        json_object_set_new(object, rows->items[i].id, value_json(&rows->items[i].value));
    return object;
}

static json_t *labels_json(const struct reading *reading)
{
    json_t *object = json_object(), *values = json_object();
    for (size_t i = 0; i < reading->labels.count; i++)
        json_object_set_new(values, reading->labels.items[i].value,
                            rows_json(&reading->labels.items[i].rows));
    if (reading->labels.count > 0)
        json_object_set(object, "label", values);
    json_decref(values);
    return object;
}

static json_t *warnings_json(const struct source *source)
{
    json_t *array = json_array();
    for (size_t i = 0; i < source->warnings.count; i++)
        json_array_append_new(array, json_string(source->warnings.items[i]));
    if (!source->whole)
        json_array_append_new(array, json_sprintf("not whole: %s", source->part_reason));
    return array;
}

static json_t *place_json(unsigned number)
{
    return number > 0 ? json_integer(number) : json_null();
}

static json_t *error_json(const struct error *err)
{
    json_t *object = json_object();
    json_object_set_new(object, "line", place_json(err->line));
    json_object_set_new(object, "column", place_json(err->column));
    json_object_set_new(object, "what", json_string(err->what));
    json_object_set_new(object, "hint", json_string(err->hint));
    return object;
}

bool reading_print_json(const struct reading *reading, FILE *out)
{
    json_auto_t *object = json_object();
    json_object_set_new(object, "path", json_string(reading->path));
    if (reading->whole) {
        const struct source *source = &reading->report.source;
        json_object_set_new(object, "format", json_string(source->format));
        json_object_set_new(object, "measures", rows_json(&reading->measures));
        json_object_set_new(object, "labels", labels_json(reading));
        json_object_set_new(object, "warnings", warnings_json(source));
    } else {
        json_object_set_new(object, "error", error_json(&reading->err));
    }
    return json_dumpf(object, out, JSON_REAL_PRECISION(15)) == 0 && fputc('\n', out) != EOF;
}
