/* What goes to stderr: messages and, on a terminal, progress. The only place that prints an error.
 */
#ifndef RUNNER_LOG_H
#define RUNNER_LOG_H

#include "gates/base/problems.h"
#include "runner/context.h"

/* `qgate: coverage.xml:5: hits is not a number: "x"`, then `hint: …` when there is one. */
void log_error(const struct error *err);

/* `qgate: …`; control characters are replaced. */
void log_message(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Every mistake as `file:line:column: what`, then how many there are. */
void log_problems(const struct problems *found);

/* What is allowed and still odd: `qgate: file:line:column: what`. */
void log_warnings(const struct problems *odd);

struct progress {
    bool wanted;        /* stderr is a terminal and nobody asked for quiet */
    bool shown;         /* a line of it stands there */
    int64_t started_ms; /* monotonic */
};

void progress_begin(struct progress *progress, const struct context *context, bool quiet);

/* `reading 312 of 10000`, on one line that is written over; nothing in the first second. */
void progress_show(struct progress *progress, const char *doing, size_t done, size_t total);
void progress_end(struct progress *progress);

#endif
