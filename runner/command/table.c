/* Which commands there are, and what they end with. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner/command/command.h"
#include "runner/log.h"

#define COMMAND_ENTRY(name) &name##_command,
const struct command *const commands[] = {COMMANDS(COMMAND_ENTRY) NULL};

#define COMMAND_NAME(name) #name,

const struct command *command_named(const char *name, struct error *err)
{
    static const char *const names[] = {COMMANDS(COMMAND_NAME) NULL};
    for (size_t i = 0; commands[i] != NULL; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    const char *nearest = cli_nearest(name, names);
    error_set(err, FAULT_USAGE, "there is no command \"%s\"", name);
    if (nearest != NULL)
        error_hint(err, "did you mean `qgate %s`?", nearest);
    else
        error_hint(err, "`qgate --help` lists them");
    return NULL;
}

static bool stdout_is_pipe(void)
{
    struct stat now;
    return fstat(STDOUT_FILENO, &now) == 0 && (S_ISFIFO(now.st_mode) || S_ISSOCK(now.st_mode));
}

enum status finish_stdout(enum status status)
{
    bool failed = ferror(stdout) != 0;
    errno = 0;
    failed |= fflush(stdout) != 0;
    int number = errno; /* 0: an earlier write failed, nothing was left to flush */
    /* whoever closed the pipe has seen enough: `qgate measures | head` */
    if (!failed || number == EPIPE || (number == 0 && stdout_is_pipe()))
        return status;
    log_message("standard output cannot be written: %s", strerror(number == 0 ? EIO : number));
    return status_worse(status, STATUS_UNREADABLE);
}

enum status give_up(const struct error *err)
{
    log_error(err);
    return status_of(err);
}
