/* What makes a finding the same finding in the next report. */
#ifndef GATES_MODEL_FINDING_H
#define GATES_MODEL_FINDING_H

#include <stddef.h>

struct arena;

/* `count` fields in one text, each preceded by its length, so that no two lists of fields give the
 * same text. A NULL field counts as an empty one. Lists of fields may be joined end to end. */
const char *finding_identity(struct arena *mem, const char *const fields[], size_t count);

#endif
