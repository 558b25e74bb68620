/* What the history of a GitOps repository says of versions: which service's changed in which
 * environment and region, where and when.
 */
#ifndef GATES_DELIVERY_SIGHTING_H
#define GATES_DELIVERY_SIGHTING_H

#include "gates/delivery/delivery.h"

/* One version in a file, as it was at some commit. */
struct seen {
    uint32_t layout; /* index in the configuration */
    const char *path, *service, *environment;
    const char *region; /* "": none */
    const char *version;
    uint64_t rest; /* a digest of what else is said of it there */
};

struct seens ARRAY(struct seen);

/* One change of it. */
struct sighting {
    uint32_t layout;
    const char *path, *service, *environment;
    const char *region;  /* "": none */
    const char *version; /* NULL: the file says none any more */
    const char *before; /* what was said until then, in this file or in the one it moved from; NULL:
                           nothing. The version itself: it moved, or `same` */
    bool same;          /* the version stayed, something else of it changed: configuration */
    const char *commit; /* of the GitOps repository, hexadecimal */
    int64_t at_s;   /* of the commit on the first-parent line, never before that of its parent */
    uint32_t order; /* its place on that line, or among those of several repositories; ascending, of
                       one commit the same */
    const char *author; /* name <address> */
    bool bot;
};

/* A file that could not be read for a while, and said what it had said before. */
struct unreadable {
    int64_t from_s, until_s; /* INT64_MAX: it still cannot be read */
    const char *text;        /* `commit:path:line:column: what is wrong` */
};

struct sightings {
    struct sighting *items; /* by order, then service, environment, region */
    size_t count, room;
    struct ARRAY(struct unreadable) unreadable; /* by from_s */
    struct words overlooked; /* paths at the last commit that would count if only their environment
                                or region were listed */
};

/* The changes between what some files said before and after a commit, added to `sightings`; the
 * members that tell of the commit are taken from `commit`. What one file says no more and another
 * one now says of the same service, environment and region has moved. Both lists are sorted. */
void sightings_compare(struct seens *before, struct seens *after, const struct sighting *commit,
                       struct arena *mem, struct sightings *sightings);

/* Puts those of another repository among `all`, by their time; of one moment the ones that were
 * there come first. Commits of one repository keep their order. Only `items` of either is looked
 * at. */
void sightings_merge(struct sightings *all, const struct sightings *other, struct arena *mem);

#endif
