#include "runner/history/sizes.h"

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "runner/history/parents.h"

static void close_patch(git_patch **patch)
{
    git_patch_free(*patch);
}

static bool count_file(git_diff *diff, size_t file, struct change_size *size)
{
    AUTO(close_patch) git_patch *patch = NULL;
    size_t added = 0, removed = 0;
    if (git_patch_from_diff(&patch, diff, file) != 0 ||
        (patch != NULL && git_patch_line_stats(NULL, &added, &removed, patch) != 0))
        return false;
    size->files++;
    size->added += added;
    size->removed += removed;
    return true;
}

bool history_size(const struct history *history, const char *commit, const struct words *ignore,
                  struct change_size *size)
{
    AUTO(close_commit) git_commit *found = NULL;
    AUTO(close_diff) git_diff *diff = NULL;
    *size = (struct change_size){0};
    if (!find_commit(history, commit, &found) ||
        !diff_with_parent(history, found, (git_off_t)LIMIT_CHANGED_MIB << 20, &diff))
        return false;
    for (size_t i = 0; i < git_diff_num_deltas(diff); i++)
        if (!globs_match(ignore, git_diff_get_delta(diff, i)->new_file.path) &&
            !count_file(diff, i, size))
            return false;
    return true;
}

void history_sizes(const struct history *history, const struct dora_window *window,
                   const struct zone *zone, struct dora_chain *chain)
{
    const struct words nothing = {0};
    struct change_size size;
    for (size_t i = 0; i < chain->changes.count; i++) {
        struct dora_change *change = &chain->changes.items[i];
        const struct dora_deployment *by = dora_bringer(chain, change);
        if (by == NULL || !dora_within(window, zone, by->finished_s) ||
            !history_size(history, chain->commits.items[change->landed].id, &nothing, &size))
            continue;
        change->sized = true;
        change->files = size.files;
        change->added = size.added;
        change->removed = size.removed;
    }
}
