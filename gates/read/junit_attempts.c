#include "gates/read/junit_attempts.h"

#include <stdlib.h>

#include "gates/base/limits.h"

bool attempt_count(const struct attempt *attempt, struct source *into, struct arena *run,
                   struct error *err)
{
    if (!source_test(into, run, attempt->group, TEST_WORD(attempt->hash, attempt->outcome),
                     attempt->duration_us, err))
        return false;
    into->tests.groups.items[attempt->group].flaky += attempt->flaky;
    if (attempt->details == NULL)
        return true;
    struct test_case *test = source_case(into, run, err);
    if (test != NULL)
        *test = *attempt->details;
    return test != NULL;
}

bool attempt_keep(struct attempts *attempts, const struct attempt *attempt, const struct input *in,
                  struct error *err)
{
    if (attempts->made.count >= LIMIT_TESTS)
        return error_set(err, FAULT_REPORT, "more than %d test cases", LIMIT_TESTS);
    struct attempt *kept = array_add(in->scratch, &attempts->made);
    *kept = *attempt;
    if (attempt->details == NULL)
        return true;
    if (attempts->problems++ >= LIMIT_TEST_PROBLEMS)
        return error_set(err, FAULT_REPORT, "more than %d failing or flaky tests",
                         LIMIT_TEST_PROBLEMS);
    if (!source_room(in->run, err))
        return false;
    kept->details = arena_new_item(in->scratch, struct test_case);
    *kept->details = *attempt->details;
    return true;
}

/* Attempts of one identity stand together, in the order they were made. */
static int by_identity(const void *a, const void *b)
{
    const struct attempt *p = *(const struct attempt *const *)a;
    const struct attempt *q = *(const struct attempt *const *)b;
    if (p->hash != q->hash)
        return p->hash < q->hash ? -1 : 1;
    return p < q ? -1 : p > q;
}

static struct attempt **sorted(const struct attempts *attempts, struct arena *scratch)
{
    size_t count = attempts->made.count;
    struct attempt **order = arena_alloc(scratch, (count + 1) * sizeof(struct attempt *));
    for (size_t i = 0; i < count; i++)
        order[i] = &attempts->made.items[i];
    qsort(order, count, sizeof *order, by_identity);
    return order;
}

bool attempts_count_last(const struct attempts *attempts, const struct input *in,
                         struct source *into, struct error *err)
{
    size_t count = attempts->made.count;
    struct attempt **order = sorted(attempts, in->scratch);
    struct test_case *failed = NULL; /* the last failure of the identity */
    for (size_t i = 0; i < count; i++) {
        struct attempt *attempt = order[i];
        if (i > 0 && order[i - 1]->hash != attempt->hash)
            failed = NULL;
        if (attempt->outcome >= TEST_FAILURE)
            failed = attempt->details;
        if (i + 1 < count && order[i + 1]->hash == attempt->hash)
            continue;
        if (attempt->outcome == TEST_PASSED && failed != NULL) {
            attempt->flaky = true;
            attempt->details = failed;
            failed->mark = TEST_MARK_FLAKY;
            failed->outcome = TEST_PASSED;
        }
        if (!attempt_count(attempt, into, in->run, err))
            return false;
    }
    return true;
}
