#include "runner/history/copies.h"

#include <string.h>

#include "gates/base/names.h"
#include "runner/history/parents.h"

/* So many commits of one author at one time are an import, and comparing them all would take long.
 */
enum { MOST_COMPARED = 5000, LARGEST_FILE = 1 << 20 };

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

/* How many commits have the author and the time of each. */
static uint32_t *count_alike(const struct dora_commits *commits, uint32_t *alike, struct arena *mem)
{
    struct names keys;
    uint32_t *counts = arena_alloc(mem, (commits->count + 1) * sizeof *counts);
    names_init(&keys, mem);
    for (size_t i = 0; i < commits->count; i++) {
        struct key key = key_of(&commits->items[i]);
        if (commits->items[i].parent_count != 1)
            continue;
        alike[i] = (uint32_t)names_add(&keys, (const char *)&key, sizeof key);
        counts[alike[i]]++;
    }
    return counts;
}

void copies_find(const struct history *history, struct dora_commits *commits)
{
    AUTO(close_arena) struct arena *scratch = arena_new();
    uint32_t *alike = arena_alloc(scratch, (commits->count + 1) * sizeof *alike);
    const uint32_t *counts = count_alike(commits, alike, scratch);
    uint32_t *firsts = arena_alloc(scratch, (commits->count + 1) * sizeof *firsts);
    struct names patches;
    size_t compared = 0;
    names_init(&patches, scratch);
    for (uint32_t i = 0; i < commits->count && compared < MOST_COMPARED; i++) {
        struct dora_commit *commit = &commits->items[i];
        struct key key = key_of(commit);
        if (commit->parent_count != 1 || counts[alike[i]] < 2)
            continue;
        compared++;
        if (!patch_of(history, commit->id, &key.patch))
            continue;
        size_t known = patches.texts.count;
        size_t at = names_add(&patches, (const char *)&key, sizeof key);
        if (at == known)
            firsts[at] = i;
        commit->copied = firsts[at];
    }
}
