#include "runner/command/artifact.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"

/* As in ci/templates/qgate/template.yml. */
static const char usual_path[] = "qgate-out/evidence.json", usual_job[] = "qgate";

enum { MOST_PIPELINES = 3 }; /* that are looked into: two requests each */

static const char *shown(const char *text, struct arena *mem)
{
    return text_keep(mem, text, strlen(text), LIMIT_NAME_BYTES);
}

void artifacts_open(struct artifacts *artifacts, const struct context *context, const char *path,
                    struct arena *mem)
{
    const struct connect_wanted reading = {.reading = true};
    *artifacts = (struct artifacts){
        .branch = context->ci.target_branch,
        .job = context->ci.job_name != NULL ? context->ci.job_name : usual_job,
        .path = path != NULL ? path : usual_path,
    };
    artifacts->name = arena_printf(mem, "%s of the job %s on %s", shown(artifacts->path, mem),
                                   shown(artifacts->job, mem), shown(artifacts->branch, mem));
    if (!connect_open(&artifacts->gitlab, context, &reading, mem, &artifacts->closed))
        close_connection(&artifacts->gitlab);
}

void close_artifacts(struct artifacts *artifacts)
{
    close_connection(&artifacts->gitlab);
}

static bool is_of_the_job(const struct artifacts *artifacts)
{
    return strcmp(artifacts->gitlab.token.header, "JOB-TOKEN") == 0;
}

static void say_none(struct artifact *artifact, const char *why, const char *remedy)
{
    artifact->why_none = why;
    artifact->remedy = remedy;
}

/* Without a paid plan GitLab tells the token of a job, which it runs for this very project, that
 * there is no such project. */
static bool is_unpaid(const struct artifacts *artifacts, enum gitlab_result result,
                      const struct error *err)
{
    return is_of_the_job(artifacts) &&
           (result == GITLAB_REFUSED ||
            (result == GITLAB_NOT_THERE && strstr(err->what, "Project Not Found") != NULL));
}

static void say_why(const struct artifacts *artifacts, enum gitlab_result result,
                    const struct error *err, struct arena *mem, struct artifact *artifact)
{
    if (is_unpaid(artifacts, result, err)) {
        say_none(artifact,
                 arena_printf(mem,
                              "%s: %s; the job token may download artifacts only with a paid plan: "
                              "set QGATE_GITLAB_TOKEN, or keep the store in the cache",
                              artifacts->name, err->what),
                 NULL);
    } else if (result == GITLAB_NOT_THERE) {
        say_none(artifact, arena_printf(mem, "GitLab has no %s", artifacts->name),
                 arena_printf(mem, "let a pipeline of %s succeed, whose job leaves it there",
                              shown(artifacts->branch, mem)));
    } else {
        artifact->unanswered = true;
        say_none(artifact, arena_printf(mem, "%s: %s", artifacts->name, err->what),
                 err->hint[0] != '\0' ? arena_printf(mem, "%s", err->hint) : NULL);
    }
}

void artifacts_newest(struct artifacts *artifacts, struct arena *mem, struct artifact *artifact)
{
    struct error err = artifacts->closed;
    enum gitlab_result result = GITLAB_FAILURE;
    *artifact = (struct artifact){0};
    if (err.fault == FAULT_NONE)
        result = gitlab_artifact(&artifacts->gitlab.gitlab, artifacts->branch, artifacts->job,
                                 artifacts->path, mem, &artifact->text, &artifact->len, &err);
    if (result != GITLAB_DONE)
        say_why(artifacts, result, &err, mem, artifact);
}

/* The token of the job may not list pipelines. */
bool artifacts_may_search(const struct artifacts *artifacts)
{
    return artifacts->closed.fault == FAULT_NONE && !is_of_the_job(artifacts);
}

/* What the job left in one pipeline; GITLAB_NOT_THERE: it has no such job, or this left nothing. */
static enum gitlab_result look_into(struct artifacts *artifacts, uint64_t pipeline,
                                    struct arena *mem, struct artifact *artifact, struct error *err)
{
    struct gitlab *gitlab = &artifacts->gitlab.gitlab;
    uint64_t job = 0;
    enum gitlab_result result = gitlab_job_named(gitlab, pipeline, artifacts->job, mem, &job, err);
    if (result != GITLAB_DONE)
        return result;
    if (job == 0)
        return GITLAB_NOT_THERE;
    return gitlab_job_file(gitlab, job, artifacts->path, mem, &artifact->text, &artifact->len, err);
}

void artifacts_search(struct artifacts *artifacts, const struct words *commits, struct arena *mem,
                      struct artifact *artifact)
{
    struct gitlab_pipelines pipelines = {0};
    struct error err = {0};
    *artifact = (struct artifact){0};
    enum gitlab_result result = gitlab_pipelines(&artifacts->gitlab.gitlab, artifacts->branch,
                                                 commits, MOST_PIPELINES, mem, &pipelines, &err);
    if (result == GITLAB_DONE)
        result = GITLAB_NOT_THERE;
    else
        pipelines.count = 0;
    for (size_t i = 0; i < pipelines.count && result == GITLAB_NOT_THERE; i++) {
        err = (struct error){0};
        result = look_into(artifacts, pipelines.items[i].id, mem, artifact, &err);
    }
    if (result != GITLAB_DONE)
        say_why(artifacts, result, &err, mem, artifact);
}
