/* What people are called in what is shown and kept: nothing, a hash, or their address, as the
 * delivery configuration's `people` says.
 *
 * The hash has a key, or anyone could hash the addresses of all colleagues and compare. The key is
 * QGATE_PEOPLE_KEY, what QGATE_PEOPLE_KEY_FILE holds, or else one that this work tree makes for
 * itself, `.qgate/people.key`: who wants the same names everywhere shares one.
 */
#ifndef RUNNER_DELIVERY_PEOPLE_H
#define RUNNER_DELIVERY_PEOPLE_H

#include "gates/delivery/delivery.h"
#include "runner/context.h"
#include "runner/workplace.h"

struct people_wanted {
    const struct context *context;
    const struct workplace *place; /* its repository has been looked into */
    enum people how;
    bool read_only; /* no key is made: of a merge request */
};

/* A label for each address (in small letters); none at all when people have none, or no key is
 * there and none is made. False: the key cannot be read, or is none. */
NODISCARD bool people_labels(const struct people_wanted *wanted, const struct words *addresses,
                             struct arena *mem, struct words *labels, struct error *err);

#endif
