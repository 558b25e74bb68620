#include "runner/history/compare.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/history/refs.h"
#include "runner/history/walk.h"

struct choice {
    struct history *history;
    const struct ci *ci;
    struct arena *mem;
    struct comparison *comparison;
};

static bool is_here(const struct choice *choice, const char *hex)
{
    AUTO(close_commit) git_commit *commit = NULL;
    return find_commit(choice->history, hex, &commit);
}

static bool is_shallow(const struct choice *choice)
{
    return git_repository_is_shallow(choice->history->repository) == 1;
}

/* --- what is said when something is not there --- */

static void lack_target(const struct choice *choice, const char *why, const char *remedy)
{
    choice->comparison->why_no_target = why;
    choice->comparison->remedy = remedy;
}

static void lack_base(const struct choice *choice, const char *why, const char *remedy)
{
    choice->comparison->why_no_base = why;
    if (choice->comparison->remedy == NULL)
        choice->comparison->remedy = remedy;
}

static const char *shown(const struct choice *choice, const char *name)
{
    return text_keep(choice->mem, name, strlen(name), LIMIT_NAME_BYTES);
}

/* As one word of a shell: commands are there to be copied, and names of branches come from others.
 */
static const char *quoted(const struct choice *choice, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_./:@+-";
    const char *text = "'";
    size_t len;
    if (word[strspn(word, plain)] == '\0')
        return word;
    for (; word[len = strcspn(word, "'")] != '\0'; word += len + 1)
        text = arena_printf(choice->mem, "%s%.*s'\\''", text, (int)len, word);
    return arena_printf(choice->mem, "%s%s'", text, word);
}

static const char *fetch_commit(const struct choice *choice, const char *hex)
{
    return is_hex(hex) ? arena_printf(choice->mem, "git fetch --depth=1 origin %s", hex) : NULL;
}

/* So that the tip is known by its name afterwards, whatever the clone usually fetches. */
static const char *fetch_branch(const struct choice *choice, const char *depth, const char *branch)
{
    const char *name = shown(choice, branch);
    return arena_printf(
        choice->mem, "git fetch %sorigin %s", depth,
        quoted(choice,
               arena_printf(choice->mem, "+refs/heads/%s:refs/remotes/origin/%s", name, name)));
}

/* --- bases --- */

static void take_base(const struct choice *choice, const char *hex)
{
    if (is_here(choice, hex))
        choice->comparison->base = hex;
    else
        lack_base(choice,
                  arena_printf(choice->mem,
                               "commit %.12s, where this change begins, is not in this clone",
                               shown(choice, hex)),
                  fetch_commit(choice, hex));
}

/* Its number stands in HEAD, also where the clone ends there. */
static const char *first_parent(const struct choice *choice, unsigned *count)
{
    AUTO(close_commit) git_commit *head = NULL;
    *count = 0;
    if (!find_commit(choice->history, choice->history->commit, &head))
        return "";
    *count = git_commit_parentcount(head);
    return *count == 0 ? "" : hex_of(git_commit_parent_id(head, 0), choice->mem);
}

static void base_at_first_parent(const struct choice *choice)
{
    unsigned count;
    const char *parent = first_parent(choice, &count);
    if (count == 0)
        choice->comparison->base = "";
    else
        take_base(choice, parent);
}

static void base_at_merge_base(const struct choice *choice)
{
    struct comparison *comparison = choice->comparison;
    const char *name = shown(choice, comparison->target);
    const char *why = NULL, *remedy = NULL;
    switch (walk_merge_base(choice->history, choice->history->commit, comparison->target_commit,
                            choice->mem, &comparison->base)) {
    case WALK_FOUND:
        return;
    case WALK_NONE:
        why = arena_printf(choice->mem, "HEAD and %s have no common commit", name);
        break;
    case WALK_SHALLOW:
        why =
            arena_printf(choice->mem, "this clone is too shallow to show where HEAD left %s", name);
        remedy = "git fetch --unshallow origin";
        break;
    case WALK_BROKEN:
        why =
            arena_printf(choice->mem, "git's history cannot be read: %s", last_words(choice->mem));
        break;
    }
    lack_base(choice, why, remedy);
}

/* --- targets --- */

static const char *tip_at_origin(const struct choice *choice, const char *branch)
{
    return tip_of(choice->history, arena_printf(choice->mem, "refs/remotes/origin/%s", branch),
                  choice->mem);
}

/* What the pipeline or the clone says of HEAD itself; NULL: detached. */
static const char *judged_branch(const struct choice *choice)
{
    const struct ci *ci = choice->ci;
    return ci->tag != NULL ? ci->tag : ci->branch != NULL ? ci->branch : choice->history->branch;
}

/* The target is known by this name; commit NULL: its tip is not in this clone. */
static void set_target(const struct choice *choice, const char *name, const char *commit)
{
    choice->comparison->target = name;
    choice->comparison->target_commit = commit;
}

static void compare_with_given(const struct choice *choice, const char *given)
{
    struct comparison *comparison = choice->comparison;
    bool by_its_number;
    const char *commit = commit_named(choice->history, given, choice->mem, &by_its_number);
    const char *name = shown(choice, given);
    comparison->branch = commit != NULL && by_its_number ? judged_branch(choice) : branch_of(given);
    set_target(choice, given, commit);
    if (commit != NULL) {
        base_at_merge_base(choice);
        return;
    }
    lack_target(
        choice,
        arena_printf(choice->mem, "no branch, tag or commit of this clone is named \"%s\"", name),
        *given == '-' ? NULL
                      : arena_printf(choice->mem, "git fetch origin %s", quoted(choice, name)));
    lack_base(choice, comparison->why_no_target, NULL);
}

/* The target of a merge request, by the commit that the pipeline names, else by its branch. */
static void find_requested_target(const struct choice *choice)
{
    const struct ci *ci = choice->ci;
    const char *branch = ci->target_branch == NULL ? "the target" : ci->target_branch;
    const char *tip = ci->target_commit;
    set_target(choice, branch, NULL);
    if (tip == NULL && ci->target_branch != NULL)
        choice->comparison->target_commit = tip_at_origin(choice, branch);
    else if (tip != NULL && is_here(choice, tip))
        choice->comparison->target_commit = tip;
    if (choice->comparison->target_commit == NULL)
        lack_target(
            choice,
            arena_printf(choice->mem, "the tip of %s is not in this clone", shown(choice, branch)),
            tip != NULL ? fetch_commit(choice, tip) : fetch_branch(choice, "--depth=1 ", branch));
}

/* A merged-results pipeline builds a commit of GitLab's making, the merge of target and source:
 * what stood on the target's side of it is target and base at once. */
static bool compare_with_merged(const struct choice *choice)
{
    unsigned count;
    const char *event = choice->ci->event;
    if (event == NULL || (strcmp(event, "merged_result") != 0 && strcmp(event, "merge_train") != 0))
        return false;
    const char *parent = first_parent(choice, &count);
    if (count < 2)
        return false;
    set_target(choice, choice->ci->target_branch == NULL ? "the target" : choice->ci->target_branch,
               is_here(choice, parent) ? parent : NULL);
    take_base(choice, parent);
    if (choice->comparison->target_commit == NULL)
        lack_target(choice, choice->comparison->why_no_base, choice->comparison->remedy);
    return true;
}

static void compare_with_requested(const struct choice *choice)
{
    struct comparison *comparison = choice->comparison;
    comparison->branch = choice->ci->target_branch;
    if (compare_with_merged(choice))
        return;
    find_requested_target(choice);
    if (choice->ci->diff_base != NULL)
        take_base(choice, choice->ci->diff_base);
    else if (comparison->target_commit != NULL)
        base_at_merge_base(choice);
    else
        lack_base(choice, comparison->why_no_target, NULL);
}

/* A pipeline of a branch that is not the default one. */
static void compare_with_default(const struct choice *choice)
{
    struct comparison *comparison = choice->comparison;
    const char *branch = choice->ci->default_branch;
    set_target(choice, branch, tip_at_origin(choice, branch));
    if (comparison->target_commit != NULL) {
        base_at_merge_base(choice);
        return;
    }
    lack_target(
        choice,
        arena_printf(choice->mem, "the tip of %s is not in this clone", shown(choice, branch)),
        fetch_branch(choice, is_shallow(choice) ? "--unshallow " : "", shown(choice, branch)));
    lack_base(choice, comparison->why_no_target, NULL);
}

static void compare_by_clone(const struct choice *choice)
{
    struct comparison *comparison = choice->comparison;
    const char *reference = likely_target(choice->history, choice->mem);
    comparison->branch = choice->history->branch;
    if (reference == NULL) {
        base_at_first_parent(choice);
        return;
    }
    set_target(choice, short_name(reference), tip_of(choice->history, reference, choice->mem));
    comparison->branch = branch_of(reference);
    base_at_merge_base(choice);
    if (choice->history->branch == NULL && comparison->base != NULL &&
        strcmp(comparison->base, choice->history->commit) == 0) {
        /* an old commit that was checked out: it is part of the target already */
        set_target(choice, NULL, NULL);
        comparison->branch = NULL;
        base_at_first_parent(choice);
    }
}

/* --- without a history --- */

/* What the pipeline names is named all the same: no repository is no leave to judge by one's own
 * policy. */
static void compare_blindly(const struct choice *choice, const char *target, const char *why)
{
    const struct ci *ci = choice->ci;
    struct comparison *comparison = choice->comparison;
    bool other_branch = ci->branch != NULL && ci->default_branch != NULL &&
                        strcmp(ci->branch, ci->default_branch) != 0;
    if (target != NULL)
        comparison->target = target;
    else if (ci->merge_request != NULL)
        comparison->target = ci->target_branch == NULL ? "the target" : ci->target_branch;
    else if (other_branch)
        comparison->target = ci->default_branch;
    comparison->branch = comparison->target != NULL ? comparison->target : ci->branch;
    if (comparison->target != NULL)
        lack_target(choice, why, NULL);
    lack_base(choice, why, NULL);
}

static void compare(const struct choice *choice, const char *target)
{
    const struct ci *ci = choice->ci;
    struct comparison *comparison = choice->comparison;
    if (target != NULL) {
        compare_with_given(choice, target);
    } else if (ci->merge_request != NULL) {
        compare_with_requested(choice);
    } else if (ci->tag != NULL ||
               (ci->branch != NULL &&
                (ci->default_branch == NULL || strcmp(ci->branch, ci->default_branch) == 0))) {
        comparison->branch = ci->tag != NULL ? ci->tag : ci->branch;
        base_at_first_parent(choice);
    } else if (ci->branch != NULL) {
        comparison->branch = ci->branch;
        compare_with_default(choice);
    } else {
        compare_by_clone(choice);
    }
}

void history_compare(struct history *history, const struct ci *ci, const char *target,
                     struct arena *mem, struct comparison *comparison)
{
    struct choice choice = {history, ci, mem, comparison};
    *comparison = (struct comparison){.merge_request = ci->merge_request != NULL};
    bool unborn =
        history->repository != NULL && git_repository_head_unborn(history->repository) == 1;
    if (unborn && target == NULL && ci->merge_request == NULL) {
        /* files that git does not know yet are no change of it: nothing would be judged, and pass
         */
        comparison->branch = history->branch;
        lack_base(&choice, history->why_not, "commit something first: git add, then git commit");
    } else if (history->root == NULL) {
        compare_blindly(&choice, target, "there is no git repository here");
    } else if (history->repository == NULL || *history->commit == '\0') {
        compare_blindly(&choice, target, history->why_not);
    } else {
        compare(&choice, target);
    }
}
