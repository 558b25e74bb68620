/* One request to a service and its answer. Who carries it is a small struct, so that a test hands
 * in its own; curl.c has the real one.
 *
 * A request goes to the host that the caller names and nowhere else: no redirect is followed, no
 * cookie, no .netrc, no other protocol; https, and http only to loopback or where no token is sent.
 * Answers are bounded and are text of somebody else.
 */
#ifndef RUNNER_HTTP_TRANSPORT_H
#define RUNNER_HTTP_TRANSPORT_H

#include <stdint.h>

#include "gates/base/arena.h"
#include "runner/http/token.h"

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE };

const char *http_method_name(enum http_method method); /* "GET" */

struct http_request {
    enum http_method method;
    const char *url;           /* whole, without user and password */
    const struct token *token; /* NULL: none is sent */
    const char *body;          /* JSON; NULL: none */
};

struct http_answer {
    int status;       /* 100 to 599 */
    const char *body; /* NUL-terminated; "" when there is none */
    size_t len;
    int64_t retry_after_s; /* Retry-After; -1: not said */
    int64_t remaining; /* RateLimit-Remaining: requests until that limit is reached; -1: not said */
    int64_t reset_s;   /* RateLimit-Reset: when it is lifted, seconds since 1970; -1: not said */
    uint64_t next_page; /* X-Next-Page; 0: there is none */
};

/* What became of a request without an answer matters to whoever would send it again. */
enum http_fate {
    HTTP_ANSWERED,
    HTTP_NOT_SENT, /* it cannot have arrived: no such host, connection refused, not trusted; err */
    HTTP_LOST,     /* it may have arrived: the connection broke, time ran out; err */
    HTTP_REFUSED,  /* never to be sent, or its answer not to be taken: unsafe, too large; err */
};

struct transport {
    /* `most_ms`: how long it may take in all. `answer` is as http_answer_begin() leaves it. */
    enum http_fate (*send)(void *handle, const struct http_request *request, int64_t most_ms,
                           struct arena *mem, struct http_answer *answer, struct error *err);
    void *handle;
};

/* Before the first line of an answer's head. */
void http_answer_begin(struct http_answer *answer);

/* One line of it, not NUL-terminated: taken when it is one of those above. */
void http_answer_header(struct http_answer *answer, const char *line, size_t len);

#endif
