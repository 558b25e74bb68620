/* Pipelines, their jobs, and the files that these left. */
#include <string.h>

#include "runner/gitlab/request.h"

/* A path behind what an address ends in: its slashes stay, GitLab takes all the rest for it. */
static const char *encoded_path(const char *path, struct arena *mem)
{
    const char *encoded = "";
    for (const char *part = path; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        const char *segment = arena_copy(mem, part, strcspn(part, "/"));
        encoded = arena_printf(mem, "%s/%s", encoded, gitlab_encoded(segment, mem));
    }
    return encoded;
}

enum gitlab_result gitlab_artifact(struct gitlab *g, const char *branch, const char *job,
                                   const char *path, struct arena *mem, const char **text,
                                   size_t *len, struct error *err)
{
    const char *rest =
        arena_printf(mem, "/jobs/artifacts/%s/raw%s?job=%s", gitlab_encoded(branch, mem),
                     encoded_path(path, mem), gitlab_encoded(job, mem));
    return gitlab_bytes(g, gitlab_of_project(g, rest, mem), mem, text, len, err);
}

enum { MOST_PIPELINES_SEEN = 500 };

struct pipelines_wanted {
    const struct words *commits;
    size_t most, seen;
    struct gitlab_pipelines *found;
};

static bool take_pipeline(const json_t *row, void *state, struct arena *mem)
{
    struct pipelines_wanted *wanted = state;
    const struct gitlab_pipeline pipeline = {gitlab_number(row, "id"), gitlab_sha(row, "sha", mem)};
    bool known = false;
    for (size_t i = 0; pipeline.commit != NULL && i < wanted->commits->count && !known; i++)
        known = strcmp(wanted->commits->items[i], pipeline.commit) == 0;
    if (known && pipeline.id != 0)
        array_push(mem, wanted->found, pipeline);
    return wanted->found->count < wanted->most && ++wanted->seen < MOST_PIPELINES_SEEN;
}

enum gitlab_result gitlab_pipelines(struct gitlab *g, const char *branch,
                                    const struct words *commits, size_t most, struct arena *mem,
                                    struct gitlab_pipelines *found, struct error *err)
{
    struct pipelines_wanted wanted = {commits, most, 0, found};
    const char *rest = arena_printf(mem, "/pipelines?ref=%s", gitlab_encoded(branch, mem));
    *found = (struct gitlab_pipelines){0};
    return gitlab_list(g, gitlab_of_project(g, rest, mem), take_pipeline, &wanted, mem, err);
}

struct job_wanted {
    const char *name;
    uint64_t id;
};

static bool take_job(const json_t *row, void *state, struct arena *mem)
{
    struct job_wanted *wanted = state;
    const char *name = gitlab_text(row, "name", mem);
    if (name != NULL && strcmp(name, wanted->name) == 0)
        wanted->id = gitlab_number(row, "id");
    return wanted->id == 0;
}

enum gitlab_result gitlab_job_named(struct gitlab *g, uint64_t pipeline, const char *name,
                                    struct arena *mem, uint64_t *job, struct error *err)
{
    struct job_wanted wanted = {.name = name};
    const char *rest = arena_printf(mem, "/pipelines/%llu/jobs", (unsigned long long)pipeline);
    enum gitlab_result result =
        gitlab_list(g, gitlab_of_project(g, rest, mem), take_job, &wanted, mem, err);
    *job = wanted.id;
    return result;
}

enum gitlab_result gitlab_job(struct gitlab *g, uint64_t id, struct arena *mem,
                              struct gitlab_job *job, struct error *err)
{
    json_auto_t *json = NULL;
    struct http_answer answer;
    const char *rest = arena_printf(mem, "/jobs/%llu", (unsigned long long)id);
    enum gitlab_result result =
        gitlab_get(g, gitlab_of_project(g, rest, mem), mem, &json, &answer, err);
    if (result != GITLAB_DONE)
        return result;
    const json_t *pipeline = json_object_get(json, "pipeline");
    const char *page = gitlab_text(json, "web_url", mem);
    *job = (struct gitlab_job){
        .id = id,
        .pipeline = gitlab_number(pipeline, "id"),
        .name = gitlab_text(json, "name", mem),
        .user = gitlab_text(json_object_get(json, "user"), "username", mem),
        .ref = gitlab_text(pipeline, "ref", mem),
        .commit = gitlab_sha(pipeline, "sha", mem),
        .page = page == NULL ? "" : page,
    };
    bool whole = job->pipeline != 0 && job->name != NULL && job->user != NULL && job->ref != NULL &&
                 job->commit != NULL;
    return whole ? GITLAB_DONE : gitlab_odd("is no job", err);
}

enum gitlab_result gitlab_job_file(struct gitlab *g, uint64_t job, const char *path,
                                   struct arena *mem, const char **text, size_t *len,
                                   struct error *err)
{
    const char *rest = arena_printf(mem, "/jobs/%llu/artifacts%s", (unsigned long long)job,
                                    encoded_path(path, mem));
    return gitlab_bytes(g, gitlab_of_project(g, rest, mem), mem, text, len, err);
}
