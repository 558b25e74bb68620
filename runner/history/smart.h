/* libgit2 speaking to a server through runner/http: with the rules for addresses, tokens, proxies
 * and time that all requests of qgate obey. Only fetching; included by fetch.c alone. */
#ifndef RUNNER_HISTORY_SMART_H
#define RUNNER_HISTORY_SMART_H

#include <git2.h>

#include "runner/http/stream.h"

struct smart {
    struct stream *stream;
    const struct token *token; /* NULL: none */
    int64_t silence_s, most_s;
    struct arena *mem;
    struct error err; /* why libgit2 was told that it failed */
};

/* For git_remote_callbacks.transport; `smart` is the payload. */
int smart_transport(git_transport **transport, git_remote *owner, void *smart);

#endif
