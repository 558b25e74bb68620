#include "runner/http/stream.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "runner/http/address.h"
#include "runner/log.h"

enum { WAIT_MS = 1000, TYPE_BYTES = 96 };

struct stream {
    struct network network;
    CURLM *multi; /* NULL: not started, as is `curl` */
    CURL *curl;
    struct curl_slist *headers;
    bool under_way; /* `curl` is in `multi` */
    bool over;
    CURLcode code; /* when it is over */
    char *held;    /* what came and was not read yet: one piece, as libcurl hands it over */
    size_t at, len;
};

struct stream *stream_open(const struct network *network, struct arena *mem)
{
    struct stream *stream = arena_new_item(mem, struct stream);
    stream->network = *network;
    return stream;
}

static void end(struct stream *stream)
{
    if (stream->under_way)
        curl_multi_remove_handle(stream->multi, stream->curl);
    curl_slist_free_all(stream->headers);
    stream->headers = NULL;
    stream->under_way = stream->over = false;
    stream->at = stream->len = 0;
}

void close_stream(struct stream **stream)
{
    struct stream *it = *stream;
    if (it == NULL || it->curl == NULL)
        return;
    end(it);
    curl_easy_cleanup(it->curl);
    curl_multi_cleanup(it->multi);
    curl_global_cleanup();
    free(it->held);
    it->curl = NULL;
}

static bool start(struct stream *stream, struct error *err)
{
    if (stream->curl != NULL)
        return true;
    stream->held = malloc(CURL_MAX_WRITE_SIZE);
    if (stream->held == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(err, FAULT_SYSTEM, "libcurl cannot be started");
    stream->multi = curl_multi_init();
    stream->curl = curl_easy_init();
    return (stream->multi != NULL && stream->curl != NULL) ||
           error_set(err, FAULT_SYSTEM, "libcurl cannot be started");
}

/* One piece at a time: the rest waits on the connection until that was read. */
static size_t take_body(char *data, size_t size, size_t count, void *handle)
{
    struct stream *stream = handle;
    size_t len = size * count;
    if (stream->at < stream->len)
        return CURL_WRITEFUNC_PAUSE;
    if (len > CURL_MAX_WRITE_SIZE)
        return 0;
    memcpy(stream->held, data, len);
    stream->at = 0;
    stream->len = len;
    return len;
}

static void add_header(struct stream *stream, const char *name, const char *value)
{
    char line[256];
    snprintf(line, sizeof line, "%s: %s", name, value);
    stream->headers = curl_slist_append(stream->headers, line);
}

static void set_request(struct stream *stream, const struct stream_request *request)
{
    CURL *curl = stream->curl;
    address_prepare(curl, &stream->network, request->url, true);
    add_header(stream, "Accept", request->accept);
    if (request->type != NULL) {
        add_header(stream, "Content-Type", request->type);
        add_header(stream, "Expect", ""); /* one round trip less */
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    }
    if (request->token != NULL) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(curl, CURLOPT_USERNAME, request->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, request->token->secret);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, stream->headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, stream);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)request->silence_s);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)request->most_s);
}

/* Until something can be read, or there is nothing more. */
static bool advance(struct stream *stream, struct error *err)
{
    while (!stream->over && stream->at == stream->len) {
        int running, left;
        CURLMsg *message;
        if (curl_multi_perform(stream->multi, &running) != CURLM_OK)
            return error_set(err, FAULT_SYSTEM, "libcurl cannot go on");
        while ((message = curl_multi_info_read(stream->multi, &left)) != NULL)
            if (message->msg == CURLMSG_DONE) {
                stream->over = true;
                stream->code = message->data.result;
            }
        if (!stream->over && stream->at == stream->len)
            curl_multi_poll(stream->multi, NULL, 0, WAIT_MS, NULL);
    }
    if (!stream->over || stream->code == CURLE_OK)
        return true;
    address_say(stream->code, &stream->network, err);
    return false;
}

static void trace(const struct stream *stream, const struct stream_request *request, long status)
{
    if (stream->network.trace)
        log_message("%s %s%s%s: %ld", request->type == NULL ? "GET" : "POST", request->url,
                    request->token == NULL ? "" : " with the token of ",
                    request->token == NULL ? "" : request->token->origin, status);
}

bool stream_send(struct stream *stream, const struct stream_request *request, int *status,
                 struct error *err)
{
    long number = 0;
    if (!address_check(request->url, "numbers would be drawn from what comes", err) ||
        !start(stream, err))
        return false;
    end(stream);
    set_request(stream, request);
    stream->under_way = curl_multi_add_handle(stream->multi, stream->curl) == CURLM_OK;
    if (!stream->under_way)
        return error_set(err, FAULT_SYSTEM, "libcurl cannot go on");
    bool answered = advance(stream, err);
    curl_easy_getinfo(stream->curl, CURLINFO_RESPONSE_CODE, &number);
    trace(stream, request, number);
    *status = (int)number;
    return answered;
}

bool stream_has_type(const struct stream *stream, const char *type)
{
    const char *said = NULL;
    curl_easy_getinfo(stream->curl, CURLINFO_CONTENT_TYPE, &said);
    size_t len = strlen(type);
    return said != NULL && strncasecmp(said, type, len) == 0 &&
           (said[len] == '\0' || said[len] == ';' || said[len] == ' ');
}

bool stream_read(struct stream *stream, char *to, size_t size, size_t *got, struct error *err)
{
    *got = 0;
    if (stream->at == stream->len && stream->under_way && !stream->over)
        curl_easy_pause(stream->curl, CURLPAUSE_CONT);
    if (stream->at == stream->len && !advance(stream, err))
        return false;
    *got = stream->len - stream->at < size ? stream->len - stream->at : size;
    if (*got > 0)
        memcpy(to, stream->held + stream->at, *got);
    stream->at += *got;
    return true;
}
