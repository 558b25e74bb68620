/* Completions for fish. */
#include "runner/command/completion.h"

/* `complete -c qgate -n CONDITION …`, and what it says beside it. */
static void print_line(FILE *out, const char *condition, const char *what, const char *help)
{
    fprintf(out, "complete -c qgate -n '%s'%s", condition, what);
    if (help != NULL) {
        fputs(" -d '", out);
        for (; *help != '\0'; help++)
            fprintf(out, *help == '\'' || *help == '\\' ? "\\%c" : "%c", *help);
        fputc('\'', out);
    }
    fputc('\n', out);
}

/* How fish is told what may stand there: files (-F) or none (-f), and words. */
static const char *values_of(const char *argument, struct arena *mem)
{
    struct candidates values = candidates_of(argument, mem);
    const char *files = values.files || values.unfinished ? " -F" : " -f";
    if (values.words.count == 0)
        return files;
    return arena_printf(mem, "%s -a '%s'", files, candidates_joined(&values, mem));
}

static void print_command(const struct command *command, struct arena *mem, FILE *out)
{
    const char *here = arena_printf(mem, "__fish_seen_subcommand_from %s", command->name);
    print_line(out, "__fish_use_subcommand", arena_printf(mem, " -a %s", command->name),
               command->title);
    print_line(out, here, " -l help", "print this");
    for (const struct cli_option *o = command->options; o->name != NULL; o++)
        print_line(out, here,
                   arena_printf(mem, " -l %s%s%s", o->name, o->argument == NULL ? "" : " -r",
                                o->argument == NULL ? "" : values_of(o->argument, mem)),
                   o->help);
    if (command->arguments[0] != '\0')
        print_line(out, here, values_of(command->arguments, mem), NULL);
}

void completion_fish(struct arena *mem, FILE *out)
{
    fputs("# fish completion for qgate, written by `qgate completion fish`\n"
          "complete -c qgate -f\n",
          out);
    print_line(out, "__fish_use_subcommand", " -l help", "print this");
    print_line(out, "__fish_use_subcommand", " -l version", "print the version");
    for (size_t i = 0; commands[i] != NULL; i++)
        print_command(commands[i], mem, out);
}
