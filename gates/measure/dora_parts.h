/* What the files of dora share; nobody else includes it. */
#ifndef GATES_MEASURE_DORA_PARTS_H
#define GATES_MEASURE_DORA_PARTS_H

#include "gates/base/names.h"
#include "gates/measure/dora.h"

struct indexes ARRAY(uint32_t);

/* A chain under way. Arrays of commits or deployments have an element for each. */
struct link {
    struct dora_chain *chain;
    struct arena *mem;      /* takes the changes */
    struct arena *scratch;  /* takes all else, which is gone when the chain is linked */
    uint32_t previous;      /* the last link; DORA_NONE: none yet */
    uint32_t resolved;      /* the last link of a known commit; DORA_NONE: none yet */
    uint32_t base;          /* the first of those: it holds years, which are no changes of it */
    uint32_t *shipped;      /* commits: the first deployment that holds it, their count for what
                               waits; DORA_NONE: none so far */
    uint32_t *change;       /* of the chain, where it is `change_of` */
    bool *taken;            /* commits: it was looked at for a change */
    bool *told;             /* commits that others repeat: one of them was deployed */
    bool *repeats;          /* commits: it is a copy, deployed after another */
    uint32_t *line, *place; /* commits that were deployed: the stretch of a first-parent line that
                               they are on, and where there */
    struct indexes tops;    /* the last commit of each stretch */
    uint32_t *seen;         /* commits: the last question that came by */
    uint32_t turn;          /* questions so far */
    bool *ran;              /* commits: a link deployed exactly this one */
    struct names versions;  /* that ran, of no known commit */
    struct indexes left;    /* commits still to be looked at */
    uint32_t *repaired; /* deployments: the latest that it repairs; DORA_NONE: none that is named */
};

/* Does the next deployment compare with one of this kind? */
bool is_link(enum dora_kind kind);

/* Is `old` an ancestor of `new`, or that itself? One of them was deployed by a link. */
bool dora_holds(struct link *link, uint32_t new, uint32_t old);

/* A link has deployed the commit: its first-parent line is known from now on. */
void dora_extend_line(struct link *link, uint32_t commit);

/* Which deployments failed, by what the later ones say; the chain is otherwise complete. */
void dora_find_failures(struct link *link);

/* `failed` was repaired by `remedy`: it counts as failed, when it counts at all. */
void dora_fail(struct link *link, uint32_t failed, uint32_t remedy, enum dora_failure how);

/* May the commit's message repair anything here? What waits does nothing yet, and what was there at
 * the beginning repaired something before. */
bool dora_is_heard(const struct link *link, uint32_t commit);

/* When it began to hurt, as far as it is known. */
int64_t dora_hurt_since(const struct dora_incident *incident);

/* Which deployments bring work on incidents, by name; these are otherwise complete and sorted. */
void dora_find_fixes(struct link *link);

/* Which deployment each incident comes from, and when the failed ones had recovered; all else is
 * known. */
void dora_link_incidents(struct link *link);

/* Values for percentiles and distinct counts. */
struct times ARRAY(int64_t);

struct dora_spread times_spread(struct times *times); /* sorts them */
size_t times_different(struct times *times);          /* sorts them */

/* The ISO weeks that lie wholly inside the window, and the median of how many of the days fall into
 * each; sorts the days, of which each counts once. 0: there is none. */
size_t days_a_week(struct times *days, const struct dora_window *window, struct arena *mem,
                   struct number *median);

#endif
