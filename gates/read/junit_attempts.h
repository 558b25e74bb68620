/* Cases of a JUnit report on their way into its source: each counts by itself, or, when several of
 * one identity are attempts at one test, only the last of them.
 */
#ifndef GATES_READ_JUNIT_ATTEMPTS_H
#define GATES_READ_JUNIT_ATTEMPTS_H

#include "gates/read/reader.h"

/* What a <testcase> said. */
struct attempt {
    uint64_t hash; /* of the identity, 62 bits */
    size_t group;
    int64_t duration_us;
    enum test_outcome outcome;
    bool flaky;
    struct test_case *details; /* NULL: passed or skipped, nothing to say */
};

/* In the order they were made. */
struct attempts {
    struct ARRAY(struct attempt) made;
    size_t problems; /* of them with details */
};

/* It counts. False: a ceiling is passed, as for all of these. */
NODISCARD bool attempt_count(const struct attempt *attempt, struct source *into, struct arena *run,
                             struct error *err);

/* It may count, with a copy of its details. */
NODISCARD bool attempt_keep(struct attempts *attempts, const struct attempt *attempt,
                            const struct input *in, struct error *err);

/* The last attempt of each identity counts; passed after a failure, it is flaky. */
NODISCARD bool attempts_count_last(const struct attempts *attempts, const struct input *in,
                                   struct source *into, struct error *err);

#endif
