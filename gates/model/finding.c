#include "gates/model/finding.h"

#include <stdio.h>
#include <string.h>

#include "gates/base/arena.h"

const char *finding_identity(struct arena *mem, const char *const fields[], size_t count)
{
    enum { LENGTH_BYTES = 21 }; /* digits of a size and the colon */
    size_t room = 1;
    for (size_t i = 0; i < count; i++)
        room += LENGTH_BYTES + (fields[i] == NULL ? 0 : strlen(fields[i]));
    char *text = arena_alloc(mem, room);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const char *field = fields[i] == NULL ? "" : fields[i];
        used += (size_t)snprintf(text + used, room - used, "%zu:%s", strlen(field), field);
    }
    return text;
}
