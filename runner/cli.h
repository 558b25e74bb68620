/* The command line: one table of options per command drives parsing, `--help`, and later
 * completions and the manual.
 *
 * `--name=value` and `--name value` are the same; `--` ends the options; `-` is an argument. Texts
 * of the command line are not copied.
 */
#ifndef RUNNER_CLI_H
#define RUNNER_CLI_H

#include <stdio.h>

#include "gates/base/array.h"
#include "runner/context.h"
#include "runner/exit.h"

struct cli_option {
    const char *name;     /* without dashes; NULL ends the table */
    const char *argument; /* FILE; `auto|always|never` allows only these; NULL: a flag */
    const char *help;
};

struct cli;

struct command {
    const char *name;
    const char *arguments; /* for the usage line: "[REPORT…]"; "": none are allowed */
    const char *title;     /* one line, lower case */
    const struct cli_option *options;
    enum status (*run)(const struct context *context, const struct cli *cli);
};

struct cli {
    const struct command *command;
    struct words arguments;
    struct words *values; /* of each option of the table, in the order given; of a flag: its name */
    bool help;
};

/* False with err: what is wrong with the command line. argv begins behind the command's name. */
NODISCARD bool cli_parse(const struct command *command, char *const *argv, struct arena *mem,
                         struct cli *cli, struct error *err);

bool cli_flag(const struct cli *cli, const char *name);
const char *cli_value(const struct cli *cli, const char *name); /* the last one given, or NULL */
const struct words *cli_values(const struct cli *cli, const char *name);

void cli_help(const struct command *command, FILE *out);

/* The same as a section of the manual (scd.h). */
void cli_manual(const struct command *command, FILE *out);

/* The candidate (of a list that ends with NULL) nearest to a misspelt word; NULL: none is near. */
const char *cli_nearest(const char *word, const char *const *candidates);

#endif
