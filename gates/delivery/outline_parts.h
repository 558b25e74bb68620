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
};

struct drawing {
    struct arena *mem;
    struct outline *outline;
    struct ARRAY(struct track) tracks;
};

/* The layouts of all tracks that are not dropped. */
void outline_layouts(struct drawing *d);

/* Their services, environments, regions and versions. */
void outline_names(struct drawing *d);

#endif
