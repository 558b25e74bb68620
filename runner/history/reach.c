#include "runner/history/reach.h"

/* How many are held; `held`, of each commit: is it, so far of the tips alone. Parents come first,
 * so one pass from the end sees every child before its parents. */
static size_t mark(const struct commits *commits, bool *held)
{
    size_t count = 0;
    for (size_t i = commits->all.count; i > 0; i--) {
        const struct dora_commit *commit = &commits->all.items[i - 1];
        for (uint32_t p = 0; held[i - 1] && p < commit->parent_count; p++)
            held[commit->parents[p]] = true;
        count += held[i - 1];
    }
    return count;
}

/* A commit in its new place; places[] of those before it are known. */
static void move(struct dora_commit *commit, const uint32_t *places, struct arena *mem)
{
    uint32_t *parents = arena_alloc(mem, (commit->parent_count + 1) * sizeof *parents);
    for (uint32_t p = 0; p < commit->parent_count; p++)
        parents[p] = places[commit->parents[p]];
    commit->parents = parents;
}

void commits_reach(struct commits *commits, const uint32_t *tips, size_t tip_count,
                   struct arena *mem)
{
    size_t count = commits->all.count;
    bool *held = arena_alloc(mem, count + 1);
    for (size_t i = 0; i < tip_count; i++)
        held[tips[i]] = true;
    if (mark(commits, held) == count)
        return;
    uint32_t *places = arena_alloc(mem, (count + 1) * sizeof *places);
    uint32_t *firsts = arena_alloc(mem, (count + 1) * sizeof *firsts); /* of copies: one behind */
    uint32_t *by_id = arena_alloc(mem, (count + 1) * sizeof *by_id);
    struct dora_commits left = {0};
    for (size_t i = 0; i < count; i++) {
        if (!held[i])
            continue;
        uint32_t *first = &firsts[commits->all.items[i].copied];
        places[i] = (uint32_t)left.count;
        struct dora_commit *commit = array_add(mem, &left);
        *commit = commits->all.items[i];
        *first = *first == 0 ? places[i] + 1 : *first;
        commit->copied = *first - 1;
        move(commit, places, mem);
    }
    for (size_t i = 0, at = 0; i < count; i++)
        if (held[commits->by_id[i]])
            by_id[at++] = places[commits->by_id[i]];
    *commits = (struct commits){left, by_id};
}
