/* Completions for zsh, a function for its completion system: _qgate somewhere in $fpath. */
#include "runner/command/completion.h"

static const char begin[] = "#compdef qgate\n"
                            "# written by `qgate completion zsh`\n"
                            "_qgate() {\n"
                            "    local -a commands=(\n";

static const char middle[] =
    "    )\n"
    "    if (( CURRENT == 2 )); then\n"
    "        _describe command commands\n"
    "        _arguments '--help[print this]' '--version[print the version]'\n"
    "        return\n"
    "    fi\n"
    "    shift words\n"
    "    (( CURRENT-- ))\n"
    "    case $words[1] in\n";

static const char end[] = "    esac\n"
                          "}\n"
                          "if [[ $funcstack[1] == _qgate ]]; then\n"
                          "    _qgate \"$@\"\n"
                          "else\n"
                          "    compdef _qgate qgate\n"
                          "fi\n";

/* `:FILE:_files`, `:auto|never:(auto never)`, in braces code; a space: nothing is known. */
static void print_values(const char *argument, struct arena *mem, FILE *out)
{
    struct candidates values = candidates_of(argument, mem);
    fputc(':', out);
    print_quoted(argument, ":", out);
    fputc(':', out);
    const char *words = candidates_joined(&values, mem);
    if (values.unfinished)
        fprintf(out, "{compset -P \"*=\" && _files || compadd -S \"\" -- %s}", words);
    else if (values.words.count > 0 && values.files)
        fprintf(out, "{compadd -- %s; _files}", words);
    else if (values.words.count > 0)
        fprintf(out, "(%s)", words);
    else
        fputs(values.files ? "_files" : " ", out);
}

static void print_option(const struct cli_option *option, struct arena *mem, FILE *out)
{
    fprintf(out, " \\\n            '*--%s%s[", option->name, option->argument == NULL ? "" : "=");
    print_quoted(option->help, "[]\\", out);
    fputc(']', out);
    if (option->argument != NULL)
        print_values(option->argument, mem, out);
    fputc('\'', out);
}

static void print_command(const struct command *command, struct arena *mem, FILE *out)
{
    fprintf(out, "    %s)\n        _arguments '--help[print this]'", command->name);
    for (const struct cli_option *o = command->options; o->name != NULL; o++)
        print_option(o, mem, out);
    if (command->arguments[0] != '\0') {
        fputs(" \\\n            '*", out);
        print_values(command->arguments, mem, out);
        fputc('\'', out);
    }
    fputs(" ;;\n", out);
}

void completion_zsh(struct arena *mem, FILE *out)
{
    fputs(begin, out);
    for (size_t i = 0; commands[i] != NULL; i++) {
        fprintf(out, "        '%s:", commands[i]->name);
        print_quoted(commands[i]->title, "\\", out);
        fputs("'\n", out);
    }
    fputs(middle, out);
    for (size_t i = 0; commands[i] != NULL; i++)
        print_command(commands[i], mem, out);
    fputs(end, out);
}
