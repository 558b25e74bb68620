/* Every key a delivery configuration may hold, in one table (gates/policy/keys.h). Keys of entries
 * belong to the part that is named before the point: `services.project`, `version.tag` of an entry
 * of a service's `version`, `included.teams` of a file that is included.
 */
#ifndef GATES_DELIVERY_KEYS_H
#define GATES_DELIVERY_KEYS_H

#include "gates/policy/keys.h"

extern const struct key delivery_keys[];
extern const struct language delivery_language;

#endif
