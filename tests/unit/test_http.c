/* Manners towards a service: what is sent again, how long is waited, when it is given up. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner/http/manners.h"
#include "tests/support/test.h"

enum { MOST_STEPS = 16 };

/* A service that answers by a script, in a world whose clock only moves when somebody sleeps. */
struct world {
    struct arena *mem;
    struct {
        enum http_fate fate;
        const char *head; /* lines of the answer's head, each ends with \n */
        int status;
        int64_t takes_ms;
    } script[MOST_STEPS];
    size_t step;
    int64_t now_ms, slept_ms, allowed_ms; /* allowed: to the last request */
    uint32_t chance;
    int64_t spent_ms;
    struct http http;
};

static enum http_fate play(void *handle, const struct http_request *request, int64_t most_ms,
                           struct arena *mem, struct http_answer *answer, struct error *err)
{
    struct world *world = handle;
    (void)mem;
    assert_true(world->step < MOST_STEPS);
    size_t at = world->step++;
    world->allowed_ms = most_ms;
    world->now_ms += world->script[at].takes_ms;
    answer->status = world->script[at].status;
    for (const char *line = world->script[at].head; line != NULL && *line != '\0';
         line = strchr(line, '\n') + 1)
        http_answer_header(answer, line, (size_t)(strchr(line, '\n') - line));
    if (world->script[at].fate != HTTP_ANSWERED) {
        error_set(err, FAULT_REMOTE, "no answer");
        error_at(err, request->url, 0, 0);
    }
    return world->script[at].fate;
}

static int64_t now_ms(void *handle)
{
    return ((struct world *)handle)->now_ms;
}

static int64_t now_s(void *handle)
{
    return 1000000 + ((struct world *)handle)->now_ms / 1000;
}

static void sleep_ms(void *handle, int64_t ms)
{
    struct world *world = handle;
    assert_true(ms >= 0);
    world->now_ms += ms;
    world->slept_ms += ms;
}

static uint32_t chance(void *handle)
{
    return ((struct world *)handle)->chance;
}

static int begin(void **state)
{
    static struct world world;
    world = (struct world){.mem = arena_new()};
    struct transport transport = {play, &world};
    struct http_clock clock = {now_ms, now_s, sleep_ms, chance, &world};
    http_begin(&world.http, transport, clock, &world.spent_ms);
    *state = &world;
    return 0;
}

static int end(void **state)
{
    arena_free(((struct world *)*state)->mem);
    return 0;
}

static enum http_fate send_one(struct world *world, enum http_method method,
                               struct http_answer *answer, struct error *err)
{
    const struct http_request request = {.method = method, .url = "https://gitlab.example/x"};
    *err = (struct error){0};
    return http_send(&world->http, &request, world->mem, answer, err);
}

static void an_answer_is_taken_at_once(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].status = 404;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(answer.status, 404);
    assert_int_equal(world->step, 1);
    assert_int_equal(world->slept_ms, 0);
    assert_int_equal(err.fault, FAULT_NONE);
}

static void what_says_not_now_is_asked_again(void **state)
{
    static const int statuses[] = {429, 502, 503, 504};
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    for (size_t i = 0; i < 4; i++)
        world->script[i].status = statuses[i];
    world->script[4].status = 200;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->step, 5);
    assert_int_equal(world->slept_ms, 500 + 1000 + 2000 + 4000); /* by the least chance */
    assert_int_equal(err.fault, FAULT_NONE);
}

static void chance_stretches_a_wait_to_twice_at_most(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].status = 503;
    world->script[1].status = 200;
    world->chance = 500;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->slept_ms, 1000);
}

static void it_is_given_up_after_five(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    for (size_t i = 0; i < MOST_STEPS; i++)
        world->script[i].status = 503;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_NOT_SENT);
    assert_int_equal(world->step, 5);
    assert_string_equal(err.what, "answered 503");
    assert_string_equal(err.where, "https://gitlab.example/x");
}

static void other_errors_of_a_server_are_answers(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].status = 500;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->step, 1);
}

static void a_post_that_may_have_arrived_is_not_repeated(void **state)
{
    static const int statuses[] = {502, 503, 504};
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    for (size_t i = 0; i < 3; i++) {
        world->script[i].status = statuses[i];
        assert_int_equal(send_one(world, HTTP_POST, &answer, &err), HTTP_LOST);
        assert_int_equal(world->step, i + 1);
    }
    world->script[3].fate = HTTP_LOST;
    assert_int_equal(send_one(world, HTTP_POST, &answer, &err), HTTP_LOST);
    assert_int_equal(world->step, 4);
    assert_string_equal(err.what, "no answer");
}

static void a_post_that_cannot_have_arrived_is_repeated(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].fate = HTTP_NOT_SENT;
    world->script[1].status = 429;
    world->script[2].status = 201;
    assert_int_equal(send_one(world, HTTP_POST, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->step, 3);
}

static void a_put_that_was_lost_is_repeated(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].fate = HTTP_LOST;
    world->script[1].status = 200;
    assert_int_equal(send_one(world, HTTP_PUT, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->step, 2);
}

static void what_is_refused_is_never_repeated(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].fate = HTTP_REFUSED;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_REFUSED);
    assert_int_equal(world->step, 1);
    assert_string_equal(err.what, "no answer");
}

static void retry_after_is_obeyed(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].status = 429;
    world->script[0].head = "Retry-After: 17\n";
    world->script[1].status = 200;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_in_range(world->slept_ms, 17000, 17500);
}

static void a_wait_longer_than_the_budget_ends_it(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].status = 429;
    world->script[0].head = "Retry-After: 3600\n";
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_NOT_SENT);
    assert_int_equal(world->slept_ms, 0);
    assert_string_equal(err.what, "answered 429");
    assert_string_equal(err.hint, "a run spends at most 120 s on the network: try again later");
}

static void a_limit_that_is_used_up_delays_the_next_request(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].status = 200;
    world->script[0].head = "RateLimit-Remaining: 0\r\nRateLimit-Reset: 1000030\r\n";
    world->script[1].status = 200;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->slept_ms, 0);
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->slept_ms, 30000);
}

static void a_limit_outlasts_the_wait_for_another_try(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].status = 429;
    world->script[0].head = "RateLimit-Remaining: 0\nRateLimit-Reset: 1000030\n";
    world->script[1].status = 200;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->slept_ms, 30000);
}

static void a_limit_with_something_left_delays_nothing(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    world->script[0].status = world->script[1].status = 200;
    world->script[0].head = "RateLimit-Remaining: 1\nRateLimit-Reset: 1000030\n";
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->slept_ms, 0);
}

static void all_requests_share_the_budget(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    for (size_t i = 0; i < 4; i++) {
        world->script[i].status = 200;
        world->script[i].takes_ms = 28000;
        assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    }
    world->script[4].status = 200;
    world->script[4].takes_ms = 8000;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->allowed_ms, 8000); /* what is left of it */
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_NOT_SENT);
    assert_int_equal(world->step, 5);
    assert_string_equal(err.what, "not sent: no time is left for the network");
}

static void connections_of_a_run_share_the_budget(void **state)
{
    struct world *world = *state;
    struct http_answer answer;
    struct error err;
    for (size_t i = 0; i < 3; i++) {
        world->script[i].status = 200;
        world->script[i].takes_ms = 28000;
        assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    }
    world->now_ms += 1000000; /* reports were read: that is no time for the network */
    http_begin(&world->http, world->http.transport, world->http.clock, &world->spent_ms);
    world->script[3].status = 429;
    world->script[3].head = "Retry-After: 20\n";
    world->script[4].status = 200;
    world->script[4].takes_ms = 16000;
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_ANSWERED);
    assert_int_equal(world->allowed_ms, 120000 - 3 * 28000 - world->slept_ms);
    assert_int_equal(send_one(world, HTTP_GET, &answer, &err), HTTP_NOT_SENT);
    assert_int_equal(world->step, 5);
}

static void headers_are_read_in_any_case_and_bounded(void **state)
{
    struct http_answer answer;
    (void)state;
    http_answer_begin(&answer);
    http_answer_header(&answer, "x-next-page: 3\r\n", 16);
    http_answer_header(&answer, "RETRY-AFTER:\t9\r\n", 16);
    assert_int_equal(answer.next_page, 3);
    assert_int_equal(answer.retry_after_s, 9);
    http_answer_header(&answer, "X-Next-Page: \r\n", 15);
    http_answer_header(&answer, "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n", 44);
    assert_int_equal(answer.next_page, 0);
    assert_int_equal(answer.retry_after_s, -1);
    http_answer_header(&answer, "Retry-After: 99999999999999999999\r\n", 35);
    assert_int_equal(answer.retry_after_s, -1);
    http_answer_header(&answer, "RateLimit-Remaining: 0\r\n", 24);
    http_answer_header(&answer, "HTTP/1.1 200 OK\r\n", 17); /* another head: the last one counts */
    assert_int_equal(answer.remaining, -1);
    http_answer_header(&answer, "", 0);
    http_answer_header(&answer, "no colon", 8);
}

static void a_token_is_one_plain_word(void **state)
{
    struct token token = {.header = "PRIVATE-TOKEN", .origin = "QGATE_GITLAB_TOKEN"};
    struct error err = {0};
    (void)state;
    assert_true(token_set(&token, " word-1\r\n", &err));
    assert_string_equal(token.secret, "word-1");
    assert_true(token_set(&token, " \n", &err));
    assert_false(token_is_there(&token));
    assert_false(token_set(&token, "a\nX-Other: b", &err));
    assert_string_equal(err.what,
                        "QGATE_GITLAB_TOKEN holds no token: it has characters that no token has");
    assert_null(strstr(err.what, "X-Other"));
    wipe_token(&token);
    assert_false(token_is_there(&token));
}

static void a_token_comes_from_a_file(void **state)
{
    struct token token = {.header = "PRIVATE-TOKEN", .origin = "QGATE_GITLAB_TOKEN_FILE"};
    char path[] = "/tmp/qgate-token-XXXXXX";
    struct error err = {0};
    int fd = mkstemp(path);
    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "from-file\n", 10), 10);
    assert_true(token_read(&token, path, &err));
    assert_string_equal(token.secret, "from-file");
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_false(token_read(&token, path, &err));
    assert_string_equal(err.what, "the file of QGATE_GITLAB_TOKEN_FILE is empty");
    close(fd);
    unlink(path);
    err = (struct error){0};
    assert_false(token_read(&token, path, &err));
    assert_string_equal(err.where, path);
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD(an_answer_is_taken_at_once),
        WORLD(what_says_not_now_is_asked_again),
        WORLD(chance_stretches_a_wait_to_twice_at_most),
        WORLD(it_is_given_up_after_five),
        WORLD(other_errors_of_a_server_are_answers),
        WORLD(a_post_that_may_have_arrived_is_not_repeated),
        WORLD(a_post_that_cannot_have_arrived_is_repeated),
        WORLD(a_put_that_was_lost_is_repeated),
        WORLD(what_is_refused_is_never_repeated),
        WORLD(retry_after_is_obeyed),
        WORLD(a_wait_longer_than_the_budget_ends_it),
        WORLD(a_limit_that_is_used_up_delays_the_next_request),
        WORLD(a_limit_with_something_left_delays_nothing),
        WORLD(all_requests_share_the_budget),
        WORLD(connections_of_a_run_share_the_budget),
        WORLD(a_limit_outlasts_the_wait_for_another_try),
        cmocka_unit_test(headers_are_read_in_any_case_and_bounded),
        cmocka_unit_test(a_token_is_one_plain_word),
        cmocka_unit_test(a_token_comes_from_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
