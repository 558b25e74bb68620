#include "gates/policies/embedded.h"

#include <string.h>

const struct embedded *embedded_named(const char *name)
{
    for (const struct embedded *file = embedded_files; file->name != NULL; file++)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}
