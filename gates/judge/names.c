#include "gates/judge/verdict.h"

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[OUTCOME_COUNT] = {
        [OUTCOME_PASSED] = "passed",   [OUTCOME_NOT_APPLICABLE] = "not applicable",
        [OUTCOME_WAIVED] = "waived",   [OUTCOME_WARNED] = "warned",
        [OUTCOME_NO_DATA] = "no data", [OUTCOME_ERROR] = "error",
        [OUTCOME_FAILED] = "failed",
    };
    return names[outcome];
}
