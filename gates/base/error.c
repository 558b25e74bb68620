#include "gates/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "gates/base/text.h"

bool error_set(struct error *err, enum fault fault, const char *fmt, ...)
{
    if (err->fault != FAULT_NONE)
        return false;
    err->fault = fault;
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->what, sizeof err->what, fmt, args);
    va_end(args);
    text_clean(err->what, strlen(err->what));
    return false;
}

bool error_at(struct error *err, const char *where, unsigned line, unsigned column)
{
    if (where != NULL && err->where[0] == '\0') {
        snprintf(err->where, sizeof err->where, "%s", where);
        text_clean(err->where, strlen(err->where));
    }
    if (err->line == 0) {
        err->line = line;
        err->column = column;
    }
    return false;
}

bool error_hint(struct error *err, const char *fmt, ...)
{
    if (err->hint[0] != '\0')
        return false;
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->hint, sizeof err->hint, fmt, args);
    va_end(args);
    text_clean(err->hint, strlen(err->hint));
    return false;
}
