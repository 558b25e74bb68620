/* The exit statuses: a public interface. `qgate --help` prints the table; README and manual repeat
 * it. */
#ifndef RUNNER_EXIT_H
#define RUNNER_EXIT_H

#include <stddef.h>

#include "gates/base/error.h"

/* name, number, what it means */
#define STATUSES(X)                                                                        \
    X(PASSED, 0, "passed (warnings allowed)")                                              \
    X(FAILED, 1, "a gate failed, or with `--strict` a warning")                            \
    X(NO_DATA, 2, "no data: something required was not there")                             \
    X(UNREADABLE, 3,                                                                       \
      "a report or the target's policy could not be read, an output could not be written") \
    X(USAGE, 4, "wrong usage or policy")                                                   \
    X(PUBLISH, 5, "publishing failed though it was required")                              \
    X(INTERNAL, 70, "internal error")

#define STATUS_ENUM(name, number, meaning) STATUS_##name = (number),
enum status { STATUSES(STATUS_ENUM) };

/* What is certainly bad outranks what could not be judged, so that allowing one status never hides
 * another. */
static inline enum status status_worse(enum status a, enum status b)
{
    static const enum status order[] = {STATUS_INTERNAL,   STATUS_USAGE,   STATUS_FAILED,
                                        STATUS_UNREADABLE, STATUS_NO_DATA, STATUS_PUBLISH};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (a == order[i] || b == order[i])
            return order[i];
    return STATUS_PASSED;
}

static inline enum status status_of(const struct error *err)
{
    return err->fault == FAULT_USAGE || err->fault == FAULT_POLICY ? STATUS_USAGE
                                                                   : STATUS_UNREADABLE;
}

#endif
