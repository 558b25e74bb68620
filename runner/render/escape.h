/* Text of reports and policies in what qgate writes: the one room where it is made harmless.
 *
 * Everything given may be hostile and is taken for nothing but data. Each function makes control
 * characters and broken UTF-8 harmless first (gates/base/text.h), cuts what is longer than a reader
 * wants to read, and then escapes for one format. JSON is escaped by jansson (document.h), the
 * terminal by page.h; dotenv gets no text at all.
 */
#ifndef RUNNER_RENDER_ESCAPE_H
#define RUNNER_RENDER_ESCAPE_H

#include <stdbool.h>

#include "gates/base/arena.h"

/* Markdown: a code span on one line, which no character of the text ends. Inside it GitLab sees no
 * mention, link, HTML, math or quick action. In a cell of a table pipes are `\|`. */
const char *escape_span(struct arena *mem, const char *text);
const char *escape_cell(struct arena *mem, const char *text);

/* XML: text or the value of an attribute. */
const char *escape_xml(struct arena *mem, const char *text);

/* OpenMetrics: the value of a label. GitLab's parser takes a `#` for a comment wherever it stands
 * and refuses the whole file then: it becomes `?`. */
const char *escape_label(struct arena *mem, const char *text);

/* What GitLab puts into a page as HTML, with words like %{danger_start} for its own markup. */
const char *escape_widget(struct arena *mem, const char *text);

/* What may stand in an address and in an HTML comment: letters, digits and `._/-` but never two
 * dashes, all else as %XX. Not cut. */
const char *escape_percent(struct arena *mem, const char *text);

/* An address of a web page that needs no escaping anywhere? */
bool escape_is_address(const char *text);

#endif
