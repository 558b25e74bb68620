#include "runner/http/manners.h"

#include <sys/random.h>
#include <time.h>

enum {
    MOST_TRIES = 5,
    ONE_REQUEST_MS = 30000,
    FIRST_WAIT_MS = 1000,
    LONGEST_RESET_S = HTTP_BUDGET_MS / 1000, /* our clock and theirs may differ: never longer */
    TOO_MANY = 429,
};

static int64_t real_now_ms(void *handle)
{
    struct timespec now;
    (void)handle;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t real_now_s(void *handle)
{
    (void)handle;
    return (int64_t)time(NULL);
}

static void real_sleep_ms(void *handle, int64_t ms)
{
    struct timespec left = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    (void)handle;
    while (nanosleep(&left, &left) != 0)
        ;
}

static uint32_t real_chance(void *handle)
{
    uint32_t any = 0;
    (void)handle;
    return getrandom(&any, sizeof any, GRND_NONBLOCK) == sizeof any ? any : 0;
}

struct http_clock http_real_clock(void)
{
    return (struct http_clock){real_now_ms, real_now_s, real_sleep_ms, real_chance, NULL};
}

void http_begin(struct http *http, struct transport transport, struct http_clock clock,
                int64_t *spent_ms)
{
    *http = (struct http){.transport = transport, .clock = clock, .spent_ms = spent_ms};
}

static int64_t now_ms(const struct http *http)
{
    return http->clock.now_ms(http->clock.handle);
}

static int64_t left_ms(const struct http *http)
{
    return HTTP_BUDGET_MS - *http->spent_ms;
}

/* Does the status only say "not now"? */
static bool is_not_now(int status)
{
    return status == TOO_MANY || status == 502 || status == 503 || status == 504;
}

/* A request that certainly was not carried out, or does no harm when it is so twice. */
static bool may_repeat(const struct http_request *request, enum http_fate fate, int status)
{
    return request->method != HTTP_POST || fate == HTTP_NOT_SENT ||
           (fate == HTTP_ANSWERED && status == TOO_MANY);
}

/* Half of the wait is by chance. */
static int64_t wait_of(const struct http *http, const struct http_answer *answer, unsigned tries)
{
    int64_t most = (int64_t)FIRST_WAIT_MS << tries;
    int64_t wait = most / 2 + http->clock.chance(http->clock.handle) % (most / 2 + 1);
    int64_t wanted = answer->retry_after_s * 1000;
    return wanted > 0 ? wanted + wait / 4 : wait;
}

/* A wait that lasts longer stays. */
static void wait_before_next(struct http *http, int64_t ms)
{
    int64_t until = now_ms(http) + ms;
    if (http->free_ms < until)
        http->free_ms = until;
}

/* A limit that is used up: nothing is sent until it is lifted. */
static void obey_limit(struct http *http, const struct http_answer *answer)
{
    if (answer->remaining != 0 || answer->reset_s < 0)
        return;
    int64_t wait_s = answer->reset_s - http->clock.now_s(http->clock.handle);
    if (wait_s > LONGEST_RESET_S)
        wait_s = LONGEST_RESET_S;
    wait_before_next(http, wait_s * 1000);
}

/* Wait until the next request may be sent. False: the budget does not last so long. */
static bool wait_for_turn(struct http *http)
{
    int64_t wait = http->free_ms - now_ms(http);
    if (wait < 0)
        wait = 0;
    if (wait >= left_ms(http))
        return false;
    if (wait > 0)
        http->clock.sleep_ms(http->clock.handle, wait);
    *http->spent_ms += wait;
    return true;
}

static enum http_fate try(struct http *http, const struct http_request *request, struct arena *mem,
                          struct http_answer *answer, struct error *err)
{
    int64_t left = left_ms(http), begin = now_ms(http);
    http->calls++;
    http_answer_begin(answer);
    enum http_fate fate =
        http->transport.send(http->transport.handle, request,
                             left < ONE_REQUEST_MS ? left : ONE_REQUEST_MS, mem, answer, err);
    *http->spent_ms += now_ms(http) - begin;
    if (fate == HTTP_ANSWERED)
        obey_limit(http, answer);
    if (fate == HTTP_ANSWERED && is_not_now(answer->status)) {
        error_set(err, FAULT_REMOTE, "answered %d", answer->status);
        error_at(err, request->url, 0, 0);
    }
    return fate;
}

enum http_fate http_send(struct http *http, const struct http_request *request, struct arena *mem,
                         struct http_answer *answer, struct error *err)
{
    struct error last = {0};
    enum http_fate fate = HTTP_NOT_SENT;
    for (unsigned tries = 0; tries < MOST_TRIES; tries++) {
        if (!wait_for_turn(http)) {
            error_set(&last, FAULT_REMOTE, "not sent: no time is left for the network");
            error_at(&last, request->url, 0, 0);
            error_hint(&last, "a run spends at most %d s on the network: try again later",
                       HTTP_BUDGET_MS / 1000);
            break;
        }
        last = (struct error){0};
        fate = try(http, request, mem, answer, &last);
        if (fate == HTTP_REFUSED || (fate == HTTP_ANSWERED && !is_not_now(answer->status)))
            break;
        if (!may_repeat(request, fate, answer->status)) {
            fate = HTTP_LOST;
            break;
        }
        wait_before_next(http, wait_of(http, answer, tries));
    }
    bool answered = fate == HTTP_ANSWERED && !is_not_now(answer->status);
    if (!answered && err->fault == FAULT_NONE)
        *err = last;
    return answered ? HTTP_ANSWERED : fate == HTTP_ANSWERED ? HTTP_NOT_SENT : fate;
}
