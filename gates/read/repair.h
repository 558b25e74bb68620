/* The bytes of an XML report, made legal before the parser sees them.
 *
 * Tests print escape sequences, tools cut texts in the middle of a character: such reports are full
 * of bytes that XML forbids, and no parser repairs them without losing elements. In UTF-8 every
 * control character but tab, LF and CR, every byte that is not part of a valid character, U+FFFE,
 * U+FFFF and every reference to a character that XML forbids (`&#0;`) becomes one `?`, counted in
 * in->repaired. In the other encodings of the table in repair.c only control characters and
 * references do. UTF-16 is left to the parser. White space before the document is dropped: XML
 * forbids it before `<?xml`.
 */
#ifndef GATES_READ_REPAIR_H
#define GATES_READ_REPAIR_H

#include "gates/read/reader.h"

struct repair; /* lives in in->scratch */

/* Reads the first block, which tells the encoding. NULL with err set when the input failed or the
 * declared encoding is not one we read. */
struct repair *repair_new(struct input *in, struct error *err);

/* The next bytes, at most `room`: *got is 0 at the end. */
NODISCARD bool repair_read(struct repair *repair, char *buffer, size_t room, size_t *got,
                           struct error *err);

/* Is it UTF-8, whatever its declaration says? Files in UTF-8 that are labelled `utf-16` are common.
 */
bool repair_is_utf8(const struct repair *repair);

/* Was the input read to its end? */
bool repair_at_end(const struct repair *repair);

/* Were more than 1 % of the bytes not allowed, references apart? */
bool repair_is_binary(const struct repair *repair);

/* Lines dropped before the document. */
unsigned repair_lines_dropped(const struct repair *repair);

/* Are columns still those of the file: was nothing dropped or shortened? */
bool repair_keeps_columns(const struct repair *repair);

#endif
