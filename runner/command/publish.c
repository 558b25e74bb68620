/* `qgate publish`: shows verdicts in a merge request; for a job that holds the token and never
 * touches the code of the branch. */
#include <string.h>

#include "gates/base/number.h"
#include "runner/command/command.h"
#include "runner/log.h"
#include "runner/publish/publish.h"
#include "runner/render/verdict_file.h"

static const struct cli_option options[] = {
    {"server", "URL", "the GitLab: https://gitlab.example; otherwise CI_API_V4_URL's"},
    {"project", "ID", "its number or path; otherwise CI_MERGE_REQUEST_PROJECT_ID"},
    {"merge-request", "NUMBER", "otherwise CI_MERGE_REQUEST_IID"},
    {"job", "NUMBER", "the verdicts are files that this job left in GitLab, by their paths there"},
    {"dry-run", NULL, "print the requests that would change something instead of sending them"},
    {0},
};

/* All of one commit and judged for one policy, whose name the note is found by. */
static bool belong_together(const struct views *views, const struct words *paths, struct error *err)
{
    for (size_t i = 1; i < views->count; i++) {
        const struct view *one = views->items[0], *other = views->items[i];
        bool commit = strcmp(one->source_commit, other->source_commit) != 0;
        if (!commit && strcmp(one->policy->path, other->policy->path) == 0)
            continue;
        error_set(err, FAULT_USAGE, "is of another %s than %s", commit ? "commit" : "policy",
                  paths->items[0]);
        error_hint(err, "publish the verdicts of one commit and policy together, others apart");
        return error_at(err, paths->items[i], 0, 0);
    }
    return true;
}

static void add_verdict(struct verdict_file *file, struct arena *mem,
                        struct publication *publication)
{
    if (publication->views.count == 0)
        publication->wanted = file->policy.gitlab;
    array_push(mem, &publication->views, &file->view);
}

static bool read_verdicts(const struct words *paths, struct arena *mem,
                          struct publication *publication, struct error *err)
{
    for (size_t i = 0; i < paths->count; i++) {
        struct verdict_file *file = arena_new_item(mem, struct verdict_file);
        if (!verdict_file_read(paths->items[i], mem, file, err))
            return false;
        add_verdict(file, mem, publication);
    }
    return belong_together(&publication->views, paths, err);
}

/* Of a pipeline of this merge request: any other job could be anybody's. */
static bool find_job(struct gitlab *gitlab, uint64_t number, struct arena *mem,
                     struct gitlab_job *job, struct error *err)
{
    if (gitlab_job(gitlab, number, mem, job, err) != GITLAB_DONE)
        return false;
    const char *begin =
        arena_printf(mem, "refs/merge-requests/%llu/", (unsigned long long)gitlab->merge_request);
    if (strncmp(job->ref, begin, strlen(begin)) == 0)
        return true;
    error_set(err, FAULT_REMOTE, "job %llu is of no pipeline of merge request !%llu",
              (unsigned long long)number, (unsigned long long)gitlab->merge_request);
    return error_hint(err, "the job that judges runs in a pipeline for merge requests");
}

/* A verdict says itself of which commit it is; its job knows better. A pipeline of merged results
 * ran for a commit of its own. */
static bool is_of_job(const struct view *view, const struct gitlab_job *job, const char *path,
                      struct error *err)
{
    const char *end = strrchr(job->ref, '/');
    const char *commit = strcmp(end, "/head") == 0 ? view->source_commit : view->commit;
    if (strcmp(commit, job->commit) == 0)
        return true;
    error_set(err, FAULT_REPORT, "is of commit %.12s, the job that left it of %.12s",
              *commit == '\0' ? "(not known)" : commit, job->commit);
    return error_at(err, path, 0, 0);
}

static bool fetch_verdict(struct gitlab *gitlab, const char *path, struct arena *mem,
                          struct publication *publication, struct error *err)
{
    struct verdict_file *file = arena_new_item(mem, struct verdict_file);
    const char *text;
    size_t len;
    if (gitlab_job_file(gitlab, publication->job->id, path, mem, &text, &len, err) != GITLAB_DONE)
        return false;
    if (!verdict_file_take(text, len, mem, file, err))
        return error_at(err, path, 0, 0);
    file->view.job_url = publication->job->page;
    add_verdict(file, mem, publication);
    return is_of_job(&file->view, publication->job, path, err);
}

/* From the job itself: whose they are is known from GitLab, not from what they say. */
static bool fetch_verdicts(struct gitlab *gitlab, const char *number, const struct words *paths,
                           struct arena *mem, struct publication *publication, struct error *err)
{
    struct gitlab_job *job = arena_new_item(mem, struct gitlab_job);
    uint64_t id;
    if (!number_parse_count(number, strlen(number), &id) || id == 0)
        return error_set(err, FAULT_USAGE, "not the number of a job: \"%s\"", number);
    if (!find_job(gitlab, id, mem, job, err))
        return false;
    publication->job = job;
    publication->pipeline = arena_printf(mem, "%llu", (unsigned long long)job->pipeline);
    for (size_t i = 0; i < paths->count; i++)
        if (!fetch_verdict(gitlab, paths->items[i], mem, publication, err))
            return false;
    return belong_together(&publication->views, paths, err);
}

static bool run_with(const struct context *context, const struct cli *cli, struct error *err)
{
    const struct connect_wanted wanted = {
        .server = cli_value(cli, "server"),
        .project = cli_value(cli, "project"),
        .merge_request = cli_value(cli, "merge-request"),
        .dry_run = cli_flag(cli, "dry-run"),
    };
    struct publication publication = {
        .untrusted = true,
        .pipeline = wanted.project == NULL ? context->ci.pipeline : NULL, /* not one of another */
    };
    AUTO(close_connection) struct connection connection = {0};
    const char *job = cli_value(cli, "job");
    const char *why_not = connect_why_not(context, &wanted, context->run);
    if (why_not != NULL)
        return error_set(err, FAULT_USAGE, "publish: %s", why_not);
    if (!connect_open(&connection, context, &wanted, context->run, err))
        return false;
    publication.gitlab = &connection.gitlab;
    bool taken = job == NULL ? read_verdicts(&cli->arguments, context->run, &publication, err)
                             : fetch_verdicts(&connection.gitlab, job, &cli->arguments,
                                              context->run, &publication, err);
    return taken && publish(&publication, err);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    struct error err = {0};
    if (cli->arguments.count == 0) {
        error_set(&err, FAULT_USAGE, "publish: no verdict is named");
        error_hint(&err, "`qgate check --output json=verdict.json` writes one");
        return give_up(&err);
    }
    if (run_with(context, cli, &err))
        return finish_stdout(STATUS_PASSED);
    if (err.fault != FAULT_REMOTE && err.fault != FAULT_SYSTEM)
        return give_up(&err);
    log_error(&err);
    return finish_stdout(STATUS_PUBLISH);
}

const struct command publish_command = {
    .name = "publish",
    .arguments = "VERDICT…",
    .title = "shows verdicts in a merge request of GitLab",
    .options = options,
    .run = run,
};
