/* `qgate formats`: which reports can be read, where they usually lie, what they may hold, and what
 * can be written. */
#include "gates/base/limits.h"
#include "gates/read/reader.h"
#include "runner/command/command.h"
#include "runner/render/render.h"
#include "runner/scd.h"

static const struct cli_option options[] = {
    {"scd", NULL, "as entries for the manual"},
    {0},
};

static const char *globs(const struct reader *reader, struct arena *mem)
{
    const char *list = "";
    for (size_t i = 0; i < sizeof reader->globs / sizeof reader->globs[0] && reader->globs[i]; i++)
        list = arena_printf(mem, "%s%s%s", list, i == 0 ? "usually at " : ", ", reader->globs[i]);
    return list;
}

static const char *choices(const struct option *option, struct arena *mem)
{
    static const char *const types[] = {[OPTION_WORD] = "a word",
                                        [OPTION_WORDS] = "a list of words",
                                        [OPTION_FLAG] = "true or false",
                                        [OPTION_TIMES] = "a list of durations"};
    const char *list = option->type == OPTION_WORDS ? "a list of: " : "one of: ";
    return option->choices == NULL ? types[option->type]
                                   : arena_printf(mem, "%s%s", list, option->choices);
}

static void print_reader(const struct reader *reader, struct arena *mem)
{
    printf("%-10s %s\n", reader->name, reader->title);
    if (reader->globs[0] != NULL)
        printf("  %s\n", globs(reader, mem));
    for (const struct option *o = reader->options; o != NULL && o->key != NULL; o++)
        printf("  option %s: %s (%s; otherwise %s)\n", o->key, o->help, choices(o, mem),
               o->fallback);
}

static void print_entries(const struct reader *reader, struct arena *mem)
{
    scd_entry(stdout, reader->name, "", "%s%s%s", reader->title,
              reader->globs[0] == NULL ? "" : "; ", globs(reader, mem));
    for (const struct option *o = reader->options; o != NULL && o->key != NULL; o++)
        scd_entry(stdout, reader->name, o->key, "%s; %s; otherwise %s", o->help, choices(o, mem),
                  o->fallback);
}

static void print_renderer(const struct renderer *renderer)
{
    printf("  %-12s %s\n", renderer->name, renderer->title);
}

static void print_output_entry(const struct renderer *renderer)
{
    scd_entry(stdout, "outputs", renderer->name, "%s", renderer->title);
}

static enum status run(const struct context *context, const struct cli *cli)
{
    bool manual = cli_flag(cli, "scd");
    for (size_t i = 0; readers[i] != NULL; i++)
        (manual ? print_entries : print_reader)(readers[i], context->run);
    if (!manual)
        puts("\noutputs: what `qgate check` can write");
    for (size_t i = 0; renderers[i] != NULL; i++)
        (manual ? print_output_entry : print_renderer)(renderers[i]);
    if (manual)
        return finish_stdout(STATUS_PASSED);
    puts("\nlimits: a report that passes one is refused");
#define PRINT_LIMIT(name, value, what) printf("  %10d %s\n", value, what);
    LIMITS(PRINT_LIMIT)
    return finish_stdout(STATUS_PASSED);
}

const struct command formats_command = {
    .name = "formats",
    .arguments = "",
    .title = "lists the formats of reports, their options, the outputs and the limits",
    .options = options,
    .run = run,
};
