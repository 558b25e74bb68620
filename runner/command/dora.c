/* `qgate dora`: delivery numbers of the repository one stands in. */
#include <string.h>
#include <unistd.h>

#include "gates/base/text.h"
#include "runner/command/command.h"
#include "runner/command/dora_answers.h"
#include "runner/command/dora_targets.h"
#include "runner/command/outputs.h"
#include "runner/command/survey.h"
#include "runner/draft.h"
#include "runner/history/origin.h"
#include "runner/log.h"
#include "runner/render/words.h"
#include "runner/store/folder.h"
#include "runner/workplace.h"

#define OUTPUT_NAME(name) " " #name

static const struct cli_option options[] = {
    {"delivery", "FILE",
     "the delivery configuration; otherwise delivery.yml at the root, or tags v* are deployments"},
    {"window", "WINDOW",
     "days like 7d, 28d, 90d, 182d, or two days 2027-01-01..2027-01-31; otherwise 28d, today "
     "included"},
    {"as-of", "TIME", "as it was known then: a day, or 2027-01-31T12:00Z; otherwise now"},
    {"service", "NAME", "this service; otherwise all, and all teams"},
    {"team", "NAME", "all services of this team"},
    {"environment", "NAME", "this environment; otherwise those of tier production"},
    {"explain", NULL,
     "the deployments, changes and incidents behind every number (terminal, json)"},
    {"output", "FORMAT=PATH",
     "also write a file, more than once; - is stdout; FORMAT:" DORA_RENDERERS(OUTPUT_NAME)},
    {"compat", "gitlab|devlake|fourkeys",
     "beside our numbers those that this tool would show (terminal, json, csv)"},
    {"check", NULL, "judge the targets of teams; the exit status says how it went"},
    {0},
};

/* --- what is asked ---------------------------------------------------------------------------- */

static const char *window_of(const struct cli *cli)
{
    const char *given = cli_value(cli, "window");
    return given == NULL ? "28d" : given;
}

/* A target says itself over which time, and it is one of a team, not of a service. */
static bool check_options(const struct cli *cli, struct error *err)
{
    static const char *const numbers[] = {"service", "environment", "window", "compat"};
    if (cli_value(cli, "service") != NULL && cli_value(cli, "team") != NULL)
        return error_set(err, FAULT_USAGE,
                         "--service and --team ask for two things: leave one out");
    if (cli_flag(cli, "check") && cli_flag(cli, "explain"))
        return error_set(err, FAULT_USAGE, "--check says what it judges: leave out --explain");
    for (size_t i = 0; cli_flag(cli, "check") && i < sizeof numbers / sizeof numbers[0]; i++)
        if (cli_value(cli, numbers[i]) != NULL)
            return error_set(err, FAULT_USAGE,
                             "--check judges the targets of teams as they stand: leave out --%s",
                             numbers[i]);
    return true;
}

/* --- what is written -------------------------------------------------------------------------- */

struct dora_output {
    const struct dora_renderer *renderer;
    const char *path;
};

struct dora_outputs ARRAY(struct dora_output);

static const struct dora_renderer *renderer_of(const char *name, size_t len, struct error *err)
{
#define RENDERER_ENTRY(name) &dora_##name##_renderer,
    static const struct dora_renderer *const all[] = {DORA_RENDERERS(RENDERER_ENTRY) NULL};
    for (size_t i = 0; all[i] != NULL; i++)
        if (text_is(name, len, all[i]->name))
            return all[i];
    error_set(err, FAULT_USAGE, "there is no output \"%.*s\"", (int)len, name);
    error_hint(err, "there are:" DORA_RENDERERS(OUTPUT_NAME));
    return NULL;
}

static bool read_outputs(const struct cli *cli, struct arena *mem, struct dora_outputs *outputs,
                         struct error *err)
{
    const struct words *given = cli_values(cli, "output");
    for (size_t i = 0; i < given->count; i++) {
        const char *text = given->items[i], *equals = strchr(text, '=');
        if (equals == NULL || equals == text || equals[1] == '\0')
            return error_set(err, FAULT_USAGE, "--output wants FORMAT=PATH, not \"%s\"", text);
        const struct dora_renderer *renderer = renderer_of(text, (size_t)(equals - text), err);
        if (renderer == NULL)
            return false;
        array_push(mem, outputs, ((struct dora_output){renderer, equals + 1}));
    }
    return true;
}

/* A file is the same wherever it is written: no colour and no columns of a terminal. */
static bool write_file(const struct dora_output *output, const struct dora_view *view,
                       struct error *err)
{
    enum { FILE_COLUMNS = 100 };
    AUTO(close_draft) struct draft draft = {.folder = -1};
    struct dora_view plain = *view;
    plain.colour = false;
    plain.utf8 = true;
    plain.columns = FILE_COLUMNS;
    return (draft_open_path(&draft, output->path, err) &&
            output->renderer->render(&plain, draft.out, err) && draft_finish(&draft, err)) ||
           error_at(err, output->path, 0, 0);
}

/* The files, and to stdout what is asked for there: the renderer returned, or NULL for the usual.
 */
static const struct dora_renderer *write_files(const struct dora_outputs *outputs,
                                               const struct dora_view *view, enum status *status)
{
    const struct dora_renderer *on_stdout = NULL;
    for (size_t i = 0; i < outputs->count; i++) {
        struct error err = {0};
        if (strcmp(outputs->items[i].path, "-") == 0)
            on_stdout = outputs->items[i].renderer;
        else if (!write_file(&outputs->items[i], view, &err))
            *status = status_worse(*status, give_up(&err));
    }
    return on_stdout;
}

static enum status write_all(const struct dora_outputs *outputs, const struct dora_view *view,
                             enum status status)
{
    struct error err = {0};
    const struct dora_renderer *on_stdout = write_files(outputs, view, &status);
    if (on_stdout == NULL)
        on_stdout = &dora_terminal_renderer;
    if (!on_stdout->render(view, stdout, &err) && ferror(stdout) == 0)
        status = status_worse(status, give_up(&err));
    return finish_stdout(status);
}

/* --- the targets ------------------------------------------------------------------------------ */

/* As `qgate check` says it, in place of the numbers. */
static enum status check_targets(const struct context *context, const struct cli *cli,
                                 const struct survey *survey, const struct dora_outputs *outputs,
                                 const struct dora_view *numbers)
{
    struct dora_judged judged;
    struct error err = {0};
    const struct targets_scope scope = {.team = cli_value(cli, "team")};
    dora_targets_judge(&survey->delivery, &survey->estate.known, &scope, context->run, &judged);
    if (judged.policy.gates.count == 0) {
        error_set(&err, FAULT_USAGE, "there is nothing to check: no team has targets");
        error_hint(&err, "they stand in delivery.yml, below the team: "
                         "`targets: [dora.lead_time.p50 <= 2d]`");
        return give_up(&err);
    }
    enum status status = status_of_verdict(&judged.verdict, false);
    if (write_files(outputs, numbers, &status) != NULL)
        return write_all(outputs, numbers, status);
    const struct view view = {
        .verdict = &judged.verdict,
        .policy = &judged.policy,
        .evidence = &judged.evidence,
        .policy_origin = survey->delivery.path,
        .commit = "",
        .stage = judged.policy.gates.items[0].stage,
        .now_s = survey->estate.known.now_s,
        .status = (int)status,
        .columns = numbers->columns,
        .colour = numbers->colour,
        .utf8 = numbers->utf8,
        .gitlab = context->gitlab,
    };
    if (!terminal_renderer.render(&view, stdout, &err) && ferror(stdout) == 0)
        status = status_worse(status, give_up(&err));
    return finish_stdout(status);
}

/* Numbers of a repository that nothing is known to be deployed of would be zeros or holes. */
static enum status say_nothing_there(const struct dora_view *view)
{
    size_t later = 0;
    for (size_t i = 0; i < view->answers.count; i++)
        for (size_t j = 0; j < view->answers.items[i].parts.count; j++)
            later += view->answers.items[i].parts.items[j].chain->later;
    if (view->answers.count == 0)
        log_message("no data: %s lists no service in an environment of tier production",
                    view->configuration);
    else if (later > 0)
        log_message("no data: every tag %s is later than the moment asked for", view->tags);
    else
        log_message("no data: no tag %s is in this clone (`git fetch --tags` brings those of the "
                    "remote)",
                    view->tags);
    return STATUS_NO_DATA;
}

static enum status answer(const struct context *context, const struct cli *cli,
                          const struct survey *survey, const struct dora_outputs *outputs)
{
    struct error err = {0};
    enum dora_compat compat;
    const char *mode = cli_value(cli, "compat");
    const struct dora_wanted asked = {
        .delivery = &survey->delivery,
        .estate = &survey->estate,
        .service = cli_value(cli, "service"),
        .team = cli_value(cli, "team"),
        .environment = cli_value(cli, "environment"),
        .window = window_of(cli),
        .compat = mode != NULL && dora_compat_named(mode, &compat) ? &compat : NULL,
    };
    struct dora_view view = {
        .explain = cli_flag(cli, "explain"),
        .columns = (unsigned)context->columns,
        .colour = context->out_terminal && !context->no_color,
        .utf8 = context->utf8,
    };
    if (!dora_answer(&asked, context->run, &view, &err))
        return give_up(&err);
    if (cli_flag(cli, "check"))
        return check_targets(context, cli, survey, outputs, &view);
    bool answered = dora_is_answered(&view);
    if (!answered && (view.configuration == NULL || view.answers.count == 0))
        return say_nothing_there(&view);
    return write_all(outputs, &view, answered ? STATUS_PASSED : STATUS_NO_DATA);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    struct problems found;
    AUTO(close_workplace) struct workplace place = {.fd = -1};
    struct dora_outputs outputs = {0};
    struct survey survey;
    const struct survey_wanted wanted = {
        .context = context,
        .place = &place,
        .file = cli_value(cli, "delivery"),
        .as_of = cli_value(cli, "as-of"),
        .window = window_of(cli),
        .people = cli_flag(cli, "explain"),
    };
    problems_init(&found, context->run);
    if (!check_options(cli, &err) || !read_outputs(cli, context->run, &outputs, &err) ||
        !workplace_open(&place, context->run, &err))
        return give_up(&err);
    history_open(&place.history, context->run);
    if (!survey_make(&wanted, context->run, &survey, &found, &err))
        return give_up(&err);
    log_problems(&found);
    if (found.count > 0)
        return STATUS_USAGE;
    const struct words warnings = estate_first_warnings(&survey.estate, context->run);
    for (size_t i = 0; i < warnings.count; i++)
        log_message("%s", warnings.items[i]);
    return answer(context, cli, &survey, &outputs);
}

const struct command dora_command = {
    .name = "dora",
    .arguments = "",
    .title = "counts how often, how fast and how well this repository is deployed",
    .options = options,
    .run = run,
};
