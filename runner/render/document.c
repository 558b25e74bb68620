#include "runner/render/document.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/text.h"

static void next(struct document *d, const char *key)
{
    fprintf(d->out, "%s%*s", d->first ? "\n" : ",\n", d->depth * 2, "");
    d->first = false;
    if (key != NULL)
        fprintf(d->out, "\"%s\": ", key);
}

void document_begin(struct document *d, FILE *out)
{
    *d = (struct document){.out = out, .depth = 1, .end = '}', .first = true};
    fputc('{', out);
}

void document_begin_list(struct document *d, FILE *out)
{
    *d = (struct document){.out = out, .depth = 1, .end = ']', .first = true};
    fputc('[', out);
}

bool document_end(struct document *d, struct error *err)
{
    document_close(d, d->end);
    fputc('\n', d->out);
    return (!d->failed && !ferror(d->out)) ||
           error_set(err, FAULT_SYSTEM, "the JSON document cannot be written");
}

void document_open(struct document *d, const char *key, char bracket)
{
    next(d, key);
    fputc(bracket, d->out);
    d->depth++;
    d->first = true;
}

void document_close(struct document *d, char bracket)
{
    d->depth--;
    if (!d->first)
        fprintf(d->out, "\n%*s", d->depth * 2, "");
    fputc(bracket, d->out);
    d->first = false;
}

/* Jansson escapes the control characters of ASCII; text_clean() sees to the others. */
void document_put(struct document *d, const char *key, json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    json_decref(value);
    if (text == NULL) {
        d->failed = true;
        return;
    }
    text_clean(text, strlen(text));
    next(d, key);
    fputs(text, d->out);
    free(text);
}

void document_set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

/* The name of a file on the command line need not be UTF-8. */
static json_t *repaired(const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        return NULL;
    text_clean(copy, strlen(copy));
    json_t *value = json_string(copy);
    free(copy);
    return value;
}

json_t *document_text(const char *text)
{
    if (text == NULL)
        return json_null();
    json_t *value = json_string(text);
    return value != NULL ? value : repaired(text);
}

json_t *document_text_or_null(const char *text)
{
    return text == NULL || *text == '\0' ? json_null() : document_text(text);
}

json_t *document_number(struct number number)
{
    static const int64_t exact = INT64_C(1000000000000000);
    int64_t below = (int64_t)number.below, whole = number.above / below;
    if (number.above % below != 0 || whole >= exact || whole <= -exact)
        return json_real(number_double(number));
    return json_integer(whole);
}

json_t *document_count(uint64_t count)
{
    return document_number(number_of(count > INT64_MAX ? INT64_MAX : (int64_t)count));
}
