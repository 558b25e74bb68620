/* A delivery configuration with the files that it includes.
 *
 * Like a policy it comes from one place: the work tree, a commit of this clone, or where the
 * command line says. What it includes lies beside it, in the same place.
 */
#ifndef RUNNER_COMMAND_DELIVERYFILE_H
#define RUNNER_COMMAND_DELIVERYFILE_H

#include "gates/delivery/delivery.h"
#include "runner/command/policysource.h"

#define DELIVERY_FILE "delivery.yml"

struct delivery_wanted {
    const struct policy_source *source; /* of `path`; NULL: `file` */
    const char *path;                   /* from the root */
    const char *file;                   /* from the current directory */
};

/* The folder that `file` lies in, absolute: paths in it begin there. NULL with err: none. */
const char *deliveryfile_folder(const char *file, struct arena *mem, struct error *err);

/* The text of it; bytes NULL: `source` has no such file. False with err: it cannot be read, or
 * `file` is not there. */
NODISCARD bool deliveryfile_text(const struct delivery_wanted *wanted, struct arena *mem,
                                 struct policy_text *text, struct error *err);

/* Mistakes of all files go to `found`: it may be used only when there is none. False with err: a
 * file could not be read. */
NODISCARD bool deliveryfile_load(const struct delivery_wanted *wanted,
                                 const struct policy_text *text, struct arena *mem,
                                 struct delivery *delivery, struct problems *found,
                                 struct error *err);

#endif
