/* A reading for people and for the golden tests: one line for each thing, nothing cut. */
#include <string.h>

#include "runner/command/reading.h"

static const char *value_short(char buffer[48], const struct value *value)
{
    switch (value->kind) {
    case VALUE_NUMBER:
        return number_short(buffer, value->number);
    case VALUE_WORD:
        return value->word;
    case VALUE_ERROR:
        return "error";
    default:
        return "no data";
    }
}

static void print_word(const char *before, const char *word, FILE *out)
{
    if (word != NULL && *word != '\0')
        fprintf(out, "%s%s", before, word);
}

static void print_place(const char *path, uint32_t line, FILE *out)
{
    print_word(" at ", path, out);
    if (path != NULL && *path != '\0' && line > 0)
        fprintf(out, ":%u", (unsigned)line);
}

static void print_finding(const struct finding *f, FILE *out)
{
    fprintf(out, "finding %s %s", family_name(f->family), severity_name(f->severity));
    print_word(" ", f->rule, out);
    print_word(" ", f->package, out);
    print_word(" ", f->version, out);
    print_word(" fixed ", f->fixed, out);
    print_word(" in ", f->target, out);
    print_place(f->path, f->line, out);
    print_word(": ", f->message, out);
    fputc('\n', out);
}

static void print_test(const struct test_case *t, FILE *out)
{
    static const char *const marks[] = {[TEST_MARK_FAILED] = "failed",
                                        [TEST_MARK_FLAKY] = "flaky",
                                        [TEST_MARK_SUSPECTED] = "suspected",
                                        [TEST_MARK_BESIDE] = "beside"};
    bool error = t->outcome == TEST_ERROR;
    fprintf(out, "test %s", error && t->mark == TEST_MARK_FAILED ? "error" : marks[t->mark]);
    print_word(" ", t->mark == TEST_MARK_BESIDE ? t->suite : t->classname, out);
    print_word(" ", t->name, out);
    print_place(t->path, t->line, out);
    print_word(": ", t->message, out);
    fputc('\n', out);
}

static void print_labels(const struct reading *reading, FILE *out)
{
    char buffer[48];
    for (size_t i = 0; i < reading->labels.count; i++) {
        const struct reading_label *label = &reading->labels.items[i];
        for (size_t row = 0; row < label->rows.count; row++)
            fprintf(out, "%s{label=\"%s\"} %s\n", label->rows.items[row].id, label->value,
                    value_short(buffer, &label->rows.items[row].value));
    }
}

static void print_error(const struct error *err, FILE *out)
{
    fputs("error", out);
    if (err->line > 0)
        fprintf(out, " line %u", err->line);
    fprintf(out, ": %s\n", err->what);
    if (err->hint[0] != '\0')
        fprintf(out, "hint: %s\n", err->hint);
}

void reading_print(const struct reading *reading, FILE *out)
{
    char buffer[48];
    const struct source *source = &reading->report.source;
    if (!reading->whole) {
        print_error(&reading->err, out);
        return;
    }
    fprintf(out, "format %s\n", source->format);
    for (size_t i = 0; i < reading->measures.count; i++)
        fprintf(out, "%s %s\n", reading->measures.items[i].id,
                value_short(buffer, &reading->measures.items[i].value));
    for (size_t i = 0; i < source->warnings.count; i++)
        fprintf(out, "warning %s\n", source->warnings.items[i]);
    if (!source->whole)
        fprintf(out, "not whole: %s\n", source->part_reason);
    for (size_t i = 0; i < source->findings.count; i++)
        print_finding(&source->findings.items[i], out);
    for (size_t i = 0; i < source->tests.cases.count; i++)
        print_test(&source->tests.cases.items[i], out);
    print_labels(reading, out);
}
