#include "runner/history/sizes.h"

#include "gates/base/limits.h"
#include "runner/history/parents.h"

static void close_stats(git_diff_stats **stats)
{
    git_diff_stats_free(*stats);
}

static void count(const git_diff_stats *stats, struct dora_change *change)
{
    change->sized = true;
    change->files = git_diff_stats_files_changed(stats);
    change->added = git_diff_stats_insertions(stats);
    change->removed = git_diff_stats_deletions(stats);
}

static void measure(const struct history *history, const char *landed, struct dora_change *change)
{
    AUTO(close_commit) git_commit *commit = NULL;
    AUTO(close_diff) git_diff *diff = NULL;
    AUTO(close_stats) git_diff_stats *stats = NULL;
    if (find_commit(history, landed, &commit) &&
        diff_with_parent(history, commit, (git_off_t)LIMIT_CHANGED_MIB << 20, &diff) &&
        git_diff_get_stats(&stats, diff) == 0)
        count(stats, change);
}

void history_sizes(const struct history *history, const struct dora_window *window,
                   const struct zone *zone, struct dora_chain *chain)
{
    for (size_t i = 0; i < chain->changes.count; i++) {
        struct dora_change *change = &chain->changes.items[i];
        const struct dora_deployment *by = dora_bringer(chain, change);
        if (by != NULL && dora_within(window, zone, by->finished_s))
            measure(history, chain->commits.items[change->landed].id, change);
    }
}
