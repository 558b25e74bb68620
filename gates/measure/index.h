/* Where the things with one value of a label stand, so that a rule with `each` need not go through
 * all of them for every value.
 *
 * It only leaves out what cannot match: whoever asks still matches everything that is found, so an
 * index never changes a number.
 */
#ifndef GATES_MEASURE_INDEX_H
#define GATES_MEASURE_INDEX_H

#include "gates/measure/measure.h"

struct index_table;
struct index_note;

/* Lists sorted by a label's value, each when it is asked for first. */
struct index {
    struct arena *mem;
    struct index_tables ARRAY(struct index_table) tables;
    struct index_notes ARRAY(struct index_note) notes;
};

struct index_entry {
    const char *value;
    size_t at;
};

/* What in a list may match. */
struct candidates {
    const struct index_entry *entries; /* in the list's order; NULL: everything */
    size_t count;
    const void *anywhere; /* one that may have any value; NULL: there is none, or all are given */
};

/* By the literal matcher of the selector, when it has an index. */
struct candidates candidates_of_findings(const struct selector *selector,
                                         const struct findings *all);
struct candidates candidates_of_cases(const struct selector *selector,
                                      const struct test_cases *all);
struct candidates candidates_of_groups(const struct selector *selector,
                                       const struct test_groups *all);
struct candidates candidates_of_files(const struct selector *selector,
                                      const struct covered_files *all);
struct candidates candidates_of_labels(const struct selector *selector,
                                       const struct load_labels *all);

/* The place in the list of the i-th candidate. */
size_t candidate_at(const struct candidates *candidates, size_t i);

/* The one value of the label to which `each` has come; NULL: it is not for one. */
const char *selector_value(const struct selector *selector, const char *label);

/* What was noted of a list for the selector as it is for all values, to be used for each of them;
 * NULL: nothing yet. */
const void *index_noted(const struct selector *selector, const void *items);
void index_note(const struct selector *selector, const void *items, const void *note, size_t size);

#endif
