#include "runner/gitlab/connect.h"

#include <stdio.h>
#include <string.h>

#include "gates/base/number.h"
#include "runner/log.h"

static const char *project_of(const struct context *context, const struct connect_wanted *wanted)
{
    if (wanted->project != NULL)
        return wanted->project;
    return context->ci.request_project != NULL ? context->ci.request_project : context->ci.project;
}

static const char *request_of(const struct context *context, const struct connect_wanted *wanted)
{
    return wanted->merge_request != NULL ? wanted->merge_request : context->ci.merge_request;
}

const char *connect_why_not(const struct context *context, const struct connect_wanted *wanted,
                            struct arena *mem)
{
    const struct gitlab_access *access = &context->gitlab_access;
    if (!wanted->reading && request_of(context, wanted) == NULL)
        return "this is no merge request";
    if ((wanted->server == NULL && access->api == NULL) || project_of(context, wanted) == NULL)
        return "neither --server and --project nor CI_API_V4_URL say where";
    if (wanted->reading && access->job_token != NULL)
        return NULL;
    if (access->token == NULL && access->token_file == NULL)
        return arena_printf(mem,
                            "there is no token%s: set QGATE_GITLAB_TOKEN to a project access "
                            "token with the role Developer and the scope api",
                            access->job_token ? " but the job's, which may not write notes" : "");
    return NULL;
}

bool connect_may_read(const struct context *context, struct arena *mem)
{
    const struct connect_wanted reading = {.reading = true};
    return context->ci.merge_request != NULL && context->ci.target_branch != NULL &&
           connect_why_not(context, &reading, mem) == NULL;
}

/* Writes are printed and said to be done; what reads goes through. */
static enum http_fate send_dry(void *handle, const struct http_request *request, int64_t most_ms,
                               struct arena *mem, struct http_answer *answer, struct error *err)
{
    struct connection *connection = handle;
    if (request->method == HTTP_GET)
        return connection->under.send(connection->under.handle, request, most_ms, mem, answer, err);
    printf("%s %s\n", http_method_name(request->method), request->url);
    if (request->body != NULL)
        printf("%s\n", request->body);
    answer->status = 200;
    return HTTP_ANSWERED;
}

static bool take_token(struct token *token, const struct gitlab_access *access, struct error *err)
{
    token->header = "PRIVATE-TOKEN";
    token->origin = "QGATE_GITLAB_TOKEN";
    if (access->token != NULL)
        return token_set(token, access->token, err);
    token->origin = "QGATE_GITLAB_TOKEN_FILE";
    if (access->token_file != NULL)
        return token_read(token, access->token_file, err);
    token->header = "JOB-TOKEN"; /* for reading only: connect_why_not() saw to that */
    token->origin = "CI_JOB_TOKEN";
    return token_set(token, access->job_token, err);
}

static bool take_request(const char *text, uint64_t *number, struct error *err)
{
    if (number_parse_count(text, strlen(text), number) && *number > 0)
        return true;
    error_set(err, FAULT_USAGE, "not the number of a merge request: \"%s\"", text);
    return error_hint(err, "it is the number behind the exclamation mark: !12 is 12");
}

/* "https://gitlab.example/" and its API */
static const char *api_of(const char *server, struct arena *mem)
{
    size_t len = strlen(server);
    while (len > 0 && server[len - 1] == '/')
        len--;
    return arena_printf(mem, "%.*s/api/v4", (int)len, server);
}

bool connect_open(struct connection *connection, const struct context *context,
                  const struct connect_wanted *wanted, struct arena *mem, struct error *err)
{
    const struct gitlab_access *access = &context->gitlab_access;
    const bool named = wanted->server != NULL; /* then nothing of the environment bends the way */
    const struct network network = {
        .ca_file = named ? NULL : access->ca_file,
        .direct = named,
        .trace = context->debug,
    };
    *connection = (struct connection){.gitlab = {.project = project_of(context, wanted)}};
    struct gitlab *gitlab = &connection->gitlab;
    if (!take_token(&connection->token, access, err) ||
        (!wanted->reading &&
         !take_request(request_of(context, wanted), &gitlab->merge_request, err)))
        return false;
    connection->wire = wire_open(&network, mem);
    connection->under = wire_transport(connection->wire);
    http_begin(&connection->http,
               wanted->dry_run ? (struct transport){send_dry, connection} : connection->under,
               http_real_clock(), context->network_spent_ms);
    gitlab->http = &connection->http;
    gitlab->token = &connection->token;
    gitlab->api = named ? api_of(wanted->server, mem) : access->api;
    return true;
}

void close_connection(struct connection *connection)
{
    close_wire(&connection->wire);
    wipe_token(&connection->token);
}
