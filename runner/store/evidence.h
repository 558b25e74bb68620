/* Saved evidence: what the reports of one commit said, small enough to keep (baselines).
 *
 * One JSON object, described by schemas/evidence.schema.json. Everything that a measure needs is in
 * it, and nothing else: no message, no single test that passed. Line maps and histograms are texts
 * of runs. What is read back gives every measure the value it had.
 *
 * The same evidence gives the same bytes. A file may come from anywhere: reading is bounded by the
 * ceilings of reports, and what does not fit is an error that names it.
 */
#ifndef RUNNER_STORE_EVIDENCE_H
#define RUNNER_STORE_EVIDENCE_H

#include <stdio.h>

#include "gates/model/evidence.h"

/* `evidence` is settled. False: it could not be written. */
NODISCARD bool evidence_write(const struct evidence *evidence, FILE *out, struct error *err);

/* False: it is not evidence, of a later version, damaged, or passes a ceiling. */
NODISCARD bool evidence_read(const char *text, size_t len, struct arena *mem,
                             struct evidence *evidence, struct error *err);

/* The words that stand in the file for what is an enum here; each list ends with NULL. */
extern const char *const evidence_marks[];        /* enum test_mark */
extern const char *const evidence_outcomes[];     /* enum test_outcome */
extern const char *const evidence_transactions[]; /* enum load_transactions */
extern const char *const evidence_percentiles[];  /* enum load_percentiles */
extern const char *const evidence_fixables[];     /* enum fixable */

enum { EVIDENCE_VERSION = 1 };

#endif
