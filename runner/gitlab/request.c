#include "runner/gitlab/request.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

enum { A_PAGE = 100, MOST_PAGES = 100 }; /* GitLab ends a merge request near 5,000 notes itself */

const char *gitlab_encoded(const char *text, struct arena *mem)
{
    static const char hex[] = "0123456789ABCDEF";
    char *encoded = arena_alloc(mem, 3 * strlen(text) + 1), *out = encoded;
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '_' || c == '~';
        if (plain) {
            *out++ = *text;
            continue;
        }
        *out++ = '%';
        *out++ = hex[c >> 4];
        *out++ = hex[c & 15];
    }
    return encoded;
}

const char *gitlab_of_project(const struct gitlab *g, const char *rest, struct arena *mem)
{
    return arena_printf(mem, "/projects/%s%s", gitlab_encoded(g->project, mem), rest);
}

const char *gitlab_of_request(const struct gitlab *g, const char *rest, struct arena *mem)
{
    return arena_printf(mem, "%s/%llu%s", gitlab_of_project(g, "/merge_requests", mem),
                        (unsigned long long)g->merge_request, rest);
}

/* What GitLab says is wrong: {"message": …} or {"error": …}; a text, or a map of texts. */
static const char *reason_of(const struct http_answer *answer, struct arena *mem)
{
    json_auto_t *json = json_loadb(answer->body, answer->len, 0, NULL);
    const json_t *message = json_object_get(json, "message");
    if (message == NULL)
        message = json_object_get(json, "error");
    if (json_is_string(message))
        return text_keep(mem, json_string_value(message), json_string_length(message),
                         LIMIT_TEXT_BYTES);
    if (message == NULL)
        return "";
    char *text = json_dumps(message, JSON_COMPACT);
    const char *kept = text == NULL ? "" : text_keep(mem, text, strlen(text), LIMIT_TEXT_BYTES);
    free(text);
    return kept;
}

static void say_refused(const struct gitlab *g, int status, struct error *err)
{
    if (g->token == NULL) {
        error_set(err, FAULT_REMOTE, "GitLab answers %d without a token", status);
        error_hint(err, "set QGATE_GITLAB_TOKEN to a project access token");
    } else if (strcmp(g->token->header, "JOB-TOKEN") == 0) {
        error_set(err, FAULT_REMOTE, "GitLab answers %d: the job token may not do this", status);
        error_hint(err, "set QGATE_GITLAB_TOKEN to a project access token with the role Developer "
                        "and the scope api");
    } else {
        error_set(err, FAULT_REMOTE, "GitLab answers %d: the token of %s %s", status,
                  g->token->origin, status == 401 ? "is not valid" : "may not do this");
        error_hint(err, "it needs the role Developer and the scope api (Settings > Access tokens)");
    }
}

static enum gitlab_result result_of(const struct gitlab *g, const struct http_answer *answer,
                                    struct arena *mem, struct error *err)
{
    if (answer->status >= 200 && answer->status < 300)
        return GITLAB_DONE;
    const char *reason = reason_of(answer, mem), *colon = *reason == '\0' ? "" : ": ";
    switch (answer->status) {
    case 401:
    case 403:
        say_refused(g, answer->status, err);
        return GITLAB_REFUSED;
    case 404:
        error_set(err, FAULT_REMOTE, "GitLab answers 404%s%s", colon, reason);
        error_hint(err, "it is not there, or the token may not see it");
        return GITLAB_NOT_THERE;
    case 400:
    case 409:
    case 422:
        error_set(err, FAULT_REMOTE, "GitLab declines it (%d)%s%s", answer->status, colon, reason);
        return GITLAB_DECLINED;
    default:
        error_set(err, FAULT_REMOTE, "GitLab answers %d%s%s", answer->status, colon, reason);
        if (answer->status >= 300 && answer->status < 400)
            error_hint(err, "redirects are not followed: name the address that GitLab has now");
        return GITLAB_FAILURE;
    }
}

enum gitlab_result gitlab_send(struct gitlab *g, enum http_method method, const char *path,
                               json_t *body, struct arena *mem, struct http_answer *answer,
                               struct error *err)
{
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT | JSON_REAL_PRECISION(15));
    struct http_request request = {
        .method = method,
        .url = arena_printf(mem, "%s%s", g->api, path),
        .token = g->token,
        .body = text,
    };
    enum gitlab_result result = GITLAB_FAILURE;
    if (body != NULL && text == NULL)
        error_set(err, FAULT_SYSTEM, "the request cannot be written as JSON");
    else
        switch (http_send(g->http, &request, mem, answer, err)) {
        case HTTP_ANSWERED:
            result = result_of(g, answer, mem, err);
            break;
        case HTTP_LOST:
            result = method == HTTP_POST ? GITLAB_LOST : GITLAB_FAILURE;
            break;
        default:
            break;
        }
    if (result != GITLAB_DONE)
        error_at(err, request.url, 0, 0);
    free(text);
    json_decref(body);
    return result;
}

enum gitlab_result gitlab_get(struct gitlab *g, const char *path, struct arena *mem, json_t **json,
                              struct http_answer *answer, struct error *err)
{
    enum gitlab_result result = gitlab_send(g, HTTP_GET, path, NULL, mem, answer, err);
    if (result != GITLAB_DONE)
        return result;
    *json = json_loadb(answer->body, answer->len, JSON_REJECT_DUPLICATES, NULL);
    return *json != NULL ? GITLAB_DONE : gitlab_odd("is not JSON", err);
}

/* One page; *more: the number of the next one, 0: there is none, or no more is wanted. */
static enum gitlab_result take_page(struct gitlab *g, const char *path, gitlab_row *take,
                                    void *state, struct arena *mem, uint64_t *more,
                                    struct error *err)
{
    json_auto_t *json = NULL;
    struct http_answer answer;
    const char *page =
        arena_printf(mem, "%s%cper_page=%d&page=%llu", path, strchr(path, '?') == NULL ? '?' : '&',
                     A_PAGE, (unsigned long long)*more);
    enum gitlab_result result = gitlab_get(g, page, mem, &json, &answer, err);
    if (result != GITLAB_DONE)
        return result;
    if (!json_is_array(json))
        return gitlab_odd("is no list", err);
    *more = answer.next_page;
    for (size_t i = 0; i < json_array_size(json); i++)
        if (!take(json_array_get(json, i), state, mem)) {
            *more = 0;
            break;
        }
    return GITLAB_DONE;
}

enum gitlab_result gitlab_list(struct gitlab *g, const char *path, gitlab_row *take, void *state,
                               struct arena *mem, struct error *err)
{
    uint64_t more = 1;
    for (unsigned pages = 0; more != 0; pages++) {
        if (pages == MOST_PAGES) {
            error_set(err, FAULT_REMOTE, "GitLab's list has more than %d entries",
                      A_PAGE * MOST_PAGES);
            return GITLAB_FAILURE;
        }
        enum gitlab_result result = take_page(g, path, take, state, mem, &more, err);
        if (result != GITLAB_DONE)
            return result;
    }
    return GITLAB_DONE;
}

enum gitlab_result gitlab_bytes(struct gitlab *g, const char *path, struct arena *mem,
                                const char **text, size_t *len, struct error *err)
{
    struct http_answer answer;
    enum gitlab_result result = gitlab_send(g, HTTP_GET, path, NULL, mem, &answer, err);
    *text = result == GITLAB_DONE ? answer.body : NULL;
    *len = result == GITLAB_DONE ? answer.len : 0;
    return result;
}

enum gitlab_result gitlab_odd(const char *what, struct error *err)
{
    error_set(err, FAULT_REMOTE, "GitLab's answer %s", what);
    error_hint(err, "is the address that of a GitLab, and nothing in between that asks to log in?");
    return GITLAB_FAILURE;
}

const char *gitlab_text(const json_t *object, const char *key, struct arena *mem)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value)
               ? arena_copy(mem, json_string_value(value), json_string_length(value))
               : NULL;
}

uint64_t gitlab_number(const json_t *object, const char *key)
{
    json_int_t number = json_integer_value(json_object_get(object, key));
    return number > 0 ? (uint64_t)number : 0;
}

const char *gitlab_sha(const json_t *object, const char *key, struct arena *mem)
{
    const char *text = gitlab_text(object, key, mem);
    size_t len = text == NULL ? 0 : strlen(text);
    return (len == 40 || len == 64) && strspn(text, "0123456789abcdef") == len ? text : NULL;
}
