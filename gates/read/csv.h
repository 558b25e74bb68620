/* Rows of separated values, block by block, no copy for a row without quotes.
 *
 * Fields may be quoted with `"`; inside, `""` is a quote and line ends are text. A quote elsewhere
 * in a plain field is text; text behind a closing quote is an error. A row ends with LF, CRLF or
 * CR. UTF-8 (a byte order mark is skipped); UTF-16 is refused with a hint.
 */
#ifndef GATES_READ_CSV_H
#define GATES_READ_CSV_H

#include "gates/read/reader.h"

struct csv; /* lives in in->scratch */

struct csv_field {
    const char *text; /* not NUL-terminated; valid until the next call of csv_next() */
    size_t len;
    bool quoted; /* it stood in quotes */
};

/* `separator`: one character. Of a row the first `most` fields are kept, the others only counted.
 */
struct csv *csv_new(struct input *in, char separator, size_t most);

/* Keep at most `most` fields from the next row on; not more than csv_new() was told. */
void csv_keep(struct csv *csv, size_t most);

/* The next row: *fields points at the fields kept, *count is how many the row has. False at the end
 * or on error (err is set then). Empty lines are passed over. */
bool csv_next(struct csv *csv, const struct csv_field **fields, size_t *count, struct error *err);

unsigned csv_line(const struct csv *csv); /* where the row given last began, 1-based */

/* Was the row given last the last of the file, without a line end? Such a row may be incomplete: a
 * killed run leaves one. One cut inside a quoted field is given only when that field has one line:
 * a quote that was never closed must not swallow rows. */
bool csv_cut(const struct csv *csv);

#endif
