#include "runner/command/artifact.h"

#include <string.h>

#include "gates/base/limits.h"
#include "gates/base/text.h"
#include "runner/gitlab/connect.h"

/* As in ci/templates/qgate/template.yml. */
static const char usual_path[] = "qgate-out/evidence.json", usual_job[] = "qgate";

static const char *shown(const char *text, struct arena *mem)
{
    return text_keep(mem, text, strlen(text), LIMIT_NAME_BYTES);
}

static void say_none(struct artifact *artifact, const char *why, const char *remedy)
{
    artifact->why_none = why;
    artifact->remedy = remedy;
}

static void say_unanswered(struct artifact *artifact, const struct error *err, struct arena *mem)
{
    artifact->unanswered = true;
    say_none(artifact, arena_printf(mem, "%s: %s", artifact->name, err->what),
             err->hint[0] != '\0' ? arena_printf(mem, "%s", err->hint) : NULL);
}

/* Without a paid plan GitLab tells the token of a job, which it runs for this very project, that
 * there is no such project. */
static bool is_unpaid(const struct token *token, enum gitlab_result result, const struct error *err)
{
    return strcmp(token->header, "JOB-TOKEN") == 0 &&
           (result == GITLAB_REFUSED ||
            (result == GITLAB_NOT_THERE && strstr(err->what, "Project Not Found") != NULL));
}

void artifact_ask(const struct context *context, const char *path, struct arena *mem,
                  struct artifact *artifact)
{
    AUTO(close_connection) struct connection gitlab = {0};
    const struct connect_wanted reading = {.reading = true};
    const char *branch = context->ci.target_branch;
    const char *job = context->ci.job_name != NULL ? context->ci.job_name : usual_job;
    struct error err = {0};
    if (path == NULL)
        path = usual_path;
    *artifact =
        (struct artifact){.name = arena_printf(mem, "%s of the job %s on %s", shown(path, mem),
                                               shown(job, mem), shown(branch, mem))};
    enum gitlab_result result = connect_open(&gitlab, context, &reading, mem, &err)
                                    ? gitlab_artifact(&gitlab.gitlab, branch, job, path, mem,
                                                      &artifact->text, &artifact->len, &err)
                                    : GITLAB_FAILURE;
    if (result == GITLAB_DONE)
        return;
    if (is_unpaid(&gitlab.token, result, &err))
        say_none(artifact,
                 arena_printf(mem,
                              "%s: %s; the job token may download artifacts only with a paid plan: "
                              "set QGATE_GITLAB_TOKEN, or keep the store in the cache",
                              artifact->name, err.what),
                 NULL);
    else if (result == GITLAB_NOT_THERE)
        say_none(artifact, arena_printf(mem, "GitLab has no %s", artifact->name),
                 arena_printf(mem, "let a pipeline of %s succeed, whose job leaves it there",
                              shown(branch, mem)));
    else
        say_unanswered(artifact, &err, mem);
}
