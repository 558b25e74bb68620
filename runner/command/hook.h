/* What `qgate hook install` leaves in git's hooks directory, how it is known again, and what it
 * does.
 */
#ifndef RUNNER_COMMAND_HOOK_H
#define RUNNER_COMMAND_HOOK_H

#include "gates/base/arena.h"
#include "runner/context.h"
#include "runner/exit.h"

#define HOOK_FILE "pre-push"
#define HOOK_BEFORE "pre-push.before-qgate" /* what was there before: it runs first */

/* The script, for this program at `program` (absolute). */
const char *hook_script(const char *program, struct arena *mem);

/* Was a file that begins so written by any version of hook_script()? */
bool hook_is_ours(const char *text);

/* Judge the branches that standard input names, as git does for a pre-push hook. Only what failed
 * is a status other than 0. `remote`: its name or address. */
enum status hook_run(const struct context *context, const char *remote);

#endif
