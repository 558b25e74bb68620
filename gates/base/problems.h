/* The mistakes found in a file that a person writes: all of them in one run. */
#ifndef GATES_BASE_PROBLEMS_H
#define GATES_BASE_PROBLEMS_H

#include "gates/base/array.h"

/* A place in a file that a person writes. */
struct place {
    const char *file;
    unsigned line, column; /* 1-based; columns count characters */
};

struct problem {
    struct place at;
    const char *what; /* lower case, no full stop; says the remedy where there is one */
};

struct problems {
    struct problem *items;
    size_t count, room;
    struct arena *mem;
};

void problems_init(struct problems *problems, struct arena *mem);

void problem_add(struct problems *problems, struct place at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* By file, line, column. */
void problems_sort(struct problems *problems);

#endif
