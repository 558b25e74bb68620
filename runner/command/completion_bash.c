/* Completions for bash. Files are readline's own business: where there is no other answer, it
 * completes them (complete -o default). */
#include "runner/command/completion.h"

static const char begin[] =
    "# bash completion for qgate, written by `qgate completion bash`\n"
    "_qgate() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words=\n"
    "    COMPREPLY=()\n"
    "    # `--name=value` comes as three words\n"
    "    if [[ $word == = ]]; then\n"
    "        word=\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n"
    "    case $COMP_CWORD:${COMP_WORDS[1]}:$before:$word in\n";

static const char end[] = "    esac\n"
                          "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                          "    [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2> /dev/null\n"
                          "}\n"
                          "complete -o default -F _qgate qgate\n";

static void print_case(FILE *out, const char *pattern, const char *words)
{
    fprintf(out, "    %s) words='%s' ;;\n", pattern, words);
}

static void print_command(const struct command *command, struct arena *mem, FILE *out)
{
    const char *names = "";
    for (const struct cli_option *o = command->options; o->name != NULL; o++) {
        names = arena_printf(mem, "%s--%s ", names, o->name);
        if (o->argument == NULL)
            continue;
        struct candidates values = candidates_of(o->argument, mem);
        print_case(out, arena_printf(mem, "*:%s:--%s:*", command->name, o->name),
                   candidates_joined(&values, mem));
    }
    struct candidates arguments = candidates_of(command->arguments, mem);
    print_case(out, arena_printf(mem, "*:%s:*:-*", command->name),
               arena_printf(mem, "%s--help", names));
    print_case(out, arena_printf(mem, "*:%s:*", command->name), candidates_joined(&arguments, mem));
}

void completion_bash(struct arena *mem, FILE *out)
{
    const char *names = "";
    fputs(begin, out);
    for (size_t i = 0; commands[i] != NULL; i++)
        names = arena_printf(mem, "%s%s ", names, commands[i]->name);
    print_case(out, "1:*", arena_printf(mem, "%s--help --version", names));
    for (size_t i = 0; commands[i] != NULL; i++)
        print_command(commands[i], mem, out);
    fputs(end, out);
}
