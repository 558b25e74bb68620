#include "runner/history/trunk.h"

#include "runner/history/refs.h"

/* On the default branch of a clone without a remote, that is where changes land. */
static const char *default_tip(const struct history *history, struct arena *mem)
{
    const char *reference = likely_target(history, mem);
    if (reference != NULL)
        return tip_of(history, reference, mem);
    return history->branch != NULL && *history->commit != '\0' ? history->commit : NULL;
}

const char *history_trunk(const struct history *history, const char *branch, struct arena *mem)
{
    if (branch == NULL)
        return default_tip(history, mem);
    const char *theirs = arena_printf(mem, "refs/remotes/origin/%s", branch);
    const char *tip = tip_of(history, theirs, mem);
    return tip != NULL ? tip : tip_of(history, arena_printf(mem, "refs/heads/%s", branch), mem);
}
