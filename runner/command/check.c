/* `qgate check`: the main job. It reads like the picture in docs/architecture.md: one call per
 * arrow. */
#include <string.h>

#include "runner/command/command.h"
#include "runner/command/hearing.h"
#include "runner/command/keep.h"
#include "runner/command/merged.h"
#include "runner/command/notices.h"
#include "runner/command/outputs.h"
#include "runner/log.h"
#include "runner/publish/publish.h"

#define OUTPUT_NAME(name) " " #name

static const struct cli_option options[] = {
    {"policy", "FILE", "the policy; otherwise .qgate.yml at the root, or the built-in default"},
    {"policy-from", "target|worktree",
     "whose policy judges; otherwise the target's, where there is a target"},
    {"stage", "WORD", "judge the gates of this stage; otherwise of the stage build"},
    {"target", "REF",
     "the branch, tag or commit to compare with; otherwise the pipeline's or main"},
    {"baseline", "FILE", "compare with this saved evidence; otherwise with what the store has"},
    {"save-baseline", "FILE", "write the evidence, for later runs to compare with"},
    {"require-baseline", NULL, "without a baseline, rules that compare have no data"},
    {"untracked", NULL, "on a laptop: files that git does not track belong to the change too"},
    {"floor", "FILE", "rules that hold whatever the policy says; otherwise QGATE_FLOOR's"},
    {"output", "FORMAT=PATH",
     "also write a file, more than once; - is stdout; FORMAT:" RENDERERS(OUTPUT_NAME)},
    {"strict", NULL, "a warning counts as failed"},
    {"no-publish", NULL, "show nothing in the merge request"},
    {"dry-run", NULL, "print the requests that would show something there instead of sending them"},
    {"color", "auto|always|never", "colour on stdout; otherwise auto: on a terminal"},
    {"quiet", NULL, "only what failed, and the verdict"},
    {"verbose", NULL, "every rule, every detail, every file"},
    {0},
};

struct check {
    const struct context *context;
    const struct cli *cli;
    struct hearing hearing;
    struct words notices;
    struct targets targets;
};

static void close_check(struct check *check)
{
    close_hearing(&check->hearing);
}

/* A policy with mistakes judges nothing. The branch cannot repair those of its target. */
static enum status refuse_policy(const struct check *check, const struct problems *found)
{
    log_problems(found);
    if (!check->hearing.choice.of_target)
        return STATUS_USAGE;
    log_message("this is %s, which judges this branch: repair it there",
                check->hearing.choice.origin);
    return STATUS_UNREADABLE;
}

static bool choose_targets(struct check *check, struct error *err)
{
    const struct words *given = cli_values(check->cli, "output");
    for (size_t i = 0; i < given->count; i++)
        if (!targets_add(&check->targets, given->items[i], check->context->run, err))
            return false;
    return targets_add_policy(&check->targets, &check->hearing.choice.policy.outputs,
                              &check->hearing.place, check->context->run, err);
}

static void take_notice(struct check *check)
{
    const struct notices_wanted wanted = {
        .context = check->context,
        .place = &check->hearing.place,
        .choice = &check->hearing.choice,
        .change = &check->hearing.change,
    };
    notices_gather(&wanted, check->context->run, &check->notices);
}

/* For later runs: a file when asked for, and the store. What cannot be kept changes no verdict. */
static enum status keep(struct check *check)
{
    struct error err = {0};
    const char *file = cli_value(check->cli, "save-baseline"), *why_not = NULL;
    struct hearing *hearing = &check->hearing;
    enum status status = STATUS_PASSED;
    if (file != NULL && hearing->comparison.merge_request)
        log_message("a merge request leaves no baseline: --save-baseline is passed over");
    else if (file != NULL && !keep_file(&hearing->evidence, file, &err)) {
        log_error(&err);
        status = STATUS_UNREADABLE;
    }
    err = (struct error){0};
    bool kept = keep_record(hearing, &why_not, &err), verbose = cli_flag(check->cli, "verbose");
    bool matters = verbose || check->context->store != NULL || hearing->baseline.mem != NULL;
    if (!kept && matters)
        log_error(&err);
    else if (why_not != NULL && verbose && hearing->place.history.root != NULL)
        log_message("not recorded as a baseline: %s", why_not);
    return status;
}

static bool wants_colour(const struct check *check)
{
    const char *given = cli_value(check->cli, "color");
    if (given == NULL || strcmp(given, "auto") == 0)
        return check->context->out_terminal && !check->context->no_color;
    return strcmp(given, "always") == 0;
}

/* GitLab runs a pipeline for the branch unless it is told otherwise, and there is a token. */
static void say_no_request(const struct context *context)
{
    const struct gitlab_access *access = &context->gitlab_access;
    if (context->ci.open_requests != NULL && (access->token != NULL || access->token_file != NULL))
        log_message("the merge request does not show this verdict: this is a pipeline of its "
                    "branch, and `workflow: rules: [{if: $CI_MERGE_REQUEST_IID}]` makes one of it");
}

/* In the merge request, when this is the pipeline of one. It never changes the verdict. */
static void show(struct check *check, struct view *view)
{
    const struct context *context = check->context;
    const struct connect_wanted here = {.dry_run = cli_flag(check->cli, "dry-run")};
    struct publication publication = {.wanted = view->policy->gitlab,
                                      .pipeline = context->ci.pipeline};
    struct error err = {0};
    if (cli_flag(check->cli, "no-publish"))
        return;
    if (context->ci.merge_request == NULL) {
        say_no_request(context);
        return;
    }
    const char *why_not = connect_why_not(context, &here, context->run);
    array_push(context->run, &publication.views, view);
    if (why_not == NULL && publish_with(context, &here, &publication, context->run, &err))
        return;
    if (why_not == NULL)
        log_error(&err);
    log_message("the merge request does not show this verdict%s%s", why_not == NULL ? "" : ": ",
                why_not == NULL ? "" : why_not);
    if (view->policy->gitlab.required)
        view->status = (int)status_worse((enum status)view->status, STATUS_PUBLISH);
}

/* `kept`: how it went to keep the evidence. */
static enum status render(struct check *check, enum status kept)
{
    const struct context *context = check->context;
    bool strict = cli_flag(check->cli, "strict");
    struct view view = {
        .verdict = &check->hearing.verdict,
        .policy = &check->hearing.choice.policy,
        .evidence = &check->hearing.evidence,
        .policy_origin = check->hearing.choice.origin,
        .policy_from = check->hearing.choice.from,
        .policy_commit = check->hearing.choice.commit,
        .commit = check->hearing.evidence.commit,
        .source_commit = context->ci.source_commit != NULL ? context->ci.source_commit
                                                           : check->hearing.evidence.commit,
        .target = check->hearing.comparison.target,
        .baseline = check->hearing.baseline.name,
        .why_no_baseline = check->hearing.baseline.why_none,
        .change = &check->hearing.change,
        .differences = &check->hearing.choice.differences,
        .notices = &check->notices,
        .stage = check->hearing.stage,
        .now_s = context->now_s,
        .status = (int)status_worse(status_of_verdict(&check->hearing.verdict, strict), kept),
        .job_url = context->ci.job_url != NULL ? context->ci.job_url : "",
        .columns = (unsigned)context->columns,
        .colour = wants_colour(check),
        .utf8 = context->utf8,
        .gitlab = context->gitlab,
        .quiet = cli_flag(check->cli, "quiet"),
        .verbose = cli_flag(check->cli, "verbose"),
    };
    show(check, &view);
    targets_write(&check->targets, &check->hearing.place, &view);
    return finish_stdout((enum status)view.status);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    struct problems found;
    const char *from = cli_value(cli, "policy-from");
    const struct hearing_wanted wanted = {
        .context = context,
        .target = cli_value(cli, "target"),
        .policy = cli_value(cli, "policy"),
        .floor = cli_value(cli, "floor"),
        .stage = cli_value(cli, "stage"),
        .baseline = cli_value(cli, "baseline"),
        .save_baseline = cli_value(cli, "save-baseline"),
        .require_baseline = cli_flag(cli, "require-baseline"),
        .from_work_tree = from != NULL && strcmp(from, "worktree") == 0,
        .untracked = cli_flag(cli, "untracked"),
        .quiet = cli_flag(cli, "quiet"),
        .paths = &cli->arguments,
    };
    AUTO(close_check) struct check check = {.context = context, .cli = cli};
    struct hearing *hearing = &check.hearing;
    problems_init(&found, context->run);
    if (!hearing_open(hearing, &wanted, &err))
        return give_up(&err);
    hearing_compare(hearing);
    if (!hearing_policy(hearing, &found, &err))
        return give_up(&err);
    if (found.count > 0)
        return refuse_policy(&check, &found);
    log_warnings(&hearing->choice.policy.warnings);
    if (!hearing_stage(hearing, &err) || !choose_targets(&check, &err) ||
        !hearing_reports(hearing, &err))
        return give_up(&err);
    hearing_read(hearing);
    hearing_delivery(hearing);
    hearing_judge(hearing);
    merged_place(hearing, context->ci.source_commit);
    take_notice(&check);
    return render(&check, keep(&check));
}

const struct command check_command = {
    .name = "check",
    .arguments = "[REPORT…]",
    .title = "judges the reports of a build against the policy",
    .options = options,
    .run = run,
};
