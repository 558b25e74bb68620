/* Where a clone came from, and what it is called after that.
 *
 * An address may hold a password: nobody gets to see it, only the host and the path in it.
 */
#ifndef RUNNER_HISTORY_ORIGIN_H
#define RUNNER_HISTORY_ORIGIN_H

#include "runner/history/history.h"

struct origin {
    const char *host; /* "gitlab.example", lower case, without a port; "": a folder of this
                         machine */
    const char *path; /* "fin/payments/core", without `.git`; harmless, and never empty */
};

/* Of the remote "origin", otherwise of the work tree itself. The repository has been looked into.
 */
void history_origin(const struct history *history, struct arena *mem, struct origin *origin);

/* The same of an address: https://host/path.git, user@host:path.git, a folder. */
void origin_parse(const char *address, struct arena *mem, struct origin *origin);

/* The host of a URL, as above; without a scheme it begins with its host. */
const char *origin_host(const char *url, struct arena *mem);

/* What the repository is called: by the address that it was cloned from, otherwise by its folder.
 */
const char *history_name(const struct history *history, struct arena *mem);

/* The name of a file that keeps what was found in it, by where it was cloned from, else by where it
 * lies, and by `more`. */
const char *origin_file(const struct history *history, const char *kind, const char *more,
                        struct arena *mem);

#endif
