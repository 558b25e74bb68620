/* `qgate dora`: delivery numbers of the repository one stands in. */
#include <string.h>
#include <unistd.h>

#include "gates/base/day.h"
#include "gates/base/text.h"
#include "runner/command/command.h"
#include "runner/command/dora_answers.h"
#include "runner/draft.h"
#include "runner/history/origin.h"
#include "runner/history/releases.h"
#include "runner/history/sizes.h"
#include "runner/log.h"
#include "runner/store/folder.h"
#include "runner/workplace.h"

#define OUTPUT_NAME(name) " " #name

static const struct cli_option options[] = {
    {"window", "WINDOW",
     "7d, 28d, 90d, 182d or the days 2027-01-01..2027-01-31; otherwise 28d, today included"},
    {"as-of", "TIME", "as it was known then: a day, or 2027-01-31T12:00Z; otherwise now"},
    {"service", "NAME", "this service; without a delivery.yml there is one, the repository"},
    {"environment", "NAME", "this environment; without a delivery.yml there is one, production"},
    {"explain", NULL,
     "the deployments, changes and incidents behind every number (terminal, json)"},
    {"output", "FORMAT=PATH",
     "also write a file, more than once; - is stdout; FORMAT:" DORA_RENDERERS(OUTPUT_NAME)},
    {"team", "NAME", NULL},
    {"compat", "MODE", NULL},
    {"check", NULL, NULL},
    {0},
};

enum { DAY_S = 86400 };

static const char tag_pattern[] = "v*";

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

/* --- what is there ---------------------------------------------------------------------------- */

/* The estate of a repository without a configuration: one service in one environment. */
static bool read_history(const struct context *context, const struct workplace *place,
                         struct delivery *delivery, struct dora_estate *estate,
                         struct error *err)
{
    const struct history *history = &place->history;
    struct dora_unit *unit = array_add(context->run, &estate->units);
    if (history->root == NULL)
        return error_set(err, FAULT_USAGE, "this is no git repository: there is nothing to count");
    if (history->repository == NULL)
        return error_set(err, FAULT_SYSTEM, "%s", history->why_not);
    delivery_default(delivery, history_name(history, context->run), context->run);
    *unit = (struct dora_unit){
        .service = delivery->services.items[0].name,
        .project = delivery->services.items[0].project,
        .environment = delivery->environments.items[0].name,
        .production = true,
    };
    struct error ignored = {0};
    struct progress progress;
    int cache = context->ci.merge_request != NULL ? -1 : folder_cache(place, true, &ignored);
    const struct releases_wanted wanted = {tag_pattern, cache, &progress};
    progress_begin(&progress, context, false);
    bool read = history_releases(history, &wanted, context->run, &unit->chain, err);
    progress_end(&progress);
    if (cache >= 0)
        close(cache);
    if (!read)
        return false;
    unit->chain.known_s = estate->now_s;
    dora_link(&unit->chain, context->run);
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

/* Numbers of what nothing is known to be deployed of would be zeros or holes. */
static enum status say_nothing_there(const struct dora_view *view)
{
    size_t later = 0;
    for (size_t i = 0; i < view->answers.count; i++)
        for (size_t j = 0; j < view->answers.items[i].parts.count; j++)
            later += view->answers.items[i].parts.items[j].chain->later;
    if (later > 0)
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
    struct delivery delivery;
    struct dora_estate estate = {0};
    const char *window = cli_value(cli, "window");
    const struct dora_asked asked = {
        .delivery = &delivery,
        .estate = &estate,
        .service = cli_value(cli, "service"),
        .environment = cli_value(cli, "environment"),
        .window = window == NULL ? "28d" : window,
    };
    struct dora_view view = {
        .tags = tag_pattern,
        .explain = cli_flag(cli, "explain"),
        .columns = (unsigned)context->columns,
        .colour = context->out_terminal && !context->no_color,
        .utf8 = context->utf8,
    };
    if (!read_moment(context, cli_value(cli, "as-of"), &estate.now_s, &err) ||
        !read_history(context, place, &delivery, &estate, &err))
        return give_up(&err);
    struct dora_window days;
    if (view.explain && dora_window_read(asked.window, zone_day(NULL, estate.now_s), &days))
        history_sizes(&place->history, &days, NULL, &estate.units.items[0].chain);
    if (!dora_answer(&asked, context->run, &view, &err))
        return give_up(&err);
    return dora_is_answered(&view) ? write_all(outputs, &view) : say_nothing_there(&view);
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
