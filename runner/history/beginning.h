/* Commits by the beginnings of their numbers, as people and versions shorten them. */
#ifndef RUNNER_HISTORY_BEGINNING_H
#define RUNNER_HISTORY_BEGINNING_H

#include "runner/history/history.h"

/* The one commit of this clone whose number begins with these digits (7 to 40, either case),
 * hexadecimal; NULL: none does, or *several do. Files and folders do not count. */
const char *commit_beginning(const struct history *history, const char *hex, size_t len,
                             struct arena *mem, bool *several);

#endif
