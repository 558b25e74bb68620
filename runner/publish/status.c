/* A status of the commit for each gate that was judged. */
#include <string.h>

#include "runner/publish/parts.h"
#include "runner/render/words.h"

enum { MOST_CHARACTERS = 255 };

static enum gitlab_state state_of(const struct publication *publication,
                                  const struct gate_ruling *gate)
{
    if (gate->outcome >= OUTCOME_NO_DATA)
        return GITLAB_FAILED;
    return publication->untrusted ? GITLAB_PENDING : GITLAB_SUCCESS;
}

static bool post_gate(struct edition *edition, const struct view *view,
                      const struct gate_ruling *gate, struct error *err)
{
    const struct publication *publication = edition->publication;
    const char *words = words_gate(edition->mem, gate);
    struct gitlab_status status = {
        .name = arena_printf(edition->mem, "qgate/%.200s", gate->gate->name),
        .state = state_of(publication, gate),
        .description = arena_printf(edition->mem, "%.*s", MOST_CHARACTERS, words),
        .address = *view->job_url == '\0' ? NULL : view->job_url,
        .pipeline = publication->pipeline,
    };
    return gitlab_status_post(edition->gitlab, view->source_commit, &status, edition->mem, err) ==
           GITLAB_DONE;
}

bool statuses_post(struct edition *edition, struct error *err)
{
    const struct views *views = &edition->publication->views;
    bool done = true;
    if (!edition->publication->wanted.status)
        return true;
    for (size_t i = 0; i < views->count; i++) {
        const struct gate_rulings *gates = &views->items[i]->verdict->gates;
        for (size_t j = 0; j < gates->count; j++)
            if (!gates->items[j].other_stage)
                done = post_gate(edition, views->items[i], &gates->items[j], err) && done;
    }
    return done;
}
