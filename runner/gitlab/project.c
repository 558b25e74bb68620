/* The project: its commits, files and statuses; the merge request and who asks. */
#include <string.h>

#include "runner/gitlab/request.h"

enum gitlab_result gitlab_user(struct gitlab *g, struct arena *mem, struct gitlab_user *user,
                               struct error *err)
{
    json_auto_t *json = NULL;
    struct http_answer answer;
    enum gitlab_result result = gitlab_get(g, "/user", mem, &json, &answer, err);
    if (result != GITLAB_DONE)
        return result;
    user->id = gitlab_number(json, "id");
    return user->id != 0 ? GITLAB_DONE : gitlab_odd("names no user", err);
}

enum gitlab_result gitlab_merge_request(struct gitlab *g, struct arena *mem,
                                        struct gitlab_merge_request *request, struct error *err)
{
    json_auto_t *json = NULL;
    struct http_answer answer;
    enum gitlab_result result =
        gitlab_get(g, gitlab_of_request(g, "", mem), mem, &json, &answer, err);
    if (result != GITLAB_DONE)
        return result;
    request->head = gitlab_sha(json, "sha", mem);
    return request->head != NULL ? GITLAB_DONE
                                 : gitlab_odd("names no commit of the merge request", err);
}

enum gitlab_result gitlab_version(struct gitlab *g, struct arena *mem,
                                  struct gitlab_version *version, struct error *err)
{
    json_auto_t *json = NULL;
    struct http_answer answer;
    enum gitlab_result result =
        gitlab_get(g, gitlab_of_request(g, "/versions?per_page=1", mem), mem, &json, &answer, err);
    if (result != GITLAB_DONE)
        return result;
    const json_t *newest = json_array_get(json, 0);
    version->base = gitlab_sha(newest, "base_commit_sha", mem);
    version->start = gitlab_sha(newest, "start_commit_sha", mem);
    version->head = gitlab_sha(newest, "head_commit_sha", mem);
    return version->base != NULL && version->start != NULL && version->head != NULL
               ? GITLAB_DONE
               : gitlab_odd("names no version of the merge request's diff", err);
}

static json_t *status_body(const struct gitlab_status *status)
{
    static const char *const states[] = {"pending", "success", "failed"};
    json_t *body = json_pack("{s:s, s:s, s:s}", "state", states[status->state], "name",
                             status->name, "description", status->description);
    if (status->address != NULL)
        json_object_set_new(body, "target_url", json_string(status->address));
    if (status->pipeline != NULL)
        json_object_set_new(body, "pipeline_id",
                            json_loads(status->pipeline, JSON_DECODE_ANY, NULL));
    if (status->coverage != NULL)
        json_object_set_new(body, "coverage", json_loads(status->coverage, JSON_DECODE_ANY, NULL));
    return body;
}

enum gitlab_result gitlab_status_post(struct gitlab *g, const char *commit,
                                      const struct gitlab_status *status, struct arena *mem,
                                      struct error *err)
{
    struct http_answer answer;
    struct error why = {0};
    const char *path =
        gitlab_of_project(g, arena_printf(mem, "/statuses/%s", gitlab_encoded(commit, mem)), mem);
    enum gitlab_result result =
        gitlab_send(g, HTTP_POST, path, status_body(status), mem, &answer, &why);
    if (result == GITLAB_DECLINED && strstr(why.what, "Cannot transition status") != NULL)
        return GITLAB_DONE;
    if (result != GITLAB_DONE)
        *err = why;
    return result;
}

enum gitlab_result gitlab_commit(struct gitlab *g, const char *name, struct arena *mem,
                                 const char **commit, struct error *err)
{
    json_auto_t *json = NULL;
    struct http_answer answer;
    const char *rest = arena_printf(mem, "/repository/commits/%s", gitlab_encoded(name, mem));
    enum gitlab_result result =
        gitlab_get(g, gitlab_of_project(g, rest, mem), mem, &json, &answer, err);
    if (result != GITLAB_DONE)
        return result;
    *commit = gitlab_sha(json, "id", mem);
    return *commit != NULL ? GITLAB_DONE : gitlab_odd("names no commit", err);
}

enum gitlab_result gitlab_file(struct gitlab *g, const char *path, const char *commit,
                               struct arena *mem, const char **text, size_t *len, struct error *err)
{
    const char *rest = arena_printf(mem, "/repository/files/%s/raw?ref=%s",
                                    gitlab_encoded(path, mem), gitlab_encoded(commit, mem));
    return gitlab_bytes(g, gitlab_of_project(g, rest, mem), mem, text, len, err);
}
