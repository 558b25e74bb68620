/* Opening a report safely and reading it whole: the way from a path to a source.
 *
 * A report must be a regular file (or standard input), and must not change while it is read: a
 * build that still writes would be judged by half. Whatever else stands at the path is an error
 * that names it; nothing ever blocks.
 */
#ifndef RUNNER_DISCOVER_REPORT_H
#define RUNNER_DISCOVER_REPORT_H

#include <sys/stat.h>

#include "gates/read/reader.h"

struct report_file {
    const char *path;   /* as messages name it */
    int fd;             /* -1: none */
    bool stream;        /* standard input: no size to compare with */
    struct stat before; /* when it was opened; not of a stream */
    uint64_t got;       /* bytes so far */
};

/* How a report was opened: "not there" is an answer, `check` and `read` judge it differently. */
enum opened { OPENED, OPENED_MISSING, OPENED_REFUSED };

/* A path of the command line, from the current directory; `-`: standard input. `err` is set unless
 * it was OPENED. */
NODISCARD enum opened report_open(struct report_file *file, const char *path, struct error *err);

/* A path of a policy: below the directory `root`, never through a link out of it. */
NODISCARD enum opened report_open_beneath(struct report_file *file, int root, const char *path,
                                          struct error *err);

void close_report(struct report_file *file); /* for AUTO */

/* All of a file that is small and no report, NUL-terminated. False: it has more than `most` bytes,
 * or cannot be read. */
NODISCARD bool report_text(struct report_file *file, size_t most, struct arena *mem, char **text,
                           size_t *len, struct error *err);

/* The reader that claims it; NULL with err. *foreign: none does, for it is a document of another
 * kind. Reads its beginning: open it again to take it. */
const struct reader *report_format(struct report_file *file, bool *foreign, struct error *err);

/* What one report says. */
struct report {
    const struct reader *reader; /* NULL: no format claims it */
    struct source source;        /* lives in `mem`; only when it was read whole */
    char sha256[DIGEST_HEX];     /* "" unless wanted */
    uint64_t bytes, repaired;
};

struct report_wanted {
    const struct reader *reader;     /* NULL: the one that claims it */
    const struct settings *settings; /* NULL: none */
    bool digest;
};

/* Read it to its end. False: not a number of it may be used; out->reader is set when its format was
 * known. */
NODISCARD bool report_take(struct report_file *file, const struct report_wanted *wanted,
                           struct arena *mem, struct report *out, struct error *err);

#endif
