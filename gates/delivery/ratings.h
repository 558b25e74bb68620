/* What delivery numbers are worth (gates/measure/dora_score.h), read from data:
 * gates/measure/bands.yml, which is compiled in. */
#ifndef GATES_DELIVERY_RATINGS_H
#define GATES_DELIVERY_RATINGS_H

#include "gates/base/problems.h"
#include "gates/measure/dora_score.h"

/* Mistakes are added to `found`. */
void ratings_read(const char *file, const char *text, size_t len, struct arena *mem,
                  struct dora_ratings *ratings, struct problems *found);

/* The compiled-in ones, which have none. */
void ratings_builtin(struct arena *mem, struct dora_ratings *ratings);

#endif
