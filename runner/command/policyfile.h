/* What a run is judged by: a policy file or the built-in default, what it extends, the waivers of
 * QGATE_WAIVERS and the floor.
 *
 * The files of the repository that a policy names come from where it comes from itself
 * (policysource.h); what maintainers and administrators name (the floor, waivers, site policies)
 * lies where they say. None of it is ever left out because it cannot be read.
 */
#ifndef RUNNER_COMMAND_POLICYFILE_H
#define RUNNER_COMMAND_POLICYFILE_H

#include "gates/policy/policy.h"
#include "runner/command/policysource.h"
#include "runner/context.h"
#include "runner/workplace.h"

#define POLICY_FILE_MISNAMED ".qgate.yaml" /* not read; said, for its author believes it is */
#define DEFAULT_POLICY "qgate:default"
#define SITE_DIRECTORY "/etc/qgate"

struct policy_wanted {
    const struct context *context;
    const struct policy_source *source; /* of `path`, and of what the policy names */
    const char *path;                   /* from the root; NULL: `file` */
    const char *file;  /* from the current directory; NULL as well: the default policy */
    const char *floor; /* NULL: QGATE_FLOOR's, else the site's when there is one */
};

/* The policy with what it names, without what others add to it. Mistakes of all files go to
 * `found`: the policy may be used only when there is none. False with err: a file could not be
 * read. */
NODISCARD bool policyfile_load_alone(const struct policy_wanted *wanted, struct arena *mem,
                                     struct policy *policy, struct problems *found,
                                     struct error *err);

/* Add the waivers of QGATE_WAIVERS and the floor. */
NODISCARD bool policyfile_complete(const struct policy_wanted *wanted, struct arena *mem,
                                   struct policy *policy, struct problems *found,
                                   struct error *err);

/* Both. */
NODISCARD bool policyfile_load(const struct policy_wanted *wanted, struct arena *mem,
                               struct policy *policy, struct problems *found, struct error *err);

#endif
