/* Slips of the pen, for tests of "did you mean". */
#ifndef TESTS_SUPPORT_MISSPELL_H
#define TESTS_SUPPORT_MISSPELL_H

#include <string.h>

#include "gates/base/arena.h"

enum slip { SLIP_LEAVE_OUT, SLIP_DOUBLE, SLIP_OTHER_LETTER, SLIP_SWAP, SLIP_COUNT };

/* The word with one letter wrong; NULL: this slip cannot be made there. */
static inline const char *misspelt(const char *word, size_t at, enum slip slip, struct arena *mem)
{
    const size_t len = strlen(word);
    const int before = (int)at;
    if (at >= len || (slip == SLIP_SWAP && (at + 1 == len || word[at] == word[at + 1])))
        return NULL;
    switch (slip) {
    case SLIP_LEAVE_OUT:
        return arena_printf(mem, "%.*s%s", before, word, word + at + 1);
    case SLIP_DOUBLE:
        return arena_printf(mem, "%.*s%c%s", before, word, word[at], word + at);
    case SLIP_OTHER_LETTER:
        return arena_printf(mem, "%.*sq%s", before, word, word + at + 1);
    default:
        return arena_printf(mem, "%.*s%c%c%s", before, word, word[at + 1], word[at], word + at + 2);
    }
}

#endif
