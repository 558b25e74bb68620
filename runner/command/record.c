/* `qgate record`: one event of delivery into the store, or those that another system tells. */
#include <string.h>

#include "gates/base/limits.h"
#include "runner/command/command.h"
#include "runner/command/keep.h"
#include "runner/delivery/event_file.h"
#include "runner/discover/report.h"
#include "runner/workplace.h"

#define FIELD_OPTION(NAME, key, option, argument, type, kinds, help) {option, argument, help},

/* clang-format off */
static const struct cli_option options[] = {
    EVENT_FIELDS(FIELD_OPTION)
    {"file", "FILE", "one event a line, as `qgate schema event` says; - is standard input"},
    {0},
};
/* clang-format on */

struct recorder {
    const struct context *context;
    const struct cli *cli;
    struct arena *mem;
    struct workplace place;
    struct project here;
    struct store_batch batch;
    const char *summary; /* of what is in the batch */
};

static void close_recorder(struct recorder *r)
{
    close_workplace(&r->place);
}

/* --- one event, from the command line --------------------------------------------------------- */

static bool find_kind(const struct cli *cli, enum event_kind *kind, struct error *err)
{
    const char *name = cli->arguments.count == 1 ? cli->arguments.items[0] : "";
    for (int i = 0; i < EVENT_KINDS; i++)
        if (strcmp(event_kind_names[i], name) == 0) {
            *kind = (enum event_kind)i;
            return true;
        }
    error_set(err, FAULT_USAGE, "what is to be recorded?");
    return error_hint(err, "there are: build, deployment, incident, and --file FILE with many");
}

/* What the pipeline says surely. */
static bool set_default(struct recorder *r, struct event *event, enum event_field field,
                        const char *text, struct error *err)
{
    return event->texts[field] != NULL || text == NULL ||
           event_set(event, field, text, r->context->now_s, r->mem, err);
}

static const char *status_of_job(const struct ci *ci)
{
    static const char *const ends[] = {"success", "failed", "canceled"};
    for (size_t i = 0; ci->job_status != NULL && i < sizeof ends / sizeof ends[0]; i++)
        if (strcmp(ci->job_status, ends[i]) == 0)
            return ends[i];
    return NULL;
}

static bool set_defaults(struct recorder *r, struct event *event, struct error *err)
{
    const struct ci *ci = &r->context->ci;
    const char *project = event->texts[EVENT_PROJECT], *commit = ci->commit;
    bool own = project == NULL || (r->here.path != NULL && strcmp(project, r->here.path) == 0);
    if (commit == NULL && r->place.history.commit != NULL && *r->place.history.commit != '\0')
        commit = r->place.history.commit;
    if (event->kind == EVENT_BUILD)
        return set_default(r, event, EVENT_COMMIT, own ? commit : NULL, err);
    return event->kind == EVENT_INCIDENT ||
           (set_default(r, event, EVENT_ENVIRONMENT, ci->environment, err) &&
            set_default(r, event, EVENT_STATUS, status_of_job(ci), err));
}

/* An incident knows its service, and seldom where that comes from. */
static bool find_project(const struct recorder *r, const struct event *event,
                         struct project *project, struct error *err)
{
    const char *path = event->texts[EVENT_PROJECT];
    *project = (struct project){0};
    if (path != NULL)
        project_named(path, &r->here, r->mem, project);
    else if (event->kind != EVENT_INCIDENT)
        *project = r->here;
    if (project->id != 0 || event->kind == EVENT_INCIDENT)
        return true;
    error_set(err, event->line > 0 ? FAULT_REPORT : FAULT_USAGE,
              "which project? This is neither a clone nor a pipeline");
    error_hint(err, "name it as delivery.yml does: fin/payments/core");
    return error_at(err, NULL, event->line, 0);
}

static bool take_one(struct recorder *r, struct error *err)
{
    struct event event = {0};
    struct project project;
    const struct ci *ci = &r->context->ci;
    if (!find_kind(r->cli, &event.kind, err))
        return false;
    for (int i = 0; i < EVENT_FIELD_COUNT; i++) {
        const char *text = cli_value(r->cli, event_fields[i].option);
        if (text != NULL &&
            !event_set(&event, (enum event_field)i, text, r->context->now_s, r->mem, err))
            return false;
    }
    if (!set_defaults(r, &event, err) || !event_check(&event, err) ||
        !find_project(r, &event, &project, err))
        return false;
    const struct event_setting setting = {
        .now_s = r->context->now_s, .job = ci->job, .job_started = ci->job_started, .ref = ci->ref};
    event_put(&r->batch, &event, &project, &setting);
    r->summary = event_text(&event, &project, r->mem);
    return true;
}

/* --- many, from a file ------------------------------------------------------------------------ */

static bool check_alone(const struct cli *cli, struct error *err)
{
    const char *more = cli->arguments.count > 0 ? cli->arguments.items[0] : NULL;
    for (int i = 0; more == NULL && i < EVENT_FIELD_COUNT; i++)
        if (cli_value(cli, event_fields[i].option) != NULL)
            more = event_fields[i].option;
    if (more == NULL)
        return true;
    error_set(err, FAULT_USAGE, "--file stands alone: each event in it says its own \"%s\"", more);
    return error_hint(err, "leave \"%s\" out", more);
}

static bool put_all(struct recorder *r, const struct event_list *events, struct error *err)
{
    const struct event_setting setting = {.now_s = r->context->now_s};
    size_t kinds[EVENT_KINDS] = {0};
    for (size_t i = 0; i < events->count; i++) {
        struct project project;
        if (!find_project(r, &events->items[i], &project, err))
            return false;
        event_put(&r->batch, &events->items[i], &project, &setting);
        kinds[events->items[i].kind]++;
    }
    r->summary = arena_printf(r->mem, "%zu builds, %zu deployments, %zu incidents",
                              kinds[EVENT_BUILD], kinds[EVENT_DEPLOYMENT], kinds[EVENT_INCIDENT]);
    return true;
}

static bool take_file(struct recorder *r, const char *path, struct error *err)
{
    AUTO(close_report) struct report_file file = {.fd = -1};
    struct event_list events = {0};
    char *text;
    size_t len;
    return check_alone(r->cli, err) && report_open(&file, path, err) == OPENED &&
           ((report_text(&file, LIMIT_EVENTS_BYTES, r->mem, &text, &len, err) &&
             event_file_read(text, len, r->context->now_s, r->mem, &events, err) &&
             put_all(r, &events, err)) ||
            error_at(err, path, 0, 0));
}

/* ---------------------------------------------------------------------------------------------- */

static bool write_batch(struct recorder *r, struct error *err)
{
    AUTO(close_store) struct store store = {0};
    if (!store_open(&store, r->context->store, STORE_WRITE, &r->place, r->mem, err) ||
        !store_write(&store, &r->batch, err))
        return false;
    keep_say_spooled(&store);
    printf("%s %s\n", store.spooled > 0 ? "kept" : "recorded", r->summary);
    return true;
}

/* A branch that is not merged shall not tell what was delivered: nothing is wrong with the job all
 * the same, which may run on the target too. */
static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    const char *file = cli_value(cli, "file");
    AUTO(close_recorder)
    struct recorder r = {
        .context = context,
        .cli = cli,
        .mem = context->run,
        .place = {.fd = -1},
        .batch = {.mem = context->run},
    };
    if (!workplace_open(&r.place, context->run, &err))
        return give_up(&err);
    history_open(&r.place.history, context->run);
    project_here(&context->ci, &r.place.history, context->run, &r.here);
    if (!(file == NULL ? take_one(&r, &err) : take_file(&r, file, &err)))
        return give_up(&err);
    if (context->ci.merge_request != NULL)
        printf("not recorded, this is a merge request: %s\n", r.summary);
    else if (r.batch.entries.count > 0 && !write_batch(&r, &err))
        return give_up(&err);
    else if (r.batch.entries.count == 0)
        puts("nothing to record: there is no event in the file");
    return finish_stdout(STATUS_PASSED);
}

const struct command record_command = {
    .name = "record",
    .arguments = "build|deployment|incident",
    .title = "keeps what was built, deployed or went wrong, for `qgate dora` to count",
    .options = options,
    .run = run,
};
