/* The parts of `qgate explain`. */
#ifndef RUNNER_COMMAND_EXPLAIN_H
#define RUNNER_COMMAND_EXPLAIN_H

#include "gates/policy/policy.h"
#include "runner/context.h"
#include "runner/exit.h"
#include "runner/render/page.h"

/* A rule on the measure that loads, under the name `id` (NULL: its own); NULL: the function means
 * nothing there. */
const char *explain_example(const struct measure *measure, const char *id, enum function function,
                            struct arena *mem);

/* What it means, how it is written and how it gets better. `name` is what was asked for: an id, or
 * a shorthand like vulnerabilities.critical. */
void explain_measure(const struct page *page, const char *name, const struct selector *selector,
                     struct arena *mem);

/* What it demands; `text` as given. */
void explain_rule(const struct page *page, const char *text, const struct rule *rule,
                  struct arena *mem);

/* Why a saved verdict came out as it did, and what to do first. The file is hostile. False: it
 * cannot be read or is no verdict. */
NODISCARD bool explain_verdict(const struct page *page, const char *path, struct arena *mem,
                               struct error *err);

/* How the paths of coverage reports and those of the repository go together, and which changed
 * files must be in a report. `reports`: files; none: those of the work tree's policy, or that lie
 * about. */
enum status explain_paths(const struct context *context, const struct page *page,
                          const struct words *reports);

/* Which deployed versions led to commits, and what would help the others. No data: one did not.
 * `file`: the delivery configuration; NULL: delivery.yml at the root. */
enum status explain_versions(const struct context *context, const struct page *page,
                             const char *file);

#endif
