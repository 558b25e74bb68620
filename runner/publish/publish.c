#include "runner/publish/publish.h"

#include <string.h>

#include "runner/publish/parts.h"

/* Of the time for the network: threads, which may be many, leave it to the note and the statuses.
 */
enum { RESERVE_MS = HTTP_BUDGET_MS / 3 };

const char *edition_last_line(const struct edition *edition, const struct gitlab_note *note)
{
    size_t len = strlen(note->body), begin;
    if (note->system || note->author != edition->user.id)
        return NULL;
    while (len > 0 && strchr("\r\n ", note->body[len - 1]) != NULL)
        len--;
    for (begin = len; begin > 0 && note->body[begin - 1] != '\n'; begin--)
        ;
    return arena_copy(edition->mem, note->body + begin, len - begin);
}

bool edition_list(struct edition *edition, struct error *err)
{
    return gitlab_discussions(edition->gitlab, edition->mem, &edition->discussions, err) ==
           GITLAB_DONE;
}

/* A newer commit has its own pipeline, which speaks for it. */
static bool is_of_head(const struct edition *edition, const struct gitlab_merge_request *request,
                       struct error *err)
{
    const struct views *views = &edition->publication->views;
    for (size_t i = 0; i < views->count; i++) {
        const char *commit = views->items[i]->source_commit;
        if (strcmp(commit, request->head) == 0)
            continue;
        error_set(err, FAULT_REMOTE,
                  "the verdict is of commit %.12s, the merge request is at %.12s",
                  *commit == '\0' ? "(not known)" : commit, request->head);
        return error_hint(err, "the pipeline of the newest commit publishes its own verdict");
    }
    return true;
}

static bool begin(struct edition *edition, struct error *err)
{
    struct gitlab *gitlab = edition->gitlab;
    struct gitlab_merge_request request;
    return gitlab_merge_request(gitlab, edition->mem, &request, err) == GITLAB_DONE &&
           is_of_head(edition, &request, err) &&
           gitlab_user(gitlab, edition->mem, &edition->user, err) == GITLAB_DONE &&
           edition_list(edition, err);
}

/* An address that a file names is shown only when it is one of this GitLab. */
static void distrust_links(const struct publication *publication)
{
    const char *api = publication->gitlab->api, *end = strstr(api, "/api/v4");
    size_t len = end == NULL ? strlen(api) : (size_t)(end - api);
    for (size_t i = 0; publication->untrusted && i < publication->views.count; i++) {
        struct view *view = publication->views.items[i];
        if (strncmp(view->job_url, api, len) != 0 || view->job_url[len] != '/')
            view->job_url = "";
    }
}

bool publish(const struct publication *publication, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct edition edition = {
        .publication = publication, .gitlab = publication->gitlab, .mem = mem};
    distrust_links(publication);
    if (!begin(&edition, err))
        return false;
    /* each is tried: one that fails takes nothing from the others */
    int64_t *spent_ms = edition.gitlab->http->spent_ms;
    *spent_ms += RESERVE_MS;
    bool threads = threads_sync(&edition, err);
    *spent_ms -= RESERVE_MS;
    bool note = note_sync(&edition, err);
    bool statuses = statuses_post(&edition, err);
    return threads && note && statuses;
}

bool publish_with(const struct context *context, const struct connect_wanted *wanted,
                  const struct publication *publication, struct arena *mem, struct error *err)
{
    AUTO(close_connection) struct connection connection = {0};
    if (!connect_open(&connection, context, wanted, mem, err))
        return false;
    struct publication with = *publication;
    with.gitlab = &connection.gitlab;
    return publish(&with, err);
}
