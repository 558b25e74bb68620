/* Where git looks for a repository's hooks.
 *
 * The one question for which the user's and the machine's git configuration is read: git obeys
 * their core.hooksPath as well.
 */
#ifndef RUNNER_HISTORY_HOOKS_H
#define RUNNER_HISTORY_HOOKS_H

#include "runner/history/history.h"

struct hooks {
    const char *directory; /* absolute, links followed; it need not be there yet */
    bool configured;       /* core.hooksPath says so */
    bool inside; /* it lies in the git directory that all work trees of this repository share */
};

/* False: the repository, which was opened, or the configuration cannot be read. */
NODISCARD bool history_hooks(const struct history *history, struct arena *mem, struct hooks *hooks,
                             struct error *err);

#endif
