/* JMeter results, the part that CSV and XML share: what a sample is and how it is counted.
 *
 * A format hands over the texts of one row or element; jmeter_sample() makes numbers of them and
 * jmeter_add() counts. They are two steps because the last row of a killed run may be unreadable
 * without being an error, while a ceiling never is.
 */
#ifndef GATES_READ_JMETER_H
#define GATES_READ_JMETER_H

#include "gates/read/reader.h"

enum jmeter_field {
    JMETER_TIME_STAMP,
    JMETER_ELAPSED,
    JMETER_LABEL,
    JMETER_MESSAGE,
    JMETER_THREAD,
    JMETER_SUCCESS,
    JMETER_SAMPLES, /* of an aggregated row: how many it stands for */
    JMETER_ERRORS,  /* and how many of them failed */
    JMETER_FIELDS
};

struct jmeter_text {
    const char *text; /* not NUL-terminated; NULL: not given */
    size_t len;
};

struct jmeter_row {
    struct jmeter_text values[JMETER_FIELDS];
};

struct jmeter_sample {
    struct jmeter_text label, thread;
    uint64_t elapsed_ms; /* of all its samples together */
    uint64_t count;      /* how many samples; 0: none, an empty transaction */
    uint64_t failed;     /* at most `count` */
    int64_t start_ms;    /* since 1970 */
    bool timed;          /* start_ms is known */
    bool to_ms;          /* and exact to the millisecond */
    bool negative;       /* elapsed was below 0 */
    bool transaction;    /* recorded by a transaction controller */
};

struct jmeter_thread { /* the last plain sample of a thread */
    uint64_t hash;
    int64_t start_ms;
};

struct jmeter {
    struct input *in;
    struct source *into;
    struct jmeter_thread *threads; /* JMETER_THREADS slots by hash: a cache, the later one stays */
    bool untimed;                  /* a sample has no time stamp that can be read */
    bool coarse;                   /* a time is beyond what histograms hold exactly */
    uint64_t negative, aggregated;
};

#define JMETER_THREADS 65536U

/* False when elapsed or success is missing, or a number cannot be read; no line is set. */
NODISCARD bool jmeter_sample(const struct jmeter_row *row, struct jmeter_sample *sample,
                             struct error *err);

/* False when a ceiling is passed. */
NODISCARD bool jmeter_add(struct jmeter *j, const struct jmeter_sample *sample, struct error *err);

/* Fill err: the report does not say `field`, which must be there. Always false. */
bool jmeter_missing(enum jmeter_field field, const char *what, struct error *err);

NODISCARD bool jmeter_read_csv(struct jmeter *j, struct error *err);
NODISCARD bool jmeter_read_xml(struct jmeter *j, struct error *err);

/* Does the first line name columns of JMeter? For `claims`. */
bool jmeter_csv_head(const char *head, size_t len);

/* Milliseconds since 1970 of a `timeStamp`: such a number, or one of the date formats of JMeter's
 * manual, taken as UTC. *to_ms: it says milliseconds. */
bool jmeter_time(const char *text, size_t len, int64_t *ms, bool *to_ms);

#endif
