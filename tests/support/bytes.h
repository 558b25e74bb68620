/* A text as the bytes of an input, handed out in pieces of any size. */
#ifndef TESTS_SUPPORT_BYTES_H
#define TESTS_SUPPORT_BYTES_H

#include <string.h>

#include "gates/read/reader.h"

struct bytes {
    const char *at;
    size_t left, most; /* `most`: bytes of a piece */
};

static inline bool bytes_pull(void *handle, char *buffer, size_t room, size_t *got,
                              struct error *err)
{
    struct bytes *bytes = handle;
    (void)err;
    *got = bytes->left < room ? bytes->left : room;
    *got = *got < bytes->most ? *got : bytes->most;
    if (*got > 0)
        memcpy(buffer, bytes->at, *got);
    bytes->at += *got;
    bytes->left -= *got;
    return true;
}

/* Everything is kept in `mem`. */
static inline struct input bytes_input(struct bytes *bytes, struct arena *mem)
{
    return (struct input){
        .path = "report", .pull = bytes_pull, .handle = bytes, .run = mem, .scratch = mem};
}

#endif
