/* A first delivery configuration, drawn from the versions that were found in a GitOps repository:
 * their paths made into layouts, with the services, environments and regions that these name.
 */
#ifndef GATES_DELIVERY_OUTLINE_H
#define GATES_DELIVERY_OUTLINE_H

#include "gates/base/names.h"
#include "gates/delivery/finds.h"

struct outline_layout {
    enum find_kind kind;
    const char *file, *select;
    const char *name; /* of an application or a manifest; otherwise NULL */
    struct words services;
};

struct outline_service {
    const char *name;
    const char *version; /* one that runs */
    const char *project; /* NULL: nothing hints at it */
};

struct outline_environment {
    const char *name;
    struct words regions;          /* sorted */
    bool guessed, guessed_regions; /* by folders beside others that hold the same */
};

/* A version that a layout is to find. */
struct outline_version {
    const char *path, *service, *environment;
    const char *region; /* "": none */
    const char *version;
};

struct outline {
    struct ARRAY(struct outline_layout) layouts;
    struct ARRAY(struct outline_service) services;         /* by name */
    struct ARRAY(struct outline_environment) environments; /* by tier, then name */
    struct ARRAY(struct outline_version) versions;
    struct words without_environment; /* paths beside others that name one */
    struct words without_service;     /* paths that tell no service */
    bool one_environment;             /* no path names one: all is taken for production */
};

/* The finds are in the order of their paths. */
void outline_draw(const struct finds *finds, struct arena *mem, struct outline *outline);

/* Where it is from, for its text. */
struct outline_origin {
    const char *repository;   /* a name for it: "clusters" */
    const char *url, *branch; /* as an entry of `repositories` has them; branch NULL: HEAD's */
    const char *gitlab;       /* "https://gitlab.example"; NULL: not known */
    const char *commit;       /* hexadecimal */
    bool needs_token;
};

/* The configuration in YAML, with `# ?` behind what needs a person; *marks: how many these are. */
const char *outline_text(const struct outline *outline, const struct outline_origin *origin,
                         struct arena *mem, size_t *marks);

/* "ledger, fees and 12 more": at most so many of them are named. */
const char *outline_some(const struct words *words, size_t most, struct arena *mem);

#endif
