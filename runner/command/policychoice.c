#include "runner/command/policychoice.h"

#include <string.h>

#include "runner/gitlab/connect.h"

/* A policy that could judge. */
struct candidate {
    struct policy_source source;
    struct policy_wanted wanted;
    bool there;
    struct policy *policy; /* when it was loaded */
};

struct choosing {
    const struct policy_question *question;
    struct arena *mem;
    struct policy_choice *choice;
    const char *path; /* of the policy from the root; NULL: it lies outside */
    struct candidate own, target;
    struct connection gitlab; /* opened when the target's tip is not in this clone */
};

static void close_choosing(struct choosing *choosing)
{
    close_connection(&choosing->gitlab);
}

static void propose(const struct choosing *choosing, struct candidate *candidate,
                    struct policy_source source, const char *path, const char *file)
{
    const struct policy_question *question = choosing->question;
    candidate->source = source;
    candidate->wanted = (struct policy_wanted){
        .context = question->context,
        .source = &candidate->source,
        .path = path,
        .file = file,
        .floor = question->floor,
    };
}

/* Is it there? A file that the command line names has to be. */
static bool look(struct candidate *candidate, struct arena *mem, struct error *err)
{
    struct policy_text text = {.name = candidate->wanted.path, .what = "the policy"};
    candidate->there = text.name == NULL;
    if (text.name == NULL)
        return true;
    if (!candidate->source.open(&candidate->source, &text, mem, err))
        return error_at(err, text.name, 0, 0);
    candidate->there = text.bytes != NULL;
    return true;
}

/* In a pipeline what was committed, where git tracks it: jobs before this one may have written to
 * the work tree. */
static void propose_own(struct choosing *choosing)
{
    const struct policy_question *question = choosing->question;
    const struct history *history = &question->place->history;
    const struct policy_source work_tree = policysource_work_tree(question->place);
    if (!question->from_work_tree && question->context->in_ci && choosing->path != NULL &&
        history_tracks(history, choosing->path))
        propose(choosing, &choosing->own, policysource_commit(question->place, history->commit),
                choosing->path, NULL);
    else if (question->given != NULL)
        propose(choosing, &choosing->own, work_tree, NULL, question->given);
    else
        propose(choosing, &choosing->own, work_tree, POLICY_FILE, NULL);
}

/* The target's tip is not in this clone: in the pipeline of a merge request GitLab has it. */
static bool ask_gitlab(struct choosing *choosing, struct policy_source *source, struct error *err)
{
    const struct context *context = choosing->question->context;
    const struct connect_wanted reading = {.reading = true};
    return connect_open(&choosing->gitlab, context, &reading, choosing->mem, err) &&
           policysource_gitlab(source, &choosing->gitlab.gitlab, context->ci.target_branch,
                               choosing->mem, err);
}

static bool refuse_target(const struct choosing *choosing, const struct error *unasked,
                          struct error *err)
{
    const struct comparison *comparison = choosing->question->comparison;
    if (choosing->path != NULL) {
        bool asked = unasked->fault != FAULT_NONE;
        error_set(err, FAULT_REPORT, "the policy of %s cannot be read: %s%s%s", comparison->target,
                  comparison->why_no_target, asked ? "; " : "", unasked->what);
        if (comparison->remedy != NULL)
            error_hint(err, "%s", comparison->remedy);
        return false;
    }
    error_set(err, FAULT_USAGE, "lies outside the repository, so %s cannot hold it",
              comparison->target);
    error_hint(err, "name a file of the repository, or say --policy-from worktree");
    return error_at(err, choosing->question->given, 0, 0);
}

/* There is no target, or its policy was looked for in a tree that could be read. */
static bool propose_target(struct choosing *choosing, struct error *err)
{
    const struct policy_question *question = choosing->question;
    const struct comparison *comparison = question->comparison;
    if (comparison->target == NULL)
        return true;
    struct error why = {0};
    struct policy_source source;
    bool known = comparison->target_commit != NULL && choosing->path != NULL;
    if (known)
        source = policysource_commit(question->place, comparison->target_commit);
    else if (choosing->path == NULL || !connect_may_read(question->context, choosing->mem) ||
             !ask_gitlab(choosing, &source, &why))
        return question->from_work_tree || refuse_target(choosing, &why, err);
    propose(choosing, &choosing->target, source, choosing->path, NULL);
    if (look(&choosing->target, choosing->mem, &why) || question->from_work_tree)
        return true;
    *err = why;
    return error_hint(err, "it is the policy of %s that judges this branch", comparison->target);
}

/* --- differences ----------------------------------------------------------------------------- */

/* The files of the repository that a policy is made of. */
static void keep_files(const struct choosing *choosing, const struct policy *policy)
{
    for (size_t i = 0; i < policy->origins.count; i++)
        if (strchr(policy->origins.items[i].name, ':') == NULL)
            array_push(choosing->mem, &choosing->choice->files, policy->origins.items[i].name);
}

/* Without floor and environment. False: there is none, or it is of no use, with the reason in
 * `found` or `err`. */
static bool load_alone(const struct choosing *choosing, struct candidate *candidate,
                       struct problems *found, struct error *err)
{
    problems_init(found, choosing->mem);
    candidate->policy = arena_new_item(choosing->mem, struct policy);
    return candidate->there &&
           policyfile_load_alone(&candidate->wanted, choosing->mem, candidate->policy, found,
                                 err) &&
           found->count == 0;
}

static void say_useless(const struct choosing *choosing, const struct problems *found,
                        const struct error *err)
{
    const char *text;
    if (found->count > 0)
        text = arena_printf(choosing->mem,
                            "%s of this branch has %zu mistake%s: `qgate validate` lists them",
                            choosing->path, found->count, found->count == 1 ? "" : "s");
    else
        text = arena_printf(choosing->mem, "%s of this branch cannot be read: %s", choosing->path,
                            err->what);
    array_push(choosing->mem, &choosing->choice->notices, text);
}

/* Where the branch left the target, the policy said what the branch's says still: it is the target
 * that went on. */
static bool is_untouched(const struct choosing *choosing)
{
    struct candidate base = {0};
    struct differences since;
    struct problems found;
    struct error err = {0};
    const struct policy_question *question = choosing->question;
    const char *commit = question->comparison->base;
    if (commit == NULL || *commit == '\0')
        return false;
    propose(choosing, &base, policysource_commit(question->place, commit), choosing->path, NULL);
    if (!look(&base, choosing->mem, &err))
        return false;
    if (!base.there || !choosing->own.there)
        return base.there == choosing->own.there;
    if (!load_alone(choosing, &base, &found, &err))
        return false;
    policy_differences(base.policy, choosing->own.policy, choosing->mem, &since);
    return since.count == 0;
}

/* What the branch would make of the target's policy, which was loaded. */
static void compare(struct choosing *choosing)
{
    struct problems found;
    struct error err = {0};
    struct differences *differences = &choosing->choice->differences;
    bool usable = load_alone(choosing, &choosing->own, &found, &err);
    choosing->choice->compared = choosing->question->comparison->target;
    if (choosing->own.there && !usable) {
        say_useless(choosing, &found, &err);
    } else if (usable) {
        keep_files(choosing, choosing->own.policy);
        policy_differences(choosing->target.policy, choosing->own.policy, choosing->mem,
                           differences);
    } else {
        const struct place at = {choosing->path, 1, 1};
        array_push(
            choosing->mem, differences,
            ((struct difference){DIFFERENCE_LOOSENED, "policy deleted", choosing->path, "", at}));
    }
    if (differences->count > 0 && is_untouched(choosing))
        *differences = (struct differences){0};
}

/* --- what judges ----------------------------------------------------------------------------- */

static bool is_misnamed(const struct policy_question *question, struct error *err)
{
    if (!workplace_has(question->place, POLICY_FILE_MISNAMED))
        return false;
    error_set(err, FAULT_USAGE, "the policy must be named " POLICY_FILE);
    return !error_at(err, POLICY_FILE_MISNAMED, 0, 0);
}

/* Nobody has a policy. */
static bool choose_default(struct choosing *choosing, struct problems *found, struct error *err)
{
    struct policy_choice *choice = choosing->choice;
    if (is_misnamed(choosing->question, err))
        return false;
    choice->by_default = true;
    choice->from = "built-in";
    choice->origin = DEFAULT_POLICY " (built in: no " POLICY_FILE " here)";
    choosing->own.wanted.path = NULL;
    return policyfile_load(&choosing->own.wanted, choosing->mem, &choice->policy, found, err);
}

static void name_own(struct choosing *choosing)
{
    struct policy_choice *choice = choosing->choice;
    const struct policy_wanted *wanted = &choosing->own.wanted;
    const char *target = choosing->question->comparison->target;
    const char *name = wanted->path != NULL ? wanted->path : wanted->file;
    bool committed = choosing->own.source.commit != NULL;
    choice->from = committed ? "commit" : "worktree";
    choice->commit = committed ? choosing->own.source.commit : "";
    choice->origin = name;
    if (choosing->question->from_work_tree && target != NULL)
        choice->origin = arena_printf(choosing->mem, "%s of the work tree", name);
    else if (target != NULL)
        choice->origin =
            arena_printf(choosing->mem, "%s (judged by its own policy: %s has none)", name, target);
    else if (committed)
        choice->origin = arena_printf(choosing->mem, "%s of this commit", name);
}

static bool choose_own(struct choosing *choosing, struct problems *found, struct error *err)
{
    struct policy_choice *choice = choosing->choice;
    if (!look(&choosing->own, choosing->mem, err))
        return false;
    if (!choosing->own.there)
        return choose_default(choosing, found, err);
    name_own(choosing);
    if (!policyfile_load(&choosing->own.wanted, choosing->mem, &choice->policy, found, err))
        return false;
    keep_files(choosing, &choice->policy);
    return true;
}

static bool choose_target(struct choosing *choosing, struct problems *found, struct error *err)
{
    struct policy_choice *choice = choosing->choice;
    const struct policy_question *question = choosing->question;
    choice->of_target = true;
    choice->from = "target";
    choice->commit = choosing->target.source.commit;
    choice->origin = arena_printf(choosing->mem, "%s of %s (%.7s)", choosing->path,
                                  question->comparison->target, choice->commit);
    choosing->target.policy = &choice->policy;
    if (!policyfile_load_alone(&choosing->target.wanted, choosing->mem, &choice->policy, found,
                               err)) {
        err->fault = FAULT_REPORT; /* not a mistake of this branch */
        return error_hint(err, "it is the policy of %s that judges this branch",
                          question->comparison->target);
    }
    if (found->count > 0)
        return true;
    keep_files(choosing, &choice->policy);
    struct error unseen = {0};
    if (look(&choosing->own, choosing->mem, &unseen))
        compare(choosing);
    else
        say_useless(choosing, found, &unseen);
    return policyfile_complete(&choosing->target.wanted, choosing->mem, &choice->policy, found,
                               err);
}

/* One's own is tried where the target has one: what it would change is said all the same. */
static void compare_tried(struct choosing *choosing)
{
    struct problems found;
    struct error err = {0};
    if (choosing->target.there && load_alone(choosing, &choosing->target, &found, &err)) {
        keep_files(choosing, choosing->target.policy);
        compare(choosing);
    }
}

bool policychoice_make(const struct policy_question *question, struct arena *mem,
                       struct policy_choice *choice, struct problems *found, struct error *err)
{
    AUTO(close_choosing)
    struct choosing choosing = {.question = question, .mem = mem, .choice = choice};
    *choice = (struct policy_choice){.commit = ""};
    choosing.path = POLICY_FILE;
    if (question->given != NULL)
        choosing.path = workplace_within(question->place, question->given, mem);
    propose_own(&choosing);
    if (!propose_target(&choosing, err))
        return false;
    if (choosing.target.there && !question->from_work_tree)
        return choose_target(&choosing, found, err);
    if (!choose_own(&choosing, found, err))
        return false;
    if (found->count == 0)
        compare_tried(&choosing);
    return true;
}
