/* The walk along a table of steps (json.h): which values of a document are wanted, and keeping
 * them.
 *
 * Inside of json.c, which knows the parser and the place in the file; this half knows neither.
 */
#ifndef GATES_READ_JSONWALK_H
#define GATES_READ_JSONWALK_H

#include "gates/base/limits.h"
#include "gates/read/json.h"

/* What stands in the document, and, as bits, what may stand at a place. */
enum json_kind {
    JSON_OBJECT = 1,
    JSON_LIST = 2,
    JSON_PLAIN = 4, /* text, number, true, false */
    JSON_NULL = 8,
};

struct step {
    const char *key; /* NULL: any element */
    size_t len;
    int to;
};

struct place {
    const struct step *steps;
    unsigned count;
    unsigned kinds; /* that may stand here */
    uint64_t below; /* bit i: steps lead from here to place i */
    char *text;     /* of a plain place: its value, JSON_KEPT_BYTES + 1 */
};

/* An open object or array that the table leads to. */
struct level {
    int place;
    int element;      /* of an array: the place of its elements; of an object 0 */
    const char *name; /* for messages: the key it stands behind, or "the report" */
    uint64_t seen;    /* bit i: step i of the place was taken */
};

struct json {
    struct input *in;
    const struct json_fold *fold;
    void *state;
    struct error *err;
    const struct document *document; /* json.c: where in the file we are */
    struct place *places;
    uint64_t there; /* bit i: the plain place i holds a value */
    struct level levels[LIMIT_DEPTH];
    unsigned wanted;  /* levels in use */
    unsigned depth;   /* open objects and arrays; those above `wanted` are skipped */
    bool ended;       /* the document closed */
    int next;         /* the place of the value that comes next; 0: it is skipped */
    const char *name; /* for messages: the key it stands behind */
};

void walk_begin(struct json *json);

/* What the parser met. False: refused, json->err says why. Texts need not be NUL-terminated. */
bool walk_open(struct json *json, enum json_kind kind);
bool walk_close(struct json *json);
bool walk_key(struct json *json, const char *key, size_t len);
bool walk_number(struct json *json, const char *text, size_t len);
bool walk_plain(struct json *json, enum json_kind kind, const char *text, size_t len);

#endif
