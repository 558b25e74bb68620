/* Which outputs there are. */
#include <string.h>

#include "runner/exit.h"
#include "runner/render/render.h"

#define RENDERER_ENTRY(name) &name##_renderer,
const struct renderer *const renderers[] = {RENDERERS(RENDERER_ENTRY) NULL};

const struct renderer *renderer_named(const char *name)
{
    for (size_t i = 0; renderers[i] != NULL; i++)
        if (strcmp(renderers[i]->name, name) == 0)
            return renderers[i];
    return NULL;
}

bool view_fails_by_warning(const struct view *view)
{
    return view->verdict->outcome == OUTCOME_PASSED && view->status == STATUS_FAILED;
}
