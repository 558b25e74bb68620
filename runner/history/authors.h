/* Who wrote commits: people, each with a number, and programs. */
#ifndef RUNNER_HISTORY_AUTHORS_H
#define RUNNER_HISTORY_AUTHORS_H

#include "gates/base/names.h"

struct author {
    uint32_t person; /* the index of the address, in small letters */
    bool bot;
};

struct authors {
    struct names texts; /* "name\naddress" as git has them; the index is that of `known` */
    struct ARRAY(struct author) known;
    struct names *people;
    const struct words *bots;
    struct arena *mem;
    struct ARRAY(char) buffer;
};

/* `people` and `bots` as in struct commits_wanted. */
void authors_init(struct authors *authors, struct names *people, const struct words *bots,
                  struct arena *mem);

/* The index of one that git names so. */
uint32_t authors_add(struct authors *authors, const char *name, const char *address);

/* The same of "name\naddress". */
uint32_t authors_add_text(struct authors *authors, const char *text);

#endif
