/* A format: one file, one line in READERS, one directory in fixtures/, one page in docs/formats/.
 *
 * A reader turns one report into additions to a fresh `struct source`. It neither opens, closes nor
 * prints, and never divides. True: the whole report was read. False: `err` says why, with the line
 * where there is one, and the caller drops the source.
 *
 * Readers see the model and the doors xml.h, json.h and csv.h; not each other, not measures, not
 * the policy.
 */
#ifndef GATES_READ_READER_H
#define GATES_READ_READER_H

#include "gates/model/evidence.h"

enum option_type {
    OPTION_WORD,  /* one of `choices` */
    OPTION_WORDS, /* a list, each one of `choices`, or anything when that is NULL */
    OPTION_FLAG,  /* true or false */
    OPTION_TIMES, /* a list of durations, given to the reader in milliseconds */
};

/* What `options:` of a report entry may hold; the policy loader checks it, `qgate formats` prints
 * it. */
struct option {
    const char *key; /* NULL ends the table */
    enum option_type type;
    const char *choices;  /* words parted by spaces; NULL: anything */
    const char *fallback; /* what holds when it is not given, for people */
    const char *help;     /* a sentence without full stop */
};

/* One option as given. */
struct setting {
    const struct option *option;
    struct words values; /* checked words; "true" or "false"; milliseconds in digits */
};

struct settings ARRAY(struct setting);

#define HEAD_BYTES 4096U

/* By these one can tell what qgate itself wrote in a format of reports. It is no report: read once
 * more, a file of an earlier run would cover lines that no test runs any more. */
#define OWN_SUITES "qgate: verdict"     /* name of JUnit's <testsuites> */
#define OWN_COVERAGE "qgate: rewritten" /* version of Cobertura's <coverage> */

/* A report under way. Made by the runner, a test or the fuzzer; readers use the functions below. */
struct input {
    const char *path; /* as messages name it */
    /* The next bytes, at most `room`: *got 0 at the end. */
    bool (*pull)(void *handle, char *buffer, size_t room, size_t *got, struct error *err);
    void *handle;
    struct arena *run;               /* what the source keeps */
    struct arena *scratch;           /* freed after this report */
    const struct settings *settings; /* NULL: none */
    struct digest *digest;           /* of the bytes read; NULL: not wanted */

    char head[HEAD_BYTES]; /* filled by input_begin() */
    size_t head_len, head_used;
    uint64_t bytes;    /* handed out so far */
    uint64_t repaired; /* characters replaced by a door */
};

struct reader {
    const char *name;  /* what a policy writes after `format:` */
    const char *title; /* for people: "Cobertura XML" */
    const char
        *globs[8]; /* where such reports usually lie, NULL-terminated; none: never looked for */
    bool (*claims)(const char *head, size_t len); /* is this file mine? head: first 4 KiB, UTF-8 */
    const struct option *options;                 /* NULL: none */
    NODISCARD bool (*read)(struct input *in, struct source *into, struct error *err);
};

/* One line per format, in --help order. */
#define READERS(X) \
    X(cobertura)   \
    X(junit)       \
    X(sonarqube)   \
    X(trivy)       \
    X(jmeter)      \
    X(qgate)

#define READER_DECLARE(name) extern const struct reader name##_reader;
READERS(READER_DECLARE)

extern const struct reader *const readers[]; /* NULL-terminated */

const struct reader *reader_named(const char *name);

/* The one reader that claims the file; NULL with err set when none or several do. */
const struct reader *reader_claiming(const struct input *in, struct error *err);

/* Is it a document of another kind, which no reader claims: XML with a root element, or JSON? What
 * is neither was cut off, or is no text. */
bool input_is_foreign(const struct input *in);

/* Read the first bytes. An empty file is an error. */
NODISCARD bool input_begin(struct input *in, struct error *err);

/* The next bytes, the head included. *got is 0 at the end. */
NODISCARD bool input_read(struct input *in, char *buffer, size_t room, size_t *got,
                          struct error *err);

/* The option as given, or NULL: the reader's own default holds. */
const struct setting *input_setting(const struct input *in, const char *key);

/* Its single word, or `fallback`. */
const char *input_word(const struct input *in, const char *key, const char *fallback);
bool input_flag(const struct input *in, const char *key); /* false when not given */

/* Read the report with `reader` into a fresh `into`: the one way to call a reader. On false `err`
 * names in->path and `into` must not be used. */
NODISCARD bool report_read(const struct reader *reader, struct input *in, struct source *into,
                           struct error *err);

#endif
