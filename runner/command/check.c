/* `qgate check`: the main job. It reads like the picture in docs/architecture.md: one call per
 * arrow. */
#include <string.h>

#include "gates/base/text.h"
#include "gates/judge/judge.h"
#include "runner/command/command.h"
#include "runner/command/intake.h"
#include "runner/command/notices.h"
#include "runner/command/outputs.h"
#include "runner/command/policychoice.h"
#include "runner/history/changes.h"
#include "runner/history/compare.h"
#include "runner/log.h"

#define OUTPUT_NAME(name) " " #name

static const struct cli_option options[] = {
    {"policy", "FILE", "the policy; otherwise .qgate.yml at the root, or the built-in default"},
    {"policy-from", "target|worktree",
     "whose policy judges; otherwise the target's, where there is a target"},
    {"stage", "WORD", "judge the gates of this stage; otherwise of the stage build"},
    {"target", "REF",
     "the branch, tag or commit to compare with; otherwise the pipeline's or main"},
    {"baseline", "FILE", NULL},
    {"save-baseline", "FILE", NULL},
    {"require-baseline", NULL, NULL},
    {"untracked", NULL, "on a laptop: files that git does not track belong to the change too"},
    {"floor", "FILE", "rules that hold whatever the policy says; otherwise QGATE_FLOOR's"},
    {"output", "FORMAT=PATH",
     "also write a file, more than once; - is stdout; FORMAT:" RENDERERS(OUTPUT_NAME)},
    {"strict", NULL, "a warning counts as failed"},
    {"no-publish", NULL, NULL},
    {"color", "auto|always|never", "colour on stdout; otherwise auto: on a terminal"},
    {"quiet", NULL, "only what failed, and the verdict"},
    {"verbose", NULL, "every rule, every detail, every file"},
    {0},
};

/* What a run gathers on its way to the verdict. */
struct check {
    const struct context *context;
    const struct cli *cli;
    struct arena *mem;
    struct workplace place;
    struct comparison comparison;
    struct change change;
    struct policy_choice choice; /* of the policy that judges */
    struct words notices;
    struct search search; /* of reports nobody named */
    bool searched;
    const char *stage;
    struct targets targets;
    struct evidence evidence;
    struct verdict verdict;
};

static void close_check(struct check *check)
{
    close_workplace(&check->place);
}

/* With what is compared, and what changed: the commit in a pipeline, whose jobs leave things
 * behind, and the work tree where somebody works. */
static void look_at_history(struct check *check)
{
    const struct context *context = check->context;
    struct history *history = &check->place.history;
    struct comparison *comparison = &check->comparison;
    history_open(history, check->mem);
    history_compare(history, &context->ci, cli_value(check->cli, "target"), check->mem, comparison);
    struct change_wanted wanted = {
        .from = comparison->base,
        .to = context->in_ci ? history->commit : NULL,
        .untracked = cli_flag(check->cli, "untracked"),
    };
    if (comparison->base != NULL)
        history_changes(history, &wanted, check->mem, &check->change);
    else
        check->change =
            (struct change){.why_not = comparison->why_no_base, .remedy = comparison->remedy};
}

static bool choose_policy(struct check *check, struct problems *found, struct error *err)
{
    const char *from = cli_value(check->cli, "policy-from");
    const struct policy_question question = {
        .context = check->context,
        .place = &check->place,
        .comparison = &check->comparison,
        .given = cli_value(check->cli, "policy"),
        .floor = cli_value(check->cli, "floor"),
        .from_work_tree = from != NULL && strcmp(from, "worktree") == 0,
    };
    return policychoice_make(&question, check->mem, &check->choice, found, err);
}

/* A policy with mistakes judges nothing. The branch cannot repair those of its target. */
static enum status refuse_policy(const struct check *check, const struct problems *found)
{
    log_problems(found);
    if (!check->choice.of_target)
        return STATUS_USAGE;
    log_message("this is %s, which judges this branch: repair it there", check->choice.origin);
    return STATUS_UNREADABLE;
}

/* A stage that no gate has would judge nothing and pass. */
static bool choose_stage(struct check *check, struct error *err)
{
    const char *given = cli_value(check->cli, "stage");
    const struct gates *gates = &check->choice.policy.gates;
    const char *known = "";
    check->stage = given != NULL ? given : "build";
    for (size_t i = 0; i < gates->count; i++) {
        const char *stage = gates->items[i].stage;
        if (strcmp(stage, check->stage) == 0)
            return true;
        if (!text_lists(known, stage, strlen(stage)))
            known = arena_printf(check->mem, "%s%s%s", known, *known == '\0' ? "" : " ", stage);
    }
    error_set(err, FAULT_USAGE, "no gate of %s has the stage \"%s\"", check->choice.policy.path,
              check->stage);
    return error_hint(err, "there are: %s", known);
}

static bool choose_targets(struct check *check, struct error *err)
{
    const struct words *given = cli_values(check->cli, "output");
    for (size_t i = 0; i < given->count; i++)
        if (!targets_add(&check->targets, given->items[i], check->mem, err))
            return false;
    return targets_add_policy(&check->targets, &check->choice.policy.outputs, &check->place,
                              check->mem, err);
}

/* Reports the command line names, the policy's, or those that lie about. */
static bool find_reports(struct check *check, struct error *err)
{
    const struct words *arguments = &check->cli->arguments;
    if (arguments->count > 0 && check->choice.policy.reports.count > 0) {
        error_set(err, FAULT_USAGE, "%s names its reports, so none can be named here",
                  check->choice.policy.path);
        return error_hint(err, "leave out \"%s\", or take `reports:` out of the policy",
                          arguments->items[0]);
    }
    check->searched = arguments->count == 0 && check->choice.policy.reports.count == 0;
    return !check->searched || intake_search(&check->place, NULL, check->mem,
                                             &check->choice.policy.reports, &check->search, err);
}

static void read_reports(struct check *check)
{
    struct progress progress;
    progress_begin(&progress, check->context, cli_flag(check->cli, "quiet"));
    struct intake intake = {
        .place = &check->place,
        .literal = check->searched,
        .any_format = check->choice.by_default,
        .merge_request = check->comparison.merge_request,
        .commit = check->place.history.commit,
        .now_s = check->context->now_s,
        .policy = &check->choice.policy,
        .change = &check->change,
        .progress = &progress,
        .mem = check->mem,
    };
    if (check->cli->arguments.count > 0)
        intake_arguments(&intake, &check->cli->arguments, &check->evidence);
    else
        intake_entries(&intake, &check->choice.policy.reports, &check->evidence);
    check->evidence.commit = check->place.history.commit;
    progress_end(&progress);
}

static bool nothing_was_judged(const struct verdict *verdict)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (outcome != OUTCOME_NOT_APPLICABLE && verdict->rule_counts[outcome] > 0)
            return false;
    return true;
}

/* Where nobody said which reports there must be, none at all is no pass. */
static void refuse_emptiness(struct check *check)
{
    struct verdict *verdict = &check->verdict;
    bool none = check->searched && check->search.found == 0;
    if (verdict->outcome != OUTCOME_PASSED ||
        !(none || (check->choice.by_default && nothing_was_judged(verdict))))
        return;
    verdict->outcome = OUTCOME_NO_DATA;
    verdict->reason = arena_printf(check->mem, "no rule of %s judges the reports that are there",
                                   check->choice.policy.path);
    if (!none)
        return;
    const char *formats = "";
    for (size_t i = 0; readers[i] != NULL; i++)
        if (readers[i]->globs[0] != NULL)
            formats =
                arena_printf(check->mem, "%s%s%s", formats, i == 0 ? "" : ", ", readers[i]->name);
    verdict->reason =
        arena_printf(check->mem, "no report was found%s: looked into every folder for %s",
                     check->search.tracked > 0 ? " (left out what git tracks)" : "", formats);
}

static void judge_evidence(struct check *check)
{
    struct docket docket = {
        .policy = &check->choice.policy,
        .now = &check->evidence,
        .then = NULL,
        .why_no_baseline = "baselines are not built yet",
        .change = &check->change,
        .stage = check->stage,
        .branch = check->comparison.branch,
        .today = context_today(check->context),
    };
    judge(&docket, check->mem, &check->verdict);
    refuse_emptiness(check);
}

static void take_notice(struct check *check)
{
    const struct notices_wanted wanted = {
        .context = check->context,
        .place = &check->place,
        .choice = &check->choice,
        .change = &check->change,
    };
    notices_gather(&wanted, check->mem, &check->notices);
}

static enum status status_of_verdict(const struct check *check)
{
    switch (check->verdict.outcome) {
    case OUTCOME_FAILED:
        return STATUS_FAILED;
    case OUTCOME_ERROR:
        return STATUS_UNREADABLE;
    case OUTCOME_NO_DATA:
        return STATUS_NO_DATA;
    default:
        break;
    }
    bool warned = check->verdict.rule_counts[OUTCOME_WARNED] > 0;
    return warned && cli_flag(check->cli, "strict") ? STATUS_FAILED : STATUS_PASSED;
}

static bool wants_colour(const struct check *check)
{
    const char *given = cli_value(check->cli, "color");
    if (given == NULL || strcmp(given, "auto") == 0)
        return check->context->out_terminal && !check->context->no_color;
    return strcmp(given, "always") == 0;
}

static enum status render(struct check *check)
{
    const struct context *context = check->context;
    struct view view = {
        .verdict = &check->verdict,
        .policy = &check->choice.policy,
        .evidence = &check->evidence,
        .policy_origin = check->choice.origin,
        .policy_from = check->choice.from,
        .policy_commit = check->choice.commit,
        .commit = check->evidence.commit,
        .target = check->comparison.target,
        .change = &check->change,
        .differences = &check->choice.differences,
        .notices = &check->notices,
        .stage = check->stage,
        .now_s = context->now_s,
        .status = (int)status_of_verdict(check),
        .job_url = context->ci.job_url != NULL ? context->ci.job_url : "",
        .columns = (unsigned)context->columns,
        .colour = wants_colour(check),
        .utf8 = context->utf8,
        .gitlab = context->gitlab,
        .quiet = cli_flag(check->cli, "quiet"),
        .verbose = cli_flag(check->cli, "verbose"),
    };
    targets_write(&check->targets, &check->place, &view);
    return finish_stdout((enum status)view.status);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    struct problems found;
    AUTO(close_check) struct check check = {.context = context, .cli = cli, .mem = context->run};
    problems_init(&found, check.mem);
    if (!workplace_open(&check.place, check.mem, &err))
        return give_up(&err);
    look_at_history(&check);
    if (!choose_policy(&check, &found, &err))
        return give_up(&err);
    if (found.count > 0)
        return refuse_policy(&check, &found);
    log_warnings(&check.choice.policy.warnings);
    if (!choose_stage(&check, &err) || !choose_targets(&check, &err) || !find_reports(&check, &err))
        return give_up(&err);
    read_reports(&check);
    judge_evidence(&check);
    take_notice(&check);
    return render(&check);
}

const struct command check_command = {
    .name = "check",
    .arguments = "[REPORT…]",
    .title = "judges the reports of a build against the policy",
    .options = options,
    .run = run,
};
