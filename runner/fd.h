/* A file descriptor that closes itself. */
#ifndef RUNNER_FD_H
#define RUNNER_FD_H

#include <unistd.h>

/* For AUTO(): -1 is none. */
static inline void close_fd(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#endif
