#include "runner/store/evidence.h"

const char *const evidence_marks[] = {[TEST_MARK_FAILED] = "failed",
                                      [TEST_MARK_FLAKY] = "flaky",
                                      [TEST_MARK_SUSPECTED] = "suspected",
                                      [TEST_MARK_BESIDE] = "suite",
                                      NULL};
const char *const evidence_outcomes[] = {[TEST_PASSED] = "passed",
                                         [TEST_SKIPPED] = "skipped",
                                         [TEST_FAILURE] = "failure",
                                         [TEST_ERROR] = "error",
                                         NULL};
const char *const evidence_transactions[] = {[TRANSACTIONS_EXCLUDE] = "exclude",
                                             [TRANSACTIONS_INCLUDE] = "include",
                                             [TRANSACTIONS_ONLY] = "only",
                                             NULL};
const char *const evidence_percentiles[] = {[PERCENTILES_NEAREST] = "nearest",
                                            [PERCENTILES_LINEAR] = "linear",
                                            [PERCENTILES_JMETER] = "jmeter",
                                            NULL};
const char *const evidence_fixables[] = {
    [FIXABLE_UNKNOWN] = "unknown", [FIXABLE_NO] = "no", [FIXABLE_YES] = "yes", NULL};
