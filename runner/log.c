#include "runner/log.h"

#include <stdio.h>
#include <string.h>

#include "gates/base/text.h"

static void print_place(const char *file, unsigned line, unsigned column)
{
    if (*file == '\0')
        return;
    fprintf(stderr, "%s:", file);
    if (line > 0)
        fprintf(stderr, "%u:", line);
    if (line > 0 && column > 0)
        fprintf(stderr, "%u:", column);
    fputc(' ', stderr);
}

void log_error(const struct error *err)
{
    fputs("qgate: ", stderr);
    print_place(err->where, err->line, err->column);
    fprintf(stderr, "%s\n", err->what);
    if (err->hint[0] != '\0')
        fprintf(stderr, "hint: %s\n", err->hint);
}

void log_message(const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    text_clean(text, strlen(text));
    fprintf(stderr, "qgate: %s\n", text);
}

static bool names_one_file(const struct problems *found)
{
    for (size_t i = 1; i < found->count; i++)
        if (strcmp(found->items[i].at.file, found->items[0].at.file) != 0)
            return false;
    return true;
}

void log_problems(const struct problems *found)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct problem *problem = &found->items[i];
        print_place(problem->at.file, problem->at.line, problem->at.column);
        fprintf(stderr, "%s\n", problem->what);
    }
    if (found->count > 0)
        log_message("%zu mistake%s in %s%s", found->count, found->count == 1 ? "" : "s",
                    found->items[0].at.file, names_one_file(found) ? "" : " and others");
}

void log_warnings(const struct problems *odd)
{
    for (size_t i = 0; i < odd->count; i++) {
        const struct problem *problem = &odd->items[i];
        fputs("qgate: warning: ", stderr);
        print_place(problem->at.file, problem->at.line, problem->at.column);
        fprintf(stderr, "%s\n", problem->what);
    }
}
