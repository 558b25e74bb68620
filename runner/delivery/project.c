#include "runner/delivery/project.h"

#include <string.h>

#include "runner/history/origin.h"
#include "runner/store/keys.h"

static void by_path(struct project *project, const char *host, const char *path)
{
    *project = (struct project){
        .id = store_project_id("git", host, path),
        .provider = "git",
        .base_url = host,
        .external_id = path,
        .path = path,
    };
}

void project_here(const struct ci *ci, const struct history *history, struct arena *mem,
                  struct project *project)
{
    *project = (struct project){0};
    if (ci->project != NULL && ci->project_path != NULL) {
        const char *server = ci->server == NULL ? "" : ci->server;
        *project = (struct project){
            .id = store_project_id("gitlab", server, ci->project),
            .provider = "gitlab",
            .base_url = server,
            .external_id = ci->project,
            .path = ci->project_path,
            .default_ref = ci->default_branch,
        };
    } else if (history->root != NULL) {
        struct origin origin;
        history_origin(history, mem, &origin);
        by_path(project, origin.host, origin.path);
    }
}

void project_named(const char *path, const struct project *here, struct arena *mem,
                   struct project *project)
{
    if (here->path != NULL && strcmp(here->path, path) == 0)
        *project = *here;
    else
        by_path(project, here->id == 0 ? "" : origin_host(here->base_url, mem), path);
}

void project_put(struct store_batch *batch, const struct project *project)
{
    const struct store_project_row row = {
        .project_id = store_integer(project->id),
        .provider = store_text(project->provider),
        .base_url = store_text(project->base_url),
        .external_id = store_text(project->external_id),
        .path = store_text(project->path),
        .default_ref = store_text(project->default_ref == NULL ? "main" : project->default_ref),
    };
    if (project->id != 0)
        store_put_project(batch, &row);
}

/* --- the way back ----------------------------------------------------------------------------- */

struct finder {
    struct arena *mem;
    const char *host; /* "": whichever */
    struct project_ids *ids;
};

static void take_project(void *state, const struct store_value *columns)
{
    struct finder *finder = state;
    const char *url = columns[1].kind == STORE_TEXT ? columns[1].text : "";
    bool same = *finder->host == '\0' || *url == '\0' ||
                strcmp(origin_host(url, finder->mem), finder->host) == 0;
    if (same)
        array_push(finder->mem, finder->ids, columns[0].integer);
}

bool projects_at(struct store *store, const char *path, const char *server, struct arena *mem,
                 struct project_ids *ids, struct error *err)
{
    struct finder finder = {mem, server == NULL ? "" : origin_host(server, mem), ids};
    const struct store_value value = store_text(path);
    const struct store_question question = {.query = QUERY_PROJECTS_AT,
                                            .values = &value,
                                            .count = 1,
                                            .row = take_project,
                                            .state = &finder};
    *ids = (struct project_ids){0};
    return store_ask(store, &question, err);
}
