#include "runner/history/copies.h"

#include <string.h>

#include "gates/base/names.h"
#include "runner/history/parents.h"

enum { MOST_ALIKE = 100, LARGEST_FILE = 1 << 20, TIMES = 1 << 16 };

static bool patch_of(const struct history *history, const char *hex, git_oid *patch)
{
    AUTO(close_commit) git_commit *commit = NULL;
    AUTO(close_diff) git_diff *diff = NULL;
    return find_commit(history, hex, &commit) &&
           diff_with_parent(history, commit, LARGEST_FILE, &diff) &&
           git_diff_num_deltas(diff) > 0 && git_diff_patchid(patch, diff, NULL) == 0;
}

/* Who wrote it and when, and what: as bytes to look up. */
struct key {
    int64_t authored_s;
    uint64_t person;
    git_oid patch; /* zeros: not asked yet */
};

static struct key key_of(const struct dora_commit *commit)
{
    struct key key;
    memset(&key, 0, sizeof key); /* what lies between the members, too */
    key.authored_s = commit->authored_s;
    key.person = commit->person;
    return key;
}

/* Commits that have author and time in common, among them a fresh one. */
struct alike {
    struct names keys;
    uint32_t *groups; /* of each commit; DORA_NONE: of none */
    uint32_t *counts; /* of each group */
};

/* Most commits have not even the time in common with a fresh one: they need not be looked up. */
static void count_alike(const struct dora_commits *commits, const bool *fresh, struct arena *mem,
                        struct alike *alike)
{
    bool *times = arena_alloc(mem, TIMES * sizeof *times);
    names_init(&alike->keys, mem);
    for (size_t i = 0; i < commits->count; i++) {
        if (!fresh[i] || commits->items[i].parent_count != 1)
            continue;
        struct key key = key_of(&commits->items[i]);
        names_add(&alike->keys, (const char *)&key, sizeof key);
        times[(uint64_t)key.authored_s % TIMES] = true;
    }
    alike->groups = arena_alloc(mem, (commits->count + 1) * sizeof *alike->groups);
    alike->counts = arena_alloc(mem, (alike->keys.texts.count + 1) * sizeof *alike->counts);
    for (size_t i = 0; i < commits->count; i++) {
        struct key key = key_of(&commits->items[i]);
        size_t group =
            times[(uint64_t)key.authored_s % TIMES] && commits->items[i].parent_count == 1
                ? names_find(&alike->keys, (const char *)&key, sizeof key)
                : NAMES_NONE;
        alike->groups[i] = group == NAMES_NONE ? DORA_NONE : (uint32_t)group;
        if (group != NAMES_NONE)
            alike->counts[group]++;
    }
}

void copies_find(const struct history *history, const bool *fresh, struct dora_commits *commits)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    uint32_t *firsts = arena_alloc(scratch, (commits->count + 1) * sizeof *firsts);
    struct alike alike;
    struct names patches;
    count_alike(commits, fresh, scratch, &alike);
    names_init(&patches, scratch);
    for (uint32_t i = 0; i < commits->count; i++) {
        struct dora_commit *commit = &commits->items[i];
        uint32_t count = alike.groups[i] == DORA_NONE ? 0 : alike.counts[alike.groups[i]];
        if (count < 2)
            continue;
        struct key key = key_of(commit);
        commit->copied = i;
        if (count > MOST_ALIKE || !patch_of(history, commit->id, &key.patch))
            continue;
        size_t known = patches.texts.count;
        size_t at = names_add(&patches, (const char *)&key, sizeof key);
        if (at == known)
            firsts[at] = i;
        commit->copied = firsts[at];
    }
}
