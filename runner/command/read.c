/* `qgate read`: what qgate sees in a report. */
#include <string.h>

#include "runner/command/command.h"
#include "runner/command/reading.h"
#include "runner/log.h"

static const struct cli_option options[] = {
    {"format", "FORMAT", "what the reports are; found out by their content otherwise"},
    {"json", NULL, "one JSON object a line for each report"},
    {0},
};

static bool find_reader(const char *name, const struct reader **reader, struct error *err)
{
    *reader = name == NULL ? NULL : reader_named(name);
    if (name == NULL || *reader != NULL)
        return true;
#define READER_NAME(format) #format,
    static const char *const names[] = {READERS(READER_NAME) NULL};
    const char *nearest = cli_nearest(name, names);
    error_set(err, FAULT_USAGE, "there is no format \"%s\"", name);
    if (nearest != NULL)
        return error_hint(err, "did you mean %s?", nearest);
    return error_hint(err, "`qgate formats` lists them");
}

/* Each report has memory of its own: many can be read. */
static bool show(const char *path, const struct reader *reader, bool as_json, bool titled)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    struct reading reading;
    reading_take(&reading, path, reader, mem);
    if (as_json)
        return reading_print_json(&reading, stdout) && reading.whole;
    if (titled)
        printf("report %s\n", reading.path);
    reading_print(&reading, stdout);
    return reading.whole;
}

static enum status run(const struct context *context, const struct cli *cli)
{
    (void)context;
    struct error err = {0};
    const struct reader *reader;
    const struct words *paths = &cli->arguments;
    if (!find_reader(cli_value(cli, "format"), &reader, &err))
        return give_up(&err);
    if (paths->count == 0) {
        error_set(&err, FAULT_USAGE, "no report was named");
        error_hint(&err, "qgate read REPORT…; - is standard input");
        return give_up(&err);
    }
    enum status status = STATUS_PASSED;
    for (size_t i = 0; i < paths->count; i++)
        if (!show(paths->items[i], reader, cli_flag(cli, "json"), paths->count > 1))
            status = STATUS_UNREADABLE;
    return finish_stdout(status);
}

const struct command read_command = {
    .name = "read",
    .arguments = "REPORT…",
    .title = "shows what qgate sees in a report: its measures, nothing judged",
    .options = options,
    .run = run,
};
