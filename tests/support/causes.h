/* Three deployments, and what their incidents were put down to. */
#ifndef TESTS_SUPPORT_CAUSES_H
#define TESTS_SUPPORT_CAUSES_H

#include "tests/support/chain.h"
#include "tests/support/test.h"

static inline int64_t hours(int count)
{
    return MONDAY + (int64_t)count * HOUR;
}

/* v1 at 2 h, v2 at 10 h, v3 at 40 h, each a commit further. */
static inline void deploy_three(struct drawn *d)
{
    uint32_t a = commit(d, 0, DORA_NONE, DORA_NONE), b = commit(d, 1, a, DORA_NONE);
    uint32_t c = commit(d, 2, b, DORA_NONE);
    deploy(d, "v1", 2, a);
    deploy(d, "v2", 10, b);
    deploy(d, "v3", 40, c);
}

/* "v2 nearby, - , v3 explicit": what each incident was put down to, in the order they were created.
 */
static inline void causes_are(struct drawn *d, const char *wanted)
{
    const char *text = "";
    dora_link(&d->chain, d->mem);
    for (size_t i = 0; i < d->chain.incidents.count; i++) {
        const struct dora_incident *one = &d->chain.incidents.items[i];
        const char *by = one->deployment == DORA_NONE
                             ? "-"
                             : d->chain.deployments.items[one->deployment].version;
        text = arena_printf(d->mem, "%s%s%s %s", text, i == 0 ? "" : ", ", by,
                            dora_method_name(one->method));
    }
    assert_string_equal(text, wanted);
}

#endif
