#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "gates/judge/parts.h"

struct update {
    const char *package, *fixed;
};

struct updates ARRAY(struct update);

static int by_package(const void *a, const void *b)
{
    const struct update *p = a, *q = b;
    int packages = strcmp(p->package, q->package);
    return packages != 0 ? packages : strcmp(p->fixed, q->fixed);
}

static struct updates collect_updates(struct trial *trial, const struct details *details,
                                      uint64_t *unfixed)
{
    struct updates updates = {0};
    for (size_t i = 0; i < details->count; i++) {
        const struct finding *finding = details->items[i].finding;
        if (finding->package == NULL || finding->fixed == NULL)
            ++*unfixed;
        else
            array_push(trial->mem, &updates, ((struct update){finding->package, finding->fixed}));
    }
    if (updates.count > 0)
        qsort(updates.items, updates.count, sizeof *updates.items, by_package);
    size_t kept = 0;
    for (size_t i = 0; i < updates.count; i++)
        if (i == 0 || by_package(&updates.items[i], &updates.items[kept - 1]) != 0)
            updates.items[kept++] = updates.items[i];
    updates.count = kept;
    return updates;
}

static const char *say_updates(struct trial *trial, const struct updates *updates)
{
    enum { SHOWN = 3 };
    const char *text = "";
    for (size_t i = 0; i < updates->count && i < SHOWN; i++)
        text = arena_printf(trial->mem, "%s%s %s to %s", text, i == 0 ? "update" : ",",
                            updates->items[i].package, updates->items[i].fixed);
    if (updates->count > SHOWN)
        text = arena_printf(trial->mem, "%s and %zu more update%s", text, updates->count - SHOWN,
                            plural(updates->count - SHOWN));
    return text;
}

static const char *advise_repair(struct trial *trial, uint64_t k, uint64_t all)
{
    if (all == 1)
        return "repair this one";
    if (k == all)
        return arena_printf(trial->mem, "repair these %" PRIu64, k);
    return arena_printf(trial->mem, "repair %" PRIu64 " of these %" PRIu64, k, all);
}

void advise_listed_findings(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    uint64_t unfixed = 0, k = advise_count(rule, &ruling->value);
    struct updates updates = collect_updates(trial, &ruling->details, &unfixed);
    if (advise_up(rule, &ruling->value))
        ruling->to_pass = advise_difference(trial, rule, &ruling->value);
    else if (k < ruling->details.count || updates.count == 0)
        ruling->to_pass = advise_repair(trial, k, ruling->details.count);
    else if (unfixed == 0)
        ruling->to_pass = say_updates(trial, &updates);
    else
        ruling->to_pass =
            arena_printf(trial->mem, "%s; repair or replace %" PRIu64 " without a fixed version",
                         say_updates(trial, &updates), unfixed);
}

void advise_findings(struct trial *trial, const struct rule *rule, struct ruling *ruling)
{
    list_findings(trial, trial->selector, trial->docket->now, &ruling->details);
    advise_listed_findings(trial, rule, ruling);
}
