/* What many fetches leave behind. */
#ifndef RUNNER_HISTORY_RENEW_H
#define RUNNER_HISTORY_RENEW_H

#include <stdbool.h>

/* Every fetch adds a file to the bare repository, and each look-up asks all of them. Are there so
 * many that it should be fetched as a whole again? */
bool renew_is_due(const char *path);

/* Puts what was fetched to `fresh` in the place of `path`, or takes it away again. */
void renew_take(const char *fresh, const char *path);
void renew_drop(const char *fresh);

#endif
