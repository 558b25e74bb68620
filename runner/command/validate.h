/* Inside `qgate validate`: delivery configurations. */
#ifndef RUNNER_COMMAND_VALIDATE_H
#define RUNNER_COMMAND_VALIDATE_H

#include "runner/command/command.h"
#include "runner/command/deliveryfile.h"

/* Is the file a delivery configuration, by its keys? Where it is not YAML its name says it. False
 * as well when it cannot be read: whoever reads it next says why. */
bool delivery_is_wanted(const struct delivery_wanted *wanted);

/* Every mistake of it, or what it holds in one line and what of it has no effect yet. */
enum status validate_delivery(const struct delivery_wanted *wanted);

#endif
