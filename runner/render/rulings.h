/* The rules judged here in one list, for outputs that give each a name of its own. */
#ifndef RUNNER_RENDER_RULINGS_H
#define RUNNER_RENDER_RULINGS_H

#include "gates/judge/verdict.h"

/* A rule, or a rule for one value of its `each`. */
struct named_ruling {
    const struct gate_ruling *gate;
    const struct ruling *ruling;
    enum outcome outcome; /* as the gate counts it: what fails in a waived gate is waived */
    size_t again;         /* how many before it have its gate's name, its rule and its value */
};

struct named_rulings ARRAY(struct named_ruling);

/* All of them, in the policy's order. */
struct named_rulings rulings_named(const struct verdict *verdict, struct arena *mem);

#endif
