/* A JSON document written piece by piece, each piece a small jansson value on a line of its own.
 *
 * A tree of a verdict with 400,000 findings behind each rule would take gigabytes; this takes
 * nothing. The order of keys is the order of the calls. No control character is written, whatever
 * the texts.
 */
#ifndef RUNNER_RENDER_DOCUMENT_H
#define RUNNER_RENDER_DOCUMENT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "gates/base/error.h"
#include "gates/base/number.h"

struct document {
    FILE *out;
    int depth;
    char end;    /* bracket that closes the outermost object or array */
    bool first;  /* nothing stands in the innermost array or object yet */
    bool failed; /* a value could not be made */
};

/* Begins the outermost object, or array. */
void document_begin(struct document *d, FILE *out);
void document_begin_list(struct document *d, FILE *out);

/* Ends it. False: something could not be written. */
NODISCARD bool document_end(struct document *d, struct error *err);

/* An object or array inside, by its opening and closing bracket. Keys are ours; NULL inside an
 * array. */
void document_open(struct document *d, const char *key, char bracket);
void document_close(struct document *d, char bracket);

/* One value on one line; takes it over. */
void document_put(struct document *d, const char *key, json_t *value);

/* The same for a member of an object that becomes one line. */
void document_set(json_t *object, const char *key, json_t *value);

/* Null for NULL, respectively also for "". */
json_t *document_text(const char *text);
json_t *document_text_or_null(const char *text);

/* An integer where it is one; at most 15 significant digits. */
json_t *document_number(struct number number);
json_t *document_count(uint64_t count);

#endif
