/* The one way to say that something failed.
 *
 * A function that can fail returns bool, is NODISCARD and takes `struct error *err` last. True: err
 * is untouched. False: err is filled. The first error wins, so a cleanup cannot hide the cause.
 * "Not found" is an answer, not an error. Nobody below runner/command prints an error.
 *
 * Texts in an error may quote hostile input: error_set() replaces control characters, so an error
 * can be printed as it stands.
 */
#ifndef GATES_BASE_ERROR_H
#define GATES_BASE_ERROR_H

#include <stdbool.h>

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* Whose fault it is; decides the exit status (runner/exit.h). */
enum fault {
    FAULT_NONE,
    FAULT_USAGE,  /* the command line */
    FAULT_POLICY, /* a policy file */
    FAULT_REPORT, /* a report that cannot be read */
    FAULT_SYSTEM, /* a file that cannot be written, a system call */
    FAULT_REMOTE, /* a service that did not answer */
};

struct error {
    enum fault fault;
    unsigned line, column; /* 1-based in `where`; 0 when it makes no sense; columns count
                              characters */
    char where[256];       /* file or URL, never a secret; empty: not known (yet) */
    char what[256];        /* lower case, no full stop: hits is not a number: "x" */
    char hint[256];        /* what to do next, a sentence; empty: none */
};

/* Fill `err` unless it is filled already. Always false, so that `return error_set(…)` reads well.
 */
bool error_set(struct error *err, enum fault fault, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Add the place, when none is known yet. Always false. */
bool error_at(struct error *err, const char *where, unsigned line, unsigned column);

/* Add what to do next, when nothing is said yet. Always false. */
bool error_hint(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
