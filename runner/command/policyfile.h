/* Finding and loading the policy: a file, or the built-in default. */
#ifndef RUNNER_COMMAND_POLICYFILE_H
#define RUNNER_COMMAND_POLICYFILE_H

#include "gates/policy/policy.h"
#include "runner/context.h"

#define POLICY_FILE ".qgate.yml"
#define DEFAULT_POLICY "qgate:default"

/* Load the policy file `path` (from the current directory) under the name `shown`. Mistakes go to
 * `found`; false with err: it could not be read. */
NODISCARD bool policyfile_load(const char *path, const char *shown, struct arena *mem,
                               struct policy *policy, struct problems *found, struct error *err);

/* The default policy; it has no mistake. */
void policyfile_default(struct arena *mem, struct policy *policy);

#endif
