/* `qgate explain`: a measure, a rule, a saved verdict or the paths of reports in words. */
#include <string.h>
#include <unistd.h>

#include "runner/command/command.h"
#include "runner/command/explain.h"
#include "runner/log.h"

static const struct cli_option options[] = {
    {"delivery", "FILE", "of versions: this configuration; otherwise delivery.yml at the root"},
    {0},
};

static void say_what_there_is(const struct page *page)
{
    static const struct {
        const char *lead, *text;
    } rows[] = {
        {"qgate explain MEASURE        ",
         "what it means, how it is written, how it gets better: coverage.lines"},
        {"qgate explain 'RULE'         ", "a rule in words: 'coverage.lines >= 80%'"},
        {"                             ",
         "also with its keys: '{rule: new(coverage.lines) >= 90%, min_lines: 5}'"},
        {"qgate explain VERDICT.json   ",
         "why a verdict came out so, and what to do first; `qgate check --output "
         "json=VERDICT.json` writes one"},
        {"qgate explain paths [REPORT…]",
         " which paths of coverage reports are files of the repository, and which are not"},
        {"qgate explain versions       ",
         "which deployed versions led to a commit, which did not, and what would help"},
        {"qgate measures               ", "lists the measures"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        page_paragraph(page, 0, rows[i].lead, rows[i].text);
}

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text), size = strlen(end);
    return len >= size && strcmp(text + len - size, end) == 0;
}

/* The row that stands for many: load.p*, sonar.* */
static const struct measure *row_for_many(const char *id)
{
    for (const struct measure *row = catalogue; row->id != NULL; row++)
        if (strcmp(row->id, id) == 0)
            return row;
    return NULL;
}

static bool find_measure(const char *what, struct selector *selector, struct arena *mem)
{
    if (selector_named(what, mem, selector))
        return true;
    *selector = (struct selector){.measure = row_for_many(what), .id = what};
    return selector->measure != NULL;
}

/* `{rule: …}`, or the same without braces: a word, a colon and a space. */
static bool has_keys(const char *what)
{
    size_t word = strspn(what, "abcdefghijklmnopqrstuvwxyz_");
    return *what == '{' || (word > 0 && strncmp(what + word, ": ", 2) == 0);
}

/* False: the mistakes were said. */
static bool explain_text(const struct page *page, const char *what, struct arena *mem)
{
    static const char name[] = "rule";
    struct problems found;
    problems_init(&found, mem);
    const struct rule *rule = has_keys(what)
                                  ? rule_parse_keys(name, what, strlen(what), mem, &found)
                                  : rule_parse(what, (struct place){name, 1, 1}, mem, &found);
    if (rule == NULL) {
        problems_sort(&found);
        log_problems(&found);
        return false;
    }
    explain_rule(page, what, rule, mem);
    return true;
}

static bool unknown(const char *what, struct error *err)
{
    const char *nearest = catalogue_suggest(what);
    error_set(err, FAULT_USAGE, "\"%s\" is no measure, rule or file", what);
    if (nearest != NULL)
        return error_hint(err, "did you mean %s?", nearest);
    return error_hint(err, "`qgate explain` says what can be explained");
}

static enum status explain(const struct page *page, const char *what, struct arena *mem)
{
    struct error err = {0};
    struct selector selector;
    if (find_measure(what, &selector, mem)) {
        explain_measure(page, what, &selector, mem);
        return STATUS_PASSED;
    }
    bool is_file = strcmp(what, "-") == 0 || access(what, F_OK) == 0;
    if (!is_file && (has_keys(what) || strpbrk(what, "<>=!(){} ") != NULL))
        return explain_text(page, what, mem) ? STATUS_PASSED : STATUS_USAGE;
    bool done = is_file || strchr(what, '/') != NULL || ends_in(what, ".json")
                    ? explain_verdict(page, what, mem, &err)
                    : unknown(what, &err);
    return done ? STATUS_PASSED : give_up(&err);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    enum { NARROW = 60, WIDE = 100 };
    const struct words *arguments = &cli->arguments;
    size_t columns = (size_t)context->columns;
    const struct page page = {
        .out = stdout,
        .columns = columns < NARROW ? NARROW
                   : columns > WIDE ? WIDE
                                    : columns,
        .colour = context->out_terminal && !context->no_color,
        .utf8 = context->utf8,
    };
    if (arguments->count == 1 && strcmp(arguments->items[0], "versions") == 0)
        return finish_stdout(explain_versions(context, &page, cli_value(cli, "delivery")));
    if (cli_value(cli, "delivery") != NULL) {
        struct error err = {0};
        error_set(&err, FAULT_USAGE, "--delivery is for `qgate explain versions` alone");
        return give_up(&err);
    }
    if (arguments->count > 0 && strcmp(arguments->items[0], "paths") == 0) {
        const struct words reports = {.items = arguments->items + 1, .count = arguments->count - 1};
        return finish_stdout(explain_paths(context, &page, &reports));
    }
    if (arguments->count > 1) {
        struct error err = {0};
        error_set(&err, FAULT_USAGE, "`qgate explain` takes one thing, but %zu were given",
                  arguments->count);
        error_hint(&err, "put a rule in single quotes");
        return give_up(&err);
    }
    if (arguments->count == 0) {
        say_what_there_is(&page);
        return finish_stdout(STATUS_PASSED);
    }
    return finish_stdout(explain(&page, arguments->items[0], context->run));
}

const struct command explain_command = {
    .name = "explain",
    .arguments = "[MEASURE|RULE|VERDICT.json|paths|versions]",
    .title = "says what a measure, a rule, a verdict, a path or a version means, and how to make "
             "it better",
    .options = options,
    .run = run,
};
