/* Lines of text for people: marks on the left, values on the right, long texts wrapped in between.
 *
 * Every text given may be hostile; it is made harmless here, once more and for all lines.
 */
#ifndef RUNNER_RENDER_PAGE_H
#define RUNNER_RENDER_PAGE_H

#include <stdio.h>

#include "gates/base/arena.h"

struct page {
    FILE *out;
    size_t columns; /* lines are at most this wide */
    bool colour, utf8;
};

/* One character in front of a line. */
struct mark {
    const char *utf8, *ascii;
    const char *colour; /* parameters of an SGR sequence: "31"; "" for none */
};

/* `indent` columns, the mark, `left`, and `right` at the right margin. A `left` too long for its
 * line is wrapped, `right` is never cut: it gets lines of its own when it is wide. */
void page_row(const struct page *page, size_t indent, const struct mark *mark, const char *left,
              const char *right);

/* The same with a word in place of the mark, as wide as PAGE_LEAD; colour as in struct mark. */
#define PAGE_LEAD 10U
void page_lead_row(const struct page *page, const char *word, const char *colour, const char *left,
                   const char *right);

/* `lead` and `text`, wrapped; what is wrapped stands below the text. */
void page_paragraph(const struct page *page, size_t indent, const char *lead, const char *text);

/* `subject`, and `text` from column `column` behind the indent on, or below when it does not fit
 * there. Without `whole` each is cut to one line: a subject in its middle, because a test's name
 * ends with what tells it apart. */
void page_pair(const struct page *page, size_t indent, size_t column, const char *subject,
               const char *text, bool whole);

/* `name`, and `text` from column `column` behind the indent on: in the next line when the name is
 * longer than that. The text, which is ours, is never wrapped or cut. */
void page_columns(const struct page *page, size_t indent, size_t column, const char *name,
                  const char *text);

/* Columns `text` takes on this page. */
size_t page_width(const struct page *page, const char *text);

#endif
