/* Talking to a service politely: when a request is sent again, how long is waited, and when it is
 * given up.
 *
 * Sent again: after 429, 502, 503, 504, a time-out, a broken connection. Never again: a POST that
 * may have been carried out; its caller looks first whether it was. Waits obey Retry-After and
 * RateLimit-*, and grow with some chance in them, so that many jobs do not come back in step. All
 * requests of a run share one budget of time, whichever connection they use.
 */
#ifndef RUNNER_HTTP_MANNERS_H
#define RUNNER_HTTP_MANNERS_H

#include "runner/http/transport.h"

enum { HTTP_BUDGET_MS = 120000 };

/* The time that passes; a test hands in its own. */
struct http_clock {
    int64_t (*now_ms)(void *handle);            /* monotonic */
    int64_t (*now_s)(void *handle);             /* since 1970 */
    void (*sleep_ms)(void *handle, int64_t ms); /* 0 and more */
    uint32_t (*chance)(void *handle);           /* any number */
    void *handle;
};

struct http_clock http_real_clock(void);

struct http {
    struct transport transport;
    struct http_clock clock;
    int64_t *spent_ms; /* of the budget, by every connection of the run */
    int64_t free_ms;   /* not before this moment may the next request be sent */
    unsigned calls;    /* requests that were sent */
};

void http_begin(struct http *http, struct transport transport, struct http_clock clock,
                int64_t *spent_ms);

/* HTTP_ANSWERED: with any status but those above, which are HTTP_LOST for a POST and otherwise an
 * error once no time or patience is left. */
enum http_fate http_send(struct http *http, const struct http_request *request, struct arena *mem,
                         struct http_answer *answer, struct error *err);

#endif
