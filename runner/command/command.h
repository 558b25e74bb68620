/* The sub-commands: one file, one line in COMMANDS. */
#ifndef RUNNER_COMMAND_COMMAND_H
#define RUNNER_COMMAND_COMMAND_H

#include "runner/cli.h"

/* In --help order. */
#define COMMANDS(X) \
    X(check)        \
    X(read)         \
    X(init)         \
    X(validate)     \
    X(publish)      \
    X(explain)      \
    X(measures)     \
    X(formats)      \
    X(schema)       \
    X(hook)         \
    X(record)       \
    X(collect)      \
    X(dora)         \
    X(completion)

#define COMMAND_DECLARE(name) extern const struct command name##_command;
COMMANDS(COMMAND_DECLARE)

extern const struct command *const commands[]; /* NULL-terminated */

/* The command of that name; NULL with err. */
const struct command *command_named(const char *name, struct error *err);

/* The end of a command that wrote to stdout: `status`, or worse when not all of it could be
 * written. */
enum status finish_stdout(enum status status);

/* Say what is wrong; the status that follows from it. */
enum status give_up(const struct error *err);

#endif
