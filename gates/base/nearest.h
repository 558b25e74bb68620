/* "did you mean": the known word nearest to one that is not known.
 *
 *     struct nearest nearest = {.asked = "coverage.line"};
 *     nearest_try(&nearest, "coverage.lines");              // for every known word
 *     … nearest_hint(&nearest, mem)                         // "; did you mean 'coverage.lines'?"
 *
 * Near is what at most two edits make (or another case); of equally near words the first one tried
 * wins.
 */
#ifndef GATES_BASE_NEAREST_H
#define GATES_BASE_NEAREST_H

struct arena;

struct nearest {
    const char *asked;
    const char *found; /* NULL: none is near */
    unsigned distance; /* of `found` */
};

void nearest_try(struct nearest *nearest, const char *known);

/* Every word of a list parted by spaces; NULL is an empty list. */
void nearest_try_list(struct nearest *nearest, const char *list, struct arena *mem);

/* "" when none is near. */
const char *nearest_hint(const struct nearest *nearest, struct arena *mem);

#endif
