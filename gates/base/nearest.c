#include "gates/base/nearest.h"

#include <string.h>
#include <strings.h>

#include "gates/base/arena.h"
#include "gates/base/text.h"

enum { FURTHEST = 2 };

void nearest_try(struct nearest *nearest, const char *known)
{
    unsigned most = nearest->found == NULL ? FURTHEST + 1 : nearest->distance;
    unsigned distance =
        strcasecmp(nearest->asked, known) == 0 ? 0 : text_distance(nearest->asked, known, FURTHEST);
    if (distance >= most || distance >= strlen(nearest->asked))
        return;
    nearest->found = known;
    nearest->distance = distance;
}

void nearest_try_list(struct nearest *nearest, const char *list, struct arena *mem)
{
    for (const char *at = list; at != NULL && *at != '\0';) {
        size_t size = strcspn(at, " ");
        nearest_try(nearest, arena_copy(mem, at, size));
        at += size + (at[size] == ' ');
    }
}

const char *nearest_hint(const struct nearest *nearest, struct arena *mem)
{
    if (nearest->found == NULL)
        return "";
    return arena_printf(mem, "; did you mean '%s'?", nearest->found);
}
