#include "runner/http/curl.h"

#include <stdlib.h>
#include <string.h>

#include "gates/base/limits.h"
#include "runner/http/address.h"
#include "runner/log.h"

enum {
    MOST_BYTES = LIMIT_ANSWER_MIB << 20,
    ROOM_FIRST = 16384,
};

struct wire {
    struct network network;
    CURL *curl; /* NULL: not started */
};

/* An answer on its way in. */
struct arrival {
    struct http_answer *answer;
    char *body; /* malloc'd while it grows */
    size_t len, room;
    bool too_large;
};

struct wire *wire_open(const struct network *network, struct arena *mem)
{
    struct wire *wire = arena_new_item(mem, struct wire);
    wire->network = *network;
    return wire;
}

void close_wire(struct wire **wire)
{
    if (*wire == NULL || (*wire)->curl == NULL)
        return;
    curl_easy_cleanup((*wire)->curl);
    curl_global_cleanup();
    (*wire)->curl = NULL;
}

static size_t take_body(char *data, size_t size, size_t count, void *handle)
{
    struct arrival *arrival = handle;
    size_t more = size * count;
    if (arrival->len + more > MOST_BYTES) {
        arrival->too_large = true;
        return 0;
    }
    if (arrival->len + more > arrival->room) {
        size_t room = arrival->room == 0 ? ROOM_FIRST : arrival->room;
        while (room < arrival->len + more)
            room *= 2;
        char *body = realloc(arrival->body, room);
        if (body == NULL)
            return 0;
        arrival->body = body;
        arrival->room = room;
    }
    memcpy(arrival->body + arrival->len, data, more);
    arrival->len += more;
    return more;
}

static size_t take_header(char *line, size_t size, size_t count, void *handle)
{
    struct arrival *arrival = handle;
    http_answer_header(arrival->answer, line, size * count);
    return size * count;
}

static struct curl_slist *headers_of(const struct http_request *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Accept: application/json, text/plain, */*");
    if (request->body != NULL)
        list = curl_slist_append(list, "Content-Type: application/json");
    list = curl_slist_append(list, "Expect:"); /* one round trip less */
    if (request->token == NULL)
        return list;
    char line[TOKEN_MOST + 64];
    snprintf(line, sizeof line, "%s: %s", request->token->header, request->token->secret);
    list = curl_slist_append(list, line);
    explicit_bzero(line, sizeof line);
    return list;
}

static void wipe_headers(struct curl_slist **list)
{
    for (struct curl_slist *item = *list; item != NULL; item = item->next)
        explicit_bzero(item->data, strlen(item->data));
    curl_slist_free_all(*list);
}

static bool start(struct wire *wire, struct error *err)
{
    if (wire->curl != NULL)
        return true;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
        wire->curl = curl_easy_init();
    return wire->curl != NULL || error_set(err, FAULT_SYSTEM, "libcurl cannot be started");
}

static void set_request(CURL *curl, const struct http_request *request, int64_t most_ms,
                        const struct curl_slist *headers, struct arrival *arrival)
{
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)most_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, arrival);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, arrival);
    if (request->method == HTTP_GET)
        return;
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, http_method_name(request->method));
    /* On a kept connection that breaks before an answer libcurl sends anything again by itself, a
     * POST, too, which may have been carried out. */
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, request->method == HTTP_POST ? 1L : 0L);
    if (request->body == NULL && request->method == HTTP_DELETE)
        return;
    const char *body = request->body == NULL ? "" : request->body;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
}

static enum http_fate fate_of(CURLcode code, const struct arrival *arrival)
{
    if (arrival->too_large)
        return HTTP_REFUSED;
    switch (code) {
    case CURLE_OK:
        return HTTP_ANSWERED;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR: /* also of a connection that was reset before it was safe */
        return HTTP_NOT_SENT;
    case CURLE_PEER_FAILED_VERIFICATION: /* trying again would not make it trusted */
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return HTTP_REFUSED;
    default:
        return HTTP_LOST;
    }
}

static void say_why(const struct network *network, CURLcode code, const struct arrival *arrival,
                    struct error *err)
{
    if (arrival->too_large) {
        error_set(err, FAULT_REMOTE, "the answer is larger than %d MiB", LIMIT_ANSWER_MIB);
        return;
    }
    address_say(code, network, err);
}

static void trace(const struct wire *wire, const struct http_request *request, CURLcode code,
                  const struct http_answer *answer)
{
    curl_off_t us = 0;
    if (!wire->network.trace)
        return;
    curl_easy_getinfo(wire->curl, CURLINFO_TOTAL_TIME_T, &us);
    log_message("%s %s%s%s: %d%s%s, %lld ms", http_method_name(request->method), request->url,
                request->token == NULL ? "" : " with the token of ",
                request->token == NULL ? "" : request->token->origin, answer->status,
                code == CURLE_OK ? "" : " ", code == CURLE_OK ? "" : curl_easy_strerror(code),
                (long long)us / 1000);
}

static enum http_fate perform(struct wire *wire, const struct http_request *request,
                              int64_t most_ms, struct arrival *arrival, struct error *err)
{
    AUTO(wipe_headers) struct curl_slist *headers = headers_of(request);
    long status = 0;
    address_prepare(wire->curl, &wire->network, request->url, request->token != NULL);
    set_request(wire->curl, request, most_ms, headers, arrival);
    CURLcode code = curl_easy_perform(wire->curl);
    curl_easy_getinfo(wire->curl, CURLINFO_RESPONSE_CODE, &status);
    arrival->answer->status = (int)status;
    trace(wire, request, code, arrival->answer);
    curl_easy_setopt(wire->curl, CURLOPT_HTTPHEADER, (void *)NULL); /* the list goes now */
    enum http_fate fate = fate_of(code, arrival);
    if (fate != HTTP_ANSWERED)
        say_why(&wire->network, code, arrival, err);
    return fate;
}

static enum http_fate send_over(void *handle, const struct http_request *request, int64_t most_ms,
                                struct arena *mem, struct http_answer *answer, struct error *err)
{
    struct wire *wire = handle;
    struct arrival arrival = {.answer = answer};
    const char *why_not_open = request->token == NULL ? NULL : "a token would be sent to it";
    if (!address_check(request->url, why_not_open, err) || !start(wire, err)) {
        error_at(err, request->url, 0, 0);
        return HTTP_REFUSED;
    }
    enum http_fate fate = perform(wire, request, most_ms, &arrival, err);
    if (fate != HTTP_ANSWERED)
        error_at(err, request->url, 0, 0);
    else
        answer->body = arena_copy(mem, arrival.len == 0 ? "" : arrival.body, arrival.len);
    answer->len = fate == HTTP_ANSWERED ? arrival.len : 0;
    free(arrival.body);
    return fate;
}

struct transport wire_transport(struct wire *wire)
{
    return (struct transport){send_over, wire};
}
