/* Inside gates/policy: how two policies are compared, part by part. */
#ifndef GATES_POLICY_DIFFER_H
#define GATES_POLICY_DIFFER_H

#include "gates/policy/difference.h"

struct differ {
    struct arena *mem;
    struct differences *out;
};

void differ_say(const struct differ *differ, struct difference difference);

/* The same of a value that may be set to nothing: "none" then. */
void differ_value(const struct differ *differ, struct difference difference);

/* Which item of a second list each of a first one goes with. */
struct couples {
    size_t *of_before, *of_after; /* indexes in the other list, or NAMES_NONE */
    size_t before;                /* how many there are in the first */
    struct arena *mem;
};

void couples_init(struct couples *couples, size_t before, size_t after, struct arena *mem);

/* Pair those that are alone so far and have the same key; of several with one key the first goes
 * with the first. */
void couples_add(struct couples *couples, const struct words *before, const struct words *after);

/* A number of which more demands less: lines that go unjudged, days that a waiver may last. 0:
 * none.
 */
void differ_leniency(const struct differ *differ, const char *what, uint64_t before, uint64_t after,
                     struct place at);

/* A day until which less is demanded; 0: none. */
void differ_until(const struct differ *differ, const char *what, int32_t before, int32_t after,
                  struct place at);

/* `when:` of a gate or rule. */
void differ_when(const struct differ *differ, const char *what, const struct when *before,
                 const struct when *after, struct place at);

/* What is neither more nor less; NULL: nothing. */
void differ_text(const struct differ *differ, const char *what, const char *before,
                 const char *after, struct place at);

/* The rules of two gates of one name. */
void differ_rules(const struct differ *differ, const struct gate *before, const struct gate *after);

/* All but the gates. */
void differ_parts(const struct differ *differ, const struct policy *before,
                  const struct policy *after);

#endif
