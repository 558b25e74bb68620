/* A file of numbers that were found once and never change, so that the next run need not look for
 * them again.
 *
 * It can be lost at any time: what is damaged, somebody else's, of another version of qgate or of
 * another machine is as good as none. It is replaced as a whole, so nobody ever sees half of it,
 * and two runs at once do not hurt each other. What it says is checked against accidents, not
 * against who can write into the folder: whoever uses it sees to it that no index leads out of it.
 */
#ifndef RUNNER_HISTORY_CACHEFILE_H
#define RUNNER_HISTORY_CACHEFILE_H

#include <stdint.h>

#include "gates/base/arena.h"

/* Bytes that are written one after the other, each part on a boundary of CACHEFILE_ALIGN. */
struct cachefile_part {
    const void *bytes;
    size_t len;
};

enum { CACHEFILE_ALIGN = 32 };

/* Where the part behind one of `len` bytes begins. */
static inline size_t cachefile_aligned(size_t len)
{
    return (len + CACHEFILE_ALIGN - 1) / CACHEFILE_ALIGN * CACHEFILE_ALIGN;
}

/* What a file must have been written with: changes with `layout`, which its writer raises, and with
 * the version of qgate, whose reading of history it holds. */
uint64_t cachefile_version(unsigned layout);

/* The parts as they were written, to be used in place until the process ends; NULL: there is no
 * such file, or nothing that can be believed. `folder` is a descriptor; -1: nothing is kept. */
const char *cachefile_read(int folder, const char *name, uint64_t version, size_t *len);

/* What cannot be written is not kept. */
void cachefile_write(int folder, const char *name, uint64_t version,
                     const struct cachefile_part *parts, size_t count);

#endif
