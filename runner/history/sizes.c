#include "runner/history/sizes.h"

#include <string.h>

#include "gates/base/glob.h"
#include "gates/base/limits.h"
#include "runner/history/apart.h"

struct counting {
    const struct history *history;
    const struct words *ignore;
    struct change_size *size;
    bool failed;
};

static int count_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk, void *handle)
{
    struct change_size *size = handle;
    (void)delta;
    size->added += (size_t)hunk->new_lines;
    size->removed += (size_t)hunk->old_lines;
    return 0;
}

static bool has_lines(const struct content *content)
{
    return !content->too_large && !content_is_binary(content) &&
           content_lines(content) <= LIMIT_CHANGED_LINES;
}

/* As buffers, so that no .gitattributes is looked for. */
static bool count_lines(struct counting *counting, const char *path, const struct side *before,
                        const struct side *after)
{
    git_repository *repository = counting->history->repository;
    AUTO(close_content) struct content old = {0};
    AUTO(close_content) struct content now = {0};
    git_diff_options options;
    git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
    options.flags = GIT_DIFF_FORCE_TEXT;
    options.context_lines = 0;
    if (!content_load(repository, before, path, &old) ||
        !content_load(repository, after, path, &now))
        return false;
    return !has_lines(&old) || !has_lines(&now) ||
           git_diff_buffers(old.bytes, old.len, NULL, now.bytes, now.len, NULL, &options, NULL,
                            NULL, count_hunk, NULL, counting->size) == 0;
}

static bool enters(const void *state, const char *folder)
{
    (void)state;
    (void)folder;
    return true;
}

static bool take_file(void *state, const char *path, const struct side *before,
                      const struct side *after)
{
    struct counting *counting = state;
    if (globs_match(counting->ignore, path))
        return true;
    counting->size->files++;
    counting->failed = !count_lines(counting, path, before, after);
    return !counting->failed;
}

static bool find_out(const struct history *history, const git_oid *id, const struct words *ignore,
                     struct change_size *size)
{
    AUTO(close_commit) git_commit *found = NULL;
    AUTO(close_commit) git_commit *parent = NULL;
    struct counting counting = {history, ignore, size, false};
    const struct apart apart = {history, enters, take_file, &counting};
    return git_commit_lookup(&found, history->repository, id) == 0 &&
           git_commit_parent(&parent, found, 0) == 0 &&
           trees_apart(&apart, git_commit_tree_id(parent), git_commit_tree_id(found)) &&
           !counting.failed;
}

bool history_size(const struct history *history, const char *commit, const struct words *ignore,
                  struct insights *known, struct change_size *size)
{
    git_oid id;
    struct insight fresh = {.about = {0}};
    *size = (struct change_size){0};
    if (git_oid_fromstr(&id, commit) != 0)
        return false;
    const struct insight *old = insights_find(known, id.id);
    if (old != NULL) {
        *size = (struct change_size){old->numbers[0], old->numbers[1], old->numbers[2]};
        return true;
    }
    if (!find_out(history, &id, ignore, size))
        return false;
    memcpy(fresh.about, id.id, INSIGHT_ID);
    fresh.numbers[0] = size->files;
    fresh.numbers[1] = size->added;
    fresh.numbers[2] = size->removed;
    insights_add(known, &fresh);
    return true;
}
