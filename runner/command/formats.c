/* `qgate formats`: which reports can be read, where they usually lie, what they may hold. */
#include "gates/base/limits.h"
#include "gates/read/reader.h"
#include "runner/command/command.h"

static const struct cli_option options[] = {{0}};

static void print_globs(const struct reader *reader)
{
    fputs("  usually at ", stdout);
    for (size_t i = 0; i < sizeof reader->globs / sizeof reader->globs[0] && reader->globs[i]; i++)
        printf("%s%s", i == 0 ? "" : ", ", reader->globs[i]);
    putchar('\n');
}

static void print_choices(const struct option *option)
{
    static const char *const types[] = {[OPTION_WORD] = "a word",
                                        [OPTION_WORDS] = "a list of words",
                                        [OPTION_FLAG] = "true or false",
                                        [OPTION_TIMES] = "a list of durations"};
    if (option->choices == NULL)
        fputs(types[option->type], stdout);
    else
        printf("%s%s", option->type == OPTION_WORDS ? "a list of: " : "one of: ", option->choices);
}

static void print_reader(const struct reader *reader)
{
    printf("%-10s %s\n", reader->name, reader->title);
    if (reader->globs[0] != NULL)
        print_globs(reader);
    for (const struct option *o = reader->options; o != NULL && o->key != NULL; o++) {
        printf("  option %s: %s (", o->key, o->help);
        print_choices(o);
        printf("; otherwise %s)\n", o->fallback);
    }
}

static enum status run(const struct context *context, const struct cli *cli)
{
    (void)context, (void)cli;
    for (size_t i = 0; readers[i] != NULL; i++)
        print_reader(readers[i]);
    puts("\nlimits: a report that passes one is refused");
#define PRINT_LIMIT(name, value, what) printf("  %10d %s\n", value, what);
    LIMITS(PRINT_LIMIT)
    return finish_stdout(STATUS_PASSED);
}

const struct command formats_command = {
    .name = "formats",
    .arguments = "",
    .title = "lists the formats of reports, their options and the limits",
    .options = options,
    .run = run,
};
