/* The files that are compiled in: the ready-made policies, the schemas, the store's migrations and
 * data, so that the program is one file. The table is written by ci/embed.sh.
 */
#ifndef GATES_POLICIES_EMBEDDED_H
#define GATES_POLICIES_EMBEDDED_H

#include <stddef.h>

struct embedded {
    const char *name; /* "default": a policy; "schema/verdict": a schema; "migration/0001";
                         "data/bands"; NULL ends the table */
    const char *text; /* the file's bytes, NUL-terminated */
    size_t size;      /* without the NUL */
};

extern const struct embedded embedded_files[];

const struct embedded *embedded_named(const char *name); /* NULL: there is none */

#endif
