#include "runner/cli.h"

#include <assert.h>
#include <string.h>

#include "gates/base/nearest.h"
#include "gates/base/text.h"
#include "runner/scd.h"

const char *cli_nearest(const char *word, const char *const *candidates)
{
    struct nearest nearest = {.asked = word};
    for (size_t i = 0; candidates[i] != NULL; i++)
        nearest_try(&nearest, candidates[i]);
    return nearest.found;
}

static size_t count_options(const struct command *command)
{
    size_t count = 0;
    while (command->options[count].name != NULL)
        count++;
    return count;
}

static bool unknown_option(const struct command *command, const char *given, struct arena *mem,
                           struct error *err)
{
    size_t len = strcspn(given, "="), count = count_options(command);
    const char **names = arena_alloc(mem, (count + 2) * sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = command->options[i].name;
    names[count] = "help";
    const char *nearest = cli_nearest(arena_copy(mem, given, len), names);
    error_set(err, FAULT_USAGE, "`qgate %s` has no option --%.*s", command->name, (int)len, given);
    if (nearest != NULL)
        return error_hint(err, "did you mean --%s?", nearest);
    return error_hint(err, "`qgate %s --help` lists them", command->name);
}

/* `choices`: words parted by `|`; anything goes when there is no `|`. */
static bool is_choice(const char *choices, const char *value)
{
    if (strchr(choices, '|') == NULL)
        return true;
    for (const char *at = choices; *at != '\0'; at += *at == '|') {
        size_t len = strcspn(at, "|");
        if (text_is(at, len, value))
            return true;
        at += len;
    }
    return false;
}

/* The value of the option given as `given` (its name and perhaps `=value`); *next is the argument
 * behind it and is stepped over when it was used. */
static bool take_value(const struct cli_option *option, const char *given, char *const **next,
                       const char **value, struct error *err)
{
    const char *equals = strchr(given, '=');
    *value = equals == NULL ? option->name : equals + 1;
    if (option->argument == NULL)
        return equals == NULL || error_set(err, FAULT_USAGE, "--%s takes no value", option->name);
    if (equals == NULL) {
        if (**next == NULL)
            return error_set(err, FAULT_USAGE, "--%s needs a value: --%s=%s", option->name,
                             option->name, option->argument);
        *value = *(*next)++;
    }
    if (is_choice(option->argument, *value))
        return true;
    return error_set(err, FAULT_USAGE, "--%s is one of %s, not \"%s\"", option->name,
                     option->argument, *value);
}

static bool take_option(struct cli *cli, const char *given, char *const **next, struct arena *mem,
                        struct error *err)
{
    const struct cli_option *options = cli->command->options;
    size_t len = strcspn(given, "="), i = 0;
    if (strcmp(given, "help") == 0) {
        cli->help = true;
        return true;
    }
    while (options[i].name != NULL && !text_is(given, len, options[i].name))
        i++;
    if (options[i].name == NULL)
        return unknown_option(cli->command, given, mem, err);
    const char *value;
    if (!take_value(&options[i], given, next, &value, err))
        return false;
    array_push(mem, &cli->values[i], value);
    return true;
}

static bool take_word(struct cli *cli, const char *word, char *const **next, struct arena *mem,
                      struct error *err)
{
    if (strncmp(word, "--", 2) == 0)
        return take_option(cli, word + 2, next, mem, err);
    if (strcmp(word, "-h") == 0)
        return take_option(cli, "help", next, mem, err);
    if (word[0] == '-' && word[1] != '\0') {
        error_set(err, FAULT_USAGE, "`qgate %s` has no option %s", cli->command->name, word);
        return error_hint(err, "`qgate %s --help` lists them", cli->command->name);
    }
    array_push(mem, &cli->arguments, word);
    return true;
}

bool cli_parse(const struct command *command, char *const *argv, struct arena *mem, struct cli *cli,
               struct error *err)
{
    *cli = (struct cli){.command = command};
    cli->values = arena_alloc(mem, (count_options(command) + 1) * sizeof *cli->values);
    char *const *next = argv;
    while (*next != NULL && strcmp(*next, "--") != 0) {
        const char *word = *next++;
        if (!take_word(cli, word, &next, mem, err))
            return false;
    }
    for (next += *next != NULL; *next != NULL; next++)
        array_push(mem, &cli->arguments, *next);
    if (command->arguments[0] != '\0' || cli->arguments.count == 0 || cli->help)
        return true;
    return error_set(err, FAULT_USAGE, "`qgate %s` takes no argument, but \"%s\" was given",
                     command->name, cli->arguments.items[0]);
}

const struct words *cli_values(const struct cli *cli, const char *name)
{
    const struct cli_option *options = cli->command->options;
    size_t i = 0;
    while (options[i].name != NULL && strcmp(options[i].name, name) != 0)
        i++;
    assert(options[i].name != NULL);
    return &cli->values[i];
}

const char *cli_value(const struct cli *cli, const char *name)
{
    const struct words *values = cli_values(cli, name);
    return values->count == 0 ? NULL : values->items[values->count - 1];
}

bool cli_flag(const struct cli *cli, const char *name)
{
    return cli_values(cli, name)->count > 0;
}

enum { HELP_COLUMN = 30, HELP_WIDTH = 70 };

/* The help of an option that ends at column `used`: lines below each other. */
static void print_option_help(int used, const char *help, FILE *out)
{
    fprintf(out, "%*s", HELP_COLUMN - used, "");
    for (size_t left = strlen(help); left > HELP_WIDTH; left = strlen(help)) {
        size_t size = HELP_WIDTH;
        while (help[size] != ' ' && size > 1)
            size--;
        fprintf(out, "%.*s\n%*s", (int)size, help, HELP_COLUMN, "");
        help += size + 1;
    }
    fprintf(out, "%s\n", help);
}

static void print_option(const char *name, const char *argument, const char *help, FILE *out)
{
    int used = fprintf(out, "  --%s%s%s", name, argument == NULL ? "" : " ",
                       argument == NULL ? "" : argument);
    if (used >= HELP_COLUMN)
        fputc('\n', out);
    print_option_help(used < HELP_COLUMN ? used : 0, help, out);
}

void cli_help(const struct command *command, FILE *out)
{
    fprintf(out, "usage: qgate %s [OPTION…]%s%s\n\n%s\n\n", command->name,
            command->arguments[0] == '\0' ? "" : " ", command->arguments, command->title);
    for (const struct cli_option *o = command->options; o->name != NULL; o++)
        print_option(o->name, o->argument, o->help, out);
    print_option("help", NULL, "print this", out);
}

static void print_entry(const struct cli_option *option, FILE *out)
{
    char term[64];
    snprintf(term, sizeof term, "--%s", option->name);
    scd_entry(out, term, option->argument == NULL ? "" : option->argument, "%s", option->help);
}

void cli_manual(const struct command *command, FILE *out)
{
    fprintf(out, "## qgate %s%s%s\n\n", command->name, command->arguments[0] == '\0' ? "" : " ",
            command->arguments);
    scd_text(command->title, out);
    fputs(".\n\n", out);
    for (const struct cli_option *o = command->options; o->name != NULL; o++)
        print_entry(o, out);
}
