/* Versions as they stand in GitOps files and records, and what they say about the commit that they
 * were built from. Pure: what tags, commits and builds there are is for others to know.
 */
#ifndef GATES_DELIVERY_VERSION_H
#define GATES_DELIVERY_VERSION_H

#include "gates/base/array.h"
#include "gates/base/names.h"

/* The name of the tag that a template (version_rule.text) gives a version: "ledger/v1.4.2". */
const char *version_tag(const char *template, const char *service, const char *version,
                        struct arena *mem);

/* The next part of a version that may be the beginning of a commit's name: 7 to 40 hexadecimal
 * digits with none beside them. *at moves behind it; NULL: there is no more. A date may be one, so
 * such a commit has to exist. */
const char *version_hex(const char **at, size_t *len);

/* What a reference to an image says of its version, behind HOST:PORT/NAME: TAG, TAG@DIGEST or
 * DIGEST of `NAME@DIGEST`. NULL: nothing, or none that could be pulled ("app:$TAG"). */
const char *version_of_image(const char *reference);

/* The next thing that a version may be known by, the surest first: all of it; of TAG@DIGEST, as
 * images are pinned, then DIGEST and TAG. *step begins with 0; NULL: there is no more. */
const char *version_part(const char *version, unsigned *step, struct arena *mem);

/* A file that says which commit a version was built from. */
struct version_map {
    struct names versions;
    struct words commits; /* of each: 7 to 40 hexadecimal digits, lower case */
};

/* Lines `VERSION COMMIT`, # begins a comment; or a YAML map of versions to commits. What is said
 * twice counts as it was said last. False: a line is neither, or a commit is none. */
NODISCARD bool version_map_read(const char *path, const char *text, size_t len, struct arena *mem,
                                struct version_map *map, struct error *err);

/* NULL: it is not in the map. */
const char *version_map_find(const struct version_map *map, const char *version);

struct version_proposal {
    const char *template; /* "{service}-v{version}"; NULL: no tags look like the versions */
    size_t found;         /* how many of the versions that were looked at have such a tag */
};

/* The template by which most of the first 50 of these versions, each given once, would have a tag.
 */
void version_propose(const char *service, const struct words *versions, const struct words *tags,
                     struct arena *mem, struct version_proposal *proposal);

#endif
