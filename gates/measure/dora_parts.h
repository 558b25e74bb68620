/* What the files of dora share; nobody else includes it. */
#ifndef GATES_MEASURE_DORA_PARTS_H
#define GATES_MEASURE_DORA_PARTS_H

#include "gates/measure/dora.h"

struct indexes ARRAY(uint32_t);

/* A chain under way. The arrays have an element for each commit. */
struct link {
    struct dora_chain *chain;
    struct arena *mem;
    uint32_t previous; /* the last link; DORA_NONE: none yet */
    uint32_t *shipped; /* the first deployment that holds it; DORA_NONE: none so far */
    bool *taken;       /* it belongs to a change */
    bool *told;        /* of the first of those that repeat each other: one of them was deployed */
    bool *repeats;     /* it is a copy, deployed after another */
    uint32_t *seen;    /* the last question that came by */
    uint32_t turn;     /* questions so far */
    bool *ran;         /* a link deployed exactly this commit */
    struct indexes left; /* commits still to be looked at */
};

/* Does the next deployment compare with one of this kind? */
bool is_link(enum dora_kind kind);

/* Which deployments failed, by what the later ones say; the chain is otherwise complete. */
void dora_find_failures(struct link *link);

#endif
