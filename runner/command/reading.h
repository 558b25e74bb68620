/* What qgate sees in one report, for `qgate read`: every measure the report speaks for, nothing
 * judged. */
#ifndef RUNNER_COMMAND_READING_H
#define RUNNER_COMMAND_READING_H

#include <stdio.h>

#include "gates/measure/measure.h"
#include "runner/discover/report.h"

struct reading_row {
    const char *id;
    struct value value;
};

struct reading_rows ARRAY(struct reading_row);

/* The rows of one value of a label. */
struct reading_label {
    const char *value;
    struct reading_rows rows;
};

struct reading_labels ARRAY(struct reading_label);

struct reading {
    const char *path; /* as given, made harmless */
    bool whole;       /* false: only `err` is filled */
    struct error err;
    struct report report;
    struct reading_rows measures; /* in the catalogue's order */
    struct reading_labels labels; /* of `label`, sorted; at most LIMIT_LABEL_VALUES */
};

/* `reader` NULL: found out by the content. */
void reading_take(struct reading *reading, const char *path, const struct reader *reader,
                  struct arena *mem);

/* One line each; the golden tests compare with it. */
void reading_print(const struct reading *reading, FILE *out);

/* One JSON object on one line. False: no memory or nothing could be written. */
NODISCARD bool reading_print_json(const struct reading *reading, FILE *out);

#endif
