/* The metrics of SonarQube and their types.
 *
 * After "Understanding measures and metrics" and "Metric definitions" of the SonarQube Server
 * documentation, versions 7.9 to 2025.1, and CoreMetrics of its plug-in API. Efforts are minutes.
 * Ratings are 1 to 5, A to E. Metrics whose value is a text are left out.
 */
#include <string.h>

#include "gates/measure/take.h"

/* clang-format off */
#define METRIC(key, of_unit, way, within, in_scopes, says)                                         \
    {.id = "sonar." key, .family = FAMILY_SONAR, .unit = (of_unit), .better = (way),               \
     .bounds = (within), .scopes = (in_scopes), .formats = "sonarqube", .meaning = (says),         \
     .improve = "open the metric in SonarQube, under Measures, and work off what it lists",        \
     .take = take_fact}

#define COUNT(key, way, says)                                                                      \
    METRIC(key, UNIT_COUNT, BETTER_##way, BOUNDS_COUNT, "delta growth", says)
#define PERCENT(key, way, says)                                                                    \
    METRIC(key, UNIT_PERCENT, BETTER_##way, BOUNDS_PERCENT, "delta", says)
#define RATIO(key, says) /* may exceed 100 % */                                                    \
    METRIC(key, UNIT_PERCENT, BETTER_DOWN, BOUNDS_ZERO, "delta", says)
#define MEAN(key, says) METRIC(key, UNIT_COUNT, BETTER_DOWN, BOUNDS_ZERO, "delta growth", says)
#define EFFORT(key, says)                                                                          \
    METRIC(key, UNIT_MINUTES, BETTER_DOWN, BOUNDS_ZERO, "delta growth", says)
#define RATING(key, says) METRIC(key, UNIT_RATING, BETTER_DOWN, BOUNDS_RATING, NULL, says)

/* A metric of all code and its twin for new code. */
#define ON_NEW(kind, key, way, says)                                                               \
    kind(key, way, says), kind("new_" key, way, says ", in new code")
#define ON_NEW_ALIKE(kind, key, says) kind(key, says), kind("new_" key, says ", in new code")

const struct measure sonar_metrics[] = {
    {.id = "sonar.alert_status", .family = FAMILY_SONAR, .unit = UNIT_WORD,
     .better = BETTER_NEITHER, .words = "OK WARN ERROR NONE", .formats = "sonarqube",
     .meaning = "the state of SonarQube's own quality gate, as a metric", .take = take_fact,
     .improve = "look at the failing conditions of the quality gate in SonarQube"},
    RATING("releasability_rating", "the worst rating of the quality gates below"),

    ON_NEW(COUNT, "violations", DOWN, "issues"),
    ON_NEW(COUNT, "blocker_violations", DOWN, "issues of severity blocker"),
    ON_NEW(COUNT, "critical_violations", DOWN, "issues of severity critical"),
    ON_NEW(COUNT, "major_violations", DOWN, "issues of severity major"),
    ON_NEW(COUNT, "minor_violations", DOWN, "issues of severity minor"),
    ON_NEW(COUNT, "info_violations", DOWN, "issues of severity info"),
    ON_NEW(COUNT, "accepted_issues", DOWN, "issues marked as accepted"),
    COUNT("high_impact_accepted_issues", DOWN, "accepted issues with a high or blocker impact"),
    COUNT("false_positive_issues", DOWN, "issues marked as false positives"),
    COUNT("wont_fix_issues", DOWN, "issues marked as will not be fixed"),
    COUNT("open_issues", DOWN, "open issues"),
    COUNT("reopened_issues", DOWN, "issues that were opened again"),
    COUNT("confirmed_issues", DOWN, "confirmed issues"),
    COUNT("pull_request_fixed_issues", UP, "issues that a pull request repairs"),
    COUNT("prioritized_rule_issues", DOWN, "issues of rules that the quality profile prioritises"),

    ON_NEW(COUNT, "bugs", DOWN, "bugs"),
    ON_NEW_ALIKE(RATING, "reliability_rating", "the rating by the worst bug"),
    ON_NEW_ALIKE(EFFORT, "reliability_remediation_effort", "the time to repair all bugs"),
    ON_NEW(COUNT, "vulnerabilities", DOWN, "vulnerabilities in the code"),
    ON_NEW_ALIKE(RATING, "security_rating", "the rating by the worst vulnerability"),
    ON_NEW_ALIKE(EFFORT, "security_remediation_effort", "the time to repair all vulnerabilities"),
    ON_NEW(COUNT, "security_hotspots", DOWN, "security hotspots"),
    ON_NEW(PERCENT, "security_hotspots_reviewed", UP, "the share of reviewed security hotspots"),
    ON_NEW_ALIKE(RATING, "security_review_rating", "the rating by the share of reviewed hotspots"),
    ON_NEW(COUNT, "code_smells", DOWN, "code smells"),
    RATING("sqale_rating", "the maintainability rating by the technical debt ratio"),
    RATING("new_maintainability_rating", "the maintainability rating of new code"),
    EFFORT("sqale_index", "the technical debt: the time to repair all code smells"),
    EFFORT("new_technical_debt", "the technical debt, in new code"),
    ON_NEW_ALIKE(RATIO, "sqale_debt_ratio", "the technical debt over the cost of the code"),
    EFFORT("effort_to_reach_maintainability_rating_a", "the time to a maintainability rating of A"),

    ON_NEW(COUNT, "software_quality_blocker_issues", DOWN, "issues with a blocker impact"),
    ON_NEW(COUNT, "software_quality_high_issues", DOWN, "issues with a high impact"),
    ON_NEW(COUNT, "software_quality_medium_issues", DOWN, "issues with a medium impact"),
    ON_NEW(COUNT, "software_quality_low_issues", DOWN, "issues with a low impact"),
    ON_NEW(COUNT, "software_quality_info_issues", DOWN, "issues with an info impact"),
    ON_NEW(COUNT, "software_quality_reliability_issues", DOWN, "issues that harm reliability"),
    ON_NEW(COUNT, "software_quality_security_issues", DOWN, "issues that harm security"),
    ON_NEW(COUNT, "software_quality_maintainability_issues", DOWN,
           "issues that harm maintainability"),
    ON_NEW_ALIKE(RATING, "software_quality_reliability_rating", "the rating of reliability"),
    ON_NEW_ALIKE(RATING, "software_quality_security_rating", "the rating of security"),
    ON_NEW_ALIKE(RATING, "software_quality_maintainability_rating",
                 "the rating of maintainability"),
    ON_NEW_ALIKE(EFFORT, "software_quality_reliability_remediation_effort",
                 "the time to repair what harms reliability"),
    ON_NEW_ALIKE(EFFORT, "software_quality_security_remediation_effort",
                 "the time to repair what harms security"),
    ON_NEW_ALIKE(EFFORT, "software_quality_maintainability_remediation_effort",
                 "the time to repair what harms maintainability"),
    ON_NEW_ALIKE(RATIO, "software_quality_maintainability_debt_ratio",
                 "the time to repair what harms maintainability over the cost of the code"),

    ON_NEW(PERCENT, "coverage", UP, "the share of lines and conditions that tests cover"),
    ON_NEW(PERCENT, "line_coverage", UP, "the share of lines that tests cover"),
    ON_NEW(PERCENT, "branch_coverage", UP, "the share of conditions that tests cover"),
    ON_NEW(COUNT, "lines_to_cover", NEITHER, "lines that tests could cover"),
    ON_NEW(COUNT, "uncovered_lines", DOWN, "lines that no test covers"),
    ON_NEW(COUNT, "conditions_to_cover", NEITHER, "conditions that tests could cover"),
    ON_NEW(COUNT, "uncovered_conditions", DOWN, "conditions that no test covers"),
    COUNT("tests", UP, "unit tests"),
    COUNT("test_errors", DOWN, "unit tests that ended in an error"),
    COUNT("test_failures", DOWN, "unit tests that failed"),
    COUNT("skipped_tests", DOWN, "unit tests that were skipped"),
    PERCENT("test_success_density", UP, "the share of unit tests that passed"),
    METRIC("test_execution_time", UNIT_MS, BETTER_DOWN, BOUNDS_ZERO, "delta growth",
           "the time that all unit tests took"),

    ON_NEW(PERCENT, "duplicated_lines_density", DOWN, "the share of duplicated lines"),
    ON_NEW(COUNT, "duplicated_lines", DOWN, "duplicated lines"),
    ON_NEW(COUNT, "duplicated_blocks", DOWN, "duplicated blocks of lines"),
    COUNT("duplicated_files", DOWN, "files with duplicated lines"),

    COUNT("complexity", DOWN, "the cyclomatic complexity, added up"),
    COUNT("cognitive_complexity", DOWN, "the cognitive complexity, added up"),
    MEAN("file_complexity", "the cyclomatic complexity of a file, on average"),
    MEAN("class_complexity", "the cyclomatic complexity of a class, on average"),
    MEAN("function_complexity", "the cyclomatic complexity of a function, on average"),

    ON_NEW(COUNT, "lines", NEITHER, "lines"),
    COUNT("ncloc", NEITHER, "lines of code, without blank lines and comments"),
    COUNT("generated_lines", NEITHER, "generated lines"),
    COUNT("generated_ncloc", NEITHER, "generated lines of code"),
    COUNT("statements", NEITHER, "statements"),
    COUNT("functions", NEITHER, "functions"),
    COUNT("classes", NEITHER, "classes"),
    COUNT("files", NEITHER, "files"),
    COUNT("directories", NEITHER, "directories"),
    COUNT("projects", NEITHER, "projects of a portfolio"),
    COUNT("comment_lines", NEITHER, "lines of comments"),
    PERCENT("comment_lines_density", NEITHER, "the share of comment lines"),
    COUNT("public_api", NEITHER, "public functions and classes"),
    COUNT("public_undocumented_api", DOWN, "public functions and classes without documentation"),
    PERCENT("public_documented_api_density", UP,
            "the share of documented public functions and classes"),
    {0},
};
/* clang-format on */

const struct measure *sonar_metric(const char *key)
{
    for (const struct measure *row = sonar_metrics; row->id != NULL; row++)
        if (strcmp(row->id + strlen("sonar."), key) == 0)
            return row;
    return NULL;
}
