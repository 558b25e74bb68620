/* Versions in the files of a GitOps repository, before anybody has said where to look: images of
 * Kustomize, values of Helm, dependencies of charts, applications of Argo CD, images of plain
 * manifests.
 */
#ifndef GATES_DELIVERY_FINDS_H
#define GATES_DELIVERY_FINDS_H

#include "gates/delivery/delivery.h"

enum find_kind { FIND_KUSTOMIZE, FIND_VALUES, FIND_CHART, FIND_APPLICATION, FIND_MANIFEST };

struct find {
    enum find_kind kind;
    const char *path;
    const char *name;   /* what the document calls it: the image without its registry, the key, the
                           dependency, metadata.name; NULL: the path has to say it */
    const char *before; /* of the name: of an image "*" and a slash or "", of a value the keys above
                           it with their points; of an application its source; of a manifest the
                           container: "0", or "name=" when it has the manifest's name */
    const char *image;  /* of a manifest: as Kustomize may call it; otherwise NULL */
    const char *version;
    const char *project; /* where the image lies in its registry, as projects do; NULL: not said */
};

struct finds ARRAY(struct find);

/* Can it be the name of a service? */
bool finds_is_name(const char *name);

/* May the file hold some, by its name? */
bool finds_wanted(const char *path);

/* Adds what the file says. What cannot be read, or written as a template, is passed over: it is no
 * business of a first look. */
void finds_read(const char *path, const char *text, size_t len, struct arena *mem,
                struct finds *finds);

#endif
