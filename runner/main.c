/* The program: from the command line to a command, and its status back. */
#include <signal.h>
#include <string.h>

#include "runner/command/command.h"
#include "runner/log.h"
#include "runner/scd.h"

static enum status help(FILE *out)
{
    fputs("usage: qgate COMMAND [OPTION…] [ARGUMENT…]\n\n"
          "one verdict over all reports of a build\n\n",
          out);
    for (size_t i = 0; commands[i] != NULL; i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->title);
    fputs("\n`qgate COMMAND --help` says more. Exit status:\n\n", out);
#define PRINT_STATUS(name, number, meaning) fprintf(out, "  %-4d %s\n", number, meaning);
    STATUSES(PRINT_STATUS)
    return finish_stdout(STATUS_PASSED);
}

/* What docs/man/qgate.1.scd repeats. */
static enum status manual(void)
{
    fputs("# COMMANDS\n\n", stdout);
    for (size_t i = 0; commands[i] != NULL; i++)
        cli_manual(commands[i], stdout);
    fputs("# EXIT STATUS\n\n", stdout);
#define STATUS_ENTRY(name, number, meaning) scd_entry(stdout, #number, "", "%s", meaning);
    STATUSES(STATUS_ENTRY)
    return finish_stdout(STATUS_PASSED);
}

static enum status run(char *const *argv, struct arena *mem)
{
    struct error err = {0};
    struct context context;
    struct cli cli;
    const struct command *command = command_named(argv[0], &err);
    if (command == NULL || !cli_parse(command, argv + 1, mem, &cli, &err))
        return give_up(&err);
    if (cli.help) {
        cli_help(command, stdout);
        return finish_stdout(STATUS_PASSED);
    }
    if (!context_read(&context, mem, &err))
        return give_up(&err);
    return command->run(&context, &cli);
}

int main(int argc, char **argv)
{
    AUTO(close_arena) struct arena *mem = arena_new();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of a write, not our end */
    if (argc < 2) {
        help(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 && argc > 2 && strcmp(argv[2], "--scd") == 0)
        return (int)manual();
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return (int)help(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        puts("qgate " QGATE_VERSION);
        return (int)finish_stdout(STATUS_PASSED);
    }
    return (int)run(argv + 1, mem);
}
