/* Inside new(): the findings or failing tests of this run, each beside the baseline's. */
#ifndef GATES_JUDGE_NEW_ITEMS_H
#define GATES_JUDGE_NEW_ITEMS_H

#include "gates/judge/parts.h"

struct new_item {
    const char *report; /* format and name of its source */
    const struct finding *finding;
    const struct test_case *test; /* one of the two is NULL */
    struct detail detail;
    bool is_new;       /* the baseline does not have it, or has it less severe */
    bool is_known;     /* … less severe */
    bool is_disclosed; /* new, but published since: the change did not bring it */
};

/* Everything that the selector picks, waived or not, in the evidence's order. */
struct new_items {
    struct new_item *items;
    size_t count, room;
};

/* Which of the new ones the change did not bring. `before`: see baseline_take(). */
void new_items_disclosed(struct trial *trial, const struct evidence *before,
                         struct new_items *items);

/* One text for format and name of a source. */
const char *new_item_report(const struct source *source, struct arena *mem);

/* NULL is "". */
int new_item_texts(const char *a, const char *b);

/* Pointers to all of them, in that order. */
struct new_item **new_items_sorted(const struct new_items *items, struct arena *mem,
                                   int (*order)(const void *a, const void *b));

/* For functions that compare by one thing after the other. */
#define ORDER(expression)          \
    do {                           \
        int order_ = (expression); \
        if (order_ != 0)           \
            return order_;         \
    } while (0)

#endif
