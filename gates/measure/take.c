#include "gates/measure/take.h"

#include <string.h>

void take_number(struct value *out, struct number number)
{
    if (out->kind == VALUE_ERROR)
        return;
    out->kind = VALUE_NUMBER;
    out->number = number;
}

void take_ratio(struct value *out, uint64_t part, uint64_t whole, uint64_t times)
{
    out->has_parts = true;
    out->part = part;
    out->whole = whole;
    take_number(out, number_scale(number_ratio((int64_t)part, whole), times, 1));
}

void take_nothing(struct value *out, const char *why)
{
    if (out->kind == VALUE_ERROR)
        return;
    out->kind = VALUE_NONE;
    out->why = why;
}

void take_error(struct value *out, const char *why)
{
    if (out->kind == VALUE_ERROR)
        return;
    out->kind = VALUE_ERROR;
    out->why = why;
}

static bool answered(bool asked, bool matches, const struct error *err, struct arena *mem,
                     struct value *out)
{
    if (!asked)
        take_error(out, arena_copy(mem, err->what, strlen(err->what)));
    return asked && matches;
}

bool take_label(const struct selector *selector, const char *label, const char *value,
                struct arena *mem, struct value *out)
{
    for (size_t i = 0; i < selector->labels.count; i++) {
        const struct label_match *match = &selector->labels.items[i];
        struct error err = {0};
        bool matches = false;
        if (strcmp(match->label, label) != 0)
            continue;
        bool asked = label_matches(match, value, &matches, &err);
        if (!answered(asked, matches, &err, mem, out))
            return false;
    }
    return true;
}

bool take_path(const struct selector *selector, const char *path, const char *origin,
               struct arena *mem, struct value *out)
{
    struct error err = {0};
    bool matches = false;
    bool asked = selector_matches_path(selector, path, origin, &matches, &err);
    return answered(asked, matches, &err, mem, out);
}
