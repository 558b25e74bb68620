#include "runner/delivery/event_file.h"

#include <jansson.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/nearest.h"

/* Which of the names it is, -1: none; err says which is near. */
static int index_of(const char *name, const char *const *names, size_t count, const char *what,
                    struct error *err)
{
    struct nearest nearest = {.asked = name};
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return (int)i;
        nearest_try(&nearest, names[i]);
    }
    error_set(err, FAULT_REPORT, "there is no %s \"%s\"", what, name);
    if (nearest.found != NULL)
        error_hint(err, "did you mean %s?", nearest.found);
    else
        error_hint(err, "`qgate schema event` says what there is");
    return -1;
}

static bool take_kind(struct event *event, const json_t *object, struct error *err)
{
    const char *name = json_string_value(json_object_get(object, "event"));
    if (name == NULL)
        return error_set(err, FAULT_REPORT,
                         "event is missing: \"build\", \"deployment\" or \"incident\"");
    int kind = index_of(name, event_kind_names, EVENT_KINDS, "event", err);
    event->kind = kind < 0 ? EVENT_BUILD : (enum event_kind)kind;
    return kind >= 0;
}

static bool take_value(struct event *event, enum event_field field, const json_t *value,
                       int64_t now_s, struct arena *mem, struct error *err)
{
    const char *key = event_fields[field].key;
    bool flag = event_fields[field].type == FIELD_FLAG;
    if (json_is_null(value) || (flag && json_is_false(value)))
        return true;
    if (flag ? !json_is_true(value) : !json_is_string(value))
        return error_set(err, FAULT_REPORT, "%s is no %s", key, flag ? "true or false" : "text");
    const char *text = flag ? key : json_string_value(value);
    return event_set(event, field, arena_copy(mem, text, strlen(text)), now_s, mem, err);
}

#define FIELD_KEY(NAME, key, option, argument, type, kinds, help) key,
static const char *const keys[] = {EVENT_FIELDS(FIELD_KEY)};

static bool take_object(struct event *event, json_t *object, int64_t now_s, struct arena *mem,
                        struct error *err)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        if (strcmp(key, "event") == 0)
            continue;
        int field = index_of(key, keys, EVENT_FIELD_COUNT, "key", err);
        if (field < 0 || !take_value(event, (enum event_field)field, value, now_s, mem, err))
            return false;
    }
    return event_check(event, err);
}

static bool read_line(const char *line, size_t len, int64_t now_s, struct arena *mem,
                      struct event *event, struct error *err)
{
    json_error_t why;
    if (len > LIMIT_EVENT_BYTES)
        return error_set(err, FAULT_REPORT, "is longer than %d bytes", LIMIT_EVENT_BYTES);
    json_auto_t *object = json_loadb(line, len, JSON_REJECT_DUPLICATES, &why);
    if (!json_is_object(object))
        return error_set(err, FAULT_REPORT, "is no JSON object");
    return take_kind(event, object, err) && take_object(event, object, now_s, mem, err);
}

bool event_file_read(const char *text, size_t len, int64_t now_s, struct arena *mem,
                     struct event_list *events, struct error *err)
{
    unsigned number = 0;
    for (const char *at = text, *end = text + len, *next; at < end; at = next) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((stop == NULL ? end : stop) - at);
        next = stop == NULL ? end : stop + 1;
        number++;
        if (strspn(at, " \t\r") >= size)
            continue;
        if (events->count == LIMIT_EVENTS)
            error_set(err, FAULT_REPORT, "there are more than %d events", LIMIT_EVENTS);
        struct event *event = array_add(mem, events);
        event->line = number;
        if (err->fault != FAULT_NONE || !read_line(at, size, now_s, mem, event, err))
            return error_at(err, NULL, number, 0);
    }
    return true;
}
