/* A status of the commit for each gate that was judged. */
#include <string.h>

#include "gates/base/text.h"
#include "runner/publish/parts.h"
#include "runner/render/words.h"
#include "runner/workplace.h"

/* GitLab takes 255 characters of a name and of a description. */
enum { MOST_BYTES = 250, MOST_NAME_BYTES = 160, MOST_POLICY_BYTES = 80 };

static enum gitlab_state state_of(const struct publication *publication, const struct view *view,
                                  const struct gate_ruling *gate)
{
    if (gate->outcome >= OUTCOME_NO_DATA ||
        (gate->outcome == OUTCOME_WARNED && view_fails_by_warning(view)))
        return GITLAB_FAILED;
    return publication->untrusted ? GITLAB_PENDING : GITLAB_SUCCESS;
}

/* Of all lines, as the first rule of the gate that asks for it says; NULL: none does. */
static const char *coverage_of(const struct gate_ruling *gate, struct arena *mem)
{
    char text[48];
    for (size_t i = 0; i < gate->rulings.count; i++) {
        const struct ruling *ruling = &gate->rulings.items[i];
        const struct selector *selector = &ruling->rule->selector;
        if (selector->measure != NULL && strcmp(selector->measure->id, "coverage.lines") == 0 &&
            ruling->rule->function == FUNCTION_NONE && selector->labels.count == 0 &&
            ruling->each == NULL && ruling->value.kind == VALUE_NUMBER)
            return arena_printf(mem, "%s", number_text(text, ruling->value.number, 2));
    }
    return NULL;
}

static const char *cut(const char *text, size_t most, struct arena *mem)
{
    return text_keep(mem, text, strlen(text), most);
}

/* "qgate/unit test"; of another policy file "qgate ci/strict.yml/unit test": it may have a gate of
 * the same name. */
static const char *name_of(const struct view *view, const struct gate *gate, struct arena *mem)
{
    const char *policy = view->policy->path;
    bool usual = strcmp(policy, POLICY_FILE) == 0;
    return arena_printf(mem, "qgate%s%s/%s", usual ? "" : " ",
                        usual ? "" : cut(policy, MOST_POLICY_BYTES, mem),
                        cut(gate->name, MOST_NAME_BYTES, mem));
}

/* What a GitLab has already may be sent again: one that was lost is. */
static bool post_gate(struct edition *edition, const struct view *view,
                      const struct gate_ruling *gate, struct error *err)
{
    const struct publication *publication = edition->publication;
    struct arena *mem = edition->mem;
    const struct gitlab_status status = {
        .name = name_of(view, gate->gate, mem),
        .state = state_of(publication, view, gate),
        .description = cut(words_gate(mem, gate), MOST_BYTES, mem),
        .address = *view->job_url == '\0' ? NULL : view->job_url,
        .pipeline = publication->pipeline,
        .coverage = coverage_of(gate, mem),
    };
    struct error why = {0};
    enum gitlab_result result =
        gitlab_status_post(edition->gitlab, view->source_commit, &status, mem, &why);
    if (result == GITLAB_LOST) {
        why = (struct error){0};
        result = gitlab_status_post(edition->gitlab, view->source_commit, &status, mem, &why);
    }
    if (result != GITLAB_DONE && err->fault == FAULT_NONE)
        *err = why;
    return result == GITLAB_DONE;
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
