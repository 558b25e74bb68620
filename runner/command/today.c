#include "runner/command/today.h"

#include <string.h>

bool today_value(const struct evidence *evidence, const char *id, const char *severity,
                 struct arena *mem, struct value *value)
{
    struct selector selector = {.measure = catalogue_find(id), .id = id};
    struct label_match match = {.label = "severity", .op = LABEL_IS, .value = severity};
    if (severity != NULL)
        array_push(mem, &selector.labels, match);
    measure_take(&selector, evidence, mem, value);
    return value->kind == VALUE_NUMBER || value->kind == VALUE_WORD;
}

uint64_t today_count(const struct evidence *evidence, const char *id, const char *severity,
                     struct arena *mem)
{
    struct value value;
    bool is_there = today_value(evidence, id, severity, mem, &value) && value.kind == VALUE_NUMBER;
    return is_there ? (uint64_t)value.number.above / value.number.below : 0;
}

bool today_speaks(const struct evidence *evidence, enum family family)
{
    for (size_t i = 0; i < evidence->sources.count; i++)
        if (evidence->sources.items[i].speaks & FAMILY_BIT(family))
            return true;
    return false;
}

static const char *tests_summary(const struct evidence *evidence, struct arena *mem)
{
    unsigned long long total = today_count(evidence, "tests.total", NULL, mem);
    unsigned long long failed = today_count(evidence, "tests.failed", NULL, mem);
    const char *tests = arena_printf(mem, "%llu test%s", total, total == 1 ? "" : "s");
    if (failed > 0)
        return arena_printf(mem, "%s, %llu failed", tests, failed);
    bool passed = today_count(evidence, "tests.passed", NULL, mem) > 0;
    return arena_printf(mem, "%s, %s", tests, passed ? "none failed" : "none passed");
}

static const char *coverage_summary(const struct evidence *evidence, struct arena *mem)
{
    struct value value;
    if (!today_value(evidence, "coverage.lines", NULL, mem, &value))
        return "no line that could be covered";
    return arena_printf(mem, "%s of %llu lines",
                        value_text(&value, catalogue_find("coverage.lines"), NULL, mem),
                        (unsigned long long)value.whole);
}

static const char *scan_summary(const struct evidence *evidence, struct arena *mem)
{
    const char *text = "";
    if (today_speaks(evidence, FAMILY_VULNERABILITIES))
        text = arena_printf(
            mem, "vulnerabilities: %llu critical, %llu high, %llu other",
            (unsigned long long)today_count(evidence, "vulnerabilities", "critical", mem),
            (unsigned long long)today_count(evidence, "vulnerabilities", "high", mem),
            (unsigned long long)(today_count(evidence, "vulnerabilities", NULL, mem) -
                                 today_count(evidence, "vulnerabilities", "critical", mem) -
                                 today_count(evidence, "vulnerabilities", "high", mem)));
    if (today_speaks(evidence, FAMILY_MISCONFIGURATIONS))
        text =
            arena_printf(mem, "%s%s%llu misconfigurations", text, *text == '\0' ? "" : "; ",
                         (unsigned long long)today_count(evidence, "misconfigurations", NULL, mem));
    return *text == '\0' ? "nothing was examined" : text;
}

static const char *analysis_summary(const struct evidence *evidence, struct arena *mem)
{
    struct value value;
    if (today_value(evidence, "sonar.quality_gate", NULL, mem, &value) && value.kind == VALUE_WORD)
        return arena_printf(mem, "quality gate %s", value.word);
    size_t facts = 0;
    for (size_t i = 0; i < evidence->sources.count; i++)
        if (evidence->sources.items[i].speaks & FAMILY_BIT(FAMILY_SONAR))
            facts += evidence->sources.items[i].facts.count;
    if (facts > 0)
        return arena_printf(mem, "%zu metrics", facts);
    return arena_printf(mem, "%llu issues",
                        (unsigned long long)today_count(evidence, "issues", NULL, mem));
}

static const char *load_summary(const struct evidence *evidence, struct arena *mem)
{
    struct value value;
    unsigned long long samples = today_count(evidence, "load.samples", NULL, mem);
    if (!today_value(evidence, "load.p95", NULL, mem, &value))
        return "no sample";
    return arena_printf(mem, "%llu samples, p95 %s", samples,
                        value_text(&value, catalogue_find("load.p95"), NULL, mem));
}

const char *today_summary(const struct evidence *evidence, const struct reader *reader,
                          struct arena *mem)
{
    static const struct {
        const char *format;
        const char *(*summary)(const struct evidence *evidence, struct arena *mem);
    } summaries[] = {{"junit", tests_summary},
                     {"cobertura", coverage_summary},
                     {"sonarqube", analysis_summary},
                     {"trivy", scan_summary},
                     {"jmeter", load_summary}};
    for (size_t i = 0; i < sizeof summaries / sizeof summaries[0]; i++)
        if (strcmp(summaries[i].format, reader->name) == 0)
            return summaries[i].summary(evidence, mem);
    return "";
}
