/* Which commit a version was built from, asked in the order that the service's configuration says:
 * what builds recorded, tags looked up by exactly one name, the number in the version itself, a
 * file of the repository. The first that names a commit of the clone counts.
 */
#ifndef RUNNER_DELIVERY_RESOLVE_H
#define RUNNER_DELIVERY_RESOLVE_H

#include "gates/delivery/delivery.h"
#include "runner/delivery/events.h"
#include "runner/history/tags.h"

struct resolver_wanted {
    const struct delivery_service *service;
    const struct history *history; /* of its repository, which has been looked into */
    const struct history_tags *tags;
    const struct events *events; /* recorded of the service; NULL: none */
    const char *tip; /* the commit whose map files count; NULL: no such commit is known */
};

struct resolution {
    const char *commit;            /* hexadecimal; NULL: none was found */
    const struct version_rule *by; /* that found it; NULL then */
    const char *why_not; /* then, in words: "no build of it was recorded; there is no tag …" */
};

struct resolver;

/* Everything that is wanted outlives it. */
struct resolver *resolver_new(const struct resolver_wanted *wanted, struct arena *mem);

/* Always an answer; a version is looked for once. */
struct resolution resolve_version(struct resolver *resolver, const char *version);

/* All that was asked so far, in that order. */
struct resolved {
    const struct words *versions;
    const struct resolution *items; /* of each version */
};

struct resolved resolver_asked(const struct resolver *resolver);

#endif
