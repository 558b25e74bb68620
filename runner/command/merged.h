/* In a merged-results pipeline the commit that is judged is one of GitLab's making: the merge of
 * the branch and its target. Threads in the merge request stand at lines of the branch.
 */
#ifndef RUNNER_COMMAND_MERGED_H
#define RUNNER_COMMAND_MERGED_H

#include "runner/command/hearing.h"

/* Add to the findings of the verdict where they stand at `source`, the tip of the branch; does
 * nothing when that is the commit that was judged. */
void merged_place(struct hearing *hearing, const char *source);

#endif
