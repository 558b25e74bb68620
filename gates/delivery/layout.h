/* The layouts of a GitOps repository: which of its files say versions, and what they say.
 *
 * Nothing here touches a repository: a path and a text are handed in.
 */
#ifndef GATES_DELIVERY_LAYOUT_H
#define GATES_DELIVERY_LAYOUT_H

#include "gates/base/hash.h"
#include "gates/delivery/choose.h"
#include "gates/delivery/sighting.h"

struct layout {
    uint32_t index; /* in the configuration */
    const struct delivery_layout *given;
    const char *prefix; /* the folder with its slash in which all of its files lie; "": any */
    struct template file, name;
    struct template shape; /* of `file`, whatever stands in the place of names */
    struct choice select;
};

struct layouts {
    struct known known;
    struct ARRAY(struct layout) items;
    char digest[DIGEST_HEX]; /* of all that decides what is read of a file */
};

/* Those of one repository of the configuration. False, with the place: a `select` cannot be
 * understood. */
NODISCARD bool layouts_of(const struct delivery *delivery, const char *repository,
                          struct arena *mem, struct layouts *layouts, struct error *err);

/* May a file that counts lie below the folder ("" or with its slash at the end)? */
bool layouts_reach(const struct layouts *layouts, const char *folder);

/* Does the file count, by its path? */
bool layouts_match(const struct layouts *layouts, const char *path, struct arena *mem);

/* Does it not, only because it is of an environment or region that nobody listed? */
bool layouts_overlook(const struct layouts *layouts, const char *path, struct arena *mem);

/* Adds what a file says, with its path. Where it says two versions of one service in one
 * environment and region, the earlier layout counts, then what stands first. False: it cannot be
 * read, and `found` says why; nothing is added then. */
NODISCARD bool layouts_read(const struct layouts *layouts, const char *path, const char *text,
                            size_t len, struct arena *mem, struct seens *seens,
                            struct problems *found);

#endif
