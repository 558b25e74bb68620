/* What a run leaves for later ones to be compared with: a file (--save-baseline), and a record in
 * the store. Never of a merge request: it would choose what it is compared with.
 */
#ifndef RUNNER_COMMAND_KEEP_H
#define RUNNER_COMMAND_KEEP_H

#include "runner/command/hearing.h"

/* Write the evidence, whole or not. `path` from the current directory. */
NODISCARD bool keep_file(const struct evidence *evidence, const char *path, struct error *err);

/* Record in the store the run and what it measured, and the evidence when it is that of the commit:
 * docs/decisions/baselines.md. *why_not (NULL: it was recorded) says what the evidence lacks.
 * False: the store does not take it. */
NODISCARD bool keep_record(struct hearing *hearing, const char **why_not, struct error *err);

/* What waits, and why. Nothing when nothing does. */
struct store;
void keep_say_spooled(const struct store *store);

#endif
