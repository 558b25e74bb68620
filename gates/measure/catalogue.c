/* The table of measures, and how an id is looked up in it. */
#include "gates/measure/catalogue.h"

#include <string.h>

#include "gates/base/nearest.h"
#include "gates/base/text.h"
#include "gates/measure/take.h"

#define DRIFTS "delta growth"

/* What the rows of one kind of report share. */
#define COVERAGE .family = FAMILY_COVERAGE, .labels = "path", .formats = "cobertura", .take = take_coverage
#define TESTS .family = FAMILY_TESTS, .formats = "junit", .take = take_tests
#define LOAD .family = FAMILY_LOAD, .labels = "label", .formats = "jmeter", .take = take_load
#define SONAR .family = FAMILY_SONAR, .formats = "sonarqube", .take = take_fact
#define RATING .unit = UNIT_RATING, .better = BETTER_DOWN, .bounds = BOUNDS_RATING
#define FINDINGS(of)                                                                               \
    .family = (of), .unit = UNIT_COUNT, .better = BETTER_DOWN, .bounds = BOUNDS_COUNT,             \
    .scopes = "new delta growth", .take = take_findings, .what = (of)
#define PERCENT .unit = UNIT_PERCENT, .bounds = BOUNDS_PERCENT
#define COUNT .unit = UNIT_COUNT, .bounds = BOUNDS_COUNT
#define MORE .better = BETTER_UP
#define LESS .better = BETTER_DOWN
#define NEITHER .better = BETTER_NEITHER

#define SUITES "suite path"
#define CASES "suite name path"
#define SCANNED "severity class target id path"
#define PACKAGES "severity class target package id"

const struct measure catalogue[] = {
    {.id = "coverage.lines", COVERAGE, PERCENT, MORE, .scopes = "new delta",
     .what = COVERAGE_LINES,
     .meaning = "the share of coverable lines that a test runs",
     .improve = "write tests that run the lines listed as not covered",
     .phrase = "coverable line|coverable lines|is run by a test|are run by a test"},
    {.id = "coverage.branches", COVERAGE, PERCENT, MORE, .scopes = "new delta",
     .what = COVERAGE_BRANCHES,
     .meaning = "the share of branches (both ways of an if, every case) that a test takes",
     .improve = "test the other outcome of the conditions listed as partly covered",
     .phrase = "branch|branches|is taken by a test|are taken by a test"},
    {.id = "coverage.lines_covered", COVERAGE, COUNT, MORE, .scopes = DRIFTS,
     .what = COVERAGE_LINES_COVERED,
     .meaning = "how many coverable lines a test runs",
     .improve = "write tests that run the lines listed as not covered",
     .phrase = "coverable line|coverable lines|is run by a test|are run by a test"},
    {.id = "coverage.lines_valid", COVERAGE, COUNT, NEITHER, .scopes = DRIFTS,
     .what = COVERAGE_LINES_VALID,
     .meaning = "how many lines could be covered, whether a test runs them or not",
     .improve = "when it is far too small, let the coverage tool instrument all of the code",
     .phrase = "line|lines|is coverable|are coverable"},
    {.id = "coverage.branches_covered", COVERAGE, COUNT, MORE, .scopes = DRIFTS,
     .what = COVERAGE_BRANCHES_COVERED,
     .meaning = "how many branches a test takes",
     .improve = "test the other outcome of the conditions listed as partly covered",
     .phrase = "branch|branches|is taken by a test|are taken by a test"},
    {.id = "coverage.branches_valid", COVERAGE, COUNT, NEITHER, .scopes = DRIFTS,
     .what = COVERAGE_BRANCHES_VALID,
     .meaning = "how many branches there are, taken or not",
     .improve = "when it is 0, switch branch coverage on in the coverage tool",
     .phrase = "branch|branches|is reported|are reported"},
    {.id = "coverage.files", COVERAGE, COUNT, MORE, .scopes = DRIFTS,
     .what = COVERAGE_FILES,
     .meaning = "how many source files the coverage reports list",
     .improve = "let the coverage tool report files that no test loads as well",
     .phrase = "source file|source files|is in the coverage reports|are in the coverage reports"},
    {.id = "coverage.ignored", COVERAGE, PERCENT, LESS, .scopes = "delta",
     .what = COVERAGE_IGNORED,
     .meaning = "the share of coverable lines that the policy's `paths.ignore` leaves out",
     .improve = "ignore only what nobody writes by hand",
     .phrase = "coverable line|coverable lines|is left out by the policy|are left out by the policy"},

    {.id = "tests.total", TESTS, COUNT, MORE, .labels = SUITES, .scopes = DRIFTS,
     .what = TESTS_TOTAL,
     .meaning = "how many test cases the reports list, whatever their outcome",
     .improve = "look why tests are no longer found or no longer reported",
     .phrase = "test case|test cases|is reported|are reported"},
    {.id = "tests.passed", TESTS, COUNT, MORE, .labels = SUITES, .scopes = DRIFTS,
     .what = TESTS_PASSED,
     .meaning = "how many test cases passed, flaky ones included",
     .improve = "repair the failing tests and run the skipped ones",
     .phrase = "test|tests|passes|pass"},
    {.id = "tests.failed", TESTS, COUNT, LESS, .labels = CASES, .scopes = "new delta growth",
     .what = TESTS_FAILED,
     .meaning = "how many tests did not pass: failures and errors, those of whole suites included",
     .improve = "make the listed tests pass",
     .phrase = "test|tests|fails|fail"},
    {.id = "tests.failures", TESTS, COUNT, LESS, .labels = CASES, .scopes = "new delta growth",
     .what = TESTS_FAILURES,
     .meaning = "how many tests found something wrong: the part of tests.failed whose assertion failed",
     .improve = "make the listed tests pass",
     .phrase = "test|tests|fails an assertion|fail an assertion"},
    {.id = "tests.errors", TESTS, COUNT, LESS, .labels = CASES, .scopes = "new delta growth",
     .what = TESTS_ERRORS,
     .meaning = "how many tests broke before they could tell: the part of tests.failed that ended in an error",
     .improve = "repair what stops the listed tests: set-up, environment, an exception",
     .phrase = "test|tests|ends in an error|end in an error"},
    {.id = "tests.skipped", TESTS, COUNT, LESS, .labels = SUITES, .scopes = DRIFTS,
     .what = TESTS_SKIPPED,
     .meaning = "how many test cases were not run: skipped, ignored or disabled",
     .improve = "run the skipped tests again, or delete those that nobody misses",
     .phrase = "test|tests|is skipped|are skipped"},
    {.id = "tests.flaky", TESTS, COUNT, LESS, .labels = CASES, .scopes = DRIFTS,
     .what = TESTS_FLAKY,
     .meaning = "how many tests passed only when they were run again",
     .improve = "find what the listed tests depend on: time, order, network, shared data",
     .phrase = "test|tests|passes only when run again|pass only when run again"},
    {.id = "tests.suites", TESTS, COUNT, MORE, .scopes = DRIFTS,
     .what = TESTS_SUITES,
     .meaning = "how many test suites the reports list",
     .improve = "look why suites are no longer found or no longer reported",
     .phrase = "test suite|test suites|is reported|are reported"},
    {.id = "tests.success_rate", TESTS, PERCENT, MORE, .labels = SUITES, .scopes = "delta",
     .what = TESTS_SUCCESS_RATE,
     .meaning = "the share of passed tests among those that passed or failed",
     .improve = "make the failing tests pass",
     .phrase = "executed test|executed tests|passes|pass"},
    {.id = "tests.duration", TESTS, .unit = UNIT_SECONDS, .bounds = BOUNDS_ZERO, LESS,
     .labels = SUITES, .scopes = DRIFTS, .what = TESTS_DURATION,
     .meaning = "the time that all test cases took, added up",
     .improve = "make the slowest tests faster, or test less through slow outer layers",
     .phrase = "the time that all test cases* took together"},

    {.id = "sonar.quality_gate", SONAR, .unit = UNIT_WORD, NEITHER, .words = "OK WARN ERROR NONE",
     .meaning = "what SonarQube's own quality gate says: OK, WARN, ERROR or NONE",
     .improve = "look at the failing conditions of the quality gate in SonarQube",
     .phrase = "the state of SonarQube's own quality gate*"},
    {.id = "sonar.reliability", SONAR, RATING,
     .meaning = "the reliability rating, in whichever of its two modes the server answers",
     .improve = "repair the bugs that SonarQube rates as the worst",
     .phrase = "SonarQube's reliability rating*"},
    {.id = "sonar.security", SONAR, RATING,
     .meaning = "the security rating, in whichever of its two modes the server answers",
     .improve = "repair the vulnerabilities that SonarQube rates as the worst",
     .phrase = "SonarQube's security rating*"},
    {.id = "sonar.maintainability", SONAR, RATING,
     .meaning = "the maintainability rating, in whichever of its two modes the server answers",
     .improve = "work off the code smells that cost the most time",
     .phrase = "SonarQube's maintainability rating*"},
    {.id = "sonar.*", SONAR, .unit = UNIT_COUNT, NEITHER, .scopes = DRIFTS,
     .meaning = "any metric of SonarQube by its key: sonar.coverage, sonar.bugs, sonar.new_violations",
     .improve = "open the metric in SonarQube, under Measures, and work off what it lists",
     .phrase = "SonarQube's metric @*"},
    {.id = "issues", FINDINGS(FAMILY_ISSUES), .labels = "severity type rule path",
     .formats = "sonarqube",
     .meaning = "how many open issues SonarQube lists",
     .improve = "repair the listed issues, or resolve them in SonarQube with a reason",
     .phrase = "open issue|open issues|is listed by SonarQube|are listed by SonarQube"},
    {.id = "hotspots", FINDINGS(FAMILY_HOTSPOTS), .labels = "probability severity rule path",
     .formats = "sonarqube",
     .meaning = "how many security hotspots wait for a review in SonarQube",
     .improve = "review the listed hotspots in SonarQube",
     .phrase = "security hotspot|security hotspots|waits for a review|wait for a review"},

    {.id = "vulnerabilities", FINDINGS(FAMILY_VULNERABILITIES), .labels = "fixable " PACKAGES,
     .formats = "trivy",
     .meaning = "how many known vulnerabilities the examined packages have",
     .improve = "update the listed packages to the version that has the fix",
     .phrase = "known vulnerability|known vulnerabilities|is found|are found"},
    {.id = "misconfigurations", FINDINGS(FAMILY_MISCONFIGURATIONS), .labels = SCANNED,
     .formats = "trivy",
     .meaning = "how many checks of configuration files failed",
     .improve = "change the listed configuration as the check recommends",
     .phrase = "misconfiguration|misconfigurations|is found|are found"},
    {.id = "secrets", FINDINGS(FAMILY_SECRETS), .labels = SCANNED, .formats = "trivy",
     .meaning = "how many passwords, keys and tokens lie in the examined files",
     .improve = "revoke the listed secrets first, then take them out of the files",
     .phrase = "secret|secrets|is found|are found"},
    {.id = "licenses", FINDINGS(FAMILY_LICENSES), .labels = PACKAGES, .formats = "trivy",
     .meaning = "how many packages have a license that the scanner's policy objects to",
     .improve = "replace the listed packages, or have their licenses allowed",
     .phrase = "package|packages|has a license that is objected to|have a license that is objected to"},
    {.id = "findings", FINDINGS(FAMILY_COUNT), .labels = "severity rule path",
     .formats = "sonarqube trivy",
     .meaning = "how many problems the reports list, of every kind and format",
     .improve = "repair what is listed, the worst first",
     .phrase = "problem|problems|is reported|are reported"},

    {.id = "load.samples", LOAD, COUNT, MORE, .scopes = DRIFTS, .what = LOAD_SAMPLES,
     .meaning = "how many requests the load test made",
     .improve = "let the load test run longer or with more users",
     .phrase = "request|requests|is made by the load test|are made by the load test"},
    {.id = "load.errors", LOAD, COUNT, LESS, .scopes = DRIFTS, .what = LOAD_ERRORS,
     .meaning = "how many requests of the load test failed",
     .improve = "look at the answers of the failed requests and at the service's log",
     .phrase = "request|requests|fails|fail"},
    {.id = "load.error_rate", LOAD, PERCENT, LESS, .scopes = "delta", .what = LOAD_ERROR_RATE,
     .meaning = "the share of requests that failed",
     .improve = "look at the answers of the failed requests and at the service's log",
     .phrase = "request|requests|fails|fail"},
    {.id = "load.mean", LOAD, .unit = UNIT_MS, .bounds = BOUNDS_ZERO, LESS, .scopes = DRIFTS,
     .what = LOAD_MEAN,
     .meaning = "the mean response time",
     .improve = "profile the service under load and speed up what takes the most time",
     .phrase = "the mean response time of requests*"},
    {.id = "load.min", LOAD, .unit = UNIT_MS, .bounds = BOUNDS_ZERO, LESS, .scopes = DRIFTS,
     .what = LOAD_MIN,
     .meaning = "the shortest response time",
     .improve = "speed up what every request has to pass",
     .phrase = "the shortest response time of requests*"},
    {.id = "load.max", LOAD, .unit = UNIT_MS, .bounds = BOUNDS_ZERO, LESS, .scopes = DRIFTS,
     .what = LOAD_MAX,
     .meaning = "the longest response time",
     .improve = "look for pauses: garbage collection, locks, time-outs, a cold start",
     .phrase = "the longest response time of requests*"},
    {.id = "load.median", LOAD, .unit = UNIT_MS, .bounds = BOUNDS_ZERO, LESS, .scopes = DRIFTS,
     .what = LOAD_PERCENTILE,
     .meaning = "the response time that half of the requests do not exceed",
     .improve = "profile the service under load and speed up what takes the most time",
     .phrase = "the response time that half of the requests* do not exceed"},
    {.id = "load.p*", LOAD, .unit = UNIT_MS, .bounds = BOUNDS_ZERO, LESS, .scopes = DRIFTS,
     .what = LOAD_PERCENTILE,
     .meaning = "the response time that so many per cent of the requests do not exceed: load.p95, load.p99.9",
     .improve = "look at the slowest requests: what do they wait for",
     .phrase = "the response time that @ % of the requests* do not exceed"},
    {.id = "load.throughput", LOAD, .unit = UNIT_PER_SECOND, .bounds = BOUNDS_ZERO, MORE,
     .scopes = DRIFTS, .what = LOAD_THROUGHPUT,
     .meaning = "requests per second, from the first start to the last end",
     .improve = "find what is used up first under load: processor, connections, threads, database",
     .phrase = "the rate of requests*"},
    {.id = "load.duration", LOAD, .unit = UNIT_SECONDS, .bounds = BOUNDS_ZERO, MORE,
     .scopes = DRIFTS, .what = LOAD_DURATION,
     .meaning = "the time from the first start to the last end",
     .improve = "let the load test run longer",
     .phrase = "the time from the first to the last request*"},
    {.id = "load.apdex", LOAD, .unit = UNIT_COUNT, .bounds = BOUNDS_ONE, MORE, .scopes = DRIFTS,
     .what = LOAD_APDEX,
     .meaning = "the share of requests that satisfy their users, tolerated ones counted half",
     .improve = "bring slow requests under the time that the report entry's `apdex` calls satisfying",
     .phrase = "the share of requests* that satisfy their users, tolerated ones counted half,"},

    {.id = "verdict", .family = FAMILY_VERDICT, .unit = UNIT_WORD, NEITHER,
     .words = "passed failed error no_data", .labels = "stage", .formats = "qgate",
     .take = take_fact, .meaning = "what qgate itself said of an earlier stage of the same commit",
     .improve = "look at the job that judged that stage",
     .phrase = "the verdict*"},

    {.id = "diff.lines", .family = FAMILY_COUNT, COUNT, LESS, .labels = "path component",
     .formats = "git", .what = CHANGE_LINES,
     .meaning = "how many lines this change adds or modifies",
     .improve = "make changes smaller",
     .phrase = "line|lines|is added or modified by this change|are added or modified by this change"},
    {.id = "diff.files", .family = FAMILY_COUNT, COUNT, LESS, .labels = "path component",
     .formats = "git", .what = CHANGE_FILES,
     .meaning = "how many files this change touches",
     .improve = "make changes smaller",
     .phrase = "file|files|is touched by this change|are touched by this change"},
    {.id = "waivers.used", .family = FAMILY_COUNT, COUNT, LESS, .labels = "gate",
     .formats = "policy",
     .meaning = "how many waivers kept something from failing",
     .improve = "repair what is waived, or let it expire",
     .phrase = "waiver|waivers|is used|are used"},
    {0},
};

/* Does `id` ask for a percentile: p and a number over 0, at most 100, of at most three decimals? */
static bool is_percentile(const char *id)
{
    if (strncmp(id, "load.p", 6) != 0)
        return false;
    const char *digits = id + 6;
    size_t whole = strspn(digits, "0123456789"), len = strlen(digits);
    if (whole == 0 || whole > 3 || len > whole + 4)
        return false;
    if (len > whole && (digits[whole] != '.' || len == whole + 1 ||
                        strspn(digits + whole + 1, "0123456789") != len - whole - 1))
        return false;
    struct number p;
    return number_parse(digits, len, &p) && number_compare(p, number_of(0)) > 0 &&
           number_compare(p, number_of(100)) <= 0;
}

/* Could SonarQube have a metric of this key? */
static bool is_sonar_key(const char *id)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    return strncmp(id, "sonar.", 6) == 0 && id[6] != '\0' && id[6 + strspn(id + 6, letters)] == '\0';
}

/* Could a metrics file have a metric of this name? */
static bool is_metric_name(const char *id)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:";
    return strncmp(id, "metric.", 7) == 0 && id[7] != '\0' && strchr("0123456789", id[7]) == NULL &&
           id[7 + strspn(id + 7, letters)] == '\0';
}

static const struct measure *row_in(const struct measure *rows, const char *id)
{
    for (; rows->id != NULL; rows++)
        if (strcmp(rows->id, id) == 0)
            return rows;
    return NULL;
}

const struct measure *catalogue_find(const char *id)
{
    if (strchr(id, '*') != NULL)
        return NULL;
    const struct measure *row = row_in(catalogue, id);
    if (row == NULL && is_percentile(id))
        return row_in(catalogue, "load.p*");
    if (row == NULL && is_sonar_key(id)) {
        row = sonar_metric(id + strlen("sonar."));
        return row != NULL ? row : row_in(catalogue, "sonar.*");
    }
    if (row == NULL)
        row = row_in(later_metrics, is_metric_name(id) ? "metric.*" : id);
    return row;
}

static void try_rows(struct nearest *nearest, const struct measure *rows)
{
    for (; rows->id != NULL; rows++)
        if (strchr(rows->id, '*') == NULL)
            nearest_try(nearest, rows->id);
}

const char *catalogue_suggest(const char *id)
{
    struct nearest nearest = {.asked = id};
    try_rows(&nearest, catalogue);
    try_rows(&nearest, sonar_metrics);
    try_rows(&nearest, later_metrics);
    return nearest.found;
}

/* What the formats of LATER_FORMATS speak of. */
static const struct {
    const char *formats;
    enum family family;
} later[] = {
    {"jacoco lcov", FAMILY_COVERAGE},
    {"playwright mochawesome newman jasmine", FAMILY_TESTS},
    {"k6", FAMILY_LOAD},
};

bool catalogue_gives(const struct measure *measure, const char *format)
{
    size_t len = strlen(format);
    if (text_lists(measure->formats, format, len))
        return true;
    if (measure->take == take_findings && measure->what == FAMILY_COUNT)
        return text_lists("sarif zap", format, len);
    for (size_t i = 0; measure->take != NULL && i < sizeof later / sizeof later[0]; i++)
        if (later[i].family == measure->family && text_lists(later[i].formats, format, len))
            return true;
    return false;
}

bool catalogue_is_later(const struct measure *measure)
{
    return measure->take == NULL && row_in(catalogue, measure->id) == NULL;
}

const char *catalogue_common_labels(const struct measure *measure)
{
    bool of_reports = measure->take != NULL || catalogue_is_later(measure);
    return of_reports ? "report format component" : "";
}

const char *unit_name(enum unit unit)
{
    static const char *const names[] = {
        [UNIT_COUNT] = "",
        [UNIT_PERCENT] = "%",
        [UNIT_POINTS] = "pp",
        [UNIT_MS] = "ms",
        [UNIT_SECONDS] = "s",
        [UNIT_MINUTES] = "min",
        [UNIT_PER_SECOND] = "/s",
        [UNIT_PER_DAY] = "/d",
        [UNIT_RATING] = "",
        [UNIT_WORD] = "",
    };
    return names[unit];
}

const char *better_name(enum better better)
{
    static const char *const names[] = {
        [BETTER_UP] = "up", [BETTER_DOWN] = "down", [BETTER_NEITHER] = ""};
    return names[better];
}
