/* What is said on stderr: the only place that prints an error. */
#ifndef RUNNER_LOG_H
#define RUNNER_LOG_H

#include "gates/base/problems.h"

/* `qgate: coverage.xml:5: hits is not a number: "x"`, then `hint: …` when there is one. */
void log_error(const struct error *err);

/* `qgate: …`; control characters are replaced. */
void log_message(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Every mistake as `file:line:column: what`, then how many there are. */
void log_problems(const struct problems *found);

/* What is allowed and still odd: `qgate: file:line:column: what`. */
void log_warnings(const struct problems *odd);

#endif
