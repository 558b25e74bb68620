/* A file under way: written beside its place and renamed when it is whole, so that nobody ever sees
 * half of it.
 *
 *     AUTO(close_draft) struct draft draft = {.folder = fd, .name = "out.json"};
 *     return draft_open(&draft, err) && write(…, draft.out) && draft_finish(&draft, err);
 */
#ifndef RUNNER_DRAFT_H
#define RUNNER_DRAFT_H

#include <stdio.h>

#include "gates/base/error.h"

struct draft {
    int folder;         /* descriptor, closed with the draft */
    const char *name;   /* in the folder */
    char temporary[64]; /* the same; "": nothing to remove */
    FILE *out;
};

/* False: it cannot be made, or something else than a file is in its place. */
NODISCARD bool draft_open(struct draft *draft, struct error *err);

/* The same for a path of the command line; sets folder and name. */
NODISCARD bool draft_open_path(struct draft *draft, const char *path, struct error *err);

/* Put it in its place. False: not all of it could be written. */
NODISCARD bool draft_finish(struct draft *draft, struct error *err);

void close_draft(struct draft *draft); /* for AUTO; removes what was not finished */

#endif
