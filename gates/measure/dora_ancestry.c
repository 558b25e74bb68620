/* Which commit holds which, for tens of thousands of questions over long histories: a walk that is
 * cut short wherever the answer is known. */
#include "gates/measure/dora_parts.h"

/* On one stretch of a first-parent line, what stands further up holds all below it. */
static bool is_above(const struct link *link, uint32_t at, uint32_t old)
{
    return link->line[at] != DORA_NONE && link->line[at] == link->line[old] &&
           link->place[at] >= link->place[old];
}

/* Can nothing below `at` be `old`? No ancestor has a greater index, and what an earlier deployment
 * holds does not hold what only a later one brought. */
static bool leads_nowhere(const struct link *link, uint32_t at, uint32_t old)
{
    return at < old || link->shipped[at] < link->shipped[old] || link->seen[at] == link->turn;
}

bool dora_holds(struct link *link, uint32_t new, uint32_t old)
{
    link->turn++;
    link->left.count = 0;
    array_push(link->scratch, &link->left, new);
    while (link->left.count > 0) {
        uint32_t at = link->left.items[--link->left.count];
        if (at == old || is_above(link, at, old))
            return true;
        if (leads_nowhere(link, at, old))
            continue;
        link->seen[at] = link->turn;
        const struct dora_commit *commit = &link->chain->commits.items[at];
        for (uint32_t p = 0; p < commit->parent_count; p++)
            array_push(link->scratch, &link->left, commit->parents[p]);
    }
    return false;
}

/* What of the first-parent line is on no stretch yet, the top first, in `left`; what it stands on;
 * DORA_NONE: nothing. */
static uint32_t new_stretch(struct link *link, uint32_t commit)
{
    const struct dora_commit *commits = link->chain->commits.items;
    link->left.count = 0;
    for (uint32_t at = commit; link->line[at] == DORA_NONE; at = commits[at].parents[0]) {
        array_push(link->scratch, &link->left, at);
        if (commits[at].parent_count == 0)
            return DORA_NONE;
        if (link->line[commits[at].parents[0]] != DORA_NONE)
            return commits[at].parents[0];
    }
    return DORA_NONE;
}

void dora_extend_line(struct link *link, uint32_t commit)
{
    uint32_t below = new_stretch(link, commit);
    bool goes_on = below != DORA_NONE && link->tops.items[link->line[below]] == below;
    if (link->left.count == 0)
        return;
    uint32_t line = goes_on ? link->line[below] : (uint32_t)link->tops.count;
    uint32_t place = goes_on ? link->place[below] + 1 : 0;
    if (!goes_on)
        array_push(link->scratch, &link->tops, commit);
    link->tops.items[line] = commit;
    while (link->left.count > 0) {
        uint32_t at = link->left.items[--link->left.count];
        link->line[at] = line;
        link->place[at] = place++;
    }
}
