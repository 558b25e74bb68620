/* Rows of separated values, block by block, no copy for a row without quotes.
 *
 * Fields may be quoted with `"`; inside, `""` is a quote and line ends are text. A row ends with LF,
 * CRLF or CR. UTF-8 (a byte order mark is skipped); UTF-16 is refused with a hint.
 */
#ifndef GATES_READ_CSV_H
#define GATES_READ_CSV_H

#include "gates/read/reader.h"

struct csv; /* lives in in->scratch */

struct csv_field {
    const char *text; /* not NUL-terminated; valid until the next call of csv_next() */
    size_t len;
};

/* `separator`: one character. Rows may have at most `most` fields; more are counted, not kept. */
struct csv *csv_new(struct input *in, char separator, size_t most);

/* The next row: *fields points at *count fields (count may exceed `most`; only the first `most` are kept). False at the end or
 * on error (err is set then). Empty lines are passed over. */
bool csv_next(struct csv *csv, const struct csv_field **fields, size_t *count, struct error *err);

unsigned csv_line(const struct csv *csv); /* where the row given last began, 1-based */

/* Was the row given last the last of the file, without a line end, or cut inside a quoted field? Such
 * a row may be incomplete: a killed run leaves one. */
bool csv_cut(const struct csv *csv);

#endif
