/* A small world that reports tell of: tests, lines, samples, findings and facts that a test changes
 * one by one, and the reports as their tools would write them.
 *
 * Three files make two sources: file 0 and 2 are shards of "a", file 1 is "b".
 */
#ifndef TESTS_SUPPORT_WORLD_H
#define TESTS_SUPPORT_WORLD_H

#include <inttypes.h>
#include <stdlib.h>

#include "tests/support/court.h"

enum { WORLD_FILES = 3, WORLD_MOST = 400 };

enum world_outcome {
    WORLD_PASSED,
    WORLD_SKIPPED,
    WORLD_FLAKY,
    WORLD_FAILURE,
    WORLD_ERROR,
    WORLD_SUITE_FAILURE, /* of a suite as a whole: no test */
    WORLD_SUITE_ERROR
};

/* One thing of any kind. */
struct thing {
    bool gone;
    unsigned file;  /* in which file it is reported */
    unsigned group; /* suite, source file, label or severity */
    union {
        struct {
            enum world_outcome outcome;
            uint64_t us;
        } test;
        struct {
            bool twice; /* file 1 reports the line as well, as not run */
            bool hit, ignored;
            unsigned covered, branches;
        } line;
        struct {
            bool passed;
            uint64_t start_ms, elapsed_ms;
        } sample;
        struct {
            unsigned package, fixed; /* fixed 0: no version repairs it */
        } finding;
        struct {
            int64_t micro; /* its value, in millionths */
        } fact;
    };
};

struct world {
    enum family family;
    const char *fact; /* the metric's key */
    struct thing things[WORLD_MOST];
    size_t count;
    size_t empty_suites; /* in file 0 */
    enum load_percentiles percentiles;
};

static inline struct thing *world_add(struct world *world)
{
    if (world->count == WORLD_MOST)
        fail_msg("the world is full");
    world->things[world->count] = (struct thing){0};
    return &world->things[world->count++];
}

static inline const char *world_name(unsigned file)
{
    return file == 1 ? "b" : "a";
}

static inline void world_tests(const struct world *world, unsigned file, FILE *out)
{
    static const char *const says[] = {
        [WORLD_PASSED] = "",
        [WORLD_SKIPPED] = "<skipped/>",
        [WORLD_FLAKY] = "<flakyFailure message='x'/>",
        [WORLD_FAILURE] = "<failure/>",
        [WORLD_ERROR] = "<error/>",
        [WORLD_SUITE_FAILURE] = "<failure/>",
        [WORLD_SUITE_ERROR] = "<error/>",
    };
    fputs("<testsuites>", out);
    for (size_t i = 0; file == 0 && i < world->empty_suites; i++)
        fputs("<testsuite name='empty'/>", out);
    for (size_t i = 0; i < world->count; i++) {
        const struct thing *t = &world->things[i];
        if (t->gone || t->file != file)
            continue;
        fprintf(out, "<testsuite name='g%u'>", t->group);
        if (t->test.outcome >= WORLD_SUITE_FAILURE)
            fputs(says[t->test.outcome], out);
        else
            fprintf(out, "<testcase name='t%zu' time='%" PRIu64 ".%06" PRIu64 "'>%s</testcase>", i,
                    t->test.us / 1000000, t->test.us % 1000000, says[t->test.outcome]);
        fputs("</testsuite>", out);
    }
    fputs("</testsuites>", out);
}

static inline void world_lines(const struct world *world, unsigned file, FILE *out)
{
    fputs("<coverage><packages><package><classes>", out);
    for (size_t i = 0; i < world->count; i++) {
        const struct thing *t = &world->things[i];
        bool again = file == 1 && t->file != 1 && t->line.twice;
        if (t->gone || (t->file != file && !again))
            continue;
        fprintf(out, "<class filename='%s%u.c'><lines><line number='%zu' hits='%d'",
                t->line.ignored ? "ignored" : "g", t->group, i + 1, t->line.hit && !again);
        if (t->line.branches > 0)
            fprintf(out, " branch='true' condition-coverage='x (%u/%u)'",
                    again ? 0 : t->line.covered, t->line.branches);
        fputs("/></lines></class>", out);
    }
    fputs("</classes></package></packages></coverage>", out);
}

static inline void world_samples(const struct world *world, unsigned file, FILE *out)
{
    fputs("timeStamp,elapsed,label,success\n", out);
    for (size_t i = 0; i < world->count; i++) {
        const struct thing *t = &world->things[i];
        if (!t->gone && t->file == file)
            fprintf(out, "%" PRIu64 ",%" PRIu64 ",g%u,%s\n", t->sample.start_ms,
                    t->sample.elapsed_ms, t->group, t->sample.passed ? "true" : "false");
    }
}

static const char *const world_severities[] = {"CRITICAL", "HIGH", "LOW"};

static inline void world_trivy_item(const struct world *world, const struct thing *t, size_t i,
                                    FILE *out)
{
    fprintf(out, "{\"Severity\":\"%s\",", world_severities[t->group]);
    if (world->family == FAMILY_VULNERABILITIES && t->finding.fixed > 0)
        fprintf(out, "\"FixedVersion\":\"%u\",", t->finding.fixed);
    if (world->family == FAMILY_VULNERABILITIES)
        fprintf(out, "\"VulnerabilityID\":\"CVE-%zu\",\"PkgName\":\"p%u\"}", i, t->finding.package);
    else if (world->family == FAMILY_MISCONFIGURATIONS)
        fprintf(out, "\"ID\":\"DS-%zu\",\"Status\":\"FAIL\"}", i);
    else if (world->family == FAMILY_SECRETS)
        fprintf(out, "\"RuleID\":\"key-%zu\",\"StartLine\":1}", i);
    else
        fprintf(out, "\"Name\":\"GPL-%zu\",\"PkgName\":\"p%u\"}", i, t->finding.package);
}

static inline void world_trivy(const struct world *world, unsigned file, FILE *out)
{
    static const char *const classes[] = {
        [FAMILY_VULNERABILITIES] = "os-pkgs\",\"Vulnerabilities",
        [FAMILY_MISCONFIGURATIONS] = "config\",\"Misconfigurations",
        [FAMILY_SECRETS] = "secret\",\"Secrets",
        [FAMILY_LICENSES] = "license\",\"Licenses",
    };
    const char *comma = "";
    fprintf(out, "{\"SchemaVersion\":2,\"Results\":[{\"Target\":\"t\",\"Class\":\"%s\":[",
            classes[world->family]);
    for (size_t i = 0; i < world->count; i++) {
        if (world->things[i].gone || world->things[i].file != file)
            continue;
        fputs(comma, out);
        world_trivy_item(world, &world->things[i], i, out);
        comma = ",";
    }
    fputs("]}]}", out);
}

static inline void world_issues(const struct world *world, unsigned file, FILE *out)
{
    static const char *const severities[] = {"BLOCKER", "CRITICAL", "MINOR"};
    static const char *const probabilities[] = {"HIGH", "MEDIUM", "LOW"};
    bool issues = world->family == FAMILY_ISSUES;
    size_t count = 0;
    fprintf(out, "{\"%s\":[", issues ? "issues" : "hotspots");
    for (size_t i = 0; i < world->count; i++) {
        const struct thing *t = &world->things[i];
        if (t->gone || t->file != file)
            continue;
        fprintf(out, "%s{\"key\":\"%zu\",\"status\":\"%s\",\"%s\":\"%s\",\"message\":\"m\"}",
                count++ > 0 ? "," : "", i, issues ? "OPEN" : "TO_REVIEW",
                issues ? "severity" : "vulnerabilityProbability",
                issues ? severities[t->group] : probabilities[t->group]);
    }
    fprintf(out, "],\"paging\":{\"pageIndex\":1,\"pageSize\":500,\"total\":%zu}}", count);
}

static inline void world_facts(const struct world *world, FILE *out)
{
    int64_t micro = world->things[0].fact.micro;
    fprintf(out,
            "{\"component\":{\"key\":\"p\",\"measures\":[{\"metric\":\"%s\",\"value\":\"%s%" PRId64
            ".%06" PRId64 "\"}]}}",
            world->fact, micro < 0 ? "-" : "", (micro < 0 ? -micro : micro) / 1000000,
            (micro < 0 ? -micro : micro) % 1000000);
}

static inline const char *world_format(const struct world *world)
{
    switch (world->family) {
    case FAMILY_TESTS:
        return "junit";
    case FAMILY_COVERAGE:
        return "cobertura";
    case FAMILY_LOAD:
        return "jmeter";
    case FAMILY_SONAR:
    case FAMILY_ISSUES:
    case FAMILY_HOTSPOTS:
        return "sonarqube";
    default:
        return "trivy";
    }
}

static inline void world_write(const struct world *world, unsigned file, FILE *out)
{
    switch (world->family) {
    case FAMILY_TESTS:
        world_tests(world, file, out);
        break;
    case FAMILY_COVERAGE:
        world_lines(world, file, out);
        break;
    case FAMILY_LOAD:
        world_samples(world, file, out);
        break;
    case FAMILY_SONAR:
        world_facts(world, out);
        break;
    case FAMILY_ISSUES:
    case FAMILY_HOTSPOTS:
        world_issues(world, file, out);
        break;
    default:
        world_trivy(world, file, out);
        break;
    }
}

/* What the runner does besides reading: paths.ignore, and the options of a load report. */
static inline void world_settings(const struct world *world, struct court *court)
{
    for (size_t i = 0; i < court->evidence.sources.count; i++) {
        struct source *source = &court->evidence.sources.items[i];
        source->load.percentiles = world->percentiles;
        for (size_t j = 0; j < source->coverage.files.count; j++) {
            struct covered_file *file = &source->coverage.files.items[j];
            file->ignored = strncmp(file->path, "ignored", 7) == 0;
        }
    }
}

/* Puts the reports of the world before the court, in place of those of an earlier one, and has it
 * judged. */
static inline void world_judge(const struct world *world, struct court *court)
{
    unsigned files = world->family == FAMILY_SONAR ? 1 : WORLD_FILES;
    court->evidence.sources = (struct sources){0};
    for (unsigned file = 0; file < files; file++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        world_write(world, file, out);
        fclose(out);
        court_report(court, world_name(file), world_format(world), text);
        free(text);
    }
    world_settings(world, court);
    court_judge(court);
}

#endif
