#include "runner/delivery/event.h"

#include <inttypes.h>
#include <string.h>

#include "gates/base/day.h"
#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/store/keys.h"

enum { DAY_S = 86400, COMMIT_DIGITS = 40, SHORT_COMMIT = 7, EVENT_TEXT_BYTES = 256 };

const char *const event_kind_names[] = {"build", "deployment", "incident", NULL};

#define FIELD_INFO(NAME, key, option, argument, type, kinds, help) \
    [EVENT_##NAME] = {key, option, argument, FIELD_##type, kinds},

const struct event_field_info event_fields[EVENT_FIELD_COUNT] = {EVENT_FIELDS(FIELD_INFO)};

/* --- one field -------------------------------------------------------------------------------- */

static const char *name_of(const struct event *event, enum event_field field)
{
    return event->line > 0 ? event_fields[field].key : event_fields[field].option;
}

/* "--status" on the command line, "status" in a file */
static bool refuse(const struct event *event, enum event_field field, struct error *err,
                   const char *what)
{
    return error_set(err, event->line > 0 ? FAULT_REPORT : FAULT_USAGE, "%s%s %s",
                     event->line > 0 ? "" : "--", name_of(event, field), what);
}

static bool set_text(struct event *event, enum event_field field, const char *text,
                     struct arena *mem, struct error *err)
{
    size_t len = strlen(text);
    const char *kept = text_keep(mem, text, len, EVENT_TEXT_BYTES);
    if (len > EVENT_TEXT_BYTES)
        return refuse(event, field, err, "is longer than 256 bytes");
    if (*kept == '\0')
        return refuse(event, field, err, "is empty");
    if (strcmp(kept, text) != 0)
        return refuse(event, field, err, "begins or ends with a space, or is no text of one line");
    event->texts[field] = kept;
    return true;
}

static bool set_commit(struct event *event, enum event_field field, const char *text,
                       struct arena *mem, struct error *err)
{
    size_t len = strlen(text);
    if (len != COMMIT_DIGITS || strspn(text, "0123456789abcdefABCDEF") != len) {
        refuse(event, field, err, "is not the whole number of a commit, 40 hexadecimal digits");
        return error_hint(err, "git rev-parse HEAD; in a pipeline of GitLab $CI_COMMIT_SHA");
    }
    char *lower = arena_copy(mem, text, len);
    for (char *at = lower; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'F' ? *at + ('a' - 'A') : *at);
    event->texts[field] = lower;
    return true;
}

static bool set_time(struct event *event, enum event_field field, const char *text, int64_t now_s,
                     struct error *err)
{
    int64_t *seconds = &event->seconds[field];
    if (!instant_parse(text, strlen(text), seconds)) {
        refuse(event, field, err, "is no time");
        return error_hint(err, "like 2027-01-31T12:00:00Z or 2027-01-31T13:00:00+01:00");
    }
    if (*seconds > now_s + DAY_S) {
        refuse(event, field, err, "lies in the future");
        return error_hint(err, "an event is recorded when it has happened; is the clock right?");
    }
    event->texts[field] = text;
    return true;
}

static bool set_word(struct event *event, enum event_field field, const char *text,
                     struct error *err)
{
    const char *words = event_fields[field].argument;
    for (const char *at = words; *at != '\0'; at += *at == '|') {
        size_t len = strcspn(at, "|");
        if (text_is(at, len, text))
            event->texts[field] = text;
        at += len;
    }
    if (event->texts[field] != NULL)
        return true;
    refuse(event, field, err, "is none of its words");
    return error_hint(err, "there are: %s", words);
}

bool event_set(struct event *event, enum event_field field, const char *text, int64_t now_s,
               struct arena *mem, struct error *err)
{
    const struct event_field_info *info = &event_fields[field];
    if ((info->kinds >> event->kind & 1) == 0) {
        refuse(event, field, err,
               event->kind == EVENT_INCIDENT ? "says nothing about an incident"
               : event->kind == EVENT_BUILD  ? "says nothing about a build"
                                             : "says nothing about a deployment");
        return error_hint(err, "`qgate record --help` says which has what");
    }
    switch (info->type) {
    case FIELD_COMMIT:
        return set_commit(event, field, text, mem, err);
    case FIELD_TIME:
        return set_time(event, field, text, now_s, err);
    case FIELD_WORD:
        return set_word(event, field, text, err);
    case FIELD_FLAG:
        event->texts[field] = text;
        return true;
    case FIELD_TEXT:
        break;
    }
    return set_text(event, field, text, mem, err);
}

/* --- all of it -------------------------------------------------------------------------------- */

/* Without these it is no event. */
static const unsigned required[EVENT_FIELD_COUNT] = {
    [EVENT_SERVICE] = OF_ALL,       [EVENT_VERSION] = OF_BUILD,
    [EVENT_COMMIT] = OF_BUILD,      [EVENT_ENVIRONMENT] = OF_DEPLOYMENT,
    [EVENT_STATUS] = OF_DEPLOYMENT, [EVENT_ID] = OF_INCIDENT,
};

static bool says(const struct event *event, enum event_field field)
{
    return event->texts[field] != NULL;
}

static bool check_deployment(const struct event *event, struct error *err)
{
    if (!says(event, EVENT_VERSION) && !says(event, EVENT_COMMIT)) {
        refuse(event, EVENT_VERSION, err, "is missing, and the commit too");
        return error_hint(err, "say what was deployed: its version, its commit or both");
    }
    if (event->line > 0 && !says(event, EVENT_AT)) /* read twice it would be two */
        return refuse(event, EVENT_AT, err, "is missing");
    return true;
}

static bool check_incident(const struct event *event, struct error *err)
{
    static const enum event_field later[] = {EVENT_ACKNOWLEDGED, EVENT_RESOLVED};
    bool timed = says(event, EVENT_OPENED);
    for (size_t i = 0; i < 2; i++) {
        if (says(event, EVENT_OPENED) && says(event, later[i]) &&
            event->seconds[later[i]] < event->seconds[EVENT_OPENED])
            return refuse(event, later[i], err, "lies before it was opened");
        timed |= says(event, later[i]);
    }
    if (!timed) {
        refuse(event, EVENT_OPENED, err, "is missing");
        return error_hint(err, "say when it was opened, acknowledged or resolved");
    }
    if (says(event, EVENT_CAUSED_BY) && says(event, EVENT_CAUSE) &&
        strcmp(event->texts[EVENT_CAUSE], "change") != 0)
        return refuse(event, EVENT_CAUSED_BY, err, "names a deployment, and the cause is another");
    return true;
}

bool event_check(const struct event *event, struct error *err)
{
    for (int i = 0; i < EVENT_FIELD_COUNT; i++)
        if ((required[i] >> event->kind & 1) != 0 && !says(event, (enum event_field)i))
            return refuse(event, (enum event_field)i, err, "is missing");
    return event->kind == EVENT_DEPLOYMENT ? check_deployment(event, err)
           : event->kind == EVENT_INCIDENT ? check_incident(event, err)
                                           : true;
}

/* --- its row ---------------------------------------------------------------------------------- */

static struct store_value text_of(const struct event *event, enum event_field field)
{
    return store_text(event->texts[field]);
}

static struct store_value time_of(const struct event *event, enum event_field field)
{
    return says(event, field) ? store_integer(event->seconds[field] * 1000)
                              : (struct store_value){0};
}

/* The same command of the same job is the same deployment, whenever it is run; by hand it is the
 * one of that moment. */
static const char *deployment_id(const struct event *event, const struct event_setting *setting,
                                 struct arena *mem)
{
    if (says(event, EVENT_ID))
        return event->texts[EVENT_ID];
    int64_t at_s = says(event, EVENT_AT) ? event->seconds[EVENT_AT] : setting->now_s;
    const char *moment = says(event, EVENT_AT) || setting->job == NULL
                             ? arena_printf(mem, "at %" PRId64, at_s)
                             : arena_printf(mem, "job %s", setting->job);
    const char *const texts[] = {
        event->texts[EVENT_SERVICE],
        event->texts[EVENT_ENVIRONMENT],
        text_or_empty(event->texts[EVENT_REGION]),
        text_or_empty(event->texts[EVENT_VERSION]),
        text_or_empty(event->texts[EVENT_COMMIT]),
        moment,
    };
    return store_id(texts, sizeof texts / sizeof texts[0], mem);
}

static void put_build(struct store_batch *batch, const struct event *event, int64_t project_id,
                      const struct event_setting *setting)
{
    const struct store_value now = store_integer(setting->now_s * 1000);
    const struct store_build_row row = {
        .project_id = store_integer(project_id),
        .service_id = text_of(event, EVENT_SERVICE),
        .version = text_of(event, EVENT_VERSION),
        .sha = text_of(event, EVENT_COMMIT),
        .image_digest = text_of(event, EVENT_DIGEST),
        .ref = store_text(setting->ref),
        .built_ms = says(event, EVENT_AT) ? time_of(event, EVENT_AT) : now,
        .updated_ms = now,
    };
    store_put_build(batch, &row);
}

static struct store_value began(const struct event_setting *setting, int64_t finished_s)
{
    const char *text = setting->job_started;
    int64_t started_s;
    bool known = text != NULL && instant_parse(text, strlen(text), &started_s);
    return known && started_s <= finished_s ? store_integer(started_s * 1000)
                                            : (struct store_value){0};
}

/* Which tier, and of what kind it is, is for the history to say when it is asked. */
static void put_deployment(struct store_batch *batch, const struct event *event, int64_t project_id,
                           const struct event_setting *setting)
{
    int64_t at_s = says(event, EVENT_AT) ? event->seconds[EVENT_AT] : setting->now_s;
    const struct store_deployment_row row = {
        .project_id = store_integer(project_id),
        .deployment_id = store_text(deployment_id(event, setting, batch->mem)),
        .service_id = text_of(event, EVENT_SERVICE),
        .environment = text_of(event, EVENT_ENVIRONMENT),
        .region = text_of(event, EVENT_REGION),
        .tier = store_text("unknown"),
        .kind = store_text("unknown"),
        .source = store_text("recorded"),
        .status = text_of(event, EVENT_STATUS),
        .app_sha = text_of(event, EVENT_COMMIT),
        .version = text_of(event, EVENT_VERSION),
        .started_ms = began(setting, at_s),
        .finished_ms = store_integer(at_s * 1000),
        .failed = store_integer(0),
        .unplanned = store_integer(0),
        .flagged = store_integer(says(event, EVENT_UNPLANNED)),
        .updated_ms = store_integer(setting->now_s * 1000),
    };
    store_put_deployment(batch, &row);
}

static void put_incident(struct store_batch *batch, const struct event *event, int64_t project_id,
                         const struct event_setting *setting)
{
    bool stated = says(event, EVENT_CAUSED_BY);
    const struct store_incident_row row = {
        .project_id = store_integer(project_id),
        .incident_id = text_of(event, EVENT_ID),
        .source = store_text("recorded"),
        .service_id = text_of(event, EVENT_SERVICE),
        .urgency = text_of(event, EVENT_URGENCY),
        .priority = text_of(event, EVENT_PRIORITY),
        .origin = text_of(event, EVENT_ORIGIN),
        .created_ms = time_of(event, EVENT_OPENED),
        .acked_ms = time_of(event, EVENT_ACKNOWLEDGED),
        .resolved_ms = time_of(event, EVENT_RESOLVED),
        .cause = stated ? store_text("change") : text_of(event, EVENT_CAUSE),
        .caused_by = text_of(event, EVENT_CAUSED_BY),
        .updated_ms = store_integer(setting->now_s * 1000),
    };
    store_put_incident(batch, &row);
}

void event_put(struct store_batch *batch, const struct event *event, const struct project *project,
               const struct event_setting *setting)
{
    project_put(batch, project);
    if (event->kind == EVENT_BUILD)
        put_build(batch, event, project->id, setting);
    else if (event->kind == EVENT_DEPLOYMENT)
        put_deployment(batch, event, project->id, setting);
    else
        put_incident(batch, event, project->id, setting);
}

/* --- its words -------------------------------------------------------------------------------- */

static const char *details(const struct event *event, struct arena *mem)
{
    const char *commit = event->texts[EVENT_COMMIT], *region = event->texts[EVENT_REGION];
    if (event->kind == EVENT_INCIDENT)
        return says(event, EVENT_RESOLVED)       ? "resolved"
               : says(event, EVENT_ACKNOWLEDGED) ? "acknowledged"
                                                 : "opened";
    const char *of = commit == NULL ? "" : arena_printf(mem, "commit %.*s", SHORT_COMMIT, commit);
    if (event->kind == EVENT_BUILD)
        return of;
    return arena_printf(mem, "%s, %s%s%s%s%s", event->texts[EVENT_STATUS],
                        event->texts[EVENT_ENVIRONMENT], region == NULL ? "" : " ",
                        text_or_empty(region), *of == '\0' ? "" : ", ", of);
}

const char *event_text(const struct event *event, const struct project *project, struct arena *mem)
{
    enum event_field name = event->kind == EVENT_INCIDENT ? EVENT_ID : EVENT_VERSION;
    bool named = says(event, name);
    return arena_printf(mem, "%s%s%s of %s%s%s: %s", event_kind_names[event->kind],
                        named ? " " : "", text_or_empty(event->texts[name]),
                        event->texts[EVENT_SERVICE], project->id == 0 ? "" : " in ",
                        project->id == 0 ? "" : project->path, details(event, mem));
}
