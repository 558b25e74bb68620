/* The only door to yajl: a JSON report as a stream of events, in constant memory.
 *
 * A reader gives a table of steps: from which place, by which key, one comes to which place. The
 * door walks it and keeps the plain values it leads to; what no step leads to is checked to be JSON
 * and skipped. So a format file is a table and a function that looks at an object when it closes.
 *
 *     enum { TOP = JSON_TOP, RESULTS, RESULT, TARGET, VULNERABILITIES, VULNERABILITY, SEVERITY };
 *     static const struct json_step steps[] = {
 *         {TOP, "Results", RESULTS},
 *         {RESULTS, NULL, RESULT},                   // every element of the array
 *         {RESULT, "Target", TARGET},                // no step from there: a plain value
 *         {RESULT, "Vulnerabilities", VULNERABILITIES},
 *         {VULNERABILITIES, NULL, VULNERABILITY},
 *         {VULNERABILITY, "Severity", SEVERITY},
 *         {0},
 *     };
 *
 * The table is a promise about the report: steps by key make a place an object, a step without key
 * an array, no step a plain value (text, number, true or false). Anything else found there is an
 * error, so a list that turned into something else is never taken for an empty one. A `null` behind
 * a key counts as absent. A key of the table that occurs twice in one object is an error.
 *
 * Kept texts are valid UTF-8 without NUL: what is not is replaced by `?` and counted in
 * in->repaired. UTF-16 is refused with a hint; tokens and depths above the ceilings of limits.h are
 * refused; a document that ends early, or has anything behind its end, is an error.
 */
#ifndef GATES_READ_JSON_H
#define GATES_READ_JSON_H

#include "gates/base/limits.h"
#include "gates/read/reader.h"

struct json; /* a document under way */

enum { JSON_TOP = 1 }; /* the document itself; a reader numbers its own places from 2, up to 63 */

struct json_step {
    int from;        /* 0 ends the table; steps from one place stand together */
    const char *key; /* of an object; NULL: any element of an array, which holds no plain values */
    int to;
};

/* Called for each object and array that the table leads to. Either may be NULL. */
struct json_fold {
    const struct json_step *steps;
    bool (*open)(void *state, struct json *json, int place, struct error *err);
    bool (*close)(void *state, struct json *json, int place, struct error *err);
};

NODISCARD bool json_fold(struct input *in, const struct json_fold *fold, void *state,
                         struct error *err);

#define JSON_KEPT_BYTES (LIMIT_NAME_BYTES + 8)

/* The plain value last seen at `place`, NUL-terminated; NULL when there is none. An object or array
 * that opens forgets the values below it. Numbers as they are written, `true` and `false` as words.
 * Of a text longer than JSON_KEPT_BYTES the beginning. */
const char *json_text(const struct json *json, int place);

/* The same; "" when it is not there. */
const char *json_word(const struct json *json, int place);

/* A line number; 0 when it is not there or none. */
uint32_t json_line(const struct json *json, int place);

/* A harmless copy of at most `max` bytes in the arena of the run; NULL when it is not there or
 * empty. */
const char *json_keep(const struct json *json, int place, size_t max);

/* Fill err with what is wrong at the present place of the document. Always false. */
bool json_wrong(const struct json *json, struct error *err, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Does the head of a document (for `claims`) hold this key? A cheap look, not a parse. */
bool json_head_has(const char *head, size_t len, const char *key);

#endif
