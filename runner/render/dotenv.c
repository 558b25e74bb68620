/* The verdict as variables for later jobs of a pipeline (artifacts:reports:dotenv).
 *
 * GitLab's rules: KEY=VALUE lines without quotes, comments and empty lines, at most 5 KiB and, on
 * the smallest plan, 20 variables. Whoever may write a variable can change what later jobs do, so
 * there are numbers and words of ours in it and nothing from a report or a policy. */
#include <inttypes.h>

#include "runner/render/render.h"

static void put_counts(FILE *out, const char *what, const size_t counts[OUTCOME_COUNT])
{
    static const char *const keys[OUTCOME_COUNT] = {
        [OUTCOME_PASSED] = "PASSED",   [OUTCOME_NOT_APPLICABLE] = "NOT_APPLICABLE",
        [OUTCOME_WAIVED] = "WAIVED",   [OUTCOME_WARNED] = "WARNED",
        [OUTCOME_NO_DATA] = "NO_DATA", [OUTCOME_ERROR] = "ERROR",
        [OUTCOME_FAILED] = "FAILED",
    };
    for (int o = OUTCOME_COUNT - 1; o >= 0; o--)
        fprintf(out, "QGATE_%s_%s=%zu\n", what, keys[o], counts[o]);
}

static bool render_dotenv(const struct view *view, FILE *out, struct error *err)
{
    static const char *const words[OUTCOME_COUNT] = {
        [OUTCOME_PASSED] = "passed",
        [OUTCOME_NO_DATA] = "no_data",
        [OUTCOME_ERROR] = "error",
        [OUTCOME_FAILED] = "failed",
    };
    const struct verdict *verdict = view->verdict;
    fprintf(out, "QGATE_OUTCOME=%s\n", words[verdict->outcome]);
    fprintf(out, "QGATE_EXIT_STATUS=%d\n", view->status);
    put_counts(out, "GATES", verdict->gate_counts);
    put_counts(out, "RULES", verdict->rule_counts);
    fprintf(out, "QGATE_FLAKY_TESTS=%" PRIu64 "\n", verdict->flaky);
    fprintf(out, "QGATE_SUSPECTED_FLAKY_TESTS=%" PRIu64 "\n", verdict->suspected);
    fprintf(out, "QGATE_SMALL_CHANGES=%" PRIu64 "\n", verdict->small_changes);
    fprintf(out, "QGATE_DISCLOSED=%" PRIu64 "\n", verdict->disclosed);
    return !ferror(out) || error_set(err, FAULT_SYSTEM, "the variables cannot be written");
}

const struct renderer dotenv_renderer = {
    .name = "dotenv",
    .title = "outcome and counts as variables for later jobs (GitLab's dotenv report)",
    .render = render_dotenv,
};
