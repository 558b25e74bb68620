/* What the members of a chain are called, and the small questions about them. */
#include "gates/measure/dora.h"

bool dora_counts(enum dora_kind kind)
{
    return kind == DORA_FIRST || kind == DORA_FORWARD || kind == DORA_DIVERGED;
}

const char *dora_author(const struct dora_chain *chain, const struct dora_change *change)
{
    uint32_t person = chain->commits.items[change->first].person;
    return chain->people == NULL || person >= chain->people->count ? NULL
                                                                   : chain->people->items[person];
}

const struct dora_deployment *dora_bringer(const struct dora_chain *chain,
                                           const struct dora_change *change)
{
    return change->deployment == DORA_NONE ? NULL : &chain->deployments.items[change->deployment];
}

const char *dora_kind_name(enum dora_kind kind)
{
    static const char *const names[] = {"first",    "forward", "diverged",      "rollback",
                                        "redeploy", "config",  "failed_attempt"};
    return names[kind];
}

const char *dora_failure_name(enum dora_failure failure)
{
    static const char *const names[] = {"", "rollback", "revert", "hotfix", "incident"};
    return names[failure];
}

const char *dora_landed_name(enum dora_landed how)
{
    static const char *const names[] = {"merge", "squash", "direct"};
    return names[how];
}

const char *dora_absent_name(enum dora_absent absent)
{
    static const char *const names[] = {"", "bot", "copy", "skewed", "waiting"};
    return names[absent];
}

const char *dora_method_name(enum dora_link_method method)
{
    static const char *const names[] = {"", "explicit", "remedied", "nearby"};
    return names[method];
}
