#include "runner/history/smart.h"

#include <git2/sys/transport.h>
#include <string.h>

#include "gates/base/array.h"

/* What libgit2 calls a subtransport, and one request of it. */
struct exchange {
    git_smart_subtransport_stream base; /* first: libgit2 knows no more of it */
    struct smart *smart;
    const char *url; /* of the repository */
    bool listing;    /* its references; otherwise what lies behind them */
    bool sent;
    struct ARRAY(char) body;
};

struct carrier {
    git_smart_subtransport base; /* first, as well */
    struct smart *smart;
};

static int failed(const struct smart *smart)
{
    git_error_set_str(GIT_ERROR_NET, smart->err.what);
    return -1;
}

/* --- one request ------------------------------------------------------------------------------ */

static void say_unauthorized(struct smart *smart, int status)
{
    if (smart->token == NULL) {
        error_set(&smart->err, FAULT_REMOTE, "it wants a token (%d), and none is named", status);
        error_hint(&smart->err, "name the variable that holds one as `token_env`");
        return;
    }
    error_set(&smart->err, FAULT_REMOTE, "it does not take the token of %s (%d)",
              smart->token->origin, status);
    error_hint(&smart->err, "the token needs leave to read the repository (read_repository)");
}

static bool is_answer(struct exchange *exchange, int status)
{
    struct smart *smart = exchange->smart;
    const char *type = exchange->listing ? "application/x-git-upload-pack-advertisement"
                                         : "application/x-git-upload-pack-result";
    if (status == 200 && stream_has_type(smart->stream, type))
        return true;
    if (status == 401 || status == 403)
        say_unauthorized(smart, status);
    else if (status == 404) {
        error_set(&smart->err, FAULT_REMOTE, "there is no such repository (404)");
        error_hint(&smart->err, "or the token may not see it");
    } else if (status >= 300 && status < 400) {
        error_set(&smart->err, FAULT_REMOTE, "it leads to another address (%d)", status);
        error_hint(&smart->err, "write the address it leads to, often the same with `.git` behind: "
                                "no token follows a redirect");
    } else if (status != 200)
        error_set(&smart->err, FAULT_REMOTE, "it answers with status %d", status);
    else
        error_set(&smart->err, FAULT_REMOTE, "what answers is no git server");
    return false;
}

static bool send_it(struct exchange *exchange)
{
    struct smart *smart = exchange->smart;
    int status;
    const char *behind =
        exchange->listing ? "info/refs?service=git-upload-pack" : "git-upload-pack";
    size_t len = strlen(exchange->url);
    const char *slash = len > 0 && exchange->url[len - 1] == '/' ? "" : "/";
    const char *origin = smart->token == NULL ? "" : smart->token->origin;
    const struct stream_request request = {
        .url = arena_printf(smart->mem, "%s%s%s", exchange->url, slash, behind),
        .user = strcmp(origin, "CI_JOB_TOKEN") == 0 ? "gitlab-ci-token" : "oauth2",
        .token = smart->token,
        .accept = exchange->listing ? "*/*" : "application/x-git-upload-pack-result",
        .type = exchange->listing ? NULL : "application/x-git-upload-pack-request",
        .body = exchange->body.items,
        .len = exchange->body.count,
        .silence_s = smart->silence_s,
        .most_s = smart->most_s,
    };
    exchange->sent = true;
    return stream_send(smart->stream, &request, &status, &smart->err) &&
           is_answer(exchange, status);
}

static int on_read(git_smart_subtransport_stream *base, char *buffer, size_t size, size_t *got)
{
    struct exchange *exchange = (struct exchange *)base;
    struct smart *smart = exchange->smart;
    if ((!exchange->sent && !send_it(exchange)) ||
        !stream_read(smart->stream, buffer, size, got, &smart->err))
        return failed(smart);
    return 0;
}

/* Sent as one when the answer is wanted. */
static int on_write(git_smart_subtransport_stream *base, const char *buffer, size_t len)
{
    struct exchange *exchange = (struct exchange *)base;
    size_t count = exchange->body.count, room = (count + len) * 2;
    if (count + len > exchange->body.room) {
        exchange->body.items =
            arena_grow(exchange->smart->mem, exchange->body.items, exchange->body.room, room);
        exchange->body.room = room;
    }
    memcpy(exchange->body.items + count, buffer, len);
    exchange->body.count = count + len;
    return 0;
}

static void on_free_stream(git_smart_subtransport_stream *base)
{
    (void)base; /* of the arena */
}

/* --- what libgit2 asks for -------------------------------------------------------------------- */

static int on_action(git_smart_subtransport_stream **out, git_smart_subtransport *base,
                     const char *url, git_smart_service_t action)
{
    struct carrier *carrier = (struct carrier *)base;
    struct exchange *exchange = arena_new_item(carrier->smart->mem, struct exchange);
    if (action != GIT_SERVICE_UPLOADPACK_LS && action != GIT_SERVICE_UPLOADPACK) {
        error_set(&carrier->smart->err, FAULT_SYSTEM, "nothing is ever pushed");
        return failed(carrier->smart);
    }
    *exchange = (struct exchange){
        .base = {base, on_read, on_write, on_free_stream},
        .smart = carrier->smart,
        .url = arena_printf(carrier->smart->mem, "%s", url),
        .listing = action == GIT_SERVICE_UPLOADPACK_LS,
    };
    *out = &exchange->base;
    return 0;
}

static int on_close(git_smart_subtransport *base)
{
    (void)base; /* the connection is kept */
    return 0;
}

static void on_free(git_smart_subtransport *base)
{
    (void)base; /* of the arena */
}

static int new_carrier(git_smart_subtransport **out, git_transport *owner, void *payload)
{
    struct smart *smart = payload;
    struct carrier *carrier = arena_new_item(smart->mem, struct carrier);
    (void)owner;
    *carrier = (struct carrier){{on_action, on_close, on_free}, smart};
    *out = &carrier->base;
    return 0;
}

int smart_transport(git_transport **transport, git_remote *owner, void *smart)
{
    git_smart_subtransport_definition definition = {new_carrier, .rpc = 1, .param = smart};
    return git_transport_smart(transport, owner, &definition);
}
