#include "runner/history/compare.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/history/inside.h"
#include "runner/history/walk.h"

struct choice {
    struct history *history;
    const struct ci *ci;
    struct arena *mem;
    struct comparison *comparison;
};

/* --- names of commits --- */

/* The commit that a reference of exactly this name leads to; NULL: none. */
static const char *tip_of(const struct choice *choice, const char *name)
{
    AUTO(close_reference) git_reference *reference = NULL;
    AUTO(close_object) git_object *commit = NULL;
    if (git_reference_lookup(&reference, choice->history->repository, name) != 0 ||
        git_reference_peel(&commit, reference, GIT_OBJECT_COMMIT) != 0)
        return NULL;
    return hex_of(git_object_id(commit), choice->mem);
}

static const char *tip_below(const struct choice *choice, const char *folder, const char *name)
{
    return tip_of(choice, arena_printf(choice->mem, "%s%s", folder, name));
}

/* A commit by its number, or by a beginning of it that no other object has. */
static const char *by_number(const struct choice *choice, const char *hex)
{
    AUTO(close_object) git_object *object = NULL;
    git_oid id;
    size_t len = strlen(hex);
    if (len < 7 || len > GIT_OID_HEXSZ || strspn(hex, "0123456789abcdefABCDEF") != len ||
        git_oid_fromstrn(&id, hex, len) != 0 ||
        git_object_lookup_prefix(&object, choice->history->repository, &id, len,
                                 GIT_OBJECT_COMMIT) != 0)
        return NULL;
    return hex_of(git_object_id(object), choice->mem);
}

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

static const char *fetch_commit(const struct choice *choice, const char *hex)
{
    return arena_printf(choice->mem, "git fetch --depth=1 origin %s", hex);
}

/* So that the tip is known by its name afterwards, whatever the clone usually fetches. */
static const char *fetch_branch(const struct choice *choice, const char *depth, const char *branch)
{
    return arena_printf(choice->mem, "git fetch %sorigin +refs/heads/%s:refs/remotes/origin/%s",
                        depth, branch, branch);
}

static const char *shown(const struct choice *choice, const char *name)
{
    return text_keep(choice->mem, name, strlen(name), LIMIT_NAME_BYTES);
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
                  fetch_commit(choice, shown(choice, hex)));
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

/* The target is known by this name; commit NULL: its tip is not in this clone. */
static void set_target(const struct choice *choice, const char *name, const char *commit)
{
    choice->comparison->target = name;
    choice->comparison->target_commit = commit;
}

/* Without a remote's name: "main" of "origin/main". */
static const char *branch_name(const struct choice *choice, const char *reference)
{
    static const char *const folders[] = {"refs/heads/", "refs/remotes/origin/", "refs/tags/",
                                          "origin/"};
    (void)choice;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (strncmp(reference, folders[i], strlen(folders[i])) == 0)
            return reference + strlen(folders[i]);
    return reference;
}

/* What a person names. A branch outranks a tag of the same name, or a tag that somebody pushed
 * would take its place. */
static void compare_with_given(const struct choice *choice, const char *given)
{
    static const char *const folders[] = {"refs/heads/", "refs/remotes/", "refs/remotes/origin/",
                                          "refs/tags/"};
    struct comparison *comparison = choice->comparison;
    const char *commit = NULL;
    if (strlen(given) == GIT_OID_HEXSZ)
        commit = by_number(choice, given);
    if (commit == NULL && strncmp(given, "refs/", 5) == 0)
        commit = tip_of(choice, given);
    for (size_t i = 0; commit == NULL && i < sizeof folders / sizeof folders[0]; i++)
        commit = tip_below(choice, folders[i], given);
    comparison->branch = branch_name(choice, given);
    if (commit == NULL) {
        commit = by_number(choice, given);
        comparison->branch = commit == NULL ? comparison->branch : choice->history->branch;
    }
    set_target(choice, given, commit);
    if (commit != NULL) {
        base_at_merge_base(choice);
        return;
    }
    lack_target(choice,
                arena_printf(choice->mem, "no branch, tag or commit of this clone is named \"%s\"",
                             shown(choice, given)),
                arena_printf(choice->mem, "git fetch origin %s", shown(choice, given)));
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
        choice->comparison->target_commit = tip_below(choice, "refs/remotes/origin/", branch);
    else if (tip != NULL && is_here(choice, tip))
        choice->comparison->target_commit = tip;
    if (choice->comparison->target_commit == NULL)
        lack_target(
            choice,
            arena_printf(choice->mem, "the tip of %s is not in this clone", shown(choice, branch)),
            tip != NULL ? fetch_commit(choice, shown(choice, tip))
                        : fetch_branch(choice, "--depth=1 ", shown(choice, branch)));
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
    set_target(choice, branch, tip_below(choice, "refs/remotes/origin/", branch));
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

/* The branch that the remote serves first; NULL: no remote knows one. */
static const char *remote_default(const struct choice *choice)
{
    static const char *const usual[] = {"refs/remotes/origin/main", "refs/remotes/origin/master"};
    AUTO(close_reference) git_reference *head = NULL;
    const char *name = NULL;
    if (git_reference_lookup(&head, choice->history->repository, "refs/remotes/origin/HEAD") == 0)
        name = git_reference_symbolic_target(head);
    if (name != NULL && tip_of(choice, name) != NULL)
        return arena_copy(choice->mem, name, strlen(name));
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (tip_of(choice, usual[i]) != NULL)
            return usual[i];
    return NULL;
}

static const char *local_default(const struct choice *choice)
{
    static const char *const usual[] = {"refs/heads/main", "refs/heads/master"};
    const char *current = choice->history->branch;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (current != NULL && strcmp(current, branch_name(choice, usual[i])) == 0)
            return NULL; /* this is the default branch */
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (tip_of(choice, usual[i]) != NULL)
            return usual[i];
    return NULL;
}

/* Where `git push` would take the current branch by its configuration; NULL: nobody said. */
static const char *upstream(const struct choice *choice)
{
    git_buf name = GIT_BUF_INIT;
    const char *current = arena_printf(choice->mem, "refs/heads/%s", choice->history->branch);
    const char *found = NULL;
    if (git_branch_upstream_name(&name, choice->history->repository, current) == 0)
        found = arena_copy(choice->mem, name.ptr, name.size);
    git_buf_dispose(&name);
    return found == NULL || tip_of(choice, found) == NULL ? NULL : found;
}

/* By the clone alone: the default branch; on that branch itself what was pushed of it. */
static const char *likely_target(const struct choice *choice)
{
    const char *current = choice->history->branch;
    const char *target = remote_default(choice);
    if (target == NULL)
        return local_default(choice);
    if (current == NULL || strcmp(current, branch_name(choice, target)) != 0)
        return target;
    const char *pushed = upstream(choice);
    return pushed == NULL ? target : pushed;
}

/* refs/remotes/origin/main is "origin/main" to people. */
static const char *short_name(const char *reference)
{
    static const char *const folders[] = {"refs/heads/", "refs/remotes/"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (strncmp(reference, folders[i], strlen(folders[i])) == 0)
            return reference + strlen(folders[i]);
    return reference;
}

static void compare_by_clone(const struct choice *choice)
{
    struct comparison *comparison = choice->comparison;
    const char *reference = likely_target(choice);
    comparison->branch = choice->history->branch;
    if (reference == NULL) {
        base_at_first_parent(choice);
        return;
    }
    set_target(choice, short_name(reference), tip_of(choice, reference));
    comparison->branch = branch_name(choice, reference);
    base_at_merge_base(choice);
    if (choice->history->branch == NULL && comparison->base != NULL &&
        strcmp(comparison->base, choice->history->commit) == 0) {
        /* an old commit or tag that was checked out: it is on the target already */
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
        comparison->base = ""; /* all that is there is new */
        comparison->branch = history->branch;
    } else if (history->root == NULL) {
        compare_blindly(&choice, target, "there is no git repository here");
    } else if (history->repository == NULL || *history->commit == '\0') {
        compare_blindly(&choice, target, history->why_not);
    } else {
        compare(&choice, target);
    }
}
