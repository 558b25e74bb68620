#include "runner/store/shape.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

bool shape_wrong(struct shape *s, const char *key)
{
    if (s->report == NULL)
        return error_set(s->err, FAULT_REPORT,
                         "not evidence that this qgate knows: \"%s\" is missing or of another kind",
                         key);
    return error_set(s->err, FAULT_REPORT, "damaged: \"%s\" of report %s cannot be right", key,
                     s->report);
}

bool shape_over(struct shape *s, const char *what, int limit)
{
    return error_set(s->err, FAULT_REPORT, "more than %d %s", limit, what);
}

bool shape_text(struct shape *s, const json_t *object, const char *key, const char **text)
{
    const json_t *value = json_object_get(object, key);
    size_t len = json_string_length(value);
    *text = NULL;
    if (value == NULL)
        return true;
    /* a name that was cut ends in a mark or a digest beyond the ceiling */
    if (!json_is_string(value) || len > (size_t)2 * LIMIT_NAME_BYTES)
        return shape_wrong(s, key);
    char *copy = arena_copy(s->mem, json_string_value(value), len);
    text_clean(copy, len);
    *text = copy;
    return true;
}

bool shape_name(struct shape *s, const json_t *object, const char *key, const char **text)
{
    return shape_text(s, object, key, text) && (*text != NULL || shape_wrong(s, key));
}

bool shape_maybe(struct shape *s, const json_t *object, const char *key, const char **text)
{
    if (!shape_text(s, object, key, text))
        return false;
    *text = *text == NULL ? "" : *text;
    return true;
}

bool shape_count(struct shape *s, const json_t *object, const char *key, uint64_t *count)
{
    const json_t *value = json_object_get(object, key);
    json_int_t number = json_integer_value(value);
    *count = (uint64_t)number;
    return value == NULL || (json_is_integer(value) && number >= 0) || shape_wrong(s, key);
}

bool shape_flag(struct shape *s, const json_t *object, const char *key, bool *flag)
{
    const json_t *value = json_object_get(object, key);
    *flag = json_is_true(value);
    return value == NULL || json_is_boolean(value) || shape_wrong(s, key);
}

bool shape_list(struct shape *s, const json_t *object, const char *key, size_t most,
                const json_t **list)
{
    *list = json_object_get(object, key);
    if (json_array_size(*list) > most)
        return shape_over(s, key, (int)most);
    return *list == NULL || json_is_array(*list) || shape_wrong(s, key);
}

bool shape_word(struct shape *s, const json_t *object, const char *key, const char *const *words,
                int *which)
{
    const char *text = json_string_value(json_object_get(object, key));
    for (*which = 0; text != NULL && words[*which] != NULL; ++*which)
        if (strcmp(words[*which], text) == 0)
            return true;
    return shape_wrong(s, key);
}

/* --- runs ------------------------------------------------------------------------------------- */

/* The number that begins at *at, which then stands behind it. False: there is none. */
static bool take_number(const char **at, uint64_t *number)
{
    size_t len = strspn(*at, "0123456789");
    if (!number_parse_count(*at, len, number))
        return false;
    *at += len;
    return true;
}

static bool add_lines(struct shape *s, struct lines *lines, uint64_t first, uint64_t count,
                      char state)
{
    for (uint64_t line = first; line < first + count; line++)
        if (!lines_add(lines, s->mem, &s->lines, (uint32_t)line, state == 'h', s->err))
            return false;
    return true;
}

/* See put_lines() of evidence_write.c. */
bool shape_lines(struct shape *s, const json_t *object, struct lines *lines)
{
    const char *at = json_string_value(json_object_get(object, "lines"));
    uint64_t next = 1;
    if (at == NULL)
        return shape_wrong(s, "lines");
    while (*at != '\0') {
        uint64_t count = 1;
        char state = *at++;
        if (strchr(".hm", state) == NULL ||
            (strspn(at, "0123456789") > 0 && !take_number(&at, &count)) || count > LIMIT_LINE ||
            next + count - 1 > LIMIT_LINE)
            return shape_wrong(s, "lines");
        if (state != '.' && !add_lines(s, lines, next, count, state))
            return false;
        next += count;
    }
    return true;
}

bool shape_branches(struct shape *s, const json_t *object, struct lines *lines)
{
    const json_t *value = json_object_get(object, "branches");
    const char *at = value == NULL ? "" : json_string_value(value);
    uint64_t line = 0;
    while (at != NULL && *at != '\0') {
        uint64_t skip, covered, total;
        if (!take_number(&at, &skip) || *at++ != ':' || !take_number(&at, &covered) ||
            *at++ != '/' || !take_number(&at, &total) || skip > LIMIT_LINE || covered > total)
            return shape_wrong(s, "branches");
        line += skip + 1;
        if (line > LIMIT_LINE || (*at != ' ' && *at != '\0'))
            return shape_wrong(s, "branches");
        at += *at == ' ';
        if (!lines_add_branches(lines, s->mem, &s->lines, (uint32_t)line, covered, total, s->err))
            return false;
    }
    return at != NULL || shape_wrong(s, "branches");
}

bool shape_buckets(struct shape *s, const json_t *object, struct histogram *h)
{
    const char *at = json_string_value(json_object_get(object, "buckets"));
    uint64_t next = 0;
    while (at != NULL && *at != '\0') {
        uint64_t skip, count;
        if (!take_number(&at, &skip) || *at++ != ':' || !take_number(&at, &count) ||
            (*at != ' ' && *at != '\0') || skip > UINT32_MAX || next > UINT32_MAX)
            return shape_wrong(s, "buckets");
        at += *at == ' ';
        if (!histogram_restore(h, s->mem, &s->load_pages, next + skip, count, s->err))
            return false;
        next += skip + 1;
    }
    return at != NULL || shape_wrong(s, "buckets");
}
