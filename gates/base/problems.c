#include "gates/base/problems.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/text.h"

void problems_init(struct problems *problems, struct arena *mem)
{
    *problems = (struct problems){.mem = mem};
}

void problem_add(struct problems *problems, struct place at, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *what = arena_vprintf(problems->mem, fmt, args);
    va_end(args);
    text_clean(what, strlen(what));
    struct problem *problem = array_add(problems->mem, problems);
    *problem = (struct problem){at, what};
}

static int by_place(const void *a, const void *b)
{
    const struct problem *p = a, *q = b;
    int files = strcmp(p->at.file, q->at.file);
    if (files != 0)
        return files;
    if (p->at.line != q->at.line)
        return p->at.line < q->at.line ? -1 : 1;
    if (p->at.column != q->at.column)
        return p->at.column < q->at.column ? -1 : 1;
    return strcmp(p->what, q->what);
}

void problems_sort(struct problems *problems)
{
    if (problems->count > 1)
        qsort(problems->items, problems->count, sizeof *problems->items, by_place);
}
