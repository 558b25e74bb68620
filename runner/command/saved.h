/* A verdict that `qgate check --output json=FILE` wrote, taken apart again.
 *
 * The file may come from anybody: its size is bounded and every member is looked at before it is
 * used. Texts are as they stand in the file, to be made harmless where they are shown.
 */
#ifndef RUNNER_COMMAND_SAVED_H
#define RUNNER_COMMAND_SAVED_H

#include <jansson.h>

#include "gates/judge/verdict.h"

/* A rule, or a required report that no rule reads, that did not pass. */
struct cause {
    const char *gate, *rule, *each, *value, *reason, *to_pass, *why;
    enum outcome outcome;
    json_t *reports; /* names; NULL: none */
    json_t *details; /* NULL: none */
    size_t order;    /* in the file */
    size_t alike;    /* other causes with the same to_pass, among the first things to do */
};

struct causes ARRAY(struct cause);

struct saved {
    json_t *root; /* owns every text */
    const char *outcome, *stage, *commit, *judged_at, *policy, *reason;
    struct causes causes; /* the worst first */
};

/* `saved` is zeroed. False: it cannot be read, or is no verdict that this version knows. */
NODISCARD bool saved_read(const char *path, struct arena *mem, struct saved *saved,
                          struct error *err);

void close_saved(struct saved *saved); /* for AUTO */

#endif
