/* Inside outline.c and outline_layouts.c: versions on their way into layouts. */
#ifndef GATES_DELIVERY_OUTLINE_PARTS_H
#define GATES_DELIVERY_OUTLINE_PARTS_H

#include "gates/delivery/outline.h"
#include "gates/delivery/places.h"

enum { MOST_PARTS = 32 }; /* of a path in which a service is guessed, or folders are alike */

struct track {
    const struct find *find;
    struct places places;
    struct words parts;  /* of the template of its path */
    const char *name;    /* template of an application's name; otherwise NULL */
    const char *service; /* NULL while it is not known */
    bool in_path;        /* the path holds the service */
    bool dropped;        /* it becomes no part of a layout */
    bool guessed_environment, guessed_region; /* by the folders beside it */
};

struct drawing {
    struct arena *mem;
    struct outline *outline;
    struct ARRAY(struct track) tracks;
};

struct words outline_split(const char *path, struct arena *mem);

/* What parts a track's layout from others, its path as it is now. */
const char *outline_key(const struct track *track, struct arena *mem);

/* Folders whose names nobody knows, beside others that hold the same files: of one without an
 * environment its name is one, when it stands where others have theirs; otherwise, when most of
 * what they hold says the same services in the same environment, their names are regions. */
void siblings_environments(struct drawing *d);
void siblings_regions(struct drawing *d);

/* The layouts of all tracks that are not dropped. */
void outline_layouts(struct drawing *d);

/* Their services, environments, regions and versions. */
void outline_names(struct drawing *d);

#endif
