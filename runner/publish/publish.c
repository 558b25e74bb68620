#include "runner/publish/publish.h"

#include <string.h>

#include "runner/publish/parts.h"

bool edition_owns(const struct edition *edition, const struct gitlab_note *note, const char *marker)
{
    size_t len = strlen(note->body), size = strlen(marker);
    while (len > 0 && strchr("\r\n ", note->body[len - 1]) != NULL)
        len--;
    return !note->system && note->author == edition->user.id && len >= size &&
           strncmp(note->body + len - size, marker, size) == 0 &&
           (len == size || note->body[len - size - 1] == '\n');
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

bool publish(const struct publication *publication, struct error *err)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct edition edition = {
        .publication = publication, .gitlab = publication->gitlab, .mem = mem};
    if (!begin(&edition, err))
        return false;
    /* each is tried: one that fails takes nothing from the others */
    bool threads = threads_sync(&edition, err);
    bool note = note_sync(&edition, err);
    bool statuses = statuses_post(&edition, err);
    return threads && note && statuses;
}

bool publish_with(const struct context *context, const struct connect_wanted *wanted,
                  struct publication *publication, struct arena *mem, struct error *err)
{
    AUTO(close_connection) struct connection connection = {0};
    if (!connect_open(&connection, context, wanted, mem, err))
        return false;
    publication->gitlab = &connection.gitlab;
    return publish(publication, err);
}
