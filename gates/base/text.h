/* Text from outside: UTF-8, and what of it may be shown.
 *
 * Everything a report says is hostile. What is kept of it is made harmless when it enters the model
 * (text_keep), not when it leaves: no control character (Unicode categories Cc, Zl, Zp and the
 * bidirectional controls), no invalid UTF-8, one line. Identities and fingerprints are taken from
 * the raw bytes, before.
 */
#ifndef GATES_BASE_TEXT_H
#define GATES_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Length (1 to 4) of the valid UTF-8 sequence that starts at `text`, 0 when there is none. Overlong
 * forms, surrogates and code points above 10FFFF are not valid. */
size_t utf8_length(const char *text, size_t len);

/* The code point of the valid sequence of `size` bytes at `text`. */
uint32_t utf8_point(const char *text, size_t size);

/* How many terminal columns the text takes: one per code point, two for wide East Asian ones, none
 * for combining marks. Good enough to align a table. */
size_t text_width(const char *text);

/* Make `text` harmless in place: tab and newline become a space, other control characters and bytes
 * that are not UTF-8 become `?`. Returns how many were replaced by `?`. A sequence cut at the end
 * is dropped. `text` must be NUL-terminated at text[len]. */
size_t text_clean(char *text, size_t len);

/* A harmless copy that lives in `mem`: white space at both ends dropped, cut at `max` bytes on a
 * character boundary with `…` behind it when something was left out. */
const char *text_keep(struct arena *mem, const char *text, size_t len, size_t max);

/* Is `text` (len bytes) exactly `word`? */
bool text_is(const char *text, size_t len, const char *word);

/* The same, ASCII letters in either case. */
bool text_is_nocase(const char *text, size_t len, const char *word);

/* Does `word` stand in `list`, a text of words parted by spaces? */
bool text_lists(const char *list, const char *word, size_t len);

/* `text`; "" for NULL. */
const char *text_or_empty(const char *text);

/* For qsort() of `const char *`: by their bytes. */
int text_order(const void *a, const void *b);

/* The edit distance (insert, delete, replace, swap of neighbours) between two words, at most
 * `most`; `most` + 1 when it is larger. For "did you mean". */
unsigned text_distance(const char *a, const char *b, unsigned most);

#endif
