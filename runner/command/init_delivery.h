/* `qgate init --delivery PATH`: a first delivery.yml from the files of a GitOps repository. */
#ifndef RUNNER_COMMAND_INIT_DELIVERY_H
#define RUNNER_COMMAND_INIT_DELIVERY_H

#include "runner/command/command.h"
#include "runner/render/page.h"

/* Reads HEAD's tree of the repository at `path` and writes delivery.yml beside .qgate.yml; never
 * over a file that is there. */
enum status init_delivery(const struct context *context, const struct page *page, const char *path);

#endif
