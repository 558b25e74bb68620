/* What is asked of GitLab, to the letter, and what is made of its answers. */
#include <string.h>

#include "gates/base/hash.h"
#include "runner/gitlab/gitlab.h"
#include "tests/support/test.h"

enum { MOST_STEPS = 8 };

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

/* A GitLab that answers by a script and keeps what was asked. */
struct world {
    struct arena *mem;
    struct {
        int status;
        const char *head, *body;
    } script[MOST_STEPS];
    size_t steps;
    bool endless;                  /* every answer is a page that is not the last */
    const char *asked[MOST_STEPS]; /* "GET /user {…}" */
    struct http http;
    int64_t spent_ms;
    struct token token;
    struct gitlab gitlab;
};

static enum http_fate play(void *handle, const struct http_request *request, int64_t most_ms,
                           struct arena *mem, struct http_answer *answer, struct error *err)
{
    struct world *world = handle;
    size_t at = world->steps++;
    (void)most_ms;
    (void)err;
    if (world->endless) {
        *answer = (struct http_answer){.status = 200, .body = "[]", .len = 2, .next_page = 2};
        return HTTP_ANSWERED;
    }
    assert_true(at < MOST_STEPS);
    assert_int_equal(strncmp(request->url, "https://gitlab.example/api/v4", 29), 0);
    world->asked[at] =
        arena_printf(mem, "%s %s%s%s", http_method_name(request->method), request->url + 29,
                     request->body == NULL ? "" : " ", request->body == NULL ? "" : request->body);
    answer->status = world->script[at].status;
    if (world->script[at].head != NULL)
        http_answer_header(answer, world->script[at].head, strlen(world->script[at].head));
    answer->body = world->script[at].body == NULL ? "" : world->script[at].body;
    answer->len = strlen(answer->body);
    return HTTP_ANSWERED;
}

static int64_t no_time(void *handle)
{
    (void)handle;
    return 0;
}

static int begin(void **state)
{
    static struct world world;
    world = (struct world){.mem = arena_new()};
    world.token =
        (struct token){.header = "PRIVATE-TOKEN", .origin = "QGATE_GITLAB_TOKEN", .secret = "word"};
    http_begin(&world.http, (struct transport){play, &world},
               (struct http_clock){.now_ms = no_time, .now_s = no_time}, &world.spent_ms);
    world.gitlab = (struct gitlab){.http = &world.http,
                                   .api = "https://gitlab.example/api/v4",
                                   .project = "group/pay ments",
                                   .merge_request = 7,
                                   .token = &world.token};
    *state = &world;
    return 0;
}

static int end(void **state)
{
    arena_free(((struct world *)*state)->mem);
    return 0;
}

static void answers(struct world *world, int status, const char *body)
{
    size_t at = 0;
    while (world->script[at].status != 0)
        at++;
    world->script[at].status = status;
    world->script[at].body = body;
}

#define REQUEST "/projects/group%2Fpay%20ments/merge_requests/7"

static void the_user_of_a_token_is_known(void **state)
{
    struct world *world = *state;
    struct gitlab_user user;
    struct error err = {0};
    answers(world, 200, "{\"id\": 42, \"username\": \"bot\"}");
    answers(world, 200, "{\"id\": \"42\"}");
    assert_int_equal(gitlab_user(&world->gitlab, world->mem, &user, &err), GITLAB_DONE);
    assert_int_equal(user.id, 42);
    assert_string_equal(world->asked[0], "GET /user");
    assert_int_equal(gitlab_user(&world->gitlab, world->mem, &user, &err), GITLAB_FAILURE);
    assert_string_equal(err.what, "GitLab's answer names no user");
}

static void commits_in_answers_are_checked(void **state)
{
    struct world *world = *state;
    struct gitlab_merge_request request;
    struct gitlab_version version;
    struct error err = {0};
    answers(world, 200, "{\"sha\": \"" COMMIT "\"}");
    answers(world, 200, "{\"sha\": \"../../evil\"}");
    answers(world, 200,
            "[{\"base_commit_sha\": \"" COMMIT "\", \"start_commit_sha\": \"" COMMIT
            "\", \"head_commit_sha\": \"" COMMIT "\"}]");
    answers(world, 200, "[]");
    assert_int_equal(gitlab_merge_request(&world->gitlab, world->mem, &request, &err), GITLAB_DONE);
    assert_string_equal(request.head, COMMIT);
    assert_string_equal(world->asked[0], "GET " REQUEST);
    assert_int_equal(gitlab_merge_request(&world->gitlab, world->mem, &request, &err),
                     GITLAB_FAILURE);
    assert_int_equal(gitlab_version(&world->gitlab, world->mem, &version, &err), GITLAB_DONE);
    assert_string_equal(version.start, COMMIT);
    assert_int_equal(gitlab_version(&world->gitlab, world->mem, &version, &err), GITLAB_FAILURE);
}

static void discussions_are_read_page_by_page(void **state)
{
    struct world *world = *state;
    struct gitlab_discussions all;
    struct error err = {0};
    answers(world, 200,
            "[{\"id\": \"a1\", \"individual_note\": true, \"notes\": [{\"id\": 5, \"body\": \"x\","
            " \"author\": {\"id\": 42}, \"system\": false}]},"
            " {\"id\": \"../x\", \"notes\": [{\"id\": 6}]}, {\"id\": \"a2\", \"notes\": []}]");
    world->script[0].head = "x-next-page: 2";
    answers(world, 200,
            "[{\"id\": \"b1\", \"notes\": [{\"id\": 7, \"resolved\": true}, {\"id\": 8}]}]");
    assert_int_equal(gitlab_discussions(&world->gitlab, world->mem, &all, &err), GITLAB_DONE);
    assert_int_equal(world->steps, 2);
    assert_string_equal(world->asked[0], "GET " REQUEST "/discussions?per_page=100&page=1");
    assert_string_equal(world->asked[1], "GET " REQUEST "/discussions?per_page=100&page=2");
    assert_int_equal(all.count, 2); /* what could not be addressed again is left out */
    assert_true(all.items[0].single);
    assert_int_equal(all.items[0].notes.items[0].author, 42);
    assert_string_equal(all.items[1].id, "b1");
    assert_int_equal(all.items[1].notes.count, 2);
    assert_true(all.items[1].notes.items[0].resolved);
    assert_string_equal(all.items[1].notes.items[1].body, "");
}

static void notes_are_written_changed_and_deleted(void **state)
{
    struct world *world = *state;
    struct error err = {0};
    answers(world, 201, "{}");
    answers(world, 200, "{}");
    answers(world, 404, "{\"message\": \"404 Not found\"}");
    assert_int_equal(gitlab_note_post(&world->gitlab, "a \"b\"\n/close", world->mem, &err),
                     GITLAB_DONE);
    assert_int_equal(gitlab_note_put(&world->gitlab, 9, "c", world->mem, &err), GITLAB_DONE);
    assert_int_equal(gitlab_note_delete(&world->gitlab, 9, world->mem, &err), GITLAB_DONE);
    assert_string_equal(world->asked[0],
                        "POST " REQUEST "/notes {\"body\":\"a \\\"b\\\"\\n/close\"}");
    assert_string_equal(world->asked[1], "PUT " REQUEST "/notes/9 {\"body\":\"c\"}");
    assert_string_equal(world->asked[2], "DELETE " REQUEST "/notes/9");
    assert_int_equal(err.fault, FAULT_NONE);
}

#define SHAS                                                                            \
    "\"base_sha\":\"b\",\"start_sha\":\"s\",\"head_sha\":\"h\",\"old_path\":\"old.c\"," \
    "\"new_path\":\"a.c\""

static const struct gitlab_version diff = {"b", "s", "h"};

static const char *posted(struct world *world, const struct gitlab_position *position)
{
    struct error err = {0};
    answers(world, 201, "{}");
    assert_int_equal(gitlab_thread_post(&world->gitlab, &diff, position, "x", world->mem, &err),
                     GITLAB_DONE);
    return world->asked[world->steps - 1];
}

static void a_thread_stands_on_an_added_line(void **state)
{
    struct gitlab_position position = {
        .kind = GITLAB_LINE_ADDED, .old_path = "old.c", .new_path = "a.c", .line = 41};
    assert_string_equal(posted(*state, &position),
                        "POST " REQUEST "/discussions {\"body\":\"x\",\"position\":{"
                        "\"position_type\":\"text\"," SHAS ",\"new_line\":41}}");
}

static void a_thread_stands_on_a_context_line(void **state)
{
    struct gitlab_position position = {.kind = GITLAB_LINE_CONTEXT,
                                       .old_path = "old.c",
                                       .new_path = "a.c",
                                       .line = 41,
                                       .old_line = 39};
    assert_string_equal(posted(*state, &position),
                        "POST " REQUEST "/discussions {\"body\":\"x\",\"position\":{"
                        "\"position_type\":\"text\"," SHAS ",\"new_line\":41,\"old_line\":39}}");
}

static void a_thread_stands_on_several_lines(void **state)
{
    struct world *world = *state;
    char code[SHA1_HEX];
    hash_sha1("a.c", 3, code);
    struct gitlab_position position = {.kind = GITLAB_LINE_ADDED,
                                       .old_path = "old.c",
                                       .new_path = "a.c",
                                       .line = 43,
                                       .old_line = 40,
                                       .first = 41,
                                       .old_first = 40};
    assert_string_equal(
        posted(world, &position),
        arena_printf(world->mem,
                     "POST %s/discussions {\"body\":\"x\",\"position\":{"
                     "\"position_type\":\"text\"," SHAS ",\"new_line\":43,\"line_range\":{"
                     "\"start\":{\"line_code\":\"%s_40_41\",\"new_line\":41,\"type\":\"new\"},"
                     "\"end\":{\"line_code\":\"%s_40_43\",\"new_line\":43,\"type\":\"new\"}}}}",
                     REQUEST, code, code));
}

static void a_thread_stands_on_a_file(void **state)
{
    struct gitlab_position position = {
        .kind = GITLAB_FILE, .old_path = "old.c", .new_path = "a.c", .line = 41};
    assert_string_equal(posted(*state, &position),
                        "POST " REQUEST "/discussions {\"body\":\"x\",\"position\":{"
                        "\"position_type\":\"file\"," SHAS "}}");
}

static void a_position_that_is_declined_says_why(void **state)
{
    struct world *world = *state;
    struct gitlab_position position = {
        .kind = GITLAB_LINE_ADDED, .old_path = "a.c", .new_path = "a.c", .line = 1};
    struct error err = {0};
    answers(world, 400, "{\"message\": {\"line_code\": [\"can't be blank\"]}}");
    assert_int_equal(gitlab_thread_post(&world->gitlab, &diff, &position, "x", world->mem, &err),
                     GITLAB_DECLINED);
    assert_string_equal(err.what, "GitLab declines it (400): {\"line_code\":[\"can't be blank\"]}");
}

static void threads_are_answered_and_resolved(void **state)
{
    struct world *world = *state;
    struct error err = {0};
    answers(world, 201, "{}");
    answers(world, 200, "{}");
    assert_int_equal(gitlab_thread_reply(&world->gitlab, "a1", "x", world->mem, &err), GITLAB_DONE);
    assert_int_equal(gitlab_thread_resolve(&world->gitlab, "a1", true, world->mem, &err),
                     GITLAB_DONE);
    assert_string_equal(world->asked[0], "POST " REQUEST "/discussions/a1/notes {\"body\":\"x\"}");
    assert_string_equal(world->asked[1], "PUT " REQUEST "/discussions/a1 {\"resolved\":true}");
}

static void the_state_a_commit_has_already_is_done(void **state)
{
    struct world *world = *state;
    const struct gitlab_status status = {.name = "qgate/unit",
                                         .state = GITLAB_FAILED,
                                         .description = "3 tests fail",
                                         .pipeline = "12",
                                         .coverage = "81.4"};
    struct error err = {0};
    answers(world, 400, "{\"message\": \"Cannot transition status via :drop from :failed\"}");
    answers(world, 400, "{\"message\": \"something else\"}");
    assert_int_equal(gitlab_status_post(&world->gitlab, COMMIT, &status, world->mem, &err),
                     GITLAB_DONE);
    assert_int_equal(err.fault, FAULT_NONE);
    assert_string_equal(world->asked[0],
                        "POST /projects/group%2Fpay%20ments/statuses/" COMMIT
                        " {\"state\":\"failed\",\"name\":\"qgate/unit\",\"description\":"
                        "\"3 tests fail\",\"pipeline_id\":12,\"coverage\":81.4}");
    assert_int_equal(gitlab_status_post(&world->gitlab, COMMIT, &status, world->mem, &err),
                     GITLAB_DECLINED);
}

static void files_and_artifacts_are_addressed_to_the_letter(void **state)
{
    struct world *world = *state;
    const char *text;
    size_t len;
    struct error err = {0};
    answers(world, 200, "version: 1");
    answers(world, 404, "");
    answers(world, 200, "{}");
    assert_int_equal(gitlab_file(&world->gitlab, "ci/a.yml", COMMIT, world->mem, &text, &len, &err),
                     GITLAB_DONE);
    assert_string_equal(text, "version: 1");
    assert_int_equal(len, 10);
    assert_string_equal(
        world->asked[0],
        "GET /projects/group%2Fpay%20ments/repository/files/ci%2Fa%2Eyml/raw?ref=" COMMIT);
    assert_int_equal(gitlab_file(&world->gitlab, "ci/b.yml", COMMIT, world->mem, &text, &len, &err),
                     GITLAB_NOT_THERE);
    assert_null(text);
    assert_int_equal(gitlab_artifact(&world->gitlab, "release/1", "qgate job", "out/e v.json",
                                     world->mem, &text, &len, &err),
                     GITLAB_DONE);
    assert_string_equal(world->asked[2],
                        "GET /projects/group%2Fpay%20ments/jobs/artifacts/release%2F1/raw/out/"
                        "e%20v%2Ejson?job=qgate%20job");
}

static void pipelines_for_known_commits_are_looked_for_page_by_page(void **state)
{
    struct world *world = *state;
    const char *items[] = {COMMIT};
    const struct words commits = {items, 1, 1};
    struct gitlab_pipelines found;
    struct error err = {0};
    answers(world, 200,
            "[{\"id\": 9, \"sha\": \"1123456789abcdef0123456789abcdef01234567\"},"
            " {\"id\": 0, \"sha\": \"" COMMIT "\"}, {\"id\": 8, \"sha\": \"" COMMIT "\"}]");
    world->script[0].head = "X-Next-Page: 2";
    answers(world, 200,
            "[{\"id\": 7, \"sha\": \"../x\"}, {\"id\": 6, \"sha\": \"" COMMIT "\"}, {\"id\": 5, "
            "\"sha\": \"" COMMIT "\"}]");
    world->script[1].head = "X-Next-Page: 3";
    assert_int_equal(
        gitlab_pipelines(&world->gitlab, "release/1", &commits, 2, world->mem, &found, &err),
        GITLAB_DONE);
    assert_int_equal(world->steps, 2); /* no page is read for nothing */
    assert_string_equal(world->asked[1], "GET /projects/group%2Fpay%20ments/pipelines"
                                         "?ref=release%2F1&per_page=100&page=2");
    assert_int_equal(found.count, 2);
    assert_int_equal(found.items[0].id, 8);
    assert_int_equal(found.items[1].id, 6);
}

static void a_job_is_found_by_its_name(void **state)
{
    struct world *world = *state;
    const char *text;
    size_t len;
    uint64_t job;
    struct error err = {0};
    answers(world, 200,
            "[{\"id\": 3, \"name\": 5}, {\"id\": 4, \"name\": \"gate: [a]\"},"
            " {\"id\": 2, \"name\": \"gate: [a]\"}]");
    answers(world, 200, "[]");
    answers(world, 200, "{}");
    assert_int_equal(gitlab_job_named(&world->gitlab, 12, "gate: [a]", world->mem, &job, &err),
                     GITLAB_DONE);
    assert_int_equal(job, 4);
    assert_int_equal(gitlab_job_named(&world->gitlab, 12, "gate", world->mem, &job, &err),
                     GITLAB_DONE);
    assert_int_equal(job, 0);
    assert_int_equal(
        gitlab_job_file(&world->gitlab, 4, "out/e v.json", world->mem, &text, &len, &err),
        GITLAB_DONE);
    assert_string_equal(world->asked[0],
                        "GET /projects/group%2Fpay%20ments/pipelines/12/jobs?per_page=100&page=1");
    assert_string_equal(world->asked[2],
                        "GET /projects/group%2Fpay%20ments/jobs/4/artifacts/out/e%20v%2Ejson");
}

static void a_list_that_never_ends_is_given_up(void **state)
{
    struct world *world = *state;
    struct gitlab_discussions all;
    struct error err = {0};
    world->endless = true;
    assert_int_equal(gitlab_discussions(&world->gitlab, world->mem, &all, &err), GITLAB_FAILURE);
    assert_int_equal(world->steps, 100);
    assert_string_equal(err.what, "GitLab's list has more than 10000 entries");
}

static const char *refusal(struct world *world, int status)
{
    static struct error err;
    struct gitlab_user user;
    err = (struct error){0};
    answers(world, status, "{\"message\": \"no\"}");
    assert_int_equal(gitlab_user(&world->gitlab, world->mem, &user, &err),
                     status < 400 ? GITLAB_FAILURE : GITLAB_REFUSED);
    assert_string_not_equal(err.hint, "");
    return err.what;
}

static void a_refusal_says_which_token_to_make(void **state)
{
    struct world *world = *state;
    assert_string_equal(refusal(world, 401),
                        "GitLab answers 401: the token of QGATE_GITLAB_TOKEN is not valid");
    assert_string_equal(refusal(world, 403),
                        "GitLab answers 403: the token of QGATE_GITLAB_TOKEN may not do this");
    world->token.header = "JOB-TOKEN";
    assert_string_equal(refusal(world, 403), "GitLab answers 403: the job token may not do this");
    world->gitlab.token = NULL;
    assert_string_equal(refusal(world, 401), "GitLab answers 401 without a token");
    assert_string_equal(refusal(world, 302), "GitLab answers 302: no");
}

static void an_answer_that_is_no_json_is_odd(void **state)
{
    struct world *world = *state;
    struct gitlab_user user;
    struct error err = {0};
    answers(world, 200, "<html>log in</html>");
    assert_int_equal(gitlab_user(&world->gitlab, world->mem, &user, &err), GITLAB_FAILURE);
    assert_string_equal(err.what, "GitLab's answer is not JSON");
}

static void a_digest_of_others_is_right(void **state)
{
    char digest[SHA1_HEX];
    (void)state;
    hash_sha1("abc", 3, digest);
    assert_string_equal(digest, "a9993e364706816aba3e25717850c26c9cd0d89d"); /* FIPS 180 */
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD(the_user_of_a_token_is_known),
        WORLD(commits_in_answers_are_checked),
        WORLD(discussions_are_read_page_by_page),
        WORLD(notes_are_written_changed_and_deleted),
        WORLD(a_thread_stands_on_an_added_line),
        WORLD(a_thread_stands_on_a_context_line),
        WORLD(a_thread_stands_on_several_lines),
        WORLD(a_thread_stands_on_a_file),
        WORLD(a_position_that_is_declined_says_why),
        WORLD(threads_are_answered_and_resolved),
        WORLD(the_state_a_commit_has_already_is_done),
        WORLD(files_and_artifacts_are_addressed_to_the_letter),
        WORLD(pipelines_for_known_commits_are_looked_for_page_by_page),
        WORLD(a_job_is_found_by_its_name),
        WORLD(a_list_that_never_ends_is_given_up),
        WORLD(a_refusal_says_which_token_to_make),
        WORLD(an_answer_that_is_no_json_is_odd),
        cmocka_unit_test(a_digest_of_others_is_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
