/* The commits of what was deployed. */
#include "runner/delivery/estate_parts.h"

#include <string.h>

#include "runner/history/beginning.h"

struct share *share_of(const struct gathering *gathering, const struct sketch *sketch)
{
    return &gathering->shares[sketch->service - gathering->delivery->services.items];
}

static void begin(struct gathering *gathering, const struct sketch *sketch, struct share *share)
{
    const struct codebase *base = sketch->base;
    if (share->resolver != NULL || base->history == NULL)
        return;
    share->resolving = (struct resolver_wanted){
        .service = sketch->service,
        .history = base->history,
        .tags = &base->tags,
        .events = &share->events,
        .tip = base->trunk,
    };
    share->resolver = resolver_new(&share->resolving, gathering->mem);
}

/* A record may name a commit that nobody has any more; its version may do better. */
static const char *said(struct gathering *gathering, const struct codebase *base,
                        const char *commit)
{
    bool several;
    return commit == NULL
               ? NULL
               : commit_beginning(base->history, commit, strlen(commit), gathering->mem, &several);
}

static void find_commits(struct gathering *gathering, const struct sketch *sketch,
                         struct resolver *resolver, const struct told *told)
{
    struct codebase *base = sketch->base;
    for (size_t i = 0; i < told->list.count; i++) {
        const char *commit = told->commits.items[i]; /* of a tag it is certain */
        if (told == &sketch->recorded)
            commit = said(gathering, base, commit);
        if (commit == NULL)
            commit = resolve_version(resolver, told->list.items[i].version).commit;
        told->commits.items[i] = commit;
        if (commit != NULL)
            array_push(gathering->mem, &base->tips, commit);
    }
}

void estate_resolve(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->sketch_count; i++) {
        struct sketch *sketch = &gathering->sketches[i];
        struct share *share = share_of(gathering, sketch);
        begin(gathering, sketch, share);
        if (share->resolver == NULL)
            continue;
        find_commits(gathering, sketch, share->resolver, &sketch->told);
        find_commits(gathering, sketch, share->resolver, &sketch->recorded);
    }
}
