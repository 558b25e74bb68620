/* What a person who waits sees: one line on stderr that is written over and leaves nothing behind.
 *
 * Only on a terminal, never in a pipe or a job's log, and nothing in the first second. Whoever does
 * the work says how far it is as often as it likes; a line is written ten times a second at most.
 */
#ifndef RUNNER_PROGRESS_H
#define RUNNER_PROGRESS_H

#include <stddef.h>

#include "runner/context.h"

struct progress {
    bool wanted;        /* stderr is a terminal and nobody asked for quiet */
    bool shown;         /* a line of it stands there */
    int64_t started_ms; /* monotonic */
    int64_t shown_ms;   /* when the line was written last */
};

void progress_begin(struct progress *progress, const struct context *context, bool quiet);

/* `reading main of clusters: 12,400 of 80,000 commits`. `total` 0: not known, `12,400 commits so
 * far`. `progress` NULL: nobody watches. */
void progress_show(struct progress *progress, const char *doing, size_t done, size_t total,
                   const char *what);

/* Takes the line away, so that something else can be written. */
void progress_end(struct progress *progress);

#endif
