/* Reports on a laptop's disk that are older than what was changed since: they say nothing of it.
 *
 * By the times of the files, which git and builds set on this very disk; nowhere else is that taken
 * for an age (a job downloads its reports).
 */
#ifndef RUNNER_COMMAND_STALE_H
#define RUNNER_COMMAND_STALE_H

#include "runner/command/hearing.h"

/* Mark the sources (source->stale) of which a report was written before a changed file that it
 * lists, or would have to list; of reports without paths of source files: before any changed file.
 */
void stale_mark(struct hearing *hearing);

#endif
