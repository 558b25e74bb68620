/* The exit statuses: a public interface, the same in the manual and in one test. */
#ifndef RUNNER_EXIT_H
#define RUNNER_EXIT_H

#include <stddef.h>

#include "gates/base/error.h"

enum status {
    STATUS_PASSED = 0,     /* warnings allowed */
    STATUS_FAILED = 1,     /* a gate failed */
    STATUS_NO_DATA = 2,    /* something required was not there */
    STATUS_UNREADABLE = 3, /* a report could not be read, an output could not be written */
    STATUS_USAGE = 4,      /* wrong command line or policy */
    STATUS_PUBLISH = 5,    /* publishing failed though it was required */
    STATUS_INTERNAL = 70,  /* a mistake of ours, or no memory */
};

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
