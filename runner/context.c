#include "runner/context.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "gates/base/number.h"
#include "gates/base/text.h"

enum { JOB_LOG_COLUMNS = 100, TERMINAL_COLUMNS = 80, SECONDS_A_DAY = 86400 };

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

const char *context_variable(const char *name)
{
    const char *value = variable(name);
    return *value == '\0' ? NULL : value;
}

/* The locale by its variables, not by setlocale(): nothing else may come to depend on it. */
static bool locale_is_utf8(bool otherwise)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = variable(names[i]);
        if (*value == '\0')
            continue;
        const char *charset = strchr(value, '.');
        size_t len = charset == NULL ? 0 : strcspn(++charset, "@");
        return charset != NULL &&
               (text_is_nocase(charset, len, "UTF-8") || text_is_nocase(charset, len, "UTF8"));
    }
    return otherwise;
}

static int terminal_columns(void)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *columns = variable("COLUMNS");
    uint64_t count;
    bool sane =
        number_parse_count(columns, strlen(columns), &count) && count >= 20 && count <= 1000;
    return sane ? (int)count : TERMINAL_COLUMNS;
}

static bool read_clock(struct context *context, struct error *err)
{
    const char *epoch = variable("SOURCE_DATE_EPOCH");
    uint64_t seconds;
    if (*epoch == '\0') {
        context->now_s = (int64_t)time(NULL);
        return true;
    }
    if (!number_parse_count(epoch, strlen(epoch), &seconds) || seconds > UINT64_C(253402300799)) {
        error_set(err, FAULT_USAGE, "SOURCE_DATE_EPOCH is not a number of seconds: \"%s\"", epoch);
        return error_hint(err,
                          "unset it, or set it to the commit's time: git log -1 --format=%%ct");
    }
    context->now_s = (int64_t)seconds;
    context->still = true;
    return true;
}

static struct ci read_ci(void)
{
    return (struct ci){
        .merge_request = context_variable("CI_MERGE_REQUEST_IID"),
        .open_requests = context_variable("CI_OPEN_MERGE_REQUESTS"),
        .event = context_variable("CI_MERGE_REQUEST_EVENT_TYPE"),
        .diff_base = context_variable("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
        .target_branch = context_variable("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
        .target_commit = context_variable("CI_MERGE_REQUEST_TARGET_BRANCH_SHA"),
        .source_commit = context_variable("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"),
        .branch = context_variable("CI_COMMIT_BRANCH"),
        .tag = context_variable("CI_COMMIT_TAG"),
        .default_branch = context_variable("CI_DEFAULT_BRANCH"),
        .config_path = context_variable("CI_CONFIG_PATH"),
        .project = context_variable("CI_PROJECT_ID"),
        .project_path = context_variable("CI_PROJECT_PATH"),
        .commit = context_variable("CI_COMMIT_SHA"),
        .ref = context_variable("CI_COMMIT_REF_NAME"),
        .environment = context_variable("CI_ENVIRONMENT_NAME"),
        .request_project = context_variable("CI_MERGE_REQUEST_PROJECT_ID"),
        .pipeline = context_variable("CI_PIPELINE_ID"),
        .pipeline_created = context_variable("CI_PIPELINE_CREATED_AT"),
        .job = context_variable("CI_JOB_ID"),
        .job_name = context_variable("CI_JOB_NAME"),
        .job_url = context_variable("CI_JOB_URL"),
        .job_started = context_variable("CI_JOB_STARTED_AT"),
        .job_status = context_variable("CI_JOB_STATUS"),
        .server = context_variable("CI_SERVER_URL"),
    };
}

static struct gitlab_access read_access(void)
{
    return (struct gitlab_access){
        .api = context_variable("CI_API_V4_URL"),
        .token = context_variable("QGATE_GITLAB_TOKEN"),
        .token_file = context_variable("QGATE_GITLAB_TOKEN_FILE"),
        .job_token = context_variable("CI_JOB_TOKEN"),
        .ca_file = context_variable("CI_SERVER_TLS_CA_FILE"),
    };
}

bool context_read(struct context *context, struct arena *run, struct error *err)
{
    bool terminal = isatty(STDOUT_FILENO) == 1;
    bool gitlab = strcmp(variable("GITLAB_CI"), "true") == 0;
    *context = (struct context){
        .run = run,
        .in_ci = *variable("CI") != '\0',
        .ci = gitlab ? read_ci() : (struct ci){0},
        .gitlab_access = read_access(),
        .network_spent_ms = arena_new_item(run, int64_t),
        .debug = strcmp(variable("QGATE_DEBUG"), "1") == 0,
        .gitlab = gitlab,
        .no_color = *variable("NO_COLOR") != '\0',
        .utf8 = locale_is_utf8(gitlab), /* job containers often set no locale; the log is UTF-8 */
        .out_terminal = terminal || gitlab,
        .err_terminal = isatty(STDERR_FILENO) == 1,
        .floor = context_variable("QGATE_FLOOR"),
        .waivers = context_variable("QGATE_WAIVERS"),
        .site_directory = context_variable("QGATE_SITE_DIR"),
        .store = context_variable("QGATE_STORE"),
        .people_key = context_variable("QGATE_PEOPLE_KEY"),
        .people_key_file = context_variable("QGATE_PEOPLE_KEY_FILE"),
        .columns = terminal && !gitlab ? terminal_columns() : JOB_LOG_COLUMNS,
    };
    return read_clock(context, err);
}

int64_t context_clock_ms(const struct context *context)
{
    struct timespec now;
    if (context->still || clock_gettime(CLOCK_REALTIME, &now) != 0)
        return context->now_s * 1000;
    int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    return now_ms < context->now_s * 1000 ? context->now_s * 1000 : now_ms;
}

int32_t context_today(const struct context *context)
{
    return (int32_t)(context->now_s / SECONDS_A_DAY);
}
