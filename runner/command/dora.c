/* `qgate dora`: delivery numbers of the repository one stands in. */
#include <string.h>
#include <unistd.h>

#include "gates/base/day.h"
#include "gates/base/text.h"
#include "runner/command/command.h"
#include "runner/draft.h"
#include "runner/history/origin.h"
#include "runner/history/releases.h"
#include "runner/history/sizes.h"
#include "runner/log.h"
#include "runner/render/dora.h"
#include "runner/store/folder.h"
#include "runner/workplace.h"

#define OUTPUT_NAME(name) " " #name

static const struct cli_option options[] = {
    {"window", "WINDOW",
     "7d, 28d, 90d, 182d or the days 2027-01-01..2027-01-31; otherwise 28d, today included"},
    {"as-of", "TIME", "as it was known then: a day, or 2027-01-31T12:00Z; otherwise now"},
    {"service", "NAME", "this service; without a delivery.yml there is one, the repository"},
    {"environment", "NAME", "this environment; without a delivery.yml there is one, production"},
    {"explain", NULL, "the deployments and changes behind every number (terminal, json)"},
    {"output", "FORMAT=PATH",
     "also write a file, more than once; - is stdout; FORMAT:" DORA_RENDERERS(OUTPUT_NAME)},
    {"team", "NAME", NULL},
    {"compat", "MODE", NULL},
    {"check", NULL, NULL},
    {0},
};

enum { DAY_S = 86400 };

static const char tag_pattern[] = "v*", only_environment[] = "production";

/* --- what is asked ---------------------------------------------------------------------------- */

/* The last second of a day, or the instant. */
static bool read_moment(const struct context *context, const char *text, int64_t *known_s,
                        struct error *err)
{
    int32_t day;
    *known_s = context->now_s;
    if (text == NULL)
        return true;
    if (day_parse(text, &day))
        *known_s = ((int64_t)day + 1) * DAY_S - 1;
    else if (!instant_parse(text, strlen(text), known_s))
        return error_set(err, FAULT_USAGE,
                         "--as-of is a day or a time, 2027-01-31 or 2027-01-31T12:00Z, not \"%s\"",
                         text);
    return true;
}

static bool read_window(const char *text, int64_t known_s, struct dora_window *window,
                        struct error *err)
{
    int32_t today = zone_day(NULL, known_s);
    if (!dora_window_read(text, today, window))
        return error_set(
            err, FAULT_USAGE,
            "--window is 7d, 28d, 90d, 182d or two days, 2027-01-01..2027-01-31, not \"%s\"", text);
    if (window->to_day <= today)
        return true;
    error_set(err, FAULT_USAGE, "--window %s has not ended yet", text);
    return error_hint(err, "the last day can be today, or that of --as-of");
}

/* There is one of each, so any other is a mistake. */
static bool check_name(const struct cli *cli, const char *option, const char *only,
                       struct error *err)
{
    const char *given = cli_value(cli, option);
    if (given == NULL || strcmp(given, only) == 0)
        return true;
    error_set(err, FAULT_USAGE, "there is no %s \"%s\"", option, given);
    return error_hint(err, "without a delivery.yml there is one: %s", only);
}

/* --- what is there ---------------------------------------------------------------------------- */

static bool read_history(const struct context *context, const struct workplace *place,
                         struct dora_chain *chain, struct error *err)
{
    const struct history *history = &place->history;
    int64_t known_s = chain->known_s;
    if (history->root == NULL)
        return error_set(err, FAULT_USAGE, "this is no git repository: there is nothing to count");
    if (history->repository == NULL)
        return error_set(err, FAULT_SYSTEM, "%s", history->why_not);
    struct error ignored = {0};
    struct progress progress;
    int cache = context->ci.merge_request != NULL ? -1 : folder_cache(place, true, &ignored);
    const struct releases_wanted wanted = {tag_pattern, cache, &progress};
    progress_begin(&progress, context, false);
    bool read = history_releases(history, &wanted, context->run, chain, err);
    progress_end(&progress);
    if (cache >= 0)
        close(cache);
    if (!read)
        return false;
    chain->known_s = known_s;
    dora_link(chain, context->run);
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

static bool write_file(const struct dora_output *output, const struct dora_view *view,
                       struct error *err)
{
    AUTO(close_draft) struct draft draft = {.folder = -1};
    return (draft_open_path(&draft, output->path, err) &&
            output->renderer->render(view, draft.out, err) && draft_finish(&draft, err)) ||
           error_at(err, output->path, 0, 0);
}

static enum status write_all(const struct dora_outputs *outputs, const struct dora_view *view)
{
    const struct dora_renderer *on_stdout = &dora_terminal_renderer;
    enum status status = STATUS_PASSED;
    for (size_t i = 0; i < outputs->count; i++) {
        struct error err = {0};
        if (strcmp(outputs->items[i].path, "-") == 0)
            on_stdout = outputs->items[i].renderer;
        else if (!write_file(&outputs->items[i], view, &err))
            status = status_worse(status, give_up(&err));
    }
    struct error err = {0};
    if (!on_stdout->render(view, stdout, &err) && ferror(stdout) == 0)
        status = status_worse(status, give_up(&err));
    return finish_stdout(status);
}

/* Numbers of a repository that nothing is known to be deployed from would be zeros or holes. */
static enum status say_nothing_there(const struct dora_chain *chain)
{
    if (chain->later > 0)
        log_message("no data: every tag %s is later than the moment asked for", tag_pattern);
    else
        log_message("no data: no tag %s is in this clone (`git fetch --tags` brings those of the "
                    "remote)",
                    tag_pattern);
    return STATUS_NO_DATA;
}

static enum status answer(const struct context *context, const struct cli *cli,
                          const struct workplace *place, const struct dora_outputs *outputs)
{
    struct error err = {0};
    struct dora_chain chain = {0};
    struct dora_window window;
    struct dora_figures figures;
    const char *asked = cli_value(cli, "window");
    asked = asked == NULL ? "28d" : asked;
    if (!read_moment(context, cli_value(cli, "as-of"), &chain.known_s, &err) ||
        !read_window(asked, chain.known_s, &window, &err) ||
        !check_name(cli, "environment", only_environment, &err) ||
        !read_history(context, place, &chain, &err))
        return give_up(&err);
    const char *service = history_name(&place->history, context->run);
    if (!check_name(cli, "service", service, &err))
        return give_up(&err);
    if (chain.deployments.count == 0)
        return say_nothing_there(&chain);
    if (cli_flag(cli, "explain"))
        history_sizes(&place->history, &window, NULL, &chain);
    const struct dora_part whole = {&chain, INT64_MIN, INT64_MAX};
    dora_measure(&whole, 1, &window, NULL, context->run, &figures);
    const struct dora_view view = {
        .service = service,
        .environment = only_environment,
        .window = asked,
        .tags = tag_pattern,
        .chain = &chain,
        .figures = &figures,
        .explain = cli_flag(cli, "explain"),
    };
    return write_all(outputs, &view);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    AUTO(close_workplace) struct workplace place = {.fd = -1};
    struct dora_outputs outputs = {0};
    if (!read_outputs(cli, context->run, &outputs, &err) ||
        !workplace_open(&place, context->run, &err))
        return give_up(&err);
    history_open(&place.history, context->run);
    if (workplace_has(&place, "delivery.yml"))
        log_message("delivery.yml is not read by this version: tags %s and first-parent changes",
                    tag_pattern);
    return answer(context, cli, &place, &outputs);
}

const struct command dora_command = {
    .name = "dora",
    .arguments = "",
    .title = "counts how often, how fast and how well this repository is deployed",
    .options = options,
    .run = run,
};
