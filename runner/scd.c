#include "runner/scd.h"

#include <stdarg.h>
#include <string.h>

#include "gates/base/arena.h"

void scd_text(const char *text, FILE *out)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\*_", *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
}

void scd_entry(FILE *out, const char *term, const char *argument, const char *fmt, ...)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    va_list args;
    va_start(args, fmt);
    const char *meaning = arena_vprintf(mem, fmt, args);
    va_end(args);
    fputc('*', out);
    scd_text(term, out);
    fputs(argument[0] == '\0' ? "*" : "* ", out);
    scd_text(argument, out);
    fputs("\n\t", out);
    scd_text(meaning, out);
    fputs("\n\n", out);
}
