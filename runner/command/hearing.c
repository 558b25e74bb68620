#include "runner/command/hearing.h"

#include <string.h>

#include "gates/base/text.h"
#include "runner/history/changes.h"

bool hearing_open(struct hearing *hearing, const struct hearing_wanted *wanted, struct error *err)
{
    hearing->wanted = wanted;
    hearing->mem = wanted->context->run;
    if (!workplace_open(&hearing->place, hearing->mem, err))
        return false;
    history_open(&hearing->place.history, hearing->mem);
    return true;
}

void close_hearing(struct hearing *hearing)
{
    close_baseline(&hearing->baseline);
    close_workplace(&hearing->place);
}

/* The commit in a pipeline, whose jobs leave things behind, and the work tree where somebody works.
 * Where nobody changed anything since, that is the commit, and the verdict is that of the pipeline.
 */
static const char *what_is_judged(const struct hearing *hearing)
{
    const struct history *history = &hearing->place.history;
    const struct change_wanted since = {.from = history->commit,
                                        .untracked = hearing->wanted->untracked};
    struct change change = {0};
    if (hearing->wanted->context->in_ci)
        return history->commit;
    if (*history->commit == '\0')
        return NULL;
    history_changes(history, &since, hearing->mem, &change);
    return change.why_not == NULL && change.files.count == 0 ? history->commit : NULL;
}

void hearing_compare(struct hearing *hearing)
{
    const struct context *context = hearing->wanted->context;
    struct history *history = &hearing->place.history;
    struct comparison *comparison = &hearing->comparison;
    history_compare(history, &context->ci, hearing->wanted->target, hearing->mem, comparison);
    hearing->judged = what_is_judged(hearing);
    struct change_wanted wanted = {
        .from = comparison->base,
        .to = hearing->judged,
        .untracked = hearing->wanted->untracked,
    };
    if (comparison->base != NULL)
        history_changes(history, &wanted, hearing->mem, &hearing->change);
    else
        hearing->change =
            (struct change){.why_not = comparison->why_no_base, .remedy = comparison->remedy};
}

bool hearing_policy(struct hearing *hearing, struct problems *found, struct error *err)
{
    const struct hearing_wanted *wanted = hearing->wanted;
    const struct policy_question question = {
        .context = wanted->context,
        .place = &hearing->place,
        .comparison = &hearing->comparison,
        .given = wanted->policy,
        .floor = wanted->floor,
        .from_work_tree = wanted->from_work_tree,
    };
    return policychoice_make(&question, hearing->mem, &hearing->choice, found, err);
}

/* A stage that no gate has would judge nothing and pass. */
bool hearing_stage(struct hearing *hearing, struct error *err)
{
    const char *given = hearing->wanted->stage;
    const struct gates *gates = &hearing->choice.policy.gates;
    const char *known = "";
    hearing->stage = given != NULL ? given : "build";
    for (size_t i = 0; i < gates->count; i++) {
        const char *stage = gates->items[i].stage;
        if (strcmp(stage, hearing->stage) == 0)
            return true;
        if (!text_lists(known, stage, strlen(stage)))
            known = arena_printf(hearing->mem, "%s%s%s", known, *known == '\0' ? "" : " ", stage);
    }
    error_set(err, FAULT_USAGE, "no gate of %s has the stage \"%s\"", hearing->choice.policy.path,
              hearing->stage);
    return error_hint(err, "there are: %s", known);
}

/* Reports the command line names, the policy's, or those that lie about. */
bool hearing_reports(struct hearing *hearing, struct error *err)
{
    const struct words *paths = hearing->wanted->paths;
    bool named = paths != NULL && paths->count > 0;
    if (named && hearing->choice.policy.reports.count > 0) {
        error_set(err, FAULT_USAGE, "%s names its reports, so none can be named here",
                  hearing->choice.policy.path);
        return error_hint(err, "leave out \"%s\", or take `reports:` out of the policy",
                          paths->items[0]);
    }
    hearing->searched = !named && hearing->choice.policy.reports.count == 0;
    return !hearing->searched ||
           intake_search(&hearing->place, NULL, hearing->mem, &hearing->choice.policy.reports,
                         &hearing->search, err);
}

void hearing_read(struct hearing *hearing)
{
    struct progress progress;
    progress_begin(&progress, hearing->wanted->context, hearing->wanted->quiet);
    struct intake intake = {
        .place = &hearing->place,
        .literal = hearing->searched,
        .any_format = hearing->choice.by_default,
        .merge_request = hearing->comparison.merge_request,
        .commit = hearing->place.history.commit,
        .now_s = hearing->wanted->context->now_s,
        .policy = &hearing->choice.policy,
        .change = &hearing->change,
        .progress = &progress,
        .mem = hearing->mem,
    };
    if (hearing->searched || hearing->choice.policy.reports.count > 0)
        intake_entries(&intake, &hearing->choice.policy.reports, &hearing->evidence);
    else
        intake_arguments(&intake, hearing->wanted->paths, &hearing->evidence);
    hearing->evidence.commit = hearing->place.history.commit;
    progress_end(&progress);
}

/* The earlier evidence to compare with, when a rule does. */
static void remember(struct hearing *hearing)
{
    const struct baseline_wanted wanted = {
        .context = hearing->wanted->context,
        .place = &hearing->place,
        .comparison = &hearing->comparison,
        .policy = &hearing->choice.policy,
        .now = &hearing->evidence,
        .stage = hearing->stage,
        .file = hearing->wanted->baseline,
        .saved = hearing->wanted->save_baseline,
        .required = hearing->wanted->require_baseline,
    };
    if (judge_compares(wanted.policy, wanted.stage))
        baseline_find(&wanted, hearing->mem, &hearing->baseline);
}

static bool nothing_was_judged(const struct verdict *verdict)
{
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        if (outcome != OUTCOME_NOT_APPLICABLE && verdict->rule_counts[outcome] > 0)
            return false;
    return true;
}

static bool delivers(const struct evidence *evidence)
{
    for (size_t i = 0; i < evidence->sources.count; i++)
        if (evidence->sources.items[i].estate != NULL)
            return true;
    return false;
}

/* Where nobody said which reports there must be, none at all is no pass; unless rules ask for what
 * no report says. */
static void refuse_emptiness(struct hearing *hearing)
{
    struct verdict *verdict = &hearing->verdict;
    bool none = hearing->searched && hearing->search.found == 0 && !delivers(&hearing->evidence);
    if (verdict->outcome != OUTCOME_PASSED ||
        !(none || (hearing->choice.by_default && nothing_was_judged(verdict))))
        return;
    verdict->outcome = OUTCOME_NO_DATA;
    verdict->reason = arena_printf(hearing->mem, "no rule of %s judges the reports that are there",
                                   hearing->choice.policy.path);
    if (!none)
        return;
    const char *formats = "";
    for (size_t i = 0; readers[i] != NULL; i++)
        if (readers[i]->globs[0] != NULL)
            formats =
                arena_printf(hearing->mem, "%s%s%s", formats, i == 0 ? "" : ", ", readers[i]->name);
    verdict->reason =
        arena_printf(hearing->mem, "no report was found%s: looked into every folder for %s",
                     hearing->search.tracked > 0 ? " (left out what git tracks)" : "", formats);
}

void hearing_judge(struct hearing *hearing)
{
    remember(hearing);
    struct docket docket = {
        .policy = &hearing->choice.policy,
        .now = &hearing->evidence,
        .then = hearing->baseline.evidence,
        .why_no_baseline = hearing->baseline.why_none,
        .baseline_remedy = hearing->baseline.remedy,
        .no_baseline = hearing->baseline.least,
        .change = &hearing->change,
        .since_baseline = &hearing->baseline.since,
        .stage = hearing->stage,
        .branch = hearing->comparison.branch,
        .today = context_today(hearing->wanted->context),
    };
    judge(&docket, hearing->mem, &hearing->verdict);
    refuse_emptiness(hearing);
}
