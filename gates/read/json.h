/* The only door to yajl: a JSON report as a stream of events, in constant memory.
 *
 * A reader gives a table of steps: from which place, by which key, one comes to which place. The door
 * walks it; what no step leads to is checked and skipped without a callback. So a format file is a
 * table and two or three short functions.
 *
 *     enum { TOP = JSON_TOP, RESULTS, RESULT, VULNERABILITIES, VULNERABILITY };
 *     static const struct json_step steps[] = {
 *         {TOP, "Results", RESULTS},
 *         {RESULTS, NULL, RESULT},                  // any element of the array
 *         {RESULT, "Vulnerabilities", VULNERABILITIES},
 *         {VULNERABILITIES, NULL, VULNERABILITY},
 *         {0},
 *     };
 *
 * Strings are valid UTF-8 without NUL when they reach a callback (what is not is replaced by `?` and
 * counted in in->repaired). A key that occurs twice in one object at a place of the table is an error. UTF-16 is refused with
 * a hint. Texts handed to callbacks are valid during the call only. Tokens and depths above the
 * ceilings of limits.h are refused.
 */
#ifndef GATES_READ_JSON_H
#define GATES_READ_JSON_H

#include "gates/read/reader.h"

enum json_kind { JSON_OBJECT, JSON_ARRAY, JSON_TEXT, JSON_NUMBER, JSON_TRUE, JSON_FALSE, JSON_NULL };

enum { JSON_TOP = 1 }; /* the document itself; a reader numbers its own places from 2 */

struct json_step {
    int from;        /* 0 ends the table */
    const char *key; /* of an object; NULL: any element of an array */
    int to;
};

struct json_event {
    enum json_kind kind;
    int place;        /* of an object or array: its own; of a value: where it stands in */
    const char *key;  /* in the object around it, NUL-terminated; NULL in an array and at the top */
    const char *text; /* of JSON_TEXT and JSON_NUMBER, NUL-terminated; otherwise NULL */
    size_t len;
    unsigned line;    /* 1-based */
};

/* `open` and `close` are called for objects and arrays that the table leads to, `value` for the plain
 * values directly in one of them (and for a plain value that is the whole document). Any may be NULL. */
struct json_fold {
    const struct json_step *steps;
    bool (*open)(void *state, const struct json_event *event, struct error *err);
    bool (*close)(void *state, const struct json_event *event, struct error *err);
    bool (*value)(void *state, const struct json_event *event, struct error *err);
};

NODISCARD bool json_fold(struct input *in, const struct json_fold *fold, void *state, struct error *err);

bool json_is(const struct json_event *event, const char *key);

/* Fill err with what is wrong at the event's line. Always false. */
bool json_wrong(const struct json_event *event, struct error *err, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Does the head of a document (for `claims`) hold this key as a string? A cheap look, not a parse. */
bool json_head_has(const char *head, size_t len, const char *key);

#endif
