/* Environments and regions in the paths and names of a GitOps repository, by the words that people
 * use for them: guesses, for a configuration that a person looks through.
 */
#ifndef GATES_DELIVERY_PLACES_H
#define GATES_DELIVERY_PLACES_H

#include "gates/delivery/delivery.h"

struct places {
    const char *environment; /* as it is written: "prod"; NULL: none */
    const char *region;      /* "eu-west-1"; NULL: none. Only beside an environment */
};

/* What the path or name speaks of. A whole part of a path (a folder, the name of the file without
 * its ending) goes before a word in a part. */
void places_find(const char *text, struct arena *mem, struct places *places);

/* The region that it speaks of, for an environment that is known. */
void places_find_region(const char *text, struct arena *mem, struct places *places);

/* Is it a word for how a repository is laid out: "overlays"? */
bool places_is_structure(const char *word);

/* The text with {environment} and {region} in their places. */
const char *places_template(const char *text, const struct places *places, struct arena *mem);

/* What an environment is for, by its name; TIER_OTHER: no guess. */
enum tier tier_guess(const char *name);

/* The text with `by` for the word, where it stands alone: at the ends and between `-`, `_` and `.`.
 * The text itself: it is not there. */
const char *word_replaced(const char *text, const char *word, const char *by, struct arena *mem);

/* What is left of a part of a template when {environment} and {region} at its ends are taken away,
 * with the `-`, `_` or `.` beside them: "ledger" of "ledger-{environment}". NULL: nothing, or
 * another placeholder. */
const char *template_rest(const char *part, struct arena *mem);

#endif
