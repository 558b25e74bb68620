/* What is left of a run's time for the network when GitLab stops answering while threads are
 * opened. */
#include <stdio.h>
#include <string.h>

#include "runner/publish/publish.h"
#include "tests/support/test.h"

#define HEAD "1111111111111111111111111111111111111111"
#define BASE "2222222222222222222222222222222222222222"

/* A GitLab whose listings hang from the first thread until the note. */
struct service {
    int64_t now_ms;
    bool hangs;
    unsigned threads, notes, statuses;
};

static int64_t now_ms(void *handle)
{
    return ((struct service *)handle)->now_ms;
}

static int64_t now_s(void *handle)
{
    return ((struct service *)handle)->now_ms / 1000;
}

static void sleep_ms(void *handle, int64_t ms)
{
    ((struct service *)handle)->now_ms += ms;
}

static uint32_t chance(void *handle)
{
    (void)handle;
    return 0;
}

static const char *answer_to(const char *url)
{
    static const struct {
        const char *end, *body;
    } answers[] = {
        {"/user", "{\"id\": 7, \"username\": \"bot\"}"},
        {"/merge_requests/1",
         "{\"sha\": \"" HEAD "\", \"target_branch\": \"main\", \"state\": \"opened\"}"},
        {"/diffs?per_page=100&page=1", "[{\"old_path\": \"a.c\", \"new_path\": \"a.c\", "
                                       "\"diff\": \"@@ -0,0 +1,2 @@\\n+a\\n+b\\n\"}]"},
        {"/versions?per_page=1",
         "[{\"base_commit_sha\": \"" BASE "\", \"start_commit_sha\": \"" BASE
         "\", \"head_commit_sha\": \"" HEAD "\"}]"},
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        size_t len = strlen(url), size = strlen(answers[i].end);
        if (len >= size && strcmp(url + len - size, answers[i].end) == 0)
            return answers[i].body;
    }
    return "[]";
}

static enum http_fate answer(void *handle, const struct http_request *request, int64_t most_ms,
                             struct arena *mem, struct http_answer *answer, struct error *err)
{
    struct service *service = handle;
    (void)mem;
    bool posts = request->method == HTTP_POST, listing = strstr(request->url, "/discussions");
    service->threads += posts && listing;
    service->notes += posts && strstr(request->url, "/notes") != NULL;
    service->statuses += posts && strstr(request->url, "/statuses/") != NULL;
    service->hangs = (service->hangs || service->threads > 0) && service->notes == 0;
    if (service->hangs && listing) {
        service->now_ms += most_ms;
        error_set(err, FAULT_REMOTE, "no answer");
        return HTTP_LOST;
    }
    answer->status = posts ? 201 : 200;
    answer->body = answer_to(request->url);
    answer->len = strlen(answer->body);
    return HTTP_ANSWERED;
}

static void test_threads_leave_time_for_the_note(void **state)
{
    (void)state;
    AUTO(close_arena) struct arena *mem = arena_new();
    struct service service = {0};
    struct http http;
    int64_t spent_ms = 0;
    struct gitlab gitlab = {
        .http = &http, .api = "http://127.0.0.1/api/v4", .project = "1", .merge_request = 1};
    const struct finding finding = {.family = FAMILY_COVERAGE,
                                    .path = "a.c",
                                    .line = 1,
                                    .last_line = 2,
                                    .fingerprint = "0123456789abcdef0123456789abcdef"};
    const struct rule rule = {.text = "new(coverage.lines) >= 90%", .function = FUNCTION_NEW};
    const struct gate gate = {.name = "unit", .stage = "build"};
    struct ruling ruling = {
        .rule = &rule, .outcome = OUTCOME_FAILED, .reason = "", .to_pass = "", .value.why = ""};
    struct gate_ruling judged = {.gate = &gate, .outcome = OUTCOME_FAILED};
    struct verdict verdict = {.outcome = OUTCOME_FAILED, .reason = ""};
    const struct policy policy = {.path = ".qgate.yml"};
    const struct evidence evidence = {0};
    struct view view = {.verdict = &verdict,
                        .policy = &policy,
                        .evidence = &evidence,
                        .policy_origin = "",
                        .policy_from = "",
                        .policy_commit = "",
                        .commit = HEAD,
                        .source_commit = HEAD,
                        .stage = "build",
                        .job_url = ""};
    struct publication publication = {.gitlab = &gitlab,
                                      .wanted = {.max_threads = 1, .status = true}};
    struct error err = {0};
    array_push(mem, &ruling.details,
               ((struct detail){.finding = &finding, .subject = "a.c", .text = ""}));
    array_push(mem, &judged.rulings, ruling);
    array_push(mem, &verdict.gates, judged);
    array_push(mem, &publication.views, &view);
    http_begin(&http, (struct transport){answer, &service},
               (struct http_clock){now_ms, now_s, sleep_ms, chance, &service}, &spent_ms);
    assert_false(publish(&publication, &err));
    assert_string_equal(err.what, "no answer");
    assert_int_equal(service.threads, 1); /* lost, and could not be looked for: not sent again */
    assert_int_equal(service.notes, 1);
    assert_int_equal(service.statuses, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_leave_time_for_the_note),
    };
    return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
