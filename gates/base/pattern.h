/* Regular expressions of a policy (`=~`, `!~`): PCRE2, bounded.
 *
 * A policy comes from a branch and is hostile: patterns have at most 256 bytes, texts at most 512,
 * and matching stops at a number of steps (limits.h). Running into one of those is an error, never
 * a "no". Patterns are anchored at both ends.
 */
#ifndef GATES_BASE_PATTERN_H
#define GATES_BASE_PATTERN_H

#include <stddef.h>

#include "gates/base/error.h"

struct arena;
struct pattern;

/* NULL: refused, err says why (FAULT_POLICY). Lives as long as the arena. */
struct pattern *pattern_new(struct arena *mem, const char *text, struct error *err);

/* Sets *matches. False: the text is too long or the match ran into a limit. */
NODISCARD bool pattern_matches(const struct pattern *pattern, const char *text, size_t len,
                               bool *matches, struct error *err);

#endif
