/* Fetching a repository into a bare one: one branch and all tags, as they stand there.
 *
 * The only thing in this folder that uses the network. What was moved or deleted there is moved or
 * deleted here; what was fetched before is not sent again. https, and http to loopback; a token
 * goes to the host of `url` and nowhere else.
 */
#ifndef RUNNER_HISTORY_FETCH_H
#define RUNNER_HISTORY_FETCH_H

#include "runner/history/history.h"
#include "runner/http/curl.h"
#include "runner/progress.h"

struct fetch_wanted {
    const char *name; /* for progress */
    const char *url;
    const char *branch;        /* NULL: the one that HEAD names there */
    const struct token *token; /* NULL: none */
    const char *path;          /* of the bare repository; made when it is not there */
    struct network network;
    int64_t silence_s;         /* so long a server may be silent */
    int64_t most_s;            /* and so long each of its answers may take */
    struct progress *progress; /* NULL: nobody watches */
};

struct fetched {
    const char *branch;
    bool first;     /* it was not here before */
    bool rewritten; /* what was the branch's tip is not in it any more */
    size_t commits; /* new ones of the branch; not counted when it is the first */
    size_t tags, new_tags, moved_tags, gone_tags; /* `tags`: all of them */
};

/* Is it to be fetched? False: it is a path of this machine. */
bool fetch_is_remote(const char *url);

/* What the bare repository of an address is called: "0123….git". */
const char *fetch_folder(const char *url, struct arena *mem);

/* False: nothing has changed here, or not all of it, and err does not hold the address. */
NODISCARD bool history_fetch(const struct fetch_wanted *wanted, struct arena *mem,
                             struct fetched *fetched, struct error *err);

#endif
